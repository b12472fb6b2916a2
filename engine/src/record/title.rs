//! How a record is called.

use crate::field::{FieldKind, Shape};
use crate::form::{Column, Form, fill_pattern, pattern_paths};
use crate::formula::Type;
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
        None => first_text(form).map(|column| text_of(&column.path)).unwrap_or_default(),
    }
}

/// The form's own fields that the title reads; of a path through a link, the link.
pub fn title_fields(form: &Form) -> Vec<&Column> {
    let Some(pattern) = &form.sketch.document.title else { return first_text(form).into_iter().collect() };
    let paths = pattern_paths(pattern);
    paths.iter().filter_map(|path| form.column(path.split('.').next().unwrap_or_default())).collect()
}

/// What a record without a pattern is called by: its first short text; else the first that is read as one, such as a choice.
fn first_text(form: &Form) -> Option<&Column> {
    let is_text = |column: &&Column| column.field.kind.shape() == Shape::Text;
    let reads_as_text = |column: &&Column| column.field.kind.formula_type() == Type::Text;
    form.fields().find(is_text).or_else(|| form.fields().find(reads_as_text))
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
