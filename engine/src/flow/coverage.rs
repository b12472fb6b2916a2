//! Which steps and arms walks have come by: what nothing has come by was not tried out.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{ArmName, FlowDocument, Step};
use super::simulate::Walk;

/// How many of some walks came by each step and each arm. A walk that comes by twice counts once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    pub walks: u32,
    pub steps: BTreeMap<String, u32>,
    /// By the step of a block and by its arm.
    pub arms: BTreeMap<String, BTreeMap<String, u32>>,
    /// How the walks ended, as states of instances are called.
    pub ends: BTreeMap<&'static str, u32>,
}

impl Coverage {
    pub fn add(&mut self, walk: &Walk) {
        self.walks += 1;
        *self.ends.entry(walk.status.key()).or_default() += 1;
        let steps: BTreeSet<&str> = walk.stops.iter().map(|stop| stop.step.as_str()).collect();
        for step in steps {
            *self.steps.entry(step.to_string()).or_default() += 1;
        }
        let taken = walk.stops.iter().flat_map(|stop| stop.arms.iter().map(|arm| (&stop.step, arm)));
        for (step, arm) in taken.collect::<BTreeSet<(&String, &String)>>() {
            *self.arms.entry(step.clone()).or_default().entry(arm.clone()).or_default() += 1;
        }
    }

    /// The arms that no walk took, in the order of reading.
    pub fn missed(&self, document: &FlowDocument) -> Vec<ArmName> {
        let mut found = Vec::new();
        self.missed_in(&document.steps, &mut found);
        found
    }

    fn missed_in(&self, steps: &[Step], found: &mut Vec<ArmName>) {
        for step in steps {
            let taken = self.arms.get(step.key());
            for (arm, inside) in step.arms() {
                if !taken.is_some_and(|taken| taken.contains_key(arm)) {
                    found.push(ArmName { step: step.key().to_string(), arm: arm.to_string() });
                }
                self.missed_in(inside, found);
            }
        }
    }
}
