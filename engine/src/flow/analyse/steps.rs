//! What can be wrong with a step at which people work.

use std::collections::BTreeSet;

use super::super::document::{
    Action, ActionSetting, Actions, Approve, Deadline, Fields, Fill, Policy, Ratio, RejectTo, ReturnTo,
};
use super::super::who::{Nobody, Who};
use super::{Analyser, has_step};
use crate::form::Validation;

/// The members that approve and fill have in common.
struct Work<'a> {
    who: &'a [Who],
    policy: Policy,
    nobody: Option<Nobody>,
    fields: &'a Fields,
    actions: &'a Actions,
    /// What passes the step; it can't be switched off.
    passing: Action,
    return_to: &'a ReturnTo,
    validate: &'a [Validation],
    deadlines: &'a [Deadline],
}

impl<'a> Analyser<'a> {
    pub(super) fn approve(&mut self, path: &str, step: &'a Approve, certain: &[&str], possible: &[&str]) {
        let work = Work {
            who: &step.who,
            policy: step.policy,
            nobody: step.nobody,
            fields: &step.fields,
            actions: &step.actions,
            passing: Action::Approve,
            return_to: &step.return_to,
            validate: &step.validate,
            deadlines: &step.deadlines,
        };
        self.work(path, &work, possible);
        if let RejectTo::Step(key) = &step.reject_to
            && !certain.contains(&key.as_str())
        {
            self.not_earlier(&format!("{path}/reject_to"), key);
        }
    }

    pub(super) fn fill(&mut self, path: &str, step: &'a Fill, possible: &[&str]) {
        if matches!(step.policy, Policy::Ratio(_)) {
            self.fault(format!("{path}/policy"), "ratio_without_votes");
        }
        let work = Work {
            who: &step.who,
            policy: step.policy,
            nobody: step.nobody,
            fields: &step.fields,
            actions: &step.actions,
            passing: Action::Submit,
            return_to: &step.return_to,
            validate: &step.validate,
            deadlines: &step.deadlines,
        };
        self.work(path, &work, possible);
    }

    fn work(&mut self, path: &str, work: &Work<'_>, possible: &[&str]) {
        self.who(&format!("{path}/who"), work.who);
        let is_bad_ratio = match work.policy {
            Policy::Ratio(Ratio::N(n)) => n == 0,
            Policy::Ratio(Ratio::Percent(percent)) => !(1..=100).contains(&percent),
            Policy::Any | Policy::All | Policy::Sequential => false,
        };
        if is_bad_ratio {
            self.fault(format!("{path}/policy/ratio"), "bad_ratio");
        }
        if let Some(nobody) = work.nobody {
            self.nobody(&format!("{path}/nobody"), nobody);
        }
        self.fields(&format!("{path}/fields"), work.fields);
        if work.actions.get(&work.passing) == Some(&ActionSetting::On(false)) {
            self.fault(format!("{path}/actions/{}", action_name(work.passing)), "action_needed");
        }
        for (action, setting) in work.actions {
            if let ActionSetting::Named(name) = setting {
                self.label(&format!("{path}/actions/{}/label", action_name(*action)), &name.label);
            }
        }
        if let ReturnTo::Steps(steps) = work.return_to {
            for (index, key) in steps.iter().enumerate() {
                if !possible.contains(&key.as_str()) {
                    self.not_earlier(&format!("{path}/return_to/{index}"), key);
                }
            }
        }
        let mut keys = BTreeSet::new();
        for (index, check) in work.validate.iter().enumerate() {
            let path = format!("{path}/validate/{index}");
            if !keys.insert(&check.key) {
                self.named(format!("{path}/key"), "duplicate_key", "key", &check.key);
            }
            self.label(&format!("{path}/message"), &check.message);
            self.at(&format!("{path}/formula"), self.form.check(&check.formula));
        }
        self.deadlines(path, work.deadlines, work.passing == Action::Approve);
    }

    fn not_earlier(&mut self, path: &str, key: &str) {
        let code = if has_step(&self.document.steps, key) { "target_not_earlier" } else { "unknown_step" };
        self.named(path, code, "step", key);
    }
}

/// What the document calls an action.
fn action_name(action: Action) -> String {
    let name = serde_json::to_value(action).unwrap_or_default();
    name.as_str().unwrap_or_default().to_string()
}
