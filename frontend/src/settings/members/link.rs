//! The link by which a member joins, or chooses a new password, to be handed to them or sent to their address.

use engine::value::parse_timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Member, MemberState};

use crate::api::{Problem, people, sign_in};
use crate::ui::{Banner, Button, ButtonKind, Dialog, Field, Skeleton, TextInput, Tone, toast};
use crate::{browser, i18n, t, text};

/// What came of asking for a link.
#[derive(Clone)]
enum Link {
    Coming,
    Here {
        url: String,
        expires_at: String,
    },
    /// Another one is on its way to this address.
    Sent(String),
    Refused(String),
}

/// Whether it is for somebody who has a password to forget, and not for one who is still invited.
fn has_joined(member: &Member) -> bool {
    member.state != MemberState::Invited
}

/// A link for the member: by which they join, as long as they are invited, and otherwise choose a new password.
async fn made(member: &Member) -> Result<Link, Problem> {
    Ok(if has_joined(member) {
        let link = sign_in::make_password_link(member.id).await?;
        Link::Here { url: link.url, expires_at: link.expires_at }
    } else {
        let link = people::invite(member.id).await?;
        Link::Here { url: link.url, expires_at: link.expires_at }
    })
}

/// Has such a link sent to the member's address.
async fn sent(member: &Member) -> Result<(), Problem> {
    match has_joined(member) {
        true => sign_in::ask_for_reset(&member.email).await,
        false => people::send_invitation(member.id).await,
    }
}

#[component]
pub(super) fn LinkDialog(letting_in: RwSignal<Option<Member>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let link = RwSignal::new(Link::Coming);
    let busy = RwSignal::new(false);
    // Without a mail server there is nothing to send by.
    let ways = LocalResource::new(sign_in::ways);
    let sends = move || ways.get().and_then(Result::ok).is_some_and(|ways| ways.reset);
    Effect::new(move || {
        let Some(member) = letting_in.get() else { return };
        link.set(Link::Coming);
        open.set(true);
        spawn_local(async move {
            let _ =
                link.try_set(made(&member).await.unwrap_or_else(|problem| Link::Refused(problem.sentence())));
        });
    });
    Effect::new(move || {
        if !open.get() {
            letting_in.set(None);
        }
    });
    let title = Signal::derive(move || {
        let Some(member) = letting_in.get() else { return String::new() };
        match has_joined(&member) {
            true => text!("member-password-link-of", name = member.name),
            false => text!("member-invitation-of", name = member.name),
        }
    });
    let is_password = Memo::new(move |_| letting_in.with(|member| member.as_ref().is_some_and(has_joined)));
    let copy = move |_| {
        browser::copy_from("input[name=member-link]");
        toast::show(text!("member-invitation-copied"));
    };
    let post = move |_| {
        let Some(member) = letting_in.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let answer = sent(&member).await;
            let _ = busy.try_set(false);
            let _ = link.try_set(match answer {
                Ok(()) => Link::Sent(member.email),
                Err(problem) => Link::Refused(problem.sentence()),
            });
        });
    };
    let is_here = Memo::new(move |_| link.with(|link| matches!(link, Link::Here { .. })));
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
            let words = move || match is_password.get() {
                true => text!("member-password-link-sent", email = email.clone()),
                false => text!("member-invitation-sent", email = email.clone()),
            };
            view! { <Banner tone=Tone::Success>{words}</Banner> }.into_any()
        }
        Link::Refused(sentence) => view! { <Banner tone=Tone::Danger>{sentence}</Banner> }.into_any(),
        Link::Here { url, expires_at } => {
            let until = parse_timestamp(&expires_at).map(i18n::date_time).unwrap_or_default();
            let help = Signal::derive(move || match is_password.get() {
                true => text!("member-password-link-help", until = until.clone()),
                false => text!("member-invitation-help", until = until.clone()),
            });
            view! {
                <Field label=t!("member-invitation-link") help=help>
                    <TextInput value=Signal::stored(url) name="member-link"/>
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
