//! What whoever runs a report has chosen.

use std::collections::BTreeMap;

use engine::condition::{Relative, Unit};
use engine::context::Context;
use engine::field::FieldKind;
use engine::report::{ParamRule, ReportDocument};
use engine::text::Fault;
use engine::value::{Date, Id, Value, format_date, parse_date, parse_month};
use serde_json::{Map, Value as Json, json};

use crate::service::Refusal;

const PERIOD: &str = "period";

/// The parameters in force.
#[derive(Clone, Debug, Default)]
pub struct Params {
    /// By the keys of the report; a period is a list of its first day and the day after its last.
    pub values: BTreeMap<String, Value>,
    /// The same as the wire has them.
    pub shown: Map<String, Json>,
}

impl Params {
    /// # Errors
    /// Faults of what was given: what the report does not know, what does not fit, what is missing.
    pub fn read(
        document: &ReportDocument,
        given: &Map<String, Json>,
        context: &Context,
    ) -> Result<Params, Refusal> {
        let mut params = Params::default();
        for rule in &document.params {
            let value = match rule.kind.as_str() {
                PERIOD => read_period(rule, given, context, &mut params.shown)?,
                _ => read_value(rule, given, &mut params.shown)?,
            };
            if rule.required && value.is_empty() {
                return Err(Refusal::fault(format!("params.{}", rule.key), "required"));
            }
            params.values.insert(rule.key.clone(), value);
        }
        let has_period = document.params.iter().any(|rule| rule.kind == PERIOD);
        let unknown = given.keys().find(|key| {
            let is_end = has_period && matches!(key.as_str(), "from" | "to");
            !is_end && !document.params.iter().any(|rule| rule.key == **key)
        });
        match unknown {
            None => Ok(params),
            Some(key) => {
                let fault = Fault::new(format!("params.{key}"), "unknown_member").arg("member", key);
                Err(Refusal::invalid(vec![fault]))
            }
        }
    }
}

fn read_value(
    rule: &ParamRule,
    given: &Map<String, Json>,
    shown: &mut Map<String, Json>,
) -> Result<Value, Refusal> {
    let Some(json) = given.get(&rule.key).filter(|json| !json.is_null()) else { return Ok(Value::Empty) };
    let at = format!("params.{}", rule.key);
    let value = if rule.kind == "link" {
        let id = json.as_str().and_then(|text| text.parse::<Id>().ok());
        Value::Ref(id.ok_or_else(|| Refusal::fault(at.as_str(), "not_an_id"))?)
    } else {
        let parsed = FieldKind::from_parts(&rule.kind, Json::Null).and_then(|kind| kind.parse(json));
        parsed.map_err(|fault| Refusal::invalid(vec![Fault { path: at, ..fault }]))?
    };
    shown.insert(rule.key.clone(), json.clone());
    Ok(value)
}

/// A period is given as `from` and `to` beside the other parameters, or under its key as `{from, to}`, as
/// `{relative, n}`, or as the name of a period: `2024`, `2024-Q1`, `2024-05`.
fn read_period(
    rule: &ParamRule,
    given: &Map<String, Json>,
    context: &Context,
    shown: &mut Map<String, Json>,
) -> Result<Value, Refusal> {
    let (from, to) = match given.get(&rule.key).filter(|json| !json.is_null()) {
        Some(own) => period_of(own, &format!("params.{}", rule.key), context)?,
        None => ends(given, "params")?,
    };
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        return Err(Refusal::fault("params.to", "out_of_range"));
    }
    if let Some(from) = from {
        shown.insert("from".to_string(), json!(format_date(from)));
    }
    if let Some(to) = to {
        shown.insert("to".to_string(), json!(format_date(Unit::Day.step(to, -1))));
    }
    let end = |day: Option<Date>| day.map_or(Value::Empty, Value::Date);
    match (from, to) {
        (None, None) => Ok(Value::Empty),
        (from, to) => Ok(Value::List(vec![end(from), end(to)])),
    }
}

/// The first day of a period and the day after its last.
pub type Ends = (Option<Date>, Option<Date>);

/// # Errors
/// `bad_period` for what names none.
pub fn period_of(json: &Json, at: &str, context: &Context) -> Result<Ends, Refusal> {
    match json {
        Json::String(name) => Ok((Some(day_first(at, name)?), Some(day_after_last(at, name)?))),
        Json::Object(members) if members.contains_key("relative") => {
            let days = relative_days(members, context).ok_or_else(|| Refusal::fault(at, "bad_period"))?;
            Ok((Some(days.0), Some(days.1)))
        }
        Json::Object(members) => ends(members, at),
        _ => Err(Refusal::fault(at, "bad_period")),
    }
}

fn ends(members: &Map<String, Json>, at: &str) -> Result<Ends, Refusal> {
    let text = |name: &str| match members.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(Refusal::fault(format!("{at}.{name}"), "bad_period")),
    };
    let from = text("from")?.map(|text| day_first(&format!("{at}.from"), text)).transpose()?;
    let to = text("to")?.map(|text| day_after_last(&format!("{at}.to"), text)).transpose()?;
    Ok((from, to))
}

fn relative_days(members: &Map<String, Json>, context: &Context) -> Option<(Date, Date)> {
    let relative: Relative = serde_json::from_value(members.get("relative")?.clone()).ok()?;
    let n = members.get("n").map_or(Some(1), Json::as_u64)?;
    Some(relative.range(context.today(), u32::try_from(n).ok()?))
}

/// The first day of what a text names: a day, month, quarter or year.
///
/// # Errors
/// `bad_period` for anything else.
pub fn day_first(at: &str, text: &str) -> Result<Date, Refusal> {
    named(text).map(|(day, _)| day).ok_or_else(|| Refusal::fault(at, "bad_period"))
}

/// The day after the last of what a text names.
///
/// # Errors
/// `bad_period` for anything else.
pub fn day_after_last(at: &str, text: &str) -> Result<Date, Refusal> {
    named(text).map(|(day, unit)| unit.step(day, 1)).ok_or_else(|| Refusal::fault(at, "bad_period"))
}

fn named(text: &str) -> Option<(Date, Unit)> {
    if let Some(day) = parse_date(text) {
        return Some((day, Unit::Day));
    }
    if let Some(month) = parse_month(text) {
        return Some((month, Unit::Month));
    }
    if let Some((year, quarter)) = text.split_once("-Q") {
        let quarter: u8 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
        return Some((parse_month(&format!("{year}-{:02}", quarter * 3 - 2))?, Unit::Quarter));
    }
    Some((parse_month(&format!("{text}-01"))?, Unit::Year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_by_their_names() {
        for (text, first, after) in [
            ("2024", "2024-01-01", "2025-01-01"),
            ("2024-Q4", "2024-10-01", "2025-01-01"),
            ("2024-02", "2024-02-01", "2024-03-01"),
            ("2024-02-29", "2024-02-29", "2024-03-01"),
        ] {
            assert_eq!(format_date(day_first("", text).unwrap()), first);
            assert_eq!(format_date(day_after_last("", text).unwrap()), after);
        }
        for text in ["", "24", "2024-Q5", "2024-13", "yesterday"] {
            assert!(day_first("", text).is_err(), "{text}");
        }
    }
}
