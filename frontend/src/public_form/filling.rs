//! The form itself: its heading, its pages, and the bar that turns them and sends the answer.

use engine::context::{Context, Dice};
use engine::record::{Draft, read_values};
use leptos::prelude::*;
use wire::PublicTaken;

use super::kept;
use super::loaders::loaders;
use super::sending::Sending;
use super::turning::Pages;
use crate::api::is_connected;
use crate::api::public_forms::{OpenLink, Visit};
use crate::fill::{FaultList, FormPage, FormState, PageFields, Purpose, Titles};
use crate::ui::{Banner, Button, ButtonKind, ControlSize, Icon, ProblemCode, Progress, Tile, Tone, icon_or};
use crate::{browser, i18n, t, text};

/// The moment and the app's parameters, for the engine: nobody is signed in.
fn context(open: &OpenLink) -> Context {
    let zone = jiff::tz::TimeZone::get(&open.said.zone).unwrap_or_else(|_| browser::zone());
    let mut context = Context::system(browser::now(), zone);
    context.params = open.form.params();
    context.dice = Dice::new(browser::chance());
    context
}

#[component]
pub fn Filling(
    token: StoredValue<String>,
    open: OpenLink,
    #[prop(into)] on_taken: Callback<PublicTaken>,
    /// The link asks for its password once more.
    #[prop(into)]
    on_locked: Callback<()>,
) -> impl IntoView {
    let visit = Visit { token: token.get_value(), ticket: open.said.ticket.clone() };
    let visit = StoredValue::new(visit);
    let titles = Titles::default();
    let mut draft = Draft::new(open.form.form.clone(), context(&open));
    let begun = read_values(&open.form.form, &open.said.values);
    if !begun.is_empty() {
        draft.apply(begun);
    }
    let state = FormState::new(draft, loaders(&open, visit, titles), titles);
    state.editable.set_value(Some(open.form.editable()));
    let sending = Sending::new(state, &open, visit);
    let found = kept::draft(&token.get_value()).filter(|fields| state.says_more(fields));
    let restored = RwSignal::new(found.is_some());
    if let Some(fields) = found {
        state.take_kept(&fields);
    }
    let pages = Pages::of(state);
    browser::ask_before_leaving(move || sending.is_unsaved());

    let heading = open.said.heading.clone().unwrap_or_else(|| open.form.info.label.clone());
    let heading = Signal::derive(move || heading.get(i18n::language()).to_string());
    Effect::new(move || browser::set_title(&heading.get()));
    let intro = open.said.intro.clone().map(|intro| {
        view! { <p class="soft-text">{move || intro.get(i18n::language()).to_string()}</p> }
    });
    let icon = icon_or(open.form.info.icon.as_deref(), "form");
    let sheets = pages.all.get_value().into_iter().enumerate();
    let sheets = sheets.map(|(place, page)| view! { <Sheet state=state pages=pages place=place page=page/> });
    let sheets = sheets.collect_view();
    let start_over = move |_| {
        sending.forget();
        browser::reload();
    };
    let workspace = open.said.workspace;
    view! {
        <div class="stack g6">
            <div class="row">
                <Tile icon=icon colour=12/>
                <span class="medium soft-text clip" title=workspace.clone()>{workspace.clone()}</span>
                {move || (pages.count() > 1).then(|| view! {
                    <span class="push note muted num nowrap" role="status">{t!("public-page", number = pages.number(), count = pages.count())}</span>
                })}
            </div>
            {move || (pages.count() > 1).then(|| view! {
                <Progress
                    value=Signal::derive(move || pages.number() as u64)
                    max=Signal::derive(move || pages.count() as u64)
                    label=Signal::derive(t!("public-progress"))
                />
            })}
            <div class="stack">
                <h1 class="big-title">{heading}</h1>
                {intro}
            </div>
            {move || restored.get().then(|| view! {
                <Banner tone=Tone::Info>
                    <div class="kept">
                        <span>{t!("public-restored")}</span>
                        <Button kind=ButtonKind::Ghost on_press=start_over>{t!("public-start-over")}</Button>
                    </div>
                </Banner>
            })}
            <FaultList state=state purpose=Purpose::Submit/>
            {move || sending.problem.get().map(|problem| view! { <Banner tone=Tone::Danger>{problem.sentence()}<ProblemCode problem=problem/></Banner> })}
            {sheets}
            // For programs that fill in whatever there is; nobody sees it.
            <div hidden=true>
                <input
                    name="website"
                    autocomplete="off"
                    tabindex="-1"
                    prop:value=sending.trap
                    on:input=move |event| sending.trap.set(event_target_value(&event))
                />
            </div>
            <Bar state=state pages=pages sending=sending on_taken=on_taken on_locked=on_locked/>
        </div>
    }
}

/// One page: its title and its fields.
#[component]
fn Sheet(state: FormState, pages: Pages, place: usize, page: FormPage) -> impl IntoView {
    let title = pages.label(place).map(|label| {
        view! { <h2>{move || label.get(i18n::language()).to_string()}</h2> }
    });
    view! {
        <section class="stack g4" data-page=place.to_string() hidden=move || pages.here() != place>
            {title}
            <PageFields state=state page=page/>
        </section>
    }
}

/// Going back and on, sending; and what becomes of what was entered.
#[component]
fn Bar(
    state: FormState,
    pages: Pages,
    sending: Sending,
    on_taken: Callback<PublicTaken>,
    on_locked: Callback<()>,
) -> impl IntoView {
    let told = move || match (sending.busy.get(), sending.pause.get()) {
        (true, _) if !is_connected() => text!("public-waits-to-send"),
        (true, Some(seconds)) => text!("public-sent-again", seconds = seconds),
        (true, None) => text!("public-sending"),
        (false, _) if !sending.keeps.get() => text!("public-not-kept"),
        (false, _) if state.changes.get() > 0 => text!("public-kept"),
        (false, _) => String::new(),
    };
    let go_on = move |_| {
        if state.check_part(&pages.fields()) {
            pages.turn(true);
        }
    };
    let send = move |_| sending.send(on_taken, on_locked);
    let onward = move || {
        if pages.is_last() {
            view! {
                <Button kind=ButtonKind::Primary size=ControlSize::Large busy=sending.busy on_press=send>{t!("public-send")}</Button>
            }
            .into_any()
        } else {
            view! {
                <Button kind=ButtonKind::Primary size=ControlSize::Large on_press=go_on>{t!("public-next")}<Icon name="arrow-right"/></Button>
            }
            .into_any()
        }
    };
    view! {
        <div class="row between public-go">
            <span class="note muted" role="status">{told}</span>
            <span class="row">
                {move || (pages.number() > 1).then(|| view! {
                    <Button size=ControlSize::Large on_press=move |_| pages.turn(false)>{t!("public-back")}</Button>
                })}
                {onward}
            </span>
        </div>
    }
}
