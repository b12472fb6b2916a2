//! What stands for a form that somebody does not see, where they read a figure over its records.
//!
//! A rollup is read by the right on the field that shows it. For the browser to know what kind of figure that is, its
//! definition has to lead to a form; for readers who do not see the one that is counted it leads to one that holds the
//! figure's kind and nothing else. The same stands for a formula field that counts the records of such a form.

use std::hash::{DefaultHasher, Hash, Hasher};

use engine::condition::{Checked, Reach};
use engine::field::{FieldKind, RollupFn, options};
use engine::form::{Catalogue, CheckedFigure, Column, Field, Form, FormDocument, Sketch};
use engine::value::Id;

/// The names of the fields of a form that stands for another.
const LINK: &str = "link";
const VALUE: &str = "value";

/// Whether somebody sees all that a rollup counts, and counts by. `reads` says so of the fields and columns of forms.
pub fn sees_counted(
    column: &Column,
    there: &Form,
    catalogue: &dyn Catalogue,
    reads: &dyn Fn(Id, &str) -> bool,
) -> bool {
    let FieldKind::Rollup(rollup) = &column.field.kind else { return true };
    let named = rollup.field.iter().chain(std::iter::once(&rollup.link));
    let named: Option<Vec<Reach>> =
        named.map(|path| there.find(path, catalogue).ok().map(|(reach, _)| reach)).collect();
    let condition = column.filter.iter().flat_map(Checked::reaches);
    named.is_some_and(|named| {
        named.into_iter().chain(condition).all(|reach| is_read(there.sketch.id, &reach, reads))
    })
}

/// Whether somebody sees all that a formula's figure counts, and counts by.
pub fn sees_figure(figure: &CheckedFigure, reads: &dyn Fn(Id, &str) -> bool) -> bool {
    figure.reaches().into_iter().all(|reach| is_read(figure.form, reach, reads)) && reads(figure.form, "$id")
}

/// Whether every field on a way is read.
fn is_read(form: Id, reach: &Reach, reads: &dyn Fn(Id, &str) -> bool) -> bool {
    let behind = reach.hops.iter().enumerate().all(|(place, (_, form))| {
        let next = reach.hops.get(place + 1).map_or(&reach.field, |(link, _)| link);
        reads(*form, next)
    });
    reads(form, &reach.own_path()) && behind
}

/// Puts a form in the place of the one that the rollup or formula `field` of `of` counts. It belongs to no app, so that
/// nobody takes it for one that can be linked to.
pub fn stand_in(field: &mut Field, column: &Column, of: &Sketch) -> Option<Sketch> {
    let id = id_of(of.id, &column.path)?;
    let function = match &field.kind {
        FieldKind::Rollup(rollup) => match rollup.function {
            RollupFn::Count | RollupFn::Distinct | RollupFn::Sum => rollup.function,
            // The kind is the figure's, not that of what is counted.
            RollupFn::Avg | RollupFn::Min | RollupFn::Max | RollupFn::First | RollupFn::Last => {
                RollupFn::First
            }
        },
        FieldKind::Formula(_) => RollupFn::First,
        _ => return None,
    };
    let value = (function != RollupFn::Count).then(|| VALUE.to_string());
    field.kind = FieldKind::Rollup(options::Rollup {
        form: id.to_string(),
        link: LINK.to_string(),
        function,
        field: value,
        filter: None,
    });
    let back = options::Link { form: of.id.to_string(), ..options::Link::default() };
    let named = |key: &str, kind: FieldKind| Field::new(key, field.label.clone(), kind);
    let document = FormDocument {
        format: of.document.format,
        key: format!("counted_{id}"),
        label: field.label.clone(),
        fields: vec![named(LINK, FieldKind::Link(back)), named(VALUE, column.read_kind.clone())],
        ..FormDocument::default()
    };
    Some(Sketch { id, app: String::new(), document })
}

/// The same for the same figure in every answer, so that the browser may put several together.
fn id_of(form: Id, field: &str) -> Option<Id> {
    let mut hasher = DefaultHasher::new();
    (form.as_i64(), field).hash(&mut hasher);
    Id::from_i64(i64::try_from(hasher.finish() >> 1).ok()?)
}
