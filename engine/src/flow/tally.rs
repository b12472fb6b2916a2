//! Whether the decisions given at a visit settle it.

use super::document::{OnReject, Policy, Ratio};
use super::published::Work;
use super::state::{Asked, Decision, State, Task, TaskState, VisitId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tally {
    Pending,
    /// A sequential step's next person is to be asked.
    Next(Asked),
    Passed,
    Rejected,
}

/// Counts the decisions at a visit of an approve or fill step. A task that was cancelled while its visit went on
/// (its turn in a sequence was taken back) does not count.
pub(super) fn tally(work: &Work, state: &State, id: VisitId) -> Tally {
    let people = state.visit(id).map_or(&[][..], |visit| &visit.people);
    let tasks: Vec<&Task> = state.tasks_of(id).filter(|task| task.state != TaskState::Cancelled).collect();
    let count = |decisions: &[Decision]| {
        tasks.iter().filter(|task| task.decision.is_some_and(|made| decisions.contains(&made))).count()
    };
    // A step that holds for an administrator has a task and no people.
    let voters = people.len().max(1);
    let needed = needed(work.policy, voters);
    let rejected = count(&[Decision::Rejected]);
    let on_reject = work.rejection.as_ref().map_or(OnReject::First, |(on_reject, _)| *on_reject);
    let is_rejected = match on_reject {
        OnReject::First => rejected > 0,
        OnReject::Exhausted => voters.saturating_sub(rejected) < needed,
    };
    if is_rejected {
        Tally::Rejected
    } else if count(&[Decision::Approved, Decision::Submitted]) >= needed {
        Tally::Passed
    } else if work.policy == Policy::Sequential && !tasks.iter().any(|task| task.state == TaskState::Open) {
        people.get(tasks.len()).map_or(Tally::Pending, |asked| Tally::Next(*asked))
    } else {
        Tally::Pending
    }
}

/// How many of the voters have to agree.
fn needed(policy: Policy, voters: usize) -> usize {
    match policy {
        Policy::Any => 1,
        Policy::All | Policy::Sequential => voters,
        Policy::Ratio(Ratio::N(n)) => (n as usize).clamp(1, voters),
        Policy::Ratio(Ratio::Percent(percent)) => (voters * percent as usize).div_ceil(100).clamp(1, voters),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_up_to_whole_people() {
        let percent = |percent, voters| needed(Policy::Ratio(Ratio::Percent(percent)), voters);
        assert_eq!([percent(60, 5), percent(60, 4), percent(34, 3), percent(100, 7)], [3, 3, 2, 7]);
    }

    #[test]
    fn nobody_is_asked_for_more_votes_than_there_are_voters() {
        assert_eq!(needed(Policy::Ratio(Ratio::N(3)), 2), 2);
        assert_eq!(needed(Policy::Any, 4), 1);
        assert_eq!(needed(Policy::All, 4), 4);
    }
}
