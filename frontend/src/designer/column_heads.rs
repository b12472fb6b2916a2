//! The columns of a sub-form, in place on the canvas: their heads are chosen, dragged, and moved by keys; what is pressed in the
//! palette while one is chosen goes beside it.

use engine::form::FormDocument;
use engine::form::edit::Edit;
use engine::text::Label;
use leptos::ev::DragEvent;
use leptos::html::Div;
use leptos::prelude::*;

use super::canvas::{move_by, past_middle, slot_tool};
use super::drag::{self, Dragged, Landing};
use super::palette::{FORMULA, kind_icon, offered_columns};
use super::removal::remove;
use super::state::{Designer, Selected, kind_name, text_of};
use crate::browser;
use crate::draft_editor::DraftEditor;
use crate::fill::HeadFrame;
use crate::t;
use crate::ui::{Button, ButtonKind, Choice, ChoiceList, ControlSize, Icon, Popover, press_by_key};

const CANVAS: &str = ".canvas";
/// The head of the column that is selected.
const SELECTED: &str = ".canvas .col-head[aria-pressed=true]";
/// A head that has the focus.
const FOCUSED: &str = ".canvas .col-head:focus";

/// The sub-form and the key of the column at a path; nothing for a field of the form.
pub fn column_at(path: &str) -> Option<(&str, &str)> {
    path.split_once('.')
}

/// Whether it is a column that is selected.
pub fn is_column_selected(designer: Designer) -> bool {
    designer.selected.with(|selected| matches!(selected, Selected::Field(path) if column_at(path).is_some()))
}

/// What makes heads of columns into what can be chosen and moved.
pub fn frame(designer: Designer) -> HeadFrame {
    HeadFrame::new(move |path, name| head(designer, path.to_string(), name))
}

fn head(designer: Designer, path: String, name: AnyView) -> AnyView {
    let path = StoredValue::new(path);
    let place = NodeRef::<Div>::new();
    let selected = Memo::new(move |_| {
        designer.selected.with(|selected| match selected {
            Selected::Field(known) => path.with_value(|path| path == known),
            Selected::Form | Selected::Heading(_) => false,
        })
    });
    let select = move || {
        designer.more.set(Default::default());
        if !selected.get_untracked() {
            designer.selected.set(Selected::Field(path.get_value()));
        }
    };
    let landing = move |event: &DragEvent| Landing {
        beside: Some(path.get_value()),
        after: past_middle(place, true, event),
        under: None,
    };
    let lands = move || {
        designer.landing.with(|landing| {
            let here = |landing: &&Landing| path.with_value(|path| landing.beside.as_ref() == Some(path));
            landing.as_ref().filter(here).map(|landing| if landing.after { "after" } else { "before" })
        })
    };
    let is_dragged = move || {
        designer.dragged.with(
            |dragged| matches!(dragged, Some(Dragged::Field(field)) if path.with_value(|path| path == field)),
        )
    };
    view! {
        <div
            node_ref=place
            class="col-head"
            class:gap=is_dragged
            role="button"
            tabindex="0"
            draggable="true"
            aria-pressed=move || selected.get().to_string()
            data-column=path.get_value()
            data-lands=lands
            on:click=move |event| {
                event.stop_propagation();
                select();
            }
            on:focusin=move |_| select()
            on:keydown=move |event| press_by_key(&event, select)
            on:dragstart=move |event| {
                event.stop_propagation();
                drag::start(designer, Dragged::Field(path.get_value()), &event);
            }
            on:dragover=move |event| drag::over(designer, landing(&event), &event)
            on:drop=move |event| drag::drop_here(designer, &event)
        >
            {name}
        </div>
    }
    .into_any()
}

/// What is done with the column that is selected, beside its sub-form.
pub fn column_tools(designer: Designer) -> impl IntoView {
    let act = move |act: &dyn Fn(&str)| {
        if let Selected::Field(path) = designer.selected.get_untracked() {
            act(&path);
        }
    };
    view! {
        {slot_tool("arrow-left", || t!("designer-move-up")(), move || act(&|path| move_column(designer, path, -1)))}
        {slot_tool("arrow-right", || t!("designer-move-down")(), move || act(&|path| move_column(designer, path, 1)))}
        {slot_tool("trash", || t!("designer-remove")(), move || act(&|path| remove(designer, path)))}
    }
}

/// A column more at the end of a sub-form, of a kind that is chosen from a list with a search.
#[component]
pub fn AddColumn(designer: Designer, subform: String) -> impl IntoView {
    let subform = StoredValue::new(subform);
    let open = RwSignal::new(false);
    let kinds = Signal::derive(|| {
        let named = |kind: &'static str| Choice::new(kind, kind_name(kind)).icon(kind_icon(kind));
        offered_columns().map(named).collect::<Vec<_>>()
    });
    let choose = move |kind: String| {
        open.set(false);
        designer.add(&kind, Some(subform.get_value()));
    };
    view! {
        <Button
            kind=ButtonKind::Ghost
            size=ControlSize::Small
            icon="plus"
            expanded=open
            on_press=move |_| open.update(|open| *open = !*open)
        >
            {t!("designer-add-column")}
            <Icon name="down"/>
        </Button>
        <Popover open=open class="menu" role="group">
            <ChoiceList choices=kinds is_chosen=move |_: String| false on_choose=move |kind: String| choose(kind)/>
        </Popover>
    }
}

/// Adds a column of a kind to a sub-form and selects it: beside another one, or at the end. A column with a formula is one of
/// a number that is computed.
pub fn add_column(designer: Designer, kind: &str, subform: &str, beside: Option<(&str, bool)>) {
    let holds = if kind == FORMULA { "number" } else { kind };
    let Some(mut field) = designer.new_field(holds, Some(subform)) else { return };
    let label = untrack(|| kind_name(kind));
    field.label = Label::Plain(label.clone());
    let position = designer.document.with_untracked(|document| place_beside(document, subform, beside?));
    let path = format!("{subform}.{}", field.key);
    let add =
        Edit::AddField { within: Some(subform.to_string()), position, at: None, field: Box::new(field) };
    if designer.run(text_of("designer-step-add", &label), vec![add]) {
        designer.go_to_added(path, kind);
    }
}

/// The place in a sub-form before or after one of its columns.
fn place_beside(document: &FormDocument, subform: &str, (beside, after): (&str, bool)) -> Option<usize> {
    let mut columns = document.field(subform)?.columns().iter();
    columns.position(|column| column.key == beside).map(|place| place + usize::from(after))
}

/// Moves a column one place on (`by` 1) or back (-1), as one step. Its head keeps the focus.
pub fn move_column(designer: Designer, path: &str, by: isize) {
    let has_focus = browser::is_at(FOCUSED);
    move_by(designer, path, by);
    if has_focus {
        // The canvas is drawn anew with the column at its place.
        request_animation_frame(|| browser::focus_at(SELECTED));
    }
}

/// Selects the column before or after the one that is selected; from the sub-form itself the first or the last one. Whether
/// there is something to go through.
pub fn walk_columns(designer: Designer, by: isize) -> bool {
    let Selected::Field(path) = designer.selected.get_untracked() else { return false };
    // In a list that lies open the arrows are its own.
    if !browser::is_at(CANVAS) {
        return false;
    }
    let to = designer.document.with_untracked(|document| beside_in_order(document, &path, by));
    let Some(to) = to else { return false };
    let takes_focus = browser::is_at(FOCUSED) || browser::focus_is_lost();
    designer.more.set(Default::default());
    designer.selected.set(Selected::Field(to));
    if takes_focus {
        request_animation_frame(|| browser::focus_at(SELECTED));
    }
    true
}

fn beside_in_order(document: &FormDocument, path: &str, by: isize) -> Option<String> {
    let (subform, own) = column_at(path).map_or((path, None), |(subform, key)| (subform, Some(key)));
    let columns = document.field(subform)?.columns();
    let place = match own {
        Some(own) => columns.iter().position(|column| column.key == own)?.checked_add_signed(by)?,
        None if by > 0 => 0,
        None => columns.len().checked_sub(1)?,
    };
    columns.get(place).map(|column| format!("{subform}.{}", column.key))
}

/// Puts a column where it was let go.
pub fn land(designer: Designer, path: &str, landing: &Landing) {
    let edit = designer.document.with_untracked(|document| landed(document, path, landing));
    if let Some(edit) = edit {
        let label = untrack(|| designer.label(path));
        designer.run(text_of("designer-step-move", &label), vec![edit]);
    }
}

/// The command that brings a column beside another one of its sub-form; nothing where it stays.
fn landed(document: &FormDocument, path: &str, landing: &Landing) -> Option<Edit> {
    let (subform, key) = column_at(path)?;
    let (other, beside) = landing.beside.as_deref().and_then(column_at)?;
    if other != subform || beside == key {
        return None;
    }
    let columns = document.field(subform)?.columns();
    let from = columns.iter().position(|column| column.key == key)?;
    let mut others = columns.iter().filter(|column| column.key != key);
    let position = others.position(|column| column.key == beside)? + usize::from(landing.after);
    (position != from).then(|| Edit::MoveField { key: path.to_string(), position, at: None })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> FormDocument {
        let column = |key: &str| json!({"key": key, "label": key, "kind": "text"});
        let rows = |key: &str| {
            json!({"key": key, "label": key, "kind": "subform",
                "options": {"fields": [column("a"), column("b"), column("c")]}})
        };
        serde_json::from_value(
            json!({"key": "f", "label": "F", "fields": [column("a"), rows("lines"), rows("more")]}),
        )
        .unwrap()
    }

    fn order_after(path: &str, beside: &str, after: bool) -> Option<String> {
        let mut document = document();
        let landing = Landing { beside: Some(beside.to_string()), after, under: None };
        landed(&document, path, &landing)?.apply(&mut document).unwrap();
        Some(document.field("lines").unwrap().columns().iter().map(|column| column.key.as_str()).collect())
    }

    #[test]
    fn a_column_lands_beside_another_one_of_its_sub_form() {
        assert_eq!(order_after("lines.a", "lines.c", true).as_deref(), Some("bca"));
        assert_eq!(order_after("lines.a", "lines.c", false).as_deref(), Some("bac"));
        assert_eq!(order_after("lines.c", "lines.a", false).as_deref(), Some("cab"));
        assert_eq!(order_after("lines.a", "lines.b", false), None, "it stands there");
        assert_eq!(order_after("lines.a", "lines.a", true), None);
        assert_eq!(order_after("lines.a", "more.c", true), None, "another table");
        assert_eq!(order_after("lines.a", "a", true), None, "no table");
    }

    #[test]
    fn keys_go_through_the_columns_and_into_them() {
        let document = document();
        let from = |path: &str, by: isize| beside_in_order(&document, path, by);
        assert_eq!(from("lines", 1).as_deref(), Some("lines.a"));
        assert_eq!(from("lines", -1).as_deref(), Some("lines.c"));
        assert_eq!(from("lines.a", 1).as_deref(), Some("lines.b"));
        assert_eq!(from("lines.a", -1), None);
        assert_eq!(from("lines.c", 1), None);
        assert_eq!(from("a", 1), None, "a field without columns");
    }

    #[test]
    fn a_new_column_has_its_place_beside_another_one() {
        let document = document();
        assert_eq!(place_beside(&document, "lines", ("b", true)), Some(2));
        assert_eq!(place_beside(&document, "lines", ("a", false)), Some(0));
        assert_eq!(place_beside(&document, "lines", ("gone", true)), None);
    }
}
