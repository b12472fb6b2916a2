//! Trying a flow out: a record and people in, the way and the people out. Nothing is stored.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engine::flow::document::{START, Step};
use engine::flow::who::Who;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value as Json, json};
use wire::records::Record;
use wire::simulation::{SimulateInput, Simulated, SimulatedStop};

use super::coverage::CoverageSection;
use super::state::FlowDesigner;
use super::trial_stop::{Stop, Turn, kind_of};
use super::trial_values::{Values, values_of};
use super::try_out::{newest, record_choices};
use crate::api::{flows, session};
use crate::draft_editor::{DraftEditor, TRIAL};
use crate::fill::FormState;
use crate::inbox::flow_look;
use crate::ui::{
    Badge, Button, Choice, ControlSize, Field, Icon, IconButton, Loaded, MultiSelect, Select, classes,
};
use crate::{i18n, t, text};

/// A walk begins anew when nothing was typed for so long.
const PAUSE: Duration = Duration::from_millis(400);

/// The pane of the trial.
#[component]
pub fn Trial(designer: FlowDesigner, open: RwSignal<bool>) -> impl IntoView {
    let newest = LocalResource::new(move || newest(designer));
    let close = move |_| {
        open.set(false);
        designer.way.set(None);
        designer.coverage.set(None);
    };
    let walk = move |records| view! { <Walk designer=designer records=records/> };
    view! {
        <aside class="pane right flow-trial" data-pane=TRIAL aria-label=t!("flows-trial")>
            <div class="row pane-title">
                <h2>{t!("flows-trial")}</h2>
                <Badge>{t!("flows-trial-note")}</Badge>
                <span class="push"><IconButton icon="close" label=t!("ui-close") size=ControlSize::Small on_press=close/></span>
            </div>
            <div class="pane-body">
                <Loaded answer=newest view=walk/>
                <CoverageSection designer=designer/>
            </div>
        </aside>
    }
}

/// What is tried: the record and who is in it.
#[derive(Clone, Copy)]
struct Setting {
    record: RwSignal<Option<String>>,
    submitter: RwSignal<Option<String>>,
    /// Who is named for steps that let others choose, by step.
    chosen: RwSignal<BTreeMap<String, Vec<Id>>>,
    /// What the people of a step do first, where they do not approve.
    answers: RwSignal<BTreeMap<String, Json>>,
    /// The values of the record, with those that were changed for the trial; none while another record is chosen.
    values: StoredValue<Option<FormState>>,
}

#[component]
fn Walk(designer: FlowDesigner, records: Vec<Record>) -> impl IntoView {
    let me = session::me().map(|me| me.member.id.to_string());
    let setting = Setting {
        record: RwSignal::new(records.first().map(|record| record.id.to_string())),
        submitter: RwSignal::new(me),
        chosen: RwSignal::new(BTreeMap::new()),
        answers: RwSignal::new(BTreeMap::new()),
        values: StoredValue::new(None),
    };
    let is_empty = records.is_empty();
    let records = StoredValue::new(records);
    let found = RwSignal::new(None::<Result<Simulated, String>>);
    // How many stops of people were gone through.
    let position = RwSignal::new(0usize);
    let busy = RwSignal::new(false);
    let choices = Signal::derive(move || records.with_value(|records| record_choices(designer, records)));
    let members = Signal::derive(move || members(designer));
    // Whether a walk is wanted, and which one is: what was asked for before another was begun is shown no more.
    let is_on = StoredValue::new(false);
    let round = StoredValue::new(0u32);
    let walk = move || {
        let Some(turn) = begun(round) else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = simulate(designer, setting).await;
            if round.try_get_value() != Some(turn) {
                return;
            }
            designer.way.set(answer.as_ref().ok().map(way_of));
            found.set(Some(answer));
            busy.set(false);
        });
    };
    // Of another record, or of other values, the walk begins anew.
    let anew = move || {
        let Some(turn) = begun(round) else { return };
        setting.answers.update(BTreeMap::clear);
        position.set(0);
        found.set(None);
        busy.set(false);
        designer.way.set(None);
        if is_on.get_value() {
            let walk = move || {
                if round.try_get_value() == Some(turn) {
                    walk();
                }
            };
            set_timeout(walk, PAUSE);
        }
    };
    let go = move |_| {
        setting.answers.update(BTreeMap::clear);
        position.set(0);
        is_on.set_value(true);
        walk();
    };
    let turn = move |turn: Turn| {
        match turn {
            Turn::Approve => {
                position.update(|position| *position = position.saturating_add(1));
                return;
            }
            Turn::Answer(step, answer) => setting.answers.update(|all| drop(all.insert(step, answer))),
            Turn::Back(step) => {
                setting.answers.update(|all| drop(all.remove(&step)));
                return walk();
            }
        }
        position.update(|position| *position = position.saturating_add(1));
        walk();
    };
    // What was found no longer holds once the flow is changed.
    Effect::new(move |before: Option<()>| {
        designer.document.track();
        if before.is_some() {
            found.set(None);
            is_on.set_value(false);
        }
    });
    let to_end = move |_| position.set(usize::MAX);
    let stops = move |walk: Simulated| stops(designer, setting, position, walk, Callback::new(turn));
    let help = Signal::derive(move || if is_empty { text!("flows-trial-no-record") } else { String::new() });
    let choose_record = move |key: Option<String>| {
        setting.values.set_value(None);
        setting.record.set(key);
        anew();
    };
    let choose_submitter = move |key: Option<String>| {
        setting.submitter.set(key);
        anew();
    };
    let anew = Callback::new(move |()| anew());
    // Each record brings its own values.
    let values = move || {
        let chosen = setting.record.get();
        let record = records.with_value(|records| {
            records.iter().find(|record| Some(record.id.to_string()) == chosen).cloned()
        });
        let state = untrack(|| values_of(designer, record.as_ref()));
        setting.values.set_value(Some(state));
        view! { <Values designer=designer record=record state=state on_change=anew/> }
    };
    view! {
        <div class="stack g4 prop-top">
            <Field label=t!("flows-trial-record") help=help>
                <Select choices=choices value=setting.record on_change=choose_record clearable=true placeholder=Signal::derive(t!("flows-trial-empty-record"))/>
            </Field>
            <Field label=t!("flows-trial-submitter")>
                <Select choices=members value=setting.submitter on_change=choose_submitter/>
            </Field>
            <Named designer=designer setting=setting members=members on_change=anew/>
            {values}
            <div class="row wrap">
                <Button icon="play" busy=busy on_press=go>{t!("flows-trial-go")}</Button>
                <Show when=move || found.with(|found| matches!(found, Some(Ok(_))))>
                    <Button on_press=to_end>{t!("flows-trial-to-end")}</Button>
                </Show>
            </div>
            {move || match found.get() {
                None => ().into_any(),
                Some(Err(why)) => view! { <p class="bad-text" role="alert">{why}</p> }.into_any(),
                Some(Ok(walk)) => stops(walk).into_any(),
            }}
        </div>
    }
}

/// Begins another round, and gives its number; nothing once the trial is closed.
fn begun(round: StoredValue<u32>) -> Option<u32> {
    round.try_update_value(|round| {
        *round = round.wrapping_add(1);
        *round
    })
}

fn members(designer: FlowDesigner) -> Vec<Choice> {
    designer.people.with_value(|people| {
        let active = people.members.iter().filter(|known| known.state != wire::MemberState::Disabled);
        active.map(|member| Choice::new(member.id.to_string(), member.name.clone())).collect()
    })
}

/// The steps whose people others choose, with their names.
fn chosen_steps(steps: &[Step], found: &mut Vec<(String, String)>) {
    for step in steps {
        if step.who().iter().any(|who| matches!(who, Who::ChosenBy(_))) {
            found.push((step.key().to_string(), step.label().get(i18n::language()).to_string()));
        }
        step.arms().into_iter().for_each(|(_, inside)| chosen_steps(inside, found));
    }
}

/// Names the people of steps that let others choose.
#[component]
fn Named(
    designer: FlowDesigner,
    setting: Setting,
    members: Signal<Vec<Choice>>,
    on_change: Callback<()>,
) -> impl IntoView {
    let steps = Memo::new(move |_| {
        let mut found = Vec::new();
        designer.document.with(|document| chosen_steps(&document.steps, &mut found));
        found
    });
    let input = move |(key, label): (String, String)| {
        let at = StoredValue::new(key);
        let value = Signal::derive(move || {
            let known = setting.chosen.with(|all| at.with_value(|key| all.get(key).cloned()));
            known.unwrap_or_default().iter().map(Id::to_string).collect::<Vec<_>>()
        });
        let change = move |keys: Vec<String>| {
            let named: Vec<Id> = keys.iter().filter_map(|key| key.parse().ok()).collect();
            setting.chosen.update(|all| drop(all.insert(at.get_value(), named)));
            on_change.run(());
        };
        let title = text!("flows-trial-named", name = label);
        view! { <Field label=Signal::stored(title)><MultiSelect choices=members value=value on_change=change/></Field> }
    };
    move || steps.get().into_iter().map(input).collect_view()
}

/// Whether somebody has to do something at a stop.
fn asks(designer: FlowDesigner, stop: &SimulatedStop) -> bool {
    stop.step != START && matches!(kind_of(designer, &stop.step).as_str(), "approve" | "fill")
}

/// The way as far as one has gone, where one stands, and what is still to come.
fn stops(
    designer: FlowDesigner,
    setting: Setting,
    position: RwSignal<usize>,
    walk: Simulated,
    on_turn: Callback<Turn>,
) -> impl IntoView {
    let state = walk.state.clone();
    let mut asked = 0usize;
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let line = |stop: SimulatedStop| {
        let is_first = seen.insert(stop.step.clone());
        let number = asked;
        let waits = asks(designer, &stop);
        asked += usize::from(waits);
        let step = stop.step.clone();
        let answer =
            Memo::new(move |_| setting.answers.with(|all| all.get(&step).cloned()).filter(|_| is_first));
        view! { <Stop designer=designer stop=stop number=number waits=waits can_turn=is_first position=position answer=answer on_turn=on_turn/> }
    };
    let lines = walk.stops.into_iter().map(line).collect_view();
    let last = asked;
    let (tone, icon) = flow_look(&state);
    let is_there = move || position.get() >= last;
    view! {
        <ol class="timeline">
            {lines}
            <li class:next=move || !is_there()>
                <span class=move || if is_there() { classes(&["mark", tone.class()]) } else { "mark next".to_string() }><Icon name=icon/></span>
                <div><div class="what"><b>{move || i18n::lookup(&format!("flows-outcome-{state}"), &[])}</b></div></div>
            </li>
        </ol>
    }
}

/// The steps of a walk with the arms that were taken.
fn way_of(walk: &Simulated) -> BTreeMap<String, Vec<String>> {
    let mut way: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for stop in &walk.stops {
        way.entry(stop.step.clone()).or_default().extend(stop.arms.iter().cloned());
    }
    way
}

async fn simulate(designer: FlowDesigner, setting: Setting) -> Result<Simulated, String> {
    // The trial may be closed before the server has the flow.
    let id = setting.record.get_untracked().and_then(|id| id.parse().ok());
    let submitter = setting.submitter.get_untracked().and_then(|id| id.parse::<Id>().ok());
    let answers: BTreeMap<String, Json> =
        setting.answers.get_untracked().into_iter().map(|(step, answer)| (step, json!([answer]))).collect();
    let mut chosen = setting.chosen.get_untracked();
    let record = setting.values.get_value().map(FormState::changed_fields).unwrap_or_default();
    if !designer.save_now().await {
        return Err(text!("flows-trial-not-saved"));
    }
    let mut steps = Vec::new();
    designer.document.with_untracked(|document| chosen_steps(&document.steps, &mut steps));
    chosen.retain(|step, members| !members.is_empty() && steps.iter().any(|(known, _)| known == step));
    let input = SimulateInput { record, id, submitter, answers: json!(answers), chosen };
    flows::simulate(&designer.form_id().to_string(), &input).await.map_err(|problem| problem.sentence())
}
