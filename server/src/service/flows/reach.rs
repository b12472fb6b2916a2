//! How far a flow reaches beyond its own form: the forms whose flows it starts and whose records its actions change.

use std::collections::BTreeSet;

use engine::condition::Reach;
use engine::flow::document::{FlowDocument, ReadPart, Step};
use engine::flow::{self, Call, InForm, RecordAction, Sending};
use engine::form::{Catalogue, Form};
use engine::text::{Fault, Faults};
use engine::value::Id;

use crate::service::Refusal;
use crate::service::calls::Calls;
use crate::service::designs::Designs;
use crate::service::people::Caller;

/// Every step with its JSON pointer.
fn steps(document: &FlowDocument) -> Vec<(String, &Step)> {
    fn within<'s>(path: &str, steps: &'s [Step], found: &mut Vec<(String, &'s Step)>) {
        for (place, step) in steps.iter().enumerate() {
            let path = format!("{path}/{place}");
            match step {
                Step::Branch(branch) => {
                    for (place, arm) in branch.arms.iter().enumerate() {
                        within(&format!("{path}/arms/{place}/steps"), &arm.steps, found);
                    }
                    if let Some(arm) = &branch.default {
                        within(&format!("{path}/default/steps"), &arm.steps, found);
                    }
                }
                Step::Parallel(parallel) => {
                    for (place, arm) in parallel.arms.iter().enumerate() {
                        within(&format!("{path}/arms/{place}/steps"), &arm.steps, found);
                    }
                }
                Step::Approve(_)
                | Step::Fill(_)
                | Step::Cc(_)
                | Step::Subflow(_)
                | Step::Action(_)
                | Step::Delay(_) => {}
            }
            found.push((path, step));
        }
    }
    let mut found = Vec::new();
    within("/steps", &document.steps, &mut found);
    found
}

/// What can't be read in the actions of a flow, as `parts` says it, at its places.
pub fn unreadable(document: &FlowDocument, parts: &impl ReadPart) -> Faults {
    let mut faults = Faults::new();
    for (path, step) in steps(document) {
        let Step::Action(step) = step else { continue };
        let found = flow::unreadable(&step.action, parts).into_iter();
        faults.extend(found.map(|fault| Fault { path: format!("{path}/action{}", fault.path), ..fault }));
    }
    faults
}

/// The steps that call other systems, by their keys, with what they call.
pub fn calling(document: &FlowDocument) -> Vec<(&str, Call)> {
    let mut found = Vec::new();
    for (_, step) in steps(document) {
        let Step::Action(step) = step else { continue };
        if let Some(Sending::Call(call)) = Sending::of(&step.action) {
            found.push((step.key.as_str(), call));
        }
    }
    found
}

/// Whether the flow of `form` leads to the one of `goal`, through the flows that flows start.
fn leads_to(designs: &Designs, form: Id, goal: Id) -> bool {
    let mut known = BTreeSet::new();
    let mut left = vec![form];
    while let Some(form) = left.pop() {
        let Ok(design) = designs.published(form) else { continue };
        let Some((_, flow)) = design.flow.as_ref().filter(|_| known.insert(form)) else { continue };
        for (_, step) in steps(flow.document()) {
            let Step::Subflow(step) = step else { continue };
            let there = design.sketch.as_ref().and_then(|sketch| designs.form(&sketch.app, &step.form));
            match there.map(|there| there.id) {
                Some(there) if there == goal => return true,
                there => left.extend(there),
            }
        }
    }
    false
}

/// What nothing here could carry out: calls to where none may go, flows of forms that have none, and flows that start
/// each other in a circle.
///
/// # Errors
/// `private_address`, `no_flow` and `subflow_cycle`, at their places, so that nothing is dropped silently.
pub fn check(calls: &Calls, designs: &Designs, form: &Form, document: &FlowDocument) -> Result<(), Refusal> {
    let mut faults = Faults::new();
    for (path, step) in steps(document) {
        match step {
            Step::Action(step) => {
                let Some(Sending::Call(call)) = Sending::of(&step.action) else { continue };
                if calls.is_closed(&call) {
                    let host = call.place().map(|place| place.host).unwrap_or_default();
                    let fault = Fault::new(format!("{path}/action/url"), "private_address");
                    faults.push(fault.arg("host", host));
                }
            }
            Step::Subflow(step) => {
                let target = designs.form(&form.sketch.app, &step.form);
                let target = target
                    .filter(|target| designs.published(target.id).is_ok_and(|design| design.flow.is_some()));
                match target {
                    None => {
                        faults.push(Fault::new(format!("{path}/form"), "no_flow").arg("form", &step.form))
                    }
                    Some(target) if leads_to(designs, target.id, form.id()) => {
                        faults.push(Fault::new(format!("{path}/form"), "subflow_cycle"));
                    }
                    Some(_) => {}
                }
            }
            Step::Approve(_)
            | Step::Fill(_)
            | Step::Cc(_)
            | Step::Branch(_)
            | Step::Parallel(_)
            | Step::Delay(_) => {}
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

/// The forms whose records a flow makes or changes, besides its own.
fn written_by(designs: &Designs, form: &Form, document: &FlowDocument) -> BTreeSet<Id> {
    let mut written = BTreeSet::new();
    for (_, step) in steps(document) {
        match step {
            Step::Subflow(step) => {
                written.extend(designs.form(&form.sketch.app, &step.form).map(|target| target.id));
            }
            Step::Action(step) => {
                let action = RecordAction::read(&step.action).and_then(Result::ok);
                let target = action.and_then(|action| action.target(form, designs).ok());
                written.extend(target.map(|target| target.form));
            }
            Step::Approve(_)
            | Step::Fill(_)
            | Step::Cc(_)
            | Step::Branch(_)
            | Step::Parallel(_)
            | Step::Delay(_) => {}
        }
    }
    written.remove(&form.id());
    written
}

/// No rights are asked when a flow writes: whoever lets it write into a form has to administer that form. What it has
/// written before stays.
///
/// # Errors
/// `writes_elsewhere`.
pub fn may_write(
    caller: &Caller,
    designs: &Designs,
    form: &Form,
    document: &FlowDocument,
    before: Option<&FlowDocument>,
) -> Result<(), Refusal> {
    let known = before.map(|before| written_by(designs, form, before)).unwrap_or_default();
    let is_closed =
        |id: &Id| designs.forms.get(id).is_none_or(|design| !designs.administers_form(design, caller));
    match written_by(designs, form, document).iter().any(|id| !known.contains(id) && is_closed(id)) {
        true => Err(Refusal::forbidden("writes_elsewhere")),
        false => Ok(()),
    }
}

/// The paths through links that its actions and the flows that it starts read of its own record.
pub fn read_by(designs: &Designs, form: &Form, document: &FlowDocument) -> Vec<Reach> {
    let about = InForm { form, catalogue: designs };
    let mut reads = Vec::new();
    for (_, step) in steps(document) {
        match step {
            Step::Subflow(step) => reads.extend(about.mapped_reads(step)),
            Step::Action(step) => {
                let action = RecordAction::read(&step.action).and_then(Result::ok);
                reads.extend(action.iter().flat_map(|action| action.link_reads(form, designs)));
                let sending = Sending::of(&step.action);
                reads.extend(sending.iter().flat_map(|sending| sending.link_reads(form, designs)));
            }
            Step::Approve(_)
            | Step::Fill(_)
            | Step::Cc(_)
            | Step::Branch(_)
            | Step::Parallel(_)
            | Step::Delay(_) => {}
        }
    }
    reads
}

/// The paths through links that what its actions send reads of its own record.
pub fn sent_reads(designs: &Designs, form: &Form, document: &FlowDocument) -> Vec<Reach> {
    let sent = steps(document).into_iter().filter_map(|(_, step)| match step {
        Step::Action(step) => Sending::of(&step.action),
        _ => None,
    });
    sent.flat_map(|sending| sending.link_reads(form, designs)).collect()
}
