//! Badges say a state; counts say how many.

use leptos::prelude::*;

use super::{Icon, Tone};
use crate::i18n;

/// A state: draft, running, approved, overdue.
#[component]
pub fn Badge(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] icon: Option<Signal<String>>,
    children: Children,
) -> impl IntoView {
    let class = super::button::classes(&["badge", tone.class()]);
    view! { <span class=class>{icon.map(|icon| view! { <Icon name=icon/> })}{children()}</span> }
}

/// How loud a count is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CountTone {
    #[default]
    Quiet,
    Accent,
    /// Waits for this reader.
    Hot,
}

/// A number of things.
#[component]
pub fn Count(#[prop(into)] value: Signal<u64>, #[prop(optional)] tone: CountTone) -> impl IntoView {
    let class = match tone {
        CountTone::Quiet => "count",
        CountTone::Accent => "count accent",
        CountTone::Hot => "count hot",
    };
    view! { <span class=class>{move || i18n::whole(value.get())}</span> }
}
