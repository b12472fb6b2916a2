//! The link by which a member joins, to be handed to them or sent to their address.

use engine::value::parse_timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Invitation, Member};

use crate::api::{people, sign_in};
use crate::ui::{Banner, Button, ButtonKind, Dialog, Field, Skeleton, TextInput, Tone, toast};
use crate::{browser, i18n, t, text};

/// What came of asking for a link.
#[derive(Clone)]
enum Link {
    Coming,
    Here(Invitation),
    /// Another one is on its way to this address.
    Sent(String),
    Refused(String),
}

#[component]
pub(super) fn InvitationDialog(inviting: RwSignal<Option<Member>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let link = RwSignal::new(Link::Coming);
    let busy = RwSignal::new(false);
    // Without a mail server there is nothing to send by.
    let ways = LocalResource::new(sign_in::ways);
    let sends = move || ways.get().and_then(Result::ok).is_some_and(|ways| ways.reset);
    Effect::new(move || {
        let Some(member) = inviting.get() else { return };
        link.set(Link::Coming);
        open.set(true);
        spawn_local(async move {
            let _ = link.try_set(match people::invite(member.id).await {
                Ok(invitation) => Link::Here(invitation),
                Err(problem) => Link::Refused(problem.sentence()),
            });
        });
    });
    Effect::new(move || {
        if !open.get() {
            inviting.set(None);
        }
    });
    let title = Signal::derive(move || {
        let name = inviting.get().map(|member| member.name).unwrap_or_default();
        text!("member-invitation-of", name = name)
    });
    let copy = move |_| {
        browser::copy_from("input[name=invitation-link]");
        toast::show(text!("member-invitation-copied"));
    };
    let post = move |_| {
        let Some(member) = inviting.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = people::send_invitation(member.id).await;
            let _ = busy.try_set(false);
            let _ = link.try_set(match answer {
                Ok(()) => Link::Sent(member.email),
                Err(problem) => Link::Refused(problem.sentence()),
            });
        });
    };
    let is_here = Memo::new(move |_| link.with(|link| matches!(link, Link::Here(_))));
    let by_mail = move || {
        (sends() && is_here.get()).then(|| {
            view! {
                <Button icon="send" busy=busy on_press=post>{t!("member-invitation-mail")}</Button>
            }
        })
    };
    let by_hand = move || {
        is_here.get().then(|| {
            view! {
                <Button kind=ButtonKind::Primary icon="copy" on_press=copy>{t!("member-invitation-copy")}</Button>
            }
        })
    };
    let foot = move || {
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-close")}</Button>
            {by_mail}
            {by_hand}
        }
    };
    let shown = move || match link.get() {
        Link::Coming => view! { <Skeleton lines=2/> }.into_any(),
        Link::Sent(email) => {
            let words = move || text!("member-invitation-sent", email = email.clone());
            view! { <Banner tone=Tone::Success>{words}</Banner> }.into_any()
        }
        Link::Refused(sentence) => view! { <Banner tone=Tone::Danger>{sentence}</Banner> }.into_any(),
        Link::Here(invitation) => {
            let until = parse_timestamp(&invitation.expires_at).map(i18n::date_time).unwrap_or_default();
            let help = Signal::derive(move || text!("member-invitation-help", until = until.clone()));
            view! {
                <Field label=t!("member-invitation-link") help=help>
                    <TextInput value=Signal::stored(invitation.url) name="invitation-link"/>
                </Field>
            }
            .into_any()
        }
    };
    view! {
        <Dialog open=open title=title foot=Some(ViewFn::from(foot))>
            <div class="stack g4">{shown}</div>
        </Dialog>
    }
}
