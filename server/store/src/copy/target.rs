//! The database that is filled.

use std::sync::Arc;

use super::digest::Digest;
use super::groups::CopiedGroups;
use super::mark;
use super::plan::CopiedTable;
use super::slice::{self, Slices};
use crate::connection::Reader;
use crate::database::Store;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::migration::Purpose;
use crate::row::args;
use crate::settings::Settings;
use crate::table::Laid;

/// What keeps sealed entries from being put into SQLite's audit trail: a copy brings them with their seals.
const GUARD: &str = "audit_is_not_replaced";

/// A database that is filled with a copy. No program serves it before [`Target::proved`].
pub struct Target {
    store: Store,
    /// What this run is called in the mark.
    run: String,
}

impl Target {
    /// Opens an empty database, or one in which a copy was begun, which is emptied; brings its schema up to date, and marks it.
    ///
    /// # Errors
    /// [`Error::NotEmpty`] where it holds anything else; as [`Store::open`].
    pub async fn open(settings: &Settings) -> Result<Target> {
        let random = getrandom::u64().map_err(|error| Error::Failed(error.to_string()))?;
        let run = format!("{random:016x}");
        let store = Store::open_for(settings, &Purpose::Fill(run.clone())).await?;
        Ok(Target { store, run })
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Makes the tables of the source's forms, empty, under the same numbers.
    ///
    /// # Errors
    /// When one of both databases can't be reached.
    pub async fn make_tables(&self, source: &Store) -> Result<()> {
        let laid = Laid::all(&mut source.read().await?).await?;
        for form in laid {
            let run = self.run.clone();
            let made: Result<()> = self
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        mark::hold(tx, &run).await?;
                        form.create(tx).await
                    })
                })
                .await;
            made?;
        }
        Ok(())
    }

    /// Copies the rows of a table; answers how many.
    ///
    /// # Errors
    /// Where the database can't hold one of them; [`Error::InUse`] where another run has taken it over.
    pub async fn fill(&self, source: &Store, table: &CopiedTable) -> Result<u64> {
        let guard = self.put_guard_aside(table).await?;
        let shared = Arc::new(table.clone());
        let mut slices = Slices::of(source, table).await?;
        let mut copied = 0;
        loop {
            let rows = slices.next().await?;
            if rows.is_empty() {
                break;
            }
            copied += rows.len() as u64;
            let (run, table, rows) = (self.run.clone(), shared.clone(), Arc::new(rows));
            let written: Result<()> = self
                .store
                .write(move |tx| {
                    Box::pin(async move {
                        mark::hold(tx, &run).await?;
                        slice::write(tx, &table, &rows).await
                    })
                })
                .await;
            written.map_err(|error| shared.named(error))?;
        }
        if let Some(guard) = guard {
            self.execute(guard).await?;
        }
        Ok(copied)
    }

    /// Makes the tables of an aggregate, and copies its groups; answers how many.
    ///
    /// # Errors
    /// As [`Target::fill`].
    pub async fn fill_groups(&self, source: &Store, groups: &CopiedGroups) -> Result<u64> {
        let all = Arc::new(groups.read(&mut source.read().await?).await?);
        let copied = all.len() as u64;
        let (run, groups) = (self.run.clone(), groups.clone());
        let written: Result<()> = self
            .store
            .write(move |tx| {
                Box::pin(async move {
                    mark::hold(tx, &run).await?;
                    groups.write(tx, &all).await
                })
            })
            .await;
        written.map(|()| copied)
    }

    /// What the groups of an aggregate come to in the source, and here.
    ///
    /// # Errors
    /// When one of both databases can't be read.
    pub async fn compare_groups(&self, source: &Store, groups: &CopiedGroups) -> Result<(Digest, Digest)> {
        Ok((groups.digest(source).await?, groups.digest(&self.store).await?))
    }

    /// What makes the guard of the audit trail again, where the table has one that is in the way.
    async fn put_guard_aside(&self, table: &CopiedTable) -> Result<Option<String>> {
        let mut db = self.store.read().await?;
        if table.name() != "audit" || db.dialect() != Dialect::Sqlite {
            return Ok(None);
        }
        let guard = guard(&mut db).await?;
        drop(db);
        self.execute(format!("DROP TRIGGER {GUARD}")).await?;
        Ok(Some(guard))
    }

    async fn execute(&self, sql: String) -> Result<()> {
        self.store.write(move |tx| Box::pin(async move { tx.batch(sql).await })).await
    }

    /// What the rows of a table come to in the source, and here.
    ///
    /// # Errors
    /// When one of both databases can't be read.
    pub async fn compare(&self, source: &Store, table: &CopiedTable) -> Result<(Digest, Digest)> {
        Ok((slice::digest(source, table).await?, slice::digest(&self.store, table).await?))
    }

    /// Makes the indexes of forms, now that their tables are filled, and has the database look through these.
    ///
    /// # Errors
    /// Where what has to be unique is not; when the database can't be reached.
    pub async fn make_indexes(&self) -> Result<()> {
        let laid = Laid::all(&mut self.store.read().await?).await?;
        for form in laid {
            let made: Result<()> =
                self.store.write(move |tx| Box::pin(async move { form.index(tx).await })).await;
            made?;
        }
        self.store.learn().await
    }

    /// Says that the copy is proved: from now on it is served.
    ///
    /// # Errors
    /// [`Error::InUse`] where another run has taken the database over.
    pub async fn proved(&self) -> Result<()> {
        let run = self.run.clone();
        self.store.write(move |tx| Box::pin(async move { mark::remove(tx, &run).await })).await
    }
}

async fn guard(db: &mut Reader) -> Result<String> {
    let sql = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?";
    db.fetch_one(sql, args![GUARD]).await?.get(0)
}
