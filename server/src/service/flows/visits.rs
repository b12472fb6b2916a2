//! What figures of a flow are made of: the stays of its requests at its steps, stored beside each instance.

use engine::flow::{Change, Status, StepKind, Visit, VisitId, VisitState};
use store::Tx;
use store::instance::{Instance, StepVisit};

use super::course::Moved;
use crate::service::Refusal;

/// Stores the stays that a command began, ended or moved.
///
/// # Errors
/// When the database can't be written.
pub async fn store_visits(tx: &mut Tx, instance: &Instance, moved: &Moved) -> Result<(), Refusal> {
    let is_migrated = moved.events.iter().any(|event| matches!(event.change, Change::Migrated { .. }));
    let changed = moved
        .state
        .numbered()
        .filter(|(id, visit)| waits(moved, visit) && is_changed(moved.before.visit(*id), visit, is_migrated));
    let rows: Vec<StepVisit> = changed.map(|(id, visit)| row(instance, moved, id, visit)).collect();
    Ok(StepVisit::put_all(tx, &rows).await?)
}

/// Whether somebody or something is waited for at the step: blocks are made of others, copies wait for nobody, and actions
/// are carried out in the transaction that leads to them.
fn waits(moved: &Moved, visit: &Visit) -> bool {
    match moved.flow.kind(&visit.step) {
        Some(StepKind::Start | StepKind::Approve | StepKind::Fill | StepKind::Subflow | StepKind::Delay) => {
            true
        }
        Some(StepKind::Cc | StepKind::Action | StepKind::Branch | StepKind::Parallel) | None => false,
    }
}

/// What was left stays as it was left: under the version, and with the key, that it then had.
fn is_changed(before: Option<&Visit>, visit: &Visit, is_migrated: bool) -> bool {
    match before {
        // A step that is passed in the moment in which it is reached is no stay.
        None => visit.left_at != Some(visit.entered_at),
        Some(before) => {
            (before.state, before.left_at) != (visit.state, visit.left_at)
                || (is_migrated && visit.state == VisitState::Active)
        }
    }
}

fn row(instance: &Instance, moved: &Moved, id: VisitId, visit: &Visit) -> StepVisit {
    StepVisit {
        workspace: instance.workspace,
        instance: instance.id,
        visit: i64::from(id.0),
        form: instance.form,
        flow_version: instance.flow_version,
        step: visit.step.clone(),
        state: match visit.state {
            VisitState::Active => store::instance::VisitState::Active,
            VisitState::Passed => store::instance::VisitState::Passed,
            VisitState::Returned => store::instance::VisitState::Returned,
            VisitState::Rejected if moved.state.status == Status::Rejected => {
                store::instance::VisitState::Rejected
            }
            // A rejection that is no end has sent it back.
            VisitState::Rejected => store::instance::VisitState::Returned,
            VisitState::Cancelled => store::instance::VisitState::Cancelled,
        },
        entered_at: visit.entered_at,
        left_at: visit.left_at,
    }
}

#[cfg(test)]
mod tests {
    use engine::value::Timestamp;

    use super::*;

    fn visit(state: VisitState, left_at: Option<i64>) -> Visit {
        Visit {
            step: "head".to_string(),
            within: None,
            after: None,
            people: Vec::new(),
            arms: Vec::new(),
            state,
            entered_at: Timestamp::from_second(5).unwrap(),
            left_at: left_at.map(|second| Timestamp::from_second(second).unwrap()),
            opened: 1,
            reopened: Vec::new(),
            closed: None,
            joined: Vec::new(),
            detour: None,
            aside: false,
        }
    }

    #[test]
    fn what_took_no_time_is_no_stay_and_what_was_left_stays_as_it_was() {
        let (active, at_once) = (visit(VisitState::Active, None), visit(VisitState::Passed, Some(5)));
        let left = visit(VisitState::Passed, Some(9));
        assert!(is_changed(None, &active, false));
        assert!(!is_changed(None, &at_once, false));
        assert!(is_changed(Some(&active), &left, false));
        assert!(is_changed(Some(&left), &active, false), "taken back");
        assert!(!is_changed(Some(&active), &active, false));
        assert!(is_changed(Some(&active), &active, true), "it goes on in another version");
        assert!(!is_changed(Some(&left), &left, true));
    }
}
