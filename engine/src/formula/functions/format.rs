//! Numbers and moments as text: the patterns of TEXT.

use jiff::civil::{Date, Time};

use super::chinese::Signs;
use super::duration::{duration_text, is_duration};
use super::pattern::{currency, is_general, writes_moments, writes_numbers};
use crate::formula::arguments::{Answer, Arguments, Halt, plain, text_of, text_value};
use crate::value::{Decimal, ErrorValue, Rounding, Value, round};

/// A pattern is at most this long.
const MAX_PATTERN: usize = 256;

/// `TEXT(value, pattern)`
pub(super) fn text(a: &Arguments) -> Answer {
    let pattern = a.text(1)?;
    if pattern.len() > MAX_PATTERN {
        return Err(ErrorValue::Limit.into());
    }
    let is_known = match a.get(0) {
        Value::Number(_) => writes_numbers(&pattern),
        Value::Date(_) | Value::DateTime(_) | Value::Time(_) => writes_moments(&pattern),
        _ => true,
    };
    if !is_known {
        return Err(ErrorValue::Value.into());
    }
    let (signs, pattern) = Signs::of_pattern(&pattern);
    let formatted = match a.get(0) {
        Value::Number(number) => match signs {
            Some(signs) if is_general(pattern) => signs.number(*number),
            Some(signs) => signs.digits(&number_text(*number, pattern)?),
            None if is_duration(pattern) => duration_text(*number, pattern)?,
            None => number_text(*number, pattern)?,
        },
        moment @ (Value::Date(_) | Value::DateTime(_) | Value::Time(_)) if is_general(pattern) => {
            text_of(moment, a.frame)?.into_owned()
        }
        Value::Date(date) => moment_text(Some(*date), Time::midnight(), pattern, signs),
        Value::DateTime(instant) => {
            let local = instant.to_zoned_datetime(a.frame.zone.clone()).datetime();
            moment_text(Some(local.date()), local.time(), pattern, signs)
        }
        Value::Time(time) => moment_text(None, *time, pattern, signs),
        other => text_of(other, a.frame)?.into_owned(),
    };
    a.frame.room_for_text(formatted.len())?;
    Ok(text_value(formatted))
}

/// `FIXED(number, decimals, no_commas)`
pub(super) fn fixed(a: &Arguments) -> Answer {
    let decimals = usize::try_from(a.integer_or(1, 2)?).map_err(|_| ErrorValue::Num)?.min(28);
    let commas = if a.truth(2)? { "0" } else { "#,##0" };
    let point = if decimals > 0 { "." } else { "" };
    let pattern = format!("{commas}{point}{}", "0".repeat(decimals));
    Ok(text_value(number_text(a.number(0)?, &pattern)?))
}

/// One part of a number's pattern.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// `0`, `#` or `?`: a digit; `0` shows a nought where there is none.
    Digit(char),
    Point,
    Comma,
    Percent,
    Literal(char),
}

/// A pattern of spreadsheets: `0` and `#` digits, `,` groups, `.`, `%`, quoted text, and up to three sections for
/// positive numbers, negative ones and nought.
fn number_text(number: Decimal, pattern: &str) -> Result<String, Halt> {
    if is_general(pattern) {
        return Ok(plain(number));
    }
    let sections = sections(pattern);
    let negative = number.is_sign_negative() && !number.is_zero();
    let (section, signed) = match (sections.as_slice(), negative) {
        ([_, _, zero, ..], _) if number.is_zero() => (zero, false),
        ([_, below, ..], true) => (below, false),
        ([first, ..], _) => (first, negative),
        ([], _) => return Ok(plain(number)),
    };
    if !section.iter().any(|part| matches!(part, Part::Digit(_))) {
        let literal = section.iter().filter_map(|part| match part {
            Part::Literal(c) => Some(*c),
            Part::Percent => Some('%'),
            Part::Digit(_) | Part::Point | Part::Comma => None,
        });
        return Ok(literal.collect());
    }
    let text = digits_by(number.abs(), section)?;
    let shows_something = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    Ok(if signed && shows_something { format!("-{text}") } else { text })
}

fn sections(pattern: &str) -> Vec<Vec<Part>> {
    let mut sections = vec![Vec::new()];
    let mut chars = pattern.chars();
    let push = |part: Part, sections: &mut Vec<Vec<Part>>| {
        if let Some(last) = sections.last_mut() {
            last.push(part);
        }
    };
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                for quoted in chars.by_ref().take_while(|c| *c != '"') {
                    push(Part::Literal(quoted), &mut sections);
                }
            }
            // What comes behind either sign stands for itself; the second is the one of Chinese spreadsheets.
            '\\' | '!' => {
                if let Some(next) = chars.next() {
                    push(Part::Literal(next), &mut sections);
                }
            }
            '0' | '#' | '?' => push(Part::Digit(c), &mut sections),
            '.' => push(Part::Point, &mut sections),
            ',' => push(Part::Comma, &mut sections),
            '%' => push(Part::Percent, &mut sections),
            ';' => sections.push(Vec::new()),
            // Colours and languages in brackets, and the width of a character to leave free, are for cells.
            '[' => {
                let mark: String = chars.by_ref().take_while(|c| *c != ']').collect();
                for sign in currency(&mark).chars() {
                    push(Part::Literal(sign), &mut sections);
                }
            }
            '_' => drop(chars.next()),
            other => push(Part::Literal(other), &mut sections),
        }
    }
    sections
}

fn digits_by(number: Decimal, section: &[Part]) -> Result<String, Halt> {
    let point = section.iter().position(|part| *part == Part::Point).unwrap_or(section.len());
    let (whole_parts, fraction_parts) = section.split_at(point);
    let percents = section.iter().filter(|part| **part == Part::Percent).count();
    let last_digit = whole_parts.iter().rposition(|part| matches!(part, Part::Digit(_)));
    let commas_after = |parts: &[Part], digit: usize| {
        parts.iter().skip(digit + 1).take_while(|part| **part == Part::Comma).count()
    };
    let last_place = fraction_parts.iter().rposition(|part| matches!(part, Part::Digit(_)));
    let first_digit = whole_parts.iter().position(|part| matches!(part, Part::Digit(_)));
    let (groups, thousands) = match (first_digit, last_digit) {
        (Some(first), Some(last)) => (
            whole_parts.iter().take(last).skip(first).any(|part| *part == Part::Comma),
            commas_after(whole_parts, last) + last_place.map_or(0, |last| commas_after(fraction_parts, last)),
        ),
        _ => (false, 0),
    };
    let mut number = number;
    for _ in 0..percents {
        number = number.checked_mul(Decimal::ONE_HUNDRED).ok_or(ErrorValue::Limit)?;
    }
    for _ in 0..thousands {
        number = number.checked_div(Decimal::ONE_THOUSAND).ok_or(ErrorValue::Limit)?;
    }
    let places = fraction_parts.iter().filter(|part| matches!(part, Part::Digit(_))).count();
    let rounded = round(number, u32::try_from(places.min(28)).unwrap_or(28), Rounding::HalfUp);
    let digits = plain(rounded);
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let whole = whole.trim_start_matches('0');
    let mut text = whole_text(whole, whole_parts, groups);
    text.push_str(&fraction_text(fraction, fraction_parts));
    Ok(text)
}

/// The digits before the point, from the right; the leftmost place takes all that are left.
fn whole_text(digits: &str, parts: &[Part], groups: bool) -> String {
    let mut left: Vec<char> = digits.chars().collect();
    let mut places = parts.iter().filter(|part| matches!(part, Part::Digit(_))).count();
    let mut shown = 0;
    let mut reversed = Vec::new();
    let mut show = |digit: char, reversed: &mut Vec<char>| {
        if groups && shown > 0 && shown % 3 == 0 {
            reversed.push(',');
        }
        shown += 1;
        reversed.push(digit);
    };
    for part in parts.iter().rev() {
        match part {
            Part::Digit(kind) => {
                places -= 1;
                match left.pop() {
                    Some(digit) => show(digit, &mut reversed),
                    None if *kind == '0' => show('0', &mut reversed),
                    None => {}
                }
                while places == 0
                    && let Some(digit) = left.pop()
                {
                    show(digit, &mut reversed);
                }
            }
            Part::Literal(c) => reversed.push(*c),
            Part::Percent => reversed.push('%'),
            Part::Comma | Part::Point => {}
        }
    }
    reversed.iter().rev().collect()
}

fn fraction_text(digits: &str, parts: &[Part]) -> String {
    let mut digits = digits.chars();
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Point => text.push('.'),
            Part::Digit(kind) => match digits.next() {
                Some(digit) => text.push(digit),
                None if *kind == '0' => text.push('0'),
                None => {}
            },
            Part::Literal(c) => text.push(*c),
            Part::Percent => text.push('%'),
            Part::Comma => {}
        }
    }
    text
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const CHINESE_WEEKDAYS: [&str; 7] = ["日", "一", "二", "三", "四", "五", "六"];

/// A pattern of spreadsheets: `yyyy mm dd hh:mm:ss`, `AM/PM`, `上午/下午`, `mmm`, `dddd`, `aaaa`, quoted text. `m` behind
/// hours or before seconds is minutes.
fn moment_text(date: Option<Date>, time: Time, pattern: &str, signs: Option<&Signs>) -> String {
    let chars: Vec<char> = pattern.chars().collect();
    let lower = pattern.to_ascii_lowercase();
    let twelve = lower.contains("am/pm") || lower.contains("上午/下午");
    let mut text = String::new();
    let mut after_hours = false;
    let mut left = chars.as_slice();
    while let Some((&c, after)) = left.split_first() {
        if c == '"' {
            let mut parts = after.splitn(2, |c| *c == '"');
            text.extend(parts.next().unwrap_or_default());
            left = parts.next().unwrap_or_default();
            continue;
        }
        if c == '[' {
            // A language, which says nothing here.
            left = after.splitn(2, |c| *c == ']').nth(1).unwrap_or_default();
            continue;
        }
        if matches!(c, '\\' | '!') {
            text.extend(after.first());
            left = after.get(1..).unwrap_or_default();
            continue;
        }
        let next: String = left.iter().take(5).collect();
        let halves = [("am/pm", "AM", "PM"), ("上午/下午", "上午", "下午")];
        if let Some(&(_, before, after)) = halves.iter().find(|half| next.eq_ignore_ascii_case(half.0)) {
            text.push_str(if time.hour() < 12 { before } else { after });
            left = left.get(5..).unwrap_or_default();
            continue;
        }
        let letter = c.to_ascii_lowercase();
        if !matches!(letter, 'y' | 'm' | 'd' | 'h' | 's' | 'a') {
            text.push(c);
            left = after;
            continue;
        }
        let length = left.iter().take_while(|next| next.to_ascii_lowercase() == letter).count();
        left = left.get(length..).unwrap_or_default();
        let next_letter = left.iter().find(|c| c.is_ascii_alphabetic()).map(char::to_ascii_lowercase);
        let minutes = letter == 'm' && length <= 2 && (after_hours || next_letter == Some('s'));
        let part = moment_part(date, time, letter, length, minutes, twelve);
        text.push_str(&match signs {
            Some(signs) if letter == 'y' => signs.digits(&part),
            Some(signs) => signs.part(&part),
            None => part,
        });
        after_hours = letter == 'h';
    }
    text
}

fn moment_part(
    date: Option<Date>,
    time: Time,
    letter: char,
    length: usize,
    minutes: bool,
    twelve: bool,
) -> String {
    let padded = |number: i64| if length >= 2 { format!("{number:02}") } else { number.to_string() };
    let weekday = date.map(|date| date.weekday().to_sunday_zero_offset() as usize);
    match (letter, date) {
        ('h', _) => {
            let hour = i64::from(time.hour());
            padded(if twelve { (hour + 11) % 12 + 1 } else { hour })
        }
        ('s', _) => padded(time.second().into()),
        ('m', _) if minutes => padded(time.minute().into()),
        ('y', Some(date)) if length <= 2 => format!("{:02}", date.year() % 100),
        ('y', Some(date)) => format!("{:04}", date.year()),
        ('m', Some(date)) => {
            let name = MONTHS.get(date.month() as usize - 1).copied().unwrap_or_default();
            match length {
                1 | 2 => padded(date.month().into()),
                3 => name.chars().take(3).collect(),
                _ => name.to_string(),
            }
        }
        ('d', Some(date)) => {
            let name = weekday.and_then(|day| WEEKDAYS.get(day)).copied().unwrap_or_default();
            match length {
                1 | 2 => padded(date.day().into()),
                3 => name.chars().take(3).collect(),
                _ => name.to_string(),
            }
        }
        ('a', Some(_)) => {
            let name = weekday.and_then(|day| CHINESE_WEEKDAYS.get(day)).copied().unwrap_or_default();
            if length >= 4 { format!("星期{name}") } else { name.to_string() }
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_follow_their_pattern() {
        for (number, pattern, expected) in [
            ("1234567.891", "#,##0.00", "1,234,567.89"),
            ("-1234.5", "#,##0.00", "-1,234.50"),
            ("-0.001", "0.00", "0.00"),
            ("0.5", "#.##", ".5"),
            ("0.5", "0.00%", "50.00%"),
            ("5", "000", "005"),
            ("1234", "0", "1234"),
            ("12345678", "0.0,,", "12.3"),
            ("-5", "0;(0)", "(5)"),
            ("0", "0;-0;\"none\"", "none"),
            ("1234.5", "¥#,##0.0\" yuan\"", "¥1,234.5 yuan"),
            ("13912345678", "000-0000-0000", "139-1234-5678"),
            ("2.5", "0", "3"),
            ("12.50", "General", "12.5"),
            ("123456", "0!.0,\"万\"", "12.3万"),
            ("1234.5", "[$¥-804]#,##0.0", "¥1,234.5"),
            ("20260305", "0000\\/00\\/00", "2026/03/05"),
            ("12", "\"x\"", "x"),
        ] {
            assert_eq!(number_text(dec(number), pattern).unwrap(), expected, "{number} {pattern}");
        }
    }

    #[test]
    fn moments_follow_their_pattern() {
        let date = Date::constant(2026, 3, 5);
        let time = Time::constant(16, 7, 9, 0);
        for (pattern, expected) in [
            ("yyyy-mm-dd", "2026-03-05"),
            ("yy/m/d", "26/3/5"),
            ("hh:mm:ss", "16:07:09"),
            ("h:mm AM/PM", "4:07 PM"),
            ("上午/下午h:mm", "下午4:07"),
            ("mm:ss", "07:09"),
            ("d mmm yyyy, dddd", "5 Mar 2026, Thursday"),
            ("yyyy年m月d日 aaaa", "2026年3月5日 星期四"),
            ("\"day\" d", "day 5"),
            ("yyyymmdd", "20260305"),
            ("[$-804]yyyy年m月", "2026年3月"),
            ("h!h", "16h"),
        ] {
            assert_eq!(moment_text(Some(date), time, pattern, None), expected, "{pattern}");
        }
    }
}
