//! Which indexes a form has: for what is unique, for links, and for the default sort. More are made by observed
//! use.
//!
//! All are partial, over records that count (`live = 1`): drafts and records in the bin hold no unique value and
//! are in no list. Because the condition is an equality, SQLite can answer from the index alone.

use engine::field::Shape;
use engine::form::Form;

use super::{Column, Table};
use crate::connection::Tx;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::row::args;

/// Indexes of one form at most, besides those that uniqueness needs.
const BUDGET: usize = 16;

/// An index that a form is to have.
struct Wanted {
    name: String,
    unique: bool,
    columns: Vec<String>,
}

/// Makes the indexes that the definition asks for and are not there; removes unique ones that it no longer has.
pub(super) async fn settle(tx: &mut Tx, table: &Table, form: &Form) -> Result<()> {
    let sql = "SELECT name FROM form_index WHERE workspace = ? AND form = ?";
    let rows = tx.fetch_all(sql, args![table.workspace, table.form]).await?;
    let present: Vec<String> = rows.iter().map(|row| row.get(0)).collect::<Result<_>>()?;
    let wanted = wanted(table, form);
    for name in &present {
        let is_unique = unique_columns(name).is_some();
        if is_unique && !wanted.iter().any(|index| index.name == *name) {
            tx.batch(format!("DROP INDEX {name}")).await?;
            let sql = "DELETE FROM form_index WHERE workspace = ? AND form = ? AND name = ?";
            tx.execute(sql, args![table.workspace, table.form, name]).await?;
        }
    }
    for index in wanted {
        if !present.contains(&index.name) {
            create(tx, table, &index).await?;
        }
    }
    Ok(())
}

fn wanted(table: &Table, form: &Form) -> Vec<Wanted> {
    let mut all = Vec::new();
    let single = form.fields().filter(|column| column.field.unique).map(|column| vec![column.path.clone()]);
    for paths in single.chain(form.sketch.document.unique.iter().cloned()) {
        let mut columns: Vec<&Column> = paths.iter().filter_map(|path| table.column(path)).collect();
        columns.sort_by_key(|column| column.number);
        if columns.is_empty() || columns.len() < paths.len() {
            continue;
        }
        let names: Vec<String> = columns.iter().map(|column| column.name()).collect();
        let name = format!("{}__{}", table.name(), names.join("__"));
        all.push(Wanted { name, unique: true, columns: names });
    }
    let created = Wanted {
        name: format!("{}_created_at", table.name()),
        unique: false,
        columns: vec!["created_at".to_string()],
    };
    let links = table.fields().filter(|column| column.shape == Shape::Ref).map(|column| Wanted {
        name: format!("{}_c{}", table.name(), column.number),
        unique: false,
        columns: vec![column.name()],
    });
    all.push(created);
    all.extend(links.take(BUDGET));
    all
}

async fn create(tx: &mut Tx, table: &Table, index: &Wanted) -> Result<()> {
    let Wanted { name, unique, columns } = index;
    let unique = if *unique { "UNIQUE " } else { "" };
    let scope = match tx.dialect() {
        Dialect::Sqlite => "",
        Dialect::Postgres => "workspace, ",
    };
    let list = columns.join(", ");
    // The id comes last: ties in a sort are broken by it, and SQLite's indexes end with it anyway.
    let id = match (tx.dialect(), unique) {
        (Dialect::Postgres, "") => ", id",
        _ => "",
    };
    tx.batch(format!("CREATE {unique}INDEX {name} ON {} ({scope}{list}{id}) WHERE live = 1", table.name()))
        .await?;
    let sql = "INSERT INTO form_index (workspace, form, name) VALUES (?, ?, ?)";
    tx.execute(sql, args![table.workspace, table.form, name]).await.map(drop)
}

/// The column numbers of a unique index, from its name; `None` for any other.
pub(super) fn unique_columns(name: &str) -> Option<Vec<i64>> {
    let (_, columns) = name.split_once("__")?;
    columns.split("__").map(number).collect()
}

/// The first column of an index on fields, from its name.
pub(super) fn leading_column(name: &str) -> Option<i64> {
    let columns = name.split_once("__").or_else(|| name.split_once('_'))?.1;
    number(columns.split('_').next()?)
}

fn number(column: &str) -> Option<i64> {
    column.strip_prefix('c')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_an_index_is_for() {
        assert_eq!(unique_columns("t12__c3__c40"), Some(vec![3, 40]));
        assert_eq!(unique_columns("t12_c3"), None);
        assert_eq!(leading_column("t12_c3"), Some(3));
        assert_eq!(leading_column("t12__c3__c40"), Some(3));
        assert_eq!(leading_column("t12_created_at"), None);
    }
}
