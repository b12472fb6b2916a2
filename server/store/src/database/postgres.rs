//! PostgreSQL: row locks instead of a queue, so that several servers can share it.

use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgPool, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};

use super::{Pooled, Work, attempt, committed};
use crate::connection::{Failure, Handle, Reader, Tx};
use crate::error::{Error, Result, Verdict};
use crate::migration::{self, Purpose};
use crate::settings::Settings;
use crate::table::{Tables, make_way};

/// A connection that has lain so long may be dead.
const RESTED: Duration = Duration::from_secs(1);
/// Runs of one transaction before its caller is told that the server is busy.
const MOST_RUNS: u32 = 6;
/// How long a transaction has been at it when one that met a lock is no longer run again: whoever sent it waits.
const PATIENCE: Duration = Duration::from_secs(8);
/// What one interactive question may take, and what a write or a job may.
const READ_TIMEOUT: &str = "5s";
const WRITE_TIMEOUT: &str = "60s";
/// What a program that works with the database is called in the database's list of connections.
const PROGRAM: &str = "formwork";
/// How long connections of a server that has just stopped may still be on that list.
const LINGERING: Duration = Duration::from_secs(3);

pub(super) struct Postgres {
    readers: PgPool,
    writers: PgPool,
    neighbours: PgPool,
    /// For who reads already; see [`super::ASIDE`].
    aside: PgPool,
    tables: Arc<Tables>,
    version: String,
}

impl Postgres {
    pub(super) async fn open(
        url: &str,
        settings: &Settings,
        tables: Arc<Tables>,
        purpose: &Purpose,
    ) -> Result<Postgres> {
        let options = PgConnectOptions::from_str(url)
            .map_err(|error| Error::Incompatible(format!("the database URL can't be read: {error}")))?;
        // Who leaves the database as it is is told from who works with it.
        let (name, read_only) =
            if *purpose == Purpose::Keep { ("formwork-copy", "on") } else { (PROGRAM, "off") };
        let options = over_the_way(options, says_how(url))
            .application_name(name)
            .statement_cache_capacity(400)
            .disable_statement_logging();
        let writers = pool(settings, settings.writers)
            .connect_with(options.clone().options(session(WRITE_TIMEOUT, read_only)))
            .await
            .map_err(unreached)?;
        if *purpose == Purpose::Keep {
            refuse_used(&writers).await?;
        }
        let readers = pool(settings, settings.readers)
            .connect_with(options.clone().options(session(READ_TIMEOUT, "on")))
            .await?;
        let aside = pool(settings, super::ASIDE)
            .connect_lazy_with(options.clone().options(session(READ_TIMEOUT, "on")));
        // One that listens and one that calls, where somebody wants to.
        let neighbours = pool(settings, 2).connect_lazy_with(options.options(session(READ_TIMEOUT, "off")));
        let version: String = sqlx::query_scalar("SHOW server_version").fetch_one(&readers).await?;
        let mut tx = Tx::new(Handle::Postgres(Pooled::new(writers.acquire().await?)), tables.clone());
        migration::run(&mut tx, migration::STEPS, purpose).await?;
        Ok(Postgres { readers, writers, neighbours, aside, tables, version: format!("PostgreSQL {version}") })
    }

    pub(super) async fn read(&self) -> Result<Reader> {
        let connection = self.readers.acquire().await?;
        Ok(Reader::new(Handle::Postgres(Pooled::new(connection)), self.tables.clone()))
    }

    pub(super) async fn read_aside(&self) -> Result<Reader> {
        let connection = self.aside.acquire().await?;
        Ok(Reader::new(Handle::Postgres(Pooled::new(connection)), self.tables.clone()))
    }

    pub(super) async fn write(&self, mut work: Work) -> Result<()> {
        let (writers, tables) = (self.writers.clone(), self.tables.clone());
        // Spawned, so that no caller can cancel a transaction halfway.
        let task = tokio::spawn(async move {
            let (begun, mut pause) = (Instant::now(), Duration::from_millis(2));
            for run in 1.. {
                let (outcome, failure) = transaction(&writers, &tables, &mut work).await;
                let Some(failure) = failure.filter(|failure| is_run_again(failure.verdict, begun)) else {
                    return outcome;
                };
                if run >= MOST_RUNS {
                    return outcome;
                }
                if let Error::TooLong { index, tables: numbers } = failure.error {
                    give_way(&writers, &tables, (index, numbers)).await;
                }
                let jitter = Duration::from_micros(u64::from(getrandom::u32().unwrap_or(0) % 3000));
                tokio::time::sleep(pause + jitter).await;
                pause *= 2;
            }
            Err(Error::Busy)
        });
        task.await.unwrap_or_else(|error| Err(Error::Panicked(error.to_string())))
    }

    /// Runs one statement that can't be part of a transaction, for as long as it takes.
    pub(super) async fn outside_transaction(&self, sql: String) -> Result<()> {
        let mut connection = self.writers.acquire().await?;
        connection.execute("SET statement_timeout = 0").await?;
        let outcome = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await;
        connection.execute("RESET statement_timeout").await?;
        Ok(outcome.map(drop)?)
    }

    pub(super) async fn close(&self) {
        self.neighbours.close().await;
        self.writers.close().await;
        self.readers.close().await;
        self.aside.close().await;
    }

    /// For what goes from server to server beside all transactions.
    pub(super) fn neighbours(&self) -> &PgPool {
        &self.neighbours
    }

    pub(super) fn version(&self) -> &str {
        &self.version
    }
}

/// Whether a transaction that began then and failed so may do better the next time.
fn is_run_again(verdict: Verdict, begun: Instant) -> bool {
    match verdict {
        Verdict::Again => true,
        Verdict::Waited => begun.elapsed() < PATIENCE,
        Verdict::Statement | Verdict::Lost => false,
    }
}

/// Refuses a database that somebody works with.
async fn refuse_used(connections: &PgPool) -> Result<()> {
    const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity \
                          WHERE datname = current_database() AND application_name = $1";
    let begun = Instant::now();
    loop {
        let others: i64 = sqlx::query_scalar(OTHERS).bind(PROGRAM).fetch_one(connections).await?;
        if others == 0 {
            return Ok(());
        }
        if begun.elapsed() > LINGERING {
            return Err(Error::InUse);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Whether an operator has said how far the way to the database is to be trusted.
fn says_how(url: &str) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let is_said = query.split('&').any(|part| part.starts_with("sslmode=") || part.starts_with("ssl-mode="));
    is_said || std::env::var_os("PGSSLMODE").is_some()
}

/// A database on another machine has to show who it is, over TLS, unless an operator says otherwise: what is asked of it and what it
/// answers is everything that there is. A name without a domain is that of a container or a machine beside this one, for which no
/// authority vouches: there an operator is told.
fn over_the_way(options: PgConnectOptions, is_said: bool) -> PgConnectOptions {
    let host = options.get_host();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_here = options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || address.as_ref().is_ok_and(IpAddr::is_loopback);
    if is_here {
        return options;
    }
    let is_far = address.is_ok() || host.contains('.');
    if is_far && !is_said {
        return options.ssl_mode(PgSslMode::VerifyFull);
    }
    if !matches!(options.get_ssl_mode(), PgSslMode::VerifyFull) {
        tracing::warn!(
            mode = ?options.get_ssl_mode(),
            "the database is on another machine, and need not show who it is: sslmode=verify-full in its URL asks for that"
        );
    }
    options
}

/// Why there is no connection, and what to do where it is for TLS.
fn unreached(error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::Tls(error) => Error::Unavailable(format!(
            "{error}: a database on another machine has to speak TLS with a certificate that can be checked; \
             sslmode=… in its URL says otherwise, and sslrootcert=FILE who vouches for it"
        )),
        other => other.into(),
    }
}

fn pool(settings: &Settings, connections: u32) -> PoolOptions<sqlx::Postgres> {
    PoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(settings.acquire_timeout)
        // Each is looked at when it comes back, while nobody waits; one that has rested since may have died in its sleep.
        .test_before_acquire(false)
        .before_acquire(|connection: &mut PgConnection, meta| {
            Box::pin(async move {
                if meta.idle_for > RESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
}

fn session(statement_timeout: &'static str, read_only: &'static str) -> [(&'static str, &'static str); 6] {
    [
        ("statement_timeout", statement_timeout),
        ("default_transaction_read_only", read_only),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "10s"),
        // A rollback after a transaction that the server has ended itself is a warning each time.
        ("client_min_messages", "error"),
        ("timezone", "UTC"),
    ]
}

/// Removes the index that a text did not fit into, so that it can be stored.
async fn give_way(writers: &PgPool, tables: &Arc<Tables>, (index, numbers): (Option<String>, Vec<i64>)) {
    let mut work: Work = Box::new(move |tx| {
        let (index, numbers) = (index.clone(), numbers.clone());
        Box::pin(async move { make_way(tx, index.as_deref(), &numbers).await.is_ok() })
    });
    let (outcome, failure) = transaction(writers, tables, &mut work).await;
    if let Some(error) = outcome.err().or(failure.map(|failure| failure.error)) {
        tracing::warn!(%error, "an index that is in the way of a text could not be removed yet");
    }
}

/// One run: why nothing of it is stored where the work did not refuse, and what failed in it, if anything did.
async fn transaction(
    writers: &PgPool,
    tables: &Arc<Tables>,
    work: &mut Work,
) -> (Result<()>, Option<Failure>) {
    let mut tx = match writers.acquire().await {
        Ok(connection) => Tx::new(Handle::Postgres(Pooled::new(connection)), tables.clone()),
        Err(error) => {
            tracing::warn!(%error, "no connection that writes was to be had");
            return (Err(Error::from(error)), None);
        }
    };
    if let Err(error) = tx.batch("BEGIN ISOLATION LEVEL READ COMMITTED").await {
        return (Err(error), tx.take_failure());
    }
    let stays = attempt(work, &mut tx).await;
    let failure = tx.take_failure();
    if !matches!(stays, Ok(true)) || failure.is_some() {
        tx.forget_ahead();
        if let Err(error) = tx.batch("ROLLBACK").await {
            tracing::debug!(%error, "a rollback failed; the connection is given up");
        }
        let outcome = match (stays, &failure) {
            (Ok(true), Some(failure)) => Err(failure.error.clone()),
            (stays, _) => stays.map(drop),
        };
        return (outcome, failure);
    }
    match tx.batch("COMMIT").await {
        Ok(()) => {
            committed(tx.take_on_commit());
            (Ok(()), None)
        }
        Err(error) => {
            let failure = tx.take_failure();
            // What waited until the end may have failed before the commit: others wait for its locks.
            tx.forget_ahead();
            if let Err(error) = tx.batch("ROLLBACK").await {
                tracing::debug!(%error, "nothing to roll back");
            }
            (Err(error), failure)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use sqlx::postgres::PgConnectOptions;

    use super::{Postgres, over_the_way, says_how};
    use crate::connection::{Handle, Tx};
    use crate::database::Inner;
    use crate::database::Pooled;
    use crate::{Error, Store};

    #[test]
    fn a_database_on_another_machine_shows_who_it_is_unless_an_operator_says_otherwise() {
        let mode = |url: &str| {
            let options = PgConnectOptions::from_str(url).unwrap();
            format!("{:?}", over_the_way(options, says_how(url)).get_ssl_mode())
        };
        for there in
            ["postgres://a:b@db.example.com/forms", "postgres://a@10.1.2.3:5432/forms?application_name=x"]
        {
            assert_eq!(mode(there), "VerifyFull", "{there}");
        }
        assert_eq!(mode("postgres://a:b@db.example.com/forms?sslmode=disable"), "Disable");
        assert_eq!(mode("postgres://a:b@db.example.com/forms?x=y&ssl-mode=verify-ca"), "VerifyCa");
        assert_eq!(mode("postgres://a:b@db/forms"), "Prefer");
        // Nobody is on the way.
        for here in
            ["postgres://a@127.0.0.1/forms", "postgres://a@localhost/forms", "postgres://a@[::1]:5433/forms"]
        {
            assert_ne!(mode(here), "VerifyFull", "{here}");
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn c04_no_statement_lock_or_open_transaction_lasts() {
        let Some((settings, drop_database)) = crate::testing::new_postgres().await else { return };
        let store = Store::open(&settings).await.unwrap();
        let Inner::Postgres(database) = &*store.inner else { panic!("this is PostgreSQL") };
        for (pool, read_only) in [(&database.readers, "on"), (&database.writers, "off")] {
            for (show, wanted) in [
                ("SHOW lock_timeout", "2s"),
                ("SHOW idle_in_transaction_session_timeout", "10s"),
                ("SHOW default_transaction_read_only", read_only),
            ] {
                let found: String = sqlx::query_scalar(show).fetch_one(pool).await.unwrap();
                assert_eq!(found, wanted, "{show}");
            }
            let longest: String = sqlx::query_scalar("SHOW statement_timeout").fetch_one(pool).await.unwrap();
            assert_ne!(longest, "0");
        }
        let longest: String =
            sqlx::query_scalar("SHOW statement_timeout").fetch_one(&database.readers).await.unwrap();
        assert_eq!(longest, "5s");
        store.close().await;
        drop_database.await;
    }

    async fn lent(database: &Postgres) -> Tx {
        let connection = database.writers.acquire().await.unwrap();
        Tx::new(Handle::Postgres(Pooled::new(connection)), database.tables.clone())
    }

    /// Finding F1 of the reliability page: a cancelled `begin` gives a connection back with its transaction open, and
    /// whoever got it next would commit what was left in it, or lose their own.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_transaction_that_was_left_open_is_not_the_next_ones() {
        let Some((mut settings, drop_database)) = crate::testing::new_postgres().await else { return };
        settings.writers = 1;
        let store = Store::open(&settings).await.unwrap();
        let Inner::Postgres(database) = &*store.inner else { panic!("this is PostgreSQL") };
        let mut left = lent(database).await;
        left.batch("BEGIN").await.unwrap();
        left.batch("CREATE TABLE left_behind (n INTEGER)").await.unwrap();
        drop(left);
        // Nor is one whose `begin` was given up.
        let mut left = lent(database).await;
        tokio::select! {
            biased;
            _ = left.batch("BEGIN") => {}
            () = std::future::ready(()) => {}
        }
        drop(left);

        let kept = "CREATE TABLE kept (n INTEGER)";
        let done: Result<(), Error> =
            store.write(move |tx| Box::pin(async move { tx.batch(kept).await })).await;
        assert_eq!(done, Ok(()));
        let names = "SELECT table_name::text FROM information_schema.tables \
                     WHERE table_name IN ('left_behind', 'kept')";
        let there: Vec<String> = sqlx::query_scalar(names).fetch_all(&database.readers).await.unwrap();
        assert_eq!(there, ["kept"]);

        // What has ended is lent again as it is.
        let pid = "SELECT pg_backend_pid()";
        let before: i32 = sqlx::query_scalar(pid).fetch_one(&database.writers).await.unwrap();
        for word in ["COMMIT", "ROLLBACK"] {
            let mut ended = lent(database).await;
            ended.batch("BEGIN").await.unwrap();
            ended.batch(word).await.unwrap();
            drop(ended);
            let after: i32 = sqlx::query_scalar(pid).fetch_one(&database.writers).await.unwrap();
            assert_eq!(after, before, "{word}");
        }
        store.close().await;
        drop_database.await;
    }
}
