//! Numbers of one column with their points below each other: where a kind shows as many decimals as a number has, those of
//! the list have as many as the longest of them.

use engine::field::{FieldKind, ResultType};
use wire::records::Record;

/// Whether numbers of a kind show as many decimals as each of them has.
pub fn vary(kind: &FieldKind) -> bool {
    match kind {
        FieldKind::Number(_) => kind.fewest_decimals().is_some(),
        FieldKind::Formula(formula) => formula.scale.is_none() && formula.result == ResultType::Number,
        _ => false,
    }
}

/// The most decimals that a field has among these records, zeros at the end left out.
pub fn most<'r>(records: impl Iterator<Item = &'r Record>, key: &str) -> usize {
    let digits = records.filter_map(|record| record.fields.get(key)?.as_str());
    digits.map(decimals).max().unwrap_or_default()
}

fn decimals(number: &str) -> usize {
    number.split_once('.').map_or(0, |(_, fraction)| fraction.trim_end_matches('0').len())
}

/// A number as it is read, with zeros up to so many decimals before its unit.
pub fn padded(text: &str, decimals: usize) -> String {
    let (number, unit) =
        text.split_once('\u{a0}').map_or((text, None), |(number, unit)| (number, Some(unit)));
    let has = number.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let is_number = number.ends_with(|sign: char| sign.is_ascii_digit());
    let mut whole = number.to_string();
    if is_number && has < decimals {
        if has == 0 {
            whole.push('.');
        }
        whole.push_str(&"0".repeat(decimals - has));
    }
    unit.map_or(whole.clone(), |unit| format!("{whole}\u{a0}{unit}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_of_a_column_have_as_many_decimals_as_the_longest_of_them() {
        assert_eq!(decimals("957.57750000"), 4);
        assert_eq!((decimals("12.000"), decimals("12")), (0, 0));
        assert_eq!(padded("261.96", 4), "261.9600");
        assert_eq!(padded("1,200", 2), "1,200.00");
        assert_eq!(padded("-3.5\u{a0}kg", 3), "-3.500\u{a0}kg");
        assert_eq!(padded("957.5775", 2), "957.5775", "nothing is cut");
        assert_eq!(padded("", 2), "", "what is empty stays so");
    }

    #[test]
    fn numbers_with_digits_of_their_own_stay_as_they_are() {
        let varies = |name: &str, options| vary(&FieldKind::from_parts(name, options).unwrap());
        assert!(varies("number", json!({})) && varies("number", json!({"scale": 4})));
        assert!(varies("formula", json!({"formula": "1"})));
        assert!(!varies("number", json!({"scale": 2})) && !varies("money", json!({"scale": 6})));
        assert!(!varies("formula", json!({"formula": "1", "scale": 2})));
        assert!(!varies("formula", json!({"formula": "1", "type": "text"})));
    }
}
