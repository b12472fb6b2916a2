//! Which column of a file belongs to which field.

use std::collections::BTreeSet;

use crate::form::{Column, Form, system_label};
use crate::text::Language;
use crate::value::fold;

/// The column that says which record a row is about.
pub const RECORD_ID: &str = "$id";

/// For each header the key of the field that it names, by its label in any language or its key; each field once. A
/// column of a sub-form is named with the sub-form before it, and the record itself by its id. `is_open` says which
/// fields may be named at all.
pub fn guess_mapping(
    form: &Form,
    headers: &[String],
    is_open: &dyn Fn(&Column) -> bool,
) -> Vec<Option<String>> {
    let inner = form.fields().flat_map(|column| form.columns_of(&column.path));
    let columns: Vec<&Column> = form.fields().chain(inner).filter(|column| is_open(column)).collect();
    let mut taken = BTreeSet::new();
    let mut field_of = |header: &String| {
        let wanted = bare(header);
        let by_label = |column: &&&Column| names(form, column).iter().any(|name| bare(name) == wanted);
        let by_key = |column: &&&Column| bare(&column.path) == wanted;
        let free = || columns.iter().filter(|column| !taken.contains(&column.path));
        let found = free().find(by_label).or_else(|| free().find(by_key)).map(|column| column.path.clone());
        let found = found.or_else(|| names_the_record(&wanted).then(|| RECORD_ID.to_string()));
        let found = found.filter(|path| !taken.contains(path));
        taken.extend(found.clone());
        found
    };
    headers.iter().map(&mut field_of).collect()
}

/// What a field is called in each language, a column of a sub-form with the sub-form's name before it.
fn names(form: &Form, column: &Column) -> Vec<String> {
    let Some(subform) = column.subform().and_then(|subform| form.column(subform)) else {
        return column.field.label.texts().into_iter().map(|text| text.to_string()).collect();
    };
    let called =
        |language| format!("{} {}", subform.field.label.get(language), column.field.label.get(language));
    Language::ALL.map(called).to_vec()
}

fn names_the_record(wanted: &str) -> bool {
    let names = Language::ALL.map(|language| bare(&system_label(RECORD_ID, language)));
    wanted == RECORD_ID || names.iter().any(|name| name == wanted)
}

/// A name without what people vary: case, width, blanks, underscores, the star of required fields, and what stands
/// between a sub-form and its column.
fn bare(name: &str) -> String {
    let varies = |c: &char| c.is_whitespace() || matches!(c, '_' | '-' | '*' | ':' | '.' | '/' | '·' | '>');
    fold(name).chars().filter(|c| !varies(c)).collect()
}
