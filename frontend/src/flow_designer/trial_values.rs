//! What a record of a trial holds where the flow goes by it: shown, and changed for the trial alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::condition::{Operand, Operator};
use engine::field::Shape;
use engine::flow::document::Step;
use engine::flow::who::Who;
use engine::form::{Column, Form};
use engine::record::{Draft, read_values};
use engine::value::Values as FieldValues;
use leptos::prelude::*;
use serde_json::{Map, Value as Json};
use wire::records::Record;

use super::state::FlowDesigner;
use super::words::literal_words;
use crate::fill::{FieldInput, FormState, Titles};
use crate::records::{context, loaders_of_draft};
use crate::ui::{Field, Icon};
use crate::{i18n, t};

/// Facts of the record that are shown at most.
const MOST_FACTS: usize = 6;

/// The values of a stored record, or of a new one.
pub fn values_of(designer: FlowDesigner, record: Option<&Record>) -> FormState {
    let of = designer.form.get_value();
    let (form, titles) = (of.form, Titles::default());
    let context = context(BTreeMap::new());
    let draft = match record {
        Some(record) => {
            let stored = read_values(&form, &record.fields);
            Draft::open(form.clone(), context, stored, FieldValues::new())
        }
        None => Draft::new(form.clone(), context),
    };
    FormState::new(draft, loaders_of_draft(of.id, form, of.catalogue, titles), titles)
}

/// What the flow reads of the record, and inputs to try other values.
#[component]
pub fn Values(
    designer: FlowDesigner,
    record: Option<Record>,
    state: FormState,
    /// Hears that something was changed.
    on_change: Callback<()>,
) -> impl IntoView {
    let form = designer.published_form();
    let shown = form.clone();
    let read = Memo::new(move |_| {
        let mut paths = BTreeSet::new();
        designer.document.with(|document| paths_read(&document.steps, &mut paths));
        paths
    });
    let inputs = Memo::new(move |_| read.with(|paths| inputs_of(&form, paths)));
    Effect::new(move |before: Option<()>| {
        state.changes.track();
        if before.is_some() {
            on_change.run(());
        }
    });
    let fields = record.map(|record| record.fields).unwrap_or_default();
    let facts = move || {
        state.changes.track();
        facts(&shown, state, &fields, &read.get())
    };
    let input = move |(path, label): (String, engine::text::Label)| {
        let name = Signal::derive(move || label.get(i18n::language()).to_string());
        let fault = state.fault_at(path.clone());
        view! { <Field label=name error=fault><FieldInput state=state path=path.clone() column=path/></Field> }
    };
    let changes = move || {
        let inputs = inputs.get();
        (!inputs.is_empty()).then(|| {
            view! {
                <details class="fold sim-values">
                    <summary><Icon name="right"/>{t!("flows-trial-values")}</summary>
                    <div class="stack g3">{inputs.into_iter().map(input).collect_view()}</div>
                </details>
            }
        })
    };
    view! { {facts}{changes} }
}

/// What the conditions of the flow read of the record as it is tried.
fn facts(
    form: &Arc<Form>,
    state: FormState,
    stored: &Map<String, Json>,
    read: &BTreeSet<String>,
) -> impl IntoView + use<> {
    let changed = state.changed_fields();
    let value_of = |column: &Column| -> Option<Json> {
        let path = &column.path;
        if let Some(json) = changed.get(path) {
            return Some(json.clone());
        }
        // What is computed follows what was changed, as far as it is known here.
        let computed = state.draft.with_untracked(|draft| draft.values().get(path).cloned());
        let computed = computed.filter(|value| !column.field.is_input() && !value.is_empty());
        computed.map(|value| column.read_kind.to_json(&value)).or_else(|| stored.get(path).cloned())
    };
    let fact = |path: &String| {
        let column = form.column(path).filter(|column| column.subform().is_none())?;
        let value = value_of(column).filter(|value| !value.is_null())?;
        let words = literal_words(form, path, &value, Operator::Eq);
        Some((column.field.label.get(i18n::language()).to_string(), words))
    };
    let told: Vec<(String, String)> = read.iter().filter_map(fact).take(MOST_FACTS).collect();
    let line = |(label, words): (String, String)| view! { <span>{label}<b class="num">{words}</b></span> };
    (!told.is_empty())
        .then(|| view! { <div class="sim-facts">{told.into_iter().map(line).collect_view()}</div> })
}

/// The paths by which branches find their arms and steps their people.
fn paths_read(steps: &[Step], found: &mut BTreeSet<String>) {
    for step in steps {
        if let Step::Branch(branch) = step {
            for test in branch.arms.iter().flat_map(|arm| arm.when.tests()) {
                found.insert(test.field.clone());
                if let Some(Operand::Field(other)) = &test.value {
                    found.insert(other.clone());
                }
            }
        }
        let of_people = step.who().iter().filter_map(|who| match who {
            Who::Field(path) | Who::HeadOfField(path) => Some(path.clone()),
            _ => None,
        });
        found.extend(of_people);
        step.arms().into_iter().for_each(|(_, inside)| paths_read(inside, found));
    }
}

/// The fields of the form itself behind these paths that can be set, with their names; of a path over a link, the link.
fn inputs_of(form: &Form, paths: &BTreeSet<String>) -> Vec<(String, engine::text::Label)> {
    let own = paths.iter().map(|path| path.split('.').next().unwrap_or_default()).collect::<BTreeSet<_>>();
    let columns = own.into_iter().filter_map(|path| form.column(path));
    let settable = columns.filter(|column| {
        let is_one = !matches!(column.shape, Shape::Rows | Shape::Nothing);
        is_one && column.field.is_input() && column.field.kind.name() != "files"
    });
    settable.map(|column| (column.path.clone(), column.field.label.clone())).collect()
}

#[cfg(test)]
mod tests {
    use engine::flow::FlowDocument;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_way_and_the_people_go_by_is_read() {
        let when = json!({"all": [{"field": "amount", "op": "gt", "value": {"field": "limit"}},
            {"field": "customer.tier", "op": "eq", "value": "a"}]});
        let inside = json!({"kind": "approve", "key": "a", "label": "a", "who": [{"head_of_field": "team"}]});
        let document = FlowDocument::read(json!({"format": 1, "label": "f", "steps": [
            {"kind": "branch", "key": "b", "label": "b", "default": {"steps": []},
                "arms": [{"key": "x", "label": "x", "when": when, "steps": [inside]}]}]}))
        .unwrap();
        let mut paths = BTreeSet::new();
        paths_read(&document.steps, &mut paths);
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        assert_eq!(paths, ["amount", "customer.tier", "limit", "team"]);
    }
}
