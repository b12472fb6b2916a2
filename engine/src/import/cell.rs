//! What a cell means for its field.

use jiff::tz::TimeZone;
use serde_json::Value as Json;

use crate::field::FieldKind;
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
    fn several_choices_stand_in_one_cell() {
        let options = json!({"choices": [{"key": "a", "label": "A, or so"}, {"key": "b", "label": "B"}]});
        let kind = FieldKind::from_parts("multi_select", options).unwrap();
        assert_eq!(cell_json(&kind, "a; B", &TimeZone::UTC), json!(["a", "B"]));
        assert_eq!(cell_json(&kind, "A, or so", &TimeZone::UTC), json!(["A, or so"]));
    }
}
