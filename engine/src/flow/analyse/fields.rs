//! What can be wrong with the rights on fields.

use super::super::StepFields;
use super::super::document::{FieldRight, Fields, Step};
use super::{Analyser, inside};

impl Analyser<'_> {
    pub(super) fn fields(&mut self, path: &str, fields: &Fields) {
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
    pub(super) fn never_filled(&mut self) {
        let document = self.document;
        let start = StepFields::new(&document.start.fields, FieldRight::Edit);
        let mut steps = Vec::new();
        collect_fields(&document.steps, &mut steps);
        for field in self.form.to_be_filled() {
            let is_filled = steps
                .iter()
                .map(|fields| StepFields::new(fields, FieldRight::Read))
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
}

/// A member's name inside a JSON pointer.
fn pointer_token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
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
