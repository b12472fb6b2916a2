//! Criteria of SUMIF, COUNTIF and their kin: a value, or a text such as `">=10"`, `"<>pen"`, `"p*"`.

use std::cmp::Ordering;

use super::arguments::{Frame, Halt};
use super::operators::{order, same};
use super::syntax::Operator;
use crate::value::{
    Value, fold, parse_date, parse_decimal, parse_local_moment, parse_timestamp, parse_typed_time,
};

/// What an item must be.
pub(super) struct Criterion {
    operator: Operator,
    operand: Value,
    /// The operand as a folded text with `*` and `?`, if it is text.
    pattern: Option<Vec<char>>,
}

impl Criterion {
    pub fn new(value: &Value, frame: &Frame) -> Result<Criterion, Halt> {
        if let Value::Error(error) = value {
            return Err((*error).into());
        }
        let Value::Text(text) = value else {
            return Ok(Criterion { operator: Operator::Equal, operand: value.clone(), pattern: None });
        };
        frame.charge(text.len() as u64 / 64)?;
        let signs = [
            (">=", Operator::GreaterOrEqual),
            ("<=", Operator::LessOrEqual),
            ("<>", Operator::NotEqual),
            ("!=", Operator::NotEqual),
            (">", Operator::Greater),
            ("<", Operator::Less),
            ("==", Operator::Equal),
            ("=", Operator::Equal),
        ];
        let found = signs.iter().find_map(|(sign, operator)| Some((*operator, text.strip_prefix(sign)?)));
        let (operator, rest) = found.unwrap_or((Operator::Equal, text));
        let operand = if rest.is_empty() { Value::Empty } else { Value::text(rest) };
        Ok(Criterion { operator, operand, pattern: Some(fold(rest).chars().collect()) })
    }

    pub fn holds(&self, item: &Value, frame: &Frame) -> Result<bool, Halt> {
        if let Value::Error(error) = item {
            return Err((*error).into());
        }
        match self.operator {
            Operator::NotEqual => Ok(!self.equals(item, frame)?),
            Operator::Less => Ok(self.compares(item, frame, Ordering::is_lt)),
            Operator::LessOrEqual => Ok(self.compares(item, frame, Ordering::is_le)),
            Operator::Greater => Ok(self.compares(item, frame, Ordering::is_gt)),
            Operator::GreaterOrEqual => Ok(self.compares(item, frame, Ordering::is_ge)),
            Operator::Equal
            | Operator::Add
            | Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::Power
            | Operator::Join => self.equals(item, frame),
        }
    }

    fn equals(&self, item: &Value, frame: &Frame) -> Result<bool, Halt> {
        match (item, &self.pattern) {
            (Value::Text(text), Some(pattern)) if !pattern.is_empty() => {
                frame.charge((text.len() as u64 * pattern.len() as u64) / 256)?;
                Ok(matches_pattern(&fold(text).chars().collect::<Vec<_>>(), pattern))
            }
            _ => Ok(self.read_as(item, frame).is_some_and(|operand| same(item, &operand, frame))),
        }
    }

    fn compares(&self, item: &Value, frame: &Frame, holds: fn(Ordering) -> bool) -> bool {
        if item.is_empty() || self.operand.is_empty() {
            return false;
        }
        self.read_as(item, frame).and_then(|operand| order(item, &operand, frame)).is_some_and(holds)
    }

    /// The operand as the kind of value that the item is; `None` if it can't be read as one.
    fn read_as(&self, item: &Value, frame: &Frame) -> Option<Value> {
        let Value::Text(text) = &self.operand else { return Some(self.operand.clone()) };
        match item {
            Value::Number(_) => parse_decimal(text).ok().map(Value::Number),
            Value::Date(_) | Value::DateTime(_) => {
                parse_date(text).map(Value::Date).or_else(|| read_moment(text, frame))
            }
            Value::Time(_) => parse_typed_time(text).map(Value::Time),
            Value::Bool(_) => match text.to_ascii_uppercase().as_str() {
                "TRUE" => Some(Value::Bool(true)),
                "FALSE" => Some(Value::Bool(false)),
                _ => None,
            },
            Value::Empty
            | Value::Text(_)
            | Value::Ref(_)
            | Value::List(_)
            | Value::Rows(_)
            | Value::Error(_) => Some(self.operand.clone()),
        }
    }
}

/// An instant as it is written: with its offset, or as the clock of the workspace's zone shows it.
fn read_moment(text: &str, frame: &Frame) -> Option<Value> {
    if let Some(instant) = parse_timestamp(text) {
        return Some(Value::DateTime(instant));
    }
    let (date, time) = parse_local_moment(text)?;
    let zoned = date.to_datetime(time).to_zoned_datetime(frame.zone.clone()).ok()?;
    Some(Value::DateTime(zoned.timestamp()))
}

/// Whether a text is what a pattern says: `*` is any text, `?` any character, `~` takes away the meaning of the next.
fn matches_pattern(text: &[char], pattern: &[char]) -> bool {
    let (mut at, mut place) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let (wild, literal, width) = match pattern.get(place) {
            Some('~') if place + 1 < pattern.len() => (None, pattern.get(place + 1), 2),
            Some(c @ ('*' | '?')) => (Some(*c), None, 1),
            other => (None, other, 1),
        };
        match (wild, literal, text.get(at)) {
            (Some('*'), _, _) => {
                retry = Some((place + 1, at));
                place += 1;
                continue;
            }
            (None, None, None) => return true,
            (Some(_), _, Some(_)) => {
                at += 1;
                place += 1;
                continue;
            }
            (None, Some(wanted), Some(c)) if wanted == c => {
                at += 1;
                place += width;
                continue;
            }
            _ => {}
        }
        // The last star takes one more character.
        match &mut retry {
            Some((after_star, taken)) if *taken < text.len() => {
                *taken += 1;
                (place, at) = (*after_star, *taken);
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        let matches = |text: &str, pattern: &str| {
            matches_pattern(&text.chars().collect::<Vec<_>>(), &pattern.chars().collect::<Vec<_>>())
        };
        for (text, pattern) in [
            ("pen", "p*"),
            ("pen", "*n"),
            ("pen", "p?n"),
            ("", "*"),
            ("abcabc", "*bc"),
            ("a*b", "a~*b"),
            ("aXbXc", "a*b*c"),
        ] {
            assert!(matches(text, pattern), "{text} {pattern}");
        }
        for (text, pattern) in [("pen", "p"), ("pen", "?"), ("axb", "a~*b"), ("", "?"), ("abcabd", "*bc")] {
            assert!(!matches(text, pattern), "{text} {pattern}");
        }
    }
}
