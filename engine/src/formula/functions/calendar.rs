//! Going by the calendar: what lies between two days, what comes some time after one, and the period that it is in. Instants
//! are seen in the workspace's zone.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Span};

use super::Takes::{Bool, Day, Number, Text};
use super::{Function, Gives, Topic};
use crate::formula::Type;
use crate::formula::arguments::{Answer, Arguments, Halt, day_value, instant_value};
use crate::formula::operators::{date_after, days_between};
use crate::value::{Date, ErrorValue, Timestamp, Value};

const T: Topic = Topic::Date;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "DAYS",
        T,
        &[Day, Day],
        Gives::Number,
        |a| Ok(Value::number(days_between(a.day(1)?, a.day(0)?))),
        &[("DAYS(DATE(2026, 3, 1), DATE(2026, 2, 1))", "28"), ("DAYS(blank, day)", "")],
    ),
    Function::new(
        "DAYS360",
        T,
        &[Day, Day, Bool],
        Gives::Number,
        days_of_360,
        &[
            ("DAYS360(DATE(2026, 1, 30), DATE(2026, 2, 28))", "28"),
            ("DAYS360(DATE(2026, 1, 1), DATE(2026, 12, 31))", "360"),
        ],
    )
    .optional(1),
    Function::new(
        "DATEDIF",
        T,
        &[Day, Day, Text],
        Gives::Number,
        difference,
        &[
            ("DATEDIF(DATE(2020, 2, 29), day, \"Y\")", "6"),
            ("DATEDIF(DATE(2026, 1, 31), DATE(2026, 3, 1), \"M\")", "1"),
            ("DATEDIF(DATE(2026, 1, 31), DATE(2026, 3, 1), \"MD\")", "1"),
            ("DATEDIF(DATE(2026, 1, 1), DATE(2026, 1, 15), \"day\")", "14"),
            ("DATEDIF(day, DATE(2026, 1, 1), \"D\")", "#NUM!"),
        ],
    )
    .literal(2, is_difference)
    .words(2, &["Y", "M", "D", "W", "YM", "MD", "YD"]),
    Function::new(
        "DATEADD",
        T,
        &[Day, Number, Text],
        Gives::Same(0),
        moved,
        &[
            ("DATEADD(day, 30, \"day\")", "2026-12-22"),
            ("DATEADD(DATE(2026, 1, 31), 1, \"month\")", "2026-02-28"),
            ("DATEADD(at, 90, \"minute\")", "2026-11-22 17:35"),
            ("DATEADD(day, 1, \"hour\")", "#VALUE!"),
        ],
    )
    .optional(1)
    .literal(2, is_unit)
    .words(2, &["year", "quarter", "month", "week", "day", "hour", "minute", "second"]),
    Function::new(
        "DATEDELTA",
        T,
        &[Day, Number],
        Gives::Same(0),
        moved,
        &[("DATEDELTA(day, 9)", "2026-12-01"), ("DATEDELTA(at, -1)", "2026-11-21 16:05")],
    ),
    Function::new(
        "EDATE",
        T,
        &[Day, Number],
        Gives::Date,
        |a| day_value(months_after(a.day(0)?, a.integer(1)?)),
        &[("EDATE(DATE(2026, 1, 31), 1)", "2026-02-28"), ("EDATE(day, -12)", "2025-11-22")],
    ),
    Function::new(
        "EOMONTH",
        T,
        &[Day, Number],
        Gives::Date,
        |a| day_value(months_after(a.day(0)?, a.integer_or(1, 0)?).map(Date::last_of_month)),
        &[("EOMONTH(day, 0)", "2026-11-30"), ("EOMONTH(day, 3)", "2027-02-28")],
    )
    .optional(1),
    Function::new(
        "STARTOF",
        T,
        &[Day, Text],
        Gives::Date,
        |a| day_value(Some(period(a)?.0)),
        &[
            ("STARTOF(day, \"month\")", "2026-11-01"),
            ("STARTOF(day, \"week\")", "2026-11-16"),
            ("STARTOF(day, \"quarter\")", "2026-10-01"),
            ("STARTOF(day, \"年\")", "2026-01-01"),
            ("STARTOF(day, \"hour\")", "#NUM!"),
        ],
    )
    .literal(1, is_unit)
    .words(1, &["year", "quarter", "month", "week"]),
    Function::new(
        "ENDOF",
        T,
        &[Day, Text],
        Gives::Date,
        |a| day_value(Some(period(a)?.1)),
        &[
            ("ENDOF(day, \"month\")", "2026-11-30"),
            ("ENDOF(day, \"week\")", "2026-11-22"),
            ("ENDOF(day, \"quarter\")", "2026-12-31"),
            ("ENDOF(DATE(2024, 2, 3), \"month\")", "2024-02-29"),
            ("ENDOF(DATE(9999, 12, 31), \"week\")", "#NUM!"),
        ],
    )
    .literal(1, is_unit)
    .words(1, &["year", "quarter", "month", "week"]),
    Function::new(
        "DAYSINMONTH",
        T,
        &[Day],
        Gives::Number,
        |a| Ok(Value::number(a.day(0)?.days_in_month())),
        &[("DAYSINMONTH(DATE(2024, 2, 1))", "29"), ("DAYSINMONTH(day)", "30")],
    ),
];

/// The same day some months later, or the month's last day where it has no such day.
pub(super) fn months_after(date: Date, months: i64) -> Option<Date> {
    let months = i32::try_from(months).ok().filter(|months| months.abs() < 120_000)?;
    date.checked_add(Span::new().try_months(months).ok()?).ok()
}

/// Months of thirty days, by the American rule or the European one.
fn days_of_360(a: &Arguments) -> Answer {
    let (start, end, european) = (a.day(0)?, a.day(1)?, a.truth(2)?);
    let (mut first, mut last) = (i64::from(start.day()), i64::from(end.day()));
    if european {
        (first, last) = (first.min(30), last.min(30));
    } else {
        if first == 31 || start == start.last_of_month() && start.month() == 2 {
            first = 30;
        }
        if last == 31 && first >= 30 {
            last = 30;
        }
    }
    let years = i64::from(end.year()) - i64::from(start.year());
    let months = i64::from(end.month()) - i64::from(start.month());
    Ok(Value::number(years * 360 + months * 30 + last - first))
}

/// A unit of time, as spreadsheets and people abbreviate it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Year,
    Quarter,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
}

fn unit(text: &str) -> Option<Unit> {
    let unit = match text.trim().to_ascii_lowercase().as_str() {
        "y" | "year" | "years" | "年" => Unit::Year,
        "q" | "quarter" | "quarters" | "季" => Unit::Quarter,
        "m" | "month" | "months" | "月" => Unit::Month,
        "w" | "week" | "weeks" | "周" | "週" => Unit::Week,
        "d" | "day" | "days" | "天" | "日" => Unit::Day,
        "h" | "hour" | "hours" | "时" | "時" => Unit::Hour,
        "min" | "minute" | "minutes" | "分" => Unit::Minute,
        "s" | "second" | "seconds" | "秒" => Unit::Second,
        _ => return None,
    };
    Some(unit)
}

/// Whether a text that stands in a formula names a unit, or says nothing, which is a day.
fn is_unit(text: &str, _: &[Type]) -> bool {
    text.trim().is_empty() || unit(text).is_some()
}

/// As [`is_unit`], with the units that leave out months or years.
fn is_difference(text: &str, _: &[Type]) -> bool {
    unit(text).is_some() || matches!(text.trim().to_ascii_lowercase().as_str(), "md" | "ym" | "yd")
}

/// Whole units from the first to the second; `MD`, `YM` and `YD` leave out months or years.
fn difference(a: &Arguments) -> Answer {
    let (start, end) = (a.day(0)?, a.day(1)?);
    let name = a.text(2)?;
    if let Some(unit @ (Unit::Hour | Unit::Minute | Unit::Second)) = unit(&name) {
        let seconds = instant(a, 1)?.as_second() - instant(a, 0)?.as_second();
        if seconds < 0 {
            return Err(ErrorValue::Num.into());
        }
        return Ok(Value::number(match unit {
            Unit::Hour => seconds / 3600,
            Unit::Minute => seconds / 60,
            _ => seconds,
        }));
    }
    if start > end {
        return Err(ErrorValue::Num.into());
    }
    let months = months_between(start, end);
    let rest_after = |months: i64| months_after(start, months).map_or(0, |from| days_between(from, end));
    let number = match name.trim().to_ascii_lowercase().as_str() {
        "md" => rest_after(months),
        "ym" => months % 12,
        "yd" => rest_after(months / 12 * 12),
        _ => match unit(&name).ok_or(ErrorValue::Num)? {
            Unit::Year => months / 12,
            Unit::Quarter => months / 3,
            Unit::Month => months,
            Unit::Week => days_between(start, end) / 7,
            Unit::Day | Unit::Hour | Unit::Minute | Unit::Second => days_between(start, end),
        },
    };
    Ok(Value::number(number))
}

fn months_between(start: Date, end: Date) -> i64 {
    let months = (i64::from(end.year()) - i64::from(start.year())) * 12 + i64::from(end.month())
        - i64::from(start.month());
    months - i64::from(end.day() < start.day())
}

fn instant(a: &Arguments, place: usize) -> Result<Timestamp, Halt> {
    match a.get(place) {
        Value::DateTime(instant) => Ok(*instant),
        _ => a.frame.start_of(a.day(place)?).ok_or(ErrorValue::Num.into()),
    }
}

/// Days and longer units go by the calendar, so that an instant keeps its time of day.
fn moved(a: &Arguments) -> Answer {
    let amount = a.integer(1)?;
    let unit = if a.has(2) { unit(&a.text(2)?).ok_or(ErrorValue::Num)? } else { Unit::Day };
    if amount.abs() > 1_000_000_000 {
        return Err(ErrorValue::Num.into());
    }
    let seconds = match unit {
        Unit::Hour => Some(3600),
        Unit::Minute => Some(60),
        Unit::Second => Some(1),
        Unit::Year | Unit::Quarter | Unit::Month | Unit::Week | Unit::Day => None,
    };
    let shift = |day: Date| match unit {
        Unit::Year => months_after(day, amount * 12),
        Unit::Quarter => months_after(day, amount * 3),
        Unit::Month => months_after(day, amount),
        Unit::Week => date_after(day, amount * 7),
        Unit::Day | Unit::Hour | Unit::Minute | Unit::Second => date_after(day, amount),
    };
    match (a.get(0), seconds) {
        (Value::DateTime(start), Some(unit)) => {
            instant_value(start.checked_add(SignedDuration::from_secs(amount * unit)).ok(), a.frame)
        }
        (Value::DateTime(start), None) => {
            let local = start.to_zoned_datetime(a.frame.zone.clone()).datetime();
            let moved = shift(local.date()).ok_or(ErrorValue::Num)?;
            let zoned = DateTime::from_parts(moved, local.time()).to_zoned_datetime(a.frame.zone.clone());
            instant_value(zoned.ok().map(|zoned| zoned.timestamp()), a.frame)
        }
        (Value::Date(_), Some(_)) => Err(ErrorValue::Value.into()),
        _ => day_value(shift(a.day(0)?)),
    }
}

/// The first and the last day of the week, month, quarter or year of a day. Weeks start on Monday, as everywhere.
fn period(a: &Arguments) -> Result<(Date, Date), Halt> {
    let day = a.day(0)?;
    let month = i64::from(day.month());
    let ends = match unit(&a.text(1)?).ok_or(ErrorValue::Num)? {
        Unit::Year => Some((day.first_of_year(), day.last_of_year())),
        Unit::Quarter => {
            let first = months_after(day.first_of_month(), -((month - 1) % 3));
            first.zip(first.and_then(|first| months_after(first, 2)).map(Date::last_of_month))
        }
        Unit::Month => Some((day.first_of_month(), day.last_of_month())),
        Unit::Week => {
            let first = date_after(day, -i64::from(day.weekday().to_monday_zero_offset()));
            first.zip(first.and_then(|first| date_after(first, 6)))
        }
        Unit::Day | Unit::Hour | Unit::Minute | Unit::Second => None,
    };
    ends.ok_or(ErrorValue::Num.into())
}
