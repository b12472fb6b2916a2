//! Saying something about a request without deciding it, and reminding those it waits for.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::attached::People;
use super::mentioning::{MentionOffer, Mentioning};
use crate::api::instances::{self, Instance};
use crate::ui::{Button, ControlSize, IconButton, TextInput, toast};
use crate::{t, text};

/// Below the way of an instance: as much as its reader may do. `on_done` hears that there is more to show.
#[component]
pub fn Saying(instance: Instance, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    let (comments, urges) = (instance.allows("comment"), instance.allows("urge"));
    let (comment_name, urge_name) = (instance.own_action_name("comment"), instance.own_action_name("urge"));
    let comment_name = Signal::derive(move || comment_name.clone().unwrap_or_else(t!("flow-comment")));
    let urge_name = Signal::derive(move || urge_name.clone().unwrap_or_else(t!("flow-urge")));
    let id = StoredValue::new(instance.id);
    let (written, mentions) = (RwSignal::new(String::new()), RwSignal::new(Vec::<String>::new()));
    let mentioning = Mentioning::new(written, move |text| written.set(text), mentions);
    let by_key = move |event: leptos::ev::KeyboardEvent| {
        mentioning.takes_key(&event);
    };
    let (naming, busy) = (RwSignal::new(false), RwSignal::new(false));
    let say = move |_| {
        let said = written.get_untracked();
        if said.trim().is_empty() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        let (id, named) = (id.get_value(), mentions.get_untracked());
        spawn_local(async move {
            let answer = instances::comment(&id, &said, &named).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => on_done.run(()),
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let urge = move |_| {
        let id = id.get_value();
        spawn_local(async move {
            match instances::urge(&id).await {
                Ok(()) => {
                    toast::show(text!("flow-done-urge"));
                    if !busy.is_disposed() {
                        on_done.run(());
                    }
                }
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let nothing = Signal::derive(move || {
        written.with(|written| written.trim().is_empty()).then(t!("flow-comment-empty"))
    });
    view! {
        <div class="stack g2 saying no-print">
            {urges.then(|| view! { <Button size=ControlSize::Small icon="bell" on_press=urge>{urge_name}</Button> })}
            {comments.then(|| view! {
                <MentionOffer mentioning=mentioning/>
                <div class="row" on:keydown=by_key>
                    <TextInput value=written on_input=move |said| written.set(said) class="grow"
                        placeholder=comment_name label=comment_name/>
                    <IconButton icon="member" label=Signal::derive(t!("flow-mention")) pressed=naming
                        on_press=move |_| naming.update(|naming| *naming = !*naming)/>
                    <IconButton icon="send" label=Signal::derive(t!("flow-comment-send")) busy=busy
                        disabled_reason=nothing on_press=say/>
                </div>
                <Show when=move || naming.get()>
                    <People chosen=mentions label=Signal::derive(t!("flow-mention"))/>
                </Show>
            })}
        </div>
    }
}
