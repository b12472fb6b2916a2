//! What is asked of an aggregate table: its groups, filtered, with what lies behind their link dimensions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::access::{FieldRight, Operation};
use engine::aggregate::{Aggregate, GroupSource};
use engine::condition::{Checked, CheckedOperand, Reach, Source};
use engine::context::Context;
use engine::field::Reference;
use engine::record::Linked;
use engine::report::{CheckedTile, DataAnswer, DataGroup, Gathering, Sight, Titles};
use engine::value::{Id, Value};
use store::Reader;
use store::groups::GroupTable;

use super::source::Asked;
use crate::service::Refusal;
use crate::service::designs::{AggregateDesign, administers, context};
use crate::service::records::system_values;
use crate::service::reports::{Viewer, people_named};

/// Groups that are read in one go.
const PAGE: i64 = 500;

/// What an aggregate table answers, and the names of the records and people that its groups stand for.
pub async fn ask(
    viewer: &Viewer<'_>,
    db: &mut Reader,
    (design, aggregate): (&AggregateDesign, Arc<Aggregate>),
    asked: Asked<'_>,
) -> Result<(DataAnswer, Titles), Refusal> {
    let designs = &viewer.designs;
    let mut titles = Titles::new();
    let reaches = looked_at(&asked);
    if !is_open(viewer, design, &reaches)? {
        return Ok((DataAnswer::withheld(asked.measures, Sight::Part), titles));
    }
    let rows = visible_rows(viewer, design, &aggregate)?;
    let sight = if rows == Checked::always() { Sight::All } else { Sight::Part };
    let context = Context {
        params: designs.parameters(design.row.app),
        ..context(viewer.caller, crate::service::clock::now())
    };
    let table = GroupTable {
        workspace: viewer.caller.workspace_id(),
        number: design.row.number,
        aggregate: &aggregate,
    };
    let mut linked = Linked::default();
    let mut gathering = Gathering::new(asked.measures);
    let mut after: Option<String> = None;
    loop {
        let page = table.page(db, after.as_deref(), PAGE).await?;
        let is_last = (page.len() as i64) < PAGE;
        after = page.last().map(|group| group.key.clone());
        let groups: Vec<BTreeMap<String, Value>> =
            page.iter().map(|group| aggregate.measures(&group.figures, &group.group, &context)).collect();
        load(viewer, db, &reaches, &groups, &mut linked, &context).await?;
        for values in &groups {
            let source = GroupSource { values, linked: &linked };
            if rows.holds(&source, &context) && asked.filter.holds(&source, &context) {
                let group: Vec<Value> =
                    asked.group.iter().map(|by| value_by(by, &source, &context)).collect();
                gathering.add(&group, &|measure| {
                    measure.of.as_ref().map(|(reach, _)| source.value(reach)).unwrap_or_default()
                });
            }
        }
        if is_last {
            break;
        }
    }
    let answer = DataAnswer { rows: gathering.finish(), withheld: BTreeSet::new(), sight };
    for (place, by) in asked.group.iter().enumerate() {
        let ids: BTreeSet<Id> =
            answer.rows.iter().filter_map(|row| row.group.get(place)?.as_ref_id()).collect();
        match (by.kind.reference(), target_of(viewer, &aggregate, &by.reach)) {
            (Some(Reference::Record), Some(target)) => {
                let ids: Vec<Id> = ids.into_iter().collect();
                let found = viewer.order(target)?.titles_in(db, target, &ids).await?;
                titles.extend(found.into_iter().filter_map(|(id, title)| Some((id.parse().ok()?, title))));
            }
            (Some(Reference::Member | Reference::Department), _) => {
                titles.extend(people_named(&viewer.caller.people, ids))
            }
            (Some(Reference::Record | Reference::File) | None, _) => {}
        }
    }
    Ok((answer, titles))
}

/// What lies at some paths of the groups that meet a condition, group by group, and the names of the records and people in
/// it. Nothing where the viewer may not look at all of that.
///
/// # Errors
/// Faults of the table's `rows`.
pub async fn values_at(
    viewer: &Viewer<'_>,
    db: &mut Reader,
    of: (&AggregateDesign, Arc<Aggregate>),
    filter: &Checked,
    paths: &[DataGroup],
) -> Result<(Vec<Vec<Value>>, Titles), Refusal> {
    let (found, titles) = ask(viewer, db, of, Asked { filter, group: paths, measures: &[] }).await?;
    Ok((found.rows.into_iter().map(|row| row.group).collect(), titles))
}

/// Whether the viewer may read nothing of what the tile shows of the table.
pub fn is_closed(viewer: &Viewer<'_>, design: &AggregateDesign, tile: &CheckedTile) -> Result<bool, Refusal> {
    Ok(!is_open(viewer, design, &looked_at(&Asked::by(tile, &tile.filter)))?)
}

/// Whether the viewer may read the table, and every path that is read from it.
pub fn is_open(viewer: &Viewer<'_>, design: &AggregateDesign, reaches: &[Reach]) -> Result<bool, Refusal> {
    let may_read = viewer.designs.may_read(design.row.app, design.document.read.as_ref(), viewer.caller);
    Ok(may_read && may_walk(viewer, reaches)?)
}

/// A group's value, brought to its period.
fn value_by(by: &DataGroup, source: &GroupSource<'_>, context: &Context) -> Value {
    match (by.unit, source.value(&by.reach)) {
        (Some(unit), Value::Date(day)) => Value::Date(unit.start(day)),
        (Some(unit), Value::DateTime(instant)) => Value::Date(unit.start(context.date_of(instant))),
        (_, value) => value,
    }
}

/// Every path that is read.
fn looked_at(asked: &Asked<'_>) -> Vec<Reach> {
    let tests = asked.filter.tests();
    let operands = tests.iter().filter_map(|test| match &test.operand {
        CheckedOperand::Field(reach, _) => Some(reach),
        _ => None,
    });
    let filtered = tests.iter().map(|test| &test.reach).chain(operands);
    let measured = asked.measures.iter().filter_map(|measure| measure.of.as_ref()).map(|(reach, _)| reach);
    let grouped = asked.group.iter().map(|by| &by.reach);
    filtered.chain(measured).chain(grouped).cloned().collect()
}

/// Whether the viewer may see every field on the way through link dimensions, and on all records alike.
fn may_walk(viewer: &Viewer<'_>, reaches: &[Reach]) -> Result<bool, Refusal> {
    for reach in reaches {
        let mut hops = reach.hops.iter().peekable();
        while let Some((_, form)) = hops.next() {
            let next = hops.peek().map_or(reach.field.as_str(), |(link, _)| link.as_str());
            let access = viewer.order(*form)?.access;
            let is_open =
                next.starts_with('$') || (access.right(next) >= FieldRight::Read && access.is_uniform(next));
            if !access.may(Operation::View) || !is_open {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Which groups the viewer may read: all for administrators, else those of the document's `rows`.
fn visible_rows(
    viewer: &Viewer<'_>,
    design: &AggregateDesign,
    aggregate: &Aggregate,
) -> Result<Checked, Refusal> {
    let app = viewer.designs.apps.get(&design.row.app);
    let all = app.is_some_and(|app| administers(viewer.caller, app));
    match &design.document.rows {
        Some(condition) if !all => aggregate.check(condition).map_err(Refusal::invalid),
        Some(_) | None => Ok(Checked::always()),
    }
}

/// Loads the records behind link dimensions, as the viewer may see them. One that may not be seen reads as empty.
async fn load(
    viewer: &Viewer<'_>,
    db: &mut Reader,
    reaches: &[Reach],
    groups: &[BTreeMap<String, Value>],
    linked: &mut Linked,
    context: &Context,
) -> Result<(), Refusal> {
    loop {
        let mut missing: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for values in groups {
            let source = GroupSource { values, linked };
            for (form, id) in reaches.iter().filter_map(|reach| source.missing(reach)) {
                missing.entry(form).or_default().insert(id);
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        for (form, ids) in missing {
            let order = viewer.order(form)?;
            let ids: Vec<Id> = ids.into_iter().collect();
            let mut found = store::record::get_many(db, &order.access, order.table(), &ids, context).await?;
            for id in ids {
                let record = found.remove(&id).filter(|record| record.system.is_live());
                let values = record.map(|record| {
                    let mut values = system_values(&record);
                    values.extend(record.values);
                    values
                });
                linked.insert(form, id, values.unwrap_or_default());
            }
        }
    }
}

/// The form whose records a dimension, or a path behind one, leads to.
fn target_of(viewer: &Viewer<'_>, aggregate: &Aggregate, reach: &Reach) -> Option<Id> {
    match reach.hops.last() {
        None => aggregate.dimensions.iter().find(|dimension| dimension.key == reach.field)?.target,
        Some((_, form)) => viewer.order(*form).ok()?.target_of(&Reach::own(&reach.field)),
    }
}
