//! First steps in a new workspace; gone when done, or when their reader put them away: then on every device. The server says
//! what is done: what came with a template is nobody's work.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::Hint;

use super::step_list::{Step, StepList, count_done};
use crate::api::{places, session};
use crate::shell::ShellContext;
use crate::t;
use crate::ui::{toast, wait_for};

#[component]
pub(super) fn Checklist() -> impl IntoView {
    let shell = ShellContext::expect();
    let kept = LocalResource::new(places::put_away);
    let put_away = RwSignal::new(false);
    // Nothing is shown before it is known whether it is wanted.
    let is_wanted = move || {
        let kept = kept.get().and_then(Result::ok);
        kept.is_some_and(|kept| !kept.hints.contains(&Hint::Checklist)) && !put_away.get()
    };
    let done = LocalResource::new(move || {
        // An app that was made since is seen at once.
        shell.apps.track();
        places::first_steps()
    });
    wait_for(move || kept.with(Option::is_some) && done.with(Option::is_some));
    // Where one finds a form to change.
    let own_app = move || {
        let own = shell.apps.get().and_then(Result::ok).unwrap_or_default();
        let first = own.into_iter().find(|app| app.administrator);
        first.map_or_else(|| "/templates".to_string(), |app| format!("/apps/{}", app.key))
    };
    let steps = Memo::new(move |_| {
        let done = done.get()?.ok()?;
        Some([done.app, done.form, done.people, done.approval])
    });
    let dismiss = Callback::new(move |()| {
        put_away.set(true);
        spawn_local(async move {
            if let Err(problem) = places::put_hint_away(Hint::Checklist).await {
                toast::refused(&problem);
                let _ = put_away.try_set(false);
            }
        });
    });
    move || {
        let [has_app, has_changed, has_people, has_started] = steps.get()?;
        let for_administrators = session::me().is_some_and(|me| me.member.administrator);
        let steps = vec![
            Step::new(has_app, "/templates", t!("checklist-template")),
            Step::new(has_changed, own_app(), t!("checklist-field")),
            Step::new(has_people, "/settings/members", t!("checklist-people")),
            Step::new(has_started, "/inbox?box=started", t!("checklist-flow")),
        ];
        if !is_wanted() || count_done(&steps) == steps.len() || !for_administrators {
            return None;
        }
        Some(
            view! { <StepList title=Signal::derive(t!("checklist-title")) steps=steps on_dismiss=Some(dismiss)/> },
        )
    }
}
