//! What a new request says of the one that it asks again for: how that ended, and what was said of it.

use leptos::prelude::*;

use super::given::lacks_some;
use crate::api::forms::OpenForm;
use crate::api::instances::{self, Instance, LogLine};
use crate::inbox::FlowBadge;
use crate::ui::{Banner, Tone, wait_for};
use crate::{t, text};

/// Says so above the form, as far as the reader sees that request; nothing otherwise.
#[component]
pub fn AskedBefore(
    form: OpenForm,
    /// The instance of that request.
    instance: String,
) -> impl IntoView {
    let answer = LocalResource::new(move || {
        let id = instance.clone();
        async move { instances::get(&id).await.ok() }
    });
    // It comes together with the form below it.
    wait_for(move || answer.with(Option::is_some));
    let lacks = lacks_some(&form.form);
    let records = format!("/apps/{}/forms/{}/records", form.info.app_key, form.info.id);
    let shown = move |before: Instance| {
        let href = format!("{records}/{}", before.record);
        let (name, state) = (before.title.clone(), before.state.clone());
        let title = move || if name.is_empty() { text!("record-untitled") } else { name.clone() };
        let refusals = before.last_refusals().into_iter().map(|line| refusal(&before, line)).collect_view();
        view! {
            <Banner tone=Tone::Info>
                <div class="stack g2">
                    <div class="row wrap">
                        <span>{t!("record-asked-before")}</span>
                        <a class="link" href=href>{title}</a>
                        <FlowBadge state=state/>
                    </div>
                    {refusals}
                    {lacks.then(|| view! { <span class="note muted">{t!("record-asked-lacks")}</span> })}
                </div>
            </Banner>
        }
    };
    move || answer.get().flatten().map(&shown)
}

/// Who refused it, and what they said.
fn refusal(before: &Instance, line: &LogLine) -> AnyView {
    let who = line.who.as_deref().map(|who| before.member_name(who));
    let is_rejected = line.action == "reject";
    let by = who.map(|who| {
        move || match is_rejected {
            true => text!("flow-rejected-by", name = who.clone()),
            false => text!("flow-ended-by", name = who.clone()),
        }
    });
    let said = line.opinion.clone().filter(|said| !said.is_empty());
    view! {
        <div class="stack g1">
            {by.map(|by| view! { <b>{by}</b> })}
            {said.map(|said| view! { <span class="said">{said}</span> })}
        </div>
    }
    .into_any()
}
