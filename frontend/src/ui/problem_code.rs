//! By what those who run the product find out why something failed.

use leptos::prelude::*;

use super::{ControlSize, IconButton, toast};
use crate::api::Problem;
use crate::{browser, t, text};

/// The code of a problem with the number of its request: `busy · 0sbqd…`. None where the faults of fields say it all.
pub fn problem_code(problem: &Problem) -> Option<String> {
    if !problem.errors.is_empty() || problem.code.is_empty() {
        return None;
    }
    Some(match problem.request_id.as_str() {
        "" => problem.code.clone(),
        request => format!("{} · {request}", problem.code),
    })
}

/// Puts it where it can be put into a message to them.
pub fn copy_problem_code(code: &str) {
    browser::copy(code);
    toast::show(text!("ui-code-copied"));
}

/// The small line with it, to be copied.
#[component]
pub fn ProblemCode(problem: Problem) -> impl IntoView {
    problem_code(&problem).map(|code| {
        let copied = code.clone();
        view! {
            <div class="row problem-code note muted">
                <span class="code">{code}</span>
                <IconButton
                    icon="copy"
                    size=ControlSize::Small
                    label=Signal::derive(t!("ui-copy-code"))
                    on_press=move |_| copy_problem_code(&copied)
                />
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_failure_has_a_code_and_a_faulty_field_has_none() {
        let problem = |errors: serde_json::Value, request: &str| -> Problem {
            let problem = json!({"type": "", "title": "", "status": 503, "code": "busy", "request_id": request,
                "errors": errors});
            serde_json::from_value(problem).unwrap()
        };
        assert_eq!(problem_code(&problem(json!([]), "r-1")).as_deref(), Some("busy · r-1"));
        assert_eq!(problem_code(&problem(json!([]), "")).as_deref(), Some("busy"));
        let fault = json!([{"path": "fields.name", "code": "required", "message": "Name is missing."}]);
        assert_eq!(problem_code(&problem(fault, "r-1")), None);
    }
}
