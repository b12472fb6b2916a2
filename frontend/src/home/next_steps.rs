//! What comes next in an app that was made from a template: on its page until all is done or its reader puts it away, and in
//! its settings for good.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Form, FormState, Hint, NextSteps as Known, Role};

use super::step_list::{Step, StepList, count_done};
use crate::api::{places, segment, session, templates};
use crate::i18n;
use crate::shell::ShellContext;
use crate::ui::{toast, wait_for};
use crate::{t, text};

/// The steps of the app of the address, for who may take them: administrators of the workspace.
#[component]
pub(super) fn NextSteps(
    /// Whether it goes away, once all is done or somebody wants it no more.
    goes: bool,
) -> impl IntoView {
    let shell = ShellContext::expect();
    let administers = session::me().is_some_and(|me| me.member.administrator);
    let known = LocalResource::new(move || {
        let app = shell.app_key.get().filter(|_| administers);
        async move { templates::next_steps(&app?).await.ok() }
    });
    let kept = LocalResource::new(move || async move {
        if goes && administers { places::put_away().await.ok() } else { None }
    });
    let put_away = RwSignal::new(false);
    wait_for(move || known.with(Option::is_some) && kept.with(Option::is_some));
    let is_wanted = move || {
        let kept = kept.get().flatten();
        !goes || kept.is_some_and(|kept| !kept.hints.contains(&Hint::NextSteps)) && !put_away.get()
    };
    let dismiss = Callback::new(move |()| {
        put_away.set(true);
        spawn_local(async move {
            match places::put_hint_away(Hint::NextSteps).await {
                Ok(_) => toast::show(text!("next-steps-away")),
                Err(problem) => {
                    toast::show(problem.sentence());
                    let _ = put_away.try_set(false);
                }
            }
        });
    });
    move || {
        let (known, app) = (known.get().flatten()?, shell.app_key.get()?);
        let forms = shell.forms.get().and_then(Result::ok).unwrap_or_default();
        let steps = steps_of(known, &app, &forms);
        let is_done = count_done(&steps) == steps.len();
        if steps.is_empty() || !is_wanted() || (goes && is_done) {
            return None;
        }
        let on_dismiss = goes.then_some(dismiss);
        Some(
            view! { <StepList title=Signal::derive(t!("next-steps-title")) steps=steps on_dismiss=on_dismiss/> },
        )
    }
}

/// The steps, in the order in which they are taken; those that there are none of are left out.
fn steps_of(known: Known, app: &str, forms: &[Form]) -> Vec<Step> {
    let Some(template) = known.template else { return Vec::new() };
    let mut steps = Vec::new();
    if known.demo {
        let href = format!("/templates?show={}", segment(&template));
        steps.push(Step::new(known.cleared, href, t!("next-steps-demo")));
    }
    if !known.roles.is_empty() {
        let step = Step::new(has_people(&known.roles), "/settings/roles", t!("next-steps-roles"));
        steps.push(Step { note: people_in(&known.roles), ..step });
    }
    if let Some(form) = forms.iter().find(|form| takes_records(form)) {
        let href = format!("/apps/{}/forms/{}/new", segment(app), form.id);
        steps.push(Step::new(known.record, href, t!("next-steps-record")));
    }
    steps.push(Step::new(known.people, "/settings/members", t!("checklist-people")));
    steps
}

/// Whether one can make a record of the form.
fn takes_records(form: &Form) -> bool {
    form.state == FormState::Published && form.may.operations.iter().any(|may| may == "create")
}

/// Whether each role has somebody.
fn has_people(roles: &[Role]) -> bool {
    roles.iter().all(|role| role.members > 0)
}

/// How many people have each role, in words.
fn people_in(roles: &[Role]) -> String {
    i18n::listed(roles.iter().map(|role| format!("{} {}", role.name, i18n::whole(role.members.into()))))
}

#[cfg(test)]
mod tests {
    use engine::value::Id;
    use serde_json::json;

    use super::*;

    fn role(key: &str, members: u32) -> Role {
        let id = Id::from_i64(1).unwrap();
        serde_json::from_value(json!({"id": id, "key": key, "name": key, "members": members})).unwrap()
    }

    #[test]
    fn a_role_without_anybody_is_a_step_to_take() {
        assert!(has_people(&[role("REP", 1), role("MGR", 2)]));
        assert!(!has_people(&[role("REP", 1), role("MGR", 0)]));
    }

    #[test]
    fn steps_lead_to_where_they_are_taken_and_are_left_out_where_there_are_none() {
        let known = Known {
            template: Some("crm".to_string()),
            roles: vec![role("REP", 0)],
            demo: true,
            cleared: true,
            record: false,
            people: false,
        };
        let told = |known: Known| -> Vec<(String, bool)> {
            steps_of(known, "crm", &[]).into_iter().map(|step| (step.href, step.done)).collect()
        };
        let step = |href: &str, done: bool| (href.to_string(), done);
        let wanted = [
            step("/templates?show=crm", true),
            step("/settings/roles", false),
            step("/settings/members", false),
        ];
        assert_eq!(told(known.clone()), wanted);
        let bare = Known { roles: Vec::new(), demo: false, ..known.clone() };
        assert_eq!(told(bare), [step("/settings/members", false)]);
        assert!(told(Known { template: None, ..known }).is_empty());
    }
}
