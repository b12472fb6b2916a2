//! A link leads to what its field offers, whatever way it comes: its filter is held against each link that a save brings in,
//! as the picker holds it against what it shows.
//!
//! A link that was there before stays, even where the other record has changed meanwhile and is no longer offered. Where the
//! filter reads the record that links, a change of what it reads asks again: the contact of a customer is no contact of the
//! next one.

use engine::access::Access;
use engine::condition::{Checked, Reach, Source};
use engine::form::{Column, split_row};
use engine::record::{Draft, Linked};
use engine::text::{Fault, Faults};
use engine::value::{Id, Row, Value, Values, get};
use store::Tx;

use super::ahead::Ahead;
use super::prepare::{differs, may_be_named};
use super::references::{Named, access, ids, linked_anew};
use super::{Change, Item};
use crate::service::Refusal;
use crate::service::records::live::{Eyes, system_values};
use crate::service::records::{Order, Path};

/// The links of a column that this save has to answer for, and that its filter does not offer to the writer. Those that lead
/// nowhere are told elsewhere.
pub(super) async fn check(
    tx: &mut Tx,
    order: &Order,
    item: &Item,
    (column, target): (&Column, Id),
    ahead: &Ahead,
) -> Result<Faults, Refusal> {
    let Some(filter) = &column.filter else { return Ok(Faults::new()) };
    if order.path == Path::Restore {
        // What is put back was chosen when it was offered.
        return Ok(Faults::new());
    }
    let reads = filter.asker_reaches();
    let mut named = match reads.is_empty() {
        true => linked_anew(item, &item.new.values, column),
        false => answered_for(order, item, column, &reads),
    };
    named.retain(|(_, id)| item.seen.get(&(target, *id)) != Some(&false));
    if named.is_empty() {
        return Ok(Faults::new());
    }
    let access = access(order, target)?;
    let mut faults = Faults::new();
    for (filter, named) in by_filter(tx, order, item, filter, &reads, named).await? {
        let offered = fitting(tx, order, &access, (column, target), &filter, &named, ahead).await?;
        let others = named.into_iter().zip(offered).filter(|(_, offered)| !offered);
        faults.extend(others.map(|((path, _), _)| Fault::new(path, "not_offered")));
    }
    Ok(faults)
}

/// Which of these the filter offers, in their order.
async fn fitting(
    tx: &mut Tx,
    order: &Order,
    access: &Access,
    (column, target): (&Column, Id),
    filter: &Checked,
    named: &[(String, Id)],
    ahead: &Ahead,
) -> Result<Vec<bool>, Refusal> {
    let known: Option<Vec<bool>> =
        named.iter().map(|(_, id)| ahead.is_offered(&column.path, (target, *id))).collect();
    if let Some(known) = known {
        return Ok(known);
    }
    let wanted: Vec<Id> = named.iter().map(|(_, id)| *id).collect();
    let table = order.table_of(target)?;
    let found = store::record::fitting(tx, access, table, &wanted, filter, &order.context).await?;
    Ok(wanted.iter().map(|id| found.contains(id)).collect())
}

/// The filter as the record puts it, with the links that it is about: rows that ask the same are asked for together.
async fn by_filter(
    tx: &mut Tx,
    order: &Order,
    item: &Item,
    filter: &Checked,
    reads: &[Reach],
    named: Named,
) -> Result<Vec<(Checked, Named)>, Refusal> {
    if reads.is_empty() {
        return Ok(vec![(filter.clone(), named)]);
    }
    let beyond = as_the_writer_reads_it(tx, order, item, reads).await?;
    let draft = beyond.as_ref().unwrap_or(&item.draft);
    let mut groups: Vec<(Checked, Named)> = Vec::new();
    for (path, id) in named {
        let source = draft.source(split_row(&path).1);
        let bound = filter.bound(&|reach| match is_known(order, item, reach) {
            true => source.value(reach),
            false => Value::Empty,
        });
        match groups.iter_mut().find(|(known, _)| *known == bound) {
            Some((_, named)) => named.push((path, id)),
            None => groups.push((bound, vec![(path, id)])),
        }
    }
    Ok(groups)
}

/// The record with what it links to as the writer sees that, where the filter reads through its links; what is offered tells
/// nobody of records that they do not see.
async fn as_the_writer_reads_it(
    tx: &mut Tx,
    order: &Order,
    item: &Item,
    reads: &[Reach],
) -> Result<Option<Draft>, Refusal> {
    if reads.iter().all(|reach| reach.hops.is_empty()) {
        return Ok(None);
    }
    let eyes = match order.path {
        Path::Web | Path::Api | Path::Import | Path::BulkEdit | Path::Task => Eyes::Viewer,
        Path::Restore | Path::Consequence | Path::Demo => Eyes::System,
    };
    let mut linked = Linked::default();
    let values = &item.new.values;
    order.load_reads(tx, std::iter::once(values), reads, &mut linked, eyes).await?;
    let (form, context) = (order.compiled.form.clone(), order.context.clone());
    Ok(Some(Draft::edit(form, context, linked, values.clone(), system_values(&item.new))))
}

/// Whether the writer may learn from what is offered what the record holds there.
fn is_known(order: &Order, item: &Item, reach: &Reach) -> bool {
    let path = reach.own_path();
    path.starts_with('$') || may_be_named(order, item, &path)
}

/// The links of a column whose filter reads the record: those that are new at their place, and those for which something
/// that the filter reads is another than it was. Of a field that the writer does not know of nothing is asked because of a
/// change elsewhere.
fn answered_for(order: &Order, item: &Item, column: &Column, reads: &[Reach]) -> Named {
    let is_submit = matches!(item.change, Change::Submit { .. });
    let named = ids(Some(&item.new.values), column);
    let Some(old) = item.old.as_ref().filter(|_| !is_submit) else { return named };
    let is_told = may_be_named(order, item, &column.path);
    let is_asked = |(path, id): &(String, Id)| {
        let (before, after) = rows_at(&old.values, &item.new.values, column, path);
        let was_there = before.is_some_and(|row| held(row, &column.field.key, *id))
            || (column.subform().is_none() && held(&old.values, &column.path, *id));
        let has_changed = |reach: &Reach| is_other(&old.values, &item.new.values, (before, after), reach);
        !was_there || (is_told && !item.draft.is_hidden(path) && reads.iter().any(has_changed))
    };
    named.into_iter().filter(is_asked).collect()
}

fn held(values: &Values, key: &str, id: Id) -> bool {
    get(values, key).items().iter().any(|value| value.as_ref_id() == Some(id))
}

/// The row that a path lies in, as it was and as it is; none for a field of the record itself.
fn rows_at<'v>(
    old: &'v Values,
    new: &'v Values,
    column: &Column,
    path: &str,
) -> (Option<&'v Values>, Option<&'v Values>) {
    let (Some(subform), Some(place)) = (column.subform(), split_row(path).1) else { return (None, None) };
    let Some(after) = get(new, subform).rows().get(place) else { return (None, None) };
    let is_same = |row: &&Row| row.id.is_some() && row.id == after.id;
    let before = get(old, subform).rows().iter().find(is_same);
    (before.map(|row| &row.values), Some(&after.values))
}

/// Whether what a filter reads has changed: in the row where it reads that, else in the record.
fn is_other(old: &Values, new: &Values, rows: (Option<&Values>, Option<&Values>), reach: &Reach) -> bool {
    let first = reach.hops.first().map_or(&reach.field, |(link, _)| link);
    match (reach.in_row.is_some(), rows) {
        (true, (Some(before), Some(after))) => differs(before, after, first),
        (true, _) => true,
        (false, _) => differs(old, new, first),
    }
}
