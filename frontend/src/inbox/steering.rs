//! What administrators do to a request as a whole: give a task to somebody else, end it, open it again.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::asking::members;
use crate::api::instances::{self, Instance};
use crate::ui::{
    Button, ButtonKind, Choice, ControlSize, Dialog, DialogSize, Field, Select, TextArea, toast,
};
use crate::{i18n, t, text};

/// What is done to a request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Steer {
    Reassign,
    Terminate,
    Reactivate,
}

impl Steer {
    /// As the server calls it.
    fn key(self) -> &'static str {
        match self {
            Steer::Reassign => "reassign",
            Steer::Terminate => "terminate",
            Steer::Reactivate => "reactivate",
        }
    }

    fn icon(self) -> &'static str {
        match self {
            Steer::Reassign => "transfer",
            Steer::Terminate => "close",
            Steer::Reactivate => "undo",
        }
    }

    /// By the step's own name for it, or else as everywhere.
    fn name(self, instance: &Instance) -> String {
        let own = instance.own_action_name(self.key());
        own.unwrap_or_else(|| i18n::lookup(&format!("flow-steer-{}", self.key()), &[]))
    }
}

/// What its reader may do to a request. A task can only be given on where there is one.
fn offered(instance: &Instance) -> Vec<Steer> {
    let all = [Steer::Reassign, Steer::Terminate, Steer::Reactivate].into_iter();
    let possible = |steer: &Steer| match steer {
        Steer::Reassign => !open_tasks(instance).is_empty(),
        Steer::Terminate => true,
        Steer::Reactivate => !instance.reactivate_to.is_empty(),
    };
    all.filter(|steer| instance.allows(steer.key()) && possible(steer)).collect()
}

/// The tasks that wait, by their ids, each with its step and whom it waits for.
fn open_tasks(instance: &Instance) -> Vec<(String, String, Option<String>)> {
    let open = instance.tasks.iter().filter(|task| task.state == "open");
    let name = |id: &String| instance.member_name(id);
    open.map(|task| (task.id.clone(), instance.step_name(&task.step), task.assignee.as_ref().map(name)))
        .collect()
}

/// The buttons below the way of a request; nothing for who may do none of it. `on_done` hears that it stands otherwise now.
#[component]
pub fn Steering(instance: Instance, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let possible = offered(&instance);
    if possible.is_empty() {
        return None;
    }
    let asking = RwSignal::new(None::<Steer>);
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    let tasks = open_tasks(&instance);
    let first_task = tasks.first().map(|(id, ..)| id.clone());
    let first_step = instance.reactivate_to.first().cloned();
    let (task, step) = (RwSignal::new(first_task), RwSignal::new(first_step));
    let (to, why) = (RwSignal::new(None::<String>), RwSignal::new(String::new()));
    let shared = StoredValue::new(instance);
    let waiting = Signal::derive(move || {
        shared
            .with_value(open_tasks)
            .into_iter()
            .map(|(id, step, who)| {
                let who = who.unwrap_or_else(|| text!("flow-nobody-yet"));
                Choice::new(id, step).note(who)
            })
            .collect::<Vec<_>>()
    });
    let steps = Signal::derive(move || {
        shared.with_value(|instance| {
            let choice = |step: &String| Choice::new(step.clone(), instance.step_name(step));
            instance.reactivate_to.iter().map(choice).collect::<Vec<_>>()
        })
    });
    let everybody = LocalResource::new(move || {
        let asks = asking.get() == Some(Steer::Reassign);
        async move { if asks { members().await } else { Vec::new() } }
    });
    let people = Signal::derive(move || everybody.get().unwrap_or_default());
    let go = move |_| {
        let Some(steer) = asking.get_untracked().filter(|_| !busy.get_untracked()) else { return };
        busy.set(true);
        let id = shared.with_value(|instance| instance.id.clone());
        let (task, step) = (task.get_untracked(), step.get_untracked());
        let (to, why) = (to.get_untracked(), why.get_untracked());
        spawn_local(async move {
            let outcome = match steer {
                Steer::Reassign => {
                    instances::reassign(&id, &task.unwrap_or_default(), &to.unwrap_or_default()).await
                }
                Steer::Terminate => instances::terminate(&id, why.trim()).await,
                Steer::Reactivate => instances::reactivate(&id, &step.unwrap_or_default()).await,
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(()) => {
                    open.set(false);
                    toast::show(i18n::lookup(&format!("flow-done-{}", steer.key()), &[]));
                    on_done.run(());
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let name = move |steer: Steer| shared.with_value(|instance| steer.name(instance));
    let title = Signal::derive(move || asking.get().map(name).unwrap_or_default());
    let missing = Signal::derive(move || {
        let lacks = match asking.get() {
            Some(Steer::Reassign) => to.with(Option::is_none) || task.with(Option::is_none),
            Some(Steer::Reactivate) => step.with(Option::is_none),
            Some(Steer::Terminate) | None => false,
        };
        lacks.then(t!("ui-choose"))
    });
    let foot = move || {
        let kind = if asking.get_untracked() == Some(Steer::Terminate) {
            ButtonKind::Danger
        } else {
            ButtonKind::Primary
        };
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=kind busy=busy disabled_reason=missing on_press=go>{title}</Button>
        }
    };
    let body = move || match asking.get() {
        Some(Steer::Reassign) => view! {
            <Field label=t!("flow-steer-task")>
                <Select choices=waiting value=task on_change=move |chosen| task.set(chosen)/>
            </Field>
            <Field label=t!("flow-steer-to")>
                <Select choices=people value=to on_change=move |chosen| to.set(chosen)/>
            </Field>
        }
        .into_any(),
        Some(Steer::Terminate) => view! {
            <p class="muted">{t!("flow-steer-terminate-text")}</p>
            <Field label=t!("flow-steer-why")>
                <TextArea value=why on_input=move |said| why.set(said)/>
            </Field>
        }
        .into_any(),
        Some(Steer::Reactivate) => view! {
            <p class="muted">{t!("flow-steer-reactivate-text")}</p>
            <Field label=t!("flow-steer-step")>
                <Select choices=steps value=step on_change=move |chosen| step.set(chosen)/>
            </Field>
        }
        .into_any(),
        None => ().into_any(),
    };
    let button = move |steer: Steer| {
        let press = move |_| {
            asking.set(Some(steer));
            open.set(true);
        };
        view! { <Button size=ControlSize::Small icon=steer.icon() on_press=press>{move || format!("{}…", name(steer))}</Button> }
    };
    let buttons = possible.into_iter().map(button).collect_view();
    Some(view! {
        <div class="row wrap steering no-print">{buttons}</div>
        <Dialog open=open title=title asks=true size=DialogSize::Small foot=Some(ViewFn::from(foot))>{body}</Dialog>
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn instance(actions: Value, open: &str, again: Value) -> Instance {
        let task = json!({"id": "1", "step": "boss", "state": open, "assignee": null, "actions": []});
        let labels = json!({"terminate": "Stop it"});
        let instance = json!({"id": "9", "state": "running", "actions": actions, "action_labels": labels, "tasks": [task], "reactivate_to": again});
        serde_json::from_value(instance).unwrap()
    }

    fn told(actions: Value, open: &str, again: Value) -> Vec<Steer> {
        offered(&instance(actions, open, again))
    }

    #[test]
    fn only_what_the_server_lets_one_do_is_offered_and_only_where_there_is_something_to_do_it_to() {
        let all = json!(["reassign", "terminate", "comment"]);
        assert_eq!(told(all.clone(), "open", json!([])), [Steer::Reassign, Steer::Terminate]);
        assert_eq!(told(all, "done", json!([])), [Steer::Terminate], "a delay waits for nobody");
        assert_eq!(told(json!(["reactivate"]), "done", json!(["boss"])), [Steer::Reactivate]);
        assert!(told(json!(["comment", "urge"]), "open", json!([])).is_empty());
    }

    #[test]
    fn everything_that_can_be_done_has_a_name_and_says_that_it_was_done() {
        let instance = instance(json!([]), "open", json!([]));
        for steer in [Steer::Reassign, Steer::Terminate, Steer::Reactivate] {
            let done = i18n::lookup(&format!("flow-done-{}", steer.key()), &[]);
            assert!(!steer.name(&instance).starts_with("flow-") && !done.starts_with("flow-"), "{steer:?}");
        }
        assert_eq!(Steer::Terminate.name(&instance), "Stop it", "as its step says");
    }
}
