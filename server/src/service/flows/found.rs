//! An instance on which the product itself acts: found with its record locked, and moved on.

use std::sync::Arc;

use engine::flow::{Actor, Command, Flow, State};
use engine::value::Id;
use store::Tx;
use store::instance::Instance;
use wire::records::Fields;

use crate::service::designs::stored;
use crate::service::records::Order;
use crate::service::records::save::{Act, Change, Saved, save_alone};
use crate::service::{Refusal, flows};

/// An instance with its flow, kept from others until the transaction ends.
pub struct Found {
    /// Of the product, for the form of the instance.
    pub order: Order,
    pub instance: Instance,
    pub state: State,
    pub flow: Arc<Flow>,
}

impl Found {
    /// Locks the instance, after its record as every save does; none where there is no such instance. The product acts on
    /// behalf of `member`; where none is given, of whoever has submitted it, or else of whoever `order` is for.
    ///
    /// # Errors
    /// Not found where its form is gone.
    pub async fn lock(
        tx: &mut Tx,
        order: &Order,
        id: Id,
        member: Option<Id>,
    ) -> Result<Option<Found>, Refusal> {
        let workspace = order.caller.workspace_id();
        let Some(instance) = Instance::find(tx, workspace, id).await? else { return Ok(None) };
        let member = member.or(instance.submitter).unwrap_or_else(|| order.caller.id());
        let order = order.of_product(tx, member, instance.form).await?;
        store::record::lock(tx, &order.access, order.table(), &[instance.record]).await?;
        let Some(instance) = Instance::lock(tx, workspace, id).await? else { return Ok(None) };
        let state: State = stored("instance", &instance.marking)?;
        let flow = flows::version(tx, &order, instance.flow_version).await?;
        // What follows from it goes on counting where it stands, whoever has it go on.
        let order = Order { hops: order.hops.max(instance.hops), ..order };
        Ok(Some(Found { order, instance, state, flow }))
    }

    /// Has the product itself give a command, and the flow set `fields`. What follows from it is the caller's.
    ///
    /// # Errors
    /// The flow's refusal, and everything that the save refuses.
    pub async fn give(self, tx: &mut Tx, command: Command, fields: Fields) -> Result<Vec<Saved>, Refusal> {
        let Found { order, instance, state, flow } = self;
        let act = Act {
            record: instance.record,
            step: None,
            maps: !fields.is_empty(),
            fields,
            instance,
            state,
            flow,
            command,
            actor: Actor::System,
        };
        save_alone(tx, &order, Change::Act(Box::new(act))).await
    }
}
