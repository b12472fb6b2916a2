//! Two layouts that were made of one: what was moved in either of them is moved in both.

use std::collections::BTreeSet;

use super::order::stayed;
use super::take_from_layout;
use crate::form::LayoutItem;
use crate::form::document::Row;
use crate::text::Label;

/// The width of a whole row.
const FULL: u32 = 12;

/// A field where it stands in a layout.
struct Stand {
    field: String,
    width: u32,
    /// The tabs that it stands on, and the title of the section below which it does.
    under: Vec<Label>,
    /// The rows of the layout are numbered in the order of reading.
    row: usize,
}

/// A heading with those that it stands under, and whether it is a tab.
type HeadingAt = (Vec<Label>, Label, bool);

/// The layout with what was moved in `own` and in `theirs` since both were `base`; nothing where both have other titles or
/// tabs than that, since nobody can tell then which of them is which.
pub(super) fn merged(
    base: &[LayoutItem],
    own: &[LayoutItem],
    theirs: &[LayoutItem],
) -> Option<Vec<LayoutItem>> {
    if base == theirs || own == theirs {
        return Some(own.to_vec());
    }
    if base == own {
        return Some(theirs.to_vec());
    }
    let heads = headings(base);
    if headings(own) == heads {
        Some(replayed(base, own, theirs))
    } else {
        (headings(theirs) == heads).then(|| replayed(base, theirs, own))
    }
}

/// `onto` with what was moved between `base` and `side`.
fn replayed(base: &[LayoutItem], side: &[LayoutItem], onto: &[LayoutItem]) -> Vec<LayoutItem> {
    let (before, after) = (stands(base), stands(side));
    let kept: BTreeSet<&str> = {
        let names = |stands: &[Stand]| -> Vec<String> { stands.iter().map(|it| it.field.clone()).collect() };
        let (old, new) = (names(&before), names(&after));
        let old: Vec<&str> = old.iter().map(String::as_str).collect();
        let new: Vec<&str> = new.iter().map(String::as_str).collect();
        let stayed = stayed(&old, &new);
        after.iter().map(|it| it.field.as_str()).filter(|name| stayed.contains(name)).collect()
    };
    let mut layout = onto.to_vec();
    for gone in before.iter().filter(|old| after.iter().all(|new| new.field != old.field)) {
        take_from_layout(&mut layout, &gone.field);
    }
    for (place, stand) in after.iter().enumerate() {
        let old = before.iter().find(|old| old.field == stand.field);
        if old.is_some_and(|old| old.width != stand.width) {
            each_cell(&mut layout, &mut |cell| {
                if cell.field == stand.field {
                    cell.width = stand.width;
                }
            });
        }
        let is_there = old.is_some_and(|old| old.under == stand.under);
        if !(is_there && kept.contains(stand.field.as_str())) {
            take_from_layout(&mut layout, &stand.field);
            put(&mut layout, &after, place);
        }
    }
    layout
}

/// Puts the field at a place of `all` beside the one that it stands beside there.
fn put(layout: &mut Vec<LayoutItem>, all: &[Stand], place: usize) {
    let Some(stand) = all.get(place) else { return };
    let cell = Row { field: stand.field.clone(), width: stand.width };
    let alike = |other: &&Stand| other.under == stand.under;
    let before = all.get(..place).and_then(|before| before.iter().rfind(alike));
    let after = all.get(place + 1..).and_then(|after| after.iter().find(alike));
    let is_put = before.is_some_and(|other| {
        let side = if other.row == stand.row { Side::InItsRow } else { Side::After };
        put_beside(layout, &cell, &other.field, side)
    });
    let is_put = is_put || after.is_some_and(|other| put_beside(layout, &cell, &other.field, Side::Before));
    if !is_put && !put_under(layout, &cell, &stand.under) {
        layout.push(row_of(cell));
    }
}

/// Where a field comes to stand beside another one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
    /// Behind it in the same row, where there is room.
    InItsRow,
}

fn put_beside(items: &mut Vec<LayoutItem>, cell: &Row, beside: &str, side: Side) -> bool {
    for place in 0..items.len() {
        let Some(item) = items.get_mut(place) else { return false };
        for tab in item.tabs.iter_mut().flatten() {
            if put_beside(&mut tab.rows, cell, beside, side) {
                return true;
            }
        }
        let Some(cells) = &mut item.row else { continue };
        let Some(at) = cells.iter().position(|known| known.field == beside) else { continue };
        let taken: u32 = cells.iter().map(|known| known.width).sum();
        match side {
            Side::InItsRow if taken + cell.width <= FULL => cells.insert(at + 1, cell.clone()),
            Side::InItsRow | Side::After => items.insert(place + 1, row_of(cell.clone())),
            Side::Before => items.insert(place, row_of(cell.clone())),
        }
        return true;
    }
    false
}

/// Puts a field first under the tabs and the title that are named.
fn put_under(items: &mut Vec<LayoutItem>, cell: &Row, under: &[Label]) -> bool {
    let Some((head, rest)) = under.split_first() else {
        items.insert(0, row_of(cell.clone()));
        return true;
    };
    for place in 0..items.len() {
        let Some(item) = items.get_mut(place) else { return false };
        if item.divider.as_ref() == Some(head) && rest.is_empty() {
            items.insert(place + 1, row_of(cell.clone()));
            return true;
        }
        let mut tabs = item.tabs.iter_mut().flatten();
        if let Some(tab) = tabs.find(|tab| tab.label == *head) {
            return put_under(&mut tab.rows, cell, rest);
        }
    }
    false
}

fn row_of(cell: Row) -> LayoutItem {
    LayoutItem { row: Some(vec![cell]), tabs: None, divider: None }
}

fn each_cell(items: &mut [LayoutItem], change: &mut dyn FnMut(&mut Row)) {
    for item in items {
        item.row.iter_mut().flatten().for_each(&mut *change);
        for tab in item.tabs.iter_mut().flatten() {
            each_cell(&mut tab.rows, change);
        }
    }
}

/// The same layout with other names of fields.
pub(super) fn renamed(layout: &[LayoutItem], name: &dyn Fn(&str) -> String) -> Vec<LayoutItem> {
    let mut layout = layout.to_vec();
    each_cell(&mut layout, &mut |cell| cell.field = name(&cell.field));
    layout
}

fn stands(layout: &[LayoutItem]) -> Vec<Stand> {
    let (mut found, mut row) = (Vec::new(), 0);
    read(layout, &[], &mut row, &mut found);
    found
}

fn read(items: &[LayoutItem], around: &[Label], row: &mut usize, found: &mut Vec<Stand>) {
    let mut under = around.to_vec();
    for item in items {
        if let Some(title) = &item.divider {
            under = around.iter().chain([title]).cloned().collect();
        }
        for cell in item.row.iter().flatten() {
            // The first place of a field counts.
            if found.iter().all(|known: &Stand| known.field != cell.field) {
                let (field, width) = (cell.field.clone(), cell.width);
                found.push(Stand { field, width, under: under.clone(), row: *row });
            }
        }
        *row += 1;
        for tab in item.tabs.iter().flatten() {
            // A title ends where tabs begin.
            let on: Vec<Label> = around.iter().chain([&tab.label]).cloned().collect();
            read(&tab.rows, &on, row, found);
        }
    }
}

fn headings(layout: &[LayoutItem]) -> Vec<HeadingAt> {
    let mut found = Vec::new();
    read_headings(layout, &[], &mut found);
    found
}

fn read_headings(items: &[LayoutItem], around: &[Label], found: &mut Vec<HeadingAt>) {
    for item in items {
        found.extend(item.divider.iter().map(|title| (around.to_vec(), title.clone(), false)));
        for tab in item.tabs.iter().flatten() {
            found.push((around.to_vec(), tab.label.clone(), true));
            let on: Vec<Label> = around.iter().chain([&tab.label]).cloned().collect();
            read_headings(&tab.rows, &on, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn layout(json: Json) -> Vec<LayoutItem> {
        serde_json::from_value(json).unwrap()
    }

    fn rows(fields: &[&str]) -> Vec<LayoutItem> {
        layout(fields.iter().map(|field| row(field)).collect())
    }

    fn row(field: &str) -> Json {
        json!({"row": [{"field": field, "width": 12}]})
    }

    fn said(layout: &[LayoutItem]) -> String {
        stands(layout).iter().map(|it| format!("{}{} ", it.field, it.width)).collect()
    }

    #[test]
    fn moves_of_both_are_in_the_layout() {
        let base = rows(&["a", "b", "c", "d"]);
        let merged = |own: &[&str], theirs: &[&str]| said(&merged(&base, &rows(own), &rows(theirs)).unwrap());
        assert_eq!(merged(&["b", "a", "c", "d"], &["a", "b", "d", "c"]), "b12 a12 d12 c12 ");
        assert_eq!(
            merged(&["a", "b", "c", "d", "mine"], &["theirs", "a", "b", "c", "d"]),
            "theirs12 a12 b12 c12 d12 mine12 "
        );
        assert_eq!(
            merged(&["a", "c", "d"], &["d", "a", "b", "c"]),
            "d12 a12 c12 ",
            "one takes out, one moves"
        );
    }

    #[test]
    fn widths_and_rows_of_both_are_in_the_layout() {
        let base = layout(json!([row("a"), row("b"), row("c")]));
        let own = layout(json!([{"row": [{"field": "a", "width": 6}]}, row("b"), row("c")]));
        let theirs =
            layout(json!([row("a"), {"row": [{"field": "c", "width": 6}, {"field": "b", "width": 6}]}]));
        assert_eq!(said(&merged(&base, &own, &theirs).unwrap()), "a6 c6 b6 ");
        assert_eq!(said(&merged(&base, &theirs, &own).unwrap()), "a6 c6 b6 ");
    }

    #[test]
    fn a_field_goes_under_the_heading_that_one_of_them_meant() {
        let with = |outside: &[&str], inside: &[&str]| {
            let outside = outside.iter().map(|field| row(field));
            let inside: Vec<Json> = inside.iter().map(|field| row(field)).collect();
            layout(outside.chain([json!({"tabs": [{"label": "T", "rows": inside}]})]).collect())
        };
        let found = merged(&with(&["a", "b"], &[]), &with(&["b"], &["a"]), &with(&["b", "a"], &[])).unwrap();
        assert_eq!(found, with(&["b"], &["a"]));
        // One makes a title, the other one moves a field.
        let titled = layout(json!([row("a"), {"divider": "D"}, row("b")]));
        let found = merged(&rows(&["a", "b"]), &titled, &rows(&["b", "a"])).unwrap();
        assert_eq!((said(&found).as_str(), headings(&found).len()), ("b12 a12 ", 1));
        let other = layout(json!([{"divider": "E"}, row("a"), row("b")]));
        assert_eq!(merged(&rows(&["a", "b"]), &titled, &other), None);
    }
}
