//! Reading the groups of an aggregate table.

use std::collections::BTreeMap;

use engine::aggregate::Aggregate;
use engine::condition::{Checked, Reach, Source};
use engine::value::{Id, Value, to_fixed};
use store::groups::{GroupTable, StoredGroup};
use wire::AggregateGroup;

use super::group_view;
use crate::service::designs::{AggregateDesign, Designs, administers, context};
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::records::query::checked_limit;
use crate::service::{Installation, Refusal, clock};

/// Groups that are looked at in one go.
const PAGE: i64 = 500;

/// The groups that the caller may read, in the order of their keys.
///
/// # Errors
/// Not found for who may not read the table; faults of limit and cursor.
pub async fn rows(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    limit: Option<u32>,
    cursor: Option<&str>,
) -> Result<wire::List<AggregateGroup>, Refusal> {
    let limit = checked_limit(limit)? as usize;
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.aggregates.get(&id).ok_or_else(Refusal::missing)?;
    if !designs.may_read(design.row.app, design.document.read.as_ref(), caller) {
        return Err(Refusal::missing());
    }
    let aggregate = designs.aggregate(design)?;
    let visible = rows_filter(&designs, design.row.app, &aggregate, caller)?;
    let context = context(caller, clock::now());
    let bound = format!("aggregate {id} {}", caller.id());
    let bad = || Refusal::fault("cursor", "bad_cursor");
    let mut after = cursor.map(|text| installation.seal.open(text, &bound).ok_or_else(bad)).transpose()?;
    let table =
        GroupTable { workspace: caller.workspace_id(), number: design.row.number, aggregate: &aggregate };
    let mut db = installation.store.read().await?;
    let mut items = Vec::new();
    loop {
        let page = table.page(&mut db, after.as_deref(), PAGE).await?;
        let is_last = (page.len() as i64) < PAGE;
        for group in page {
            if items.len() == limit {
                let next = installation.seal.close(after.as_deref().unwrap_or_default(), &bound)?;
                return Ok(wire::List { items, next: Some(next) });
            }
            after = Some(group.key.clone());
            if visible.holds(&Dimensions(&aggregate, &group.group), &context) {
                items.push(view(&aggregate, &group, &context));
            }
        }
        if is_last {
            return Ok(wire::List::all(items));
        }
    }
}

/// Whether who works with `order` may read this group of a table.
///
/// # Errors
/// Faults of the table's `rows`.
pub fn may_read_group(
    order: &Order,
    design: &AggregateDesign,
    aggregate: &Aggregate,
    group: &[Value],
) -> Result<bool, Refusal> {
    let (designs, caller, app) = (&order.designs, &order.caller, design.row.app);
    if !designs.may_read(app, design.document.read.as_ref(), caller) {
        return Ok(false);
    }
    let visible = rows_filter(designs, app, aggregate, caller)?;
    Ok(visible.holds(&Dimensions(aggregate, group), &order.context))
}

/// Which groups the caller may read: all for administrators, else those of the document's `rows`.
fn rows_filter(
    designs: &Designs,
    app: Id,
    aggregate: &Aggregate,
    caller: &Caller,
) -> Result<Checked, Refusal> {
    let all = designs.apps.get(&app).is_some_and(|app| administers(caller, app));
    match &aggregate.document.rows {
        Some(condition) if !all => aggregate.check(condition).map_err(Refusal::invalid),
        Some(_) | None => Ok(Checked::always()),
    }
}

fn view(aggregate: &Aggregate, group: &StoredGroup, context: &engine::context::Context) -> AggregateGroup {
    let measures = aggregate.measures(&group.sums, &group.group, context);
    let keys = aggregate.base.iter().map(|measure| (&measure.key, measure.scale));
    let keys = keys.chain(aggregate.derived.iter().map(|measure| (&measure.key, measure.scale)));
    let values: BTreeMap<String, Option<String>> = keys
        .map(|(key, scale)| {
            let number = measures.get(key).and_then(Value::as_number);
            (key.clone(), number.map(|number| to_fixed(number, scale)))
        })
        .collect();
    AggregateGroup { group: group_view(aggregate, &group.group), values }
}

/// A group's dimensions, as `rows` reads them.
struct Dimensions<'g>(&'g Aggregate, &'g [Value]);

impl Source for Dimensions<'_> {
    fn value(&self, reach: &Reach) -> Value {
        let place = self.0.dimensions.iter().position(|dimension| dimension.key == reach.field);
        place.and_then(|place| self.1.get(place)).cloned().unwrap_or_default()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}
