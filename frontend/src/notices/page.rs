//! The list of what the reader was told of.

use engine::value::{Id, parse_timestamp};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{List, Notice};

use super::words::{icon_of, place, sentence};
use crate::api::{Problem, notices};
use crate::shell::{ShellContext, Top};
use crate::ui::{
    Button, ButtonKind, ControlSize, Crumb, Empty, Icon, IconButton, IconSize, Loaded, Tab, Tabs, toast,
};
use crate::{i18n, t, text};

/// Notices that are shown at first, how many come with each press on 「显示更多」, and the most of all.
const PAGE: u32 = 50;
const MOST: u32 = 500;

#[component]
pub fn NoticesPage() -> impl IntoView {
    let shell = ShellContext::expect();
    let (only_unread, limit) = (RwSignal::new(false), RwSignal::new(PAGE));
    // What comes while the page is open shows by itself.
    let told = Memo::new(move |_| shell.unread.get());
    let answer = LocalResource::new(move || {
        let (unread, limit) = (only_unread.get(), limit.get());
        told.track();
        async move { notices::notices(unread, limit).await }
    });
    let heard = Callback::new(move |answered: Result<u64, Problem>| match answered {
        Ok(unread) => {
            let _ = shell.unread.try_set(Some(unread));
            answer.refetch();
        }
        Err(problem) => toast::refused(&problem),
    });
    let newest = move || answer.get()?.ok()?.items.first().map(|notice| notice.id);
    let read_all = move |_| {
        let Some(newest) = untrack(newest) else { return };
        spawn_local(async move {
            let answered = notices::mark_all(newest).await;
            let _ = heard.try_run(answered);
        });
    };
    let nothing_new =
        Signal::derive(move || (shell.unread.get() == Some(0)).then(|| text!("notices-all-read")));
    let list = move |page: List<Notice>| {
        if page.items.is_empty() {
            return view! { <Empty icon="bell" title=t!("notices-none") text=Signal::derive(t!("notices-none-text"))/> }
                .into_any();
        }
        let more = (page.next.is_some() && limit.get_untracked() < MOST).then(|| {
            let show = move |_| limit.update(|limit| *limit = (*limit + PAGE).min(MOST));
            view! { <Button kind=ButtonKind::Ghost on_press=show>{t!("notices-more")}</Button> }
        });
        let rows = page.items.into_iter().map(|notice| view! { <Row notice=notice heard=heard/> });
        view! { <ul class="notices">{rows.collect_view()}</ul>{more} }.into_any()
    };
    let selected = Signal::derive(move || if only_unread.get() { "unread" } else { "all" }.to_string());
    let unread = Signal::derive(move || shell.unread.get().filter(|count| *count > 0));
    let tabs =
        vec![Tab::new("all", t!("notices-all")), Tab::new("unread", t!("notices-unread")).count(unread)];
    let select = move |key: &'static str| {
        limit.set(PAGE);
        only_unread.set(key == "unread");
    };
    view! {
        <Top crumbs=Signal::derive(|| vec![Crumb::here(text!("nav-notices"))])>
            <Button size=ControlSize::Small icon="check" disabled_reason=nothing_new on_press=read_all>
                {t!("notices-read-all")}
            </Button>
            <a
                class="btn ghost icon-only small"
                href="/settings/notices"
                aria-label=t!("notices-settings")
                data-tip=t!("notices-settings")
            >
                <Icon name="settings" size=IconSize::Normal/>
            </a>
        </Top>
        <main class="page">
            <div class="page-in">
                <section class="card">
                    <Tabs tabs=tabs selected=selected on_select=select/>
                    <Loaded answer=answer view=list lines=6/>
                </section>
            </div>
        </main>
    }
}

/// One notice: a press on it leads to what it is about, and it is read.
#[component]
fn Row(notice: Notice, heard: Callback<Result<u64, Problem>>) -> impl IntoView {
    let (id, is_read) = (notice.id, notice.read);
    let mark = move |id: Id, read: bool| {
        spawn_local(async move {
            let answered = notices::mark(id, read).await;
            // The page may be left by the same press.
            let _ = heard.try_run(answered);
        });
    };
    let icon = icon_of(&notice.kind);
    let at = parse_timestamp(&notice.at);
    let link = notice.link.clone();
    let said = notice.text.clone();
    let shown = StoredValue::new(notice);
    let body = move || {
        view! {
            <Icon name=icon size=IconSize::Normal/>
            <span class="grow stack g1">
                <span class="what">{move || shown.with_value(sentence)}</span>
                {said.clone().map(|said| view! { <span class="note-text note">{said}</span> })}
                <span class="note muted">
                    {move || shown.with_value(place)}
                    {at.map(|at| view! { <i class="sep"></i>{move || i18n::ago(at)} })}
                </span>
            </span>
        }
    };
    let main = match link {
        Some(link) => view! {
            <a
                class="notice-body"
                href=link
                on:click=move |_| {
                    if !is_read {
                        mark(id, true);
                    }
                }
            >
                {body()}
            </a>
        }
        .into_any(),
        None => view! { <span class="notice-body">{body()}</span> }.into_any(),
    };
    let (turn_icon, turn_label) = match is_read {
        true => ("email", Signal::derive(t!("notices-mark-unread"))),
        false => ("check", Signal::derive(t!("notices-mark-read"))),
    };
    view! {
        <li class="notice" class:unread=!is_read>
            {main}
            <IconButton icon=turn_icon label=turn_label size=ControlSize::Small on_press=move |_| mark(id, !is_read)/>
        </li>
    }
}
