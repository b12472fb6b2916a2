//! How an instance moves: entering steps, settling them, going on and going back.
//!
//! A [`Course`] works on a copy of the state and applies each event at once, so that what follows sees what
//! came before, by the very code that will replay the log.

use std::collections::VecDeque;

use super::command::{Actor, Chosen, Context};
use super::document::{BranchMode, Join, Policy, START};
use super::event::{CancelReason, Change, Event, Note};
use super::fallback::Fallback;
use super::outcome;
use super::path;
use super::people::{Found, Search};
use super::published::{Arm, Flow, Node, NodeId, NodeKind, Work};
use super::refusal::{Refusal, RefusalCode};
use super::state::{
    Added, ArmState, Asked, Automatic, Decision, Detour, State, Status, Task, TaskState, Visit, VisitId,
    VisitState, Within,
};
use super::tally::{Tally, tally};
use crate::value::Id;

/// One command being carried out.
pub(super) struct Course<'a, 'c> {
    pub flow: &'a Flow,
    pub state: State,
    pub context: &'a mut Context<'c>,
    pub events: Vec<Event>,
    pub turn: u32,
    pub auto_passes: u32,
    /// Steps that are to be entered next.
    pub ahead: VecDeque<Entry>,
}

/// A step to enter.
pub(super) struct Entry {
    pub node: NodeId,
    pub within: Option<Within>,
    pub after: Option<VisitId>,
    /// Who is asked, where the step's own rules do not say it.
    pub people: Option<Vec<Asked>>,
    /// The way straight back, where it is entered by a return.
    pub detour: Option<Detour>,
}

impl<'a, 'c> Course<'a, 'c> {
    pub fn new(flow: &'a Flow, state: &State, context: &'a mut Context<'c>) -> Course<'a, 'c> {
        let turn = state.turn + 1;
        let state = state.clone();
        Course { flow, state, context, events: Vec::new(), turn, auto_passes: 0, ahead: VecDeque::new() }
    }

    pub fn emit(&mut self, change: Change) {
        let who = match self.context.actor {
            Actor::Member(member) => Some(member),
            Actor::System => None,
        };
        let event = Event { turn: self.turn, at: self.context.now, who, change };
        super::apply(&mut self.state, &event);
        self.events.push(event);
    }

    pub fn actor(&self) -> Option<Id> {
        match self.context.actor {
            Actor::Member(member) => Some(member),
            Actor::System => None,
        }
    }

    /// The first submission.
    pub fn start(&mut self, submitter: Id, chosen: &Chosen) -> Result<(), Refusal> {
        self.emit(Change::Started { submitter });
        self.choose(chosen);
        let visit = self.open_visit(START, None, None, vec![alone(submitter)]);
        self.leave(visit, VisitState::Passed, None);
        self.advance(visit);
        self.run()
    }

    pub fn choose(&mut self, chosen: &Chosen) {
        for (step, members) in chosen {
            self.emit(Change::Chose { step: step.clone(), members: members.clone() });
        }
    }

    /// Records a person's decision and moves on as far as that goes.
    pub fn decide(&mut self, task: &Task, decision: Decision, note: &Note) -> Result<(), Refusal> {
        self.note_decision(task, decision, None, note);
        self.after_decision(task, decision)?;
        self.settle(task.visit)?;
        self.run()
    }

    /// Sends the instance back to an earlier step; with `is_direct` it is to come straight back from there.
    pub fn send_back(
        &mut self,
        task: &Task,
        target: &str,
        is_direct: bool,
        note: &Note,
    ) -> Result<(), Refusal> {
        self.note_decision(task, Decision::Returned, Some(target), note);
        let detour = is_direct.then(|| Detour { from: task.visit, reads: self.reads() });
        self.leave_and_go_back(task.visit, target, detour)?;
        self.run()
    }

    /// Leaves a visit as returned, and goes back from it.
    pub fn leave_and_go_back(
        &mut self,
        visit: VisitId,
        target: &str,
        detour: Option<Detour>,
    ) -> Result<(), Refusal> {
        self.cancel_tasks(visit, CancelReason::Returned);
        self.leave(visit, VisitState::Returned, None);
        self.go_back(visit, target, CancelReason::Returned, detour)
    }

    fn note_decision(&mut self, task: &Task, decision: Decision, to: Option<&str>, note: &Note) {
        self.emit(Change::Decided {
            task: task.id,
            step: task.step.clone(),
            by: self.actor(),
            on_behalf_of: task.on_behalf_of,
            decision,
            automatic: None,
            to: to.map(str::to_string),
            note: note.clone(),
        });
    }

    /// Cancels everything and lets the submitter have it again.
    pub fn withdraw(&mut self) -> Result<(), Refusal> {
        self.cancel_all(CancelReason::Withdrawn);
        self.emit(Change::Withdrawn);
        self.enter_start(None)
    }

    pub fn end(&mut self, status: Status, reason: CancelReason, note: Note) {
        self.ahead.clear();
        self.cancel_all(reason);
        self.emit(Change::Ended { status, note });
    }

    /// Enters what is ahead until everything waits for somebody.
    pub fn run(&mut self) -> Result<(), Refusal> {
        while let Some(entry) = self.ahead.pop_front() {
            // An arm may have been cancelled by another one that was through at once.
            let is_gone = entry.within.as_ref().is_some_and(|within| {
                self.state.visit(within.block).is_none_or(|block| block.state != VisitState::Active)
            });
            if !is_gone {
                self.enter(entry)?;
            }
        }
        Ok(())
    }

    fn enter(&mut self, entry: Entry) -> Result<(), Refusal> {
        let flow = self.flow;
        let node = flow.node(entry.node).ok_or(RefusalCode::Inconsistent)?;
        match &node.kind {
            NodeKind::Work(work) => self.enter_work(node, work, entry)?,
            NodeKind::Cc(cc) => {
                let members = self.search(&node.key, entry.within.as_ref(), entry.after, |search| {
                    search.informed(&cc.who)
                })?;
                let people = members.iter().copied().map(alone).collect();
                let visit = self.open_visit(&node.key, entry.within, entry.after, people);
                self.emit(Change::Informed { visit, step: node.key.clone(), members });
                self.leave(visit, VisitState::Passed, None);
                self.advance(visit);
            }
            NodeKind::Branch { mode, arms } => {
                let visit = self.open_visit(&node.key, entry.within, entry.after, Vec::new());
                let taken = self.matching(*mode, arms);
                self.split(visit, node, &taken);
            }
            NodeKind::Parallel { arms, .. } => {
                let visit = self.open_visit(&node.key, entry.within, entry.after, Vec::new());
                self.split(visit, node, &arms.iter().collect::<Vec<_>>());
            }
            NodeKind::Subflow(subflow) => self.enter_subflow(node, subflow, entry)?,
            NodeKind::Action(to) => {
                let members = match to.as_slice() {
                    [] => Vec::new(),
                    to => self.search(&node.key, entry.within.as_ref(), entry.after, |search| {
                        search.informed(to)
                    })?,
                };
                let visit = self.open_visit(&node.key, entry.within, entry.after, Vec::new());
                self.emit(Change::Performing { visit, step: node.key.clone(), members });
            }
            NodeKind::Delay(delay) => self.enter_delay(node, delay, entry),
        }
        Ok(())
    }

    /// The submitter's own step, after a return or a withdrawal.
    pub fn enter_start(&mut self, detour: Option<Detour>) -> Result<(), Refusal> {
        let submitter = self.submitter()?;
        let people = self.bare_search(submitter).present(submitter).into_iter().map(alone).collect();
        let visit = self.open_visit(START, None, None, people);
        self.note_detour(visit, detour);
        self.ask_all(visit)
    }

    fn enter_work(&mut self, node: &Node, work: &Work, entry: Entry) -> Result<(), Refusal> {
        let found = match entry.people {
            Some(people) => Found::Ask(people),
            None => self.deciders(&node.key, work, entry.within.as_ref(), entry.after)?.0,
        };
        match found {
            Found::Ask(people) => {
                let visit = self.open_visit(&node.key, entry.within, entry.after, people);
                self.note_detour(visit, entry.detour);
                if work.policy != Policy::Sequential {
                    self.ask_all(visit)?;
                }
                self.settle(visit)?;
                self.set_deadlines(visit, work);
                Ok(())
            }
            Found::Hold => {
                let visit = self.open_visit(&node.key, entry.within, entry.after, Vec::new());
                self.note_detour(visit, entry.detour);
                self.ask(visit, &node.key, None, None)?;
                self.set_deadlines(visit, work);
                Ok(())
            }
            Found::Pass => {
                let visit = self.open_visit(&node.key, entry.within, entry.after, Vec::new());
                self.leave(visit, VisitState::Passed, Some(Automatic::Nobody));
                self.advance(visit);
                Ok(())
            }
        }
    }

    /// Opens the tasks of everybody at a visit, or one without assignee where there is nobody at all; then
    /// passes those that pass by themselves.
    fn ask_all(&mut self, visit: VisitId) -> Result<(), Refusal> {
        let Some(Visit { step, people, .. }) = self.state.visit(visit).cloned() else {
            return Err(RefusalCode::Inconsistent.into());
        };
        if people.is_empty() {
            return self.ask(visit, &step, None, None);
        }
        for asked in people {
            self.ask(visit, &step, Some(asked), None)?;
        }
        Ok(())
    }

    /// Opens a task, as a part of another one where `added` says so.
    pub fn ask(
        &mut self,
        visit: VisitId,
        step: &str,
        asked: Option<Asked>,
        added: Option<Added>,
    ) -> Result<(), Refusal> {
        let task = self.context.ids.next().ok_or(RefusalCode::Inconsistent)?;
        self.emit(Change::Opened {
            task,
            visit,
            step: step.to_string(),
            assignee: asked.map(|asked| asked.member),
            on_behalf_of: asked.and_then(|asked| asked.on_behalf_of),
            added,
        });
        Ok(())
    }

    /// Passes open tasks that pass by themselves, asks the next in a sequence, and leaves a visit that is decided.
    pub fn settle(&mut self, visit: VisitId) -> Result<(), Refusal> {
        let step = self.step_of(visit)?;
        if step == START {
            self.cancel_tasks(visit, CancelReason::StepDecided);
            self.leave(visit, VisitState::Passed, None);
            self.emit(Change::Resubmitted);
            return self.go_on(visit);
        }
        let flow = self.flow;
        let work = flow.work(&step).ok_or(RefusalCode::Inconsistent)?;
        loop {
            match tally(work, &self.state, visit) {
                Tally::Pending => {
                    if !self.pass_one(visit, work) {
                        return Ok(());
                    }
                }
                Tally::Next(asked) => self.ask_next(visit, &step, asked)?,
                Tally::Passed => {
                    self.cancel_tasks(visit, CancelReason::StepDecided);
                    self.leave(visit, VisitState::Passed, None);
                    return self.go_on(visit);
                }
                Tally::Rejected => {
                    self.cancel_tasks(visit, CancelReason::StepDecided);
                    self.leave(visit, VisitState::Rejected, None);
                    return self.reject(visit, work);
                }
            }
        }
    }

    pub fn advance(&mut self, visit: VisitId) {
        let Some(left) = self.state.visit(visit).cloned() else { return };
        let next = match self.flow.find(&left.step) {
            Some((_, node)) => node.next,
            None => self.flow.first(),
        };
        match (next, left.within) {
            (Some(node), within) => {
                let after = Some(visit);
                self.ahead.push_back(Entry { node, within, after, people: None, detour: None });
            }
            (None, Some(within)) => self.finish_arm(&within),
            (None, None) => self.end(Status::Approved, CancelReason::StepDecided, Note::default()),
        }
    }

    /// The arms of a branch to take.
    fn matching<'n>(&self, mode: BranchMode, arms: &'n [Arm]) -> Vec<&'n Arm> {
        let matches = |arm: &&Arm| {
            let when = arm.when.as_ref();
            when.is_some_and(|when| self.context.record.holds(&outcome::settled(when, &self.state)))
        };
        let taken: Vec<&Arm> = match mode {
            BranchMode::Exclusive => arms.iter().find(matches).into_iter().collect(),
            BranchMode::Inclusive => arms.iter().filter(matches).collect(),
        };
        if taken.is_empty() { arms.iter().filter(|arm| arm.when.is_none()).collect() } else { taken }
    }

    fn split(&mut self, visit: VisitId, node: &Node, arms: &[&Arm]) {
        let keys = arms.iter().map(|arm| arm.key.clone()).collect();
        self.emit(Change::Split { visit, step: node.key.clone(), arms: keys });
        for arm in arms {
            let within = Within { block: visit, arm: arm.key.clone() };
            match arm.first {
                Some(first) => {
                    let within = Some(within);
                    let entry = Entry { node: first, within, after: None, people: None, detour: None };
                    self.ahead.push_back(entry);
                }
                None => self.finish_arm(&within),
            }
        }
    }

    fn finish_arm(&mut self, within: &Within) {
        let Some(block) = self.state.visit(within.block).cloned() else { return };
        if block.state != VisitState::Active {
            return;
        }
        self.emit(Change::ArmDone { visit: within.block, step: block.step, arm: within.arm.clone() });
        self.join(within.block);
    }

    /// Leaves a block of which enough arms are through.
    pub fn join(&mut self, block: VisitId) {
        if self.is_joined(block) {
            self.cancel_inside(Some(block), CancelReason::Joined);
            self.leave(block, VisitState::Passed, None);
            self.advance(block);
        }
    }

    /// Whether enough arms of a block are through; never for what is no block.
    pub fn is_joined(&self, id: VisitId) -> bool {
        let Some(block) = self.state.visit(id) else { return false };
        let join = match self.flow.find(&block.step).map(|(_, node)| &node.kind) {
            Some(NodeKind::Parallel { join, .. }) => *join,
            Some(NodeKind::Branch { .. }) => Join::All,
            Some(
                NodeKind::Work(_)
                | NodeKind::Cc(_)
                | NodeKind::Subflow(_)
                | NodeKind::Action(_)
                | NodeKind::Delay(_),
            )
            | None => return false,
        };
        let arms = block.arms.len();
        let needed = match join {
            Join::All => arms,
            Join::Any => arms.min(1),
            Join::N(n) => arms.min(n as usize),
        };
        // What an earlier join, or a version with another one, has ended does not come any more.
        let is_going = block.arms.iter().any(|arm| arm.state == ArmState::Running);
        !is_going || block.arms.iter().filter(|arm| arm.is_done()).count() >= needed
    }

    pub fn deciders(
        &self,
        step: &str,
        work: &Work,
        within: Option<&Within>,
        after: Option<VisitId>,
    ) -> Result<(Found, Fallback), Refusal> {
        let self_approval = work.is_approve().then_some(self.flow.document().self_approval);
        self.search(step, within, after, |search| search.deciders(&work.who, work.nobody, self_approval))
    }

    pub fn search<T>(
        &self,
        step: &str,
        within: Option<&Within>,
        after: Option<VisitId>,
        find: impl FnOnce(&Search<'_>) -> T,
    ) -> Result<T, Refusal> {
        let submitter = self.submitter()?;
        let deciders = self.deciding_at(after, within).into_iter().flat_map(|id| self.state.tasks_of(id));
        let decided = deciders.filter(|task| task.state == TaskState::Done).filter_map(|task| task.assignee);
        let mut previous: Vec<Id> = decided.collect();
        if previous.is_empty() {
            previous.push(submitter);
        }
        let chosen = self.state.chosen.get(step).map_or(&[][..], Vec::as_slice);
        Ok(find(&Search { previous: &previous, chosen, ..self.bare_search(submitter) }))
    }

    pub fn bare_search(&self, submitter: Id) -> Search<'_> {
        let Context { people, record, .. } = &*self.context;
        Search { people: *people, record: *record, submitter, previous: &[], chosen: &[] }
    }

    pub fn submitter(&self) -> Result<Id, Refusal> {
        self.state.submitter.ok_or(RefusalCode::NotStarted.into())
    }

    pub fn step_of(&self, visit: VisitId) -> Result<String, Refusal> {
        self.state.visit(visit).map(|visit| visit.step.clone()).ok_or(RefusalCode::Inconsistent.into())
    }

    pub fn open_visit(
        &mut self,
        step: &str,
        within: Option<Within>,
        after: Option<VisitId>,
        people: Vec<Asked>,
    ) -> VisitId {
        let visit = self.state.next_visit();
        self.emit(Change::Entered { visit, step: step.to_string(), within, after, people });
        visit
    }

    /// Leaves a visit. Children that were waited for there are stopped.
    pub fn leave(&mut self, visit: VisitId, state: VisitState, automatic: Option<Automatic>) {
        self.stop_children(visit);
        let step = self.state.visit(visit).map_or(String::new(), |visit| visit.step.clone());
        self.emit(Change::Left { visit, step, state, automatic });
    }

    pub fn cancel_tasks(&mut self, visit: VisitId, reason: CancelReason) {
        let open = self.state.tasks_of(visit).filter(|task| task.state == TaskState::Open);
        for task in open.cloned().collect::<Vec<_>>() {
            self.emit(Change::Cancelled { task: task.id, step: task.step, assignee: task.assignee, reason });
        }
    }

    fn cancel_all(&mut self, reason: CancelReason) {
        self.cancel_inside(None, reason);
    }

    /// Cancels what is active inside a block; everything where none is given.
    fn cancel_inside(&mut self, block: Option<VisitId>, reason: CancelReason) {
        self.cancel_where(reason, |around| {
            block.is_none_or(|block| around.iter().any(|within| within.block == block))
        });
    }

    /// Cancels what is active in one arm; everything where none is given.
    pub fn cancel_in_arm(&mut self, arm: Option<&Within>, reason: CancelReason) {
        self.cancel_where(reason, |around| arm.is_none_or(|arm| around.contains(arm)));
    }

    /// Cancels the active visits whose surrounding arms are as asked.
    fn cancel_where(&mut self, reason: CancelReason, is_meant: impl Fn(&[Within]) -> bool) {
        let active: Vec<VisitId> = self.state.active().map(|(id, _)| id).collect();
        for id in active {
            if is_meant(&path::arms_around(&self.state, id)) {
                self.cancel_tasks(id, reason);
                self.leave(id, VisitState::Cancelled, None);
            }
        }
    }
}

/// Asked for oneself.
pub(super) fn alone(member: Id) -> Asked {
    Asked { member, on_behalf_of: None }
}
