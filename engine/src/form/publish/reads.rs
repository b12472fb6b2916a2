//! Who reads what: the order of computing, what is live, which linked records are needed.

use std::collections::{BTreeMap, BTreeSet};

use super::super::graph::{self, Node, Task};
use super::super::{BoundScript, CheckedRule, CheckedValidation, Column, Compiled};
use super::Publisher;
use crate::condition::{Checked, Reach};
use crate::field::{FieldKind, Shape};
use crate::text::Fault;

impl Publisher<'_> {
    /// The order of computing; a circle is a fault.
    pub(super) fn order(&mut self, columns: &BTreeMap<String, Column>, rules: &[CheckedRule]) -> Vec<Task> {
        let mut reads: BTreeMap<Node, BTreeSet<Node>> = BTreeMap::new();
        for column in columns.values() {
            let rows = column.subform().and_then(|subform| columns.get(subform));
            reads.insert(Node::Value(column.path.clone()), Self::value_reads(column, rows));
            reads.insert(Node::Visible(column.path.clone()), self.visible_reads(column, rules));
        }
        for column in columns.values() {
            let Some(link) = column.field.kind.as_link() else { continue };
            for fill in &link.fill {
                let to = match column.subform() {
                    Some(subform) if columns.contains_key(&format!("{subform}.{}", fill.to)) => {
                        format!("{subform}.{}", fill.to)
                    }
                    _ => fill.to.clone(),
                };
                reads.entry(Node::Value(to)).or_default().insert(Node::Value(column.path.clone()));
            }
        }
        match graph::order(&reads) {
            Ok(tasks) => tasks,
            Err(circle) => {
                let place = self.pointers().into_iter().find(|(_, path, _)| Some(path) == circle.first());
                let at = place.map(|(pointer, _, _)| pointer).unwrap_or_default();
                let names = self.sketch.document.labels_of(&circle, " → ");
                let fault = Fault::new(at, "cycle").arg("fields", circle.join(" → "));
                self.faults.push(fault.name("fields", names));
                Vec::new()
            }
        }
    }

    /// What the value of a field, or of a column in these rows, follows from.
    fn value_reads(column: &Column, rows: Option<&Column>) -> BTreeSet<Node> {
        let mut reads = BTreeSet::from([Node::Visible(column.path.clone())]);
        for formula in column.formulas() {
            // System fields among them: what reads the state of the flow follows it.
            reads.extend(formula.reaches().map(|reach| Node::Value(reach.own_path())));
        }
        if let Some(reach) = &column.reach {
            reads.insert(Node::Value(reach.own_path()));
        }
        reads.extend(column.asks_with().iter().map(|reach| Node::Value(reach.own_path())));
        // Rows that another form gives come before what stands in them.
        reads.extend(rows.filter(|rows| rows.linkage().is_some()).map(|rows| Node::Value(rows.path.clone())));
        if let Some(subform) = column.subform() {
            reads.insert(Node::Visible(subform.to_string()));
        }
        reads
    }

    fn visible_reads(&self, column: &Column, rules: &[CheckedRule]) -> BTreeSet<Node> {
        let shown_by = rules.iter().filter(|rule| rule.show.contains(&column.path)).map(|rule| &rule.when);
        column.visible_when.iter().chain(shown_by).flat_map(condition_reads).collect()
    }

    /// A formula field that reads anything live is live itself, and so on through others.
    pub(super) fn settle_liveness(columns: &mut BTreeMap<String, Column>) {
        loop {
            let live: BTreeSet<String> = columns
                .values()
                .filter(|column| column.is_live())
                .map(|column| column.path.clone())
                .collect();
            let mut changed = false;
            for column in columns.values_mut() {
                let FieldKind::Formula(_) = column.field.kind else { continue };
                let (Some(formula), false) = (&column.compute, column.is_live()) else { continue };
                let reads_live =
                    formula.reaches().any(|reach| !reach.hops.is_empty() || live.contains(&reach.own_path()));
                if formula.is_live() || reads_live {
                    column.shape = Shape::Nothing;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }
}

/// The nodes that a condition reads.
fn condition_reads(condition: &Checked) -> Vec<Node> {
    condition.reaches().iter().map(|reach| Node::Value(reach.own_path())).collect()
}

/// What the conditions of scripts read.
fn script_reads(scripts: &[BoundScript]) -> impl Iterator<Item = Reach> {
    scripts.iter().filter_map(|bound| bound.when.as_ref()).flat_map(Checked::reaches)
}

/// Every path through links that computing needs, and whatever decides in a save.
pub(super) fn link_reads(
    columns: &BTreeMap<String, Column>,
    rules: &[CheckedRule],
    validations: &[CheckedValidation],
    scripts: &[BoundScript],
) -> Vec<Reach> {
    let mut found: BTreeSet<Reach> = BTreeSet::new();
    for column in columns.values() {
        found.extend(column.formulas().flat_map(Compiled::reaches).cloned());
        found.extend(
            [&column.visible_when, &column.required_when].into_iter().flatten().flat_map(Checked::reaches),
        );
        found.extend(column.reach.clone());
        found.extend(column.asks_with());
        if let (Some(link), Some(target)) = (column.field.kind.as_link(), column.target) {
            for fill in &link.fill {
                let hops = vec![(column.field.key.clone(), target)];
                let in_row = column.subform().map(str::to_string);
                found.insert(Reach { rows: None, in_row, hops, field: fill.from.clone() });
            }
        }
    }
    found.extend(rules.iter().flat_map(|rule| rule.when.reaches()));
    found.extend(validations.iter().flat_map(|validation| validation.formula.reaches()).cloned());
    found.extend(script_reads(scripts));
    found.into_iter().filter(|reach| !reach.hops.is_empty()).collect()
}

/// Whether something stored, checked or done depends on a rollup.
pub(super) fn reads_rollup(
    columns: &BTreeMap<String, Column>,
    tasks: &[Task],
    scripts: &[BoundScript],
) -> bool {
    let is_rollup = |path: &str| {
        columns.get(path).is_some_and(|column| matches!(column.field.kind, FieldKind::Rollup(_)))
    };
    tasks.iter().any(|task| task.reads.iter().any(|read| is_rollup(read.path())))
        || script_reads(scripts).any(|reach| is_rollup(&reach.own_path()))
}
