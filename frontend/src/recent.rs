//! The places that this reader visited last, remembered in this browser.

use std::sync::LazyLock;

use engine::value::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::browser;

const REMEMBERED_AS: &str = "formwork.recent";
const KEPT: usize = 8;

static VISITS: LazyLock<ArcRwSignal<Vec<Visit>>> = LazyLock::new(|| ArcRwSignal::new(remembered()));

/// One visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    pub path: String,
    pub title: String,
    pub icon: String,
    pub at: Timestamp,
}

fn remembered() -> Vec<Visit> {
    browser::remembered(REMEMBERED_AS).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// The last visits, newest first; tracked.
pub fn visits() -> Vec<Visit> {
    VISITS.get()
}

/// Notes that a place was visited: a form, a record, a report.
pub fn visit(path: impl Into<String>, title: impl Into<String>, icon: impl Into<String>) {
    let visit = Visit { path: path.into(), title: title.into(), icon: icon.into(), at: browser::now() };
    VISITS.update(|visits| put_first(visits, visit));
    if let Ok(text) = serde_json::to_string(&VISITS.get_untracked()) {
        browser::remember(REMEMBERED_AS, &text);
    }
}

fn put_first(visits: &mut Vec<Visit>, visit: Visit) {
    visits.retain(|before| before.path != visit.path);
    visits.insert(0, visit);
    visits.truncate(KEPT);
}

/// Forgets all visits, as when somebody else signs in.
pub fn forget() {
    VISITS.set(Vec::new());
    browser::forget(REMEMBERED_AS);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_visited_again_moves_to_the_front() {
        let visit = |path: &str| Visit {
            path: path.to_string(),
            title: String::new(),
            icon: String::new(),
            at: Timestamp::UNIX_EPOCH,
        };
        let mut visits = Vec::new();
        for path in ["/a", "/b", "/a"] {
            put_first(&mut visits, visit(path));
        }
        assert_eq!(visits.iter().map(|v| v.path.as_str()).collect::<Vec<_>>(), ["/a", "/b"]);
        for number in 0..20 {
            put_first(&mut visits, visit(&number.to_string()));
        }
        assert_eq!(visits.len(), KEPT);
    }
}
