//! The approvals of a request on paper: who decided what, what they said, and how they signed.

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::flow_state_name;
use crate::api::instances::{self, Instance, LogLine};
use crate::api::{Problem, files};
use crate::ui::toast;
use crate::{i18n, t};

thread_local! {
    /// The task that was decided last and is to be printed once it is shown as it stands then.
    static TO_PRINT: Cell<Option<String>> = const { Cell::new(None) };
}

/// The next time that a task is shown, it is printed.
pub fn note_to_print(task: &str) {
    TO_PRINT.set(Some(task.to_string()));
}

/// Whether a task is to be printed. Told once.
pub fn take_to_print(task: &str) -> bool {
    TO_PRINT.take().is_some_and(|noted| noted == task)
}

/// What people decided, in order; what the product did and what was only said is left out.
fn decisions(log: &[LogLine]) -> Vec<LogLine> {
    let decides = |line: &&LogLine| engine::print::is_decision(&line.action);
    log.iter().filter(decides).cloned().collect()
}

/// A table that is on paper alone.
#[component]
pub fn PrintOut(
    instance: Instance,
    /// Hears once that all of it is there, with its signatures.
    #[prop(optional, into)]
    on_ready: Option<Callback<()>>,
) -> impl IntoView {
    let whole = RwSignal::new(instance.clone());
    let is_coming = RwSignal::new(instance.log_earlier.is_some());
    // Signatures that have come, or that never will.
    let settled = RwSignal::new(0_usize);
    if instance.log_earlier.is_some() {
        spawn_local(async move {
            let answer = whole_log(instance).await;
            if settled.try_set(0).is_some() {
                return;
            }
            match answer {
                Ok(all) => whole.set(all),
                Err(problem) => toast::refused(&problem),
            }
            is_coming.set(false);
        });
    }
    if let Some(on_ready) = on_ready {
        let signatures = move || {
            let signed = |instance: &Instance| {
                decisions(&instance.log).iter().filter(|line| line.signature.is_some()).count()
            };
            whole.with(signed)
        };
        Effect::new(move |told: Option<bool>| {
            let is_ready = !is_coming.get() && settled.get() >= signatures();
            if is_ready && told != Some(true) {
                // What changed together with it is drawn by then.
                let tell = move || {
                    let _ = on_ready.try_run(());
                };
                set_timeout(tell, Duration::ZERO);
            }
            is_ready || told == Some(true)
        });
    }
    move || printed(&whole.get(), settled)
}

/// An instance with all of its log.
async fn whole_log(mut instance: Instance) -> Result<Instance, Problem> {
    while let Some(line) = instance.log_earlier {
        let page = instances::before(&instance.id, line).await?;
        instance = instance.with_earlier(page);
    }
    Ok(instance)
}

/// The table. `settled` counts the signatures that have come.
fn printed(instance: &Instance, settled: RwSignal<usize>) -> AnyView {
    let count = move || settled.update(|settled| *settled += 1);
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
                <td>{line.signature.map(|file| view! { <img class="signed" src=files::address(file) alt=t!("fill-signature") on:load=move |_| count() on:error=move |_| count()/> })}</td>
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
    fn what_was_decided_is_printed_once() {
        note_to_print("1");
        assert!(take_to_print("1"));
        assert!(!take_to_print("1"));
        note_to_print("1");
        assert!(!take_to_print("2"), "another one is shown");
        assert!(!take_to_print("1"), "it is not printed on some later day");
    }

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
