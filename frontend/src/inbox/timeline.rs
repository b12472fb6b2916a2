//! How an instance came to where it is, and what comes next.

use leptos::prelude::*;

use crate::api::instances::{self, Instance, LogLine, NextStep};
use crate::i18n;
use crate::t;
use crate::ui::{Avatar, Icon, Loaded};

/// The icon and colour of a line.
fn mark_of(action: &str) -> (&'static str, &'static str) {
    match action {
        "approve" => ("check", "mark success"),
        "reject" | "terminate" => ("close", "mark danger"),
        "return" | "withdraw" | "take_back" => ("return", "mark warning"),
        "start" | "submit" => ("send", "mark"),
        "cc" => ("bell", "mark"),
        _other_action => ("comment", "mark"),
    }
}

/// The timeline of an instance. Raise `round` to ask anew.
#[component]
pub fn FlowTimeline(
    #[prop(into)] instance: Signal<String>,
    #[prop(optional, into)] round: Signal<u32>,
) -> impl IntoView {
    let answer = LocalResource::new(move || {
        let id = instance.get();
        round.track();
        async move { instances::get(&id).await }
    });
    let view = move |instance: Instance| {
        let (labels, names) = (instance.labels.clone(), instance.names.clone());
        let step_name = move |step: &str| {
            let known = labels.get(step).map(|label| label.get(i18n::language()).to_string());
            known.filter(|label| !label.is_empty()).unwrap_or_else(|| match step {
                "start" => t!("flow-start")(),
                other => other.to_string(),
            })
        };
        let member = move |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_string());
        let (line_step, line_member) = (step_name.clone(), member.clone());
        let line = move |line: LogLine| {
            let (icon, class) = mark_of(&line.action);
            let who = line.who.as_deref().map(&line_member);
            let did = i18n::lookup(&format!("flow-did-{}", line.action.replace('_', "-")), &[]);
            let step = line.step.as_deref().map(&line_step).unwrap_or_default();
            view! {
                <li>
                    <span class=class><Icon name=icon/></span>
                    <div>
                        <div class="what"><b>{did}</b>" "<span class="muted">{step}</span><span class="when">{i18n::date_time(line.at)}</span></div>
                        {who.map(|who| view! { <div class="who"><span class="person"><Avatar name=who.clone()/>{who}</span></div> })}
                        {line.opinion.map(|opinion| view! { <div class="quote">{opinion}</div> })}
                    </div>
                </li>
            }
        };
        let open: Vec<_> = instance.tasks.iter().filter(|task| task.state == "open").cloned().collect();
        let (open_step, open_member) = (step_name.clone(), member.clone());
        let waiting = move |task: instances::InstanceTask| {
            let who = task.assignee.as_deref().map(&open_member);
            view! {
                <li>
                    <span class="mark accent"><Icon name="clock"/></span>
                    <div>
                        <div class="what"><b>{open_step(&task.step)}</b><span class="when">{t!("flow-waiting")}</span></div>
                        {who.map(|who| view! { <div class="who"><span class="person"><Avatar name=who.clone()/>{who}</span></div> })}
                    </div>
                </li>
            }
        };
        let coming = move |next: NextStep| {
            let people = next.people.iter().map(|id| member(id)).collect::<Vec<_>>().join("、");
            view! {
                <li class="next">
                    <span class="mark"><Icon name="member"/></span>
                    <div>
                        <div class="what"><span class="muted">{step_name(&next.step)}</span></div>
                        <div class="who muted">{people}</div>
                    </div>
                </li>
            }
        };
        view! {
            <ol class="timeline">
                {instance.log.into_iter().map(line).collect_view()}
                {open.into_iter().map(waiting).collect_view()}
                {instance.next.into_iter().map(coming).collect_view()}
            </ol>
        }
    };
    view! { <Loaded answer=answer view=view/> }
}
