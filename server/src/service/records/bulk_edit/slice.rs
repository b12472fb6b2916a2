//! Some records in one transaction: as if saved one after another, with room for other people's saves before the next
//! slice. How far the job is goes with them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::access::{Access, FieldRight};
use engine::record::values_to_json;
use engine::text::Fault;
use engine::value::Id;
use store::Tx;
use store::query::{self, Query, Shelf};
use store::record::Record;
use wire::bulk_edit::{BulkReason, BulkSample};
use wire::records::Change as Difference;

use super::trial::{Held, Trial};
use super::{Place, Plan, Run, Work};
use crate::service::faults::labelled;
use crate::service::people::Caller;
use crate::service::records::failing::{add_failures, count_reason, is_of_all, reason};
use crate::service::records::save::{Change, save};
use crate::service::records::unique::has_unique;
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal, jobs};

/// Records whose change is shown.
const SHOWN: usize = 5;
/// What a value that is there twice is refused with.
const NOT_UNIQUE: &str = "not_unique";

/// How far the job is after a slice.
pub struct Slice {
    pub place: Place,
    pub is_last: bool,
    /// What a preview has given and taken in it of what must be unique.
    pub held: Held,
}

/// What became of a record.
enum Outcome {
    Changed(Option<BulkSample>),
    Unchanged,
    Failed(Refusal),
}

/// Everything that the transaction of a slice needs.
#[derive(Clone)]
struct Part {
    installation: Installation,
    caller: Caller,
    work: Work,
    place: Place,
    held: Arc<Held>,
    job: Id,
    batch: Id,
    step: i64,
    most: usize,
}

/// Saves a slice of at most `most` records, or tries it.
///
/// # Errors
/// What is wrong with the edit as a whole: the form is gone, who edits may not any more, the database can't be written.
pub async fn save_slice(run: &Run, most: usize) -> Result<Slice, Refusal> {
    let part = Part {
        installation: run.going.installation.clone(),
        caller: run.going.caller().await?,
        work: run.work.clone(),
        place: run.place.clone(),
        held: run.held.clone(),
        job: run.going.job,
        batch: run.going.batch,
        step: run.going.step(),
        most,
    };
    jobs::patiently(|| part.clone().save()).await
}

impl Part {
    async fn save(self) -> Result<Slice, Refusal> {
        let store = self.installation.store.clone();
        let work = store.write::<Slice, Refusal, _>(move |tx| {
            Box::pin(async move {
                if self.work.input.preview {
                    return tx.tried(|tx| Box::pin(async move { self.records(tx).await })).await?;
                }
                let (workspace, job, step) = (self.caller.workspace_id(), self.job, self.step);
                let slice = self.records(tx).await?;
                jobs::reached(tx, (workspace, job), step, &slice.place).await?;
                Ok(slice)
            })
        });
        work.await
    }

    async fn records(self, tx: &mut Tx) -> Result<Slice, Refusal> {
        let Part { installation, caller, work, mut place, held, job, batch, most, .. } = self;
        let order =
            Order::to_write(&installation, tx, &caller, &work.form.to_string(), Path::BulkEdit).await?;
        let triggers = work.input.trigger && order.triggers;
        let order = Arc::new(Order { batch: Some(batch), triggers, ..order });
        let plan = Arc::new(Plan::found(&order, tx, &work.input).await?);
        let is_told_apart = work.input.preview && has_unique(&order.compiled.form);
        let trial = is_told_apart.then(|| Arc::new(Mutex::new(Trial::new(held))));
        let asked = Query {
            shelf: Shelf::Live,
            filter: plan.filter.clone(),
            sort: Vec::new(),
            limit: u32::try_from(most).unwrap_or(u32::MAX),
            from: place.after.take().map_or(query::From::Start, query::From::After),
            fields: Some(Vec::new()),
        };
        let page = query::page(tx, &plan.seen.access, order.table(), &asked, &order.context).await?;
        let mut failed: Vec<(Id, BulkReason)> = Vec::new();
        let mut is_last = page.next.is_none();
        for record in page.records {
            // Ids follow time: what was made after the job is not what it was asked to change.
            if record.id > job {
                is_last = true;
                break;
            }
            place.done += 1;
            let shows = place.edited.sample.len() < SHOWN;
            match edit(tx, (&order, &plan), &record, shows, trial.clone()).await? {
                Outcome::Changed(sample) => {
                    place.edited.changed += 1;
                    place.edited.sample.extend(sample);
                }
                Outcome::Unchanged => place.edited.unchanged += 1,
                Outcome::Failed(refusal) => {
                    place.edited.failed += 1;
                    failed.push((record.id, reason(&refusal, caller.language())));
                }
            }
        }
        add_failures(tx, &order, &mut place.edited.failures, &failed).await?;
        failed.into_iter().for_each(|(_, reason)| count_reason(&mut place.edited.reasons, reason));
        place.after = page.next;
        let held = trial.map(|trial| lock(&trial).end()).unwrap_or_default();
        Ok(Slice { place, is_last, held })
    }
}

/// The trial is shared with the work on one record.
type Shared = Arc<Mutex<Trial>>;

fn lock(trial: &Shared) -> MutexGuard<'_, Trial> {
    trial.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Changes one record; its refusal undoes nothing else.
async fn edit(
    tx: &mut Tx,
    (order, plan): (&Arc<Order>, &Arc<Plan>),
    record: &Record,
    shows: bool,
    trial: Option<Shared>,
) -> Result<Outcome, Refusal> {
    let (order, plan, id, version) = (order.clone(), plan.clone(), record.id, record.version);
    let with = trial.clone();
    let outcome = tx
        .nested(|tx| Box::pin(async move { edited(tx, &order, &plan, (id, version), shows, with).await }))
        .await?;
    match outcome {
        Ok(outcome) => Ok(outcome),
        Err(refusal) if is_of_all(&refusal) => Err(refusal),
        Err(refusal) => {
            let is_twice = refusal.code == NOT_UNIQUE;
            let is_free = is_twice && trial.is_some_and(|trial| lock(&trial).is_free());
            Ok(if is_free { Outcome::Changed(None) } else { Outcome::Failed(refusal) })
        }
    }
}

async fn edited(
    tx: &mut Tx,
    order: &Order,
    plan: &Plan,
    (id, version): (Id, i64),
    shows: bool,
    trial: Option<Shared>,
) -> Result<Outcome, Refusal> {
    let fields = plan.fields(tx, order, id).await?;
    let before = if shows || trial.is_some() { whole(tx, order, id).await? } else { None };
    let form = &order.compiled.form;
    if let (Some(trial), Some(before)) = (&trial, &before) {
        lock(trial).begin(form, &before.values, &fields);
    }
    let saved = save(tx, order, vec![Change::Update { id, version: None, fields, system: None }]).await?;
    let Some(saved) = saved.into_iter().next() else { return Ok(Outcome::Unchanged) };
    if saved.record.version == version {
        return Ok(Outcome::Unchanged);
    }
    let clash = trial.and_then(|trial| lock(&trial).taken(form, &saved.record.values));
    if let Some(field) = clash {
        return Err(not_unique(order, &field));
    }
    Ok(Outcome::Changed(match before.filter(|_| shows) {
        Some(before) => Some(sample(tx, order, &before, &saved.record).await?),
        None => None,
    }))
}

/// As the database would refuse it.
fn not_unique(order: &Order, field: &str) -> Refusal {
    let faults = vec![Fault::new(format!("fields.{field}"), NOT_UNIQUE)];
    let named = |path: &str| order.access.right(path) >= FieldRight::Read;
    Refusal { faults: labelled(&order.compiled.form, faults, &named), ..Refusal::conflict(NOT_UNIQUE) }
}

async fn whole(tx: &mut Tx, order: &Order, id: Id) -> Result<Option<Record>, Refusal> {
    let access = Access::system("a record as it is before it is changed");
    Ok(store::record::get(tx, &access, order.table(), id, &order.context).await?)
}

/// What changes of a record, in the fields that who edits may read.
async fn sample(tx: &mut Tx, order: &Order, before: &Record, after: &Record) -> Result<BulkSample, Refusal> {
    let readable: BTreeSet<String> = order.readable_on(tx, after).await?;
    let form = &order.compiled.form;
    let shown = |record: &Record| values_to_json(form, &record.values, &|path| readable.contains(path));
    let (old, mut new) = (shown(before), shown(after));
    let stored = |path: &str| form.column(path).is_some_and(|column| !column.is_live());
    let changes = old.into_iter().filter_map(|(path, old)| {
        let new = new.remove(&path).unwrap_or_default();
        (old != new && stored(&path)).then_some((path, Difference { old, new }))
    });
    let changes: BTreeMap<String, Difference> = changes.collect();
    let title = order.seen_titles(tx, std::slice::from_ref(before)).await?.pop().unwrap_or_default();
    Ok(BulkSample { record: before.id, title, changes })
}
