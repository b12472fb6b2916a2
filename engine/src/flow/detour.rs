//! Going straight back to the step that returned an instance (`resume: direct`).

use super::course::{Course, Entry};
use super::event::Change;
use super::path;
use super::published::NodeKind;
use super::refusal::{Refusal, RefusalCode};
use super::state::{Asked, Detour, TaskState, Visit, VisitId, VisitState};
use crate::condition::{Condition, Operand};

impl Course<'_, '_> {
    pub fn note_detour(&mut self, visit: VisitId, detour: Option<Detour>) {
        let Some(Detour { from, reads }) = detour else { return };
        let Ok(step) = self.step_of(visit) else { return };
        self.emit(Change::Detoured { visit, step, from, reads });
    }

    /// Goes on after a visit that was passed: to the next step, or straight back where it was returned for that and
    /// nothing has changed that a branch reads.
    pub fn go_on(&mut self, visit: VisitId) -> Result<(), Refusal> {
        let detour = self.state.visit(visit).and_then(|visit| visit.detour.clone());
        match detour
            .filter(|detour| detour.reads == self.reads())
            .and_then(|detour| self.way_back(detour.from))
        {
            Some((from, old)) => self.go_straight_back(visit, from, &old),
            None => {
                self.advance(visit);
                Ok(())
            }
        }
    }

    /// A sum of everything that the branches read of the record. It only has to be another one when that is.
    pub fn reads(&self) -> String {
        let mut paths: Vec<String> = self.flow.conditions().flat_map(|when| paths(&when)).collect();
        paths.sort();
        paths.dedup();
        let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
        for path in paths {
            let text = format!("{path}={:?};", self.context.record.value(&path));
            for byte in text.bytes() {
                sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        format!("{sum:016x}")
    }

    /// The visit that returned, if its step and the blocks around it can be gone into again as they were left.
    fn way_back(&self, from: VisitId) -> Option<(VisitId, Visit)> {
        let old = self.state.visit(from).filter(|old| old.state == VisitState::Returned)?;
        let turn = old.closed?;
        self.flow.work(&old.step)?;
        let around = path::arms_around(&self.state, from);
        let can_go_in = around.iter().filter_map(|arm| self.state.visit(arm.block)).all(|block| {
            let is_left_by_it = block.state == VisitState::Cancelled && block.closed == Some(turn);
            block.state == VisitState::Active || is_left_by_it
        });
        can_go_in.then(|| (from, old.clone()))
    }

    fn go_straight_back(&mut self, visit: VisitId, from: VisitId, old: &Visit) -> Result<(), Refusal> {
        let step = self.step_of(visit)?;
        self.emit(Change::WentDirect { visit, step, to: from });
        let around = path::arms_around(&self.state, from);
        let entered: Vec<VisitId> = path::arms_around(&self.state, visit)
            .into_iter()
            .filter(|within| !around.iter().any(|arm| arm.block == within.block))
            .map(|within| within.block)
            .collect();
        for block in entered {
            let step = self.step_of(block)?;
            self.emit(Change::ClosedAgain { visit: block, step });
        }
        self.bring_back(old.closed)?;
        let (node, _) = self.flow.find(&old.step).ok_or(RefusalCode::Inconsistent)?;
        let people = self.asked_again(old)?;
        self.ahead.push_back(Entry {
            node,
            within: old.within.clone(),
            after: old.after,
            people,
            detour: None,
        });
        Ok(())
    }

    /// Makes active again what the return of a turn cancelled.
    fn bring_back(&mut self, turn: Option<u32>) -> Result<(), Refusal> {
        let cancelled: Vec<(VisitId, Visit)> = self
            .state
            .numbered()
            .filter(|(_, visit)| visit.state == VisitState::Cancelled && visit.closed == turn)
            .map(|(id, visit)| (id, visit.clone()))
            .collect();
        for (id, visit) in cancelled {
            match self.flow.find(&visit.step) {
                // Flows that were stopped with it can't go on: they begin anew.
                Some((node, found)) if matches!(found.kind, NodeKind::Subflow(_)) => {
                    let Visit { within, after, .. } = visit;
                    self.ahead.push_back(Entry { node, within, after, people: None, detour: None });
                }
                Some(_) | None => self.resume(id, &visit, turn)?,
            }
        }
        Ok(())
    }

    fn resume(&mut self, id: VisitId, visit: &Visit, turn: Option<u32>) -> Result<(), Refusal> {
        self.emit(Change::Resumed { visit: id, step: visit.step.clone() });
        let cancelled = self
            .state
            .tasks_of(id)
            .filter(|task| task.state == TaskState::Cancelled && task.closed == turn)
            .cloned();
        for task in cancelled.collect::<Vec<_>>() {
            let (task, assignee) = (task.id, task.assignee);
            self.emit(Change::Restored { task, step: visit.step.clone(), assignee });
            let has_left = assignee.is_some_and(|assignee| !self.context.people.is_active(assignee));
            if has_left {
                self.hand_over(task, None)?;
            }
        }
        Ok(())
    }

    /// Those who were asked at a visit, to be asked anew; the rules of the step say it where there were none.
    fn asked_again(&self, old: &Visit) -> Result<Option<Vec<Asked>>, Refusal> {
        let mut people: Vec<Asked> = Vec::new();
        for asked in &old.people {
            let is_there = self.context.people.is_active(asked.member);
            let now = match is_there {
                true => vec![*asked],
                false => self
                    .present(asked.member)
                    .into_iter()
                    .map(|member| Asked { member, on_behalf_of: None })
                    .collect(),
            };
            for asked in now {
                if !people.iter().any(|known| known.member == asked.member) {
                    people.push(asked);
                }
            }
        }
        self.let_stand_in(&mut people)?;
        Ok((!people.is_empty()).then_some(people))
    }
}

/// The places of the record that a condition reads.
fn paths(when: &Condition) -> Vec<String> {
    let tests = when.tests().into_iter();
    tests
        .flat_map(|test| {
            let other = match &test.value {
                Some(Operand::Field(other)) => Some(other.clone()),
                _ => None,
            };
            std::iter::once(test.field.clone()).chain(other)
        })
        .collect()
}
