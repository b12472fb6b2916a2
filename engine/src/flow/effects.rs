//! What has to be done outside of the instance because of its events.

use super::event::{Change, Event};
use super::state::{VisitId, VisitState};
use crate::value::Id;

/// Something that whoever carries events out does in the same transaction. What is refused there refuses the command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Carries out the action of a step on the record as it is now, or leaves for these members, or for another system, what it
    /// sends; and then gives
    /// [`Command::Performed`](super::Command::Performed).
    Perform { visit: VisitId, step: String, members: Vec<Id> },
    /// Creates the record of another form with the fields that the step maps in, and starts its flow under these ids.
    StartChild { step: String, form: String, record: Id, instance: Id, row: Option<Id> },
    /// Terminates a child that still runs.
    StopChild { instance: Id },
}

/// The effects of a command's events, in their order; an action whose arm was left at once is none. Nothing else in a log has to be carried out, but that tasks and
/// timers are found again and people told.
pub fn effects(events: &[Event]) -> Vec<Effect> {
    let is_left = |visit: &VisitId| {
        let left = |event: &Event| match &event.change {
            Change::Left { visit: left, state: VisitState::Cancelled, .. } => left == visit,
            _ => false,
        };
        events.iter().any(left)
    };
    let effect = |event: &Event| match &event.change {
        Change::Performing { visit, .. } if is_left(visit) => None,
        Change::Performing { visit, step, members } => {
            Some(Effect::Perform { visit: *visit, step: step.clone(), members: members.clone() })
        }
        Change::ChildStarted { step, form, record, instance, row, .. } => Some(Effect::StartChild {
            step: step.clone(),
            form: form.clone(),
            record: *record,
            instance: *instance,
            row: *row,
        }),
        Change::ChildStopped { instance, .. } => Some(Effect::StopChild { instance: *instance }),
        _ => None,
    };
    events.iter().filter_map(effect).collect()
}
