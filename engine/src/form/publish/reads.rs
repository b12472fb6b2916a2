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
            let visible_reads = visible_reaches(column, rules).iter().flat_map(nodes).collect();
            reads.insert(Node::Visible(column.path.clone()), visible_reads);
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
            Ok(mut tasks) => {
                for task in &mut tasks {
                    let column = columns.get(task.node.path());
                    task.across = column.map(|column| across(&task.node, column, rules)).unwrap_or_default();
                }
                tasks
            }
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
        reads.extend(value_reaches(column).iter().flat_map(nodes));
        // Rows that another form gives come before what stands in them.
        reads.extend(rows.filter(|rows| rows.linkage().is_some()).map(|rows| Node::Value(rows.path.clone())));
        if let Some(subform) = column.subform() {
            reads.insert(Node::Visible(subform.to_string()));
        }
        reads
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

/// The paths that a value is made of.
fn value_reaches(column: &Column) -> Vec<Reach> {
    // System fields among them: what reads the state of the flow follows it.
    let formulas = column.formulas().flat_map(Compiled::reaches).cloned();
    formulas.chain(column.reach.clone()).chain(column.asks_with()).collect()
}

/// The paths by which a field is shown or hidden.
fn visible_reaches(column: &Column, rules: &[CheckedRule]) -> Vec<Reach> {
    let shown_by = rules.iter().filter(|rule| rule.show.contains(&column.path)).map(|rule| &rule.when);
    column.visible_when.iter().chain(shown_by).flat_map(Checked::reaches).collect()
}

/// The nodes that a path reads. Who walks rows reads how many there are, too: a hidden sub-form has none.
fn nodes(reach: &Reach) -> impl Iterator<Item = Node> {
    [Some(reach.own_path()), reach.rows.clone()].into_iter().flatten().map(Node::Value)
}

/// What a node reads in all rows.
fn across(node: &Node, column: &Column, rules: &[CheckedRule]) -> BTreeSet<Node> {
    let reaches = match node {
        Node::Value(_) => value_reaches(column),
        Node::Visible(_) => visible_reaches(column, rules),
    };
    reaches.iter().filter(|reach| reach.rows.is_some()).flat_map(nodes).collect()
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
