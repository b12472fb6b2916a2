//! All aggregate tables of a workspace counted anew, where what they go by is another thing: the zone in which days are
//! told apart.

use store::Tx;
use store::groups::GroupTable;

use super::rebuild;
use crate::service::designs::Designs;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Counts every table that works from the records of its forms, which nobody may change meanwhile; gives how many. One
/// that is broken stays as it is. With `checks`, what is counted is held to the constraints of its table.
///
/// # Errors
/// `constraint` for a table whose groups would break one; `out_of_range`.
pub async fn count_anew(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    checks: bool,
) -> Result<u64, Refusal> {
    let mut tables: Vec<_> = designs.aggregates.values().collect();
    // As saves take them.
    tables.sort_by_key(|design| design.row.number);
    let mut counted = 0;
    for design in tables {
        let Ok(aggregate) = designs.aggregate(design) else { continue };
        let groups = rebuild::from_records(installation, tx, caller, &aggregate, None).await?;
        if checks {
            rebuild::check_constraints(&aggregate, rebuild::figures(&aggregate, &groups), caller)
                .map_err(|refusal| refusal.arg("aggregate", &design.row.key))?;
        }
        let number = design.row.number;
        let table = GroupTable { workspace: designs.workspace, number, aggregate: &aggregate };
        table.replace(tx, &groups).await?;
        counted += 1;
    }
    Ok(counted)
}
