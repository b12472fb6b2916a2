//! From the cells of a row to the fields of a record, as a request would have them. Runs beside the writer: what can be
//! done once for all rows is done once.

use std::collections::HashMap;

use csv::StringRecord;
use engine::field::FieldKind;
use engine::import::cell_json;
use engine::text::{Fault, Faults, Language};
use engine::value::{Id, Value, fold};
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use wire::records::Fields;

use super::plan::{FLOW_STATE, Refers, Target};
use super::table::Row;
use crate::service::people::Directory;
use crate::texts::texts;

/// Texts of choices that are kept with what they mean.
const MOST_KNOWN: usize = 10_000;

/// A row on its way into the form.
#[derive(Clone, Debug)]
pub struct Line {
    pub line: u64,
    /// As in the file, for those who get the row back.
    pub cells: StringRecord,
    /// What has something in it.
    pub fields: Fields,
    /// Fields whose cells are blank.
    pub blank: Vec<String>,
    /// Whether the record comes as one that its flow has approved.
    pub approved: bool,
    /// Titles of records that are still to be found, by field. A field that holds several things has its list in `fields`
    /// already.
    pub titles: Vec<(String, Id, String)>,
    /// What was wrong already; paths are keys.
    pub faults: Faults,
}

/// Reads rows for one import.
pub struct Cells {
    targets: Vec<Target>,
    zone: TimeZone,
    /// Members by folded name and e-mail address; several of one name are nobody.
    people: HashMap<String, Option<Id>>,
    /// Departments by folded name; several of one name are none.
    departments: HashMap<String, Option<Id>>,
    /// What texts of choices mean, by column.
    choices: Vec<HashMap<String, Json>>,
    /// What the state of an approved record is called, folded.
    approved: Vec<String>,
}

impl Cells {
    pub fn new(targets: Vec<Target>, zone: TimeZone, people: &Directory) -> Cells {
        let choices = vec![HashMap::new(); targets.len()];
        let needs_people = targets.iter().any(|target| target.refers == Some(Refers::Member));
        let departments = departments_by_name(people);
        let people = if needs_people { by_name(people) } else { HashMap::new() };
        Cells { targets, zone, people, departments, choices, approved: approved() }
    }

    pub fn read(&mut self, row: Row) -> Line {
        let mut line = Line {
            line: row.line,
            fields: Fields::new(),
            blank: Vec::new(),
            approved: false,
            titles: Vec::new(),
            faults: Faults::new(),
            cells: StringRecord::new(),
        };
        for (target, choices) in self.targets.iter().zip(&mut self.choices) {
            let cell = row.cells.get(target.place).unwrap_or_default();
            if cell.trim().is_empty() {
                // No number was ever taken away from a record.
                if !matches!(target.kind, FieldKind::Serial(_)) {
                    line.blank.push(target.key.clone());
                }
                continue;
            }
            if target.key == FLOW_STATE {
                line.approved = self.approved.contains(&fold(cell.trim()));
                if !line.approved {
                    line.faults.push(Fault::new(FLOW_STATE, "only_approved"));
                }
                continue;
            }
            let json = match (target.refers, &target.kind) {
                (Some(Refers::Member), _) => match named(target, cell, &self.people) {
                    Ok(json) => json,
                    Err(fault) => {
                        line.faults.push(fault);
                        continue;
                    }
                },
                (Some(Refers::Department), _) => match named(target, cell, &self.departments) {
                    Ok(json) => json,
                    Err(fault) => {
                        line.faults.push(fault);
                        continue;
                    }
                },
                (Some(Refers::Record(form)), _) => {
                    let several = names_in(target, cell).into_iter();
                    line.titles.extend(several.map(|title| (target.key.clone(), form, title.to_string())));
                    if !target.is_many() {
                        continue;
                    }
                    Json::Array(Vec::new())
                }
                (None, FieldKind::Select(_)) => choice(&target.kind, cell, choices),
                (None, kind) => cell_json(kind, cell, &self.zone),
            };
            line.fields.insert(target.key.clone(), json);
        }
        line.cells = row.cells;
        line
    }
}

/// The names in a cell: one, or where a field holds several things those that signs part.
fn names_in<'c>(target: &Target, cell: &'c str) -> Vec<&'c str> {
    if !target.is_many() {
        return vec![cell.trim()];
    }
    let parts = cell.split([';', '；', '、', ',', '，', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty()).collect()
}

/// The ids of the people or departments that a cell names, or has as ids.
fn named(target: &Target, cell: &str, known: &HashMap<String, Option<Id>>) -> Result<Json, Fault> {
    let one = |name: &str| match known.get(&fold(name)) {
        Some(Some(id)) => Ok(Json::String(id.to_string())),
        None if name.parse::<Id>().is_ok() => Ok(Json::String(name.to_string())),
        found => {
            let code = if found.is_some() { "ambiguous_title" } else { "no_such_title" };
            Err(Fault::new(target.key.as_str(), code).arg("title", name))
        }
    };
    let names = names_in(target, cell).into_iter();
    if target.is_many() {
        return names.map(one).collect::<Result<Vec<Json>, Fault>>().map(Json::Array);
    }
    one(cell.trim())
}

/// The key of a choice, looked for once for each text.
fn choice(kind: &FieldKind, cell: &str, known: &mut HashMap<String, Json>) -> Json {
    if let Some(json) = known.get(cell) {
        return json.clone();
    }
    let json = Json::String(cell.to_string());
    let json = match kind.parse(&json) {
        Ok(Value::Text(key)) => Json::String(key),
        // Told with the row.
        Ok(_) | Err(_) => json,
    };
    if known.len() < MOST_KNOWN {
        known.insert(cell.to_string(), json.clone());
    }
    json
}

/// The key of the state, and its name in every language.
fn approved() -> Vec<String> {
    let names = Language::ALL.map(|language| texts(language).get("import-approved", &Default::default()));
    names.into_iter().flatten().chain(["approved".to_string()]).map(|name| fold(&name)).collect()
}

fn by_name(people: &Directory) -> HashMap<String, Option<Id>> {
    let mut found: HashMap<String, Option<Id>> = HashMap::new();
    for member in people.members.values().filter(|member| people.is_active(member.id)) {
        for name in [fold(member.name.trim()), fold(&member.email)] {
            let known = found.entry(name).or_insert(Some(member.id));
            if *known != Some(member.id) {
                *known = None;
            }
        }
    }
    found
}

fn departments_by_name(people: &Directory) -> HashMap<String, Option<Id>> {
    let mut found: HashMap<String, Option<Id>> = HashMap::new();
    for department in people.departments.values() {
        let known = found.entry(fold(department.name.trim())).or_insert(Some(department.id));
        if *known != Some(department.id) {
            *known = None;
        }
    }
    found
}
