//! What keeps a flow document from being published.

use std::collections::BTreeSet;

use super::cover::Covered;
use super::document::{
    Action, ActionSetting, Actions, Approve, Branch, BranchMode, Deadline, FORMAT, FieldRight, Fields, Fill,
    FlowDocument, Join, Parallel, Policy, Ratio, RejectTo, ReturnTo, START, Step, no_condition,
};
use super::people::People;
use super::published::Flow;
use super::who::{Nobody, UpTo, Who};
use crate::condition::Condition;
use crate::form::Validation;
use crate::text::{Fault, Faults, Label};

/// Steps of one flow at most, and blocks inside each other.
const MAX_STEPS: usize = 500;
const MAX_DEPTH: usize = 12;

/// What a flow asks about the form that it is for.
pub trait FormInfo {
    /// Whether a field or column (`amount`, `lines.qty`) can be set by people at all; `None` where there is no such.
    fn is_input(&self, path: &str) -> Option<bool>;

    /// What a field holds, also one of a linked record or of the system (`customer.owner`, `$owner`); `None`
    /// where there is no such.
    fn holds(&self, path: &str) -> Option<Holds>;

    /// The required fields that nothing but a person fills.
    fn to_be_filled(&self) -> Vec<String>;

    /// What is wrong with a condition on this form's records.
    fn condition(&self, when: &Condition) -> Faults;

    /// What is wrong with a formula that has to give true or false.
    fn check(&self, formula: &str) -> Faults;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Members,
    Departments,
    Other,
}

impl Flow {
    /// Makes a document a flow.
    ///
    /// # Errors
    /// Everything that is wrong with it; paths are JSON pointers into the document.
    pub fn publish(document: FlowDocument, form: &dyn FormInfo, people: &dyn People) -> Result<Flow, Faults> {
        let mut analyser = Analyser { document: &document, form, people, faults: Faults::new(), steps: 0 };
        analyser.flow();
        let found = analyser.faults;
        match Flow::stored(document) {
            Ok(flow) if found.is_empty() => Ok(flow),
            Ok(_) => Err(found),
            Err(mut faults) => {
                faults.extend(found);
                Err(faults)
            }
        }
    }
}

struct Analyser<'a> {
    document: &'a FlowDocument,
    form: &'a dyn FormInfo,
    people: &'a dyn People,
    faults: Faults,
    steps: usize,
}

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
    fn fault(&mut self, path: impl Into<String>, code: &'static str) -> &mut Fault {
        let place = self.faults.len();
        self.faults.push(Fault::new(path, code));
        &mut self.faults[place]
    }

    fn named(&mut self, path: impl Into<String>, code: &'static str, name: &str, value: impl ToString) {
        self.fault(path, code).args.insert(name.to_string(), value.to_string());
    }

    fn flow(&mut self) {
        let document = self.document;
        if document.format != FORMAT {
            self.named("/format", "unknown_format", "format", document.format);
        }
        self.label("/label", &document.label);
        self.fields("/start/fields", &document.start.fields);
        self.nobody("/nobody", document.nobody);
        self.sequence("/steps", &document.steps, &mut vec![START], &mut vec![START], 0);
        self.never_filled();
        if self.steps > MAX_STEPS {
            self.named("/steps", "too_many", "max", MAX_STEPS);
        }
    }

    /// `certain` are the steps that every instance has passed when it comes here, `possible` those that some
    /// instance may have passed.
    fn sequence(
        &mut self,
        path: &str,
        steps: &'a [Step],
        certain: &mut Vec<&'a str>,
        possible: &mut Vec<&'a str>,
        depth: usize,
    ) {
        if depth > MAX_DEPTH {
            self.named(path, "nested_too_deeply", "max", MAX_DEPTH);
            return;
        }
        let outside = certain.len();
        for (index, step) in steps.iter().enumerate() {
            let path = format!("{path}/{index}");
            self.steps += 1;
            self.key(&path, step.key());
            self.label(&format!("{path}/label"), step.label());
            match step {
                Step::Approve(step) => self.approve(&path, step, certain, possible),
                Step::Fill(step) => self.fill(&path, step, possible),
                Step::Cc(step) => {
                    self.who(&format!("{path}/who"), &step.who);
                    self.fields(&format!("{path}/fields"), &step.fields);
                }
                Step::Branch(step) => self.branch(&path, step, certain, possible, depth),
                Step::Parallel(step) => self.parallel(&path, step, certain, possible, depth),
                // Their refusal comes from laying out the tree.
                Step::Subflow(_) | Step::Action(_) | Step::Delay(_) => {}
            }
            if matches!(step, Step::Approve(_) | Step::Fill(_)) {
                certain.push(step.key());
                possible.push(step.key());
            }
        }
        // Outside of this arm nothing in it is certain.
        if depth > 0 {
            certain.truncate(outside);
        }
    }

    fn approve(&mut self, path: &str, step: &'a Approve, certain: &[&str], possible: &[&str]) {
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

    fn fill(&mut self, path: &str, step: &'a Fill, possible: &[&str]) {
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
            let name = serde_json::to_value(work.passing).unwrap_or_default();
            let name = name.as_str().unwrap_or_default().to_string();
            self.fault(format!("{path}/actions/{name}"), "action_needed");
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
        if !work.deadlines.is_empty() {
            self.named(format!("{path}/deadlines"), "not_supported_yet", "what", "deadlines");
        }
    }

    fn not_earlier(&mut self, path: &str, key: &str) {
        let code = if has_step(&self.document.steps, key) { "target_not_earlier" } else { "unknown_step" };
        self.named(path, code, "step", key);
    }

    fn branch(
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
        let mut earlier = Covered::default();
        let mut inside = Vec::new();
        for (index, arm) in step.arms.iter().enumerate() {
            let path = format!("{path}/arms/{index}");
            self.key(&path, &arm.key);
            let faults = self.form.condition(&arm.when);
            self.at(&format!("{path}/when"), faults);
            let is_dead = Covered::never(&arm.when)
                || (step.mode == BranchMode::Exclusive && earlier.covers(&arm.when));
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

    fn parallel(
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

    fn who(&mut self, path: &str, who: &[Who]) {
        if who.is_empty() {
            self.fault(path, "empty_who");
        }
        for (index, source) in who.iter().enumerate() {
            let path = format!("{path}/{index}");
            match source {
                Who::Members(members) => {
                    self.some(&path, members.is_empty());
                    for (index, member) in members.iter().enumerate() {
                        if !self.people.is_active(*member) {
                            self.named(format!("{path}/members/{index}"), "unknown_member", "member", member);
                        }
                    }
                }
                Who::Departments { departments, .. } => {
                    self.some(&path, departments.is_empty());
                    for (index, department) in departments.iter().enumerate() {
                        if !self.people.has_department(*department) {
                            let path = format!("{path}/departments/{index}");
                            self.named(path, "unknown_department", "department", department);
                        }
                    }
                }
                Who::Roles(roles) => {
                    self.some(&path, roles.is_empty());
                    for (index, role) in roles.iter().enumerate() {
                        self.role(&format!("{path}/roles/{index}"), role);
                    }
                }
                Who::Field(field) => self.people_field(&format!("{path}/field"), field, Holds::Members),
                Who::HeadOfField(field) => {
                    self.people_field(&format!("{path}/head_of_field"), field, Holds::Departments);
                }
                Who::Manager(level) | Who::ManagersUpTo(UpTo::Level(level)) if *level == 0 => {
                    self.fault(&path, "level_zero");
                }
                Who::ManagersUpTo(UpTo::Role(role)) => {
                    self.role(&format!("{path}/managers_up_to/role"), role);
                }
                Who::Submitter
                | Who::Manager(_)
                | Who::ManagersUpTo(UpTo::Level(_))
                | Who::ChosenBy(_)
                | Who::HeadOfPrevious => {}
            }
        }
    }

    fn some(&mut self, path: &str, is_empty: bool) {
        if is_empty {
            self.fault(path, "empty_who");
        }
    }

    fn role(&mut self, path: &str, role: &str) {
        if !self.people.has_role(role) {
            self.named(path, "unknown_role", "role", role);
        }
    }

    fn people_field(&mut self, path: &str, field: &str, expected: Holds) {
        match self.form.holds(field) {
            None => self.named(path, "unknown_field", "field", field),
            Some(holds) if holds == expected => {}
            Some(Holds::Members | Holds::Departments | Holds::Other) => {
                self.named(path, "not_a_field_of_people", "field", field);
            }
        }
    }

    /// A fallback that is not there is none.
    fn nobody(&mut self, path: &str, nobody: Nobody) {
        match nobody {
            Nobody::AutoApprove | Nobody::Admins | Nobody::Hold => {}
            Nobody::Member(member) => {
                if !self.people.is_active(member) {
                    self.named(format!("{path}/member"), "no_fallback", "member", member);
                }
            }
        }
    }

    fn fields(&mut self, path: &str, fields: &Fields) {
        for (field, right) in fields {
            let path = format!("{path}/{}", pointer_token(field));
            if field == "*" {
                continue;
            }
            let subform = field.split_once('.').map(|(subform, _)| subform);
            let is_inside_hidden =
                subform.is_some_and(|subform| fields.get(subform) == Some(&FieldRight::Hidden));
            match self.form.is_input(field) {
                None => self.named(&path, "unknown_field", "field", field),
                Some(false) if *right >= FieldRight::Edit => {
                    self.named(&path, "field_not_editable", "field", field);
                }
                Some(_) if is_inside_hidden && *right > FieldRight::Hidden => {
                    self.named(&path, "required_and_hidden", "field", field);
                }
                Some(_) => {}
            }
        }
    }

    /// Required fields that no step lets anybody fill: no instance could ever end approved.
    fn never_filled(&mut self) {
        let document = self.document;
        let start = super::StepFields::new(&document.start.fields, FieldRight::Edit);
        let mut steps = Vec::new();
        collect_fields(&document.steps, &mut steps);
        for field in self.form.to_be_filled() {
            let is_filled = steps
                .iter()
                .map(|fields| super::StepFields::new(fields, FieldRight::Read))
                .chain([start])
                .any(|fields| fields.is_editable(&field));
            if !is_filled {
                let code =
                    if start.is_visible(&field) { "required_and_read_only" } else { "required_and_hidden" };
                let path = format!("/start/fields/{}", pointer_token(&field));
                self.named(path, code, "field", &field);
            }
        }
    }

    fn key(&mut self, path: &str, key: &str) {
        if !crate::form::is_key(key) {
            self.fault(format!("{path}/key"), "invalid_key");
        }
    }

    fn label(&mut self, path: &str, label: &Label) {
        if label.is_blank() {
            self.fault(path, "label_missing");
        }
    }

    /// Takes over faults whose own paths say nothing more.
    fn at(&mut self, path: &str, faults: Faults) {
        self.faults.extend(faults.into_iter().map(|fault| Fault { path: path.to_string(), ..fault }));
    }
}

/// A member's name inside a JSON pointer.
fn pointer_token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn has_step(steps: &[Step], key: &str) -> bool {
    steps.iter().any(|step| step.key() == key || inside(step).into_iter().any(|steps| has_step(steps, key)))
}

fn collect_fields<'a>(steps: &'a [Step], found: &mut Vec<&'a Fields>) {
    for step in steps {
        match step {
            Step::Approve(step) => found.push(&step.fields),
            Step::Fill(step) => found.push(&step.fields),
            Step::Cc(_)
            | Step::Branch(_)
            | Step::Parallel(_)
            | Step::Subflow(_)
            | Step::Action(_)
            | Step::Delay(_) => {}
        }
        for steps in inside(step) {
            collect_fields(steps, found);
        }
    }
}

/// The arms of a block.
fn inside(step: &Step) -> Vec<&[Step]> {
    match step {
        Step::Branch(step) => {
            let arms = step.arms.iter().map(|arm| arm.steps.as_slice());
            arms.chain(step.default.iter().map(|arm| arm.steps.as_slice())).collect()
        }
        Step::Parallel(step) => step.arms.iter().map(|arm| arm.steps.as_slice()).collect(),
        Step::Approve(_)
        | Step::Fill(_)
        | Step::Cc(_)
        | Step::Subflow(_)
        | Step::Action(_)
        | Step::Delay(_) => Vec::new(),
    }
}
