//! What waits for a member in one flow goes to somebody else: to who takes over from a member, or to who stands in for one.

use engine::flow::{Actor, Command, State};
use engine::value::Id;
use store::Tx;
use store::instance::Instance;

use crate::service::designs::stored;
use crate::service::records::Order;
use crate::service::records::save::{Act, Change, save};
use crate::service::{Refusal, flows};

/// Has the caller of `order` give a command that gives on what waits for a member in an instance; how many tasks waited. Nothing
/// happens where none does.
///
/// # Errors
/// Not found; the flow's refusal, and everything that the save refuses.
pub async fn reassign(
    tx: &mut Tx,
    order: &Order,
    id: Id,
    member: Id,
    command: Command,
) -> Result<u64, Refusal> {
    let workspace = order.caller.workspace_id();
    let instance = Instance::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
    store::record::lock(tx, &order.access, order.table(), &[instance.record]).await?;
    let instance = Instance::lock(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
    let state: State = stored("instance", &instance.marking)?;
    let count = state.open_tasks().filter(|task| task.assignee == Some(member)).count();
    if count == 0 {
        return Ok(0);
    }
    let act = Act {
        record: instance.record,
        step: None,
        fields: Default::default(),
        maps: false,
        state,
        flow: flows::version(tx, order, instance.flow_version).await?,
        command,
        actor: Actor::Member(order.caller.id()),
        instance,
    };
    save(tx, order, vec![Change::Act(Box::new(act))]).await?;
    Ok(u64::try_from(count).unwrap_or_default())
}
