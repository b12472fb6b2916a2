//! What is known of stored files: name, size, type. A file never changes, so each is asked for once a page.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::files::{self, FileFacts};

/// `None` while it was asked for, and for a file that can't be seen.
static KNOWN: LazyLock<ArcRwSignal<BTreeMap<Id, Option<FileFacts>>>> =
    LazyLock::new(|| ArcRwSignal::new(BTreeMap::new()));

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

/// Notes what the answer to an upload said.
pub fn learn(id: Id, facts: FileFacts) {
    KNOWN.update(|known| drop(known.insert(id, Some(facts))));
}
