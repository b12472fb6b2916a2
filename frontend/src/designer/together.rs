//! Two people in one draft: each sees what the other changes, and of two changes of one thing both can be had.

use std::time::Duration;

use engine::form::edit::Edit;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::state::{Designer, text_of};
use crate::api::news::{self, DraftNews, News};
use crate::api::{drafts, session};
use crate::draft_editor::DraftEditor;
use crate::ui::{Banner, Button, ControlSize, Icon, Tone};
use crate::{presence, t, text};

/// How often the draft is asked for while somebody is at the window: another server on the same database tells nothing.
const EVERY: Duration = Duration::from_secs(16);
/// How long one waits where something is being sent.
const SHORT: Duration = Duration::from_millis(200);
/// How long somebody counts as being there after their last change.
const STAYS: Duration = Duration::from_secs(120);

/// Takes in what others change as long as the page is there; gives the name of whoever changed something last.
pub fn listen(designer: Designer) -> RwSignal<Option<String>> {
    let other = RwSignal::new(None::<String>);
    news::hear(move |news| match news {
        News::Draft(draft) if draft.form == designer.id => {
            note(other, draft);
            spawn_local(catch_up(designer, draft.base));
        }
        News::Lost => spawn_local(ask(designer)),
        News::Record(_) | News::Form(_) | News::Draft(_) | News::Task | News::Notice => {}
    });
    let look = move || {
        if presence::is_here() {
            spawn_local(ask(designer));
        }
    };
    let timer = set_interval_with_handle(look, EVERY).ok();
    on_cleanup(move || {
        if let Some(timer) = timer {
            timer.clear();
        }
    });
    other
}

/// Says for a while who is there too.
fn note(other: RwSignal<Option<String>>, news: &DraftNews) {
    if session::me().is_some_and(|me| me.member.id == news.by) {
        return;
    }
    let name = news.name.clone();
    let _ = other.try_set(Some(name.clone()));
    set_timeout(
        move || {
            if other.try_get_untracked().flatten() == Some(name) {
                let _ = other.try_set(None);
            }
        },
        STAYS,
    );
}

/// Sees to it that the draft is at least this one.
async fn catch_up(designer: Designer, base: i64) {
    while !designer.editing().is_over() && designer.editing().is_sending() {
        gloo_timers::future::sleep(SHORT).await;
    }
    if !designer.editing().is_over() && designer.base.get_value() < base {
        ask(designer).await;
    }
}

/// Takes in the draft as the server has it, if the page is still there then.
async fn ask(designer: Designer) {
    let Ok(draft) = drafts::draft(&designer.id.to_string()).await else { return };
    if !designer.editing().is_over() {
        designer.hear(draft);
    }
}

/// Who changes the draft at the same time.
#[component]
pub fn AlsoHere(other: RwSignal<Option<String>>) -> impl IntoView {
    move || {
        other.get().map(|name| {
            view! {
                <span class="note nowrap row phone-hide" role="status">
                    <Icon name="members"/>
                    {t!("designer-also-here", name = name)}
                </span>
            }
        })
    }
}

/// What both have changed: theirs stands in the draft, one's own waits to be taken or dropped.
#[component]
pub fn Clashes(designer: Designer) -> impl IntoView {
    let first = Memo::new(move |_| designer.clashes.with(|clashes| clashes.first().cloned()));
    let settle = move |takes_own: bool| {
        let edit = designer.clashes.try_update(|clashes| (!clashes.is_empty()).then(|| clashes.remove(0)));
        if let Some(edit) = edit.flatten().filter(|_| takes_own) {
            designer.run(text_of("designer-step-change", &about(designer, &edit)), vec![edit]);
        }
    };
    move || {
        first.get().map(|edit| {
            let what = untrack(|| about(designer, &edit));
            let buttons = move || {
                view! {
                    <Button size=ControlSize::Small on_press=move |_| settle(true)>{t!("designer-clash-own")}</Button>
                    <Button size=ControlSize::Small on_press=move |_| settle(false)>{t!("designer-clash-theirs")}</Button>
                }
            };
            view! {
                <Banner tone=Tone::Warning action=ViewFn::from(buttons)>
                    {text!("designer-clash", what = what)}
                </Banner>
            }
        })
    }
}

/// What a command is about, in words.
fn about(designer: Designer, edit: &Edit) -> String {
    match edit.subject() {
        Some(path) => designer.label(path),
        None => text!("designer-form"),
    }
}
