//! What is remembered in this browser, and in this tab.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::window;

fn storage() -> Option<web_sys::Storage> {
    window()?.local_storage().ok().flatten()
}

thread_local! {
    /// What is remembered where the browser stores nothing: as long as the page lives.
    static MEMORY: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// A setting remembered in this browser.
pub fn remembered(name: &str) -> Option<String> {
    let here = MEMORY.with_borrow(|memory| memory.get(name).cloned());
    here.or_else(|| storage()?.get_item(name).ok().flatten())
}

/// Remembers a setting in this browser; gives whether it does. A browser that stores nothing (private mode, full) is no fault:
/// the setting then lasts as long as the page.
pub fn remember(name: &str, value: &str) -> bool {
    let is_stored = storage().is_some_and(|storage| storage.set_item(name, value).is_ok());
    MEMORY.with_borrow_mut(|memory| {
        if is_stored {
            memory.remove(name);
        } else {
            memory.insert(name.to_string(), value.to_string());
        }
    });
    is_stored
}

/// The names of all that is remembered here and begins like this.
pub fn names_remembered(beginning: &str) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let count = storage.length().unwrap_or_default();
    let names = (0..count).filter_map(|place| storage.key(place).ok().flatten());
    // What lasts no longer than the page is nothing that it left behind.
    names.filter(|name| name.starts_with(beginning)).collect()
}

/// Forgets a setting.
pub fn forget(name: &str) {
    MEMORY.with_borrow_mut(|memory| drop(memory.remove(name)));
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

/// Whether this tab hears `value` under this name for the first time; it remembers the last one until it is closed. A
/// browser that stores nothing has heard everything.
pub fn is_new_to_tab(name: &str, value: &str) -> bool {
    let Some(storage) = window().and_then(|window| window.session_storage().ok().flatten()) else {
        return false;
    };
    let before = storage.get_item(name).ok().flatten();
    storage.set_item(name, value).is_ok() && before.as_deref() != Some(value)
}
