//! Whether the decisions given at a visit settle it.

use super::document::{OnReject, Policy, Ratio};
use super::published::{Flow, Work};
use super::state::{Asked, Decision, State, Task, TaskState, VisitId};

/// How the votes stand at a step where several people decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    pub step: String,
    /// How many of them have to agree.
    pub needed: usize,
    /// How many have.
    pub agreed: usize,
    /// In the order in which they are asked.
    pub voters: Vec<Voter>,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voter {
    pub asked: Asked,
    /// What theirs counts as; nothing while they, or those whom they have asked besides, are still to decide.
    pub vote: Option<Decision>,
    /// Whether they are asked now; in a sequence the turn of the others comes later.
    pub is_asked: bool,
}

/// How the votes stand at the steps that wait now and where more than one person decides.
pub fn ballots(flow: &Flow, state: &State) -> Vec<Ballot> {
    let mut ballots = Vec::new();
    for (id, visit) in state.active() {
        let Some(work) = flow.work(&visit.step).filter(|_| visit.people.len() > 1) else { continue };
        let tasks: Vec<&Task> = votes(state, id).collect();
        let of_task = |task: &&Task| {
            let asked = Asked { member: task.assignee?, on_behalf_of: task.on_behalf_of };
            Some(Voter { asked, vote: vote(state, task), is_asked: task.state == TaskState::Open })
        };
        let later = visit.people.iter().skip(tasks.len());
        let later = later.map(|asked| Voter { asked: *asked, vote: None, is_asked: false });
        let voters: Vec<Voter> = tasks.iter().filter_map(of_task).chain(later).collect();
        let agrees = |voter: &&Voter| matches!(voter.vote, Some(Decision::Approved | Decision::Submitted));
        ballots.push(Ballot {
            step: visit.step.clone(),
            needed: needed(work.policy, visit.people.len()),
            agreed: voters.iter().filter(agrees).count(),
            voters,
        });
    }
    ballots
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tally {
    Pending,
    /// A sequential step's next person is to be asked.
    Next(Asked),
    Passed,
    Rejected,
}

/// The tasks that are votes of their own at a visit. One that was cancelled while its visit went on (its turn in a
/// sequence was taken back) is none, unless somebody who was added to it has rejected in its place.
pub(super) fn votes(state: &State, id: VisitId) -> impl Iterator<Item = &Task> {
    let with_added = has_added(state, id);
    state.tasks_of(id).filter(move |task| {
        let rejects = || with_added && vote(state, task) == Some(Decision::Rejected);
        task.added.is_none() && (task.state != TaskState::Cancelled || rejects())
    })
}

/// Whether somebody was added to a task of a visit. Seldom, so that thousands who are asked are counted in one go.
fn has_added(state: &State, id: VisitId) -> bool {
    state.tasks_of(id).any(|task| task.added.is_some())
}

/// What a task counts as: its own decision once all who were added to it have approved, a rejection as soon as one of
/// them rejects.
fn vote(state: &State, task: &Task) -> Option<Decision> {
    let (id, visit) = (task.id, task.visit);
    let added = || {
        state.tasks_of(visit).filter(move |other| {
            other.state != TaskState::Cancelled && other.added.is_some_and(|added| added.to == id)
        })
    };
    if added().any(|other| other.decision == Some(Decision::Rejected)) {
        return Some(Decision::Rejected);
    }
    let waits = added().any(|other| other.state == TaskState::Open);
    if waits { None } else { task.decision }
}

/// Counts the decisions at a visit of an approve or fill step.
pub(super) fn tally(work: &Work, state: &State, id: VisitId) -> Tally {
    let people = state.visit(id).map_or(&[][..], |visit| &visit.people);
    let tasks: Vec<&Task> = votes(state, id).collect();
    let with_added = has_added(state, id);
    let counts_as = |task: &Task| if with_added { vote(state, task) } else { task.decision };
    let count = |decisions: &[Decision]| {
        tasks.iter().filter(|task| counts_as(task).is_some_and(|made| decisions.contains(&made))).count()
    };
    let is_anybody_asked = || state.tasks_of(id).any(|task| task.state == TaskState::Open);
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
    } else if !is_anybody_asked() {
        // The next in a sequence. Elsewhere everybody is asked at once, unless the step was a sequence before.
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
