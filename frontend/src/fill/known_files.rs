//! What is known of stored files: name, size, type. A file never changes, so each is asked for once a page.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::StoredFile;

use crate::api::files::{self, FileFacts};
use crate::api::public_forms::FilledBy;

/// `None` while it was asked for, and for a file that can't be seen.
static KNOWN: LazyLock<ArcRwSignal<BTreeMap<Id, Option<FileFacts>>>> =
    LazyLock::new(|| ArcRwSignal::new(BTreeMap::new()));

thread_local! {
    /// The files that a visitor sent from this page, by where the browser has them.
    static SENT: RefCell<BTreeMap<Id, String>> = const { RefCell::new(BTreeMap::new()) };
}

/// What is known of a file; asks the server the first time. Tracked.
pub fn facts(id: Id) -> Option<FileFacts> {
    let known = KNOWN.with(|known| known.get(&id).cloned());
    if let Some(facts) = known {
        return facts;
    }
    // Not noted here and now: this runs while the view is computed.
    spawn_local(async move {
        let first = KNOWN.with_untracked(|known| !known.contains_key(&id));
        if first {
            KNOWN.update(|known| drop(known.insert(id, None)));
        }
        if first && let Ok(facts) = files::facts(id).await {
            learn(id, facts);
        }
    });
    None
}

fn learn(id: Id, facts: FileFacts) {
    KNOWN.update(|known| drop(known.insert(id, Some(facts))));
}

/// Notes what the answer to an upload said. What a visitor sent they can't read at the server again: it is shown from where it
/// came from.
pub fn learn_sent(stored: &StoredFile, file: &web_sys::File, sender: FilledBy) {
    if sender.is_visitor()
        && let Ok(address) = web_sys::Url::create_object_url_with_blob(file)
    {
        SENT.with_borrow_mut(|sent| sent.insert(stored.id, address));
    }
    learn(stored.id, FileFacts::from(stored));
}

/// Where a file is read.
pub fn address(id: Id) -> String {
    SENT.with_borrow(|sent| sent.get(&id).cloned()).unwrap_or_else(|| files::address(id))
}
