//! The other form that a link or a rollup names.

use super::super::Field;
use super::super::sketch::Surroundings;
use super::Publisher;
use super::asking::fits;
use crate::condition::{Checked, Fields};
use crate::field::{FieldKind, Fill, FillMode, Origin, Shape, options};
use crate::text::Fault;
use crate::value::Id;

/// The column of this form that a mapping fills.
fn filled<'a>(around: &'a Surroundings, fill: &Fill) -> Option<&'a Field> {
    let path = match around.row_of {
        Some(subform) => format!("{subform}.{}", fill.to),
        None => fill.to.clone(),
    };
    around.sketch.document.field(&path)
}

/// Whether the field that a live mapping names is there for it: what is read through a link whenever it is shown, filtered,
/// sorted or used, and never stored, is a lookup of that link.
fn is_shown(around: &Surroundings, link: &str, fill: &Fill) -> bool {
    let to = filled(around, fill).map(|to| &to.kind);
    matches!(to, Some(FieldKind::Lookup(lookup)) if lookup.link == link && lookup.field == fill.from)
}

impl Publisher<'_> {
    /// The form whose records a query lists, where it lists those of a form.
    fn queried(&self, around: &Surroundings, query: &options::Query) -> Option<Id> {
        match &query.form {
            Origin::Form(name) => around.form(name).map(|form| form.id),
            Origin::Aggregate(_) => None,
        }
    }

    /// A mapping of several links: what all of them hold goes into a field that holds several things too. Nothing is
    /// read through several links.
    fn check_gathered(&mut self, around: &Surroundings, inside: &Surroundings, pointer: &str, fill: &Fill) {
        if fill.mode == FillMode::Live {
            let fault = Fault::new(format!("{pointer}/mode"), "not_a_lookup").arg("field", &fill.to);
            self.faults.push(fault.arg("from", &fill.from));
            return;
        }
        let from = inside.find(&fill.from).ok().filter(|(reach, _)| reach.rows.is_none());
        let to = filled(around, fill).filter(|to| to.is_input());
        match (from, to) {
            (None, _) => {
                self.faults
                    .push(Fault::new(format!("{pointer}/from"), "unknown_field").arg("field", &fill.from));
            }
            (_, None) => {
                self.faults.push(Fault::new(format!("{pointer}/to"), "unknown_field").arg("field", &fill.to));
            }
            (Some((_, from)), Some(to)) => {
                let is_many = matches!(to.kind.shape(), Shape::Keys | Shape::Refs);
                if !is_many || !fits(&to.kind, &from) {
                    let fault = Fault::new(format!("{pointer}/to"), "bad_operand").arg("field", &fill.to);
                    self.faults.push(fault);
                }
            }
        }
    }

    /// The other form of a link or rollup, or of choices that are taken from it, its filter typed against it, and its mappings
    /// checked.
    pub(super) fn target(
        &mut self,
        around: &Surroundings,
        pointer: &str,
        field: &Field,
    ) -> (Option<Id>, Option<Checked>) {
        let (name, filter) = match &field.kind {
            FieldKind::Rollup(rollup) => (&rollup.form, rollup.filter.as_ref()),
            // Its conditions may name fields of this form, and are looked at with the rest of it.
            FieldKind::Query(query) => return (self.queried(around, query), None),
            kind => match (kind.as_link(), kind.choices_from()) {
                (Some(link), _) => (&link.form, link.filter.as_ref()),
                (None, Some(from)) => (&from.form, from.filter.as_ref()),
                (None, None) => return (None, None),
            },
        };
        let options = match field.kind.choices_from() {
            Some(_) => format!("{pointer}/options/from"),
            None => format!("{pointer}/options"),
        };
        let Some(target) = around.form(name) else {
            self.faults.push(Fault::new(format!("{options}/form"), "unknown_form").arg("form", name));
            return (None, None);
        };
        let inside = Surroundings { sketch: &target, catalogue: self.catalogue, row_of: None };
        let place = format!("{options}/filter");
        let filter = match &field.kind {
            FieldKind::Rollup(_) => self.condition(&inside, &place, filter),
            _ => self.offered(around, &inside, &place, filter),
        };
        if let Some(from) = field.kind.choices_from() {
            let there = target.document.field(&from.field);
            let is_text = there.is_some_and(|there| there.kind.shape() == Shape::Text);
            if !is_text || from.field.contains('.') {
                let code = if there.is_some() { "bad_operand" } else { "unknown_field" };
                let fault = Fault::new(format!("{options}/field"), code).arg("field", &from.field);
                self.faults.push(fault);
            }
        }
        match &field.kind {
            FieldKind::Link(_) | FieldKind::Links(_) => {
                let Some(link) = field.kind.as_link() else { return (Some(target.id), filter) };
                let is_several = matches!(field.kind, FieldKind::Links(_));
                for (place, fill) in link.fill.iter().enumerate() {
                    if is_several {
                        self.check_gathered(
                            around,
                            &inside,
                            &format!("{pointer}/options/fill/{place}"),
                            fill,
                        );
                        continue;
                    }
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
