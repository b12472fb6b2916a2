//! Which patterns TEXT understands. By one that it does not a number or a day would be written wrongly, so it gives
//! `#VALUE!`, and where the pattern stands in the formula itself the formula is refused.

use super::chinese::Signs;
use super::duration::is_duration;
use crate::formula::Type;

/// A pattern has at most so many sections: positive, negative, nought, text.
const MAX_SECTIONS: usize = 4;
const COLOURS: [&str; 8] = ["black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"];

/// What stands in a pattern outside of quotes and behind no sign of escape.
enum Sign<'p> {
    Plain(char),
    Quoted,
    Bracket(&'p str),
}

/// Whether a pattern leaves a value as it is.
pub(super) fn is_general(pattern: &str) -> bool {
    matches!(pattern, "" | "@" | "G/通用格式") || pattern.eq_ignore_ascii_case("general")
}

/// Whether a pattern that stands in a formula suits what is written by it; the types are those of TEXT's arguments.
pub(super) fn suits(pattern: &str, types: &[Type]) -> bool {
    match types.first() {
        Some(Type::Number) => writes_numbers(pattern),
        Some(Type::Date | Type::DateTime | Type::Time) => writes_moments(pattern),
        Some(Type::Text) => true,
        _ => writes_numbers(pattern) || writes_moments(pattern),
    }
}

/// Whether numbers are written by the pattern as spreadsheets do. Fractions, exponents, conditions and filling signs
/// are not known.
pub(super) fn writes_numbers(pattern: &str) -> bool {
    let (_, pattern) = Signs::of_pattern(pattern);
    if is_general(pattern) {
        return true;
    }
    let signs = signs(pattern);
    if is_duration(pattern) {
        return signs.iter().all(|sign| match sign {
            Sign::Plain(c) => !is_digit_place(*c),
            Sign::Bracket(unit) => is_unit(unit),
            Sign::Quoted => true,
        });
    }
    let sections: Vec<&[Sign<'_>]> = signs.split(|sign| matches!(sign, Sign::Plain(';'))).collect();
    let has_digits = signs.iter().any(|sign| matches!(sign, Sign::Plain(c) if is_digit_place(*c)));
    sections.len() <= MAX_SECTIONS && sections.iter().all(|section| is_section(section, has_digits))
}

/// Whether moments are written by the pattern: one of numbers is not known, nor are eras.
pub(super) fn writes_moments(pattern: &str) -> bool {
    let (_, pattern) = Signs::of_pattern(pattern);
    is_general(pattern)
        || signs(pattern).iter().all(|sign| match sign {
            Sign::Plain(c) => {
                !is_digit_place(*c) && !matches!(c.to_ascii_lowercase(), '%' | '*' | 'e' | 'g' | 'b')
            }
            Sign::Bracket(mark) => mark.starts_with("$-"),
            Sign::Quoted => true,
        })
}

/// One section of a pattern of numbers.
fn is_section(section: &[Sign<'_>], has_digits: bool) -> bool {
    let plain = |at: usize| match section.get(at) {
        Some(Sign::Plain(c)) => Some(*c),
        _ => None,
    };
    section.iter().enumerate().all(|(at, sign)| match sign {
        Sign::Quoted => true,
        Sign::Bracket(mark) => is_cell_mark(mark),
        Sign::Plain('*') => false,
        Sign::Plain('e' | 'E') => has_digits && !matches!(plain(at + 1), Some('+' | '-')),
        // Words that are no pattern of numbers, such as one of dates.
        Sign::Plain(c) if c.is_ascii_alphabetic() => has_digits,
        Sign::Plain('/') => !is_fraction(section, at),
        Sign::Plain(_) => true,
    })
}

/// Whether the bar at a place parts numerator and denominator: there are places for digits on both its sides.
fn is_fraction(section: &[Sign<'_>], bar: usize) -> bool {
    let (before, after) = section.split_at(bar);
    let numerator = before.iter().rev().find(|sign| !is_blank(sign));
    let denominator = after.iter().skip(1).find(|sign| !is_blank(sign));
    numerator.is_some_and(is_number) && denominator.is_some_and(is_number)
}

fn is_blank(sign: &Sign<'_>) -> bool {
    matches!(sign, Sign::Plain(' '))
}

fn is_number(sign: &Sign<'_>) -> bool {
    matches!(sign, Sign::Plain(c) if is_digit_place(*c) || c.is_ascii_digit())
}

fn is_digit_place(c: char) -> bool {
    matches!(c, '0' | '#' | '?')
}

/// Whether what stands in brackets says a currency, a language or a colour, and no condition.
fn is_cell_mark(mark: &str) -> bool {
    let lower = mark.to_ascii_lowercase();
    mark.starts_with('$') || lower.starts_with("color") || COLOURS.contains(&lower.as_str())
}

fn is_unit(mark: &str) -> bool {
    matches!(mark.to_ascii_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss")
}

/// The currency in a mark such as `$¥-804`.
pub(super) fn currency(mark: &str) -> &str {
    let Some(inner) = mark.strip_prefix('$') else { return "" };
    inner.split_once('-').map_or(inner, |(currency, _)| currency)
}

fn signs(pattern: &str) -> Vec<Sign<'_>> {
    let mut found = Vec::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = match c {
            '"' => {
                found.push(Sign::Quoted);
                after.split_once('"').map_or("", |(_, behind)| behind)
            }
            '\\' | '!' | '_' => {
                found.push(Sign::Quoted);
                let mut chars = after.chars();
                chars.next();
                chars.as_str()
            }
            '[' => {
                let (mark, behind) = after.split_once(']').unwrap_or((after, ""));
                found.push(Sign::Bracket(mark));
                behind
            }
            other => {
                found.push(Sign::Plain(other));
                after
            }
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_would_write_another_number_is_not_known() {
        for pattern in [
            "0.00E+00",
            "##0.0E+0",
            "# ?/?",
            "# ??/??",
            "?/8",
            "0000/00/00",
            "[>=1000]0;0.0",
            "* 0",
            "yyyy-mm-dd",
            "hh:mm",
            "x",
            "0;0;0;0;0",
            "[h]:mm:ss.00",
            "[h]:mm [>1]0",
            "General\"元\"",
        ] {
            assert!(!writes_numbers(pattern), "{pattern}");
        }
        for pattern in [
            "",
            "@",
            "General",
            "0",
            "#,##0.00",
            "0.0%",
            "[Red]-0.0;0.0",
            "[$¥-804]#,##0",
            "0!.0,\"万\"",
            "0.0 kg",
            "0000\\/00\\/00",
            "CNY 0.00",
            "0;(0);\"none\"",
            "[h]:mm",
            "[DBNum1]0",
            "0\"E+\"",
            ";;;",
            "_(0_)",
            "0/",
        ] {
            assert!(writes_numbers(pattern), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_of_numbers_is_none_of_moments() {
        for pattern in ["0.00", "0", "#", "ss.000", "e/m/d", "[h]:mm", "0%"] {
            assert!(!writes_moments(pattern), "{pattern}");
        }
        for pattern in [
            "yyyy-mm-dd",
            "[$-804]yyyy年m月d日 aaaa",
            "yyyy-mm-ddThh:mm",
            "\"day 0\" d",
            "AM/PM h:mm",
            "General",
        ] {
            assert!(writes_moments(pattern), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_is_held_against_what_is_written_by_it() {
        assert!(suits("yyyy", &[Type::Date, Type::Text]) && !suits("yyyy", &[Type::Number, Type::Text]));
        assert!(
            !suits("0.0", &[Type::DateTime]) && suits("0.0", &[Type::Any]) && suits("# ?/?", &[Type::Text])
        );
        assert!(!suits("# ?/?", &[Type::Any]));
    }
}
