//! Another zone for a workspace, as a job: the days, months and hours that were told from moments in the former one are
//! told anew (semantics.md 2).
//!
//! The zone changes in one transaction together with the aggregate tables and the figures of rollups. What formulas have
//! given is then computed again, a slice of records at a time, and the moments that flows wait for; at the end the tables
//! are counted once more, for saves that had begun in the former zone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::access::Access;
use engine::context::Context;
use engine::form::Form;
use engine::value::Id;
use futures::future::BoxFuture;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::Tx;
use store::form::FormRow;
use store::instance::Instance;
use store::workspace::Workspace;

use super::failing::is_of_all;
use super::save::{Change, save};
use super::{Order, Path};
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::designs::{Designs, FormDesign};
use crate::service::flows::reread::reread;
use crate::service::jobs::{self, Going, Pace, start_kept};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, aggregates, clock, figures};

/// What its jobs are called.
pub const KIND: &str = "zone";

/// How far a job is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Place {
    /// Whether the zone is another one by now.
    has_changed: bool,
    /// The form whose records are computed; those before it are done.
    form: Option<Id>,
    /// After its last record that was looked at.
    after: Option<Id>,
    /// The form whose flows are told their moments; those before it are done.
    flow: Option<Id>,
    /// After its last instance that was looked at.
    instance: Option<Id>,
    done: wire::ZoneChanged,
}

/// Begins to change the zone in which the workspace tells days.
///
/// # Errors
/// `unknown_zone`.
pub async fn start(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: wire::ZoneInput,
) -> Result<Answer, Refusal> {
    if TimeZone::get(&input.zone).is_err() {
        return Err(Refusal::fault("zone", "unknown_zone"));
    }
    let work = serde_json::to_value(input).map_err(Refusal::internal)?;
    start_kept(installation, caller, key, KIND, work, |_, _| Box::pin(async { Ok(()) })).await
}

/// Goes on with a change of the zone to its end.
pub fn work(going: Going) -> BoxFuture<'static, Result<Json, Refusal>> {
    Box::pin(async move {
        let (input, place) = (going.input()?, going.place()?);
        Run { going, input, place }.through().await
    })
}

struct Run {
    going: Going,
    input: wire::ZoneInput,
    place: Place,
}

impl Run {
    async fn through(mut self) -> Result<Json, Refusal> {
        if !self.place.has_changed {
            self.change().await?;
        }
        let caller = self.going.caller().await?;
        let parts = self.going.installation.clone();
        let designs = parts.designs.get(&parts.store, caller.workspace_id()).await?;
        for form in computing(&designs) {
            if self.place.form.is_none_or(|reached| reached <= form) {
                self.compute(form).await?;
            }
        }
        let flows = designs.forms.values().filter(|design| design.flow.is_some());
        for form in flows.map(|design| design.row.id).collect::<Vec<_>>() {
            if self.place.flow.is_none_or(|reached| reached <= form) {
                self.tell_flows(form).await?;
            }
        }
        self.settle().await?;
        serde_json::to_value(&self.place.done).map_err(Refusal::internal)
    }

    /// The zone, with what is counted in it.
    async fn change(&mut self) -> Result<(), Refusal> {
        let caller = self.going.caller().await?;
        let (parts, zone) = (self.going.installation.clone(), self.input.zone.clone());
        let (job, step) = (self.going.job, self.going.step());
        let changed = self.going.installation.write(move |tx| {
            Box::pin(async move {
                let tables = change(&parts, tx, &caller, &zone).await?;
                let done = wire::ZoneChanged { zone, tables, ..wire::ZoneChanged::default() };
                let place = Place { has_changed: true, done, ..Place::default() };
                jobs::reached(tx, (caller.workspace_id(), job), step, &place).await?;
                Ok(place)
            })
        });
        self.place = changed.await?;
        self.going.stepped();
        Ok(())
    }

    /// What the records of a form compute.
    async fn compute(&mut self, form: Id) -> Result<(), Refusal> {
        if self.place.form != Some(form) {
            (self.place.form, self.place.after) = (Some(form), None);
        }
        self.go_through(form, Work::Records).await
    }

    /// The moments that the flows of a form wait for.
    async fn tell_flows(&mut self, form: Id) -> Result<(), Refusal> {
        if self.place.flow != Some(form) {
            (self.place.flow, self.place.instance) = (Some(form), None);
        }
        self.go_through(form, Work::Flows).await
    }

    async fn go_through(&mut self, form: Id, work: Work) -> Result<(), Refusal> {
        let mut pace = Pace::default();
        loop {
            let part = Part {
                installation: self.going.installation.clone(),
                caller: self.going.caller().await?,
                form,
                work,
                place: self.place.clone(),
                job: self.going.job,
                step: self.going.step(),
                most: pace.begin(),
            };
            let (place, looked) = jobs::patiently(|| part.clone().save()).await?;
            pace.end(looked);
            self.place = place;
            self.going.stepped();
            if looked == 0 {
                return Ok(());
            }
            // Half of it done is neither: it goes on to its end whoever asks it to stop.
            let _ = self.going.handle.advance(looked);
        }
    }

    /// The tables once more.
    async fn settle(&self) -> Result<(), Refusal> {
        let caller = self.going.caller().await?;
        let parts = self.going.installation.clone();
        let settled = self.going.installation.write(move |tx| {
            Box::pin(async move {
                let designs = hold(tx, caller.workspace_id()).await?;
                aggregates::count_anew(&parts, tx, &caller, &designs, false).await
            })
        });
        settled.await.map(drop)
    }
}

/// Designs as they stay until the transaction ends, with all records as they are.
async fn hold(tx: &mut Tx, workspace: Id) -> Result<Designs, Refusal> {
    let designs = Designs::load(tx, workspace).await?;
    for form in designs.forms.keys() {
        FormRow::lock(tx, workspace, *form, false).await?;
    }
    Ok(designs)
}

async fn change(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    zone: &str,
) -> Result<u64, Refusal> {
    let workspace = caller.workspace_id();
    let designs = hold(tx, workspace).await?;
    let mut row = Workspace::find(tx, workspace).await?.ok_or_else(Refusal::missing)?;
    let former = std::mem::replace(&mut row.zone, zone.to_string());
    row.update(tx).await?;
    installation.directories.changed(tx, workspace).await?;
    let caller = Caller { workspace: Arc::new(row), ..caller.clone() };
    let tables = aggregates::count_anew(installation, tx, &caller, &designs, true).await?;
    let context = Context::system(clock::now(), TimeZone::get(zone).unwrap_or(TimeZone::UTC));
    for (form, fields) in kept_figures(&designs) {
        figures::rebuild(tx, &designs, form, &fields, &context).await?;
    }
    let changes = Some(json!({"zone": {"old": former, "new": zone}}));
    let note = Note { action: "workspace.zone", object: None, label: None, changes };
    audit::note(tx, &caller, note).await?;
    Ok(tables)
}

/// The fields of each form whose figures are kept.
fn kept_figures(designs: &Designs) -> BTreeMap<Id, BTreeSet<String>> {
    let forms = designs.forms.values().filter_map(|design| {
        let form = designs.compiled(design).ok()?.form;
        let kept = form.fields().filter(|column| column.kept.is_some());
        let fields: BTreeSet<String> = kept.map(|column| column.path.clone()).collect();
        (!fields.is_empty()).then_some((design.row.id, fields))
    });
    forms.collect()
}

/// The forms whose records store what formulas give, in the order of their ids.
fn computing(designs: &Designs) -> Vec<Id> {
    let computes = |design: &&FormDesign| {
        let compiled = designs.compiled(design);
        let stores =
            |form: &Form| form.all_columns().any(|column| column.compute.is_some() && !column.is_live());
        compiled.is_ok_and(|compiled| stores(&compiled.form))
    };
    designs.forms.values().filter(computes).map(|design| design.row.id).collect()
}

/// What of a form is gone through.
#[derive(Clone, Copy)]
enum Work {
    Records,
    Flows,
}

/// Everything that the transaction of a slice needs.
#[derive(Clone)]
struct Part {
    installation: Installation,
    caller: Caller,
    form: Id,
    work: Work,
    place: Place,
    job: Id,
    step: i64,
    most: usize,
}

impl Part {
    /// Computes some records; gives how far the job is then, and how many were looked at.
    async fn save(self) -> Result<(Place, usize), Refusal> {
        let installation = self.installation.clone();
        installation
            .write(move |tx| {
                Box::pin(async move {
                    let (workspace, job, step) = (self.caller.workspace_id(), self.job, self.step);
                    let (place, looked) = match self.work {
                        Work::Records => self.records(tx).await?,
                        Work::Flows => self.flows(tx).await?,
                    };
                    jobs::reached(tx, (workspace, job), step, &place).await?;
                    Ok((place, looked))
                })
            })
            .await
    }

    async fn records(self, tx: &mut Tx) -> Result<(Place, usize), Refusal> {
        let Part { installation, caller, form, mut place, job, most, .. } = self;
        let order = Order::to_write(&installation, tx, &caller, &form.to_string(), Path::Consequence).await?;
        let order = Arc::new(Order { batch: Some(job), triggers: false, ..order });
        let access = Access::system("records are computed in another zone");
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        let records = store::record::walk(tx, &access, order.table(), place.after, most).await?;
        for record in &records {
            let (id, version) = (record.id, record.version);
            match computed(tx, &order, id).await? {
                Some(now) if now != version => place.done.changed += 1,
                Some(_) => {}
                None => place.done.failed += 1,
            }
            place.after = Some(id);
        }
        Ok((place, records.len()))
    }
}

impl Part {
    /// Tells some flows their moments anew; gives how far the job is then, and how many were looked at.
    async fn flows(self, tx: &mut Tx) -> Result<(Place, usize), Refusal> {
        let Part { installation, caller, form, mut place, most, .. } = self;
        let order = Order::to_write(&installation, tx, &caller, &form.to_string(), Path::Consequence).await?;
        let order = Arc::new(order);
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let (workspace, all) = (caller.workspace_id(), (0, i64::MAX));
        let next = Instance::going(tx, workspace, form, all, place.instance, limit).await?;
        for Instance { id, .. } in &next {
            let (order, id) = (order.clone(), *id);
            let told = tx.nested(|tx| Box::pin(async move { reread(tx, &order, id).await })).await?;
            match told {
                Err(refusal) if is_of_all(&refusal) => return Err(refusal),
                Err(_) => place.done.failed += 1,
                Ok(_) => {}
            }
            place.instance = Some(id);
        }
        Ok((place, next.len()))
    }
}

/// Saves a record as it is, with what its formulas give now; gives its version. A refusal undoes nothing else.
async fn computed(tx: &mut Tx, order: &Arc<Order>, id: Id) -> Result<Option<i64>, Refusal> {
    let order = order.clone();
    let outcome = tx
        .nested(|tx| {
            Box::pin(async move {
                let fields = wire::records::Fields::new();
                save(tx, &order, vec![Change::Update { id, version: None, fields, system: None }]).await
            })
        })
        .await?;
    match outcome {
        Ok(saved) => Ok(saved.first().map(|saved| saved.record.version)),
        Err(refusal) if is_of_all(&refusal) => Err(refusal),
        Err(_) => Ok(None),
    }
}
