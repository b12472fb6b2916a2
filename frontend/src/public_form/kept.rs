//! What a visitor has entered, kept in their browser until it is taken: as it is typed, and as it was sent where no answer came.

use engine::value::{Timestamp, format_timestamp, parse_timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use wire::PublicAnswer;

use crate::browser;

const DRAFT: &str = "formwork.public.draft.";
const SENT: &str = "formwork.public.sent.";
/// A ticket is good for a day; what is older is no longer sent by itself.
const SENT_FOR: jiff::SignedDuration = jiff::SignedDuration::from_hours(20);

/// An answer on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    pub ticket: String,
    pub answer: PublicAnswer,
    at: String,
}

impl Sent {
    fn is_sent_again(&self, now: Timestamp) -> bool {
        let at = parse_timestamp(&self.at).unwrap_or_default();
        let age = now.duration_since(at);
        age >= jiff::SignedDuration::ZERO && age < SENT_FOR
    }
}

/// Keeps what was entered for a link; forgets it where there is nothing. Gives whether this browser keeps it.
pub fn keep(token: &str, fields: &Map<String, Json>) -> bool {
    let name = format!("{DRAFT}{token}");
    if fields.is_empty() {
        browser::forget(&name);
        return true;
    }
    serde_json::to_string(fields).is_ok_and(|text| browser::remember(&name, &text))
}

/// What was entered for a link and not sent.
pub fn draft(token: &str) -> Option<Map<String, Json>> {
    let fields: Map<String, Json> =
        serde_json::from_str(&browser::remembered(&format!("{DRAFT}{token}"))?).ok()?;
    (!fields.is_empty()).then_some(fields)
}

/// Keeps an answer that is sent now.
pub fn keep_sent(token: &str, ticket: &str, answer: &PublicAnswer) {
    let at = format_timestamp(browser::now());
    let sent = Sent { ticket: ticket.to_string(), answer: answer.clone(), at };
    if let Ok(text) = serde_json::to_string(&sent) {
        browser::remember(&format!("{SENT}{token}"), &text);
    }
}

/// The answer to which no reply came before the page was left, while the server still knows its ticket.
pub fn cut_off(token: &str) -> Option<Sent> {
    let sent: Sent = serde_json::from_str(&browser::remembered(&format!("{SENT}{token}"))?).ok()?;
    if sent.is_sent_again(browser::now()) {
        return Some(sent);
    }
    forget_sent(token);
    None
}

pub fn forget_sent(token: &str) {
    browser::forget(&format!("{SENT}{token}"));
}

/// Nothing of what was entered stays here.
pub fn forget(token: &str) {
    forget_sent(token);
    browser::forget(&format!("{DRAFT}{token}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_sent_again_while_its_ticket_is_known() {
        let at = "2026-11-22T08:00:00Z";
        let sent = Sent { ticket: "t".into(), answer: PublicAnswer::default(), at: at.into() };
        let after = |hours: i64| parse_timestamp(at).unwrap() + jiff::SignedDuration::from_hours(hours);
        assert!(sent.is_sent_again(after(0)) && sent.is_sent_again(after(19)));
        assert!(!sent.is_sent_again(after(20)) && !sent.is_sent_again(after(-1)));
    }
}
