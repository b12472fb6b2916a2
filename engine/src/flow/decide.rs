//! From a command to what happens.

use super::command::{Command, Context};
use super::event::Event;
use super::published::Flow;
use super::refusal::{Refusal, RefusalCode};
use super::state::State;

/// What a command does to an instance: the events to log and [`apply`](super::apply()), or why it is refused.
pub fn decide(
    _flow: &Flow,
    state: &State,
    _command: &Command,
    _context: &mut Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if state.status.is_ended() {
        return Err(RefusalCode::Ended.into());
    }
    Ok(Vec::new())
}
