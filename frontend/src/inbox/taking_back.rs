//! Taking back: the submitter a request, an approver their own decision.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::instances::{self, Decision, Instance};
use crate::api::tasks::Task;
use crate::ui::{Button, ButtonKind, ConfirmDialog, toast};
use crate::{t, text};

/// What is taken back.
#[derive(Clone, Copy, PartialEq)]
enum What {
    Request,
    Decision,
}

/// The bar below a record that one has asked for or decided about. Nothing where nothing can be taken back. `on_done` is
/// called once it was.
#[component]
pub fn TakingBack(
    task: Task,
    /// How the instance stands, once it is known.
    instance: Signal<Option<Instance>>,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let decided = task.state == "done";
    let what = Memo::new(move |_| {
        let instance = instance.get()?;
        if instance.actions.iter().any(|action| action == "withdraw") {
            return Some(What::Request);
        }
        // Whether somebody has acted on the decision since is told when it is taken back.
        (decided && instance.state == "running").then_some(What::Decision)
    });
    let task = StoredValue::new(task);
    let take_back = move |()| {
        let (Some(what), task) = (what.get_untracked(), task.get_value()) else { return };
        busy.set(true);
        spawn_local(async move {
            let outcome = match what {
                What::Request => instances::withdraw(&task.instance).await,
                What::Decision => instances::act(&task.id, "withdraw", &Decision::default()).await,
            };
            busy.set(false);
            asking.set(false);
            match outcome {
                Ok(()) => {
                    toast::show(text!("flow-done-withdraw"));
                    on_done.run(());
                }
                Err(problem) => toast::show(problem.detail),
            }
        });
    };
    move || {
        let (name, why) = match what.get()? {
            What::Request => (t!("flow-withdraw-request")(), t!("flow-withdraw-request-text")()),
            What::Decision => (t!("flow-withdraw-decision")(), t!("flow-withdraw-decision-text")()),
        };
        let label = name.clone();
        let title = Signal::stored(name);
        Some(view! {
            <div class="decision">
                <div class="row wrap decide">
                    <Button icon="undo" on_press=move |_| asking.set(true)>{label}</Button>
                </div>
            </div>
            <ConfirmDialog open=asking title=title action=Signal::derive(t!("flow-withdraw")) kind=ButtonKind::Primary
                busy=busy on_confirm=take_back>
                {why.clone()}
            </ConfirmDialog>
        })
    }
}
