//! How a record is called.

use crate::field::FieldKind;
use crate::form::{Column, Form};
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

/// A pattern such as `{no} {customer.name}` with a text in place of each name in braces.
pub fn fill_pattern(pattern: &str, text_of: &dyn Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((path, tail)) = after.split_once('}') else { break };
        text.push_str(&text_of(path.trim()));
        rest = tail;
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names in the braces of a pattern.
pub fn pattern_paths(pattern: &str) -> Vec<String> {
    pattern
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(path, _)| path.trim().to_string())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{fill_pattern, pattern_paths};

    #[test]
    fn a_pattern_is_filled_name_by_name() {
        let pattern = "{no}  {customer.name} ({ gone })";
        assert_eq!(pattern_paths(pattern), ["no", "customer.name", "gone"]);
        let text = |path: &str| if path == "gone" { String::new() } else { path.to_uppercase() };
        assert_eq!(fill_pattern(pattern, &text), "NO CUSTOMER.NAME ()");
        assert_eq!(fill_pattern("plain", &text), "plain");
    }
}
