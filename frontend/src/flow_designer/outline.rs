//! The document as it is drawn: each card by itself, so that a change draws again what it changed alone.

use std::collections::HashMap;
use std::sync::Arc;

use engine::flow::FlowDocument;
use engine::flow::document::{ArmName, Branch, BranchArm, DefaultArm, Parallel, ParallelArm, Step};

/// A step in its line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Seat {
    pub key: String,
    /// Another kind under the same key is drawn as another step.
    pub kind: &'static str,
}

impl Seat {
    /// Whether it is drawn with arms.
    pub fn is_block(&self) -> bool {
        matches!(self.kind, "branch" | "parallel")
    }
}

/// Every step and every line of a document, found by their keys.
#[derive(Debug, Default)]
pub struct Outline {
    /// Each step without what is in its arms.
    cards: HashMap<String, Arc<Step>>,
    /// The steps of the main line and of each arm, in their order.
    lines: HashMap<Option<(String, String)>, Vec<Seat>>,
}

impl Outline {
    pub fn of(document: &FlowDocument) -> Outline {
        let mut outline = Outline::default();
        outline.add(None, &document.steps);
        outline
    }

    fn add(&mut self, within: Option<(String, String)>, steps: &[Step]) {
        let seat = |step: &Step| Seat { key: step.key().to_string(), kind: step.kind() };
        self.lines.insert(within, steps.iter().map(seat).collect());
        for step in steps {
            self.cards.insert(step.key().to_string(), Arc::new(alone(step)));
            for (arm, inside) in step.arms() {
                self.add(Some((step.key().to_string(), arm.to_string())), inside);
            }
        }
    }

    /// A step without what is in its arms.
    pub fn card(&self, key: &str) -> Option<Arc<Step>> {
        self.cards.get(key).cloned()
    }

    /// The steps of an arm, or of the main line.
    pub fn line(&self, within: Option<&ArmName>) -> Vec<Seat> {
        let within = within.map(|name| (name.step.clone(), name.arm.clone()));
        self.lines.get(&within).cloned().unwrap_or_default()
    }
}

fn alone(step: &Step) -> Step {
    match step {
        Step::Branch(branch) => {
            let arm = |arm: &BranchArm| BranchArm {
                key: arm.key.clone(),
                label: arm.label.clone(),
                when: arm.when.clone(),
                steps: Vec::new(),
            };
            let default = |arm: &DefaultArm| DefaultArm { label: arm.label.clone(), steps: Vec::new() };
            Step::Branch(Branch {
                key: branch.key.clone(),
                label: branch.label.clone(),
                mode: branch.mode,
                arms: branch.arms.iter().map(arm).collect(),
                default: branch.default.as_ref().map(default),
            })
        }
        Step::Parallel(parallel) => {
            let arm = |arm: &ParallelArm| ParallelArm {
                key: arm.key.clone(),
                label: arm.label.clone(),
                steps: Vec::new(),
            };
            Step::Parallel(Parallel {
                key: parallel.key.clone(),
                label: parallel.label.clone(),
                join: parallel.join,
                arms: parallel.arms.iter().map(arm).collect(),
            })
        }
        single => single.clone(),
    }
}

#[cfg(test)]
mod tests {
    use engine::flow::document::{Edit, Place};
    use serde_json::json;

    use super::*;

    /// A flow of a hundred steps and some, in nested blocks.
    fn large() -> FlowDocument {
        let cc = |key: String| json!({"kind": "cc", "key": key, "label": key, "who": []});
        let block = |number: usize| {
            let arm = |arm: &str| json!({"key": arm, "steps": [cc(format!("s{number}_{arm}_1")), cc(format!("s{number}_{arm}_2"))]});
            json!({"kind": "parallel", "key": format!("p{number}"), "label": "p", "arms": [arm("a"), arm("b")]})
        };
        let steps: Vec<_> = (0..20).map(block).collect();
        FlowDocument::read(json!({"format": 1, "label": "f", "steps": steps})).unwrap()
    }

    #[test]
    fn a_change_of_one_step_leaves_all_other_cards_as_they_were() {
        let mut document = large();
        let before = Outline::of(&document);
        assert_eq!(before.cards.len(), 100);
        let edit = Edit::Set { key: "s7_b_2".into(), member: "label".into(), value: json!("Other") };
        edit.apply(&mut document).unwrap();
        let after = Outline::of(&document);
        let changed: Vec<&String> =
            before.cards.keys().filter(|key| before.card(key) != after.card(key)).collect();
        assert_eq!(changed, ["s7_b_2"]);
        assert_eq!(before.lines, after.lines);
    }

    #[test]
    fn a_new_step_changes_its_own_line_alone() {
        let mut document = large();
        let before = Outline::of(&document);
        let within = Some(ArmName { step: "p3".into(), arm: "a".into() });
        let step =
            serde_json::from_value(json!({"kind": "cc", "key": "n", "label": "n", "who": []})).unwrap();
        Edit::Add { at: Place { within: within.clone(), position: 1 }, step: Box::new(step) }
            .apply(&mut document)
            .unwrap();
        let after = Outline::of(&document);
        let changed = before.lines.iter().filter(|(line, seats)| after.lines.get(*line) != Some(*seats));
        assert_eq!(changed.count(), 1);
        assert_eq!(after.line(within.as_ref())[1], Seat { key: "n".into(), kind: "cc" });
        assert!(before.cards.keys().all(|key| before.card(key) == after.card(key)));
    }
}
