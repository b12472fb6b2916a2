//! A ready-made flow and the form that it is to be for: what it asks of one, and the same flow with that form's names.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Deadline, FieldMoment, Fields, FlowDocument, Reaction, Step, TITLE_WORDS};
use super::outcome;
use super::who::{UpTo, Who};
use crate::condition::{Condition, Operand, Test};
use crate::field::{FieldKind, Shape};
use crate::form::{Validation, fill_pattern, pattern_paths};

/// What a flow names of the form and the workspace that it is used in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The fields by their paths: whether the flow finds its way or its people by them. Others it only opens or hides at
    /// steps.
    pub fields: BTreeMap<String, bool>,
    /// The roles by their keys.
    pub roles: BTreeSet<String>,
}

/// Other names for what a flow needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub fields: BTreeMap<String, String>,
    pub roles: BTreeMap<String, String>,
}

impl FlowDocument {
    /// What it asks of its surroundings; nothing for a flow that can't be put elsewhere, because it has formulas, actions or
    /// flows of other forms, which name more than fields and roles.
    pub fn needs(&self) -> Option<Needs> {
        let mut needs = Needs::default();
        let mut fits_elsewhere = true;
        let mut walk = Walk {
            field: &mut |path, is_required| {
                *needs.fields.entry(path.to_string()).or_default() |= is_required;
                Some(path.to_string())
            },
            role: &mut |role| {
                needs.roles.insert(role.to_string());
                role.to_string()
            },
            fits_elsewhere: &mut fits_elsewhere,
        };
        walk.flow(&mut self.clone());
        fits_elsewhere.then_some(needs)
    }

    /// The roles that it names, by their keys.
    pub fn roles(&self) -> BTreeSet<String> {
        let mut roles = BTreeSet::new();
        let mut walk = Walk {
            field: &mut |path, _| Some(path.to_string()),
            role: &mut |role| {
                roles.insert(role.to_string());
                role.to_string()
            },
            fits_elsewhere: &mut true,
        };
        walk.flow(&mut self.clone());
        roles
    }

    /// The same flow without its actions: these are about the forms of one package. Blocks in which nothing else was go with
    /// them.
    pub fn without_actions(&self) -> FlowDocument {
        FlowDocument { steps: without_acting(&self.steps), ..self.clone() }
    }

    /// The same flow with other names. A field that has none is left out where the flow only opens or hides it; a title in
    /// which one is missing is left out, too.
    pub fn fitted(&self, names: &Names) -> FlowDocument {
        let mut fitted = self.clone();
        let mut walk = Walk {
            field: &mut |path, _| names.fields.get(path).cloned(),
            role: &mut |role| names.roles.get(role).cloned().unwrap_or_else(|| role.to_string()),
            fits_elsewhere: &mut true,
        };
        walk.flow(&mut fitted);
        fitted.title = self.title.as_deref().and_then(|title| title_with(title, names));
        fitted
    }
}

/// The steps that are no actions, and no blocks of nothing but actions.
fn without_acting(steps: &[Step]) -> Vec<Step> {
    let kept = |step: &Step| match step {
        Step::Action(_) => None,
        Step::Branch(branch) => {
            let mut branch = branch.clone();
            branch.arms.iter_mut().for_each(|arm| arm.steps = without_acting(&arm.steps));
            branch.default.iter_mut().for_each(|arm| arm.steps = without_acting(&arm.steps));
            let mut inside = branch.arms.iter().map(|arm| &arm.steps);
            let is_left = inside.any(|steps| !steps.is_empty())
                || branch.default.iter().any(|arm| !arm.steps.is_empty());
            is_left.then_some(Step::Branch(branch))
        }
        Step::Parallel(parallel) => {
            let mut parallel = parallel.clone();
            parallel.arms.iter_mut().for_each(|arm| arm.steps = without_acting(&arm.steps));
            let is_left = parallel.arms.iter().any(|arm| !arm.steps.is_empty());
            is_left.then_some(Step::Parallel(parallel))
        }
        Step::Approve(_) | Step::Fill(_) | Step::Cc(_) | Step::Subflow(_) | Step::Delay(_) => {
            Some(step.clone())
        }
    };
    steps.iter().filter_map(kept).collect()
}

fn title_with(title: &str, names: &Names) -> Option<String> {
    let known = |path: &String| TITLE_WORDS.contains(&path.as_str()) || names.fields.contains_key(path);
    let name = |path: &str| format!("{{{}}}", names.fields.get(path).map_or(path, String::as_str));
    pattern_paths(title).iter().all(known).then(|| fill_pattern(title, &name))
}

/// Whether a field can stand where a flow has one of the other kind: it holds the same sort of values.
pub fn fits(needed: &FieldKind, offered: &FieldKind) -> bool {
    needed.reference() == offered.reference() && sort(needed.shape()) == sort(offered.shape())
}

/// Whether what a field holds can be written into one of the other kind, for some value at least: a text may hold anything.
pub fn exchangeable(one: &FieldKind, other: &FieldKind) -> bool {
    match (sort(one.shape()), sort(other.shape())) {
        ("text" | "nothing", _) | (_, "text" | "nothing") => true,
        ("day" | "instant", "day" | "instant") => true,
        (sort, other_sort) => sort == other_sort && one.reference() == other.reference(),
    }
}

fn sort(shape: Shape) -> &'static str {
    match shape {
        Shape::Nothing => "nothing",
        Shape::Text | Shape::LongText | Shape::Markup | Shape::Parts => "text",
        Shape::Bool => "bool",
        Shape::Decimal(_) => "number",
        Shape::Day => "day",
        Shape::Instant => "instant",
        Shape::TimeOfDay => "time",
        Shape::Key | Shape::Keys => "choice",
        Shape::Ref | Shape::Refs => "reference",
        Shape::Rows => "rows",
    }
}

/// Goes through everything that a flow names, and puts other names there.
struct Walk<'w> {
    /// The name of a field, which the flow may need; none to leave out one that it does not.
    field: &'w mut dyn FnMut(&str, bool) -> Option<String>,
    role: &'w mut dyn FnMut(&str) -> String,
    fits_elsewhere: &'w mut bool,
}

impl Walk<'_> {
    fn flow(&mut self, document: &mut FlowDocument) {
        self.rights(&mut document.start.fields);
        self.steps(&mut document.steps);
    }

    fn steps(&mut self, steps: &mut [Step]) {
        steps.iter_mut().for_each(|step| self.step(step));
    }

    fn step(&mut self, step: &mut Step) {
        match step {
            Step::Approve(step) => {
                self.work(&mut step.who, &mut step.fields, &mut step.deadlines, &step.validate);
            }
            Step::Fill(step) => {
                self.work(&mut step.who, &mut step.fields, &mut step.deadlines, &step.validate);
            }
            Step::Cc(step) => {
                self.people(&mut step.who);
                self.rights(&mut step.fields);
            }
            Step::Branch(branch) => {
                for arm in &mut branch.arms {
                    self.condition(&mut arm.when);
                    self.steps(&mut arm.steps);
                }
                if let Some(arm) = &mut branch.default {
                    self.steps(&mut arm.steps);
                }
            }
            Step::Parallel(parallel) => {
                parallel.arms.iter_mut().for_each(|arm| self.steps(&mut arm.steps));
            }
            Step::Delay(delay) => {
                delay.until.iter_mut().for_each(|moment| self.moment(moment));
            }
            Step::Subflow(_) | Step::Action(_) => *self.fits_elsewhere = false,
        }
    }

    fn work(
        &mut self,
        who: &mut [Who],
        fields: &mut Fields,
        deadlines: &mut [Deadline],
        validations: &[Validation],
    ) {
        self.people(who);
        self.rights(fields);
        for deadline in deadlines {
            deadline.at.iter_mut().for_each(|moment| self.moment(moment));
            match &mut deadline.reaction {
                Reaction::Transfer(who) => self.person(who),
                Reaction::Remind(others) => self.people(others),
                _ => {}
            }
        }
        if !validations.is_empty() {
            *self.fits_elsewhere = false;
        }
    }

    fn rights(&mut self, fields: &mut Fields) {
        let rights = std::mem::take(fields).into_iter().filter_map(|(path, right)| match path.as_str() {
            "*" => Some((path, right)),
            _ => Some(((self.field)(&path, false)?, right)),
        });
        *fields = rights.collect();
    }

    fn people(&mut self, who: &mut [Who]) {
        who.iter_mut().for_each(|who| self.person(who));
    }

    fn person(&mut self, who: &mut Who) {
        match who {
            Who::Field(path) | Who::HeadOfField(path) => self.path(path),
            Who::Roles(roles) => {
                for role in roles {
                    *role = (self.role)(role.as_str());
                }
            }
            Who::ManagersUpTo(UpTo::Role(role)) => *role = (self.role)(role.as_str()),
            // Those are people of one installation.
            Who::Members(_) | Who::Departments { .. } => *self.fits_elsewhere = false,
            Who::Submitter
            | Who::Manager(_)
            | Who::ManagersUpTo(UpTo::Level(_))
            | Who::ChosenBy(_)
            | Who::HeadOfPrevious => {}
        }
    }

    fn moment(&mut self, moment: &mut FieldMoment) {
        self.path(&mut moment.field);
    }

    fn condition(&mut self, condition: &mut Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter_mut().for_each(|part| self.condition(part));
            }
            Condition::Not(part) => self.condition(part),
            Condition::Test(Test { field, value, .. }) => {
                self.path(field);
                if let Some(Operand::Field(other)) = value {
                    self.path(other);
                }
            }
        }
    }

    /// A field that the flow can't do without.
    fn path(&mut self, path: &mut String) {
        // System fields every form has; an outcome is no field.
        if path.starts_with('$') || outcome::step_of(path).is_some() {
            return;
        }
        if let Some(name) = (self.field)(path.as_str(), true) {
            *path = name;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn flow() -> FlowDocument {
        serde_json::from_value(json!({"format": 1, "label": "Expense", "title": "{label} {amount}",
            "start": {"fields": {"*": "edit", "paid_on": "hidden"}},
            "steps": [
                {"kind": "approve", "key": "boss", "label": "Boss", "who": [{"field": "owner"}, {"roles": ["FIN", "GM"]}]},
                {"kind": "branch", "key": "size", "label": "Size", "arms": [{"key": "large", "label": "L",
                    "when": {"any": [{"not": {"field": "amount", "op": "lt", "value": "5"}},
                        {"field": "$owner", "op": "eq", "value": {"var": "me"}},
                        {"field": "spent", "op": "gt", "value": {"field": "amount"}}]},
                    "steps": [{"kind": "cc", "key": "told", "label": "Told", "who": [{"managers_up_to": {"role": "DIR"}}],
                        "fields": {"amount": "read"}}]}],
                    "default": {"steps": []}},
                {"kind": "fill", "key": "pay", "label": "Pay", "who": [{"roles": ["FIN"]}],
                    "fields": {"*": "read", "paid_on": "required", "lines.cost": "hidden"}}]}))
        .unwrap()
    }

    #[test]
    fn a_flow_says_which_fields_and_roles_it_cannot_do_without() {
        let needs = flow().needs().unwrap();
        let fields: Vec<(&str, bool)> =
            needs.fields.iter().map(|(path, required)| (path.as_str(), *required)).collect();
        let expected =
            [("amount", true), ("lines.cost", false), ("owner", true), ("paid_on", false), ("spent", true)];
        assert_eq!(fields, expected);
        assert_eq!(needs.roles, ["DIR", "FIN", "GM"].map(str::to_string).into());
    }

    #[test]
    fn with_other_names_it_is_the_same_flow_and_what_has_no_name_is_left_out() {
        let pairs = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(old, new)| (old.to_string(), new.to_string())).collect::<BTreeMap<_, _>>()
        };
        let names = Names {
            fields: pairs(&[("amount", "total"), ("owner", "head"), ("spent", "used"), ("paid_on", "day")]),
            roles: pairs(&[("FIN", "accounts")]),
        };
        let fitted = serde_json::to_value(flow().fitted(&names)).unwrap();
        assert_eq!(fitted["title"], "{label} {total}");
        assert_eq!(fitted["start"]["fields"], json!({"*": "edit", "day": "hidden"}));
        assert_eq!(fitted["steps"][0]["who"], json!([{"field": "head"}, {"roles": ["accounts", "GM"]}]));
        let when = &fitted["steps"][1]["arms"][0]["when"]["any"];
        assert_eq!(when[0]["not"]["field"], "total");
        assert_eq!(when[1]["field"], "$owner");
        assert_eq!((&when[2]["field"], &when[2]["value"]), (&json!("used"), &json!({"field": "total"})));
        assert_eq!(fitted["steps"][2]["fields"], json!({"*": "read", "day": "required"}));
        // With its own names it is as it was.
        let needs = flow().needs().unwrap();
        let own = Names {
            fields: needs.fields.keys().map(|path| (path.clone(), path.clone())).collect(),
            roles: BTreeMap::new(),
        };
        assert_eq!(flow().fitted(&own), flow());
        let without = Names { fields: pairs(&[("owner", "head")]), ..Names::default() };
        assert_eq!(flow().fitted(&without).title, None);
    }

    #[test]
    fn what_names_more_than_fields_and_roles_stays_where_it_is() {
        let with = |step: serde_json::Value| -> FlowDocument {
            serde_json::from_value(json!({"format": 1, "label": "F", "steps": [step]})).unwrap()
        };
        let step = |more: serde_json::Value| {
            let mut step = json!({"kind": "approve", "key": "a", "label": "A", "who": [{"submitter": true}]});
            step.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            step
        };
        assert!(with(step(json!({}))).needs().is_some());
        assert_eq!(with(step(json!({"who": [{"members": ["0sbqd00000001"]}]}))).needs(), None);
        let validation = json!([{"key": "v", "formula": "amount > 0", "message": "m"}]);
        assert_eq!(with(step(json!({"validate": validation}))).needs(), None);
        let action = json!({"kind": "action", "key": "x", "label": "X", "action": {}});
        assert_eq!(with(action).needs(), None);
    }

    #[test]
    fn without_its_actions_it_can_stand_elsewhere_and_its_roles_are_told_with_them() {
        let action = json!({"kind": "action", "key": "x", "label": "X", "action": {"kind": "notify"}});
        let asked = json!({"kind": "approve", "key": "a", "label": "A", "who": [{"roles": ["GM"]}]});
        let when = json!({"field": "amount", "op": "gt", "value": "5"});
        let branch = |key: &str, arm: serde_json::Value, other: serde_json::Value| {
            json!({"kind": "branch", "key": key, "label": key, "arms": [{"key": "y", "when": when, "steps": arm}],
                "default": {"steps": other}})
        };
        let side =
            json!({"kind": "parallel", "key": "p", "label": "P", "arms": [{"key": "z", "steps": [action]}]});
        let flow: FlowDocument = serde_json::from_value(json!({"format": 1, "label": "F", "steps": [
            branch("kept", json!([asked, action]), json!([])),
            branch("gone", json!([action]), json!([action])),
            side, action]}))
        .unwrap();
        assert_eq!((flow.needs(), flow.roles()), (None, BTreeSet::from(["GM".to_string()])));
        let left = flow.without_actions();
        let expected = json!([branch("kept", json!([asked]), json!([]))]);
        assert_eq!(serde_json::to_value(&left.steps).unwrap(), expected);
        assert_eq!(left.needs().unwrap().fields, BTreeMap::from([("amount".to_string(), true)]));
    }

    #[test]
    fn a_field_of_the_same_sort_fits() {
        let kind = |name: &str, options: serde_json::Value| FieldKind::from_parts(name, options).unwrap();
        let money = kind("money", json!({"currency": "CNY"}));
        let member = kind("member", json!({}));
        assert!(fits(&money, &kind("number", json!({}))));
        assert!(fits(&member, &kind("members", json!({}))));
        assert!(fits(&kind("text", json!({})), &kind("long_text", json!({}))));
        assert!(!fits(&money, &kind("text", json!({}))));
        assert!(!fits(&member, &kind("department", json!({}))));
        assert!(!fits(&kind("date", json!({})), &kind("datetime", json!({}))));
        // What is written from one field into another has more ways.
        assert!(exchangeable(&money, &kind("text", json!({}))));
        assert!(exchangeable(&kind("date", json!({})), &kind("datetime", json!({}))));
        assert!(!exchangeable(&kind("date", json!({})), &money));
        assert!(!exchangeable(&member, &kind("department", json!({}))));
    }
}
