//! A look into the database of a running server: for what no endpoint tells, and for saves that have to wait.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};

use crate::server::Server;

/// A connection to the server's own database, beside the server.
#[derive(Debug)]
pub enum Inside {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// What somebody has done to a database behind the program's back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// A column of the first form's records is gone.
    Column,
    /// A field of the first form has lost its column: `amount`.
    Place,
    /// An index that only makes things faster is gone.
    Index,
    /// The first aggregate table counts one record more than there is in each group.
    Group,
    /// Every request that was approved stands as rejected, and its log does not know of it.
    Request,
    /// Room is counted for files that there are not; of a workspace without any.
    Room,
    /// The first entry of the audit trail was rewritten.
    Entry,
    /// A later program has worked with it.
    LaterProgram,
}

/// Ways to change the audit trail.
const TAMPERS: [&str; 4] = [
    "UPDATE audit SET label = 'forged' WHERE seq = 2",
    "UPDATE audit SET who = NULL",
    "DELETE FROM audit WHERE seq = 2",
    "DELETE FROM audit",
];

/// Ways that only the table's owner has.
const OWNERS_TAMPERS: [&str; 4] = [
    "TRUNCATE audit",
    "ALTER TABLE audit DISABLE TRIGGER USER",
    "DROP TRIGGER audit_stays ON audit",
    "DROP TABLE audit",
];

/// What the audit trail says of a save of records.
#[derive(Clone, Debug, PartialEq)]
pub struct Audited {
    pub action: String,
    /// The record's id; none for a save of several.
    pub record: Option<String>,
    pub changes: Value,
}

/// What a file of SQLite holds that no server works with.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// What is wrong with it; `ok` alone where nothing is.
    pub integrity: Vec<String>,
    pub records: Vec<StoredRecord>,
    pub files: Vec<StoredFile>,
}

/// A record of the first form.
#[derive(Clone, Debug)]
pub struct StoredRecord {
    pub id: String,
    pub version: i64,
    /// The newest version that its history tells of.
    pub told: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct StoredFile {
    pub id: String,
    pub sha256: String,
    /// The record that holds it.
    pub record: Option<String>,
}

impl Stored {
    /// Opens a file of SQLite, as the server would after a crash, and looks into it.
    ///
    /// # Errors
    /// Where it is no database, or has not what a server has made in it.
    pub async fn read(file: &Path) -> Result<Self, sqlx::Error> {
        // What is only looked at need not wait for the disk.
        let options = SqliteConnectOptions::new().filename(file).synchronous(SqliteSynchronous::Off);
        let mut inside = options.connect().await?;
        let integrity = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut inside).await?;
        let sql = "SELECT id, version, (SELECT max(version) FROM history WHERE record = t1.id) FROM t1";
        let records: Vec<(i64, i64, Option<i64>)> = sqlx::query_as(sql).fetch_all(&mut inside).await?;
        let sql = "SELECT id, sha256, record FROM file";
        let files: Vec<(i64, String, Option<i64>)> = sqlx::query_as(sql).fetch_all(&mut inside).await?;
        inside.close().await?;
        let records = records.into_iter();
        let files = files.into_iter();
        Ok(Self {
            integrity,
            records: records
                .map(|(id, version, told)| StoredRecord { id: on_the_wire(id), version, told })
                .collect(),
            files: files
                .map(|(id, sha256, record)| StoredFile {
                    id: on_the_wire(id),
                    sha256,
                    record: record.map(on_the_wire),
                })
                .collect(),
        })
    }
}

impl Inside {
    pub async fn of(server: &Server) -> Self {
        let file = format!("sqlite:{}", server.data().join("formwork.db").display());
        match server.postgres_url() {
            None => Self::Sqlite(SqliteConnection::connect(&file).await.expect("the file is a database")),
            Some(url) => Self::Postgres(PgConnection::connect(url).await.expect("PostgreSQL answers")),
        }
    }

    /// From now on no save of a record comes to its end. SQLite's busy timeout bounds for how long that can last.
    pub async fn hold_saves(&mut self) {
        self.run("BEGIN IMMEDIATE", "BEGIN; LOCK TABLE history IN EXCLUSIVE MODE").await;
    }

    /// From now on nothing that happens in a flow comes to its end: it is decided, and waits to be written down. Bounded as
    /// [`Inside::hold_saves`]; PostgreSQL lets nobody wait for more than two seconds.
    pub async fn hold_flows(&mut self) {
        self.run("BEGIN IMMEDIATE", "BEGIN; LOCK TABLE instance_log IN EXCLUSIVE MODE").await;
    }

    /// From now on no change of a design comes to its end: it is made, and waits to be noted in the audit trail. Bounded as
    /// [`Inside::hold_flows`].
    pub async fn hold_notes(&mut self) {
        self.run("BEGIN IMMEDIATE", "BEGIN; LOCK TABLE audit IN EXCLUSIVE MODE").await;
    }

    /// After [`Inside::hold_saves`], [`Inside::hold_flows`] or [`Inside::hold_notes`].
    pub async fn let_saves_go(&mut self) {
        self.run("ROLLBACK", "ROLLBACK").await;
    }

    /// From now on PostgreSQL breaks every save of a record off, as it does with one of two that wait for each other. SQLite,
    /// where one alone writes, never does.
    pub async fn break_saves_off(&mut self) {
        self.run(
            "SELECT 1",
            "CREATE SEQUENCE broken_off; \
             CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN PERFORM nextval(''broken_off''); \
             RAISE EXCEPTION ''deadlock detected'' USING ERRCODE = ''40P01''; END'; \
             CREATE TRIGGER break_off BEFORE INSERT ON history FOR EACH ROW EXECUTE FUNCTION break_off()",
        )
        .await;
    }

    /// After [`Inside::break_saves_off`]: saves come to their end again. How often one was broken off since.
    pub async fn break_off_no_more(&mut self) -> i64 {
        self.run("SELECT 1", "DROP TRIGGER break_off ON history").await;
        let Self::Postgres(connection) = self else { return 0 };
        let counted = sqlx::query_scalar("SELECT last_value FROM broken_off").fetch_one(connection).await;
        counted.expect("each was counted")
    }

    /// Makes the answers that are kept under a key so many hours older.
    pub async fn age_answers(&mut self, key: &str, hours: i64) {
        let microseconds = hours * 3_600_000_000;
        let sql =
            format!("UPDATE idempotency SET created_at = created_at - {microseconds} WHERE key = '{key}'");
        let done = match self {
            Self::Sqlite(connection) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop),
            Self::Postgres(connection) => {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
            }
        };
        done.expect("the database obeys");
    }

    /// How often two waited for each other, so that PostgreSQL broke one of them off. A connection tells what it has counted
    /// once it ends: the server has to be stopped before.
    pub async fn deadlocks(&mut self) -> i64 {
        const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                              AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
        let Self::Postgres(connection) = self else { return 0 };
        for _ in 0..200 {
            let others: i64 =
                sqlx::query_scalar(OTHERS).fetch_one(&mut *connection).await.expect("it counts");
            if others == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let sql = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
        sqlx::query_scalar(sql).fetch_one(connection).await.expect("it counts")
    }

    /// Ends every other connection to its database, which is PostgreSQL, as an administrator of it can; how many there were.
    pub async fn cut_connections(&mut self) -> usize {
        const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                           WHERE datname = current_database() AND pid <> pg_backend_pid() \
                           AND backend_type = 'client backend'";
        let Self::Postgres(connection) = self else { return 0 };
        let cut: Vec<bool> = sqlx::query_scalar(CUT).fetch_all(connection).await.expect("PostgreSQL obeys");
        cut.len()
    }

    /// Keeps what saves of records put into the outbox from now on: the server takes it out again within a second.
    pub async fn watch_outbox(&mut self) {
        self.run(
            "CREATE TABLE outbox_seen (n INTEGER PRIMARY KEY, payload TEXT NOT NULL); \
             CREATE TRIGGER see_outbox AFTER INSERT ON outbox WHEN new.kind = 'record' \
             BEGIN INSERT INTO outbox_seen (payload) VALUES (new.payload); END",
            "CREATE TABLE outbox_seen (n BIGSERIAL PRIMARY KEY, payload TEXT NOT NULL); \
             CREATE FUNCTION see_outbox() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN INSERT INTO outbox_seen (payload) VALUES (new.payload); RETURN NULL; END'; \
             CREATE TRIGGER see_outbox AFTER INSERT ON outbox FOR EACH ROW WHEN (new.kind = 'record') \
             EXECUTE FUNCTION see_outbox()",
        )
        .await;
    }

    /// What they put into it since [`Inside::watch_outbox`], in its order.
    pub async fn outbox(&mut self) -> Vec<Value> {
        let sql = "SELECT payload FROM outbox_seen ORDER BY n";
        let payloads: Result<Vec<String>, _> = match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_all(connection).await,
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_all(connection).await,
        };
        let payloads = payloads.expect("the outbox is watched");
        payloads.iter().map(|payload| serde_json::from_str(payload).expect("payloads are JSON")).collect()
    }

    /// What the audit trail says of saves of records, in its order.
    pub async fn audit_of_records(&mut self) -> Vec<Audited> {
        let sql = "SELECT action, object, changes FROM audit WHERE object_kind = 'record' ORDER BY id";
        let rows: Result<Vec<AuditRow>, _> = match self {
            Self::Sqlite(connection) => sqlx::query_as(sql).fetch_all(connection).await,
            Self::Postgres(connection) => sqlx::query_as(sql).fetch_all(connection).await,
        };
        let audited = |(action, object, changes): AuditRow| Audited {
            action,
            record: object.map(on_the_wire),
            changes: changes.map_or(Value::Null, |changes| serde_json::from_str(&changes).expect("JSON")),
        };
        rows.expect("there is an audit trail").into_iter().map(audited).collect()
    }

    /// What the audit trail says of an action, in its order.
    pub async fn audit_of(&mut self, action: &str) -> Vec<Value> {
        let changes: Result<Vec<String>, _> = match self {
            Self::Sqlite(connection) => {
                let sql = "SELECT changes FROM audit WHERE action = ? ORDER BY id";
                sqlx::query_scalar(sql).bind(action).fetch_all(connection).await
            }
            Self::Postgres(connection) => {
                let sql = "SELECT changes FROM audit WHERE action = $1 ORDER BY id";
                sqlx::query_scalar(sql).bind(action).fetch_all(connection).await
            }
        };
        let changes = changes.expect("there is an audit trail");
        changes.iter().map(|changes| serde_json::from_str(changes).expect("JSON")).collect()
    }

    /// What the installation itself remembers: names and values.
    pub async fn settings(&mut self) -> Vec<(String, String)> {
        let sql = "SELECT name, value FROM setting ORDER BY name";
        let rows: Result<Vec<(String, String)>, _> = match self {
            Self::Sqlite(connection) => sqlx::query_as(sql).fetch_all(connection).await,
            Self::Postgres(connection) => sqlx::query_as(sql).fetch_all(connection).await,
        };
        rows.expect("there are settings")
    }

    /// Puts the key that secrets are sealed with where databases had it before there were key files.
    pub async fn put_key_within(&mut self, key: &str) {
        self.run(
            "DELETE FROM setting WHERE name = 'seal_fingerprint'",
            "DELETE FROM setting WHERE name = 'seal_fingerprint'",
        )
        .await;
        let done = match self {
            Self::Sqlite(connection) => {
                let sql = "INSERT INTO setting (name, value) VALUES ('seal_key', ?)";
                sqlx::query(sql).bind(key).execute(connection).await.map(drop)
            }
            Self::Postgres(connection) => {
                let sql = "INSERT INTO setting (name, value) VALUES ('seal_key', $1)";
                sqlx::query(sql).bind(key).execute(connection).await.map(drop)
            }
        };
        done.expect("the database obeys");
    }

    /// Damages the database.
    pub async fn damage(&mut self, damage: Damage) {
        let sql = match damage {
            Damage::Column => "ALTER TABLE t1 DROP COLUMN voided_at",
            Damage::Place => "DELETE FROM form_column WHERE path = 'amount'",
            Damage::Index => "DROP INDEX task_handled",
            Damage::Group => "UPDATE a1 SET count = count + 1",
            Damage::Request => {
                "UPDATE instance SET marking = replace(marking, '\"status\":\"approved\"', '\"status\":\"rejected\"')"
            }
            Damage::Room => "INSERT INTO file_room (workspace, bytes) SELECT id, 5 FROM workspace",
            Damage::Entry => return self.forge_entry().await,
            Damage::LaterProgram => {
                "INSERT INTO schema_migration (number, name, checksum) VALUES (9000, 'later', 'x')"
            }
        };
        self.run(sql, sql).await;
    }

    /// As who owns the database can: what keeps the trail from being changed is put aside, and back again.
    async fn forge_entry(&mut self) {
        self.run(
            "DROP TRIGGER audit_is_sealed_once; UPDATE audit SET label = 'forged' WHERE seq = 1; \
             CREATE TRIGGER audit_is_sealed_once BEFORE UPDATE ON audit WHEN old.seq IS NOT NULL \
             BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
            "ALTER TABLE audit DISABLE TRIGGER USER; UPDATE audit SET label = 'forged' WHERE seq = 1; \
             ALTER TABLE audit ENABLE TRIGGER USER",
        )
        .await;
    }

    /// Tries to change the audit trail in every way; gives what the database says to each.
    pub async fn tamper(&mut self) -> Vec<(&'static str, Result<(), String>)> {
        let mut said = Vec::new();
        for sql in TAMPERS {
            said.push((sql, self.attempt(sql).await));
        }
        said
    }

    /// As [`Inside::tamper`], in the ways that are open to who owns the table on PostgreSQL.
    pub async fn tamper_as_owner(&mut self) -> Vec<(&'static str, Result<(), String>)> {
        let mut said = Vec::new();
        for sql in OWNERS_TAMPERS {
            said.push((sql, self.attempt(sql).await));
        }
        said
    }

    async fn attempt(&mut self, sql: &'static str) -> Result<(), String> {
        let done = match self {
            Self::Sqlite(connection) => sqlx::raw_sql(sql).execute(connection).await.map(drop),
            Self::Postgres(connection) => sqlx::raw_sql(sql).execute(connection).await.map(drop),
        };
        done.map_err(|error| error.to_string())
    }

    /// Spoils the groups of the first aggregate table that was made: its first sum is one too large in every group.
    pub async fn spoil_groups(&mut self) {
        self.run("UPDATE a1 SET l0 = l0 + 1", "UPDATE a1 SET m0 = m0 + 1").await;
    }

    /// Lets time go by for all who are signed in: so many minutes since they signed in, and so many since they last did something.
    /// When a session ends unless it is used again moves with the latter.
    pub async fn age_sessions(&mut self, signed_in: i64, idle: i64) {
        const MINUTE: i64 = 60_000_000;
        let (signed_in, idle) = (signed_in * MINUTE, idle * MINUTE);
        let done = match self {
            Self::Sqlite(connection) => {
                let sql = "UPDATE session SET created_at = created_at - ?, seen_at = seen_at - ?, \
                           expires_at = expires_at - ?";
                let aged = sqlx::query(sql).bind(signed_in).bind(idle).bind(idle);
                aged.execute(connection).await.map(drop)
            }
            Self::Postgres(connection) => {
                let sql = "UPDATE session SET created_at = created_at - $1, seen_at = seen_at - $2, \
                           expires_at = expires_at - $2";
                sqlx::query(sql).bind(signed_in).bind(idle).execute(connection).await.map(drop)
            }
        };
        done.expect("the database obeys");
    }

    /// Lets so many minutes go by for links of invitations and of letters about passwords, and for tokens that end.
    pub async fn age_links(&mut self, minutes: i64) {
        for sql in [
            (
                "UPDATE invitation SET expires_at = expires_at - ?",
                "UPDATE invitation SET expires_at = expires_at - $1",
            ),
            (
                "UPDATE password_reset SET expires_at = expires_at - ?",
                "UPDATE password_reset SET expires_at = expires_at - $1",
            ),
            ("UPDATE token SET expires_at = expires_at - ?", "UPDATE token SET expires_at = expires_at - $1"),
        ] {
            let micros = minutes * 60_000_000;
            let done = match self {
                Self::Sqlite(connection) => {
                    sqlx::query(sql.0).bind(micros).execute(connection).await.map(drop)
                }
                Self::Postgres(connection) => {
                    sqlx::query(sql.1).bind(micros).execute(connection).await.map(drop)
                }
            };
            done.expect("the database obeys");
        }
    }

    /// Lets so many minutes go by since people have last shown who they are.
    pub async fn age_confirmations(&mut self, minutes: i64) {
        let micros = minutes * 60_000_000;
        let done = match self {
            Self::Sqlite(connection) => {
                let aged = sqlx::query("UPDATE session SET confirmed_at = confirmed_at - ?").bind(micros);
                aged.execute(connection).await.map(drop)
            }
            Self::Postgres(connection) => {
                let aged = sqlx::query("UPDATE session SET confirmed_at = confirmed_at - $1").bind(micros);
                aged.execute(connection).await.map(drop)
            }
        };
        done.expect("the database obeys");
    }

    /// Has the time come at which letters that wait are written.
    pub async fn let_daily_letters_come(&mut self) {
        let sql = "UPDATE notice SET mail_at = 0 WHERE mail_at IS NOT NULL";
        self.run(sql, sql).await;
    }

    /// Loses the groups of the first aggregate table that was made.
    pub async fn lose_groups(&mut self) {
        self.run("DELETE FROM a1", "DELETE FROM a1").await;
    }

    async fn run(&mut self, on_sqlite: &'static str, on_postgres: &'static str) {
        let done = match self {
            Self::Sqlite(connection) => sqlx::raw_sql(on_sqlite).execute(connection).await.map(drop),
            Self::Postgres(connection) => sqlx::raw_sql(on_postgres).execute(connection).await.map(drop),
        };
        done.expect("the database obeys");
    }
}

/// Action, object and changes of an entry, as they are stored.
type AuditRow = (String, Option<i64>, Option<String>);

/// An id as the API writes it: 13 characters of Crockford's base 32.
fn on_the_wire(stored: i64) -> String {
    let digit = |place: u32| {
        let value = (stored >> (5 * place)) & 31;
        char::from(b"0123456789abcdefghjkmnpqrstvwxyz"[value as usize])
    };
    (0..13).rev().map(digit).collect()
}
