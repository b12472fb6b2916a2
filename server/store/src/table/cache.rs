//! Tables that were looked up, so that a request need not ask for its form's columns again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use engine::value::Id;
use tokio::sync::mpsc;

use super::counts::Counts;
use super::{FormRef, Observer, Table, Wish};
use crate::connection::{Reader, Tx};
use crate::error::{Error, Result};

/// What is known of the tables of a store.
pub(crate) struct Tables {
    known: RwLock<HashMap<Id, Arc<Table>>>,
    /// Raised when something is forgotten, so that what was read before is not put back after.
    epoch: AtomicU64,
    pub(crate) observer: Observer,
    pub(crate) counts: Counts,
    /// For tests that look at what is asked.
    #[cfg(test)]
    pub(crate) watch: crate::testing::Watch,
}

impl Tables {
    /// An empty cache, and where the indexes that are wished for come out.
    pub(crate) fn new() -> (Arc<Tables>, mpsc::UnboundedReceiver<Wish>) {
        let (observer, wishes) = Observer::new();
        let (known, epoch, counts) = (RwLock::default(), AtomicU64::new(0), Counts::default());
        let tables = Tables {
            known,
            epoch,
            observer,
            counts,
            #[cfg(test)]
            watch: Default::default(),
        };
        (Arc::new(tables), wishes)
    }

    pub(crate) fn get(&self, form: Id) -> Option<Arc<Table>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(&form).cloned()
    }

    fn put(&self, epoch: u64, table: Arc<Table>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if self.epoch.load(Ordering::Acquire) == epoch {
            known.insert(table.form, table);
        }
    }

    pub(crate) fn forget_all(&self, workspace: Id) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.epoch.fetch_add(1, Ordering::Release);
        known.retain(|_, table| table.workspace != workspace);
    }

    fn forget(&self, form: Id) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        self.epoch.fetch_add(1, Ordering::Release);
        known.remove(&form);
    }
}

impl Reader {
    /// The table of a form, at least as new as the version that the caller works by.
    pub(crate) async fn table(&mut self, form: FormRef) -> Result<Arc<Table>> {
        if let Some(table) = self.changed_tables.get(&form.form) {
            return Ok(table.clone());
        }
        match self.tables.get(form.form) {
            Some(table) if table.version >= form.version && table.workspace == form.workspace => Ok(table),
            _ => self.load_table(form.workspace, form.form).await,
        }
    }

    /// The table that a link leads to, in the version that is known.
    pub(crate) async fn linked_table(&mut self, workspace: Id, form: Id) -> Result<Arc<Table>> {
        self.table(FormRef { workspace, form, version: 0 }).await
    }

    async fn load_table(&mut self, workspace: Id, form: Id) -> Result<Arc<Table>> {
        let epoch = self.tables.epoch.load(Ordering::Acquire);
        let table = Table::load(self, workspace, form).await?;
        let table = Arc::new(table.ok_or(Error::NotFound { what: "form" })?);
        if !self.frozen {
            self.tables.put(epoch, table.clone());
        }
        Ok(table)
    }
}

impl Tx {
    /// Looks a table up anew for the rest of this transaction, which has changed it, and for everybody once it is
    /// committed.
    pub(crate) async fn table_changed(&mut self, workspace: Id, form: Id) -> Result<Arc<Table>> {
        let table = Table::load(self, workspace, form).await?;
        let table = Arc::new(table.ok_or(Error::NotFound { what: "form" })?);
        self.changed_tables.insert(form, table.clone());
        // Values may have been taken over into other columns.
        *self.written.entry(table.number).or_default() += 1;
        let tables = self.tables.clone();
        self.on_commit(move || tables.forget(form));
        Ok(table)
    }
}
