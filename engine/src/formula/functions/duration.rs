//! Durations as text: a number of days by a pattern with units in brackets, which count on beyond their next larger one:
//! `[h]:mm` gives `36:00` for one day and a half.

use crate::formula::arguments::Halt;
use crate::value::{Decimal, ErrorValue, Rounding, round};

const SECONDS_OF_DAY: i64 = 86_400;

/// Whether a pattern is one of durations.
pub(super) fn is_duration(pattern: &str) -> bool {
    let lower = pattern.to_ascii_lowercase();
    ["[h]", "[hh]", "[m]", "[mm]", "[s]", "[ss]"].iter().any(|unit| lower.contains(unit))
}

/// A number of days by a pattern, to the second.
pub(super) fn duration_text(days: Decimal, pattern: &str) -> Result<String, Halt> {
    let seconds = days.abs().checked_mul(Decimal::from(SECONDS_OF_DAY)).ok_or(ErrorValue::Limit)?;
    let seconds = i64::try_from(round(seconds, 0, Rounding::HalfUp)).map_err(|_| ErrorValue::Num)?;
    let mut text = String::new();
    if days.is_sign_negative() && seconds > 0 {
        text.push('-');
    }
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => text.extend(chars.by_ref().take_while(|c| *c != '"')),
            '\\' => text.extend(chars.next()),
            '[' => {
                let unit: String = chars.by_ref().take_while(|c| *c != ']').collect();
                text.push_str(&part(seconds, &unit, true));
            }
            'h' | 'H' | 'm' | 'M' | 's' | 'S' => {
                let mut unit = String::from(c);
                while let Some(same) = chars.next_if(|next| next.eq_ignore_ascii_case(&c)) {
                    unit.push(same);
                }
                text.push_str(&part(seconds, &unit, false));
            }
            other => text.push(other),
        }
    }
    Ok(text)
}

/// One unit, in two digits where its letter stands twice; nothing for what is no unit.
fn part(seconds: i64, unit: &str, counts_on: bool) -> String {
    let (size, beyond) = match unit.as_bytes().first().map(u8::to_ascii_lowercase) {
        Some(b'h') => (3600, 24),
        Some(b'm') => (60, 60),
        Some(b's') => (1, 60),
        _ => return String::new(),
    };
    let number = if counts_on { seconds / size } else { seconds / size % beyond };
    if unit.len() > 1 { format!("{number:02}") } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_count_on_beyond_a_day() {
        for (days, pattern, expected) in [
            ("1.5", "[h]:mm", "36:00"),
            ("0.0625", "[hh]:mm:ss", "01:30:00"),
            ("-0.25", "[m]", "-360"),
            ("0.000011574", "[s]\" s\"", "1 s"),
            ("1.25", "[h] h m", "30 6 0"),
            ("0", "[h]:mm", "0:00"),
        ] {
            assert!(is_duration(pattern));
            assert_eq!(duration_text(days.parse().unwrap(), pattern).unwrap(), expected, "{days} {pattern}");
        }
        assert!(!is_duration("hh:mm") && !is_duration("[red]0"));
        assert_eq!(duration_text(Decimal::MAX, "[h]").unwrap_err(), Halt::Error(ErrorValue::Limit));
    }
}
