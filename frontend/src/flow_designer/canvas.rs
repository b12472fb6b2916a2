//! The tree of steps, drawn from top to bottom; arms lie side by side.

use engine::flow::DEFAULT_ARM;
use engine::flow::document::{ArmName, Direction, Part, Place, Step};
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::kinds::{KINDS, kind_icon, kind_name};
use super::mini_map::MiniMap;
use super::state::{FlowDesigner, arm_label, element_of};
use super::words::{block_words, condition_words, mark_of, people_of};
use crate::ui::{
    Button, ButtonKind, ControlSize, Empty, Icon, IconButton, IconSize, Menu, MenuItem, press_by_key,
};
use crate::{i18n, t, text};

/// The zoom in per cent: how far it goes and how much a press changes.
const ZOOM: (u32, u32, u32) = (40, 160, 15);

/// The zoom in per cent at which the words of a step are still read with ease.
const READABLE: u32 = 75;

/// What the pane keeps free at the sides of the drawing, in px.
const AROUND: i32 = 32;

/// Everything that can be chosen in the drawing.
const PARTS: &str = ".flow [data-part]";

#[component]
pub fn Canvas(designer: FlowDesigner) -> impl IntoView {
    let zoom = RwSignal::new(100u32);
    let frame = NodeRef::<Div>::new();
    let flow = NodeRef::<Div>::new();
    let scrolled = RwSignal::new(0u32);
    let zoom_by = move |by: i32| {
        zoom.update(|zoom| *zoom = zoom.saturating_add_signed(by).clamp(ZOOM.0, ZOOM.1));
    };
    let fit = move |_| {
        let (Some(frame), Some(flow)) = (frame.get(), flow.get()) else { return };
        let drawn = flow.get_bounding_client_rect();
        let room = (f64::from(frame.client_width()) / drawn.width())
            .min(f64::from(frame.client_height() - 80) / drawn.height());
        let fitting = f64::from(zoom.get_untracked()) * room;
        zoom.set((fitting as u32).clamp(ZOOM.0, 100));
    };
    // It opens with all arms in sight where they can still be read, and else on its middle.
    let opened = StoredValue::new(false);
    let open = move || {
        let (Some(frame), Some(flow)) = (frame.get_untracked(), flow.get_untracked()) else { return };
        let drawn = flow.get_bounding_client_rect().width();
        let fitting = 100.0 * f64::from(frame.client_width() - AROUND) / drawn.max(1.0);
        zoom.set((fitting as u32).clamp(READABLE, 100));
        request_animation_frame(move || {
            frame.set_scroll_left((frame.scroll_width() - frame.client_width()) / 2);
        });
    };
    Effect::new(move || {
        if flow.get().is_some() && !opened.get_value() {
            opened.set_value(true);
            request_animation_frame(open);
        }
    });
    let by_wheel = move |event: leptos::ev::WheelEvent| {
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            zoom_by(if event.delta_y() > 0.0 { -5 } else { 5 });
        }
    };
    let is_empty = Memo::new(move |_| designer.document.with(|document| document.steps.is_empty()));
    let first = move |_| designer.add("approve", Place { within: None, position: 0 });
    let step = ZOOM.2.cast_signed();
    view! {
        <div class="flow-frame">
            <div node_ref=frame class="flow-canvas" on:wheel=by_wheel on:scroll=move |_| scrolled.update(|times| *times += 1)>
                <Show
                    when=move || !is_empty.get()
                    fallback=move || view! {
                        <Empty icon="flow" title=t!("flows-empty") text=Signal::derive(t!("flows-empty-text"))>
                            <Button kind=ButtonKind::Primary icon="plus" on_press=first>{t!("flows-add-first")}</Button>
                        </Empty>
                    }
                >
                    <div
                        node_ref=flow
                        class="flow"
                        class:dragging=move || designer.dragged.with(Option::is_some)
                        style:zoom=move || format!("{}%", zoom.get())
                        on:keydown=walk
                        on:dragend=move |_| designer.dragged.set(None)
                    >
                        {move || drawing(designer)}
                    </div>
                </Show>
            </div>
            <div class="zoom">
                <IconButton icon="zoom-out" label=t!("flows-zoom-out") size=ControlSize::Small on_press=move |_| zoom_by(-step)/>
                <span class="num">{move || format!("{}\u{a0}%", zoom.get())}</span>
                <IconButton icon="zoom-in" label=t!("flows-zoom-in") size=ControlSize::Small on_press=move |_| zoom_by(step)/>
                <IconButton icon="fit" label=t!("flows-zoom-fit") size=ControlSize::Small on_press=fit/>
            </div>
            <MiniMap designer=designer frame=frame flow=flow zoom=zoom scrolled=scrolled/>
        </div>
    }
}

/// The arrows go from part to part, in the order of reading.
fn walk(event: KeyboardEvent) {
    let by: i32 = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _other_key => return,
    };
    if event.alt_key() || event.default_prevented() {
        return;
    }
    let Ok(parts) = document().query_selector_all(PARTS) else { return };
    let focused = document().active_element();
    let count = parts.length() as i32;
    let at =
        (0..count).find(|at| parts.get(*at as u32).is_some_and(|part| focused.as_deref() == Some(&part)));
    let Some(at) = at else { return };
    event.prevent_default();
    if let Some(part) = parts.get((at + by).clamp(0, count - 1) as u32) {
        focus(part.dyn_ref());
    }
}

fn focus(element: Option<&web_sys::HtmlElement>) {
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// Draws the whole tree, and gives the focus to the part that was moved or made.
fn drawing(designer: FlowDesigner) -> AnyView {
    let mut parts = vec![start_card(designer)];
    designer.document.with(|document| sequence(designer, &document.steps, None, &mut parts));
    parts.push(
        view! { <span class="end-dot"><Icon name="check" size=IconSize::Tiny/>{t!("flows-end")}</span> }
            .into_any(),
    );
    if let Some(id) = designer.focus.try_update_value(Option::take).flatten() {
        request_animation_frame(move || {
            let element = document().get_element_by_id(&id);
            focus(element.as_ref().and_then(|element| element.dyn_ref()));
        });
    }
    parts.collect_view().into_any()
}

fn sequence(designer: FlowDesigner, steps: &[Step], within: Option<&ArmName>, into: &mut Vec<AnyView>) {
    let key_at = |position: usize| steps.get(position).map(|step| step.key().to_string());
    let place = |position| Place { within: within.cloned(), position };
    into.push(wire(designer, place(0), key_at(0)));
    for (position, step) in steps.iter().enumerate() {
        match step {
            Step::Branch(_) | Step::Parallel(_) => block(designer, step, into),
            single => into.push(card(designer, single)),
        }
        into.push(wire(designer, place(position + 1), Some(step.key().to_string())));
    }
}

/// Whether the last trial came by a step.
fn is_passed(designer: FlowDesigner, step: &str) -> bool {
    designer.way.with(|way| way.as_ref().is_some_and(|way| way.contains_key(step)))
}

/// Whether the last trial took an arm.
fn is_taken(designer: FlowDesigner, arm: &ArmName) -> bool {
    designer.way.with(|way| {
        way.as_ref().and_then(|way| way.get(&arm.step)).is_some_and(|arms| arms.contains(&arm.arm))
    })
}

/// A line between two steps, with the button that puts a new one there. `beside` is the step whose passing lights it
/// up.
fn wire(designer: FlowDesigner, at: Place, beside: Option<String>) -> AnyView {
    let open = RwSignal::new(false);
    let over = RwSignal::new(false);
    let arm = StoredValue::new(at.within.clone());
    let at = StoredValue::new(at);
    let beside = StoredValue::new(beside);
    let lit = move || {
        beside.with_value(|beside| match beside {
            Some(step) => is_passed(designer, step),
            None => arm.with_value(|arm| arm.as_ref().is_some_and(|arm| is_taken(designer, arm))),
        })
    };
    let item = move |kind: &'static str| {
        view! {
            <MenuItem icon=kind_icon(kind).0 on_choose=move |()| designer.add(kind, at.get_value())>
                <span class="grow" data-kind=kind>{move || kind_name(kind)}</span>
                <span class="end">{move || i18n::lookup(&format!("flows-help-{kind}"), &[])}</span>
            </MenuItem>
        }
    };
    view! {
        <div
            class="wire"
            class:path=lit
            class:landing=move || over.get()
            on:dragover=move |event| {
                if designer.dragged.with_untracked(Option::is_some) {
                    event.prevent_default();
                    over.set(true);
                }
            }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| {
                event.prevent_default();
                over.set(false);
                designer.drop_at(at.get_value());
            }
        >
            <button
                type="button"
                class="add"
                aria-label=t!("flows-add-step")
                title=t!("flows-add-step")
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Icon name="plus"/>
            </button>
            <Menu open=open>{KINDS.into_iter().map(item).collect_view()}</Menu>
        </div>
    }
    .into_any()
}

/// How many things are wrong at a part; the words are its tooltip.
fn flag(designer: FlowDesigner, part: &Part) -> impl IntoView + use<> {
    let faults = designer.faults_of(part.clone());
    move || {
        let faults = faults.get();
        (!faults.is_empty()).then(|| {
            let words = faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("\n");
            view! { <span class="flag" role="img" title=words.clone() aria-label=words>{faults.len()}</span> }
        })
    }
}

fn start_card(designer: FlowDesigner) -> AnyView {
    let faults = (designer.faults_of(Part::Flow), designer.faults_of(Part::Start));
    let bad = move || faults.0.with(|found| !found.is_empty()) || faults.1.with(|found| !found.is_empty());
    let chosen = move || designer.selected.with(|part| matches!(part, Part::Flow | Part::Start));
    view! {
        <div
            id=element_of(&Part::Start)
            class="step"
            class:path=move || designer.way.with(Option::is_some)
            class:bad=bad
            role="button"
            tabindex="0"
            data-part="start"
            title=t!("flows-start")
            aria-pressed=move || chosen().to_string()
            on:click=move |_| designer.choose(Part::Start)
            on:keydown=move |event| press_by_key(&event, || designer.choose(Part::Start))
        >
            {flag(designer, &Part::Start)}
            <div class="step-head"><Icon name="form" class="k-start"/><span class="clip">{t!("flows-start")}</span></div>
            <p>{t!("flows-start-text")}</p>
        </div>
    }
    .into_any()
}

/// What the keyboard does with a chosen step or block.
fn step_keys(designer: FlowDesigner, key: &str, event: &KeyboardEvent) {
    let direction = match event.key().as_str() {
        "ArrowUp" => Direction::Up,
        "ArrowDown" => Direction::Down,
        "ArrowLeft" => Direction::Left,
        "ArrowRight" => Direction::Right,
        "Delete" | "Backspace" => {
            event.prevent_default();
            designer.remove(&Part::Step(key.to_string()));
            return;
        }
        "d" if event.ctrl_key() || event.meta_key() => {
            event.prevent_default();
            designer.duplicate(key);
            return;
        }
        _other_key => return press_by_key(event, || designer.choose(Part::Step(key.to_string()))),
    };
    if event.alt_key() {
        event.prevent_default();
        designer.move_by(key, direction);
    }
}

fn card(designer: FlowDesigner, step: &Step) -> AnyView {
    let key = StoredValue::new(step.key().to_string());
    let part = Part::Step(step.key().to_string());
    let (icon, colour) = kind_icon(step.kind());
    let faults = designer.faults_of(part.clone());
    let chosen = {
        let part = part.clone();
        Memo::new(move |_| designer.selected.with(|selected| *selected == part))
    };
    let label = step.label().clone();
    let name = move || label.get(i18n::language()).to_string();
    let title = name.clone();
    let mark = step.clone();
    let asks = step.clone();
    let people = move || {
        let words = people_of(designer, &asks);
        match (words.is_empty(), asks.kind()) {
            (false, _) => view! { <p>{words}</p> }.into_any(),
            (true, "approve" | "fill" | "cc") => {
                view! { <p class="bad-text">{text!("flows-nobody-named")}</p> }.into_any()
            }
            (true, _) => view! { <p>{text!("flows-other-kind")}</p> }.into_any(),
        }
    };
    view! {
        <div
            id=element_of(&part)
            class="step"
            class:path=move || key.with_value(|key| is_passed(designer, key))
            class:bad=move || faults.with(|faults| !faults.is_empty())
            class:gap=move || key.with_value(|key| designer.dragged.with(|dragged| dragged.as_ref() == Some(key)))
            role="button"
            tabindex="0"
            draggable="true"
            data-part="step"
            title=title
            aria-pressed=move || chosen.get().to_string()
            aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete Control+D"
            on:click=move |_| designer.choose(Part::Step(key.get_value()))
            on:keydown=move |event| key.with_value(|key| step_keys(designer, key, &event))
            on:dragstart=move |event| drag(designer, key.get_value(), &event)
        >
            {flag(designer, &part)}
            <div class="step-head">
                <Icon name=icon class=colour/>
                <span class="clip">{name}</span>
                <span class="push">{move || mark_of(&mark)}</span>
            </div>
            {people}
        </div>
    }
    .into_any()
}

fn drag(designer: FlowDesigner, key: String, event: &leptos::ev::DragEvent) {
    // Without data some browsers do not drag at all.
    if let Some(data) = event.data_transfer() {
        let _ = data.set_data("text/plain", &key);
        data.set_effect_allowed("move");
    }
    // The place becomes a gap only after the browser has taken its picture of the card.
    request_animation_frame(move || designer.dragged.set(Some(key)));
}

/// A branch or parallel block with its arms.
fn block(designer: FlowDesigner, step: &Step, into: &mut Vec<AnyView>) {
    let key = StoredValue::new(step.key().to_string());
    let part = Part::Step(step.key().to_string());
    let faults = designer.faults_of(part.clone());
    let chosen = {
        let part = part.clone();
        Memo::new(move |_| designer.selected.with(|selected| *selected == part))
    };
    let words = step.clone();
    let label = step.label().clone();
    into.push(
        view! {
            <div
                id=element_of(&part)
                class="fork-label"
                class:bad=move || faults.with(|faults| !faults.is_empty())
                role="button"
                tabindex="0"
                draggable="true"
                data-part="block"
                title=move || label.get(i18n::language()).to_string()
                aria-pressed=move || chosen.get().to_string()
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete Control+D"
                on:click=move |_| designer.choose(Part::Step(key.get_value()))
                on:keydown=move |event| key.with_value(|key| step_keys(designer, key, &event))
                on:dragstart=move |event| drag(designer, key.get_value(), &event)
            >
                {flag(designer, &part)}
                <Icon name=kind_icon(step.kind()).0/>
                {move || block_words(&words)}
            </div>
        }
        .into_any(),
    );
    let passed = move || key.with_value(|key| is_passed(designer, key));
    into.push(view! { <div class="wire short" class:path=passed></div> }.into_any());
    let arms = step.arms().into_iter().map(|(arm, steps)| {
        let name = ArmName { step: step.key().to_string(), arm: arm.to_string() };
        arm_column(designer, step, name, steps)
    });
    let arms = arms.collect::<Vec<_>>();
    into.push(view! { <div class="fork">{arms}</div> }.into_any());
}

fn arm_column(designer: FlowDesigner, block: &Step, name: ArmName, steps: &[Step]) -> AnyView {
    let mut inside = Vec::new();
    sequence(designer, steps, Some(&name), &mut inside);
    let shown = arm_box(designer, block, &name);
    let name = StoredValue::new(name);
    let taken = move || name.with_value(|name| is_taken(designer, name));
    view! {
        <div class="arm" class:on=taken>
            <div class="wire short" class:path=taken></div>
            {shown}
            {inside}
            <div class="wire rest" class:path=taken></div>
        </div>
    }
    .into_any()
}

/// The box on top of an arm: what it is called, and when it is taken.
fn arm_box(designer: FlowDesigner, block: &Step, name: &ArmName) -> AnyView {
    let part = Part::Arm(name.clone());
    let faults = designer.faults_of(part.clone());
    let chosen = {
        let part = part.clone();
        Memo::new(move |_| designer.selected.with(|selected| *selected == part))
    };
    let is_default = name.arm == DEFAULT_ARM && block.kind() == "branch";
    let label = designer.document.with_untracked(|document| arm_label(document, name)).unwrap_or_default();
    let title = move || match label.get(i18n::language()) {
        "" if is_default => text!("flows-otherwise"),
        own => own.to_string(),
    };
    let when = match block {
        Step::Branch(branch) => {
            branch.arms.iter().find(|arm| arm.key == name.arm).map(|arm| arm.when.clone())
        }
        _ => None,
    };
    let words = move || match &when {
        None if is_default => text!("flows-default-arm").into_any(),
        None => ().into_any(),
        Some(when) => {
            let words = condition_words(&designer.published_form(), when);
            if words.is_empty() {
                view! { <span class="bad-text">{text!("flows-no-condition")}</span> }.into_any()
            } else {
                words.into_any()
            }
        }
    };
    let name = StoredValue::new(name.clone());
    let on_key = move |event: KeyboardEvent| {
        let name = name.get_value();
        match event.key().as_str() {
            "Delete" | "Backspace" if !is_default => {
                event.prevent_default();
                designer.remove(&Part::Arm(name));
            }
            "ArrowLeft" | "ArrowRight" if event.alt_key() => {
                event.prevent_default();
                designer.move_arm(&name, if event.key() == "ArrowLeft" { -1 } else { 1 });
            }
            _other_key => press_by_key(&event, || designer.choose(Part::Arm(name))),
        }
    };
    let tooltip = title.clone();
    view! {
        <div
            id=element_of(&part)
            class="when-box"
            class:path=move || name.with_value(|name| is_taken(designer, name))
            class:bad=move || faults.with(|faults| !faults.is_empty())
            role="button"
            tabindex="0"
            data-part="arm"
            title=tooltip
            aria-pressed=move || chosen.get().to_string()
            aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight Delete"
            on:click=move |_| designer.choose(Part::Arm(name.get_value()))
            on:keydown=on_key
        >
            {flag(designer, &part)}
            <b>{title}</b>
            {words}
        </div>
    }
    .into_any()
}
