//! The parts of the drawing: cards of steps, blocks with their arms. Each follows its own step and nothing else.

use std::sync::Arc;

use engine::condition::Condition;
use engine::flow::DEFAULT_ARM;
use engine::flow::document::{ArmName, Part, Step};
use engine::text::Label;
use leptos::ev::DragEvent;
use leptos::prelude::*;

use super::keys::{ARM_KEYS, STEP_KEYS, part_keys};
use super::kinds::kind_icon;
use super::outline::Seat;
use super::state::{FlowDesigner, element_of, is_passed, is_taken};
use super::wires::{Gap, Wire};
use super::words::{about, block_words, condition_words, mark_of};
use crate::ui::{Icon, IconSize};
use crate::{i18n, t, text};

/// The whole tree, from the start to the end.
#[component]
pub fn Tree(designer: FlowDesigner) -> impl IntoView {
    view! {
        <StartCard designer=designer/>
        {sequence(designer, None)}
        <span class="end-dot"><Icon name="check" size=IconSize::Tiny/>{t!("flows-end")}</span>
    }
}

/// The steps of an arm, or of the main line. Only what is new in it is made, only what is gone is taken away.
fn sequence(designer: FlowDesigner, within: Option<ArmName>) -> AnyView {
    let line = designer.line(within.clone());
    let part = move |seat: Seat| match seat.is_block() {
        true => view! { <Block designer=designer step=seat.key/> }.into_any(),
        false => view! { <Card designer=designer step=seat.key/> }.into_any(),
    };
    view! {
        <Wire designer=designer gap=Gap::Top(within)/>
        <For each=move || line.get() key=Seat::clone children=part/>
    }
    .into_any()
}

/// How many things are wrong at a part, what they are and what to do about them.
fn flag(faults: Memo<Vec<super::state::Fault>>) -> impl IntoView {
    move || {
        let faults = faults.get();
        (!faults.is_empty()).then(|| {
            let said = |fault: &super::state::Fault| match super::advice::advice(&fault.code) {
                Some(advice) => format!("{}\n{advice}", fault.message),
                None => fault.message.clone(),
            };
            let words = faults.iter().map(said).collect::<Vec<_>>().join("\n\n");
            view! { <span class="flag" role="img" title=words.clone() aria-label=words>{faults.len()}</span> }
        })
    }
}

/// Follows whether a part is chosen.
fn chosen(designer: FlowDesigner, part: Part) -> Memo<bool> {
    Memo::new(move |_| designer.selected.with(|selected| *selected == part))
}

/// Begins to drag a part.
fn drag(designer: FlowDesigner, part: Part, event: &DragEvent) {
    event.stop_propagation();
    // Without data some browsers do not drag at all.
    if let Some(data) = event.data_transfer() {
        let _ = data.set_data("text/plain", &element_of(&part));
        data.set_effect_allowed("move");
    }
    // The place becomes a gap only after the browser has taken its picture of the card.
    request_animation_frame(move || designer.dragged.set(Some(part)));
}

#[component]
fn StartCard(designer: FlowDesigner) -> impl IntoView {
    let faults = designer.faults_of(&Part::Start);
    let chosen = Memo::new(move |_| designer.selected.with(|part| matches!(part, Part::Flow | Part::Start)));
    view! {
        <div
            id=element_of(&Part::Start)
            class="step"
            class:path=move || designer.way.with(Option::is_some)
            class:bad=move || faults.with(|faults| !faults.is_empty())
            role="button"
            tabindex="0"
            data-part="start"
            title=t!("flows-start")
            aria-pressed=move || chosen.get().to_string()
            aria-keyshortcuts="Enter F2 Insert Control+V"
            on:click=move |_| designer.choose(Part::Start)
            on:keydown=move |event| part_keys(designer, &Part::Start, &event)
        >
            {flag(faults)}
            <div class="step-head"><Icon name="form" class="k-start"/><span class="clip">{t!("flows-start")}</span></div>
            <p>{t!("flows-start-text")}</p>
        </div>
    }
}

/// What a card shows of its step; nothing once the step is gone.
fn of_step<T: Default>(card: Memo<Option<Arc<Step>>>, read: impl Fn(&Step) -> T) -> T {
    card.with(|card| card.as_deref().map(read)).unwrap_or_default()
}

/// A step that is not drawn with arms.
#[component]
fn Card(designer: FlowDesigner, step: String) -> impl IntoView {
    let card = designer.card(&step);
    let key = StoredValue::new(step.clone());
    let part = StoredValue::new(Part::Step(step.clone()));
    let faults = designer.faults_of(&Part::Step(step.clone()));
    let chosen = chosen(designer, Part::Step(step.clone()));
    let (icon, colour) = kind_icon(untrack(|| of_step(card, Step::kind)));
    let name = move || of_step(card, |step| step.label().get(i18n::language()).to_string());
    let is_gap =
        move || part.with_value(|part| designer.dragged.with(|dragged| dragged.as_ref() == Some(part)));
    let words = move || {
        let (words, asks) = of_step(card, |step| (about(designer, step), asks_people(step)));
        match (words.is_empty(), asks) {
            (true, true) => view! { <p class="bad-text">{text!("flows-nobody-named")}</p> }.into_any(),
            (true, false) => ().into_any(),
            (false, _) => view! { <p>{words}</p> }.into_any(),
        }
    };
    view! {
        <div
            id=element_of(&Part::Step(step))
            class="step"
            class:path=move || key.with_value(|key| is_passed(designer, key))
            class:bad=move || faults.with(|faults| !faults.is_empty())
            class:gap=is_gap
            role="button"
            tabindex="0"
            draggable="true"
            data-part="step"
            title=name
            aria-pressed=move || chosen.get().to_string()
            aria-keyshortcuts=STEP_KEYS
            on:click=move |_| designer.choose(part.get_value())
            on:keydown=move |event| part.with_value(|part| part_keys(designer, part, &event))
            on:dragstart=move |event| drag(designer, part.get_value(), &event)
        >
            {flag(faults)}
            <div class="step-head">
                <Icon name=icon class=colour/>
                <span class="clip">{name}</span>
                <span class="push">{move || of_step(card, mark_of)}</span>
            </div>
            {words}
        </div>
        <Wire designer=designer gap=Gap::Behind(key.get_value())/>
    }
}

fn asks_people(step: &Step) -> bool {
    matches!(step, Step::Approve(_) | Step::Fill(_) | Step::Cc(_))
}

/// A branch or parallel block with its arms.
#[component]
fn Block(designer: FlowDesigner, step: String) -> impl IntoView {
    let card = designer.card(&step);
    let key = StoredValue::new(step.clone());
    let part = StoredValue::new(Part::Step(step.clone()));
    let faults = designer.faults_of(&Part::Step(step.clone()));
    let chosen = chosen(designer, Part::Step(step.clone()));
    let icon = kind_icon(untrack(|| of_step(card, Step::kind))).0;
    let is_gap =
        move || part.with_value(|part| designer.dragged.with(|dragged| dragged.as_ref() == Some(part)));
    let arms = Memo::new(move |_| {
        of_step(card, |step| step.arms().into_iter().map(|(arm, _)| arm.to_string()).collect::<Vec<_>>())
    });
    let passed = move || key.with_value(|key| is_passed(designer, key));
    let arm = move |arm: String| {
        let name = ArmName { step: key.get_value(), arm };
        view! { <Arm designer=designer card=card name=name/> }
    };
    view! {
        <div
            id=element_of(&Part::Step(step))
            class="fork-label"
            class:bad=move || faults.with(|faults| !faults.is_empty())
            class:gap=is_gap
            role="button"
            tabindex="0"
            draggable="true"
            data-part="block"
            title=move || of_step(card, |step| step.label().get(i18n::language()).to_string())
            aria-pressed=move || chosen.get().to_string()
            aria-keyshortcuts=STEP_KEYS
            on:click=move |_| designer.choose(part.get_value())
            on:keydown=move |event| part.with_value(|part| part_keys(designer, part, &event))
            on:dragstart=move |event| drag(designer, part.get_value(), &event)
        >
            {flag(faults)}
            <Icon name=icon/>
            {move || of_step(card, block_words)}
        </div>
        <div class="wire short" class:path=passed></div>
        <div class="fork"><For each=move || arms.get() key=String::clone children=arm/></div>
        <Wire designer=designer gap=Gap::Behind(key.get_value())/>
    }
}

/// An arm: the box on top of it, and its steps.
#[component]
fn Arm(designer: FlowDesigner, card: Memo<Option<Arc<Step>>>, name: ArmName) -> impl IntoView {
    let inside = sequence(designer, Some(name.clone()));
    let at = StoredValue::new(name.clone());
    let taken = move || at.with_value(|name| is_taken(designer, name));
    view! {
        <div class="arm" class:on=taken>
            <div class="wire short" class:path=taken></div>
            <ArmBox designer=designer card=card name=name/>
            {inside}
            <div class="wire rest" class:path=taken></div>
        </div>
    }
}

/// What an arm says itself: its label, and its condition where it has one.
fn arm_of(step: &Step, arm: &str) -> Option<(Label, Option<Condition>)> {
    match step {
        Step::Branch(branch) if arm == DEFAULT_ARM => {
            let found = branch.default.as_ref()?;
            Some((found.label.clone().unwrap_or_default(), None))
        }
        Step::Branch(branch) => {
            let found = branch.arms.iter().find(|known| known.key == arm)?;
            Some((found.label.clone(), Some(found.when.clone())))
        }
        Step::Parallel(parallel) => {
            let found = parallel.arms.iter().find(|known| known.key == arm)?;
            Some((found.label.clone(), None))
        }
        _ => None,
    }
}

/// The box on top of an arm: what it is called, and when it is taken.
#[component]
fn ArmBox(designer: FlowDesigner, card: Memo<Option<Arc<Step>>>, name: ArmName) -> impl IntoView {
    let faults = designer.faults_of(&Part::Arm(name.clone()));
    let chosen = chosen(designer, Part::Arm(name.clone()));
    let id = element_of(&Part::Arm(name.clone()));
    let at = StoredValue::new(name);
    let over = RwSignal::new(false);
    // Of its own arm alone: the box stays as it is while others change.
    let shown = Memo::new(move |_| at.with_value(|name| of_step(card, |step| arm_of(step, &name.arm))));
    let is_branch = untrack(|| of_step(card, |step| step.kind() == "branch"));
    let is_default = is_branch && at.with_value(|name| name.arm == DEFAULT_ARM);
    let title = move || {
        let label =
            shown.with(|shown| shown.as_ref().map(|(label, _)| label.get(i18n::language()).to_string()));
        match label.unwrap_or_default() {
            label if label.is_empty() && is_default => text!("flows-otherwise"),
            label => label,
        }
    };
    let words = move || match shown.with(|shown| shown.as_ref().and_then(|(_, when)| when.clone())) {
        None if is_default => text!("flows-default-arm").into_any(),
        None => ().into_any(),
        Some(when) => {
            let words = condition_words(designer, &when);
            if words.is_empty() {
                view! { <span class="bad-text">{text!("flows-no-condition")}</span> }.into_any()
            } else {
                words.into_any()
            }
        }
    };
    let covered = move || {
        designer.coverage.with(|coverage| {
            let coverage = coverage.as_ref()?;
            let count = at.with_value(|name| coverage.arms.get(&name.step)?.get(&name.arm).copied());
            Some((count.unwrap_or_default(), coverage.records))
        })
    };
    let cover = move || {
        covered().map(|(count, all)| {
            let class = if count == 0 { "covered none" } else { "covered" };
            view! { <span class=class>{text!("flows-covered", count = count, all = all)}</span> }
        })
    };
    let part = move || Part::Arm(at.get_value());
    let is_gap = move || designer.dragged.with(|dragged| dragged.as_ref() == Some(&part()));
    let takes = move || designer.dragged.with_untracked(|dragged| matches!(dragged, Some(Part::Arm(_))));
    view! {
        <div
            id=id
            class="when-box"
            class:path=move || at.with_value(|name| is_taken(designer, name))
            class:bad=move || faults.with(|faults| !faults.is_empty())
            class:gap=is_gap
            class:landing=move || over.get()
            role="button"
            tabindex="0"
            draggable=(!is_default).to_string()
            data-part="arm"
            title=title
            aria-pressed=move || chosen.get().to_string()
            aria-keyshortcuts=ARM_KEYS
            on:click=move |_| designer.choose(part())
            on:keydown=move |event| part_keys(designer, &part(), &event)
            on:dragstart=move |event| drag(designer, part(), &event)
            on:dragover=move |event| {
                if takes() {
                    event.prevent_default();
                    over.set(true);
                }
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                over.set(false);
                at.with_value(|name| designer.drop_on(name));
            }
        >
            {flag(faults)}
            <b>{title}</b>
            {words}
            {cover}
        </div>
    }
}
