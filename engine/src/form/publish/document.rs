//! What can be wrong with a document by itself: keys, members that a kind can't have, names of fields that are not there.

use std::collections::{BTreeMap, BTreeSet};

use super::super::sketch::Surroundings;
use super::super::{Column, Field, LayoutItem, WhenHidden, pattern_paths};
use super::Publisher;
use crate::condition::Fields;
use crate::field::{DefaultValue, FieldKind, Reference, Shape};
use crate::text::Fault;
use crate::value::is_key;

/// Fields of one form at most, columns included.
const MAX_FIELDS: usize = 500;

impl Publisher<'_> {
    pub(super) fn check_keys(&mut self) {
        let document = &self.sketch.document;
        if document.format != 1 {
            self.faults.push(Fault::new("/format", "unknown_format").arg("format", document.format));
        }
        if !is_key(&document.key) {
            self.faults.push(Fault::new("/key", "invalid_key"));
        }
        if document.label.is_blank() {
            self.faults.push(Fault::new("/label", "label_missing"));
        }
        let all = self.pointers();
        if all.is_empty() {
            self.faults.push(Fault::new("/fields", "no_fields"));
        }
        if all.len() > MAX_FIELDS {
            self.faults.push(Fault::new("/fields", "too_many").arg("max", MAX_FIELDS));
        }
        let mut seen = BTreeSet::new();
        for (pointer, path, field) in &all {
            if !is_key(&field.key) {
                self.faults.push(Fault::new(format!("{pointer}/key"), "invalid_key"));
            }
            if field.label.is_blank() {
                self.faults.push(Fault::new(format!("{pointer}/label"), "label_missing"));
            }
            if !seen.insert(path.clone()) {
                self.faults
                    .push(Fault::new(format!("{pointer}/key"), "duplicate_key").arg("key", &field.key));
            }
            if path.contains('.') && !field.columns().is_empty() {
                self.faults.push(Fault::new(pointer.clone(), "nested_subform"));
            }
            if path.contains('.') && !field.kind.holds_data() {
                self.faults.push(Fault::new(format!("{pointer}/kind"), "not_a_column"));
            }
        }
    }

    /// Members that a kind can't have.
    pub(super) fn check_members(&mut self, pointer: &str, field: &Field) {
        let shape = field.kind.shape();
        let mut refuse = |member: &str| {
            self.faults
                .push(Fault::new(format!("{pointer}/{member}"), "not_allowed_here").arg("what", member));
        };
        let many = matches!(
            shape,
            Shape::Keys | Shape::Refs | Shape::Rows | Shape::LongText | Shape::Markup | Shape::Nothing
        );
        if field.unique && many {
            refuse("unique");
        }
        let is_file = field.kind.reference() == Some(Reference::File);
        if field.unique && !many && is_file {
            refuse("unique");
        }
        let computes = field.kind.is_input() && !matches!(shape, Shape::Rows | Shape::Refs) && !is_file;
        if field.compute.is_some() && !computes {
            refuse("compute");
        }
        let is_linked = matches!(field.default, Some(DefaultValue::Linkage(_)));
        if field.default.is_some() && (!field.is_input() || is_file || (shape == Shape::Rows && !is_linked)) {
            refuse("default");
        }
        // A column may say it whatever its kind, which may become another.
        if field.total.is_some() && !pointer.contains("/options/fields/") {
            refuse("total");
        }
        if !field.kind.holds_data() {
            for (member, is_said) in [
                ("required", field.required),
                ("required_when", field.required_when.is_some()),
                ("when_hidden", field.when_hidden.is_some()),
            ] {
                if is_said {
                    refuse(member);
                }
            }
        }
        if field.when_hidden == Some(WhenHidden::Recompute) && field.is_input() {
            refuse("when_hidden");
        }
        if let FieldKind::Money(money) = &field.kind
            && let Some(currency) = &money.currency_field
            && !self.names_a_field(pointer, currency)
        {
            let at = format!("{pointer}/options/currency_field");
            self.faults.push(Fault::new(at, "unknown_field").arg("field", currency));
        }
    }

    /// Whether a field is there beside the one at `pointer`, or in the record around it.
    fn names_a_field(&self, pointer: &str, key: &str) -> bool {
        let document = &self.sketch.document;
        let rows =
            pointer.split('/').nth(2).and_then(|place| document.fields.get(place.parse::<usize>().ok()?));
        document.field(key).is_some()
            || rows.is_some_and(|rows| rows.columns().iter().any(|column| column.key == key))
    }

    /// Layout, title and sets of unique fields name fields that exist.
    pub(super) fn check_document(&mut self) {
        let document = &self.sketch.document;
        let around = Surroundings { sketch: self.sketch, catalogue: self.catalogue, row_of: None };
        for (place, key) in layout_fields(&document.layout, "/layout") {
            if document.field(&key).is_none() {
                self.faults.push(Fault::new(place, "field_unknown_in_layout").arg("field", key));
            }
        }
        for path in document.title.as_deref().map(pattern_paths).unwrap_or_default() {
            if !around.find(&path).is_ok_and(|(_, kind)| kind.holds_data()) {
                self.faults.push(Fault::new("/title", "unknown_field").arg("field", path));
            }
        }
    }

    pub(super) fn check_uniqueness(&mut self, columns: &BTreeMap<String, Column>) {
        for (pointer, path, field) in self.pointers() {
            if field.unique && columns.get(&path).is_some_and(Column::is_live) {
                self.faults
                    .push(Fault::new(format!("{pointer}/unique"), "not_stored").arg("field", &field.key));
            }
            if let FieldKind::Text(text) = &field.kind
                && let Some(most) = self.sketch.document.longest_indexed(&path, &field)
                && text.max_length.is_some_and(|max| max as usize > most)
            {
                let at = format!("{pointer}/options/max_length");
                self.faults.push(Fault::new(at, "too_large").arg("max", most));
            }
        }
        for (place, set) in self.sketch.document.unique.iter().enumerate() {
            for (inner, key) in set.iter().enumerate() {
                let usable = columns
                    .get(key)
                    .is_some_and(|column| column.shape.is_column() && column.subform().is_none());
                if !usable {
                    let at = format!("/unique/{place}/{inner}");
                    self.faults.push(Fault::new(at, "unknown_field").arg("field", key));
                }
            }
        }
    }
}

fn layout_fields(items: &[LayoutItem], pointer: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (place, item) in items.iter().enumerate() {
        for (inner, row) in item.row.iter().flatten().enumerate() {
            found.push((format!("{pointer}/{place}/row/{inner}/field"), row.field.clone()));
        }
        for (inner, tab) in item.tabs.iter().flatten().enumerate() {
            found.extend(layout_fields(&tab.rows, &format!("{pointer}/{place}/tabs/{inner}/rows")));
        }
    }
    found
}
