//! What a member has.

use engine::access::Access;
use engine::condition::{Checked, Condition};
use engine::value::Id;
use serde_json::json;
use store::instance::Task;
use store::query::{self, Count, Shelf};

use super::places::{self, Places};
use crate::service::apps::label;
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::{Installation, Refusal};

/// What a member would hand over. What is said of records goes by what the caller may see of them.
///
/// # Errors
/// Not found.
pub async fn holdings(
    installation: &Installation,
    caller: &Caller,
    member: Id,
) -> Result<wire::Holdings, Refusal> {
    if !caller.people.members.contains_key(&member) {
        return Err(Refusal::missing());
    }
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let mut records = Vec::new();
    for design in designs.forms.values().filter(|design| design.sketch.is_some()) {
        let form = design.row.id;
        // A form that no longer works says so to whoever opens it.
        let Ok(order) = Order::to_read(installation, caller, &form.to_string()).await else { continue };
        let (filter, mut db) = (owned_by(&order, member)?, order.reader().await?);
        let access: &Access = &order.access;
        let (table, context) = (order.table(), &order.context);
        let count =
            query::count(&mut db, access, table, Shelf::Live, &filter, Count::Exact, context).await?.value;
        if count > 0 {
            records.push(wire::HeldRecords { form, label: label(&design.row.label), count });
        }
    }
    let tasks = {
        let mut db = installation.store.read().await?;
        Task::count_waiting_for(&mut db, caller.workspace_id(), member).await?
    };
    let Places { apps, forms, departments, reports, delegations } =
        places::of(&caller.people, &designs, member);
    let tasks = u64::try_from(tasks).unwrap_or_default();
    Ok(wire::Holdings { records, tasks, apps, forms, departments, reports, delegations })
}

/// The records that a member owns.
///
/// # Errors
/// When the form can't be asked for them.
pub(super) fn owned_by(order: &Order, member: Id) -> Result<Checked, Refusal> {
    let condition = json!({"field": "$owner", "op": "eq", "value": member});
    let condition: Condition = serde_json::from_value(condition).map_err(Refusal::internal)?;
    order.filter(Some(&condition), "owner")
}
