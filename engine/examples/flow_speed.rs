//! How long one command of a flow of thirty steps takes, from deciding it to having applied what came of it. Started by
//! `cargo xtask bench`, which reads the nanoseconds that are printed.

// Like a test, it stops at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::flow::{
    Actor, Calendar, Chosen, Command, Context, Directory, Flow, FlowDocument, InForm, Note, OnRecord, Person,
    Powers, State, Status, Subject, apply, decide,
};
use engine::form::{Catalogue, Form, FormDocument, Sketch};
use engine::record::Draft;
use engine::value::{Id, Timestamp, Value};
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

const MEMBERS: i64 = 200;
const STEPS: usize = 30;
const WARM_UP: Duration = Duration::from_millis(300);
const TIME: Duration = Duration::from_secs(2);

/// No other form.
struct Alone;

impl Catalogue for Alone {
    fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
        None
    }
}

fn main() {
    let (form, directory) = (form(), directory());
    let document = FlowDocument::read(document()).unwrap();
    let flow = Flow::publish(document, &InForm { form: &form, catalogue: &Alone }, &directory).unwrap();
    let moment = engine::context::Context::system(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    let mut draft = Draft::new(form.clone(), moment.clone());
    draft.set("amount", Value::number(500));
    let source = draft.source(None);
    let record = OnRecord { form: &form, catalogue: &Alone, source: &source, context: &moment };
    let calendar = Calendar::in_zone(TimeZone::UTC);
    let run = || Course { flow: &flow, directory: &directory, record: &record, calendar: &calendar }.run();
    repeat(WARM_UP, run);
    let mut took = repeat(TIME, run);
    took.sort_unstable();
    println!("{}", took[took.len() / 2]);
}

/// Runs it for so long; what a command took on average in each run.
fn repeat(time: Duration, run: impl Fn() -> u128) -> Vec<u128> {
    let started = Instant::now();
    let mut took = Vec::new();
    while started.elapsed() < time {
        took.push(run());
    }
    took
}

/// A request on its way from its start to its end.
struct Course<'c> {
    flow: &'c Flow,
    directory: &'c Directory,
    record: &'c dyn Subject,
    calendar: &'c Calendar,
}

impl Course<'_> {
    /// Nanoseconds of a command on average.
    fn run(&self) -> u128 {
        let (mut state, mut last_id) = (State::default(), 10_000);
        let (mut commands, mut took) = (0, Duration::ZERO);
        let mut next = (Command::Start { chosen: Chosen::new() }, id(1));
        loop {
            let (command, member) = next;
            let mut ids = std::iter::from_fn(|| {
                last_id += 1;
                Id::from_i64(last_id)
            });
            let started = Instant::now();
            let mut context = Context {
                now: Timestamp::UNIX_EPOCH,
                actor: Actor::Member(member),
                powers: Powers::default(),
                people: self.directory,
                record: self.record,
                calendar: self.calendar,
                ids: &mut ids,
            };
            let events = decide(self.flow, &state, &command, &mut context).unwrap();
            for event in &events {
                apply(&mut state, event);
            }
            took += started.elapsed();
            commands += 1;
            let Some(task) = state.open_tasks().next() else { break };
            let (task_id, note, chosen) = (task.id, Note::default(), Chosen::new());
            let command = if task.step.starts_with("fill") {
                Command::Submit { task: task_id, note, chosen }
            } else {
                Command::Approve { task: task_id, note, chosen }
            };
            next = (command, task.assignee.unwrap());
        }
        assert_eq!(state.status, Status::Approved);
        assert!(commands > STEPS as u128);
        took.as_nanos() / commands
    }
}

fn id(number: i64) -> Id {
    Id::from_i64(number).unwrap()
}

fn form() -> Arc<Form> {
    let document = json!({"key": "request", "label": "Request", "fields": [
        {"key": "what", "label": "What", "kind": "text"},
        {"key": "amount", "label": "Amount", "kind": "number"}]});
    let document: FormDocument = serde_json::from_value(document).unwrap();
    let sketch = Sketch { id: id(900), app: "bench".into(), document };
    Arc::new(Form::publish(Arc::new(sketch), 1, &Alone).unwrap())
}

fn directory() -> Directory {
    let person = |number: i64| Person {
        name: format!("Member {number:03}"),
        is_active: true,
        manager: (number > 1).then(|| id(number / 2)),
        ..Person::default()
    };
    let members = (1..=MEMBERS).map(|number| (id(number), person(number)));
    Directory { members: members.collect(), admins: vec![id(1)], ..Directory::default() }
}

/// Thirty steps: approvals of every policy, a branch, arms side by side, something to fill in, a copy.
fn document() -> Json {
    let mut number = 0;
    let mut approve = || {
        number += 1;
        let policies = [json!("any"), json!("all"), json!("sequential"), json!({"ratio": {"n": 2}})];
        let who: Vec<Id> = (0..3).map(|place| id(10 + (number * 7 + place * 3) % 150)).collect();
        let policy = &policies[usize::try_from(number).unwrap() % policies.len()];
        json!({"kind": "approve", "key": format!("approve_{number}"), "label": "A", "who": [{"members": who}],
               "policy": policy})
    };
    let mut steps: Vec<Json> = (0..10).map(|_| approve()).collect();
    let over = |limit: &str| json!({"field": "amount", "op": "gte", "value": limit});
    steps.push(json!({"kind": "branch", "key": "size", "label": "S", "mode": "exclusive",
        "arms": [{"key": "huge", "when": over("1000"), "steps": [approve()]},
                 {"key": "large", "when": over("100"), "steps": [approve(), approve()]}],
        "default": {"steps": [approve()]}}));
    steps.push(json!({"kind": "parallel", "key": "side", "label": "P", "join": "all",
        "arms": [{"key": "law", "steps": [approve(), approve()]}, {"key": "tax", "steps": [approve()]}]}));
    steps.push(json!({"kind": "fill", "key": "fill", "label": "F", "who": [{"members": [id(5)]}]}));
    steps.push(json!({"kind": "cc", "key": "copy", "label": "C", "who": [{"members": [id(6)]}]}));
    steps.extend((0..9).map(|_| approve()));
    assert_eq!(steps.len() + 4 + 3, STEPS);
    json!({"format": 1, "label": "Bench", "steps": steps})
}
