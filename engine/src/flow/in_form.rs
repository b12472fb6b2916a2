//! What a flow asks about a form and its records, answered by a published one.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::analyse::{ChildForm, FormInfo, Holds};
use super::call::Call;
use super::command::Subject;
use super::document::Subflow;
use super::fitting::exchangeable;
use super::message::Message;
use super::published::Flow;
use super::record_action::RecordAction;
use crate::condition::{Checked, Condition, Reach, Source};
use crate::field::{Reference, Shape};
use crate::form::{Catalogue, Compiled, Form, system_kind};
use crate::formula::{Budget, Type};
use crate::text::{Fault, Faults};
use crate::value::{Id, Value};

/// A published form among the others.
pub struct InForm<'f> {
    pub form: &'f Form,
    pub catalogue: &'f dyn Catalogue,
}

impl InForm<'_> {
    /// The paths through links that the flow reads of a record, to find its way and its people. Whoever asks the flow
    /// makes these linked records known first: one that is not known reads as empty.
    pub fn link_reads(&self, flow: &Flow) -> Vec<Reach> {
        let mut found: BTreeSet<Reach> = BTreeSet::new();
        for when in flow.conditions() {
            // One that no longer fits its form does not hold, whatever is known.
            found.extend(self.form.check(&when, self.catalogue).iter().flat_map(Checked::reaches));
        }
        for path in flow.fields_of_people().chain(flow.fields_of_moments()) {
            found.extend(self.form.find(path, self.catalogue).ok().map(|(reach, _)| reach));
        }
        for check in flow.all_checks() {
            let compiled = self.form.formula(&check.formula, &Type::Bool, self.catalogue);
            found.extend(compiled.iter().flat_map(Compiled::reaches).cloned());
        }
        self.form.reads_behind(found).into_iter().collect()
    }

    /// The paths through links that the fields of a subflow are filled from.
    pub fn mapped_reads(&self, subflow: &Subflow) -> Vec<Reach> {
        let paths = subflow.map_in.values();
        let found = paths.filter_map(|path| self.form.find(path, self.catalogue).ok());
        self.form.reads_behind(found.map(|(reach, _)| reach)).into_iter().collect()
    }
}

impl FormInfo for InForm<'_> {
    fn is_input(&self, path: &str) -> Option<bool> {
        self.form.column(path).map(|column| column.field.is_input())
    }

    fn holds(&self, path: &str) -> Option<Holds> {
        let (_, kind) = self.form.find(path, self.catalogue).ok()?;
        Some(match kind.reference() {
            Some(Reference::Department) => Holds::Departments,
            Some(Reference::Member) => Holds::Members,
            None if matches!(kind.shape(), Shape::Day | Shape::Instant) => Holds::Moments,
            Some(Reference::Record | Reference::File) | None => Holds::Other,
        })
    }

    fn literal(&self, path: &str, json: &Json) -> Option<Value> {
        let (reach, kind) = self.form.find(path, self.catalogue).ok()?;
        let has_one = match kind.shape() {
            Shape::Text
            | Shape::Key
            | Shape::Decimal(_)
            | Shape::Day
            | Shape::Instant
            | Shape::TimeOfDay
            | Shape::Bool
            | Shape::Ref => reach.rows.is_none(),
            _ => false,
        };
        let value = kind.parse_wire(json).ok().filter(|_| has_one)?;
        value.compare(&value).is_some().then_some(value)
    }

    fn is_switch(&self, path: &str) -> bool {
        // What could not be computed is neither.
        let column = self.form.column(path);
        column.is_some_and(|column| column.shape == Shape::Bool && column.field.is_input())
    }

    fn is_subform(&self, path: &str) -> bool {
        self.form.column(path).is_some_and(|column| column.field.kind.name() == "subform")
    }

    fn child(&self, form: &str) -> Option<ChildForm> {
        let app = &self.form.sketch.app;
        let sketch = self.catalogue.form(app, form)?;
        let fields =
            sketch.document.fields.iter().map(|field| (field.key.clone(), field.is_input())).collect();
        Some(ChildForm { fields, is_own: sketch.id == self.form.sketch.id })
    }

    fn exchanges(&self, own: &str, form: &str, theirs: &str) -> bool {
        let there = self.catalogue.form(&self.form.sketch.app, form);
        let field = there.as_ref().and_then(|there| there.document.field(theirs));
        let Some(theirs) = field.map(|field| field.kind.clone()).or_else(|| system_kind(theirs)) else {
            return true;
        };
        self.form.find(own, self.catalogue).map_or(true, |(_, own)| exchangeable(&own, &theirs))
    }

    fn people_of(&self, action: &RecordAction) -> Vec<(String, Reference, Id)> {
        action.people(self.form, self.catalogue)
    }

    fn to_be_filled(&self) -> Vec<String> {
        let is_open = |column: &&crate::form::Column| {
            let fills_itself = column.default.is_some()
                || column.field.kind.options().get("default_me") == Some(&serde_json::Value::Bool(true));
            column.field.required && column.field.is_input() && !fills_itself
        };
        self.form.fields().filter(is_open).map(|column| column.path.clone()).collect()
    }

    fn condition(&self, when: &Condition) -> Faults {
        self.form.check(when, self.catalogue).err().unwrap_or_default()
    }

    fn check(&self, formula: &str) -> Faults {
        self.form.formula(formula, &Type::Bool, self.catalogue).err().into_iter().collect()
    }

    fn action(&self, action: &RecordAction) -> Faults {
        action.faults(self.form, self.catalogue)
    }

    fn message(&self, message: &Message) -> Faults {
        message.faults(self.form, self.catalogue)
    }

    fn call(&self, call: &Call) -> Faults {
        call.faults(self.form, self.catalogue)
    }
}

/// A record of a published form, as a flow reads it.
pub struct OnRecord<'r> {
    pub form: &'r Form,
    pub catalogue: &'r dyn Catalogue,
    pub source: &'r dyn Source,
    /// The moment and the person that its conditions are read for.
    pub context: &'r crate::context::Context,
}

impl OnRecord<'_> {
    /// What the checks of a step find wrong, besides what the form itself asks; paths are those of fields. A check that no
    /// longer fits the form (a field was dropped since) asks nothing: the flow never gets stuck by it.
    pub fn faults_at(&self, flow: &Flow, step: &str) -> Faults {
        let mut budget = Budget::for_record();
        let mut faults = Faults::new();
        for check in flow.checks(step) {
            let Ok(formula) = self.form.formula(&check.formula, &Type::Bool, self.catalogue) else {
                continue;
            };
            // It is shown at the first field that it reads.
            let at = formula.reaches().next().map(|reach| reach.own_path()).unwrap_or_default();
            match formula.evaluate(self.source, self.context, &mut budget) {
                Value::Bool(false) => faults
                    .push(Fault::new(at, "validation").arg("key", &check.key).message(check.message.clone())),
                Value::Error(error) => faults.push(Fault::not_computed(at, error)),
                _ => {}
            }
        }
        faults
    }

    /// The value at a path as it is written; of a column, that of one row, and nothing without one.
    pub fn written(&self, path: &str, row: Option<Id>) -> Json {
        let Ok((reach, kind)) = self.form.find(path, self.catalogue) else { return Json::Null };
        let value = match &reach.rows {
            None => self.source.value(&reach),
            Some(subform) => {
                let rows = self.source.value(&Reach::own(subform));
                let place = rows.rows().iter().position(|known| known.id.is_some() && known.id == row);
                let cell = place.and_then(|place| self.source.row_values(&reach).into_iter().nth(place));
                cell.unwrap_or_default()
            }
        };
        kind.to_json(&value)
    }
}

impl Subject for OnRecord<'_> {
    fn value(&self, path: &str) -> Value {
        match self.form.find(path, self.catalogue) {
            Ok((reach, _)) if reach.rows.is_some() => Value::List(self.source.row_values(&reach)),
            Ok((reach, _)) => self.source.value(&reach),
            Err(_) => Value::Empty,
        }
    }

    fn holds(&self, when: &Condition) -> bool {
        // A condition that no longer fits its form (a field was dropped since) does not hold: the flow takes
        // another arm, and never gets stuck.
        self.form.check(when, self.catalogue).is_ok_and(|checked| checked.holds(self.source, self.context))
    }
}
