//! The dimensions of groups as people read them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::aggregate::Aggregate;
use engine::field::Reference;
use engine::value::{Id, Value};
use store::Reader;

use super::read::Seen;
use crate::service::designs::Designs;
use crate::service::people::Caller;
use crate::service::records::{Order, Path};
use crate::service::reports::people_named;
use crate::service::{Installation, Refusal};

/// Puts labels beside the dimensions of groups, in the caller's language. Records that the caller may not see have none.
///
/// # Errors
/// When the database can't be read.
pub async fn label(
    installation: &Installation,
    db: &mut Reader,
    caller: &Caller,
    designs: &Arc<Designs>,
    aggregate: &Aggregate,
    groups: &mut [Seen],
) -> Result<(), Refusal> {
    for (place, dimension) in aggregate.dimensions.iter().enumerate() {
        let ids: BTreeSet<Id> = groups.iter().filter_map(|seen| seen.group.get(place)?.as_ref_id()).collect();
        let mut names: BTreeMap<Id, String> = BTreeMap::new();
        match (dimension.kind.reference(), dimension.target) {
            (Some(Reference::Record), Some(form)) if designs.published(form).is_ok() => {
                let ids: Vec<Id> = ids.into_iter().collect();
                let order = Order::known(installation, caller, designs.clone(), form, Path::of(caller))?;
                let found = order.titles_in(db, form, &ids).await?;
                names.extend(found.into_iter().filter_map(|(id, title)| Some((id.parse().ok()?, title))));
            }
            (Some(Reference::Member | Reference::Department), _) => {
                names.extend(people_named(&caller.people, ids))
            }
            (Some(Reference::Record | Reference::File) | None, _) => {}
        }
        for seen in groups.iter_mut() {
            let said = |label: String| Some(label).filter(|label| !label.is_empty());
            let label = match (dimension.unit, seen.group.get(place)) {
                (_, None) => None,
                // One that is called nothing is seen all the same: its label is empty.
                (_, Some(Value::Ref(id))) => names.get(id).cloned(),
                (Some(unit), Some(Value::Date(day))) => said(unit.name(*day)),
                (_, Some(value)) => said(dimension.kind.display(value, caller.language())),
            };
            if let Some(label) = label {
                seen.view.labels.insert(dimension.key.clone(), label);
            }
        }
    }
    Ok(())
}
