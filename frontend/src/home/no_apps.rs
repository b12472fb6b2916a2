//! What somebody reads who sees no app: how to begin, or whom to ask.

use leptos::prelude::*;
use leptos_router::components::A;
use wire::{Member, MemberState};

use crate::api::{people, session};
use crate::shell::ShellContext;
use crate::ui::{Button, Empty, wait_for};
use crate::{i18n, t, text};

/// Administrators who are named at most.
const NAMED: usize = 3;

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
        let names = members.get().flatten().map(|list| whom_to_ask(&list.items)).unwrap_or_default();
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

/// The names of administrators who can still sign in.
fn whom_to_ask(members: &[Member]) -> Vec<String> {
    let administer =
        members.iter().filter(|member| member.administrator && member.state == MemberState::Active);
    administer.take(NAMED).map(|member| member.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn administrators_who_are_there_are_asked() {
        let member = |name: &str, state: &str, administrator: bool| -> Member {
            let member = json!({"id": engine::value::Id::from_i64(1).unwrap().to_string(), "email": "m@example.com",
                "name": name, "state": state, "manager": null, "departments": [], "roles": [], "language": "en",
                "zone": null, "administrator": administrator});
            serde_json::from_value(member).unwrap()
        };
        let members = [
            member("Mei", "active", false),
            member("Gone", "disabled", true),
            member("Ada", "active", true),
            member("Bob", "active", true),
        ];
        assert_eq!(whom_to_ask(&members), ["Ada", "Bob"]);
    }
}
