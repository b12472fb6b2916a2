//! What there should be: what the migrations have made, and what the stored definitions need.

use std::collections::{BTreeMap, BTreeSet};

use engine::aggregate::AggregateDocument;
use engine::field::Shape;

use super::catalogue::Catalogue;
use super::{Difference, Of};
use crate::connection::Reader;
use crate::dialect::Dialect;
use crate::error::{Error, Result};
use crate::groups;
use crate::migration;
use crate::row::args;
use crate::table::{Column, SYSTEM_COLUMNS, aside_sql};

/// Tables with their columns, and indexes.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub(super) tables: BTreeMap<String, BTreeMap<String, Option<Of>>>,
    pub(super) indexes: BTreeSet<String>,
}

impl Expected {
    pub(super) async fn read(db: &mut Reader) -> Result<Expected> {
        let dialect = db.dialect();
        let mut expected = Expected::by_migrations(dialect);
        let mut numbers = BTreeMap::new();
        for row in db.fetch_all("SELECT id, number FROM form WHERE version > 0", args![]).await? {
            let (form, number): (i64, i64) = (row.get(0)?, row.get(1)?);
            numbers.insert(form, number);
            expected.add_record_table(dialect, number);
        }
        // Those of dropped fields too: their values are kept until the purge. Sub-forms first, for their columns.
        let sql = "SELECT number, path, shape, scale, figure, counted, counted_scale, spelled, form \
                   FROM form_column ORDER BY form, CASE shape WHEN 'rows' THEN 0 ELSE 1 END, number";
        let mut subforms: BTreeMap<(i64, String), i64> = BTreeMap::new();
        for row in db.fetch_all(sql, args![]).await? {
            let form: i64 = row.get(8)?;
            let Some(number) = numbers.get(&form).copied() else { continue };
            let column = Column::read(&row)?;
            if column.shape == Shape::Rows {
                subforms.insert((form, column.path.clone()), column.number);
            }
            let rows = column.subform().map(|subform| subforms.get(&(form, subform.to_string())).copied());
            let holder = match rows {
                None => format!("t{number}"),
                Some(Some(rows)) => format!("t{number}_r{rows}"),
                Some(None) => {
                    return Err(Error::corrupt(
                        "form_column",
                        "path",
                        format!("{} has no sub-form", column.path),
                    ));
                }
            };
            expected.add_column(dialect, number, holder, &column);
        }
        for row in db.fetch_all("SELECT form, name FROM form_index", args![]).await? {
            if numbers.contains_key(&row.get::<i64>(0)?) {
                expected.indexes.insert(row.get(1)?);
            }
        }
        for row in db.fetch_all("SELECT number, document FROM aggregate", args![]).await? {
            let document: String = row.get(1)?;
            let document: AggregateDocument = serde_json::from_str(&document)
                .map_err(|error| Error::corrupt("aggregate", "document", error))?;
            let made = groups::statements(dialect, row.get(0)?, &document);
            made.iter().for_each(|statement| expected.run(statement));
        }
        Ok(expected)
    }

    /// What the migrations have made, by their texts.
    pub(super) fn by_migrations(dialect: Dialect) -> Expected {
        let mut expected = Expected::default();
        expected.run("CREATE TABLE schema_migration (number BIGINT, name TEXT, checksum TEXT)");
        for text in migration::texts() {
            let text = without_comments(&dialect.migration(text));
            text.split(';').for_each(|statement| expected.run(statement));
        }
        expected
    }

    /// Follows one statement, as far as it makes or removes something.
    fn run(&mut self, statement: &str) {
        let (head, body) = statement.split_once('(').unwrap_or((statement, ""));
        let words: Vec<&str> = head.split_whitespace().filter(|word| !is_noise(word)).collect();
        let upper: Vec<String> = words.iter().map(|word| word.to_ascii_uppercase()).collect();
        let upper: Vec<&str> = upper.iter().map(String::as_str).collect();
        match (upper.as_slice(), words.as_slice()) {
            (["CREATE", "TABLE", _], [.., name]) => {
                let body = body.rsplit_once(')').map_or(body, |(body, _)| body);
                let columns = at_top(body).into_iter().filter_map(column_in).collect();
                self.tables.insert((*name).to_string(), columns);
            }
            (["CREATE", "INDEX", _, "ON", ..], [_, _, name, ..])
            | (["CREATE", "UNIQUE", "INDEX", _, "ON", ..], [_, _, _, name, ..]) => {
                self.indexes.insert((*name).to_string());
            }
            (["DROP", "TABLE", _], [.., name]) => drop(self.tables.remove(*name)),
            (["DROP", "INDEX", _], [.., name]) => drop(self.indexes.remove(*name)),
            (["ALTER", "TABLE", _, "RENAME", "TO", _], [_, _, name, _, _, new]) => {
                if let Some(columns) = self.tables.remove(*name) {
                    self.tables.insert((*new).to_string(), columns);
                }
            }
            (["ALTER", "TABLE", _, "RENAME", _, "TO", _], [_, _, name, _, old, _, new]) => {
                if let Some(columns) = self.tables.get_mut(*name)
                    && let Some(of) = columns.remove(*old)
                {
                    columns.insert((*new).to_string(), of);
                }
            }
            (["ALTER", "TABLE", _, "DROP", _], [_, _, name, _, column]) => {
                if let Some(columns) = self.tables.get_mut(*name) {
                    columns.remove(*column);
                }
            }
            (["ALTER", "TABLE", _, "ADD", _, _, ..], [_, _, name, _, column, of, ..]) => {
                if let Some(columns) = self.tables.get_mut(*name) {
                    columns.insert((*column).to_string(), Of::named(of));
                }
            }
            _ => {}
        }
    }

    fn add_table(&mut self, name: String, columns: &[(&str, Of)]) {
        let columns = columns.iter().map(|(name, of)| ((*name).to_string(), Some(*of)));
        self.tables.entry(name).or_default().extend(columns);
    }

    fn add_record_table(&mut self, dialect: Dialect, number: i64) {
        let name = format!("t{number}");
        self.add_table(name.clone(), &[("id", Of::Whole)]);
        let columns = SYSTEM_COLUMNS.iter().map(|(name, of)| ((*name).to_string(), Of::named(of)));
        self.tables.entry(name).or_default().extend(columns);
        self.add_side_table(dialect, number, 0, Shape::Refs);
    }

    fn add_side_table(&mut self, dialect: Dialect, number: i64, column: i64, shape: Shape) {
        let name = format!("t{number}_m{column}");
        let fixed =
            [("workspace", Of::Whole), ("record", Of::Whole), ("row", Of::Whole), ("position", Of::Whole)];
        self.add_table(name.clone(), &fixed);
        let value = Of::named(dialect.column_type(shape));
        self.tables.entry(name.clone()).or_default().insert("value".to_string(), value);
        self.indexes.insert(format!("{name}_value"));
    }

    fn add_column(&mut self, dialect: Dialect, number: i64, holder: String, column: &Column) {
        if let Some(aside) = aside_sql(dialect, number, column) {
            self.run(&aside);
        }
        match column.shape {
            Shape::Rows => {
                let fixed = [
                    ("workspace", Of::Whole),
                    ("record", Of::Whole),
                    ("id", Of::Whole),
                    ("position", Of::Whole),
                ];
                self.add_table(format!("t{number}_r{}", column.number), &fixed);
            }
            Shape::Keys | Shape::Refs => self.add_side_table(dialect, number, column.number, column.shape),
            _ => {
                let columns = self.tables.entry(holder).or_default();
                columns.extend(column.definitions(dialect).iter().filter_map(|of| column_in(of)));
                if column.spelled {
                    let of = Of::named(dialect.column_type(Shape::Text));
                    columns.extend(column.sound_names().map(|name| (name, of)));
                }
            }
        }
    }

    /// What of it is not there, or is there in another way.
    pub(super) fn missing_in(&self, catalogue: &Catalogue) -> Vec<Difference> {
        let mut missing = Vec::new();
        for (table, columns) in &self.tables {
            let Some(there) = catalogue.tables.get(table) else {
                missing.push(Difference::Table(table.clone()));
                continue;
            };
            for (column, of) in columns {
                let name = || format!("{table}.{column}");
                match there.get(column) {
                    None => missing.push(Difference::Column(name())),
                    Some(found) if of.is_some() && found != of => missing.push(Difference::Type(name())),
                    Some(_) => {}
                }
            }
        }
        for index in &self.indexes {
            if !catalogue.indexes.contains(index) {
                missing.push(Difference::Index(index.clone()));
            } else if catalogue.unfinished.contains(index) {
                missing.push(Difference::Unfinished(index.clone()));
            }
        }
        missing
    }
}

/// Words that change nothing of what a statement is about.
fn is_noise(word: &str) -> bool {
    ["IF", "NOT", "EXISTS", "COLUMN"].iter().any(|noise| word.eq_ignore_ascii_case(noise))
}

/// A column of a table, with its type; `None` for what is said of several.
fn column_in(part: &str) -> Option<(String, Option<Of>)> {
    let mut words = part.split_whitespace();
    let name = words.next()?;
    let of_several = ["PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONSTRAINT"];
    if of_several.iter().any(|word| name.eq_ignore_ascii_case(word)) {
        return None;
    }
    Some((name.to_string(), Of::named(words.next().unwrap_or_default())))
}

/// The parts between commas that stand in no brackets.
fn at_top(body: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, letter) in body.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.extend(body.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(body.get(start..));
    parts
}

/// SQL without what follows `--` on a line and what stands between `/*` and `*/`.
fn without_comments(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code));
    let sql = lines.collect::<Vec<_>>().join("\n");
    let mut parts = sql.split("/*");
    let mut text = parts.next().unwrap_or_default().to_string();
    for part in parts {
        text.push_str(part.split_once("*/").map_or("", |(_, after)| after));
    }
    text
}
