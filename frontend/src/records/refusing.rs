//! Showing why a record was not stored.

use engine::text::{Fault, Faults, Label};
use wire::ProblemError;

use crate::api::Problem;
use crate::api::forms::{self, OpenForm};
use crate::fill::FormState;
use crate::ui::toast;

/// Shows a refusal: at the fields it names, else as a message. What made the difference may be what somebody else did
/// meanwhile: figures that come from other records are asked for again.
pub fn refuse(state: FormState, problem: Problem) {
    let faults = faults_of(&problem.errors);
    if faults.is_empty() {
        toast::refused(&problem);
    }
    state.refuse(faults);
    state.load_links_again();
}

/// What the server says is wrong with the fields of a record.
pub(super) fn faults_of(errors: &[ProblemError]) -> Faults {
    let fault = |error: &ProblemError| {
        let path = error.path.strip_prefix("fields.").unwrap_or(&error.path);
        Fault {
            path: path.to_string(),
            code: error.code.clone().into(),
            args: Default::default(),
            message: Some(Label::Plain(error.message.clone())),
            label: error.label.clone().map(Label::Plain),
            names: Default::default(),
        }
    };
    errors.iter().map(fault).collect()
}

/// Whether a record was refused by another version of its form than the one that was filled in.
pub async fn is_outdated(form: &OpenForm, problem: &Problem) -> bool {
    if !matches!(problem.status, 409 | 422) {
        return false;
    }
    let now = forms::open(&form.info.id.to_string()).await;
    now.is_ok_and(|now| now.info.version != form.info.version)
}
