//! What dates, months, instants and times of day share: how they are written, how fine they are, an earliest and a latest.

use serde::{Deserialize, Serialize};

use super::is_blank;
use crate::text::{Fault, Faults};
use crate::value::{Date, Time, Timestamp, Value};

/// How the moments of a kind are written.
pub(super) struct Writing<T> {
    pub read: fn(&str) -> Option<T>,
    pub write: fn(T) -> String,
    pub value: fn(T) -> Value,
    /// The fault of a text that is no such moment, at a path.
    pub refuse: fn(&'static str) -> Fault,
}

impl<T: Copy + PartialOrd> Writing<T> {
    /// As [`Kind::parse`](super::Kind::parse).
    ///
    /// # Errors
    /// It is no text, or none of a moment.
    pub fn parse(&self, json: &serde_json::Value) -> Result<Value, Fault> {
        if is_blank(json) {
            return Ok(Value::Empty);
        }
        let text = json.as_str().ok_or_else(|| Fault::new("", "wrong_type"))?;
        (self.read)(text).map(self.value).ok_or_else(|| (self.refuse)(""))
    }

    /// Whether a moment lies between the bounds, which are in their wire form.
    pub fn check(&self, moment: T, min: Option<&str>, max: Option<&str>) -> Faults {
        let mut faults = Faults::new();
        if let Some(min) = min.and_then(self.read).filter(|min| moment < *min) {
            faults.push(Fault::new("", "too_small").arg("min", (self.write)(min)));
        }
        if let Some(max) = max.and_then(self.read).filter(|max| moment > *max) {
            faults.push(Fault::new("", "too_large").arg("max", (self.write)(max)));
        }
        faults
    }

    /// Whether the bounds themselves are moments, the earliest before the latest.
    pub fn check_bounds(&self, min: Option<&str>, max: Option<&str>) -> Faults {
        let mut faults = Faults::new();
        let bounds = [("min", min), ("max", max)].map(|(name, text)| {
            let moment = text.map(self.read);
            if matches!(moment, Some(None)) {
                faults.push((self.refuse)(name));
            }
            moment.flatten()
        });
        if let [Some(min), Some(max)] = bounds
            && min > max
        {
            faults.push(Fault::new("min", "min_over_max"));
        }
        faults
    }
}

/// How fine a moment is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    Year,
    Month,
    Day,
    Minute,
    Second,
}

impl Precision {
    /// The name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Precision::Year => "year",
            Precision::Month => "month",
            Precision::Day => "day",
            Precision::Minute => "minute",
            Precision::Second => "second",
        }
    }

    /// The first day of what is kept.
    pub(super) fn cut_date(self, date: Date) -> Date {
        match self {
            Precision::Year => date.first_of_year(),
            Precision::Month => date.first_of_month(),
            Precision::Day | Precision::Minute | Precision::Second => date,
        }
    }

    /// The time of day without what is finer.
    pub(super) fn cut_time(self, time: Time) -> Time {
        let second = if self == Precision::Second { time.second() } else { 0 };
        Time::new(time.hour(), time.minute(), second, 0).unwrap_or(time)
    }

    /// The instant without what is finer. Zones differ from each other by whole minutes.
    pub(super) fn cut_instant(self, instant: Timestamp) -> Timestamp {
        let unit = if self == Precision::Second { 1 } else { 60 };
        let seconds = instant.as_microsecond().div_euclid(1_000_000);
        Timestamp::from_second(seconds - seconds.rem_euclid(unit)).unwrap_or(instant)
    }
}

/// A precision that the kind does not have.
pub(super) fn check_precision(chosen: Option<Precision>, offered: &[Precision]) -> Option<Fault> {
    let chosen = chosen.filter(|chosen| !offered.contains(chosen))?;
    Some(Fault::new("precision", "unknown_choice").arg("choice", chosen.name()))
}
