//! Which conditions can't hold, by themselves or because an earlier arm takes every record for which they do.
//!
//! This finds what people get wrong (the same condition twice, `amount >= 1000` before `amount >= 5000`,
//! `amount > 5 and amount < 3`), not every contradiction there is.

use serde_json::Value as Json;

use crate::condition::{Condition, Operand, Operator, Test};
use crate::value::{Decimal, parse_decimal};

/// The conditions of the arms before.
#[derive(Default)]
pub(super) struct Covered<'c> {
    earlier: Vec<&'c Condition>,
}

impl<'c> Covered<'c> {
    pub fn add(&mut self, condition: &'c Condition) {
        self.earlier.push(condition);
    }

    /// Whether an earlier arm takes every record for which `condition` holds.
    pub fn covers(&self, condition: &Condition) -> bool {
        self.earlier.iter().any(|earlier| implies(condition, earlier))
    }

    /// Whether `condition` holds for no record.
    pub fn never(condition: &Condition) -> bool {
        constant(condition) == Some(false)
    }
}

/// The outcome of a condition that does not depend on the record.
fn constant(condition: &Condition) -> Option<bool> {
    match condition {
        Condition::All(parts) => {
            let outcomes: Vec<Option<bool>> = parts.iter().map(constant).collect();
            if outcomes.contains(&Some(false)) || contradict(parts) {
                Some(false)
            } else {
                outcomes.iter().all(|outcome| *outcome == Some(true)).then_some(true)
            }
        }
        Condition::Any(parts) => {
            let outcomes: Vec<Option<bool>> = parts.iter().map(constant).collect();
            if outcomes.contains(&Some(true)) {
                Some(true)
            } else {
                outcomes.iter().all(|outcome| *outcome == Some(false)).then_some(false)
            }
        }
        Condition::Not(part) => constant(part).map(|outcome| !outcome),
        Condition::Test(test) => {
            let is_empty_list =
                matches!(&test.value, Some(Operand::Literal(Json::Array(items))) if items.is_empty());
            let is_empty_range = range(test).is_some_and(|range| range.is_empty());
            ((is_empty_list && test.op == Operator::In) || is_empty_range).then_some(false)
        }
    }
}

/// Whether two parts that must both hold name ranges without a common value.
fn contradict(parts: &[Condition]) -> bool {
    let ranges: Vec<(&str, Range)> = parts.iter().filter_map(ranged).collect();
    ranges.iter().enumerate().any(|(place, (field, range))| {
        ranges.iter().take(place).any(|(other, earlier)| other == field && range.within(*earlier).is_empty())
    })
}

/// Whether `earlier` holds wherever `condition` does.
fn implies(condition: &Condition, earlier: &Condition) -> bool {
    if condition == earlier || constant(earlier) == Some(true) {
        return true;
    }
    if let (Some((field, range)), Some((other, wider))) = (ranged(condition), ranged(earlier)) {
        return field == other && wider.contains(range);
    }
    match (condition, earlier) {
        // All parts of the earlier one hold, or one part of it does.
        (_, Condition::All(parts)) => parts.iter().all(|part| implies(condition, part)),
        (Condition::Any(parts), _) => parts.iter().all(|part| implies(part, earlier)),
        (_, Condition::Any(parts)) => parts.iter().any(|part| implies(condition, part)),
        (Condition::All(parts), _) => parts.iter().any(|part| implies(part, earlier)),
        (Condition::Not(_) | Condition::Test(_), Condition::Not(_) | Condition::Test(_)) => false,
    }
}

fn ranged(condition: &Condition) -> Option<(&str, Range)> {
    match condition {
        Condition::Test(test) => range(test).map(|range| (test.field.as_str(), range)),
        Condition::All(_) | Condition::Any(_) | Condition::Not(_) => None,
    }
}

/// Numbers between two ends, each with whether it belongs to the range itself.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Range {
    low: Option<(Decimal, bool)>,
    high: Option<(Decimal, bool)>,
}

/// The numbers for which a test on a field of the record itself holds.
fn range(test: &Test) -> Option<Range> {
    // A column has many values: two tests on it may hold by different rows.
    if test.field.contains('.') || test.matching.is_some() {
        return None;
    }
    let Some(Operand::Literal(literal)) = &test.value else { return None };
    let end = |closed| Some((number(literal)?, closed));
    Some(match test.op {
        Operator::Eq => Range { low: Some(end(true)?), high: Some(end(true)?) },
        Operator::Gt => Range { low: Some(end(false)?), high: None },
        Operator::Gte => Range { low: Some(end(true)?), high: None },
        Operator::Lt => Range { low: None, high: Some(end(false)?) },
        Operator::Lte => Range { low: None, high: Some(end(true)?) },
        Operator::Between => match literal.as_array().map(Vec::as_slice) {
            Some([low, high]) => Range { low: Some((number(low)?, true)), high: Some((number(high)?, true)) },
            _ => return None,
        },
        Operator::Ne
        | Operator::In
        | Operator::NotIn
        | Operator::Contains
        | Operator::NotContains
        | Operator::StartsWith
        | Operator::EndsWith
        | Operator::IsEmpty
        | Operator::NotEmpty
        | Operator::HasAny
        | Operator::HasAll
        | Operator::HasNone
        | Operator::Within => return None,
    })
}

fn number(json: &Json) -> Option<Decimal> {
    match json {
        Json::Number(number) => parse_decimal(&number.to_string()).ok(),
        // Text that looks like a number may be a number or the key of a choice; both compare alike for equality,
        // and choices have no greater and smaller.
        Json::String(text) => parse_decimal(text).ok(),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

impl Range {
    fn is_empty(self) -> bool {
        match (self.low, self.high) {
            (Some((low, low_in)), Some((high, high_in))) => {
                low > high || (low == high && !(low_in && high_in))
            }
            (None, _) | (_, None) => false,
        }
    }

    /// What lies in both.
    fn within(self, other: Range) -> Range {
        let low = match (self.low, other.low) {
            (Some(a), Some(b)) => Some(if (a.0, !a.1) >= (b.0, !b.1) { a } else { b }),
            (a, b) => a.or(b),
        };
        let high = match (self.high, other.high) {
            (Some(a), Some(b)) => Some(if (a.0, a.1) <= (b.0, b.1) { a } else { b }),
            (a, b) => a.or(b),
        };
        Range { low, high }
    }

    fn contains(self, inner: Range) -> bool {
        self.within(inner) == inner
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn condition(json: Json) -> Condition {
        serde_json::from_value(json).unwrap()
    }

    fn amount(op: &str, value: &str) -> Json {
        json!({"field": "amount", "op": op, "value": value})
    }

    #[test]
    fn conditions_that_hold_for_no_record_are_found() {
        for never in [
            json!({"any": []}),
            json!({"not": {"all": []}}),
            json!({"all": [{"field": "a", "op": "is_empty"}, {"any": []}]}),
            json!({"field": "a", "op": "in", "value": []}),
            json!({"all": [amount("gt", "5"), amount("lt", "3")]}),
            json!({"all": [amount("gt", "5"), amount("lte", "5.00")]}),
            json!({"all": [amount("eq", "5"), amount("eq", "6")]}),
            json!({"field": "amount", "op": "between", "value": [9, 8]}),
        ] {
            assert!(Covered::never(&condition(never.clone())), "{never}");
        }
    }

    #[test]
    fn conditions_that_may_hold_are_left_alone() {
        for may in [
            json!({"all": []}),
            amount("gt", "5"),
            json!({"all": [amount("gte", "5"), amount("lte", "5")]}),
            json!({"all": [{"field": "lines.qty", "op": "gt", "value": 5}, {"field": "lines.qty", "op": "lt", "value": 3}]}),
            json!({"field": "kind", "op": "eq", "value": "x"}),
        ] {
            assert!(!Covered::never(&condition(may.clone())), "{may}");
        }
    }

    #[test]
    fn an_arm_behind_a_wider_one_is_covered() {
        let over = |earlier: Json, later: Json| {
            let (earlier, later) = (condition(earlier), condition(later));
            let mut covered = Covered::default();
            covered.add(&earlier);
            covered.covers(&later)
        };
        assert!(over(amount("gte", "1000"), amount("gte", "5000")));
        assert!(over(
            amount("gte", "1000"),
            json!({"all": [amount("gt", "5000"), {"field": "b", "op": "is_empty"}]})
        ));
        assert!(over(json!({"any": [amount("lt", "1"), amount("gt", "5")]}), amount("eq", "6")));
        assert!(over(json!({"all": []}), amount("eq", "6")));
        assert!(over(
            json!({"field": "k", "op": "eq", "value": "x"}),
            json!({"field": "k", "op": "eq", "value": "x"})
        ));
        assert!(!over(amount("gte", "5000"), amount("gte", "1000")));
        assert!(!over(amount("gt", "1000"), amount("gte", "1000")));
        assert!(!over(amount("gte", "1000"), json!({"field": "other", "op": "gte", "value": "5000"})));
        assert!(!over(
            json!({"all": [amount("gt", "1"), {"field": "b", "op": "is_empty"}]}),
            amount("gt", "2")
        ));
    }
}
