//! Open tasks of a member go to who decides in their place, as a job. Each instance is changed by itself, in slices with room
//! for people's saves between them.

use std::sync::Arc;

use engine::flow::Command;
use engine::value::Id;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::Tx;
use store::instance::Task;
use wire::flows::PassedOn;

use super::reassign::reassign;
use super::tasks::order_of;
use crate::service::jobs::{self, Beginning, Going, Pace};
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal};

/// What its jobs are called.
pub const KIND: &str = "pass_on";

/// What a job works on.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Work {
    member: Id,
}

/// How far a job is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Place {
    after: Option<Id>,
    result: PassedOn,
}

/// Begins to give the open tasks of a member to who decides in their place, once the transaction is committed; the job's id.
///
/// # Errors
/// When it can't be stored.
pub async fn begin(
    tx: &mut Tx,
    installation: &Installation,
    caller: &Caller,
    runtime: tokio::runtime::Handle,
    member: Id,
) -> Result<Id, Refusal> {
    let work = serde_json::to_value(Work { member }).map_err(Refusal::internal)?;
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
    let left = Task::count_instances_waiting_for(&mut db, caller.workspace_id(), work.member).await?;
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
        let (workspace, member) = (caller.workspace_id(), work.member);
        let next = Task::instances_waiting_for(tx, workspace, member, place.after, limit).await?;
        for (instance, form) in next {
            place.after = Some(instance);
            place.result.matched += 1;
            let given = match order_of(&installation, &caller, form).await {
                Ok(order) => {
                    let order = Arc::new(order.newest(tx).await?);
                    tx.nested(move |tx| {
                        let command = Command::PassOn { member };
                        Box::pin(async move { reassign(tx, &order, instance, member, command).await })
                    })
                    .await?
                }
                // A form that is gone has nothing to decide.
                Err(refusal) => Err(refusal),
            };
            let reasons = &mut place.result.reasons;
            match given {
                Ok(_) => place.result.done += 1,
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
