//! Holding kept groups against a rebuild from the records.

use engine::aggregate::{Aggregate, Contribution, Contributions};
use engine::context::Context;
use engine::value::{Decimal, Id};
use store::Reader;
use store::groups::{GroupTable, StoredGroup};
use wire::{AggregateDifference, AggregateVerified};

use super::group_view;
use super::read::figures_view;
use super::rebuild::from_records;
use crate::service::cached::Snapshot;
use crate::service::designs::{AggregateDesign, Designs, context};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, clock};

/// Differences that are told one by one.
const MOST: usize = 500;

/// Compares the kept groups of a table with a rebuild.
///
/// # Errors
/// Not found, forbidden; `aggregate_broken` for a table that no longer fits its forms.
pub async fn verify(
    installation: &Installation,
    caller: &Caller,
    id: Id,
) -> Result<AggregateVerified, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.aggregates.get(&id).ok_or_else(Refusal::missing)?;
    if !designs.may_read(design.row.app, design.document.read.as_ref(), caller) {
        return Err(Refusal::missing());
    }
    designs.app_to_administer(&design.row.app.to_string(), caller)?;
    let mut all = verify_where(installation, caller, &|design| design.row.id == id).await?;
    let found = all.pop().ok_or_else(Refusal::missing)?;
    if found.problem.is_some() {
        // Why it is broken is told as wherever else it is used.
        designs.aggregate(design)?;
    }
    Ok(found)
}

/// As [`verify`], for every table of an app.
///
/// # Errors
/// Not found, forbidden.
pub async fn verify_app(
    installation: &Installation,
    caller: &Caller,
    app: &str,
) -> Result<Vec<AggregateVerified>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let app = designs.app_to_administer(app, caller)?.id;
    verify_where(installation, caller, &|design| design.row.app == app).await
}

/// Compares the tables that are asked for, whatever the caller may do: for checks of a whole workspace too.
///
/// Everything is read as it was at one moment, while others go on writing: a save in the midst would look like a difference.
///
/// # Errors
/// When the database can't be read.
pub async fn verify_where(
    installation: &Installation,
    caller: &Caller,
    is_asked: &(dyn Fn(&AggregateDesign) -> bool + Send + Sync),
) -> Result<Vec<AggregateVerified>, Refusal> {
    let mut db = installation.store.read().await?;
    db.freeze().await?;
    let designs = Designs::load(&mut db, caller.workspace_id()).await?;
    let mut all = Vec::new();
    let asked: Vec<&AggregateDesign> =
        designs.aggregates.values().filter(|design| is_asked(design)).collect();
    for design in asked {
        all.push(verify_one(installation, &mut db, caller, &designs, design).await?);
    }
    db.thaw().await?;
    Ok(all)
}

async fn verify_one(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    designs: &Designs,
    design: &AggregateDesign,
) -> Result<AggregateVerified, Refusal> {
    let mut verified = AggregateVerified {
        id: design.row.id,
        key: design.row.key.clone(),
        groups: 0,
        right: false,
        differing: 0,
        differences: Vec::new(),
        problem: None,
    };
    let aggregate = match designs.aggregate(design) {
        Ok(aggregate) => aggregate,
        Err(refusal) => return Ok(AggregateVerified { problem: Some(refusal.code.to_string()), ..verified }),
    };
    let table =
        GroupTable { workspace: caller.workspace_id(), number: design.row.number, aggregate: &aggregate };
    let kept = table.all(db).await?;
    let mut rebuilt = from_records(installation, db, caller, &aggregate, None).await?;
    verified.groups = kept.len() as u64;
    let comparing = Comparing { aggregate: &aggregate, context: context(caller, clock::now()) };
    for (stored, contribution) in &kept {
        let built = rebuilt.remove(&stored.key);
        if !comparing.is_right(stored, contribution, built.as_ref()) {
            verified.differing += 1;
            if verified.differences.len() < MOST {
                verified.differences.push(comparing.difference(Some(stored), built.as_ref()));
            }
        }
    }
    missing(&comparing, &rebuilt, &mut verified);
    verified.right = verified.differing == 0;
    Ok(verified)
}

/// Groups for which records count and that are not kept.
fn missing(comparing: &Comparing<'_>, left: &Contributions, verified: &mut AggregateVerified) {
    verified.differing += left.len() as u64;
    let room = MOST.saturating_sub(verified.differences.len());
    verified
        .differences
        .extend(left.values().take(room).map(|built| comparing.difference(None, Some(built))));
}

struct Comparing<'c> {
    aggregate: &'c Aggregate,
    context: Context,
}

impl Comparing<'_> {
    /// Whether a group is kept as it would be built: what adds up, the counts of its values, and the figures made of them.
    fn is_right(
        &self,
        stored: &StoredGroup,
        contribution: &Contribution,
        built: Option<&Contribution>,
    ) -> bool {
        built.is_some_and(|built| built == contribution && self.aggregate.figures(built) == stored.figures)
    }

    fn difference(&self, kept: Option<&StoredGroup>, built: Option<&Contribution>) -> AggregateDifference {
        let group = kept.map(|kept| &kept.group).or(built.map(|built| &built.group));
        let group = group.map(Vec::as_slice).unwrap_or_default();
        let view = |figures: &[Option<Decimal>]| {
            figures_view(self.aggregate, &self.aggregate.measures(figures, group, &self.context))
        };
        AggregateDifference {
            group: group_view(self.aggregate, group),
            kept: kept.map(|kept| view(&kept.figures)),
            rebuilt: built.map(|built| view(&self.aggregate.figures(built))),
        }
    }
}
