//! What an instance waits for besides people, as it is shown.

use engine::flow::{Failure, State};
use engine::value::format_timestamp;
use wire::flows::{Refused, Waits};

/// Times and flows that an instance waits for; what was refused about them is told to administrators.
pub fn waits(state: &State, shows_refusals: bool) -> Vec<Waits> {
    let refused = |failed: &Option<Failure>| {
        failed.as_ref().filter(|_| shows_refusals).map(|failed| Refused {
            reason: failed.reason.clone(),
            attempts: failed.attempts,
            retry: format_timestamp(failed.retry),
        })
    };
    let timers = state.waiting_timers().map(|(_, timer)| Waits {
        step: timer.step.clone(),
        kind: if timer.rule.is_some() { "deadline" } else { "delay" }.to_string(),
        due: timer.due.map(format_timestamp),
        instance: None,
        failed: refused(&timer.failed),
    });
    let children = state.waited_children().map(|child| Waits {
        step: child.step.clone(),
        kind: "subflow".to_string(),
        due: None,
        instance: Some(child.instance),
        failed: refused(&child.failed),
    });
    timers.chain(children).collect()
}
