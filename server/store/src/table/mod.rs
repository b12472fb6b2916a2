//! The physical tables of a form, and which column holds which field.
//!
//! Form number 12 has the table `t12`; the field with column number 345 is `t12.c345`, and `c345f` beside it holds the
//! folded text where it differs. The figure of a rollup that is kept is a column like any other, and the parts of a sum
//! stand beside it (see `figure`); where its values must be told apart they lie in `t12_w345`. Rows of a sub-form with number 7 lie in `t12_r7`. The values of a many-valued field
//! with number 9 lie in `t12_m9`, `row` being 0 where the field is not a sub-form's column. Names are made
//! of numbers alone.

mod aside;
mod cache;
mod convert;
mod counts;
mod figure;
mod index;
mod laid;
mod long;
mod observe;
mod publish;
mod sound;

use std::collections::HashMap;
use std::sync::OnceLock;

use engine::field::{RollupFn, Shape};
use engine::form::{Form, Kept};
use engine::value::Id;

use crate::connection::Reader;
use crate::error::{Error, Result};
use crate::row::{Row, args};

pub(crate) use aside::former;
pub use aside::{PutAside, drop_tables, duplicates, expired, filled, purge_aside, put_aside};
pub(crate) use cache::Tables;
pub use convert::{Conversion, Steps, Taken, fill, values};
pub(crate) use counts::{SMALL, Sample};
pub(crate) use figure::{
    Aside, Total, aside, aside_key, aside_sql, figure_arg, has_aside, has_total, read_figure, scale_of,
    starts_at_zero,
};
pub(crate) use index::{Making, Part};
pub(crate) use laid::{Laid, LaidTable};
pub(crate) use long::make_way;
pub(crate) use observe::{Observer, Wish};
pub use publish::{conversions, publish};
pub use sound::{searchable, spell};

/// A form whose records are asked for, with the version of its definition that the caller works by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormRef {
    pub workspace: Id,
    pub form: Id,
    pub version: i64,
}

/// The paths of the fields and columns of a published form whose values have no place in its tables, or one of another
/// shape: none, unless something was changed behind the program's back.
///
/// # Errors
/// When the database can't be read.
pub async fn lacking(db: &mut Reader, workspace: Id, form: &Form) -> Result<Vec<String>> {
    let table = Table::load(db, workspace, form.id()).await?;
    let kept = |path: &str| table.as_ref().and_then(|table| table.column(path)).map(|column| column.shape);
    let stored = form.all_columns().filter(|column| column.stored_shape() != Shape::Nothing);
    let lacking = stored.filter(|column| kept(&column.path) != Some(column.stored_shape()));
    Ok(lacking.map(|column| column.path.clone()).collect())
}

/// Where a form's records lie.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) workspace: Id,
    pub(crate) form: Id,
    pub(crate) version: i64,
    pub(crate) number: i64,
    /// By number; without those of dropped fields.
    pub(crate) columns: Vec<Column>,
    by_path: HashMap<String, usize>,
    /// Sets of column numbers whose values together are unique.
    pub(crate) unique: Vec<Vec<i64>>,
    /// What its indexes are on, the unique ones among them.
    pub(crate) indexes: Vec<Vec<Part>>,
    /// The statement that reads one record by its id, once it was built.
    pub(crate) get_sql: OnceLock<String>,
    /// The same for several records, twice as many each time.
    pub(crate) get_several_sql: [OnceLock<String>; 4],
    /// How the statement begins that inserts records, and how many columns it names.
    pub(crate) insert_head: OnceLock<(String, usize)>,
    /// Whether something lay aside when it was read. What does may go at any time.
    pub(crate) has_aside: bool,
}

/// A field that is stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Column {
    pub(crate) number: i64,
    /// A field key, or `SUBFORM.COLUMN`.
    pub(crate) path: String,
    pub(crate) shape: Shape,
    /// For the figure of a rollup: how it is kept. Records do not set it.
    pub(crate) figure: Option<Kept>,
    /// Whether its sound stands beside it; see `sound`.
    pub(crate) spelled: bool,
}

/// What a record table holds besides the id and the columns of fields, with its types.
pub(crate) const SYSTEM_COLUMNS: [(&str, &str); 13] = [
    ("workspace", "BIGINT NOT NULL"),
    ("version", "BIGINT NOT NULL"),
    ("live", "BIGINT NOT NULL"),
    ("created_at", "BIGINT NOT NULL"),
    ("created_by", "BIGINT"),
    ("updated_at", "BIGINT NOT NULL"),
    ("updated_by", "BIGINT"),
    ("owner", "BIGINT"),
    ("department", "BIGINT"),
    ("flow_state", "TEXT"),
    ("instance", "BIGINT"),
    ("voided_at", "BIGINT"),
    ("deleted_at", "BIGINT"),
];

/// The one many-valued system field; its side table has the number that no field gets.
const COLLABORATORS: &str = "$collaborators";

impl Table {
    /// Reads the columns of a form; `None` for a form that does not exist or was never published.
    pub(crate) async fn load(db: &mut Reader, workspace: Id, form: Id) -> Result<Option<Table>> {
        let sql = "SELECT number, version FROM form WHERE workspace = ? AND id = ?";
        let Some(row) = db.fetch_optional(sql, args![workspace, form]).await? else { return Ok(None) };
        let (number, version): (i64, i64) = (row.get(0)?, row.get(1)?);
        let mut columns = vec![Column::plain(0, COLLABORATORS, Shape::Refs)];
        let sql = "SELECT number, path, shape, scale, figure, counted, counted_scale, spelled FROM form_column \
                   WHERE workspace = ? AND form = ? AND dropped_at IS NULL ORDER BY number";
        for row in db.fetch_all(sql, args![workspace, form]).await? {
            columns.push(Column::read(&row)?);
        }
        let sql = "SELECT name FROM form_index WHERE workspace = ? AND form = ?";
        let names = db.fetch_all(sql, args![workspace, form]).await?;
        let names: Vec<String> = names.iter().map(|row| row.get(0)).collect::<Result<_>>()?;
        let by_path = columns.iter().enumerate().map(|(at, column)| (column.path.clone(), at)).collect();
        let unique = names.iter().filter_map(|name| index::unique_columns(name)).collect();
        let indexes = names.iter().filter_map(|name| index::parts(name)).collect();
        let (get_sql, insert_head) = (OnceLock::new(), OnceLock::new());
        let get_several_sql = Default::default();
        let sql = "SELECT CAST(count(*) AS BIGINT) FROM form_column \
                   WHERE workspace = ? AND form = ? AND dropped_at IS NOT NULL";
        let has_aside = db.fetch_one(sql, args![workspace, form]).await?.get::<i64>(0)? > 0;
        Ok(Some(Table {
            workspace,
            form,
            version,
            number,
            columns,
            by_path,
            unique,
            indexes,
            get_sql,
            get_several_sql,
            insert_head,
            has_aside,
        }))
    }

    pub(crate) fn name(&self) -> String {
        format!("t{}", self.number)
    }

    /// The table of a sub-form's rows.
    pub(crate) fn rows_name(&self, subform: &Column) -> String {
        format!("t{}_r{}", self.number, subform.number)
    }

    /// The side table of a many-valued field.
    pub(crate) fn side_name(&self, column: &Column) -> String {
        format!("t{}_m{}", self.number, column.number)
    }

    pub(crate) fn column(&self, path: &str) -> Option<&Column> {
        self.by_path.get(path).and_then(|at| self.columns.get(*at))
    }

    /// Fields of the record itself, whatever their shape.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.subform().is_none())
    }

    /// Sub-forms.
    pub(crate) fn subforms(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.shape == Shape::Rows)
    }

    /// Columns of a sub-form.
    pub(crate) fn columns_of<'a>(&'a self, subform: &'a str) -> impl Iterator<Item = &'a Column> {
        self.columns.iter().filter(move |column| column.subform() == Some(subform))
    }

    /// The error of a write to this table: one of its unique indexes is told by the fields that it is over.
    pub(crate) fn named(&self, error: Error) -> Error {
        match self.clash(&error) {
            Some(fields) => Error::NotUnique { fields },
            None => error,
        }
    }

    fn clash(&self, error: &Error) -> Option<Vec<String>> {
        let Error::Conflict { table, columns } = error else { return None };
        if *table != self.name() {
            return None;
        }
        let number = |name: &String| name.strip_prefix('c').and_then(|number| number.parse::<i64>().ok());
        let path = |number: i64| self.columns.iter().find(|column| column.number == number);
        let paths: Vec<String> =
            columns.iter().filter_map(number).filter_map(path).map(|column| column.path.clone()).collect();
        (!paths.is_empty()).then_some(paths)
    }
}

impl Column {
    /// A column that holds what records say.
    fn plain(number: i64, path: &str, shape: Shape) -> Column {
        Column { number, path: path.to_string(), shape, figure: None, spelled: false }
    }

    /// Reads `number, path, shape, scale, figure, counted, counted_scale, spelled`.
    pub(crate) fn read(row: &Row) -> Result<Column> {
        let name: String = row.get(2)?;
        let shape = shape_from(&name, row.get(3)?);
        let shape = shape.ok_or_else(|| Error::corrupt("form_column", "shape", &name))?;
        let figure = kept_from(shape, row.get(4)?, row.get(5)?, row.get(6)?)?;
        Ok(Column { number: row.get(0)?, path: row.get(1)?, shape, figure, spelled: row.get(7)? })
    }

    /// Whether it holds what a record says, in a column of the record's own table or rows.
    pub(crate) fn is_own(&self) -> bool {
        self.shape.is_column() && self.figure.is_none()
    }

    pub(crate) fn name(&self) -> String {
        format!("c{}", self.number)
    }

    /// The column with the folded text.
    pub(crate) fn folded_name(&self) -> Option<String> {
        self.has_companion().then(|| format!("c{}f", self.number))
    }

    /// The columns beside its own that follow its value.
    pub(crate) fn companions(&self) -> Vec<String> {
        let mut names: Vec<String> = self.folded_name().into_iter().collect();
        if self.spelled {
            names.extend(self.sound_names());
        }
        names
    }

    pub(crate) fn has_companion(&self) -> bool {
        self.shape.is_text()
    }

    pub(crate) fn subform(&self) -> Option<&str> {
        self.path.split_once('.').map(|(subform, _)| subform)
    }

    /// The key within the record or row.
    pub(crate) fn key(&self) -> &str {
        self.path.split_once('.').map_or(&self.path, |(_, key)| key)
    }

    pub(crate) fn is_many(&self) -> bool {
        matches!(self.shape, Shape::Keys | Shape::Refs)
    }
}

fn shape_name(shape: Shape) -> Option<(&'static str, i64)> {
    Some(match shape {
        Shape::Nothing => return None,
        Shape::Text => ("text", 0),
        Shape::LongText => ("long_text", 0),
        Shape::Markup => ("markup", 0),
        Shape::Parts => ("parts", 0),
        Shape::Bool => ("bool", 0),
        Shape::Decimal(scale) => ("decimal", i64::from(scale)),
        Shape::Day => ("day", 0),
        Shape::Instant => ("instant", 0),
        Shape::TimeOfDay => ("time", 0),
        Shape::Key => ("key", 0),
        Shape::Keys => ("keys", 0),
        Shape::Ref => ("ref", 0),
        Shape::Refs => ("refs", 0),
        Shape::Rows => ("rows", 0),
    })
}

/// How a figure is kept, from what `form_column` says of it; `None` for a field that records set.
fn kept_from(
    shape: Shape,
    function: Option<String>,
    counted: Option<String>,
    scale: i64,
) -> Result<Option<Kept>> {
    let Some(name) = function else { return Ok(None) };
    let function = RollupFn::ALL.into_iter().find(|function| function.name() == name);
    let function = function.ok_or_else(|| Error::corrupt("form_column", "figure", &name))?;
    let counted = match counted {
        None => Shape::Nothing,
        Some(name) => {
            shape_from(&name, scale).ok_or_else(|| Error::corrupt("form_column", "counted", &name))?
        }
    };
    Ok(Some(Kept { function, shape, counted }))
}

fn shape_from(name: &str, scale: i64) -> Option<Shape> {
    Some(match name {
        "text" => Shape::Text,
        "long_text" => Shape::LongText,
        "markup" => Shape::Markup,
        "parts" => Shape::Parts,
        "bool" => Shape::Bool,
        "decimal" => Shape::Decimal(u32::try_from(scale).ok()?),
        "day" => Shape::Day,
        "instant" => Shape::Instant,
        "time" => Shape::TimeOfDay,
        "key" => Shape::Key,
        "keys" => Shape::Keys,
        "ref" => Shape::Ref,
        "refs" => Shape::Refs,
        "rows" => Shape::Rows,
        _ => return None,
    })
}
