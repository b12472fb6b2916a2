//! What an instance waits for besides people, as it is shown.

use engine::flow::{Failure, State};
use engine::value::format_timestamp;
use store::Reader;
use store::instance::Instance;
use wire::flows::{Refused, Waits};

use crate::service::Refusal;
use crate::service::records::Order;

/// Times and flows that an instance waits for, these with the pages of their records; what was refused about them is told to
/// administrators.
///
/// # Errors
/// When the database can't be read.
pub async fn waits(db: &mut Reader, order: &Order, state: &State) -> Result<Vec<Waits>, Refusal> {
    let mut found = told(state, order.is_administrator());
    for wait in &mut found {
        let Some(id) = wait.instance else { continue };
        let Some(child) = Instance::find(db, order.caller.workspace_id(), id).await? else { continue };
        // A form that is gone has no page.
        wait.link = order.designs.published(child.form).ok().map(|design| {
            let app = order.designs.app_key(design.row.app);
            format!("/apps/{app}/forms/{}/records/{}", child.form, child.record)
        });
    }
    Ok(found)
}

fn told(state: &State, shows_refusals: bool) -> Vec<Waits> {
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
        link: None,
        failed: refused(&timer.failed),
    });
    let children = state.waited_children().map(|child| Waits {
        step: child.step.clone(),
        kind: "subflow".to_string(),
        due: None,
        instance: Some(child.instance),
        link: None,
        failed: refused(&child.failed),
    });
    timers.chain(children).collect()
}
