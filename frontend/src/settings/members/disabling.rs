//! Before a member is disabled: what they leave behind, and the way to hand it over first.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Holdings, MemberState};

use super::Doing;
use super::hand_over::Held;
use crate::api::people;
use crate::ui::{Button, ButtonKind, Dialog, Loaded, toast};
use crate::{t, text};

#[component]
pub(super) fn DisableDialog(doing: Doing, on_done: Callback<()>) -> impl IntoView {
    let disabling = doing.disabling;
    let open = RwSignal::new(false);
    let busy = RwSignal::new(false);
    Effect::new(move || {
        if disabling.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            disabling.set(None);
        }
    });
    let disable = move |_| {
        let Some(member) = disabling.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = people::set_member_state(member.id, MemberState::Disabled).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(_) => {
                    let _ = open.try_set(false);
                    let _ = on_done.try_run(());
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    // The hand-over disables at its end, where that is not taken back there.
    let hand_over = move |_| {
        let member = disabling.get_untracked();
        open.set(false);
        doing.handing_over.set(member);
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::DangerQuiet busy=busy on_press=disable>{t!("member-disable")}</Button>
            <Button kind=ButtonKind::Primary icon="transfer" on_press=hand_over>{t!("member-disable-hand-over")}</Button>
        }
    };
    let title = Signal::derive(move || {
        let name = disabling.get().map(|member| member.name).unwrap_or_default();
        text!("member-disable-question", name = name)
    });
    view! {
        <Dialog open=open title=title foot=Some(ViewFn::from(foot))>
            <div class="stack g4">
                <p>{t!("member-disable-text")}</p>
                {move || disabling.get().map(|member| view! { <Left member=member.id/> })}
            </div>
        </Dialog>
    }
}

/// What they have.
#[component]
fn Left(member: Id) -> impl IntoView {
    let held = LocalResource::new(move || people::holdings(member));
    let list = |held: Holdings| view! { <Held held=held/> };
    view! { <Loaded answer=held view=list lines=3/> }
}
