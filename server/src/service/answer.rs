//! What an action is answered with, in a form that can be kept: a repeated request gets the very same.

use serde::Serialize;

use super::Refusal;

/// What became of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Created,
    /// Begun; a job goes on with it.
    Accepted,
}

/// The answer to an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub outcome: Outcome,
    /// JSON.
    pub body: String,
    /// The version of the thing after the action, where it has one.
    pub version: Option<i64>,
    /// Whether it differs from what is published, where the answer is a draft. Not kept: changes of drafts name the
    /// version that they change, so that none is sent twice.
    pub unpublished: Option<bool>,
}

impl Answer {
    pub fn done<T: Serialize>(body: &T) -> Result<Answer, Refusal> {
        Answer::new(Outcome::Done, body)
    }

    pub fn created<T: Serialize>(body: &T) -> Result<Answer, Refusal> {
        Answer::new(Outcome::Created, body)
    }

    pub fn accepted<T: Serialize>(body: &T) -> Result<Answer, Refusal> {
        Answer::new(Outcome::Accepted, body)
    }

    fn new<T: Serialize>(outcome: Outcome, body: &T) -> Result<Answer, Refusal> {
        let body = serde_json::to_string(body).map_err(Refusal::internal)?;
        Ok(Answer { outcome, body, version: None, unpublished: None })
    }

    /// The same, with the version that the thing has now.
    pub fn version(mut self, version: i64) -> Answer {
        self.version = Some(version);
        self
    }

    /// The same of a draft, which differs from what is published or does not.
    pub fn unpublished(mut self, is_changed: bool) -> Answer {
        self.unpublished = Some(is_changed);
        self
    }
}
