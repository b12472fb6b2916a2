//! What is on its way: grey lines first, then the thing, or what went wrong with a way to try again.

use leptos::prelude::*;

use super::{Button, Empty, ProblemCode, Skeleton, wait_for};
use crate::api::Problem;
use crate::t;

/// Shows what an answer of the server becomes. While a new answer is on its way the old one stays. A page around it that is shown
/// as a whole waits for it.
#[component]
pub fn Loaded<T, V>(
    answer: LocalResource<Result<T, Problem>>,
    /// Builds the view from the answer.
    view: impl Fn(T) -> V + Send + Sync + 'static,
    /// Lines of the skeleton.
    #[prop(default = 4)]
    lines: usize,
) -> impl IntoView
where
    T: Clone + 'static,
    V: IntoView + 'static,
{
    wait_for(move || answer.with(Option::is_some));
    move || match answer.get() {
        None => view! { <div class="card-body"><Skeleton lines=lines/></div> }.into_any(),
        Some(Ok(value)) => view(value).into_any(),
        Some(Err(problem)) => {
            view! { <ProblemView problem=problem on_retry=move |()| answer.refetch()/> }.into_any()
        }
    }
}

/// Why something could not be shown.
#[component]
pub fn ProblemView(
    problem: Problem,
    #[prop(optional, into)] on_retry: Option<Callback<()>>,
    /// What else helps, where trying again does not.
    #[prop(optional, into)]
    ways_out: Option<ViewFn>,
) -> impl IntoView {
    let icon = match problem.status {
        403 | 404 => "lock",
        _other => "error",
    };
    // What the detail only repeats is said once.
    let detail = if problem.detail == problem.title { String::new() } else { problem.detail.clone() };
    let title = problem.title.clone();
    view! {
        <Empty icon=icon title=title text=detail>
            {on_retry.map(|retry| view! { <Button on_press=move |_| retry.run(())>{t!("ui-retry")}</Button> })}
            {ways_out.map(|ways_out| ways_out.run())}
            <ProblemCode problem=problem/>
        </Empty>
    }
}
