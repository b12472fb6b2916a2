//! What the keys do, on every page and on this one.

use leptos::prelude::*;

use crate::ui::Dialog;
use crate::{browser, i18n, t};

/// Keys, and the text that says what they do.
pub type Shortcut = (&'static str, &'static str);

const ANYWHERE: [Shortcut; 4] =
    [("/", "nav-search"), ("Ctrl K", "nav-search"), ("?", "shortcuts"), ("Esc", "shortcut-close")];
const IN_A_LIST: [Shortcut; 13] = [
    ("/, Ctrl F", "grid-search"),
    ("↑ ↓ ← →", "shortcut-walk-cells"),
    ("Tab", "shortcut-next-cell"),
    ("Enter, F2", "shortcut-edit-cell"),
    ("Ctrl Enter", "shortcut-open-record"),
    ("Shift ↑ ↓ ← →", "shortcut-block"),
    ("Ctrl C, X, V", "shortcut-clipboard"),
    ("Ctrl D", "shortcut-fill"),
    ("Delete", "shortcut-empty"),
    ("Ctrl Z", "designer-undo"),
    ("Ctrl Y", "designer-redo"),
    ("Space", "shortcut-choose"),
    ("Ctrl A", "shortcut-choose-all"),
];
const IN_A_RECORD: [Shortcut; 5] = [
    ("Ctrl S", "record-save"),
    ("Ctrl Enter", "record-submit"),
    ("Tab", "shortcut-next-or-row"),
    ("F4", "shortcut-open-choice"),
    ("Ctrl D", "shortcut-copy-row"),
];
const IN_THE_INBOX: [Shortcut; 5] = [
    ("J", "shortcut-next-task"),
    ("K", "shortcut-task-before"),
    ("A", "flow-approve"),
    ("R", "flow-reject"),
    (".", "flow-more"),
];

/// The keys of the page at an address; none where only those of every page are heard.
fn keys_of(path: &str) -> &'static [Shortcut] {
    let parts: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').skip(1).collect();
    match parts.as_slice() {
        ["inbox", ..] => &IN_THE_INBOX,
        ["apps", _, "forms", _] => &IN_A_LIST,
        ["apps", _, "forms", _, "new"] | ["apps", _, "forms", _, "records", _] => &IN_A_RECORD,
        _other_page => &[],
    }
}

/// The keys of every page, without those that mean something else at an address.
fn keys_anywhere(path: &str) -> &'static [Shortcut] {
    let all: &'static [Shortcut] = &ANYWHERE;
    if keys_of(path) == IN_A_LIST { all.get(1..).unwrap_or_default() } else { all }
}

/// Whether the page at an address hears `/` and `?` itself.
fn has_own(path: &str) -> bool {
    path.split('?').next().is_some_and(|path| path.ends_with("/design"))
}

/// Hears `/` and `?` where they are no text.
pub(super) fn listen(palette: RwSignal<bool>, shortcuts: RwSignal<bool>) {
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let held = event.ctrl_key() || event.meta_key() || event.alt_key();
        if held || event.default_prevented() || browser::keys_are_taken() || has_own(&browser::here()) {
            return;
        }
        match event.key().as_str() {
            // A list has a search of its own.
            "/" if browser::focus_list_search() => {}
            "/" => palette.set(true),
            "?" => shortcuts.set(true),
            _other_key => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || keys.remove());
}

/// The dialog that tells them.
#[component]
pub(super) fn ShortcutsDialog(open: RwSignal<bool>) -> impl IntoView {
    let of_page = move || {
        let keys = open.get().then(|| keys_of(&browser::here())).filter(|keys| !keys.is_empty());
        keys.map(|keys| view! { <ShortcutTable keys=keys/> })
    };
    let anywhere =
        move || open.get().then(|| view! { <ShortcutTable keys=keys_anywhere(&browser::here())/> });
    view! {
        <Dialog open=open title=t!("shortcuts")>
            <div class="stack g4">
                {of_page}
                {anywhere}
            </div>
        </Dialog>
    }
}

/// Keys and what they do.
#[component]
pub fn ShortcutTable(keys: &'static [Shortcut]) -> impl IntoView {
    let line = |(keys, what): &Shortcut| {
        let (keys, what) = (*keys, *what);
        view! { <tr><th scope="row"><kbd>{keys}</kbd></th><td>{move || i18n::lookup(what, &[])}</td></tr> }
    };
    view! { <table class="grid plain auto"><tbody>{keys.iter().map(line).collect_view()}</tbody></table> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_says_what_it_does() {
        for (keys, what) in ANYWHERE.iter().chain(&IN_A_LIST).chain(&IN_A_RECORD).chain(&IN_THE_INBOX) {
            assert_ne!(i18n::lookup(what, &[]), *what, "{keys}");
        }
    }

    #[test]
    fn a_page_tells_its_own_keys() {
        assert_eq!(keys_of("/inbox?box=todo"), IN_THE_INBOX);
        assert_eq!(keys_anywhere("/inbox"), ANYWHERE);
        assert_eq!(keys_anywhere("/apps/a/forms/1"), &ANYWHERE[1..], "a list has a search of its own");
        assert_eq!(keys_of("/apps/a/forms/1?sort=name"), IN_A_LIST);
        assert_eq!(keys_of("/apps/a/forms/1/new"), IN_A_RECORD);
        assert_eq!(keys_of("/apps/a/forms/1/records/2"), IN_A_RECORD);
        assert!(keys_of("/").is_empty() && keys_of("/apps/a/forms/1/flow").is_empty());
        assert!(has_own("/apps/a/forms/1/design?x") && !has_own("/apps/a/forms/1"));
    }
}
