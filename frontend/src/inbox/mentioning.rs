//! Naming somebody while one writes: `@` and a few letters of the name, or of how it sounds, offer those who may be meant.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::asking::members;
use crate::t;
use crate::ui::{Avatar, AvatarSize, Choice, matching};

/// How many are offered at once.
const MOST: usize = 6;

/// A text in which people are named. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Mentioning {
    text: Signal<String>,
    write: Callback<String>,
    /// The ids of those who are named, also by a list beside the text.
    named: RwSignal<Vec<String>>,
    /// Those of them who were named in the text: whoever is taken out of it is named no more.
    written: RwSignal<Vec<Choice>>,
    offered: Memo<Vec<Choice>>,
    /// Which of those that are offered Enter takes.
    at: RwSignal<usize>,
    /// The text for which nobody wants to name anybody.
    put_away: RwSignal<Option<String>>,
}

impl Mentioning {
    /// `write` hears the text with the whole name in place of what was typed.
    pub fn new(
        text: impl Into<Signal<String>>,
        write: impl Fn(String) + Send + Sync + 'static,
        named: RwSignal<Vec<String>>,
    ) -> Mentioning {
        let text: Signal<String> = text.into();
        let (at, put_away) = (RwSignal::new(0), RwSignal::new(None::<String>));
        let written = RwSignal::new(Vec::<Choice>::new());
        // Who there is is asked for when somebody is to be named.
        let asks = Memo::new(move |before: Option<&bool>| {
            before == Some(&true) || text.with(|text| typed(text).is_some())
        });
        let everybody = LocalResource::new(move || {
            let asks = asks.get();
            async move { if asks { members().await } else { Vec::new() } }
        });
        let offered = Memo::new(move |_| {
            let text = text.get();
            let Some(typed) = typed(&text).filter(|_| put_away.with(|away| away.as_ref() != Some(&text)))
            else {
                return Vec::new();
            };
            let mut found = matching(&everybody.get().unwrap_or_default(), typed);
            found.truncate(MOST);
            found
        });
        Effect::new(move || {
            offered.track();
            at.set(0);
        });
        Effect::new(move || {
            let text = text.get();
            let gone: Vec<Choice> = written.with_untracked(|written| {
                written.iter().filter(|who| !text.contains(&mark(&who.label))).cloned().collect()
            });
            if !gone.is_empty() {
                written.update(|written| written.retain(|who| !gone.contains(who)));
                named.update(|named| named.retain(|id| !gone.iter().any(|who| who.key == *id)));
            }
        });
        Mentioning { text, write: Callback::new(write), named, written, offered, at, put_away }
    }

    /// Names somebody: the whole name takes the place of what was typed of it.
    fn name(self, who: Choice) {
        let text = self.text.get_untracked();
        let Some(length) = typed(&text).map(str::len) else { return };
        let kept = text.len().saturating_sub(length + 1);
        let text = format!("{}{} ", text.get(..kept).unwrap_or_default(), mark(&who.label));
        self.named.update(|named| {
            if !named.contains(&who.key) {
                named.push(who.key.clone());
            }
        });
        self.written.update(|written| written.push(who));
        self.write.run(text);
    }

    /// Whether a key is for those who are offered.
    pub fn takes_key(self, event: &KeyboardEvent) -> bool {
        let count = self.offered.with_untracked(Vec::len);
        if count == 0 || event.is_composing() {
            return false;
        }
        match event.key().as_str() {
            "ArrowDown" => self.at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" => self.at.update(|at| *at = (*at + count - 1) % count),
            "Enter" | "Tab" if !event.shift_key() => {
                let at = self.at.get_untracked();
                if let Some(who) = self.offered.with_untracked(|offered| offered.get(at).cloned()) {
                    self.name(who);
                }
            }
            "Escape" => self.put_away.set(Some(self.text.get_untracked())),
            _other_key => return false,
        }
        event.prevent_default();
        event.stop_propagation();
        true
    }
}

/// How somebody stands in a text.
fn mark(name: &str) -> String {
    format!("@{name}")
}

/// What is typed of a name at the end of a text: behind an `@` that is no part of an address.
fn typed(text: &str) -> Option<&str> {
    let (before, typed) = text.rsplit_once('@')?;
    let is_address = before.chars().next_back().is_some_and(|last| last.is_ascii_alphanumeric());
    (!is_address && !typed.contains(char::is_whitespace)).then_some(typed)
}

/// Those who may be meant, below the text; nothing while nobody is to be named.
#[component]
pub fn MentionOffer(mentioning: Mentioning) -> impl IntoView {
    let line = move |(place, who): (usize, Choice)| {
        let (name, chosen) = (who.label.clone(), who);
        view! {
            <button
                type="button"
                class="menu-item"
                role="option"
                tabindex="-1"
                aria-selected=move || (mentioning.at.get() == place).to_string()
                // The text keeps the focus.
                on:mousedown=move |event| event.prevent_default()
                on:click=move |_| mentioning.name(chosen.clone())
            >
                <Avatar name=name.clone() size=AvatarSize::Small/>
                <span class="clip">{name}</span>
            </button>
        }
    };
    move || {
        let offered = mentioning.offered.get();
        (!offered.is_empty()).then(|| {
            view! {
                <div class="mention-offer" role="listbox" aria-label=t!("flow-mention")>
                    {offered.into_iter().enumerate().map(line).collect_view()}
                </div>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_typed_behind_an_at_that_is_no_part_of_an_address() {
        for (text, found) in [
            ("@", Some("")),
            ("请看 @李", Some("李")),
            ("请@li", Some("li")),
            ("ann@example.com", None),
            ("@李财务 请看", None),
            ("nothing", None),
        ] {
            assert_eq!(typed(text), found, "{text}");
        }
    }
}
