//! A small workspace to run flows in, and what must hold after every command.

mod accepted;
mod actions;
mod blocks;
mod covering;
mod deadlines;
mod direct;
mod moving;
mod notices;
mod other_versions;
mod people;
mod properties;
mod publish;
mod real_form;
mod record_actions;
mod sendings;
mod signing;
mod steps;
mod table;
mod taking_back;
mod waits;

use std::cell::Cell;
use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use super::*;
use crate::condition::{Condition, Operand, Operator};
use crate::text::{Fault, Faults};
use crate::value::Id;
use crate::value::{Decimal, Timestamp, Value};

/// Everybody, in the order of their names. `sam` submits; `zoe` has left, `uma` took over from her.
const NAMES: [&str; 10] = ["ann", "bob", "cid", "dan", "eve", "fay", "gus", "sam", "uma", "zoe"];

fn id(name: &str) -> Id {
    let place = NAMES.iter().position(|known| *known == name).unwrap_or_else(|| panic!("who is {name}?"));
    Id::from_i64(100 + i64::try_from(place).unwrap()).unwrap()
}

fn name(id: Id) -> &'static str {
    NAMES[usize::try_from(id.as_i64() - 100).unwrap()]
}

fn ids(names: &[&str]) -> Vec<Id> {
    names.iter().map(|name| id(name)).collect()
}

const SALES: i64 = 500;
const NORTH: i64 = 501;

fn department(number: i64) -> Id {
    Id::from_i64(number).unwrap()
}

/// sam's manager is ann, hers bob, his cid. ann heads sales, dan its part north, where sam is. gus administers.
fn directory() -> Directory {
    let mut directory = Directory { admins: ids(&["gus"]), ..Directory::default() };
    for known in NAMES {
        let manager = match known {
            "sam" => Some(id("ann")),
            "ann" => Some(id("bob")),
            "bob" => Some(id("cid")),
            _ => None,
        };
        let departments = match known {
            "sam" | "dan" => vec![department(NORTH)],
            "ann" | "eve" => vec![department(SALES)],
            _ => Vec::new(),
        };
        let person = Person {
            name: known.to_string(),
            is_active: known != "zoe",
            manager,
            departments,
            hand_over: (known == "zoe").then(|| id("uma")),
            delegate: None,
        };
        directory.members.insert(id(known), person);
    }
    let sales = Department { parent: None, head: Some(id("ann")) };
    let north = Department { parent: Some(department(SALES)), head: Some(id("dan")) };
    directory.departments = BTreeMap::from([(department(SALES), sales), (department(NORTH), north)]);
    let role = |number, key: &str, members: &[&str]| Role {
        id: Id::from_i64(number).unwrap(),
        key: key.to_string(),
        members: ids(members),
    };
    directory.roles =
        vec![role(600, "FIN", &["eve", "dan"]), role(601, "DIR", &["bob"]), role(602, "EMPTY", &[])];
    directory
}

/// A form with these fields: `amount`, `note`, `total` (computed), `inspector` (member), `team` (department), `due`
/// (date), `kind` (text), `paid` (switch), `must` (required), `lines` with `lines.qty` and `lines.cost`. Beside it is the form `order`; its own key is
/// `test`.
pub(super) struct TestForm;

impl FormInfo for TestForm {
    fn is_input(&self, path: &str) -> Option<bool> {
        match path {
            "amount" | "note" | "inspector" | "team" | "must" | "due" | "kind" | "paid" | "lines"
            | "lines.qty" | "lines.cost" | "lines.day" => Some(true),
            "total" => Some(false),
            _ => None,
        }
    }

    fn literal(&self, path: &str, json: &Json) -> Option<Value> {
        let text = json.as_str().map_or_else(|| json.to_string(), str::to_string);
        match path {
            "amount" | "total" => text.parse().ok().map(Value::Number),
            "due" => crate::value::parse_date(&text).map(Value::Date),
            "kind" => Some(Value::text(text)),
            "paid" => json.as_bool().map(Value::Bool),
            _ => None,
        }
    }

    fn is_switch(&self, path: &str) -> bool {
        path == "paid"
    }

    fn is_subform(&self, path: &str) -> bool {
        path == "lines"
    }

    fn child(&self, form: &str) -> Option<ChildForm> {
        let fields = [("sum", true), ("computed", false)].map(|(key, is_input)| (key.to_string(), is_input));
        match form {
            "order" => Some(ChildForm { fields: fields.into(), is_own: false }),
            "test" => Some(ChildForm { fields: fields.into(), is_own: true }),
            _ => None,
        }
    }

    fn holds(&self, path: &str) -> Option<Holds> {
        match path {
            "due" | "lines.day" => Some(Holds::Moments),
            "inspector" | "$owner" => Some(Holds::Members),
            "team" => Some(Holds::Departments),
            _ => self.is_input(path).map(|_| Holds::Other),
        }
    }

    fn exchanges(&self, own: &str, _: &str, _: &str) -> bool {
        own != "due"
    }

    fn people_of(&self, _: &RecordAction) -> Vec<(String, crate::field::Reference, Id)> {
        Vec::new()
    }

    fn to_be_filled(&self) -> Vec<String> {
        vec!["must".to_string()]
    }

    fn condition(&self, when: &Condition) -> Faults {
        let tests = when.tests().into_iter().filter(|test| self.is_input(&test.field).is_none());
        tests.map(|test| Fault::new("", "unknown_field").arg("field", &test.field)).collect()
    }

    fn action(&self, _: &RecordAction) -> Faults {
        Vec::new()
    }

    fn message(&self, _: &Message) -> Faults {
        Vec::new()
    }

    fn call(&self, _: &Call) -> Faults {
        Vec::new()
    }

    fn check(&self, formula: &str) -> Faults {
        if formula.contains('?') {
            vec![Fault::new("", "unknown_field").arg("field", "?")]
        } else {
            Vec::new()
        }
    }
}

/// A record of that form. Conditions are read for numbers and for nothing else.
#[derive(Clone, Default)]
struct Record(BTreeMap<String, Value>);

impl Subject for Record {
    fn value(&self, path: &str) -> Value {
        self.0.get(path).cloned().unwrap_or_default()
    }

    fn holds(&self, when: &Condition) -> bool {
        match when {
            Condition::All(parts) => parts.iter().all(|part| self.holds(part)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Condition::Not(part) => !self.holds(part),
            Condition::Test(test) => {
                let Some(Operand::Literal(literal)) = &test.value else { panic!("only literals here") };
                let limit: Decimal = literal.to_string().trim_matches('"').parse().unwrap();
                let number = self.value(&test.field).as_number().unwrap_or_default();
                match test.op {
                    Operator::Gt => number > limit,
                    Operator::Gte => number >= limit,
                    Operator::Lt => number < limit,
                    other => panic!("{other:?} is not known here"),
                }
            }
        }
    }
}

/// 2023-11-14T22:13:20Z, a Tuesday.
const NOW: i64 = 1_700_000_000;

/// One instance in that workspace.
struct World {
    flow: Flow,
    state: State,
    log: Vec<Event>,
    directory: Directory,
    record: Record,
    now: i64,
    calendar: Calendar,
    next_id: Cell<i64>,
    powers: Powers,
    /// Whether the log is replayed only at the end, by whoever runs it.
    is_long: bool,
}

type Outcome = Result<(), RefusalCode>;

impl World {
    /// A flow of these steps, with the defaults.
    fn new(steps: Json) -> World {
        World::of(json!({"format": 1, "label": "Test", "steps": steps}))
    }

    fn of(document: Json) -> World {
        let document = FlowDocument::read(document).unwrap();
        let directory = directory();
        let flow = Flow::publish(document, &TestForm, &directory).unwrap();
        World {
            flow,
            state: State::default(),
            log: Vec::new(),
            directory,
            record: Record::default(),
            now: NOW,
            calendar: Calendar::in_zone(TimeZone::UTC),
            next_id: Cell::new(10_000),
            powers: Powers::default(),
            is_long: false,
        }
    }

    /// The same, submitted by sam.
    fn started(steps: Json) -> World {
        let mut world = World::new(steps);
        world.start().unwrap();
        world
    }

    fn amount(mut self, amount: i64) -> World {
        self.record.0.insert("amount".to_string(), Value::number(amount));
        self
    }

    fn start(&mut self) -> Outcome {
        self.give("sam", Command::Start { chosen: Chosen::new() })
    }

    /// Gives a command; a refusal has changed nothing, and after every command everything holds that must.
    fn give(&mut self, who: &str, command: Command) -> Outcome {
        self.give_as(Actor::Member(id(who)), command)
    }

    /// Gives a command, carries out the actions that it leads to, and looks whether everything holds.
    fn give_as(&mut self, actor: Actor, command: Command) -> Outcome {
        self.now += 60;
        self.give_one(actor, &command)?;
        while let Some(visit) = pending_actions(&self.flow, &self.state).into_iter().next() {
            self.give_one(Actor::System, &Command::Performed { visit }).unwrap();
        }
        self.check();
        Ok(())
    }

    fn give_one(&mut self, actor: Actor, command: &Command) -> Outcome {
        let next = || {
            self.next_id.set(self.next_id.get() + 1);
            Id::from_i64(self.next_id.get())
        };
        let mut context = Context {
            now: Timestamp::from_second(self.now).unwrap(),
            actor,
            powers: self.powers,
            people: &self.directory,
            record: &self.record,
            calendar: &self.calendar,
            ids: &mut std::iter::from_fn(next),
        };
        let before = self.state.clone();
        let decided = decide(&self.flow, &self.state, command, &mut context);
        assert_eq!(self.state, before);
        if let (Command::TakeBack { task }, Actor::Member(member)) = (command, actor) {
            let told = check_take_back(&self.flow, &self.state, member, *task);
            assert_eq!(told, decided.as_ref().map(|_| ()).map_err(Clone::clone), "what is told before");
        }
        let events = decided.map_err(|refusal| refusal.code)?;
        for event in &events {
            if let Change::Opened { assignee: Some(assignee), .. } = &event.change {
                assert!(self.directory.is_active(*assignee), "{} has left and is asked", name(*assignee));
            }
            apply(&mut self.state, event);
        }
        self.log.extend(events);
        Ok(())
    }

    /// Lets the time pass to the first timer of a visit's step, and fires it.
    fn fire(&mut self, step: &str) -> Outcome {
        let (timer, due) = self.timer(step);
        let due = due.expect("a moment");
        self.now = self.now.max(due.as_second());
        self.give_as(Actor::System, Command::Fire { timer })
    }

    /// The first timer that waits at a step, and its moment.
    fn timer(&self, step: &str) -> (TimerId, Option<Timestamp>) {
        let mut waiting = self.state.waiting_timers().filter(|(_, timer)| timer.step == step);
        waiting.next().map(|(id, timer)| (id, timer.due)).unwrap_or_else(|| panic!("nothing waits at {step}"))
    }

    /// The children that the instance waits for.
    fn children(&self) -> Vec<Id> {
        self.state.waited_children().map(|child| child.instance).collect()
    }

    fn child_ends(&mut self, instance: Id, status: Status) -> Outcome {
        self.give_as(Actor::System, Command::ChildEnded { instance, status })
    }

    fn add_sign(&mut self, who: &str, mode: AddMode, to: &[&str]) -> Outcome {
        let task = self.task(who);
        self.give(who, Command::AddSign { task, to: ids(to), mode, note: Note::default() })
    }

    fn send_back_direct(&mut self, who: &str, to: &str) -> Outcome {
        let task = self.task(who);
        let to = to.to_string();
        self.give(who, Command::Return { task, to, resume: Resume::Direct, note: Note::default() })
    }

    /// What must hold after every command (approvals.md, "Invariants").
    fn check(&self) {
        if !self.is_long {
            assert_eq!(replay(&self.log), self.state, "the log gives the state");
        }
        check_state(&self.flow, &self.state, &self.log);
        check_decisions(&self.log, &self.state);
    }

    /// The task of `who`: the open one, else the last.
    fn task(&self, who: &str) -> Id {
        let own = || self.state.tasks.iter().filter(|task| task.assignee == Some(id(who)));
        let open = own().find(|task| task.state == TaskState::Open);
        open.or_else(|| own().next_back()).unwrap_or_else(|| panic!("{who} has no task")).id
    }

    fn approve(&mut self, who: &str) -> Outcome {
        let task = self.task(who);
        self.give(who, Command::Approve { task, note: Note::default(), chosen: Chosen::new() })
    }

    fn submit(&mut self, who: &str) -> Outcome {
        let task = self.task(who);
        self.give(who, Command::Submit { task, note: Note::default(), chosen: Chosen::new() })
    }

    fn reject(&mut self, who: &str) -> Outcome {
        let task = self.task(who);
        self.give(who, Command::Reject { task, note: Note::default() })
    }

    fn send_back(&mut self, who: &str, to: &str) -> Outcome {
        let task = self.task(who);
        let to = to.to_string();
        self.give(who, Command::Return { task, to, resume: Resume::Rerun, note: Note::default() })
    }

    fn transfer(&mut self, who: &str, to: &str) -> Outcome {
        let task = self.task(who);
        self.give(who, Command::Transfer { task, to: id(to), note: Note::default() })
    }

    fn take_back(&mut self, who: &str) -> Outcome {
        let own = self.state.tasks.iter().filter(|task| task.assignee == Some(id(who)));
        let task = own.max_by_key(|task| task.closed).unwrap().id;
        self.give(who, Command::TakeBack { task })
    }

    fn withdraw(&mut self, who: &str) -> Outcome {
        self.give(who, Command::Withdraw)
    }

    /// The first task that can be decided now.
    fn first_open(&self) -> Option<Task> {
        self.state.open_tasks().find(|task| !self.state.waits_for_added(task.id)).cloned()
    }

    /// Lets an administrator give a task to the first who can have it.
    fn assign(&mut self, task: Id) -> Outcome {
        self.powers.reassign = true;
        let mut outcome = Err(RefusalCode::PersonLeft);
        for to in ["gus"].into_iter().chain(NAMES) {
            outcome = self.give("gus", Command::Reassign { task, to: id(to) });
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }

    /// What is open, as `step:assignee`.
    fn open(&self) -> Vec<String> {
        let text = |task: &Task| format!("{}:{}", task.step, task.assignee.map_or("nobody", name));
        self.state.open_tasks().map(text).collect()
    }

    /// The steps that were passed or are active, blocks left out, in the order they were entered.
    fn way(&self) -> Vec<&str> {
        let is_work = |step: &str| step == document::START || self.flow.fields(step).is_some();
        let visits = self.state.visits.iter();
        let stays = |visit: &&Visit| matches!(visit.state, VisitState::Active | VisitState::Passed);
        visits.filter(stays).map(|visit| visit.step.as_str()).filter(|step| is_work(step)).collect()
    }
}

/// The invariants 1 to 3, and that the visits are a tree without gaps.
fn check_state(flow: &Flow, state: &State, log: &[Event]) {
    let story = || log.iter().map(|event| format!("{} {:?}\n", event.turn, event.change)).collect::<String>();
    let goes_on = matches!(state.status, Status::Running | Status::Withdrawn);
    let waits_for_time =
        || state.waiting_timers().any(|(_, timer)| timer.rule.is_none() && timer.due.is_some());
    let is_waiting =
        state.open_tasks().next().is_some() || waits_for_time() || state.waited_children().next().is_some();
    assert_eq!(goes_on, is_waiting, "never stuck, and over when it is over: {}", story());
    assert_eq!(goes_on, state.active().next().is_some());
    if state.status == Status::Withdrawn {
        assert!(state.open_tasks().all(|task| task.step == document::START));
    }
    for task in state.open_tasks() {
        let visit = state.visit(task.visit).unwrap();
        assert_eq!(visit.state, VisitState::Active, "an open task belongs to an active visit: {}", story());
        assert_eq!(visit.step, task.step);
    }
    for (_, timer) in state.waiting_timers() {
        let visit = state.visit(timer.visit).unwrap();
        assert_eq!(visit.state, VisitState::Active, "a timer belongs to an active visit: {}", story());
    }
    for child in state.waited_children() {
        let visit = state.visit(child.visit).unwrap();
        assert_eq!(visit.state, VisitState::Active, "a child belongs to an active visit: {}", story());
    }
    let active_in = |place: Option<(VisitId, &str)>| {
        let lies_there =
            |visit: &Visit| visit.within.as_ref().map(|within| (within.block, within.arm.as_str())) == place;
        state.active().filter(|(_, visit)| lies_there(visit)).count()
    };
    assert_eq!(active_in(None), usize::from(goes_on), "one step at the top: {}", story());
    for (visit_id, visit) in state.numbered() {
        let is_active = visit.state == VisitState::Active;
        assert_eq!(visit.closed.is_none(), is_active);
        if visit.step == document::START || flow.work(&visit.step).is_some() {
            let open = state.tasks_of(visit_id).filter(|task| task.state == TaskState::Open).count();
            assert_eq!(
                open > 0,
                is_active,
                "a visit waits for somebody exactly while it is active: {}",
                story()
            );
        }
        match flow.kind(&visit.step) {
            Some(StepKind::Delay) => {
                let waits = state.waiting_timers().any(|(_, timer)| timer.visit == visit_id);
                assert_eq!(waits, is_active, "a delay waits exactly while it is active: {}", story());
            }
            Some(StepKind::Subflow) => {
                let waits = state.waited_children().any(|child| child.visit == visit_id);
                assert_eq!(waits, is_active, "a subflow waits exactly while it is active: {}", story());
            }
            _ => {}
        }
        for arm in &visit.arms {
            let expected = usize::from(is_active && arm.state == ArmState::Running);
            assert_eq!(
                active_in(Some((visit_id, &arm.arm))),
                expected,
                "one step in an open arm: {}",
                story()
            );
        }
    }
}

/// Invariant 5: every decision in the log that was not taken back stands, once.
fn check_decisions(log: &[Event], state: &State) {
    let mut standing = BTreeMap::new();
    for event in log {
        match &event.change {
            Change::Decided { task, decision, automatic, .. } => {
                assert_eq!(standing.insert(*task, (*decision, *automatic)), None, "decided once");
            }
            Change::TakenBack { task, .. } => assert!(standing.remove(task).is_some()),
            _ => {}
        }
    }
    for task in &state.tasks {
        let decision = standing.get(&task.id).copied();
        let is_undone_pass = task.state == TaskState::Cancelled && task.automatic.is_some();
        assert!(is_undone_pass || decision == task.decision.map(|made| (made, task.automatic)));
    }
}

/// An approve step.
fn approve(key: &str, who: &[&str]) -> Json {
    json!({"kind": "approve", "key": key, "label": key, "who": [{"members": ids(who)}]})
}

/// The same with more members.
fn with(mut step: Json, members: Json) -> Json {
    let more = members.as_object().unwrap().clone();
    step.as_object_mut().unwrap().extend(more);
    step
}

fn fill(key: &str, who: &[&str]) -> Json {
    with(approve(key, who), json!({"kind": "fill"}))
}

fn parallel(key: &str, arms: &[Json]) -> Json {
    let arm = |(place, steps): (usize, &Json)| json!({"key": format!("{key}_{place}"), "steps": steps});
    let arms: Vec<Json> = arms.iter().enumerate().map(arm).collect();
    json!({"kind": "parallel", "key": key, "label": key, "arms": arms})
}

fn delay(key: &str, duration: &str) -> Json {
    json!({"kind": "delay", "key": key, "label": key, "for": duration})
}

fn action(key: &str) -> Json {
    json!({"kind": "action", "key": key, "label": key, "action": {"kind": "update"}})
}

fn subflow(key: &str, members: Json) -> Json {
    with(json!({"kind": "subflow", "key": key, "label": key, "form": "order"}), members)
}

/// A branch with an arm for amounts over each limit, in the order given, and a default.
fn branch(key: &str, arms: &[(i64, Json)], default: Json) -> Json {
    let arm = |(limit, steps): &(i64, Json)| {
        let when = json!({"field": "amount", "op": "gt", "value": limit.to_string()});
        json!({"key": format!("over_{limit}"), "when": when, "steps": steps})
    };
    let arms: Vec<Json> = arms.iter().map(arm).collect();
    json!({"kind": "branch", "key": key, "label": key, "arms": arms, "default": {"steps": default}})
}
