//! Delays and deadlines of flows, when they fall due, and what was refused, when it is tried again
//! (docs/decisions/0038).
//!
//! What is due lies in a list of the database, so that it comes whichever server runs then. It is worked off in slices with room
//! for people's saves between them. Whoever looks at an instance locks it, and a timer that has fired is no timer: it fires
//! once, however many servers look.

use std::sync::Arc;
use std::time::Duration;

use engine::flow::{Command, Waiting};
use engine::value::{Id, Timestamp};
use store::Tx;
use store::due::Due;
use store::instance::Instance;

use super::follow::{Todo, go_on, or_later, run as carry_out};
use super::found::Found;
use crate::service::jobs::Pace;
use crate::service::people::Caller;
use crate::service::records::{Order, Path};
use crate::service::{Cause, Installation, Refusal, clock};

/// How often the list is looked at.
const TICK: Duration = Duration::from_millis(500);
/// What a server takes from the list at once.
const BATCH: i64 = 500;
/// Until others may have what a server has taken: a batch takes a few seconds.
const TAKEN_FOR: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);
/// When to look again at what could not be looked at: its form is gone, or it is damaged.
const PUT_OFF_FOR: jiff::SignedDuration = jiff::SignedDuration::from_secs(600);
/// Instances of one transaction, where it keeps others from their records.
const MOST_SHARED: usize = 10;
/// What of one instance can be due at one moment: its timers, its children.
const MOST: usize = 1_000;

/// Runs until the server drains. What fails is tried again at the next tick.
pub async fn run(installation: Installation) {
    while !installation.is_draining() {
        tokio::time::sleep(TICK).await;
        match work_off(&installation).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "flows went on at their time"),
            Err(error) => tracing::warn!(code = error.code, "what is due in flows was not worked off"),
        }
    }
}

/// Works off everything that is due at this moment; how many instances that were.
///
/// # Errors
/// When the database can't be read or written.
pub async fn work_off(installation: &Installation) -> Result<usize, Refusal> {
    let mut count = 0;
    let mut pace = Pace::gentle();
    let most = if installation.store.is_shared() { MOST_SHARED } else { usize::MAX };
    loop {
        let batch = take(installation).await?;
        let is_last = batch.len() < BATCH as usize;
        let mut left = batch.as_slice();
        while !left.is_empty() && !installation.is_draining() {
            let (slice, rest) = left.split_at(pace.begin().min(most).min(left.len()));
            look_at(installation, slice).await?;
            count += slice.len();
            left = rest;
            // Half of the time is other people's.
            tokio::time::sleep(pace.end(slice.len())).await;
        }
        if is_last || installation.is_draining() {
            return Ok(count);
        }
    }
}

/// The next that are due; where others may work on the list too, they are kept from them for a while.
async fn take(installation: &Installation) -> Result<Vec<Due>, Refusal> {
    let now = clock::now();
    let due = Due::list(&mut installation.store.read().await?, now, 1).await?;
    if due.is_empty() {
        return Ok(due);
    }
    if !installation.store.is_shared() {
        return Ok(Due::list(&mut installation.store.read().await?, now, BATCH).await?);
    }
    let until = later(now, TAKEN_FOR);
    installation.write(move |tx| Box::pin(async move { Ok(Due::take(tx, now, until, BATCH).await?) })).await
}

fn later(now: Timestamp, by: jiff::SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(now)
}

/// Looks at some instances in one transaction, or, where that is refused, at each in one of its own: what is wrong with one
/// keeps no other from going on.
async fn look_at(installation: &Installation, slice: &[Due]) -> Result<(), Refusal> {
    let Err(refusal) = transaction(installation, slice.to_vec()).await else { return Ok(()) };
    if let [one] = slice {
        return put_off(installation, one, refusal).await;
    }
    tracing::debug!(code = refusal.code, "what is due is looked at one by one");
    for one in slice {
        if let Err(refusal) = transaction(installation, vec![one.clone()]).await {
            put_off(installation, one, refusal).await?;
        }
    }
    Ok(())
}

async fn transaction(installation: &Installation, slice: Vec<Due>) -> Result<(), Refusal> {
    let parts = installation.clone();
    let slice = Arc::new(slice);
    installation
        .write(move |tx| {
            Box::pin(async move {
                for due in slice.iter() {
                    go(tx, &parts, due).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Leaves an instance for later that could not be looked at. Where somebody keeps it, it comes again when this server's time
/// with it is over; while nothing can be written, at the next tick.
async fn put_off(installation: &Installation, due: &Due, refusal: Refusal) -> Result<(), Refusal> {
    match refusal.cause {
        Cause::Busy if installation.store.is_shared() => return Ok(()),
        Cause::Busy | Cause::DiskFull => return Err(refusal),
        _ => {}
    }
    tracing::warn!(instance = %due.instance, %refusal, "an instance could not be looked at in time");
    let (workspace, instance) = (due.workspace, due.instance);
    let at = later(clock::now(), PUT_OFF_FOR);
    installation
        .write(move |tx| Box::pin(async move { Ok(Due::set(tx, workspace, instance, Some(at)).await?) }))
        .await
}

/// Does what is due in one instance, and notes when it has to be looked at next.
async fn go(tx: &mut Tx, installation: &Installation, due: &Due) -> Result<(), Refusal> {
    let (workspace, id) = (due.workspace, due.instance);
    let Some(instance) = Instance::find(tx, workspace, id).await? else {
        return Ok(Due::set(tx, workspace, id, None).await?);
    };
    let order = order_for(installation, &instance).await?;
    for _ in 0..MOST {
        let Some(found) = Found::lock(tx, &order, id, None).await? else {
            return Ok(Due::set(tx, workspace, id, None).await?);
        };
        let next = found.state.due(order.now()).into_iter().next();
        match next {
            None => return Ok(Due::set(tx, workspace, id, found.state.next_due()).await?),
            Some(Waiting::Child(child)) => go_on(tx, &order, (id, child), 0, 1).await?,
            Some(what @ Waiting::Timer(timer)) => {
                let outcome = tx
                    .nested(move |tx| {
                        Box::pin(async move {
                            let order = found.order.clone();
                            let command = Command::Fire { timer };
                            let saved = found.give(tx, command, Default::default()).await?;
                            carry_out(tx, &order, Todo::of(&saved, 0).collect(), 0).await
                        })
                    })
                    .await?;
                or_later(tx, &order, id, what, outcome).await?;
            }
        }
    }
    Err(Refusal::internal("an instance is due again and again"))
}

/// Has those go on that have waited for flows which are gone for good with their form, each named behind its parent.
///
/// # Errors
/// When it is nobody's fault; what the parents' flows refuse is tried again later.
pub async fn go_on_without(
    tx: &mut Tx,
    installation: &Installation,
    workspace: Id,
    waited: &[(Id, Id)],
) -> Result<(), Refusal> {
    for (parent, child) in waited {
        let Some(instance) = Instance::find(tx, workspace, *parent).await? else { continue };
        match order_for(installation, &instance).await {
            // The parent's form is gone, too.
            Err(refusal) if refusal.cause == Cause::Missing => {}
            order => go_on(tx, &order?, (*parent, *child), 0, 1).await?,
        }
    }
    Ok(())
}

/// The product's own order for the form of an instance, on behalf of whoever has submitted it.
async fn order_for(installation: &Installation, instance: &Instance) -> Result<Order, Refusal> {
    let workspace = instance.workspace;
    let people = installation.directories.get(&installation.store, workspace).await?;
    let anybody = || people.members.keys().next().copied();
    let member = instance.submitter.or_else(anybody).ok_or_else(|| Refusal::internal("nobody is here"))?;
    let caller = Caller::product(&people, member)?;
    let designs = installation.designs.get(&installation.store, workspace).await?;
    Order::known(installation, &caller, designs, instance.form, Path::Flow)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use store::instance::LogEntry;

    use super::*;
    use crate::service::flows::design;
    use crate::service::testing::{app, create, form, on_an_installation};

    const DUE: usize = 60;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_due_happens_once_while_people_save() {
        on_an_installation("scheduler", async |installation, caller| {
            let app = app(installation, caller).await;
            let document = json!({"key": "request", "label": "r", "fields": [
                {"key": "what", "label": "w", "kind": "text"}]});
            let form = form(installation, caller, &app, document).await;
            let step = json!({"kind": "approve", "key": "boss", "label": "b", "who": [{"members": [caller.id()]}],
                              "deadlines": [{"after": "PT1S", "do": "remind"}]});
            let flow = json!({"format": 1, "label": "f", "steps": [step]});
            design::replace(installation, caller, form.clone(), None, flow).await.unwrap();
            design::publish(installation, caller, None, form.clone()).await.unwrap();
            let mut records = Vec::new();
            for number in 0..DUE {
                let fields = json!({"what": number.to_string()});
                records.push(create(installation, caller, &form, fields, None).await);
            }
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            let saves = async {
                for _ in 0..10 {
                    create(installation, caller, &form, json!({"what": "meanwhile"}), None).await;
                }
            };
            let (done, ()) = tokio::join!(work_off(installation), saves);
            assert!(done.unwrap() >= DUE);
            work_off(installation).await.unwrap();
            let workspace = caller.workspace_id();
            let mut db = installation.store.read().await.unwrap();
            for record in records {
                let instances =
                    Instance::of_record(&mut db, workspace, form.parse().unwrap(), record).await.unwrap();
                let log = LogEntry::of_instance(&mut db, workspace, instances[0].id).await.unwrap();
                let reminders = log.iter().filter(|entry| entry.event.contains("\"reminded\""));
                assert_eq!(reminders.count(), 1);
            }
        })
        .await;
    }
}
