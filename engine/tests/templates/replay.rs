//! Demo records saved one after another, as loading them does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::aggregate::{Contributions, add};
use engine::condition::{Reach, Source};
use engine::context::Context;
use engine::field::FieldKind;
use engine::form::{Column, Form};
use engine::package::{DemoRecord, demo_order, read_demo};
use engine::record::{Draft, Linked, missing_links};
use engine::text::{Fault, Language};
use engine::value::{Id, Row, Value, Values, get, parse_timestamp};
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::world::{Name, World, full_name};

/// Saves the demo records of all packages; gives everything that was refused, by file and line.
pub fn load(world: &World, english: bool) -> Vec<String> {
    run(world, english).refused
}

/// The demo records of all packages as they are saved, each with its form.
pub fn saved(world: &World) -> Vec<(Id, Values)> {
    run(world, false).saved.into_iter().map(|((form, _), values)| (form, values)).collect()
}

fn run(world: &World, english: bool) -> Loading<'_> {
    let mut loading = Loading {
        world,
        ids: BTreeMap::new(),
        saved: BTreeMap::new(),
        taken: BTreeSet::new(),
        groups: BTreeMap::new(),
        refused: Vec::new(),
    };
    for package in &world.packages {
        let app = &package.manifest.key;
        let files: Vec<Name> = package.demo.keys().map(|(of, form)| (owner(of, app), form.clone())).collect();
        for name in demo_order(&files, |name| links_of(world, name)) {
            let (key, text) = package
                .demo
                .iter()
                .find(|((of, form), _)| owner(of, app) == name.0 && *form == name.1)
                .expect("ordered from these");
            let translated = package.demo_in.get(&(Language::En, key.0.clone(), key.1.clone()));
            loading.file(&name, translated.filter(|_| english).unwrap_or(text));
        }
    }
    loading
}

/// When everything here happens.
pub fn moment() -> Context {
    let now = parse_timestamp("2026-11-24T02:00:00Z").expect("an instant");
    Context::system(now, TimeZone::get("Asia/Shanghai").expect("a known zone"))
}

fn owner(of: &str, app: &str) -> String {
    if of.is_empty() { app.to_string() } else { of.to_string() }
}

fn links_of(world: &World, name: &Name) -> Vec<Name> {
    let Some(form) = world.forms.get(name) else { return Vec::new() };
    form.all_columns().filter_map(|column| link_target(name, column)).collect()
}

fn link_target(name: &Name, column: &Column) -> Option<Name> {
    match &column.field.kind {
        FieldKind::Link(link) => Some(full_name(&name.0, &link.form)),
        _ => None,
    }
}

struct Loading<'a> {
    world: &'a World,
    /// Records by form and `$key`.
    ids: BTreeMap<(Name, String), Id>,
    /// Everything saved so far, by form and id.
    saved: BTreeMap<(Id, Id), Values>,
    /// Values of unique fields.
    taken: BTreeSet<(Name, String, String)>,
    /// The groups of the aggregate tables, by table.
    groups: BTreeMap<usize, Contributions>,
    refused: Vec<String>,
}

impl Loading<'_> {
    fn file(&mut self, name: &Name, text: &str) {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut lines = reader.records().map(|line| {
            let line = line.expect("well-formed csv");
            let number = line.position().map_or(0, |position| position.line());
            (number, line.iter().map(str::to_string).collect::<Vec<String>>())
        });
        let (_, columns) = lines.next().expect("a header");
        let Some(form) = self.world.forms.get(name).cloned() else {
            self.refused.push(format!("{name:?}: no such form"));
            return;
        };
        let context = self.context(name);
        let records = match read_demo(&columns, lines, context.today()) {
            Ok(records) => records,
            Err(fault) => {
                self.refused.push(format!("{name:?} {fault:?}"));
                return;
            }
        };
        for record in records {
            let (line, key) = (record.line, record.key.clone());
            let faults = self.save(name, &form, record, &context);
            self.refused.extend(faults.into_iter().map(|fault| {
                format!(
                    "{}/{} line {line} ({key}): {} {} {:?}",
                    name.0, name.1, fault.path, fault.code, fault.args
                )
            }));
        }
    }

    /// The moment, with the parameters of the form's app.
    fn context(&self, name: &Name) -> Context {
        let mut context = moment();
        let package = self.world.packages.iter().find(|package| package.manifest.key == name.0);
        for parameter in package.map(|package| package.manifest.parameters.as_slice()).unwrap_or_default() {
            let kind = FieldKind::from_parts(&parameter.kind, Json::Null).expect("a kind");
            context.params.insert(parameter.key.clone(), kind.parse(&parameter.default).expect("a value"));
        }
        context
    }

    fn save(&mut self, name: &Name, form: &Arc<Form>, record: DemoRecord, context: &Context) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let Some(role) = record.owner.as_ref().filter(|role| !self.world.roles.contains(*role)) {
            faults.push(Fault::new("$owner", "unknown_role").arg("role", role));
        }
        let id = Id::from_i64(self.ids.len() as i64 + 1_000).expect("positive");
        if self.ids.insert((name.clone(), record.key.clone()), id).is_some() {
            faults.push(Fault::new("$key", "twice"));
        }
        let mut values = self.cells(name, form, "", &record.fields, &mut faults);
        for (subform, rows) in &record.rows {
            let rows = rows.iter().map(|cells| {
                let values = self.cells(name, form, &format!("{subform}."), cells, &mut faults);
                Row { id: None, values }
            });
            let rows = Value::Rows(rows.collect());
            values.insert(subform.clone(), rows);
        }
        for column in form.fields().filter(|column| matches!(column.field.kind, FieldKind::Serial(_))) {
            values.insert(column.path.clone(), Value::text(id.to_string()));
        }
        let mut draft = Draft::new_with(form.clone(), context.clone(), self.linked(form, &values));
        draft.apply(values);
        faults.extend(draft.faults(&|_| true));
        faults.extend(self.claim(name, form, draft.values()));
        faults.extend(self.add_up(form, id, &draft, record.flow_state.as_deref(), context));
        self.saved.insert((form.id(), id), draft.values().clone());
        faults
    }

    /// The records that computing these values reads.
    fn linked(&self, form: &Form, values: &Values) -> Linked {
        let mut linked = Linked::default();
        loop {
            let missing = missing_links(form, values, &linked);
            if missing.is_empty() {
                return linked;
            }
            for (form, id) in missing {
                linked.insert(form, id, self.saved.get(&(form, id)).cloned().unwrap_or_default());
            }
        }
    }

    fn cells(
        &self,
        name: &Name,
        form: &Form,
        inside: &str,
        cells: &BTreeMap<String, String>,
        faults: &mut Vec<Fault>,
    ) -> Values {
        let mut values = Values::new();
        for (key, cell) in cells {
            let path = format!("{inside}{key}");
            let Some(column) = form.column(&path).filter(|column| column.field.is_input()) else {
                faults.push(Fault::new(path, "not_writable"));
                continue;
            };
            let value = match link_target(name, column) {
                Some(target) => match self.ids.get(&(target, cell.clone())) {
                    Some(id) => Ok(Value::Ref(*id)),
                    None => Err(Fault::new("", "unknown_record").arg("id", cell)),
                },
                None => column.field.kind.parse(&Json::String(cell.clone())),
            };
            match value {
                Ok(value) => drop(values.insert(key.clone(), value)),
                Err(fault) => faults.push(fault.under(&path)),
            }
        }
        values
    }

    /// No two records have the same value in a unique field.
    fn claim(&mut self, name: &Name, form: &Form, values: &Values) -> Vec<Fault> {
        let unique =
            form.fields().filter(|column| column.field.unique).map(|column| vec![column.path.clone()]);
        let sets = unique.chain(form.sketch.document.unique.iter().cloned());
        let mut faults = Vec::new();
        for set in sets {
            let held: Vec<&Value> = set.iter().map(|key| get(values, key)).collect();
            if held.iter().any(|value| value.is_empty()) {
                continue;
            }
            if !self.taken.insert((name.clone(), set.join(","), format!("{held:?}"))) {
                faults.push(Fault::new(set.join(","), "not_unique"));
            }
        }
        faults
    }

    /// Adds the record to the aggregate tables and asks their constraints.
    fn add_up(
        &mut self,
        form: &Form,
        id: Id,
        draft: &Draft,
        state: Option<&str>,
        context: &Context,
    ) -> Vec<Fault> {
        let mut faults = Vec::new();
        let record = draft.source(None);
        let record = Saved { id, state, record: &record };
        for (place, table) in self.world.aggregates.iter().enumerate() {
            let kept = self.groups.entry(place).or_default();
            let contributions = table.contributions(form.id(), &record, context);
            let Some(contributions) = contributions.filter(|more| add(kept, more).is_some()) else {
                faults.push(Fault::new(table.document.key.clone(), "out_of_range"));
                continue;
            };
            for group in contributions.keys().filter_map(|key| kept.get(key)) {
                let measures = table.measures(&table.figures(group), &group.group, context);
                if let Some(broken) = table.broken_constraint(&measures, context) {
                    faults.push(
                        Fault::new(table.document.key.clone(), "constraint").arg("constraint", &broken.key),
                    );
                }
            }
        }
        faults
    }
}

/// A draft with the system fields that a save gives it.
struct Saved<'a> {
    id: Id,
    state: Option<&'a str>,
    record: &'a dyn Source,
}

impl Source for Saved<'_> {
    fn value(&self, reach: &Reach) -> Value {
        match (reach.hops.is_empty(), reach.field.as_str()) {
            (true, "$flow_state") => self.state.map(Value::text).unwrap_or_default(),
            (true, "$id") => Value::Ref(self.id),
            _ => self.record.value(reach),
        }
    }

    fn row_values(&self, reach: &Reach) -> Vec<Value> {
        self.record.row_values(reach)
    }
}
