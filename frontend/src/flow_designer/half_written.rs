//! Conditions of arms that somebody left half-written. The document can't hold them: they stay with the page, and keep the
//! flow from being published without them.

use engine::flow::FlowDocument;
use engine::flow::document::{ArmName, Part};
use leptos::prelude::*;

use super::state::{Fault, FlowDesigner};
use crate::conditions::HalfLine;
use crate::text;

/// The code of the fault that a line of a condition is not whole.
pub const HALF_CONDITION: &str = "half_condition";

/// The lines that are not whole, by the arms whose conditions they belong to.
pub type HalfWritten = Vec<(ArmName, Vec<HalfLine>)>;

impl FlowDesigner {
    /// The lines of an arm's condition that were left half-written; not tracked.
    pub fn half_of(self, arm: &ArmName) -> Vec<HalfLine> {
        self.half.with_untracked(|half| {
            half.iter().find(|(known, _)| known == arm).map(|(_, lines)| lines.clone()).unwrap_or_default()
        })
    }

    /// Keeps the lines of an arm's condition that are not whole.
    pub fn keep_half(self, arm: &ArmName, lines: Vec<HalfLine>) {
        if self.half_of(arm) == lines {
            return;
        }
        self.half.update(|half| {
            half.retain(|(known, _)| known != arm);
            if !lines.is_empty() {
                half.push((arm.clone(), lines));
            }
        });
    }

    /// The names of the arms whose conditions are half-written; not tracked.
    pub fn half_written(self) -> Vec<String> {
        let there =
            |arm: &ArmName| self.document.with_untracked(|document| document.pointer_to(arm).is_some());
        let arms: Vec<ArmName> =
            self.half.with_untracked(|half| half.iter().map(|(arm, _)| arm.clone()).collect());
        let name = |arm: ArmName| untrack(|| self.name_of(&Part::Arm(arm)));
        arms.into_iter().filter(there).map(name).collect()
    }
}

/// The faults of a document with what is half-written beside it: an arm that has nothing else lacks no condition, but its value.
pub fn with_half_written(document: &FlowDocument, mut faults: Vec<Fault>, half: &HalfWritten) -> Vec<Fault> {
    for (arm, _) in half {
        let Some(pointer) = document.pointer_to(arm) else { continue };
        let part = Part::Arm(arm.clone());
        faults.retain(|fault| fault.code != "no_condition" || document.part_at(&fault.path) != part);
        faults.push(Fault {
            path: format!("{pointer}/when"),
            code: HALF_CONDITION.to_string(),
            message: text!("flows-half-condition"),
        });
    }
    faults
}
