//! Writing records: many at once in few statements.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use engine::access::Access;
use engine::field::Shape;
use engine::value::{Id, Row, Value, Values};
use sea_query::Value as Arg;

use super::Record;
use crate::cell;
use crate::connection::Tx;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::row::{Bind, args};
use crate::table::{Column, FormRef, Table};

/// What changes of a record: as it was read under lock, and as it is to be.
#[derive(Clone, Copy, Debug)]
pub struct Change<'r> {
    pub old: &'r Record,
    pub new: &'r Record,
}

/// Values in one statement at most: SQLite takes 32,766.
const MOST_VALUES: usize = 30_000;
/// Rows in one statement: more gain nothing, and equal statements are prepared once.
const MOST_ROWS: usize = 50;

/// Stores new records with their ids, versions and system fields as they are. Rows without an id get one.
///
/// # Errors
/// [`crate::Error::NotUnique`] when something unique is taken.
pub async fn insert<R>(tx: &mut Tx, _access: &Access, form: FormRef, records: &[R]) -> Result<()>
where
    R: Borrow<Record> + Sync,
{
    let records: Vec<&Record> = records.iter().map(<R as Borrow<Record>>::borrow).collect();
    let table = tx.table(form).await?;
    let mut writer = Writer { dialect: tx.dialect(), table: &table, tx };
    writer.insert_records(&records).await.map_err(|error| table.named(error))?;
    let children: Vec<(Id, &Values, &[Id])> = records
        .iter()
        .map(|record| (record.id, &record.values, record.system.collaborators.as_slice()))
        .collect();
    writer.insert_children(&children).await
}

/// Stores changed records. Only what differs is written; unique values that change are let go first, so that two
/// records may swap them.
///
/// # Errors
/// As [`insert`]; [`crate::Error::NotFound`] when a record is not there in its old version. SQLite is not asked where the
/// form has nothing unique: whoever changes a record has read it under lock, in the one transaction that writes.
pub async fn update(tx: &mut Tx, _access: &Access, form: FormRef, changes: &[Change<'_>]) -> Result<()> {
    let table = tx.table(form).await?;
    let mut writer = Writer { dialect: tx.dialect(), table: &table, tx };
    if changes.len() > 1 {
        writer.release_unique(changes).await.map_err(|error| table.named(error))?;
    }
    for change in changes {
        writer.tx.foreseen.writes(Some(change.old.id));
        writer.update_record(change, changes.len() > 1).await.map_err(|error| table.named(error))?;
        writer.update_children(change).await?;
        writer.tx.foreseen.writes(None);
    }
    Ok(())
}

/// Removes records for good, with all that belongs to them in the form's tables, what was put aside of them too.
pub async fn purge(tx: &mut Tx, _access: &Access, form: FormRef, ids: &[Id]) -> Result<u64> {
    let table = tx.table(form).await?;
    let children = table.children(tx).await?;
    let mut removed = 0;
    for id in ids {
        for name in &children {
            let sql = format!("DELETE FROM {name} WHERE workspace = ? AND record = ?");
            tx.execute(crate::connection::Sql::Template(sql), args![table.workspace, *id]).await?;
        }
        let sql = format!("DELETE FROM {} WHERE workspace = ? AND id = ?", table.name());
        removed += tx.execute(crate::connection::Sql::Template(sql), args![table.workspace, *id]).await?;
    }
    Ok(removed)
}

struct Writer<'w> {
    dialect: Dialect,
    table: &'w Table,
    tx: &'w mut Tx,
}

/// Rows for one table, all with the same columns.
struct Batch {
    /// `INSERT INTO t (columns) VALUES `
    head: String,
    columns: usize,
    rows: Vec<Vec<Arg>>,
}

impl Batch {
    fn new(table: &str, columns: &[String]) -> Batch {
        let (head, columns) = head(table, columns);
        Batch { head, columns, rows: Vec::new() }
    }

    /// The statements that insert it, some rows in each.
    fn statements(self) -> impl Iterator<Item = (String, Vec<Arg>)> {
        let Batch { head, columns, rows } = self;
        let most = (MOST_VALUES / columns.max(1)).clamp(1, MOST_ROWS);
        let marks = format!("({})", vec!["?"; columns].join(", "));
        let mut rows = rows.into_iter().peekable();
        std::iter::from_fn(move || {
            rows.peek()?;
            let chunk: Vec<Vec<Arg>> = rows.by_ref().take(most).collect();
            let sql = format!("{head}{}", vec![marks.as_str(); chunk.len()].join(", "));
            Some((sql, chunk.into_iter().flatten().collect()))
        })
    }
}

/// How a statement begins that inserts into these columns, and how many they are.
fn head(table: &str, columns: &[String]) -> (String, usize) {
    (format!("INSERT INTO {table} ({}) VALUES ", columns.join(", ")), columns.len())
}

impl Writer<'_> {
    async fn insert_records(&mut self, records: &[&Record]) -> Result<()> {
        let columns: Vec<&Column> = self.table.fields().filter(|column| column.is_own()).collect();
        let (head, width) = self.table.insert_head.get_or_init(|| {
            let system = ["id", "workspace", "version", "live", "created_at", "created_by"];
            let mut names: Vec<String> = system.into_iter().chain(CHANGEABLE).map(str::to_string).collect();
            for column in &columns {
                names.push(column.name());
                names.extend(column.companions());
            }
            head(&self.table.name(), &names)
        });
        let mut batch =
            Batch { head: head.clone(), columns: *width, rows: Vec::with_capacity(records.len()) };
        for record in records {
            let mut row = args![
                record.id,
                self.table.workspace,
                record.version,
                record.system.is_live(),
                record.system.created_at,
                record.system.created_by,
            ];
            row.extend(changeable(record));
            for column in &columns {
                self.push(&mut row, column, engine::value::get(&record.values, &column.path))?;
            }
            batch.rows.push(row);
        }
        self.run(batch).await
    }

    /// The columns of one field: its value, and the folded text and the sound where it has them.
    fn push(&self, row: &mut Vec<Arg>, column: &Column, value: &Value) -> Result<()> {
        row.push(cell::encode(self.dialect, column.shape, value)?);
        if column.has_companion() {
            row.push(cell::companion(column.shape, value));
        }
        if column.spelled {
            row.extend(cell::sound(value));
        }
        Ok(())
    }

    /// Rows of sub-forms and values of many-valued fields of new records.
    async fn insert_children(&mut self, records: &[(Id, &Values, &[Id])]) -> Result<()> {
        for column in self.table.fields().filter(|column| column.is_many()) {
            let mut batch = self.side_batch(column);
            for (record, values, collaborators) in records {
                let items: Vec<Value> = if column.number == 0 {
                    collaborators.iter().copied().map(Value::Ref).collect()
                } else {
                    engine::value::get(values, &column.path).items().to_vec()
                };
                self.push_items(&mut batch, column, *record, None, &items)?;
            }
            self.run_ahead(batch).await?;
        }
        for subform in self.table.subforms() {
            let mut rows: Vec<(Id, Id, i64, &Row)> = Vec::new();
            for (record, values, _) in records {
                for (position, row) in engine::value::get(values, &subform.path).rows().iter().enumerate() {
                    let id = row.id.unwrap_or_else(crate::ids::next);
                    rows.push((*record, id, position as i64, row));
                }
            }
            self.insert_rows(subform, &rows).await?;
        }
        Ok(())
    }

    async fn insert_rows(&mut self, subform: &Column, rows: &[(Id, Id, i64, &Row)]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut names = ["workspace", "record", "id", "position"].map(str::to_string).to_vec();
        let columns: Vec<&Column> = self.table.columns_of(&subform.path).collect();
        for column in columns.iter().filter(|column| column.shape.is_column()) {
            names.push(column.name());
            names.extend(column.companions());
        }
        let mut batch = Batch::new(&self.table.rows_name(subform), &names);
        for (record, id, position, row) in rows {
            let mut values = args![self.table.workspace, *record, *id, *position];
            for column in columns.iter().filter(|column| column.shape.is_column()) {
                self.push(&mut values, column, engine::value::get(&row.values, column.key()))?;
            }
            batch.rows.push(values);
        }
        self.run(batch).await?;
        for column in columns.iter().filter(|column| column.is_many()) {
            let mut batch = self.side_batch(column);
            for (record, id, _, row) in rows {
                let items = engine::value::get(&row.values, column.key()).items();
                self.push_items(&mut batch, column, *record, Some(*id), items)?;
            }
            self.run(batch).await?;
        }
        Ok(())
    }

    fn side_batch(&self, column: &Column) -> Batch {
        let columns = ["workspace", "record", "row", "position", "value"].map(str::to_string);
        Batch::new(&self.table.side_name(column), &columns)
    }

    fn push_items(
        &self,
        batch: &mut Batch,
        column: &Column,
        record: Id,
        row: Option<Id>,
        items: &[Value],
    ) -> Result<()> {
        let row = row.map_or(0, Id::as_i64);
        for (position, item) in items.iter().enumerate() {
            let value = cell::encode(self.dialect, column.shape, item)?;
            batch.rows.push(args![self.table.workspace, record, row, position as i64, value]);
        }
        Ok(())
    }

    /// Inserts records: something unique may refuse them, and where nothing is, nobody waits for it.
    async fn run(&mut self, batch: Batch) -> Result<()> {
        if self.table.unique.is_empty() {
            return self.run_ahead(batch).await;
        }
        for (sql, values) in batch.statements() {
            self.tx.execute(crate::connection::Sql::Template(sql), values).await?;
        }
        Ok(())
    }

    /// Inserts a batch that nothing refuses.
    async fn run_ahead(&mut self, batch: Batch) -> Result<()> {
        for (sql, values) in batch.statements() {
            self.tx.execute_ahead(crate::connection::Sql::Template(sql), values).await?;
        }
        Ok(())
    }

    /// Sets changing unique values to null, where another record of the same change set might take them.
    async fn release_unique(&mut self, changes: &[Change<'_>]) -> Result<()> {
        for set in &self.table.unique {
            let columns: Vec<&Column> =
                self.table.columns.iter().filter(|column| set.contains(&column.number)).collect();
            let moving = |change: &&Change| {
                change.old.system.is_live()
                    && columns.iter().any(|column| {
                        change.old.values.get(&column.path) != change.new.values.get(&column.path)
                    })
            };
            let moving: Vec<Id> = changes.iter().filter(moving).map(|change| change.old.id).collect();
            let (Some(first), true) = (columns.first(), moving.len() > 1) else { continue };
            for id in moving {
                let sql = format!(
                    "UPDATE {} SET {} = NULL WHERE workspace = ? AND id = ?",
                    self.table.name(),
                    first.name()
                );
                let sql = crate::connection::Sql::Template(sql);
                self.tx.execute(sql, args![self.table.workspace, id]).await?;
            }
        }
        Ok(())
    }

    /// Writes what differs. Where unique values were `released` for a swap they are written even where one comes back
    /// to what it was. A column that stands in the statement has its indexes written anew though its value stays, and
    /// every index is over `live`: that one above all is left out.
    async fn update_record(&mut self, change: &Change<'_>, released: bool) -> Result<()> {
        let Change { old, new } = change;
        let mut sets = vec!["version = ?".to_string()];
        let mut values = args![new.version];
        if old.system.is_live() != new.system.is_live() {
            sets.push("live = ?".to_string());
            values.push(new.system.is_live().bind());
        }
        for ((column, before), after) in CHANGEABLE.iter().zip(changeable(old)).zip(changeable(new)) {
            if before != after {
                sets.push(format!("{column} = ?"));
                values.push(after);
            }
        }
        let unique: Vec<i64> = match released {
            true => self.table.unique.iter().flatten().copied().collect(),
            false => Vec::new(),
        };
        let columns: Vec<&Column> = self.table.fields().filter(|column| column.is_own()).collect();
        for column in columns {
            let (before, after) = (old.values.get(&column.path), new.values.get(&column.path));
            if before == after && !unique.contains(&column.number) {
                continue;
            }
            sets.push(format!("{} = ?", column.name()));
            sets.extend(column.companions().into_iter().map(|name| format!("{name} = ?")));
            self.push(&mut values, column, after.unwrap_or(&Value::Empty))?;
        }
        let table = self.table.name();
        let sql =
            format!("UPDATE {table} SET {} WHERE workspace = ? AND id = ? AND version = ?", sets.join(", "));
        values.extend(args![self.table.workspace, old.id, old.version]);
        let sql = crate::connection::Sql::Template(sql);
        // SQLite's one writer has just read this version, in this transaction: it is there.
        if self.dialect == Dialect::Sqlite && self.table.unique.is_empty() {
            return self.tx.execute_ahead(sql, values).await;
        }
        self.tx.execute_one("record", sql, values).await
    }

    async fn update_children(&mut self, change: &Change<'_>) -> Result<()> {
        let Change { old, new } = change;
        for column in self.table.fields().filter(|column| column.is_many()) {
            let (before, after) = match column.number {
                0 => (old.value(&column.path), new.value(&column.path)),
                _ => {
                    let of = |record: &Record| engine::value::get(&record.values, &column.path).clone();
                    (of(old), of(new))
                }
            };
            if before.items() != after.items() {
                self.replace_items(column, new.id, None, after.items()).await?;
            }
        }
        for subform in self.table.subforms() {
            let rows = |record: &'_ Record| -> Vec<Row> {
                engine::value::get(&record.values, &subform.path).rows().to_vec()
            };
            let (before, after) = (rows(old), rows(new));
            if before != after {
                self.update_rows(subform, new.id, &before, &after).await?;
            }
        }
        Ok(())
    }

    async fn replace_items(
        &mut self,
        column: &Column,
        record: Id,
        row: Option<Id>,
        items: &[Value],
    ) -> Result<()> {
        let side = self.table.side_name(column);
        let sql = format!("DELETE FROM {side} WHERE workspace = ? AND record = ? AND row = ?");
        let key = args![self.table.workspace, record, row.map_or(0, Id::as_i64)];
        self.tx.execute(crate::connection::Sql::Template(sql), key).await?;
        let mut batch = self.side_batch(column);
        self.push_items(&mut batch, column, record, row, items)?;
        self.run(batch).await
    }

    async fn update_rows(
        &mut self,
        subform: &Column,
        record: Id,
        before: &[Row],
        after: &[Row],
    ) -> Result<()> {
        let known: BTreeMap<Id, (usize, &Row)> = before
            .iter()
            .enumerate()
            .filter_map(|(position, row)| row.id.map(|id| (id, (position, row))))
            .collect();
        let kept: Vec<Id> = after.iter().filter_map(|row| row.id).collect();
        for id in known.keys().filter(|id| !kept.contains(id)) {
            self.delete_row(subform, record, *id).await?;
        }
        let mut new = Vec::new();
        for (position, row) in after.iter().enumerate() {
            match row.id.and_then(|id| Some((id, known.get(&id)?))) {
                None => {
                    new.push((record, row.id.unwrap_or_else(crate::ids::next), position as i64, row));
                }
                Some((_, (place, old))) if *place == position && **old == *row => {}
                Some((id, (_, old))) => {
                    self.update_row(subform, (record, id, position as i64), old, row).await?;
                }
            }
        }
        self.insert_rows(subform, &new).await
    }

    async fn delete_row(&mut self, subform: &Column, record: Id, row: Id) -> Result<()> {
        let columns: Vec<&Column> =
            self.table.columns_of(&subform.path).filter(|column| column.is_many()).collect();
        for column in columns {
            self.replace_items(column, record, Some(row), &[]).await?;
        }
        let sql = format!(
            "DELETE FROM {} WHERE workspace = ? AND record = ? AND id = ?",
            self.table.rows_name(subform)
        );
        let key = args![self.table.workspace, record, row];
        self.tx.execute(crate::connection::Sql::Template(sql), key).await.map(drop)
    }

    async fn update_row(
        &mut self,
        subform: &Column,
        (record, id, position): (Id, Id, i64),
        old: &Row,
        new: &Row,
    ) -> Result<()> {
        let mut sets = vec!["position = ?".to_string()];
        let mut values = args![position];
        let columns: Vec<&Column> = self.table.columns_of(&subform.path).collect();
        for column in columns {
            let of = |row: &Row| engine::value::get(&row.values, column.key()).clone();
            let (before, after) = (of(old), of(new));
            if before == after {
                continue;
            }
            if column.is_many() {
                self.replace_items(column, record, Some(id), after.items()).await?;
            } else if column.shape != Shape::Nothing {
                sets.push(format!("{} = ?", column.name()));
                sets.extend(column.companions().into_iter().map(|name| format!("{name} = ?")));
                self.push(&mut values, column, &after)?;
            }
        }
        let rows = self.table.rows_name(subform);
        let sql =
            format!("UPDATE {rows} SET {} WHERE workspace = ? AND record = ? AND id = ?", sets.join(", "));
        values.extend(args![self.table.workspace, record, id]);
        self.tx.execute_one("row", crate::connection::Sql::Template(sql), values).await
    }
}

/// System columns that a change may touch.
const CHANGEABLE: [&str; 8] =
    ["updated_at", "updated_by", "owner", "department", "flow_state", "instance", "voided_at", "deleted_at"];

/// Their values, in that order.
fn changeable(record: &Record) -> Vec<Arg> {
    let system = &record.system;
    vec![
        system.updated_at.bind(),
        system.updated_by.bind(),
        system.owner.bind(),
        system.department.bind(),
        (&system.flow_state).bind(),
        system.instance.bind(),
        system.voided_at.bind(),
        system.deleted_at.bind(),
    ]
}
