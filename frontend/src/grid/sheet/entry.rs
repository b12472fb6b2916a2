//! What a text means for a cell, typed or pasted, and the text of a cell that is copied.

use engine::field::{FieldKind, Reference, Shape};
use engine::form::Column;
use engine::import::{Writing, Written, cell_json, cell_parts};
use engine::value::{Id, Value};
use leptos::prelude::*;
use serde_json::Value as Json;

use crate::fill::{Titles, sentence};
use crate::i18n;

/// What a text is.
#[derive(Clone, Debug, PartialEq)]
pub enum Entered {
    /// A value, in its wire form.
    Value(Json),
    /// What a record, a member or a department is called: several, where the field holds several.
    Names(Vec<String>),
    /// No value of the field, and why.
    Wrong(String),
}

/// Reads a text as the field reads what comes from a spreadsheet.
pub fn entered(column: &Column, text: &str) -> Entered {
    if text.trim().is_empty() {
        return Entered::Value(Json::Null);
    }
    let kind = &column.field.kind;
    if let Some(reference) = kind.reference()
        && reference != Reference::File
    {
        let is_several = matches!(column.shape, Shape::Refs);
        return Entered::Names(match is_several {
            true => cell_parts(text).map(str::to_string).collect(),
            false => vec![text.trim().to_string()],
        });
    }
    match column.parse(&cell_json(kind, text, &i18n::zone())) {
        Ok(value) => checked(column, &value),
        Err(fault) => Entered::Wrong(sentence(&fault)),
    }
}

/// A value, unless it is beyond what the field allows.
pub fn checked(column: &Column, value: &Value) -> Entered {
    let fault = if value.is_empty() { None } else { column.check(value).into_iter().next() };
    match fault {
        Some(fault) => Entered::Wrong(sentence(&fault)),
        None => Entered::Value(column.read_kind.to_json(value)),
    }
}

/// The text of a value as a spreadsheet takes it, and as it is read here again.
pub fn copied(kind: &FieldKind, value: &Value, titles: Titles) -> String {
    let language = i18n::language_now();
    let name = |id: Id| untrack(|| titles.known(id));
    let writing = Writing { language, zone: &i18n::zone(), labels: true, name: &name };
    Written::new(kind, value, &writing).text(language)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::form_of;

    #[test]
    fn texts_become_what_the_field_holds_or_say_why_not() {
        let form = form_of(json!([
            {"key": "qty", "label": "x", "kind": "number", "options": {"scale": 2, "max": "5000"}},
            {"key": "day", "label": "x", "kind": "date"},
            {"key": "stage", "label": "x", "kind": "select", "options": {"choices": [
                {"key": "won", "label": {"en": "Won", "zh-CN": "赢单"}}]}},
            {"key": "who", "label": "x", "kind": "members"},
            {"key": "boss", "label": "x", "kind": "member"}]));
        let read = |key: &str, text: &str| entered(form.column(key).unwrap(), text);
        assert_eq!(read("qty", "１,234.5"), Entered::Value(json!("1234.50")));
        assert_eq!(read("qty", " "), Entered::Value(Json::Null));
        assert!(matches!(read("qty", "many"), Entered::Wrong(_)));
        assert!(matches!(read("qty", "5001"), Entered::Wrong(_)), "beyond the field's limit");
        assert_eq!(read("day", "2024/9/9"), Entered::Value(json!("2024-09-09")));
        assert_eq!(read("stage", "赢单"), Entered::Value(json!("won")));
        assert!(matches!(read("stage", "Lost"), Entered::Wrong(_)));
        assert_eq!(read("who", "王芳; Ada"), Entered::Names(vec!["王芳".into(), "Ada".into()]));
        assert_eq!(read("boss", " Ada Li "), Entered::Names(vec!["Ada Li".into()]));
    }

    #[test]
    fn what_is_copied_is_read_as_the_same_again() {
        let form = form_of(json!([
            {"key": "qty", "label": "x", "kind": "number", "options": {"scale": 2}},
            {"key": "share", "label": "x", "kind": "percent"},
            {"key": "day", "label": "x", "kind": "date"},
            {"key": "at", "label": "x", "kind": "datetime"},
            {"key": "on", "label": "x", "kind": "switch"},
            {"key": "tags", "label": "x", "kind": "multi_select", "options": {"choices": [
                {"key": "a", "label": "A, or so"}, {"key": "b", "label": "B"}]}}]));
        for (key, value) in [
            ("qty", json!("-1234.50")),
            ("share", json!("12.50")),
            ("day", json!("2024-09-09")),
            ("at", json!("2024-09-09T08:30:00Z")),
            ("on", json!(true)),
            ("tags", json!(["a", "b"])),
        ] {
            let column = form.column(key).unwrap();
            let text = copied(&column.read_kind, &column.read_kind.read(&value), Titles::default());
            assert_eq!(entered(column, &text), Entered::Value(value), "{key} {text}");
        }
    }
}
