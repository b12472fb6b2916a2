//! One stay at a step in a trial: who is asked, why the way came here, what may be done with the fields.

use engine::flow::DEFAULT_ARM;
use engine::flow::document::{ArmName, Part, START};
use engine::flow::who::Who;
use engine::value::Id;
use leptos::prelude::*;
use serde_json::{Value as Json, json};
use wire::simulation::{Amiss, SimulatedArm, SimulatedSending, SimulatedStop};

use super::field_rights::rights_at;
use super::kinds::kind_icon;
use super::people::who_words;
use super::state::FlowDesigner;
use super::try_out::explained;
use crate::ui::{
    Badge, Button, ButtonKind, ControlSize, Icon, MenuButton, MenuItem, Person, Placement, Tone,
};
use crate::{i18n, t, text};

/// What somebody does in a trial.
#[derive(Clone, Debug)]
pub enum Turn {
    /// Goes on as everybody approves.
    Approve,
    /// Something else is done at a step.
    Answer(String, Json),
    /// What was done at a step is taken back.
    Back(String),
}

/// The kind of a step; `start` where it has none.
pub fn kind_of(designer: FlowDesigner, key: &str) -> String {
    let kind = designer.outline.with_untracked(|outline| outline.card(key).map(|step| step.kind()));
    kind.unwrap_or("start").to_string()
}

/// Where a stop lies, seen from where one stands in the walk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Behind,
    Here,
    Ahead,
}

/// One stay at a step.
#[component]
pub fn Stop(
    designer: FlowDesigner,
    stop: SimulatedStop,
    /// How many people's stops lie before it.
    number: usize,
    /// Whether somebody has to do something here.
    waits: bool,
    /// Whether it can be tried what else would be done: a later stay at the same step follows from the first.
    can_turn: bool,
    position: RwSignal<usize>,
    /// What is done here other than approving.
    answer: Memo<Option<Json>>,
    on_turn: Callback<Turn>,
) -> impl IntoView {
    let key = stop.step.clone();
    let part = if key == START { Part::Start } else { Part::Step(key.clone()) };
    let kind = kind_of(designer, &key);
    let (icon, approves) = (kind_icon(&kind).0, kind == "approve");
    let place = Memo::new(move |_| {
        let here = position.get();
        if number > here {
            Place::Ahead
        } else if number == here && waits {
            Place::Here
        } else {
            Place::Behind
        }
    });
    let people: Vec<String> = designer.people.with_value(|known| {
        let name = |member: &Id| match stop.on_behalf_of.get(&member.to_string()) {
            Some(of) => text!("flow-name-for", name = known.member(*member), of = known.member(*of)),
            None => known.member(*member),
        };
        stop.people.iter().map(name).collect()
    });
    let nobody = people.is_empty() && matches!(kind.as_str(), "approve" | "fill" | "cc");
    let refused = matches!(stop.state.as_str(), "rejected" | "returned");
    let mark = move || match (place.get(), refused) {
        (Place::Here, _) => "mark now",
        (Place::Ahead, _) => "mark next",
        (Place::Behind, true) => "mark danger",
        (Place::Behind, false) => "mark success",
    };
    let shown = Signal::derive(move || {
        let turned = place.get() == Place::Behind && refused;
        if turned { "close" } else { icon }.to_string()
    });
    let rights = match kind.as_str() {
        "start" | "approve" | "fill" | "cc" => rights_at(designer, &key, &kind),
        _ => Vec::new(),
    };
    let amiss = stop.amiss.map(|amiss| amiss_view(designer, &amiss));
    let way = way_words(designer, &key, &stop.arms);
    let asked = asked_view(designer, &key, stop.asked);
    let sends = stop.sends.map(sends_view);
    let step = StoredValue::new(key);
    view! {
        <li class:now=move || place.get() == Place::Here class:next=move || place.get() == Place::Ahead>
            <span class=mark><Icon name=shown/></span>
            <div>
                <div class="what">
                    <b>{move || designer.name_of(&part)}</b>
                    {nobody.then(|| view! { <Badge tone=Tone::Danger>{t!("flows-trial-nobody")}</Badge> })}
                </div>
                <div class="who">{people.into_iter().map(|name| view! { <Person name=name/> }).collect_view()}</div>
                {amiss}
                {way.map(|way| view! { <div class="why">{way}</div> })}
                {asked}
                {sends}
                {(!rights.is_empty()).then(|| view! { <Rights rights=rights/> })}
                <Show when=move || place.get() == Place::Here>
                    <div class="row sim-go">
                        <Button kind=ButtonKind::Primary size=ControlSize::Small on_press=move |_| on_turn.run(Turn::Approve)>
                            {move || if approves { text!("flows-kind-approve-verb") } else { text!("flows-kind-fill-verb") }}
                        </Button>
                        {(approves && can_turn).then(|| view! {
                            <Button size=ControlSize::Small on_press=move |_| on_turn.run(Turn::Answer(step.get_value(), json!("reject")))>{t!("flows-action-reject")}</Button>
                        })}
                        {can_turn.then(|| view! { <Returns designer=designer step=step on_turn=on_turn/> })}
                    </div>
                </Show>
                <Show when=move || place.get() == Place::Behind && can_turn && answer.with(Option::is_some)>
                    <Button kind=ButtonKind::Plain size=ControlSize::Small on_press=move |_| on_turn.run(Turn::Back(step.get_value()))>
                        {t!("flows-trial-approve")}
                    </Button>
                </Show>
                <Show when=move || place.get() == Place::Behind && approves && can_turn && answer.with(Option::is_none)>
                    <Button kind=ButtonKind::Plain size=ControlSize::Small on_press=move |_| on_turn.run(Turn::Answer(step.get_value(), json!("reject")))>
                        {t!("flows-trial-reject")}
                    </Button>
                </Show>
            </div>
        </li>
    }
}

/// Where the request can be returned to from here.
#[component]
fn Returns(designer: FlowDesigner, step: StoredValue<String>, on_turn: Callback<Turn>) -> impl IntoView {
    let targets = move || {
        let mut all = vec![(START.to_string(), text!("flows-start"))];
        all.extend(untrack(|| step.with_value(|step| designer.possibly_earlier(step))));
        let item = |(key, label): (String, String)| {
            let answer = json!({ "return": key });
            view! { <MenuItem icon="return" on_choose=move |()| on_turn.run(Turn::Answer(step.get_value(), answer.clone()))>{label}</MenuItem> }
        };
        all.into_iter().map(item).collect_view()
    };
    view! {
        <MenuButton icon="return" label=t!("flows-action-return") text=Signal::derive(t!("flows-action-return")) kind=ButtonKind::Plain size=ControlSize::Small placement=Placement::Start>
            {targets()}
        </MenuButton>
    }
}

/// Why others are asked than those whom the step names.
fn amiss_view(designer: FlowDesigner, amiss: &Amiss) -> AnyView {
    let mut said = Vec::new();
    let empty = amiss.empty.iter().filter_map(|who| serde_json::from_value::<Who>(who.clone()).ok());
    let empty: Vec<Who> = empty.collect();
    if !empty.is_empty() {
        said.push(text!("flows-amiss-empty", sources = who_words(designer, &empty)));
    }
    if !amiss.left.is_empty() {
        let known = |member: &Id| designer.people.with_value(|people| people.member(*member));
        said.push(text!("flows-amiss-left", names = i18n::listed(amiss.left.iter().map(known))));
    }
    if amiss.own_manager {
        said.push(text!("flows-amiss-own-manager"));
    }
    said.extend(amiss.instead.as_deref().map(|instead| match instead {
        "auto_approve" => text!("flows-amiss-auto-approve"),
        "hold" => text!("flows-amiss-hold"),
        "member" => text!("flows-amiss-member"),
        _admins => text!("flows-amiss-admins"),
    }));
    let line = |words: String| view! { <li>{words}</li> };
    view! { <ul class="why amiss warn-text">{said.into_iter().map(line).collect_view()}</ul> }.into_any()
}

/// Which arms were taken.
fn way_words(designer: FlowDesigner, step: &str, arms: &[String]) -> Option<String> {
    let names = arms.iter().map(|arm| arm_name(designer, step, arm));
    let names = i18n::listed(names.collect::<Vec<_>>());
    (!arms.is_empty()).then(|| text!("flows-trial-takes", arms = names))
}

fn arm_name(designer: FlowDesigner, step: &str, arm: &str) -> String {
    let name = ArmName { step: step.to_string(), arm: arm.to_string() };
    let named = untrack(|| designer.name_of(&Part::Arm(name)));
    if named.is_empty() && arm == DEFAULT_ARM { text!("flows-otherwise") } else { named }
}

/// The conditions of a branch with the values that they found, arm by arm.
fn asked_view(designer: FlowDesigner, step: &str, asked: Vec<SimulatedArm>) -> AnyView {
    if asked.is_empty() {
        return ().into_any();
    }
    let arm = |arm: SimulatedArm| {
        let tone = if arm.holds { Tone::Success } else { Tone::Neutral };
        let said = if arm.holds { text!("flows-holds") } else { text!("flows-holds-not") };
        view! {
            <li class="stack g1">
                <span class="row"><b class="medium">{arm_name(designer, step, &arm.arm)}</b><Badge tone=tone>{said}</Badge></span>
                {explained(arm.lines)}
            </li>
        }
    };
    view! {
        <details class="why">
            <summary>{t!("flows-trial-why")}</summary>
            <ul class="stack g2">{asked.into_iter().map(arm).collect_view()}</ul>
        </details>
    }
    .into_any()
}

/// What an action step would send.
fn sends_view(sends: SimulatedSending) -> AnyView {
    let words = match sends.kind.as_str() {
        "call" => text!("flows-trial-calls"),
        _message => text!("flows-trial-tells"),
    };
    view! {
        <details class="why" open=true>
            <summary>{words}</summary>
            <b class="medium wrap-anywhere">{sends.title}</b>
            {sends.content.map(|content| view! { <p class="note-text note">{content}</p> })}
        </details>
    }
    .into_any()
}

/// What people may do with fields at a step.
#[component]
fn Rights(rights: Vec<(String, String)>) -> impl IntoView {
    let line =
        |(right, fields): (String, String)| view! { <li><b class="medium">{right}</b>" "{fields}</li> };
    view! {
        <details class="why">
            <summary>{t!("flows-tab-fields")}</summary>
            <ul class="stack g1">{rights.into_iter().map(line).collect_view()}</ul>
        </details>
    }
}
