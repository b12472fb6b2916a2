//! A template while it is designed: what is selected, and what can be taken back.

use engine::print::{Block, BlockKind, PrintTemplate};
use engine::text::{Label, Language};
use leptos::prelude::*;

use super::blank::block_of;
use crate::api::forms::OpenForm;
use crate::i18n;

/// Steps that can be taken back at most.
const MOST_STEPS: usize = 200;

#[derive(Clone, Copy)]
pub struct Editor {
    pub form: StoredValue<OpenForm>,
    pub document: RwSignal<PrintTemplate>,
    /// The place of the block whose properties are shown.
    pub selected: RwSignal<Option<usize>>,
    /// The language whose texts are written.
    pub language: RwSignal<Language>,
    done: RwSignal<Vec<PrintTemplate>>,
    undone: RwSignal<Vec<PrintTemplate>>,
    /// What was typed in last: going on with it is one step.
    typing: StoredValue<Option<String>>,
}

impl Editor {
    pub fn new(form: OpenForm, document: PrintTemplate) -> Editor {
        Editor {
            form: StoredValue::new(form),
            document: RwSignal::new(document),
            selected: RwSignal::new(None),
            language: RwSignal::new(i18n::language_now()),
            done: RwSignal::new(Vec::new()),
            undone: RwSignal::new(Vec::new()),
            typing: StoredValue::new(None),
        }
    }

    /// Changes the template in one step.
    pub fn change(self, change: impl FnOnce(&mut PrintTemplate)) {
        self.typing.set_value(None);
        self.step(change);
    }

    /// Takes in what is typed at a place; without a break it is one step.
    pub fn type_in(self, place: String, change: impl FnOnce(&mut PrintTemplate)) {
        let goes_on = self.typing.with_value(|typing| typing.as_deref() == Some(place.as_str()));
        if goes_on && self.undone.with_untracked(Vec::is_empty) {
            return self.document.update(change);
        }
        self.step(change);
        self.typing.set_value(Some(place));
    }

    fn step(self, change: impl FnOnce(&mut PrintTemplate)) {
        let before = self.document.get_untracked();
        self.document.update(change);
        if self.document.with_untracked(|now| *now == before) {
            return;
        }
        self.done.update(|done| {
            done.push(before);
            if done.len() > MOST_STEPS {
                done.remove(0);
            }
        });
        self.undone.update(Vec::clear);
    }

    pub fn can_undo(self) -> bool {
        self.done.with(|done| !done.is_empty())
    }

    pub fn can_redo(self) -> bool {
        self.undone.with(|undone| !undone.is_empty())
    }

    pub fn undo(self) {
        self.travel(self.done, self.undone);
    }

    pub fn redo(self) {
        self.travel(self.undone, self.done);
    }

    fn travel(self, from: RwSignal<Vec<PrintTemplate>>, to: RwSignal<Vec<PrintTemplate>>) {
        let Some(document) = from.try_update(Vec::pop).flatten() else { return };
        let now = self.document.get_untracked();
        to.update(|steps| steps.push(now));
        let last = document.blocks.len().checked_sub(1);
        self.typing.set_value(None);
        self.selected
            .update(|selected| *selected = selected.and_then(|place| last.map(|last| place.min(last))));
        self.document.set(document);
    }

    /// A new block behind the selected one, else at the end.
    pub fn add(self, kind: BlockKind) {
        let count = self.document.with_untracked(|document| document.blocks.len());
        let place = self.selected.get_untracked().map_or(count, |place| (place + 1).min(count));
        let block = self.form.with_value(|form| block_of(kind, &form.form));
        self.change(|document| document.blocks.insert(place, block));
        self.selected.set(Some(place));
    }

    pub fn remove(self, place: usize) {
        self.change(|document| {
            if place < document.blocks.len() {
                document.blocks.remove(place);
            }
        });
        let count = self.document.with_untracked(|document| document.blocks.len());
        self.selected.set(count.checked_sub(1).map(|last| place.min(last)));
    }

    /// Moves a block by one place up or down.
    pub fn shift(self, place: usize, up: bool) {
        let count = self.document.with_untracked(|document| document.blocks.len());
        let to = if up { place.checked_sub(1) } else { Some(place + 1).filter(|to| *to < count) };
        let Some(to) = to.filter(|_| place < count) else { return };
        self.change(|document| document.blocks.swap(place, to));
        self.selected.set(Some(to));
    }

    /// Changes the block at a place in one step.
    pub fn set(self, place: usize, change: impl FnOnce(&mut Block)) {
        self.change(|document| {
            if let Some(block) = document.blocks.get_mut(place) {
                change(block);
            }
        });
    }

    /// Takes in what is typed for the block at a place.
    pub fn type_block(self, place: usize, what: &str, change: impl FnOnce(&mut Block)) {
        self.type_in(format!("{place}/{what}"), |document| {
            if let Some(block) = document.blocks.get_mut(place) {
                change(block);
            }
        });
    }
}

/// A label with the text of one language replaced. What was the same for everybody stays so for the others.
pub fn written(label: &Label, language: Language, text: &str) -> Label {
    let mut texts = match label {
        Label::Translated(texts) => texts.clone(),
        Label::Plain(plain) if plain.is_empty() => Default::default(),
        Label::Plain(plain) => Language::ALL.into_iter().map(|language| (language, plain.clone())).collect(),
    };
    if text.is_empty() {
        texts.remove(&language);
    } else {
        texts.insert(language, text.to_string());
    }
    if texts.is_empty() { Label::default() } else { Label::Translated(texts) }
}

/// The text of one language, and no other's in its place.
pub fn text_in(label: &Label, language: Language) -> String {
    match label {
        Label::Plain(text) => text.clone(),
        Label::Translated(texts) => texts.get(&language).cloned().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_written_in_one_language_at_a_time() {
        let plain = Label::from("Order");
        let both = written(&plain, Language::ZhCn, "订单");
        assert_eq!((both.get(Language::ZhCn), both.get(Language::En)), ("订单", "Order"));
        assert_eq!(text_in(&written(&both, Language::En, ""), Language::En), "");
        assert_eq!(written(&Label::default(), Language::En, ""), Label::default());
    }
}
