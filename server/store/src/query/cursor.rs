//! Where a page ended, so that the next one begins there whatever was written meanwhile.

use engine::field::Shape;
use engine::value::{Decimal, Id};
use sea_query::Value as Arg;
use serde::{Deserialize, Serialize};

use crate::cell::{scaled, unscaled};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::{Row, numeric};

/// The place after the last record of a page: its sort values and its id. It is for the caller that asked; give
/// it out sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    pub(super) keys: Vec<Key>,
    pub(super) id: Id,
}

/// One sort value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Key {
    Empty,
    Whole(i64),
    Text(String),
    Number(String),
}

impl Key {
    /// Reads the sort value of a row.
    pub(super) fn read(row: &Row, place: usize, shape: Shape) -> Result<Key> {
        Ok(match (shape, row) {
            (Shape::Text | Shape::LongText | Shape::Markup | Shape::Parts | Shape::Key | Shape::Keys, _) => {
                row.get::<Option<String>>(place)?.map_or(Key::Empty, Key::Text)
            }
            (Shape::Decimal(_), Row::Postgres(row)) => {
                numeric(row, place)?.map_or(Key::Empty, |number| Key::Number(number.to_string()))
            }
            (Shape::Decimal(scale), Row::Sqlite(_)) => match row.get::<Option<i64>>(place)? {
                Some(count) => Key::Number(unscaled(count.into(), scale)?.to_string()),
                None => Key::Empty,
            },
            (
                Shape::Bool
                | Shape::Day
                | Shape::Instant
                | Shape::TimeOfDay
                | Shape::Ref
                | Shape::Refs
                | Shape::Rows
                | Shape::Nothing,
                _,
            ) => row.get::<Option<i64>>(place)?.map_or(Key::Empty, Key::Whole),
        })
    }

    /// The value to compare with; `None` where it is empty.
    pub(super) fn bind(&self, dialect: Dialect, shape: Shape) -> Result<Option<Arg>> {
        let unfit = || Error::NotAskable { path: "cursor".to_string() };
        Ok(Some(match self {
            Key::Empty => return Ok(None),
            Key::Whole(number) => (*number).into(),
            Key::Text(text) => text.as_str().into(),
            Key::Number(text) => {
                let number: Decimal = text.parse().map_err(|_| unfit())?;
                match (shape, dialect) {
                    (Shape::Decimal(scale), Dialect::Sqlite) => {
                        let count = scaled(number, scale).and_then(|found| i64::try_from(found.floor).ok());
                        count.ok_or_else(unfit)?.into()
                    }
                    _ => number.into(),
                }
            }
        }))
    }
}
