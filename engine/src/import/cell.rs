//! What a cell means for its field.

use jiff::tz::TimeZone;
use serde_json::Value as Json;

use crate::field::FieldKind;
use crate::text::Fault;
use crate::value::{format_timestamp, parse_local_moment};

/// The cell as a request would have it, for the kind to read. A moment without an offset is one of `zone`; several
/// choices stand side by side, parted by `;` or `、` or a comma.
pub fn cell_json(kind: &FieldKind, cell: &str, zone: &TimeZone) -> Json {
    match kind {
        FieldKind::DateTime(_) => Json::String(moment(cell, zone).unwrap_or_else(|| cell.to_string())),
        FieldKind::MultiSelect(_) if !cell.trim().is_empty() => {
            let whole = Json::Array(vec![Json::String(cell.trim().to_string())]);
            if kind.parse(&whole).is_ok_and(|value| kind.check(&value).is_empty()) {
                whole
            } else {
                parts(cell)
            }
        }
        _ => Json::String(cell.to_string()),
    }
}

/// Why a cell is no value of its field; nothing for one that is a value, or is blank.
pub fn cell_fault(kind: &FieldKind, cell: &str, zone: &TimeZone) -> Option<Fault> {
    if cell.trim().is_empty() {
        return None;
    }
    match kind.parse(&cell_json(kind, cell, zone)) {
        Ok(value) => kind.check(&value).into_iter().next(),
        Err(fault) => Some(fault),
    }
}

fn moment(cell: &str, zone: &TimeZone) -> Option<String> {
    let (date, time) = parse_local_moment(cell)?;
    let zoned = date.to_datetime(time).to_zoned_datetime(zone.clone()).ok()?;
    Some(format_timestamp(zoned.timestamp()))
}

fn parts(cell: &str) -> Json {
    let parts = cell.split([';', '；', '、', ',', '，', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(|part| Json::String(part.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn moments_are_those_of_the_zone() {
        let kind = FieldKind::from_parts("datetime", Json::Null).unwrap();
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        assert_eq!(cell_json(&kind, "2024/9/9 8:30", &zone), json!("2024-09-09T00:30:00Z"));
        assert_eq!(cell_json(&kind, "2024-09-09T08:30:00Z", &zone), json!("2024-09-09T08:30:00Z"));
        assert_eq!(cell_json(&kind, "soon", &zone), json!("soon"));
    }

    #[test]
    fn what_does_not_fit_is_said_and_blanks_fit_everything() {
        let date = FieldKind::from_parts("date", Json::Null).unwrap();
        assert_eq!(cell_fault(&date, "2024/9/9", &TimeZone::UTC), None);
        assert_eq!(cell_fault(&date, " ", &TimeZone::UTC), None);
        assert_eq!(cell_fault(&date, "soon", &TimeZone::UTC).unwrap().code, "not_a_date");
        let number = FieldKind::from_parts("number", json!({"max": "10"})).unwrap();
        assert_eq!(cell_fault(&number, "11", &TimeZone::UTC).unwrap().code, "too_large");
    }

    #[test]
    fn several_choices_stand_in_one_cell() {
        let options = json!({"choices": [{"key": "a", "label": "A, or so"}, {"key": "b", "label": "B"}]});
        let kind = FieldKind::from_parts("multi_select", options).unwrap();
        assert_eq!(cell_json(&kind, "a; B", &TimeZone::UTC), json!(["a", "B"]));
        assert_eq!(cell_json(&kind, "A, or so", &TimeZone::UTC), json!(["A, or so"]));
    }
}
