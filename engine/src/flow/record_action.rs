//! What an action step does to records, in the words of an automation: read from its document, held against the forms that
//! it is about, and worked out for one record.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::in_form::OnRecord;
use crate::condition::{Checked, Condition, Operand, Reach};
use crate::field::{Field, Reference, Shape};
use crate::form::{Catalogue, Column, Form, Sketch, Surroundings};
use crate::formula::Budget;
use crate::record::landed;
use crate::text::{Fault, Faults};
use crate::value::{ErrorValue, Id, Value};

/// What becomes of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Sets fields of the record itself.
    Set,
    Create,
    Update,
    /// Updates the records whose key fields hold what is set, or creates one.
    Upsert,
    Delete,
}

/// What an update or a deletion does that finds no record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfNone {
    #[default]
    Skip,
    Create,
    Fail,
}

/// An action on records as it was designed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordAction {
    pub kind: ActionKind,
    /// Whose records; for `set`, and where `record` is named, it follows.
    #[serde(default)]
    pub form: Option<String>,
    /// Values by field, or `{"formula": …}` over the record of the flow.
    #[serde(default)]
    pub set: Map<String, Json>,
    /// The field of the flow's record that links to what is updated or deleted.
    #[serde(default)]
    pub record: Option<String>,
    /// Which records are updated or deleted; `{"param": FIELD}` is what the flow's record holds.
    #[serde(default)]
    pub filter: Option<Condition>,
    /// For `upsert`: the fields by which records are found.
    #[serde(default)]
    pub key: Vec<String>,
    #[serde(default)]
    pub if_none: IfNone,
    /// Whether a record that is created starts its form's flow.
    #[serde(default = "yes")]
    pub start_flow: bool,
    /// Whether automations, hooks and notices follow.
    #[serde(default = "yes")]
    pub trigger: bool,
}

fn yes() -> bool {
    true
}

/// The records that an action is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Meant {
    /// The record of the flow.
    Own,
    /// These, of another form.
    Records(Vec<Id>),
    /// Those for which this holds.
    Where(Checked),
    /// None: what they would be found by is empty.
    Nothing,
}

impl RecordAction {
    /// Reads the action of a step; `None` for one that is no action on records.
    ///
    /// # Errors
    /// `malformed`.
    pub fn read(action: &Json) -> Option<Result<RecordAction, Fault>> {
        let kind = action.get("kind")?.as_str()?;
        if !["set", "create", "update", "upsert", "delete"].contains(&kind) {
            return None;
        }
        let read = serde_json::from_value(action.clone());
        Some(read.map_err(|error| Fault::new("", "malformed").arg("detail", error)))
    }

    /// The form whose records it makes or changes.
    ///
    /// # Errors
    /// `unknown_form`, `not_a_link` and their kin, at the member that is wrong.
    pub fn target(&self, form: &Form, catalogue: &dyn Catalogue) -> Result<Target, Fault> {
        if self.kind == ActionKind::Set {
            return Ok(Target { form: form.id(), is_own: true });
        }
        if let Some(link) = &self.record {
            let column = form.column(link).filter(|column| column.subform().is_none());
            let is_link = |column: &&Column| column.field.kind.reference() == Some(Reference::Record);
            let target = column.filter(is_link).and_then(|column| column.target);
            let target = target.ok_or_else(|| Fault::new("/record", "not_a_link").arg("field", link))?;
            return Ok(Target { form: target, is_own: false });
        }
        let name = self.form.as_deref().unwrap_or_default();
        let sketch = catalogue.form(&form.sketch.app, name);
        let sketch = sketch.ok_or_else(|| Fault::new("/form", "unknown_form").arg("form", name))?;
        Ok(Target { form: sketch.id, is_own: false })
    }

    /// That form as it is designed.
    fn sketch(&self, form: &Form, catalogue: &dyn Catalogue) -> Option<Arc<Sketch>> {
        let target = self.target(form, catalogue).ok()?;
        match target.is_own {
            true => Some(form.sketch.clone()),
            false => catalogue.form(&form.sketch.app, &target.form.to_string()),
        }
    }

    /// The members and departments that it writes down as they are, with their places as JSON pointers.
    pub fn people(&self, form: &Form, catalogue: &dyn Catalogue) -> Vec<(String, Reference, Id)> {
        let Some(sketch) = self.sketch(form, catalogue) else { return Vec::new() };
        let mut found = Vec::new();
        for (key, value) in self.set.iter().filter(|(_, value)| formula_in(value).is_none()) {
            let Some(field) = sketch.document.field(key) else { continue };
            let Some(reference) = field.kind.reference() else { continue };
            let named = field.kind.parse(value).unwrap_or_default();
            let ids = named.items().iter().filter_map(Value::as_ref_id).collect::<Vec<Id>>();
            found.extend(ids.into_iter().map(|id| (format!("/set/{key}"), reference, id)));
        }
        found
    }

    /// What is wrong with it, at JSON pointers into the action.
    pub fn faults(&self, form: &Form, catalogue: &dyn Catalogue) -> Faults {
        if let Err(fault) = self.target(form, catalogue) {
            return vec![fault];
        }
        let Some(sketch) = self.sketch(form, catalogue) else {
            let name = self.form.as_deref().or(self.record.as_deref()).unwrap_or_default();
            return vec![Fault::new("/form", "unknown_form").arg("form", name)];
        };
        let mut faults = self.misplaced();
        for (key, value) in &self.set {
            let found = check_value(form, &sketch, catalogue, key, value).into_iter();
            faults.extend(found.map(|fault| Fault { path: format!("/set/{key}{}", fault.path), ..fault }));
        }
        for (place, key) in self.key.iter().enumerate() {
            if !self.set.contains_key(key) {
                faults.push(Fault::new(format!("/key/{place}"), "key_not_set").arg("field", key));
            }
        }
        if let Some(filter) = &self.filter {
            let around = Surroundings { sketch: &sketch, catalogue, row_of: None };
            let wrong = Checked::new(filter, &around).err().unwrap_or_default();
            faults.extend(wrong.into_iter().map(|fault| Fault { path: "/filter".to_string(), ..fault }));
            for path in params(filter) {
                if form.find(path, catalogue).is_err() {
                    faults.push(Fault::new("/filter", "unknown_field").arg("field", path));
                }
            }
        }
        faults
    }

    /// Members that its kind does not have, or needs.
    fn misplaced(&self) -> Faults {
        let mut faults = Faults::new();
        let finds = matches!(self.kind, ActionKind::Update | ActionKind::Delete);
        let ways = usize::from(self.record.is_some()) + usize::from(self.filter.is_some());
        if ways != usize::from(finds) {
            faults.push(Fault::new("", "record_or_filter"));
        }
        let needs_key = self.kind == ActionKind::Upsert;
        if needs_key == self.key.is_empty() {
            faults.push(Fault::new("/key", if needs_key { "required" } else { "key_without_upsert" }));
        }
        let needs_values = self.kind != ActionKind::Delete;
        if needs_values && self.set.is_empty() {
            faults.push(Fault::new("/set", "required"));
        }
        // What would be passed over in silence.
        if !needs_values && !self.set.is_empty() {
            faults.push(Fault::new("/set", "not_of_action").arg("member", "set"));
        }
        if !finds && self.if_none != IfNone::Skip {
            faults.push(Fault::new("/if_none", "not_of_action").arg("member", "if_none"));
        }
        faults
    }

    /// The paths through links that working it out reads of the flow's record.
    pub fn link_reads(&self, form: &Form, catalogue: &dyn Catalogue) -> Vec<Reach> {
        let mut found: BTreeSet<Reach> = BTreeSet::new();
        let sketch = self.sketch(form, catalogue);
        for (key, value) in &self.set {
            let field = sketch.as_ref().and_then(|sketch| sketch.document.field(key));
            let (Some(source), Some(field)) = (formula_in(value), field) else { continue };
            if let Ok(formula) = form.formula(source, &field.kind.formula_type(), catalogue) {
                found.extend(formula.reaches().cloned());
            }
        }
        let params = self.filter.iter().flat_map(params);
        found.extend(params.filter_map(|path| form.find(path, catalogue).ok()).map(|(reach, _)| reach));
        form.reads_behind(found).into_iter().collect()
    }

    /// The values that it sets in a record of `target`, as they are written.
    ///
    /// # Errors
    /// `formula_error` at the field that has the formula.
    pub fn fields(&self, record: &OnRecord<'_>, target: &Form) -> Result<Map<String, Json>, Faults> {
        let mut fields = Map::new();
        let mut faults = Faults::new();
        let mut budget = Budget::for_record();
        for (key, value) in &self.set {
            let Some(source) = formula_in(value) else {
                fields.insert(key.clone(), value.clone());
                continue;
            };
            let Some(column) = target.column(key) else {
                faults.push(Fault::new(key.as_str(), "unknown_field").arg("field", key));
                continue;
            };
            let formula = record.form.formula(source, &column.field.kind.formula_type(), record.catalogue);
            let found = match formula {
                Ok(formula) => formula.evaluate(record.source, record.context, &mut budget),
                // What it names was taken away since the flow was published.
                Err(_) => Value::Error(ErrorValue::Ref),
            };
            match landed(found, column) {
                Value::Error(error) => {
                    faults.push(Fault::not_computed(key.as_str(), error));
                }
                value => drop(fields.insert(key.clone(), column.field.kind.to_json(&value))),
            }
        }
        if faults.is_empty() { Ok(fields) } else { Err(faults) }
    }

    /// The records that it changes; for `upsert` those that hold these `fields` in its key.
    ///
    /// # Errors
    /// What the filter finds wrong with the form as it is now.
    pub fn meant(
        &self,
        record: &OnRecord<'_>,
        target: &Form,
        fields: &Map<String, Json>,
    ) -> Result<Meant, Faults> {
        if let Some(link) = &self.record {
            let held = record.form.find(link, record.catalogue).map(|(reach, _)| record.source.value(&reach));
            let held = held.unwrap_or_default();
            let ids: Vec<Id> = held.items().iter().filter_map(Value::as_ref_id).collect();
            return Ok(if ids.is_empty() { Meant::Nothing } else { Meant::Records(ids) });
        }
        let condition = match (self.kind, &self.filter) {
            (ActionKind::Set, _) => return Ok(Meant::Own),
            (ActionKind::Create, _) => return Ok(Meant::Nothing),
            (ActionKind::Upsert, _) => {
                let held = |key: &String| fields.get(key).filter(|value| !value.is_null());
                if self.key.iter().any(|key| held(key).is_none()) {
                    return Ok(Meant::Nothing);
                }
                let tests = self.key.iter().filter_map(|key| {
                    Some(Condition::test(key, crate::condition::Operator::Eq, held(key)?.clone()))
                });
                Condition::All(tests.collect())
            }
            (ActionKind::Update | ActionKind::Delete, Some(filter)) => filter.clone(),
            (ActionKind::Update | ActionKind::Delete, None) => return Ok(Meant::Nothing),
        };
        let value_of = |path: &str| {
            let found = record.form.find(path, record.catalogue);
            found.map(|(reach, _)| record.source.value(&reach)).unwrap_or_default()
        };
        // A test that can't be asked is no test that holds.
        if params(&condition).any(|path| value_of(path).is_empty()) {
            return Ok(Meant::Nothing);
        }
        let checked = target.check(&condition, record.catalogue)?;
        Ok(checked.with_params(&|path| Some(value_of(path))).map_or(Meant::Nothing, Meant::Where))
    }
}

/// The form that an action is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    pub form: Id,
    /// It is the record of the flow itself.
    pub is_own: bool,
}

/// The fields of the flow's record that a filter compares with.
fn params(filter: &Condition) -> impl Iterator<Item = &str> {
    filter.tests().into_iter().filter_map(|test| match &test.value {
        Some(Operand::Param(path)) => Some(path.as_str()),
        Some(Operand::Literal(_) | Operand::Var(_) | Operand::Relative(..) | Operand::Field(_)) | None => {
            None
        }
    })
}

/// What is wrong with a value that is set, seen from the member of its field.
fn check_value(form: &Form, target: &Sketch, catalogue: &dyn Catalogue, key: &str, value: &Json) -> Faults {
    let Some(field) = target.document.field(key).filter(|_| !key.contains('.')) else {
        return vec![Fault::new("", "unknown_field").arg("field", key)];
    };
    if !field.is_input() {
        return vec![Fault::new("", "field_not_editable").arg("field", key)];
    }
    if let Some(source) = formula_in(value) {
        let wrong = form.formula(source, &field.kind.formula_type(), catalogue).err().into_iter();
        return wrong.map(|fault| Fault { path: "/formula".to_string(), ..fault }).collect();
    }
    match (field.kind.shape(), value) {
        (Shape::Rows, Json::Null) => Faults::new(),
        (Shape::Rows, Json::Array(rows)) => {
            rows.iter().enumerate().flat_map(|(place, row)| check_row(field, place, row)).collect()
        }
        _ => check_literal(field, value, String::new()).into_iter().collect(),
    }
}

/// What is wrong with one of the rows that are set.
fn check_row(subform: &Field, place: usize, row: &Json) -> Faults {
    let Json::Object(cells) = row else { return vec![Fault::new(format!("/{place}"), "wrong_type")] };
    // A row that was there is meant by its id.
    let cells = cells.iter().filter(|(key, _)| *key != "id");
    let check = |(key, value): (&String, &Json)| {
        let at = format!("/{place}/{key}");
        match subform.columns().iter().find(|column| column.key == *key) {
            Some(column) => check_literal(column, value, at),
            None => Some(Fault::new(at, "unknown_field").arg("field", format!("{}.{key}", subform.key))),
        }
    };
    cells.filter_map(check).collect()
}

/// What is wrong with a value that stands there as it is.
fn check_literal(field: &Field, value: &Json, at: String) -> Option<Fault> {
    if !field.is_input() {
        return Some(Fault::new(at, "field_not_editable").arg("field", &field.key));
    }
    field.kind.parse(value).err().map(|fault| Fault { path: at, ..fault })
}

/// The formula of `{"formula": …}`.
fn formula_in(value: &Json) -> Option<&str> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.get("formula")?.as_str()
}
