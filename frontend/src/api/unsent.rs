//! New records that were submitted and have no answer yet. Each is kept in this browser until it has one: what a closed tab or
//! a crash cut off is sent again, under the key by which the server knows a repetition.

use engine::value::{Id, Timestamp, format_timestamp, parse_timestamp};
use serde::{Deserialize, Serialize};
use wire::records::{Record, RecordInput};

use super::{Problem, entries, records, session};
use crate::browser;

const BEGINNING: &str = "formwork.unsent.";
/// The server knows a key for a day (semantics.md 8). What is older is offered as a draft and no longer sent by itself.
const SENT_FOR: jiff::SignedDuration = jiff::SignedDuration::from_hours(20);

/// A record on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unsent {
    pub form: Id,
    key: String,
    who: Option<Id>,
    at: String,
    input: RecordInput,
    /// The address of the form's list.
    pub list: String,
    /// Where what was entered is kept as a draft, and what is kept there.
    place: String,
    draft: Option<String>,
}

impl Unsent {
    /// A record that is sent now, for the first time; what it was made of is kept at `place` as `draft`. The form's records are
    /// listed at `list`.
    pub fn new(form: Id, input: RecordInput, list: String, place: String, draft: Option<String>) -> Unsent {
        let who = session::me().map(|me| me.member.id);
        let at = format_timestamp(browser::now());
        Unsent { form, key: browser::random_key(), who, at, input, list, place, draft }
    }

    /// When it was submitted.
    pub fn at(&self) -> Timestamp {
        parse_timestamp(&self.at).unwrap_or_default()
    }

    /// Sends it, as soon as the server is there. Once it is answered there is nothing left of it here: what was stored is no
    /// draft any more, and what was refused is one.
    ///
    /// # Errors
    /// What the server refused.
    pub async fn send(self) -> Result<Record, Problem> {
        if let Ok(text) = serde_json::to_string(&self) {
            browser::remember(&self.name(), &text);
        }
        let answer = records::create(self.form, &self.input, &self.key).await;
        browser::forget(&self.name());
        let kept = browser::remembered(&self.place);
        match &answer {
            Ok(_) if kept == self.draft => {
                browser::forget(&self.place);
                entries::forget_own(self.form, None, &self.place);
            }
            // Somebody has gone on from there.
            Ok(_) => {}
            Err(_) => {
                if let (None, Some(draft)) = (&kept, &self.draft) {
                    browser::remember(&self.place, draft);
                }
            }
        }
        answer
    }

    fn name(&self) -> String {
        format!("{BEGINNING}{}", self.key)
    }

    /// Whether it is the reader's own, and the server still knows its key.
    fn is_sent_again(&self, reader: Option<Id>, now: Timestamp) -> bool {
        let age = now.duration_since(self.at());
        self.who == reader && age >= jiff::SignedDuration::ZERO && age < SENT_FOR
    }
}

/// What was cut off, the oldest first. What can't be sent any more is forgotten; its draft stays.
pub fn cut_off() -> Vec<Unsent> {
    let (reader, now) = (session::me().map(|me| me.member.id), browser::now());
    let mut found = Vec::new();
    for name in browser::names_remembered(BEGINNING) {
        let unsent = browser::remembered(&name).and_then(|text| serde_json::from_str::<Unsent>(&text).ok());
        match unsent {
            Some(unsent) if unsent.is_sent_again(reader, now) => found.push(unsent),
            // Another person's, who may sign in here again.
            Some(unsent) if unsent.who != reader && unsent.is_sent_again(unsent.who, now) => {}
            _ => browser::forget(&name),
        }
    }
    found.sort_by(|a, b| a.at.cmp(&b.at));
    found
}

/// Forgets what the reader has on its way here: they have agreed to lose it.
pub fn forget_own() {
    for unsent in cut_off() {
        browser::forget(&unsent.name());
    }
}

/// Whether somebody else's tab has had its answer meanwhile.
pub fn is_settled(unsent: &Unsent) -> bool {
    browser::remembered(&unsent.name()).is_none()
}

/// Whether what is kept as a draft at `place` is on its way.
pub fn is_under_way(place: &str) -> bool {
    let kept = browser::remembered(place);
    cut_off().iter().any(|unsent| unsent.place == place && unsent.draft == kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ones_own_and_only_while_its_key_is_known_is_sent_again() {
        let id = |number| Id::from_i64(number).unwrap();
        let unsent = Unsent {
            form: id(1),
            key: "k".into(),
            who: Some(id(7)),
            at: "2026-11-22T08:00:00Z".into(),
            input: RecordInput::default(),
            list: "/apps/a/forms/1".into(),
            place: "place".into(),
            draft: None,
        };
        let after = |hours: i64| unsent.at() + jiff::SignedDuration::from_hours(hours);
        assert!(unsent.is_sent_again(Some(id(7)), after(0)));
        assert!(unsent.is_sent_again(Some(id(7)), after(19)));
        assert!(!unsent.is_sent_again(Some(id(7)), after(20)));
        assert!(!unsent.is_sent_again(Some(id(8)), after(1)));
        assert!(!unsent.is_sent_again(None, after(1)));
    }
}
