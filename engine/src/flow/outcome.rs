//! Conditions on how a subflow ended: `steps.KEY.outcome`, which is no field of the record.

use serde_json::Value as Json;

use super::state::{State, Status};
use crate::condition::{Condition, Operand, Operator, Test};
use crate::value::Value;

/// The step whose outcome a path names.
pub(super) fn step_of(path: &str) -> Option<&str> {
    path.strip_prefix("steps.")?.strip_suffix(".outcome")
}

/// The path that names the outcome of a step.
pub(super) fn path_of(step: &str) -> String {
    format!("steps.{step}.outcome")
}

/// What an outcome can be compared with.
const OUTCOMES: [Status; 3] = [Status::Approved, Status::Rejected, Status::Terminated];

/// All that an outcome can be, besides none.
pub(super) fn values() -> impl Iterator<Item = Value> {
    OUTCOMES.iter().map(|outcome| Value::text(outcome.key()))
}

/// The outcome that a literal names.
pub(super) fn value_of(json: &Json) -> Option<Value> {
    OUTCOMES.iter().find(|known| json.as_str() == Some(known.key())).map(|known| Value::text(known.key()))
}

/// The same condition with every test on an outcome replaced by what `holds` says of it.
fn replaced(condition: &Condition, holds: &dyn Fn(&str, &Test) -> bool) -> Condition {
    let parts = |parts: &[Condition]| parts.iter().map(|part| replaced(part, holds)).collect();
    match condition {
        Condition::All(inside) => Condition::All(parts(inside)),
        Condition::Any(inside) => Condition::Any(parts(inside)),
        Condition::Not(inside) => Condition::Not(Box::new(replaced(inside, holds))),
        Condition::Test(test) => match step_of(&test.field) {
            Some(step) if holds(step, test) => Condition::All(Vec::new()),
            Some(_) => Condition::Any(Vec::new()),
            None => condition.clone(),
        },
    }
}

/// What a condition asks of the record, with the outcomes as they are now.
pub(super) fn settled(condition: &Condition, state: &State) -> Condition {
    replaced(condition, &|step, test| holds(test, state.outcome(step)))
}

/// What a condition of an arm asks of the record, whatever came of subflows: as if each ended as it asks.
pub fn of_record(condition: &Condition) -> Condition {
    replaced(condition, &|_, _| true)
}

fn holds(test: &Test, outcome: Option<Status>) -> bool {
    let names = |json: &Json| outcome.is_some_and(|outcome| json.as_str() == Some(outcome.key()));
    let is_named = match &test.value {
        Some(Operand::Literal(Json::Array(any))) => any.iter().any(names),
        Some(Operand::Literal(one)) => names(one),
        Some(Operand::Var(_) | Operand::Relative(..) | Operand::Field(_) | Operand::Param(_)) | None => false,
    };
    match test.op {
        Operator::Eq | Operator::In => is_named,
        Operator::Ne | Operator::NotIn => !is_named,
        Operator::IsEmpty => outcome.is_none(),
        Operator::NotEmpty => outcome.is_some(),
        _ => false,
    }
}

/// Whether a test on an outcome can be read: compared for being the same with what an outcome can be.
pub(super) fn is_readable(test: &Test) -> bool {
    let is_known = |json: &Json| value_of(json).is_some();
    match (test.op, &test.value) {
        (Operator::Eq | Operator::Ne, Some(Operand::Literal(one))) => is_known(one),
        (Operator::In | Operator::NotIn, Some(Operand::Literal(Json::Array(any)))) => {
            any.iter().all(is_known)
        }
        (Operator::IsEmpty | Operator::NotEmpty, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn outcomes_are_compared_as_texts_and_an_absent_one_is_empty() {
        let test = |op: &str, value: Json| -> Test {
            let condition = json!({"field": "steps.s.outcome", "op": op, "value": value});
            let condition: Condition = serde_json::from_value(condition).unwrap();
            condition.tests().into_iter().next().unwrap().clone()
        };
        assert!(holds(&test("eq", json!("approved")), Some(Status::Approved)));
        assert!(!holds(&test("eq", json!("approved")), None));
        assert!(holds(&test("ne", json!("approved")), None));
        assert!(holds(&test("in", json!(["rejected", "terminated"])), Some(Status::Terminated)));
        assert!(is_readable(&test("eq", json!("rejected"))));
        assert!(!is_readable(&test("eq", json!("running"))));
        assert!(!is_readable(&test("gt", json!("approved"))));
    }

    #[test]
    fn the_record_is_asked_for_the_rest() {
        let condition: Condition = serde_json::from_value(json!({"all": [
            {"field": "steps.s.outcome", "op": "eq", "value": "approved"},
            {"field": "amount", "op": "gt", "value": 5}]}))
        .unwrap();
        let rest = settled(&condition, &State::default());
        assert!(rest.tests().iter().all(|test| test.field == "amount"));
        assert_eq!(of_record(&condition).tests().len(), 1);
    }
}
