//! Two people in one draft: each sees what the other changes, and of two changes of one thing both can be had.

use std::time::Duration;

use engine::form::edit::Edit;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use super::state::{Designer, text_of};
use crate::api::news::{self, DraftNews, News};
use crate::api::{drafts, session};
use crate::draft_editor::DraftEditor;
use crate::ui::{Banner, Button, ControlSize, Icon, Tone};
use crate::{browser, presence, t, text};

/// How often the draft is asked for while somebody is at the window: another server on the same database tells nothing.
const EVERY: Duration = Duration::from_secs(16);
/// How long one waits where something is being sent.
const SHORT: Duration = Duration::from_millis(200);
/// The slots of the canvas, and what one types into in them.
const SLOT: &str = ".canvas [data-slot]";
const INPUTS: &str = "input, textarea, [contenteditable]";
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
        News::Form(form) if *form == designer.id => spawn_local(hear_version(designer)),
        News::Lost => spawn_local(ask(designer)),
        News::Record(_) | News::Records(_) | News::Form(_) | News::Draft(_) | News::Task | News::Notice => {}
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

/// Learns which version is in force, once somebody has published one.
async fn hear_version(designer: Designer) {
    let Ok(versions) = drafts::versions(designer.id).await else { return };
    if let Some(newest) = versions.first() {
        let _ = designer.active.try_set(Some(newest.version));
    }
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

/// Takes in the draft as the server has it, if the page is still there then. Under the hand nothing is drawn anew.
async fn ask(designer: Designer) {
    let Ok(draft) = drafts::draft(&designer.id.to_string()).await else { return };
    while designer.is_held.try_get_value() == Some(true) {
        gloo_timers::future::sleep(SHORT).await;
    }
    if !designer.editing().is_over() {
        let typing = Typing::now();
        designer.hear(draft);
        if let Some(typing) = typing {
            request_animation_frame(move || typing.go_on());
        }
    }
}

/// Where somebody types on the canvas: it is drawn anew with what others have changed, and the keys go on to the same input.
struct Typing {
    /// The slot of its field.
    slot: String,
    /// Which of the inputs of the slot it is.
    place: u32,
    /// Where the caret stands.
    caret: Option<u32>,
}

impl Typing {
    fn now() -> Option<Typing> {
        let input = document().active_element()?;
        let slot = input.closest(SLOT).ok().flatten()?;
        let inputs = slot.query_selector_all(INPUTS).ok()?;
        let is_it = |place: &u32| inputs.get(*place).is_some_and(|other| other.is_same_node(Some(&*input)));
        let place = (0..inputs.length()).find(is_it)?;
        let caret = input.dyn_ref::<web_sys::HtmlInputElement>();
        let caret = caret.and_then(|input| input.selection_start().ok().flatten());
        Some(Typing { slot: slot.get_attribute("data-slot")?, place, caret })
    }

    /// Goes on where it was, if nobody has gone elsewhere meanwhile.
    fn go_on(self) {
        if !browser::focus_is_lost() {
            return;
        }
        let slots = document().query_selector_all(SLOT).ok();
        let of = |place: u32| slots.as_ref()?.get(place)?.dyn_into::<web_sys::Element>().ok();
        let is_own = |slot: &web_sys::Element| slot.get_attribute("data-slot").as_ref() == Some(&self.slot);
        let length = slots.as_ref().map_or(0, web_sys::NodeList::length);
        let Some(slot) = (0..length).filter_map(of).find(is_own) else { return };
        let inputs = slot.query_selector_all(INPUTS).ok();
        let input = inputs.and_then(|inputs| inputs.get(self.place));
        let Some(input) = input.and_then(|input| input.dyn_into::<web_sys::HtmlElement>().ok()) else {
            return;
        };
        let _ = input.focus();
        if let (Some(input), Some(caret)) = (input.dyn_ref::<web_sys::HtmlInputElement>(), self.caret) {
            let _ = input.set_selection_range(caret, caret);
        }
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
