//! Numbers, dates and times as a reader expects them. Values stay exact text: nothing here goes through a
//! binary float.

use engine::value::Timestamp;
pub use engine::value::{group_digits, trimmed};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Language, in_language, language, lookup, now, zone};

/// A count for the reader: `2,357`.
pub fn whole(number: u64) -> String {
    group_digits(&number.to_string())
}

/// A date as in tables: `2024-11-18`.
pub fn date(date: Date) -> String {
    engine::value::format_date(date)
}

/// A month as a heading: `2024 年 11 月`, `November 2024`.
pub fn month(date: Date) -> String {
    lookup(
        "date-month-year",
        &[("year", (date.year() as i64).into()), ("month", month_name(language(), date).into())],
    )
}

/// A day as a person says it: `11 月 18 日 星期一`, `Monday, November 18`.
pub fn day(date: Date) -> String {
    let language = language();
    let weekday = in_language(language, weekday_key(date), &[]);
    lookup(
        "date-day",
        &[
            ("month", month_name(language, date).into()),
            ("day", (date.day() as i64).into()),
            ("weekday", weekday.into()),
        ],
    )
}

fn month_name(language: Language, date: Date) -> String {
    match language {
        Language::ZhCn | Language::ZhTw => date.month().to_string(),
        Language::En => date.strftime("%B").to_string(),
    }
}

fn weekday_key(date: Date) -> &'static str {
    use jiff::civil::Weekday;
    match date.weekday() {
        Weekday::Monday => "weekday-1",
        Weekday::Tuesday => "weekday-2",
        Weekday::Wednesday => "weekday-3",
        Weekday::Thursday => "weekday-4",
        Weekday::Friday => "weekday-5",
        Weekday::Saturday => "weekday-6",
        Weekday::Sunday => "weekday-7",
    }
}

/// An instant in the reader's zone: `2024-11-18 10:32`.
pub fn date_time(instant: Timestamp) -> String {
    instant.to_zoned_datetime(zone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The time of day of an instant in the reader's zone: `10:32`.
pub fn time(instant: Timestamp) -> String {
    instant.to_zoned_datetime(zone()).strftime("%H:%M").to_string()
}

/// How long it lasts from one instant to another, in its largest unit: `23 分钟`, `4 小时`, `2 天`.
pub fn lasting(from: Timestamp, to: Timestamp) -> String {
    lasting_for((to.as_second() - from.as_second()).max(60))
}

/// So many seconds in their largest unit: `20 秒`, `23 分钟`.
pub fn lasting_for(seconds: i64) -> String {
    let minutes = seconds / 60;
    match minutes {
        ..1 => lookup("lasting-seconds", &[("count", seconds.max(1).into())]),
        1..60 => lookup("lasting-minutes", &[("count", minutes.into())]),
        60..1440 => lookup("lasting-hours", &[("count", (minutes / 60).into())]),
        _ => lookup("lasting-days", &[("count", (minutes / 1440).into())]),
    }
}

/// How long ago an instant was, as one says it; older than a week, the day itself. It goes on with the clock.
pub fn ago(instant: Timestamp) -> String {
    ago_seen_from(instant, now(), &zone())
}

fn ago_seen_from(instant: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let seconds = now.as_second() - instant.as_second();
    let then = instant.to_zoned_datetime(zone.clone());
    let days = (now.to_zoned_datetime(zone.clone()).date() - then.date()).get_days();
    let time = then.strftime("%H:%M").to_string();
    match (seconds, days) {
        (..60, _) => lookup("ago-now", &[]),
        (60..3600, _) => lookup("ago-minutes", &[("count", (seconds / 60).into())]),
        (_, 0) => lookup("ago-today", &[("time", time.into())]),
        (_, 1) => lookup("ago-yesterday", &[("time", time.into())]),
        (_, 2..7) => lookup("ago-days", &[("count", (days as i64).into())]),
        (_, _) => date(then.date()),
    }
}

/// A moment near today as one says it: `今天 18:00`, `明天 12:00`; further away with its date.
pub fn around(instant: Timestamp) -> String {
    around_seen_from(instant, now(), &zone())
}

fn around_seen_from(instant: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let then = instant.to_zoned_datetime(zone.clone());
    let days = (then.date() - now.to_zoned_datetime(zone.clone()).date()).get_days();
    let time = then.strftime("%H:%M").to_string();
    match days {
        -1 => lookup("ago-yesterday", &[("time", time.into())]),
        0 => lookup("ago-today", &[("time", time.into())]),
        1 => lookup("around-tomorrow", &[("time", time.into())]),
        _ => format!("{} {time}", then.strftime("%m-%d")),
    }
}

/// The sign of a currency by its ISO 4217 code, as readers of a language write it: their own is short, and those that have the
/// same sign are told apart. One without a sign is its code.
pub fn currency_sign(code: &str) -> String {
    let sign = match (language(), code) {
        (Language::ZhCn, "CNY") => "¥",
        (_, "CNY") => "CN¥",
        (Language::ZhTw, "TWD") => "$",
        (_, "TWD") => "NT$",
        (Language::En, "USD") => "$",
        (_, "USD") => "US$",
        (Language::ZhCn, "JPY") => "JP¥",
        (_, "JPY") => "¥",
        (_, "HKD") => "HK$",
        (_, "SGD") => "S$",
        (_, "AUD") => "A$",
        (_, "CAD") => "CA$",
        (_, "EUR") => "€",
        (_, "GBP") => "£",
        (_, "KRW") => "₩",
        (_, "INR") => "₹",
        (_, other) => other,
    };
    sign.to_string()
}

/// The size of a file, or of many: `340 KB`, `1.2 MB`, `100.0 GB`.
pub fn file_size(bytes: u64) -> String {
    const KB: u64 = 1024;
    const MB: u64 = KB * KB;
    const GB: u64 = KB * MB;
    match bytes {
        ..KB => format!("{bytes} B"),
        KB..MB => format!("{} KB", bytes.div_ceil(KB)),
        MB..GB => format!("{}.{} MB", bytes / MB, bytes % MB * 10 / MB),
        GB.. => format!("{}.{} GB", bytes / GB, bytes % GB * 10 / GB),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_three() {
        for (given, wanted) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1,000"),
            ("-1542077.30", "-1,542,077.30"),
            ("123456.123456", "123,456.123456"),
            ("", ""),
            ("#DIV/0!", "#DIV/0!"),
            ("1.", "1."),
        ] {
            assert_eq!(group_digits(given), wanted);
        }
    }

    #[test]
    fn zeros_at_the_end_are_left_out_down_to_a_number_of_places() {
        for (given, least, wanted) in [
            ("96.000000", 2, "96.00"),
            ("0.123400", 2, "0.1234"),
            ("250.000", 0, "250"),
            ("186.500", 0, "186.5"),
            ("12", 2, "12"),
            ("1.5", 2, "1.5"),
            ("#DIV/0!", 2, "#DIV/0!"),
        ] {
            assert_eq!(trimmed(given, least), wanted);
        }
    }

    #[test]
    fn a_currency_has_the_sign_that_its_reader_knows() {
        let signs = |language: Language| {
            crate::i18n::set_language(language);
            ["CNY", "TWD", "USD", "EUR", "XAF"].map(currency_sign)
        };
        assert_eq!(signs(Language::ZhCn), ["¥", "NT$", "US$", "€", "XAF"]);
        assert_eq!(signs(Language::ZhTw), ["CN¥", "$", "US$", "€", "XAF"]);
        assert_eq!(signs(Language::En), ["CN¥", "NT$", "$", "€", "XAF"]);
    }

    #[test]
    fn days_and_months_are_named_as_the_language_does() {
        let date = jiff::civil::date(2026, 11, 18);
        let said = |language: Language| {
            crate::i18n::set_language(language);
            (day(date), month(date))
        };
        assert_eq!(said(Language::En), ("Wednesday, November 18".to_string(), "November 2026".to_string()));
        for language in [Language::ZhCn, Language::ZhTw] {
            let (day, month) = said(language);
            assert!(day.contains("11") && day.contains('三') && month.contains("2026"), "{day} {month}");
        }
    }

    #[test]
    fn sizes_are_rounded_for_reading() {
        assert_eq!(file_size(12), "12 B");
        assert_eq!(file_size(1025), "2 KB");
        assert_eq!(file_size(1_258_291), "1.1 MB");
        assert_eq!(file_size((1 << 30) - 1), "1023.9 MB");
        assert_eq!(file_size(100 << 30), "100.0 GB");
    }

    #[test]
    fn a_moment_further_away_is_told_with_its_date() {
        let now: Timestamp = "2026-11-18T10:00:00Z".parse().unwrap();
        let later: Timestamp = "2026-11-21T18:30:00Z".parse().unwrap();
        assert_eq!(around_seen_from(later, now, &TimeZone::UTC), "11-21 18:30");
    }

    #[test]
    fn a_while_is_told_in_its_largest_unit() {
        let from: Timestamp = "2026-11-18T10:00:00Z".parse().unwrap();
        let until = |to: &str| lasting(from, to.parse().unwrap());
        crate::i18n::set_language(Language::ZhCn);
        assert_eq!(until("2026-11-18T10:00:20Z"), "1 分钟");
        assert_eq!(until("2026-11-18T10:23:00Z"), "23 分钟");
        assert_eq!(until("2026-11-18T14:59:00Z"), "4 小时");
        assert_eq!(until("2026-11-20T11:00:00Z"), "2 天");
    }

    #[test]
    fn an_old_moment_is_told_by_its_day() {
        let now: Timestamp = "2026-11-18T10:00:00Z".parse().unwrap();
        let old: Timestamp = "2026-10-01T10:00:00Z".parse().unwrap();
        assert_eq!(ago_seen_from(old, now, &TimeZone::UTC), "2026-10-01");
    }
}
