//! The pane at the right: the settings of what is chosen.

use engine::flow::DEFAULT_ARM;
use engine::flow::document::{Direction, Part, START, Step};
use leptos::prelude::*;

use super::actions::ActionSwitches;
use super::arm_panel::{ArmPanel, BlockPanel};
use super::field_rights::FieldRights;
use super::kinds::{kind_colour, kind_icon};
use super::settings::FlowSettings;
use super::state::{Fault, FlowDesigner};
use super::step_panel::StepPanel;
use crate::draft_editor::SETTINGS;
use crate::ui::{ControlSize, Icon, MenuButton, MenuItem, MenuLine, Placement, Tab, Tabs, Tile};
use crate::{t, text};

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
    view! {
        <aside class="pane right flow-side" data-pane=SETTINGS aria-label=t!("flows-properties")>
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
        Part::Flow | Part::Start => ().into_any(),
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
                    <MenuItem icon="copy" key="Ctrl D" on_choose=move |()| key.with_value(|key| designer.duplicate(key))>{t!("flows-duplicate")}</MenuItem>
                    <MenuLine/>
                    <MenuItem icon="trash" danger=true key="Delete" on_choose=move |()| designer.remove(&Part::Step(key.get_value()))>{t!("flows-remove")}</MenuItem>
                </MenuButton>
            }
            .into_any()
        }
        Part::Arm(arm) if arm.arm == DEFAULT_ARM => ().into_any(),
        Part::Arm(arm) => {
            let arm = StoredValue::new(arm.clone());
            let go = move |by| arm.with_value(|arm| designer.move_arm(arm, by));
            view! {
                <MenuButton icon="more" label=t!("flows-more") size=ControlSize::Small placement=Placement::End>
                    <MenuItem icon="arrow-left" key="Alt ←" on_choose=move |()| go(-1)>{t!("flows-move-left")}</MenuItem>
                    <MenuItem icon="arrow-right" key="Alt →" on_choose=move |()| go(1)>{t!("flows-move-right")}</MenuItem>
                    <MenuLine/>
                    <MenuItem icon="trash" danger=true key="Delete" on_choose=move |()| designer.remove(&Part::Arm(arm.get_value()))>{t!("flows-remove")}</MenuItem>
                </MenuButton>
            }
            .into_any()
        }
    }
}

#[component]
fn Body(designer: FlowDesigner, part: Part, kind: &'static str) -> impl IntoView {
    let faults = {
        let own = designer.faults_of(part.clone());
        // The flow and its start share one panel.
        let also = designer.faults_of(if part == Part::Flow { Part::Start } else { Part::Flow });
        let both = matches!(part, Part::Flow | Part::Start);
        Memo::new(move |_| {
            let mut all = own.get();
            if both {
                all.extend(also.get());
            }
            // Who is missing is said at the input itself.
            all.retain(|fault| !fault.path.ends_with("/who"));
            all
        })
    };
    let line =
        |fault: Fault| view! { <li class="error"><Icon name="error"/><span>{fault.message}</span></li> };
    let list = move || {
        let faults = faults.get();
        (!faults.is_empty()).then(|| {
            view! { <ul class="stack g1 part-faults" role="status">{faults.into_iter().map(line).collect_view()}</ul> }
        })
    };
    match part {
        Part::Flow | Part::Start => {
            let basic = move || view! { {list} <FlowSettings designer=designer/> }.into_any();
            let fields = move || view! { <FieldRights designer=designer step=START.to_string() kind="start"/> }.into_any();
            view! { <Tabbed basic=ViewFn::from(basic) fields=ViewFn::from(fields)/> }.into_any()
        }
        Part::Arm(arm) => view! { <div class="pane-body">{list}<ArmPanel designer=designer arm=arm/></div> }.into_any(),
        Part::Step(key) => match kind {
            "approve" | "fill" | "cc" => {
                let key = StoredValue::new(key);
                let basic = move || view! { {list} <StepPanel designer=designer step=key.get_value() kind=kind/> }.into_any();
                let fields = move || view! { <FieldRights designer=designer step=key.get_value() kind=kind/> }.into_any();
                let actions = move || view! { <ActionSwitches designer=designer step=key.get_value() kind=kind/> }.into_any();
                let actions = (kind != "cc").then(|| ViewFn::from(actions));
                view! { <Tabbed basic=ViewFn::from(basic) fields=ViewFn::from(fields) actions=actions/> }.into_any()
            }
            "branch" | "parallel" => {
                view! { <div class="pane-body">{list}<BlockPanel designer=designer step=key kind=kind/></div> }.into_any()
            }
            _other_kind => {
                view! { <div class="pane-body">{list}<p class="muted">{t!("flows-other-kind")}</p></div> }.into_any()
            }
        },
    }
}

/// The tabs of a step's settings.
#[component]
fn Tabbed(basic: ViewFn, fields: ViewFn, #[prop(default = None)] actions: Option<ViewFn>) -> impl IntoView {
    let tab = RwSignal::new("basic");
    let mut tabs = vec![Tab::new("basic", t!("flows-tab-basic")), Tab::new("fields", t!("flows-tab-fields"))];
    if actions.is_some() {
        tabs.push(Tab::new("actions", t!("flows-tab-actions")));
    }
    let (basic, fields, actions) =
        (StoredValue::new(basic), StoredValue::new(fields), StoredValue::new(actions));
    view! {
        <Tabs
            tabs=tabs
            selected=Signal::derive(move || tab.get().to_string())
            on_select=move |key: &'static str| tab.set(key)
            label=Signal::derive(t!("flows-properties"))
        />
        <div class="pane-body">
            {move || match tab.get() {
                "fields" => fields.with_value(ViewFn::run),
                "actions" => actions.with_value(|actions| actions.as_ref().map(ViewFn::run)).into_any(),
                _basic => basic.with_value(ViewFn::run),
            }}
        </div>
    }
}
