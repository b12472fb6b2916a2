//! What changed in one go, and what that touches.

use std::collections::{BTreeMap, BTreeSet};

use crate::form::{Column, Node, Task};

/// Which rows of a column are meant.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Extent {
    All,
    Rows(BTreeSet<usize>),
}

impl Extent {
    /// One cell; without a row the field of the record itself.
    pub(super) fn of(row: Option<usize>) -> Extent {
        row.map_or(Extent::All, |row| Extent::Rows(BTreeSet::from([row])))
    }

    fn add(&mut self, other: Extent) {
        match (self, other) {
            (Extent::Rows(rows), Extent::Rows(more)) => rows.extend(more),
            (all, _) => *all = Extent::All,
        }
    }
}

/// What changed in one go.
#[derive(Default)]
pub(super) struct Changes {
    /// Whether every value and every visibility counts as another, as at the start.
    everything: bool,
    nodes: BTreeMap<Node, Extent>,
    links: BTreeMap<String, Extent>,
    set: BTreeSet<String>,
}

impl Changes {
    /// Every field and cell is looked at.
    pub(super) fn everything() -> Changes {
        Changes { everything: true, ..Changes::default() }
    }

    /// Whether nothing has another value or another visibility: then nothing needs to be computed again.
    pub(super) fn is_empty(&self) -> bool {
        !self.everything && self.nodes.is_empty()
    }

    /// Whether a node has another value, in some row at least.
    pub(super) fn has(&self, node: &Node) -> bool {
        self.everything || self.nodes.contains_key(node)
    }

    pub(super) fn mark(&mut self, node: Node, extent: Extent) {
        self.nodes.entry(node).or_insert_with(|| Extent::Rows(BTreeSet::new())).add(extent);
    }

    /// A link was set: what it fills is copied.
    pub(super) fn mark_link(&mut self, path: &str, extent: Extent) {
        self.links.entry(path.to_string()).or_insert_with(|| Extent::Rows(BTreeSet::new())).add(extent);
    }

    /// The path was set in the same go: a link does not overwrite it.
    pub(super) fn mark_set(&mut self, path: &str) {
        self.set.insert(path.to_string());
    }

    pub(super) fn is_set(&self, path: &str) -> bool {
        self.set.contains(path)
    }

    /// The links that were set, with the rows in which.
    pub(super) fn links(&self) -> impl Iterator<Item = (&str, &Extent)> {
        self.links.iter().map(|(path, extent)| (path.as_str(), extent))
    }

    /// The rows of a task's column that are affected by what changed; `None` for none.
    pub(super) fn affected(&self, task: &Task, column: &Column) -> Option<Extent> {
        if self.everything {
            return Some(Extent::All);
        }
        let own = self.nodes.get(&task.node).cloned();
        let read = task.reads.iter().filter_map(|read| {
            let extent = self.nodes.get(read)?;
            let same_subform = column.subform().is_some()
                && !task.across.contains(read)
                && read.path().split_once('.').map(|(subform, _)| subform) == column.subform();
            Some(if same_subform { extent.clone() } else { Extent::All })
        });
        own.into_iter().chain(read).reduce(|mut all, extent| {
            all.add(extent);
            all
        })
    }
}
