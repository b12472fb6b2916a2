//! Moments that flows wait for are told anew where what tells them has changed: the zone in which days begin.

use engine::flow::Command;
use engine::value::Id;
use store::Tx;

use super::found::Found;
use crate::service::Refusal;
use crate::service::records::Order;

/// Reads the moments again that an instance's delays and deadlines follow in fields of its record; whether any of them is
/// another now. An instance that waits for no moment is left alone.
///
/// # Errors
/// Not found where its form is gone; everything that the save refuses.
pub async fn reread(tx: &mut Tx, order: &Order, id: Id) -> Result<bool, Refusal> {
    let Some(found) = Found::lock(tx, order, id, None).await? else { return Ok(false) };
    if found.state.status.is_ended() || found.state.waiting_timers().next().is_none() {
        return Ok(false);
    }
    let saved = found.give(tx, Command::Reread, Default::default()).await?;
    let has_moved = saved.iter().filter_map(|saved| saved.moved.as_ref());
    Ok(has_moved.flat_map(|moved| &moved.events).next().is_some())
}
