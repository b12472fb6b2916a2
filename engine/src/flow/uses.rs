//! The steps of a flow that use a field of its form.

use super::document::{Deadline, FieldMoment, Fields, FlowDocument, Reaction, Step};
use super::sending::Sending;
use super::who::Who;
use crate::form::{Uses, Validation};
use crate::text::Label;

impl FlowDocument {
    /// The steps that use the field, by their labels; `None` stands for the flow itself: its title, or the form with which
    /// it starts.
    pub fn steps_using(&self, uses: &Uses<'_>) -> Vec<Option<&Label>> {
        let mut found = Vec::new();
        let title = self.title.as_deref().is_some_and(|title| uses.pattern(title));
        if title || in_fields(&self.start.fields, uses) {
            found.push(None);
        }
        collect(&self.steps, uses, &mut found);
        found
    }
}

fn collect<'s>(steps: &'s [Step], uses: &Uses<'_>, found: &mut Vec<Option<&'s Label>>) {
    for step in steps {
        if in_step(step, uses) {
            found.push(Some(step.label()));
        }
        match step {
            Step::Branch(branch) => {
                branch.arms.iter().for_each(|arm| collect(&arm.steps, uses, found));
                branch.default.iter().for_each(|arm| collect(&arm.steps, uses, found));
            }
            Step::Parallel(parallel) => parallel.arms.iter().for_each(|arm| collect(&arm.steps, uses, found)),
            Step::Approve(_)
            | Step::Fill(_)
            | Step::Cc(_)
            | Step::Subflow(_)
            | Step::Action(_)
            | Step::Delay(_) => {}
        }
    }
}

/// Whether a step itself uses the field, whatever the steps within it do.
fn in_step(step: &Step, uses: &Uses<'_>) -> bool {
    match step {
        Step::Approve(step) => {
            in_fields(&step.fields, uses)
                || in_people(&step.who, uses)
                || in_validations(&step.validate, uses)
                || in_deadlines(&step.deadlines, uses)
        }
        Step::Fill(step) => {
            in_fields(&step.fields, uses)
                || in_people(&step.who, uses)
                || in_validations(&step.validate, uses)
                || in_deadlines(&step.deadlines, uses)
        }
        Step::Cc(step) => in_fields(&step.fields, uses) || in_people(&step.who, uses),
        Step::Branch(step) => step.arms.iter().any(|arm| uses.condition(&arm.when)),
        Step::Parallel(_) => false,
        Step::Subflow(step) => {
            let mut named = step.for_each.iter().chain(step.map_in.values()).chain(step.map_out.keys());
            named.any(|path| uses.path(path))
        }
        Step::Action(step) => {
            let in_texts = |sending: Sending| sending.templates().iter().any(|text| uses.pattern(text));
            uses.json(&step.action) || Sending::of(&step.action).is_some_and(in_texts)
        }
        Step::Delay(step) => step.until.as_ref().is_some_and(|moment| at_moment(moment, uses)),
    }
}

fn in_fields(fields: &Fields, uses: &Uses<'_>) -> bool {
    fields.keys().any(|path| path != "*" && uses.path(path))
}

fn in_people(who: &[Who], uses: &Uses<'_>) -> bool {
    who.iter().any(|who| match who {
        Who::Field(path) | Who::HeadOfField(path) => uses.path(path),
        Who::Members(_)
        | Who::Departments { .. }
        | Who::Roles(_)
        | Who::Submitter
        | Who::Manager(_)
        | Who::ManagersUpTo(_)
        | Who::ChosenBy(_)
        | Who::HeadOfPrevious => false,
    })
}

fn in_validations(validations: &[Validation], uses: &Uses<'_>) -> bool {
    validations.iter().any(|validation| uses.formula(&validation.formula))
}

fn in_deadlines(deadlines: &[Deadline], uses: &Uses<'_>) -> bool {
    deadlines.iter().any(|deadline| {
        let to = match &deadline.reaction {
            Reaction::Transfer(who) => in_people(std::slice::from_ref(who), uses),
            Reaction::Remind(others) => in_people(others, uses),
            Reaction::AutoApprove | Reaction::AutoReject | Reaction::AutoReturn(_) | Reaction::Escalate => {
                false
            }
        };
        to || deadline.at.as_ref().is_some_and(|moment| at_moment(moment, uses))
    })
}

fn at_moment(moment: &FieldMoment, uses: &Uses<'_>) -> bool {
    uses.path(&moment.field)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::form::{Catalogue, Sketch};
    use crate::text::Language;
    use crate::value::Id;

    struct Alone;

    impl Catalogue for Alone {
        fn form(&self, _: &str, _: &str) -> Option<Arc<Sketch>> {
            None
        }
    }

    #[test]
    fn a_step_is_named_by_whom_it_asks_what_it_shows_and_where_it_parts() {
        let field = |key: &str, kind: &str| json!({"key": key, "label": key, "kind": kind});
        let document = serde_json::from_value(json!({"key": "f", "label": "F", "fields": [
            field("amount", "number"), field("boss", "member"), field("note", "text")]}));
        let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document: document.unwrap() };
        let approve = json!({"kind": "approve", "key": "a", "label": "Approve", "who": [{"field": "boss"}],
            "fields": {"*": "read", "note": "edit"}});
        let flow: FlowDocument = serde_json::from_value(json!({"format": 1, "label": "Flow", "title": "{note}",
            "steps": [{"kind": "branch", "key": "b", "label": "Large?", "arms": [
                {"key": "large", "label": "L", "when": {"field": "amount", "op": "gt", "value": 1}, "steps": [approve]}],
                "default": {"steps": []}}]}))
        .unwrap();
        let steps = |path: &str| -> Vec<Option<String>> {
            let uses = Uses::new(&sketch, &Alone, (sketch.id, path));
            let found = flow.steps_using(&uses).into_iter();
            found.map(|label| label.map(|label| label.get(Language::En).to_string())).collect()
        };
        assert_eq!(steps("amount"), [Some("Large?".to_string())]);
        assert_eq!(steps("boss"), [Some("Approve".to_string())]);
        assert_eq!(steps("note"), [None, Some("Approve".to_string())]);
        assert!(steps("gone").is_empty());
    }
}
