//! Working days: Monday to Friday without the holidays of a list, and the weekend days of another list on which people
//! work all the same (调休).

use std::collections::BTreeSet;

use jiff::civil::Weekday;

use super::Takes::{Day, DayList, Number};
use super::{Function, Gives, Topic};
use crate::formula::arguments::{Answer, Arguments, Halt, day, day_value};
use crate::formula::operators::date_after;
use crate::value::{Date, ErrorValue, Value};

const T: Topic = Topic::Date;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "WORKDAY",
        T,
        &[Day, Number, DayList, DayList],
        Gives::Date,
        work_day,
        &[
            ("WORKDAY(DATE(2026, 11, 20), 1)", "2026-11-23"),
            ("WORKDAY(DATE(2026, 11, 20), -5)", "2026-11-13"),
            ("WORKDAY(DATE(2026, 11, 20), 1, DATE(2026, 11, 23))", "2026-11-24"),
            ("WORKDAY(DATE(2026, 11, 20), 1, DATE(2026, 11, 23), DATE(2026, 11, 21))", "2026-11-21"),
            ("WORKDAY(DATE(9999, 12, 30), 9)", "#NUM!"),
        ],
    )
    .optional(2),
    Function::new(
        "NETWORKDAYS",
        T,
        &[Day, Day, DayList, DayList],
        Gives::Number,
        work_days,
        &[
            ("NETWORKDAYS(DATE(2026, 11, 1), DATE(2026, 11, 30))", "21"),
            ("NETWORKDAYS(day, day)", "0"),
            ("NETWORKDAYS(day, day, EMPTY(), day)", "1"),
            ("NETWORKDAYS(DATE(2026, 3, 31), DATE(2026, 3, 1), lines.day)", "-22"),
            ("NETWORKDAYS(DATE(9999, 12, 30), DATE(9999, 12, 31))", "2"),
        ],
    )
    .optional(2),
    Function::new(
        "ISWORKDAY",
        T,
        &[Day, DayList, DayList],
        Gives::Bool,
        |a| {
            let date = a.day(0)?;
            Ok(Value::Bool(Calendar::of(a, 1)?.is_work(date)))
        },
        &[
            ("ISWORKDAY(day)", "FALSE"),
            ("ISWORKDAY(day, EMPTY(), day)", "TRUE"),
            ("ISWORKDAY(DATE(2026, 10, 1), DATE(2026, 10, 1))", "FALSE"),
            ("ISWORKDAY(blank)", ""),
        ],
    )
    .optional(2),
];

/// Days that are unlike others of their weekday.
struct Calendar {
    holidays: BTreeSet<Date>,
    worked: BTreeSet<Date>,
}

impl Calendar {
    /// The holidays are the argument at `place`, the days worked all the same the next one.
    fn of(a: &Arguments, place: usize) -> Result<Calendar, Halt> {
        let days = |place: usize| -> Result<BTreeSet<Date>, Halt> {
            a.items(place).into_iter().filter_map(|item| day(item, a.frame).transpose()).collect()
        };
        Ok(Calendar { holidays: days(place)?, worked: days(place + 1)? })
    }

    /// A holiday is one even if the other list has it too.
    fn is_work(&self, date: Date) -> bool {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        !self.holidays.contains(&date) && (!weekend || self.worked.contains(&date))
    }
}

fn work_day(a: &Arguments) -> Answer {
    let mut date = a.day(0)?;
    let days = a.integer(1)?;
    let calendar = Calendar::of(a, 2)?;
    let mut left = days.unsigned_abs();
    while left > 0 {
        a.frame.charge(1)?;
        date = date_after(date, days.signum()).ok_or(ErrorValue::Num)?;
        left -= u64::from(calendar.is_work(date));
    }
    day_value(Some(date))
}

/// Both ends count; backwards they count negative.
fn work_days(a: &Arguments) -> Answer {
    let (start, end) = (a.day(0)?, a.day(1)?);
    let calendar = Calendar::of(a, 2)?;
    let last = start.max(end);
    let mut date = start.min(end);
    let mut count = i64::from(calendar.is_work(date));
    while date < last {
        a.frame.charge(1)?;
        date = date_after(date, 1).ok_or(ErrorValue::Num)?;
        count += i64::from(calendar.is_work(date));
    }
    Ok(Value::number(if start > end { -count } else { count }))
}

#[cfg(test)]
mod tests {
    use crate::formula::sample::Sample;

    #[test]
    fn counting_working_days_leads_to_the_day_that_they_lead_to() {
        for days in 1..=60 {
            for lists in ["", ", lines.day", ", lines.day, DATE(2026, 2, 14)"] {
                let start = "DATE(2026, 1, 2)";
                let source = format!("NETWORKDAYS({start}, WORKDAY({start}, {days}{lists}){lists})");
                // The first day, a Friday, counts too.
                assert_eq!(Sample::show(&source), Ok((days + 1).to_string()), "{source}");
            }
        }
    }
}
