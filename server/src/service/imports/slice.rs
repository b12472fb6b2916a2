//! Some rows in one transaction: as if saved one after another, with room for other people's saves before the next
//! slice.

use std::sync::Arc;

use engine::text::Fault;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use store::Tx;
use store::import::{ImportFault, ImportRun};
use wire::ImportMode;

use super::attached::attach;
use super::cells::Line;
use super::earlier::Earlier;
use super::failures::Telling;
use super::links::Links;
use super::plan::Plan;
use super::saving::{Saving, create, created, in_fields, is_of_all};
use crate::service::people::Caller;
use crate::service::records::save::{Change, save_at};
use crate::service::records::unique::{Name, UniqueValue};
use crate::service::records::{Order, Path};
use crate::service::{Cause, Installation, Refusal};

/// What became of a row. What a dry run has made or changed has the marks by which later slices know it.
#[derive(Debug)]
pub enum Outcome {
    Created(Marks),
    Updated(Marks),
    Unchanged,
    Failed(Refusal),
}

impl Outcome {
    pub fn marks(&mut self) -> Option<&mut Marks> {
        match self {
            Outcome::Created(marks) | Outcome::Updated(marks) => Some(marks),
            Outcome::Unchanged | Outcome::Failed(_) => None,
        }
    }
}

/// By what a record is known that nothing is kept of.
#[derive(Debug, Default)]
pub struct Marks {
    /// By what rows find it.
    pub key: Option<Name>,
    /// Its values that must be unique, and those that it had before.
    pub unique: Vec<UniqueValue>,
    pub freed: Vec<Name>,
    /// What it is called, and was before.
    pub titles: Vec<Name>,
}

/// What became of the rows so far, and what came of the whole once it has ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub failed: u64,
    pub ended: Option<wire::Imported>,
}

impl Counts {
    pub fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Created(_) => self.created += 1,
            Outcome::Updated(_) => self.updated += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Failed(_) => self.failed += 1,
        }
    }
}

/// Where an import is before a slice.
#[derive(Clone, Debug)]
pub struct Standing {
    pub job: Id,
    /// Rows of the file that are done.
    pub position: u64,
    pub counts: Counts,
}

impl Standing {
    /// The standing after a slice, and what is kept of the records that it could not take.
    ///
    /// # Errors
    /// None that can be foreseen.
    pub fn after(
        &self,
        workspace: Id,
        lines: &[Line],
        outcomes: &[Outcome],
        telling: &Telling,
    ) -> Result<(Standing, Vec<ImportFault>), Refusal> {
        let mut next = self.clone();
        let mut faults = Vec::new();
        for (line, outcome) in lines.iter().zip(outcomes) {
            next.counts.add(outcome);
            if let Outcome::Failed(refusal) = outcome {
                faults.push(ImportFault {
                    workspace,
                    job: self.job,
                    position: i64::try_from(next.position + 1).map_err(Refusal::internal)?,
                    faults: serde_json::to_string(&telling.told(line, refusal)).map_err(Refusal::internal)?,
                });
            }
            next.position += line.count;
        }
        Ok((next, faults))
    }
}

/// An import, as each of its slices needs it.
#[derive(Clone)]
pub struct Import {
    pub installation: Installation,
    pub caller: Caller,
    pub plan: Arc<Plan>,
    pub links: Links,
    pub telling: Telling,
    /// Of a dry run what its slices so far would have made.
    pub earlier: Option<Earlier>,
}

impl Import {
    /// Reads, beside the writer, what titles in these lines stand for that a slice can't ask the database for.
    ///
    /// # Errors
    /// Not found where the form, or one that is linked to, is gone; when the database can't be read.
    pub async fn read_titles(&self, lines: &[Line]) -> Result<(), Refusal> {
        if lines.iter().all(|line| line.titles.is_empty()) {
            return Ok(());
        }
        let form = self.plan.form.to_string();
        let order = Order::to_read(&self.installation, &self.caller, &form).await?;
        self.links.read(&order, lines).await
    }
}

/// Saves a slice, and in the same transaction how far the import is now; or tries it where the import is a dry run. What
/// is wrong with a row is in its outcome.
///
/// # Errors
/// What is wrong with the import as a whole: the form is gone, the database can't be written, or somebody else goes on
/// with it.
pub async fn save_slice(
    import: &Import,
    standing: &Standing,
    lines: Arc<[Line]>,
) -> Result<Vec<Outcome>, Refusal> {
    let (import, standing) = (import.clone(), standing.clone());
    let store = import.installation.store.clone();
    let work = store.write::<Vec<Outcome>, Refusal, _>(move |tx| {
        Box::pin(async move {
            if import.plan.dry_run {
                return tx.tried(|tx| Box::pin(async move { save_rows(tx, &import, &lines).await })).await?;
            }
            let outcomes = save_rows(tx, &import, &lines).await?;
            let workspace = import.caller.workspace_id();
            advance(tx, workspace, &standing, &lines, &outcomes, &import.telling).await?;
            Ok(outcomes)
        })
    });
    work.await
}

/// Saves the rows of a slice.
async fn save_rows(tx: &mut Tx, import: &Import, lines: &[Line]) -> Result<Vec<Outcome>, Refusal> {
    let Import { installation, caller, plan, .. } = import;
    let order = Order::to_write(installation, tx, caller, &plan.form.to_string(), Path::Import).await?;
    if !plan.administered.is_empty() && !order.is_administrator() {
        return Err(Refusal::forbidden("forbidden"));
    }
    let triggers = plan.trigger && order.triggers;
    let order = Arc::new(Order { batch: Some(plan.batch), triggers, ..order });
    rows(tx, &order, import, lines.to_vec()).await
}

/// Writes down how far the import is.
async fn advance(
    tx: &mut Tx,
    workspace: Id,
    standing: &Standing,
    lines: &[Line],
    outcomes: &[Outcome],
    telling: &Telling,
) -> Result<(), Refusal> {
    let (next, faults) = standing.after(workspace, lines, outcomes, telling)?;
    ImportFault::insert_all(tx, &faults).await?;
    let counts = serde_json::to_string(&next.counts).map_err(Refusal::internal)?;
    let from = i64::try_from(standing.position).map_err(Refusal::internal)?;
    let to = i64::try_from(next.position).map_err(Refusal::internal)?;
    match ImportRun::advance(tx, (workspace, standing.job), (from, to), &counts).await? {
        true => Ok(()),
        false => Err(Refusal::conflict("job_taken_over")),
    }
}

async fn rows(
    tx: &mut Tx,
    order: &Arc<Order>,
    import: &Import,
    mut lines: Vec<Line>,
) -> Result<Vec<Outcome>, Refusal> {
    let Import { plan, links, .. } = import;
    links.find(tx, order, &mut lines).await?;
    attach(tx, order, plan, &mut lines).await?;
    let told = |line: &mut Line| {
        // What titles of the form itself stand for is seen when the row's turn comes.
        let is_told = line.titles.is_empty() && !line.faults.is_empty();
        is_told.then(|| Outcome::Failed(in_fields(std::mem::take(&mut line.faults))))
    };
    let mut outcomes: Vec<Option<Outcome>> = lines.iter_mut().map(told).collect();
    if may_go_together(order, plan)? {
        together(tx, order, plan, &mut lines, &mut outcomes).await?;
    }
    let mut saving = Saving::of(tx, order, import, &lines).await?;
    for (line, outcome) in lines.into_iter().zip(&mut outcomes) {
        if outcome.is_none() {
            *outcome = Some(saving.row(tx, line).await?);
        }
    }
    Ok(outcomes.into_iter().flatten().collect())
}

/// Whether saving rows at once gives what saving them one after another gives: new records that no flow takes up, that
/// read nothing of each other, and that no limit on sums is checked for.
fn may_go_together(order: &Order, plan: &Plan) -> Result<bool, Refusal> {
    if plan.mode != ImportMode::Create || plan.start_flow {
        return Ok(false);
    }
    let form = &order.compiled.form;
    let own_links = form.all_columns().any(|column| column.target == Some(order.form));
    let tables = order.designs.aggregates_of(order.form);
    let limits = tables.iter().any(|design| !design.document.constraints.is_empty());
    Ok(!own_links && !form.needs_rollups() && !limits)
}

/// Saves the lines that have no outcome yet in one go. Those that are refused by their own faults get them, and the
/// rest is saved; where one can't be told from the others, all are left to be saved alone.
async fn together(
    tx: &mut Tx,
    order: &Arc<Order>,
    plan: &Plan,
    lines: &mut [Line],
    outcomes: &mut [Option<Outcome>],
) -> Result<(), Refusal> {
    // Twice: once with all, once without those that were refused.
    for _ in 0..2 {
        let mut places = Vec::new();
        let mut changes = Vec::new();
        for (place, line) in lines.iter().enumerate() {
            if outcomes.get(place).is_some_and(Option::is_none) {
                changes.push((place.to_string(), Change::Create(create(line, plan))));
                places.push(place);
            }
        }
        if changes.is_empty() {
            return Ok(());
        }
        let with = order.clone();
        let saved = tx.nested(|tx| Box::pin(async move { save_at(tx, &with, changes).await })).await?;
        let refusal = match saved {
            Ok(saved) => {
                for (place, saved) in places.into_iter().zip(&saved) {
                    if let Some(outcome) = outcomes.get_mut(place) {
                        *outcome = Some(created(order, plan, saved));
                    }
                }
                return Ok(());
            }
            Err(refusal) => refusal,
        };
        if is_of_all(&refusal) {
            return Err(refusal);
        }
        if refusal.cause != Cause::Invalid {
            return Ok(());
        }
        for fault in refusal.faults {
            // What is wrong with a closed field has no path but its row's.
            let (place, path) = fault.path.split_once('.').unwrap_or((fault.path.as_str(), ""));
            let Some(outcome) = place.parse().ok().and_then(|place: usize| outcomes.get_mut(place)) else {
                continue;
            };
            let fault = Fault { path: path.to_string(), ..fault.clone() };
            match outcome {
                Some(Outcome::Failed(told)) => told.faults.push(fault),
                Some(_) => {}
                None => *outcome = Some(Outcome::Failed(Refusal::invalid(vec![fault]))),
            }
        }
    }
    Ok(())
}
