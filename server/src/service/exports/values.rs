//! Records as rows of a file: what the caller sees of them, cell by cell.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use engine::field::{FieldKind, Reference};
use engine::import::{RECORD_ID, Writing, Written};
use engine::text::Language;
use engine::value::{Id, fold};
use serde_json::{Map, Value as Json};
use wire::records::Record;

use super::alike::with_id;
use super::columns::{Column, Place};
use crate::service::people::Directory;
use crate::service::records::Order;
use crate::service::records::titles::{DEPARTMENTS, FILES, Titles};
use crate::texts::texts;

/// What people, records and files are called, by id.
#[derive(Default)]
pub struct Names {
    names: HashMap<String, String>,
}

impl Names {
    /// Members whose names several have are called by their addresses. Departments and files may be called alike, too: their ids
    /// stand behind their names, by which an import finds them again.
    pub fn new(titles: Titles, people: &Directory, shared: &SharedNames) -> Names {
        let mut names = HashMap::new();
        for (of, named) in titles {
            for (id, name) in named {
                let member = id.parse::<Id>().ok().and_then(|id| people.members.get(&id));
                let is_shared = |shared: &BTreeSet<String>, name: &str| shared.contains(&fold(name.trim()));
                let name = match member {
                    Some(member) if is_shared(&shared.members, &member.name) => member.email.clone(),
                    Some(_) => name,
                    None if of == FILES => with_id(&name, &id),
                    None if of == DEPARTMENTS && is_shared(&shared.departments, &name) => with_id(&name, &id),
                    None => name,
                };
                names.insert(id, name);
            }
        }
        Names { names }
    }
}

/// Folded names that several have.
pub struct SharedNames {
    members: BTreeSet<String>,
    departments: BTreeSet<String>,
}

impl SharedNames {
    pub fn of(people: &Directory) -> SharedNames {
        let departments = people.departments.values();
        SharedNames {
            members: shared(people.members.values().map(|member| member.name.as_str())),
            departments: shared(departments.map(|department| department.name.as_str())),
        }
    }
}

fn shared<'n>(names: impl Iterator<Item = &'n str>) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    names.map(|name| fold(name.trim())).filter(|name| !seen.insert(name.clone())).collect()
}

/// The rows of the file that a record takes: one, or as many as its longest sub-form has, and all say what the record's
/// own fields hold.
pub fn rows(
    order: &Order,
    columns: &[Column],
    record: &Record,
    names: &Names,
    labels: bool,
) -> Vec<Vec<Written>> {
    let (language, zone) = (order.caller.language(), &order.context.zone);
    let written = |column: &Column, json: Option<&Json>| {
        let value = json.map(|json| column.kind.read(json)).unwrap_or_default();
        let name = |id: Id| {
            let known = names.names.get(&id.to_string()).cloned();
            known.or_else(|| is_link(order, column).then(|| unseen(id, language)))
        };
        let writing = Writing { language, zone, labels, name: &name };
        Written::new(&column.kind, &value, &writing)
    };
    let own: Vec<Option<Written>> = columns
        .iter()
        .map(|column| match &column.place {
            Place::Own(path) => Some(written(column, record.fields.get(path))),
            Place::System(name) => Some(system_cell(column, &record.system_value(name), &written)),
            Place::Inner { .. } => None,
        })
        .collect();
    let rows_of = |subform: &str| record.fields.get(subform).and_then(Json::as_array);
    let count = columns.iter().filter_map(|column| match &column.place {
        Place::Inner { subform, .. } => rows_of(subform).map(Vec::len),
        Place::Own(_) | Place::System(_) => None,
    });
    let count = count.max().unwrap_or_default().max(1);
    let cell = |number: usize, column: &Column, own: &Option<Written>| match (&column.place, own) {
        (Place::Inner { subform, column: key }, _) => {
            let row = rows_of(subform).and_then(|rows| rows.get(number));
            row.map_or(Written::Blank, |row| written(column, row.get(key)))
        }
        (_, own) => own.clone().unwrap_or(Written::Blank),
    };
    let row =
        |number: usize| columns.iter().zip(&own).map(|(column, own)| cell(number, column, own)).collect();
    (0..count).map(row).collect()
}

/// Whether a column links to records, whose titles are known as far as the reader may see them.
fn is_link(order: &Order, column: &Column) -> bool {
    let field = order.compiled.form.column(&column.place.path());
    field.is_some_and(|field| field.field.kind.reference() == Some(Reference::Record))
}

/// A linked record that the reader may not see, as lists show it: the field's value is its id, and behind these words an import
/// finds it again, so that the link stays what it was.
fn unseen(id: Id, language: Language) -> String {
    let words = texts(language).get("export-no-access", &BTreeMap::new()).unwrap_or_default();
    with_id(&words, &id.to_string())
}

/// The id of a record is never its title, and people of the system fields have their names.
fn system_cell(column: &Column, json: &Json, written: &dyn Fn(&Column, Option<&Json>) -> Written) -> Written {
    match (&column.place, json) {
        (Place::System(name), Json::String(id)) if name == RECORD_ID => Written::Text(id.clone()),
        _ => written(column, Some(json)),
    }
}

/// A record of a list, by the keys of its fields.
pub fn object(columns: &[Column], record: &Record) -> Json {
    let mut object = Map::new();
    for column in columns {
        match &column.place {
            Place::Own(path) => {
                let value = record.fields.get(path).cloned();
                object.extend(value.map(|value| (path.clone(), value)));
            }
            Place::System(name) => drop(object.insert(name.clone(), record.system_value(name))),
            Place::Inner { subform, column: key } => {
                let Some(rows) = record.fields.get(subform).and_then(Json::as_array) else { continue };
                let list = object.entry(subform.clone()).or_insert_with(|| blank(rows.len()));
                for (into, row) in list.as_array_mut().into_iter().flatten().zip(rows) {
                    let Json::Object(into) = into else { continue };
                    for key in ["id", key.as_str()] {
                        into.extend(row.get(key).map(|value| (key.to_string(), value.clone())));
                    }
                }
            }
        }
    }
    Json::Object(object)
}

fn blank(rows: usize) -> Json {
    Json::Array(vec![Json::Object(Map::new()); rows])
}

/// Whether a column is one of a sub-form.
pub fn is_inner(column: &Column) -> bool {
    matches!(column.place, Place::Inner { .. })
}

/// Whether what it refers to has a name.
pub fn refers(kind: &FieldKind) -> bool {
    kind.reference().is_some()
}
