//! The invariants of approvals.md over random flows and random commands.
//!
//! A flow and the commands given to it are read from a tape of bytes; an exhausted tape gives the simplest
//! choice, so that shrinking the tape shrinks the case.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::other_versions::move_on;
use super::*;
use crate::value::Row;

pub(super) struct Tape<'t>(pub(super) &'t [u8]);

impl Tape<'_> {
    /// A number below `limit`.
    pub(super) fn pick(&mut self, limit: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % limit
    }

    pub(super) fn one_of<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.pick(values.len())]
    }
}

/// Builds a document that can be published.
struct Builder<'b, 't> {
    tape: &'b mut Tape<'t>,
    steps: usize,
}

impl Builder<'_, '_> {
    fn document(&mut self) -> Json {
        let withdraw = self.tape.one_of(&["until_decided", "while_running", "never"]);
        let auto_pass = self.tape.one_of(&["off", "consecutive", "any_earlier"]);
        let self_approval = self.tape.one_of(&["allow", "manager", "auto_approve"]);
        let steps = self.sequence(0, &mut Vec::new());
        json!({"format": 1, "label": "T", "start": {"withdraw": withdraw}, "auto_pass": auto_pass, "self_approval": self_approval, "steps": steps})
    }

    fn sequence(&mut self, depth: usize, certain: &mut Vec<String>) -> Vec<Json> {
        let outside = certain.len();
        let count = if depth == 0 { 1 + self.tape.pick(4) } else { self.tape.pick(3) };
        let steps = (0..count).map(|_| self.step(depth, certain)).collect();
        certain.truncate(outside);
        steps
    }

    fn step(&mut self, depth: usize, certain: &mut Vec<String>) -> Json {
        self.steps += 1;
        let key = format!("s{}", self.steps);
        // What waits for something else than people comes last, so that a shrunk case is about people where it can be.
        let kinds = if depth < 3 { 12 } else { 9 };
        let kind = if self.steps > 14 { 0 } else { self.tape.pick(kinds) };
        match kind {
            0..=3 => self.approve(&key, certain),
            6 => self.tape.one_of(&[delay(&key, "PT1H"), until(&key)]).clone(),
            7 => action(&key),
            8 => subflow(
                &key,
                json!({"wait": self.tape.pick(3) != 0, "for_each": self.tape.one_of(&[None, Some("lines")])}),
            ),
            4 => {
                let step = json!({"kind": "fill", "key": key, "label": "F", "who": self.who(), "policy": self.tape.one_of(&["any", "all", "sequential"])});
                certain.push(key);
                step
            }
            5 => json!({"kind": "cc", "key": key, "label": "C", "who": self.who()}),
            9 | 10 => {
                let arms: Vec<(i64, Json)> = [500, 100][..1 + self.tape.pick(2)]
                    .iter()
                    .map(|limit| (*limit, json!(self.sequence(depth + 1, certain))))
                    .collect();
                let default = json!(self.sequence(depth + 1, certain));
                with(
                    branch(&key, &arms, default),
                    json!({"mode": self.tape.one_of(&["exclusive", "inclusive"])}),
                )
            }
            _ => {
                let arms: Vec<Json> =
                    (0..1 + self.tape.pick(3)).map(|_| json!(self.sequence(depth + 1, certain))).collect();
                let join = match self.tape.pick(4) {
                    0 | 1 => json!("all"),
                    2 => json!("any"),
                    _ => json!({"n": 1 + self.tape.pick(arms.len())}),
                };
                with(parallel(&key, &arms), json!({"join": join}))
            }
        }
    }

    fn approve(&mut self, key: &str, certain: &mut Vec<String>) -> Json {
        let policies = [
            json!("any"),
            json!("all"),
            json!("sequential"),
            json!({"ratio": {"n": 2}}),
            json!({"ratio": {"percent": 60}}),
        ];
        let policy = self.tape.one_of(&policies).clone();
        let on_reject = self.tape.one_of(&["first", "exhausted"]);
        let nobody = self
            .tape
            .one_of(&[json!("admins"), json!("auto_approve"), json!("hold"), json!({"member": id("fay")})])
            .clone();
        let reject_to = match self.tape.pick(3) {
            0 => "end".to_string(),
            1 => "start".to_string(),
            _ if certain.is_empty() => "start".to_string(),
            _ => self.tape.one_of(certain).clone(),
        };
        let step = json!({"kind": "approve", "key": key, "label": "A", "who": self.who(), "policy": policy,
                          "on_reject": on_reject, "nobody": nobody, "reject_to": reject_to});
        let step = with(step, json!({"deadlines": self.deadlines()}));
        certain.push(key.to_string());
        step
    }

    fn deadlines(&mut self) -> Json {
        let rules = [
            json!({"after": "PT2H", "do": "remind"}),
            json!({"after": "PT2H", "do": {"remind": [{"manager": 1}, {"roles": ["FIN"]}]}}),
            json!({"after": "PT3H", "working_time": true, "do": "auto_approve"}),
            json!({"after": "PT3H", "do": "auto_reject"}),
            json!({"after": "P1D", "do": "auto_return"}),
            json!({"at": {"field": "due"}, "do": {"auto_return": "start"}}),
            json!({"after": "PT2H", "do": "escalate"}),
            json!({"after": "PT2H", "do": {"transfer": {"managers_up_to": 3}}}),
        ];
        (0..self.tape.pick(4).saturating_sub(1)).map(|_| self.tape.one_of(&rules).clone()).collect()
    }

    fn who(&mut self) -> Json {
        let sources = [
            json!({"members": ids(&["ann"])}),
            json!({"members": ids(&["ann", "bob", "cid"])}),
            json!({"roles": ["FIN"]}),
            json!({"roles": ["EMPTY"]}),
            json!({"submitter": true}),
            json!({"manager": 1}),
            json!({"managers_up_to": 2}),
            json!({"head_of_previous": true}),
            json!({"members": ids(&["eve", "fay"])}),
            json!({"managers_up_to": {"role": "DIR"}}),
            json!({"departments": [department(SALES)], "with_children": true}),
            json!({"field": "inspector"}),
            json!({"head_of_field": "team"}),
            json!({"chosen_by": "submitter"}),
            json!({"chosen_by": "previous"}),
        ];
        (0..1 + self.tape.pick(2)).map(|_| self.tape.one_of(&sources).clone()).collect()
    }
}

/// A flow that can be published.
pub(super) fn random_document(tape: &mut Tape<'_>) -> Json {
    Builder { tape, steps: 0 }.document()
}

fn until(key: &str) -> Json {
    json!({"kind": "delay", "key": key, "label": "D", "until": {"field": "due"}})
}

/// The outcome of a flow that was started.
fn outcome(tape: &mut Tape<'_>) -> Status {
    *tape.one_of(&[Status::Approved, Status::Rejected, Status::Terminated])
}

/// Lets time pass, lets what was started end, and does what administrators and the product do. Mostly possible things.
fn happen(world: &mut World, tape: &mut Tape<'_>) {
    let actor = Actor::System;
    match tape.pick(9) {
        0 | 1 => {
            let waiting: Vec<(TimerId, Option<Timestamp>)> =
                world.state.waiting_timers().map(|(id, timer)| (id, timer.due)).collect();
            if waiting.is_empty() {
                return;
            }
            let (timer, due) = *tape.one_of(&waiting);
            if let Some(due) = due.filter(|_| tape.pick(6) != 1) {
                world.now = world.now.max(due.as_second());
            }
            if tape.pick(5) == 1 {
                let what = Waiting::Timer(timer);
                let _ = world.give_as(actor, Command::Failed { what, reason: "no".into() });
            }
            let _ = world.give_as(actor, Command::Fire { timer });
        }
        2 | 3 => {
            let children: Vec<Id> = world.state.children.iter().map(|child| child.instance).collect();
            if children.is_empty() {
                return;
            }
            let command = Command::ChildEnded { instance: *tape.one_of(&children), status: outcome(tape) };
            let _ = world.give_as(actor, command);
        }
        4 => {
            let moment =
                Timestamp::from_second(world.now + 3600 * i64::try_from(tape.pick(40)).unwrap()).unwrap();
            let due = if tape.pick(4) == 1 { Value::Empty } else { Value::DateTime(moment) };
            world.record.0.insert("due".into(), due);
            let _ = world.give_as(actor, Command::Reread);
        }
        5 => {
            let steps: Vec<String> =
                reactivation_targets(&world.flow, &world.state).into_iter().map(String::from).collect();
            if !steps.is_empty() {
                let step = tape.one_of(&steps).clone();
                let _ = world.give_as(actor, Command::Reactivate { step });
            }
        }
        6 => {
            let (member, to) = (anybody(tape), anybody(tape));
            let to = Some(to).filter(|to| *to != member);
            let _ = world.give_as(actor, Command::HandOver { member, to });
        }
        7 => {
            let member = anybody(tape);
            let _ = world.give_as(actor, Command::PassOn { member });
        }
        _ => move_on(world, tape),
    }
}

fn anybody(tape: &mut Tape<'_>) -> Id {
    id(NAMES[tape.pick(NAMES.len())])
}

/// Whom somebody names for the steps after one, where they do.
fn choice(world: &World, step: &str, tape: &mut Tape<'_>) -> Chosen {
    let steps: Vec<String> =
        world.flow.choosable_at(step).into_iter().map(|(key, _)| key.to_string()).collect();
    let mut chosen = Chosen::new();
    for step in steps {
        let members: Vec<Id> = (0..tape.pick(3)).map(|_| anybody(tape)).collect();
        if !members.is_empty() {
            chosen.insert(step, members);
        }
    }
    chosen
}

/// Gives one random command; most are possible ones by the right person.
fn act(world: &mut World, tape: &mut Tape<'_>) {
    match tape.pick(40) {
        0 => {
            let person = anybody(tape);
            let person = world.directory.members.get_mut(&person).unwrap();
            person.is_active = !person.is_active;
            return;
        }
        1 => {
            let delegate = anybody(tape);
            world.directory.members.get_mut(&id("ann")).unwrap().delegate = Some(delegate);
            return;
        }
        2 | 3 => {
            world.record.0.insert("amount".to_string(), Value::number(*tape.one_of(&[5, 200, 900])));
            return;
        }
        4 => {
            world.record.0.insert("inspector".to_string(), Value::Ref(anybody(tape)));
            world.record.0.insert("team".to_string(), Value::Ref(department(*tape.one_of(&[SALES, NORTH]))));
            return;
        }
        _ => {}
    }
    world.powers = Powers {
        urge: true,
        terminate: tape.pick(30) == 1,
        reassign: tape.pick(3) == 0,
        ..Powers::default()
    };
    let nobody_is_asked = world.state.open_tasks().next().is_none();
    if world.state.tasks.is_empty() || tape.pick(if nobody_is_asked { 2 } else { 6 }) == 1 {
        return happen(world, tape);
    }
    let open: Vec<Task> = world.state.open_tasks().cloned().collect();
    let task = if open.is_empty() || tape.pick(5) == 1 {
        tape.one_of(&world.state.tasks).clone()
    } else {
        tape.one_of(&open).clone()
    };
    let actor = if tape.pick(8) == 1 { anybody(tape) } else { task.assignee.unwrap_or(id("gus")) };
    let (task_id, note, chosen) = (task.id, Note::default(), choice(world, &task.step, tape));
    let command = match tape.pick(22) {
        0..=6 => {
            let is_approve = world.flow.work(&task.step).is_some_and(|work| work.is_approve());
            if is_approve {
                Command::Approve { task: task_id, note, chosen }
            } else {
                Command::Submit { task: task_id, note, chosen }
            }
        }
        7 => Command::Submit { task: task_id, note, chosen },
        8 | 9 => Command::Reject { task: task_id, note },
        10..=12 => {
            let targets = return_targets(&world.flow, &world.state, &task);
            let to = if targets.is_empty() {
                format!("s{}", tape.pick(15))
            } else {
                tape.one_of(&targets).to_string()
            };
            let resume = *tape.one_of(&[Resume::Rerun, Resume::Direct]);
            Command::Return { task: task_id, to, resume, note }
        }
        13 => Command::Transfer { task: task_id, to: anybody(tape), note },
        14..=16 => {
            let done: Vec<Task> =
                world.state.tasks.iter().filter(|task| task.state == TaskState::Done).cloned().collect();
            if done.is_empty() {
                return;
            }
            let last = done.iter().max_by_key(|task| task.closed).unwrap();
            let task = if tape.pick(2) == 0 { last } else { tape.one_of(&done) };
            let Some(actor) = task.assignee else { return };
            let _ = world.give_as(Actor::Member(actor), Command::TakeBack { task: task.id });
            return;
        }
        17 => {
            let _ = world.give("sam", Command::Withdraw);
            return;
        }
        18 => Command::Reassign { task: task_id, to: anybody(tape) },
        19..=21 if tape.pick(3) != 0 => {
            let mode = *tape.one_of(&[AddMode::Before, AddMode::After, AddMode::Parallel]);
            let to = (0..1 + tape.pick(2)).map(|_| anybody(tape)).collect();
            Command::AddSign { task: task_id, to, mode, note }
        }
        _ => match tape.pick(6) {
            0 => Command::Urge,
            1 => Command::Comment { text: "why".into(), mentions: Vec::new() },
            2 => Command::Edit,
            3 => Command::Save { task: task_id },
            4 => Command::Inform { task: task_id, members: vec![anybody(tape), anybody(tape)] },
            _ => Command::Terminate { note },
        },
    };
    // Who has an approval to decide can always reject it.
    let is_approve = world.flow.work(&task.step).is_some_and(|work| work.is_approve());
    let is_sure = matches!(command, Command::Reject { .. })
        && (is_approve && task.state == TaskState::Open && task.assignee == Some(actor))
        && !world.state.waits_for_added(task_id);
    // Refused or not: the world checks itself after every accepted command, and that a refusal changes nothing.
    let again = decides(&command).then(|| command.clone());
    let outcome = world.give_as(Actor::Member(actor), command);
    assert!(!is_sure || outcome.is_ok(), "a rejection is refused: {outcome:?}");
    if outcome.is_ok()
        && let Some(again) = again
    {
        assert!(world.give_as(Actor::Member(actor), again.clone()).is_err(), "counted twice: {again:?}");
    }
}

/// Whether a command decides a task: given again it is refused, wherever the first has led.
fn decides(command: &Command) -> bool {
    matches!(
        command,
        Command::Approve { .. } | Command::Submit { .. } | Command::Reject { .. } | Command::Return { .. }
    )
}

fn random_world(tape: &mut Tape<'_>) -> World {
    let mut world = World::of(random_document(tape)).amount(200);
    let rows = (0..3).map(|row| Row { id: Id::from_i64(800 + row), ..Row::default() });
    let rows = rows.take(tape.pick(3)).collect();
    world.record.0.insert("lines".into(), Value::Rows(rows));
    let due = Timestamp::from_second(NOW + 400 * 86_400).unwrap();
    world.record.0.insert("due".into(), Value::DateTime(due));
    world
}

/// Everybody passes what they have, until it ends: no instance can get stuck.
fn drive_to_the_end(world: &mut World) {
    for person in world.directory.members.values_mut() {
        person.is_active = true;
    }
    for _ in 0..400 {
        let Some(task) = world.first_open() else {
            if wait(world, Status::Approved) {
                continue;
            }
            return;
        };
        let Some(assignee) = task.assignee else {
            world.assign(task.id).unwrap();
            continue;
        };
        let (note, chosen) = (Note::default(), Chosen::new());
        let is_approve = world.flow.work(&task.step).is_some_and(|work| work.is_approve());
        let command = if is_approve {
            Command::Approve { task: task.id, note, chosen }
        } else {
            Command::Submit { task: task.id, note, chosen }
        };
        world.give_as(Actor::Member(assignee), command).unwrap();
    }
    panic!("it does not end: {:#?}", world.state);
}

/// Lets the first of what is waited for besides people happen; false where there is nothing.
fn wait(world: &mut World, status: Status) -> bool {
    if let Some(instance) = world.children().first().copied() {
        world.child_ends(instance, status).unwrap();
        return true;
    }
    let due = world.state.waiting_timers().filter_map(|(id, timer)| Some((timer.due?, id))).min();
    let Some((due, timer)) = due else { return false };
    world.now = world.now.max(due.as_second());
    world.give_as(Actor::System, Command::Fire { timer }).unwrap();
    true
}

/// So many flows with commands, or as many as `FORMWORK_FLOW_CASES` says.
pub(super) fn flow_cases(count: u32) -> TestRunner {
    let told = std::env::var("FORMWORK_FLOW_CASES").ok().and_then(|cases| cases.parse().ok());
    TestRunner::new(Config { cases: told.unwrap_or(count), failure_persistence: None, ..Config::default() })
}

#[test]
fn the_invariants_hold_over_random_flows_and_commands() {
    let tapes = (prop::collection::vec(any::<u8>(), 0..120), prop::collection::vec(any::<u8>(), 0..300));
    let run = |(flow, commands): (Vec<u8>, Vec<u8>)| {
        let mut world = random_world(&mut Tape(&flow));
        world.is_long = true;
        world.start().unwrap();
        let mut tape = Tape(&commands);
        while !tape.0.is_empty() {
            act(&mut world, &mut tape);
        }
        let stored = serde_json::to_string(&(&world.state, &world.log)).unwrap();
        let (state, log): (State, Vec<Event>) = serde_json::from_str(&stored).unwrap();
        assert_eq!((&state, &log), (&world.state, &world.log));
        assert_eq!(replay(&log), state, "the log gives the state");
        drive_to_the_end(&mut world);
        Ok(())
    };
    if let Err(failure) = flow_cases(5000).run(&tapes, run) {
        panic!("{failure}");
    }
}

#[test]
fn the_simulator_goes_the_way_of_the_engine() {
    let tape = prop::collection::vec(any::<u8>(), 0..200);
    let run = |bytes: Vec<u8>| {
        let mut tape = Tape(&bytes);
        let mut world = random_world(&mut tape);
        let mut answers = Answers::new();
        for step in 1..15 {
            let some =
                (0..tape.pick(3)).map(|_| if tape.pick(3) == 2 { Answer::Reject } else { Answer::Approve });
            answers.insert(format!("s{step}"), some.collect());
        }
        let setting = Setting {
            now: Timestamp::from_second(1_700_000_000).unwrap(),
            people: &world.directory.clone(),
            record: &world.record.clone(),
            calendar: &world.calendar.clone(),
        };
        let walk = simulate(&world.flow, id("sam"), Chosen::new(), answers.clone(), &setting);
        world.start().unwrap();
        let real = real_walk(&mut world, answers);
        match (walk, real) {
            (Ok(walk), Ok(())) => {
                let way = |state: &State| -> Vec<(String, Vec<Asked>, VisitState)> {
                    let visits = state.visits.iter();
                    visits.map(|visit| (visit.step.clone(), visit.people.clone(), visit.state)).collect()
                };
                assert_eq!(way(&walk.state), way(&world.state));
                assert_eq!(walk.status, world.state.status);
                assert!(walk.status.is_ended());
            }
            (walk, real) => assert_eq!(walk.map(|_| ()).map_err(|refusal| refusal.code), real),
        }
        Ok(())
    };
    if let Err(failure) = flow_cases(5000).run(&tape, run) {
        panic!("{failure}");
    }
}

/// The same answers, given by hand.
fn real_walk(world: &mut World, mut answers: Answers) -> Outcome {
    loop {
        let Some(task) = world.first_open() else {
            let child = world.state.waited_children().next().map(|child| child.step.clone());
            let answers = child.and_then(|step| answers.get_mut(&step)).filter(|list| !list.is_empty());
            let is_rejected = answers.is_some_and(|list| list.remove(0) == Answer::Reject);
            let status = if is_rejected { Status::Rejected } else { Status::Approved };
            if wait(world, status) {
                continue;
            }
            return Ok(());
        };
        let Some(assignee) = task.assignee else {
            world.assign(task.id)?;
            continue;
        };
        let answer = answers.get_mut(&task.step).filter(|list| !list.is_empty()).map(|list| list.remove(0));
        let (note, chosen) = (Note::default(), Chosen::new());
        let is_approve = world.flow.work(&task.step).is_some_and(|work| work.is_approve());
        let command = match answer.unwrap_or_default() {
            Answer::Reject => Command::Reject { task: task.id, note },
            _ if is_approve => Command::Approve { task: task.id, note, chosen },
            _ => Command::Submit { task: task.id, note, chosen },
        };
        world.give_as(Actor::Member(assignee), command)?;
    }
}
