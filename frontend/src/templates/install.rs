//! A template: what is in it; installing it with the choice of language and demo data, and the progress; clearing the demo of
//! one that is installed.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use wire::Hint;

use super::clear_demo::ClearDemo;
use super::contents::Contents;
use crate::api::Problem;
use crate::api::jobs::{self, Job, JobState};
use crate::api::people;
use crate::api::places;
use crate::api::session;
use crate::api::templates::{Template, install};
use crate::i18n::{self, Language};
use crate::ui::{Banner, Button, ButtonKind, Choice, Dialog, Field, Progress, Select, Switch, Tone, toast};
use crate::{t, text};

/// The dialog over the template centre; `chosen` opens it.
#[component]
pub(super) fn InstallDialog(
    chosen: RwSignal<Option<Template>>,
    /// Every template: some are installed with others.
    all: LocalResource<Result<Vec<Template>, Problem>>,
    #[prop(into)] on_installed: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let locale = RwSignal::new(Language::default());
    let demo = RwSignal::new(true);
    let job = RwSignal::new(None::<Job>);
    let running = RwSignal::new(false);
    let fault = RwSignal::new(None::<String>);
    // Cancelled before the job had a name: it is cancelled as soon as it has one.
    let unwanted = RwSignal::new(false);
    let navigate = StoredValue::new(use_navigate());

    Effect::new(move || {
        if let Some(template) = chosen.get() {
            let mine = i18n::language_now();
            let known = template.languages.is_empty() || template.languages.contains(&mine);
            locale.set(if known { mine } else { template.languages.first().copied().unwrap_or(mine) });
            fault.set(None);
            job.set(None);
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            chosen.set(None);
        }
    });
    let administers = session::me().is_some_and(|me| me.member.administrator);
    let is_there = move || chosen.with(|chosen| chosen.as_ref().is_some_and(|t| !t.installed.is_empty()));
    let title = move || {
        let label = chosen.with(|chosen| chosen.as_ref().map(|t| t.label.get(i18n::language()).to_string()));
        let name = label.unwrap_or_default();
        if is_there() || !administers { name } else { text!("template-install-title", name = name) }
    };
    let go_to_app = move || {
        let app = chosen.with_untracked(|chosen| chosen.as_ref().and_then(|t| t.installed.first().cloned()));
        let Some(app) = app else { return };
        open.set(false);
        navigate.with_value(|go| go(&format!("/apps/{app}"), Default::default()));
    };

    // Where the dialog was closed meanwhile, the word is said beside the page.
    let tell = move |sentence: String| match open.get_untracked() {
        true => fault.set(Some(sentence)),
        false => toast::show(sentence),
    };
    let run = move || {
        let Some(template) = chosen.get_untracked() else { return };
        running.set(true);
        unwanted.set(false);
        fault.set(None);
        let name = template.label.get(i18n::language_now()).to_string();
        spawn_local(async move {
            let ended = match install(&template.key, locale.get_untracked(), demo.get_untracked()).await {
                Ok(id) => {
                    // Whoever cancels before it is told how the job stands has cancelled it too.
                    let stop_unwanted = || {
                        if unwanted.get_untracked() {
                            unwanted.set(false);
                            stop(id.clone());
                        }
                    };
                    stop_unwanted();
                    let told = |standing| {
                        job.set(Some(standing));
                        stop_unwanted();
                    };
                    jobs::watch(&id, told).await
                }
                Err(problem) => Err(problem),
            };
            running.set(false);
            job.set(None);
            match ended {
                Ok(job) if job.state == JobState::Done => {
                    // What comes next is shown, also to who had put it away for another app.
                    let _ = places::bring_hint_back(Hint::NextSteps).await;
                    on_installed.run(());
                    open.set(false);
                    toast::show(text!("template-install-done", name = name));
                    if let Some(app) = job.result.get("app").and_then(|app| app.as_str()) {
                        navigate.with_value(|go| go(&format!("/apps/{app}"), Default::default()));
                    }
                }
                Ok(job) if job.state == JobState::Cancelled => {
                    tell(text!("template-install-cancelled"));
                }
                Ok(job) => {
                    let sentence = job.problem.map(|problem| problem.sentence());
                    tell(sentence.unwrap_or_else(|| text!("template-install-failed")));
                }
                Err(problem) => tell(problem.sentence()),
            }
        });
    };
    let cancel = move |_| match (running.get_untracked(), job.get_untracked()) {
        (true, Some(job)) => stop(job.id),
        (true, None) => unwanted.set(true),
        (false, _) => open.set(false),
    };
    let along = move || {
        let language = i18n::language();
        let needs = chosen.with(|chosen| chosen.as_ref().map(|t| t.needs.clone())).unwrap_or_default();
        let all = all.get().and_then(Result::ok).unwrap_or_default();
        let missing = |template: &&Template| needs.contains(&template.key) && template.installed.is_empty();
        let names = i18n::listed(all.iter().filter(missing).map(|t| t.label.get(language)));
        (!names.is_empty()).then(|| {
            view! {
                <p class="note muted" data-along="">{text!("template-along", names = names)}</p>
            }
        })
    };
    let choose = move |tag: Option<String>| {
        if let Some(language) = tag.as_deref().and_then(Language::from_tag) {
            locale.set(language);
        }
    };
    let installed_foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-close")}</Button>
            <Button kind=ButtonKind::Primary on_press=move |_| go_to_app()>{t!("template-open")}</Button>
        }
    };
    // Who may not install is shown what there is, and whom to ask.
    let installers =
        LocalResource::new(
            move || async move { if administers { None } else { people::members().await.ok() } },
        );
    let whom_to_ask = move || {
        let names =
            installers.get().flatten().map(|list| people::whom_to_ask(&list.items)).unwrap_or_default();
        match names.is_empty() {
            true => text!("template-installers"),
            false => text!("template-installers-named", names = i18n::listed(names)),
        }
    };
    let closing_foot = move || view! { <Button on_press=move |_| open.set(false)>{t!("ui-close")}</Button> };
    let install_foot = move || {
        view! {
            <Button on_press=cancel>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=running on_press=move |_| run()>{t!("template-install")}</Button>
        }
    };
    let foot = move || match is_there() && !running.get() {
        true => installed_foot().into_any(),
        false if !administers => closing_foot().into_any(),
        false => install_foot().into_any(),
    };
    let foot = move || view! { {foot} };
    let languages = Signal::derive(move || {
        let offered = chosen.with(|chosen| chosen.as_ref().map(|t| t.languages.clone())).unwrap_or_default();
        let offered = if offered.is_empty() { Language::ALL.to_vec() } else { offered };
        offered
            .into_iter()
            .map(|language| Choice::new(language.tag(), i18n::own_name(language)))
            .collect::<Vec<_>>()
    });
    let key_of_chosen = move || chosen.with(|chosen| chosen.as_ref().map(|t| t.key.clone()));
    let choices = move || {
        view! {
            <Field label=t!("template-language") help=Signal::derive(t!("template-language-help"))>
                <Select
                    choices=languages
                    value=Signal::derive(move || Some(locale.get().tag().to_string()))
                    on_change=choose
                    disabled=running
                />
            </Field>
            <label class="switch-row">
                <span class="stack g1">
                    <span>{t!("template-demo")}</span>
                    <span class="note muted">{t!("template-demo-help")}</span>
                </span>
                <Switch checked=demo on_change=move |on| demo.set(on) disabled=running label=t!("template-demo")/>
            </label>
        }
    };
    let below = move || match is_there() {
        true => {
            let key = key_of_chosen().filter(|_| administers);
            key.map(|key| view! { <ClearDemo template=key/> }).into_any()
        }
        false if !administers => view! { <Banner tone=Tone::Info>{whom_to_ask}</Banner> }.into_any(),
        false => choices().into_any(),
    };
    view! {
        <Dialog open=open title=Signal::derive(title) foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                {move || chosen.get().and_then(|t| t.summary).map(|summary| view! {
                    <p class="soft-text">{move || summary.get(i18n::language()).to_string()}</p>
                })}
                {move || (!is_there() && administers).then(along).flatten()}
                {move || fault.get().map(|sentence| view! { <Banner tone=Tone::Danger>{sentence}</Banner> })}
                {below}
                {move || running.get().then(|| view! { <Standing job=job/> })}
                {move || key_of_chosen().map(|key| view! { <Contents template=key/> })}
            </div>
        </Dialog>
    }
}

/// Cancels the job; its end is told by who watches it.
fn stop(job: String) {
    spawn_local(async move {
        if let Err(problem) = jobs::cancel(&job).await {
            toast::refused(&problem);
        }
    });
}

/// How far the installation is.
#[component]
fn Standing(job: RwSignal<Option<Job>>) -> impl IntoView {
    let done = Signal::derive(move || job.with(|job| job.as_ref().map_or(0, |job| job.done)));
    let total = Signal::derive(move || job.with(|job| job.as_ref().and_then(|job| job.total).unwrap_or(0)));
    view! {
        <div class="stack" role="status">
            <div class="row between small-text">
                <span>{t!("template-installing")}</span>
                <span class="num muted">
                    {move || (total.get() > 0).then(|| format!("{} / {}", i18n::whole(done.get()), i18n::whole(total.get())))}
                </span>
            </div>
            <Progress value=done max=total label=t!("template-installing")/>
        </div>
    }
}
