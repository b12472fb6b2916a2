//! Numbers in the cells of a workbook: their digits, and the days and moments that some of them stand for.

use jiff::civil::date;

use crate::value::{Date, Decimal, Rounding, Time, parse_decimal, round};

/// Digits that a spreadsheet keeps of a number; what is written behind them is noise of its arithmetic.
const SIGNIFICANT: usize = 15;
/// The largest power of ten of a number that is read.
const LARGEST_EXPONENT: i64 = 60;
/// Days from 1 January 1900 to 31 December 9999.
const LAST_DAY: i64 = 2_958_465;
const SECONDS_OF_A_DAY: i64 = 86_400;

/// From which day a workbook counts its days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateSystem {
    /// 1 is 1 January 1900; 60 is a 29 February that never was.
    #[default]
    From1900,
    /// 0 is 1 January 1904.
    From1904,
}

/// What the format of a cell makes of the number in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NumberFormat {
    #[default]
    Plain,
    Percent,
    Date,
    Time,
    Moment,
}

impl NumberFormat {
    /// The format with a number that every workbook knows; `None` for one that a workbook defines itself.
    pub fn built_in(number: u32) -> Option<NumberFormat> {
        Some(match number {
            9 | 10 => NumberFormat::Percent,
            14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => NumberFormat::Date,
            18..=21 | 32..=35 | 45..=47 | 55 | 56 => NumberFormat::Time,
            22 => NumberFormat::Moment,
            0..=163 => NumberFormat::Plain,
            _ => return None,
        })
    }

    /// What a format says that is written out, such as `yyyy"年"m"月"d"日"`.
    pub fn of_code(code: &str) -> NumberFormat {
        let letters = meaningful(code);
        if letters.contains('%') {
            return NumberFormat::Percent;
        }
        let has = |wanted: &[char]| letters.contains(wanted);
        let has_day = has(&['y', 'd', 'e']);
        let has_clock = has(&['h', 's']);
        match (has_day, has_clock) {
            (true, true) => NumberFormat::Moment,
            (true, false) => NumberFormat::Date,
            (false, true) => NumberFormat::Time,
            // Months alone; minutes never stand without hours or seconds.
            (false, false) if has(&['m']) => NumberFormat::Date,
            (false, false) => NumberFormat::Plain,
        }
    }
}

/// The letters of a format's first section that mean something: no quoted text, no colours, no exponent, not `General`.
fn meaningful(code: &str) -> String {
    let mut letters = String::new();
    let mut signs = code.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => {
                signs.by_ref().find(|sign| *sign == '"');
            }
            // What follows is shown, left out, or repeated as it is.
            '\\' | '_' | '*' => {
                signs.next();
            }
            '[' => {
                let inside: String = signs.by_ref().take_while(|sign| *sign != ']').collect();
                let inside = inside.to_ascii_lowercase();
                // `[h]`: hours beyond a day. Everything else is a colour, a condition or a language.
                if matches!(inside.as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") {
                    letters.push_str(&inside);
                    letters.push('s');
                }
            }
            ';' => break,
            sign => letters.extend(sign.to_lowercase()),
        }
    }
    letters.replace("general", "").replace("e+", "").replace("e-", "")
}

/// The number that a cell holds, with the digits that count: `0.30000000000000004` is `0.3`, `1.2E+3` is `1200`. `None`
/// for what is no number, or too large for one.
pub fn plain_number(literal: &str) -> Option<String> {
    let literal = literal.trim();
    let (mantissa, exponent) = match literal.split_once(['e', 'E']) {
        None => (literal, 0),
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
    };
    let (is_negative, bare) = match mantissa.strip_prefix('-') {
        Some(bare) => (true, bare),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
    let is_number = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if !is_number || (whole.is_empty() && fraction.is_empty()) || exponent.abs() > 400 {
        return None;
    }
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0');
    if digits.is_empty() {
        return Some("0".to_string());
    }
    // The value is 0.DIGITS × 10^point.
    let point = whole.len() as i64 - (all.len() - digits.len()) as i64 + exponent;
    let (digits, point) = rounded(digits, point);
    if !(-LARGEST_EXPONENT..=LARGEST_EXPONENT).contains(&point) {
        // Nothing that a field holds; what is nearly nothing is nothing.
        return (point < 0).then(|| "0".to_string());
    }
    let text = placed(&digits, point);
    Some(if is_negative { format!("-{text}") } else { text })
}

/// The digits that count, half up, without zeros at the end.
fn rounded(digits: &str, point: i64) -> (String, i64) {
    let kept: String = digits.chars().take(SIGNIFICANT).collect();
    let goes_up = digits.as_bytes().get(SIGNIFICANT).is_some_and(|next| *next >= b'5');
    let (mut kept, mut point) = (kept, point);
    if goes_up {
        let one_more = kept.parse::<u64>().unwrap_or_default() + 1;
        let width = kept.len();
        kept = format!("{one_more:0width$}");
        if kept.len() > width {
            point += 1;
        }
    }
    (kept.trim_end_matches('0').to_string(), point)
}

fn placed(digits: &str, point: i64) -> String {
    if point <= 0 {
        let zeros = "0".repeat(usize::try_from(-point).unwrap_or_default());
        return format!("0.{zeros}{digits}");
    }
    let point = usize::try_from(point).unwrap_or_default();
    match digits.split_at_checked(point) {
        Some((whole, "")) => whole.to_string(),
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
        None => format!("{digits}{}", "0".repeat(point - digits.len())),
    }
}

/// The number as a share of a hundred, as its cell shows it: `0.155` is `15.5%`.
pub fn percent_text(literal: &str) -> Option<String> {
    let number = parse_decimal(&plain_number(literal)?).ok()?;
    let hundredfold = number.checked_mul(Decimal::from(100))?.normalize();
    Some(format!("{hundredfold}%"))
}

/// The day and the time of day that a number stands for, to the second. `None` for numbers that are no day.
pub fn moment_of(number: &str, system: DateSystem) -> Option<(Date, Time)> {
    let number = parse_decimal(&plain_number(number)?).ok()?;
    let seconds = round(number.checked_mul(Decimal::from(SECONDS_OF_A_DAY))?, 0, Rounding::HalfUp);
    let seconds = i64::try_from(seconds.mantissa()).ok()?;
    let (days, rest) = (seconds.div_euclid(SECONDS_OF_A_DAY), seconds.rem_euclid(SECONDS_OF_A_DAY));
    let first = match system {
        DateSystem::From1904 => date(1904, 1, 1),
        // The day that never was is taken for the one before.
        DateSystem::From1900 if days < 60 => date(1899, 12, 31),
        DateSystem::From1900 => date(1899, 12, 30),
    };
    if !(0..=LAST_DAY).contains(&days) {
        return None;
    }
    let day = first.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
    let part = |seconds: i64| i8::try_from(seconds).ok();
    let time = Time::new(part(rest / 3600)?, part(rest / 60 % 60)?, part(rest % 60)?, 0).ok()?;
    Some((day, time))
}

/// The number that stands for a moment in a workbook that counts from 1900; `None` for days before March 1900, which
/// spreadsheets do not agree about. A day alone is a whole number.
pub fn number_of(day: Date, time: Time) -> Option<Decimal> {
    let days = i64::from(day.since(date(1899, 12, 30)).ok()?.get_days());
    if !(61..=LAST_DAY).contains(&days) {
        return None;
    }
    let seconds = i64::from(time.hour()) * 3600 + i64::from(time.minute()) * 60 + i64::from(time.second());
    // A second is 0.0000115… of a day: eight digits tell all of them apart, and fifteen are kept in all.
    let part = Decimal::from(seconds).checked_div(Decimal::from(SECONDS_OF_A_DAY))?;
    Some((Decimal::from(days) + round(part, 8, Rounding::HalfUp)).normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_digits_count() {
        for (literal, plain) in [
            ("0.30000000000000004", Some("0.3")),
            ("1234567890123456", Some("1234567890123460")),
            ("999999999999999.9", Some("1000000000000000")),
            ("-0.1000000000000000055", Some("-0.1")),
            ("1.2E+3", Some("1200")),
            ("12.50", Some("12.5")),
            ("1E-7", Some("0.0000001")),
            ("1.5e2", Some("150")),
            ("0", Some("0")),
            ("-0.0", Some("0")),
            ("1e-300", Some("0")),
            ("1e300", None),
            ("NaN", None),
            ("1e99999999999", None),
            ("", None),
            (".", None),
        ] {
            assert_eq!(plain_number(literal).as_deref(), plain, "{literal}");
        }
        assert_eq!(percent_text("0.155").as_deref(), Some("15.5%"));
        assert_eq!(percent_text("0.14499999999999999").as_deref(), Some("14.5%"));
    }

    #[test]
    fn numbers_are_days_and_moments() {
        let told = |number: &str, system| {
            moment_of(number, system).map(|(day, time)| {
                format!("{day} {:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
            })
        };
        use DateSystem::{From1900, From1904};
        for (number, system, expected) in [
            ("1", From1900, Some("1900-01-01 00:00:00")),
            ("59", From1900, Some("1900-02-28 00:00:00")),
            ("60", From1900, Some("1900-02-28 00:00:00")),
            ("61", From1900, Some("1900-03-01 00:00:00")),
            ("45544", From1900, Some("2024-09-09 00:00:00")),
            ("45544.354166666664", From1900, Some("2024-09-09 08:30:00")),
            ("45544.999999", From1900, Some("2024-09-10 00:00:00")),
            ("44082", From1904, Some("2024-09-09 00:00:00")),
            ("2958465", From1900, Some("9999-12-31 00:00:00")),
            ("2958466", From1900, None),
            ("-1", From1900, None),
            ("soon", From1900, None),
        ] {
            assert_eq!(told(number, system).as_deref(), expected, "{number}");
        }
    }

    #[test]
    fn formats_say_what_a_number_is() {
        use NumberFormat::{Date, Moment, Percent, Plain, Time};
        for (code, format) in [
            ("General", Plain),
            ("0.00", Plain),
            ("#,##0.00_);[Red](#,##0.00)", Plain),
            ("0.00E+00", Plain),
            ("\"day\" 0", Plain),
            ("0.0%", Percent),
            ("yyyy-mm-dd", Date),
            ("yyyy\"年\"m\"月\"d\"日\"", Date),
            ("[$-804]yyyy/m/d;@", Date),
            ("mmm", Date),
            ("m/d/yy h:mm", Moment),
            ("h:mm AM/PM", Time),
            ("[h]:mm:ss", Time),
            ("mm:ss", Time),
            ("¥#,##0.00", Plain),
        ] {
            assert_eq!(NumberFormat::of_code(code), format, "{code}");
        }
        assert_eq!(NumberFormat::built_in(14), Some(Date));
        assert_eq!(NumberFormat::built_in(22), Some(Moment));
        assert_eq!(NumberFormat::built_in(164), None);
    }

    proptest::proptest! {
        #[test]
        fn a_moment_is_read_back_from_its_number(days in 61i64..LAST_DAY, second in 0i64..SECONDS_OF_A_DAY) {
            let (day, _) = moment_of(&days.to_string(), DateSystem::From1900).unwrap();
            let part = |seconds: i64| i8::try_from(seconds).unwrap();
            let time = Time::new(part(second / 3600), part(second / 60 % 60), part(second % 60), 0).unwrap();
            let number = number_of(day, time).unwrap();
            proptest::prop_assert_eq!(moment_of(&number.to_string(), DateSystem::From1900), Some((day, time)));
            proptest::prop_assert!(number.to_string().bytes().filter(u8::is_ascii_digit).count() <= SIGNIFICANT);
        }

        #[test]
        fn plain_numbers_stay_as_they_are(whole in 0u32..1_000_000_000, fraction in 0u32..1_000_000) {
            let text = format!("{whole}.{fraction:06}");
            let shown = text.trim_end_matches('0').trim_end_matches('.');
            let expected = if whole == 0 && fraction == 0 { "0" } else { shown };
            proptest::prop_assert_eq!(plain_number(&text).unwrap(), expected);
        }
    }
}
