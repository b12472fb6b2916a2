//! Why a command is not carried out, as data.

use std::collections::BTreeMap;

use crate::text::{Language, Texts};

/// A command that changes nothing, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: RefusalCode,
    /// The values that the sentence names.
    pub args: BTreeMap<String, String>,
}

impl Refusal {
    pub fn arg(mut self, name: &str, value: impl ToString) -> Refusal {
        self.args.insert(name.to_string(), value.to_string());
        self
    }

    /// The reason as a person reads it.
    pub fn sentence(&self, language: Language) -> String {
        let key = format!("refusal-{}", self.code.key().replace('_', "-"));
        Texts::of(language).get(&key, &self.args).unwrap_or_else(|| self.code.key().to_string())
    }
}

impl From<RefusalCode> for Refusal {
    fn from(code: RefusalCode) -> Refusal {
        Refusal { code, args: BTreeMap::new() }
    }
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $key:literal,)*) => {
        /// The reasons for refusing a command. The sentence has the Fluent key `refusal-KEY`, with `-` for `_`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum RefusalCode {
            $($(#[$doc])* $name,)*
        }

        impl RefusalCode {
            pub const ALL: &[RefusalCode] = &[$(RefusalCode::$name,)*];

            /// The stable code in the API.
            pub fn key(self) -> &'static str {
                match self {
                    $(RefusalCode::$name => $key,)*
                }
            }
        }
    };
}

refusals! {
    AlreadyStarted = "already_started",
    NotStarted = "not_started",
    /// The instance is approved, rejected or terminated.
    Ended = "instance_ended",
    NoSuchTask = "no_such_task",
    /// Decided, cancelled, or the instance is over.
    TaskClosed = "task_closed",
    NotYours = "not_yours",
    /// This action does not belong to this kind of step.
    WrongAction = "wrong_action",
    /// The step switches the action off.
    ActionOff = "action_off",
    OpinionRequired = "opinion_required",
    OpinionOff = "opinion_off",
    SignatureRequired = "signature_required",
    SignatureOff = "signature_off",
    UnknownStep = "unknown_step",
    TargetNotPassed = "target_not_passed",
    /// The step names where it may be returned to, and this is not among them.
    TargetNotAllowed = "target_not_allowed",
    SelfTransfer = "self_transfer",
    /// The person has left.
    PersonLeft = "person_left",
    AlreadyAssigned = "already_assigned",
    /// The flow lets nobody approve their own request, and the task would go to the submitter.
    OwnRequest = "own_request",
    /// The task was handed on too often.
    Loop = "loop",
    NotSubmitter = "not_submitter",
    WithdrawOff = "withdraw_off",
    AlreadyWithdrawn = "already_withdrawn",
    /// Somebody has decided already, so that the request can't be taken back.
    AlreadyDecided = "already_decided",
    /// The flow has gone on since, so that a decision can't be taken back.
    TooLate = "too_late",
    /// There is no decision of one's own to take back.
    NotDecided = "not_decided",
    NotAllowed = "not_allowed",
    /// Everybody was urged within the last hour.
    UrgedRecently = "urged_recently",
    NobodyWaiting = "nobody_waiting",
    CommentEmpty = "comment_empty",
    /// People may only be named for a step that lets the actor choose.
    NotChoosable = "not_choosable",
    /// A task waits until the people who were added before it have decided.
    WaitsForAdded = "waits_for_added",
    /// Somebody who was added adds nobody.
    AddedTask = "added_task",
    NobodyNamed = "nobody_named",
    /// Only an ended instance is reactivated.
    NotEnded = "not_ended",
    /// The other version has no place for where the instance stands.
    Unmappable = "unmappable",
    /// The timer has fired already, or what it was for is over.
    TimerClosed = "timer_closed",
    NotDue = "not_due",
    /// The child has ended already, or nobody waits for it.
    ChildClosed = "child_closed",
    TooManyChildren = "too_many_children",
    /// The state names a step that the flow does not have, or ids ran out: a defect, not a person's mistake.
    Inconsistent = "inconsistent",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_sentence_in_every_language() {
        for code in RefusalCode::ALL {
            for language in Language::ALL {
                let sentence = Refusal::from(*code).sentence(language);
                assert_ne!(sentence, code.key(), "{language}");
            }
        }
    }
}
