//! The keys and the clipboard of a sub-form table, as in a spreadsheet.
//!
//! Tab goes through the cells that can be filled and makes a row after the last one. Enter and the arrows go up and down;
//! the arrow to the right leads from the last cell to the button that takes the row out, which Tab goes past. With Alt the
//! arrows take the row along, and Ctrl with D copies it. What is typed on the cell of a link is searched for. Keys and texts of a list that floats over a
//! cell are its own.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::faults::anchor;
use super::paths::value_at;
use super::sheet_columns::Head;
use super::state::FormState;
use crate::browser;

/// The element id of a cell.
pub fn cell_id(subform: &str, row: usize, column: &str) -> String {
    anchor(&format!("{subform}.{row}.{column}"))
}

/// The element id around the button that takes a row out.
pub fn removing_id(subform: &str, row: usize) -> String {
    format!("remove-{subform}-{row}")
}

/// The element id around the number of a row, from which its menu opens.
pub fn number_id(subform: &str, row: usize) -> String {
    format!("number-{subform}-{row}")
}

/// The element id around the button that adds a row.
pub fn add_id(subform: &str) -> String {
    format!("add-{subform}")
}

/// Gives the focus to the control in an element: at once where it is there, so that what is typed next goes into it, else
/// as soon as it is drawn.
pub fn focus(id: String) {
    if browser::focus_inside(&id) {
        return;
    }
    leptos::task::spawn_local(async move {
        leptos::task::tick().await;
        if !browser::focus_inside(&id) {
            focus_later(id);
        }
    });
}

/// Gives the focus to the control in an element once rows that moved are drawn: until then another one has its id. The
/// next key is heard after that.
pub fn focus_later(id: String) {
    // What was changed before this is drawn by tasks that were put off before this one.
    leptos::task::spawn_local(async move {
        if !browser::focus_inside(&id) {
            request_animation_frame(move || {
                browser::focus_inside(&id);
            });
        }
    });
}

/// The key of the first or last column that can be filled in a row: one that a rule hides there can't.
pub fn edited(state: FormState, heads: &[Head], subform: &str, row: usize, last: bool) -> Option<String> {
    let is_shown = |head: &&Head| {
        let path = format!("{subform}.{row}.{}", head.key);
        !head.ruled || !state.draft.with_untracked(|draft| draft.is_hidden(&path))
    };
    let mut keys = heads.iter().filter(|head| head.editable).filter(is_shown).map(|head| head.key.clone());
    if last { keys.next_back() } else { keys.next() }
}

/// Hears a key in a cell.
pub fn walk(
    state: FormState,
    subform: StoredValue<String>,
    heads: StoredValue<Vec<Head>>,
    count: Memo<usize>,
    event: &leptos::ev::KeyboardEvent,
    row: usize,
    key: &str,
) {
    // Ctrl and Enter save the record.
    if event.ctrl_key() || event.meta_key() || event.is_composing() || is_floating(event) {
        return;
    }
    let name = subform.get_value();
    let add = || state.add_row(&name);
    let may_add = state
        .draft
        .with_untracked(|draft| draft.form().column(&name).is_some_and(|column| state.may_edit(column)));
    let last_row = row + 1 == count.get_untracked();
    let end = |row: usize, last: bool| heads.with_value(|heads| edited(state, heads, &name, row, last));
    let last_column = end(row, true).is_some_and(|last| last == key);
    let filled = || {
        let path = format!("{name}.{row}.{key}");
        state.draft.with_untracked(|draft| !value_at(draft.values(), &path).is_empty())
    };
    match event.key().as_str() {
        "Tab" if last_row && last_column && may_add && !event.shift_key() => {
            event.prevent_default();
            add();
            if let Some(first) = end(row + 1, false) {
                focus(cell_id(&name, row + 1, &first));
            }
        }
        // A list is opened by Enter where nothing is chosen yet, and by the arrow down at any time.
        "Enter" if plain_input(event) || (opens_list(event) && filled()) => {
            event.prevent_default();
            if last_row && may_add {
                add();
            }
            if !last_row || may_add {
                focus(cell_id(&name, row + 1, key));
            }
        }
        "ArrowDown" if plain_input(event) => {
            event.prevent_default();
            if !last_row {
                focus(cell_id(&name, row + 1, key));
            }
        }
        "ArrowUp" if row > 0 && plain_input(event) => {
            event.prevent_default();
            focus(cell_id(&name, row - 1, key));
        }
        "ArrowRight" if last_column && may_add && !event.shift_key() && at_end(event) => {
            event.prevent_default();
            focus(removing_id(&name, row));
        }
        _other_key => {}
    }
}

/// Copies the row below itself that Ctrl and D are pressed in. The focus goes into the copy.
pub fn copy_by_key(
    state: FormState,
    subform: StoredValue<String>,
    heads: StoredValue<Vec<Head>>,
    event: &leptos::ev::KeyboardEvent,
    row: usize,
) {
    let is_it = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
    if !is_it || !event.key().eq_ignore_ascii_case("d") || is_floating(event) {
        return;
    }
    event.prevent_default();
    event.stop_propagation();
    let name = subform.get_value();
    if state.copy_rows(&name, &[row])
        && let Some(first) = heads.with_value(|heads| edited(state, heads, &name, row + 1, false))
    {
        focus_later(cell_id(&name, row + 1, &first));
    }
}

/// Moves the row up or down that a key with Alt is pressed in. The focus goes with it.
pub fn move_by_key(
    state: FormState,
    subform: StoredValue<String>,
    heads: StoredValue<Vec<Head>>,
    count: Memo<usize>,
    event: &leptos::ev::KeyboardEvent,
    row: usize,
) {
    if !event.alt_key() || event.ctrl_key() || event.meta_key() || is_floating(event) {
        return;
    }
    let to = match event.key().as_str() {
        "ArrowUp" => row.checked_sub(1),
        "ArrowDown" => Some(row + 1).filter(|below| *below < count.get_untracked()),
        _other_key => return,
    };
    // What opens by these keys elsewhere stays closed, at the first and the last row too.
    event.prevent_default();
    event.stop_propagation();
    let Some(to) = to else { return };
    let cell = target(event).and_then(|target| target.closest("td[id]").ok().flatten()).map(|cell| cell.id());
    let name = subform.get_value();
    let column = heads.with_value(|heads| {
        let mut keys = heads.iter().map(|head| &head.key);
        keys.find(|key| cell.as_deref() == Some(cell_id(&name, row, key).as_str())).cloned()
    });
    state.move_row(&name, row, to);
    focus_later(match column {
        Some(key) => cell_id(&name, to, &key),
        None if cell == Some(number_id(&name, row)) => number_id(&name, to),
        None => removing_id(&name, to),
    });
}

/// Takes a block of cells from the clipboard. A text alone goes into an input as ever.
pub fn paste(
    state: FormState,
    subform: StoredValue<String>,
    heads: StoredValue<Vec<Head>>,
    event: &leptos::ev::ClipboardEvent,
    row: usize,
    key: &str,
) {
    let text = event.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
    let Some(text) = text.filter(|text| !text.is_empty()) else { return };
    if is_floating(event) || (takes_text(event) && !text.contains(['\t', '\n'])) {
        return;
    }
    event.prevent_default();
    let columns: Vec<String> = heads
        .with_value(|heads| heads.iter().filter(|head| head.editable).map(|head| head.key.clone()).collect());
    let at = columns.iter().position(|column| column == key).unwrap_or_default();
    subform.with_value(|subform| state.paste(subform, row, at, &columns, &text));
}

fn target(event: &web_sys::Event) -> Option<web_sys::Element> {
    event.target()?.dyn_into().ok()
}

/// Whether the event comes out of a list or calendar over the cell.
fn is_floating(event: &web_sys::Event) -> bool {
    target(event).is_some_and(|target| target.closest("[popover]").ok().flatten().is_some())
}

/// Whether it comes from the button of a list.
fn opens_list(event: &web_sys::Event) -> bool {
    target(event).is_some_and(|target| target.matches("[aria-haspopup=listbox]").unwrap_or_default())
}

/// Whether it comes from where a text is typed.
fn takes_text(event: &web_sys::Event) -> bool {
    target(event).is_some_and(|target| target.matches("input, textarea").unwrap_or_default())
}

fn input(event: &web_sys::Event) -> Option<web_sys::HtmlInputElement> {
    target(event)?.dyn_into().ok()
}

/// Whether it comes from a one-line input, where up and down have no meaning of their own.
fn plain_input(event: &web_sys::Event) -> bool {
    input(event).is_some_and(|input| !matches!(input.type_().as_str(), "checkbox" | "datetime-local"))
}

/// Whether the arrow to the right has nowhere to go in its control.
fn at_end(event: &web_sys::Event) -> bool {
    let Some(input) = input(event) else { return opens_list(event) };
    let end = u32::try_from(input.value().encode_utf16().count()).ok();
    let at = |place: Result<Option<u32>, wasm_bindgen::JsValue>| place.ok().flatten();
    input.type_() == "checkbox" || (at(input.selection_start()) == end && at(input.selection_end()) == end)
}
