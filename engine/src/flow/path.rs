//! The way that an instance has come to a visit.

use super::state::{State, Visit, VisitId, VisitState, Within};

/// The visits that were passed on the way to `from`, nearest first: those before it in its arm, those before
/// the blocks around it, and, of blocks on that way, those in the arms that were gone through. What lies in
/// the other arms of a block around it is not on its way.
pub(super) fn passed(state: &State, from: VisitId) -> Vec<VisitId> {
    let mut path = Vec::new();
    let mut at = state.visit(from);
    while let Some(visit) = at {
        at = match (&visit.after, &visit.within) {
            (Some(before), _) => {
                collect(state, *before, &mut path);
                state.visit(*before)
            }
            (None, Some(within)) => state.visit(within.block),
            (None, None) => None,
        };
    }
    path
}

/// The visits that an instance has come through when it ended with `last`: with it, where it was passed, or where people
/// were asked there.
pub(super) fn up_to(state: &State, last: VisitId) -> Vec<VisitId> {
    let mut path = Vec::new();
    match state.visit(last) {
        Some(visit) if visit.state == VisitState::Passed => collect(state, last, &mut path),
        Some(visit) if visit.arms.is_empty() => path.push(last),
        Some(_) | None => {}
    }
    path.extend(passed(state, last));
    path
}

fn collect(state: &State, id: VisitId, path: &mut Vec<VisitId>) {
    path.push(id);
    let Some(visit) = state.visit(id) else { return };
    for run in visit.arms.iter().filter(|run| run.is_done()) {
        let mut at = last_passed(state, id, &run.arm);
        while let Some(inside) = at {
            collect(state, inside, path);
            at = state.visit(inside).and_then(|visit| visit.after);
        }
    }
}

/// The last visit that an arm was left by.
pub(super) fn last_passed(state: &State, block: VisitId, arm: &str) -> Option<VisitId> {
    let inside = |visit: &Visit| {
        visit.state == VisitState::Passed
            && !visit.aside
            && visit.within.as_ref().is_some_and(|within| within.block == block && within.arm == arm)
    };
    state.visits.iter().rposition(inside).and_then(|at| u32::try_from(at).ok()).map(VisitId)
}

/// The arms around a visit, innermost first; `None`, the top of the flow, is left out.
pub(super) fn arms_around(state: &State, id: VisitId) -> Vec<Within> {
    let mut around = Vec::new();
    let mut at = state.visit(id).and_then(|visit| visit.within.clone());
    while let Some(within) = at {
        at = state.visit(within.block).and_then(|visit| visit.within.clone());
        around.push(within);
    }
    around
}

/// Whether the flow came to `id` by way of leaving `origin`.
pub(super) fn follows(state: &State, id: VisitId, origin: VisitId) -> bool {
    let mut at = state.visit(id);
    while let Some(visit) = at {
        if visit.after == Some(origin) {
            return true;
        }
        let before = visit.after.or(visit.within.as_ref().map(|within| within.block));
        at = before.and_then(|id| state.visit(id));
    }
    false
}
