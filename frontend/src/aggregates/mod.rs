//! Aggregate tables: their list, the groups of one with the records behind each number, and their design.

mod behind;
mod edit;
mod fields;
mod list;
mod readers;
mod sources;
mod table;

pub use edit::AggregateEditPage;
pub use list::AggregatesPage;
pub use table::AggregatePage;

use engine::aggregate::AggregateDocument;
use engine::text::Label;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::i18n;

/// The table of the address.
fn table_param() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("aggregate")).unwrap_or_default())
}

/// The document of a table, as the engine has it.
fn document_of(table: &wire::Aggregate) -> Option<AggregateDocument> {
    serde_json::from_value(table.document.clone()).ok()
}

/// What a table is called.
fn name_of(table: &wire::Aggregate) -> String {
    let named = document_of(table).map(|document| document.label.get(i18n::language()).to_string());
    named.filter(|name| !name.is_empty()).unwrap_or_else(|| table.key.clone())
}

/// A label in the language on the screen, or the code of what has none.
fn called(label: Option<&Label>, key: &str) -> String {
    let text = label.map(|label| label.get(i18n::language()).to_string()).unwrap_or_default();
    if text.is_empty() { key.to_string() } else { text }
}

/// The measures of a table with what they are called: those that are kept, then those that are computed.
fn measures_of(document: &AggregateDocument) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for (key, measure) in document.sources.iter().flat_map(|source| &source.measures) {
        let name = called(measure.label.as_ref(), key);
        match found.iter().position(|(known, _)| known == key) {
            None => found.push((key.clone(), name)),
            Some(place) => {
                // The first source that says so names it.
                if let Some((_, known)) = found.get_mut(place).filter(|(_, known)| known == key) {
                    *known = name;
                }
            }
        }
    }
    let computed =
        document.measures.iter().map(|known| (known.key.clone(), called(known.label.as_ref(), &known.key)));
    found.extend(computed);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_named_by_the_first_source_that_names_them() {
        let document = serde_json::json!({"key": "t", "label": "T", "dimensions": [],
            "sources": [
                {"form": "a", "group": {}, "measures": {"qty": {"fn": "count"}, "sum": {"fn": "sum", "field": "x"}}},
                {"form": "b", "group": {}, "measures": {"qty": {"label": "Pieces", "fn": "count"}}}],
            "measures": [{"key": "rest", "label": "Rest", "formula": "qty - sum"}]});
        let document: AggregateDocument = serde_json::from_value(document).unwrap();
        let named = measures_of(&document);
        let named: Vec<(&str, &str)> =
            named.iter().map(|(key, name)| (key.as_str(), name.as_str())).collect();
        assert_eq!(named, [("qty", "Pieces"), ("sum", "sum"), ("rest", "Rest")]);
    }
}
