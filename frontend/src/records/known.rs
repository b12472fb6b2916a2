//! What is known of a stored record beside what people typed: its system fields, its title, its facts.

use engine::condition::{Condition, Operator};
use engine::field::FieldKind;
use engine::form::Form;
use engine::record::key_facts_beside_approval;
use engine::text::{Label, Language};
use engine::value::{Id, Value, Values, get, parse_timestamp};
use leptos::prelude::*;
use wire::records::{Query, Record, System};

use crate::api::forms::OpenForm;
use crate::api::{Problem, records};
use crate::fill::{FormState, Shown, Titles, cell_reading, linked_in};
use crate::i18n;

/// The system fields that formulas read, and the rollups that only the server computes.
pub fn given(form: &OpenForm, record: &Record, stored: &Values) -> Values {
    let known = [
        "$id",
        "$created_at",
        "$created_by",
        "$updated_at",
        "$updated_by",
        "$owner",
        "$department",
        "$collaborators",
        "$flow_state",
    ];
    let system = known.into_iter().map(|name| (name.to_string(), system_value(record, name)));
    let system = system.filter(|(_, value)| !value.is_empty());
    let rollups = form
        .form
        .fields()
        .filter(|column| matches!(column.field.kind, FieldKind::Rollup(_)))
        .map(|column| (column.path.clone(), get(stored, &column.path).clone()));
    system.chain(rollups).chain(given_in_rows(form, stored)).collect()
}

/// The same in the rows of sub-forms, by the paths of the cells.
fn given_in_rows(form: &OpenForm, stored: &Values) -> Vec<(String, Value)> {
    let columns = form.form.all_columns();
    let columns = columns.filter(|column| matches!(column.field.kind, FieldKind::Rollup(_)));
    let cells = columns.filter_map(|column| Some((column.subform()?, &column.field.key)));
    let values = cells.flat_map(|(subform, key)| {
        let rows = get(stored, subform).rows().iter().enumerate();
        rows.map(move |(place, row)| (format!("{subform}.{place}.{key}"), get(&row.values, key).clone()))
    });
    values.collect()
}

/// The value of a system field.
pub fn system_value(record: &Record, name: &str) -> Value {
    value_in(record.id, &record.system, name)
}

/// The same of a record of which no more is known.
pub fn value_in(id: Id, system: &System, name: &str) -> Value {
    let moment = |text: &str| parse_timestamp(text).map(Value::DateTime);
    let value = match name {
        "$id" => Some(Value::Ref(id)),
        "$created_at" => moment(&system.created_at),
        "$created_by" => system.created_by.map(Value::Ref),
        "$updated_at" => moment(&system.updated_at),
        "$updated_by" => system.updated_by.map(Value::Ref),
        "$owner" => system.owner.map(Value::Ref),
        "$department" => system.department.map(Value::Ref),
        "$collaborators" if system.collaborators.is_empty() => None,
        "$collaborators" => Some(Value::List(system.collaborators.iter().copied().map(Value::Ref).collect())),
        "$flow_state" => system.flow_state.clone().map(Value::Text),
        _ => None,
    };
    value.unwrap_or_default()
}

/// Reads a record, and learns the titles of what it links to.
pub async fn open_record(form: &OpenForm, id: &str, titles: Titles) -> Result<Record, Problem> {
    let fields = form.form.fields().map(|column| column.path.clone()).collect();
    let query = Query {
        filter: Some(Condition::test("$id", Operator::Eq, id.to_string())),
        fields: Some(fields),
        limit: Some(1),
        titles: true,
        ..Query::default()
    };
    // Only lists know titles, and show nothing to who sees the record by its approval alone.
    if form.may("view")
        && let Ok(answer) = records::query(form.info.id, &query).await
        && let Some(known) = &answer.titles
    {
        titles.learn(known);
        for record in &answer.items {
            let linked = linked_in(&form.form, &records::values(form, record));
            titles.came(linked.into_iter().map(|(_, id)| id));
        }
    }
    records::get(form.info.id, id).await
}

/// How a record is called; what the pattern reads through a link is the linked record's title.
pub fn title_of(form: &Form, values: &Values, titles: Titles, language: Language) -> String {
    let linked = |path: &str| {
        let link = path.split_once('.').map_or(path, |(link, _)| link);
        get(values, link).as_ref_id().and_then(|id| titles.known(id)).unwrap_or_default()
    };
    engine::record::title(form, values, language, &linked)
}

type Fact = (String, Label, bool, Shown);

/// The facts on top of a record, live; nothing while none is known.
#[component]
pub fn Facts(state: FormState) -> impl IntoView {
    let facts = state.draft.with_untracked(|draft| {
        key_facts_beside_approval(draft.form())
            .into_iter()
            .map(|column| {
                let shown = cell_reading(state, &column.path, column);
                let numeric = matches!(column.read_kind.shape(), engine::field::Shape::Decimal(_));
                (column.path.clone(), column.field.label.clone(), numeric, shown)
            })
            .collect::<Vec<Fact>>()
    });
    let paths: Vec<String> = facts.iter().map(|(path, ..)| path.clone()).collect();
    let some = Memo::new(move |_| {
        state.draft.with(|draft| paths.iter().any(|path| !get(draft.values(), path).is_empty()))
    });
    let facts = StoredValue::new(facts);
    let fact = move |(path, label, numeric, shown): Fact| {
        let value = state.value(path.clone());
        let hidden = state.is_hidden(path);
        view! {
            <div hidden=move || hidden.get() || value.with(Value::is_empty)>
                <dt>{move || label.get(i18n::language()).to_string()}</dt>
                <dd class=if numeric { "num" } else { "" }>{shown()}</dd>
            </div>
        }
    };
    move || {
        some.get().then(|| {
            let facts = facts.get_value().into_iter().map(fact).collect_view();
            view! { <dl class="facts boxed">{facts}</dl> }
        })
    }
}
