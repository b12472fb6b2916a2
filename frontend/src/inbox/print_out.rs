//! The approvals of a request on paper: who decided what, what they said, and how they signed.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::flow_state_name;
use crate::api::instances::{self, Instance, LogLine};
use crate::api::{Problem, files};
use crate::ui::toast;
use crate::{i18n, t};

/// What people decided, in order; what the product did and what was only said is left out.
fn decisions(log: &[LogLine]) -> Vec<LogLine> {
    let decides = |line: &&LogLine| {
        matches!(line.action.as_str(), "start" | "submit" | "approve" | "reject" | "return" | "terminate")
    };
    log.iter().filter(decides).cloned().collect()
}

/// A table that is on paper alone.
#[component]
pub fn PrintOut(instance: Instance) -> impl IntoView {
    let whole = RwSignal::new(instance.clone());
    if instance.log_earlier.is_some() {
        spawn_local(async move {
            match whole_log(instance).await {
                Ok(all) => drop(whole.try_set(all)),
                Err(problem) => toast::show(problem.sentence()),
            }
        });
    }
    move || printed(&whole.get())
}

/// An instance with all of its log.
async fn whole_log(mut instance: Instance) -> Result<Instance, Problem> {
    while let Some(line) = instance.log_earlier {
        let page = instances::before(&instance.id, line).await?;
        instance = instance.with_earlier(page);
    }
    Ok(instance)
}

fn printed(instance: &Instance) -> AnyView {
    let lines = decisions(&instance.log);
    let state = instance.state.clone();
    let row = |line: LogLine| {
        let step = line.step.as_deref().map(|step| instance.step_name(step)).unwrap_or_default();
        let who = line.who.as_deref().map(|who| instance.member_name(who)).unwrap_or_default();
        let behalf = line.on_behalf_of.as_deref().map(|who| instance.member_name(who));
        let did = format!("flow-did-{}", line.action.replace('_', "-"));
        let at = line.at;
        view! {
            <tr>
                <td>{step}</td>
                <td>{who}{behalf.map(|name| view! { " "<span>{t!("flow-on-behalf", name = name)}</span> })}</td>
                <td>{move || i18n::lookup(&did, &[])}</td>
                <td>{line.opinion.unwrap_or_default()}</td>
                <td>{line.signature.map(|file| view! { <img class="signed" src=files::address(file) alt=t!("fill-signature")/> })}</td>
                <td class="nowrap">{move || i18n::date_time(at)}</td>
            </tr>
        }
    };
    let rows = lines.into_iter().map(row).collect_view();
    view! {
        <section class="print-out">
            <h2>{t!("flow-print-title")}" · "{move || flow_state_name(&state)}</h2>
            <table>
                <thead>
                    <tr>
                        <th>{t!("flow-print-step")}</th>
                        <th>{t!("flow-print-who")}</th>
                        <th>{t!("flow-print-decision")}</th>
                        <th>{t!("flow-print-opinion")}</th>
                        <th>{t!("flow-sign")}</th>
                        <th>{t!("flow-print-at")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_decisions_are_printed() {
        let line = |action: &str| -> LogLine {
            serde_json::from_value(json!({"at": "2026-11-22T08:00:00Z", "action": action})).unwrap()
        };
        let log = ["start", "cc", "comment", "approve", "urge", "return", "end"].map(line);
        let printed: Vec<String> = decisions(&log).into_iter().map(|line| line.action).collect();
        assert_eq!(printed, ["start", "approve", "return"]);
    }
}
