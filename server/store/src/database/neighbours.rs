//! What the servers that share one PostgreSQL database call out to each other.
//!
//! Nothing of it is stored: who does not listen at that moment never hears of it. It goes by PostgreSQL's own notifications, beside
//! all transactions: one that notifies waits for every other that does so until it is committed.

use sqlx::postgres::PgListener;

use super::{Inner, Store};
use crate::error::Result;

/// The channel on which they call.
const CHANNEL: &str = "formwork";
/// Bytes of one call at most; PostgreSQL takes less than 8,000.
pub const LONGEST_CALL: usize = 7_900;

/// One server's ear.
pub struct Neighbours {
    listener: PgListener,
}

/// What a server hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// What some server has called, this one among them.
    Call(String),
    /// The connection was gone for a while: calls may have been missed.
    Gap,
}

impl Neighbours {
    /// Waits for the next call.
    ///
    /// # Errors
    /// When the database can't be reached, or is closed.
    pub async fn next(&mut self) -> Result<Heard> {
        let heard = self.listener.try_recv().await?;
        Ok(heard.map_or(Heard::Gap, |call| Heard::Call(call.payload().to_string())))
    }
}

impl Store {
    /// Listens from now on to what the servers of this database call; `None` where there can be no other.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn listen(&self) -> Result<Option<Neighbours>> {
        let Inner::Postgres(database) = &*self.inner else { return Ok(None) };
        let mut listener = PgListener::connect_with(database.neighbours()).await?;
        listener.listen(CHANNEL).await?;
        Ok(Some(Neighbours { listener }))
    }

    /// Calls something to all servers of this database, in [`LONGEST_CALL`] bytes at most. SQLite has one server alone.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn call(&self, text: &str) -> Result<()> {
        let Inner::Postgres(database) = &*self.inner else { return Ok(()) };
        let call = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(text);
        call.execute(database.neighbours()).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::{new_folder, new_postgres};
    use crate::{Database, Settings};

    async fn hears(ear: &mut Neighbours) -> Heard {
        let heard = tokio::time::timeout(Duration::from_secs(20), ear.next()).await;
        heard.expect("something is heard").unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn servers_of_one_database_hear_each_other_and_that_they_missed_something() {
        let Some((settings, drop_database)) = new_postgres().await else { return };
        let (one, other) = (Store::open(&settings).await.unwrap(), Store::open(&settings).await.unwrap());
        let mut ear = other.listen().await.unwrap().expect("PostgreSQL may have several servers");
        let long = "x".repeat(LONGEST_CALL);
        one.call("it's \"said\"").await.unwrap();
        one.call(&long).await.unwrap();
        assert_eq!(hears(&mut ear).await, Heard::Call("it's \"said\"".to_string()));
        assert_eq!(hears(&mut ear).await, Heard::Call(long));

        // Whoever cuts the connection does not make it deaf.
        let Inner::Postgres(database) = &*one.inner else { panic!("this is PostgreSQL") };
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                   WHERE query LIKE 'LISTEN%' AND datname = current_database()";
        let cut: i64 = sqlx::query_scalar(cut).fetch_one(database.neighbours()).await.unwrap();
        assert_eq!(cut, 1);
        if tokio::time::timeout(Duration::from_secs(20), ear.next()).await.unwrap().is_err() {
            ear = other.listen().await.unwrap().unwrap();
        }
        one.call("again").await.unwrap();
        assert_eq!(hears(&mut ear).await, Heard::Call("again".to_string()));

        // Who listens does not keep a store from being closed.
        let listening = tokio::spawn(async move { ear.next().await });
        tokio::time::timeout(Duration::from_secs(20), other.close()).await.expect("it closes");
        assert!(listening.await.unwrap().is_err());
        one.close().await;
        drop_database.await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_server_alone_has_nobody_to_hear() {
        let folder = new_folder();
        let store = Store::open(&Settings::new(Database::Sqlite(folder.join("a.db")))).await.unwrap();
        assert!(store.listen().await.unwrap().is_none());
        store.call("hello").await.unwrap();
        store.close().await;
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
