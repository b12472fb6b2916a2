//! Several fields at once: chosen with Shift or Control, moved, copied, set and taken out together.

use std::collections::BTreeSet;

use engine::form::FormDocument;
use engine::form::edit::Edit;
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::canvas::{moved, shown_order, widened};
use super::clipboard::Copied;
use super::column_heads::{column_at, move_column};
use super::drag::{Landing, landed};
use super::edge::quarters;
use super::removal::{remove, remove_all};
use super::state::{Designer, Selected, text_of};
use crate::draft_editor::DraftEditor;
use crate::ui::{Button, Field, IconButton, Segment, Segmented, toast};
use crate::{t, text};

/// The keys of the fields that are chosen, in the order of the form; a column counts as its sub-form.
pub fn chosen(designer: Designer) -> Vec<String> {
    let selected = designer.selected.get();
    let mut keys = designer.more.get();
    if let Selected::Field(path) = &selected {
        keys.extend(path.split('.').next().map(str::to_string));
    }
    let order = designer.document.with(shown_order);
    order.into_iter().map(|cell| cell.field).filter(|key| keys.contains(key)).collect()
}

/// Whether a field is chosen besides the one that is selected.
pub fn is_chosen(designer: Designer, key: &str) -> bool {
    designer.more.with(|more| more.contains(key))
}

/// Chooses a field besides, or no longer; with `range` all up to it.
pub fn choose(designer: Designer, key: &str, range: bool) {
    let first = match designer.selected.get_untracked() {
        Selected::Field(path) => path.split('.').next().unwrap_or_default().to_string(),
        Selected::Form | Selected::Heading(_) => {
            return designer.selected.set(Selected::Field(key.to_string()));
        }
    };
    if range {
        let between = designer.document.with_untracked(|document| up_to(document, &first, key));
        return designer.more.set(between);
    }
    if first != key {
        designer.more.update(|more| {
            if !more.remove(key) {
                more.insert(key.to_string());
            }
        });
    }
}

/// Goes back to one field, once another one is selected.
pub fn forget_on_selection(designer: Designer) {
    Effect::new(move |before: Option<Selected>| {
        let now = designer.selected.get();
        if before.is_some_and(|before| before != now) && designer.more.with_untracked(|more| !more.is_empty())
        {
            designer.more.set(BTreeSet::new());
        }
        now
    });
}

/// The fields between two, the last one with them.
fn up_to(document: &FormDocument, first: &str, last: &str) -> BTreeSet<String> {
    let order = shown_order(document);
    let place = |key: &str| order.iter().position(|cell| cell.field == key);
    let (Some(from), Some(to)) = (place(first), place(last)) else { return BTreeSet::new() };
    let between = order.iter().take(from.max(to) + 1).skip(from.min(to));
    between.map(|cell| cell.field.clone()).filter(|key| key != first).collect()
}

/// The name of a step about these fields.
fn name(designer: Designer, keys: &[String]) -> String {
    match keys {
        [only] => untrack(|| designer.label(only)),
        several => text!("designer-several", count = several.len()),
    }
}

/// Carries out what `make` says on the document, command by command.
fn together(
    document: &FormDocument,
    keys: &[String],
    make: &dyn Fn(&FormDocument, &str) -> Option<Vec<Edit>>,
) -> Option<Vec<Edit>> {
    let mut now = document.clone();
    let mut all = Vec::new();
    for key in keys {
        let edits = make(&now, key)?;
        for edit in &edits {
            edit.apply(&mut now).ok()?;
        }
        all.extend(edits);
    }
    Some(all)
}

/// The commands that move fields one place on (`by` 1) or back (-1); nothing where one of them can't.
fn all_moved(document: &FormDocument, keys: &[String], by: isize) -> Option<Vec<Edit>> {
    let mut keys = keys.to_vec();
    if by > 0 {
        keys.reverse();
    }
    together(document, &keys, &|document, key| moved(document, key, by))
}

/// The commands that bring fields to where they landed, one behind the other.
pub fn all_landed(document: &FormDocument, keys: &[String], landing: &Landing) -> Option<Vec<Edit>> {
    if landing.beside.as_ref().is_some_and(|beside| keys.contains(beside)) {
        return None;
    }
    let mut before = None::<String>;
    let mut now = document.clone();
    let mut all = Vec::new();
    for key in keys {
        let at = match before {
            Some(beside) => Landing { beside: Some(beside), after: true, under: None },
            None => landing.clone(),
        };
        // One that stands there already stays.
        let edits = landed(&now, key, &at).unwrap_or_default();
        for edit in &edits {
            edit.apply(&mut now).ok()?;
        }
        all.extend(edits);
        before = Some(key.clone());
    }
    (!all.is_empty()).then_some(all)
}

/// Moves what is chosen, as one step.
pub fn move_chosen(designer: Designer, by: isize) {
    if let Selected::Field(path) = designer.selected.get_untracked()
        && path.contains('.')
    {
        return move_column(designer, &path, by);
    }
    let keys = untrack(|| chosen(designer));
    let edits = designer.document.with_untracked(|document| all_moved(document, &keys, by));
    if let Some(edits) = edits.filter(|edits| !edits.is_empty()) {
        designer.run(text_of("designer-step-move", &name(designer, &keys)), edits);
    }
}

/// The commands that make fields wider by a quarter of their rows (`by` 1) or narrower (-1), as far as they can.
fn all_widened(document: &FormDocument, keys: &[String], by: isize) -> Option<Vec<Edit>> {
    together(document, keys, &|document, key| {
        let now = quarters(document, key);
        let to = if by < 0 { now.saturating_sub(1).max(1) } else { (now + 1).min(4) };
        Some(if to == now { Vec::new() } else { vec![widened(document, key, to * 3)] })
    })
}

/// Makes what is chosen wider or narrower, as one step; a column, whose table gives it its width, goes to the next place.
pub fn widen_chosen(designer: Designer, by: isize) {
    if let Selected::Field(path) = designer.selected.get_untracked()
        && path.contains('.')
    {
        return move_column(designer, &path, by);
    }
    let keys = untrack(|| chosen(designer));
    let edits = designer.document.with_untracked(|document| all_widened(document, &keys, by));
    if let Some(edits) = edits.filter(|edits| !edits.is_empty()) {
        designer.run(text_of("designer-step-change", &name(designer, &keys)), edits);
    }
}

/// The column that alone is chosen: its sub-form, and its own key.
fn column_chosen(designer: Designer) -> Option<(String, String)> {
    let is_alone = designer.more.with_untracked(BTreeSet::is_empty);
    match designer.selected.get_untracked() {
        Selected::Field(path) if is_alone => {
            column_at(&path).map(|(subform, column)| (subform.to_string(), column.to_string()))
        }
        Selected::Field(_) | Selected::Form | Selected::Heading(_) => None,
    }
}

/// What is chosen, copied: fields, or a column.
fn copied_now(designer: Designer) -> Copied {
    let (app, keys) = (designer.app(), untrack(|| chosen(designer)));
    let column = column_chosen(designer);
    designer.document.with_untracked(|document| match &column {
        Some((subform, column)) => Copied::of_column(document, &app, (subform, column)),
        None => Copied::of(document, &app, &keys),
    })
}

/// Keeps what is chosen to be put in elsewhere.
pub fn copy_chosen(designer: Designer) {
    let copied = copied_now(designer);
    if copied.count() > 0 {
        copied.keep();
        toast::show(text!("designer-copied", count = copied.count()));
    }
}

/// Puts in what was copied, after what is selected.
pub fn paste(designer: Designer) {
    match Copied::kept() {
        Some(copied) => put_in(designer, &copied),
        None => toast::show(text!("designer-nothing-copied")),
    }
}

/// Makes a field once more, with the others where it is one of several that are chosen.
pub fn duplicate(designer: Designer, key: &str) {
    let is_chosen = untrack(|| chosen(designer)).iter().any(|chosen| chosen == key);
    if !is_chosen || column_chosen(designer).is_some() {
        designer.more.set(BTreeSet::new());
        designer.selected.set(Selected::Field(key.to_string()));
    }
    duplicate_chosen(designer);
}

/// Makes what is chosen once more, right behind it.
pub fn duplicate_chosen(designer: Designer) {
    let copied = copied_now(designer);
    if copied.count() > 0 {
        put_in(designer, &copied);
    }
}

fn put_in(designer: Designer, copied: &Copied) {
    let column = column_chosen(designer);
    if let Some((subform, column)) = column.filter(|_| copied.fits_rows()) {
        return put_into_rows(designer, copied, (&subform, &column));
    }
    let landing = match untrack(|| chosen(designer)).last() {
        Some(last) => Landing { beside: Some(last.clone()), after: true, under: None },
        None => designer.after_selected().unwrap_or_default(),
    };
    let app = designer.app();
    let (edits, keys) = designer.document.with_untracked(|document| copied.pasted(document, &app, &landing));
    let Some((first, rest)) = keys.split_first() else { return };
    let step = text!("designer-several", count = keys.len());
    if designer.run(text_of("designer-step-add", &step), edits) {
        designer.selected.set(Selected::Field(first.clone()));
        let rest: BTreeSet<String> = rest.iter().cloned().collect();
        // After the selection has forgotten what was chosen before.
        request_animation_frame(move || drop(designer.more.try_set(rest)));
    }
}

/// Puts copied fields into a sub-form, after one of its columns, and selects the first of them.
fn put_into_rows(designer: Designer, copied: &Copied, beside: (&str, &str)) {
    let app = designer.app();
    let (edits, keys) =
        designer.document.with_untracked(|document| copied.pasted_in_rows(document, &app, beside));
    let Some(first) = keys.first() else { return };
    let step = text!("designer-several", count = keys.len());
    if designer.run(text_of("designer-step-add", &step), edits) {
        designer.selected.set(Selected::Field(format!("{}.{first}", beside.0)));
    }
}

/// Takes out what is chosen, several as one step; what uses them is asked for first.
pub fn remove_chosen(designer: Designer) {
    let keys = untrack(|| chosen(designer));
    match (keys.as_slice(), designer.selected.get_untracked()) {
        (_, Selected::Field(path)) if keys.len() < 2 => remove(designer, &path),
        ([_, ..], _) => remove_all(designer, keys),
        ([], _) => {}
    }
}

/// What is said of several fields at once.
#[component]
pub fn SeveralProperties(designer: Designer) -> impl IntoView {
    let keys = Memo::new(move |_| chosen(designer));
    let count = move || keys.with(Vec::len);
    let set_all = move |member: &'static str, value: Json| {
        let keys = keys.get_untracked();
        let fits = |key: &&String| {
            designer
                .document
                .with_untracked(|document| document.field(key).is_some_and(|field| field.kind.is_input()))
        };
        let set = |key: &String| Edit::Set { key: key.clone(), member: member.into(), value: value.clone() };
        let edits = keys.iter().filter(fits).map(set).collect();
        designer.run(text_of("designer-step-change", &name(designer, &keys)), edits);
    };
    let set_width = move |quarters: &'static str| {
        let Ok(quarters) = quarters.parse::<u32>() else { return };
        let keys = keys.get_untracked();
        let wide = |document: &FormDocument, key: &str| Some(vec![widened(document, key, quarters * 3)]);
        let edits = designer.document.with_untracked(|document| together(document, &keys, &wide));
        if let Some(edits) = edits {
            designer.run(text_of("designer-step-change", &name(designer, &keys)), edits);
        }
    };
    view! {
        <div class="stack g4 prop-top" data-several="true">
            <div class="row">
                <span class="medium">{t!("designer-several", count = count())}</span>
                <span class="push row">
                    <IconButton icon="arrow-up" label=Signal::derive(t!("designer-move-up")) on_press=move |_| move_chosen(designer, -1)/>
                    <IconButton icon="arrow-down" label=Signal::derive(t!("designer-move-down")) on_press=move |_| move_chosen(designer, 1)/>
                    <IconButton icon="copy" label=Signal::derive(t!("designer-copy")) on_press=move |_| copy_chosen(designer)/>
                    <IconButton icon="trash" label=Signal::derive(t!("designer-remove-several")) on_press=move |_| remove_chosen(designer)/>
                </span>
            </div>
            <Field label=t!("designer-width")>
                <Segmented
                    segments=vec![
                        Segment::new("1", || "1/4".to_string()),
                        Segment::new("2", || "1/2".to_string()),
                        Segment::new("3", || "3/4".to_string()),
                        Segment::new("4", t!("designer-width-full")),
                    ]
                    selected=Signal::stored(String::new())
                    on_select=set_width
                    label=Signal::derive(t!("designer-width"))
                />
            </Field>
            <div class="row wrap">
                <Button on_press=move |_| set_all("required", json!(true))>{t!("designer-all-required")}</Button>
                <Button on_press=move |_| set_all("required", Json::Null)>{t!("designer-none-required")}</Button>
                <Button icon="plus" on_press=move |_| duplicate_chosen(designer)>{t!("designer-duplicate")}</Button>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::laid_out;

    fn order(document: &FormDocument, edits: Option<Vec<Edit>>) -> Option<String> {
        let mut document = document.clone();
        edits?.iter().for_each(|edit| drop(edit.apply(&mut document).unwrap()));
        Some(shown_order(&document).into_iter().map(|cell| cell.field).collect())
    }

    #[test]
    fn several_move_as_one_and_keep_their_order() {
        let keys = |keys: &[&str]| -> Vec<String> { keys.iter().map(|key| (*key).to_string()).collect() };
        let row = |key: &str| json!({"row": [{"field": key, "width": 12}]});
        for layout in [json!([]), json!([row("a"), row("b"), row("c")])] {
            let form = laid_out(layout);
            assert_eq!(order(&form, all_moved(&form, &keys(&["a", "b"]), 1)).as_deref(), Some("cab"));
            assert_eq!(order(&form, all_moved(&form, &keys(&["b", "c"]), -1)).as_deref(), Some("bca"));
            assert_eq!(all_moved(&form, &keys(&["a", "b"]), -1), None, "the first can't go further");
            let end = Landing { beside: Some("c".into()), after: true, under: None };
            assert_eq!(order(&form, all_landed(&form, &keys(&["a", "b"]), &end)).as_deref(), Some("cab"));
            assert_eq!(all_landed(&form, &keys(&["b", "c"]), &end), None);
            assert_eq!(up_to(&form, "a", "c"), keys(&["b", "c"]).into_iter().collect());
        }
    }

    #[test]
    fn several_are_widened_as_far_as_each_can_be() {
        let keys = ["a".to_string(), "c".to_string()];
        let form = laid_out(json!([{"row": [{"field": "a", "width": 6}, {"field": "b", "width": 6}]}]));
        let widths = |by: isize| {
            let mut form = form.clone();
            all_widened(&form, &keys, by)
                .unwrap()
                .iter()
                .for_each(|edit| drop(edit.apply(&mut form).unwrap()));
            shown_order(&form).iter().map(|cell| cell.width).collect::<Vec<_>>()
        };
        assert_eq!((widths(1), widths(-1)), (vec![9, 6, 12], vec![3, 6, 9]));
    }
}
