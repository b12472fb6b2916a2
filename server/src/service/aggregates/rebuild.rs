//! An aggregate table from its sources: to fill a new one, and to verify a kept one.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::access::Access;
use engine::aggregate::{Aggregate, Contributions, add};
use engine::condition::Checked;
use engine::form::LONGEST_INDEXED;
use engine::text::Fault;
use engine::value::{Decimal, Id, Value};
use serde_json::json;
use store::form::FormRow;
use store::query::{HowMany, Shelf};
use store::{Reader, Tx};

use super::group_view;
use crate::service::cached::Snapshot;
use crate::service::designs::{Designs, context};
use crate::service::jobs::Handle;
use crate::service::people::Caller;
use crate::service::records::save::aggregates::contributions;
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal, clock};

/// Records that are read at once.
pub const PAGE: u64 = 500;

/// The forms that a table counts.
pub fn forms_of(aggregate: &Aggregate) -> BTreeSet<Id> {
    aggregate.sources.iter().map(|source| source.form).collect()
}

/// Lets nobody change records of these forms until the transaction ends. To be held before the groups themselves are
/// touched: a save holds its form first, too.
///
/// # Errors
/// When the database can't be reached.
pub async fn hold_forms(tx: &mut Tx, workspace: Id, forms: BTreeSet<Id>) -> Result<(), Refusal> {
    for form in forms {
        FormRow::lock(tx, workspace, form, false).await?;
    }
    Ok(())
}

/// What all records together contribute. A job is told how many were counted.
///
/// # Errors
/// `out_of_range` where a sum is too large; `job_cancelled`.
pub async fn from_records(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    aggregate: &Aggregate,
    job: Option<&Handle>,
) -> Result<Contributions, Refusal> {
    let designs = Arc::new(Designs::load(db, caller.workspace_id()).await?);
    let access = Access::system("aggregate tables are over all records");
    let mut all = Contributions::new();
    for form in forms_of(aggregate) {
        let order = Order::known(installation, caller, designs.clone(), form, Path::Consequence)?;
        let mut after: Option<Id> = None;
        loop {
            let page = store::record::walk(db, &access, order.table(), after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            for record in &page {
                add(&mut all, &contributions(aggregate, &order, record)?).ok_or_else(too_large)?;
            }
            if let Some(job) = job {
                job.advance(page.len())?;
            }
        }
    }
    Ok(all)
}

pub fn too_large() -> Refusal {
    Refusal::fault("", "out_of_range")
}

/// Records may have texts that are too long to be grouped by.
///
/// # Errors
/// `too_long` where one has.
pub fn check_lengths(groups: &Contributions) -> Result<(), Refusal> {
    if groups.iter().any(|(key, group)| group.is_too_long(key)) {
        let fault = Fault::new("/sources", "too_long").arg("max", LONGEST_INDEXED);
        return Err(Refusal::invalid(vec![fault]));
    }
    Ok(())
}

/// Whether a table counts so many records that nobody should wait for all of them in one request.
///
/// # Errors
/// When the database can't be reached.
pub async fn is_large(
    installation: &Installation,
    caller: &Caller,
    designs: &Arc<Designs>,
    aggregate: &Aggregate,
) -> Result<bool, Refusal> {
    let access = Access::system("aggregate tables are over all records");
    for form in forms_of(aggregate) {
        let order = Order::known(installation, caller, designs.clone(), form, Path::Consequence)?;
        let (filter, context) = (Checked::always(), &order.context);
        let mut db = order.reader().await?;
        let all = HowMany::new(&mut db, &access, order.table(), Shelf::Live, &filter, context).await?;
        if all.is_large(&mut db).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The values of a group's dimensions, and its base measures.
pub type GroupFigures = (Vec<Value>, Vec<Option<Decimal>>);

/// The figures of groups that were built from records.
pub fn figures<'g>(
    aggregate: &'g Aggregate,
    groups: &'g Contributions,
) -> impl Iterator<Item = GroupFigures> + 'g {
    groups.values().map(|group| (group.group.clone(), aggregate.figures(group)))
}

/// Existing records may break a constraint that comes later: then it can't come.
///
/// # Errors
/// `constraint` with the groups that break one.
pub fn check_constraints(
    aggregate: &Aggregate,
    groups: impl Iterator<Item = GroupFigures>,
    caller: &Caller,
) -> Result<(), Refusal> {
    const MOST: usize = 100;
    let context = context(caller, clock::now());
    let mut broken = Vec::new();
    for (group, figures) in groups {
        let measures = aggregate.measures(&figures, &group, &context);
        if let Some(constraint) = aggregate.broken_constraint(&measures, &context) {
            broken.push((constraint, group_view(aggregate, &group)));
        }
        if broken.len() == MOST {
            break;
        }
    }
    let Some((first, _)) = broken.first() else { return Ok(()) };
    let fault = Fault::new("/constraints", "constraint").arg("constraint", &first.key);
    let groups: Vec<_> = broken.iter().map(|(_, group)| group).collect();
    Err(Refusal {
        faults: vec![fault.message(first.message.clone())],
        ..Refusal::conflict("constraint")
            .member("constraint", json!(first.key))
            .member("groups", json!(groups))
    })
}
