//! The other form that a link or a rollup names.

use super::super::Field;
use super::super::sketch::Surroundings;
use super::Publisher;
use crate::condition::{Checked, Fields};
use crate::field::{FieldKind, Fill, FillMode};
use crate::text::Fault;
use crate::value::Id;

/// Whether the field that a live mapping names is there for it: what is read through a link whenever it is shown, filtered,
/// sorted or used, and never stored, is a lookup of that link.
fn is_shown(around: &Surroundings, link: &str, fill: &Fill) -> bool {
    let path = match around.row_of {
        Some(subform) => format!("{subform}.{}", fill.to),
        None => fill.to.clone(),
    };
    let to = around.sketch.document.field(&path).map(|to| &to.kind);
    matches!(to, Some(FieldKind::Lookup(lookup)) if lookup.link == link && lookup.field == fill.from)
}

impl Publisher<'_> {
    /// The other form of a link or rollup, its filter typed against it, and its mappings checked.
    pub(super) fn target(
        &mut self,
        around: &Surroundings,
        pointer: &str,
        field: &Field,
    ) -> (Option<Id>, Option<Checked>) {
        let (name, filter) = match &field.kind {
            FieldKind::Link(link) => (&link.form, link.filter.as_ref()),
            FieldKind::Rollup(rollup) => (&rollup.form, rollup.filter.as_ref()),
            _ => return (None, None),
        };
        let Some(target) = around.form(name) else {
            self.faults.push(Fault::new(format!("{pointer}/options/form"), "unknown_form").arg("form", name));
            return (None, None);
        };
        let inside = Surroundings { sketch: &target, catalogue: self.catalogue, row_of: None };
        let filter = self.condition(&inside, &format!("{pointer}/options/filter"), filter);
        match &field.kind {
            FieldKind::Link(link) => {
                for (place, fill) in link.fill.iter().enumerate() {
                    if fill.mode == FillMode::Live && !is_shown(around, &field.key, fill) {
                        let at = format!("{pointer}/options/fill/{place}/mode");
                        let fault = Fault::new(at, "not_a_lookup").arg("field", &fill.to);
                        self.faults.push(fault.arg("from", &fill.from));
                    }
                    let known = inside.find(&fill.from).is_ok();
                    let own = around.find(&fill.to).is_ok();
                    for (member, found, name) in [("from", known, &fill.from), ("to", own, &fill.to)] {
                        if !found {
                            let at = format!("{pointer}/options/fill/{place}/{member}");
                            self.faults.push(Fault::new(at, "unknown_field").arg("field", name));
                        }
                    }
                }
                for (place, key) in link.display.iter().enumerate() {
                    if inside.find(key).is_err() {
                        let at = format!("{pointer}/options/display/{place}");
                        self.faults.push(Fault::new(at, "unknown_field").arg("field", key));
                    }
                }
            }
            FieldKind::Rollup(rollup) => {
                let back = target.document.field(&rollup.link).map(|link| &link.kind);
                let points_here = matches!(back, Some(FieldKind::Link(link))
                    if self.catalogue.form(&target.app, &link.form).is_some_and(|form| form.id == self.sketch.id));
                if !points_here {
                    let at = format!("{pointer}/options/link");
                    self.faults.push(Fault::new(at, "not_a_link").arg("field", &rollup.link));
                }
            }
            _ => {}
        }
        (Some(target.id), filter)
    }
}
