//! Where SQLite and PostgreSQL differ. Ten functions at most: what does not fit here is written portably.

use std::borrow::Cow;

use engine::field::Shape;
use sea_query::{PostgresQueryBuilder, SelectStatement, SqliteQueryBuilder, Values};

/// Which of the two databases a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// A statement with `?` for each value, as this database writes it.
    pub(crate) fn placeholders(self, sql: impl Into<Cow<'static, str>>) -> Cow<'static, str> {
        match self {
            Dialect::Sqlite => sql.into(),
            Dialect::Postgres => numbered(&sql.into()).into(),
        }
    }

    /// The text and values of a statement that was put together.
    pub(crate) fn select(self, statement: &SelectStatement) -> (String, Values) {
        match self {
            Dialect::Sqlite => statement.build(SqliteQueryBuilder),
            Dialect::Postgres => statement.build(PostgresQueryBuilder),
        }
    }

    /// The type of a column, or of a side table's values, of this shape. Texts compare by code point on both.
    pub(crate) fn column_type(self, shape: Shape) -> &'static str {
        match (self, shape) {
            (
                Dialect::Sqlite,
                Shape::Text | Shape::LongText | Shape::Markup | Shape::Parts | Shape::Key | Shape::Keys,
            ) => "TEXT",
            (
                Dialect::Postgres,
                Shape::Text | Shape::LongText | Shape::Markup | Shape::Parts | Shape::Key | Shape::Keys,
            ) => "TEXT COLLATE \"C\"",
            (Dialect::Postgres, Shape::Decimal(_)) => "NUMERIC",
            (
                _,
                Shape::Bool
                | Shape::Decimal(_)
                | Shape::Day
                | Shape::Instant
                | Shape::TimeOfDay
                | Shape::Ref
                | Shape::Refs
                | Shape::Rows
                | Shape::Nothing,
            ) => "BIGINT",
        }
    }

    /// What a SELECT ends with to keep others from changing its rows until the transaction ends.
    /// SQLite needs nothing: its one writer is alone. Those who only link to the rows are not kept from it: somebody who does
    /// both would wait for others who do, and they for them (decision 0061).
    pub(crate) fn row_lock(self, shared: bool) -> &'static str {
        match (self, shared) {
            (Dialect::Sqlite, _) => "",
            (Dialect::Postgres, true) => " FOR SHARE",
            (Dialect::Postgres, false) => " FOR NO KEY UPDATE",
        }
    }

    /// As `row_lock`, passing over rows that somebody else has.
    pub(crate) fn skip_locked(self) -> &'static str {
        match self {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Names the index that SQLite is to use after the name of a table, where its planner would walk over the whole table.
    /// PostgreSQL finds it by itself.
    pub(crate) fn by_index(self, name: &str) -> String {
        match self {
            Dialect::Sqlite => format!(" INDEXED BY {name}"),
            Dialect::Postgres => String::new(),
        }
    }

    /// The function that says at which letter a text holds another, 0 where it does not.
    pub(crate) fn place_in(self) -> &'static str {
        match self {
            Dialect::Sqlite => "instr",
            Dialect::Postgres => "strpos",
        }
    }

    /// The text of a migration for this database. What only one understands stands in comments `/* sqlite: … */` and
    /// `/* postgres: … */`, which the other skips.
    pub(crate) fn migration(self, sql: &str) -> String {
        match self {
            Dialect::Sqlite => unwrap_comments(sql, "/* sqlite:"),
            Dialect::Postgres => unwrap_comments(sql, "/* postgres:"),
        }
    }
}

fn numbered(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len() + 16);
    for (number, part) in sql.split('?').enumerate() {
        if number > 0 {
            text.push('$');
            text.push_str(&number.to_string());
        }
        text.push_str(part);
    }
    text
}

fn unwrap_comments(sql: &str, mark: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once(mark) {
        text.push_str(before);
        let (inside, behind) = after.split_once("*/").unwrap_or((after, ""));
        text.push_str(inside);
        rest = behind;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_marks_become_numbers() {
        assert_eq!(Dialect::Postgres.placeholders("a = ? AND b IN (?, ?)"), "a = $1 AND b IN ($2, $3)");
        assert_eq!(Dialect::Sqlite.placeholders("a = ?"), "a = ?");
    }

    #[test]
    fn each_database_reads_its_own_comments_alone() {
        let sql = "CREATE TABLE x (a BIGINT) /* sqlite: WITHOUT ROWID */;";
        assert_eq!(Dialect::Sqlite.migration(sql), "CREATE TABLE x (a BIGINT)  WITHOUT ROWID ;");
        assert_eq!(Dialect::Postgres.migration(sql), sql);
        let sql = "/* sqlite: A; */ /* postgres: B; */ C;";
        assert_eq!(Dialect::Sqlite.migration(sql), " A;  /* postgres: B; */ C;");
        assert_eq!(Dialect::Postgres.migration(sql), "/* sqlite: A; */  B;  C;");
    }
}
