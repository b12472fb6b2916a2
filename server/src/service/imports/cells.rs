//! From the cells of a row to the fields of a record, as a request would have them. Runs beside the writer: what can be
//! done once for all rows is done once.

use std::collections::HashMap;

use engine::field::FieldKind;
use engine::import::{RECORD_ID, cell_json, cell_parts, moment_of};
use engine::text::{Fault, Faults, Language};
use engine::value::{Id, Value, fold, format_date, format_time};
use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};
use wire::records::Fields;

use super::plan::{FLOW_STATE, Refers, Target};
use super::table::{Cell, Row, Table};
use crate::service::people::Directory;
use crate::texts::texts;

/// Texts of choices that are kept with what they mean.
const MOST_KNOWN: usize = 10_000;

/// A record on its way into the form: a row of the file, or several where the record has rows itself.
#[derive(Clone, Debug)]
pub struct Line {
    /// As in the file, for those who are told of them; at least one.
    pub rows: Vec<Row>,
    /// Rows of the file that it takes; more than are kept of a record with too many rows.
    pub count: u64,
    /// What has something in it.
    pub fields: Fields,
    /// Fields whose cells are blank.
    pub blank: Vec<String>,
    /// Which record it is, where the file says so.
    pub record: Option<String>,
    /// Whether the record comes as one that its flow has approved.
    pub approved: bool,
    /// Titles of records that are still to be found.
    pub titles: Vec<Title>,
    /// Files that are still to be looked for.
    pub files: Vec<NamedFile>,
    /// The rows of the file that became rows of a sub-form, by their places in `rows`.
    pub inner: HashMap<String, Vec<usize>>,
    /// What was wrong already; paths are `amount` and `lines.0.qty`.
    pub faults: Faults,
}

/// A record that a cell names by its title.
#[derive(Clone, Debug)]
pub struct Title {
    pub place: Place,
    pub form: Id,
    pub title: String,
    /// Whether it is one of several in its field.
    pub is_many: bool,
}

/// A file that a cell names by its id.
#[derive(Clone, Debug)]
pub struct NamedFile {
    pub place: Place,
    pub id: Id,
}

/// Where a value belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub field: String,
    /// The row of the sub-form, and its column.
    pub inner: Option<(usize, String)>,
}

impl Place {
    /// As faults name it.
    pub fn path(&self) -> String {
        match &self.inner {
            None => self.field.clone(),
            Some((row, column)) => format!("{}.{row}.{column}", self.field),
        }
    }

    /// The field, or the column of the sub-form.
    pub fn column(&self) -> String {
        match &self.inner {
            None => self.field.clone(),
            Some((_, column)) => format!("{}.{column}", self.field),
        }
    }

    /// Puts a value where it belongs; of several, behind those that are there.
    pub fn put(&self, fields: &mut Fields, value: Json, is_many: bool) {
        let (object, key) = match &self.inner {
            None => (Some(fields), &self.field),
            Some((row, column)) => {
                let rows = fields.get_mut(&self.field).and_then(Json::as_array_mut);
                (rows.and_then(|rows| rows.get_mut(*row)).and_then(Json::as_object_mut), column)
            }
        };
        let Some(object) = object else { return };
        if !is_many {
            object.insert(key.clone(), value);
        } else if let Json::Array(items) =
            object.entry(key.clone()).or_insert_with(|| Json::Array(Vec::new()))
        {
            items.push(value);
        }
    }
}

impl Line {
    /// The line of the file on which the record begins.
    pub fn line(&self) -> u64 {
        self.rows.first().map_or(0, |row| row.line)
    }

    /// What it says of its record, without the cells that it came from.
    pub fn values(&self) -> Line {
        Line {
            count: self.count,
            fields: self.fields.clone(),
            blank: self.blank.clone(),
            record: self.record.clone(),
            approved: self.approved,
            titles: self.titles.clone(),
            files: self.files.clone(),
            ..Line::empty()
        }
    }

    pub(super) fn empty() -> Line {
        Line {
            rows: Vec::with_capacity(1),
            count: 1,
            fields: Fields::new(),
            blank: Vec::new(),
            record: None,
            approved: false,
            titles: Vec::new(),
            files: Vec::new(),
            inner: HashMap::new(),
            faults: Faults::new(),
        }
    }
}

/// Reads rows for one import.
pub struct Reading {
    targets: Vec<Target>,
    zone: TimeZone,
    /// From which day the numbers of a workbook count.
    system: Option<engine::import::DateSystem>,
    /// Members by folded name and e-mail address; several of one name are nobody.
    people: HashMap<String, Option<Id>>,
    /// Departments by folded name; several of one name are none.
    departments: HashMap<String, Option<Id>>,
    /// What texts of choices mean, by field.
    choices: HashMap<String, HashMap<String, Json>>,
    /// What the state of an approved record is called, folded.
    approved: Vec<String>,
    /// Whether rows of sub-forms keep their ids: only where records are changed.
    keeps_rows: bool,
}

impl Reading {
    pub fn new(
        targets: Vec<Target>,
        table: &Table,
        zone: TimeZone,
        people: &Directory,
        keeps_rows: bool,
    ) -> Reading {
        let names = |refers: Refers| {
            let is_named = move |target: &Target| target.refers == Some(refers);
            targets.iter().any(|target| is_named(target) || target.columns.iter().any(is_named))
        };
        let (needs_people, needs_departments) = (names(Refers::Member), names(Refers::Department));
        let departments = if needs_departments { departments_by_name(people) } else { HashMap::new() };
        let people = if needs_people { by_name(people) } else { HashMap::new() };
        let (system, choices, approved) = (table.system, HashMap::new(), approved());
        Reading { targets, zone, system, people, departments, choices, approved, keeps_rows }
    }

    /// Whether columns of the file fill columns of sub-forms, so that a record may take several rows of it.
    pub fn has_inner(&self) -> bool {
        self.targets.iter().any(|target| target.in_row().is_some())
    }

    /// Whether a row of the file goes on with the record that another one began: it says which record it is about, or
    /// repeats the record's own fields or leaves them blank.
    pub fn goes_on(&self, first: &Row, next: &Row) -> bool {
        if let Some(record) = self.targets.iter().find(|target| target.key == RECORD_ID) {
            let (first, next) = (first.cells.text(record.place), next.cells.text(record.place));
            return !next.trim().is_empty() && first.trim() == next.trim();
        }
        let own = || self.targets.iter().filter(|target| target.in_row().is_none());
        let repeats = |target: &Target| {
            let next = next.cells.text(target.place);
            next.trim().is_empty() || first.cells.text(target.place).trim() == next.trim()
        };
        own().next().is_some() && own().all(repeats)
    }

    /// The record that a row begins.
    pub fn begin(&mut self, row: Row) -> Line {
        let mut line = Line::empty();
        let targets = std::mem::take(&mut self.targets);
        for target in targets.iter().filter(|target| target.in_row().is_none()) {
            self.own(&mut line, target, row.cells.get(target.place));
        }
        self.targets = targets;
        self.inner(&mut line, &row, 0);
        line.rows.push(row);
        line
    }

    /// Adds another row of the file to a record; those beyond what a sub-form holds are counted alone.
    pub fn add(&mut self, line: &mut Line, row: Row) {
        line.count += 1;
        if line.rows.len() > engine::field::MAX_ROWS {
            return;
        }
        self.inner(line, &row, line.rows.len());
        line.rows.push(row);
    }

    /// Says of sub-forms without a row that they are blank; nothing more comes.
    pub fn end(&self, line: &mut Line) {
        for (subform, _) in self.targets.iter().filter_map(Target::in_row) {
            let known = |blank: &String| blank == subform;
            if !line.fields.contains_key(subform) && !line.blank.iter().any(known) {
                line.blank.push(subform.to_string());
            }
        }
    }

    /// One of the record's own fields.
    fn own(&mut self, line: &mut Line, target: &Target, cell: Cell<'_>) {
        if cell.is_blank() {
            // No number was ever taken away from a record, and no id.
            if !matches!(target.kind, FieldKind::Serial(_)) && !target.key.starts_with('$') {
                line.blank.push(target.key.clone());
            }
            return;
        }
        let text = match cell {
            Cell::Text(text) => text.trim(),
            Cell::Json(_) => "",
        };
        match target.key.as_str() {
            RECORD_ID => line.record = Some(text.to_string()),
            FLOW_STATE => {
                line.approved = self.approved.contains(&fold(text));
                if !line.approved {
                    line.faults.push(Fault::new(FLOW_STATE, "only_approved"));
                }
            }
            _ if !target.columns.is_empty() => self.whole(line, target, cell),
            _ => self.put(line, target, cell, Place { field: target.key.clone(), inner: None }),
        }
    }

    /// The columns of sub-forms that a row of the file fills: a row of each sub-form that has something in it.
    fn inner(&mut self, line: &mut Line, row: &Row, at: usize) {
        let targets = std::mem::take(&mut self.targets);
        let mut begun: Vec<&str> = Vec::new();
        for target in &targets {
            let Some((subform, column)) = target.in_row() else { continue };
            let cell = row.cells.get(target.place);
            if cell.is_blank() {
                continue;
            }
            if !begun.contains(&subform) {
                begun.push(subform);
                let rows = line.fields.entry(subform).or_insert_with(|| Json::Array(Vec::new()));
                if let Json::Array(rows) = rows {
                    rows.push(Json::Object(Map::new()));
                }
                line.inner.entry(subform.to_string()).or_default().push(at);
            }
            let number = line.inner.get(subform).map_or(0, |rows| rows.len() - 1);
            let place = Place { field: subform.to_string(), inner: Some((number, column.to_string())) };
            self.put(line, target, cell, place);
        }
        self.targets = targets;
    }

    /// A sub-form that comes as a list of objects.
    fn whole(&mut self, line: &mut Line, target: &Target, cell: Cell<'_>) {
        let Cell::Json(Json::Array(rows)) = cell else {
            line.faults.push(Fault::new(target.key.as_str(), "wrong_type"));
            return;
        };
        line.fields.insert(target.key.clone(), Json::Array(vec![Json::Object(Map::new()); rows.len()]));
        for (number, row) in rows.iter().enumerate() {
            line.inner.entry(target.key.clone()).or_default().push(0);
            let place =
                |column: &str| Place { field: target.key.clone(), inner: Some((number, column.to_string())) };
            if let Some(id) = row.get("id").filter(|_| self.keeps_rows) {
                place("id").put(&mut line.fields, id.clone(), false);
            }
            for column in &target.columns {
                let cell = match row.get(&column.key) {
                    None | Some(Json::Null) => continue,
                    Some(Json::String(text)) => Cell::Text(text),
                    Some(json) => Cell::Json(json),
                };
                if !cell.is_blank() {
                    self.put(line, column, cell, place(&column.key));
                }
            }
        }
    }

    /// One value, as a request would have it.
    fn put(&mut self, line: &mut Line, target: &Target, cell: Cell<'_>, place: Place) {
        match (target.refers, cell) {
            (_, Cell::Json(json)) if json.get("error").is_some() => {
                let code = json.get("error").and_then(Json::as_str).unwrap_or_default();
                line.faults.push(Fault::new(place.path(), "error_cell").arg("value", code));
            }
            (Some(refers), Cell::Json(Json::Array(names))) => {
                for name in names.iter().filter_map(Json::as_str) {
                    self.name(line, refers, name, &place, target.is_many);
                }
            }
            (Some(Refers::File), Cell::Text(text)) => name_files(line, text, &place),
            (Some(refers), Cell::Text(text)) if target.is_many => {
                for name in cell_parts(text) {
                    self.name(line, refers, name, &place, true);
                }
            }
            (Some(refers), Cell::Text(text)) => self.name(line, refers, text.trim(), &place, false),
            (_, Cell::Json(json)) => place.put(&mut line.fields, json.clone(), false),
            (None, Cell::Text(text)) => {
                let json = match &target.kind {
                    FieldKind::Select(_) => self.choice(target, text),
                    kind => self.plain(kind, text),
                };
                place.put(&mut line.fields, json, false);
            }
        }
    }

    /// Somebody or something by its name.
    fn name(&mut self, line: &mut Line, refers: Refers, name: &str, place: &Place, is_many: bool) {
        let known = match refers {
            Refers::Member => &self.people,
            Refers::Department => &self.departments,
            Refers::File => return name_files(line, name, place),
            Refers::Record(form) => {
                line.titles.push(Title { place: place.clone(), form, title: name.to_string(), is_many });
                return;
            }
        };
        let found = known.get(&fold(name));
        // An id is taken where nobody is called so.
        let id = found.map_or_else(|| id_in(name), |found| *found);
        let Some(id) = id else {
            let code = if found.is_some() { "ambiguous_title" } else { "no_such_title" };
            line.faults.push(Fault::new(place.path(), code).arg("title", name));
            return;
        };
        place.put(&mut line.fields, Json::String(id.to_string()), is_many);
    }

    /// A cell of a kind that reads it itself. A number in a workbook is a day where a day is asked for.
    fn plain(&self, kind: &FieldKind, cell: &str) -> Json {
        let is_number = || cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let moment = self.system.filter(|_| is_number()).and_then(|system| moment_of(cell, system));
        match (kind, moment) {
            // Eight digits are a day as people write it.
            (FieldKind::Date(_) | FieldKind::Month(_), Some((date, _))) if cell.len() < 8 => {
                cell_json(kind, &format_date(date), &self.zone)
            }
            (FieldKind::DateTime(_), Some((date, time))) => {
                cell_json(kind, &format!("{} {}", format_date(date), format_time(time)), &self.zone)
            }
            _ => cell_json(kind, cell, &self.zone),
        }
    }

    /// The key of a choice, looked for once for each text.
    fn choice(&mut self, target: &Target, cell: &str) -> Json {
        if let Some(json) = self.choices.get(&target.path).and_then(|known| known.get(cell)) {
            return json.clone();
        }
        let json = Json::String(cell.to_string());
        let json = match target.kind.parse(&json) {
            Ok(Value::Text(key)) => Json::String(key),
            // Told with the row.
            Ok(_) | Err(_) => json,
        };
        let known = self.choices.entry(target.path.clone()).or_default();
        if known.len() < MOST_KNOWN {
            known.insert(cell.to_string(), json.clone());
        }
        json
    }
}

/// Files by their ids, each behind its name, as an export writes them: `plan.pdf (…)`. A name may hold the signs that part
/// names.
fn name_files(line: &mut Line, cell: &str, place: &Place) {
    let mut rest: Vec<&str> = Vec::new();
    for part in cell_parts(cell) {
        match id_in(part) {
            Some(id) => {
                rest.clear();
                line.files.push(NamedFile { place: place.clone(), id });
            }
            None => rest.push(part),
        }
    }
    if !rest.is_empty() {
        line.faults.push(Fault::new(place.path(), "no_such_title").arg("title", rest.join(", ")));
    }
}

/// The id that a name ends with in brackets, or that stands alone.
pub(super) fn id_in(part: &str) -> Option<Id> {
    let inside = part.strip_suffix(')').and_then(|part| part.rsplit_once('(')).map(|(_, id)| id);
    inside.unwrap_or(part).trim().parse().ok()
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
