//! What a draft changes of the published form, for the question before publishing.

use engine::field::{Field, FieldKind};
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

/// Whether a formula is new or another than before: records that are there keep what they hold until their next save.
pub fn computes_anew(published: &FormDocument, draft: &FormDocument) -> bool {
    let formula = |field: &Field| match &field.kind {
        FieldKind::Formula(formula) => Some(formula.formula.clone()),
        _ => field.compute.as_ref().map(|rule| rule.formula.clone()),
    };
    draft.all_fields().any(|(path, field)| {
        let now = formula(field);
        now.is_some() && now != published.field(&path).and_then(formula)
    })
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

    #[test]
    fn a_formula_that_is_new_or_another_computes_anew() {
        let form = |fields| serde_json::from_value(json!({"key": "f", "label": "F", "fields": fields}));
        let form = |fields| -> FormDocument { form(fields).unwrap() };
        let number = json!({"key": "n", "label": "N", "kind": "number"});
        let formula = |text: &str| json!({"key": "d", "label": "D", "kind": "formula", "options": {"formula": text, "type": "number"}});
        let before = form(json!([number, formula("n * 2")]));
        let label = json!({"key": "n", "label": "Number", "kind": "number"});
        assert!(!computes_anew(&before, &form(json!([label, formula("n * 2")]))));
        assert!(!computes_anew(&before, &form(json!([number]))));
        assert!(computes_anew(&before, &form(json!([number, formula("n * 3")]))));
        assert!(computes_anew(&form(json!([number])), &before));
        let computed = json!({"key": "c", "label": "C", "kind": "number", "compute": {"formula": "1 + 1"}});
        let rows =
            json!({"key": "rows", "label": "Rows", "kind": "subform", "options": {"fields": [computed]}});
        assert!(computes_anew(&before, &form(json!([number, formula("n * 2"), rows]))));
    }
}
