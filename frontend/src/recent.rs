//! The places that this reader visited last, remembered in this browser.

use std::sync::LazyLock;

use engine::text::{Label, Language};
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
    /// What the form, dashboard or report is called in each language.
    #[serde(default)]
    name: Option<Label>,
    /// What more it is called in any of them: a record of the form.
    title: String,
    pub icon: String,
    pub at: Timestamp,
}

impl Visit {
    /// What the place is called, in the language that is read now.
    pub fn words(&self, language: Language) -> String {
        let name = self.name.as_ref().map(|name| name.get(language)).unwrap_or_default();
        format!("{name} {}", self.title).trim().to_string()
    }
}

fn remembered() -> Vec<Visit> {
    browser::remembered(REMEMBERED_AS).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// The last visits, newest first; tracked.
pub fn visits() -> Vec<Visit> {
    VISITS.get()
}

/// Notes that a place was visited: a form, a dashboard, a report, or with a title a record of a form.
pub fn visit(
    path: impl Into<String>,
    name: Option<Label>,
    title: impl Into<String>,
    icon: impl Into<String>,
) {
    let (path, title, icon) = (path.into(), title.into(), icon.into());
    let visit = Visit { path, name, title, icon, at: browser::now() };
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
    fn a_place_is_called_as_it_is_in_the_language_of_now() {
        let visit = |json: serde_json::Value| -> Visit { serde_json::from_value(json).unwrap() };
        let place = serde_json::json!({"path": "/a", "name": {"en": "Orders", "zh-CN": "订单"}, "title": "SO-1",
            "icon": "table", "at": "2026-01-01T00:00:00Z"});
        let order = visit(place.clone());
        assert_eq!(order.words(Language::En), "Orders SO-1");
        assert_eq!(order.words(Language::ZhCn), "订单 SO-1");
        // One that was remembered before names were.
        let mut before = place;
        before.as_object_mut().unwrap().remove("name");
        assert_eq!(visit(before).words(Language::ZhCn), "SO-1");
    }

    #[test]
    fn a_place_visited_again_moves_to_the_front() {
        let visit = |path: &str| Visit {
            path: path.to_string(),
            name: None,
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
