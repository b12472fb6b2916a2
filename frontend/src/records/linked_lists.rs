//! What links to a record: below it, a list of the records of each form that has such a field, with the way to add one.

use engine::condition::{Condition, Operator};
use engine::record::key_facts;
use engine::value::{Id, get};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::LinkingForm;
use wire::records::{CountMode, Query, Record};

use super::title_of;
use crate::api::forms::{self, OpenForm};
use crate::api::{Problem, records};
use crate::fill::{Listed, ListedRecord, ListedTable, Titles};
use crate::ui::{Button, ButtonKind, ControlSize, Icon, Skeleton};
use crate::{i18n, t};

/// Records of one page of a list.
const PAGE: u32 = 10;
/// Columns of a list besides what the records are called.
const COLUMNS: usize = 3;

/// The lists; nothing where nothing links here.
#[component]
pub fn LinkedLists(form: Id, record: Id) -> impl IntoView {
    let titles = Titles::default();
    // Who sees the record by its approval alone sees no form around it.
    let linking = LocalResource::new(move || async move { forms::linking(form).await.unwrap_or_default() });
    let list = move |field: LinkingForm| view! { <LinkedList field=field record=record titles=titles/> };
    move || {
        let fields = linking.get().unwrap_or_default();
        (!fields.is_empty()).then(|| {
            view! { <section class="stack g6 linked-lists">{fields.into_iter().map(list).collect_view()}</section> }
        })
    }
}

/// The records whose field links to the one shown.
fn asked(field: &LinkingForm, record: Id, cursor: Option<String>, columns: Vec<String>) -> Query {
    let (operator, value) = match field.several {
        true => (Operator::HasAny, serde_json::json!([record.to_string()])),
        false => (Operator::Eq, serde_json::json!(record.to_string())),
    };
    Query {
        filter: Some(Condition::test(&field.field, operator, value)),
        fields: Some(columns),
        limit: Some(PAGE),
        cursor,
        count: CountMode::Exact,
        titles: true,
        ..Query::default()
    }
}

/// One list: what it is called, the records, and a way to add one that links here.
#[component]
fn LinkedList(field: LinkingForm, record: Id, titles: Titles) -> impl IntoView {
    let shown = RwSignal::new(None::<Result<Listed, Problem>>);
    let busy = RwSignal::new(false);
    let opened = StoredValue::new(None::<OpenForm>);
    let of = StoredValue::new(field.clone());
    let ask = move |cursor: Option<String>| {
        busy.set(true);
        spawn_local(async move {
            let Some(of) = of.try_get_value() else { return };
            let answer = page_of(&of, record, cursor, opened, titles).await;
            // The page may be gone by now.
            let _ = shown.try_update(|shown| match (shown.as_mut(), answer) {
                (Some(Ok(before)), Ok(mut more)) => {
                    before.records.append(&mut more.records);
                    before.next = more.next;
                }
                // What is there stays where the rest could not be had.
                (Some(Ok(_)), Err(_)) => {}
                (_, answer) => *shown = Some(answer),
            });
            let _ = busy.try_set(false);
        });
    };
    ask(None);
    let body = move || match shown.get() {
        None => view! { <Skeleton lines=2/> }.into_any(),
        Some(Err(problem)) => view! { <p class="note bad-text">{problem.detail}</p> }.into_any(),
        Some(Ok(listed)) if listed.records.is_empty() => {
            view! { <p class="note muted">{t!("fill-query-empty")}</p> }.into_any()
        }
        Some(Ok(listed)) => view! { <ListedTable titles=titles listed=listed/> }.into_any(),
    };
    let next = move || {
        shown.with(|shown| match shown {
            Some(Ok(listed)) => listed.next.clone(),
            Some(Err(_)) | None => None,
        })
    };
    let more = move || {
        next().map(|cursor| {
            let press = move |_| ask(Some(cursor.clone()));
            view! {
                <div><Button size=ControlSize::Small kind=ButtonKind::Ghost busy=busy on_press=press>{t!("fill-query-more")}</Button></div>
            }
        })
    };
    let (label, by) = (field.label.clone(), field.field_label.clone());
    let name = move || label.get(i18n::language()).to_string();
    let by = move || by.get(i18n::language()).to_string();
    let (form, key) = (field.form, field.field.clone());
    let add = format!("/apps/{}/forms/{form}/new?{key}={record}", field.app);
    let can_add = field.create;
    view! {
        <section class="stack g2">
            <div class="row">
                <h2 class="section-title grow">{name}<span class="note muted">" · "{by}</span></h2>
                {can_add.then(|| view! { <a class="btn small no-print" href=add><Icon name="plus"/>{t!("record-linked-add")}</a> })}
            </div>
            {body}
            {more}
        </section>
    }
}

/// A page of the list, with the form that it is read by, opened once.
async fn page_of(
    field: &LinkingForm,
    record: Id,
    cursor: Option<String>,
    opened: StoredValue<Option<OpenForm>>,
    titles: Titles,
) -> Result<Listed, Problem> {
    let form = match opened.try_get_value().flatten() {
        Some(form) => form,
        None => {
            let form = forms::open(&field.form.to_string()).await?;
            let _ = opened.try_set_value(Some(form.clone()));
            form
        }
    };
    let facts: Vec<_> = key_facts(&form.form).into_iter().take(COLUMNS).collect();
    let mut columns: Vec<String> = facts.iter().map(|column| column.path.clone()).collect();
    let named = engine::record::title_fields(&form.form).into_iter().map(|column| column.path.clone());
    columns.extend(named.collect::<Vec<_>>());
    columns.sort();
    columns.dedup();
    let answer = records::query(field.form, &asked(field, record, cursor, columns)).await?;
    if let Some(known) = &answer.titles {
        titles.learn(known);
    }
    let read = |record: Record| {
        let values = records::values(&form, &record);
        let title = title_of(&form.form, &values, titles, i18n::language_now());
        let address = format!("/apps/{}/forms/{}/records/{}", form.info.app_key, field.form, record.id);
        let values = facts.iter().map(|column| get(&values, &column.path).clone()).collect();
        ListedRecord { title, address: Some(address), values }
    };
    let language = i18n::language_now();
    let heading = |column: &&engine::form::Column| {
        (column.field.label.get(language).to_string(), column.read_kind.clone())
    };
    Ok(Listed {
        of_groups: false,
        columns: facts.iter().map(heading).collect(),
        records: answer.items.into_iter().map(read).collect(),
        next: answer.next,
        count: answer.count.map_or(0, |count| count.value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_asks_for_what_links_to_the_record_and_nothing_else() {
        let id = |number| Id::from_i64(number).unwrap();
        let field = |several: bool| LinkingForm {
            form: id(1),
            app: "office".into(),
            label: "Order".into(),
            field: "buyer".into(),
            field_label: "Buyer".into(),
            several,
            create: true,
        };
        let filter = |several: bool| {
            let query = asked(&field(several), id(7), None, Vec::new());
            serde_json::to_value(query.filter.unwrap()).unwrap()
        };
        let record = id(7).to_string();
        assert_eq!(filter(false), serde_json::json!({"field": "buyer", "op": "eq", "value": record}));
        assert_eq!(filter(true), serde_json::json!({"field": "buyer", "op": "has_any", "value": [record]}));
    }
}
