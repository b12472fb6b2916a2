//! `serial`: a number given on the server in the committing transaction: gap-free, never reused.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::text::{parse_line, text_json};
use super::{Kind, Operator, Shape, text_order};
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::{Date, Value};

/// Digits of a count that are read at most.
const MOST_DIGITS: usize = 15;

/// Ways in which one number is read at most, and parts of it that are looked at for that.
const MOST_READINGS: usize = 64;
const MOST_STEPS: usize = 10_000;

/// The options of a serial number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Serial {
    pub parts: Vec<SerialPart>,
}

/// One part of a serial number: exactly one member is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SerialPart {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A date format of `%Y %y %m %d`, of the day of commit in the workspace's zone; of a demo record, of its own day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// For a field part: whether each value counts for itself.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub scope: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counter: Option<Counter>,
}

/// The counting part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counter {
    /// At least so many digits.
    pub width: u32,
    #[serde(default)]
    pub reset: ResetPeriod,
}

/// When a counter starts again at 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetPeriod {
    #[default]
    Never,
    Day,
    Month,
    Year,
}

impl Serial {
    /// The one counter; publishing refuses none or several.
    pub fn counter(&self) -> Option<&Counter> {
        self.parts.iter().find_map(|part| part.counter.as_ref())
    }

    /// The period that a count belongs to on `day`, as text: empty without a reset.
    pub fn period(&self, day: Date) -> String {
        match self.counter().map_or(ResetPeriod::Never, |counter| counter.reset) {
            ResetPeriod::Never => String::new(),
            ResetPeriod::Year => format!("{:04}", day.year()),
            ResetPeriod::Month => format!("{:04}{:02}", day.year(), day.month()),
            ResetPeriod::Day => format!("{:04}{:02}{:02}", day.year(), day.month(), day.day()),
        }
    }

    /// The number's text. `field` gives the text of a field part.
    pub fn render(&self, count: u64, day: Date, field: impl Fn(&str) -> String) -> String {
        self.parts
            .iter()
            .map(|part| {
                if let Some(text) = &part.text {
                    text.clone()
                } else if let Some(format) = &part.date {
                    date_text(format, day)
                } else if let Some(key) = &part.field {
                    field(key)
                } else {
                    let width = part.counter.as_ref().map_or(1, |counter| counter.width as usize);
                    format!("{count:0width$}")
                }
            })
            .collect()
    }

    /// The count in a number that was given elsewhere, with the period that it belongs to; `None` for a text that this
    /// form would not give to a record with these fields. What the text does not say of its day is taken from `today`.
    pub fn count_in(&self, text: &str, today: Date, field: impl Fn(&str) -> String) -> Option<(String, u64)> {
        let place = self.parts.iter().position(|part| part.counter.is_some())?;
        let width = self.parts.get(place)?.counter.as_ref()?.width as usize;
        let mut day = DayRead::default();
        let mut count = text;
        // Every part but the counter has one length: what is left between them is the count.
        for part in self.parts.get(..place)? {
            let (piece, rest) = count.split_at_checked(part.text(today, &field).len())?;
            part.check(piece, &mut day, &field)?;
            count = rest;
        }
        for part in self.parts.get(place + 1..)?.iter().rev() {
            let start = count.len().checked_sub(part.text(today, &field).len())?;
            let (rest, piece) = count.split_at_checked(start)?;
            part.check(piece, &mut day, &field)?;
            count = rest;
        }
        let is_padded = count.len() > width && count.starts_with('0');
        let is_count = (width..=MOST_DIGITS).contains(&count.len())
            && count.bytes().all(|byte| byte.is_ascii_digit())
            && !is_padded;
        let number = count.parse().ok().filter(|_| is_count)?;
        Some((self.period(day.on(today)?), number))
    }

    /// The counts that a number may stand for that does not fit the fields of its record: they may have been others when it
    /// was given. Each with its period and with what the fields said that have counters of their own; several where it
    /// can be read in several ways.
    pub fn counts_elsewhere(&self, text: &str, today: Date) -> Vec<(String, Vec<String>, u64)> {
        let mut readings = Readings { today, steps: MOST_STEPS, found: Vec::new() };
        readings.go_on(&self.parts, text, &Reading::default());
        let counts = readings.found.into_iter().filter_map(|reading| {
            Some((self.period(reading.day.on(today)?), reading.scopes, reading.count?))
        });
        counts.collect()
    }
}

/// One way to read a number, as far as it goes.
#[derive(Clone, Debug, Default)]
struct Reading {
    day: DayRead,
    scopes: Vec<String>,
    count: Option<u64>,
}

/// The ways to read a number whose fields are not known.
struct Readings {
    today: Date,
    steps: usize,
    found: Vec<Reading>,
}

impl Readings {
    fn go_on(&mut self, parts: &[SerialPart], text: &str, so_far: &Reading) {
        if self.steps == 0 || self.found.len() >= MOST_READINGS {
            return;
        }
        self.steps -= 1;
        let Some((part, later)) = parts.split_first() else {
            if text.is_empty() {
                self.found.push(so_far.clone());
            }
            return;
        };
        if let Some(counter) = &part.counter {
            let width = counter.width as usize;
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            for length in width..=digits.min(MOST_DIGITS) {
                let Some((count, rest)) = text.split_at_checked(length) else { return };
                if length == width || !count.starts_with('0') {
                    let next = Reading { count: count.parse().ok(), ..so_far.clone() };
                    self.go_on(later, rest, &next);
                }
            }
        } else if part.field.is_some() {
            for end in text.char_indices().map(|(at, _)| at).chain([text.len()]) {
                let Some((piece, rest)) = text.split_at_checked(end) else { return };
                let mut next = so_far.clone();
                if part.scope {
                    next.scopes.push(piece.to_string());
                }
                self.go_on(later, rest, &next);
            }
        } else {
            let nothing = |_: &str| String::new();
            let Some((piece, rest)) = text.split_at_checked(part.text(self.today, nothing).len()) else {
                return;
            };
            let mut next = so_far.clone();
            if part.check(piece, &mut next.day, nothing).is_some() {
                self.go_on(later, rest, &next);
            }
        }
    }
}

impl SerialPart {
    /// What the part shows on `day`; nothing for the counter.
    fn text(&self, day: Date, field: impl Fn(&str) -> String) -> String {
        match (&self.text, &self.date, &self.field) {
            (Some(text), ..) => text.clone(),
            (_, Some(format), _) => date_text(format, day),
            (.., Some(key)) => field(key),
            (None, None, None) => String::new(),
        }
    }

    /// Holds a piece of a number against the part; a date tells its day.
    fn check(&self, piece: &str, day: &mut DayRead, field: impl Fn(&str) -> String) -> Option<()> {
        match (&self.text, &self.date, &self.field) {
            (Some(text), ..) => (text == piece).then_some(()),
            (_, Some(format), _) => day.read(format, piece),
            (.., Some(key)) => (field(key) == piece).then_some(()),
            (None, None, None) => None,
        }
    }
}

/// The day in a number, as far as it says it.
#[derive(Clone, Copy, Debug, Default)]
struct DayRead {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
}

impl DayRead {
    fn read(&mut self, format: &str, text: &str) -> Option<()> {
        let mut left = text;
        let mut marks = format.chars().peekable();
        while let Some(mark) = marks.next() {
            let part = marks.next_if(|next| mark == '%' && matches!(next, 'Y' | 'y' | 'm' | 'd'));
            let Some(part) = part else {
                left = left.strip_prefix(mark)?;
                continue;
            };
            let (digits, rest) = left.split_at_checked(if part == 'Y' { 4 } else { 2 })?;
            if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            match part {
                'Y' => self.year = Some(digits.parse().ok()?),
                'y' => self.year = Some(2000 + digits.parse::<i16>().ok()?),
                'm' => self.month = Some(digits.parse().ok()?),
                _day => self.day = Some(digits.parse().ok()?),
            }
            left = rest;
        }
        left.is_empty().then_some(())
    }

    fn on(self, today: Date) -> Option<Date> {
        let year = self.year.unwrap_or_else(|| today.year());
        let month = self.month.unwrap_or_else(|| today.month());
        let day = self.day.unwrap_or_else(|| today.day());
        // The 31st of today is no day of every month.
        Date::new(year, month, day).or_else(|_| Date::new(year, month, 1)).ok()
    }
}

fn date_text(format: &str, day: Date) -> String {
    format
        .replace("%Y", &format!("{:04}", day.year()))
        .replace("%y", &format!("{:02}", day.year().rem_euclid(100)))
        .replace("%m", &format!("{:02}", day.month()))
        .replace("%d", &format!("{:02}", day.day()))
}

impl Kind for Serial {
    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn formula_type(&self) -> Type {
        Type::Text
    }

    fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        parse_line(json)
    }

    fn to_json(&self, value: &Value) -> serde_json::Value {
        text_json(value)
    }

    fn check(&self, _: &Value) -> Faults {
        Faults::new()
    }

    fn display(&self, value: &Value, _: Language) -> String {
        value.as_text().unwrap_or_default().to_string()
    }

    fn order(&self, a: &Value, b: &Value) -> Ordering {
        text_order(a, b)
    }

    fn operators(&self) -> &'static [Operator] {
        Operator::TEXT
    }

    fn is_input(&self) -> bool {
        false
    }

    fn check_options(&self) -> Faults {
        let mut faults = Faults::new();
        let counters = self.parts.iter().filter(|part| part.counter.is_some()).count();
        if counters != 1 {
            faults.push(Fault::new("parts", "serial_needs_one_counter"));
        }
        for (place, part) in self.parts.iter().enumerate() {
            let given =
                [part.text.is_some(), part.date.is_some(), part.field.is_some(), part.counter.is_some()];
            if given.iter().filter(|given| **given).count() != 1 {
                faults.push(Fault::new(format!("parts.{place}"), "serial_part"));
            }
            let at = || format!("parts.{place}.counter.width");
            match part.counter.as_ref().map(|counter| counter.width) {
                Some(0) => faults.push(Fault::new(at(), "too_small").arg("min", 1)),
                Some(13..) => faults.push(Fault::new(at(), "too_large").arg("max", 12)),
                Some(_) | None => {}
            }
        }
        faults
    }

    fn convert_from(&self, _: &Value, _: &str) -> Option<Value> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_serial_shows_its_parts() {
        let serial: Serial = serde_json::from_value(json!({"parts": [
            {"text": "SO-"}, {"date": "%Y%m%d"}, {"text": "-"}, {"counter": {"width": 4, "reset": "day"}}]}))
        .unwrap();
        assert!(serial.check_options().is_empty());
        let day = crate::value::parse_date("2026-11-22").unwrap();
        assert_eq!(serial.render(7, day, |_| String::new()), "SO-20261122-0007");
        assert_eq!(serial.render(12345, day, |_| String::new()), "SO-20261122-12345");
        assert_eq!(serial.period(day), "20261122");
        assert_eq!(Serial::default().check_options()[0].code, "serial_needs_one_counter");
    }

    #[test]
    fn a_count_begins_again_with_its_period_and_is_never_cut_to_its_width() {
        let serial = |reset: &str| -> Serial {
            serde_json::from_value(json!({"parts": [{"counter": {"width": 3, "reset": reset}}]})).unwrap()
        };
        let days = ["2026-11-22", "2026-11-30", "2026-12-01", "2027-11-22"];
        let days = days.map(|day| crate::value::parse_date(day).unwrap());
        for (reset, periods) in [
            ("never", ["", "", "", ""]),
            ("year", ["2026", "2026", "2026", "2027"]),
            ("month", ["202611", "202611", "202612", "202711"]),
            ("day", ["20261122", "20261130", "20261201", "20271122"]),
        ] {
            assert_eq!(days.map(|day| serial(reset).period(day)), periods, "{reset}");
        }
        let shown =
            [1, 999, 1000, 1_234_567].map(|count| serial("never").render(count, days[0], |_| String::new()));
        assert_eq!(shown, ["001", "999", "1000", "1234567"]);
    }

    #[test]
    fn the_count_in_a_number_is_what_its_other_parts_leave() {
        let read = |parts: serde_json::Value, text: &str| {
            let serial: Serial = serde_json::from_value(json!({ "parts": parts })).unwrap();
            let today = crate::value::parse_date("2026-11-30").unwrap();
            serial.count_in(text, today, |field| format!("<{field}>"))
        };
        let found = |period: &str, count| Some((period.to_string(), count));
        let daily = json!([{"text": "SO-"}, {"date": "%Y%m%d"}, {"text": "-"}, {"counter": {"width": 4, "reset": "day"}}]);
        assert_eq!(read(daily.clone(), "SO-20261122-0007"), found("20261122", 7));
        assert_eq!(read(daily.clone(), "SO-20261122-12345"), found("20261122", 12345));
        for strange in [
            "",
            "SO-",
            "SO-20261122-007",
            "SO-20261122-00007",
            "SO-20261322-0007",
            "SO-2026112x-0007",
            "PO-20261122-0007",
            "SO-20261122-000x",
            "SO-20261122-+007",
            "编号编号编号编号",
        ] {
            assert_eq!(read(daily.clone(), strange), None, "{strange}");
        }
        let behind =
            json!([{"field": "region"}, {"counter": {"width": 1, "reset": "year"}}, {"date": "/%y"}]);
        assert_eq!(read(behind, "<region>41/24"), found("2024", 41));
        let monthly = json!([{"date": "%Y%m"}, {"counter": {"width": 3, "reset": "month"}}]);
        assert_eq!(read(monthly, "202602017"), found("202602", 17));
        assert_eq!(read(json!([{"counter": {"width": 3}}]), "017"), found("", 17));
    }

    #[test]
    fn a_number_of_other_fields_is_read_in_every_way() {
        let read = |parts: serde_json::Value, text: &str| {
            let serial: Serial = serde_json::from_value(json!({ "parts": parts })).unwrap();
            serial.counts_elsewhere(text, crate::value::parse_date("2026-11-30").unwrap())
        };
        let count = |period: &str, scopes: &[&str], count: u64| {
            (period.to_string(), scopes.iter().map(ToString::to_string).collect::<Vec<_>>(), count)
        };
        let scoped = json!([{"field": "region", "scope": true}, {"text": "-"}, {"date": "%y"},
            {"counter": {"width": 3, "reset": "year"}}]);
        assert_eq!(read(scoped.clone(), "SH-26002"), [count("2026", &["SH"], 2)]);
        assert!(read(scoped.clone(), "OLD/3").is_empty());
        assert_eq!(read(scoped, &"-26001".repeat(2)), [count("2026", &["-26001"], 1)]);
        let close = json!([{"field": "region", "scope": true}, {"counter": {"width": 1}}]);
        assert_eq!(read(close, "A12"), [count("", &["A"], 12), count("", &["A1"], 2)]);
        let plain = json!([{"field": "region"}, {"text": "-"}, {"counter": {"width": 2}}]);
        assert_eq!(read(plain, "SH-07"), [count("", &[], 7)]);
        let wild = json!([{"field": "a"}, {"field": "b"}, {"field": "c"}, {"counter": {"width": 1}}]);
        assert!(read(wild, &"x".repeat(5_000)).is_empty(), "it comes to an end");
    }
}
