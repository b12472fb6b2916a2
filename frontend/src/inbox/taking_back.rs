//! Taking back: the submitter a request, an approver their own decision; and the ways to a request that came back, and to a new one.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::asking_again::again_at;
use crate::api::instances::{self, Decision, Instance, InstanceTask};
use crate::api::session;
use crate::api::tasks::{START, Task};
use crate::ui::{Button, ButtonKind, ConfirmDialog, Icon, toast};
use crate::{t, text};

/// What is taken back.
#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Request,
    Decision,
}

/// What the server lets the reader of a task take back.
fn offered(instance: &Instance, task: &str) -> Option<What> {
    let takes_back = |actions: &[String]| actions.iter().any(|action| action == "withdraw");
    if takes_back(&instance.actions) {
        return Some(What::Request);
    }
    let own = instance.tasks.iter().find(|known| known.id == task)?;
    takes_back(&own.actions).then_some(What::Decision)
}

/// The task with which the reader submits a request of theirs again that has come back; `task` is what they look at.
pub(super) fn to_submit_again(instance: &Instance, task: &str, reader: &str) -> Option<String> {
    let is_theirs = |known: &&InstanceTask| {
        known.state == "open" && known.step == START && known.assignee.as_deref() == Some(reader)
    };
    let found = instance.tasks.iter().find(is_theirs)?;
    (found.id != task).then(|| found.id.clone())
}

/// The bar below a record that one has asked for or decided about. Nothing where nothing can be taken back or asked again.
/// `on_done` is called once something was taken back.
#[component]
pub fn TakingBack(
    task: Task,
    /// How the instance stands, once it is known.
    instance: Signal<Option<Instance>>,
    /// The page of a new request with its form; none where the reader may make none.
    page: Option<String>,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let id = task.id.clone();
    let what = Memo::new(move |_| offered(&instance.get()?, &id));
    let (id, me) = (task.id.clone(), session::me().map(|me| me.member.id.to_string()));
    let again = Memo::new(move |_| to_submit_again(&instance.get()?, &id, me.as_deref()?));
    let anew = Memo::new(move |_| again_at(&instance.get()?, page.as_deref()));
    let task = StoredValue::new(task);
    let name_of_decision = move || {
        let own = task.with_value(|task| task.own_action_name("withdraw"));
        own.unwrap_or_else(t!("flow-withdraw-decision"))
    };
    let take_back = move |()| {
        let (Some(what), task) = (what.get_untracked(), task.get_value()) else { return };
        busy.set(true);
        spawn_local(async move {
            let outcome = match what {
                What::Request => instances::withdraw(&task.instance).await,
                What::Decision => instances::act(&task.id, "withdraw", &Decision::default()).await,
            };
            // The task may be left by now.
            let is_left = busy.try_set(false).is_some();
            if !is_left {
                asking.set(false);
            }
            match outcome {
                Ok(()) => {
                    toast::show_of(&task.instance, text!("flow-done-withdraw"));
                    if !is_left {
                        on_done.run(());
                    }
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    move || {
        let (again, anew, back) = (again.get(), anew.get(), what.get());
        if again.is_none() && anew.is_none() && back.is_none() {
            return None;
        }
        let change = again.map(|task| {
            view! {
                <a class="btn primary" href=format!("/inbox?task={task}")>
                    <Icon name="edit"/><span>{t!("flow-change-again")}</span>
                </a>
            }
        });
        let ask_anew = anew.map(|to| {
            view! {
                <a class="btn primary" href=to><Icon name="send"/><span>{t!("flow-ask-again")}</span></a>
            }
        });
        let words = back.map(|what| match what {
            What::Request => (t!("flow-withdraw-request")(), t!("flow-withdraw-request-text")()),
            What::Decision => (name_of_decision(), t!("flow-withdraw-decision-text")()),
        });
        let take = words.clone().map(|(name, _)| {
            view! { <Button icon="undo" on_press=move |_| asking.set(true)>{name}</Button> }
        });
        let dialog = words.map(|(name, why)| {
            let title = Signal::stored(name);
            view! {
                <ConfirmDialog open=asking title=title action=Signal::derive(t!("flow-withdraw")) kind=ButtonKind::Primary
                    busy=busy on_confirm=take_back>
                    {why.clone()}
                </ConfirmDialog>
            }
        });
        Some(view! {
            <div class="decision"><div class="row wrap decide">{change}{ask_anew}{take}</div></div>
            {dialog}
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(of_request: Value, of_task: Value) -> Option<What> {
        let task =
            |id: &str, actions: Value| json!({"id": id, "step": "boss", "state": "done", "actions": actions});
        let tasks = [task("1", json!([])), task("2", of_task)];
        let instance = json!({"id": "9", "state": "running", "actions": of_request, "tasks": tasks});
        offered(&serde_json::from_value(instance).unwrap(), "2")
    }

    #[test]
    fn only_what_the_server_says_is_offered() {
        assert_eq!(told(json!(["withdraw"]), json!([])), Some(What::Request));
        assert_eq!(told(json!([]), json!(["withdraw"])), Some(What::Decision));
        // Somebody has acted since: it still runs, and is not one's own to take back any more.
        assert_eq!(told(json!([]), json!([])), None);
    }

    #[test]
    fn a_request_that_came_back_leads_to_where_it_is_submitted_again() {
        let task = |id: &str, step: &str, state: &str, assignee: &str| json!({"id": id, "step": step, "state": state, "assignee": assignee, "actions": []});
        let tasks = [task("1", "boss", "done", "b"), task("2", "start", "open", "a")];
        let instance = json!({"id": "9", "state": "running", "actions": [], "tasks": tasks});
        let instance: Instance = serde_json::from_value(instance).unwrap();
        assert_eq!(to_submit_again(&instance, "9", "a").as_deref(), Some("2"));
        assert_eq!(to_submit_again(&instance, "2", "a"), None, "it is open already");
        assert_eq!(to_submit_again(&instance, "9", "b"), None, "it is somebody else's");
    }
}
