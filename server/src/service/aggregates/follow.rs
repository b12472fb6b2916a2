//! A form that is published anew, and the aggregate tables that count its records.

use engine::form::Form;
use engine::text::{Fault, Faults};
use store::Tx;
use store::groups::GroupTable;

use super::rebuild;
use crate::service::designs::{AggregateDesign, Designs, InTheWay, Republished};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Keeps the tables that count a form right under its new definition, which is in force: where a field that they read is
/// stored in another way, its values were taken over, rounded, left behind or computed again, and all records are counted
/// anew.
///
/// # Errors
/// `aggregate_in_use` for a definition under which a table can't be kept, or breaks a constraint: it would stop every save
/// of the form's records.
pub async fn follow_form(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    republished: &Republished<'_>,
) -> Result<(), Refusal> {
    let Republished { was, now: designs, before, form, recomputed } = *republished;
    for design in designs.aggregates_of(form.id()) {
        let former = was.aggregates.get(&design.row.id);
        let was_right = former.is_some_and(|former| was.aggregate(former).is_ok());
        let aggregate = match designs.aggregate(design) {
            Ok(aggregate) => aggregate,
            // One that was broken before does not stand in the way.
            Err(_) if !was_right => continue,
            Err(refusal) => return Err(in_use((was, caller), design, refusal.inside)),
        };
        let counts_alike = |before: &Form| aggregate.counts_alike(before, form);
        if was_right && recomputed.is_empty() && before.is_some_and(counts_alike) {
            continue;
        }
        let table = GroupTable { workspace: was.workspace, number: design.row.number, aggregate: &aggregate };
        rebuild::hold_forms(tx, was.workspace, rebuild::forms_of(&aggregate)).await?;
        let groups = rebuild::from_records(installation, tx, caller, &aggregate, None).await?;
        // Which groups break it is for the readers of the table.
        rebuild::check_constraints(&aggregate, rebuild::figures(&aggregate, &groups), caller)
            .map_err(|refusal| in_use((was, caller), design, refusal.faults))?;
        table.create(tx).await?;
        table.replace(tx, &groups).await?;
    }
    Ok(())
}

/// What is wrong with a table is told to those who may know of it.
fn in_use((designs, caller): (&Designs, &Caller), design: &AggregateDesign, faults: Faults) -> Refusal {
    let mut uses = InTheWay::of(designs, caller);
    let is_known = uses.aggregate(design);
    // Their paths are those of the table's document.
    let faults = faults.into_iter().filter(|_| is_known).map(|fault| Fault { path: String::new(), ..fault });
    Refusal { faults: faults.collect(), ..uses.refuse("aggregate_in_use") }
}
