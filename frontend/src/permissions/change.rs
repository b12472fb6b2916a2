//! Before a change of a group is stored: who gains and who loses what.

use leptos::prelude::*;
use wire::{GroupChange, MemberChange, RightChange};

use crate::ui::{Badge, Button, ButtonKind, Dialog, DialogSize, Tone};
use crate::{i18n, t, text};

/// Shows what a change means, and stores it when that is wanted.
#[component]
pub fn ChangeDialog(
    open: RwSignal<bool>,
    change: RwSignal<Option<GroupChange>>,
    #[prop(into)] busy: Signal<bool>,
    #[prop(into)] on_confirm: Callback<()>,
) -> impl IntoView {
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary busy=busy on_press=move |_| on_confirm.run(())>{t!("permissions-save")}</Button>
        }
    };
    view! {
        <Dialog open=open title=Signal::derive(t!("permissions-change")) size=DialogSize::Normal foot=Some(ViewFn::from(foot))>
            {move || change.get().map(|change| view! { <Told change=change/> })}
        </Dialog>
    }
}

/// Who gains and who loses what.
#[component]
pub fn Told(change: GroupChange) -> impl IntoView {
    let GroupChange { members, unchanged, left_out } = change;
    let nobody = members.is_empty();
    let people = members.into_iter().map(|member| view! { <Person change=member/> }).collect_view();
    view! {
        <div class="stack g4">
            {nobody.then(|| view! { <p>{t!("permissions-change-nothing")}</p> })}
            {people}
            {(unchanged > 0).then(|| view! { <p class="note muted">{t!("permissions-change-unchanged", count = unchanged)}</p> })}
            {(left_out > 0).then(|| view! { <p class="note muted">{t!("permissions-change-left-out", count = left_out)}</p> })}
        </div>
    }
}

#[component]
fn Person(change: MemberChange) -> impl IntoView {
    let MemberChange { member, gains, losses } = change;
    let line = |tone: Tone, sign: &'static str, right: RightChange| {
        let RightChange { text: words, records, .. } = right;
        let count = records.map(|count| {
            let number = i18n::whole(count.value);
            if count.exact { number } else { text!("permissions-about", count = number) }
        });
        let count = count.map(|count| {
            view! { <span class="note muted">{t!("permissions-change-records", count = count)}</span> }
        });
        view! { <li class="row"><Badge tone=tone>{sign}</Badge><span class="grow">{words}</span>{count}</li> }
    };
    let gains = gains.into_iter().map(|right| line(Tone::Success, "+", right)).collect_view();
    let losses = losses.into_iter().map(|right| line(Tone::Danger, "−", right)).collect_view();
    view! {
        <section class="stack g2">
            <h3>{member.name}</h3>
            <ul class="stack g1">{gains}{losses}</ul>
        </section>
    }
}
