//! What stands for a form that somebody does not see, where they read a figure over its records.
//!
//! A rollup is read by the right on the field that shows it. For the browser to know what kind of figure that is, its
//! definition has to lead to a form; for readers who do not see the one that is counted it leads to one that holds the
//! figure's kind and nothing else.

use engine::access::{Access, FieldRight, Operation};
use engine::condition::Checked;
use engine::field::{FieldKind, RollupFn, options};
use engine::form::{Column, Field, FormDocument, Sketch};
use engine::value::Id;

/// The names of the fields of a form that stands for another.
const LINK: &str = "link";
const VALUE: &str = "value";

/// Whether somebody sees all that a rollup counts, and counts by.
pub fn sees_counted(rollup: &options::Rollup, column: &Column, there: &Access) -> bool {
    let own = |path: &str| {
        // A path through a link begins with the link.
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let whole = there.right(path) >= FieldRight::Read;
        first.starts_with('$') || whole || (!rest.is_empty() && there.right(first) >= FieldRight::Read)
    };
    let condition = column.filter.iter().flat_map(Checked::reaches);
    let fields = rollup.field.iter().all(|field| own(field)) && own(&rollup.link);
    there.may(Operation::View) && fields && condition.map(|reach| reach.own_path()).all(|path| own(&path))
}

/// Puts a form in the place of the one that the rollup `field` of `of` counts; `number` tells it from others.
pub fn stand_in(field: &mut Field, column: &Column, of: &Sketch, number: usize) -> Option<Sketch> {
    let FieldKind::Rollup(rollup) = &mut field.kind else { return None };
    // Real ids are moments; the first numbers are nobody's.
    let id = Id::from_i64(i64::try_from(number).ok()? + 1)?;
    *rollup = options::Rollup {
        form: id.to_string(),
        link: LINK.to_string(),
        function: RollupFn::First,
        field: Some(VALUE.to_string()),
        filter: None,
    };
    let back = options::Link { form: of.id.to_string(), ..options::Link::default() };
    let named = |key: &str, kind: FieldKind| Field::new(key, field.label.clone(), kind);
    let document = FormDocument {
        format: of.document.format,
        key: format!("counted_{id}"),
        label: field.label.clone(),
        fields: vec![named(LINK, FieldKind::Link(back)), named(VALUE, column.read_kind.clone())],
        ..FormDocument::default()
    };
    Some(Sketch { id, app: of.app.clone(), document })
}
