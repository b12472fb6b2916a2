//! What an action step sends, rather than changes: a message to people, or a call to another system. Both go to the outbox
//! and are never waited for.

use serde_json::Value as Json;

use super::call::Call;
use super::message::Message;
use super::who::Who;
use crate::condition::Reach;
use crate::form::{Catalogue, Form};
use crate::text::Fault;

/// What is sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Sending {
    Message(Message),
    Call(Call),
}

impl Sending {
    /// Reads the action of a step; `None` for one that sends nothing.
    ///
    /// # Errors
    /// `malformed`.
    pub fn read(action: &Json) -> Option<Result<Sending, Fault>> {
        let mut members = action.as_object()?.clone();
        let kind = members.remove("kind")?;
        let members = Json::Object(members);
        let read = match kind.as_str()? {
            "notify" => serde_json::from_value(members).map(Sending::Message),
            "call" => serde_json::from_value(members).map(Sending::Call),
            _ => return None,
        };
        Some(read.map_err(|error| Fault::new("", "malformed").arg("detail", error)))
    }

    /// What an action sends, where it sends something and can be read.
    pub fn of(action: &Json) -> Option<Sending> {
        Sending::read(action)?.ok()
    }

    /// Whom it goes to.
    pub fn to(&self) -> &[Who] {
        match self {
            Sending::Message(message) => &message.to,
            Sending::Call(_) => &[],
        }
    }

    /// Every text in it with names of fields in braces.
    pub fn templates(&self) -> Vec<&str> {
        match self {
            Sending::Message(message) => message.templates(),
            Sending::Call(call) => call.templates(),
        }
    }

    /// The paths through links that writing it reads of the flow's record.
    pub fn link_reads(&self, form: &Form, catalogue: &dyn Catalogue) -> Vec<Reach> {
        match self {
            Sending::Message(message) => message.link_reads(form, catalogue),
            Sending::Call(call) => call.link_reads(form, catalogue),
        }
    }
}
