//! The keys of the designer, while nothing is typed and no dialog lies over it.

use leptos::prelude::*;

use super::canvas::shown_order;
use super::column_heads::walk_columns;
use super::several::{
    choose, copy_chosen, duplicate_chosen, move_chosen, paste, remove_chosen, widen_chosen,
};
use super::state::{DesignDialog, Designer, Selected};
use crate::draft_editor::DraftEditor;
use crate::shell::{Shortcut, ShortcutTable};
use crate::ui::Dialog;
use crate::{browser, t};

/// Each with the text that says what it does.
const SHORTCUTS: [Shortcut; 14] = [
    ("Ctrl S", "designer-key-save"),
    ("Ctrl Z", "designer-undo"),
    ("Ctrl Shift Z", "designer-redo"),
    ("Ctrl C", "designer-copy"),
    ("Ctrl V", "designer-paste"),
    ("Ctrl D", "designer-duplicate"),
    ("Delete", "designer-key-remove"),
    ("↑ ↓", "designer-key-walk"),
    ("← →", "designer-key-columns"),
    ("Alt ↑ ↓", "designer-key-move"),
    ("Alt ← →", "designer-key-widen"),
    ("F2", "designer-key-name"),
    ("/", "designer-key-kinds"),
    ("Esc", "designer-key-form"),
];

/// What lies in the palette's search.
const SEARCH: &str = ".pane.left [role=searchbox]";
/// What lies in the settings of a field: its name.
const NAME: &str = ".pane.right [name=field-label]";
/// What keys are typed into beside the canvas.
const BESIDE: &str = ".pane.left input:focus, .pane.right :is(input, textarea):focus:not(dialog *)";

/// Hears the keys as long as the page is there.
pub fn listen(designer: Designer) {
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let control = event.ctrl_key() || event.meta_key();
        let key = event.key();
        // Saving is nobody's text; the browser's own is never meant here.
        if control && key.eq_ignore_ascii_case("s") {
            event.prevent_default();
            return designer.save();
        }
        if event.default_prevented() || designer.dialog.with_untracked(Option::is_some) {
            return;
        }
        // From what is typed beside the canvas, too, one goes on to the name of the field, and back to the canvas.
        match key.as_str() {
            "F2" if browser::is_at(BESIDE) => {
                event.prevent_default();
                return browser::focus_at(NAME);
            }
            "Escape" if browser::leave_input(BESIDE) => return event.prevent_default(),
            _other_key => {}
        }
        if browser::keys_are_taken() {
            return;
        }
        match (key.to_lowercase().as_str(), control, event.alt_key(), event.shift_key()) {
            // Text that is marked on the page is copied as text.
            ("c", true, false, false) if browser::has_marked_text() => return,
            ("c", true, false, false) => copy_chosen(designer),
            ("v", true, false, false) => paste(designer),
            ("d", true, false, false) => duplicate_chosen(designer),
            ("delete" | "backspace", false, false, _) => remove_chosen(designer),
            ("arrowup", false, true, _) => move_chosen(designer, -1),
            ("arrowdown", false, true, _) => move_chosen(designer, 1),
            ("arrowleft", false, true, false) => widen_chosen(designer, -1),
            ("arrowright", false, true, false) => widen_chosen(designer, 1),
            ("arrowleft", false, false, false) if walk_columns(designer, -1) => {}
            ("arrowright", false, false, false) if walk_columns(designer, 1) => {}
            ("arrowup", false, false, range) => walk(designer, -1, range),
            ("arrowdown", false, false, range) => walk(designer, 1, range),
            ("f2", false, false, false) => browser::focus_at(NAME),
            ("escape", false, false, _) => designer.selected.set(Selected::Form),
            ("/", false, false, _) => browser::focus_at(SEARCH),
            ("?", false, false, _) => designer.dialog.set(Some(DesignDialog::Shortcuts)),
            _other_keys => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || keys.remove());
}

/// Goes to the name of the field that is selected, all of it marked: what is typed takes its place.
pub fn name_it() {
    browser::mark_at(NAME);
}

/// Selects the field before or after the one that is, or chooses it besides.
fn walk(designer: Designer, by: isize, besides: bool) {
    let order = designer.document.with_untracked(shown_order);
    let more = designer.more.get_untracked();
    let selected = match designer.selected.get_untracked() {
        Selected::Field(path) => path.split('.').next().map(str::to_string),
        Selected::Form | Selected::Heading(_) => None,
    };
    let mut places = order.iter().enumerate().filter(|(_, cell)| {
        Some(&cell.field) == selected.as_ref() || (besides && more.contains(&cell.field))
    });
    let at = if by < 0 { places.next() } else { places.next_back() };
    let to = match at {
        Some((place, _)) => place.checked_add_signed(by),
        None if by > 0 => Some(0),
        None => order.len().checked_sub(1),
    };
    let Some(cell) = to.and_then(|to| order.get(to)) else { return };
    if besides && selected.is_some() {
        choose(designer, &cell.field, false);
    } else {
        designer.selected.set(Selected::Field(cell.field.clone()));
    }
    request_animation_frame(|| browser::bring_into_view(".canvas .slot[aria-current=true]"));
}

/// What the keys do.
#[component]
pub fn Shortcuts(open: RwSignal<bool>) -> impl IntoView {
    view! { <Dialog open=open title=t!("shortcuts")><ShortcutTable keys=&SHORTCUTS/></Dialog> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n;

    #[test]
    fn every_key_says_what_it_does() {
        for (keys, what) in SHORTCUTS {
            assert_ne!(i18n::lookup(what, &[]), what, "{keys}");
        }
    }
}
