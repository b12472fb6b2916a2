//! The test bench: a record, what happens to it, and what the script does then. Nothing is stored.

use engine::form::Column;
use engine::record::Draft;
use engine::script::{Case, Effects, MOST_CASES, ScriptEvent, Tried};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::{Query, Record};
use wire::{FormState as State, Trial, TrialInput};

use super::outcome::Outcome;
use super::page::{Desk, Refused};
use crate::api::forms::OpenForm;
use crate::api::{Problem, forms, records, scripts};
use crate::fill::{FormState, LiveForm, Titles};
use crate::i18n::{self, lookup};
use crate::records::{context, loaders, name_of};
use crate::shell::ShellContext;
use crate::ui::{Button, ButtonKind, Choice, Field, Loaded, Select, TextInput, toast, wait_for};
use crate::{t, text};

/// Records to choose from.
const RECORDS: u32 = 50;

/// What is tried.
#[derive(Clone, Copy)]
struct Setting {
    /// The key of the form.
    form: RwSignal<Option<String>>,
    event: RwSignal<ScriptEvent>,
    /// A stored record; without one, what is typed.
    record: RwSignal<Option<String>>,
    typed: RwSignal<Option<FormState>>,
}

impl Setting {
    fn tried(self) -> Option<Tried> {
        let record = self.record.get_untracked().and_then(|id| id.parse().ok());
        let typed = self.typed.get_untracked().filter(|_| record.is_none());
        Some(Tried {
            form: self.form.get_untracked()?,
            on: self.event.get_untracked(),
            record,
            old: Default::default(),
            fields: typed.map(FormState::changed_fields).unwrap_or_default(),
        })
    }
}

#[component]
pub fn Bench(desk: Desk) -> impl IntoView {
    let shell = ShellContext::expect();
    let (form, record) = (RwSignal::new(None), RwSignal::new(None));
    let (event, typed) = (RwSignal::new(ScriptEvent::Submit), RwSignal::new(None));
    let setting = Setting { form, event, record, typed };
    let published = move || {
        let all = shell.forms.get().and_then(Result::ok).unwrap_or_default();
        all.into_iter().filter(|form| form.state == State::Published).collect::<Vec<wire::Form>>()
    };
    let forms = Signal::derive(move || {
        let choice = |form: wire::Form| Choice::new(form.key, form.label.get(i18n::language()).to_string());
        published().into_iter().map(choice).collect::<Vec<_>>()
    });
    // It begins with a form that binds the script.
    Effect::new(move || {
        let all = published();
        if setting.form.with_untracked(Option::is_some) || all.is_empty() {
            return;
        }
        let bound = desk.stored.with_untracked(|stored| {
            stored
                .as_ref()
                .and_then(|stored| all.iter().find(|form| stored.forms.contains(&form.id)))
                .map(|form| form.key.clone())
        });
        setting.form.set(bound.or_else(|| all.first().map(|form| form.key.clone())));
    });
    let opened = LocalResource::new(move || {
        let key = setting.form.get();
        let id = key.and_then(|key| published().into_iter().find(|form| form.key == key)).map(|form| form.id);
        async move {
            let Some(id) = id else { return Ok(None) };
            let open = forms::open(&id.to_string()).await?;
            let query = Query { limit: Some(RECORDS), ..Query::default() };
            let newest = records::query(id, &query).await?.items;
            Ok::<_, Problem>(Some((open, newest)))
        }
    });
    // It is not tried before there is a form, where there is one.
    let has_none = move || shell.forms.with(Option::is_some) && published().is_empty();
    wait_for(move || {
        opened.with(|opened| match opened {
            None => false,
            Some(Ok(None)) => has_none(),
            Some(_) => true,
        })
    });
    let chosen = move |found: Option<(OpenForm, Vec<Record>)>| {
        found.map(|(open, newest)| view! { <OnForm desk=desk setting=setting open=open newest=newest/> })
    };
    let events = Signal::derive(move || {
        let choice = |event: ScriptEvent| Choice::new(event.key(), event_name(event));
        ScriptEvent::ALL.map(choice).to_vec()
    });
    let event = Signal::derive(move || Some(setting.event.get().key().to_string()));
    let choose_event = move |key: Option<String>| {
        let known = ScriptEvent::ALL.into_iter().find(|event| Some(event.key()) == key.as_deref());
        setting.event.set(known.unwrap_or(ScriptEvent::Submit));
    };
    let choose_form = move |key: Option<String>| {
        setting.record.set(None);
        setting.typed.set(None);
        setting.form.set(key);
    };
    let found = RwSignal::new(None::<Result<(Tried, Trial), Problem>>);
    let busy = RwSignal::new(false);
    let run = move |_| {
        let Some(tried) = setting.tried() else { return };
        busy.set(true);
        let app = desk.app.get_untracked();
        let input =
            TrialInput { key: desk.stored_key(), source: desk.source.get_untracked(), tried: tried.clone() };
        spawn_local(async move {
            let answer = scripts::try_out(&app, &input).await;
            if busy.try_set(false).is_none() {
                found.set(Some(answer.map(|trial| (tried, trial))));
            }
        });
    };
    let outcome = move || match found.get() {
        None => ().into_any(),
        Some(Err(problem)) => view! { <Refused problem=problem/> }.into_any(),
        Some(Ok((tried, trial))) => {
            let expected = trial.effects.clone();
            view! {
                <Outcome trial=trial/>
                <Keep desk=desk tried=tried expected=expected/>
            }
            .into_any()
        }
    };
    view! {
        <div class="stack g4">
            <p class="note muted">{t!("scripts-try-text")}</p>
            <div class="row wrap">
                <Field label=t!("scripts-try-form") class="grow">
                    <Select choices=forms value=setting.form on_change=choose_form/>
                </Field>
                <Field label=t!("scripts-try-event") class="grow">
                    <Select choices=events value=event on_change=choose_event/>
                </Field>
            </div>
            <Loaded answer=opened view=chosen/>
            <div><Button kind=ButtonKind::Primary icon="play" busy=busy on_press=run>{t!("scripts-try-run")}</Button></div>
            <div class="stack g3" role="status">{outcome}</div>
        </div>
    }
}

/// What an event is called.
pub fn event_name(event: ScriptEvent) -> String {
    lookup(&format!("scripts-on-{}", event.key()), &[])
}

/// The record: a stored one, or one that is typed.
#[component]
fn OnForm(desk: Desk, setting: Setting, open: OpenForm, newest: Vec<Record>) -> impl IntoView {
    let fields = open.form.fields().filter(|column| column.subform().is_none());
    desk.fields.set(fields.map(|column: &Column| column.path.clone()).collect());
    let named: Vec<Choice> =
        newest.iter().map(|record| Choice::new(record.id.to_string(), name_of(&open.form, record))).collect();
    let titles = Titles::default();
    let draft = Draft::new(open.form.clone(), context(open.params()));
    let state = FormState::new(draft, loaders(&open, titles), titles);
    state.editable.set_value(Some(open.editable()));
    setting.typed.set(Some(state));
    let choose = move |key: Option<String>| setting.record.set(key);
    view! {
        <Field label=t!("scripts-try-record") help=Signal::derive(t!("scripts-try-record-help"))>
            <Select
                choices=Signal::stored(named)
                value=setting.record
                on_change=choose
                placeholder=Signal::derive(t!("scripts-try-new"))
                clearable=true
            />
        </Field>
        <div class="card card-body" hidden=move || setting.record.with(Option::is_some)>
            <LiveForm state=state/>
        </div>
    }
}

/// Keeps what was tried and what came of it as a case.
#[component]
fn Keep(desk: Desk, tried: Tried, expected: Effects) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let case = StoredValue::new((tried, expected));
    let reason = Signal::derive(move || {
        let is_full = desk.cases.with(|cases| cases.len() >= MOST_CASES);
        let is_taken = desk.cases.with(|cases| cases.iter().any(|case| case.name == name.get().trim()));
        if is_full {
            Some(text!("scripts-case-full", max = MOST_CASES))
        } else if name.with(|name| name.trim().is_empty()) {
            Some(text!("scripts-case-unnamed"))
        } else {
            is_taken.then(|| text!("scripts-case-taken"))
        }
    });
    let keep = move |_| {
        let (tried, expected) = case.get_value();
        let name = name.get_untracked().trim().to_string();
        desk.cases.update(|cases| cases.push(Case { name, tried, expected }));
        toast::show(text!("scripts-case-kept"));
    };
    let write = move |text: String| name.set(text);
    view! {
        <div class="row wrap">
            <Field label=t!("scripts-case-name") class="grow">
                <TextInput value=name on_input=write name="case"/>
            </Field>
            <Button disabled_reason=reason on_press=keep>{t!("scripts-case-keep")}</Button>
        </div>
    }
}
