//! Parts of the layout that are fields: what they name is there, and nothing stands in two places.

use std::collections::BTreeSet;

use super::Publisher;
use crate::field::FieldKind;
use crate::text::Fault;

impl Publisher<'_> {
    /// Each field stands on one tab at most. Tabs stand in no other tabs.
    pub(super) fn check_tabs(&mut self) {
        let document = &self.sketch.document;
        let mut placed: BTreeSet<&str> = BTreeSet::new();
        for (place, field) in document.fields.iter().enumerate() {
            let FieldKind::Tabs(tabs) = &field.kind else { continue };
            for (number, tab) in tabs.tabs.iter().enumerate() {
                for (inner, key) in tab.fields.iter().enumerate() {
                    let at = format!("/fields/{place}/options/tabs/{number}/fields/{inner}");
                    let code = match document.field(key).filter(|_| !key.contains('.')) {
                        None => "unknown_field",
                        Some(named) if matches!(named.kind, FieldKind::Tabs(_)) => "nested_tabs",
                        Some(_) if !placed.insert(key.as_str()) => "twice",
                        Some(_) => continue,
                    };
                    self.faults.push(Fault::new(at, code).arg("field", key));
                }
            }
        }
    }
}
