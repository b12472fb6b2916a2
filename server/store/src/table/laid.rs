//! The tables of a form as they are laid out, with the columns of fields that it no longer has: what is copied into another
//! database, and how they are made there under the same numbers.

use std::collections::BTreeMap;

use engine::field::{RollupFn, Shape};
use engine::form::Kept;
use engine::value::Id;

use super::figure::{Aside, aside, aside_name, aside_sql};
use super::index::{Wanted, create, parts, unique_columns};
use super::long::has_room;
use super::publish::{create_record_table, create_rows_table, create_side_table, known};
use super::{Column, SYSTEM_COLUMNS, has_total, scale_of};
use crate::connection::{Reader, Tx};
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::row::args;

/// What a form has in the database.
#[derive(Clone, Debug)]
pub(crate) struct Laid {
    workspace: Id,
    form: Id,
    number: i64,
    /// Every column that the form has or had, sub-forms first.
    columns: Vec<Column>,
}

/// One of its tables.
pub(crate) struct LaidTable<'a> {
    pub(crate) name: String,
    /// What it has whatever the form defines.
    pub(crate) fixed: Vec<(&'static str, Shape)>,
    /// The fields whose values lie in it.
    pub(crate) fields: Vec<&'a Column>,
    /// Whether its texts are only told from each other.
    pub(crate) tells_apart: bool,
}

impl LaidTable<'_> {
    fn new(name: String, fixed: Vec<(&'static str, Shape)>) -> Self {
        LaidTable { name, fixed, fields: Vec::new(), tells_apart: false }
    }
}

impl Laid {
    /// Those of every form that was ever published, in the recycle bin too.
    pub(crate) async fn all(db: &mut Reader) -> Result<Vec<Laid>> {
        let sql = "SELECT workspace, id, number FROM form WHERE version > 0 ORDER BY number";
        let mut all = Vec::new();
        for row in db.fetch_all(sql, args![]).await? {
            let (workspace, form, number): (Id, Id, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let known = known(db, workspace, form).await?;
            let mut columns: Vec<Column> = known.iter().map(|known| known.column()).collect();
            columns.sort_by_key(|column| (column.shape != Shape::Rows, column.number));
            all.push(Laid { workspace, form, number, columns });
        }
        Ok(all)
    }

    /// The tables, each with what lies in it.
    pub(crate) fn tables(&self) -> Result<Vec<LaidTable<'_>>> {
        let number = self.number;
        let system = SYSTEM_COLUMNS.iter().map(|(name, of)| {
            let shape = if of.starts_with("TEXT") { Shape::Key } else { Shape::Ref };
            (*name, shape)
        });
        let fixed = [("id", Shape::Ref)].into_iter().chain(system).collect();
        let records = LaidTable::new(format!("t{number}"), fixed);
        let mut holders = BTreeMap::from([(records.name.clone(), records)]);
        let mut beside = vec![side_table(number, 0, Shape::Refs)];
        for column in &self.columns {
            if let Some(kept) = column.figure
                && let Some(aside) = aside(kept.function)
            {
                beside.push(aside_table(number, column.number, aside, kept));
            }
            match column.shape {
                Shape::Rows => {
                    let name = format!("t{number}_r{}", column.number);
                    let fixed = ["workspace", "record", "id", "position"].map(|name| (name, Shape::Ref));
                    holders.insert(name.clone(), LaidTable::new(name, fixed.to_vec()));
                }
                Shape::Keys | Shape::Refs => beside.push(side_table(number, column.number, column.shape)),
                _ => {
                    let holder = self.holder(column)?;
                    let table = holders.get_mut(&holder).ok_or_else(|| nowhere(column))?;
                    table.fields.push(column);
                }
            }
        }
        Ok(holders.into_values().chain(beside).collect())
    }

    /// The table that a column is in.
    fn holder(&self, column: &Column) -> Result<String> {
        let Some(subform) = column.subform() else { return Ok(format!("t{}", self.number)) };
        // As the schema is checked: of two sub-forms of one path the later one.
        let is_it = |rows: &&Column| rows.shape == Shape::Rows && rows.path == subform;
        let rows = self.columns.iter().rev().find(is_it).ok_or_else(|| nowhere(column))?;
        Ok(format!("t{}_r{}", self.number, rows.number))
    }

    /// Makes the tables, empty and without the indexes of [`Laid::index`].
    pub(crate) async fn create(&self, tx: &mut Tx) -> Result<()> {
        let dialect = tx.dialect();
        create_record_table(tx, self.number).await?;
        for column in &self.columns {
            if let Some(sql) = aside_sql(dialect, self.number, column) {
                tx.batch(sql).await?;
            }
            match column.shape {
                Shape::Rows => create_rows_table(tx, self.number, column.number).await?,
                Shape::Keys | Shape::Refs => {
                    create_side_table(tx, self.number, column.number, column.shape).await?;
                }
                _ => self.add_column(tx, column).await?,
            }
        }
        Ok(())
    }

    async fn add_column(&self, tx: &mut Tx, column: &Column) -> Result<()> {
        let (table, dialect) = (self.holder(column)?, tx.dialect());
        let mut definitions = column.definitions(dialect);
        if column.spelled {
            let of_type = dialect.column_type(Shape::Text);
            definitions.extend(column.sound_names().map(|name| format!("{name} {of_type}")));
        }
        for definition in definitions {
            tx.batch(format!("ALTER TABLE {table} ADD COLUMN {definition}")).await?;
        }
        Ok(())
    }

    /// Makes the indexes that the form is noted to have. One that this database could not hold is noted no more: those that
    /// only make lists faster come back when they are missed.
    pub(crate) async fn index(&self, tx: &mut Tx) -> Result<()> {
        if tx.dialect() == Dialect::Postgres {
            // As long as it takes: nobody waits for it but who copies.
            tx.batch("SET LOCAL statement_timeout = 0").await?;
        }
        let table = tx.table_changed(self.workspace, self.form).await?;
        let sql = "SELECT name FROM form_index WHERE workspace = ? AND form = ? ORDER BY name";
        for row in tx.fetch_all(sql, args![self.workspace, self.form]).await? {
            let name: String = row.get(0)?;
            let of = parts(&name).ok_or_else(|| Error::corrupt("form_index", "name", &name))?;
            let is_unique = unique_columns(&name).is_some();
            if is_unique || has_room(tx, &table, &of).await? {
                create(tx, &table, &Wanted::of(is_unique, of)).await?;
                continue;
            }
            let sql = "DELETE FROM form_index WHERE workspace = ? AND form = ? AND name = ?";
            tx.execute(sql, args![self.workspace, self.form, &name]).await?;
            tracing::warn!(index = name, "an index is left out: a text does not fit into it");
        }
        tx.table_changed(self.workspace, self.form).await.map(drop)
    }
}

impl Column {
    /// The digits of the sum that the figure is made of, where it is made of one.
    pub(crate) fn total_scale(&self) -> Option<u32> {
        self.figure.filter(|kept| has_total(kept.function)).map(|kept| scale_of(kept.counted))
    }
}

fn nowhere(column: &Column) -> Error {
    Error::corrupt("form_column", "path", format!("{} has no sub-form", column.path))
}

fn side_table(form: i64, column: i64, shape: Shape) -> LaidTable<'static> {
    let fixed = ["workspace", "record", "row", "position"].map(|name| (name, Shape::Ref));
    let fixed = fixed.into_iter().chain([("value", shape)]).collect();
    LaidTable::new(format!("t{form}_m{column}"), fixed)
}

/// What a figure tells apart.
fn aside_table(form: i64, column: i64, aside: Aside, kept: Kept) -> LaidTable<'static> {
    let own = match aside {
        Aside::Values => [("value", kept.counted), ("n", Shape::Ref)],
        Aside::Records => [("source", Shape::Ref), ("value", kept.counted)],
    };
    let tells_apart = kept.function == RollupFn::Distinct;
    let fixed = ["workspace", "record"].map(|name| (name, Shape::Ref)).into_iter().chain(own).collect();
    LaidTable { tells_apart, ..LaidTable::new(aside_name(form, column), fixed) }
}
