//! What filling needs from the server.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::Arc;

use engine::condition::{Condition, Operator};
use engine::field::{FieldKind, Reference, Shape};
use engine::form::{Asked, Catalogue, Form, Sketch, system_kind, system_label};
use engine::value::{Id, Value};
use leptos::prelude::*;
use serde_json::Value as Json;
use wire::records::{Fields, ListAnswer, Query, Record};

use super::making::MakingDialog;
use super::refusing::faults_of;
use crate::api::forms::{OpenForm, Related};
use crate::api::public_forms::FilledBy;
use crate::api::{Problem, forms, people, records, session};
use crate::fill::{
    Judged, LinkedValues, Listed, ListedRecord, Loaders, Making, Named, Sought, Titled, Titles,
};
use crate::i18n;
use crate::ui::{Found, learn_sounds};

/// Linked records that are asked for at once.
const MOST_LINKED: usize = 100;

type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// Loaders for a form's inputs.
pub fn loaders(form: &OpenForm, titles: Titles) -> Loaders {
    learn_sounds(&form.info.sounds);
    let viewed = form.info.related.iter().filter(|related| related.view).map(|related| related.id);
    let viewed = viewed.chain(form.may("view").then_some(form.info.id)).collect();
    let eyes = Eyes { titles, viewed: Some(viewed), is_used: form.is_used(), is_draft: false };
    let loaders = loaders_of(form.info.id, form.form.clone(), form.catalogue.clone(), eyes);
    // Its own records too, where they link to each other.
    let own = form.may("create").then_some(form.info.id);
    let others = form.info.related.iter().filter(|related| related.create).map(|related| related.id);
    let makes = StoredValue::new(own.into_iter().chain(others).collect::<BTreeSet<Id>>());
    Loaders { asked: StoredValue::new(form.info.asked.clone()), makes, ..loaders }
}

/// Loaders for the inputs of the draft of a form, which is tried out.
pub fn loaders_of_draft(id: Id, form: Arc<Form>, known: Arc<Related>, titles: Titles) -> Loaders {
    loaders_of(id, form, known, Eyes { titles, viewed: None, is_used: true, is_draft: true })
}

/// What is seen of what is loaded.
struct Eyes {
    titles: Titles,
    /// The forms of which some records may be seen, the own one among them; all where a draft is tried out. Of others the
    /// server is asked nothing: it would refuse.
    viewed: Option<BTreeSet<Id>>,
    /// Whether some group lets one do anything with its records.
    is_used: bool,
    is_draft: bool,
}

fn loaders_of(id: Id, form: Arc<Form>, known: Arc<Related>, eyes: Eyes) -> Loaders {
    let Eyes { titles, viewed, is_used, is_draft } = eyes;
    let shown = StoredValue::new(form);
    let known = StoredValue::new(known);
    let known_viewed = StoredValue::new(viewed);
    let is_viewed = move |form: Id| {
        known_viewed.try_with_value(|viewed| viewed.as_ref().is_none_or(|viewed| viewed.contains(&form)))
            == Some(true)
    };
    let options =
        Callback::new(move |Sought { path, text, with }: Sought| -> Later<Result<Vec<Found>, Problem>> {
            let column = crate::fill::column_path(&path);
            let person = shown.with_value(|form| {
                let reference = form.column(&column).and_then(|column| column.field.kind.reference());
                reference == Some(Reference::Member)
            });
            // The title of what another form gives as a choice is a text, and no record is called so.
            let is_text = shown.with_value(|form| {
                form.column(&column).is_some_and(|column| column.field.kind.choices_from().is_some())
            });
            let target = shown
                .with_value(|form| form.column(&column).and_then(|column| column.target))
                .and_then(|target| known.with_value(|known| known.form("", &target.to_string())));
            Box::pin(async move {
                let items = records::options_with(id, &column, &text, with.as_ref(), is_draft).await?;
                Ok(items
                    .into_iter()
                    .map(|item| {
                        if !is_text {
                            titles.learn_one(item.id, item.title.clone());
                        }
                        let facts = item
                            .fields
                            .iter()
                            .filter_map(|(key, value)| fact(target.as_deref(), key, value))
                            .collect();
                        Found { id: item.id.to_string(), title: item.title, facts, person }
                    })
                    .collect())
            })
        });
    let linked = Callback::new(move |wanted: Vec<(Id, Id)>| -> Later<LinkedValues> {
        Box::pin(async move {
            let mut by_form: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
            for (form, record) in wanted.into_iter().filter(|(form, _)| is_viewed(*form)) {
                by_form.entry(form).or_default().push(record);
            }
            let mut found = Vec::new();
            for (form, ids) in by_form {
                for ids in ids.chunks(MOST_LINKED) {
                    found.extend(read_linked(form, ids, titles).await.unwrap_or_default());
                }
            }
            found
        })
    });
    let unnamed = Callback::new(move |mut wanted: Vec<Titled>| -> Later<Vec<Id>> {
        // That one may not see the form is an answer.
        wanted.retain(|(of, _)| match of {
            Named::Record(form) => is_viewed(*form),
            Named::Member | Named::Department => true,
        });
        Box::pin(async move { learn_titles(wanted, titles).await })
    });
    let address = Callback::new(move |(form, record): (Id, Id)| {
        let sketch = known.with_value(|known| known.form("", &form.to_string()))?;
        Some(format!("/apps/{}/forms/{form}/records/{record}", sketch.app))
    });
    let evaluated = Callback::new(move |(record, fields): (Option<Id>, Fields)| -> Later<Option<Judged>> {
        Box::pin(async move {
            // Who has a part in the flow alone would be refused.
            if !is_used {
                return None;
            }
            let answer = forms::evaluate(id, record, fields).await.ok()?;
            let values = shown.try_with_value(|form| engine::record::read_values(form, &answer.values))?;
            Some(Judged { values, faults: faults_of(&answer.faults) })
        })
    });
    let list = Callback::new(
        move |(record, field, from): (Id, String, Option<String>)| -> Later<Result<Listed, Problem>> {
            Box::pin(async move {
                let answer = records::listed(id, record, &field, from.as_deref()).await?;
                titles.learn(&answer.titles);
                let read =
                    |form: &Arc<Form>| known.try_with_value(|known| read_list(form, known, &field, answer));
                Ok(shown.try_with_value(read).flatten().unwrap_or_default())
            })
        },
    );
    let maker = Callback::new(move |making: Making| view! { <MakingDialog making=making/> }.into_any());
    let (asked, makes) = (StoredValue::default(), StoredValue::default());
    let viewed = Callback::new(is_viewed);
    let currency = StoredValue::new(untrack(session::me).map(|me| me.workspace.currency));
    let filled_by = FilledBy::Member;
    Loaders {
        options,
        linked,
        titles: unnamed,
        address,
        asked,
        evaluated,
        list,
        viewed,
        makes,
        maker,
        filled_by,
        currency,
    }
}

/// A page of a query field's list, typed by the form whose records it lists, or the table, as far as that is known here.
fn read_list(form: &Form, known: &Related, field: &str, answer: ListAnswer) -> Listed {
    let Some(query) = form.column(field).and_then(|column| column.query.as_deref()) else {
        return Listed::default();
    };
    let (there, of_groups) = match query.question.of {
        Asked::Records(form) => (known.form("", &form.to_string()), false),
        Asked::Groups(table) => (known.table("", &table.to_string()), true),
    };
    let Some(there) = there else { return Listed::default() };
    let mut paths = query.columns.clone();
    if paths.is_empty() && of_groups {
        paths.extend(there.document.fields.iter().map(|field| field.key.clone()));
    }
    let columns: Vec<(String, String, FieldKind)> =
        paths.iter().filter_map(|path| heading(&there, known, path)).collect();
    let titles = answer.titles.get(&there.id.to_string());
    let records = answer.items.into_iter().map(|item| {
        let id = item.id.map(|id| id.to_string());
        let address = id.as_ref().map(|id| format!("/apps/{}/forms/{}/records/{id}", there.app, there.id));
        let value = |(path, _, kind): &(String, String, FieldKind)| match item.fields.get(path) {
            Some(json) => kind.read(json),
            None => {
                let system = item.id.zip(item.system.as_ref());
                system.map(|(id, system)| super::known::value_in(id, system, path)).unwrap_or_default()
            }
        };
        let values = columns.iter().map(value).collect();
        let title = id.and_then(|id| titles?.get(&id).cloned()).unwrap_or_default();
        ListedRecord { title, address, values }
    });
    Listed {
        of_groups,
        records: records.collect(),
        next: answer.next,
        count: answer.count.map_or(0, |count| count.value),
        columns: columns.iter().map(|(_, label, kind)| (label.clone(), kind.clone())).collect(),
    }
}

/// What a column of a list is called, and the kind of what it shows.
fn heading(there: &Sketch, known: &Related, path: &str) -> Option<(String, String, FieldKind)> {
    if let Some(kind) = system_kind(path) {
        return Some((path.to_string(), system_label(path, i18n::language_now()), kind));
    }
    let field = there.document.field(path)?;
    let label = field.label.get(i18n::language_now()).to_string();
    // A lookup shows what it leads to.
    let kind = there.kind_of(path, known)?;
    Some((path.to_string(), label, kind))
}

/// Learns what members and records are called, as far as one may see them. Gives those for which there was no answer.
async fn learn_titles(wanted: Vec<Titled>, titles: Titles) -> Vec<Id> {
    let mut by_form: BTreeMap<Named, Vec<Id>> = BTreeMap::new();
    for (of, id) in wanted {
        by_form.entry(of).or_default().push(id);
    }
    let mut missed = Vec::new();
    for (of, ids) in by_form {
        let form = match of {
            Named::Record(form) => form,
            Named::Member | Named::Department => {
                let is_member = of == Named::Member;
                let answer = if is_member {
                    learn_members(&ids, titles).await
                } else {
                    learn_departments(&ids, titles).await
                };
                if answer.is_err() {
                    missed.extend(ids);
                }
                continue;
            }
        };
        for ids in ids.chunks(MOST_LINKED) {
            let answer = read_linked(form, ids, titles).await;
            // That one may not see the form is an answer.
            if answer.is_err_and(|problem| !matches!(problem.status, 403 | 404)) {
                missed.extend(ids);
            }
        }
    }
    missed
}

/// Who is signed in knows themself without asking.
async fn learn_members(ids: &[Id], titles: Titles) -> Result<(), Problem> {
    let me = session::me().map(|me| me.member).filter(|me| ids.contains(&me.id));
    let others = ids.len() > usize::from(me.is_some());
    if let Some(me) = me {
        titles.learn_one(me.id, me.name);
    }
    if others {
        let members = people::members().await?.items;
        for member in members.into_iter().filter(|member| ids.contains(&member.id)) {
            titles.learn_one(member.id, member.name);
        }
    }
    Ok(())
}

async fn learn_departments(ids: &[Id], titles: Titles) -> Result<(), Problem> {
    let departments = people::departments().await?.items;
    for department in departments.into_iter().filter(|department| ids.contains(&department.id)) {
        titles.learn_one(department.id, department.name);
    }
    Ok(())
}

/// What stands beside the title of a choice, as people read it: the label of what was chosen, not its key.
fn fact(target: Option<&Sketch>, key: &str, value: &Json) -> Option<String> {
    let kind = target.and_then(|sketch| sketch.document.field(key)).map(|field| &field.kind);
    let shown = kind.filter(|kind| !matches!(kind.shape(), Shape::Ref | Shape::Refs | Shape::Bool)).and_then(
        |kind| {
            let value = kind.parse_wire(value).ok().filter(|value| !value.is_empty())?;
            Some(match value {
                Value::DateTime(moment) => i18n::date_time(moment),
                value => kind.display(&value, i18n::language_now()),
            })
        },
    );
    shown.or_else(|| value.as_str().map(str::to_string))
}

/// Reads records of another form, all at once, and learns their titles. Those that may not be seen are left out.
///
/// # Errors
/// What the server refused, such as a form that may not be seen.
async fn read_linked(form: Id, ids: &[Id], titles: Titles) -> Result<LinkedValues, Problem> {
    let open = forms::open(&form.to_string()).await?;
    let ids: Vec<String> = ids.iter().map(Id::to_string).collect();
    let query = Query {
        limit: u32::try_from(ids.len()).ok(),
        filter: Some(Condition::test("$id", Operator::In, ids)),
        titles: true,
        ..Query::default()
    };
    let answer = records::query(form, &query).await?;
    if let Some(known) = &answer.titles {
        titles.learn(known);
    }
    let read = |record: Record| {
        let values = records::values(&open, &record);
        let title = super::title_of(&open.form, &values, titles, i18n::language_now());
        if !title.is_empty() {
            titles.learn_one(record.id, title);
        }
        (form, record.id, values)
    };
    Ok(answer.items.into_iter().map(read).collect())
}
