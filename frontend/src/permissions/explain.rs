//! Why somebody may or may not do something with a record.

use engine::value::Id;
use leptos::prelude::*;
use wire::{ExplainedGroup, ExplainedLine, ExplainedRight, Explanation};

use super::people::{People, chosen};
use crate::api::forms::OpenForm;
use crate::api::{Problem, permissions, session};
use crate::ui::{Badge, Choice, Dialog, DialogSize, Field, Icon, Loaded, Select, Tone};
use crate::{i18n, t};

/// Asks who, and which field; tells what that member may do, and why.
#[component]
pub fn ExplainDialog(open: RwSignal<bool>, form: StoredValue<OpenForm>, record: Id) -> impl IntoView {
    let people = LocalResource::new(People::load);
    let record = Signal::stored(Some(record));
    let ask = move |people: People| view! { <Ask people=people form=form record=record/> };
    view! {
        <Dialog open=open title=Signal::derive(t!("record-explain")) size=DialogSize::Large>
            <Loaded answer=people view=ask/>
        </Dialog>
    }
}

/// Asks who and which field, of the record that is meant; of none nothing is told.
#[component]
pub(super) fn Ask(people: People, form: StoredValue<OpenForm>, record: Signal<Option<Id>>) -> impl IntoView {
    let me = session::me().map(|me| me.member.id.to_string());
    let (member, field) = (RwSignal::new(me), RwSignal::new(None::<String>));
    let members = Signal::stored(
        people
            .members
            .iter()
            .map(|member| Choice::new(member.id.to_string(), member.name.clone()))
            .collect::<Vec<_>>(),
    );
    let fields = Signal::derive(move || {
        form.with_value(|form| {
            let all = form.form.fields().filter(|column| column.field.kind.holds_data());
            let choice = |column: &engine::form::Column| {
                Choice::new(column.path.clone(), column.field.label.get(i18n::language()).to_string())
            };
            all.map(choice).collect::<Vec<_>>()
        })
    });
    let id = form.with_value(|form| form.info.id);
    let answer = LocalResource::new(move || {
        let (record, member, field) = (record.get(), chosen(member.get()), field.get());
        async move { ask(id, record, member, field.as_deref()).await }
    });
    let told = move |told: Option<Explanation>| {
        let answers = told.map(|told| told.answers).unwrap_or_default();
        answers.into_iter().map(|answer| view! { <Answer answer=answer/> }).collect_view()
    };
    let choose_member = move |key: Option<String>| member.set(key);
    let choose_field = move |key: Option<String>| field.set(key);
    view! {
        <div class="stack g4">
            <div class="row wrap">
                <Field label=t!("permissions-member") class="grow">
                    <Select choices=members value=member on_change=choose_member/>
                </Field>
                <Field label=t!("condition-field") class="grow">
                    <Select choices=fields value=field clearable=true on_change=choose_field/>
                </Field>
            </div>
            <Loaded answer=answer view=told/>
        </div>
    }
}

async fn ask(
    form: Id,
    record: Option<Id>,
    member: Option<Id>,
    field: Option<&str>,
) -> Result<Option<Explanation>, Problem> {
    let (Some(record), Some(member)) = (record, member) else { return Ok(None) };
    permissions::explain(form, record, member, (None, field)).await.map(Some)
}

#[component]
fn Answer(answer: ExplainedRight) -> impl IntoView {
    let ExplainedRight { allowed, text, notes, groups, .. } = answer;
    let notes = notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view();
    // Groups that are about others say nothing here.
    let about = groups.into_iter().filter(|group| group.finding != "not_named");
    let groups = about.map(|group| view! { <Group group=group/> }).collect_view();
    let tone = if allowed { Tone::Success } else { Tone::Danger };
    let mark = if allowed { "ok" } else { "close" };
    view! {
        <section class="card">
            <div class="card-head"><h3 class="row"><Badge tone=tone><Icon name=mark/></Badge>{text}</h3></div>
            <div class="card-body stack g2"><ul class="stack g1">{notes}{groups}</ul></div>
        </section>
    }
}

#[component]
fn Group(group: ExplainedGroup) -> impl IntoView {
    let line = |line: ExplainedLine| {
        let ExplainedLine { depth, holds, decides, text, found } = line;
        let indent = format!("{}px", depth * 16);
        let mark = if holds { "ok" } else { "close" };
        view! {
            <li class="row note" class:strong=decides class:muted=!decides style:padding-left=indent>
                <Icon name=mark/>
                <span class="grow">{text}</span>
                {found.map(|found| view! { <span class="muted">{found}</span> })}
            </li>
        }
    };
    let rows = group.rows.into_iter().map(line).collect_view();
    view! { <li class="stack g1"><span>{group.text}</span><ul class="stack g1">{rows}</ul></li> }
}
