//! What a cell means for its field.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use crate::field::{Choice, FieldKind, Shape};
use crate::text::Fault;
use crate::value::{
    Date, Value, fold, format_date, format_month, format_timestamp, parse_date, parse_local_moment,
    parse_month,
};

/// What stands between several values in one cell.
const PARTS: [char; 7] = [';', '；', '、', ',', '，', '\n', '\r'];

/// The cell as a request would have it, for the kind to read. A moment without an offset is one of `zone`; several
/// choices stand side by side, parted by `;` or `、` or a comma. A value that is no text stands in a cell as its JSON.
pub fn cell_json(kind: &FieldKind, cell: &str, zone: &TimeZone) -> Json {
    let text = || Json::String(cell.to_string());
    match kind {
        FieldKind::DateTime(_) => Json::String(moment(cell, zone).unwrap_or_else(|| cell.to_string())),
        FieldKind::Date(_) => midnight(cell).map_or_else(text, |date| Json::String(format_date(date))),
        FieldKind::Month(_) => day_in(cell).map_or_else(text, |date| Json::String(format_month(date))),
        _ if cell.trim().is_empty() => text(),
        _ if kind.shape() == Shape::Keys => choices(kind, cell),
        _ => structured(kind, cell).unwrap_or_else(text),
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

/// The parts of a cell that names several things.
pub fn cell_parts(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(PARTS).map(str::trim).filter(|part| !part.is_empty())
}

fn moment(cell: &str, zone: &TimeZone) -> Option<String> {
    let at_midnight = || Some((parse_date(cell)?, Time::midnight()));
    let (date, time) = parse_local_moment(cell).or_else(at_midnight)?;
    let zoned = date.to_datetime(time).to_zoned_datetime(zone.clone()).ok()?;
    Some(format_timestamp(zoned.timestamp()))
}

/// The day of a moment at its very beginning, which is how spreadsheets write a day.
fn midnight(cell: &str) -> Option<Date> {
    let (date, time) = parse_local_moment(cell)?;
    (time == Time::midnight()).then_some(date)
}

/// The day in a cell that is to be a month, where it is written as a day.
fn day_in(cell: &str) -> Option<Date> {
    if parse_month(cell).is_some() {
        return None;
    }
    parse_date(cell).or_else(|| midnight(cell))
}

/// JSON in a cell, of a kind that does not read it as text.
fn structured(kind: &FieldKind, cell: &str) -> Option<Json> {
    if !cell.trim_start().starts_with(['{', '[']) || kind.parse(&Json::String(cell.to_string())).is_ok() {
        return None;
    }
    let json: Json = serde_json::from_str(cell).ok()?;
    kind.parse(&json).is_ok().then_some(json)
}

/// The choices in a cell. Their names may hold what stands between them: the longest piece that is a choice is one.
fn choices(kind: &FieldKind, cell: &str) -> Json {
    let named = |text: &str| {
        let folded = fold(text);
        let is_it = |choice: &Choice| {
            choice.key == text || choice.label.texts().iter().any(|label| fold(label) == folded)
        };
        kind.choices().iter().any(is_it)
    };
    // Where a piece may end: before each sign that parts, and at the end.
    let ends: Vec<usize> =
        cell.char_indices().filter(|(_, sign)| PARTS.contains(sign)).map(|(place, _)| place).collect();
    let ends: Vec<usize> = ends.into_iter().chain([cell.len()]).collect();
    let mut found = Vec::new();
    let (mut start, mut next) = (0, 0);
    while let Some(rest) = ends.get(next..).filter(|rest| !rest.is_empty()) {
        let piece = |end: &usize| cell.get(start..*end).unwrap_or_default().trim();
        // A cell of very many pieces is no list of choices with commas in their names.
        let longest = rest.iter().take(MOST_PIECES).rposition(|end| named(piece(end)));
        let taken = longest.unwrap_or_default();
        let end = rest.get(taken).copied().unwrap_or(cell.len());
        let text = cell.get(start..end).unwrap_or_default().trim();
        if !text.is_empty() {
            found.push(Json::String(text.to_string()));
        }
        let parting = cell.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        (start, next) = (end + parting, next + taken + 1);
    }
    Json::Array(found)
}

/// Pieces between commas of one choice's name at most.
const MOST_PIECES: usize = 8;

/// The value that a cell stands for, where it stands for one.
pub(super) fn value_of(kind: &FieldKind, cell: &str, zone: &TimeZone) -> Option<Value> {
    kind.parse(&cell_json(kind, cell, zone)).ok()
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
        assert_eq!(cell_json(&kind, "2024/9/9", &zone), json!("2024-09-08T16:00:00Z"));
        assert_eq!(cell_json(&kind, "2024-09-09T08:30:00Z", &zone), json!("2024-09-09T08:30:00Z"));
        assert_eq!(cell_json(&kind, "soon", &zone), json!("soon"));
    }

    #[test]
    fn days_are_read_as_spreadsheets_write_them() {
        let date = FieldKind::from_parts("date", Json::Null).unwrap();
        let month = FieldKind::from_parts("month", Json::Null).unwrap();
        for (kind, cell, json) in [
            (&date, "2024-09-09 00:00:00", "2024-09-09"),
            (&date, "2024-09-09 08:30", "2024-09-09 08:30"),
            (&date, "2024/9/9", "2024/9/9"),
            (&month, "2024-09-01", "2024-09"),
            (&month, "2024-09-01 00:00", "2024-09"),
            (&month, "2024/9", "2024/9"),
        ] {
            assert_eq!(cell_json(kind, cell, &TimeZone::UTC), json!(json), "{cell}");
        }
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
        let options = json!({"choices": [
            {"key": "a", "label": "A, or so"}, {"key": "b", "label": "B"}, {"key": "c", "label": "A"}]});
        let kind = FieldKind::from_parts("multi_select", options).unwrap();
        for (cell, json) in [
            ("a; B", json!(["a", "B"])),
            ("A, or so", json!(["A, or so"])),
            ("A, or so、B", json!(["A, or so", "B"])),
            ("B,A, or so,a", json!(["B", "A, or so", "a"])),
            ("A, B", json!(["A", "B"])),
            ("x; B", json!(["x", "B"])),
            (";;", json!([])),
        ] {
            assert_eq!(cell_json(&kind, cell, &TimeZone::UTC), json, "{cell}");
        }
        let open = json!({"choices": [{"key": "a", "label": "A"}], "allow_other": true});
        let kind = FieldKind::from_parts("multi_select", open).unwrap();
        assert_eq!(cell_json(&kind, "a; other", &TimeZone::UTC), json!(["a", "other"]));
        assert_eq!(cell_parts("王芳; 李雷、Ada").collect::<Vec<_>>(), ["王芳", "李雷", "Ada"]);
    }
}
