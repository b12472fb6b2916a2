//! What is accepted can be walked to its end: flows with defects at random, of which the analyser lets through those that are
//! none.

use proptest::prelude::*;

use super::properties::{Tape, flow_cases, random_document};
use super::*;

/// What takes the place of something in a document.
fn strange_values() -> Vec<Json> {
    vec![
        json!(null),
        json!([]),
        json!(""),
        json!("end"),
        json!("start"),
        json!("s1"),
        json!("s2"),
        json!("any"),
        json!("all"),
        json!("sequential"),
        json!("exhausted"),
        json!("inclusive"),
        json!("hold"),
        json!("auto_approve"),
        json!("manager"),
        json!("PT0S"),
        json!(0),
        json!(99),
        json!(true),
        json!(false),
        json!({"n": 9}),
        json!({"n": 0}),
        json!({"ratio": {"n": 9}}),
        json!({"ratio": {"percent": 300}}),
        json!({"member": id("zoe")}),
        json!({"member": id("fay")}),
        json!({"field": "due"}),
        json!([{"members": []}]),
        json!([{"members": ids(&["zoe"])}]),
        json!([{"field": "inspector"}]),
        json!([{"field": "gone"}]),
        json!([{"head_of_field": "team"}]),
        json!([{"departments": [department(NORTH)]}]),
        json!([{"roles": ["GONE"]}]),
        json!([{"manager": 0}]),
        json!([{"managers_up_to": {"role": "DIR"}}]),
    ]
}

/// The pointers of all objects and lists, but for those within conditions.
fn gather(part: &Json, path: &str, found: &mut Vec<String>) {
    match part {
        Json::Object(members) => {
            found.push(path.to_string());
            for (key, member) in members.iter().filter(|(key, _)| *key != "when") {
                gather(member, &format!("{path}/{key}"), found);
            }
        }
        Json::Array(parts) => {
            found.push(path.to_string());
            for (place, part) in parts.iter().enumerate() {
                gather(part, &format!("{path}/{place}"), found);
            }
        }
        _ => {}
    }
}

/// Takes something out of a document, puts something else there, or has it twice.
fn spoil(tape: &mut Tape<'_>, document: &mut Json) {
    let mut found = Vec::new();
    gather(document, "", &mut found);
    let place = tape.one_of(&found).clone();
    match document.pointer_mut(&place) {
        Some(Json::Object(members)) => {
            let keys: Vec<String> = members.keys().cloned().collect();
            if keys.is_empty() {
                return;
            }
            let key = tape.one_of(&keys).clone();
            if tape.pick(3) == 1 {
                members.remove(&key);
            } else {
                let value = tape.one_of(&strange_values()).clone();
                members.insert(key, value);
            }
        }
        Some(Json::Array(parts)) => match tape.pick(3) {
            0 => parts.reverse(),
            1 => parts.extend(parts.last().cloned()),
            _ => drop(parts.pop()),
        },
        _ => {}
    }
}

/// Those who are left after some time: only sam, who asks, and gus, who administers, are sure to be.
fn later(tape: &mut Tape<'_>) -> Directory {
    let mut directory = directory();
    for name in NAMES.into_iter().filter(|name| !["sam", "gus"].contains(name)) {
        if tape.pick(4) == 1 {
            directory.members.get_mut(&id(name)).unwrap().is_active = false;
        }
    }
    if tape.pick(4) == 1 {
        directory.departments.clear();
    }
    if tape.pick(4) == 1 {
        directory.roles.clear();
    }
    directory
}

#[test]
fn the_analyser_accepts_no_flow_that_the_simulator_gets_stuck_in() {
    let (accepted, refused) = (Cell::new(0), Cell::new(0));
    let run = |bytes: Vec<u8>| {
        let mut tape = Tape(&bytes);
        let mut document = random_document(&mut tape);
        for _ in 0..tape.pick(4) {
            spoil(&mut tape, &mut document);
        }
        let published = FlowDocument::read(document)
            .and_then(|document| Flow::publish(document, &TestForm, &directory()));
        let Ok(flow) = published else {
            refused.set(refused.get() + 1);
            return Ok(());
        };
        accepted.set(accepted.get() + 1);
        let mut record = Record::default();
        record.0.insert("amount".into(), Value::number(*tape.one_of(&[200, 5, 900])));
        let (people, calendar) = (later(&mut tape), Calendar::in_zone(TimeZone::UTC));
        let now = Timestamp::from_second(NOW).unwrap();
        let setting = Setting { now, people: &people, record: &record, calendar: &calendar };
        let walk = simulate(&flow, id("sam"), Chosen::new(), Answers::new(), &setting);
        let walk = walk.unwrap_or_else(|refusal| panic!("whoever approves is refused: {refusal:?}"));
        assert_eq!(walk.status, Status::Approved, "{:#?}", walk.state);
        let mut answers = Answers::new();
        for step in 1..15 {
            let key = format!("s{step}");
            let may_reject = flow.work(&key).is_some_and(|work| work.is_approve());
            let rejects = if may_reject { tape.pick(3) } else { 0 };
            answers.insert(key, vec![Answer::Reject; rejects]);
        }
        // A step may have rejecting switched off: then there is no such way.
        if let Ok(walk) = simulate(&flow, id("sam"), Chosen::new(), answers, &setting) {
            assert!(walk.status.is_ended(), "{:#?}", walk.state);
        }
        Ok(())
    };
    if let Err(failure) = flow_cases(5000).run(&prop::collection::vec(any::<u8>(), 0..240), run) {
        panic!("{failure}");
    }
    let (accepted, refused) = (accepted.get(), refused.get());
    assert!(accepted + refused < 1000 || (accepted > 100 && refused > 100), "{accepted} and {refused}");
}
