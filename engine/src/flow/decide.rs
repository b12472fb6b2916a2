//! From a command to what happens: who may do what, and when.

use super::command::{Actor, Chosen, Command, Context, Resume};
use super::course::Course;
use super::document::{Action, Demand, ReturnTo, START, SelfApproval, Withdraw};
use super::event::{CancelReason, Change, Event, Note};
use super::moving;
use super::path;
use super::published::{Flow, Work};
use super::refusal::{Refusal, RefusalCode};
use super::signing::{add_sign, is_added};
use super::state::{Decision, State, Status, Task, TaskState, VisitId, VisitState};
use super::tally::votes;
use super::timers;
use super::who::{Chooser, Who};
use crate::value::Id;

/// How often a task may be handed on.
const MAX_TRANSFERS: u32 = 20;

/// How long somebody who was urged is left alone.
const URGE_PAUSE_SECONDS: i64 = 3600;

/// What a command does to an instance: the events to log and [`apply`](super::apply()), or why it is refused.
///
/// # Errors
/// The refusal. The state is not touched either way.
pub fn decide(
    flow: &Flow,
    state: &State,
    command: &Command,
    context: &mut Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let mut course = Course::new(flow, state, context);
    match command {
        Command::Start { chosen } => start(&mut course, chosen)?,
        Command::Save { task } => {
            let task = own_open_task(&course, *task)?;
            // The submitter's own step has no settings that could switch it off.
            if task.step != START {
                allowed(flow, &task, Action::Save)?;
            }
        }
        Command::Approve { task, note, chosen } => approve(&mut course, *task, note, chosen)?,
        Command::Submit { task, note, chosen } => submit(&mut course, *task, note, chosen)?,
        Command::Reject { task, note } => reject(&mut course, *task, note)?,
        Command::Return { task, to, resume, note } => send_back(&mut course, *task, to, *resume, note)?,
        Command::Transfer { task, to, note } => transfer(&mut course, *task, *to, note)?,
        Command::TakeBack { task } => super::take_back::take_back(&mut course, *task)?,
        Command::Withdraw => withdraw(&mut course)?,
        Command::Urge => urge(&mut course)?,
        Command::Terminate { note } => {
            may(&course, course.context.powers.terminate)?;
            going(&course.state)?;
            if course.actor().is_some() && !lets_end(flow, &course.state) {
                return Err(RefusalCode::ActionOff.into());
            }
            course.end(Status::Terminated, CancelReason::Terminated, note.clone());
        }
        Command::Reassign { task, to } => reassign(&mut course, *task, *to)?,
        Command::Comment { text, mentions } => comment(&mut course, text, mentions)?,
        Command::Inform { task, members } => inform(&mut course, *task, members)?,
        Command::Edit => {
            going(&course.state)?;
            course.emit(Change::Edited);
        }
        Command::Reread => going(&course.state)?,
        Command::AddSign { task, to, mode, note } => add_sign(&mut course, *task, to, *mode, note)?,
        Command::Reactivate { step } => moving::reactivate(&mut course, step)?,
        Command::Migrate { version, steps, kinds } => moving::migrate(&mut course, *version, steps, kinds)?,
        Command::HandOver { member, to } => moving::hand_over(&mut course, *member, *to)?,
        Command::PassOn { member } => moving::pass_on(&mut course, *member)?,
        Command::Fire { timer } => timers::fire(&mut course, *timer)?,
        Command::ChildEnded { instance, status } => timers::child_ended(&mut course, *instance, *status)?,
        Command::Performed { visit } => timers::performed(&mut course, *visit)?,
        Command::Failed { what, reason } => timers::failed(&mut course, *what, reason)?,
    }
    // Moments that timers follow in fields are read again whenever something happens; keeping edits is nothing.
    if !matches!(command, Command::Save { .. }) && going(&course.state).is_ok() {
        course.reread();
    }
    Ok(course.events)
}

/// The steps that the person with this task may return it to now, the nearest first. Empty where the action is
/// switched off.
pub fn return_targets<'s>(flow: &Flow, state: &'s State, task: &Task) -> Vec<&'s str> {
    let Some(work) = flow.work(&task.step) else { return Vec::new() };
    if !work.allows(Action::Return) {
        return Vec::new();
    }
    let passed = path::passed(state, task.visit).into_iter().filter_map(|id| state.visit(id));
    let mut targets: Vec<&str> = Vec::new();
    for step in passed.map(|visit| visit.step.as_str()) {
        let takes_tasks = step == START || flow.work(step).is_some();
        if takes_tasks && names(&work.return_to, step) && !targets.contains(&step) {
            targets.push(step);
        }
    }
    targets
}

/// What the assignee can do with an open task. Taking back a decision is not among it: that is about tasks that
/// are done.
pub fn actions(flow: &Flow, state: &State, task: &Task) -> Vec<Action> {
    if task.state != TaskState::Open || task.assignee.is_none() {
        return Vec::new();
    }
    let Some(work) = flow.work(&task.step) else {
        return if task.step == START { vec![Action::Submit, Action::Save] } else { Vec::new() };
    };
    let possible: &[Action] = if work.is_approve() {
        &[Action::Approve, Action::Reject, Action::Return, Action::Transfer, Action::AddSign, Action::Save]
    } else {
        &[Action::Submit, Action::Return, Action::Transfer, Action::AddSign, Action::Save]
    };
    let is_added = is_added(state, task);
    let waits = state.waits_for_added(task.id);
    let is_offered = |action: &Action| {
        let is_possible = match action {
            Action::Return => !waits && !return_targets(flow, state, task).is_empty(),
            Action::Approve | Action::Submit | Action::Reject => !waits,
            Action::AddSign => !is_added,
            _ => true,
        };
        work.allows(*action) && is_possible
    };
    possible.iter().copied().filter(is_offered).collect()
}

fn start(course: &mut Course<'_, '_>, chosen: &Chosen) -> Result<(), Refusal> {
    if course.state.status != Status::Draft {
        return Err(RefusalCode::AlreadyStarted.into());
    }
    let submitter = course.actor().ok_or(RefusalCode::NotAllowed)?;
    choosable(course, chosen, true)?;
    course.start(submitter, chosen)
}

fn approve(course: &mut Course<'_, '_>, task: Id, note: &Note, chosen: &Chosen) -> Result<(), Refusal> {
    let task = task_to_decide(course, task)?;
    let work = course.flow.work(&task.step).filter(|work| work.is_approve());
    said(work.ok_or(RefusalCode::WrongAction)?, note)?;
    choosable(course, chosen, false)?;
    course.choose(chosen);
    course.decide(&task, Decision::Approved, note)
}

fn submit(course: &mut Course<'_, '_>, task: Id, note: &Note, chosen: &Chosen) -> Result<(), Refusal> {
    let task = task_to_decide(course, task)?;
    let is_start = task.step == START;
    if !is_start {
        let work = course.flow.work(&task.step).filter(|work| !work.is_approve());
        said(work.ok_or(RefusalCode::WrongAction)?, note)?;
    }
    choosable(course, chosen, is_start)?;
    course.choose(chosen);
    course.decide(&task, Decision::Submitted, note)
}

fn reject(course: &mut Course<'_, '_>, task: Id, note: &Note) -> Result<(), Refusal> {
    let task = task_to_decide(course, task)?;
    let work = allowed(course.flow, &task, Action::Reject)?;
    if !work.is_approve() {
        return Err(RefusalCode::WrongAction.into());
    }
    said(work, note)?;
    course.decide(&task, Decision::Rejected, note)
}

fn send_back(
    course: &mut Course<'_, '_>,
    task: Id,
    to: &str,
    resume: Resume,
    note: &Note,
) -> Result<(), Refusal> {
    let task = task_to_decide(course, task)?;
    let work = allowed(course.flow, &task, Action::Return)?;
    if to != START && course.flow.find(to).is_none() {
        return Err(Refusal::from(RefusalCode::UnknownStep).arg("step", to));
    }
    if !names(&work.return_to, to) {
        return Err(Refusal::from(RefusalCode::TargetNotAllowed).arg("step", to));
    }
    if !return_targets(course.flow, &course.state, &task).contains(&to) {
        return Err(Refusal::from(RefusalCode::TargetNotPassed).arg("step", to));
    }
    said(work, note)?;
    course.send_back(&task, to, resume == Resume::Direct, note)
}

fn transfer(course: &mut Course<'_, '_>, task: Id, to: Id, note: &Note) -> Result<(), Refusal> {
    let task = own_open_task(course, task)?;
    let work = allowed(course.flow, &task, Action::Transfer)?;
    said(work, note)?;
    let from = course.actor().ok_or(RefusalCode::NotYours)?;
    if from == to {
        return Err(RefusalCode::SelfTransfer.into());
    }
    assignable(course, &task, to)?;
    if task.transfers >= MAX_TRANSFERS {
        return Err(Refusal::from(RefusalCode::Loop).arg("max", MAX_TRANSFERS));
    }
    course.emit(Change::Transferred { task: task.id, step: task.step, from, to, note: note.clone() });
    Ok(())
}

fn reassign(course: &mut Course<'_, '_>, task: Id, to: Id) -> Result<(), Refusal> {
    may(course, course.context.powers.reassign)?;
    let task = course.state.task(task).cloned().ok_or(RefusalCode::NoSuchTask)?;
    if task.state != TaskState::Open {
        return Err(RefusalCode::TaskClosed.into());
    }
    // What waits for nobody is always given to somebody.
    if task.assignee.is_some() && !lets(course, &task.step, Action::Reassign) {
        return Err(RefusalCode::ActionOff.into());
    }
    assignable(course, &task, to)?;
    course.emit(Change::Reassigned { task: task.id, step: task.step, from: task.assignee, to });
    Ok(())
}

fn withdraw(course: &mut Course<'_, '_>) -> Result<(), Refusal> {
    let actor = course.actor().ok_or(RefusalCode::NotSubmitter)?;
    check_withdrawal(course.flow, &course.state, actor)?;
    course.withdraw()
}

/// Whether a member may take the whole request back now.
///
/// # Errors
/// Who is not its submitter; it is over or taken back already; the flow does not let them, or no more.
pub fn check_withdrawal(flow: &Flow, state: &State, member: Id) -> Result<(), Refusal> {
    if state.submitter != Some(member) {
        return Err(RefusalCode::NotSubmitter.into());
    }
    going(state)?;
    if state.status == Status::Withdrawn {
        return Err(RefusalCode::AlreadyWithdrawn.into());
    }
    match flow.withdraw() {
        Withdraw::Never => Err(RefusalCode::WithdrawOff.into()),
        Withdraw::UntilDecided => {
            let is_decided = state.tasks.iter().any(|task| {
                task.state == TaskState::Done
                    && task.automatic.is_none()
                    && task.step != START
                    && task.closed.is_some_and(|turn| turn > state.submitted)
            });
            if is_decided { Err(RefusalCode::AlreadyDecided.into()) } else { Ok(()) }
        }
        Withdraw::WhileRunning => Ok(()),
    }
}

fn urge(course: &mut Course<'_, '_>) -> Result<(), Refusal> {
    let state = &course.state;
    going(state)?;
    let actor = course.actor();
    let is_informed = || {
        // Only a cc step has people and no tasks of its own; the product never urges.
        let informed = state.visits.iter().filter(|visit| course.flow.is_cc(&visit.step));
        let informed = informed.flat_map(|visit| &visit.people).map(|asked| asked.member);
        informed.chain(state.copied.iter().copied()).any(|member| Some(member) == actor)
    };
    let is_submitter = actor.is_some() && actor == state.submitter;
    may(course, course.context.powers.urge || is_submitter || is_informed())?;
    let now = course.context.now.as_second();
    let others = || state.open_tasks().filter(|task| task.assignee.is_some() && task.assignee != actor);
    let waiting = || others().filter(|task| lets(course, &task.step, Action::Urge));
    if others().next().is_some() && waiting().next().is_none() {
        return Err(RefusalCode::ActionOff.into());
    }
    let late =
        waiting().filter(|task| task.urged.is_none_or(|urged| now - urged.as_second() >= URGE_PAUSE_SECONDS));
    let (tasks, mut members): (Vec<Id>, Vec<Id>) =
        late.filter_map(|task| Some((task.id, task.assignee?))).unzip();
    if tasks.is_empty() {
        let is_anybody = waiting().next().is_some();
        return Err(if is_anybody { RefusalCode::UrgedRecently } else { RefusalCode::NobodyWaiting }.into());
    }
    members.sort();
    members.dedup();
    course.emit(Change::Urged { tasks, members });
    Ok(())
}

fn comment(course: &mut Course<'_, '_>, text: &str, mentions: &[Id]) -> Result<(), Refusal> {
    if course.state.status == Status::Draft {
        return Err(RefusalCode::NotStarted.into());
    }
    if says_nothing(text) {
        return Err(RefusalCode::CommentEmpty.into());
    }
    if !lets_comment(course.flow, &course.state) {
        return Err(RefusalCode::ActionOff.into());
    }
    course.emit(Change::Commented { text: text.to_string(), mentions: mentions.to_vec() });
    Ok(())
}

fn inform(course: &mut Course<'_, '_>, task: Id, members: &[Id]) -> Result<(), Refusal> {
    let task = course.state.task(task).cloned().ok_or(RefusalCode::NoSuchTask)?;
    if task.assignee.is_none() || task.assignee != course.actor() {
        return Err(RefusalCode::NotYours.into());
    }
    // Who was asked and need not decide any more has nothing to tell.
    if task.state == TaskState::Cancelled {
        return Err(RefusalCode::TaskClosed.into());
    }
    // Who asks gives nothing on that the steps of others show.
    if course.flow.work(&task.step).is_none() {
        return Err(RefusalCode::WrongAction.into());
    }
    let mut once: Vec<Id> = Vec::new();
    for member in members {
        is_there(course, *member)?;
        if !once.contains(member) {
            once.push(*member);
        }
    }
    course.emit(Change::Copied { step: task.step, members: once });
    Ok(())
}

/// The actor's own task. Whose it is comes before whether it is open, so that a stranger learns nothing.
pub(super) fn own_open_task(course: &Course<'_, '_>, id: Id) -> Result<Task, Refusal> {
    let task = course.state.task(id).ok_or(RefusalCode::NoSuchTask)?;
    if task.assignee.is_none() || task.assignee != course.actor() {
        return Err(RefusalCode::NotYours.into());
    }
    if task.state != TaskState::Open {
        return Err(RefusalCode::TaskClosed.into());
    }
    let is_active = course.state.visit(task.visit).is_some_and(|visit| visit.state == VisitState::Active);
    if is_active { Ok(task.clone()) } else { Err(RefusalCode::Inconsistent.into()) }
}

/// The actor's own task, if it does not wait for others.
fn task_to_decide(course: &Course<'_, '_>, id: Id) -> Result<Task, Refusal> {
    let task = own_open_task(course, id)?;
    if course.state.waits_for_added(id) { Err(RefusalCode::WaitsForAdded.into()) } else { Ok(task) }
}

/// The step of a task, if it has not switched the action off. The submitter's own step has nothing but submit
/// and save.
pub(super) fn allowed<'f>(flow: &'f Flow, task: &Task, action: Action) -> Result<&'f Work, Refusal> {
    let work = flow.work(&task.step).ok_or(RefusalCode::WrongAction)?;
    if work.allows(action) { Ok(work) } else { Err(RefusalCode::ActionOff.into()) }
}

/// Whether a step has not switched off what is done to the request as a whole while it waits there.
pub(super) fn lets(course: &Course<'_, '_>, step: &str, action: Action) -> bool {
    step_lets(course.flow, step, action)
}

/// Whether the steps at which a request waits let it be ended: where one of them does not, its other arms go on with it.
pub fn lets_end(flow: &Flow, state: &State) -> bool {
    state.open_tasks().all(|task| step_lets(flow, &task.step, Action::Terminate))
}

/// Whether somebody may say something about a request now: while it waits for people, one of the steps where it does lets them.
pub fn lets_comment(flow: &Flow, state: &State) -> bool {
    let mut open = state.open_tasks().peekable();
    open.peek().is_none() || open.any(|task| step_lets(flow, &task.step, Action::Comment))
}

/// Whether a task waits that its step lets administrators give to somebody else. What waits for nobody is always given to somebody.
pub fn lets_reassign(flow: &Flow, state: &State) -> bool {
    state.open_tasks().any(|task| task.assignee.is_none() || step_lets(flow, &task.step, Action::Reassign))
}

fn step_lets(flow: &Flow, step: &str, action: Action) -> bool {
    flow.work(step).is_none_or(|work| work.allows(action))
}

/// Whether nobody can see anything of a text: blanks, and signs that have no width.
fn says_nothing(text: &str) -> bool {
    let has_no_width = |c: char| {
        matches!(c, '\u{AD}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}')
            || matches!(c, '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}')
    };
    text.chars().all(|c| c.is_whitespace() || c.is_control() || has_no_width(c))
}

/// Whether opinion and signature are as the step wants them.
pub(super) fn said(work: &Work, note: &Note) -> Result<(), Refusal> {
    let has_opinion = note.opinion.as_ref().is_some_and(|opinion| !says_nothing(opinion));
    match (work.opinion, has_opinion) {
        (Demand::Required, false) => return Err(RefusalCode::OpinionRequired.into()),
        (Demand::Off, true) => return Err(RefusalCode::OpinionOff.into()),
        (Demand::Off | Demand::Optional, _) | (Demand::Required, true) => {}
    }
    match (work.signature, note.signature.is_some()) {
        (Demand::Required, false) => Err(RefusalCode::SignatureRequired.into()),
        (Demand::Off, true) => Err(RefusalCode::SignatureOff.into()),
        (Demand::Off | Demand::Optional, _) | (Demand::Required, true) => Ok(()),
    }
}

/// Whether people may be named for these steps, and are there.
fn choosable(course: &Course<'_, '_>, chosen: &Chosen, by_submitter: bool) -> Result<(), Refusal> {
    for (step, members) in chosen {
        let lets_choose = course.flow.who(step).iter().any(|who| match who {
            Who::ChosenBy(Chooser::Submitter) => by_submitter,
            Who::ChosenBy(Chooser::Previous) => true,
            Who::Members(_)
            | Who::Departments { .. }
            | Who::Roles(_)
            | Who::Field(_)
            | Who::HeadOfField(_)
            | Who::Submitter
            | Who::Manager(_)
            | Who::ManagersUpTo(_)
            | Who::HeadOfPrevious => false,
        });
        if !lets_choose {
            return Err(Refusal::from(RefusalCode::NotChoosable).arg("step", step));
        }
        members.iter().try_for_each(|member| is_there(course, *member))?;
    }
    Ok(())
}

fn is_there(course: &Course<'_, '_>, member: Id) -> Result<(), Refusal> {
    if course.context.people.is_active(member) { Ok(()) } else { Err(RefusalCode::PersonLeft.into()) }
}

/// Whether a task can go to `to`: there, and not deciding at this step already.
pub(super) fn assignable(course: &Course<'_, '_>, task: &Task, to: Id) -> Result<(), Refusal> {
    may_decide(course, &task.step, to)?;
    // In a sequence, those who are still to be asked.
    let next = votes(&course.state, task.visit).count();
    if is_asked(&course.state, task.visit, to, next) {
        let name = course.context.people.name(to);
        return Err(Refusal::from(RefusalCode::AlreadyAssigned).arg("name", name));
    }
    Ok(())
}

/// Whether somebody is there, and would not decide about a request of their own where the flow forbids it.
pub(super) fn may_decide(course: &Course<'_, '_>, step: &str, member: Id) -> Result<(), Refusal> {
    is_there(course, member)?;
    let approves = course.flow.work(step).is_some_and(Work::is_approve);
    let is_forbidden = course.flow.document().self_approval == SelfApproval::Manager;
    if approves && is_forbidden && course.state.submitter == Some(member) {
        return Err(RefusalCode::OwnRequest.into());
    }
    Ok(())
}

/// Whether somebody has a task at a visit, comes after one there, or is among its people from a place on.
pub(super) fn is_asked(state: &State, visit: VisitId, member: Id, from: usize) -> bool {
    let tasks = || state.tasks_of(visit).filter(|task| task.state != TaskState::Cancelled);
    let has_task = tasks().any(|task| task.assignee == Some(member));
    let comes_after = || tasks().flat_map(|task| &task.to_add).any(|asked| asked.member == member);
    let people = state.visit(visit).map_or(&[][..], |visit| &visit.people);
    has_task || comes_after() || people.iter().skip(from).any(|asked| asked.member == member)
}

/// Whether the instance is not over.
pub(super) fn going(state: &State) -> Result<(), Refusal> {
    match state.status {
        Status::Draft => Err(RefusalCode::NotStarted.into()),
        Status::Running | Status::Withdrawn => Ok(()),
        Status::Approved | Status::Rejected | Status::Terminated => Err(RefusalCode::Ended.into()),
    }
}

pub(super) fn may(course: &Course<'_, '_>, power: bool) -> Result<(), Refusal> {
    if power || course.context.actor == Actor::System { Ok(()) } else { Err(RefusalCode::NotAllowed.into()) }
}

fn names(return_to: &ReturnTo, step: &str) -> bool {
    match return_to {
        ReturnTo::Passed(_) => true,
        ReturnTo::Steps(steps) => steps.iter().any(|key| key == step),
    }
}
