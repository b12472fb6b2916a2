//! A page that is fetched when it is opened.

use std::future::Future;

use leptos::prelude::*;

use super::absence::Missing;
use super::arriving::{Arriving, Stage};
use super::pages::Arrived;
use crate::ui::Skeleton;

/// Shows a part as soon as it is here.
#[component]
pub fn Part<W>(
    /// Brings it: one of the functions of this module.
    load: impl Fn() -> W + 'static,
) -> impl IntoView
where
    W: Future<Output = Arrived> + 'static,
{
    let part = Arriving::start(load);
    move || match part.stage() {
        Stage::Coming => view! { <div class="card-body"><Skeleton lines=6/></div> }.into_any(),
        Stage::Here => part.take().into_any(),
        Stage::Missing(why) => view! { <Missing why=why part=part/> }.into_any(),
    }
}
