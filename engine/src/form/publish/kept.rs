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
    let is_one = shape.is_column() && !matches!(shape, Shape::LongText | Shape::Markup);
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
            // An unset switch reads as off, also where there is no record.
            (is_of_record && shape != Shape::Bool).then_some(Kept { function, shape, counted: shape })
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
    let compiled = Compiled::kept(&formula.formula, &around, &field.kind.formula_type());
    compiled.is_ok_and(|formula| {
        !formula.is_live() && formula.reaches().all(|read| is_stored(there, read, depth + 1))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value as Json, json};

    use super::*;
    use crate::form::{Catalogue, Form, Sketch};
    use crate::value::Id;

    struct World(Vec<Arc<Sketch>>);

    impl Catalogue for World {
        fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
            self.0.iter().find(|sketch| sketch.document.key == name).cloned()
        }
    }

    fn sketch(id: i64, document: Json) -> Arc<Sketch> {
        let document = serde_json::from_value(document).unwrap();
        Arc::new(Sketch { id: Id::from_i64(id).unwrap(), app: "crm".into(), document })
    }

    fn kept(options: Json) -> Option<Kept> {
        let order = sketch(
            2,
            json!({"key": "order", "label": "o", "fields": [
                {"key": "customer", "label": "c", "kind": "link", "options": {"form": "customer"}},
                {"key": "amount", "label": "a", "kind": "number", "options": {"scale": 3}},
                {"key": "day", "label": "d", "kind": "date"},
                {"key": "paid", "label": "p", "kind": "switch"},
                {"key": "note", "label": "n", "kind": "text"},
                {"key": "tags", "label": "t", "kind": "multi_select",
                 "options": {"choices": [{"key": "x", "label": "x"}]}},
                {"key": "twice", "label": "t", "kind": "formula", "options": {"formula": "amount * 2", "scale": 2}},
                {"key": "four", "label": "f", "kind": "formula", "options": {"formula": "twice * 2"}},
                {"key": "age", "label": "g", "kind": "formula", "options": {"formula": "TODAY() - day"}},
                {"key": "older", "label": "o", "kind": "formula", "options": {"formula": "age + 1"}},
                {"key": "name", "label": "n", "kind": "lookup", "options": {"link": "customer", "field": "name"}},
                {"key": "lines", "label": "l", "kind": "subform", "options": {"fields": [
                    {"key": "of", "label": "o", "kind": "link", "options": {"form": "customer"}},
                    {"key": "qty", "label": "q", "kind": "number", "options": {"scale": 0}}]}}]}),
        );
        let mut of = json!({"form": "order", "link": "customer"});
        for (name, option) in options.as_object().unwrap() {
            of[name] = option.clone();
        }
        let customer = sketch(
            1,
            json!({"key": "customer", "label": "c", "fields": [
                {"key": "name", "label": "n", "kind": "text"},
                {"key": "figure", "label": "f", "kind": "rollup", "options": of}]}),
        );
        let form = Form::publish(customer.clone(), 1, &World(vec![customer, order])).unwrap();
        form.column("figure").unwrap().kept
    }

    #[test]
    fn what_only_saves_change_is_kept() {
        let of = |function: &str, field: &str| json!({"fn": function, "field": field});
        let scaled = |scale| Some(Shape::Decimal(scale));
        for (options, shape) in [
            (json!({"fn": "count"}), scaled(0)),
            (of("count", "note"), scaled(0)),
            (of("sum", "amount"), scaled(3)),
            (of("avg", "amount"), scaled(7)),
            (of("min", "day"), Some(Shape::Day)),
            (of("max", "amount"), scaled(3)),
            (of("distinct", "paid"), scaled(0)),
            (of("first", "note"), Some(Shape::Text)),
            (of("last", "customer"), Some(Shape::Ref)),
            (of("sum", "twice"), scaled(2)),
            (of("sum", "four"), scaled(8)),
            (of("sum", "lines.qty"), scaled(0)),
            (json!({"fn": "sum", "field": "lines.qty", "link": "lines.of"}), scaled(0)),
            (json!({"fn": "sum", "field": "amount", "link": "lines.of"}), scaled(3)),
            // What changes although nobody saves an order, or has no figure that could be kept.
            (of("sum", "age"), None),
            (of("max", "older"), None),
            (of("count", "name"), None),
            (of("distinct", "tags"), None),
            (of("min", "note"), None),
            (of("first", "paid"), None),
            (of("first", "lines.qty"), None),
            (of("count", "customer.name"), None),
        ] {
            assert_eq!(kept(options.clone()).map(|kept| kept.shape), shape, "{options}");
        }
    }

    #[test]
    fn a_condition_must_be_settled_by_saves_too() {
        let test = |field: &str, op: &str, value: Json| json!({"field": field, "op": op, "value": value});
        for (filter, is_kept) in [
            (test("paid", "eq", json!(true)), true),
            (test("$flow_state", "eq", json!("approved")), true),
            (
                json!({"any": [test("four", "gt", json!(1)), {"not": test("lines.qty", "gt", json!(1))}]}),
                true,
            ),
            (test("day", "within", json!({"relative": "this_month"})), false),
            (test("$owner", "eq", json!({"var": "me"})), false),
            (test("amount", "gt", json!({"param": "least"})), false),
            (test("older", "gt", json!(1)), false),
            (test("customer.name", "eq", json!("Ann")), false),
            (json!({"all": [test("paid", "eq", json!(true)), test("name", "eq", json!("Ann"))]}), false),
        ] {
            let found = kept(json!({"fn": "count", "filter": filter}));
            assert_eq!(found.is_some(), is_kept, "{filter}");
        }
    }
}
