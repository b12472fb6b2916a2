//! A flow that can be run.

use std::collections::BTreeMap;

use super::document::{
    Action, ActionSetting, Actions, Approve, Branch, BranchMode, Cc, Deadline, Delay, Demand, FieldMoment,
    FieldRight, Fields, Fill, FlowDocument, Join, OnReject, Parallel, Policy, Reaction, RejectTo, ReturnTo,
    START, Step, Subflow, Withdraw,
};
use super::outcome;
use super::permission::StepFields;
use super::sending::Sending;
use super::who::{Nobody, Who};
use crate::condition::Condition;
use crate::form::Validation;
use crate::text::{Fault, Faults, Label};

/// The key of the arm of a branch that is taken when no other matches.
pub const DEFAULT_ARM: &str = "default";

/// A published flow: its tree laid out so that the engine can move in it. Every step is one that this version
/// runs, every key is unique, and every named step exists.
#[derive(Clone, Debug)]
pub struct Flow {
    document: FlowDocument,
    nodes: Vec<Node>,
    by_key: BTreeMap<String, NodeId>,
    /// The first step after `start`.
    first: Option<NodeId>,
}

/// What a step is, as far as people see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// The submitter's own step.
    Start,
    Approve,
    Fill,
    Cc,
    Branch,
    Parallel,
    Subflow,
    Action,
    Delay,
}

/// The place of a step in [`Flow`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NodeId(usize);

/// One step in its place.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub key: String,
    pub label: Label,
    /// The step after it in the same arm.
    pub next: Option<NodeId>,
    pub kind: NodeKind,
}

#[derive(Clone, Debug)]
pub(super) enum NodeKind {
    /// Approve and fill: people have tasks here.
    Work(Work),
    Cc(Cc),
    Branch {
        mode: BranchMode,
        arms: Vec<Arm>,
    },
    Parallel {
        join: Join,
        arms: Vec<Arm>,
    },
    Subflow(Subflow),
    /// What it does is in the document; these are the people that a message of it goes to.
    Action(Vec<Who>),
    Delay(Delay),
}

/// An arm of a block; one without condition is the default arm, or one of a parallel block.
#[derive(Clone, Debug)]
pub(super) struct Arm {
    pub key: String,
    pub when: Option<Condition>,
    pub first: Option<NodeId>,
}

impl Node {
    fn arms(&self) -> &[Arm] {
        match &self.kind {
            NodeKind::Branch { arms, .. } | NodeKind::Parallel { arms, .. } => arms,
            NodeKind::Work(_)
            | NodeKind::Cc(_)
            | NodeKind::Subflow(_)
            | NodeKind::Action(_)
            | NodeKind::Delay(_) => &[],
        }
    }

    /// What people may do with the fields here; `None` where no person sees the record.
    fn fields(&self) -> Option<StepFields<'_>> {
        match &self.kind {
            NodeKind::Work(work) => Some(StepFields::new(&work.fields, FieldRight::Read)),
            NodeKind::Cc(cc) => Some(StepFields::new(&cc.fields, FieldRight::Read)),
            NodeKind::Branch { .. }
            | NodeKind::Parallel { .. }
            | NodeKind::Subflow(_)
            | NodeKind::Action(_)
            | NodeKind::Delay(_) => None,
        }
    }

    fn step_kind(&self) -> StepKind {
        match &self.kind {
            NodeKind::Work(work) if work.is_approve() => StepKind::Approve,
            NodeKind::Work(_) => StepKind::Fill,
            NodeKind::Cc(_) => StepKind::Cc,
            NodeKind::Branch { .. } => StepKind::Branch,
            NodeKind::Parallel { .. } => StepKind::Parallel,
            NodeKind::Subflow(_) => StepKind::Subflow,
            NodeKind::Action(_) => StepKind::Action,
            NodeKind::Delay(_) => StepKind::Delay,
        }
    }

    /// The moment of the record that it waits for, or its deadlines.
    fn moments(&self) -> Vec<&FieldMoment> {
        match &self.kind {
            NodeKind::Work(work) => work.deadlines.iter().filter_map(|rule| rule.at.as_ref()).collect(),
            NodeKind::Delay(delay) => delay.until.iter().collect(),
            NodeKind::Cc(_)
            | NodeKind::Branch { .. }
            | NodeKind::Parallel { .. }
            | NodeKind::Subflow(_)
            | NodeKind::Action(_) => Vec::new(),
        }
    }

    /// Those to whom its deadlines transfer its tasks, and whom they remind besides.
    fn reached_late(&self) -> Vec<&Who> {
        let NodeKind::Work(work) = &self.kind else { return Vec::new() };
        let rules = work.deadlines.iter();
        rules
            .flat_map(|rule| match &rule.reaction {
                Reaction::Transfer(who) => std::slice::from_ref(who),
                Reaction::Remind(others) => others.as_slice(),
                _ => &[][..],
            })
            .collect()
    }

    /// Where its people come from.
    fn who(&self) -> &[Who] {
        match &self.kind {
            NodeKind::Work(work) => &work.who,
            NodeKind::Cc(cc) => &cc.who,
            NodeKind::Action(to) => to,
            NodeKind::Branch { .. }
            | NodeKind::Parallel { .. }
            | NodeKind::Subflow(_)
            | NodeKind::Delay(_) => &[],
        }
    }
}

/// Whom the message of an action goes to; nobody where it is none.
fn receivers(action: &serde_json::Value) -> Vec<Who> {
    Sending::of(action).map(|sending| sending.to().to_vec()).unwrap_or_default()
}

/// What approve and fill have in common.
#[derive(Clone, Debug)]
pub(super) struct Work {
    pub who: Vec<Who>,
    pub policy: Policy,
    /// None for a fill step: it can't be rejected.
    pub rejection: Option<(OnReject, RejectTo)>,
    pub nobody: Nobody,
    pub fields: Fields,
    pub actions: Actions,
    pub opinion: Demand,
    pub signature: Demand,
    pub print: bool,
    pub return_to: ReturnTo,
    pub validate: Vec<Validation>,
    pub deadlines: Vec<Deadline>,
}

impl Work {
    pub fn is_approve(&self) -> bool {
        self.rejection.is_some()
    }

    pub fn allows(&self, action: Action) -> bool {
        self.actions.get(&action) != Some(&ActionSetting::On(false))
    }
}

impl Flow {
    /// Takes a document that was published before, without asking again whether what it names is still there:
    /// a renamed role never keeps a running instance from going on.
    pub fn stored(document: FlowDocument) -> Result<Flow, Faults> {
        let mut layout = Layout::default();
        let first = layout.sequence("/steps", &document.steps, &document);
        if !layout.faults.is_empty() {
            return Err(layout.faults);
        }
        Ok(Flow { document, nodes: layout.nodes, by_key: layout.by_key, first })
    }

    pub fn document(&self) -> &FlowDocument {
        &self.document
    }

    /// The step with this key, wherever it stands in the tree.
    pub fn step(&self, key: &str) -> Option<&Step> {
        fn within<'s>(steps: &'s [Step], key: &str) -> Option<&'s Step> {
            steps.iter().find_map(|step| {
                if step.key() == key {
                    return Some(step);
                }
                match step {
                    Step::Branch(branch) => branch
                        .arms
                        .iter()
                        .map(|arm| &arm.steps)
                        .chain(branch.default.as_ref().map(|arm| &arm.steps))
                        .find_map(|steps| within(steps, key)),
                    Step::Parallel(parallel) => parallel.arms.iter().find_map(|arm| within(&arm.steps, key)),
                    Step::Approve(_)
                    | Step::Fill(_)
                    | Step::Cc(_)
                    | Step::Subflow(_)
                    | Step::Action(_)
                    | Step::Delay(_) => None,
                }
            })
        }
        within(&self.document.steps, key)
    }

    /// What people may do with the fields at a step; `None` where there is no such step, or none where a
    /// person sees the record.
    pub fn fields(&self, step: &str) -> Option<StepFields<'_>> {
        if step == START {
            return Some(StepFields::new(&self.document.start.fields, FieldRight::Edit));
        }
        self.find(step)?.1.fields()
    }

    /// What people may do with the fields at each step where they see the record, without that of its submitter.
    pub fn step_fields(&self) -> impl Iterator<Item = StepFields<'_>> {
        self.nodes.iter().filter_map(Node::fields)
    }

    /// What a step is; `None` where there is no such step.
    pub fn kind(&self, step: &str) -> Option<StepKind> {
        if step == START { Some(StepKind::Start) } else { Some(self.find(step)?.1.step_kind()) }
    }

    /// What all its steps are, by their keys.
    pub fn kinds(&self) -> BTreeMap<String, StepKind> {
        let start = (START.to_string(), StepKind::Start);
        self.nodes.iter().map(|node| (node.key.clone(), node.step_kind())).chain([start]).collect()
    }

    /// The blocks around a step with the arms that it lies in, the innermost first.
    pub(super) fn around(&self, step: &str) -> Vec<(String, String)> {
        let mut around = Vec::new();
        let mut within = self.document.place(step).and_then(|place| place.within);
        while let Some(arm) = within {
            within = self.document.place(&arm.step).and_then(|place| place.within);
            around.push((arm.step, arm.arm));
        }
        around
    }

    /// Whether a step is a block with this arm.
    pub(super) fn has_arm(&self, step: &str, arm: &str) -> bool {
        self.find(step).is_some_and(|(_, node)| node.arms().iter().any(|known| known.key == arm))
    }

    /// The arms of a branch that have a condition, with it, in their order.
    pub(super) fn arm_conditions(&self, step: &str) -> impl Iterator<Item = (&str, &Condition)> {
        let arms = self.find(step).map_or(&[][..], |(_, node)| node.arms());
        arms.iter().filter_map(|arm| Some((arm.key.as_str(), arm.when.as_ref()?)))
    }

    /// A subflow step as it was designed.
    pub fn subflow(&self, step: &str) -> Option<&Subflow> {
        match &self.find(step)?.1.kind {
            NodeKind::Subflow(subflow) => Some(subflow),
            NodeKind::Work(_)
            | NodeKind::Cc(_)
            | NodeKind::Branch { .. }
            | NodeKind::Parallel { .. }
            | NodeKind::Action(_)
            | NodeKind::Delay(_) => None,
        }
    }

    /// Whether a step asks for an opinion, and for a signature.
    pub fn demands(&self, step: &str) -> (Demand, Demand) {
        self.work(step).map_or((Demand::Off, Demand::Off), |work| (work.opinion, work.signature))
    }

    /// Whether a step offers to print what is decided or put aside there.
    pub fn prints(&self, step: &str) -> bool {
        self.work(step).is_some_and(|work| work.print)
    }

    /// The label of a step; `None` for `start`, which has no label of its own.
    pub fn label(&self, step: &str) -> Option<&Label> {
        self.find(step).map(|(_, node)| &node.label)
    }

    /// The step's own checks, besides those of the form.
    pub fn checks(&self, step: &str) -> &[Validation] {
        self.work(step).map_or(&[], |work| &work.validate)
    }

    /// The checks of all its steps.
    pub(super) fn all_checks(&self) -> impl Iterator<Item = &Validation> {
        let work = self.nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Work(work) => Some(&work.validate),
            _ => None,
        });
        work.flatten()
    }

    /// The name that a step gives to an action, where it has one of its own.
    pub fn action_label(&self, step: &str, action: Action) -> Option<&Label> {
        match self.work(step)?.actions.get(&action)? {
            ActionSetting::On(_) => None,
            ActionSetting::Named(name) => Some(&name.label),
        }
    }

    /// Where the people of a step come from.
    pub(super) fn who(&self, step: &str) -> &[Who] {
        self.find(step).map_or(&[], |(_, node)| node.who())
    }

    /// The conditions that its branches ask of the record; how subflows ended is no part of it.
    pub(super) fn conditions(&self) -> impl Iterator<Item = Condition> {
        self.nodes.iter().flat_map(Node::arms).filter_map(|arm| arm.when.as_ref()).map(outcome::of_record)
    }

    /// The paths of the record at which its steps find moments.
    pub(super) fn fields_of_moments(&self) -> impl Iterator<Item = &str> {
        self.nodes.iter().flat_map(Node::moments).map(|moment| moment.field.as_str())
    }

    /// The paths of the record at which its steps find people.
    pub(super) fn fields_of_people(&self) -> impl Iterator<Item = &str> {
        let who = self.nodes.iter().flat_map(|node| node.who().iter().chain(node.reached_late()));
        who.filter_map(|who| match who {
            Who::Field(path) | Who::HeadOfField(path) => Some(path.as_str()),
            Who::Members(_)
            | Who::Departments { .. }
            | Who::Roles(_)
            | Who::Submitter
            | Who::Manager(_)
            | Who::ManagersUpTo(_)
            | Who::ChosenBy(_)
            | Who::HeadOfPrevious => None,
        })
    }

    pub(super) fn is_cc(&self, step: &str) -> bool {
        matches!(self.find(step), Some((_, Node { kind: NodeKind::Cc(_), .. })))
    }

    pub(super) fn withdraw(&self) -> Withdraw {
        self.document.start.withdraw
    }

    pub(super) fn first(&self) -> Option<NodeId> {
        self.first
    }

    /// All steps in the order of the design.
    pub(super) fn all_nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    pub(super) fn find(&self, key: &str) -> Option<(NodeId, &Node)> {
        let id = *self.by_key.get(key)?;
        Some((id, self.node(id)?))
    }

    pub(super) fn work(&self, key: &str) -> Option<&Work> {
        match &self.find(key)?.1.kind {
            NodeKind::Work(work) => Some(work),
            NodeKind::Cc(_)
            | NodeKind::Branch { .. }
            | NodeKind::Parallel { .. }
            | NodeKind::Subflow(_)
            | NodeKind::Action(_)
            | NodeKind::Delay(_) => None,
        }
    }
}

/// Builds the nodes of a tree and finds what keeps it from being one.
#[derive(Default)]
struct Layout {
    nodes: Vec<Node>,
    by_key: BTreeMap<String, NodeId>,
    faults: Faults,
}

impl Layout {
    /// Lays out steps that follow each other; answers the first.
    fn sequence(&mut self, path: &str, steps: &[Step], document: &FlowDocument) -> Option<NodeId> {
        let mut first = None;
        let mut last: Option<NodeId> = None;
        for (index, step) in steps.iter().enumerate() {
            let id = self.step(&format!("{path}/{index}"), step, document);
            match last.and_then(|last| self.nodes.get_mut(last.0)) {
                Some(last) => last.next = Some(id),
                None => first = Some(id),
            }
            last = Some(id);
        }
        first
    }

    fn step(&mut self, path: &str, step: &Step, document: &FlowDocument) -> NodeId {
        let kind = match step {
            Step::Approve(step) => NodeKind::Work(approve(step, document)),
            Step::Fill(step) => NodeKind::Work(fill(step, document)),
            Step::Cc(step) => NodeKind::Cc(step.clone()),
            Step::Branch(step) => NodeKind::Branch { mode: step.mode, arms: Vec::new() },
            Step::Parallel(step) => NodeKind::Parallel { join: step.join, arms: Vec::new() },
            Step::Subflow(step) => NodeKind::Subflow(step.clone()),
            Step::Action(step) => NodeKind::Action(receivers(&step.action)),
            Step::Delay(step) => NodeKind::Delay(step.clone()),
        };
        let id = NodeId(self.nodes.len());
        if self.by_key.insert(step.key().to_string(), id).is_some() || matches!(step.key(), START | "end") {
            self.faults.push(Fault::new(format!("{path}/key"), "duplicate_key").arg("key", step.key()));
        }
        self.nodes.push(Node { key: step.key().to_string(), label: step.label().clone(), next: None, kind });
        let found = match step {
            Step::Branch(step) => self.branch_arms(path, step, document),
            Step::Parallel(step) => self.parallel_arms(path, step, document),
            Step::Approve(_)
            | Step::Fill(_)
            | Step::Cc(_)
            | Step::Subflow(_)
            | Step::Action(_)
            | Step::Delay(_) => Vec::new(),
        };
        match self.nodes.get_mut(id.0).map(|node| &mut node.kind) {
            Some(NodeKind::Branch { arms, .. } | NodeKind::Parallel { arms, .. }) => *arms = found,
            Some(
                NodeKind::Work(_)
                | NodeKind::Cc(_)
                | NodeKind::Subflow(_)
                | NodeKind::Action(_)
                | NodeKind::Delay(_),
            )
            | None => {}
        }
        id
    }

    fn branch_arms(&mut self, path: &str, step: &Branch, document: &FlowDocument) -> Vec<Arm> {
        let mut arms: Vec<Arm> = Vec::new();
        for (index, arm) in step.arms.iter().enumerate() {
            let path = format!("{path}/arms/{index}");
            self.arm_key(&path, &arm.key, &arms);
            let first = self.sequence(&format!("{path}/steps"), &arm.steps, document);
            arms.push(Arm { key: arm.key.clone(), when: Some(arm.when.clone()), first });
        }
        match &step.default {
            Some(arm) => {
                let path = format!("{path}/default/steps");
                let first = self.sequence(&path, &arm.steps, document);
                arms.push(Arm { key: DEFAULT_ARM.to_string(), when: None, first });
            }
            None => self.faults.push(Fault::new(path, "no_default_arm")),
        }
        arms
    }

    fn parallel_arms(&mut self, path: &str, step: &Parallel, document: &FlowDocument) -> Vec<Arm> {
        let mut arms: Vec<Arm> = Vec::new();
        for (index, arm) in step.arms.iter().enumerate() {
            let path = format!("{path}/arms/{index}");
            self.arm_key(&path, &arm.key, &arms);
            let first = self.sequence(&format!("{path}/steps"), &arm.steps, document);
            arms.push(Arm { key: arm.key.clone(), when: None, first });
        }
        arms
    }

    fn arm_key(&mut self, path: &str, key: &str, arms: &[Arm]) {
        if key == DEFAULT_ARM || arms.iter().any(|arm| arm.key == key) {
            self.faults.push(Fault::new(format!("{path}/key"), "duplicate_key").arg("key", key));
        }
    }
}

fn approve(step: &Approve, document: &FlowDocument) -> Work {
    Work {
        who: step.who.clone(),
        policy: step.policy,
        rejection: Some((step.on_reject, step.reject_to.clone())),
        nobody: step.nobody.unwrap_or(document.nobody),
        fields: step.fields.clone(),
        actions: step.actions.clone(),
        opinion: step.opinion,
        signature: step.signature,
        print: step.print,
        return_to: step.return_to.clone(),
        validate: step.validate.clone(),
        deadlines: step.deadlines.clone(),
    }
}

fn fill(step: &Fill, document: &FlowDocument) -> Work {
    Work {
        who: step.who.clone(),
        policy: step.policy,
        rejection: None,
        nobody: step.nobody.unwrap_or(document.nobody),
        fields: step.fields.clone(),
        actions: step.actions.clone(),
        opinion: step.opinion,
        signature: step.signature,
        print: step.print,
        return_to: step.return_to.clone(),
        validate: step.validate.clone(),
        deadlines: step.deadlines.clone(),
    }
}
