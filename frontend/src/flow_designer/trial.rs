//! Trying a flow out: a record and a submitter in, the way and the people out. Nothing is stored.

use std::collections::BTreeMap;

use engine::flow::DEFAULT_ARM;
use engine::flow::document::{ArmName, Part, START};
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value as Json, json};
use wire::flows::{SimulateInput, Simulated, SimulatedStop};
use wire::records::{Query, Record};

use super::kinds::kind_icon;
use super::state::FlowDesigner;
use crate::api::{flows, records, session};
use crate::draft_editor::{DraftEditor, TRIAL};
use crate::records::name_of;
use crate::ui::{
    Badge, Button, ButtonKind, Choice, ControlSize, Field, Icon, IconButton, Loaded, Person, Select, Tone,
};
use crate::{i18n, t, text};

/// How many of the newest records are offered.
const RECORDS: u32 = 50;

/// The pane of the trial.
#[component]
pub fn Trial(designer: FlowDesigner, open: RwSignal<bool>) -> impl IntoView {
    let newest = LocalResource::new(move || {
        let query = Query { limit: Some(RECORDS), ..Query::default() };
        async move { records::query(designer.form_id(), &query).await }
    });
    let close = move |_| {
        open.set(false);
        designer.way.set(None);
    };
    view! {
        <aside class="pane right flow-trial" data-pane=TRIAL aria-label=t!("flows-trial")>
            <div class="row pane-title">
                <h2>{t!("flows-trial")}</h2>
                <Badge>{t!("flows-trial-note")}</Badge>
                <span class="push"><IconButton icon="close" label=t!("ui-close") size=ControlSize::Small on_press=close/></span>
            </div>
            <div class="pane-body">
                <Loaded answer=newest view=move |answer| view! { <Walk designer=designer records=answer.items/> }/>
            </div>
        </aside>
    }
}

#[component]
fn Walk(designer: FlowDesigner, records: Vec<Record>) -> impl IntoView {
    let chosen = RwSignal::new(records.first().map(|record| record.id.to_string()));
    let records = StoredValue::new(records);
    let me = session::me().map(|me| me.member.id);
    let submitter = RwSignal::new(me.map(|id| id.to_string()));
    let rejecting = RwSignal::new(Vec::<String>::new());
    let found = RwSignal::new(None::<Result<Simulated, String>>);
    let busy = RwSignal::new(false);
    let choices = Signal::derive(move || {
        records.with_value(|records| {
            let form = designer.published_form();
            let choice = |record: &Record| Choice::new(record.id.to_string(), name_of(&form, record));
            records.iter().map(choice).collect::<Vec<_>>()
        })
    });
    let members = Signal::derive(move || {
        designer.people.with_value(|people| {
            let choice = |member: &wire::Member| Choice::new(member.id.to_string(), member.name.clone());
            people.members.iter().map(choice).collect::<Vec<_>>()
        })
    });
    let walk = move || {
        busy.set(true);
        spawn_local(async move {
            let answer = simulate(designer, records, chosen, submitter, rejecting).await;
            if busy.is_disposed() {
                return;
            }
            designer.way.set(answer.as_ref().ok().map(way_of));
            found.set(Some(answer));
            busy.set(false);
        });
    };
    let go = move |_| {
        rejecting.update(Vec::clear);
        walk();
    };
    let turn = move |step: String| {
        rejecting.update(|steps| match steps.iter().position(|known| *known == step) {
            Some(place) => drop(steps.remove(place)),
            None => steps.push(step),
        });
        walk();
    };
    // What was found no longer holds once the flow is changed.
    Effect::new(move |before: Option<()>| {
        designer.document.track();
        if before.is_some() {
            found.set(None);
        }
    });
    let stops = move |walk: Simulated| {
        let state = walk.state.clone();
        let line = move |stop: SimulatedStop| view! { <Stop designer=designer stop=stop rejecting=rejecting on_turn=turn/> };
        view! {
            <ol class="timeline">
                {walk.stops.into_iter().map(line).collect_view()}
                <li class="next">
                    <span class="mark next"><Icon name="check"/></span>
                    <div><div class="what"><b>{move || i18n::lookup(&format!("flows-outcome-{state}"), &[])}</b></div></div>
                </li>
            </ol>
        }
    };
    view! {
        <div class="stack g4 prop-top">
            <Field label=t!("flows-trial-record") help=Signal::derive(move || if records.with_value(Vec::is_empty) { text!("flows-trial-no-record") } else { String::new() })>
                <Select choices=choices value=chosen on_change=move |key| chosen.set(key) clearable=true placeholder=Signal::derive(t!("flows-trial-empty-record"))/>
            </Field>
            <Field label=t!("flows-trial-submitter")>
                <Select choices=members value=submitter on_change=move |key| submitter.set(key)/>
            </Field>
            <div><Button icon="play" busy=busy on_press=go>{t!("flows-trial-go")}</Button></div>
            {move || match found.get() {
                None => ().into_any(),
                Some(Err(why)) => view! { <p class="bad-text" role="alert">{why}</p> }.into_any(),
                Some(Ok(walk)) => stops(walk).into_any(),
            }}
        </div>
    }
}

/// One stay at a step.
#[component]
fn Stop(
    designer: FlowDesigner,
    stop: SimulatedStop,
    rejecting: RwSignal<Vec<String>>,
    #[prop(into)] on_turn: Callback<String>,
) -> impl IntoView {
    let key = stop.step.clone();
    let part = if key == START { Part::Start } else { Part::Step(key.clone()) };
    let kind = designer
        .document
        .with_untracked(|document| document.step(&key).map_or("start", |step| step.kind()).to_string());
    let people: Vec<String> =
        designer.people.with_value(|known| stop.people.iter().map(|member| known.member(*member)).collect());
    let nobody = people.is_empty() && matches!(kind.as_str(), "approve" | "fill" | "cc");
    let arms: Vec<String> = stop
        .arms
        .iter()
        .map(|arm| {
            let name = ArmName { step: key.clone(), arm: arm.clone() };
            let named = untrack(|| designer.name_of(&Part::Arm(name)));
            if named.is_empty() && arm == DEFAULT_ARM { text!("flows-otherwise") } else { named }
        })
        .collect();
    let way = (!arms.is_empty()).then(|| text!("flows-trial-takes", arms = arms.join(&text!("flows-and"))));
    let step = StoredValue::new(key);
    let rejects = Memo::new(move |_| step.with_value(|step| rejecting.with(|steps| steps.contains(step))));
    let mark = move || if rejects.get() { "mark danger" } else { "mark success" };
    let (approves, icon) = (kind == "approve", kind_icon(&kind).0);
    let shown = move || if rejects.get() { "close" } else { icon }.to_string();
    view! {
        <li>
            <span class=mark><Icon name=Signal::derive(shown)/></span>
            <div>
                <div class="what">
                    <b>{move || designer.name_of(&part)}</b>
                    {nobody.then(|| view! { <Badge tone=Tone::Danger>{t!("flows-trial-nobody")}</Badge> })}
                </div>
                <div class="who">
                    {people.into_iter().map(|name| view! { <Person name=name/> }).collect_view()}
                    {approves.then(|| view! {
                        <span class="push">
                            <Button kind=ButtonKind::Plain size=ControlSize::Small on_press=move |_| on_turn.run(step.get_value())>
                                {move || if rejects.get() { text!("flows-trial-approve") } else { text!("flows-trial-reject") }}
                            </Button>
                        </span>
                    })}
                </div>
                {way.map(|way| view! { <div class="why">{way}</div> })}
            </div>
        </li>
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

async fn simulate(
    designer: FlowDesigner,
    records: StoredValue<Vec<Record>>,
    chosen: RwSignal<Option<String>>,
    submitter: RwSignal<Option<String>>,
    rejecting: RwSignal<Vec<String>>,
) -> Result<Simulated, String> {
    if !designer.save_now().await {
        return Err(text!("flows-trial-not-saved"));
    }
    let id = chosen.get_untracked();
    let known = records.with_value(|records| records.iter().any(|record| Some(record.id.to_string()) == id));
    let record = match id {
        Some(id) if known => {
            let found = records::get(designer.form_id(), &id).await.map_err(|problem| problem.sentence())?;
            given_by_people(designer, found.fields)
        }
        _ => Map::new(),
    };
    let submitter = submitter.get_untracked().and_then(|id| id.parse::<Id>().ok());
    let answers: Map<String, Json> =
        rejecting.get_untracked().into_iter().map(|step| (step, json!(["reject"]))).collect();
    let input = SimulateInput { record, submitter, answers: Json::Object(answers) };
    flows::simulate(&designer.form_id().to_string(), &input).await.map_err(|problem| problem.sentence())
}

/// Of a record's values those that somebody entered; what is computed is computed again.
fn given_by_people(designer: FlowDesigner, fields: Map<String, Json>) -> Map<String, Json> {
    let form = designer.published_form();
    let is_input = |path: &str| form.column(path).is_some_and(|column| column.field.is_input());
    let mut given = Map::new();
    for (key, value) in fields {
        let value = match value {
            Json::Array(rows) if form.columns_of(&key).next().is_some() => {
                let row = |row: Json| match row {
                    Json::Object(cells) => {
                        let own =
                            cells.into_iter().filter(|(column, _)| is_input(&format!("{key}.{column}")));
                        Json::Object(own.collect())
                    }
                    other => other,
                };
                Json::Array(rows.into_iter().map(row).collect())
            }
            value => value,
        };
        if is_input(&key) {
            given.insert(key, value);
        }
    }
    given
}
