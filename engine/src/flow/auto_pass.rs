//! Tasks that pass by themselves, and the steps before a step that this depends on.

use super::course::Course;
use super::document::{AutoPass, START, SelfApproval};
use super::event::{Change, Note};
use super::path;
use super::published::Work;
use super::signing::is_added;
use super::state::{Automatic, Decision, TaskState, VisitId, VisitState, Within};
use crate::value::Id;

/// How many tasks are passed automatically in a row, before a person has to look again.
const MAX_AUTO_PASSES: u32 = 50;

impl Course<'_, '_> {
    /// Passes the first open task of a visit that passes by itself. It does so when it arrives or not at all: whoever was asked
    /// may have added others, or be about to say something, whatever they approve elsewhere meanwhile.
    pub fn pass_one(&mut self, visit: VisitId, work: &Work) -> bool {
        if !work.is_approve() || self.auto_passes == MAX_AUTO_PASSES {
            return false;
        }
        // Who was added is asked for the sake of being asked.
        let open = self.state.tasks_of(visit).filter(|task| {
            task.state == TaskState::Open && task.opened == self.turn && !is_added(&self.state, task)
        });
        let automatic = open.filter_map(|task| Some((task.clone(), self.automatic(visit, task.assignee?)?)));
        let Some((task, automatic)) = automatic.into_iter().next() else { return false };
        self.auto_passes += 1;
        self.emit(Change::Decided {
            task: task.id,
            step: task.step,
            by: task.assignee,
            on_behalf_of: task.on_behalf_of,
            decision: Decision::Approved,
            automatic: Some(automatic),
            to: None,
            note: Note::default(),
        });
        true
    }

    /// Why `member` need not be asked at an approve step.
    fn automatic(&self, visit: VisitId, member: Id) -> Option<Automatic> {
        let document = self.flow.document();
        if document.self_approval == SelfApproval::AutoApprove && self.state.submitter == Some(member) {
            return Some(Automatic::SelfApproval);
        }
        let approved_before = match document.auto_pass {
            AutoPass::Off => false,
            AutoPass::Consecutive => {
                self.deciding_before(visit).iter().any(|before| self.approved(*before, member))
            }
            AutoPass::AnyEarlier => self.state.numbered().any(|(id, earlier)| {
                matches!(earlier.state, VisitState::Active | VisitState::Passed) && self.approved(id, member)
            }),
        };
        approved_before.then_some(Automatic::ApprovedBefore)
    }

    /// Whether `member` approved at a visit, and nothing was sent back since. What a deadline approved in their place
    /// nobody has looked at.
    fn approved(&self, visit: VisitId, member: Id) -> bool {
        self.state.tasks_of(visit).any(|task| {
            task.assignee == Some(member)
                && task.state == TaskState::Done
                && task.decision == Some(Decision::Approved)
                && task.automatic != Some(Automatic::Deadline)
                && task.closed.is_some_and(|turn| turn > self.state.returned)
        })
    }

    /// The nearest visits on the way to `visit` where people decide; several where arms were joined.
    fn deciding_before(&self, visit: VisitId) -> Vec<VisitId> {
        let entry = self.state.visit(visit);
        self.deciding_at(entry.and_then(|entry| entry.after), entry.and_then(|entry| entry.within.as_ref()))
    }

    pub fn deciding_at(&self, after: Option<VisitId>, within: Option<&Within>) -> Vec<VisitId> {
        let Some(before) = after else {
            let block = within.and_then(|within| self.state.visit(within.block));
            return block.map_or(Vec::new(), |block| self.deciding_at(block.after, block.within.as_ref()));
        };
        let Some(found) = self.state.visit(before) else { return Vec::new() };
        if self.flow.subflow(&found.step).is_some() {
            // Whoever decided in another flow is nobody here.
            return Vec::new();
        }
        let is_work = self.flow.work(&found.step).is_some();
        if is_work || found.step == START {
            return vec![before];
        }
        let inside: Vec<VisitId> = found
            .arms
            .iter()
            .filter(|run| run.is_done())
            .filter_map(|run| path::last_passed(&self.state, before, &run.arm))
            .flat_map(|last| self.deciding_up_to(last, before))
            .collect();
        if inside.is_empty() { self.deciding_at(found.after, found.within.as_ref()) } else { inside }
    }

    /// The same inside an arm of `block`, from its last visit backward; none where nobody decides in it.
    fn deciding_up_to(&self, last: VisitId, block: VisitId) -> Vec<VisitId> {
        let within = self.state.visit(last).and_then(|visit| visit.within.as_ref());
        let found = self.deciding_at(Some(last), within);
        found
            .into_iter()
            .filter(|id| path::arms_around(&self.state, *id).iter().any(|arm| arm.block == block))
            .collect()
    }
}
