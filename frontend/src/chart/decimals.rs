//! How many digits after the point the numbers of a column are shown with.

use engine::value::Decimal;
use serde_json::{Map, Value as Json};
use wire::FigureColumn;

use crate::i18n;

/// As many as one of the numbers needs, so that they stand below each other and end in no needless zeros: `20`, `3,729`.
/// Money, rates and whatever else has a unit keep all that they have.
pub fn decimals<'r>(column: &FigureColumn, rows: impl IntoIterator<Item = &'r Map<String, Json>>) -> usize {
    if column.unit.is_some() {
        return usize::MAX;
    }
    let needed = |row: &Map<String, Json>| {
        let number = i18n::trimmed(row.get(&column.key)?.as_str()?, 0);
        number.split_once('.').map(|(_, fraction)| fraction.len())
    };
    rows.into_iter().filter_map(needed).max().unwrap_or(0)
}

/// A number of a column with so many decimals. That there is nothing reads `0` in every table, whatever stands above it.
pub fn with_decimals(value: &str, decimals: usize) -> String {
    let is_nothing = decimals != usize::MAX && value.parse::<Decimal>().is_ok_and(|number| number.is_zero());
    if is_nothing { "0".to_string() } else { i18n::trimmed(value, decimals) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_column_has_as_many_decimals_as_one_of_its_numbers_needs() {
        let rows = |numbers: &[Json]| -> Vec<Map<String, Json>> {
            numbers.iter().map(|number| [("n".to_string(), number.clone())].into_iter().collect()).collect()
        };
        let column = |unit: Option<&str>| FigureColumn {
            key: "n".to_string(),
            unit: unit.map(str::to_string),
            ..FigureColumn::default()
        };
        let pieces = rows(&[json!("0.000"), json!("3729.000"), Json::Null]);
        assert_eq!(decimals(&column(None), &pieces), 0);
        let mixed = rows(&[json!("20.000"), json!("2508.100"), json!("7")]);
        assert_eq!(decimals(&column(None), &mixed), 1);
        assert_eq!(with_decimals("20.000", decimals(&column(None), &mixed)), "20.0");
        assert_eq!(with_decimals("0.000", decimals(&column(None), &mixed)), "0");
        let money = rows(&[json!("20.00")]);
        assert_eq!(with_decimals("20.00", decimals(&column(Some("CNY")), &money)), "20.00");
        assert_eq!(with_decimals("0.00", decimals(&column(Some("CNY")), &money)), "0.00");
    }
}
