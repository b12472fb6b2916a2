//! Going back: to where a return or a rejection leads, and to those who acted there.

use super::course::{Course, Entry};
use super::document::{RejectTo, START};
use super::event::{CancelReason, Change, Note};
use super::path;
use super::people::Found;
use super::published::Work;
use super::refusal::{Refusal, RefusalCode};
use super::state::{Asked, Detour, Status, TaskState, Visit, VisitId};
use crate::value::Id;

impl Course<'_, '_> {
    /// What a rejected step leads to.
    pub fn reject(&mut self, visit: VisitId, work: &Work) -> Result<(), Refusal> {
        match work.rejection.as_ref().map(|(_, to)| to) {
            None => Err(RefusalCode::Inconsistent.into()),
            Some(RejectTo::End) => {
                self.end(Status::Rejected, CancelReason::Rejected, Note::default());
                Ok(())
            }
            Some(RejectTo::Start) => self.go_back(visit, START, CancelReason::Rejected, None),
            Some(RejectTo::Step(key)) => {
                // An instance that was moved to another version may never have come through the step.
                let is_passed = self.on_the_way(visit, key).is_some();
                let target = if is_passed { key.clone() } else { self.step_before(visit) };
                self.go_back(visit, &target, CancelReason::Rejected, None)
            }
        }
    }

    /// The last step before a visit at which somebody had a task, on the way to it; the start where there is none.
    pub fn step_before(&self, visit: VisitId) -> String {
        let passed = path::passed(&self.state, visit).into_iter().filter_map(|id| self.state.visit(id));
        let mut steps = passed.map(|visit| &visit.step).filter(|step| self.flow.work(step).is_some());
        steps.next().map_or_else(|| START.to_string(), Clone::clone)
    }

    /// The last visit of a step on the way to a visit.
    fn on_the_way(&self, visit: VisitId, step: &str) -> Option<VisitId> {
        let is_step = |id: &VisitId| self.state.visit(*id).is_some_and(|visit| visit.step == step);
        path::passed(&self.state, visit).into_iter().find(is_step)
    }

    /// Goes back from `visit`, which was left, to a step that was passed on the way to it. Everything from there
    /// on is cancelled, in all arms of the blocks that this leaves; blocks that it goes into are open again.
    pub fn go_back(
        &mut self,
        visit: VisitId,
        target: &str,
        reason: CancelReason,
        detour: Option<Detour>,
    ) -> Result<(), Refusal> {
        let Some(id) = self.on_the_way(visit, target) else {
            return Err(RefusalCode::TargetNotPassed.into());
        };

        let inner = path::arms_around(&self.state, id);
        let outer = path::arms_around(&self.state, visit);
        // The innermost arm that both lie in; none is the top of the flow.
        let common = outer.iter().find(|within| inner.contains(within)).cloned();
        self.cancel_in_arm(common.as_ref(), reason);
        let blocks: Vec<VisitId> = inner
            .iter()
            .take_while(|within| Some(*within) != common.as_ref())
            .map(|within| within.block)
            .collect();
        for block in blocks.into_iter().rev() {
            let step = self.step_of(block)?;
            self.emit(Change::Reopened { visit: block, step });
        }

        self.enter_again(id, detour)
    }

    /// Enters the step of an earlier visit in its place, with those who acted there.
    pub fn enter_again(&mut self, id: VisitId, detour: Option<Detour>) -> Result<(), Refusal> {
        let Some(old) = self.state.visit(id).cloned() else { return Err(RefusalCode::Inconsistent.into()) };
        if old.step == START {
            return self.enter_start(detour);
        }
        let (node, _) = self.flow.find(&old.step).ok_or(RefusalCode::Inconsistent)?;
        let people = self.acted(id, &old)?;
        self.ahead.push_back(Entry { node, within: old.within, after: old.after, people, detour });
        Ok(())
    }

    /// Those who acted at a visit, to be asked again. The rules of the step add to them where somebody has left,
    /// and decide alone where nobody acted.
    fn acted(&self, id: VisitId, visit: &Visit) -> Result<Option<Vec<Asked>>, Refusal> {
        let acted: Vec<Asked> = self
            .state
            .tasks_of(id)
            .filter(|task| task.state == TaskState::Done)
            .filter_map(|task| Some(Asked { member: task.assignee?, on_behalf_of: task.on_behalf_of }))
            .collect();
        let mut people: Vec<Asked> =
            acted.iter().copied().filter(|asked| self.context.people.is_active(asked.member)).collect();
        self.let_stand_in(&mut people)?;
        if people.len() < acted.len() {
            let work = self.flow.work(&visit.step).ok_or(RefusalCode::Inconsistent)?;
            let (found, _) = self.deciders(&visit.step, work, visit.within.as_ref(), visit.after)?;
            if let Found::Ask(others) = found {
                let known: Vec<Id> = people.iter().map(|asked| asked.member).collect();
                people.extend(others.into_iter().filter(|asked| !known.contains(&asked.member)));
            }
        }
        Ok((!people.is_empty()).then_some(people))
    }

    /// Puts delegates in the place of those who are asked anew: who is away has their new tasks decided by somebody else.
    /// Who is asked for another is not replaced again.
    pub fn let_stand_in(&self, people: &mut [Asked]) -> Result<(), Refusal> {
        let members: Vec<Id> = people.iter().map(|asked| asked.member).collect();
        let stand_ins = self.bare_search(self.submitter()?).with_delegates(&members);
        for (asked, now) in people.iter_mut().zip(stand_ins).filter(|(asked, _)| asked.on_behalf_of.is_none())
        {
            *asked = now;
        }
        Ok(())
    }
}
