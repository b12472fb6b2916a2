//! Why a part does not come, and what is said then.

use std::time::Duration;

use leptos::prelude::*;

use super::arriving::Arriving;
use crate::ui::{Button, Empty};
use crate::{api, browser, t};

/// Long enough to read why the page is loaded anew.
const NOTICE: Duration = Duration::from_secs(2);

/// Under which this tab remembers for which program it was loaded anew.
const RELOADED: &str = "reloaded-for";

/// Why a part does not come.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Absence {
    /// The server does not answer.
    Unreachable,
    /// The server has another program by now, whose parts have other names.
    Replaced,
    /// The server answers, and has the program that runs here.
    Broken,
}

/// Why a part did not come: the program itself has a name that changes with its content, as its parts have.
pub(super) async fn reason() -> Absence {
    let Some(program) = browser::program() else { return Absence::Broken };
    match api::program::is_served(&program).await {
        None => Absence::Unreachable,
        Some(false) => Absence::Replaced,
        Some(true) => Absence::Broken,
    }
}

/// Loads the page anew after a notice: the new program has the part. Once for a program; when the same one comes back,
/// it is left to the person.
pub(super) async fn reload_once() {
    let program = browser::program().unwrap_or_default();
    if browser::is_new_to_tab(RELOADED, &program) {
        gloo_timers::future::sleep(NOTICE).await;
        browser::reload();
    }
}

/// What stands in the place of a part that does not come.
#[component]
pub(super) fn Missing(why: Absence, part: Arriving) -> impl IntoView {
    match why {
        Absence::Unreachable => view! {
            <Empty icon="error" title=t!("part-missing-title") text=Signal::derive(t!("part-unreachable"))>
                <Button on_press=move |_| part.ask_again()>{t!("ui-retry")}</Button>
            </Empty>
        }
        .into_any(),
        Absence::Broken => view! {
            <Empty icon="error" title=t!("part-missing-title") text=Signal::derive(t!("part-broken"))>
                <Button on_press=move |_| part.ask_again()>{t!("ui-retry")}</Button>
            </Empty>
        }
        .into_any(),
        Absence::Replaced => view! {
            <Empty icon="refresh" title=t!("part-replaced-title") text=Signal::derive(t!("part-replaced"))>
                <Button on_press=move |_| browser::reload()>{t!("part-reload")}</Button>
            </Empty>
        }
        .into_any(),
    }
}
