//! Asking before a page or a drawer with unsaved entries is left.

use leptos::prelude::*;

use crate::shell::hold_steps;
use crate::ui::{Button, ButtonKind, Dialog, DialogSize, toast};
use crate::{browser, t, text};

/// What stands in the way of leaving a record that lies beside something else, such as a grid. Whoever shows records in
/// such a place provides one, and takes its steps through it.
#[derive(Clone, Copy)]
pub struct Leaving(RwSignal<Option<Held>>);

/// What a record says to a step away from it.
#[derive(Clone, Copy)]
struct Held {
    /// Whether it asks before the step is taken.
    ask: Callback<Callback<()>, bool>,
    unsaved: Callback<(), bool>,
}

impl Leaving {
    pub fn new() -> Leaving {
        Leaving(RwSignal::new(None))
    }

    /// Takes a step away from the record: at once where nothing is unsaved, else when somebody has said so.
    pub fn then(self, step: impl Fn() + Send + Sync + 'static) {
        let step = Callback::new(move |()| step());
        let holds = self.0.get_untracked().is_some_and(|held| held.ask.run(step));
        if !holds {
            step.run(());
        }
    }

    /// Whether a step away would leave something unsaved; not tracked.
    pub fn is_unsaved(self) -> bool {
        self.0.get_untracked().is_some_and(|held| untrack(|| held.unsaved.run(())))
    }
}

/// Asks while `unsaved` says so: the browser where the page ends, the product where a link, the way back or a step beside
/// leads elsewhere. What was entered is kept in this browser unless it is discarded.
#[component]
pub fn AskBeforeLeaving(
    unsaved: impl Fn() -> bool + Copy + Send + Sync + 'static,
    /// Whether this browser keeps what was entered longer than the page lives.
    #[prop(default = Signal::stored(true), into)]
    keeps: Signal<bool>,
    /// Throws away what was entered.
    #[prop(into)]
    on_discard: Callback<()>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    let wanted = RwSignal::new(None::<Callback<()>>);
    let going = StoredValue::new(false);
    let ask = move |step: Callback<()>| {
        let hold = !going.get_value() && untrack(unsaved);
        if hold {
            wanted.set(Some(step));
            asking.set(true);
        }
        hold
    };
    browser::ask_before_leaving(unsaved);
    hold_steps(shows_another, ask);
    if let Some(Leaving(asked)) = use_context::<Leaving>() {
        let unsaved = Callback::new(move |()| unsaved());
        asked.set(Some(Held { ask: Callback::new(ask), unsaved }));
        on_cleanup(move || {
            let _ = asked.try_set(None);
        });
    }
    let go = move |discards: bool| {
        let Some(step) = wanted.get_untracked() else { return };
        going.set_value(true);
        asking.set(false);
        if discards {
            on_discard.run(());
        } else {
            toast::show(if keeps.get_untracked() {
                text!("record-left-draft")
            } else {
                text!("record-nothing-kept")
            });
        }
        step.run(());
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| go(true)>{t!("record-leave-discard")}</Button>
            <Button on_press=move |_| go(false)>{t!("record-leave")}</Button>
            <Button kind=ButtonKind::Primary on_press=move |_| asking.set(false)>{t!("record-stay")}</Button>
        }
    };
    view! {
        <Dialog open=asking title=Signal::derive(t!("record-leave-title")) size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            <p>{move || if keeps.get() { t!("record-leave-text")() } else { t!("record-leave-text-tab")() }}</p>
        </Dialog>
    }
}

/// Whether two addresses show different pages, or different records or tasks beside the same list. Another sort or filter leaves
/// nothing.
fn shows_another(from: &str, to: &str) -> bool {
    let shown = |address: &str| {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let names_one = |part: &&str| part.starts_with("record=") || part.starts_with("task=");
        let one = query.split('&').find(names_one);
        (path.to_string(), one.map(str::to_string))
    };
    shown(from) != shown(to)
}

#[cfg(test)]
mod tests {
    use super::shows_another;

    #[test]
    fn another_sort_leaves_no_record() {
        assert!(!shows_another("/apps/a/forms/1?record=7", "/apps/a/forms/1?sort=name&record=7"));
        assert!(shows_another("/apps/a/forms/1?record=7", "/apps/a/forms/1?sort=name&record=8"));
        assert!(shows_another("/apps/a/forms/1?record=7", "/apps/a/forms/1"));
        assert!(shows_another("/apps/a/forms/1", "/apps/a/forms/2"));
        assert!(shows_another("/inbox?box=todo&task=7", "/inbox?box=todo&task=8"));
    }
}
