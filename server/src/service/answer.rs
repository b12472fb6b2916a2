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
        Ok(Answer { outcome, body, version: None })
    }

    /// The same, with the version that the thing has now.
    pub fn version(mut self, version: i64) -> Answer {
        self.version = Some(version);
        self
    }
}
