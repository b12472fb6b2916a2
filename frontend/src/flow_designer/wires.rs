//! The lines between steps, with the button on each that puts a step there.

use engine::flow::FlowDocument;
use engine::flow::document::{ArmName, Clip, Part, Place};
use leptos::prelude::*;

use super::commands::copied;
use super::kinds::{kind_help, kind_icon, kind_name, kinds_meant};
use super::state::{FlowDesigner, is_passed, is_taken};
use crate::ui::{Icon, Menu, MenuItem, MenuLine, MenuTitle};
use crate::{t, text};

/// A place on a line, wherever its neighbours stand by now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The beginning of the main line, or of an arm.
    Top(Option<ArmName>),
    Behind(String),
}

impl Gap {
    /// The place behind a part, at its top where it is an arm.
    pub fn behind(part: &Part) -> Gap {
        match part {
            Part::Flow | Part::Start => Gap::Top(None),
            Part::Arm(arm) => Gap::Top(Some(arm.clone())),
            Part::Step(key) => Gap::Behind(key.clone()),
        }
    }

    fn part(&self) -> Part {
        match self {
            Gap::Top(None) => Part::Start,
            Gap::Top(Some(arm)) => Part::Arm(arm.clone()),
            Gap::Behind(key) => Part::Step(key.clone()),
        }
    }

    /// The id of its button.
    pub fn element(&self) -> String {
        match self {
            Gap::Top(None) => "flow-add".to_string(),
            Gap::Top(Some(arm)) => format!("flow-add-{}-{}", arm.step, arm.arm),
            Gap::Behind(key) => format!("flow-add-{key}"),
        }
    }

    /// Where that is in a document; nothing once what it is at is gone.
    pub fn place(&self, document: &FlowDocument) -> Option<Place> {
        match self {
            Gap::Top(within) => {
                document.sequence(within.as_ref())?;
                Some(Place { within: within.clone(), position: 0 })
            }
            Gap::Behind(key) => {
                let place = document.place(key)?;
                Some(Place { position: place.position + 1, ..place })
            }
        }
    }
}

/// A line between two steps.
#[component]
pub fn Wire(designer: FlowDesigner, gap: Gap) -> impl IntoView {
    let open = RwSignal::new(false);
    let query = RwSignal::new(String::new());
    let kinds = move || query.with(|query| kinds_meant(query));
    let over = RwSignal::new(false);
    let id = gap.element();
    let gap = StoredValue::new(gap);
    let lit = move || {
        gap.with_value(|gap| match gap {
            Gap::Top(None) => designer.way.with(Option::is_some),
            Gap::Top(Some(arm)) => is_taken(designer, arm),
            Gap::Behind(step) => is_passed(designer, step),
        })
    };
    let place =
        move || designer.document.with_untracked(|document| gap.with_value(|gap| gap.place(document)));
    let add = move |kind: &'static str| {
        if let Some(at) = place() {
            designer.add(kind, at);
        }
    };
    let takes = move || designer.dragged.with_untracked(|dragged| matches!(dragged, Some(Part::Step(_))));
    view! {
        <div
            class="wire"
            class:path=lit
            class:landing=move || over.get()
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
                if let Some(at) = place() {
                    designer.drop_at(at);
                }
            }
        >
            <button
                type="button"
                class="add"
                id=id
                aria-label=t!("flows-add-step")
                title=t!("flows-add-step")
                aria-haspopup="dialog"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Icon name="plus"/>
            </button>
            <Menu open=open query=query>
                {move || kinds().into_iter().map(|kind| view! { <KindItem kind=kind on_choose=move |()| add(kind)/> }).collect_view()}
                {move || kinds().is_empty().then(|| view! {
                    <MenuTitle>{text!("ui-nothing-found", query = query.get())}</MenuTitle>
                })}
                {matches!(copied(), Some(Clip::Step(_))).then(|| view! {
                    <MenuLine/>
                    <MenuItem icon="copy" key="Ctrl V" on_choose=move |()| designer.paste(&gap.with_value(Gap::part))>{t!("flows-paste")}</MenuItem>
                })}
            </Menu>
        </div>
    }
}

/// A kind of step in the menu.
#[component]
fn KindItem(kind: &'static str, #[prop(into)] on_choose: Callback<()>) -> impl IntoView {
    view! {
        <MenuItem icon=kind_icon(kind).0 on_choose=on_choose>
            <span class="kind-words" data-kind=kind>
                <span>{move || kind_name(kind)}</span>
                <span class="help">{move || kind_help(kind)}</span>
            </span>
        </MenuItem>
    }
}

#[cfg(test)]
mod tests {
    use engine::flow::document::{Direction, Edit};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_on_a_line_goes_with_its_neighbour() {
        let cc = |key: &str| json!({"kind": "cc", "key": key, "label": key, "who": []});
        let mut document = FlowDocument::read(json!({"format": 1, "label": "f", "steps": [cc("a"),
            {"kind": "parallel", "key": "b", "label": "b", "arms": [{"key": "x", "steps": [cc("d")]}]}, cc("c")]}))
        .unwrap();
        let behind = Gap::Behind("c".into());
        assert_eq!(behind.place(&document), Some(Place { within: None, position: 3 }));
        let to = document.beside("c", Direction::Up).unwrap();
        Edit::Move { key: "c".into(), to }.apply(&mut document).unwrap();
        let within = Some(ArmName { step: "b".into(), arm: "x".into() });
        assert_eq!(behind.place(&document), Some(Place { within: within.clone(), position: 2 }));
        assert_eq!(Gap::Top(within.clone()).place(&document), Some(Place { within, position: 0 }));
        Edit::Remove { key: "b".into() }.apply(&mut document).unwrap();
        assert_eq!(behind.place(&document), None);
    }
}
