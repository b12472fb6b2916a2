//! Bringing the tables of a form up to its published definition. While serving, DDL only adds: the column of a
//! dropped field stays until the purge, so that a field can come back with its values.

use std::collections::BTreeSet;

use engine::field::{FieldKind, Shape};
use engine::form::{Column as Field, Form, Kept, Takeover};
use engine::value::{Id, Timestamp};
use jiff::tz::TimeZone;
use serde_json::json;

use super::convert::Conversion;
use super::figure::{aside_name, aside_sql};
use super::{Column, SYSTEM_COLUMNS, has_aside, shape_name};
use crate::connection::{Reader, Tx};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::args;
use crate::workspace::Workspace;

/// Makes or extends the tables of `form`, so that they hold what it defines. The form's row must be there; call it in
/// the transaction that publishes.
///
/// A field that comes back with its former shape finds its values again. One that has changed its kind or its options since
/// `before`, the definition in force until now, takes over the values that fit: see [`conversions`]. The figures of rollups
/// are not filled: see [`crate::figure`]. Gives the paths of the fields that took values over.
pub async fn publish(
    tx: &mut Tx,
    workspace: Id,
    form: &Form,
    before: Option<&Form>,
    now: Timestamp,
) -> Result<BTreeSet<String>> {
    let id = form.id();
    let sql = "SELECT number FROM form WHERE workspace = ? AND id = ?";
    let row = tx.fetch_optional(sql, args![workspace, id]).await?;
    let number: i64 = row.ok_or(Error::NotFound { what: "form" })?.get(0)?;
    let mut publishing = Publishing { tx, workspace, form: id, number, now };
    create_record_table(publishing.tx, number).await?;
    let conversions = publishing.settle_columns(form, before).await?;
    let table = tx.table_changed(workspace, id).await?;
    let mut converted = BTreeSet::new();
    if !conversions.is_empty() {
        let zone = zone(tx, workspace).await?;
        for (conversion, to) in conversions {
            conversion.run(tx, &table, &to, &zone).await?;
            converted.insert(to.path);
        }
    }
    super::sound::settle(tx, &table, form, &converted).await?;
    super::index::settle(tx, &table, form).await.map_err(|error| table.named(error))?;
    tx.table_changed(workspace, id).await?;
    Ok(converted)
}

/// The fields whose values are taken over when `form` comes after `before`: publishing does what these say.
///
/// # Errors
/// When the database can't be read.
pub async fn conversions(
    db: &mut Reader,
    workspace: Id,
    form: &Form,
    before: &Form,
) -> Result<Vec<Conversion>> {
    let known = known(db, workspace, form.id()).await?;
    Ok(plan(&known, form, Some(before)).into_iter().filter_map(|place| place.conversion).collect())
}

/// The zone in which days and moments of a workspace are told apart.
async fn zone(db: &mut Reader, workspace: Id) -> Result<TimeZone> {
    let workspace = Workspace::find(db, workspace).await?;
    let zone = workspace.and_then(|workspace| TimeZone::get(&workspace.zone).ok());
    Ok(zone.unwrap_or(TimeZone::UTC))
}

struct Publishing<'t> {
    tx: &'t mut Tx,
    workspace: Id,
    form: Id,
    number: i64,
    now: Timestamp,
}

/// A column as `form_column` knows it, put aside or not.
pub(super) struct Known {
    pub(super) number: i64,
    pub(super) path: String,
    pub(super) shape: Shape,
    /// For the figure of a rollup: how it is kept.
    pub(super) figure: Option<Kept>,
    /// Whether its sound stands beside it.
    pub(super) spelled: bool,
    pub(super) dropped_at: Option<Timestamp>,
    /// Of the field that it was put aside for, if that is known.
    pub(super) kind: Option<FieldKind>,
}

impl Known {
    pub(super) fn column(&self) -> Column {
        let (figure, spelled) = (self.figure, self.spelled);
        Column { figure, spelled, ..Column::plain(self.number, &self.path, self.shape) }
    }

    fn is_aside(&self) -> bool {
        self.dropped_at.is_some()
    }
}

/// Every column that the form has or had.
pub(super) async fn known(db: &mut Reader, workspace: Id, form: Id) -> Result<Vec<Known>> {
    let sql = "SELECT number, path, shape, scale, figure, counted, counted_scale, spelled, dropped_at, kind \
               FROM form_column WHERE workspace = ? AND form = ? ORDER BY number";
    let rows = db.fetch_all(sql, args![workspace, form]).await?;
    rows.iter()
        .map(|row| {
            let column = Column::read(row)?;
            let kind: Option<String> = row.get(9)?;
            Ok(Known {
                number: column.number,
                path: column.path,
                shape: column.shape,
                figure: column.figure,
                spelled: column.spelled,
                dropped_at: row.get(8)?,
                kind: kind.as_deref().and_then(kind_from),
            })
        })
        .collect()
}

/// A kind as it is kept with a column that is put aside.
fn kind_text(kind: &FieldKind) -> String {
    json!({"kind": kind.name(), "options": kind.options()}).to_string()
}

fn kind_from(text: &str) -> Option<FieldKind> {
    let mut json: serde_json::Value = serde_json::from_str(text).ok()?;
    let options = json.get_mut("options").map(serde_json::Value::take).unwrap_or_default();
    FieldKind::from_parts(json.get("kind")?.as_str()?, options).ok()
}

/// Where a field's values will lie, and where they come from.
struct Place {
    path: String,
    shape: Shape,
    figure: Option<Kept>,
    /// The column that holds them; a new one without it.
    number: Option<i64>,
    conversion: Option<Conversion>,
}

/// Where everything will lie; sub-forms first, since their columns need their tables.
fn plan(known: &[Known], form: &Form, before: Option<&Form>) -> Vec<Place> {
    let mut wanted: Vec<&Field> =
        form.all_columns().filter(|field| field.stored_shape() != Shape::Nothing).collect();
    let comes_later = |field: &Field| field.shape != Shape::Rows;
    wanted.sort_by(|a, b| comes_later(a).cmp(&comes_later(b)).then_with(|| a.path.cmp(&b.path)));
    let former = |field: &Field| before.and_then(|before| before.column(&field.path));
    wanted.into_iter().map(|field| place(known, former(field), field)).collect()
}

fn place(known: &[Known], before: Option<&Field>, after: &Field) -> Place {
    // What a figure shows was never the record's own, to be taken over from or into.
    let of_path = || known.iter().filter(|column| column.path == after.path && column.figure == after.kept);
    let at = |number: Option<i64>, conversion: Option<Conversion>| {
        let (path, shape, figure) = (after.path.clone(), after.stored_shape(), after.kept);
        Place { path, shape, figure, number, conversion }
    };
    if after.kept.is_some() {
        return at(of_path().next().map(|column| column.number), None);
    }
    let active = of_path().find(|column| !column.is_aside());
    let takeover = active.and(before).and_then(|before| Takeover::of(before, after));
    let aside = of_path().filter(|column| column.is_aside() && column.shape == after.shape);
    let aside = aside.max_by_key(|column| (column.dropped_at, column.number));
    if let Some(active) = active.filter(|active| active.shape == after.shape && takeover.is_none()) {
        let back = before.zip(aside).and_then(|(before, aside)| coming_back(active, aside, before, after));
        return match back {
            Some(conversion) => at(aside.map(|aside| aside.number), Some(conversion)),
            None => at(Some(active.number), None),
        };
    }
    match (active, takeover) {
        (Some(active), Some(takeover)) => {
            let conversion = Conversion::new(active.column(), takeover);
            let kind = aside.and_then(|aside| Some((aside.column(), aside.kind.as_ref()?)));
            let conversion = match (kind, before) {
                (Some((column, kind)), Some(before)) => conversion.over(column, kind, before, after),
                (Some(_) | None, _) => conversion,
            };
            at(aside.map(|aside| aside.number), Some(conversion))
        }
        // It was taken out and comes back, perhaps as something else.
        (None, _) => {
            let changed = aside.and_then(|aside| {
                let takeover = Takeover::between(aside.kind.as_ref()?, &after.field.kind)?;
                Some(Conversion::new(aside.column(), takeover))
            });
            match changed {
                Some(conversion) => at(None, Some(conversion)),
                None => at(aside.map(|aside| aside.number), None),
            }
        }
        (Some(_), None) => at(aside.map(|aside| aside.number), None),
    }
}

/// The way back of what was lost when the field lost some of its options, which it is given again: no value of now changes.
fn coming_back(active: &Known, aside: &Known, before: &Field, after: &Field) -> Option<Conversion> {
    let (was, is) = (&before.field.kind, &after.field.kind);
    let kind = aside.kind.as_ref().filter(|kind| was != is && Takeover::between(kind, was).is_some())?;
    let conversion = Conversion::new(active.column(), Takeover::same(is));
    Some(conversion.over(aside.column(), kind, before, after))
}

/// Makes the table of a form's records, with what every record has.
pub(super) async fn create_record_table(tx: &mut Tx, number: i64) -> Result<()> {
    let (id, key) = match tx.dialect() {
        Dialect::Sqlite => ("INTEGER PRIMARY KEY", ""),
        Dialect::Postgres => ("BIGINT NOT NULL", ", PRIMARY KEY (workspace, id)"),
    };
    let columns = SYSTEM_COLUMNS.map(|(name, of)| format!("{name} {of}")).join(", ");
    tx.batch(format!("CREATE TABLE IF NOT EXISTS t{number} (id {id}, {columns}{key})")).await?;
    create_side_table(tx, number, 0, Shape::Refs).await
}

/// Makes the table of a sub-form's rows.
pub(super) async fn create_rows_table(tx: &mut Tx, number: i64, column: i64) -> Result<()> {
    let name = format!("t{number}_r{column}");
    let (key, tail) = match tx.dialect() {
        Dialect::Sqlite => ("record, id", " WITHOUT ROWID"),
        Dialect::Postgres => ("workspace, record, id", ""),
    };
    tx.batch(format!(
        "CREATE TABLE IF NOT EXISTS {name} (workspace BIGINT NOT NULL, record BIGINT NOT NULL, \
         id BIGINT NOT NULL, position BIGINT NOT NULL, PRIMARY KEY ({key})){tail}"
    ))
    .await
}

/// Makes the table with the values of a many-valued field.
pub(super) async fn create_side_table(tx: &mut Tx, number: i64, column: i64, shape: Shape) -> Result<()> {
    let name = format!("t{number}_m{column}");
    let (key, index, tail) = match tx.dialect() {
        Dialect::Sqlite => ("record, row, position", "value, record", " WITHOUT ROWID"),
        Dialect::Postgres => ("workspace, record, row, position", "workspace, value, record", ""),
    };
    let value = tx.dialect().column_type(shape);
    tx.batch(format!(
        "CREATE TABLE IF NOT EXISTS {name} (workspace BIGINT NOT NULL, record BIGINT NOT NULL, \
         row BIGINT NOT NULL, position BIGINT NOT NULL, value {value} NOT NULL, PRIMARY KEY ({key})){tail}; \
         CREATE INDEX IF NOT EXISTS {name}_value ON {name} ({index})"
    ))
    .await
}

impl Publishing<'_> {
    /// Makes the columns that are missing and puts aside those that are no longer wanted; answers which columns are to be
    /// filled with the values of others.
    async fn settle_columns(
        &mut self,
        form: &Form,
        before: Option<&Form>,
    ) -> Result<Vec<(Conversion, Column)>> {
        let mut known = known(self.tx, self.workspace, self.form).await?;
        let mut next = known.iter().map(|column| column.number).max().unwrap_or(0) + 1;
        let mut used = BTreeSet::new();
        let mut conversions = Vec::new();
        for place in plan(&known, form, before) {
            let (shape, figure) = (place.shape, place.figure);
            let number = match place.number {
                Some(number) => number,
                None => {
                    let column = Column { figure, ..Column::plain(next, &place.path, shape) };
                    self.add(&column, &known).await?;
                    let (path, spelled, dropped_at, kind) = (column.path, false, None, None);
                    known.push(Known { number: next, path, shape, figure, spelled, dropped_at, kind });
                    next += 1;
                    next - 1
                }
            };
            if let Some(column) = known.iter_mut().find(|column| column.number == number)
                && column.dropped_at.take().is_some()
            {
                self.put_aside(number, None, None).await?;
            }
            used.insert(number);
            let to = Column::plain(number, &place.path, shape);
            conversions.extend(place.conversion.map(|conversion| (conversion, to)));
        }
        for column in known.iter().filter(|column| !column.is_aside() && !used.contains(&column.number)) {
            let kind = before.and_then(|before| before.column(&column.path));
            let kind = kind.map(|field| kind_text(&field.field.kind));
            self.put_aside(column.number, Some(self.now), kind).await?;
            // A figure that comes back is made anew.
            if column.figure.is_some_and(|kept| has_aside(kept.function)) {
                let name = aside_name(self.number, column.number);
                self.tx.batch(format!("DELETE FROM {name}")).await?;
            }
        }
        Ok(conversions)
    }

    async fn add(&mut self, column: &Column, known: &[Known]) -> Result<()> {
        let Some((shape, scale)) = shape_name(column.shape) else { return Ok(()) };
        let counted = column.figure.and_then(|kept| shape_name(kept.counted));
        let sql = "INSERT INTO form_column \
                   (workspace, form, number, path, shape, scale, figure, counted, counted_scale) \
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let values = args![
            self.workspace,
            self.form,
            column.number,
            &column.path,
            shape,
            scale,
            column.figure.map(|kept| kept.function.name()),
            counted.map(|(name, _)| name),
            counted.map_or(0, |(_, scale)| scale),
        ];
        self.tx.execute(sql, values).await?;
        if let Some(sql) = aside_sql(self.tx.dialect(), self.number, column) {
            self.tx.batch(sql).await?;
        }
        match column.shape {
            Shape::Rows => create_rows_table(self.tx, self.number, column.number).await,
            Shape::Keys | Shape::Refs => {
                create_side_table(self.tx, self.number, column.number, column.shape).await
            }
            _ => self.add_column(column, known).await,
        }
    }

    async fn add_column(&mut self, column: &Column, known: &[Known]) -> Result<()> {
        let table = match column.subform() {
            None => format!("t{}", self.number),
            Some(subform) => {
                let rows =
                    |known: &&Known| known.path == subform && known.shape == Shape::Rows && !known.is_aside();
                let rows = known.iter().find(rows).ok_or(Error::NotFound { what: "sub-form" })?;
                format!("t{}_r{}", self.number, rows.number)
            }
        };
        for definition in column.definitions(self.tx.dialect()) {
            self.tx.batch(format!("ALTER TABLE {table} ADD COLUMN {definition}")).await?;
        }
        Ok(())
    }

    /// Puts a column aside, with the kind of its field, or takes it back.
    async fn put_aside(&mut self, number: i64, at: Option<Timestamp>, kind: Option<String>) -> Result<()> {
        let sql =
            "UPDATE form_column SET dropped_at = ?, kind = ? WHERE workspace = ? AND form = ? AND number = ?";
        self.tx.execute(sql, args![at, kind, self.workspace, self.form, number]).await.map(drop)
    }
}
