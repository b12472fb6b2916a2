//! How a record is called.

use crate::form::Form;
use crate::text::Language;
use crate::value::{Value, Values, get};

/// The record's title: the form's pattern with the values of its own fields (paths through links are looked up by
/// `linked_text`), or the first text field without one.
pub fn title(
    form: &Form,
    values: &Values,
    language: Language,
    linked_text: &dyn Fn(&str) -> String,
) -> String {
    let text_of = |path: &str| match form.column(path) {
        Some(column) => match get(values, path) {
            Value::Empty => String::new(),
            value => column.read_kind.display(value, language),
        },
        None => linked_text(path),
    };
    let Some(pattern) = &form.sketch.document.title else {
        let first =
            form.fields().find(|column| column.field.kind.formula_type() == crate::formula::Type::Text);
        return first.map(|column| text_of(&column.path)).unwrap_or_default();
    };
    let mut text = String::new();
    let mut rest = pattern.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((path, tail)) = after.split_once('}') else { break };
        text.push_str(&text_of(path.trim()));
        rest = tail;
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
