//! What keeps a flow document from being published.

mod blocks;
mod fields;
mod people;
mod steps;
mod waits;

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::call::Call;
use super::document::{FORMAT, FlowDocument, START, Step, Subflow, TITLE_WORDS};
use super::message::Message;
use super::people::People;
use super::published::Flow;
use super::record_action::RecordAction;
use crate::condition::Condition;
use crate::field::Reference;
use crate::form::pattern_paths;
use crate::text::{Fault, Faults, Label};
use crate::value::{Id, Value};

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

    /// What a literal stands for where a field that has one value, which can be held against others, is compared with
    /// it; `None` where there is no such field, or the literal is none of its values.
    fn literal(&self, path: &str, json: &Json) -> Option<Value>;

    /// Whether a field is yes or no and never anything else.
    fn is_switch(&self, path: &str) -> bool;

    /// Whether this is a sub-form.
    fn is_subform(&self, path: &str) -> bool;

    /// Another form by its key or id; `None` where there is none.
    fn child(&self, form: &str) -> Option<ChildForm>;

    /// Whether a field of this form and one of another form can take each other's values; true where one is not there.
    fn exchanges(&self, own: &str, form: &str, theirs: &str) -> bool;

    /// The members and departments that an action writes down as they are, at JSON pointers into it.
    fn people_of(&self, action: &RecordAction) -> Vec<(String, Reference, Id)>;

    /// The required fields that nothing but a person fills.
    fn to_be_filled(&self) -> Vec<String>;

    /// What is wrong with a condition on this form's records.
    fn condition(&self, when: &Condition) -> Faults;

    /// What is wrong with a formula that has to give true or false.
    fn check(&self, formula: &str) -> Faults;

    /// What is wrong with an action on records, at JSON pointers into it.
    fn action(&self, action: &RecordAction) -> Faults;

    /// What is wrong with what a message says, at JSON pointers into it.
    fn message(&self, message: &Message) -> Faults;

    /// What is wrong with a call, at JSON pointers into it.
    fn call(&self, call: &Call) -> Faults;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    Members,
    Departments,
    /// Dates and instants.
    Moments,
    Other,
}

/// What a flow has to know of a form whose flow it starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChildForm {
    /// Its fields, and whether people can set them.
    pub fields: BTreeMap<String, bool>,
    /// It is the form of the flow itself.
    pub is_own: bool,
}

impl Flow {
    /// Makes a document a flow.
    ///
    /// # Errors
    /// Everything that is wrong with it; paths are JSON pointers into the document.
    pub fn publish(document: FlowDocument, form: &dyn FormInfo, people: &dyn People) -> Result<Flow, Faults> {
        let mut analyser = Analyser {
            document: &document,
            form,
            people,
            faults: Faults::new(),
            steps: 0,
            outcomes: Vec::new(),
        };
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
    /// The subflows so far that are waited for: conditions may read how they ended.
    outcomes: Vec<&'a str>,
}

impl<'a> Analyser<'a> {
    fn fault(&mut self, path: impl Into<String>, code: &'static str) {
        self.faults.push(Fault::new(path, code));
    }

    fn named(&mut self, path: impl Into<String>, code: &'static str, name: &str, value: impl ToString) {
        self.faults.push(Fault::new(path, code).arg(name, value));
    }

    fn flow(&mut self) {
        let document = self.document;
        if document.format != FORMAT {
            self.named("/format", "unknown_format", "format", document.format);
        }
        self.label("/label", &document.label);
        self.title(document.title.as_deref().unwrap_or_default());
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
                Step::Subflow(step) => self.subflow(&path, step),
                Step::Action(step) => self.action(&path, step),
                Step::Delay(step) => self.delay(&path, step),
            }
            if matches!(step, Step::Subflow(Subflow { wait: true, .. })) {
                self.outcomes.push(step.key());
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

    fn title(&mut self, title: &str) {
        for path in pattern_paths(title) {
            if !TITLE_WORDS.contains(&path.as_str()) && self.form.holds(&path).is_none() {
                self.named("/title", "unknown_field", "field", path);
            }
        }
    }

    /// Takes over faults whose own paths say nothing more.
    fn at(&mut self, path: &str, faults: Faults) {
        self.faults.extend(faults.into_iter().map(|fault| Fault { path: path.to_string(), ..fault }));
    }
}

fn has_step(steps: &[Step], key: &str) -> bool {
    steps.iter().any(|step| step.key() == key || inside(step).into_iter().any(|steps| has_step(steps, key)))
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
