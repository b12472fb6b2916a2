//! What the reader wants at hand: kept with their account, offered on the home page and first of all in the palette.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Favourite, FavouriteInput, FavouriteKind};

use super::ShellContext;
use crate::api::places;
use crate::text;
use crate::ui::{ControlSize, IconButton, icon_or, toast};

impl ShellContext {
    /// Asks what they are.
    pub(super) fn load_favourites(self) {
        spawn_local(async move {
            // Who is shown none can still find everything.
            let found = places::favourites().await.unwrap_or_default();
            let _ = self.favourites.try_set(found);
            let _ = self.favourites_known.try_set(true);
        });
    }

    /// The favourite that stands for a thing; tracked.
    fn favourite(self, kind: FavouriteKind, target: &str) -> Option<Favourite> {
        self.favourites.with(|all| all.iter().find(|one| one.kind == kind && one.target == target).cloned())
    }

    /// Whether a thing is kept at hand; tracked.
    pub fn is_favourite(self, kind: FavouriteKind, target: &str) -> bool {
        self.favourite(kind, target).is_some()
    }

    /// Keeps a thing of an app at hand, or no longer.
    pub fn turn_favourite_of(self, kind: FavouriteKind, app: String, target: String) {
        let known = untrack(|| self.favourite(kind, &target));
        self.turn_favourite(FavouriteInput { kind, app, target: Some(target) }, known);
    }

    /// Keeps a thing at hand, or no longer.
    fn turn_favourite(self, input: FavouriteInput, known: Option<Favourite>) {
        spawn_local(async move {
            let answer = match &known {
                Some(known) => places::forget(known.id).await.map(|()| None),
                None => places::keep(&input).await.map(Some),
            };
            match answer {
                Ok(kept) => {
                    let _ = self.favourites.try_update(|all| {
                        all.retain(|one| known.as_ref().is_none_or(|known| known.id != one.id));
                        all.extend(kept);
                    });
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    }
}

/// Where a favourite leads.
pub fn path_of(favourite: &Favourite) -> String {
    let Favourite { app, target, .. } = favourite;
    match favourite.kind {
        FavouriteKind::App => format!("/apps/{app}"),
        FavouriteKind::Form => format!("/apps/{app}/forms/{target}"),
        FavouriteKind::Dashboard => format!("/apps/{app}/dashboards/{target}"),
        FavouriteKind::Report => format!("/apps/{app}/reports/{target}"),
    }
}

/// The icon of a favourite.
pub fn icon_of(favourite: &Favourite) -> String {
    let instead = match favourite.kind {
        FavouriteKind::App => "apps",
        FavouriteKind::Form => "table",
        FavouriteKind::Dashboard => "trend",
        FavouriteKind::Report => "chart",
    };
    icon_or(favourite.icon.as_deref(), instead)
}

/// Keeps a thing of the app whose pages are shown at hand, or no longer.
#[component]
pub fn Star(
    kind: FavouriteKind,
    /// The id of an app, a form or a dashboard; the key of a report.
    #[prop(into)]
    target: String,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let shell = ShellContext::expect();
    let target = StoredValue::new(target);
    let known = Memo::new(move |_| target.with_value(|target| shell.favourite(kind, target)));
    let is_kept = Signal::derive(move || known.with(Option::is_some));
    let label = move || if is_kept.get() { text!("favourite-drop") } else { text!("favourite-keep") };
    let turn = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        let Some(app) = shell.app_key.get_untracked() else { return };
        let input = FavouriteInput { kind, app, target: Some(target.get_value()) };
        shell.turn_favourite(input, known.get_untracked());
    };
    view! {
        <IconButton
            icon=Signal::derive(move || if is_kept.get() { "rating-on" } else { "rating" }.to_string())
            label=Signal::derive(label)
            size=ControlSize::Small
            pressed=is_kept
            class=class
            on_press=turn
        />
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_favourite_leads_to_its_page() {
        let id = engine::value::Id::from_i64(1).unwrap().to_string();
        let place = |kind: &str, target: &str| {
            let favourite =
                json!({"id": id, "kind": kind, "app": "crm", "target": target, "label": "x", "icon": null});
            let favourite: Favourite = serde_json::from_value(favourite).unwrap();
            (path_of(&favourite), icon_of(&favourite))
        };
        assert_eq!(place("app", &id), ("/apps/crm".to_string(), "apps".to_string()));
        assert_eq!(place("form", "7"), ("/apps/crm/forms/7".to_string(), "table".to_string()));
        assert_eq!(place("dashboard", "7"), ("/apps/crm/dashboards/7".to_string(), "trend".to_string()));
        assert_eq!(
            place("report", "roi.tiers"),
            ("/apps/crm/reports/roi.tiers".to_string(), "chart".to_string())
        );
    }
}
