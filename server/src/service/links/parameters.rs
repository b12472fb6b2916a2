//! Which parameters of its app a form reads: a visitor is told of these alone.

use serde_json::Value as Json;

/// What a text stands between in a formula.
const QUOTES: [char; 4] = ['"', '\'', '“', '”'];

/// Whether a document reads a parameter: `{"param": "rate"}` in a condition, or `PARAM("rate")` in a formula.
pub fn reads(document: &Json, key: &str) -> bool {
    match document {
        Json::Object(members) => {
            let in_condition = members.get("param").and_then(Json::as_str) == Some(key);
            in_condition || members.values().any(|inner| reads(inner, key))
        }
        Json::Array(items) => items.iter().any(|inner| reads(inner, key)),
        Json::String(text) => text.match_indices(key).any(|(place, _)| is_asked_at(text, place, key)),
        _ => false,
    }
}

/// Whether `PARAM` is called with the key that stands at a place.
fn is_asked_at(text: &str, place: usize, key: &str) -> bool {
    let (before, after) = text.split_at(place);
    let is_quoted =
        before.ends_with(QUOTES) && after.get(key.len()..).is_some_and(|rest| rest.starts_with(QUOTES));
    let called = before.trim_end_matches(QUOTES).trim_end().strip_suffix('(').unwrap_or_default().trim_end();
    let name = called.get(called.len().saturating_sub("PARAM".len())..);
    is_quoted && name.is_some_and(|name| name.eq_ignore_ascii_case("PARAM"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn t02_a_parameter_is_read_where_it_is_named_as_one_and_nowhere_else() {
        let reading = [
            json!({"fields": [{"compute": "amount * PARAM(\"rate\")"}]}),
            json!({"default": "param( 'rate' ) + 1"}),
            json!({"default": "1 + PARAM(\n  “rate”\n)"}),
            json!({"rules": [{"when": {"field": "amount", "op": "gt", "value": {"param": "rate"}}}]}),
        ];
        for document in reading {
            assert!(reads(&document, "rate"), "{document}");
            assert!(!reads(&document, "rat") && !reads(&document, "amount"), "{document}");
        }
        for document in [
            json!({"key": "rate", "label": "rate", "kind": "rate"}),
            json!({"default": "rate * 2"}),
            json!({"default": "CONCAT(\"rate\")"}),
            json!({"default": "PARAM(\"rate_of_others\")"}),
            json!({"default": "PARAM(\"other\") & \"rate\""}),
            json!({"label": "数PARAM(rate)"}),
        ] {
            assert!(!reads(&document, "rate"), "{document}");
        }
    }
}
