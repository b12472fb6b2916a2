//! What can go wrong with a database, by cause.

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::postgres::PgDatabaseError;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A value that must be unique is there already, in these columns of this table.
    #[error("{table} already holds this {}", columns.join(", "))]
    Conflict { table: String, columns: Vec<String> },
    /// Values of a record, in fields that are unique alone or together, are those of another record.
    #[error("another record holds the same in {}", fields.join(", "))]
    NotUnique { fields: Vec<String> },
    /// A row that the operation needs is not there (any more).
    #[error("{what} is not there")]
    NotFound { what: &'static str },
    /// The database can't filter, sort or group by this path.
    #[error("records can't be asked for by {path}")]
    NotAskable { path: String },
    /// A text is longer than an index takes (PostgreSQL). The store removes the index and runs the work again; whoever sees
    /// this came while it was being made.
    #[error("a text is too long for {}", index.as_deref().unwrap_or("an index"))]
    TooLong {
        /// The index, where the database says which.
        index: Option<String>,
        /// The tables that the work has written so far, by their numbers.
        tables: Vec<i64>,
    },
    /// Too much is going on: a lock or a connection was not to be had in time. Trying again later helps.
    #[error("the database is busy")]
    Busy,
    /// The database can't be reached, or is stopping.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// No space left on the device.
    #[error("the disk is full")]
    Full,
    /// What is stored contradicts what must hold; nobody's input is at fault.
    #[error("stored data is damaged: {table}.{column}: {detail}")]
    Corrupt { table: String, column: String, detail: String },
    /// This program and this database do not go together (version, migrations).
    #[error("{0}")]
    Incompatible(String),
    /// The database holds a copy that was begun and not proved: it may lack something.
    #[error("the database is a copy that was begun and not proved")]
    Unproved,
    /// The database lacks a step of its schema, and is to be left as it is.
    #[error("the database has not taken step {step}")]
    NotCurrent { step: i64 },
    /// The database is to be filled with a copy, and holds this table.
    #[error("the database holds the table {table}")]
    NotEmpty { table: String },
    /// Another program works with the database.
    #[error("another program works with the database")]
    InUse,
    /// The work itself broke off; nothing of it is stored.
    #[error("the work broke off: {0}")]
    Panicked(String),
    /// The database refused a statement: a fault of the program.
    #[error("database: {0}")]
    Failed(String),
}

/// What an error means for the transaction in which it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The statement failed; the transaction is as it was before it (PostgreSQL: must be rolled back).
    Statement,
    /// The same work may succeed when it is run again: deadlock, lock race, two equal new ids.
    Again,
    /// A lock was not to be had in time: whoever holds it may soon be through (PostgreSQL).
    Waited,
    /// The database has given the whole transaction up.
    Lost,
}

impl Error {
    pub(crate) fn corrupt(table: &str, column: &str, detail: impl ToString) -> Error {
        Error::Corrupt { table: table.to_string(), column: column.to_string(), detail: detail.to_string() }
    }

    pub(crate) fn from_driver(error: sqlx::Error) -> (Error, Verdict) {
        match error {
            sqlx::Error::Database(error) => match error.try_downcast_ref::<PgDatabaseError>() {
                Some(postgres) => from_postgres(postgres),
                None => from_sqlite(error.as_ref()),
            },
            sqlx::Error::PoolTimedOut => (Error::Busy, Verdict::Lost),
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                (Error::Unavailable("closed".into()), Verdict::Lost)
            }
            sqlx::Error::Io(error) => (Error::Unavailable(error.to_string()), Verdict::Lost),
            sqlx::Error::Tls(error) => (Error::Unavailable(error.to_string()), Verdict::Lost),
            sqlx::Error::ColumnDecode { index, source } => {
                (Error::corrupt("?", &index, source), Verdict::Statement)
            }
            other => (Error::Failed(other.to_string()), Verdict::Statement),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        Error::from_driver(error).0
    }
}

/// SQLSTATE classes: <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn from_postgres(error: &PgDatabaseError) -> (Error, Verdict) {
    let code = error.code();
    match code {
        "23505" => {
            let name = error.constraint().unwrap_or_default();
            let conflict = conflict_by_index_name(name);
            let again = if name.ends_with("_pkey") { Verdict::Again } else { Verdict::Statement };
            (conflict, again)
        }
        "54000" if is_of_an_index(error) => {
            let index = error.constraint().map(str::to_string);
            (Error::TooLong { index, tables: Vec::new() }, Verdict::Again)
        }
        "40001" | "40P01" => (Error::Busy, Verdict::Again),
        "55P03" => (Error::Busy, Verdict::Waited),
        "57014" => (Error::Busy, Verdict::Statement),
        "53100" => (Error::Full, Verdict::Statement),
        "25P03" | "25P04" | "57P01" | "57P02" | "57P03" | "57P05" => {
            (Error::Unavailable(error.message().to_string()), Verdict::Lost)
        }
        _ if code.starts_with("08") || code.starts_with("53") => {
            (Error::Unavailable(error.message().to_string()), Verdict::Lost)
        }
        _ if code.starts_with("XX") => (Error::corrupt("?", "?", error.message()), Verdict::Lost),
        _ => (Error::Failed(format!("{code}: {}", error.message())), Verdict::Statement),
    }
}

/// Whether a limit is that of a row in an index: told by the place in PostgreSQL's source, as its words depend on the language.
fn is_of_an_index(error: &PgDatabaseError) -> bool {
    let is_place = |place: &str| place == "_bt_check_third_page" || place.starts_with("index_form_tuple");
    error.routine().is_some_and(is_place)
}

/// Result codes: <https://www.sqlite.org/rescode.html>. The low byte is the primary code.
fn from_sqlite(error: &dyn DatabaseError) -> (Error, Verdict) {
    let code: i32 = error.code().and_then(|code| code.parse().ok()).unwrap_or(1);
    if error.kind() == ErrorKind::UniqueViolation {
        return (conflict_by_message(error.message()), Verdict::Statement);
    }
    let message = error.message().to_string();
    match code & 0xff {
        5 | 6 => (Error::Busy, Verdict::Lost),
        9 => (Error::Busy, Verdict::Lost),
        13 => (Error::Full, Verdict::Lost),
        7 | 10 | 14 => (Error::Unavailable(message), Verdict::Lost),
        11 | 26 => (Error::corrupt("?", "?", message), Verdict::Lost),
        _ => (Error::Failed(message), Verdict::Statement),
    }
}

/// Unique indexes are named `TABLE__COLUMN__COLUMN`, so that PostgreSQL's report names the columns.
fn conflict_by_index_name(name: &str) -> Error {
    if let Some(table) = name.strip_suffix("_pkey") {
        return Error::Conflict { table: table.to_string(), columns: vec!["id".to_string()] };
    }
    let mut parts = name.split("__").map(str::to_string);
    Error::Conflict { table: parts.next().unwrap_or_default(), columns: parts.collect() }
}

/// `UNIQUE constraint failed: member.workspace, member.email`
fn conflict_by_message(message: &str) -> Error {
    let list = message.rsplit_once(": ").map_or(message, |(_, list)| list);
    let mut table = String::new();
    let mut columns = Vec::new();
    for item in list.split(", ") {
        if let Some((of, column)) = item.split_once('.') {
            table = of.to_string();
            columns.push(column.to_string());
        } else if let Some(name) = item.strip_prefix("index '") {
            return conflict_by_index_name(name.trim_end_matches('\''));
        }
    }
    Error::Conflict { table, columns }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_name_a_clash_alike() {
        let expected =
            Error::Conflict { table: "member".into(), columns: vec!["workspace".into(), "email".into()] };
        assert_eq!(conflict_by_message("UNIQUE constraint failed: member.workspace, member.email"), expected);
        assert_eq!(conflict_by_index_name("member__workspace__email"), expected);
        assert_eq!(
            conflict_by_message("UNIQUE constraint failed: index 'member__workspace__email'"),
            expected
        );
    }
}
