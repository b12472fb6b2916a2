//! SQLite's connections that read: lent, and taken back.
//!
//! Not sqlx's pool: that asks each connection on its way back whether it still lives, and gives no place to keep what
//! belongs to one, such as its [`Deadline`]; each is a turn of the connection's thread, and a record is read in one
//! (decision page 7).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::deadline::Deadline;
#[cfg(debug_assertions)]
use super::held::Held;
use crate::error::{Error, Result};

/// After how many of its steps SQLite looks at the clock.
const PROGRESS_STEPS: i32 = 100_000;

/// All connections that read one database.
pub(super) struct Readers {
    places: Arc<Semaphore>,
    most: u32,
    free: Arc<Mutex<Vec<Opened>>>,
    options: SqliteConnectOptions,
    /// How long somebody waits for one.
    patience: Duration,
    /// What one statement may take.
    allowed: Duration,
}

struct Opened {
    connection: SqliteConnection,
    deadline: Deadline,
}

/// A connection while somebody reads with it.
pub(crate) struct Lent {
    opened: Option<Opened>,
    free: Arc<Mutex<Vec<Opened>>>,
    /// Whether a statement was begun and not ended: who waited for it has gone.
    running: bool,
    /// Whether its statements may take as long as they need.
    patient: bool,
    /// Whether it is inside a transaction, in which it sees one moment.
    frozen: bool,
    #[cfg(debug_assertions)]
    _held: Held,
    _place: OwnedSemaphorePermit,
}

impl Readers {
    pub(super) async fn open(
        options: SqliteConnectOptions,
        most: u32,
        patience: Duration,
        allowed: Duration,
    ) -> Result<Readers> {
        let places = Arc::new(Semaphore::new(most as usize));
        let readers = Readers { places, most, free: Arc::default(), options, patience, allowed };
        // The first is opened now: what is wrong with the file is told at the start.
        let first = readers.connect().await?;
        readers.lock().push(first);
        Ok(readers)
    }

    /// # Errors
    /// [`Error::Busy`] when none becomes free in time.
    pub(super) async fn lend(&self) -> Result<Lent> {
        #[cfg(debug_assertions)]
        let held = Held::new()?;
        let place = tokio::time::timeout(self.patience, self.places.clone().acquire_owned());
        let place = place.await.map_err(|_| Error::Busy)?;
        let place = place.map_err(|_| Error::Unavailable("closed".into()))?;
        let known = self.lock().pop();
        let opened = match known {
            Some(opened) => opened,
            None => self.connect().await?,
        };
        Ok(Lent {
            opened: Some(opened),
            free: self.free.clone(),
            running: false,
            patient: false,
            frozen: false,
            #[cfg(debug_assertions)]
            _held: held,
            _place: place,
        })
    }

    async fn connect(&self) -> Result<Opened> {
        let mut connection = self.options.connect().await?;
        let deadline = Deadline::new(self.allowed);
        let asked = deadline.clone();
        connection.lock_handle().await?.set_progress_handler(PROGRESS_STEPS, move || asked.holds());
        Ok(Opened { connection, deadline })
    }

    /// Waits for those that are lent, and closes all. Nobody gets one afterwards.
    pub(super) async fn close(&self) {
        let all = self.places.acquire_many(self.most).await;
        self.places.close();
        drop(all);
        let free = std::mem::take(&mut *self.lock());
        for opened in free {
            if let Err(error) = opened.connection.close().await {
                tracing::warn!(%error, "a connection did not close");
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Opened>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lent {
    /// The connection, for one statement. [`Lent::ended`] comes after it.
    ///
    /// # Errors
    /// Never while it is lent.
    pub(crate) fn begin(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        let opened = self.opened.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        if self.patient {
            opened.deadline.lift();
        } else {
            opened.deadline.renew();
        }
        self.running = true;
        Ok(&mut opened.connection)
    }

    /// Its statements may take as long as they need, until it is given back: for who looks through everything.
    pub(super) fn take_time(&mut self) {
        self.patient = true;
    }

    /// A statement ended, with this. A connection whose thread has broken off is not lent again.
    pub(crate) fn ended<T>(&mut self, outcome: &sqlx::Result<T>) {
        self.running = matches!(outcome, Err(sqlx::Error::WorkerCrashed));
    }

    /// Notes that a transaction begins or ends.
    pub(crate) fn freeze(&mut self, frozen: bool) {
        self.frozen = frozen;
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(opened) = self.opened.take() else { return };
        if self.running {
            // It works for somebody who has gone, and the next would wait for that: it stops and is not lent again.
            opened.deadline.expire();
        } else if self.frozen {
            // The next one would see what was then: it is not lent again.
            drop(opened);
        } else {
            self.free.lock().unwrap_or_else(PoisonError::into_inner).push(opened);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::sqlite::options;

    #[tokio::test]
    async fn a_connection_that_broke_off_is_not_lent_again() {
        let folder = crate::testing::new_folder();
        let options = options(&folder.join("formwork.db")).create_if_missing(true);
        let (patience, allowed) = (Duration::from_secs(3), Duration::from_secs(5));
        let readers = Readers::open(options, 2, patience, allowed).await.unwrap();
        for (outcome, free) in
            [(Ok(()), 1), (Err(sqlx::Error::RowNotFound), 1), (Err(sqlx::Error::WorkerCrashed), 0)]
        {
            let mut lent = readers.lend().await.unwrap();
            lent.begin().unwrap();
            lent.ended(&outcome);
            drop(lent);
            assert_eq!(readers.lock().len(), free, "{outcome:?}");
        }
        let mut another = readers.lend().await.unwrap();
        let answer: i64 = sqlx::query_scalar("SELECT 1").fetch_one(another.begin().unwrap()).await.unwrap();
        assert_eq!(answer, 1);
        drop(another);
        readers.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
