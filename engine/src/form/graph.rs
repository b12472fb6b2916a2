//! In which order values and visibility are computed: one dependency graph over a form's fields.
//!
//! A node stands for a field, or for a column in all its rows. What a field's value depends on: its formula or
//! default, its own visibility, the link that fills it. What its visibility depends on: the fields that its
//! conditions read. A circle is refused at publish, with its path (semantics.md 3).

use std::collections::{BTreeMap, BTreeSet};

/// Something that is computed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// The value at a path: `amount` or `lines.amount`.
    Value(String),
    /// Whether the field at a path is shown.
    Visible(String),
}

impl Node {
    /// The path of the field or column.
    pub fn path(&self) -> &str {
        match self {
            Node::Value(path) | Node::Visible(path) => path,
        }
    }
}

/// A node with what it reads, in an order in which everything read comes first.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub node: Node,
    pub reads: BTreeSet<Node>,
    /// Those of them that are read in all rows, whichever row the node stands in itself.
    pub across: BTreeSet<Node>,
}

/// Orders the nodes so that each comes after what it reads; equal ones by their names, so that the order is the same
/// everywhere.
///
/// # Errors
/// The paths of a circle, first one repeated at the end.
pub(crate) fn order(reads: &BTreeMap<Node, BTreeSet<Node>>) -> Result<Vec<Task>, Vec<String>> {
    let mut walk = Walk { reads, done: BTreeSet::new(), open: Vec::new(), tasks: Vec::new() };
    for node in reads.keys() {
        walk.visit(node)?;
    }
    Ok(walk.tasks)
}

struct Walk<'a> {
    reads: &'a BTreeMap<Node, BTreeSet<Node>>,
    done: BTreeSet<Node>,
    open: Vec<Node>,
    tasks: Vec<Task>,
}

impl Walk<'_> {
    // Depth is bounded by the number of fields in one form, which publishing limits.
    fn visit(&mut self, node: &Node) -> Result<(), Vec<String>> {
        if self.done.contains(node) {
            return Ok(());
        }
        if self.open.contains(node) {
            let circle = self.open.iter().skip_while(|open| *open != node);
            let mut circle: Vec<String> = circle.map(|node| node.path().to_string()).collect();
            circle.push(node.path().to_string());
            circle.dedup();
            return Err(circle);
        }
        let Some(reads) = self.reads.get(node) else { return Ok(()) };
        self.open.push(node.clone());
        for read in reads {
            self.visit(read)?;
        }
        self.open.pop();
        self.done.insert(node.clone());
        self.tasks.push(Task { node: node.clone(), reads: reads.clone(), across: BTreeSet::new() });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(path: &str) -> Node {
        Node::Value(path.into())
    }

    #[test]
    fn what_is_read_comes_first_and_circles_are_named() {
        let mut reads = BTreeMap::from([
            (value("a"), BTreeSet::from([value("b")])),
            (value("b"), BTreeSet::from([value("c")])),
            (value("c"), BTreeSet::new()),
        ]);
        let paths: Vec<String> =
            order(&reads).unwrap().iter().map(|task| task.node.path().to_string()).collect();
        assert_eq!(paths, ["c", "b", "a"]);
        reads.insert(value("c"), BTreeSet::from([value("a")]));
        assert_eq!(order(&reads).unwrap_err(), ["a", "b", "c", "a"]);
    }
}
