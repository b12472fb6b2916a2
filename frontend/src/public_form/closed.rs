//! Why there is no form behind a link.

use std::time::Duration;

use leptos::prelude::*;

use crate::api::{Problem, seconds_to_wait};
use crate::browser;
use crate::t;
use crate::ui::{Button, Empty, ProblemView};

#[component]
pub fn Closed(problem: Problem, #[prop(into)] on_again: Callback<()>) -> impl IntoView {
    let title = match problem.status {
        404 => Signal::derive(t!("public-unknown")),
        410 => Signal::derive(t!("public-closed")),
        429 => Signal::derive(t!("public-many")),
        _ => Signal::stored(problem.title.clone()),
    };
    Effect::new(move || browser::set_title(&title.get()));
    match problem.status {
        404 => view! { <Empty icon="search" title=title text=Signal::derive(t!("public-unknown-text")) whole_page=true/> }.into_any(),
        410 => view! { <Empty icon="lock" title=title text=Signal::derive(t!("public-closed-text")) whole_page=true/> }.into_any(),
        429 => {
            let left = count_down(seconds_to_wait(&problem).unwrap_or_default(), on_again);
            let text = Signal::derive(move || t!("public-many-text", seconds = left.get())());
            view! {
                <Empty icon="clock" title=title text=text whole_page=true>
                    <Button on_press=move |_| on_again.run(())>{t!("ui-retry")}</Button>
                </Empty>
            }
            .into_any()
        }
        _ => view! { <ProblemView problem=problem on_retry=on_again/> }.into_any(),
    }
}

/// Seconds that are left, as they pass; `then` runs at the end of the last one, unless its page has gone.
pub fn count_down(seconds: u32, then: Callback<()>) -> RwSignal<u32> {
    let left = RwSignal::new(seconds.max(1));
    leptos::task::spawn_local(async move {
        loop {
            gloo_timers::future::sleep(Duration::from_secs(1)).await;
            let now = left.try_update(|left| {
                *left = left.saturating_sub(1);
                *left
            });
            match now {
                None => return,
                Some(0) => {
                    then.try_run(());
                    return;
                }
                Some(_) => {}
            }
        }
    });
    left
}
