//! Running instances go on with another version of their flow, as a job: all of a form, or one. Each is moved by itself, in
//! slices with room for people's saves between them; those that can't be moved are told of and stay as they are. A preview
//! goes the same way and keeps nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::flow::{Actor, Command, Flow, State};
use engine::text::Fault;
use engine::value::Id;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::flow::FlowVersion;
use store::instance::Instance;
use store::{Reader, Tx};
use wire::flows::InstanceInput;
use wire::migration::{MigrateInput, Migrated};

use super::instances::check_visible;
use super::tasks::order_of;
use super::title::title_for_administrator;
use super::unmoved::{self, Unlisted};
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::designs::{stored, stored_flow};
use crate::service::jobs::{self, Going, Pace, start_kept};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::records::save::{Act, Change, save};
use crate::service::{Cause, Installation, Refusal, flows};

/// What its jobs are called.
pub const KIND: &str = "flow_migrate";

/// What a job works on.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Work {
    form: Id,
    version: i64,
    /// The versions that are left: from the first to before the second.
    versions: (i64, i64),
    /// One instance alone.
    only: Option<Id>,
    steps: BTreeMap<String, String>,
    dry_run: bool,
}

/// How far a job is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Place {
    /// The last instance that was looked at.
    after: Option<Id>,
    done: u64,
    result: Migrated,
    /// Those that could not be moved and are more than the result lists.
    #[serde(default)]
    unlisted: Vec<Unlisted>,
}

/// Begins to move the instances of a form, or to try it.
///
/// # Errors
/// Not found; forbidden; `unknown_flow_version`, `unknown_step` for what the other version does not have.
pub async fn start(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: &str,
    input: MigrateInput,
) -> Result<Answer, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.form_to_administer(form, caller)?;
    let newest = design.flow.as_ref().map(|(active, _)| *active);
    let version = input.version.or(newest).ok_or_else(Refusal::missing)?;
    let mut db = installation.store.read().await?;
    check_map(&mut db, caller, design.row.id, version, &input.steps).await?;
    drop(db);
    if input.from.is_some_and(|from| from >= version || from < 1) {
        return Err(Refusal::fault("from", "unknown_flow_version"));
    }
    let versions = input.from.map_or((0, version), |from| (from, from + 1));
    let (form, steps, dry_run) = (design.row.id, input.steps, input.dry_run);
    begin(installation, caller, key, Work { form, version, versions, only: None, steps, dry_run }).await
}

/// Begins to move one instance, or to try it.
///
/// # Errors
/// As [`start`]; `instance_ended`.
pub async fn one(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
    input: InstanceInput,
) -> Result<Answer, Refusal> {
    let mut db = installation.store.read().await?;
    let instance = Instance::find(&mut db, caller.workspace_id(), id).await?.ok_or_else(Refusal::missing)?;
    let order = order_of(installation, caller, instance.form).await?;
    check_visible(&mut db, &order, &instance).await?;
    if !order.is_administrator() {
        return Err(Refusal::forbidden("not_allowed"));
    }
    if instance.ended_at.is_some() {
        return Err(Refusal::conflict("instance_ended"));
    }
    let newest = order.design()?.flow.as_ref().map(|(active, _)| *active);
    let version = input.version.or(newest).ok_or_else(Refusal::missing)?;
    if version <= instance.flow_version {
        return Err(Refusal::fault("version", "unknown_flow_version"));
    }
    check_map(&mut db, caller, instance.form, version, &input.steps).await?;
    drop(db);
    let versions = (instance.flow_version, instance.flow_version + 1);
    let (form, steps, dry_run) = (instance.form, input.steps, input.dry_run);
    begin(installation, caller, key, Work { form, version, versions, only: Some(id), steps, dry_run }).await
}

async fn begin(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    work: Work,
) -> Result<Answer, Refusal> {
    let work = serde_json::to_value(work).map_err(Refusal::internal)?;
    start_kept(installation, caller, key, KIND, work, |_, _| Box::pin(async { Ok(()) })).await
}

/// Whether there is such a version, and whether it has the steps that others become.
async fn check_map(
    db: &mut Reader,
    caller: &Caller,
    form: Id,
    version: i64,
    steps: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let found = FlowVersion::offered(db, caller.workspace_id(), form, version).await?;
    let found = found.ok_or_else(|| Refusal::fault("version", "unknown_flow_version"))?;
    let flow = stored_flow(&found.document)?;
    let unknown = steps.iter().filter(|(_, new)| flow.kind(new).is_none());
    let faults: Vec<Fault> = unknown
        .map(|(old, new)| Fault::new(format!("steps.{old}"), "unknown_step").arg("step", new))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

/// Goes on with a job to its end.
pub fn work(going: Going) -> BoxFuture<'static, Result<Json, Refusal>> {
    Box::pin(async move {
        let (work, place) = (going.input()?, going.place()?);
        Run { going, work, place }.through().await
    })
}

struct Run {
    going: Going,
    work: Work,
    place: Place,
}

impl Run {
    async fn through(mut self) -> Result<Json, Refusal> {
        let caller = self.going.caller().await?;
        let total = self.count(&caller).await?;
        let Work { version, dry_run, .. } = self.work;
        let result = &mut self.place.result;
        (result.version, result.dry_run) = (version, dry_run);
        self.going.handle.go_on(total.max(self.place.done), self.place.done, self.place.result.failed);
        let mut pace = Pace::default();
        loop {
            let slice = self.slice(pace.begin()).await?;
            let (looked, failed) =
                (slice.place.done - self.place.done, slice.place.result.failed - self.place.result.failed);
            pace.end(usize::try_from(looked).unwrap_or(usize::MAX));
            self.place = slice.place;
            if !dry_run {
                self.going.stepped();
            }
            self.going.handle.add_errors(usize::try_from(failed).unwrap_or(usize::MAX));
            if self.going.handle.advance(usize::try_from(looked).unwrap_or(usize::MAX)).is_err() {
                self.going.handle.cut_short();
                break;
            }
            if slice.is_last {
                break;
            }
        }
        self.finish(caller).await
    }

    async fn count(&self, caller: &Caller) -> Result<u64, Refusal> {
        if self.work.only.is_some() {
            return Ok(1);
        }
        let mut db = self.going.installation.store.read().await?;
        let (form, versions) = (self.work.form, self.work.versions);
        let count = Instance::count_going(&mut db, caller.workspace_id(), form, versions).await?;
        // Those that were moved before the job went on count no more.
        Ok(u64::try_from(count).unwrap_or_default() + self.place.result.moved)
    }

    async fn slice(&self, most: usize) -> Result<Slice, Refusal> {
        let part = Part {
            installation: self.going.installation.clone(),
            caller: self.going.caller().await?,
            work: self.work.clone(),
            place: self.place.clone(),
            job: self.going.job,
            step: self.going.step(),
            most,
        };
        jobs::patiently(|| part.clone().save()).await
    }

    async fn finish(mut self, caller: Caller) -> Result<Json, Refusal> {
        self.place.result.matched = self.place.done;
        let Work { form, dry_run, steps, .. } = self.work;
        if !self.place.unlisted.is_empty() {
            let Place { result, unlisted, .. } = &self.place;
            let table = unmoved::table(&self.going.installation, &caller, form, result, unlisted).await?;
            self.place.result.error_file = Some(table);
        }
        if !dry_run {
            let Migrated { version, moved, failed, .. } = self.place.result;
            let changes = json!({"version": version, "steps": steps, "moved": moved, "failed": failed});
            let noted = self.going.installation.write(move |tx| {
                Box::pin(async move {
                    let (action, object) = ("flow.migrate", Some(form));
                    let note = Note { action, object, label: None, changes: Some(changes) };
                    audit::note(tx, &caller, note).await
                })
            });
            noted.await?;
        }
        serde_json::to_value(&self.place.result).map_err(Refusal::internal)
    }
}

/// How far the job is after a slice.
struct Slice {
    place: Place,
    is_last: bool,
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
    async fn save(self) -> Result<Slice, Refusal> {
        let installation = self.installation.clone();
        let work = installation.write(move |tx| {
            Box::pin(async move {
                if self.work.dry_run {
                    return tx.tried(|tx| Box::pin(async move { self.instances(tx).await })).await?;
                }
                let (workspace, job, step) = (self.caller.workspace_id(), self.job, self.step);
                let slice = self.instances(tx).await?;
                jobs::reached(tx, (workspace, job), step, &slice.place).await?;
                Ok(slice)
            })
        });
        work.await
    }

    async fn instances(self, tx: &mut Tx) -> Result<Slice, Refusal> {
        let Part { installation, caller, work, mut place, most, .. } = self;
        let order = order_of(&installation, &caller, work.form).await?.newest(tx).await?;
        if !order.is_administrator() {
            return Err(Refusal::forbidden("forbidden"));
        }
        let flow = flows::version(tx, &order, work.version).await?;
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let workspace = caller.workspace_id();
        let next: Vec<Instance> = match work.only {
            Some(only) => Instance::find(tx, workspace, only).await?.into_iter().collect(),
            None => Instance::going(tx, workspace, work.form, work.versions, place.after, limit).await?,
        };
        let is_last = work.only.is_some() || next.len() < most;
        let (order, work) = (Arc::new(order), Arc::new(work));
        for instance in next {
            place.after = Some(instance.id);
            place.done += 1;
            let reads = order.clone();
            let (order, work, flow, id) = (order.clone(), work.clone(), flow.clone(), instance.id);
            let moved =
                tx.nested(|tx| Box::pin(async move { migrate(tx, &order, &work, flow, id).await })).await?;
            match moved {
                Ok(()) => place.result.moved += 1,
                Err(refusal) if matches!(refusal.cause, Cause::Busy | Cause::DiskFull) => {
                    return Err(refusal);
                }
                Err(refusal) => {
                    let title = instance.title.clone();
                    let title = title_for_administrator(tx, &reads, instance.id, title).await?;
                    let instance = Instance { title, ..instance };
                    let Place { result, unlisted, .. } = &mut place;
                    unmoved::note(result, unlisted, &instance, &refusal, caller.language());
                }
            }
        }
        Ok(Slice { place, is_last })
    }
}

/// Moves one instance. What it waits for and who is asked is settled by the other version at once.
async fn migrate(tx: &mut Tx, order: &Order, work: &Work, flow: Arc<Flow>, id: Id) -> Result<(), Refusal> {
    let workspace = order.caller.workspace_id();
    let instance = Instance::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
    store::record::lock(tx, &order.access, order.table(), &[instance.record]).await?;
    let instance = Instance::lock(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
    if instance.flow_version >= work.version {
        // Another job has moved it meanwhile: it never goes back to an older version.
        return Ok(());
    }
    let state: State = stored("instance", &instance.marking)?;
    let old = flows::version(tx, order, instance.flow_version).await?;
    let act = Act {
        record: instance.record,
        step: None,
        fields: Default::default(),
        maps: false,
        state,
        flow,
        command: Command::migrate(&old, work.version, work.steps.clone()),
        actor: Actor::Member(order.caller.id()),
        instance,
    };
    save(tx, order, vec![Change::Act(Box::new(act))]).await.map(drop)
}
