//! When something falls due: durations, moments in fields, and working time.

use std::collections::BTreeSet;

use jiff::Span;
use jiff::civil::{DateTime, Weekday, date};
use jiff::tz::TimeZone;

use super::document::FieldMoment;
use crate::value::{Date, Time, Timestamp, Value};

/// How many days are looked at for working time; a calendar with fewer working days has none.
const MAX_DAYS: usize = 4000;

/// The longest durations that a flow may wait for. Beyond them no calendar leads anywhere, and what waits would never come
/// to its end, or not wait at all.
const LONGEST_YEARS: i16 = 10;
const LONGEST_WORKING_YEARS: i16 = 1;

/// The zone and the working time of a workspace.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    pub zone: TimeZone,
    /// The days of the week on which people work.
    pub days: Vec<Weekday>,
    /// The hours of a working day, in order and apart from each other.
    pub hours: Vec<(Time, Time)>,
    /// Days of the week above on which nobody works.
    pub holidays: BTreeSet<Date>,
    /// Other days on which people work all the same.
    pub extra: BTreeSet<Date>,
}

impl Calendar {
    /// Monday to Friday from nine to six, without holidays.
    pub fn in_zone(zone: TimeZone) -> Calendar {
        let hours = Time::new(9, 0, 0, 0).ok().zip(Time::new(18, 0, 0, 0).ok());
        Calendar {
            zone,
            days: vec![
                Weekday::Monday,
                Weekday::Tuesday,
                Weekday::Wednesday,
                Weekday::Thursday,
                Weekday::Friday,
            ],
            hours: hours.into_iter().collect(),
            holidays: BTreeSet::new(),
            extra: BTreeSet::new(),
        }
    }

    /// The moment a duration (`PT24H`, `P3D`) after another; `None` for a text that is no duration, and past the end
    /// of the calendar. In working time a day is a working day, and hours count within the hours of those days.
    pub fn after(&self, from: Timestamp, duration: &str, working_time: bool) -> Option<Timestamp> {
        let span = span(duration)?;
        if working_time {
            let seconds = i64::from(span.get_hours()) * 3600 + span.get_minutes() * 60 + span.get_seconds();
            return self.working_after(from, i64::from(span.get_days()), seconds);
        }
        self.moved(from, span)
    }

    /// The moment that a date or an instant of a record means, moved by the offset; a date is the beginning of its day.
    /// `None` where the field is empty.
    pub fn moment(&self, value: &Value, moment: &FieldMoment) -> Option<Timestamp> {
        let at = match value {
            Value::Date(day) => day.to_zoned_datetime(self.zone.clone()).ok()?.timestamp(),
            Value::DateTime(at) => *at,
            _ => return None,
        };
        match &moment.offset {
            None => Some(at),
            Some(offset) => self.moved(at, span(offset)?),
        }
    }

    fn moved(&self, from: Timestamp, span: Span) -> Option<Timestamp> {
        Some(from.to_zoned_datetime(self.zone.clone()).checked_add(span).ok()?.timestamp())
    }

    fn is_working(&self, day: Date) -> bool {
        self.extra.contains(&day) || (self.days.contains(&day.weekday()) && !self.holidays.contains(&day))
    }

    /// Whole working days first, to the same time of a later day; then seconds within working hours.
    fn working_after(&self, from: Timestamp, days: i64, seconds: i64) -> Option<Timestamp> {
        let local = from.to_zoned_datetime(self.zone.clone()).datetime();
        let mut day = local.date();
        let mut looked_at = 0;
        for _ in 0..days {
            loop {
                day = day.tomorrow().ok()?;
                looked_at += 1;
                if looked_at > MAX_DAYS {
                    return None;
                }
                if self.is_working(day) {
                    break;
                }
            }
        }
        let mut left = seconds;
        let mut since = since_midnight(local.time());
        if left == 0 {
            return self.instant(day, since);
        }
        for _ in 0..MAX_DAYS {
            if self.is_working(day) {
                for (start, end) in &self.hours {
                    let start = since_midnight(*start).max(since);
                    let there = since_midnight(*end) - start;
                    if there > 0 && left <= there {
                        return self.instant(day, start + left);
                    }
                    left -= there.max(0);
                }
            }
            day = day.tomorrow().ok()?;
            since = 0;
        }
        None
    }

    fn instant(&self, day: Date, since_midnight: i64) -> Option<Timestamp> {
        let midnight: DateTime = day.to_datetime(Time::midnight());
        let local = midnight.checked_add(Span::new().try_seconds(since_midnight).ok()?).ok()?;
        Some(local.to_zoned_datetime(self.zone.clone()).ok()?.timestamp())
    }
}

/// Reads an ISO 8601 duration; jiff also knows `2 days`, which documents do not have.
fn span(text: &str) -> Option<Span> {
    let unsigned = text.trim_start_matches(['-', '+']);
    if unsigned.starts_with('P') { text.parse().ok() } else { None }
}

/// Whether a text is a duration that leads into the future. Working time has days, hours, minutes and seconds.
pub(super) fn is_duration(text: &str, working_time: bool) -> bool {
    span(text).is_some_and(|span| {
        let has_long_units = span.get_years() != 0 || span.get_months() != 0 || span.get_weeks() != 0;
        let longest = if working_time { LONGEST_WORKING_YEARS } else { LONGEST_YEARS };
        span.is_positive() && !(working_time && has_long_units) && is_within(span, longest)
    })
}

/// Whether a span is no longer than so many years.
fn is_within(span: Span, years: i16) -> bool {
    let first = date(2000, 1, 1).to_datetime(Time::midnight());
    let last = date(2000 + years, 1, 1).to_datetime(Time::midnight());
    first.checked_add(span).is_ok_and(|end| end <= last)
}

/// Whether a text is a duration, in either direction.
pub(super) fn is_offset(text: &str) -> bool {
    span(text).is_some()
}

fn since_midnight(time: Time) -> i64 {
    i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn calendar() -> Calendar {
        Calendar::in_zone(TimeZone::UTC)
    }

    #[test]
    fn plain_durations_take_no_notice_of_working_hours() {
        let friday = at("2026-11-27T17:00:00Z");
        assert_eq!(calendar().after(friday, "PT24H", false), Some(at("2026-11-28T17:00:00Z")));
        assert_eq!(calendar().after(friday, "P1M", false), Some(at("2026-12-27T17:00:00Z")));
        assert_eq!(calendar().after(friday, "2 days", false), None);
    }

    #[test]
    fn working_time_goes_on_the_next_working_day() {
        let friday = at("2026-11-27T17:00:00Z");
        let after = |duration| calendar().after(friday, duration, true);
        assert_eq!(after("PT1H"), Some(at("2026-11-27T18:00:00Z")));
        assert_eq!(after("PT2H"), Some(at("2026-11-30T10:00:00Z")));
        assert_eq!(after("P1D"), Some(at("2026-11-30T17:00:00Z")));
        assert_eq!(after("P1DT2H"), Some(at("2026-12-01T10:00:00Z")));
    }

    #[test]
    fn a_duration_leads_somewhere_in_every_calendar() {
        for right in ["PT1S", "P3D", "P1Y", "P10Y"] {
            assert!(is_duration(right, false), "{right}");
        }
        for wrong in ["P11Y", "P9999D", "PT999999H", "-P1D", "PT0S", "2 days"] {
            assert!(!is_duration(wrong, false), "{wrong}");
        }
        assert!(is_duration("P366D", true) && is_duration("PT40H", true));
        assert!(!is_duration("P367D", true) && !is_duration("P1M", true));
        let seldom = Calendar { days: vec![Weekday::Monday], ..calendar() };
        assert!(seldom.after(at("2026-11-27T17:00:00Z"), "P366D", true).is_some());
    }

    #[test]
    fn holidays_do_not_count_and_extra_days_do() {
        let mut calendar = calendar();
        calendar.holidays.insert(Date::new(2026, 11, 30).unwrap());
        calendar.extra.insert(Date::new(2026, 11, 29).unwrap());
        let friday = at("2026-11-27T17:00:00Z");
        assert_eq!(calendar.after(friday, "P1D", true), Some(at("2026-11-29T17:00:00Z")));
        assert_eq!(calendar.after(friday, "P2D", true), Some(at("2026-12-01T17:00:00Z")));
    }

    #[test]
    fn a_calendar_without_working_days_has_no_working_time() {
        let idle = Calendar { days: Vec::new(), ..calendar() };
        assert_eq!(idle.after(at("2026-11-27T17:00:00Z"), "PT1H", true), None);
        assert_eq!(idle.after(at("2026-11-27T17:00:00Z"), "P1D", true), None);
    }

    #[test]
    fn a_field_gives_a_moment_moved_by_its_offset() {
        let moment =
            |offset: Option<&str>| FieldMoment { field: "day".into(), offset: offset.map(str::to_string) };
        let day = Value::Date(Date::new(2026, 11, 27).unwrap());
        let of = |offset| calendar().moment(&day, &moment(offset));
        assert_eq!(of(None), Some(at("2026-11-27T00:00:00Z")));
        assert_eq!(of(Some("-P1DT2H")), Some(at("2026-11-25T22:00:00Z")));
        assert_eq!(calendar().moment(&Value::Empty, &moment(None)), None);
    }
}
