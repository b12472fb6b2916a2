//! What people call the place that a path leads to.

use std::borrow::Cow;

use super::{Field, FormDocument, system_label};
use crate::text::{Fault, Label, Language};

impl FormDocument {
    /// What people call the field at a fault's path: of a record (`amount`; `lines.0.qty` is “Lines 1 · Quantity”, rows
    /// counted from one), or of the document itself (a JSON pointer). `None` where there is no field.
    pub fn label_at(&self, path: &str) -> Option<Label> {
        if let Some(pointer) = path.strip_prefix('/') {
            return self.label_at_pointer(pointer);
        }
        let mut parts = path.split('.').peekable();
        let field = self.field(parts.next()?)?;
        if field.columns().is_empty() {
            return Some(field.label.clone());
        }
        let row = parts.peek().and_then(|part| part.parse::<usize>().ok());
        if row.is_some() {
            parts.next();
        }
        let column = parts.next().and_then(|key| field.columns().iter().find(|column| column.key == key));
        Some(joined(field, row, column))
    }

    fn label_at_pointer(&self, pointer: &str) -> Option<Label> {
        let mut parts = pointer.split('/');
        if parts.next() != Some("fields") {
            return None;
        }
        let field = self.fields.get(parts.next()?.parse::<usize>().ok()?)?;
        let column = match (parts.next(), parts.next(), parts.next()) {
            (Some("options"), Some("fields"), Some(place)) => {
                place.parse::<usize>().ok().and_then(|place| field.columns().get(place))
            }
            _ => None,
        };
        Some(joined(field, None, column))
    }

    /// A fault of this document with the names of the fields that it is about.
    pub(crate) fn named(&self, mut fault: Fault) -> Fault {
        if fault.label.is_none() {
            fault.label = self.label_at(&fault.path).filter(|label| !label.is_blank());
        }
        let about = fault.args.get("field").filter(|path| self.field(path).is_some());
        match about.and_then(|path| self.label_at(path)) {
            Some(label) if !label.is_blank() => fault.name("field", label),
            Some(_) | None => fault,
        }
    }

    /// The fault, where it names a field that is gone and it is known what that was called: that it was removed. `rows` is the
    /// sub-form in whose rows it is named.
    pub fn told_removed(
        &self,
        fault: Fault,
        rows: Option<&str>,
        was_called: &dyn Fn(&str) -> Option<Label>,
    ) -> Fault {
        let is_unknown = matches!(fault.code.as_ref(), "unknown_field" | "unknown_field_like");
        let Some(named) = fault.args.get("field").filter(|_| is_unknown) else { return fault };
        let (named, rows) = match named.strip_prefix("record.") {
            Some(of_record) => (of_record, None),
            None => (named.as_str(), rows),
        };
        let in_row = rows.map(|rows| format!("{rows}.{named}"));
        let paths = in_row.into_iter().chain([named.to_string()]);
        let mut gone = paths.filter(|path| self.field(path).is_none());
        match gone.find_map(|path| was_called(&path)).filter(|label| !label.is_blank()) {
            Some(label) => Fault { code: Cow::Borrowed("removed_field"), ..fault }.name("field", label),
            None => fault,
        }
    }

    /// The sub-form that a JSON pointer of the document leads into the columns of.
    pub fn rows_at(&self, pointer: &str) -> Option<&str> {
        let mut parts = pointer.strip_prefix("/fields/")?.split('/');
        let field = self.fields.get(parts.next()?.parse::<usize>().ok()?)?;
        (parts.next() == Some("options") && parts.next() == Some("fields")).then_some(field.key.as_str())
    }

    /// Fields of a record as a sentence names them, in quotes; without what has no name.
    pub fn called(&self, paths: &[String]) -> Label {
        Label::each(|language| {
            let (open, close, between) = match language {
                Language::En => ("“", "”", ", "),
                Language::ZhCn | Language::ZhTw => ("「", "」", "、"),
            };
            let name = |path: &String| {
                let name = match self.field(path) {
                    Some(field) => field.label.get(language).to_string(),
                    None if path.starts_with('$') => system_label(path, language),
                    None => String::new(),
                };
                (!name.is_empty()).then(|| format!("{open}{name}{close}"))
            };
            paths.iter().filter_map(name).collect::<Vec<_>>().join(between)
        })
    }

    /// Paths as people say them, one after another.
    pub(super) fn labels_of(&self, paths: &[String], between: &str) -> Label {
        Label::each(|language| {
            let name = |path: &String| match self.label_at(path) {
                Some(label) => label.get(language).to_string(),
                None => path.clone(),
            };
            paths.iter().map(name).collect::<Vec<_>>().join(between)
        })
    }
}

/// “Lines 1 · Quantity”, or as much of it as there is.
fn joined(subform: &Field, row: Option<usize>, column: Option<&Field>) -> Label {
    if row.is_none() && column.is_none() {
        return subform.label.clone();
    }
    Label::each(|language| {
        let mut text = subform.label.get(language).to_string();
        if let Some(row) = row {
            text = format!("{text} {}", row.saturating_add(1));
        }
        if let Some(column) = column {
            text = format!("{text} · {}", column.label.get(language));
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_that_was_removed_keeps_its_name_in_what_is_said_of_it() {
        let document = |fields: serde_json::Value| -> FormDocument {
            serde_json::from_value(json!({"key": "f", "label": "F", "fields": fields})).unwrap()
        };
        let number = |key: &str, label: &str| json!({"key": key, "label": label, "kind": "number"});
        let rows = |columns: serde_json::Value| json!({"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": columns}});
        let columns = json!([number("amount", "Part"), number("tax", "Tax")]);
        let before = document(json!([number("amount", "Amount"), rows(columns)]));
        let now = document(json!([number("sum", "Sum"), rows(json!([number("tax", "Tax")]))]));
        let told = |field: &str, pointer: &str| {
            let fault = Fault::new(pointer, "unknown_field").arg("field", field);
            let told = now.told_removed(fault, now.rows_at(pointer), &|path| before.label_at(path));
            (told.code.to_string(), told.spoken_args(Language::En)["field"].clone())
        };
        let gone = |label: &str| ("removed_field".to_string(), label.to_string());
        assert_eq!(told("amount", "/fields/0/compute/formula"), gone("Amount"));
        assert_eq!(told("lines.amount", "/validate/0/formula"), gone("Lines · Part"));
        assert_eq!(told("amount", "/fields/1/options/fields/0/compute/formula"), gone("Lines · Part"));
        assert_eq!(told("record.amount", "/fields/1/options/fields/0/compute/formula"), gone("Amount"));
        assert_eq!(told("nobody", "/rules/0/when").0, "unknown_field");
        assert_eq!(told("sum", "/rules/0/when").0, "unknown_field", "it is there");
    }

    #[test]
    fn places_are_called_by_the_labels_of_their_fields() {
        let label = |zh: &str, en: &str| json!({"zh-CN": zh, "en": en});
        let document: FormDocument = serde_json::from_value(json!({
            "key": "order", "label": "Order",
            "fields": [
                {"key": "customer", "label": label("客户", "Customer"), "kind": "text"},
                {"key": "lines", "label": label("明细", "Lines"), "kind": "subform", "options": {"fields": [
                    {"key": "qty", "label": label("数量", "Quantity"), "kind": "number"},
                ]}},
            ],
        }))
        .unwrap();
        let said =
            |path: &str, language| document.label_at(path).map(|label| label.get(language).to_string());
        let cases = [
            ("customer", Some("客户"), Some("Customer")),
            ("lines", Some("明细"), Some("Lines")),
            ("lines.0", Some("明细 1"), Some("Lines 1")),
            ("lines.11.qty", Some("明细 12 · 数量"), Some("Lines 12 · Quantity")),
            ("lines.0.id", Some("明细 1"), Some("Lines 1")),
            ("lines.qty", Some("明细 · 数量"), Some("Lines · Quantity")),
            ("/fields/0/compute/formula", Some("客户"), Some("Customer")),
            ("/fields/1/options/fields/0/key", Some("明细 · 数量"), Some("Lines · Quantity")),
            ("gone", None, None),
            ("/rules/0", None, None),
            ("", None, None),
        ];
        for (path, chinese, english) in cases {
            assert_eq!(said(path, Language::ZhCn).as_deref(), chinese, "{path}");
            assert_eq!(said(path, Language::En).as_deref(), english, "{path}");
        }
        assert_eq!(
            said("lines.0.qty", Language::ZhTw).as_deref(),
            Some("明细 1 · 数量"),
            "the nearest language"
        );
    }
}
