//! First steps in a new workspace; gone when done, or when their reader put them away: then on every device. The server says
//! what is done: what came with a template is nobody's work.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use wire::Hint;

use crate::api::{places, session};
use crate::shell::ShellContext;
use crate::ui::{ControlSize, Icon, IconButton, IconSize, Progress, toast, wait_for};
use crate::{i18n, t, text};

/// How many things there are to do.
const STEPS: u64 = 4;

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
    let dismiss = move |_| {
        put_away.set(true);
        spawn_local(async move {
            if let Err(problem) = places::put_hint_away(Hint::Checklist).await {
                toast::refused(&problem);
                let _ = put_away.try_set(false);
            }
        });
    };
    let step = |done: bool, href: String, label: Signal<String>| {
        if done {
            view! {
                <li class="row muted"><span class="ok-text"><Icon name="ok" size=IconSize::Small/></span>{label}</li>
            }
            .into_any()
        } else {
            view! {
                <li class="row">
                    <span class="muted"><Icon name="circle" size=IconSize::Small/></span>
                    <A href=href attr:class="link">{label}</A>
                </li>
            }
            .into_any()
        }
    };
    move || {
        let [has_app, has_changed, has_people, has_started] = steps.get()?;
        let done = steps.get()?.into_iter().filter(|done| *done).count() as u64;
        let for_administrators = session::me().is_some_and(|me| me.member.administrator);
        if !is_wanted() || done == STEPS || !for_administrators {
            return None;
        }
        Some(view! {
            <section class="card">
                <div class="card-head">
                    <h2>{t!("checklist-title")}</h2>
                    <span class="note muted">{i18n::whole(done)}" / "{i18n::whole(STEPS)}</span>
                    <IconButton icon="close" label=t!("checklist-dismiss") size=ControlSize::Small on_press=dismiss/>
                </div>
                <div class="card-body stack g3">
                    <Progress value=done max=STEPS label=Signal::derive(|| text!("checklist-title"))/>
                    <ul class="stack">
                        {step(has_app, "/templates".to_string(), Signal::derive(t!("checklist-template")))}
                        {step(has_changed, own_app(), Signal::derive(t!("checklist-field")))}
                        {step(has_people, "/settings/members".to_string(), Signal::derive(t!("checklist-people")))}
                        {step(has_started, "/inbox?box=started".to_string(), Signal::derive(t!("checklist-flow")))}
                    </ul>
                </div>
            </section>
        })
    }
}
