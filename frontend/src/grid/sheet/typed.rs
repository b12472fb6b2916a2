//! A text that is typed into a cell. The input lies over the cell and has the focus all the time, so that the first sign,
//! and what an input method makes of several keys, is not lost.

use engine::field::{FieldKind, Shape};
use engine::form::Column;
use engine::value::Value;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value as Json, json};
use wire::records::Record;

use super::entry::{Entered, entered};
use super::{Editing, Sheet, Spot, Way, Wrong};
use crate::ui::toast;

impl Sheet {
    /// Opens a cell as Enter does: the text that is in it to be changed, or the input of its kind.
    pub fn edit(self, spot: Spot) {
        let Some((record, key)) = self.at(spot) else { return };
        if let Some(why) = self.why_fixed(&record, &key) {
            return toast::show(why);
        }
        let Some(kind) = self.with_column(&key, |column| column.field.kind.clone()) else { return };
        if let FieldKind::Switch(_) = kind {
            let (value, _) = self.value(&record, &key);
            return self.change_one(&record, &key, json!(value != Value::Bool(true)));
        }
        let way = if is_typed(&kind) { Way::Typed } else { Way::Pictured };
        let (_, text) = self.value(&record, &key);
        let begins_with = if kind.choices().is_empty() { text } else { String::new() };
        self.editing.set(Some(Editing { spot, record, key, way }));
        if way == Way::Typed {
            self.write(&begins_with);
            self.offer(begins_with);
            self.focus();
        }
    }

    /// What stands in the input from now on.
    fn write(self, text: &str) {
        if let Some(input) = self.input.try_get_untracked().flatten() {
            input.set_value(text);
        }
    }

    fn typed(self) -> String {
        self.input.get_untracked().map(|input| input.value()).unwrap_or_default()
    }

    /// Something was typed: the first of it replaces what is in the cell.
    pub fn on_input(self) {
        let text = self.typed();
        if self.editing.with_untracked(Option::is_none) {
            let spot = self.selection.get_untracked().active;
            let Some((record, key)) = self.at(spot) else { return self.write("") };
            if let Some(why) = self.why_fixed(&record, &key) {
                self.write("");
                return toast::show(why);
            }
            self.roams.set(true);
            self.editing.set(Some(Editing { spot, record, key, way: Way::Typed }));
        }
        self.offer(text);
    }

    /// A key while a text is typed. Whether it was heard.
    pub fn on_key_typed(self, event: &KeyboardEvent) -> bool {
        // What an input method is at work on stays with it.
        if event.is_composing() {
            return true;
        }
        let back = if event.shift_key() { -1 } else { 1 };
        match event.key().as_str() {
            "Enter" => {
                self.finish();
                self.step(back, 0);
            }
            "Tab" => {
                self.finish();
                self.step(0, back);
            }
            "Escape" => self.cancel(),
            "ArrowDown" if self.mark_next(1) => {}
            "ArrowUp" if self.mark_next(-1) => {}
            "ArrowDown" => {
                self.finish();
                self.step(1, 0);
            }
            "ArrowUp" => {
                self.finish();
                self.step(-1, 0);
            }
            _other_key => return false,
        }
        true
    }

    /// The cell stays as it was.
    pub fn cancel(self) {
        self.close();
        self.focus();
    }

    pub(super) fn close(self) {
        self.editing.set(None);
        self.offered.set(Vec::new());
        self.marked.set(None);
        self.write("");
    }

    /// Stores what is being edited; nothing where nothing is.
    pub fn finish(self) {
        let Some(editing) = self.editing.get_untracked() else { return };
        if editing.way == Way::Pictured {
            if let Some(finish) = self.finishing.get_value() {
                finish.run(());
            }
            return;
        }
        let text = self.typed();
        let taken = self.marked.get_untracked();
        let taken =
            taken.and_then(|place| self.offered.with_untracked(|offered| offered.get(place).cloned()));
        self.close();
        // A list that was only opened takes nothing away: that is what Delete is for.
        let has_choices = |column: &Column| !column.field.kind.choices().is_empty();
        let is_list = self.with_column(&editing.key, has_choices).unwrap_or_default();
        match taken {
            Some(choice) => self.take_choice(&editing, &choice.key),
            None if is_list && text.trim().is_empty() => {}
            None => self.enter_text(&editing.record, &editing.key, &text),
        }
    }

    /// What is typed is stored where the keys go elsewhere. A page that is left takes the keys away when nothing is there any more.
    pub fn finish_typed(self) {
        let is_typed = |editing: &Option<Editing>| editing.as_ref().is_some_and(|now| now.way == Way::Typed);
        if self.editing.try_with_untracked(is_typed) == Some(true) {
            self.finish();
        }
    }

    /// Takes what was offered.
    pub(super) fn take_choice(self, editing: &Editing, chosen: &str) {
        let json = Json::String(chosen.to_string());
        let several = |column: &Column| column.shape == Shape::Refs;
        let now = if self.with_column(&editing.key, several) == Some(true) { json!([json]) } else { json };
        self.change_one(&editing.record, &editing.key, now);
    }

    /// Enters a text as it was typed.
    fn enter_text(self, record: &Record, key: &str, text: &str) {
        let Some(read) = self.with_column(key, |column| entered(column, text)) else { return };
        let wrong = |reason: String| Wrong {
            record: record.id,
            column: key.to_string(),
            typed: text.to_string(),
            reason,
        };
        match read {
            Entered::Value(now) => self.change_one(record, key, now),
            Entered::Wrong(reason) => self.change(Vec::new(), vec![wrong(reason)]),
            Entered::Names(names) => {
                let (record, key, text) = (record.clone(), key.to_string(), text.to_string());
                spawn_local(async move {
                    match self.look_up(&key, &names).await {
                        _ if !self.is_there() => {}
                        Ok(now) => self.change_one(&record, &key, now),
                        Err(reason) => {
                            let wrong = Wrong { record: record.id, column: key, typed: text, reason };
                            self.change(Vec::new(), vec![wrong]);
                        }
                    }
                });
            }
        }
    }
}

/// Whether a text is all that the kind needs to be entered.
fn is_typed(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::Text(_)
        | FieldKind::Phone(_)
        | FieldKind::Email(_)
        | FieldKind::Number(_)
        | FieldKind::Money(_)
        | FieldKind::Percent(_)
        | FieldKind::Time(_)
        | FieldKind::Url(_)
        | FieldKind::IdCard(_)
        | FieldKind::Barcode(_)
        | FieldKind::Serial(_)
        | FieldKind::Cascader(_) => true,
        FieldKind::Select(select) => select.from.is_none(),
        _picture => false,
    }
}
