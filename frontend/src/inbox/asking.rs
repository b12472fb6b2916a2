//! What a decision needs to know before it is done: whom it goes to.

use leptos::prelude::*;

use super::attached::People;
use super::decision::Asking;
use crate::api::{people, search, session};
use crate::t;
use crate::ui::{
    Button, ButtonKind, Choice, Dialog, Field, Segment, Segmented, Select, learn_sounds, may_sound,
};

/// How many names the server is asked for at once, of how they sound.
const MOST_SOUNDS: usize = 2_000;

/// What was chosen.
pub enum Asked {
    Transfer { to: String },
    AddSign { members: Vec<String>, mode: &'static str },
    Cc { members: Vec<String> },
}

/// Whom to ask or tell.
#[component]
pub fn AskDialog(
    asking: RwSignal<Option<Asking>>,
    #[prop(into)] on_choose: Callback<Asked>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(asking.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && asking.with_untracked(Option::is_some) {
            asking.set(None);
        }
    });
    let chosen = RwSignal::new(None::<String>);
    let several = RwSignal::new(Vec::<String>::new());
    let mode = RwSignal::new("before");
    let choices = LocalResource::new(move || {
        let what = asking.get();
        let me = session::me().map(|me| me.member.id.to_string());
        async move {
            match what {
                Some(Asking::Transfer) => {
                    // Nobody hands their own task to themselves.
                    let is_other = |member: &Choice| Some(&member.key) != me.as_ref();
                    members().await.into_iter().filter(is_other).collect()
                }
                Some(Asking::AddSign | Asking::Cc) | None => Vec::new(),
            }
        }
    });
    let options = Signal::derive(move || choices.get().unwrap_or_default());
    let title = Signal::derive(move || match asking.get() {
        Some(Asking::AddSign) => t!("flow-add-sign-to")(),
        Some(Asking::Cc) => t!("flow-cc-to")(),
        Some(Asking::Transfer) | None => t!("flow-transfer-to")(),
    });
    let is_ready = move || match asking.get() {
        Some(Asking::AddSign | Asking::Cc) => several.with(|members| !members.is_empty()),
        Some(Asking::Transfer) | None => chosen.with(Option::is_some),
    };
    let go = move |_| {
        let (to, members) = (chosen.get_untracked(), several.get_untracked());
        let asked = match (asking.get_untracked(), to) {
            (Some(Asking::Transfer), Some(to)) => Asked::Transfer { to },
            (Some(Asking::AddSign), _) => Asked::AddSign { members, mode: mode.get_untracked() },
            (Some(Asking::Cc), _) => Asked::Cc { members },
            (Some(Asking::Transfer), None) | (None, _) => return,
        };
        chosen.set(None);
        several.set(Vec::new());
        mode.set("before");
        on_choose.run(asked);
    };
    let foot = move || {
        let missing = Signal::derive(move || (!is_ready()).then(t!("ui-choose")));
        view! {
            <Button on_press=move |_| open.set(false)>{t!("ui-cancel")}</Button>
            <Button kind=ButtonKind::Primary disabled_reason=missing on_press=go>{t!("flow-go")}</Button>
        }
    };
    let modes = move || {
        vec![
            Segment::new("before", t!("flow-add-sign-before")),
            Segment::new("after", t!("flow-add-sign-after")),
            Segment::new("parallel", t!("flow-add-sign-parallel")),
        ]
    };
    let body = move || match asking.get() {
        Some(Asking::AddSign) => view! {
            <Field label=title><People chosen=several label=title/></Field>
            <Segmented segments=modes() selected=Signal::derive(move || mode.get().to_string())
                on_select=move |chosen| mode.set(chosen) label=Signal::derive(t!("flow-add-sign-when"))/>
        }
        .into_any(),
        Some(Asking::Cc) => {
            view! { <Field label=title><People chosen=several label=title/></Field> }.into_any()
        }
        Some(Asking::Transfer) | None => view! {
            <Field label=title>
                <Select choices=options value=chosen on_change=move |to| chosen.set(to)/>
            </Field>
        }
        .into_any(),
    };
    view! { <Dialog open=open title=title asks=true foot=Some(ViewFn::from(foot))>{body}</Dialog> }
}

/// The members who can be asked, as they are chosen from: by name, and by how it sounds.
pub async fn members() -> Vec<Choice> {
    let members = people::members().await.map(|list| list.items).unwrap_or_default();
    let there = members.into_iter().filter(|member| member.state != wire::MemberState::Disabled);
    let choices: Vec<Choice> = there.map(|member| Choice::new(member.id.to_string(), member.name)).collect();
    let new = choices.iter().map(|choice| choice.label.clone()).filter(|name| may_sound(name));
    let new: Vec<String> = new.take(MOST_SOUNDS).collect();
    // Without an answer they are found by what is written.
    if !new.is_empty()
        && let Ok(sounds) = search::sounds(new).await
    {
        learn_sounds(&sounds);
    }
    choices
}
