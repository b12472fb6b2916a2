//! How much one form may compute: how many formulas it has, and how high they stand on each other.

use std::collections::BTreeMap;

use super::graph::{Node, Task};
use super::{Column, Field};
use crate::text::{Fault, Faults};

/// Formulas of one form at most: those of fields and columns, of defaults and of checks.
const MAX_FORMULAS: usize = 200;
/// A formula that reads what another one gives stands on it: so many on top of each other at most.
const MAX_CHAIN: usize = 20;

/// What is too much. `places` has every field with its JSON pointer and its path, `checks` is the number of validations.
pub(super) fn faults(
    places: &[(String, String, Field)],
    columns: &BTreeMap<String, Column>,
    tasks: &[Task],
    checks: usize,
) -> Faults {
    let mut faults = Faults::new();
    let formulas: usize = columns.values().map(|column| column.formulas().count()).sum();
    if formulas + checks > MAX_FORMULAS {
        faults.push(Fault::new("/fields", "too_many_formulas").arg("max", MAX_FORMULAS));
    }
    if let Some(path) = too_high(columns, tasks) {
        let place = places.iter().find(|(_, known, _)| known == path);
        let pointer = place.map(|(pointer, ..)| pointer.clone()).unwrap_or_default();
        faults.push(Fault::new(pointer, "chain_too_long").arg("max", MAX_CHAIN));
    }
    faults
}

/// The first field whose formula stands too high. Tasks come after what they read.
fn too_high<'t>(columns: &BTreeMap<String, Column>, tasks: &'t [Task]) -> Option<&'t str> {
    let computes = |node: &Node| {
        matches!(node, Node::Value(path)
            if columns.get(path).is_some_and(|column| column.formulas().next().is_some()))
    };
    let mut heights: BTreeMap<&Node, usize> = BTreeMap::new();
    for task in tasks {
        let below = task.reads.iter().filter_map(|read| heights.get(read)).max().copied().unwrap_or(0);
        let height = below + usize::from(computes(&task.node));
        if height > MAX_CHAIN {
            return Some(task.node.path());
        }
        heights.insert(&task.node, height);
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::form::{Catalogue, Form, Sketch};
    use crate::value::Id;

    struct Alone;

    impl Catalogue for Alone {
        fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
            None
        }
    }

    fn faults_of(fields: Vec<Value>) -> Vec<String> {
        let document = json!({"key": "f", "label": "F", "fields": fields});
        let document = serde_json::from_value(document).unwrap();
        let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "crm".into(), document };
        let faults = Form::publish(Arc::new(sketch), 1, &Alone).err().unwrap_or_default();
        faults.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
    }

    fn computed(key: String, formula: &str) -> Value {
        json!({"key": key, "label": "l", "kind": "number", "compute": {"formula": formula}})
    }

    fn start() -> Value {
        json!({"key": "a0", "label": "l", "kind": "number"})
    }

    #[test]
    fn formulas_are_counted() {
        let fields = |count: usize| -> Vec<Value> {
            let formulas = (1..=count).map(|n| computed(format!("a{n}"), "a0 + 1"));
            std::iter::once(start()).chain(formulas).collect()
        };
        assert!(faults_of(fields(MAX_FORMULAS)).is_empty());
        assert_eq!(faults_of(fields(MAX_FORMULAS + 1)), ["/fields too_many_formulas"]);
    }

    #[test]
    fn formulas_stand_on_each_other_only_so_high() {
        let fields = |count: usize| -> Vec<Value> {
            let formulas = (1..=count).map(|n| computed(format!("a{n}"), &format!("a{} + 1", n - 1)));
            std::iter::once(start()).chain(formulas).collect()
        };
        assert!(faults_of(fields(MAX_CHAIN)).is_empty());
        assert_eq!(faults_of(fields(MAX_CHAIN + 1)), ["/fields/21 chain_too_long"]);
    }
}
