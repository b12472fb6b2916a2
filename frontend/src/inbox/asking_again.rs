//! A request of one's own that was rejected: it is changed and submitted again, with all that was said of it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::taking_back::to_submit_again;
use crate::api::instances::{self, Instance};
use crate::api::session;
use crate::api::tasks::START;
use crate::t;
use crate::ui::{Button, ButtonKind, ControlSize, toast};

/// The request that the reader may open again at its start, if it is this one.
pub(super) fn asked_again(instance: &Instance) -> Option<String> {
    let reader = session::me()?.member.id.to_string();
    instance.is_asked_again_by(&reader).then(|| instance.id.clone())
}

/// Opens a request of the reader's at its start again; gives where it is changed. What keeps it from that is told.
pub(super) async fn ask_again(instance: &str) -> Option<String> {
    let reader = session::me_now()?.to_string();
    let opened = match instances::reactivate(instance, START).await {
        Ok(()) => instances::get(instance).await,
        Err(problem) => Err(problem),
    };
    match opened {
        Ok(opened) => to_submit_again(&opened, "", &reader).map(|task| format!("/inbox?task={task}")),
        Err(problem) => {
            toast::refused(&problem);
            None
        }
    }
}

/// The button to it.
#[component]
pub(super) fn AskAgainButton(
    instance: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] size: ControlSize,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let (id, navigate) = (StoredValue::new(instance), StoredValue::new(use_navigate()));
    let press = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let id = id.get_value();
        spawn_local(async move {
            let to = ask_again(&id).await;
            // Whoever is elsewhere by now finds it among what waits for them.
            if busy.try_set(false).is_some() {
                return;
            }
            if let Some(to) = to {
                navigate.with_value(|navigate| navigate(&to, Default::default()));
            }
        });
    };
    view! { <Button kind=kind size=size icon="edit" busy=busy on_press=press>{t!("flow-change-again")}</Button> }
}
