//! Steps that lead away from a page: a link that is pressed, and the browser's way back.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_navigate};

use crate::browser;

/// Hears of every step away from this part of a page before it is taken. Where `hold` says so the page stays as it is, and
/// what `hold` was given takes the step after all. The way back is heard of where `shows_another` says that two addresses,
/// the one left and the one that comes, show different things.
pub fn hold_steps(
    shows_another: fn(&str, &str) -> bool,
    hold: impl Fn(Callback<()>) -> bool + Copy + Send + Sync + 'static,
) {
    let navigate = StoredValue::new(use_navigate());
    let shown = shown_address();
    browser::hold_links(move |path| {
        hold(Callback::new(move |()| {
            navigate.with_value(|navigate| navigate(&path, Default::default()));
        }))
    });
    browser::hold_way_back(shown, move |from, to| {
        shows_another(from, to) && hold(Callback::new(|()| browser::go_back()))
    });
}

/// The browser's way back closes what lies over a part of a page, and leaves the page where it is: `close` does. Ends with the
/// part that asked for it.
pub fn close_by_way_back(close: impl Fn() + 'static) {
    browser::hold_way_back(shown_address(), move |_, _| {
        close();
        true
    });
}

/// The address that the product shows.
fn shown_address() -> impl Fn() -> String + 'static {
    let here = use_location();
    move || {
        let search = here.search.get_untracked();
        let mark = if search.is_empty() { "" } else { "?" };
        format!("{}{mark}{search}", here.pathname.get_untracked())
    }
}
