//! No arm is refused that some record takes: what the analyser says of random conditions, held against random records of a
//! published form, read by the form's own conditions.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::properties::Tape;
use super::real_form::{Alone, moment, publish_form};
use super::*;
use crate::condition::{Reach, Source};
use crate::flow::cover::Covered;
use crate::form::Form;
use crate::value::{Values, get, parse_date};

fn form() -> std::sync::Arc<Form> {
    publish_form(json!([
        {"key": "amount", "label": "Amount", "kind": "number", "options": {"scale": 1}},
        {"key": "limit", "label": "Limit", "kind": "number", "options": {"scale": 1}},
        {"key": "due", "label": "Due", "kind": "date"},
        {"key": "kind", "label": "Kind", "kind": "select",
         "options": {"choices": [{"key": "x", "label": "X"}, {"key": "y", "label": "Y"}, {"key": "z", "label": "Z"}]}},
        {"key": "paid", "label": "Paid", "kind": "switch"},
        {"key": "note", "label": "Note", "kind": "text"}]))
}

const AMOUNTS: [&str; 3] = ["1", "2", "2.5"];
const DAYS: [&str; 3] = ["2026-01-01", "2026-01-02", "2026-01-05"];
const KINDS: [&str; 3] = ["x", "y", "z"];
const PARTS: [&str; 3] = ["a", "ab", "c"];

fn test(tape: &mut Tape<'_>) -> Json {
    let of = |field: &str, op: &str, value: Json| json!({"field": field, "op": op, "value": value});
    let same = *tape.one_of(&["eq", "ne"]);
    let order = *tape.one_of(&["eq", "ne", "gt", "gte", "lt", "lte"]);
    match tape.pick(9) {
        0 | 1 => of("amount", order, json!(tape.one_of(&AMOUNTS))),
        2 => of("amount", "between", json!([tape.one_of(&AMOUNTS), tape.one_of(&AMOUNTS)])),
        3 => of("due", order, json!(tape.one_of(&DAYS))),
        4 => {
            let several: Vec<&str> = (0..tape.pick(3)).map(|_| *tape.one_of(&KINDS)).collect();
            let op = *tape.one_of(&["in", "not_in"]);
            of("kind", op, json!(several))
        }
        5 => of("kind", same, json!(tape.one_of(&KINDS))),
        6 => of("paid", same, json!(tape.pick(2) == 0)),
        7 => match tape.pick(2) {
            0 => of("amount", order, json!({"field": "limit"})),
            _ => {
                let op = *tape.one_of(&["eq", "ne", "contains", "not_contains", "starts_with"]);
                of("note", op, json!(tape.one_of(&PARTS)))
            }
        },
        _ => {
            let field = *tape.one_of(&["amount", "due", "kind", "paid", "note"]);
            // A switch has no other operators than being yes or no.
            match field {
                "paid" => of("paid", "eq", json!(true)),
                field => json!({"field": field, "op": tape.one_of(&["is_empty", "not_empty"])}),
            }
        }
    }
}

fn condition(tape: &mut Tape<'_>, depth: usize) -> Json {
    match tape.pick(if depth < 3 { 8 } else { 5 }) {
        0..=4 => test(tape),
        5 => json!({"not": condition(tape, depth + 1)}),
        what => {
            let parts: Vec<Json> = (0..1 + tape.pick(3)).map(|_| condition(tape, depth + 1)).collect();
            if what == 6 { json!({"all": parts}) } else { json!({"any": parts}) }
        }
    }
}

/// A record with one of the values that conditions name, one beside them, or none.
struct Filled(Values);

impl Filled {
    fn random(tape: &mut Tape<'_>) -> Filled {
        let number = |tape: &mut Tape<'_>| match tape.one_of(&["", "0", "1", "1.5", "2", "2.2", "2.5", "9"]) {
            &"" => Value::Empty,
            digits => Value::Number(digits.parse().unwrap()),
        };
        let (amount, limit) = (number(tape), number(tape));
        let day = *tape.one_of(&[
            "",
            "2025-12-31",
            "2026-01-01",
            "2026-01-02",
            "2026-01-03",
            "2026-01-05",
            "2026-02-01",
        ]);
        let text = |text: &str| if text.is_empty() { Value::Empty } else { Value::text(text) };
        let kind = *tape.one_of(&["", "x", "y", "z", "gone"]);
        let note = *tape.one_of(&["", "a", "ab", "c", "d", "abc"]);
        let values = [
            ("amount", amount),
            ("limit", limit),
            ("due", parse_date(day).map_or(Value::Empty, Value::Date)),
            ("kind", text(kind)),
            ("paid", Value::Bool(tape.pick(2) == 0)),
            ("note", text(note)),
        ];
        Filled(values.into_iter().map(|(field, value)| (field.to_string(), value)).collect())
    }
}

impl Source for Filled {
    fn value(&self, reach: &Reach) -> Value {
        get(&self.0, &reach.field).clone()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}

#[test]
fn no_arm_is_refused_that_a_record_takes() {
    let (form, moment) = (form(), moment());
    let info = InForm { form: &form, catalogue: &Alone };
    let tapes = (prop::collection::vec(any::<u8>(), 0..80), prop::collection::vec(any::<u8>(), 200..600));
    let (dead, alive) = (Cell::new(0), Cell::new(0));
    let run = |(conditions, records): (Vec<u8>, Vec<u8>)| {
        let mut tape = Tape(&conditions);
        let count = 1 + tape.pick(4);
        let arms: Vec<Condition> =
            (0..count).map(|_| serde_json::from_value(condition(&mut tape, 0)).unwrap()).collect();
        let Some((last, earlier)) = arms.split_last() else { return Ok(()) };
        if arms.iter().any(|arm| !info.condition(arm).is_empty()) {
            return Ok(());
        }
        let mut covered = Covered::new(&info);
        earlier.iter().for_each(|earlier| covered.add(earlier));
        if !covered.covers(last) {
            alive.set(alive.get() + 1);
            return Ok(());
        }
        dead.set(dead.get() + 1);
        let mut tape = Tape(&records);
        while !tape.0.is_empty() {
            let source = Filled::random(&mut tape);
            let record = OnRecord { form: &form, catalogue: &Alone, source: &source, context: &moment };
            let takes = |arm: &Condition| record.holds(arm);
            prop_assert!(!takes(last) || earlier.iter().any(takes), "{arms:?} {:?}", source.0);
        }
        Ok(())
    };
    let mut runner = TestRunner::new(Config { cases: 3000, failure_persistence: None, ..Config::default() });
    if let Err(failure) = runner.run(&tapes, run) {
        panic!("{failure}");
    }
    assert!(dead.get() > 100 && alive.get() > 100, "{} {}", dead.get(), alive.get());
}
