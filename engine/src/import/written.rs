//! How a value stands in a cell, so that whoever reads the cell gets the value again.

use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::cell::value_of;
use crate::field::{FieldKind, Shape};
use crate::text::Language;
use crate::value::{
    Date, Decimal, Id, Time, Timestamp, Value, format_date, format_month, format_time, format_timestamp,
};

/// What stands between several values in one cell.
const BETWEEN: &str = "; ";

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    Blank,
    Text(String),
    /// With so many digits behind the point.
    Number(Decimal, u32),
    /// In hundredths: 15.5 is 15.5 %.
    Percent(Decimal, u32),
    Date(Date),
    /// In the time zone of the table.
    Moment(Date, Time),
    Time(Time),
    Bool(bool),
}

/// How a table is written.
pub struct Writing<'a> {
    pub language: Language,
    /// The zone of its moments.
    pub zone: &'a TimeZone,
    /// Whether choices and what is linked have their names, and not their keys and ids.
    pub labels: bool,
    /// The name of a record, a person or a file, where who reads the table may know it.
    pub name: &'a dyn Fn(Id) -> Option<String>,
}

impl Written {
    /// The cell of a value of this kind.
    pub fn new(kind: &FieldKind, value: &Value, writing: &Writing<'_>) -> Written {
        match value {
            Value::Empty => Written::Blank,
            Value::Bool(on) => Written::Bool(*on),
            Value::Number(number) => numeric(kind, *number),
            Value::Date(date) if is_month(kind) => Written::Text(format_month(*date)),
            Value::Date(date) => Written::Date(*date),
            Value::DateTime(instant) => moment(*instant, writing.zone),
            Value::Time(time) => Written::Time(*time),
            Value::Error(error) => Written::Text(error.code().to_string()),
            Value::Ref(id) => Written::Text(name_of(*id, writing)),
            Value::List(items) if items.iter().any(|item| item.as_ref_id().is_some()) => {
                let names = items.iter().filter_map(Value::as_ref_id).map(|id| name_of(id, writing));
                Written::Text(names.collect::<Vec<_>>().join(BETWEEN))
            }
            Value::Text(text) if matches!(kind.shape(), Shape::Text | Shape::LongText) => {
                Written::Text(if reads_as(kind, text, value, writing) {
                    text.clone()
                } else {
                    told(kind, value, writing)
                })
            }
            Value::Text(_) | Value::List(_) | Value::Rows(_) => Written::Text(told(kind, value, writing)),
        }
    }

    /// The cell as text, for tables that hold nothing else.
    pub fn text(&self, language: Language) -> String {
        match self {
            Written::Blank => String::new(),
            Written::Text(text) => text.clone(),
            Written::Number(number, scale) => crate::value::to_fixed(*number, *scale),
            Written::Percent(number, scale) => format!("{}%", crate::value::to_fixed(*number, *scale)),
            Written::Date(date) => format_date(*date),
            Written::Moment(date, time) => {
                format!("{} {:02}:{:02}:{:02}", format_date(*date), time.hour(), time.minute(), time.second())
            }
            Written::Time(time) => format_time(*time),
            Written::Bool(on) => FieldKind::Switch(Default::default()).display(&Value::Bool(*on), language),
        }
    }

    /// Whether it is text that somebody entered, and not a number or a day.
    pub fn is_text(&self) -> bool {
        matches!(self, Written::Text(_))
    }
}

fn numeric(kind: &FieldKind, number: Decimal) -> Written {
    let scale = match kind.shape() {
        Shape::Decimal(scale) => scale,
        _ => number.normalize().scale(),
    };
    // A computed number shows the digits that its formula says, or those that it has.
    let scale = match kind {
        FieldKind::Formula(_) => {
            let shown = kind.display(&Value::Number(number), Language::En);
            shown.split_once('.').map_or(0, |(_, digits)| digits.len() as u32)
        }
        _ => scale,
    };
    match kind {
        FieldKind::Percent(_) => Written::Percent(number, scale),
        _ => Written::Number(number, scale),
    }
}

fn is_month(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Month(_))
}

/// A moment by the clock of the zone, where that says it all: not in the hour that a clock shows twice, nor between
/// seconds.
fn moment(instant: Timestamp, zone: &TimeZone) -> Written {
    let local = instant.to_zoned_datetime(zone.clone());
    let (date, time) = (local.date(), local.time());
    let whole = time.subsec_nanosecond() == 0;
    let back = local.datetime().to_zoned_datetime(zone.clone());
    let is_plain = (1900..=9999).contains(&date.year()) && back.is_ok_and(|back| back.timestamp() == instant);
    if whole && is_plain { Written::Moment(date, time) } else { Written::Text(format_timestamp(instant)) }
}

fn name_of(id: Id, writing: &Writing<'_>) -> String {
    let name = writing.labels.then(|| (writing.name)(id)).flatten();
    name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| id.to_string())
}

/// The first of its names by which the value is found again: as people read it, as a key, as JSON.
fn told(kind: &FieldKind, value: &Value, writing: &Writing<'_>) -> String {
    let shown = kind.display(value, writing.language);
    // Of many, each may be found by its own name though all together are not.
    let each = || -> Option<String> {
        let items = value.items().iter().map(|item| {
            let one = Value::List(vec![item.clone()]);
            let shown = kind.display(&one, writing.language);
            let key = item.as_text().unwrap_or_default().to_string();
            if writing.labels && reads_as(kind, &shown, &one, writing) { shown } else { key }
        });
        matches!(value, Value::List(_)).then(|| items.collect::<Vec<_>>().join(BETWEEN))
    };
    let json = kind.to_json(value);
    let plain = json.as_str().map(str::to_string);
    let as_cell = kind.cell_text(value, writing.language);
    let mut ways = match writing.labels {
        true => [Some(shown.clone()), Some(as_cell), plain, each()],
        false => [plain, each(), Some(as_cell), None],
    };
    let found =
        ways.iter_mut().find_map(|way| way.take().filter(|text| reads_as(kind, text, value, writing)));
    found.unwrap_or_else(|| match &json {
        // What nobody can enter is for reading alone.
        _ if !kind.is_input() => shown,
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        json => json.to_string(),
    })
}

fn reads_as(kind: &FieldKind, cell: &str, value: &Value, writing: &Writing<'_>) -> bool {
    value_of(kind, cell, writing.zone).as_ref() == Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kind(name: &str, options: Json) -> FieldKind {
        FieldKind::from_parts(name, options).unwrap()
    }

    fn cell(kind: &FieldKind, json: Json, labels: bool) -> Written {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let writing = Writing { language: Language::En, zone: &zone, labels, name: &|_| Some("Ada".into()) };
        Written::new(kind, &kind.parse_wire(&json).unwrap(), &writing)
    }

    #[test]
    fn cells_keep_the_type_of_their_values() {
        let number = kind("number", json!({"scale": 2}));
        assert_eq!(cell(&number, json!("1234.5"), true).text(Language::En), "1234.50");
        assert_eq!(
            cell(&kind("percent", json!({"scale": 1})), json!("15.5"), true).text(Language::En),
            "15.5%"
        );
        let at = kind("datetime", Json::Null);
        assert_eq!(cell(&at, json!("2024-09-09T00:30:00Z"), true).text(Language::En), "2024-09-09 08:30:00");
        assert_eq!(
            cell(&at, json!("2024-09-09T00:30:00.25Z"), true),
            Written::Text("2024-09-09T00:30:00.25Z".into())
        );
        assert_eq!(cell(&kind("month", Json::Null), json!("2024-09"), true), Written::Text("2024-09".into()));
        assert_eq!(cell(&kind("switch", Json::Null), json!(true), true).text(Language::ZhTw), "是");
        let member = kind("member", Json::Null);
        assert_eq!(cell(&member, json!("000000000000b"), true), Written::Text("Ada".into()));
        assert_eq!(cell(&member, json!("000000000000b"), false), Written::Text("000000000000b".into()));
    }

    #[test]
    fn the_hour_that_a_clock_shows_twice_is_told_exactly() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let at = |text: &str| moment(text.parse().unwrap(), &zone);
        assert_eq!(at("2024-11-03T06:30:00Z"), Written::Text("2024-11-03T06:30:00Z".into()));
        assert!(matches!(at("2024-11-03T05:30:00Z"), Written::Moment(..)));
    }

    #[test]
    fn choices_have_the_name_by_which_they_are_found_again() {
        let choices = json!([
            {"key": "a", "label": "A, or so"}, {"key": "b", "label": "B"}, {"key": "c", "label": "a"}]);
        let one = kind("select", json!({"choices": choices}));
        assert_eq!(cell(&one, json!("b"), true), Written::Text("B".into()));
        assert_eq!(cell(&one, json!("b"), false), Written::Text("b".into()));
        assert_eq!(cell(&one, json!("c"), true), Written::Text("c".into()), "its name is the key of another");
        let many = kind("multi_select", json!({"choices": choices}));
        for keys in [json!(["a"]), json!(["a", "b"]), json!(["a", "b", "c"])] {
            let Written::Text(text) = cell(&many, keys.clone(), true) else { panic!("{keys}") };
            let read = value_of(&many, &text, &TimeZone::UTC).unwrap();
            assert_eq!(many.to_json(&read), keys, "{text}");
        }
    }
}
