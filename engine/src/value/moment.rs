//! Dates, months, times and instants as text: the wire forms, and what people type.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::fold::half_width;

/// Reads `2024-09-09`, and what people type or paste: `2024/9/9`, `2024.9.9`, `2024年9月9日`, `20240909`,
/// full-width digits. Only the years 1000 to 9999.
pub fn parse_date(text: &str) -> Option<Date> {
    let parts = numbers(text)?;
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] => (*year, *month, *day),
        [all] if *all >= 10_000_101 => (all / 10_000, all / 100 % 100, all % 100),
        _ => return None,
    };
    civil_date(year, month, day)
}

/// Reads `2024-09`, `2024/9`, `2024年9月`, `202409`: the month's first day.
pub fn parse_month(text: &str) -> Option<Date> {
    let parts = numbers(text)?;
    let (year, month) = match parts.as_slice() {
        [year, month] => (*year, *month),
        [all] if *all >= 100_001 => (all / 100, all % 100),
        _ => return None,
    };
    civil_date(year, month, 1)
}

/// Reads `09:30` or `09:30:15`.
pub fn parse_time(text: &str) -> Option<Time> {
    let text = half_width(text.trim());
    let parts: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| part.is_empty() || part.len() > 2) {
        return None;
    }
    let mut number = parts.iter().map(|part| part.parse::<i8>());
    let (hour, minute) = (number.next()?.ok()?, number.next()?.ok()?);
    let second = number.next().unwrap_or(Ok(0)).ok()?;
    Time::new(hour, minute, second, 0).ok()
}

/// Reads a time of day as people type or paste it: `9:05`, `９：０５`, `0905`, `9点05分`, `9点半`, `下午3:05`, `晚上8点`, `3:05 PM`.
pub fn parse_typed_time(text: &str) -> Option<Time> {
    let plain = half_width(text.trim()).to_lowercase();
    let (clock, half) = half_of_day(plain.trim());
    let has_mark = clock.contains(['点', '點', '时', '時']);
    let clock = clock.replace(['点', '點', '时', '時'], ":").replace('半', "30").replace(['分', '秒'], ":");
    let clock = clock.trim_end_matches(':').replace(": ", ":");
    let digits = clock.bytes().all(|byte| byte.is_ascii_digit());
    let clock = match (has_mark || half.is_some(), clock.len()) {
        (true, 1 | 2) if digits => format!("{clock}:00"),
        (false, 4 | 6) if digits => {
            let parts: Vec<&str> =
                (0..clock.len()).step_by(2).filter_map(|at| clock.get(at..at + 2)).collect();
            parts.join(":")
        }
        _ => clock,
    };
    let time = parse_time(&clock)?;
    let hour = match half {
        Some(Half::Before) if time.hour() == 12 => 0,
        Some(Half::Before) if time.hour() > 12 => return None,
        Some(Half::After) if time.hour() < 12 => time.hour() + 12,
        // Twelve and one in the evening are midnight and after: of which day, nobody says.
        Some(Half::Evening) => match time.hour() {
            5..=11 => time.hour() + 12,
            17.. => time.hour(),
            _ => return None,
        },
        Some(Half::Noon) => match time.hour() {
            1..=3 => time.hour() + 12,
            10..=15 => time.hour(),
            _ => return None,
        },
        Some(Half::Before | Half::After) | None => time.hour(),
    };
    Time::new(hour, time.minute(), time.second(), 0).ok()
}

/// Before or after noon, or about it.
#[derive(Clone, Copy)]
enum Half {
    Before,
    After,
    Evening,
    Noon,
}

/// Takes the word for the half of the day off a time in lower case.
fn half_of_day(text: &str) -> (&str, Option<Half>) {
    const WORDS: [(&str, Half); 9] = [
        ("上午", Half::Before),
        ("下午", Half::After),
        ("am", Half::Before),
        ("pm", Half::After),
        ("早上", Half::Before),
        ("凌晨", Half::Before),
        ("中午", Half::Noon),
        ("傍晚", Half::Evening),
        ("晚上", Half::Evening),
    ];
    for (word, half) in WORDS {
        if let Some(rest) = text.strip_prefix(word).or_else(|| text.strip_suffix(word)) {
            return (rest.trim(), Some(half));
        }
    }
    (text, None)
}

/// Reads an RFC 3339 instant; other offsets than `Z` are brought to UTC. Parts of a second below the
/// microsecond are cut off: that is what both databases keep. Only the years 1000 to 9999, as for dates.
pub fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let instant: Timestamp = text.trim().parse().ok()?;
    let instant = Timestamp::from_microsecond(instant.as_microsecond()).ok()?;
    let year = instant.to_zoned_datetime(TimeZone::UTC).year();
    is_known(i64::from(year)).then_some(instant)
}

/// Reads a date with a time of day and no offset, as tables have them: `2024/9/9 8:30`, `2024-09-09T08:30:15`,
/// `2024/9/9 下午3:05`.
/// Parts of a second are cut off.
pub fn parse_local_moment(text: &str) -> Option<(Date, Time)> {
    let text = half_width(text.trim());
    let (date, time) = text.split_once(['T', ' '])?;
    let time = time.trim_start();
    let whole = match time.split_once('.') {
        Some((whole, part)) if part.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        Some(_) => return None,
        None => time,
    };
    let is_marked = whole.contains(|c: char| !c.is_ascii_digit());
    let time = if is_marked { parse_typed_time(whole) } else { None };
    Some((parse_date(date)?, time?))
}

/// `2026-11-22`
pub fn format_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// `2026-11`
pub fn format_month(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

/// `09:30`, or `09:30:15` where there are seconds.
pub fn format_time(time: Time) -> String {
    if time.second() == 0 {
        format!("{:02}:{:02}", time.hour(), time.minute())
    } else {
        format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
    }
}

/// RFC 3339 in UTC, with as many digits of a second as needed.
pub fn format_timestamp(instant: Timestamp) -> String {
    instant.to_string()
}

/// The runs of digits in a text that has nothing else but separators of dates, each between two of them: what stands
/// before the first, or beside another separator, is the sign of a number and no date's.
fn numbers(text: &str) -> Option<Vec<i64>> {
    let text = half_width(text.trim());
    let known = |c: char| c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | '年' | '月' | '日' | ' ');
    if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.chars().all(known) {
        return None;
    }
    let marks = |c: char| !c.is_ascii_digit() && c != ' ';
    if text.chars().zip(text.chars().skip(1)).any(|(one, next)| marks(one) && marks(next)) {
        return None;
    }
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| if part.len() > 8 { None } else { part.parse().ok() })
        .collect()
}

/// Whether a year is one of those that dates and instants have: four digits, as their wire forms say.
fn is_known(year: i64) -> bool {
    (1000..=9999).contains(&year)
}

fn civil_date(year: i64, month: i64, day: i64) -> Option<Date> {
    if !is_known(year) {
        return None;
    }
    let (year, month, day) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in ["2024-09-09", "2024/9/9", "2024.9.9", "2024年9月9日", "20240909", "２０２４-９-９"]
        {
            assert_eq!(parse_date(text).map(format_date).as_deref(), Some("2024-09-09"), "{text}");
        }
        for text in ["", "2024-02-30", "9/9/2024", "2024-9", "24-9-9", "today", "2024-09-09T00:00"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
        for text in ["-2024-09-09", "-20240909", "2024--9-9", "2024-9--9", "0999-09-09", "10000-09-09", "-"] {
            assert_eq!(parse_date(text), None, "{text}");
        }
        assert_eq!(parse_date("2024 - 9 - 9").map(format_date).as_deref(), Some("2024-09-09"));
    }

    #[test]
    fn moments_of_tables_have_no_offset() {
        for text in ["2024/9/9 8:30", "2024-09-09T08:30:00.000", "２０２４-０９-０９　０８：３０"]
        {
            let (date, time) = parse_local_moment(text).unwrap();
            assert_eq!(
                (format_date(date), format_time(time)),
                ("2024-09-09".into(), "08:30".into()),
                "{text}"
            );
        }
        let (_, afternoon) = parse_local_moment("2024/9/9 下午3:05").unwrap();
        assert_eq!(format_time(afternoon), "15:05");
        for text in ["2024-09-09", "2024-09-09T08:30Z", "8:30", "2024-09-09 25:00", "2024-09-09 0830"] {
            assert_eq!(parse_local_moment(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (typed, read) in [
            ("9:05", "09:05"),
            ("９：０５", "09:05"),
            ("0905", "09:05"),
            ("090507", "09:05:07"),
            ("9点05分", "09:05"),
            ("9點5分7秒", "09:05:07"),
            ("9时", "09:00"),
            ("9点半", "09:30"),
            ("上午9:05", "09:05"),
            ("上午 12:05", "00:05"),
            ("下午3:05", "15:05"),
            ("下午15:05", "15:05"),
            ("3:05 PM", "15:05"),
            ("12:05pm", "12:05"),
            ("3pm", "15:00"),
            ("早上8点", "08:00"),
            ("凌晨12:30", "00:30"),
            ("中午11:30", "11:30"),
            ("中午12點", "12:00"),
            ("中午1点半", "13:30"),
            ("晚上８:３０", "20:30"),
            ("晚上20:30", "20:30"),
        ] {
            assert_eq!(parse_typed_time(typed).map(format_time).as_deref(), Some(read), "{typed}");
        }
        for typed in [
            "",
            "9",
            "905",
            "24:00",
            "9:60",
            "soon",
            "上午15:05",
            "9:05:07:09",
            "点",
            "pm",
            "-9:05",
            "晚上12点",
        ] {
            assert_eq!(parse_typed_time(typed), None, "{typed}");
        }
    }

    #[test]
    fn months_times_and_instants() {
        assert_eq!(parse_month("2024年9月").map(format_month).as_deref(), Some("2024-09"));
        assert_eq!(parse_month("2024-13"), None);
        assert_eq!(parse_time("9:05").map(format_time).as_deref(), Some("09:05"));
        assert_eq!(parse_time("24:00"), None);
        let instant = parse_timestamp("2026-11-22T08:00:00.123456789+08:00").unwrap();
        assert_eq!(format_timestamp(instant), "2026-11-22T00:00:00.123456Z");
        assert_eq!(parse_month("-2024-09"), None);
        for text in ["-002026-11-22T08:00:00Z", "-000001-01-01T00:00:00Z", "0999-12-31T23:59:59Z"] {
            assert_eq!(parse_timestamp(text), None, "{text}");
        }
        assert!(parse_timestamp("1000-01-01T00:00:00Z").is_some());
    }
}
