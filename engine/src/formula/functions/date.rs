//! Dates and times: which it is, what they are made of, and what a text says. Instants are seen in the workspace's zone.

use jiff::civil::{DateTime, Time};

use super::Takes::{Clock, Day, Moment, Number, Single};
use super::calendar::months_after;
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, Halt, day_value, instant_value, seconds_of};
use crate::formula::operators::date_after;
use crate::value::{
    Date, ErrorValue, Timestamp, Value, parse_date, parse_local_moment, parse_timestamp, parse_typed_time,
};

const T: Topic = Topic::Date;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "TODAY",
        T,
        &[],
        Gives::Date,
        |a| Ok(Value::Date(a.frame.date_of(a.frame.now))),
        &[("TODAY()", "2026-11-22")],
    )
    .live(),
    Function::new(
        "NOW",
        T,
        &[],
        Gives::DateTime,
        |a| Ok(Value::DateTime(a.frame.now)),
        &[("HOUR(NOW())", "16")],
    )
    .live(),
    Function::new(
        "SYSTIME",
        T,
        &[],
        Gives::DateTime,
        |a| Ok(Value::DateTime(a.frame.now)),
        &[("SYSTIME() = NOW()", "TRUE")],
    )
    .live(),
    Function::new(
        "DATE",
        T,
        &[Number, Number, Number],
        Gives::Date,
        date,
        &[
            ("DATE(2026, 2, 1)", "2026-02-01"),
            ("DATE(2025, 14, 1)", "2026-02-01"),
            ("DATE(2024, 3, 0)", "2024-02-29"),
        ],
    ),
    Function::new(
        "TIME",
        T,
        &[Number, Number, Number],
        Gives::Time,
        time,
        &[("TIME(9, 30, 0)", "09:30"), ("TIME(25, 0, 0)", "01:00")],
    )
    .optional(1),
    Function::new(
        "DATETIME",
        T,
        &[Day, Clock],
        Gives::DateTime,
        date_time,
        &[("DATETIME(day, TIME(8, 0))", "2026-11-22 08:00")],
    )
    .optional(1),
    Function::new(
        "YEAR",
        T,
        &[Day],
        Gives::Number,
        |a| Ok(Value::number(a.day(0)?.year())),
        &[("YEAR(day)", "2026")],
    ),
    Function::new(
        "QUARTER",
        T,
        &[Day],
        Gives::Number,
        |a| Ok(Value::number((a.day(0)?.month() + 2) / 3)),
        &[("QUARTER(day)", "4")],
    ),
    Function::new(
        "MONTH",
        T,
        &[Day],
        Gives::Number,
        |a| Ok(Value::number(a.day(0)?.month())),
        &[("MONTH(day)", "11")],
    ),
    Function::new(
        "DAY",
        T,
        &[Day],
        Gives::Number,
        |a| Ok(Value::number(a.day(0)?.day())),
        &[("DAY(day)", "22")],
    ),
    Function::new(
        "HOUR",
        T,
        &[Clock],
        Gives::Number,
        |a| Ok(Value::number(clock(a, 0)?.hour())),
        &[("HOUR(at)", "16")],
    ),
    Function::new(
        "MINUTE",
        T,
        &[Clock],
        Gives::Number,
        |a| Ok(Value::number(clock(a, 0)?.minute())),
        &[("MINUTE(at)", "5")],
    ),
    Function::new(
        "SECOND",
        T,
        &[Clock],
        Gives::Number,
        |a| Ok(Value::number(clock(a, 0)?.second())),
        &[("SECOND(TIME(1, 2, 3))", "3")],
    ),
    Function::new(
        "WEEKDAY",
        T,
        &[Day, Number],
        Gives::Number,
        weekday,
        &[("WEEKDAY(day)", "1"), ("WEEKDAY(day, 2)", "7"), ("WEEKDAY(day, 3)", "6")],
    )
    .optional(1),
    Function::new(
        "WEEKNUM",
        T,
        &[Day, Number],
        Gives::Number,
        week_number,
        &[
            ("WEEKNUM(day)", "48"),
            ("WEEKNUM(day, 2)", "47"),
            ("WEEKNUM(DATE(2026, 1, 1))", "1"),
            ("WEEKNUM(DATE(2026, 1, 2), 15)", "2"),
            ("WEEKNUM(DATE(2027, 1, 1), 21)", "53"),
        ],
    )
    .optional(1),
    Function::new(
        "ISOWEEKNUM",
        T,
        &[Day],
        Gives::Number,
        |a| Ok(Value::number(a.day(0)?.iso_week_date().week())),
        &[("ISOWEEKNUM(day)", "47"), ("ISOWEEKNUM(DATE(2027, 1, 1))", "53")],
    ),
    Function::new(
        "DATEVALUE",
        T,
        &[Single],
        Gives::Date,
        date_value,
        &[
            ("DATEVALUE(\"2026年3月5日\")", "2026-03-05"),
            ("DATEVALUE(at)", "2026-11-22"),
            ("DATEVALUE(\"x\")", "#VALUE!"),
        ],
    ),
    Function::new(
        "TIMEVALUE",
        T,
        &[Single],
        Gives::Time,
        time_value,
        &[
            ("TIMEVALUE(\"9:05\")", "09:05"),
            ("TIMEVALUE(\"3:05 PM\")", "15:05"),
            ("TIMEVALUE(\"下午3:05\")", "15:05"),
            ("TIMEVALUE(at)", "16:05"),
        ],
    ),
    Function::new(
        "DATETIMEVALUE",
        T,
        &[Single],
        Gives::DateTime,
        date_time_value,
        &[
            ("DATETIMEVALUE(\"2026/11/22 16:05\") = at", "TRUE"),
            ("DATETIMEVALUE(\"2026-11-22T08:05:00Z\")", "2026-11-22 16:05"),
            ("DATETIMEVALUE(TIMESTAMP(at)) = at", "TRUE"),
            ("DATETIMEVALUE(day)", "2026-11-22 00:00"),
            ("DATETIMEVALUE(\"x\")", "#VALUE!"),
        ],
    ),
    Function::new(
        "TIMESTAMP",
        T,
        &[Moment],
        Gives::Number,
        |a| match a.get(0) {
            Value::DateTime(instant) => Ok(Value::number(instant.as_millisecond())),
            _ => {
                let start = a.frame.start_of(a.day(0)?).ok_or(ErrorValue::Num)?;
                Ok(Value::number(start.as_millisecond()))
            }
        },
        &[("TIMESTAMP(at)", "1795334700000")],
    ),
];

fn date(a: &Arguments) -> Answer {
    let (year, month, day) = (a.integer(0)?, a.integer(1)?, a.integer(2)?);
    let year = i16::try_from(year).ok().filter(|year| (1..=9999).contains(year)).ok_or(ErrorValue::Num)?;
    let first = Date::new(year, 1, 1).map_err(|_| ErrorValue::Num)?;
    let first = month.checked_sub(1).and_then(|months| months_after(first, months)).ok_or(ErrorValue::Num)?;
    day_value(day.checked_sub(1).and_then(|days| date_after(first, days)))
}

/// More than a day's seconds begin again at midnight.
fn time(a: &Arguments) -> Answer {
    let seconds = |place: usize, unit: i64| -> Result<i64, Halt> {
        a.integer_or(place, 0)?.checked_mul(unit).ok_or(ErrorValue::Num.into())
    };
    let parts = [seconds(0, 3600)?, seconds(1, 60)?, seconds(2, 1)?];
    let total = parts.iter().try_fold(0i64, |total, part| total.checked_add(*part)).ok_or(ErrorValue::Num)?;
    time_of(total.rem_euclid(86_400)).map(Value::Time).ok_or(ErrorValue::Num.into())
}

fn time_of(seconds: i64) -> Option<Time> {
    let part = |value: i64| i8::try_from(value).ok();
    Time::new(part(seconds / 3600)?, part(seconds / 60 % 60)?, part(seconds % 60)?, 0).ok()
}

fn date_time(a: &Arguments) -> Answer {
    let time = if a.has(1) { clock(a, 1)? } else { Time::midnight() };
    let local = DateTime::from_parts(a.day(0)?, time);
    let zoned = local.to_zoned_datetime(a.frame.zone.clone()).map_err(|_| ErrorValue::Num)?;
    instant_value(Some(zoned.timestamp()), a.frame)
}

/// The local time of day of an instant, or a time itself.
fn clock(a: &Arguments, place: usize) -> Result<Time, Halt> {
    match a.get(place) {
        Value::Time(time) => Ok(*time),
        Value::DateTime(instant) => Ok(instant.to_zoned_datetime(a.frame.zone.clone()).time()),
        Value::Date(_) => Ok(Time::midnight()),
        empty if empty.is_empty() => Err(Halt::Empty),
        _ => Err(ErrorValue::Value.into()),
    }
}

fn weekday(a: &Arguments) -> Answer {
    let weekday = a.day(0)?.weekday();
    let number = match a.integer_or(1, 1)? {
        1 => weekday.to_sunday_one_offset(),
        2 => weekday.to_monday_one_offset(),
        3 => weekday.to_monday_zero_offset(),
        _ => return Err(ErrorValue::Num.into()),
    };
    Ok(Value::number(number))
}

/// The week that has January 1 is the first, but for type 21, which is that of ISO. Weeks start on Sunday, with type 2
/// on Monday, with 11 to 17 on one of the days from Monday on.
fn week_number(a: &Arguments) -> Answer {
    let date = a.day(0)?;
    let january = date.first_of_year().weekday().to_monday_zero_offset();
    let start = match a.integer_or(1, 1)? {
        1 | 17 => 6,
        2 | 11 => 0,
        12 => 1,
        13 => 2,
        14 => 3,
        15 => 4,
        16 => 5,
        21 => return Ok(Value::number(date.iso_week_date().week())),
        _ => return Err(ErrorValue::Num.into()),
    };
    let before = (january - start).rem_euclid(7);
    Ok(Value::number((date.day_of_year() - 1 + i16::from(before)) / 7 + 1))
}

fn date_time_value(a: &Arguments) -> Answer {
    let local = |date: Date, time: Time| {
        let zoned = DateTime::from_parts(date, time).to_zoned_datetime(a.frame.zone.clone());
        instant_value(zoned.ok().map(|zoned| zoned.timestamp()), a.frame)
    };
    match a.get(0) {
        Value::Text(text) => match (parse_timestamp(text), parse_local_moment(text), parse_date(text)) {
            (Some(instant), ..) => instant_value(Some(instant), a.frame),
            (_, Some((date, time)), _) => local(date, time),
            (_, _, Some(date)) => local(date, Time::midnight()),
            _ => Err(ErrorValue::Value.into()),
        },
        Value::Number(_) => instant_value(Timestamp::from_millisecond(a.integer(0)?).ok(), a.frame),
        Value::DateTime(instant) => Ok(Value::DateTime(*instant)),
        _ => local(a.day(0)?, Time::midnight()),
    }
}

fn date_value(a: &Arguments) -> Answer {
    match a.get(0) {
        Value::Text(text) => match parse_date(text) {
            Some(date) => Ok(Value::Date(date)),
            None => {
                let instant = parse_timestamp(text).ok_or(ErrorValue::Value)?;
                Ok(Value::Date(a.frame.date_of(instant)))
            }
        },
        _ => Ok(Value::Date(a.day(0)?)),
    }
}

fn time_value(a: &Arguments) -> Answer {
    match a.get(0) {
        Value::Text(text) => parse_typed_time(text).map(Value::Time).ok_or(ErrorValue::Value.into()),
        _ => {
            let seconds = seconds_of(clock(a, 0)?);
            time_of(seconds).map(Value::Time).ok_or(ErrorValue::Num.into())
        }
    }
}
