//! What the flows of a form wait for is read anew where a new definition of the form has taken its values over, as a job: a date
//! may be another one then. In slices with room for people's saves between them.

use std::sync::Arc;

use engine::value::Id;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::Tx;
use store::instance::Instance;
use wire::flows::PassedOn;

use super::reread::reread;
use crate::service::jobs::{self, Beginning, Going, Pace};
use crate::service::people::Caller;
use crate::service::records::failing::is_of_all;
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal};

/// What its jobs are called.
pub const KIND: &str = "flow_reread";

/// Instances of every version.
const ALL: (i64, i64) = (0, i64::MAX);

/// What a job works on.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Work {
    form: Id,
}

/// How far a job is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Place {
    after: Option<Id>,
    result: PassedOn,
}

/// Begins to read the moments of a form's flows anew, once the transaction is committed; nothing where none is under way.
///
/// # Errors
/// When it can't be stored.
pub async fn begin(
    tx: &mut Tx,
    installation: &Installation,
    caller: &Caller,
    runtime: tokio::runtime::Handle,
    form: Id,
) -> Result<(), Refusal> {
    if Instance::count_going(tx, caller.workspace_id(), form, ALL).await? == 0 {
        return Ok(());
    }
    let work = serde_json::to_value(Work { form }).map_err(Refusal::internal)?;
    let begins = Beginning { kind: KIND, work, place: None, saves: false, installation, caller, runtime };
    begins.store(tx).await.map(drop)
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
    let all = Instance::count_going(&mut db, caller.workspace_id(), work.form, ALL).await?;
    drop(db);
    let done = place.result.matched;
    going.handle.go_on(u64::try_from(all).unwrap_or_default().max(done), done, place.result.failed);
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
        let form = work.form.to_string();
        let order = Order::to_write(&installation, tx, &caller, &form, Path::Consequence).await?;
        let order = Arc::new(order);
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let next = Instance::going(tx, caller.workspace_id(), work.form, ALL, place.after, limit).await?;
        for Instance { id, .. } in next {
            let order = order.clone();
            let told = tx.nested(|tx| Box::pin(async move { reread(tx, &order, id).await })).await?;
            place.after = Some(id);
            place.result.matched += 1;
            match told {
                Ok(has_moved) => place.result.done += u64::from(has_moved),
                Err(refusal) if is_of_all(&refusal) => return Err(refusal),
                Err(refusal) => {
                    place.result.failed += 1;
                    let reasons = &mut place.result.reasons;
                    if !reasons.iter().any(|known| known == refusal.code) {
                        reasons.push(refusal.code.to_string());
                    }
                }
            }
        }
        Ok(place)
    }
}
