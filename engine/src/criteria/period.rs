//! Relative dates: periods that move with today.

use jiff::ToSpan;
use serde::{Deserialize, Serialize};

use crate::value::Date;

/// A period relative to today. Weeks start on Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relative {
    Today,
    Yesterday,
    Tomorrow,
    ThisWeek,
    ThisMonth,
    ThisQuarter,
    ThisYear,
    PreviousWeek,
    PreviousMonth,
    PreviousQuarter,
    PreviousYear,
    NextWeek,
    NextMonth,
    NextQuarter,
    NextYear,
    /// Today and the n − 1 days before.
    LastNDays,
    /// Today and the n − 1 days after.
    NextNDays,
}

/// A unit that dates are grouped by.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    /// The first day of the period that `day` lies in.
    pub fn start(self, day: Date) -> Date {
        match self {
            Unit::Day => day,
            Unit::Week => shift(day, 0, -i64::from(day.weekday().to_monday_zero_offset())),
            Unit::Month => day.first_of_month(),
            Unit::Quarter => shift(day.first_of_month(), -i64::from((day.month() - 1) % 3), 0),
            Unit::Year => day.first_of_year(),
        }
    }

    /// The first day of the period after (or before, for a negative `count`) the one that starts at `start`.
    pub fn step(self, start: Date, count: i64) -> Date {
        match self {
            Unit::Day => shift(start, 0, count),
            Unit::Week => shift(start, 0, 7 * count),
            Unit::Month => shift(start, count, 0),
            Unit::Quarter => shift(start, 3 * count, 0),
            Unit::Year => shift(start, 12 * count, 0),
        }
    }

    /// The period's name: `2026`, `2026-Q4`, `2026-11`, `2026-W47` (ISO week), `2026-11-22`.
    pub fn name(self, day: Date) -> String {
        match self {
            Unit::Day => crate::value::format_date(day),
            Unit::Week => {
                let week = day.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Unit::Month => crate::value::format_month(day),
            Unit::Quarter => format!("{:04}-Q{}", day.year(), (day.month() - 1) / 3 + 1),
            Unit::Year => format!("{:04}", day.year()),
        }
    }
}

/// `day` moved by whole months, then days; held at the ends of the calendar.
fn shift(day: Date, months: i64, days: i64) -> Date {
    let limit = if months + days < 0 { Date::MIN } else { Date::MAX };
    let months = months.clamp(-200_000, 200_000).months();
    let days = days.clamp(-5_000_000, 5_000_000).days();
    day.checked_add(months).and_then(|moved| moved.checked_add(days)).unwrap_or(limit)
}

impl Relative {
    /// The first day of the period and the day after its last. `n` counts for `last_n_days` and `next_n_days`.
    pub fn range(self, today: Date, n: u32) -> (Date, Date) {
        let days = |from: i64, to: i64| (shift(today, 0, from), shift(today, 0, to));
        let of = |unit: Unit, offset: i64| {
            let start = unit.step(unit.start(today), offset);
            (start, unit.step(start, 1))
        };
        match self {
            Relative::Today => days(0, 1),
            Relative::Yesterday => days(-1, 0),
            Relative::Tomorrow => days(1, 2),
            Relative::ThisWeek => of(Unit::Week, 0),
            Relative::ThisMonth => of(Unit::Month, 0),
            Relative::ThisQuarter => of(Unit::Quarter, 0),
            Relative::ThisYear => of(Unit::Year, 0),
            Relative::PreviousWeek => of(Unit::Week, -1),
            Relative::PreviousMonth => of(Unit::Month, -1),
            Relative::PreviousQuarter => of(Unit::Quarter, -1),
            Relative::PreviousYear => of(Unit::Year, -1),
            Relative::NextWeek => of(Unit::Week, 1),
            Relative::NextMonth => of(Unit::Month, 1),
            Relative::NextQuarter => of(Unit::Quarter, 1),
            Relative::NextYear => of(Unit::Year, 1),
            Relative::LastNDays => days(1 - i64::from(n.max(1)), 1),
            Relative::NextNDays => days(0, i64::from(n.max(1))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{format_date, parse_date};

    fn range(relative: Relative, n: u32) -> (String, String) {
        let (from, to) = relative.range(parse_date("2026-11-22").unwrap(), n);
        (format_date(from), format_date(to))
    }

    #[test]
    fn periods_are_half_open_and_weeks_start_on_monday() {
        for (relative, n, from, to) in [
            (Relative::ThisWeek, 0, "2026-11-16", "2026-11-23"),
            (Relative::PreviousMonth, 0, "2026-10-01", "2026-11-01"),
            (Relative::NextQuarter, 0, "2027-01-01", "2027-04-01"),
            (Relative::ThisYear, 0, "2026-01-01", "2027-01-01"),
            (Relative::LastNDays, 30, "2026-10-24", "2026-11-23"),
            (Relative::NextNDays, 7, "2026-11-22", "2026-11-29"),
        ] {
            assert_eq!(range(relative, n), (from.to_string(), to.to_string()), "{relative:?}");
        }
    }

    #[test]
    fn periods_have_names() {
        let day = parse_date("2026-11-22").unwrap();
        let names =
            [Unit::Year, Unit::Quarter, Unit::Month, Unit::Week, Unit::Day].map(|unit| unit.name(day));
        assert_eq!(names, ["2026", "2026-Q4", "2026-11", "2026-W47", "2026-11-22"]);
    }
}
