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
    move || shown(answer.get(), answer, &view, lines)
}

/// As [`Loaded`], but what is shown also stays while it is held: what would be drawn anew slips from under the pointer that drags
/// it. An answer that says nothing new draws nothing anew either.
#[component]
pub fn LoadedUnheld<T, V>(
    answer: LocalResource<Result<T, Problem>>,
    /// Whether something of what is shown is held now.
    #[prop(into)]
    held: Signal<bool>,
    /// Builds the view from the answer.
    view: impl Fn(T) -> V + Send + Sync + 'static,
    /// Lines of the skeleton.
    #[prop(default = 4)]
    lines: usize,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    wait_for(move || answer.with(Option::is_some));
    let settled = unheld(held, move || answer.get());
    move || shown(settled.get(), answer, &view, lines)
}

/// What is drawn: as it is now or, while something of it is held, as it was before.
pub fn unheld<T>(held: impl Into<Signal<bool>>, now: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let held = held.into();
    Memo::new(move |before: Option<&T>| match (held.get(), before) {
        (true, Some(before)) => before.clone(),
        _ => now(),
    })
}

fn shown<T, V>(
    now: Option<Result<T, Problem>>,
    answer: LocalResource<Result<T, Problem>>,
    view: &impl Fn(T) -> V,
    lines: usize,
) -> AnyView
where
    T: Clone + 'static,
    V: IntoView + 'static,
{
    match now {
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
