//! Asking before a page with unsaved entries is left.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::ui::{Button, ButtonKind, Dialog, DialogSize};
use crate::{browser, t};

/// Asks while `unsaved` says so: the browser where the page ends, the product where a link leads to another page of it.
#[component]
pub fn AskBeforeLeaving(unsaved: impl Fn() -> bool + Copy + 'static) -> impl IntoView {
    let asking = RwSignal::new(false);
    let wanted = StoredValue::new(String::new());
    let going = StoredValue::new(false);
    browser::ask_before_leaving(unsaved);
    browser::hold_links(move |path| {
        let hold = !going.get_value() && untrack(unsaved);
        if hold {
            wanted.set_value(path);
            asking.set(true);
        }
        hold
    });
    let navigate = StoredValue::new(use_navigate());
    let go = move |_| {
        going.set_value(true);
        asking.set(false);
        navigate.with_value(|navigate| navigate(&wanted.get_value(), Default::default()));
    };
    let foot = move || {
        view! {
            <Button on_press=go>{t!("record-leave")}</Button>
            <Button kind=ButtonKind::Primary on_press=move |_| asking.set(false)>{t!("record-stay")}</Button>
        }
    };
    view! {
        <Dialog open=asking title=Signal::derive(t!("record-leave-title")) size=DialogSize::Small foot=Some(ViewFn::from(foot))>
            <p>{t!("record-leave-text")}</p>
        </Dialog>
    }
}
