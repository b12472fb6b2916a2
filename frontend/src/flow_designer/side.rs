//! The pane at the right: the settings of what is chosen.

use engine::flow::DEFAULT_ARM;
use engine::flow::document::{Direction, Part, START, Step};
use leptos::prelude::*;

use super::action_panel::ActionPanel;
use super::actions::ActionSwitches;
use super::advice::advice;
use super::arm_panel::{ArmPanel, BlockPanel};
use super::checks::Checks;
use super::deadlines::Deadlines;
use super::field_rights::FieldRights;
use super::half_written::HALF_CONDITION;
use super::keys::focus_element;
use super::kinds::{kind_colour, kind_icon};
use super::settings::FlowSettings;
use super::state::{Fault, FlowDesigner, element_of};
use super::step_panel::StepPanel;
use super::waits_panel::{DelayPanel, SubflowPanel};
use crate::draft_editor::SETTINGS;
use crate::ui::{ControlSize, Icon, MenuButton, MenuItem, MenuLine, Placement, Tab, Tabs, Tile};
use crate::{i18n, t, text};

#[component]
pub fn Side(designer: FlowDesigner) -> impl IntoView {
    // Built again for another part only: what somebody types stays while the flow changes.
    let shown = Memo::new(move |_| {
        let part = designer.selected.get();
        let kind = designer.document.with(|document| match &part {
            Part::Step(key) => document.step(key).map_or("", Step::kind),
            Part::Flow | Part::Start => "start",
            Part::Arm(_) => "arm",
        });
        (part, kind)
    });
    // Escape goes back to what is set here.
    let back = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && !event.default_prevented() {
            focus_element(&element_of(&designer.selected.get_untracked()));
        }
    };
    view! {
        <aside class="pane right flow-side" data-pane=SETTINGS aria-label=t!("flows-properties") on:keydown=back>
            {move || {
                let (part, kind) = shown.get();
                view! { <Head designer=designer part=part.clone() kind=kind/> <Body designer=designer part=part kind=kind/> }
            }}
        </aside>
    }
}

#[component]
fn Head(designer: FlowDesigner, part: Part, kind: &'static str) -> impl IntoView {
    let name = {
        let part = part.clone();
        move || match &part {
            Part::Flow => text!("flows-settings"),
            other => designer.name_of(other),
        }
    };
    let icon = if kind == "arm" { "branch" } else { kind_icon(kind).0 };
    view! {
        <div class="row pane-title">
            <Tile icon=icon.to_string() colour=kind_colour(kind) size="s"/>
            <h2 class="clip">{name}</h2>
            <span class="push row">
                {part_menu(designer, &part)}
            </span>
        </div>
    }
}

/// What can be done with a step or arm as a whole.
fn part_menu(designer: FlowDesigner, part: &Part) -> AnyView {
    match part {
        Part::Flow | Part::Start => view! {
            <MenuButton icon="more" label=t!("flows-more") size=ControlSize::Small placement=Placement::End>
                <MenuItem icon="history" on_choose=move |()| designer.comparing.set(true)>{t!("flows-versions")}</MenuItem>
                <MenuItem icon="form" key="Ctrl V" on_choose=move |()| designer.paste(&Part::Start)>{t!("flows-paste-behind")}</MenuItem>
            </MenuButton>
        }
        .into_any(),
        Part::Step(key) => {
            let key = StoredValue::new(key.clone());
            let go = move |direction| key.with_value(|key| designer.move_by(key, direction));
            let in_arm = designer
                .document
                .with_untracked(|document| key.with_value(|key| document.place(key)))
                .is_some_and(|place| place.within.is_some());
            view! {
                <MenuButton icon="more" label=t!("flows-more") size=ControlSize::Small placement=Placement::End>
                    <MenuItem icon="arrow-up" key="Alt ↑" on_choose=move |()| go(Direction::Up)>{t!("flows-move-up")}</MenuItem>
                    <MenuItem icon="arrow-down" key="Alt ↓" on_choose=move |()| go(Direction::Down)>{t!("flows-move-down")}</MenuItem>
                    {in_arm.then(|| view! {
                        <MenuItem icon="arrow-left" key="Alt ←" on_choose=move |()| go(Direction::Left)>{t!("flows-move-left")}</MenuItem>
                        <MenuItem icon="arrow-right" key="Alt →" on_choose=move |()| go(Direction::Right)>{t!("flows-move-right")}</MenuItem>
                    })}
                    <MenuItem icon="copy" key="Ctrl C" on_choose=move |()| designer.copy_and_tell(&Part::Step(key.get_value()))>{t!("flows-copy")}</MenuItem>
                    <MenuItem icon="transfer" key="Ctrl X" on_choose=move |()| designer.cut(&Part::Step(key.get_value()))>{t!("flows-cut")}</MenuItem>
                    <MenuItem icon="form" key="Ctrl V" on_choose=move |()| designer.paste(&Part::Step(key.get_value()))>{t!("flows-paste-behind")}</MenuItem>
                    <MenuItem icon="plus" key="Ctrl D" on_choose=move |()| key.with_value(|key| designer.duplicate(key))>{t!("flows-duplicate")}</MenuItem>
                    <MenuLine/>
                    <MenuItem icon="trash" danger=true key="Delete" on_choose=move |()| designer.remove(&Part::Step(key.get_value()))>{t!("flows-remove")}</MenuItem>
                </MenuButton>
            }
            .into_any()
        }
        Part::Arm(arm) => {
            let stays = arm.arm == DEFAULT_ARM;
            let arm = StoredValue::new(arm.clone());
            let part = move || Part::Arm(arm.get_value());
            let go = move |by| arm.with_value(|arm| designer.move_arm(arm, by));
            view! {
                <MenuButton icon="more" label=t!("flows-more") size=ControlSize::Small placement=Placement::End>
                    {(!stays).then(|| view! {
                        <MenuItem icon="arrow-left" key="Alt ←" on_choose=move |()| go(-1)>{t!("flows-move-left")}</MenuItem>
                        <MenuItem icon="arrow-right" key="Alt →" on_choose=move |()| go(1)>{t!("flows-move-right")}</MenuItem>
                    })}
                    <MenuItem icon="copy" key="Ctrl C" on_choose=move |()| designer.copy_and_tell(&part())>{t!("flows-copy")}</MenuItem>
                    {(!stays).then(|| view! {
                        <MenuItem icon="transfer" key="Ctrl X" on_choose=move |()| designer.cut(&part())>{t!("flows-cut")}</MenuItem>
                    })}
                    <MenuItem icon="form" key="Ctrl V" on_choose=move |()| designer.paste(&part())>{t!("flows-paste-behind")}</MenuItem>
                    {(!stays).then(|| view! {
                        <MenuLine/>
                        <MenuItem icon="trash" danger=true key="Delete" on_choose=move |()| designer.remove(&part())>{t!("flows-remove")}</MenuItem>
                    })}
                </MenuButton>
            }
            .into_any()
        }
    }
}

#[component]
fn Body(designer: FlowDesigner, part: Part, kind: &'static str) -> impl IntoView {
    let faults = {
        // The flow and its start share one element, and one panel.
        let own = designer.faults_of(&part);
        Memo::new(move |_| {
            let mut all = own.get();
            // Who is missing, and that a line has no value, is said at the input itself.
            all.retain(|fault| !fault.path.ends_with("/who") && fault.code != HALF_CONDITION);
            all
        })
    };
    let line = |fault: Fault| {
        let advice = advice(&fault.code);
        view! {
            <li class="error">
                <Icon name="error"/>
                <span>{fault.message}{advice.map(|advice| view! { <span class="help">{advice}</span> })}</span>
            </li>
        }
    };
    let list = move || {
        let faults = faults.get();
        (!faults.is_empty()).then(|| {
            view! { <ul class="stack g1 part-faults" role="status">{faults.into_iter().map(line).collect_view()}</ul> }
        })
    };
    match part {
        Part::Flow | Part::Start => {
            let basic = move || view! { {list} <FlowSettings designer=designer/> }.into_any();
            let fields = move || view! { {list} <FieldRights designer=designer step=START.to_string() kind="start"/> }.into_any();
            let tabs = vec![("basic", ViewFn::from(basic)), ("fields", ViewFn::from(fields))];
            view! { <Tabbed designer=designer tabs=tabs/> }.into_any()
        }
        Part::Arm(arm) => view! { <div class="pane-body">{list}<ArmPanel designer=designer arm=arm/></div> }.into_any(),
        Part::Step(key) => match kind {
            "approve" | "fill" | "cc" => {
                let key = StoredValue::new(key);
                let basic = move || view! { {list} <StepPanel designer=designer step=key.get_value() kind=kind/> }.into_any();
                let fields = move || view! { {list} <FieldRights designer=designer step=key.get_value() kind=kind/> }.into_any();
                let actions = move || view! { {list} <ActionSwitches designer=designer step=key.get_value() kind=kind/> }.into_any();
                let deadlines = move || view! { {list} <Deadlines designer=designer step=key.get_value() kind=kind/> }.into_any();
                let checks = move || view! { {list} <Checks designer=designer step=key.get_value()/> }.into_any();
                let mut tabs = vec![("basic", ViewFn::from(basic)), ("fields", ViewFn::from(fields))];
                if kind != "cc" {
                    tabs.push(("actions", ViewFn::from(actions)));
                    tabs.push(("deadlines", ViewFn::from(deadlines)));
                    tabs.push(("checks", ViewFn::from(checks)));
                }
                view! { <Tabbed designer=designer tabs=tabs/> }.into_any()
            }
            "branch" | "parallel" => {
                view! { <div class="pane-body">{list}<BlockPanel designer=designer step=key kind=kind/></div> }.into_any()
            }
            "subflow" => {
                view! { <div class="pane-body">{list}<SubflowPanel designer=designer step=key/></div> }.into_any()
            }
            "action" => {
                view! { <div class="pane-body">{list}<ActionPanel designer=designer step=key/></div> }.into_any()
            }
            "delay" => {
                view! { <div class="pane-body">{list}<DelayPanel designer=designer step=key/></div> }.into_any()
            }
            // It was taken out just now.
            _gone => ().into_any(),
        },
    }
}

/// The tabs of a step's settings. Which one is shown stays from step to step, where the next one has it.
#[component]
fn Tabbed(designer: FlowDesigner, tabs: Vec<(&'static str, ViewFn)>) -> impl IntoView {
    let keys: Vec<&'static str> = tabs.iter().map(|(key, _)| *key).collect();
    let shown = Memo::new(move |_| {
        let wanted = designer.tab.get();
        if keys.contains(&wanted) { wanted } else { "basic" }
    });
    let heads = tabs.iter().map(|(key, _)| {
        let key = *key;
        Tab::new(key, move || i18n::lookup(&format!("flows-tab-{key}"), &[]))
    });
    let heads = heads.collect::<Vec<_>>();
    let views = StoredValue::new(tabs);
    view! {
        <Tabs
            tabs=heads
            selected=Signal::derive(move || shown.get().to_string())
            on_select=move |key: &'static str| designer.tab.set(key)
            label=Signal::derive(t!("flows-properties"))
        />
        <div class="pane-body">
            {move || {
                let key = shown.get();
                views.with_value(|views| views.iter().find(|(known, _)| *known == key).map(|(_, view)| view.run()))
            }}
        </div>
    }
}
