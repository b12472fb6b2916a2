//! Which conditions can't hold, by themselves or because earlier arms take every record for which they do.
//!
//! For each field the literals that it is compared with part its values into points: nothing, something that equals no
//! literal and is in no order (a formula's error), each literal, and what lies between two of them: a choice that its field
//! has not any more stays in the records that have it. On a point every
//! comparison has one outcome, so that a search through the points finds a record for which a condition may hold, or that
//! there is none. What is compared with something else than literals may hold or not, but only of a field that is not empty.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::analyse::FormInfo;
use super::outcome;
use crate::condition::{Condition, Operand, Operator, Test};
use crate::value::Value;

/// How many parts of conditions are looked at for one arm; beyond that it is taken to match something.
const MAX_PARTS: u32 = 20_000;

/// The conditions of the arms before.
pub(super) struct Covered<'c> {
    form: &'c dyn FormInfo,
    earlier: Vec<&'c Condition>,
}

impl<'c> Covered<'c> {
    pub fn new(form: &'c dyn FormInfo) -> Covered<'c> {
        Covered { form, earlier: Vec::new() }
    }

    pub fn add(&mut self, condition: &'c Condition) {
        self.earlier.push(condition);
    }

    /// Whether the earlier arms take every record for which `condition` holds.
    pub fn covers(&self, condition: &Condition) -> bool {
        let others = self.earlier.iter().map(|earlier| Claim { condition: earlier, holds: false });
        let claims = std::iter::once(Claim { condition, holds: true }).chain(others);
        !Search::new(self.form, claims.clone()).finds(claims.collect(), World::default())
    }

    /// Whether `condition` holds for no record.
    pub fn never(&self, condition: &Condition) -> bool {
        Covered::new(self.form).covers(condition)
    }
}

/// That a condition holds, or that it does not.
#[derive(Clone, Copy)]
struct Claim<'c> {
    condition: &'c Condition,
    holds: bool,
}

/// What is known of a record that is looked for.
#[derive(Clone, Default)]
struct World {
    /// Which points of a field are still possible.
    points: BTreeMap<String, Vec<bool>>,
    /// The outcomes of comparisons that have no points.
    outcomes: Vec<(Test, bool)>,
}

/// The places of the first two points; the literals follow, each after what lies before it.
const EMPTY: usize = 0;
const STRANGE: usize = 1;
const FIRST: usize = 2;

/// How the values of a field are parted.
#[derive(Default)]
struct Field {
    /// The literals, in their order.
    cuts: Vec<Value>,
    /// It is one of them, or empty.
    is_closed: bool,
    is_never_empty: bool,
}

impl Field {
    /// What is known of a field before it is compared with anything: a switch is yes or no and nothing else, and how a subflow
    /// ended is one of three things, or open.
    fn of(form: &dyn FormInfo, path: &str) -> Field {
        if outcome::step_of(path).is_some() {
            Field { cuts: outcome::values().collect(), is_closed: true, is_never_empty: false }
        } else if form.is_switch(path) {
            let cuts = vec![Value::Bool(false), Value::Bool(true)];
            Field { cuts, is_closed: true, is_never_empty: true }
        } else {
            Field::default()
        }
    }

    /// The points that a record can be at.
    fn all(&self) -> Vec<bool> {
        let is_cut = |point: usize| point > FIRST && (point - FIRST) % 2 == 1;
        let is_possible = |point: usize| match point {
            EMPTY => !self.is_never_empty,
            point => !self.is_closed || is_cut(point),
        };
        (0..=FIRST + 2 * self.cuts.len()).map(is_possible).collect()
    }

    /// The point of a literal.
    fn at(&self, value: &Value) -> Option<usize> {
        let place = self.cuts.iter().position(|cut| cut.compare(value) == Some(std::cmp::Ordering::Equal));
        place.map(|place| FIRST + 2 * place + 1)
    }
}

struct Search<'c> {
    form: &'c dyn FormInfo,
    fields: BTreeMap<String, Field>,
    left: u32,
}

impl<'c> Search<'c> {
    fn new(form: &'c dyn FormInfo, claims: impl Iterator<Item = Claim<'c>>) -> Search<'c> {
        let mut fields: BTreeMap<String, Field> = BTreeMap::new();
        for test in claims.flat_map(|claim| claim.condition.tests()).filter(|test| is_of_one_value(test)) {
            let field = fields.entry(test.field.clone()).or_insert_with(|| Field::of(form, &test.field));
            field.cuts.extend(literals(test).into_iter().filter_map(|json| literal(form, &test.field, json)));
        }
        for field in fields.values_mut() {
            field.cuts.sort_by(|a, b| a.compare(b).unwrap_or(std::cmp::Ordering::Equal));
            field.cuts.dedup_by(|a, b| a.compare(b) == Some(std::cmp::Ordering::Equal));
        }
        Search { form, fields, left: MAX_PARTS }
    }

    /// Whether there may be a record for which all claims are true.
    fn finds(&mut self, mut claims: Vec<Claim<'_>>, mut world: World) -> bool {
        let mut choices: Vec<Claim<'_>> = Vec::new();
        while let Some(claim) = claims.pop() {
            let Some(left) = self.left.checked_sub(1) else { return true };
            self.left = left;
            let Claim { condition, holds } = claim;
            match (condition, holds) {
                (Condition::Not(part), _) => claims.push(Claim { condition: part, holds: !holds }),
                (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                    claims.extend(parts.iter().map(|condition| Claim { condition, holds }));
                }
                (Condition::All(_), false) | (Condition::Any(_), true) => choices.push(claim),
                (Condition::Test(test), _) => {
                    if !self.narrow(&mut world, test, holds) {
                        return false;
                    }
                }
            }
        }
        let Some(Claim { condition, holds }) = choices.pop() else { return true };
        let (Condition::All(parts) | Condition::Any(parts)) = condition else { return true };
        parts.iter().any(|condition| {
            let mut claims = choices.clone();
            claims.push(Claim { condition, holds });
            self.finds(claims, world.clone())
        })
    }

    /// Leaves the records for which a test has this outcome; false where there is none.
    fn narrow(&self, world: &mut World, test: &Test, holds: bool) -> bool {
        let (mut test, mut holds) = (test.clone(), holds);
        if let Some(field) = self.fields.get(&test.field).filter(|_| is_of_one_value(&test)) {
            if let Some(positive) = negated(test.op) {
                (test.op, holds) = (positive, !holds);
            }
            let points = world.points.entry(test.field.clone()).or_insert_with(|| field.all());
            match self.outcomes(field, &test) {
                Some(outcome) => {
                    for (place, point) in points.iter_mut().enumerate() {
                        *point = *point && outcome(place) == holds;
                    }
                }
                None if holds => points.iter_mut().take(FIRST).for_each(|point| *point = false),
                None => {}
            }
            if !points.contains(&true) {
                return false;
            }
            if self.outcomes(field, &test).is_some() {
                return true;
            }
        }
        if world.outcomes.iter().any(|(known, outcome)| *known == test && *outcome != holds) {
            return false;
        }
        world.outcomes.push((test, holds));
        true
    }

    /// At which points a test holds, where it is about points.
    fn outcomes(&self, field: &Field, test: &Test) -> Option<Box<dyn Fn(usize) -> bool>> {
        if test.op == Operator::IsEmpty {
            return Some(Box::new(|point| point == EMPTY));
        }
        let Some(Operand::Literal(_)) = &test.value else { return None };
        let named: Option<Vec<usize>> = literals(test)
            .into_iter()
            .map(|json| literal(self.form, &test.field, json).and_then(|value| field.at(&value)))
            .collect();
        let named = named?;
        let is_value = |point: usize| point > STRANGE;
        Some(match (test.op, named.as_slice()) {
            (Operator::Eq, [at]) => {
                let at = *at;
                Box::new(move |point| point == at)
            }
            (Operator::Gt, [at]) => {
                let at = *at;
                Box::new(move |point| point > at)
            }
            (Operator::Gte, [at]) => {
                let at = *at;
                Box::new(move |point| point >= at)
            }
            (Operator::Lt, [at]) => {
                let at = *at;
                Box::new(move |point| is_value(point) && point < at)
            }
            (Operator::Lte, [at]) => {
                let at = *at;
                Box::new(move |point| is_value(point) && point <= at)
            }
            (Operator::Between, [from, to]) => {
                let (from, to) = (*from, *to);
                Box::new(move |point| from <= point && point <= to)
            }
            (Operator::In, _) => Box::new(move |point| named.contains(&point)),
            _ => return None,
        })
    }
}

/// Whether a test is about one value of the record itself, or how a subflow ended. A column has many, so that two tests on it may
/// hold by different rows; what lies behind a link is known only as the test that it is.
fn is_of_one_value(test: &Test) -> bool {
    let is_one = !test.field.contains('.') || outcome::step_of(&test.field).is_some();
    is_one && test.matching.is_none()
}

/// What a literal stands for where a field, or how a subflow ended, is compared with it.
fn literal(form: &dyn FormInfo, path: &str, json: &Json) -> Option<Value> {
    if outcome::step_of(path).is_some() { outcome::value_of(json) } else { form.literal(path, json) }
}

/// The operator whose opposite this one is.
fn negated(op: Operator) -> Option<Operator> {
    match op {
        Operator::Ne => Some(Operator::Eq),
        Operator::NotIn => Some(Operator::In),
        Operator::NotContains => Some(Operator::Contains),
        Operator::HasNone => Some(Operator::HasAny),
        Operator::NotEmpty => Some(Operator::IsEmpty),
        _ => None,
    }
}

/// What a test compares with.
fn literals(test: &Test) -> Vec<&Json> {
    match (&test.value, test.op) {
        (Some(Operand::Literal(Json::Array(items))), Operator::In | Operator::NotIn | Operator::Between) => {
            items.iter().collect()
        }
        (Some(Operand::Literal(one)), _) => vec![one],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::TestForm;
    use super::*;

    fn condition(json: Json) -> Condition {
        serde_json::from_value(json).unwrap()
    }

    fn amount(op: &str, value: &str) -> Json {
        json!({"field": "amount", "op": op, "value": value})
    }

    fn due(op: &str, value: &str) -> Json {
        json!({"field": "due", "op": op, "value": value})
    }

    fn kind(op: &str, value: Json) -> Json {
        json!({"field": "kind", "op": op, "value": value})
    }

    fn empty(field: &str) -> Json {
        json!({"field": field, "op": "is_empty"})
    }

    fn never(json: &Json) -> bool {
        Covered::new(&TestForm).never(&condition(json.clone()))
    }

    fn over(earlier: &[Json], later: Json) -> bool {
        let earlier: Vec<Condition> = earlier.iter().cloned().map(condition).collect();
        let mut covered = Covered::new(&TestForm);
        earlier.iter().for_each(|earlier| covered.add(earlier));
        covered.covers(&condition(later))
    }

    #[test]
    fn conditions_that_hold_for_no_record_are_found() {
        for dead in [
            json!({"any": []}),
            json!({"not": {"all": []}}),
            json!({"all": [empty("a"), {"any": []}]}),
            json!({"field": "kind", "op": "in", "value": []}),
            json!({"all": [amount("gt", "5"), amount("lt", "3")]}),
            json!({"all": [amount("gt", "5"), amount("lte", "5.00")]}),
            json!({"all": [amount("eq", "5"), amount("eq", "6")]}),
            json!({"all": [amount("eq", "5"), {"not": amount("gte", "4")}]}),
            json!({"field": "amount", "op": "between", "value": [9, 8]}),
            json!({"all": [due("gt", "2026-03-01"), due("lt", "2026-02-01")]}),
            json!({"field": "due", "op": "between", "value": ["2026-03-01", "2026-02-01"]}),
            json!({"all": [kind("eq", json!("x")), kind("eq", json!("y"))]}),
            json!({"all": [kind("eq", json!("x")), kind("not_in", json!(["x", "y"]))]}),
            json!({"all": [kind("eq", json!("x")), empty("kind")]}),
            json!({"all": [kind("contains", json!("x")), empty("kind")]}),
            json!({"all": [kind("contains", json!("x")), kind("not_contains", json!("x"))]}),
            json!({"all": [{"field": "amount", "op": "eq", "value": {"field": "total"}}, empty("amount")]}),
            empty("paid"),
            json!({"all": [{"field": "paid", "op": "ne", "value": true}, {"field": "paid", "op": "eq", "value": true}]}),
        ] {
            assert!(never(&dead), "{dead}");
        }
    }

    #[test]
    fn conditions_that_may_hold_are_left_alone() {
        for may in [
            json!({"all": []}),
            amount("gt", "5"),
            json!({"all": [amount("gte", "5"), amount("lte", "5")]}),
            json!({"all": [{"field": "lines.qty", "op": "gt", "value": 5}, {"field": "lines.qty", "op": "lt", "value": 3}]}),
            json!({"all": [{"field": "lines.qty", "op": "eq", "value": 5}, {"field": "lines.qty", "op": "ne", "value": 5}]}),
            kind("eq", json!("x")),
            // As texts these are two values.
            json!({"all": [kind("ne", json!("5")), kind("eq", json!("5.00"))]}),
            json!({"all": [kind("ne", json!("x")), empty("kind")]}),
            json!({"all": [{"not": amount("gt", "5")}, {"not": amount("lte", "5")}]}),
            json!({"all": [kind("contains", json!("x")), kind("contains", json!("y"))]}),
            json!({"all": [due("gte", "2026-03-01"), due("lt", "2026-03-02")]}),
            empty("steps.buy.outcome"),
        ] {
            assert!(!never(&may), "{may}");
        }
    }

    #[test]
    fn an_arm_behind_a_wider_one_is_covered() {
        let over = |earlier: Json, later: Json| over(&[earlier], later);
        assert!(over(amount("gte", "1000"), amount("gte", "5000")));
        assert!(over(amount("gte", "1000"), json!({"all": [amount("gt", "5000"), empty("b")]})));
        assert!(over(json!({"any": [amount("lt", "1"), amount("gt", "5")]}), amount("eq", "6")));
        assert!(over(json!({"all": []}), amount("eq", "6")));
        assert!(over(kind("eq", json!("x")), kind("eq", json!("x"))));
        assert!(over(kind("in", json!(["x", "y"])), kind("eq", json!("x"))));
        assert!(over(due("gte", "2026-01-01"), due("gt", "2026-06-30")));
        assert!(over(
            json!({"field": "lines.qty", "op": "gt", "value": 5}),
            json!({"field": "lines.qty", "op": "gt", "value": 5})
        ));
        assert!(!over(amount("gte", "5000"), amount("gte", "1000")));
        assert!(!over(amount("gt", "1000"), amount("gte", "1000")));
        assert!(!over(amount("gte", "1000"), json!({"field": "total", "op": "gte", "value": "5000"})));
        assert!(!over(json!({"all": [amount("gt", "1"), empty("b")]}), amount("gt", "2")));
        assert!(!over(kind("in", json!(["x", "y"])), kind("in", json!(["x", "z"]))));
    }

    #[test]
    fn a_subflow_has_ended_in_one_of_three_ways_or_not_yet() {
        let ended = |op: &str, value: Json| json!({"field": "steps.buy.outcome", "op": op, "value": value});
        let (any, open) = (amount("gt", "5"), empty("steps.buy.outcome"));
        let each = ["approved", "rejected", "terminated"].map(|outcome| ended("eq", json!(outcome)));
        assert!(over(&[ended("eq", json!("approved")), ended("ne", json!("approved"))], any.clone()));
        assert!(!over(&each, any.clone()), "the flow may not have come by it");
        assert!(over(&each, json!({"field": "steps.buy.outcome", "op": "not_empty"})));
        let all: Vec<Json> = each.iter().cloned().chain([open.clone()]).collect();
        assert!(over(&all, any.clone()));
        assert!(!over(&all[1..], any), "an approval is left");
        assert!(over(&[ended("in", json!(["approved", "rejected"]))], ended("eq", json!("rejected"))));
        assert!(!over(&each[..1], json!({"field": "steps.pay.outcome", "op": "eq", "value": "approved"})));
        assert!(never(&json!({"all": [each[0].clone(), each[1].clone()]})));
        assert!(never(
            &json!({"all": [ended("not_in", json!(["approved", "rejected", "terminated"])), {"not": open}]})
        ));
    }

    #[test]
    fn an_arm_that_earlier_ones_take_together_is_covered() {
        let paid = |value: bool| json!({"field": "paid", "op": "eq", "value": value});
        assert!(over(&[paid(true), paid(false)], amount("gt", "5")));
        assert!(!over(&[paid(true)], amount("gt", "5")));
        assert!(over(&[amount("lt", "5"), amount("gte", "5")], amount("eq", "7")));
        assert!(over(&[amount("lt", "5"), amount("gte", "5"), empty("amount")], amount("lte", "7")));
        // Of an empty amount neither holds.
        assert!(!over(&[amount("lt", "5"), amount("gte", "5")], kind("eq", json!("x"))));
        assert!(!over(&[amount("lt", "5"), amount("gte", "5")], amount("ne", "7")));
        assert!(over(&[kind("eq", json!("x")), kind("eq", json!("y"))], kind("in", json!(["y", "x"]))));
        assert!(over(&[empty("kind"), json!({"field": "kind", "op": "not_empty"})], amount("gt", "1")));
        let both = json!({"all": [amount("gt", "5"), kind("eq", json!("x"))]});
        assert!(over(
            &[amount("gt", "9"), json!({"all": [amount("lte", "9"), kind("eq", json!("x"))]})],
            both
        ));
    }
}
