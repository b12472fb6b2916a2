//! What a draft changes of the published form, for the question before publishing.

use engine::form::FormDocument;
use engine::text::{Label, Language};

/// One difference; fields are named by their labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Added(String),
    Removed(String),
    Changed(String),
    /// Order, widths, or something of the form itself.
    Form,
}

/// Everything that differs, in the order of the form; what is taken out comes last.
pub fn changes(published: &FormDocument, draft: &FormDocument, language: Language) -> Vec<Change> {
    let name = |label: &Label| label.get(language).to_string();
    let mut found = Vec::new();
    for field in &draft.fields {
        match published.field(&field.key) {
            None => found.push(Change::Added(name(&field.label))),
            Some(before) if before != field => found.push(Change::Changed(name(&field.label))),
            Some(_) => {}
        }
    }
    for field in &published.fields {
        if draft.field(&field.key).is_none() {
            found.push(Change::Removed(name(&field.label)));
        }
    }
    let rest = |document: &FormDocument| FormDocument { fields: Vec::new(), ..document.clone() };
    let order = |document: &FormDocument, other: &FormDocument| {
        let kept = document.fields.iter().filter(|field| other.field(&field.key).is_some());
        kept.map(|field| field.key.clone()).collect::<Vec<_>>()
    };
    if rest(published) != rest(draft) || order(published, draft) != order(draft, published) {
        found.push(Change::Form);
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_difference_is_named_once() {
        let read = |json| serde_json::from_value::<FormDocument>(json).unwrap();
        let field = |key: &str, label: &str| json!({"key": key, "label": label, "kind": "text"});
        let before = read(
            json!({"key": "f", "label": "F", "fields": [field("a", "A"), field("b", "B"), field("c", "C")]}),
        );
        let after = read(
            json!({"key": "f", "label": "F", "fields": [field("a", "A"), field("b", "Bee"), field("d", "D")]}),
        );
        let named = |label: &str| label.to_string();
        assert_eq!(
            changes(&before, &after, Language::En),
            [Change::Changed(named("Bee")), Change::Added(named("D")), Change::Removed(named("C"))]
        );
        let turned = read(
            json!({"key": "f", "label": "F", "fields": [field("b", "B"), field("a", "A"), field("c", "C")]}),
        );
        assert_eq!(changes(&before, &turned, Language::En), [Change::Form]);
        assert!(changes(&before, &before, Language::En).is_empty());
    }
}
