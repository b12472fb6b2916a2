//! How a number is shown: as exactly as people read it, with its digits in groups.

use super::FieldKind;
use crate::text::Language;
use crate::value::{Value, group_digits, trimmed};

impl FieldKind {
    /// How many decimals a number shows at least where its kind keeps more than people write: a unit price has six, and shows
    /// `96.00`; a quantity has three, and shows `48`. None where all are shown.
    pub fn fewest_decimals(&self) -> Option<usize> {
        match self {
            FieldKind::Money(money) if money.scale > 2 => Some(2),
            FieldKind::Percent(percent) if percent.scale > 2 => Some(2),
            FieldKind::Number(number) if number.scale.is_none_or(|scale| scale > 2) => Some(0),
            _ => None,
        }
    }

    /// A number with its digits grouped and as many decimals as its kind shows.
    pub fn number_text(&self, value: &Value, language: Language) -> String {
        let text = self.reading(value, language);
        let (digits, unit) = text.split_once('\u{a0}').unwrap_or((text.as_str(), ""));
        let shown = self.fewest_decimals().map_or(digits.to_string(), |least| trimmed(digits, least));
        let grouped = if self.groups_digits() { group_digits(&shown) } else { shown };
        if unit.is_empty() { grouped } else { format!("{grouped}\u{a0}{unit}") }
    }

    /// Whether its digits stand in groups: not those of numbers that are names of things, such as years.
    fn groups_digits(&self) -> bool {
        let thousands = match self {
            FieldKind::Number(number) => number.thousands,
            FieldKind::Percent(percent) => percent.thousands,
            _ => None,
        };
        thousands != Some(false)
    }
}
