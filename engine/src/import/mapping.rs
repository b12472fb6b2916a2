//! Which column of a file belongs to which field.

use std::collections::BTreeSet;

use crate::form::{Column, Form};
use crate::value::fold;

/// For each header the key of the field that it names, by its label in any language or its key; each field once.
/// `is_open` says which fields may be named at all.
pub fn guess_mapping(
    form: &Form,
    headers: &[String],
    is_open: &dyn Fn(&Column) -> bool,
) -> Vec<Option<String>> {
    let columns: Vec<&Column> = form.fields().filter(|column| is_open(column)).collect();
    let mut taken = BTreeSet::new();
    let mut field_of = |header: &String| {
        let wanted = bare(header);
        let by_label = |column: &&&Column| column.field.label.texts().iter().any(|text| bare(text) == wanted);
        let by_key = |column: &&&Column| bare(&column.path) == wanted;
        let free = || columns.iter().filter(|column| !taken.contains(&column.path));
        let found = free().find(by_label).or_else(|| free().find(by_key)).map(|column| column.path.clone());
        taken.extend(found.clone());
        found
    };
    headers.iter().map(&mut field_of).collect()
}

/// A name without what people vary: case, width, blanks, underscores, the star of required fields.
fn bare(name: &str) -> String {
    fold(name).chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '*' | ':')).collect()
}
