//! What whoever asked for something may do with it where its record is: take it back, change what came back, remind, ask again.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

use super::asking_again::again_at;
use super::taking_back::to_submit_again;
use crate::api::instances::{self, Instance};
use crate::api::session;
use crate::ui::{Button, ButtonKind, ConfirmDialog, ControlSize, Icon, MenuItem, toast};
use crate::{t, text};

/// The request that a record stands for, as far as its reader may act on it as a whole.
#[derive(Clone, Copy)]
pub struct OwnRequest {
    instance: Memo<Option<Instance>>,
    /// Whether its reader is asked before it is taken back.
    asking: RwSignal<bool>,
    /// The page where it is asked again; none where its reader may make no new one.
    page: StoredValue<Option<String>>,
}

impl OwnRequest {
    /// Of the instance with this id, of which the server says what may be done; of none nothing is asked. A new one is made on
    /// this page, if its reader may.
    pub fn new(id: Signal<Option<String>>, page: Option<String>) -> OwnRequest {
        let answer = LocalResource::new(move || {
            let id = id.get();
            async move {
                match id {
                    Some(id) => instances::get(&id).await.ok(),
                    None => None,
                }
            }
        });
        OwnRequest {
            instance: Memo::new(move |_| answer.get().flatten()),
            asking: RwSignal::new(false),
            page: StoredValue::new(page),
        }
    }

    /// Whether there is anything to do; tracked.
    pub fn offers(self) -> bool {
        self.withdraws() || self.urges() || self.again().is_some() || self.anew().is_some()
    }

    fn withdraws(self) -> bool {
        self.instance.with(|instance| instance.as_ref().is_some_and(|instance| instance.allows("withdraw")))
    }

    fn urges(self) -> bool {
        self.instance.with(|instance| instance.as_ref().is_some_and(|instance| instance.allows("urge")))
    }

    /// The task with which it is submitted again, once it came back.
    fn again(self) -> Option<String> {
        let me = session::me()?.member.id.to_string();
        self.instance.with(|instance| to_submit_again(instance.as_ref()?, "", &me))
    }

    /// Where it is asked again as a new one, once it was rejected or ended.
    fn anew(self) -> Option<String> {
        let at = |page: &Option<String>| {
            self.instance.with(|instance| again_at(instance.as_ref()?, page.as_deref()))
        };
        self.page.with_value(at)
    }
}

/// Its items in the menu of the record.
#[component]
pub fn RequestItems(request: OwnRequest) -> impl IntoView {
    let navigate = StoredValue::new(use_navigate());
    let change = move |task: String| {
        let go = move |()| {
            let to = format!("/inbox?task={task}");
            navigate.with_value(|navigate| navigate(&to, Default::default()));
        };
        view! { <MenuItem icon="edit" on_choose=go>{t!("flow-change-again")}</MenuItem> }
    };
    let ask_anew = move |to: String| {
        let go = move |()| navigate.with_value(|navigate| navigate(&to, Default::default()));
        view! { <MenuItem icon="send" on_choose=go>{t!("flow-ask-again")}</MenuItem> }
    };
    let urge = move |()| {
        let Some(id) = request.instance.with_untracked(|known| known.as_ref().map(|known| known.id.clone()))
        else {
            return;
        };
        spawn_local(async move {
            match instances::urge(&id).await {
                Ok(()) => toast::show(text!("flow-done-urge")),
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let urge_name = move || {
        let own = request.instance.with(|known| known.as_ref()?.own_action_name("urge"));
        own.unwrap_or_else(t!("flow-urge"))
    };
    view! {
        {move || request.again().map(change)}
        {move || request.anew().map(ask_anew)}
        {move || request.withdraws().then(|| view! {
            <MenuItem icon="undo" on_choose=move |()| request.asking.set(true)>{t!("flow-withdraw-request")}</MenuItem>
        })}
        {move || request.urges().then(|| view! {
            <MenuItem icon="bell" on_choose=urge>{urge_name}</MenuItem>
        })}
    }
}

/// The question that its menu item leads to. `on_done` hears that it was taken back.
#[component]
pub fn WithdrawRequest(request: OwnRequest, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let id = Signal::derive(move || {
        request.instance.with(|known| known.as_ref().map(|known| known.id.clone())).unwrap_or_default()
    });
    view! { <WithdrawQuestion instance=id open=request.asking on_done=on_done/> }
}

/// A button that takes a request back, below its way beside the record; nothing for who may not.
#[component]
pub fn WithdrawButton(instance: Instance, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let asking = RwSignal::new(false);
    instance.allows("withdraw").then(|| {
        view! {
            <div class="row wrap no-print">
                <Button size=ControlSize::Small icon="undo" on_press=move |_| asking.set(true)>{t!("flow-withdraw-request")}</Button>
            </div>
            <WithdrawQuestion instance=Signal::stored(instance.id) open=asking on_done=on_done/>
        }
    })
}

/// The way to a new request in place of one that was rejected or ended, below its way beside the record; nothing for who may not.
#[component]
pub fn AskAgainLink(
    instance: Instance,
    /// The page of a new one.
    page: Option<String>,
) -> impl IntoView {
    again_at(&instance, page.as_deref()).map(|to| {
        view! {
            <div class="row wrap no-print">
                <a class="btn small" href=to><Icon name="send"/><span>{t!("flow-ask-again")}</span></a>
            </div>
        }
    })
}

/// Asks whether a request is to be taken back, and does it.
#[component]
fn WithdrawQuestion(
    #[prop(into)] instance: Signal<String>,
    open: RwSignal<bool>,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let withdraw = move |()| {
        busy.set(true);
        let id = instance.get_untracked();
        spawn_local(async move {
            let answer = instances::withdraw(&id).await;
            // The page may be left by now.
            let is_left = busy.try_set(false).is_some();
            match answer {
                Ok(()) => {
                    toast::show_of(&id, text!("flow-done-withdraw"));
                    if !is_left {
                        open.set(false);
                        on_done.run(());
                    }
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    view! {
        <ConfirmDialog
            open=open
            title=Signal::derive(t!("flow-withdraw-request"))
            action=Signal::derive(t!("flow-withdraw"))
            kind=ButtonKind::Primary
            busy=busy
            on_confirm=withdraw
        >
            {t!("flow-withdraw-request-text")}
        </ConfirmDialog>
    }
}
