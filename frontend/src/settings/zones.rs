//! The zones of the world to choose from. Their list and their rules are in the program already: moments are shown by them.

use engine::value::Timestamp;
use jiff::tz::TimeZone;
use leptos::prelude::*;

use crate::ui::{Choice, Select};
use crate::{browser, i18n};

/// Where zones are called by their places. The others are old names of theirs, or mere offsets.
const AREAS: [&str; 11] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
    "UTC",
];

/// A select over the zones: by the place, the difference to UTC, or what the zone is called in the reader's language.
#[component]
pub fn ZoneSelect(
    /// The IANA name; empty for none.
    #[prop(into)]
    value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
    /// The choice may be taken away again.
    #[prop(optional)]
    clearable: bool,
) -> impl IntoView {
    let choices = Memo::new(|_| {
        let now = i18n::now();
        names().iter().filter_map(|name| choice_of(name, now)).collect::<Vec<_>>()
    });
    let chosen = Signal::derive(move || Some(value.get()).filter(|name| !name.is_empty()));
    let choose = move |name: Option<String>| on_change.run(name.unwrap_or_default());
    view! { <Select choices=choices value=chosen on_change=choose clearable=clearable/> }
}

/// The names of the zones: first that of this computer, then all by their areas and places.
fn names() -> Vec<String> {
    let is_place = |name: &String| AREAS.contains(&name.split('/').next().unwrap_or_default());
    let mut all: Vec<String> =
        jiff::tz::db().available().map(|name| name.to_string()).filter(is_place).collect();
    all.sort();
    all.dedup();
    let here = browser::zone_name().filter(|here| all.contains(here));
    if let Some(here) = here {
        all.retain(|name| *name != here);
        all.insert(0, here);
    }
    all
}

/// A zone with its difference to UTC at this moment.
fn choice_of(name: &str, now: Timestamp) -> Option<Choice> {
    let offset = TimeZone::get(name).ok()?.to_offset(now).seconds();
    let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60);
    let difference = format!("UTC{sign}{:02}:{:02}", minutes / 60, minutes % 60);
    let words = browser::zone_words(name, i18n::language().tag());
    let note = words.map_or_else(|| difference.clone(), |words| format!("{difference} {words}"));
    Some(Choice::new(name, name.replace('_', " ")).note(note))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_called_by_their_places_with_their_difference() {
        let names = names();
        assert!(names.len() > 300, "{}", names.len());
        for known in
            ["Asia/Shanghai", "Asia/Taipei", "Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC"]
        {
            assert!(names.iter().any(|name| name == known), "{known}");
        }
        for old in ["PRC", "GB", "EST5EDT", "Etc/GMT+3", "US/Eastern"] {
            assert!(!names.iter().any(|name| name == old), "{old}");
        }
        let now = "2026-07-01T00:00:00Z".parse().unwrap();
        let shown =
            |name: &str| choice_of(name, now).map(|choice| (choice.label, choice.note.unwrap_or_default()));
        assert_eq!(shown("America/New_York"), Some(("America/New York".into(), "UTC-04:00".into())));
        assert_eq!(shown("Asia/Kolkata"), Some(("Asia/Kolkata".into(), "UTC+05:30".into())));
        assert_eq!(shown("Nowhere/Atall"), None);
    }
}
