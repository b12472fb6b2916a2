//! First steps in a new workspace; gone when done or dismissed.

use leptos::prelude::*;
use leptos_router::components::A;

use crate::api::people;
use crate::api::session;
use crate::api::tasks::{TaskBox, tasks};
use crate::shell::ShellContext;
use crate::ui::{ControlSize, Icon, IconButton, IconSize, Progress};
use crate::{browser, i18n, t, text};

const DISMISSED_AS: &str = "formwork.checklist";

#[component]
pub(super) fn Checklist() -> impl IntoView {
    let shell = ShellContext::expect();
    let dismissed = RwSignal::new(browser::remembered(DISMISSED_AS).is_some());
    let members = LocalResource::new(people::members);
    let started = LocalResource::new(|| tasks(TaskBox::Started, 1));
    let steps = Memo::new(move |_| {
        let has_app = !shell.apps.get()?.ok()?.is_empty();
        let has_people = members.get()?.ok()?.items.len() > 1;
        let has_started = !started.get()?.ok()?.items.is_empty();
        Some([has_app, has_people, has_started])
    });
    let dismiss = move |_| {
        browser::remember(DISMISSED_AS, "yes");
        dismissed.set(true);
    };
    let step = |done: bool, href: &'static str, label: Signal<String>| {
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
        let [has_app, has_people, has_started] = steps.get()?;
        let done = [has_app, has_people, has_started].into_iter().filter(|done| *done).count() as u64;
        let for_administrators = session::me().is_some_and(|me| me.member.administrator);
        if dismissed.get() || done == 3 || !for_administrators {
            return None;
        }
        Some(view! {
            <section class="card">
                <div class="card-head">
                    <h2>{t!("checklist-title")}</h2>
                    <span class="note muted">{i18n::whole(done)}" / 3"</span>
                    <IconButton icon="close" label=t!("checklist-dismiss") size=ControlSize::Small on_press=dismiss/>
                </div>
                <div class="card-body stack g3">
                    <Progress value=done max=3 label=Signal::derive(|| text!("checklist-title"))/>
                    <ul class="stack">
                        {step(has_app, "/templates", Signal::derive(t!("checklist-template")))}
                        {step(has_people, "/settings/members", Signal::derive(t!("checklist-people")))}
                        {step(has_started, "/inbox?box=started", Signal::derive(t!("checklist-flow")))}
                    </ul>
                </div>
            </section>
        })
    }
}
