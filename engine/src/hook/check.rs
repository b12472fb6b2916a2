//! What is wrong with a hook.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{HookDocument, Mapping};
use crate::field::{Reference, Shape};
use crate::form::{Column, Form};
use crate::text::{Fault, Faults};
use crate::value::Id;

/// Members that one hook names.
const MOST: usize = 200;
/// Letters of a pointer.
const LONGEST_POINTER: usize = 300;

impl HookDocument {
    /// Everything that is wrong with it for its form; `other` gives the forms that links lead to.
    pub fn check(&self, form: &Form, other: &dyn Fn(Id) -> Option<Arc<Form>>) -> Faults {
        let mut faults = self.key_fault(form).into_iter().collect::<Faults>();
        if self.map.is_empty() {
            faults.push(Fault::new("map", "required"));
        }
        if self.map.len() > MOST {
            faults.push(Fault::new("map", "too_many").arg("max", MOST));
        }
        let mut seen = BTreeSet::new();
        for (place, mapping) in self.map.iter().enumerate() {
            let at = format!("map.{place}");
            if !is_pointer(&mapping.from) {
                faults.push(Fault::new(format!("{at}.from"), "bad_pointer"));
            }
            if !seen.insert(&mapping.to) {
                faults.push(Fault::new(format!("{at}.to"), "named_twice").arg("field", &mapping.to));
            }
            faults.extend(self.field_fault(form, mapping).map(|fault| fault.under(&format!("{at}.to"))));
            let by = by_fault(form, mapping, other);
            faults.extend(by.map(|fault| fault.under(&format!("{at}.by"))));
        }
        faults
    }

    fn key_fault(&self, form: &Form) -> Option<Fault> {
        match &self.key {
            None => self.mode.finds().then(|| Fault::new("key", "required")),
            Some(_) if !self.mode.finds() => Some(Fault::new("key", "key_without_update")),
            Some(key) => {
                let column = form.fields().find(|column| column.path == *key);
                let mapping = self.map.iter().find(|mapping| mapping.to == *key);
                let fault = |code: &'static str| Some(Fault::new("key", code).arg("field", key));
                match (column, mapping) {
                    (None, _) => fault("unknown_field"),
                    (Some(column), _) if !column.field.unique => fault("key_not_unique"),
                    // What may be absent, or leads elsewhere, tells no record from another.
                    (Some(_), None | Some(Mapping { optional: true, .. } | Mapping { by: Some(_), .. })) => {
                        fault("key_not_mapped")
                    }
                    (Some(_), Some(_)) => None,
                }
            }
        }
    }

    /// What is wrong with the field that something goes into.
    fn field_fault(&self, form: &Form, mapping: &Mapping) -> Option<Fault> {
        let fault = |code: &'static str| Some(Fault::new("", code).arg("field", &mapping.to));
        let Some(column) = form.column(&mapping.to) else { return fault("unknown_field") };
        if !takes(column) {
            return fault("not_mappable");
        }
        let is_mapped = |path: &str| self.map.iter().any(|other| other.to == path);
        if column.subform().is_some_and(|subform| !is_mapped(subform)) {
            return fault("subform_not_mapped");
        }
        let has_columns = form.columns_of(&column.path).any(|inner| is_mapped(&inner.path));
        if is_subform(column) && !has_columns {
            return fault("columns_not_mapped");
        }
        None
    }
}

/// Whether something that comes can go into a field: one that people fill in, but no file, which belongs to who sent it.
pub fn takes(column: &Column) -> bool {
    let field = &column.field;
    field.is_input() && field.kind.reference() != Some(Reference::File)
}

pub(super) fn is_subform(column: &Column) -> bool {
    column.shape == Shape::Rows
}

/// What is wrong with how a linked record is named.
fn by_fault(form: &Form, mapping: &Mapping, other: &dyn Fn(Id) -> Option<Arc<Form>>) -> Option<Fault> {
    let (by, column) = (mapping.by.as_ref()?, form.column(&mapping.to)?);
    let fault = |code: &'static str, field: &str| Some(Fault::new("", code).arg("field", field));
    let target = column.field.kind.as_link().and(column.target);
    let Some(target) = target else { return fault("shows_no_records", &mapping.to) };
    let there = other(target)?;
    match there.fields().find(|named| named.path == *by) {
        None => fault("unknown_field", by),
        Some(named) if !named.field.unique => fault("key_not_unique", by),
        Some(_) => None,
    }
}

/// Whether it is a JSON pointer as RFC 6901 has them.
fn is_pointer(text: &str) -> bool {
    let tilde_is_sign = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    (text.is_empty() || text.starts_with('/')) && text.chars().count() <= LONGEST_POINTER && tilde_is_sign
}
