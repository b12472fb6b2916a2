//! A request that came back: who returned it, what they said, and the fields that are to be changed.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::api::instances::Instance;
use crate::api::tasks::{START, Task};
use crate::fill::{FormState, anchor};
use crate::ui::{Banner, Tone};
use crate::{browser, i18n, t, text};

/// Above the form of whoever changes their request; nothing elsewhere.
#[component]
pub fn Returned(
    task: Task,
    state: FormState,
    /// How the instance stands, once it is known.
    instance: Signal<Option<Instance>>,
) -> impl IntoView {
    let changes = task.step == START && task.state == "open";
    let known = Memo::new(move |_| instance.get().filter(|_| changes));
    // What is marked is shown where it is filled in.
    Effect::new(move || {
        let marks: BTreeSet<String> = known.with(|instance| {
            let line = instance.as_ref().and_then(Instance::last_return);
            line.map(|line| line.marks.iter().cloned().collect()).unwrap_or_default()
        });
        state.marked.set(marks);
    });
    move || {
        let instance = known.get()?;
        let line = instance.last_return()?.clone();
        let who = line.who.as_deref().map(|who| instance.member_name(who)).unwrap_or_default();
        let said = line.opinion.clone().filter(|said| !said.is_empty());
        let jump = |path: String| {
            let label = instance.field_labels.get(&path).map(|label| label.get(i18n::language()).to_string());
            let name = label.or_else(|| {
                state.draft.with_untracked(|draft| {
                    let column = draft.form().column(&path)?;
                    Some(column.field.label.get(i18n::language()).to_string())
                })
            });
            let target = anchor(&path);
            let href = format!("#{target}");
            view! {
                <a class="link" href=href on:click=move |event| {
                    event.prevent_default();
                    browser::focus_inside(&target);
                }>{name.unwrap_or(path)}</a>
            }
        };
        let is_rejected = line.action == "reject";
        let has_marks = !line.marks.is_empty();
        let marks = line.marks.clone().into_iter().map(jump).collect_view();
        Some(view! {
            <Banner tone=Tone::Warning>
                <div class="stack g2">
                    <b>{move || match is_rejected {
                        true => text!("flow-rejected-by", name = who.clone()),
                        false => text!("flow-returned-by", name = who.clone()),
                    }}</b>
                    {said.map(|said| view! { <span class="said">{said}</span> })}
                    {has_marks.then(|| view! { <span class="row wrap">{t!("flow-returned-marks")}{marks}</span> })}
                </div>
            </Banner>
        })
    }
}
