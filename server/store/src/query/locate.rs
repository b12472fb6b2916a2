//! Where a path leads, in SQL: a column, or the side table of a many-valued field.

use engine::condition::Reach;
use engine::field::Shape;
use engine::value::Id;
use sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};

use super::condition::Conditions;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::record::scoped;
use crate::table::{Column, Part, Table};

/// What a path leads to.
pub(crate) enum Place {
    /// One value, NULL where empty (a switch of a record that is there is never NULL).
    One { value: Expr, shape: Shape },
    /// Several values, in a side table.
    Many { side: String, table: Id, record: Expr, row: Option<Expr>, shape: Shape },
}

/// How a text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As it is.
    Stored,
    /// As searching, and sorting where nothing else is said, look at it.
    Folded,
    /// As sorting by sound looks at it.
    Sound,
}

/// The text that searching and sorting look at.
pub(crate) fn folded(alias: &'static str, column: &Column) -> Option<Expr> {
    let name = column.folded_name()?;
    Some(Func::coalesce([Expr::col((alias, name)), Expr::col((alias, column.name()))]).into())
}

/// The text that sorting by sound looks at; `None` where its sound is not there.
fn sounded(alias: &'static str, column: &Column) -> Option<Expr> {
    let [_, syllables] = column.sound_names();
    let of = |name: String| Expr::col((alias, name));
    let names = [syllables, column.folded_name()?, column.name()];
    column.spelled.then(|| Func::coalesce(names.map(of)).into())
}

/// What an index on a column so looked at is on.
pub(crate) fn part_of(column: &Column, reading: Reading) -> Part {
    match reading {
        Reading::Sound if column.spelled => Part::Sound(column.number),
        Reading::Folded | Reading::Sound if column.has_companion() => Part::Folded(column.number),
        Reading::Stored | Reading::Folded | Reading::Sound => Part::Column(column.number),
    }
}

impl Conditions<'_> {
    /// The value at `reach`, for record `t` and, inside a sub-form, row `r`.
    pub(crate) fn place(&self, reach: &Reach) -> Result<Place> {
        self.placed(reach, Reading::Stored)
    }

    /// As `place`, with texts looked at so.
    pub(crate) fn placed(&self, reach: &Reach, reading: Reading) -> Result<Place> {
        let Some((id, target)) = self.at_end(reach)? else {
            return match reach.subform() {
                None => self.own(&self.base, "t", &reach.field, reading),
                Some(subform) => self.in_row(subform, &reach.field, reading),
            };
        };
        match target_column(target, &reach.field) {
            Some(Target::System(name, shape)) => {
                let value = self.read_linked(target, id, self.system("j", name));
                Ok(Place::One { value, shape })
            }
            Some(Target::Field(column)) if column.is_many() => Ok(Place::Many {
                side: target.side_name(column),
                table: target.form,
                record: id,
                row: None,
                shape: column.shape,
            }),
            Some(Target::Field(column)) if column.shape.is_column() => {
                let value = value_of("j", column, reading);
                let value = self.read_linked(target, id, value);
                Ok(Place::One { value, shape: column.shape })
            }
            _ => Err(unsupported(reach)),
        }
    }

    /// The record that the links of a path lead to, and its table; nothing for a path without links.
    fn at_end(&self, reach: &Reach) -> Result<Option<(Expr, &Table)>> {
        let Some(((first, leads_to), hops)) = reach.hops.split_first() else { return Ok(None) };
        let start = match reach.subform() {
            None => self.own(&self.base, "t", first, Reading::Stored)?,
            Some(subform) => self.in_row(subform, first, Reading::Stored)?,
        };
        let Place::One { value: mut id, shape: Shape::Ref, .. } = start else {
            return Err(unsupported(reach));
        };
        // Each further link is read from the record that the last one leads to.
        let mut target = self.linked(*leads_to)?;
        for (link, next) in hops {
            let column = target.column(link).ok_or_else(|| unsupported(reach))?;
            id = self.read_linked(target, id, Expr::col(("j", column.name())));
            target = self.linked(*next)?;
        }
        Ok(Some((id, target)))
    }

    /// The rows of the sub-form that a path leads to, under the name `m`; nothing where it leads to something else.
    pub(crate) fn rows_at(&self, reach: &Reach) -> Result<Option<SelectStatement>> {
        let (record, table) = match self.at_end(reach)? {
            Some(end) => end,
            None if reach.subform().is_none() => (Expr::col(("t", "id")), &*self.base),
            None => return Ok(None),
        };
        let Some(subform) = table.column(&reach.field).filter(|column| column.shape == Shape::Rows) else {
            return Ok(None);
        };
        let of = Expr::col(("m", "record")).eq(record);
        let mut select = Query::select();
        select.expr(Expr::cust("1")).from_as(table.rows_name(subform), "m").and_where(scoped(
            self.dialect,
            table,
            "m",
            of,
        ));
        Ok(Some(select))
    }

    /// A field of the table under the name `alias`.
    fn own(&self, table: &Table, alias: &'static str, field: &str, reading: Reading) -> Result<Place> {
        match target_column(table, field) {
            Some(Target::System(name, shape)) => Ok(Place::One { value: self.system(alias, name), shape }),
            Some(Target::Field(column)) if column.is_many() => Ok(Place::Many {
                side: table.side_name(column),
                table: table.form,
                record: Expr::col((alias, "id")),
                row: None,
                shape: column.shape,
            }),
            Some(Target::Field(column)) if column.shape.is_column() => Ok(Place::One {
                value: self.steered(part_of(column, reading), value_of(alias, column, reading)),
                shape: column.shape,
            }),
            _ => Err(Error::NotAskable { path: field.to_string() }),
        }
    }

    /// Keeps SQLite's planner from choosing an index on this column, where another one is better: a column with
    /// a plus before it has the same value and no index.
    fn steered(&self, part: Part, value: Expr) -> Expr {
        match &self.searchable {
            Some(parts) if self.dialect == Dialect::Sqlite && !parts.contains(&part) => {
                Expr::cust_with_expr("+?", value)
            }
            _ => value,
        }
    }

    /// A system column. A version is a number like any other to those who ask, but a whole one on disk.
    fn system(&self, alias: &'static str, name: &'static str) -> Expr {
        let column = Expr::col((alias, name));
        match (name, self.dialect) {
            ("version", Dialect::Postgres) => column.cast_as("numeric"),
            _ => column,
        }
    }

    fn in_row(&self, subform: &str, field: &str, reading: Reading) -> Result<Place> {
        let path = format!("{subform}.{field}");
        match self.base.column(&path) {
            Some(column) if column.is_many() => Ok(Place::Many {
                side: self.base.side_name(column),
                table: self.base.form,
                record: Expr::col(("r", "record")),
                row: Some(Expr::col(("r", "id"))),
                shape: column.shape,
            }),
            Some(column) if column.shape.is_column() => {
                Ok(Place::One { value: value_of("r", column, reading), shape: column.shape })
            }
            _ => Err(Error::NotAskable { path }),
        }
    }

    fn linked(&self, form: Id) -> Result<&Table> {
        self.linked.get(&form).map(|table| &**table).ok_or(Error::NotFound { what: "linked form" })
    }

    /// `(SELECT value FROM target j WHERE j.id = id)`
    fn read_linked(&self, target: &Table, id: Expr, value: Expr) -> Expr {
        let mut select = Query::select();
        select.expr(value).from_as(target.name(), "j").and_where(scoped(
            self.dialect,
            target,
            "j",
            Expr::col(("j", "id")).eq(id),
        ));
        subquery(select)
    }

    /// The rows of a side table that belong to a place, under the name `m`.
    pub(crate) fn side_rows(
        &self,
        side: &str,
        table: Id,
        record: Expr,
        row: Option<Expr>,
    ) -> Result<SelectStatement> {
        let owner = if table == self.base.form { &self.base } else { self.linked(table)? };
        let mut select = Query::select();
        let row = row.unwrap_or_else(|| Expr::val(0i64));
        let of = Expr::col(("m", "record")).eq(record).and(Expr::col(("m", "row")).eq(row));
        select.expr(Expr::cust("1")).from_as(side.to_string(), "m").and_where(scoped(
            self.dialect,
            owner,
            "m",
            of,
        ));
        Ok(select)
    }
}

/// A column's value; a switch that was never set is off.
fn value_of(alias: &'static str, column: &Column, reading: Reading) -> Expr {
    let text = match reading {
        Reading::Stored => None,
        Reading::Folded => folded(alias, column),
        Reading::Sound => sounded(alias, column).or_else(|| folded(alias, column)),
    };
    match text {
        Some(text) => text,
        None if column.shape == Shape::Bool => {
            Func::coalesce([Expr::col((alias, column.name())), Expr::val(0i64)]).into()
        }
        None => Expr::col((alias, column.name())),
    }
}

pub(crate) fn subquery(select: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(select.into()))
}

enum Target<'t> {
    System(&'static str, Shape),
    Field(&'t Column),
}

fn target_column<'t>(table: &'t Table, field: &str) -> Option<Target<'t>> {
    let system = match field {
        "$id" => ("id", Shape::Ref),
        "$version" => ("version", Shape::Decimal(0)),
        "$created_at" => ("created_at", Shape::Instant),
        "$created_by" => ("created_by", Shape::Ref),
        "$updated_at" => ("updated_at", Shape::Instant),
        "$updated_by" => ("updated_by", Shape::Ref),
        "$owner" => ("owner", Shape::Ref),
        "$department" => ("department", Shape::Ref),
        "$flow_state" => ("flow_state", Shape::Key),
        "$voided_at" => ("voided_at", Shape::Instant),
        "$deleted_at" => ("deleted_at", Shape::Instant),
        _ => return table.column(field).map(Target::Field),
    };
    Some(Target::System(system.0, system.1))
}

fn unsupported(reach: &Reach) -> Error {
    let mut path: Vec<&str> = reach.subform().into_iter().collect();
    path.extend(reach.hops.iter().map(|(link, _)| link.as_str()));
    path.push(&reach.field);
    Error::NotAskable { path: path.join(".") }
}
