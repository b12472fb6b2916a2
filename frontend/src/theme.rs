//! Light or dark, by the system or by choice, remembered in this browser.

use std::sync::LazyLock;

use leptos::prelude::*;

use crate::browser;

const REMEMBERED_AS: &str = "formwork.theme";

static THEME: LazyLock<ArcRwSignal<Theme>> = LazyLock::new(|| ArcRwSignal::new(first_theme()));

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    pub fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    pub fn from_name(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

fn first_theme() -> Theme {
    browser::remembered(REMEMBERED_AS).and_then(|name| Theme::from_name(&name)).unwrap_or_default()
}

/// The chosen theme; tracked.
pub fn theme() -> Theme {
    THEME.get()
}

/// Changes the theme of the page and remembers it.
pub fn set_theme(theme: Theme) {
    browser::remember(REMEMBERED_AS, theme.name());
    THEME.set(theme);
    apply();
}

/// Puts the theme on the page; the style sheets follow the system while none is chosen.
pub fn apply() {
    let theme = THEME.get_untracked();
    browser::set_document_data("theme", (theme != Theme::System).then_some(theme.name()));
}

/// Whether the page is dark now; tracked as far as the choice goes.
pub fn is_dark() -> bool {
    match theme() {
        Theme::Light => false,
        Theme::Dark => true,
        Theme::System => browser::prefers_dark(),
    }
}
