//! What rows are gathered by: which fields serve, what a group is called, and which records are in it.

use engine::aggregate::GroupBy;
use engine::condition::{Condition, Operator, Test, Unit};
use engine::field::{FieldKind, Reference, Shape};
use engine::form::Form;
use engine::value::{Date, Value, format_date, format_timestamp, parse_date, parse_month};
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::super::column::GridColumn;
use crate::fill::{Titles, choices};
use crate::ui::Choice;
use crate::{i18n, text};

/// Whether rows can be gathered by a field of this kind: it has one value in each, of which several have the same.
fn gathers(kind: &FieldKind) -> bool {
    match kind.shape() {
        Shape::Bool | Shape::Key | Shape::Day | Shape::Instant | Shape::Text => true,
        Shape::Ref => kind.reference() != Some(Reference::File),
        _ => false,
    }
}

/// The fields that rows can be gathered by.
pub fn offered(form: &Form, has_flow: bool) -> Vec<Choice> {
    let own =
        form.fields().filter(|column| column.shape != Shape::Nothing).map(|column| column.path.as_str());
    let system = ["$owner", "$created_by", "$created_at", "$flow_state"].into_iter();
    let all = own.chain(system.filter(|key| has_flow || *key != "$flow_state"));
    all.filter_map(|key| {
        let column = GridColumn::of(form, key)?;
        gathers(&column.kind).then(|| Choice::new(key, column.label))
    })
    .collect()
}

/// Whether a field is gathered by months and the like, and not by each of its values.
pub fn has_units(kind: &FieldKind) -> bool {
    matches!(kind.shape(), Shape::Day | Shape::Instant)
}

/// The first day of a period by its name: `2026`, `2026-Q4`, `2026-11`, `2026-W47`, `2026-11-22`.
fn first_day(unit: Unit, name: &str) -> Option<Date> {
    let year = || name.get(..4)?.parse::<i16>().ok();
    match unit {
        Unit::Year => Date::new(year()?, 1, 1).ok(),
        Unit::Quarter => {
            let quarter: i8 = name.get(6..)?.parse().ok()?;
            Date::new(year()?, quarter.checked_mul(3)?.checked_sub(2)?, 1).ok()
        }
        Unit::Month => parse_month(name),
        Unit::Week => {
            let week: i64 = name.get(6..)?.parse().ok()?;
            // The fourth of January lies in the first week.
            let first = Unit::Week.start(Date::new(year()?, 1, 4).ok()?);
            Some(Unit::Week.step(first, week - 1))
        }
        Unit::Day => parse_date(name),
    }
}

/// The records of a group. Days of moments are those of the zone in which the workspace counts.
pub fn condition(by: &GroupBy, kind: &FieldKind, value: &Json, zone: &TimeZone) -> Option<Condition> {
    let field = by.field.as_str();
    match (value, by.unit) {
        (Json::Null, _) => Some(Condition::Test(Test {
            field: field.to_string(),
            op: Operator::IsEmpty,
            value: None,
            matching: None,
        })),
        // What was never switched is off.
        (Json::Bool(false), _) => Some(Condition::Not(Box::new(Condition::test(field, Operator::Eq, true)))),
        (value, None) => Some(Condition::test(field, Operator::Eq, value.clone())),
        (value, Some(unit)) => {
            let first = first_day(unit, value.as_str()?)?;
            let written = |day: Date| match kind.shape() {
                Shape::Instant => {
                    let moment = day.to_zoned_datetime(zone.clone()).ok()?.timestamp();
                    Some(format_timestamp(moment))
                }
                _ => Some(format_date(day)),
            };
            let from = Condition::test(field, Operator::Gte, written(first)?);
            let to = Condition::test(field, Operator::Lt, written(unit.step(first, 1))?);
            Some(Condition::All(vec![from, to]))
        }
    }
}

/// What a group is called: a choice by its chip, somebody by their name, a period by its own.
pub fn called(kind: &FieldKind, value: &Json, titles: Titles) -> Choice {
    let plain = |label: String| Choice::new(String::new(), label);
    if value.is_null() {
        return plain(text!("board-empty"));
    }
    if let Json::Bool(on) = value {
        return plain(if *on { text!("board-on") } else { text!("board-off") });
    }
    let key = value.as_str().map_or_else(|| value.to_string(), str::to_string);
    if let Value::Ref(id) = kind.read(value) {
        return plain(titles.of(id));
    }
    let known = choices(kind, i18n::language()).into_iter().find(|choice| choice.key == key);
    known.unwrap_or_else(|| plain(key))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_period_begins_where_its_name_says() {
        let days = ["2026-11-22", "2026-01-01", "2024-12-30", "2021-01-03"];
        for day in days {
            let day = parse_date(day).unwrap();
            for unit in [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Year] {
                let name = unit.name(day);
                assert_eq!(first_day(unit, &name), Some(unit.start(day)), "{name}");
            }
        }
        assert_eq!(first_day(Unit::Quarter, "2026-Q9"), None);
        assert_eq!(first_day(Unit::Month, "soon"), None);
    }

    #[test]
    fn a_group_is_the_records_with_its_value() {
        let of = |kind: &str, unit: Option<Unit>, value: Json| {
            let kind = FieldKind::from_parts(kind, json!({})).unwrap();
            let by = GroupBy { field: "f".to_string(), unit };
            let zone = TimeZone::get("Asia/Shanghai").unwrap();
            serde_json::to_value(condition(&by, &kind, &value, &zone)).unwrap()
        };
        assert_eq!(of("text", None, json!("a")), json!({"field": "f", "op": "eq", "value": "a"}));
        assert_eq!(of("date", Some(Unit::Month), json!(null)), json!({"field": "f", "op": "is_empty"}));
        assert_eq!(
            of("date", Some(Unit::Month), json!("2026-11")),
            json!({"all": [{"field": "f", "op": "gte", "value": "2026-11-01"}, {"field": "f", "op": "lt", "value": "2026-12-01"}]})
        );
        let day = of("datetime", Some(Unit::Day), json!("2026-11-22"));
        assert_eq!(day["all"][0]["value"], "2026-11-21T16:00:00Z");
    }
}
