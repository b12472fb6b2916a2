//! What a column holds, whichever the database, and how each of them writes it.

use engine::field::Shape;
use engine::value::Decimal;
use sea_query::Value as Arg;

use crate::cell::{scaled, unscaled};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::figure::in_place_of;
use crate::row::{Row, numeric};

/// How the values of a column lie in the databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Whole,
    Text,
    /// Told from others and no more: a long one is there by its hash on PostgreSQL.
    ToldApart,
    Bytes,
    /// A whole number of its last digit on SQLite, a NUMERIC on PostgreSQL.
    Number {
        scale: u32,
    },
    /// As a number; one beyond SQLite's is cut off there, and what it is made of is kept beside it.
    Figure {
        scale: u32,
    },
    /// Two whole numbers on SQLite, which add up without an end, and a NUMERIC on PostgreSQL.
    Sum {
        scale: u32,
    },
}

impl Holds {
    /// What a column of this shape holds.
    pub(super) fn of(shape: Shape) -> Holds {
        match shape {
            Shape::Text | Shape::LongText | Shape::Markup | Shape::Parts | Shape::Key | Shape::Keys => {
                Holds::Text
            }
            Shape::Decimal(scale) => Holds::Number { scale },
            Shape::Bool
            | Shape::Day
            | Shape::Instant
            | Shape::TimeOfDay
            | Shape::Ref
            | Shape::Refs
            | Shape::Rows
            | Shape::Nothing => Holds::Whole,
        }
    }
}

/// A column that is copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CopiedColumn {
    /// Without the letter that tells the parts of a sum.
    pub(super) name: String,
    pub(super) holds: Holds,
}

/// A value as it is in both databases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Empty,
    Whole(i64),
    Text(String),
    Bytes(Vec<u8>),
    /// How often the last digit of its column goes into it.
    Number(i128),
}

impl CopiedColumn {
    pub(super) fn new(name: impl Into<String>, holds: Holds) -> CopiedColumn {
        CopiedColumn { name: name.into(), holds }
    }

    /// The columns in which a database has it.
    pub(super) fn names(&self, dialect: Dialect) -> Vec<String> {
        let parts: &[&str] = match (self.holds, dialect) {
            (Holds::Sum { .. }, Dialect::Sqlite) => &["h", "l"],
            (Holds::Sum { .. }, Dialect::Postgres) => &["s"],
            _ => &[""],
        };
        parts.iter().map(|part| format!("\"{}{part}\"", self.name)).collect()
    }

    /// In how many columns a database has it.
    pub(super) fn width(&self, dialect: Dialect) -> usize {
        match (self.holds, dialect) {
            (Holds::Sum { .. }, Dialect::Sqlite) => 2,
            _ => 1,
        }
    }

    /// Reads it from its columns, which begin at `place`.
    pub(super) fn read(&self, row: &Row, place: usize) -> Result<Cell> {
        Ok(match self.holds {
            Holds::Whole => row.get::<Option<i64>>(place)?.map_or(Cell::Empty, Cell::Whole),
            Holds::Text | Holds::ToldApart => {
                row.get::<Option<String>>(place)?.map_or(Cell::Empty, Cell::Text)
            }
            Holds::Bytes => row.get::<Option<Vec<u8>>>(place)?.map_or(Cell::Empty, Cell::Bytes),
            Holds::Number { scale } => match row {
                Row::Sqlite(_) => self.count(row, place)?,
                Row::Postgres(row) => match numeric(row, place)? {
                    Some(number) => self.exactly(number, scale)?,
                    None => Cell::Empty,
                },
            },
            Holds::Figure { scale } => match row {
                Row::Sqlite(_) => self.count(row, place)?,
                Row::Postgres(row) => {
                    numeric(row, place)?.map_or(Cell::Empty, |number| cut_off(number, scale))
                }
            },
            Holds::Sum { scale } => match row {
                Row::Sqlite(_) => {
                    let (upper, lower): (i64, i64) = (row.get(place)?, row.get(place + 1)?);
                    Cell::Number((i128::from(upper) << 32) + i128::from(lower))
                }
                Row::Postgres(row) => self.exactly(numeric(row, place)?.unwrap_or_default(), scale)?,
            },
        })
    }

    fn count(&self, row: &Row, place: usize) -> Result<Cell> {
        Ok(row.get::<Option<i64>>(place)?.map_or(Cell::Empty, |count| Cell::Number(count.into())))
    }

    /// A number that has no digit beyond those of its column.
    fn exactly(&self, number: Decimal, scale: u32) -> Result<Cell> {
        match scaled(number, scale) {
            Some(found) if found.exact => Ok(Cell::Number(found.floor)),
            _ => Err(self.unfit(number)),
        }
    }

    /// What its columns are given to hold this.
    pub(super) fn args(&self, dialect: Dialect, cell: &Cell) -> Result<Vec<Arg>> {
        let one = match (self.holds, cell) {
            (Holds::Whole, Cell::Empty) => Arg::from(None::<i64>),
            (Holds::Whole, Cell::Whole(number)) => (*number).into(),
            (Holds::Text | Holds::ToldApart, Cell::Empty) => Arg::from(None::<String>),
            (Holds::ToldApart, Cell::Text(text)) if dialect == Dialect::Postgres => {
                in_place_of(text).unwrap_or_else(|| text.clone()).into()
            }
            (Holds::Text | Holds::ToldApart, Cell::Text(text)) => text.as_str().into(),
            (Holds::Bytes, Cell::Empty) => Arg::from(None::<Vec<u8>>),
            (Holds::Bytes, Cell::Bytes(bytes)) => bytes.clone().into(),
            (Holds::Number { .. } | Holds::Figure { .. }, Cell::Empty) => match dialect {
                Dialect::Sqlite => Arg::from(None::<i64>),
                Dialect::Postgres => Arg::from(None::<Decimal>),
            },
            (Holds::Number { scale } | Holds::Figure { scale }, Cell::Number(count)) => match dialect {
                Dialect::Sqlite => i64::try_from(*count).map_err(|_| self.unfit(count))?.into(),
                Dialect::Postgres => unscaled(*count, scale)?.into(),
            },
            (Holds::Sum { scale }, Cell::Number(sum)) => match dialect {
                Dialect::Sqlite => {
                    let upper = i64::try_from(sum >> 32).map_err(|_| self.unfit(sum))?;
                    return Ok(vec![upper.into(), ((sum & 0xffff_ffff) as i64).into()]);
                }
                Dialect::Postgres => unscaled(*sum, scale)?.into(),
            },
            _ => return Err(self.unfit("a value of another sort")),
        };
        Ok(vec![one])
    }

    /// What both databases have of a value that only one of them has whole.
    pub(super) fn settle(&self, cell: &mut Cell) {
        if self.holds == Holds::ToldApart
            && let Cell::Text(text) = cell
            && let Some(hash) = in_place_of(text)
        {
            *text = hash;
        }
    }

    fn unfit(&self, what: impl ToString) -> Error {
        Error::corrupt("?", &self.name, what)
    }
}

/// A figure as SQLite holds it, in the last digit of its column.
fn cut_off(number: Decimal, scale: u32) -> Cell {
    let limit = if number.is_sign_negative() { i64::MIN } else { i64::MAX };
    let count = scaled(number, scale).and_then(|found| i64::try_from(found.floor).ok());
    Cell::Number(count.unwrap_or(limit).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_in_parts_on_one_database_and_whole_on_the_other() {
        let column = CopiedColumn::new("c7", Holds::Sum { scale: 2 });
        assert_eq!(column.names(Dialect::Sqlite), ["\"c7h\"", "\"c7l\""]);
        assert_eq!(column.names(Dialect::Postgres), ["\"c7s\""]);
        for sum in [0, -1, 123_456, 1 << 40, -(1_i128 << 70)] {
            let args = column.args(Dialect::Sqlite, &Cell::Number(sum)).unwrap();
            let [Arg::BigInt(Some(upper)), Arg::BigInt(Some(lower))] = args[..] else { panic!("{args:?}") };
            assert_eq!((i128::from(upper) << 32) + i128::from(lower), sum);
        }
        let args = column.args(Dialect::Postgres, &Cell::Number(123_456)).unwrap();
        assert_eq!(args, [Arg::from("1234.56".parse::<Decimal>().unwrap())]);
    }

    #[test]
    fn a_number_with_more_digits_than_its_column_is_not_cut_off_in_silence() {
        let column = CopiedColumn::new("c7", Holds::Number { scale: 2 });
        assert_eq!(column.exactly("1.50".parse().unwrap(), 2).unwrap(), Cell::Number(150));
        assert_eq!(column.exactly("1.5000".parse().unwrap(), 2).unwrap(), Cell::Number(150));
        assert!(column.exactly("1.505".parse().unwrap(), 2).is_err());
        assert!(column.args(Dialect::Sqlite, &Cell::Number(i128::from(i64::MAX) + 1)).is_err());
        assert_eq!(cut_off("99999999999999999999".parse().unwrap(), 2), Cell::Number(i64::MAX.into()));
    }
}
