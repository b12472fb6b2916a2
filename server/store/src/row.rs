//! Rows of an answer, and values for a statement.

use engine::text::Language;
use engine::value::{Decimal, Id, Timestamp};
use sea_query::Value;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use crate::error::{Error, Result};

/// One row of an answer. Columns are read by place: a statement names its columns, so its author knows them.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub(crate) fn get<T: Column>(&self, place: usize) -> Result<T> {
        T::read(self, place)
    }
}

/// What can be read from a column.
pub(crate) trait Column: Sized {
    fn read(row: &Row, place: usize) -> Result<Self>;
}

macro_rules! plain_column {
    ($type:ty) => {
        impl Column for $type {
            fn read(row: &Row, place: usize) -> Result<$type> {
                Ok(match row {
                    Row::Sqlite(row) => row.try_get_unchecked::<$type, usize>(place)?,
                    Row::Postgres(row) => row.try_get_unchecked::<$type, usize>(place)?,
                })
            }
        }
    };
}

plain_column!(i64);
plain_column!(Option<i64>);
plain_column!(String);
plain_column!(Option<String>);
plain_column!(Vec<u8>);
plain_column!(Option<Vec<u8>>);

impl Column for bool {
    fn read(row: &Row, place: usize) -> Result<bool> {
        Ok(row.get::<i64>(place)? != 0)
    }
}

impl Column for Option<bool> {
    fn read(row: &Row, place: usize) -> Result<Option<bool>> {
        Ok(row.get::<Option<i64>>(place)?.map(|number| number != 0))
    }
}

impl Column for Option<Id> {
    fn read(row: &Row, place: usize) -> Result<Option<Id>> {
        let number: Option<i64> = row.get(place)?;
        number.map(|number| Id::from_i64(number).ok_or_else(|| damaged(place, "not an id"))).transpose()
    }
}

impl Column for Id {
    fn read(row: &Row, place: usize) -> Result<Id> {
        row.get::<Option<Id>>(place)?.ok_or_else(|| damaged(place, "an id is missing"))
    }
}

impl Column for Option<Timestamp> {
    fn read(row: &Row, place: usize) -> Result<Option<Timestamp>> {
        let micros: Option<i64> = row.get(place)?;
        micros
            .map(|micros| Timestamp::from_microsecond(micros).map_err(|error| damaged(place, error)))
            .transpose()
    }
}

impl Column for Timestamp {
    fn read(row: &Row, place: usize) -> Result<Timestamp> {
        row.get::<Option<Timestamp>>(place)?.ok_or_else(|| damaged(place, "an instant is missing"))
    }
}

/// A decimal of a column that PostgreSQL keeps as NUMERIC. SQLite's are scaled integers: see `dialect`.
pub(crate) fn numeric(row: &PgRow, place: usize) -> Result<Option<Decimal>> {
    Ok(row.try_get_unchecked::<Option<Decimal>, usize>(place)?)
}

fn damaged(place: usize, detail: impl ToString) -> Error {
    Error::corrupt("?", &place.to_string(), detail)
}

impl Column for Language {
    /// A tag that is not known any more reads as the product's first language.
    fn read(row: &Row, place: usize) -> Result<Language> {
        Ok(Language::from_tag(&row.get::<String>(place)?).unwrap_or_default())
    }
}

impl Column for Option<Language> {
    fn read(row: &Row, place: usize) -> Result<Option<Language>> {
        Ok(row.get::<Option<String>>(place)?.and_then(|tag| Language::from_tag(&tag)))
    }
}

/// What can be given to a statement.
pub(crate) trait Bind {
    fn bind(self) -> Value;
}

macro_rules! plain_bind {
    ($($type:ty),*) => {
        $(impl Bind for $type {
            fn bind(self) -> Value {
                Value::from(self)
            }
        })*
    };
}

plain_bind!(i64, Option<i64>, String, Option<String>, &str, Option<&str>, Vec<u8>, Option<Vec<u8>>, Decimal);

impl Bind for Value {
    fn bind(self) -> Value {
        self
    }
}

impl<T: Bind + Clone> Bind for &T {
    fn bind(self) -> Value {
        self.clone().bind()
    }
}

impl Bind for bool {
    fn bind(self) -> Value {
        Value::from(i64::from(self))
    }
}

impl Bind for Id {
    fn bind(self) -> Value {
        Value::from(self.as_i64())
    }
}

impl Bind for Option<Id> {
    fn bind(self) -> Value {
        Value::from(self.map(Id::as_i64))
    }
}

impl Bind for Timestamp {
    fn bind(self) -> Value {
        Value::from(self.as_microsecond())
    }
}

impl Bind for Option<Timestamp> {
    fn bind(self) -> Value {
        Value::from(self.map(Timestamp::as_microsecond))
    }
}

impl Bind for Language {
    fn bind(self) -> Value {
        Value::from(self.tag())
    }
}

impl Bind for Option<Language> {
    fn bind(self) -> Value {
        Value::from(self.map(Language::tag))
    }
}

/// The values of a statement, in the order of its question marks.
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::row::Bind::bind($value)),*]
    };
}
pub(crate) use args;
