//! The address of a link, to be copied, and as a code that phones read.

use engine::text::qr_code;
use leptos::prelude::*;
use wire::Link;

use super::address;
use super::page::Desk;
use crate::api::segment;
use crate::ui::{Button, ButtonKind, Dialog, Field, TextInput, toast};
use crate::{browser, t, text};

#[component]
pub(super) fn CodeDialog(desk: Desk) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if desk.shown.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            desk.shown.set(None);
        }
    });
    let copy = move |_| {
        browser::copy_from("input[name=public-link]");
        toast::show(text!("links-copied"));
    };
    let picture = move || desk.shown.with_untracked(|link| qr_code(&address(link.as_ref()?)?));
    let save = move |_| {
        let name = desk.shown.with_untracked(|link| link.as_ref().map(|link| link.name.clone()));
        if let (Some(name), Some(picture)) = (name, picture()) {
            browser::download(&format!("{name}.svg"), "image/svg+xml", &picture);
        }
    };
    let foot = move || {
        view! {
            <Button icon="download" on_press=save>{t!("links-code-save")}</Button>
            <Button kind=ButtonKind::Primary icon="copy" on_press=copy>{t!("links-copy")}</Button>
        }
    };
    let title = Signal::derive(move || {
        desk.shown.with(|link| link.as_ref().map(|link| link.name.clone()).unwrap_or_default())
    });
    let shown = move |link: Link| {
        let whole = address(&link)?;
        let drawn = qr_code(&whole).map(|picture| format!("data:image/svg+xml,{}", segment(&picture)));
        Some(view! {
            <Field label=t!("links-address")>
                <TextInput value=Signal::stored(whole) name="public-link"/>
            </Field>
            {drawn.map(|drawn| view! {
                <div class="center-box"><img class="qr" src=drawn alt=t!("links-code-alt") width="220" height="220"/></div>
            })}
        })
    };
    view! {
        <Dialog open=open title=title foot=Some(ViewFn::from(foot))>
            <div class="stack g4">{move || desk.shown.get().and_then(shown)}</div>
        </Dialog>
    }
}
