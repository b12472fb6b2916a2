//! What a formula gives for records that are there: the newest ones of the form, one after the other.

use std::sync::Arc;

use engine::condition::Reach;
use engine::form::{Column, Compiled, Form, FormDocument};
use engine::formula::Type;
use engine::record::{Draft, read_values};
use engine::value::{Id, Value, Values, get};
use leptos::prelude::*;
use serde_json::Value as Json;
use wire::records::{Query, Record};

use super::formula_trial::Trial;
use super::state::Designer;
use crate::api::forms::{self, OpenForm};
use crate::api::records;
use crate::fill::{FormState, Titles, text_in};
use crate::records::{context, given, loaders_of_draft, title_of};
use crate::ui::{ControlSize, IconButton};
use crate::{i18n, t, text};

/// How many records one goes through.
const MOST: u32 = 20;
/// How many of the fields that a formula reads are shown with what the record holds.
const MOST_FACTS: usize = 3;

/// Records of the form as it is in force.
#[derive(Clone)]
struct Found {
    open: OpenForm,
    records: Vec<Record>,
}

/// The newest records that the reader may see. Cheap to copy; lives as long as what made it.
#[derive(Clone, Copy)]
pub struct Samples {
    found: LocalResource<Option<Found>>,
    titles: Titles,
}

impl Samples {
    /// Asks for one page, once.
    pub fn of(designer: Designer) -> Samples {
        let titles = Titles::default();
        let found = LocalResource::new(move || newest(designer.id, titles));
        Samples { found, titles }
    }

    fn with<T>(self, read: impl FnOnce(&Found) -> Option<T>) -> Option<T> {
        self.found.with(|found| found.as_ref().and_then(Option::as_ref).and_then(read))
    }

    /// How many there are, as far as they have come; tracked.
    pub fn count(self) -> usize {
        self.with(|found| Some(found.records.len())).unwrap_or_default()
    }

    fn record(self, place: usize) -> Option<Record> {
        self.with(|found| found.records.get(place).cloned())
    }
}

async fn newest(form: Id, titles: Titles) -> Option<Found> {
    let open = forms::open(&form.to_string()).await.ok()?;
    if !open.may("view") {
        return None;
    }
    // With the rows of sub-forms, which lists leave out as a rule.
    let fields = open.form.fields().map(|column| column.path.clone()).collect();
    let query = Query { fields: Some(fields), limit: Some(MOST), titles: true, ..Query::default() };
    let answer = records::query(form, &query).await.ok()?;
    if let Some(known) = &answer.titles {
        titles.learn(known);
    }
    Some(Found { open, records: answer.items })
}

/// The record with all of its rows: a list gives only the first ones.
async fn whole(form: Id, listed: Record) -> Option<Record> {
    if listed.row_counts.is_empty() {
        return Some(listed);
    }
    records::get(form, &listed.id.to_string()).await.ok()
}

/// What is tried: the formula at a member of the field at a path.
#[derive(Clone)]
pub struct Tried {
    pub path: String,
    pub member: &'static str,
    /// What it has to give.
    pub wanted: Type,
    /// Whether it gives the field its value.
    pub in_field: bool,
}

/// The value of a formula for one record after the other.
#[component]
pub fn FormulaSample(
    designer: Designer,
    tried: Tried,
    /// The formula as it is stored.
    value: Signal<String>,
    samples: Samples,
    /// Whether what is written can't be taken: then it is the formula before it that gives the value.
    #[prop(into)]
    wrong: Signal<bool>,
) -> impl IntoView {
    let of = StoredValue::new(tried);
    let trial = Memo::new_with_compare(
        move |_| {
            of.with_value(|of| match of.in_field {
                true => Trial::in_field(designer, &of.path),
                false => Trial::beside(designer, &of.path, &of.wanted, &value.get()),
            })
        },
        |_, _| true,
    );
    let place = RwSignal::new(0usize);
    let record = LocalResource::new(move || {
        let listed = samples.record(place.get());
        async move { whole(designer.id, listed?).await }
    });
    let title = move || {
        let record = record.get().flatten()?;
        let title = samples.with(|found| {
            let values = records::values(&found.open, &record);
            Some(title_of(&found.open.form, &values, samples.titles, i18n::language()))
        })?;
        let number = place.get() + 1;
        Some(if title.is_empty() { text!("designer-sample-number", number = number) } else { title })
    };
    let computed = move || {
        let (record, Trial { form, path }) = (record.get().flatten()?, trial.get()?);
        let open = samples.with(|found| Some(found.open.clone()))?;
        let member = of.with_value(|of| of.member);
        let sample = Sample { designer, path, member, open, form, record };
        Some(sample.view(samples.titles, wrong))
    };
    let first = Signal::derive(move || (place.get() == 0).then(|| text!("designer-sample-newest")));
    let last =
        Signal::derive(move || (place.get() + 1 >= samples.count()).then(|| text!("designer-sample-oldest")));
    view! {
        <dl class="result" data-sample="">
            <dt>{t!("designer-sample")}</dt>
            <dd class="row">
                <IconButton
                    icon="left"
                    label=Signal::derive(t!("designer-sample-newer"))
                    size=ControlSize::Small
                    disabled_reason=first
                    on_press=move |_| place.update(|place| *place = place.saturating_sub(1))
                />
                <span class="medium clip" title=title data-sample-title="">{title}</span>
                <IconButton
                    icon="right"
                    label=Signal::derive(t!("designer-sample-older"))
                    size=ControlSize::Small
                    disabled_reason=last
                    on_press=move |_| place.update(|place| *place += 1)
                />
            </dd>
            {computed}
        </dl>
    }
}

/// A record with which a formula is tried.
struct Sample {
    designer: Designer,
    /// Where the value stands.
    path: String,
    member: &'static str,
    /// The form in force, as which the record is stored.
    open: OpenForm,
    /// What of the draft can be used, with the field of the value.
    form: Arc<Form>,
    record: Record,
}

impl Sample {
    /// The record as the draft computes it.
    fn state(&self, titles: Titles) -> FormState {
        let mut stored = read_values(&self.form, &self.record.fields);
        let mut given = given(&self.open, &self.record, &stored);
        if self.is_in_force() {
            // What only the server can count is known of this very formula.
            given.insert(self.path.clone(), get(&stored, &self.path).clone());
        } else {
            // What another formula gave is no value of this one.
            forget(&mut stored, &self.path);
        }
        let params = self.designer.params.get_untracked();
        let draft = Draft::open(self.form.clone(), context(params), stored, given);
        let known = Arc::new(untrack(|| self.designer.catalogue()));
        let loaders = loaders_of_draft(self.designer.id, self.form.clone(), known, titles);
        let state = FormState::new(draft, loaders, titles);
        state.record.set_value(Some(self.record.id));
        state.load_links();
        state
    }

    /// Whether the formula is the one by which the record was stored.
    fn is_in_force(&self) -> bool {
        let document = self.open.info.definition.clone();
        let in_force = document.and_then(|json| serde_json::from_value::<FormDocument>(json).ok());
        let now =
            self.designer.document.with_untracked(|document| member_of(document, &self.path, self.member));
        now.is_some() && in_force.and_then(|document| member_of(&document, &self.path, self.member)) == now
    }

    fn view(self, titles: Titles, wrong: Signal<bool>) -> AnyView {
        let state = self.state(titles);
        let Sample { path, form, .. } = self;
        let facts = facts(&form, &path, state, titles);
        let cell = cell_of(&path);
        let is_cell = cell != path;
        let value = state.value(cell);
        let has_rows = match path.split_once('.') {
            Some((subform, _)) => !state.value(subform.to_string()).get_untracked().rows().is_empty(),
            None => true,
        };
        let asks = form.column(&path).and_then(|column| column.compute.as_ref()).is_some_and(Compiled::asks);
        let shown = move || {
            let value = value.get();
            let kind = form.column(&path).map(|column| &column.read_kind);
            match kind.filter(|_| !value.is_empty()) {
                Some(kind) => {
                    let said = text_in(&form, &path, kind, &value, titles);
                    if is_cell { text!("designer-sample-row", value = said) } else { said }
                }
                None if !has_rows => text!("designer-sample-no-rows"),
                None if asks => text!("designer-sample-later"),
                None => text!("designer-sample-empty"),
            }
        };
        let before = move || {
            wrong.get().then(|| view! { <span class="muted">{t!("designer-sample-wrong")}" "</span> })
        };
        view! {
            {(!facts.is_empty()).then(|| view! { <dt>{t!("designer-sample-reads")}</dt><dd class="muted">{facts}</dd> })}
            <dt>{t!("designer-sample-value")}</dt>
            <dd aria-live="polite">{before}<span class="medium" class:muted=wrong data-sample-value="">{shown}</span></dd>
        }
        .into_any()
    }
}

/// What the record holds of what the formula reads of it, in words.
fn facts(form: &Form, path: &str, state: FormState, titles: Titles) -> String {
    let Some(formula) = form.column(path).and_then(|column| column.compute.as_ref()) else {
        return String::new();
    };
    let fact = |column: &Column| {
        let value = state.value(cell_of(&column.path)).get_untracked();
        let said = text_in(form, &column.path, &column.read_kind, &value, titles);
        let label = column.field.label.get(i18n::language_now());
        (!said.is_empty()).then(|| format!("{label} {said}"))
    };
    let own = formula.reaches().filter(|reach| is_own(reach)).map(Reach::own_path);
    let facts = own.filter_map(|path| fact(form.column(&path)?));
    i18n::listed(facts.take(MOST_FACTS))
}

/// Whether something is read of the record itself, or of the row at hand.
fn is_own(reach: &Reach) -> bool {
    reach.rows.is_none() && reach.hops.is_empty()
}

/// Where a field's value is found in a record: of a column, in the first row.
fn cell_of(path: &str) -> String {
    match path.split_once('.') {
        Some((subform, column)) => format!("{subform}.0.{column}"),
        None => path.to_string(),
    }
}

/// Takes the values of a field, or of a column in every row, out of a record.
fn forget(values: &mut Values, path: &str) {
    match path.split_once('.') {
        None => drop(values.remove(path)),
        Some((subform, column)) => {
            if let Some(Value::Rows(rows)) = values.get_mut(subform) {
                rows.iter_mut().for_each(|row| drop(row.values.remove(column)));
            }
        }
    }
}

/// A member of a field as in documents.
fn member_of(document: &FormDocument, path: &str, member: &str) -> Option<Json> {
    let field = serde_json::to_value(document.field(path)?).ok()?;
    field.pointer(&format!("/{}", member.replace('.', "/"))).cloned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn the_value_of_a_column_is_that_of_the_first_row() {
        assert_eq!(
            (cell_of("total"), cell_of("lines.sum")),
            ("total".to_string(), "lines.0.sum".to_string())
        );
    }

    #[test]
    fn what_another_formula_gave_is_forgotten_in_every_row() {
        let form = form_of(json!([
            {"key": "total", "label": "total", "kind": "number"},
            {"key": "lines", "label": "lines", "kind": "subform", "options": {"fields": [
                {"key": "qty", "label": "qty", "kind": "number"},
                {"key": "twice", "label": "twice", "kind": "number", "compute": {"formula": "qty * 2"}}]}}]));
        let record = json!({"total": "3", "lines": [{"qty": "1", "twice": "9"}, {"qty": "2", "twice": "9"}]});
        let mut values = read_values(&form, record.as_object().unwrap());
        forget(&mut values, "lines.twice");
        forget(&mut values, "total");
        let columns: Vec<Vec<&String>> =
            get(&values, "lines").rows().iter().map(|row| row.values.keys().collect()).collect();
        assert_eq!(columns, [["qty"], ["qty"]]);
        assert!(get(&values, "total").is_empty());
    }

    #[test]
    fn a_formula_is_that_in_force_where_both_documents_say_the_same() {
        let document = |formula: &str| -> FormDocument {
            let field = json!({"key": "a", "label": "A", "kind": "formula", "options": {"formula": formula}});
            serde_json::from_value(json!({"key": "f", "label": "F", "fields": [field]})).unwrap()
        };
        let said = |formula: &str| member_of(&document(formula), "a", "options.formula");
        assert_eq!(said("1 + 1"), Some(json!("1 + 1")));
        assert_ne!(said("1 + 1"), said("1 + 2"));
        assert_eq!(member_of(&document("1"), "b", "options.formula"), None);
    }
}
