//! Open tasks of a member go to somebody else, as a job: to who takes over from a member that leaves, or to who stands in for
//! one. Each instance is changed by itself, in slices with room for people's saves between them.

use std::sync::Arc;

use engine::flow::{Actor, Command, State};
use engine::value::Id;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::Tx;
use store::instance::{Instance, Task};
use wire::flows::HandedOver;

use super::tasks::order_of;
use crate::service::designs::stored;
use crate::service::jobs::{self, Beginning, Going, Pace};
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::records::save::{Act, Change, save};
use crate::service::{Cause, Installation, Refusal, flows};

/// What its jobs are called.
pub const KIND: &str = "hand_over";

/// To whom the tasks go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// Whoever takes over from the member, else an administrator.
    Successor,
    /// Whoever stands in for the member now.
    Delegate,
}

/// What a job works on.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Work {
    member: Id,
    to: To,
}

/// How far a job is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Place {
    after: Option<Id>,
    result: HandedOver,
}

/// Begins to give the open tasks of a member on, once the transaction is committed; the job's id.
///
/// # Errors
/// When it can't be stored.
pub async fn begin(
    tx: &mut Tx,
    installation: &Installation,
    caller: &Caller,
    runtime: tokio::runtime::Handle,
    (member, to): (Id, To),
) -> Result<Id, Refusal> {
    let work = serde_json::to_value(Work { member, to }).map_err(Refusal::internal)?;
    let begins = Beginning { kind: KIND, work, place: None, saves: false, installation, caller, runtime };
    Ok(begins.store(tx).await?.id)
}

/// Goes on with a job to its end.
pub fn work(going: Going) -> BoxFuture<'static, Result<Json, Refusal>> {
    Box::pin(async move {
        let (work, place) = (going.input()?, going.place()?);
        through(going, work, place).await
    })
}

async fn through(mut going: Going, work: Work, mut place: Place) -> Result<Json, Refusal> {
    let caller = going.caller().await?;
    let mut db = going.installation.store.read().await?;
    let left = Task::count_waiting_for(&mut db, caller.workspace_id(), work.member).await?;
    drop(db);
    let done = place.result.matched;
    going.handle.go_on(u64::try_from(left).unwrap_or_default() + done, done, place.result.failed);
    let mut pace = Pace::default();
    loop {
        let part = Part {
            installation: going.installation.clone(),
            caller: going.caller().await?,
            work: work.clone(),
            place: place.clone(),
            job: going.job,
            step: going.step(),
            most: pace.begin(),
        };
        let most = part.most;
        let after = jobs::patiently(|| part.clone().save()).await?;
        let looked = usize::try_from(after.result.matched - place.result.matched).unwrap_or(usize::MAX);
        let failed = usize::try_from(after.result.failed - place.result.failed).unwrap_or(usize::MAX);
        pace.end(looked);
        place = after;
        going.stepped();
        going.handle.add_errors(failed);
        if going.handle.advance(looked).is_err() {
            going.handle.cut_short();
            break;
        }
        if looked < most {
            break;
        }
    }
    serde_json::to_value(&place.result).map_err(Refusal::internal)
}

/// Everything that the transaction of a slice needs.
#[derive(Clone)]
struct Part {
    installation: Installation,
    caller: Caller,
    work: Work,
    place: Place,
    job: Id,
    step: i64,
    most: usize,
}

impl Part {
    async fn save(self) -> Result<Place, Refusal> {
        let installation = self.installation.clone();
        installation
            .write(move |tx| {
                Box::pin(async move {
                    let (workspace, job, step) = (self.caller.workspace_id(), self.job, self.step);
                    let place = self.instances(tx).await?;
                    jobs::reached(tx, (workspace, job), step, &place).await?;
                    Ok(place)
                })
            })
            .await
    }

    async fn instances(self, tx: &mut Tx) -> Result<Place, Refusal> {
        let Part { installation, caller, work, mut place, most, .. } = self;
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let workspace = caller.workspace_id();
        let next = Task::waiting_for(tx, workspace, work.member, place.after, limit).await?;
        for (instance, form) in next {
            place.after = Some(instance);
            place.result.matched += 1;
            let given = match order_of(&installation, &caller, form).await {
                Ok(order) => {
                    let order = Arc::new(order.newest(tx).await?);
                    tx.nested(move |tx| {
                        Box::pin(async move { give(tx, &order, instance, work.member, work.to).await })
                    })
                    .await?
                }
                // A form that is gone has nothing to decide.
                Err(refusal) => Err(refusal),
            };
            let reasons = &mut place.result.reasons;
            match given {
                Ok(()) => place.result.done += 1,
                Err(refusal) if matches!(refusal.cause, Cause::Busy | Cause::DiskFull) => {
                    return Err(refusal);
                }
                Err(refusal) => {
                    place.result.failed += 1;
                    if !reasons.iter().any(|known| known == refusal.code) {
                        reasons.push(refusal.code.to_string());
                    }
                }
            }
        }
        Ok(place)
    }
}

/// Gives what waits for a member in one instance to somebody else.
async fn give(tx: &mut Tx, order: &Order, id: Id, member: Id, to: To) -> Result<(), Refusal> {
    let workspace = order.caller.workspace_id();
    let instance = Instance::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
    store::record::lock(tx, &order.access, order.table(), &[instance.record]).await?;
    let instance = Instance::lock(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
    let state: State = stored("instance", &instance.marking)?;
    if !state.open_tasks().any(|task| task.assignee == Some(member)) {
        return Ok(());
    }
    let act = Act {
        record: instance.record,
        step: None,
        fields: Default::default(),
        maps: false,
        state,
        flow: flows::version(tx, order, instance.flow_version).await?,
        command: match to {
            To::Successor => Command::HandOver { member },
            To::Delegate => Command::PassOn { member },
        },
        actor: Actor::Member(order.caller.id()),
        instance,
    };
    save(tx, order, vec![Change::Act(Box::new(act))]).await.map(drop)
}
