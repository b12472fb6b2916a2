//! What uses a thing that is designed, told before it is deleted.

use engine::text::Label;
use engine::value::Id;
use store::Reader;
use store::favourite::{Favourite, FavouriteKind};
use wire::{Dependent, Dependents};

use crate::service::cached::Snapshot;
use crate::service::designs::{Designs, administers};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// What uses a dashboard, with the version that a deletion starts from.
///
/// # Errors
/// Not found, forbidden.
pub async fn of_dashboard(
    installation: &Installation,
    caller: &Caller,
    name: &str,
) -> Result<(i64, Dependents), Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.dashboard_to_administer(name, caller)?;
    let mut db = installation.store.read().await?;
    let target = design.row.id.to_string();
    let items = at_hand(&mut db, &designs, (FavouriteKind::Dashboard, None, &target)).await?;
    Ok((design.row.version, Dependents { items }))
}

/// What uses a report, with the version that a deletion starts from.
///
/// # Errors
/// Not found, forbidden; `required` for the app where several have a report of this key.
pub async fn of_report(
    installation: &Installation,
    caller: &Caller,
    app: Option<&str>,
    key: &str,
) -> Result<(i64, Dependents), Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.report_to_administer(app, key, caller)?;
    let mut db = installation.store.read().await?;
    let without = without_report(&mut db, &designs, design.row.id).await?;
    let mut items = broken(&designs, &without, caller);
    let row = &design.row;
    items.extend(at_hand(&mut db, &designs, (FavouriteKind::Report, Some(row.app), &row.key)).await?);
    Ok((row.version, Dependents { items }))
}

/// What uses an aggregate table, with the version that a deletion starts from.
///
/// # Errors
/// Not found, forbidden.
pub async fn of_aggregate(
    installation: &Installation,
    caller: &Caller,
    id: Id,
) -> Result<(i64, Dependents), Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.aggregate_to_administer(id, caller)?;
    let mut db = installation.store.read().await?;
    let mut without = Designs::load(&mut db, designs.workspace).await?;
    without.aggregates.remove(&id);
    Ok((design.row.version, Dependents { items: broken(&designs, &without, caller) }))
}

/// The designs as they would be without a report.
pub async fn without_report(db: &mut Reader, designs: &Designs, id: Id) -> Result<Designs, Refusal> {
    let mut without = Designs::load(db, designs.workspace).await?;
    without.reports.remove(&id);
    Ok(without)
}

/// What works and would not any more.
fn broken(designs: &Designs, without: &Designs, caller: &Caller) -> Vec<Dependent> {
    let dashboards = designs.dashboards_broken_in(without).map(|design| {
        let label = &design.document.label;
        told(designs, caller, ("dashboard", design.row.app), design.row.id, label)
    });
    let forms = designs.forms_broken_in(without).filter_map(|design| {
        let label = &design.sketch.as_ref()?.document.label;
        Some(told(designs, caller, ("form", design.row.app), design.row.id, label))
    });
    dashboards.chain(forms).collect()
}

/// Something that stands in the way. What others design is named to them alone.
fn told(designs: &Designs, caller: &Caller, (object, app): (&str, Id), id: Id, label: &Label) -> Dependent {
    let knows = designs.apps.get(&app).is_some_and(|app| administers(caller, app));
    Dependent {
        id: Some(id).filter(|_| knows),
        label: Some(label.clone()).filter(|_| knows),
        blocks: true,
        ..counted(object, None)
    }
}

/// How many there are of a sort, where they are not named.
pub fn counted(object: &str, number: Option<i64>) -> Dependent {
    Dependent {
        object: object.to_string(),
        used_in: object.to_string(),
        id: None,
        label: None,
        place: None,
        number: number.and_then(|number| u32::try_from(number).ok()),
        blocks: false,
    }
}

/// How many members have a thing at hand, if any.
async fn at_hand(
    db: &mut Reader,
    designs: &Designs,
    (kind, app, target): (FavouriteKind, Option<Id>, &str),
) -> Result<Vec<Dependent>, Refusal> {
    let count = Favourite::count(db, designs.workspace, kind, app, target).await?;
    Ok((count > 0).then(|| counted("favourite", Some(count))).into_iter().collect())
}
