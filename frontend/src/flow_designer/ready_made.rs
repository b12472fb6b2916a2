//! Beginning with a flow that comes with the product: which one, and what of the form and the workspace it works with.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::ProblemError;
use wire::ready_made::{ReadyMadeField, ReadyMadeFlow, ReadyMadeInput, ReadyMadeRole};

use super::state::FlowDesigner;
use crate::api::flows;
use crate::draft_editor::DraftEditor;
use crate::ui::{Button, ButtonKind, Choice, Dialog, Field, Icon, Loaded, Select, toast};
use crate::{i18n, t, text};

/// Offered as long as there is no step.
#[component]
pub fn ReadyMadeOffer(designer: FlowDesigner) -> impl IntoView {
    let open = RwSignal::new(false);
    let is_empty = Memo::new(move |_| designer.document.with(|document| document.steps.is_empty()));
    let press = move |_| open.set(true);
    view! {
        <Show when=move || is_empty.get()>
            <div class="ready-made-offer">
                <span class="soft-text">{t!("ready-made-offer")}</span>
                <Button icon="flow" on_press=press>{t!("ready-made-begin")}</Button>
            </div>
        </Show>
        <ReadyMadeChoice designer=designer open=open/>
    }
}

/// What was chosen for a flow.
#[derive(Clone, Copy)]
struct Chosen {
    flow: RwSignal<Option<ReadyMadeFlow>>,
    fields: RwSignal<BTreeMap<String, String>>,
    roles: RwSignal<BTreeMap<String, String>>,
    faults: RwSignal<Vec<ProblemError>>,
}

impl Chosen {
    fn nothing() -> Chosen {
        Chosen {
            flow: RwSignal::new(None),
            fields: RwSignal::new(BTreeMap::new()),
            roles: RwSignal::new(BTreeMap::new()),
            faults: RwSignal::new(Vec::new()),
        }
    }

    /// Chooses a flow with what most likely stands for each of its names.
    fn choose(self, flow: ReadyMadeFlow) {
        let field = |field: &ReadyMadeField| Some((field.path.clone(), field.suggested.clone()?));
        let role = |role: &ReadyMadeRole| Some((role.key.clone(), role.suggested?.to_string()));
        self.fields.set(flow.fields.iter().filter_map(field).collect());
        self.roles.set(flow.roles.iter().filter_map(role).collect());
        self.faults.set(Vec::new());
        self.flow.set(Some(flow));
    }

    /// What is wrong at a place of the request; tracked.
    fn fault(self, path: &str) -> Option<String> {
        self.faults
            .with(|faults| faults.iter().find(|fault| fault.path == path).map(|fault| fault.message.clone()))
    }
}

#[component]
fn ReadyMadeChoice(designer: FlowDesigner, open: RwSignal<bool>) -> impl IntoView {
    let chosen = Chosen::nothing();
    let busy = RwSignal::new(false);
    Effect::new(move || {
        if !open.get() {
            chosen.flow.set(None);
        }
    });
    let take = move |_| {
        let Some(flow) = chosen.flow.get_untracked() else { return };
        let given = |given: RwSignal<BTreeMap<String, String>>| {
            let mut given = given.get_untracked();
            given.retain(|_, value| !value.is_empty());
            given
        };
        let input =
            ReadyMadeInput { key: flow.key, fields: given(chosen.fields), roles: given(chosen.roles) };
        busy.set(true);
        spawn_local(async move {
            let saved = designer.save_now().await;
            let form = designer.form_id().to_string();
            let answer = match saved {
                true => Some(flows::take_ready_made(&form, designer.draft_version(), &input).await),
                false => None,
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Some(Ok(draft)) => {
                    designer.take(draft);
                    open.set(false);
                }
                Some(Err(problem)) if problem.status == 422 => chosen.faults.set(problem.errors),
                Some(Err(problem)) => toast::refused(&problem),
                None => toast::show(text!("designer-not-saved")),
            }
        });
    };
    let title = Signal::derive(move || {
        let name =
            chosen.flow.with(|flow| flow.as_ref().map(|flow| flow.label.get(i18n::language()).to_string()));
        name.unwrap_or_else(|| text!("ready-made-title"))
    });
    let foot = move || {
        let is_chosen = chosen.flow.with(Option::is_some);
        let back = move |_| chosen.flow.set(None);
        let cancel = move |_| open.set(false);
        match is_chosen {
            true => view! {
                <Button on_press=back>{t!("ready-made-back")}</Button>
                <Button kind=ButtonKind::Primary busy=busy on_press=take>{t!("ready-made-take")}</Button>
            }
            .into_any(),
            false => view! { <Button on_press=cancel>{t!("ui-cancel")}</Button> }.into_any(),
        }
    };
    let foot = move || view! { {foot} };
    view! {
        <Dialog open=open title=title foot=Some(ViewFn::from(foot))>
            {move || match chosen.flow.get() {
                Some(flow) => view! { <Mapping designer=designer chosen=chosen flow=flow/> }.into_any(),
                None => view! { <List designer=designer chosen=chosen/> }.into_any(),
            }}
        </Dialog>
    }
}

/// The flows, by the template that each comes from.
#[component]
fn List(designer: FlowDesigner, chosen: Chosen) -> impl IntoView {
    let form = designer.form_id().to_string();
    let answer = LocalResource::new(move || {
        let form = form.clone();
        async move { flows::ready_made(&form).await }
    });
    let body = move |flows: Vec<ReadyMadeFlow>| {
        let lines = flows.into_iter().map(|flow| {
            let language = i18n::language();
            let name = flow.label.get(language).to_string();
            let package = flow.package.get(language).to_string();
            let steps = i18n::listed(flow.steps.iter().map(|step| step.get(language)));
            let key = flow.key.clone();
            let press = move |_| chosen.choose(flow.clone());
            view! {
                <button type="button" class="ready-made" data-flow=key on:click=press>
                    <Icon name="flow"/>
                    <span class="grow stack g1">
                        <span><b>{name}</b>" "<span class="muted">{package}</span></span>
                        <span class="note muted">{steps}</span>
                    </span>
                    <Icon name="right"/>
                </button>
            }
        });
        view! { <div class="ready-made-list">{lines.collect_view()}</div> }
    };
    view! { <Loaded answer=answer view=body/> }
}

/// Which fields and roles stand for those that the flow names.
#[component]
fn Mapping(designer: FlowDesigner, chosen: Chosen, flow: ReadyMadeFlow) -> impl IntoView {
    let people = designer.people.with_value(|people| {
        people
            .roles
            .iter()
            .map(|role| Choice::new(role.id.to_string(), role.name.clone()))
            .collect::<Vec<_>>()
    });
    let fields = flow.fields.into_iter().map(|field| {
        let choices = field.choices.iter().map(|one| {
            Choice::new(one.path.clone(), one.label.get(i18n::language()).to_string()).note(one.path.clone())
        });
        let label = field.label.get(i18n::language()).to_string();
        let label = match field.required {
            true => label,
            false => text!("ready-made-optional", name = label),
        };
        let place = format!("fields.{}", field.path);
        choice(label, field.path, choices.collect(), chosen.fields, chosen, place)
    });
    let fields = fields.collect_view();
    let roles = flow.roles.into_iter().map(|role| {
        let label = role.label.get(i18n::language()).to_string();
        let place = format!("roles.{}", role.key);
        choice(label, role.key, people.clone(), chosen.roles, chosen, place)
    });
    let roles = roles.collect_view();
    view! {
        <div class="stack g4">
            <p class="soft-text">{t!("ready-made-mapping")}</p>
            {fields}
            {roles}
        </div>
    }
}

/// One name of the flow with what stands for it.
fn choice(
    label: String,
    name: String,
    choices: Vec<Choice>,
    given: RwSignal<BTreeMap<String, String>>,
    chosen: Chosen,
    place: String,
) -> impl IntoView {
    let key = StoredValue::new(name);
    let value = Signal::derive(move || key.with_value(|key| given.with(|given| given.get(key).cloned())));
    let change = move |value: Option<String>| {
        key.with_value(|key| {
            given.update(|given| match value {
                Some(value) => drop(given.insert(key.clone(), value)),
                None => drop(given.remove(key)),
            });
        });
    };
    let error = Signal::derive(move || chosen.fault(&place));
    let choices = Signal::stored(choices);
    view! {
        <Field label=Signal::stored(label) error=error>
            <Select choices=choices value=value on_change=change clearable=true/>
        </Field>
    }
}
