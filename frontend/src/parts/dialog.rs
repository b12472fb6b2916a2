//! A dialog that is fetched when it is opened for the first time.

use std::future::Future;

use leptos::prelude::*;

use super::absence::Missing;
use super::arriving::{Arriving, Stage};
use super::pages::Arrived;
use crate::ui::{Dialog, Skeleton};

/// Shows a dialog of its own until the part is here, whose dialog then takes its place.
#[component]
pub fn DialogPart<W>(
    /// What opens the part's dialog too.
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// Brings it: one of the functions of this module, with what it needs.
    load: impl Fn() -> W + Send + Sync + 'static,
) -> impl IntoView
where
    W: Future<Output = Arrived> + 'static,
{
    let load = StoredValue::new(load);
    let wanted = Memo::new(move |before: Option<&bool>| before == Some(&true) || open.get());
    view! {
        <Show when=move || wanted.get()>
            <Opened open=open title=title load=move || load.with_value(|load| load())/>
        </Show>
    }
}

#[component]
fn Opened<W>(open: RwSignal<bool>, title: Signal<String>, load: impl Fn() -> W + 'static) -> impl IntoView
where
    W: Future<Output = Arrived> + 'static,
{
    let part = Arriving::start(load);
    let waiting = move || match part.stage() {
        Stage::Coming | Stage::Here => view! { <Skeleton lines=6/> }.into_any(),
        Stage::Missing(why) => view! { <Missing why=why part=part/> }.into_any(),
    };
    // This dialog goes before the other comes, and gives the focus back to where that will find it.
    view! {
        <Show when=move || !part.is_here()>
            <Dialog open=open title=title>{waiting}</Dialog>
        </Show>
        {move || part.is_here().then(|| part.take()).flatten()}
    }
}
