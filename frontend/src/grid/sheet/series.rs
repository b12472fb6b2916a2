//! What stands in the cells that one fills by dragging: the same again, or numbers and days that go on as they began.

use engine::value::{Date, Decimal, Value};
use jiff::Span;

/// The value of the cell `place` behind these, the first of them being 0. Nothing where there are none to go on from.
pub fn continued(values: &[Value], place: usize) -> Option<Value> {
    stepped(values, place).or_else(|| values.get(place.checked_rem(values.len())?).cloned())
}

/// The next of numbers or days that stand equally far apart.
fn stepped(values: &[Value], place: usize) -> Option<Value> {
    let (first, second) = (values.first()?, values.get(1)?);
    let steps = i64::try_from(values.len() + place).ok()?;
    match (first, second) {
        (Value::Number(first), Value::Number(second)) => {
            let step = second.checked_sub(*first)?;
            let at = |steps: i64| first.checked_add(step.checked_mul(Decimal::from(steps))?);
            let is_series = values.iter().zip(0i64..).all(|(value, place)| value.as_number() == at(place));
            if is_series { at(steps).map(Value::Number) } else { None }
        }
        (Value::Date(first), Value::Date(second)) => {
            let step = days_between(*first, *second);
            let at =
                |steps: i64| first.checked_add(Span::new().try_days(step.checked_mul(steps)?).ok()?).ok();
            let is_series = values.iter().zip(0i64..).all(|(value, place)| value.as_date() == at(place));
            if is_series { at(steps).map(Value::Date) } else { None }
        }
        _ => None,
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(numbers: &[i64]) -> Vec<Value> {
        numbers.iter().map(|number| Value::number(*number)).collect()
    }

    fn next(values: &[Value], count: usize) -> Vec<Value> {
        (0..count).filter_map(|place| continued(values, place)).collect()
    }

    #[test]
    fn one_value_is_repeated_and_several_in_turn() {
        assert_eq!(next(&numbers(&[7]), 2), numbers(&[7, 7]));
        let texts = ["a", "b"].map(Value::text);
        assert_eq!(next(&texts, 3), ["a", "b", "a"].map(Value::text));
        assert!(next(&[], 2).is_empty());
        assert_eq!(
            next(&[Value::Empty, Value::text("x")], 3),
            [Value::Empty, Value::text("x"), Value::Empty]
        );
    }

    #[test]
    fn numbers_and_days_go_on_as_they_began() {
        assert_eq!(next(&numbers(&[1, 2]), 3), numbers(&[3, 4, 5]));
        assert_eq!(next(&numbers(&[10, 7, 4]), 2), numbers(&[1, -2]));
        // These stand not equally far apart.
        assert_eq!(next(&numbers(&[1, 2, 4]), 2), numbers(&[1, 2]));
        let day = |text: &str| Value::Date(text.parse().unwrap());
        let weekly = [day("2026-11-02"), day("2026-11-09")];
        assert_eq!(next(&weekly, 2), [day("2026-11-16"), day("2026-11-23")]);
        assert_eq!(next(&[day("2026-11-02")], 1), [day("2026-11-02")]);
    }
}
