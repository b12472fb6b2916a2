//! For which later steps somebody names the people (approvals.md, "People": chosen by the submitter, by the previous approver).

use std::collections::BTreeSet;

use super::document::START;
use super::published::{Flow, Node, NodeId, NodeKind};
use super::who::{Chooser, Who};
use crate::text::Label;

impl Flow {
    /// The steps whose people whoever completes `step` is asked to name, with their labels, in the order of the design: the
    /// submitter for all that leave it to them, everybody for the steps that come next and leave it to the one before.
    pub fn choosable_at(&self, step: &str) -> Vec<(&str, &Label)> {
        let next = self.coming_next(step);
        let is_asked = |node: &&Node| {
            let leaves_to = |chooser| self.who(&node.key).contains(&Who::ChosenBy(chooser));
            (step == START && leaves_to(Chooser::Submitter))
                || (leaves_to(Chooser::Previous) && next.contains(node.key.as_str()))
        };
        self.all_nodes().filter(is_asked).map(|node| (node.key.as_str(), &node.label)).collect()
    }

    /// The steps with tasks to which the flow can come from one without anybody deciding between them.
    fn coming_next(&self, step: &str) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let next = if step == START { self.first() } else { self.after(step) };
        let mut waiting: Vec<NodeId> = next.into_iter().collect();
        while let Some(id) = waiting.pop() {
            let Some(node) = self.node(id).filter(|_| seen.insert(id)) else { continue };
            match &node.kind {
                NodeKind::Work(_) => {
                    found.insert(node.key.as_str());
                }
                NodeKind::Branch { arms, .. } | NodeKind::Parallel { arms, .. } => {
                    let behind = self.after(&node.key);
                    waiting.extend(arms.iter().filter_map(|arm| arm.first.or(behind)));
                }
                NodeKind::Cc(_) | NodeKind::Action(_) | NodeKind::Delay(_) => {
                    waiting.extend(self.after(&node.key))
                }
                // Whoever decided in another flow names nobody here.
                NodeKind::Subflow(_) => {}
            }
        }
        found
    }

    /// What comes after a step, or after the blocks that end with it.
    fn after(&self, step: &str) -> Option<NodeId> {
        let (_, node) = self.find(step)?;
        let behind = || self.around(step).iter().find_map(|(block, _)| self.find(block)?.1.next);
        node.next.or_else(behind)
    }
}
