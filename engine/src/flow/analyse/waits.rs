//! What can be wrong with steps that wait for something else than people, and with deadlines.

use super::super::calendar::{is_duration, is_offset};
use super::super::document::{ActionStep, Deadline, Delay, FieldMoment, Reaction, Subflow};
use super::super::outcome;
use super::super::record_action::RecordAction;
use super::super::sending::Sending;
use super::{Analyser, ChildForm, Holds};
use crate::condition::Condition;
use crate::field::Reference;
use crate::form::system_kind;
use crate::text::{Fault, Faults};

/// Deadlines of one step at most.
const MAX_DEADLINES: usize = 5;

/// What an action step can do: the record actions and messages of automations.
const ACTIONS: [&str; 7] = ["create", "update", "upsert", "delete", "notify", "call", "set"];

impl Analyser<'_> {
    /// A condition of an arm: on the record, and on how subflows before it ended.
    pub(super) fn condition(&mut self, path: &str, when: &Condition) {
        for test in when.tests() {
            let Some(step) = outcome::step_of(&test.field) else { continue };
            if !self.outcomes.contains(&step) {
                self.named(path, "no_outcome", "step", step);
            } else if !outcome::is_readable(test) {
                self.named(path, "outcome_not_readable", "step", step);
            }
        }
        let faults = self.form.condition(&outcome::of_record(when));
        self.at(path, faults);
    }

    pub(super) fn subflow(&mut self, path: &str, step: &Subflow) {
        let Some(child) = self.form.child(&step.form) else {
            self.named(format!("{path}/form"), "unknown_form", "form", &step.form);
            return;
        };
        if child.is_own {
            self.fault(format!("{path}/form"), "subflow_cycle");
        }
        if let Some(rows) = &step.for_each
            && !self.form.is_subform(rows)
        {
            self.named(format!("{path}/for_each"), "not_a_subform", "field", rows);
        }
        if !step.wait && !step.map_out.is_empty() {
            self.fault(format!("{path}/map_out"), "map_out_without_wait");
        }
        for (target, source) in &step.map_in {
            let path = format!("{path}/map_in/{target}");
            self.target_in_child(&path, &child, target);
            self.own_field(&path, step, source);
            self.exchanged(&path, (source, source), (&step.form, target));
        }
        for (target, source) in &step.map_out {
            let path = format!("{path}/map_out/{target}");
            if !child.fields.contains_key(source) && system_kind(source).is_none() {
                self.named(&path, "unknown_field", "field", source);
            }
            self.own_field(&path, step, target);
            self.exchanged(&path, (target, source), (&step.form, source));
            if self.form.is_input(target) == Some(false) {
                self.named(&path, "field_not_editable", "field", target);
            }
        }
    }

    /// What one field holds has to fit into the other; `told` is the one that it comes from.
    fn exchanged(&mut self, path: &str, (own, told): (&str, &str), (form, theirs): (&str, &str)) {
        if !self.form.exchanges(own, form, theirs) {
            self.named(path, "unfit_field", "field", told);
        }
    }

    fn target_in_child(&mut self, path: &str, child: &ChildForm, target: &str) {
        match child.fields.get(target) {
            None => self.named(path, "unknown_field", "field", target),
            Some(false) => self.named(path, "field_not_editable", "field", target),
            Some(true) => {}
        }
    }

    /// A field of the flow's own form, or a column of the sub-form whose rows start the flows.
    fn own_field(&mut self, path: &str, step: &Subflow, field: &str) {
        let is_column = field.split_once('.').is_some_and(|(subform, _)| self.form.is_subform(subform));
        let is_of_rows = field.split_once('.').map(|(subform, _)| subform) == step.for_each.as_deref();
        if self.form.holds(field).is_none() || (is_column && !is_of_rows) {
            self.named(path, "unknown_field", "field", field);
        }
    }

    pub(super) fn action(&mut self, path: &str, step: &ActionStep) {
        let kind = step.action.get("kind").and_then(|kind| kind.as_str()).unwrap_or_default();
        if !ACTIONS.contains(&kind) {
            self.named(format!("{path}/action/kind"), "unknown_action", "action", kind);
        }
        let faults = match (RecordAction::read(&step.action), Sending::read(&step.action)) {
            (Some(Ok(action)), _) => {
                self.people_of(path, &action);
                self.form.action(&action)
            }
            (None, Some(Ok(Sending::Call(call)))) => self.form.call(&call),
            (None, Some(Ok(Sending::Message(message)))) => {
                self.who(&format!("{path}/action/to"), &message.to);
                self.form.message(&message)
            }
            (Some(Err(fault)), _) | (None, Some(Err(fault))) => vec![fault],
            (None, None) => Faults::new(),
        };
        let at = |fault: Fault| Fault { path: format!("{path}/action{}", fault.path), ..fault };
        self.faults.extend(faults.into_iter().map(at));
    }

    /// Whom an action writes down has to be there.
    fn people_of(&mut self, path: &str, action: &RecordAction) {
        for (at, reference, id) in self.form.people_of(action) {
            let at = format!("{path}/action{at}");
            match reference {
                Reference::Member if !self.people.is_active(id) => {
                    self.named(at, "unknown_member", "member", id);
                }
                Reference::Department if !self.people.has_department(id) => {
                    self.named(at, "unknown_department", "department", id);
                }
                Reference::Member | Reference::Department | Reference::Record | Reference::File => {}
            }
        }
    }

    pub(super) fn delay(&mut self, path: &str, step: &Delay) {
        match (&step.duration, &step.until) {
            (Some(duration), None) if !is_duration(duration, false) => {
                self.named(format!("{path}/for"), "bad_duration", "text", duration);
            }
            (Some(_), None) => {}
            (None, Some(moment)) => self.moment(&format!("{path}/until"), moment),
            (Some(_), Some(_)) | (None, None) => self.fault(path, "one_moment"),
        }
    }

    fn moment(&mut self, path: &str, moment: &FieldMoment) {
        // A column has a moment in each row: none of them is the one that is waited for.
        let is_column =
            moment.field.split_once('.').is_some_and(|(subform, _)| self.form.is_subform(subform));
        match self.form.holds(&moment.field).filter(|_| !is_column) {
            None if is_column => {
                self.named(format!("{path}/field"), "not_a_date_field", "field", &moment.field);
            }
            None => self.named(format!("{path}/field"), "unknown_field", "field", &moment.field),
            Some(Holds::Moments) => {}
            Some(Holds::Members | Holds::Departments | Holds::Other) => {
                self.named(format!("{path}/field"), "not_a_date_field", "field", &moment.field);
            }
        }
        if let Some(offset) = &moment.offset
            && !is_offset(offset)
        {
            self.named(format!("{path}/offset"), "bad_duration", "text", offset);
        }
    }

    pub(super) fn deadlines(&mut self, path: &str, deadlines: &[Deadline], can_reject: bool) {
        if deadlines.len() > MAX_DEADLINES {
            self.named(format!("{path}/deadlines"), "too_many", "max", MAX_DEADLINES);
        }
        for (place, rule) in deadlines.iter().enumerate() {
            let path = format!("{path}/deadlines/{place}");
            match (&rule.after, &rule.at) {
                (Some(after), None) if !is_duration(after, rule.working_time) => {
                    self.named(format!("{path}/after"), "bad_duration", "text", after);
                }
                (Some(_), None) => {}
                (None, Some(_)) if rule.working_time => {
                    self.fault(format!("{path}/working_time"), "working_time_of_moment");
                }
                (None, Some(moment)) => self.moment(&format!("{path}/at"), moment),
                (Some(_), Some(_)) | (None, None) => self.fault(&path, "one_moment"),
            }
            match &rule.reaction {
                Reaction::AutoReject if !can_reject => self.fault(format!("{path}/do"), "nothing_to_reject"),
                Reaction::Transfer(who) => {
                    self.who(&format!("{path}/do/transfer"), std::slice::from_ref(who));
                }
                // Without others, those who have the tasks are reminded alone.
                Reaction::Remind(others) if !others.is_empty() => {
                    self.who(&format!("{path}/do/remind"), others);
                }
                Reaction::Remind(_)
                | Reaction::AutoApprove
                | Reaction::AutoReject
                | Reaction::AutoReturn(_)
                | Reaction::Escalate => {}
            }
        }
    }
}
