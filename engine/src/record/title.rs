//! How a record is called.

use crate::field::FieldKind;
use crate::form::{Column, Form, fill_pattern};
use crate::text::Language;
use crate::value::{Value, Values, get, group_digits};

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
            value => text_in_title(column, value, language),
        },
        None => linked_text(path),
    };
    match &form.sketch.document.title {
        Some(pattern) => fill_pattern(pattern, &text_of),
        None => {
            let first =
                form.fields().find(|column| column.field.kind.formula_type() == crate::formula::Type::Text);
            first.map(|column| text_of(&column.path)).unwrap_or_default()
        }
    }
}

/// Amounts are read in groups of digits, as everywhere on the screen.
fn text_in_title(column: &Column, value: &Value, language: Language) -> String {
    let text = column.read_kind.display(value, language);
    match &column.read_kind {
        FieldKind::Money(_) => group_digits(&text),
        FieldKind::Number(number) if number.thousands == Some(true) => group_digits(&text),
        _ => text,
    }
}
