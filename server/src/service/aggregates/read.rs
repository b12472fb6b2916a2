//! Reading the groups of an aggregate table.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::aggregate::Aggregate;
use engine::condition::{Checked, Reach, Source};
use engine::context::Context;
use engine::value::{Decimal, Id, Value, to_fixed};
use store::groups::GroupTable;
use wire::AggregateGroup;

use super::group_view;
use super::labels::label;
use crate::service::designs::{AggregateDesign, Designs, administers, context};
use crate::service::people::Caller;
use crate::service::records::Order;
use crate::service::records::query::checked_limit;
use crate::service::{Installation, Refusal, clock};

/// Groups that are looked at in one go.
const PAGE: i64 = 500;

/// An aggregate table of this id, for one who may read it.
///
/// # Errors
/// Not found for everybody else; `aggregate_broken`.
pub fn readable<'d>(
    designs: &'d Designs,
    id: Id,
    caller: &Caller,
) -> Result<(&'d AggregateDesign, Arc<Aggregate>), Refusal> {
    let design = designs.aggregates.get(&id).ok_or_else(Refusal::missing)?;
    if !designs.may_read(design.row.app, design.document.read.as_ref(), caller) {
        return Err(Refusal::missing());
    }
    Ok((design, designs.aggregate(design)?))
}

/// A table with its document, for one who may read it.
///
/// # Errors
/// Not found for everybody else.
pub async fn read(installation: &Installation, caller: &Caller, id: Id) -> Result<wire::Aggregate, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.aggregates.get(&id).ok_or_else(Refusal::missing)?;
    if !designs.may_read(design.row.app, design.document.read.as_ref(), caller) {
        return Err(Refusal::missing());
    }
    document_view(design)
}

/// A table with its document, as the wire has it.
///
/// # Errors
/// Never, as long as documents can be written.
pub fn document_view(design: &AggregateDesign) -> Result<wire::Aggregate, Refusal> {
    Ok(wire::Aggregate {
        id: design.row.id,
        key: design.row.key.clone(),
        version: design.row.version,
        document: serde_json::to_value(&design.document).map_err(Refusal::internal)?,
    })
}

/// Which part of a table's groups is asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part<'p> {
    pub limit: Option<u32>,
    pub cursor: Option<&'p str>,
    /// Whether dimensions come with their labels.
    pub labels: bool,
}

/// A group that the caller may read.
pub struct Seen {
    pub key: String,
    /// The values of the dimensions.
    pub group: Vec<Value>,
    pub view: AggregateGroup,
}

/// The groups that the caller may read, in the order of their keys.
///
/// # Errors
/// Not found for who may not read the table; faults of limit and cursor.
pub async fn rows(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    part: Part<'_>,
) -> Result<wire::List<AggregateGroup>, Refusal> {
    let limit = checked_limit(part.limit)? as usize;
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let (design, aggregate) = readable(&designs, id, caller)?;
    let visible = rows_filter(&designs, design.row.app, &aggregate, caller)?;
    let context = context(caller, clock::now());
    let bound = format!("aggregate {id} {}", caller.id());
    let mut after = opened(installation, part.cursor, &bound)?;
    let table =
        GroupTable { workspace: caller.workspace_id(), number: design.row.number, aggregate: &aggregate };
    let mut db = installation.store.read().await?;
    let mut seen: Vec<Seen> = Vec::new();
    let mut next = None;
    'pages: loop {
        let page = table.page(&mut db, after.as_deref(), PAGE).await?;
        let is_last = (page.len() as i64) < PAGE;
        for group in page {
            if seen.len() == limit {
                next = Some(installation.seal.close(after.as_deref().unwrap_or_default(), &bound)?);
                break 'pages;
            }
            after = Some(group.key.clone());
            if visible.holds(&Dimensions(&aggregate, &group.group), &context) {
                let view = view(&aggregate, &group.figures, &group.group, &context);
                seen.push(Seen { key: group.key, group: group.group, view });
            }
        }
        if is_last {
            break;
        }
    }
    if part.labels {
        label(installation, &mut db, caller, &designs, &aggregate, &mut seen).await?;
    }
    Ok(wire::List { items: seen.into_iter().map(|seen| seen.view).collect(), next })
}

/// The key of a group after which a page begins.
///
/// # Errors
/// `bad_cursor`.
pub fn opened(
    installation: &Installation,
    cursor: Option<&str>,
    bound: &str,
) -> Result<Option<String>, Refusal> {
    let bad = || Refusal::fault("cursor", "bad_cursor");
    cursor.map(|text| installation.seal.open(text, bound).ok_or_else(bad)).transpose()
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
///
/// # Errors
/// Faults of the table's `rows`.
pub fn rows_filter(
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

/// A group as the wire has it.
pub fn view(
    aggregate: &Aggregate,
    figures: &[Option<Decimal>],
    group: &[Value],
    context: &Context,
) -> AggregateGroup {
    let values = figures_view(aggregate, &aggregate.measures(figures, group, context));
    AggregateGroup { group: group_view(aggregate, group), values, labels: BTreeMap::new() }
}

/// Measures as the wire has them.
pub fn figures_view(
    aggregate: &Aggregate,
    measures: &BTreeMap<String, Value>,
) -> BTreeMap<String, Option<String>> {
    let keys = aggregate.base.iter().map(|measure| (&measure.key, measure.scale));
    let keys = keys.chain(aggregate.derived.iter().map(|measure| (&measure.key, measure.scale)));
    keys.map(|(key, scale)| {
        let number = measures.get(key).and_then(Value::as_number);
        (key.clone(), number.map(|number| to_fixed(number, scale)))
    })
    .collect()
}

/// A group's dimensions, as `rows` reads them.
pub struct Dimensions<'g>(pub &'g Aggregate, pub &'g [Value]);

impl Source for Dimensions<'_> {
    fn value(&self, reach: &Reach) -> Value {
        let place = self.0.dimensions.iter().position(|dimension| dimension.key == reach.field);
        place.and_then(|place| self.1.get(place)).cloned().unwrap_or_default()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}
