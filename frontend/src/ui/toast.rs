//! Short notes at the bottom that something was done, with a way back.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use leptos::prelude::*;

use super::problem_code::{copy_problem_code, problem_code};
use crate::api::Problem;
use crate::t;

/// How long a note stays, in seconds.
const SHOWN_FOR: u64 = 8;

/// The notes on the screen. Outside any owner: a note outlives the page that made it.
static TOASTS: LazyLock<ArcRwSignal<Vec<Toast>>> = LazyLock::new(|| ArcRwSignal::new(Vec::new()));
static NEXT: AtomicU64 = AtomicU64::new(0);

#[derive(Clone, Default)]
struct Toast {
    id: u64,
    text: String,
    /// The thing whose outcome it tells, where a later outcome of it makes this one untrue.
    about: Option<String>,
    /// By what is found out why something failed.
    code: Option<String>,
    action: Option<Action>,
}

/// What a note offers, by its name.
type Action = (String, std::sync::Arc<dyn Fn() + Send + Sync>);

/// Says that something was done.
pub fn show(text: impl Into<String>) {
    push(Toast { text: text.into(), ..Toast::default() });
}

/// Says why something was not done, with what is needed to find out more.
pub fn refused(problem: &Problem) {
    push(Toast { text: problem.sentence(), code: problem_code(problem), ..Toast::default() });
}

/// Says what has become of a thing, in place of what was said of it before: `已同意` takes the place of `已暂存`.
pub fn show_of(about: &str, text: impl Into<String>) {
    push(Toast { text: text.into(), about: Some(about.to_string()), ..Toast::default() });
}

/// The same, with one action: most often the way back to it.
pub fn show_of_with(
    about: &str,
    text: impl Into<String>,
    label: impl Into<String>,
    action: impl Fn() + Send + Sync + 'static,
) {
    let action: Action = (label.into(), std::sync::Arc::new(action));
    push(Toast {
        text: text.into(),
        about: Some(about.to_string()),
        action: Some(action),
        ..Toast::default()
    });
}

/// A note on the screen, for whoever has to take it away before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note(u64);

impl Note {
    /// Takes the note away; nothing where it is gone already.
    pub fn dismiss(self) {
        dismiss(self.0);
    }
}

/// Says that something was done and offers one action, most often to undo it: `撤销：移动「金额」`. Whoever offers what can't
/// be done later on takes the note away then.
pub fn show_with(
    text: impl Into<String>,
    label: impl Into<String>,
    action: impl Fn() + Send + Sync + 'static,
) -> Note {
    let action: Action = (label.into(), std::sync::Arc::new(action));
    push(Toast { text: text.into(), action: Some(action), ..Toast::default() })
}

fn push(toast: Toast) -> Note {
    let id = NEXT.fetch_add(1, Ordering::Relaxed);
    TOASTS.update(|toasts| {
        toasts.retain(|earlier| toast.about.is_none() || earlier.about != toast.about);
        toasts.push(Toast { id, ..toast });
        // More than three at once hide the page.
        let surplus = toasts.len().saturating_sub(3);
        toasts.drain(..surplus);
    });
    set_timeout(move || dismiss(id), Duration::from_secs(SHOWN_FOR));
    Note(id)
}

fn dismiss(id: u64) {
    TOASTS.update(|toasts| toasts.retain(|toast| toast.id != id));
}

/// The place where the notes appear; once in the page.
#[component]
pub fn Toasts() -> impl IntoView {
    let toast = |toast: Toast| {
        let id = toast.id;
        let action = toast.action.map(|(label, action)| {
            let run = move |_| {
                dismiss(id);
                action();
            };
            view! { <button type="button" on:click=run>{label}</button> }
        });
        let code = toast.code.map(|code| {
            let copied = code.clone();
            view! {
                <span class="problem-code note code">{code}</span>
                <button type="button" on:click=move |_| copy_problem_code(&copied)>{t!("ui-copy-code")}</button>
            }
        });
        view! { <span class="toast"><span>{toast.text}</span>{code}{action}</span> }
    };
    let place = NodeRef::<leptos::html::Div>::new();
    // Shown anew with each note, so that it lies over a dialog that was opened since.
    Effect::new(move || {
        let any = !TOASTS.with(Vec::is_empty);
        let Some(place) = place.get() else { return };
        let _ = place.hide_popover();
        if any {
            let _ = place.show_popover();
        }
    });
    view! {
        <div node_ref=place popover="manual" class="toasts no-print" role="status" aria-live="polite">
            <For each=|| TOASTS.get() key=|toast| toast.id children=toast/>
        </div>
    }
}
