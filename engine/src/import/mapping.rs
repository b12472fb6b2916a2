//! Which column of a file belongs to which field.

use std::collections::BTreeSet;

use super::likeness::{Headed, Offered, by_kind, likely};
use crate::form::{Column, Form, system_label};
use crate::text::Language;
use crate::value::fold;

/// The column that says which record a row is about.
pub const RECORD_ID: &str = "$id";

/// For each header the key of the field that it names, by its label in any language or its key; each field once. A
/// column of a sub-form is named with the sub-form before it, and the record itself by its id. A header that names none
/// goes to the field that it is most like, or the only one of its values' kind, where there is no doubt
/// ([`super::likeness`]). `cells` are the first ones of each column; `is_open` says which fields may be named at all.
pub fn guess_mapping(
    form: &Form,
    headers: &[String],
    cells: &[Vec<String>],
    is_open: &dyn Fn(&Column) -> bool,
) -> Vec<Option<String>> {
    let inner = form.fields().flat_map(|column| form.columns_of(&column.path));
    let columns: Vec<&Column> = form.fields().chain(inner).filter(|column| is_open(column)).collect();
    let mut mapping = named(form, headers, &columns);
    take_likely(form, headers, cells, &columns, &mut mapping);
    take_by_kind(form, headers, cells, &columns, &mut mapping);
    mapping
}

/// The fields that the headers name outright.
fn named(form: &Form, headers: &[String], columns: &[&Column]) -> Vec<Option<String>> {
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

/// Columns without a field into the free fields that they are most like.
fn take_likely(
    form: &Form,
    headers: &[String],
    cells: &[Vec<String>],
    columns: &[&Column],
    mapping: &mut [Option<String>],
) {
    let is_free = |column: &&&Column| !mapping.iter().flatten().any(|path| *path == column.path);
    let free: Vec<&Column> = columns.iter().filter(is_free).copied().collect();
    let offered: Vec<Offered> = free.iter().map(|column| offered(form, column)).collect();
    let open = mapping.iter().enumerate().filter(|(_, field)| field.is_none()).map(|(place, _)| place);
    let open: Vec<usize> = open.collect();
    let all = headed(headers, cells);
    let asked: Vec<Headed> = open.iter().filter_map(|place| all.get(*place).copied()).collect();
    let form_names = form.sketch.document.label.texts();
    for (place, found) in open.into_iter().zip(likely(&form_names, &asked, &offered)) {
        let path = found.and_then(|found| free.get(found)).map(|column| column.path.clone());
        if let Some(field) = mapping.get_mut(place) {
            *field = path;
        }
    }
}

/// Columns without a field into free fields of the record that alone hold such values.
fn take_by_kind(
    form: &Form,
    headers: &[String],
    cells: &[Vec<String>],
    columns: &[&Column],
    mapping: &mut [Option<String>],
) {
    let offered: Vec<Offered> = columns.iter().map(|column| offered(form, column)).collect();
    let is_open = |place: usize| mapping.get(place).is_some_and(Option::is_none);
    let is_free = |place: usize| {
        let of_record = columns.get(place).filter(|column| column.subform().is_none());
        of_record.is_some_and(|column| !mapping.iter().flatten().any(|path| *path == column.path))
    };
    let found = by_kind(&headed(headers, cells), &offered, (&is_open, &is_free));
    for (place, field) in found {
        let path = columns.get(field).map(|column| column.path.clone());
        if let Some(field) = mapping.get_mut(place) {
            *field = path;
        }
    }
}

fn headed<'f>(headers: &'f [String], cells: &'f [Vec<String>]) -> Vec<Headed<'f>> {
    let cells = cells.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..]));
    headers.iter().zip(cells).map(|(header, cells)| Headed { header, cells }).collect()
}

fn offered<'f>(form: &Form, column: &'f Column) -> Offered<'f> {
    let mut names = names(form, column);
    names.push(column.path.clone());
    Offered { names, kind: &column.field.kind }
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
