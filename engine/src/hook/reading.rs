//! What of a message goes into which field, and where in the message a fault of a field came from.

use serde_json::{Map, Value as Json};

use super::check::is_subform;
use super::{HookDocument, Mapping};
use crate::field::Shape;
use crate::form::{Column, Form};
use crate::text::{Fault, Faults};

/// Rows of one sub-form that come at once: as many as a record may have.
const MOST_ROWS: usize = 1_000;

impl HookDocument {
    /// Takes out of a message what goes into fields, in the wire form. What names linked records stands as it came.
    ///
    /// # Errors
    /// Every member that is missing, or is no list of rows, by its JSON pointer.
    pub fn read(&self, form: &Form, message: &Json) -> Result<Map<String, Json>, Faults> {
        let (mut fields, mut faults) = (Map::new(), Faults::new());
        for mapping in self.map.iter().filter(|mapping| !mapping.to.contains('.')) {
            let Some(column) = form.column(&mapping.to) else { continue };
            let Some(found) = found(mapping, message, "", &mut faults) else { continue };
            let value = match is_subform(column) {
                true => self.rows(form, mapping, found, &mut faults),
                false => fitted(column, found),
            };
            fields.insert(mapping.to.clone(), value);
        }
        if faults.is_empty() { Ok(fields) } else { Err(faults) }
    }

    /// The rows of a sub-form. Nothing stands for none.
    fn rows(&self, form: &Form, mapping: &Mapping, list: &Json, faults: &mut Faults) -> Json {
        let rows = match list {
            Json::Null => return Json::Null,
            Json::Array(rows) => rows,
            _ => {
                faults.push(Fault::new(&mapping.from, "not_rows"));
                return Json::Null;
            }
        };
        if rows.len() > MOST_ROWS {
            faults.push(Fault::new(&mapping.from, "too_many").arg("max", MOST_ROWS));
            return Json::Null;
        }
        let inner = |row: &Json, place: usize, faults: &mut Faults| -> Json {
            let at = format!("{}/{place}", mapping.from);
            let mut cells = Map::new();
            for cell in self.map.iter().filter(|cell| is_of(cell, &mapping.to)) {
                let Some(column) = form.column(&cell.to) else { continue };
                if let Some(found) = found(cell, row, &at, faults) {
                    cells.insert(column.field.key.clone(), fitted(column, found));
                }
            }
            Json::Object(cells)
        };
        let rows = rows.iter().enumerate().map(|(place, row)| inner(row, place, faults));
        Json::Array(rows.collect())
    }

    /// Where in the message something came from: a path of a record (`lines.0.sku`, `code`) as a pointer. Nothing for what does
    /// not come with messages.
    pub fn pointer(&self, path: &str) -> Option<String> {
        let mapping = |to: &str| self.map.iter().find(|mapping| mapping.to == to);
        let mut parts = path.splitn(3, '.');
        let field = parts.next()?;
        let from = &mapping(field)?.from;
        match (parts.next(), parts.next()) {
            // A fault within a value, such as a part of an address, is told at the value.
            (Some(part), _) if !part.bytes().all(|byte| byte.is_ascii_digit()) => Some(from.clone()),
            (None, _) => Some(from.clone()),
            (Some(row), None) => Some(format!("{from}/{row}")),
            (Some(row), Some(cell)) => {
                let cell = cell.split('.').next().unwrap_or(cell);
                let cell = mapping(&format!("{field}.{cell}")).map_or("", |cell| cell.from.as_str());
                Some(format!("{from}/{row}{cell}"))
            }
        }
    }
}

/// Whether a mapping fills a column of a sub-form.
fn is_of(mapping: &Mapping, subform: &str) -> bool {
    mapping.to.split_once('.').is_some_and(|(outer, _)| outer == subform)
}

/// What a mapping finds; a fault where it finds nothing and has to.
fn found<'m>(mapping: &Mapping, within: &'m Json, at: &str, faults: &mut Faults) -> Option<&'m Json> {
    let found = within.pointer(&mapping.from);
    if found.is_none() && !mapping.optional {
        faults.push(Fault::new(format!("{at}{}", mapping.from), "member_missing"));
    }
    found
}

/// What comes as a number or as yes and no for a field of text is its text: other systems number their orders.
fn fitted(column: &Column, found: &Json) -> Json {
    match (column.field.kind.shape(), found) {
        (Shape::Text | Shape::LongText, Json::Number(number)) => Json::String(number.to_string()),
        (Shape::Text | Shape::LongText, Json::Bool(yes)) => Json::String(yes.to_string()),
        (_, other) => other.clone(),
    }
}
