//! What can be wrong with branches and parallel arms.

use super::super::cover::Covered;
use super::super::document::{Branch, BranchMode, Join, Parallel, Step, no_condition};
use super::Analyser;

impl<'a> Analyser<'a> {
    pub(super) fn branch(
        &mut self,
        path: &str,
        step: &'a Branch,
        certain: &mut Vec<&'a str>,
        possible: &mut Vec<&'a str>,
        depth: usize,
    ) {
        if step.arms.is_empty() {
            self.fault(format!("{path}/arms"), "no_arms");
        }
        let mut earlier = Covered::new(self.form);
        let mut inside = Vec::new();
        for (index, arm) in step.arms.iter().enumerate() {
            let path = format!("{path}/arms/{index}");
            self.key(&path, &arm.key);
            self.condition(&format!("{path}/when"), &arm.when);
            let is_dead =
                earlier.never(&arm.when) || (step.mode == BranchMode::Exclusive && earlier.covers(&arm.when));
            if arm.when == no_condition() {
                self.fault(format!("{path}/when"), "no_condition");
            } else if is_dead {
                self.named(format!("{path}/when"), "arm_never_matches", "arm", &arm.key);
            }
            earlier.add(&arm.when);
            inside.push((format!("{path}/steps"), &arm.steps));
        }
        if let Some(arm) = &step.default {
            inside.push((format!("{path}/default/steps"), &arm.steps));
        }
        self.arms(inside, certain, possible, depth);
    }

    pub(super) fn parallel(
        &mut self,
        path: &str,
        step: &'a Parallel,
        certain: &mut Vec<&'a str>,
        possible: &mut Vec<&'a str>,
        depth: usize,
    ) {
        if step.arms.is_empty() {
            self.fault(format!("{path}/arms"), "no_arms");
        }
        if let Join::N(n) = step.join
            && !(1..=step.arms.len()).contains(&(n as usize))
        {
            self.named(format!("{path}/join/n"), "bad_join", "max", step.arms.len());
        }
        let mut inside = Vec::new();
        for (index, arm) in step.arms.iter().enumerate() {
            self.key(&format!("{path}/arms/{index}"), &arm.key);
            inside.push((format!("{path}/arms/{index}/steps"), &arm.steps));
        }
        self.arms(inside, certain, possible, depth);
    }

    /// Steps in one arm are not possible in another, but all are possible after the block.
    fn arms(
        &mut self,
        arms: Vec<(String, &'a Vec<Step>)>,
        certain: &mut Vec<&'a str>,
        possible: &mut Vec<&'a str>,
        depth: usize,
    ) {
        let before = possible.len();
        let mut after = possible.clone();
        for (path, steps) in arms {
            self.sequence(&path, steps, certain, possible, depth + 1);
            after.extend(possible.drain(before..));
        }
        *possible = after;
    }
}
