//! What somebody reads who sees no app: how to begin, or whom to ask.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::api::{people, session};
use crate::shell::ShellContext;
use crate::ui::{Button, Empty, wait_for};
use crate::{i18n, t, text};

/// The place of the apps while there are none. Administrators are shown how to get one; others, who lets them in.
#[component]
pub(super) fn NoApps() -> impl IntoView {
    let shell = ShellContext::expect();
    let administers = || session::me().is_some_and(|me| me.member.administrator);
    let members = LocalResource::new(move || {
        let asks = !administers();
        async move { if asks { people::members().await.ok() } else { None } }
    });
    wait_for(move || members.with(Option::is_some));
    let title = move || if administers() { text!("home-no-apps") } else { text!("home-no-apps-for-you") };
    let next_step = move || {
        if administers() {
            return text!("home-no-apps-text");
        }
        let names = members.get().flatten().map(|list| people::whom_to_ask(&list.items)).unwrap_or_default();
        match names.is_empty() {
            true => text!("home-no-apps-ask"),
            false => text!("home-no-apps-ask-whom", names = i18n::listed(names)),
        }
    };
    view! {
        <div class="card gap-top">
            <Empty icon="apps" title=Signal::derive(title) text=Signal::derive(next_step)>
                {move || administers().then(|| view! {
                    <span class="row">
                        <A href="/templates" attr:class="btn primary">{t!("home-to-templates")}</A>
                        <Button icon="table" on_press=move |_| shell.ask_for_app(true)>{t!("home-from-sheet")}</Button>
                    </span>
                })}
            </Empty>
        </div>
    }
}
