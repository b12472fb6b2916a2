//! Fields that change their kind or their options: the values that fit are taken over into another column. The old one
//! stays as it was until the purge, and what lies in it comes back with the former kind wherever nothing has changed since.

use std::collections::VecDeque;

use engine::field::FieldKind;
use engine::form::{Column as Field, TakenOver, Takeover};
use engine::value::{Id, Value};
use jiff::tz::TimeZone;

use super::{Column, FormRef, Table};
use crate::cell::{self, SEPARATOR};
use crate::connection::{Reader, Sql, Tx};
use crate::error::{Error, Result};
use crate::row::args;

/// A field whose values are taken over.
#[derive(Clone, Debug)]
pub struct Conversion {
    from: Column,
    takeover: Takeover,
    aside: Option<Aside>,
}

/// What the column that is filled holds from a former time.
#[derive(Clone, Debug)]
struct Aside {
    column: Column,
    /// What its values became when they were put aside; `None` where they stayed the same.
    since: Option<Takeover>,
    /// What they become when they are back.
    back: Option<Takeover>,
}

/// What becomes of one stored value.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    pub record: Id,
    /// The row, in a sub-form.
    pub row: Option<Id>,
    pub before: Value,
    pub after: TakenOver,
    /// Whether it is what the record held before the field was changed the other way.
    pub is_back: bool,
    /// What lies at its new place already.
    former: Value,
}

/// A record and its row; 0 outside sub-forms.
type Place = (i64, i64);

/// Values in one step: a form of a million records is never in memory as a whole.
const STEP: usize = 1000;

/// How far a conversion was looked at.
#[derive(Debug, Default)]
pub struct Steps {
    from: Walk,
    aside: Walk,
}

/// The filled values of a column, read step by step.
#[derive(Debug, Default)]
struct Walk {
    after: Place,
    read: VecDeque<(Place, Value)>,
    ended: bool,
}

impl Walk {
    async fn go_on(&mut self, db: &mut Reader, table: &Table, column: &Column) -> Result<()> {
        if !self.read.is_empty() || self.ended {
            return Ok(());
        }
        let step = read(db, table, column, self.after).await?;
        self.ended = step.len() < STEP;
        if let Some((place, _)) = step.last() {
            self.after = *place;
        }
        self.read = step.into();
        Ok(())
    }

    fn place(&self) -> Option<Place> {
        self.read.front().map(|(place, _)| *place)
    }

    /// The value at a place; nothing where the next one is elsewhere.
    fn take(&mut self, place: Place) -> Value {
        if self.place() != Some(place) {
            return Value::Empty;
        }
        self.read.pop_front().map(|(_, value)| value).unwrap_or_default()
    }
}

impl Conversion {
    pub(super) fn new(from: Column, takeover: Takeover) -> Conversion {
        Conversion { from, takeover, aside: None }
    }

    /// The same, into a column that holds values of `kind` from before the field changed from it to `before`.
    pub(super) fn over(self, column: Column, kind: &FieldKind, before: &Field, after: &Field) -> Conversion {
        let since = Takeover::between(kind, &before.field.kind);
        let back = Takeover::between(kind, &after.field.kind);
        Conversion { aside: Some(Aside { column, since, back }), ..self }
    }

    /// The path of the field.
    pub fn path(&self) -> &str {
        &self.from.path
    }

    /// The next values and what becomes of them; none at the end.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn look(
        &self,
        db: &mut Reader,
        form: FormRef,
        steps: &mut Steps,
        zone: &TimeZone,
    ) -> Result<Vec<Taken>> {
        let table = db.table(form).await?;
        self.next(db, &table, steps, zone).await
    }

    async fn next(
        &self,
        db: &mut Reader,
        table: &Table,
        steps: &mut Steps,
        zone: &TimeZone,
    ) -> Result<Vec<Taken>> {
        let mut taken = Vec::new();
        while taken.len() < STEP {
            steps.from.go_on(db, table, &self.from).await?;
            if let Some(aside) = &self.aside {
                steps.aside.go_on(db, table, &aside.column).await?;
            }
            let Some(place) = steps.from.place().into_iter().chain(steps.aside.place()).min() else { break };
            let (now, former) = (steps.from.take(place), steps.aside.take(place));
            taken.push(self.becomes(place, now, former, zone)?);
        }
        Ok(taken)
    }

    fn becomes(&self, place: Place, now: Value, former: Value, zone: &TimeZone) -> Result<Taken> {
        let plain = self.takeover.value(&now, zone);
        let through = |takeover: &Option<Takeover>, value: &Value| match takeover {
            None => TakenOver::Kept(value.clone()),
            Some(takeover) => takeover.value(value, zone),
        };
        let back = self.aside.as_ref().filter(|_| !former.is_empty()).and_then(|aside| {
            let untouched = through(&aside.since, &former).value() == now;
            untouched.then(|| through(&aside.back, &former))
        });
        let is_back = back.as_ref().is_some_and(|back| back.clone().value() != plain.clone().value());
        let after = back.unwrap_or(plain);
        let (record, row) = place;
        let record = Id::from_i64(record).ok_or_else(|| Error::corrupt("?", "id", record))?;
        Ok(Taken { record, row: Id::from_i64(row).filter(|_| row != 0), before: now, after, is_back, former })
    }

    /// Fills the column `to`. What is in it from a former time goes, unless it comes back.
    pub(super) async fn run(&self, tx: &mut Tx, table: &Table, to: &Column, zone: &TimeZone) -> Result<()> {
        if self.aside.is_none() {
            clear(tx, table, to).await?;
        }
        let mut steps = Steps::default();
        loop {
            let step = self.next(tx, table, &mut steps, zone).await?;
            if step.is_empty() {
                return Ok(());
            }
            for taken in step {
                let value = taken.after.value();
                if value != taken.former {
                    let place = (taken.record.as_i64(), taken.row.map_or(0, Id::as_i64));
                    write(tx, table, to, place, &value).await?;
                }
            }
        }
    }
}

/// The filled values of a field as it is stored now, with their records and rows, after a place: of all records, drafts and
/// those in the bin among them.
///
/// # Errors
/// When the database can't be read.
pub async fn values(
    db: &mut Reader,
    form: FormRef,
    path: &str,
    after: Option<(Id, Option<Id>)>,
) -> Result<Vec<(Id, Option<Id>, Value)>> {
    let table = db.table(form).await?;
    let Some(column) = table.column(path) else { return Ok(Vec::new()) };
    let after = after.map_or((0, 0), |(record, row)| (record.as_i64(), row.map_or(0, Id::as_i64)));
    let step = read(db, &table, column, after).await?;
    step.into_iter()
        .map(|((record, row), value)| {
            let record = Id::from_i64(record).ok_or_else(|| Error::corrupt("?", "id", record))?;
            Ok((record, Id::from_i64(row).filter(|_| row != 0), value))
        })
        .collect()
}

/// Writes values of a field that were computed again, each with its record and in a sub-form its row. No version is raised.
///
/// # Errors
/// [`Error::NotUnique`] where values that have to be told apart become the same.
pub async fn fill(tx: &mut Tx, form: FormRef, path: &str, values: &[(Id, Option<Id>, Value)]) -> Result<()> {
    let table = tx.table(form).await?;
    let Some(column) = table.column(path) else { return Ok(()) };
    for (record, row, value) in values {
        let place = (record.as_i64(), row.map_or(0, Id::as_i64));
        write(tx, &table, column, place, value).await.map_err(|error| table.named(error))?;
    }
    Ok(())
}

/// Filled values of a column after a place. The bound on the record stands by itself, so that a step is sought and not counted
/// off from the first record.
async fn read(db: &mut Reader, table: &Table, column: &Column, after: Place) -> Result<Vec<(Place, Value)>> {
    let sql = if column.is_many() {
        let side = table.side_name(column);
        format!(
            "SELECT record, row, string_agg(CAST(value AS TEXT), '{SEPARATOR}' ORDER BY position) \
             FROM {side} WHERE workspace = ? AND record >= ? AND (record > ? OR row > ?) \
             GROUP BY record, row ORDER BY record, row LIMIT {STEP}"
        )
    } else {
        let (holder, name) = (table.holder(column), column.name());
        let in_rows = column.subform().is_some();
        let (record, row) = if in_rows { ("record", "id") } else { ("id", "0") };
        let order = if in_rows { "record, id" } else { "id" };
        format!(
            "SELECT {record}, {row}, {name} FROM {holder} WHERE workspace = ? AND {name} IS NOT NULL \
             AND {record} >= ? AND ({record} > ? OR {row} > ?) ORDER BY {order} LIMIT {STEP}"
        )
    };
    let values = args![table.workspace, after.0, after.0, after.1];
    let rows = db.fetch_all(Sql::Template(sql), values).await?;
    rows.iter()
        .map(|row| {
            let place: Option<i64> = row.get(1)?;
            Ok(((row.get(0)?, place.unwrap_or(0)), cell::decode(row, 2, column.shape)?))
        })
        .collect()
}

async fn clear(tx: &mut Tx, table: &Table, to: &Column) -> Result<()> {
    if to.is_many() {
        return tx.batch(format!("DELETE FROM {}", table.side_name(to))).await;
    }
    let mut sets = vec![format!("{} = NULL", to.name())];
    sets.extend(to.folded_name().map(|name| format!("{name} = NULL")));
    let (holder, sets) = (table.holder(to), sets.join(", "));
    tx.batch(format!("UPDATE {holder} SET {sets} WHERE {} IS NOT NULL", to.name())).await
}

async fn write(tx: &mut Tx, table: &Table, to: &Column, (record, row): Place, value: &Value) -> Result<()> {
    let dialect = tx.dialect();
    if to.is_many() {
        let side = table.side_name(to);
        let sql = format!("DELETE FROM {side} WHERE workspace = ? AND record = ? AND row = ?");
        tx.execute(Sql::Template(sql), args![table.workspace, record, row]).await?;
        let sql =
            format!("INSERT INTO {side} (workspace, record, row, position, value) VALUES (?, ?, ?, ?, ?)");
        for (position, item) in value.items().iter().enumerate() {
            let item = cell::encode(dialect, to.shape, item)?;
            let values = args![table.workspace, record, row, position as i64, item];
            tx.execute(Sql::Template(sql.clone()), values).await?;
        }
        return Ok(());
    }
    let mut sets = vec![format!("{} = ?", to.name())];
    let mut values = vec![cell::encode(dialect, to.shape, value)?];
    if let Some(folded) = to.folded_name() {
        sets.push(format!("{folded} = ?"));
        values.push(cell::companion(to.shape, value));
    }
    values.extend(args![table.workspace, record]);
    let mut key = "workspace = ? AND id = ?";
    if to.subform().is_some() {
        key = "workspace = ? AND record = ? AND id = ?";
        values.push(row.into());
    }
    let sql = format!("UPDATE {} SET {} WHERE {key}", table.holder(to), sets.join(", "));
    tx.execute(Sql::Template(sql), values).await.map(drop)
}

impl Table {
    /// The table that a field's column is in.
    fn holder(&self, column: &Column) -> String {
        match column.subform().and_then(|subform| self.column(subform)) {
            Some(subform) => self.rows_name(subform),
            None => self.name(),
        }
    }
}
