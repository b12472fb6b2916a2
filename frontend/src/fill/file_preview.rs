//! Stored files looked at over the page, one after another: pictures and texts. What a browser does not show here is opened
//! or downloaded from here.

use engine::value::Id;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::known_files;
use crate::api::files::{self, FileFacts};
use crate::ui::{Dialog, DialogSize, Icon, IconButton, IconSize, Loaded};
use crate::{i18n, t, text};

/// The largest text that is shown, in bytes: a page with more of it would not scroll.
const LONGEST_TEXT: u64 = 1 << 20;

/// Which of some files is looked at.
#[derive(Clone, Copy)]
pub struct Looking {
    open: RwSignal<bool>,
    at: RwSignal<Option<Id>>,
}

impl Looking {
    pub fn closed() -> Looking {
        Looking { open: RwSignal::new(false), at: RwSignal::new(None) }
    }

    pub fn look(self, id: Id) {
        self.at.set(Some(id));
        self.open.set(true);
    }
}

/// The files over the page while one of them is looked at.
#[component]
pub fn FilePreview(looking: Looking, files: Signal<Vec<Id>>) -> impl IntoView {
    let title = Signal::derive(move || name(looking.at.get()));
    // As long as it is open a file that is taken away meanwhile stays before one's eyes.
    let step = move |by: isize| {
        let next = files.with_untracked(|all| beside(all, looking.at.get_untracked(), by));
        if next.is_some() {
            looking.at.set(next);
        }
    };
    let place = move || {
        let at = looking.at.get();
        files.with(|all| {
            let place = all.iter().position(|id| Some(*id) == at)?;
            Some(format!("{} / {}", i18n::whole(place as u64 + 1), i18n::whole(all.len() as u64)))
        })
    };
    let many = move || files.with(|all| all.len() > 1);
    let end = |by: isize, words: fn() -> String| {
        Signal::derive(move || files.with(|all| beside(all, looking.at.get(), by).is_none()).then(words))
    };
    let (first, last) = (end(-1, || text!("fill-file-first")), end(1, || text!("fill-file-last")));
    let foot = move || {
        view! {
            {move || many().then(|| view! {
                <IconButton icon="left" label=Signal::derive(t!("fill-file-before")) disabled_reason=first on_press=move |_| step(-1)/>
                <span class="note muted">{place}</span>
                <IconButton icon="right" label=Signal::derive(t!("fill-file-after")) disabled_reason=last on_press=move |_| step(1)/>
            })}
            <span class="grow"></span>
            {move || looking.at.get().map(|id| view! { <Taking id=id/> })}
        }
    };
    view! {
        <Dialog open=looking.open title=title size=DialogSize::Large foot=Some(ViewFn::from(foot))>
            <Steps on_step=step/>
            {move || looking.at.get().map(|id| view! { <Looked id=id/> })}
        </Dialog>
    }
}

/// Goes to the file before and after by the arrows, as long as it is shown.
#[component]
fn Steps(on_step: impl Fn(isize) + 'static) -> impl IntoView {
    let keys = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowLeft" => -1,
            "ArrowRight" => 1,
            _other_key => return,
        };
        if !event.alt_key() && !event.ctrl_key() && !event.meta_key() {
            event.prevent_default();
            on_step(by);
        }
    });
    on_cleanup(move || keys.remove());
}

/// The file that many places away; none beyond the ends.
fn beside(all: &[Id], at: Option<Id>, by: isize) -> Option<Id> {
    let place = all.iter().position(|id| Some(*id) == at)?;
    all.get(place.checked_add_signed(by)?).copied()
}

fn name(id: Option<Id>) -> String {
    id.and_then(known_files::facts).map(|facts| facts.name).unwrap_or_default()
}

/// The ways to have a file for oneself.
#[component]
fn Taking(id: Id) -> impl IntoView {
    let address = files::address(id);
    view! {
        <a class="btn" href=address.clone() target="_blank" rel="noopener">
            <Icon name="open" size=IconSize::Normal/>{t!("fill-file-open")}
        </a>
        <a class="btn" href=address download=move || name(Some(id))>
            <Icon name="download" size=IconSize::Normal/>{t!("fill-file-download")}
        </a>
    }
}

/// What is seen of a file.
#[component]
fn Looked(id: Id) -> impl IntoView {
    let facts = Memo::new(move |_| known_files::facts(id));
    let shown = move |facts: FileFacts| {
        let is_short = facts.size.is_some_and(|size| size <= LONGEST_TEXT);
        if facts.is_picture() {
            view! { <img class="looked-at" src=files::address(id) alt=facts.name/> }.into_any()
        } else if facts.is_text() && is_short {
            view! { <LookedText id=id name=facts.name/> }.into_any()
        } else {
            let words = if facts.is_text() { text!("fill-file-long") } else { text!("fill-file-unseen") };
            view! { <p class="muted">{words}</p> }.into_any()
        }
    };
    move || match facts.get() {
        Some(facts) => shown(facts),
        None => view! { <span class="skeleton half"></span> }.into_any(),
    }
}

#[component]
fn LookedText(id: Id, name: String) -> impl IntoView {
    let answer = LocalResource::new(move || files::text(id));
    let name = StoredValue::new(name);
    let view = move |text: String| {
        view! { <pre class="looked-at-text" tabindex="0" aria-label=name.get_value()>{text}</pre> }
    };
    view! { <Loaded answer=answer view=view/> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_walks_from_file_to_file_and_not_beyond_the_ends() {
        let id = |number: i64| Id::from_i64(number).unwrap();
        let all = [id(1), id(2), id(3)];
        assert_eq!(beside(&all, Some(id(2)), 1), Some(id(3)));
        assert_eq!(beside(&all, Some(id(2)), -1), Some(id(1)));
        assert_eq!(beside(&all, Some(id(3)), 1), None);
        assert_eq!(beside(&all, Some(id(1)), -1), None);
        assert_eq!(beside(&all, Some(id(9)), 1), None, "it was taken away meanwhile");
        assert_eq!(beside(&all, None, 1), None);
    }
}
