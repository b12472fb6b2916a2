//! Opening a database and running transactions on it.

mod before;
mod deadline;
mod foreseen;
mod group;
#[cfg(debug_assertions)]
mod held;
mod neighbours;
mod pooled;
mod postgres;
mod readers;
mod space;
mod sqlite;
#[cfg(test)]
mod tests;
mod together;
mod writing;

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::mpsc;

use crate::connection::{OnCommit, Reader, Tx};
use crate::error::{Error, Result};
use crate::migration::Purpose;
use crate::settings::{Database, Settings};
use crate::table::{Making, Tables, Wish};

pub(crate) use foreseen::Foreseen;
pub use foreseen::Wanted;
pub use neighbours::{Heard, LONGEST_CALL, Neighbours};
pub(crate) use pooled::Pooled;
pub(crate) use readers::Lent;
pub(crate) use together::Together;
pub(crate) use writing::Writing;

/// The database. Clones are handles on the same one.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

/// Connections of [`Store::read_aside`].
const ASIDE: u32 = 2;

/// The work of a transaction, which may run several times. It says whether what it wrote is to stay, and keeps its
/// outcome to itself: running transactions is compiled once, not for each kind of outcome.
pub(crate) type Work = Box<dyn for<'t> FnMut(&'t mut Tx) -> BoxFuture<'t, bool> + Send>;

enum Inner {
    Sqlite(Box<sqlite::Sqlite>),
    Postgres(postgres::Postgres),
}

impl Store {
    /// Opens the database, makes it when it is missing (SQLite), and brings it up to date.
    ///
    /// # Errors
    /// [`Error::Incompatible`] when the database is newer than this program or its library too old,
    /// [`Error::Unavailable`] when it can't be reached.
    pub async fn open(settings: &Settings) -> Result<Store> {
        Store::open_for(settings, &Purpose::Work).await
    }

    /// Opens a database that nobody works with, to read it and leave it as it is: it writes nothing.
    ///
    /// # Errors
    /// [`Error::NotCurrent`] where it would have to be changed first, [`Error::InUse`] where somebody works with it; as
    /// [`Store::open`].
    pub async fn open_to_keep(settings: &Settings) -> Result<Store> {
        Store::open_for(settings, &Purpose::Keep).await
    }

    pub(crate) async fn open_for(settings: &Settings, purpose: &Purpose) -> Result<Store> {
        let (tables, wishes) = Tables::new();
        let inner = match &settings.database {
            Database::Sqlite(path) => {
                Inner::Sqlite(Box::new(sqlite::Sqlite::open(path, settings, tables, purpose).await?))
            }
            Database::Postgres(url) => {
                Inner::Postgres(postgres::Postgres::open(url, settings, tables, purpose).await?)
            }
        };
        let inner = Arc::new(inner);
        tokio::spawn(grant(Arc::downgrade(&inner), wishes));
        Ok(Store { inner })
    }

    /// A connection that reads. Give it back soon: drop it before anything else is waited for. Inside a transaction
    /// use its own [`Tx`] instead: this sees nothing of it.
    ///
    /// # Errors
    /// [`Error::Busy`] when none becomes free in time. A statement that takes too long is given up as busy too.
    pub async fn read(&self) -> Result<Reader> {
        match &*self.inner {
            Inner::Sqlite(database) => database.read().await,
            Inner::Postgres(database) => database.read().await,
        }
    }

    /// As [`Store::read`], out of a small set of its own: for what is looked up, such as the forms and the people of a
    /// workspace, while others further up hold a connection. If all were of one set, a few of them at once would wait for
    /// each other. Nothing else is waited for with it.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn read_aside(&self) -> Result<Reader> {
        match &*self.inner {
            Inner::Sqlite(database) => database.read_aside().await,
            Inner::Postgres(database) => database.read_aside().await,
        }
    }

    /// Runs `work` in one transaction: committed when it gives `Ok`, rolled back when it gives `Err`.
    ///
    /// The answer comes after the commit. Dropping the returned future cancels nothing. `work` may run several
    /// times (a failed group commit, a deadlock): each run gets a clone of the closure, and whatever it
    /// wants to happen outside the database goes through [`Tx::on_commit`]. It must not wait for another write.
    ///
    /// # Errors
    /// What `work` says, or why the transaction could not be committed.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Clone + Send + 'static,
    {
        self.write_wanting(None, work).await
    }

    /// As [`Store::write`], for work that first of all locks one record: where others wait to do so too, SQLite reads their
    /// records together.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_wanting<T, E, F>(&self, wanted: Option<Wanted>, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Clone + Send + 'static,
    {
        let outcome: Arc<Mutex<Option<Result<T, E>>>> = Arc::default();
        let kept = outcome.clone();
        let work: Work = Box::new(move |tx| {
            let (work, kept) = (work.clone(), kept.clone());
            Box::pin(async move {
                let outcome = work(tx).await;
                let stays = outcome.is_ok();
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
                stays
            })
        });
        self.transact(wanted, work).await?;
        let outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
        outcome.unwrap_or_else(|| Err(Error::Unavailable("closed".into()).into()))
    }

    /// Runs `work` in one transaction; fails where it was not the work that refused.
    async fn transact(&self, wanted: Option<Wanted>, work: Work) -> Result<()> {
        match &*self.inner {
            Inner::Sqlite(database) => database.write(wanted, work).await,
            Inner::Postgres(database) => database.write(work).await,
        }
    }

    /// Waits for what is being written and closes all connections. Later calls are refused.
    pub async fn close(&self) {
        match &*self.inner {
            Inner::Sqlite(database) => database.close().await,
            Inner::Postgres(database) => database.close().await,
        }
    }

    /// Looks through the whole database for damage; what it finds, in the database's words. Takes as long as
    /// reading everything.
    pub async fn damage(&self) -> Result<Vec<String>> {
        match &*self.inner {
            Inner::Sqlite(database) => {
                let mut db = database.read_at_length().await?;
                let rows = db.fetch_all("PRAGMA integrity_check", Vec::new()).await?;
                let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect::<Result<_>>()?;
                Ok(lines.into_iter().filter(|line| line != "ok").collect())
            }
            // PostgreSQL reports a damaged page when it is read.
            Inner::Postgres(_) => Ok(Vec::new()),
        }
    }

    /// How often SQLite's writing connection was asked so far: what saves cost, in a figure that no other program on the
    /// machine changes. Zero on PostgreSQL.
    pub fn turns(&self) -> u64 {
        match &*self.inner {
            Inner::Sqlite(database) => database.turns(),
            Inner::Postgres(_) => 0,
        }
    }

    /// What the database calls itself, for people who look after it: `SQLite 3.51.3`.
    pub fn version(&self) -> &str {
        match &*self.inner {
            Inner::Sqlite(database) => database.version(),
            Inner::Postgres(database) => database.version(),
        }
    }

    /// Whether other servers may work with the same database.
    pub fn is_shared(&self) -> bool {
        match &*self.inner {
            Inner::Sqlite(_) => false,
            Inner::Postgres(_) => true,
        }
    }

    /// Has PostgreSQL look through all tables, so that it knows how to answer from them; SQLite has been told by the steps of
    /// its schema, and learns nothing by looking (decision 0060).
    ///
    /// # Errors
    /// When the database can't be reached.
    pub(crate) async fn learn(&self) -> Result<()> {
        match &*self.inner {
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(database) => database.outside_transaction("VACUUM (ANALYZE)".to_string()).await,
        }
    }

    async fn make_index(&self, wish: Wish) -> Result<()> {
        if let Inner::Postgres(database) = &*self.inner {
            // Made beside the writers here; the transaction below then finds it and only notes it.
            let wished = wish.clone();
            // With the patience of a write: whether all texts fit is asked of every record.
            let making: Result<Option<Making>> =
                self.write(move |tx| Box::pin(async move { tx.index_to_make(wished).await })).await;
            let Some(Making { leftover, create, table }) = making? else { return Ok(()) };
            if let Some(remove) = leftover {
                database.outside_transaction(remove).await?;
            }
            database.outside_transaction(create).await?;
            // Only what was vacuumed can be answered from an index alone.
            database.outside_transaction(format!("VACUUM (ANALYZE) {table}")).await?;
        }
        self.write(move |tx| Box::pin(async move { tx.make_index(wish).await })).await
    }
}

/// Makes the indexes that observation wishes for, one after the other, until the store is gone.
async fn grant(store: Weak<Inner>, mut wishes: mpsc::UnboundedReceiver<Wish>) {
    while let Some(wish) = wishes.recv().await {
        let Some(inner) = store.upgrade() else { return };
        if let Err(error) = (Store { inner }).make_index(wish).await {
            tracing::warn!(%error, "an index could not be made");
        }
    }
}

/// Runs `work` once; a panic in it becomes an error, so that it takes nobody else along.
async fn attempt(work: &mut Work, tx: &mut Tx) -> Result<bool> {
    let run = AssertUnwindSafe(async { work(tx).await });
    run.catch_unwind().await.map_err(|panic| {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        tracing::error!(panic = %text, "the work of a transaction broke off");
        Error::Panicked(text)
    })
}

/// Does what was put off until the commit.
fn committed(on_commit: Vec<OnCommit>) {
    for work in on_commit {
        if std::panic::catch_unwind(AssertUnwindSafe(work)).is_err() {
            tracing::error!("work after a commit broke off");
        }
    }
}
