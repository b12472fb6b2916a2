//! Days on the screen: on which a value lies for its reader, and the same value some days further.

use engine::condition::{Condition, Operator, Test};
use engine::field::{FieldKind, Shape};
use engine::value::{Date, Value, format_date, format_timestamp};
use jiff::ToSpan;
use serde_json::Value as Json;

use crate::i18n;

/// The day of a date; of a moment the day on which it is for its reader.
pub fn day_of(value: &Value) -> Option<Date> {
    match value {
        Value::Date(day) => Some(*day),
        Value::DateTime(moment) => Some(moment.to_zoned_datetime(i18n::zone()).date()),
        _ => None,
    }
}

/// The value so many days further, as it is written; a moment stays at its time of day. Nothing for what is no day, and
/// beyond the ends of the calendar.
pub fn shifted(value: &Value, days: i64) -> Option<Json> {
    match value {
        Value::Date(day) => Some(format_date(day.checked_add(days.days()).ok()?).into()),
        Value::DateTime(moment) => {
            let later = moment.to_zoned_datetime(i18n::zone()).checked_add(days.days()).ok()?;
            Some(format_timestamp(later.timestamp()).into())
        }
        _ => None,
    }
}

/// So many days later.
pub fn later(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

/// How many days lie between two.
pub fn between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// The Monday of a day's week.
pub fn monday(day: Date) -> Date {
    later(day, -i64::from(day.weekday().to_monday_zero_offset()))
}

/// The days of the weeks that a month touches, six weeks always.
pub fn month_days(day: Date) -> Vec<Date> {
    let first = monday(day.first_of_month());
    (0..42).map(|n| later(first, n)).collect()
}

/// The beginning of a day as a field of this kind is compared with it.
fn beginning(kind: &FieldKind, day: Date) -> Option<Json> {
    match kind.shape() {
        Shape::Day => Some(format_date(day).into()),
        Shape::Instant => {
            let moment = day.to_zoned_datetime(i18n::zone()).ok()?.timestamp();
            Some(format_timestamp(moment).into())
        }
        _ => None,
    }
}

/// The records that lie on some day of `from..to`, by their beginning and, where it has one, their end.
pub fn condition(start: (&str, &FieldKind), end: Option<&str>, from: Date, to: Date) -> Option<Condition> {
    let (field, kind) = start;
    let (first, after) = (beginning(kind, from)?, beginning(kind, to)?);
    let at_least = |field: &str| Condition::test(field, Operator::Gte, first.clone());
    let begins = Condition::test(field, Operator::Lt, after);
    let Some(end) = end else { return Some(Condition::All(vec![begins, at_least(field)])) };
    // Without an end it lasts the day on which it begins.
    let open = Test { field: end.to_string(), op: Operator::IsEmpty, value: None, matching: None };
    let without_end = Condition::All(vec![Condition::Test(open), at_least(field)]);
    Some(Condition::All(vec![begins, Condition::Any(vec![at_least(end), without_end])]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_is_moved_by_days_and_keeps_its_time() {
        i18n::read_moments_in(Some("Europe/Berlin"));
        let moment = Value::DateTime("2026-03-28T22:30:00Z".parse().unwrap());
        assert_eq!(day_of(&moment), Some(day("2026-03-28")));
        // The clocks go forward in between.
        assert_eq!(shifted(&moment, 1), Some(json!("2026-03-29T21:30:00Z")));
        assert_eq!(shifted(&Value::Date(day("2024-02-28")), 1), Some(json!("2024-02-29")));
        assert_eq!(shifted(&Value::Empty, 1), None);
        i18n::read_moments_in(None);
    }

    #[test]
    fn a_month_is_six_weeks_from_a_monday() {
        let days = month_days(day("2026-11-18"));
        assert_eq!((days.len(), days[0], days[41]), (42, day("2026-10-26"), day("2026-12-06")));
        assert_eq!(between(days[0], days[41]), 41);
        assert_eq!(monday(day("2026-11-22")), day("2026-11-16"));
    }

    #[test]
    fn what_lasts_is_found_on_each_of_its_days() {
        let date = FieldKind::from_parts("date", json!({})).unwrap();
        let (from, to) = (day("2026-11-02"), day("2026-11-09"));
        let lies = |end| serde_json::to_value(condition(("begins", &date), end, from, to).unwrap()).unwrap();
        let begins = json!({"field": "begins", "op": "lt", "value": "2026-11-09"});
        let after = |field: &str| json!({"field": field, "op": "gte", "value": "2026-11-02"});
        assert_eq!(lies(None), json!({"all": [begins, after("begins")]}));
        let without = json!({"all": [{"field": "ends", "op": "is_empty"}, after("begins")]});
        assert_eq!(lies(Some("ends")), json!({"all": [begins, {"any": [after("ends"), without]}]}));
    }
}
