//! The address and the secret of a hook, to be handed to the sender: the secret is told this once.

use leptos::prelude::*;
use wire::{Hook, HookProof};

use super::address;
use super::section::HookDesk;
use crate::ui::{Banner, Button, ButtonKind, Dialog, Field, TextInput, Tone, toast};
use crate::{browser, t, text};

#[component]
pub(super) fn SecretDialog(desk: HookDesk) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if desk.told.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            desk.told.set(None);
        }
    });
    let copy_address = move |_| {
        browser::copy_from("input[name=hook-address]");
        toast::show(text!("hooks-address-copied"));
    };
    let copy_secret = move |_| {
        browser::copy_from("input[name=hook-secret]");
        toast::show(text!("hooks-secret-copied"));
    };
    let foot = move || {
        view! {
            <Button icon="copy" on_press=copy_address>{t!("hooks-copy-address")}</Button>
            <Button kind=ButtonKind::Primary icon="copy" on_press=copy_secret>{t!("hooks-copy-secret")}</Button>
        }
    };
    let title = Signal::derive(move || {
        desk.told.with(|hook| hook.as_ref().map(|hook| hook.name.clone()).unwrap_or_default())
    });
    let shown = move |hook: Hook| {
        let is_signing = hook.proof == HookProof::Sign;
        let how = move || if is_signing { text!("hooks-how-sign") } else { text!("hooks-how-bearer") };
        let is_second = hook.secrets > 1;
        let (sent_to, secret) = (address(&hook).unwrap_or_default(), hook.secret.unwrap_or_default());
        view! {
            <Banner tone=Tone::Warning>{t!("hooks-told-once")}</Banner>
            <Field label=t!("hooks-address")>
                <TextInput value=Signal::stored(sent_to) name="hook-address"/>
            </Field>
            <Field label=t!("hooks-secret")>
                <TextInput value=Signal::stored(secret) name="hook-secret"/>
            </Field>
            <p class="soft-text">{how}</p>
            {is_second.then(|| view! { <p class="soft-text">{t!("hooks-second")}</p> })}
        }
    };
    view! {
        <Dialog open=open title=title foot=Some(ViewFn::from(foot))>
            <div class="stack g4">{move || desk.told.get().map(shown)}</div>
        </Dialog>
    }
}
