//! Which rollups are kept beside the record that shows them, and which are computed whenever they are read (semantics.md
//! 4 and 7): a figure can be kept where nothing changes it but saves of the records that it counts.

use super::super::names::Compiled;
use super::super::sketch::Surroundings;
use super::super::{Field, Kept};
use super::Publisher;
use crate::condition::{Checked, CheckedOperand, Reach};
use crate::field::{FieldKind, Reference, RollupFn, Shape, options};

/// Formulas that read formulas: as deep as a form may be read to know what is stored of it.
const MAX_DEPTH: usize = 16;

impl Publisher<'_> {
    /// How the figure of a rollup is kept; `None` for a field of another kind, and for a figure that may change although
    /// nobody saves what it counts. `read_kind` is the kind of the figure, `filter` which records count.
    pub(super) fn kept(
        &self,
        around: &Surroundings,
        field: &Field,
        read_kind: &FieldKind,
        filter: Option<&Checked>,
    ) -> Option<Kept> {
        let FieldKind::Rollup(rollup) = &field.kind else { return None };
        if around.row_of.is_some() {
            return None;
        }
        let source = around.form(&rollup.form)?;
        let there = Surroundings { sketch: &source, catalogue: self.catalogue, row_of: None };
        let (link, link_field) = there.resolve(&rollup.link).ok()?;
        if !link.hops.is_empty() || link_field.kind.reference() != Some(Reference::Record) {
            return None;
        }
        if filter.is_some_and(|filter| !is_settled_by_saves(filter, &there)) {
            return None;
        }
        let counted = match &rollup.field {
            None => None,
            Some(path) => Some(counted(&there, path, &link)?),
        };
        shapes(rollup, counted, read_kind, &link)
    }
}

/// Where the counted value is, and its shape; `None` where it can't be kept in step.
fn counted(there: &Surroundings, path: &str, link: &Reach) -> Option<(Reach, Shape)> {
    let (reach, field) = there.resolve(path).ok()?;
    let shape = field.kind.shape();
    let is_one = shape.is_column() && shape != Shape::LongText;
    let same_rows = reach.rows.is_none() || link.rows.is_none() || reach.rows == link.rows;
    (is_one && same_rows && is_stored(there, &reach, 0)).then_some((reach, shape))
}

fn shapes(
    rollup: &options::Rollup,
    counted: Option<(Reach, Shape)>,
    read_kind: &FieldKind,
    link: &Reach,
) -> Option<Kept> {
    let function = rollup.function;
    let kept = |shape, counted| Some(Kept { function, shape, counted });
    match (function, counted) {
        (RollupFn::Count, None) => kept(Shape::Decimal(0), Shape::Nothing),
        (RollupFn::Count | RollupFn::Distinct, Some((_, shape))) => kept(Shape::Decimal(0), shape),
        (RollupFn::Sum | RollupFn::Avg, Some((_, shape @ Shape::Decimal(_)))) => {
            kept(Some(read_kind.shape()).filter(|shape| matches!(shape, Shape::Decimal(_)))?, shape)
        }
        (
            RollupFn::Min | RollupFn::Max,
            Some((_, shape @ (Shape::Decimal(_) | Shape::Day | Shape::Instant | Shape::TimeOfDay))),
        ) => kept(shape, shape),
        (RollupFn::First | RollupFn::Last, Some((reach, shape))) => {
            let is_of_record = reach.rows.is_none() && link.rows.is_none();
            is_of_record.then_some(Kept { function, shape, counted: shape })
        }
        (_, _) => None,
    }
}

/// Whether the outcome of a condition on a record changes only when that record is saved.
fn is_settled_by_saves(filter: &Checked, there: &Surroundings) -> bool {
    !filter.depends_on_moment_or_viewer()
        && !filter.tests().iter().any(|test| matches!(test.operand, CheckedOperand::Param(_)))
        && filter.reaches().iter().all(|reach| is_stored(there, reach, 0))
}

/// Whether what is read there is stored in the record itself.
fn is_stored(there: &Surroundings, reach: &Reach, depth: usize) -> bool {
    if !reach.hops.is_empty() || depth > MAX_DEPTH {
        return false;
    }
    if reach.field.starts_with('$') {
        return true;
    }
    let Some(field) = there.sketch.document.field(&reach.own_path()) else { return false };
    let FieldKind::Formula(formula) = &field.kind else { return field.kind.shape() != Shape::Nothing };
    let around = Surroundings { sketch: there.sketch, catalogue: there.catalogue, row_of: reach.subform() };
    let compiled = Compiled::new(&formula.formula, &around, &field.kind.formula_type());
    compiled.is_ok_and(|formula| {
        !formula.is_live() && formula.reaches().all(|read| is_stored(there, read, depth + 1))
    })
}
