//! Dragging: a kind from the palette into the form, a field of the form to another place.

use engine::form::edit::Edit;
use engine::form::{FormDocument, LayoutItem, LayoutRow};
use leptos::ev::DragEvent;
use leptos::prelude::*;

use super::canvas::whole_layout;
use super::column_heads::{column_at, land};
use super::headings::{Heading, insert_at};
use super::palette::is_column_kind;
use super::several::{all_landed, chosen};
use super::state::{Designer, text_of};
use crate::draft_editor::DraftEditor;
use crate::text;

/// The width of a whole row.
const ROW: u32 = 12;

/// What is being dragged.
#[derive(Clone, Debug, PartialEq)]
pub enum Dragged {
    Kind(&'static str),
    /// The field or column at a path.
    Field(String),
}

/// Where it would land: before or after a field or a column, first under a heading, or at the end of the form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Landing {
    pub beside: Option<String>,
    pub after: bool,
    pub under: Option<Heading>,
}

impl Landing {
    /// First under a heading.
    pub fn under(heading: Heading) -> Landing {
        Landing { under: Some(heading), ..Landing::default() }
    }
}

/// Begins to drag.
pub fn start(designer: Designer, what: Dragged, event: &DragEvent) {
    // Without data some browsers do not drag at all.
    if let Some(data) = event.data_transfer() {
        let name = match &what {
            Dragged::Kind(kind) => (*kind).to_string(),
            Dragged::Field(key) => key.clone(),
        };
        let _ = data.set_data("text/plain", &name);
        data.set_effect_allowed("copyMove");
    }
    designer.is_held.set_value(true);
    // What is dragged is drawn pale only after the browser has taken its picture of it.
    request_animation_frame(move || {
        if designer.is_held.try_get_value() == Some(true) {
            designer.dragged.set(Some(what));
        }
    });
}

/// Whether something may land somewhere: a column stays in its sub-form, a field outside of them, and a table has no columns
/// of every kind.
fn takes(dragged: &Dragged, landing: &Landing) -> bool {
    let subform = |path: &str| column_at(path).map(|(subform, _)| subform.to_string());
    let among = landing.beside.as_deref().and_then(subform);
    match dragged {
        Dragged::Field(path) => subform(path) == among,
        Dragged::Kind(kind) => among.is_none() || is_column_kind(kind),
    }
}

/// Says where what is dragged would land. Anything else that is dragged, a file say, is not taken.
pub fn over(designer: Designer, landing: Landing, event: &DragEvent) {
    let is_taken =
        |dragged: &Option<Dragged>| dragged.as_ref().is_some_and(|dragged| takes(dragged, &landing));
    if !designer.dragged.with_untracked(is_taken) {
        return;
    }
    event.prevent_default();
    event.stop_propagation();
    if designer.landing.with_untracked(|now| now.as_ref() != Some(&landing)) {
        designer.landing.set(Some(landing));
    }
}

/// Between two fields the place stays that of the field one came from.
pub fn stay(designer: Designer, event: &DragEvent) {
    let lands = designer.landing.with_untracked(Option::is_some);
    if lands && designer.dragged.with_untracked(Option::is_some) {
        event.prevent_default();
        event.stop_propagation();
    }
}

/// Nothing is dragged any more.
pub fn end(designer: Designer) {
    designer.is_held.set_value(false);
    designer.dragged.set(None);
    designer.landing.set(None);
}

/// Puts what was dragged where it was let go.
pub fn drop_here(designer: Designer, event: &DragEvent) {
    let Some(dragged) = designer.dragged.get_untracked() else { return };
    event.prevent_default();
    event.stop_propagation();
    let landing = designer.landing.get_untracked().unwrap_or_default();
    end(designer);
    match dragged {
        Dragged::Kind(kind) => designer.add_at(kind, &landing),
        Dragged::Field(path) if column_at(&path).is_some() => land(designer, &path, &landing),
        // One of several that are chosen takes the others along.
        Dragged::Field(key) => {
            let chosen = untrack(|| chosen(designer));
            let keys = if chosen.contains(&key) { chosen } else { vec![key] };
            move_to(designer, &keys, &landing);
        }
    }
}

fn move_to(designer: Designer, keys: &[String], landing: &Landing) {
    let edits = designer.document.with_untracked(|document| all_landed(document, keys, landing));
    if let Some(edits) = edits {
        let name = match keys {
            [only] => untrack(|| designer.label(only)),
            several => text!("designer-several", count = several.len()),
        };
        designer.run(text_of("designer-step-move", &name), edits);
    }
}

/// The commands that bring a field to where it landed; nothing where it stays.
pub fn landed(document: &FormDocument, key: &str, landing: &Landing) -> Option<Vec<Edit>> {
    if landing.beside.as_deref() == Some(key) {
        return None;
    }
    if document.layout.is_empty() {
        let from = document.fields.iter().position(|field| field.key == key)?;
        let position = place_among(document, key, landing)?;
        let edit = Edit::MoveField { key: key.to_string(), position, at: None };
        return (position != from).then(|| vec![edit]);
    }
    let mut layout = whole_layout(document);
    let cell = take_out(&mut layout, key)?;
    match (&landing.under, &landing.beside) {
        (Some(heading), _) => insert_at(&mut layout, &heading.first_place(), row(vec![cell]))?,
        (None, Some(beside)) => put_beside(&mut layout, &cell, beside, landing.after).then_some(())?,
        (None, None) => layout.push(row(vec![cell])),
    }
    // Only now: until then everything has the place that the landing means.
    drop_empty_rows(&mut layout);
    (layout != document.layout).then(|| vec![Edit::SetLayout { layout }])
}

/// The place in the order of the fields, for a form that shows them in that order.
fn place_among(document: &FormDocument, key: &str, landing: &Landing) -> Option<usize> {
    let mut others = document.fields.iter().filter(|field| field.key != key);
    match &landing.beside {
        Some(beside) => {
            let place = others.position(|field| field.key == *beside)?;
            Some(place + usize::from(landing.after))
        }
        None => Some(others.count()),
    }
}

fn row(cells: Vec<LayoutRow>) -> LayoutItem {
    LayoutItem { row: Some(cells), tabs: None, divider: None }
}

/// Takes a field out of a layout; its row stays, if only an empty one.
fn take_out(items: &mut [LayoutItem], key: &str) -> Option<LayoutRow> {
    let mut taken = None;
    for item in items.iter_mut() {
        if let Some(cells) = &mut item.row {
            taken = cells.iter().find(|cell| cell.field == key).cloned().or(taken);
            cells.retain(|cell| cell.field != key);
        }
        for tab in item.tabs.iter_mut().flatten() {
            taken = take_out(&mut tab.rows, key).or(taken);
        }
    }
    taken
}

fn drop_empty_rows(items: &mut Vec<LayoutItem>) {
    items.retain(|item| item.row.as_ref().is_none_or(|cells| !cells.is_empty()));
    for tab in items.iter_mut().flat_map(|item| item.tabs.iter_mut().flatten()) {
        drop_empty_rows(&mut tab.rows);
    }
}

/// Puts a cell beside the field `to`: into its row where there is room, else into a row of its own that parts it.
fn put_beside(items: &mut Vec<LayoutItem>, cell: &LayoutRow, to: &str, after: bool) -> bool {
    for place in 0..items.len() {
        let Some(item) = items.get_mut(place) else { return false };
        for tab in item.tabs.iter_mut().flatten() {
            if put_beside(&mut tab.rows, cell, to, after) {
                return true;
            }
        }
        let Some(cells) = &mut item.row else { continue };
        let Some(found) = cells.iter().position(|known| known.field == to) else { continue };
        let at = found + usize::from(after);
        let taken: u32 = cells.iter().map(|known| known.width).sum();
        if taken + cell.width <= ROW {
            cells.insert(at, cell.clone());
            return true;
        }
        let rest = cells.split_off(at);
        let before = std::mem::take(cells);
        let parts = [before, vec![cell.clone()], rest].into_iter().filter(|cells| !cells.is_empty());
        items.splice(place..=place, parts.map(row)).for_each(drop);
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::designer::canvas::shown_order;
    use crate::designer::headings::places_of;
    use crate::testing::laid_out;

    fn after(layout: &serde_json::Value, key: &str, beside: Option<&str>, after: bool) -> String {
        let mut document = laid_out(layout.clone());
        let landing = Landing { beside: beside.map(str::to_string), after, under: None };
        for edit in landed(&document, key, &landing).unwrap_or_default() {
            edit.apply(&mut document).unwrap();
        }
        shown_order(&document).into_iter().map(|cell| format!("{}{} ", cell.field, cell.width)).collect()
    }

    #[test]
    fn a_field_lands_where_it_is_let_go() {
        let none = json!([]);
        assert_eq!(after(&none, "a", Some("c"), true), "b12 c12 a12 ");
        assert_eq!(after(&none, "c", Some("a"), false), "c12 a12 b12 ");
        assert_eq!(after(&none, "a", None, false), "b12 c12 a12 ");
        assert_eq!(after(&none, "a", Some("a"), true), "a12 b12 c12 ");
        let rows = json!([{"row": [{"field": "a", "width": 6}, {"field": "b", "width": 6}]},
            {"row": [{"field": "c", "width": 12}]}]);
        assert_eq!(after(&rows, "c", Some("b"), false), "a6 c12 b6 ");
        assert_eq!(after(&rows, "a", Some("b"), true), "b6 a6 c12 ");
        assert_eq!(after(&rows, "a", None, false), "b6 c12 a6 ");
    }

    #[test]
    fn columns_stay_in_their_table_and_fields_outside() {
        let beside = |path: &str| Landing { beside: Some(path.to_string()), ..Landing::default() };
        let field = |path: &str| Dragged::Field(path.to_string());
        assert!(takes(&field("lines.a"), &beside("lines.b")) && takes(&field("a"), &beside("b")));
        assert!(!takes(&field("lines.a"), &beside("more.b")) && !takes(&field("lines.a"), &beside("b")));
        assert!(!takes(&field("a"), &beside("lines.b")) && !takes(&field("lines.a"), &Landing::default()));
        assert!(
            takes(&Dragged::Kind("money"), &beside("lines.b")) && takes(&Dragged::Kind("tabs"), &beside("b"))
        );
        assert!(!takes(&Dragged::Kind("tabs"), &beside("lines.b")), "a table has no tabs");
    }

    #[test]
    fn a_field_lands_under_a_heading() {
        let layout = json!([{"row": [{"field": "a", "width": 12}]}, {"divider": "D"},
            {"tabs": [{"label": "One", "rows": [{"row": [{"field": "b", "width": 12}]}]}, {"label": "Two", "rows": []}]},
            {"row": [{"field": "c", "width": 12}]}]);
        let under = |key: &str, heading: Heading| {
            let mut document = laid_out(layout.clone());
            for edit in landed(&document, key, &Landing::under(heading)).unwrap() {
                edit.apply(&mut document).unwrap();
            }
            places_of(&document.layout, key)
        };
        // The row that the field leaves is gone afterwards.
        assert_eq!(under("a", Heading::at(&[2], 1)), Some(vec![1, 1, 0]));
        assert_eq!(under("c", Heading::at(&[2], 1)), Some(vec![2, 1, 0]));
        assert_eq!(under("c", Heading::at(&[], 1)), Some(vec![2]));
        assert_eq!(under("b", Heading::at(&[2], 1)), Some(vec![2, 1, 0]));
    }
}
