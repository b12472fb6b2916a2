//! What a form asks of others: queries, and defaults that are linked.

use std::sync::Arc;

use super::super::asking::{Asked, CheckedLinkage, CheckedQuery, CheckedSort, Copied, Question};
use super::super::sketch::Surroundings;
use super::super::{Field, Sketch};
use super::Publisher;
use crate::condition::{Checked, Condition, Fields, Reach};
use crate::field::{FieldKind, Linkage, Origin, Reference, Shape, SortRule, options};
use crate::text::{Fault, Faults};

/// The fields of what is asked, in a condition that may name fields of the record that asks.
struct Asking<'a> {
    inside: &'a Surroundings<'a>,
    asker: &'a Surroundings<'a>,
}

impl Fields for Asking<'_> {
    fn find(&self, path: &str) -> Result<(Reach, FieldKind), Fault> {
        self.inside.find(path)
    }

    fn asker(&self) -> Option<&dyn Fields> {
        Some(self.asker)
    }
}

/// What is asked of whom, as a document says it.
struct Rule<'r> {
    origin: &'r Origin,
    filter: Option<&'r Condition>,
    sort: &'r [SortRule],
}

impl Publisher<'_> {
    /// The list that a query shows.
    pub(super) fn query(
        &mut self,
        around: &Surroundings,
        pointer: &str,
        query: &options::Query,
    ) -> Option<CheckedQuery> {
        let place = format!("{pointer}/options");
        let rule = Rule { origin: &query.form, filter: query.filter.as_ref(), sort: &query.sort };
        let (question, there) = self.question(around, &place, &rule)?;
        let inside = Surroundings { sketch: &there, catalogue: self.catalogue, row_of: None };
        for (inner, path) in query.columns.iter().enumerate() {
            let known =
                inside.find(path).is_ok_and(|(reach, kind)| reach.rows.is_none() && kind.holds_data());
            let is_own = path.starts_with('$') || there.document.field(path).is_some();
            if !known || !is_own {
                let at = format!("{place}/columns/{inner}");
                self.faults.push(Fault::new(at, "unknown_field").arg("field", path));
            }
        }
        Some(CheckedQuery { question, columns: query.columns.clone(), limit: query.limit() })
    }

    /// A default that another form gives.
    pub(super) fn linkage(
        &mut self,
        around: &Surroundings,
        place: &str,
        field: &Field,
        linkage: &Linkage,
    ) -> Option<CheckedLinkage> {
        if linkage.filter.tests().is_empty() {
            self.faults.push(Fault::new(format!("{place}/filter"), "required"));
        }
        let rule = Rule { origin: &linkage.form, filter: Some(&linkage.filter), sort: &linkage.sort };
        let (question, there) = self.question(around, place, &rule)?;
        let copies = match &field.kind {
            FieldKind::Subform(_) => self.copied_columns(place, field, linkage, &there),
            _ => self.copied_field(place, field, linkage, &there).into_iter().collect(),
        };
        Some(CheckedLinkage { question, take: linkage.take, copies })
    }

    fn question(
        &mut self,
        around: &Surroundings,
        place: &str,
        rule: &Rule,
    ) -> Option<(Question, Arc<Sketch>)> {
        let name = rule.origin.name();
        if name.is_empty() {
            // That it is missing is said by the options of a query; of a default nothing else says it.
            if !place.ends_with("/options") {
                self.faults.push(Fault::new(format!("{place}/form"), "required"));
            }
            return None;
        }
        let app = &self.sketch.app;
        let found = match rule.origin {
            Origin::Form(name) => self.catalogue.form(app, name).map(|form| (Asked::Records(form.id), form)),
            Origin::Aggregate(name) => {
                self.catalogue.table(app, name).map(|table| (Asked::Groups(table.id), table))
            }
        };
        let Some((of, there)) = found else {
            self.faults.push(Fault::new(format!("{place}/form"), "unknown_form").arg("form", name));
            return None;
        };
        let inside = Surroundings { sketch: &there, catalogue: self.catalogue, row_of: None };
        let filter = match rule.filter {
            Some(condition) => {
                let checked = Checked::new(condition, &Asking { inside: &inside, asker: around });
                self.kept(&format!("{place}/filter"), checked)?
            }
            None => Checked::always(),
        };
        let mut sort = Vec::new();
        for (inner, by) in rule.sort.iter().enumerate() {
            let at = format!("{place}/sort/{inner}/field");
            match inside.find(&by.field) {
                Ok((reach, kind)) if is_sortable(&reach, &kind) => {
                    sort.push(CheckedSort { reach, kind, descending: by.desc });
                }
                Ok(_) => self.faults.push(Fault::new(at, "bad_operand").arg("field", &by.field)),
                Err(fault) => self.faults.push(Fault { path: at, ..fault }),
            }
        }
        Some((Question { of, filter, sort }, there))
    }

    /// What was checked, or its faults at a place.
    fn kept<T>(&mut self, place: &str, checked: Result<T, Faults>) -> Option<T> {
        checked
            .map_err(|faults| {
                let placed = faults.into_iter().map(|fault| Fault { path: place.to_string(), ..fault });
                self.faults.extend(placed);
            })
            .ok()
    }

    fn copied_field(
        &mut self,
        place: &str,
        field: &Field,
        linkage: &Linkage,
        there: &Sketch,
    ) -> Option<Copied> {
        let at = format!("{place}/field");
        if !linkage.columns.is_empty() {
            let fault = Fault::new(format!("{place}/columns"), "not_allowed_here").arg("what", "columns");
            self.faults.push(fault);
        }
        let Some(path) = &linkage.field else {
            self.faults.push(Fault::new(at, "required"));
            return None;
        };
        let source = self.source(&at, path, there)?;
        if source.from.contains('.') || !fits(&field.kind, &source.kind) {
            self.faults.push(Fault::new(at, "bad_operand").arg("field", path));
            return None;
        }
        Some(source)
    }

    fn copied_columns(
        &mut self,
        place: &str,
        subform: &Field,
        linkage: &Linkage,
        there: &Sketch,
    ) -> Vec<Copied> {
        if linkage.field.is_some() {
            let fault = Fault::new(format!("{place}/field"), "not_allowed_here").arg("what", "field");
            self.faults.push(fault);
        }
        if linkage.columns.is_empty() {
            self.faults.push(Fault::new(format!("{place}/columns"), "required"));
        }
        let mut copies: Vec<Copied> = Vec::new();
        let mut rows: Option<String> = None;
        for (inner, column) in linkage.columns.iter().enumerate() {
            let at = |member: &str| format!("{place}/columns/{inner}/{member}");
            let to = subform.columns().iter().find(|known| known.key == column.to);
            let Some(to) = to.filter(|to| to.is_input()) else {
                self.faults.push(Fault::new(at("to"), "unknown_field").arg("field", &column.to));
                continue;
            };
            let Some(source) = self.source(&at("from"), &column.from, there) else { continue };
            let of = source.from.split_once('.').map(|(rows, _)| rows.to_string());
            let is_other = of.is_some() && rows.is_some() && rows != of;
            if is_other || !fits(&to.kind, &source.kind) {
                self.faults.push(Fault::new(at("from"), "bad_operand").arg("field", &column.from));
                continue;
            }
            if copies.iter().any(|known| known.to.as_deref() == Some(column.to.as_str())) {
                self.faults.push(Fault::new(at("to"), "twice"));
            }
            rows = rows.or(of);
            copies.push(Copied { to: Some(column.to.clone()), ..source });
        }
        copies
    }

    /// A field of the other form, or a column of its rows.
    fn source(&mut self, at: &str, path: &str, there: &Sketch) -> Option<Copied> {
        let inside = Surroundings { sketch: there, catalogue: self.catalogue, row_of: None };
        let found = inside.find(path).ok().filter(|(_, kind)| kind.holds_data());
        // What a link leads to is the matter of a lookup there.
        let found = found.filter(|_| there.document.field(path).is_some());
        let Some((_, kind)) = found else {
            self.faults.push(Fault::new(at, "unknown_field").arg("field", path));
            return None;
        };
        Some(Copied { from: path.to_string(), kind, to: None })
    }
}

fn is_sortable(reach: &Reach, kind: &FieldKind) -> bool {
    let is_one = !matches!(kind.shape(), Shape::Keys | Shape::Refs | Shape::Rows | Shape::LongText);
    reach.rows.is_none() && is_one && kind.holds_data()
}

/// Whether what one field holds can be copied into another: what is one into what holds one or several, what is several
/// into what holds several; ids of one sort.
pub(super) fn fits(to: &FieldKind, from: &FieldKind) -> bool {
    let of_one = |shape: Shape| match shape {
        Shape::Keys => Shape::Key,
        Shape::Refs => Shape::Ref,
        Shape::Decimal(_) => Shape::Decimal(0),
        shape => shape,
    };
    let is_many = |kind: &FieldKind| matches!(kind.shape(), Shape::Keys | Shape::Refs);
    let (one, other) = (of_one(to.shape()), of_one(from.shape()));
    // A text of several lines fits into no single one.
    let is_line = |shape: Shape| matches!(shape, Shape::Text | Shape::Key);
    let alike = one == other || (is_line(other) && (is_line(one) || one == Shape::LongText));
    let holds_value = !matches!(one, Shape::Nothing | Shape::Rows);
    let is_file = to.reference() == Some(Reference::File);
    // A day is no month.
    let is_exact = to.name() != "month" || from.name() == "month";
    let same_ids = to.reference() == from.reference() && !is_file;
    holds_value && alike && is_exact && same_ids && (is_many(to) || !is_many(from))
}
