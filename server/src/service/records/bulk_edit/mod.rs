//! The same change for every record that a filter leaves, as a job: by value, or by a formula over the record as it is.
//!
//! Each record is saved as if by itself, in slices with room for people's saves between them. A preview goes the same way
//! and keeps nothing. What was done can be taken back as a whole ([`super::undo`]).

mod plan;
mod slice;
mod trial;

use std::sync::Arc;

use engine::access::{Access, Operation};
use engine::value::Id;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::query::{Count, Cursor, Shelf};
use wire::bulk_edit::{BulkEditInput, BulkEdited};

use super::{Order, Path};
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::jobs::{Beginning, Going, Pace};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Cause, Installation, Refusal};

use plan::Plan;
use slice::{Slice, save_slice};
use trial::Held;

/// What its jobs are called.
pub const KIND: &str = "bulk_edit";

/// What a job works on.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Work {
    form: Id,
    input: BulkEditInput,
}

/// How far a job is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Place {
    /// After the last record that was looked at.
    after: Option<Cursor>,
    /// Records that were looked at.
    done: u64,
    edited: BulkEdited,
}

/// Begins a bulk edit, or the preview of one.
///
/// # Errors
/// Not found; forbidden for who may not edit in bulk; faults of the filter and of what is set.
pub async fn start(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: &str,
    input: BulkEditInput,
) -> Result<Answer, Refusal> {
    let order = Order { path: Path::BulkEdit, ..Order::to_read(installation, caller, form).await? };
    if ![Operation::View, Operation::BulkEdit].into_iter().all(|operation| order.access.may(operation)) {
        return Err(Refusal::forbidden("forbidden"));
    }
    Plan::new(&order, &input)?;
    let saves = !input.preview;
    let work = serde_json::to_value(Work { form: order.form, input }).map_err(Refusal::internal)?;
    let runtime = tokio::runtime::Handle::current();
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let (installation, caller) = (&parts, &actor);
                let begins =
                    Beginning { kind: KIND, work, place: None, saves, installation, caller, runtime };
                let job = begins.store(tx).await?.id;
                Answer::accepted(&wire::JobStarted { job })
            })
        })
        .await
}

/// Goes on with a bulk edit to its end.
pub fn work(going: Going) -> BoxFuture<'static, Result<Json, Refusal>> {
    Box::pin(async move {
        let (work, place) = (going.input()?, going.place()?);
        Run { going, work, place, held: Arc::default() }.through().await
    })
}

/// A bulk edit on its way.
struct Run {
    going: Going,
    work: Work,
    place: Place,
    /// What a preview has given and taken so far of what must be unique.
    held: Arc<Held>,
}

impl Run {
    async fn through(mut self) -> Result<Json, Refusal> {
        let caller = self.going.caller().await?;
        if self.place.done == 0 {
            self.place.edited.matched = match self.matching(&caller).await {
                // What takes too long to count is changed all the same.
                Err(refusal) if refusal.cause == Cause::Busy => 0,
                matching => matching?,
            };
        }
        let Place { done, edited, .. } = &self.place;
        self.going.handle.go_on(edited.matched.max(*done), *done, edited.failed);
        let mut pace = Pace::default();
        loop {
            let slice = save_slice(&self, pace.begin()).await?;
            let Slice { place, is_last, held } = slice;
            Arc::make_mut(&mut self.held).extend(held);
            let looked = place.done - self.place.done;
            let failed = place.edited.failed - self.place.edited.failed;
            pace.end(usize::try_from(looked).unwrap_or(usize::MAX));
            self.place = place;
            if !self.work.input.preview {
                self.going.stepped();
            }
            self.going.handle.add_errors(usize::try_from(failed).unwrap_or(usize::MAX));
            if self.going.handle.advance(usize::try_from(looked).unwrap_or(usize::MAX)).is_err() {
                self.going.handle.cut_short();
                break;
            }
            if is_last {
                break;
            }
        }
        self.finish(caller).await
    }

    /// How many records there are.
    async fn matching(&self, caller: &Caller) -> Result<u64, Refusal> {
        let form = self.work.form.to_string();
        let order = Order::to_read(&self.going.installation, caller, &form).await?;
        let mut db = order.reader().await?;
        let plan = Plan::found(&order, &mut db, &self.work.input).await?;
        let (access, context): (&Access, _) = (&plan.seen.access, &order.context);
        let (table, filter) = (order.table(), &plan.filter);
        let count =
            store::query::count(&mut db, access, table, Shelf::Live, filter, Count::Exact, context).await?;
        Ok(count.value)
    }

    async fn finish(mut self, caller: Caller) -> Result<Json, Refusal> {
        let edited = &mut self.place.edited;
        // Some may have come or gone since they were counted.
        edited.matched = edited.matched.max(self.place.done);
        if !self.work.input.preview {
            edited.batch = Some(self.going.batch);
            let changes = json!({
                "batch": self.going.batch, "fields": self.work.input.set.keys().collect::<Vec<_>>(),
                "recompute": self.work.input.recompute, "matched": edited.matched, "changed": edited.changed,
                "failed": edited.failed,
            });
            let form = self.work.form;
            let noted = self.going.installation.write(move |tx| {
                Box::pin(async move {
                    let (action, object) = ("form.bulk_edit", Some(form));
                    let note = Note { action, object, label: None, changes: Some(changes) };
                    audit::note(tx, &caller, note).await
                })
            });
            noted.await?;
        }
        serde_json::to_value(&self.place.edited).map_err(Refusal::internal)
    }
}
