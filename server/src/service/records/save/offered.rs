//! A link leads to what its field offers, and a choice that another form gives is one of that form's: whatever way they come,
//! they are held against it as the picker holds it against what it shows.
//!
//! What was there before stays, even where the other record has changed meanwhile and is no longer offered. Where the
//! filter reads the record that chooses, a change of what it reads asks again: the contact of a customer is no contact of
//! the next one.

use engine::access::Access;
use engine::condition::{Checked, Reach, Source};
use engine::field::FieldKind;
use engine::form::{Column, split_row};
use engine::record::{Draft, Linked};
use engine::text::{Fault, Faults};
use engine::value::{Id, Row, Value, Values, get};
use store::Tx;
use store::record::Record;

use super::ahead::Ahead;
use super::prepare::{differs, may_be_named};
use super::references::{access, items};
use super::{Change, Item};
use crate::service::Refusal;
use crate::service::records::live::{Eyes, system_values};
use crate::service::records::{Order, Path};

/// What is held against a filter, with the path of each.
type Chosen = Vec<(String, Value)>;

/// What of a column this save has to answer for, and is not offered to the writer. Links that lead nowhere are told
/// elsewhere.
pub(super) async fn check(
    tx: &mut Tx,
    order: &Order,
    item: &Item,
    (column, target): (&Column, Id),
    ahead: &Ahead,
) -> Result<Faults, Refusal> {
    // A draft is kept as it was typed, and what is put back was chosen when it was offered.
    if !is_limited(column) || !item.is_submitted() || order.path == Path::Restore {
        return Ok(Faults::new());
    }
    let filter = column.filter.clone().unwrap_or_else(Checked::always);
    let reads = filter.asker_reaches();
    let mut chosen = match reads.is_empty() {
        true => fresh(item, column),
        false => answered_for(order, item, column, &reads),
    };
    let is_dead = |id: Id| item.seen.get(&(target, id)) == Some(&false);
    chosen.retain(|(_, value)| !value.as_ref_id().is_some_and(is_dead));
    if chosen.is_empty() {
        return Ok(Faults::new());
    }
    let access = access(order, target)?;
    let mut faults = Faults::new();
    for (filter, chosen) in by_filter(tx, order, item, filter, &reads, chosen).await? {
        let there = There { order, access: &access, column, target, ahead };
        let offered = there.offers(tx, &filter, &chosen).await?;
        let others = chosen.into_iter().zip(offered).filter(|(_, offered)| !offered);
        faults.extend(others.map(|((path, value), _)| refused(path, &value)));
    }
    Ok(faults)
}

/// Whether the field takes only some of what the other form has.
fn is_limited(column: &Column) -> bool {
    match &column.field.kind {
        FieldKind::Select(select) => select.from.is_some() && !select.allow_other,
        FieldKind::MultiSelect(select) => select.from.is_some() && !select.allow_other,
        _ => column.filter.is_some(),
    }
}

fn refused(path: String, value: &Value) -> Fault {
    match value.as_text() {
        Some(text) => Fault::new(path, "unknown_choice").arg("choice", text),
        None => Fault::new(path, "not_offered"),
    }
}

/// The other form, as the writer sees it.
struct There<'t> {
    order: &'t Order,
    access: &'t Access,
    column: &'t Column,
    target: Id,
    ahead: &'t Ahead,
}

impl There<'_> {
    /// Which of these a filter offers, in their order.
    async fn offers(
        &self,
        tx: &mut Tx,
        filter: &Checked,
        chosen: &[(String, Value)],
    ) -> Result<Vec<bool>, Refusal> {
        let (table, context) = (self.order.table_of(self.target)?, &self.order.context);
        if let Some(from) = self.column.field.kind.choices_from() {
            let texts: Vec<String> =
                chosen.iter().filter_map(|(_, value)| value.as_text().map(str::to_string)).collect();
            let wanted = (from.field.as_str(), texts.as_slice());
            let found = store::query::held(tx, self.access, table, wanted, filter, context).await?;
            let is_held = |value: &Value| value.as_text().is_some_and(|text| found.contains(text));
            return Ok(chosen.iter().map(|(_, value)| is_held(value)).collect());
        }
        let ids: Vec<Id> = chosen.iter().filter_map(|(_, value)| value.as_ref_id()).collect();
        let is_offered = |id: &Id| self.ahead.is_offered(&self.column.path, (self.target, *id));
        let known: Option<Vec<bool>> = ids.iter().map(is_offered).collect();
        if let Some(known) = known {
            return Ok(known);
        }
        let found = store::record::fitting(tx, self.access, table, &ids, filter, context).await?;
        Ok(ids.iter().map(|id| found.contains(id)).collect())
    }
}

/// The filter as the record puts it, with what is held against it: rows that ask the same are asked for together.
async fn by_filter(
    tx: &mut Tx,
    order: &Order,
    item: &Item,
    filter: Checked,
    reads: &[Reach],
    chosen: Chosen,
) -> Result<Vec<(Checked, Chosen)>, Refusal> {
    if reads.is_empty() {
        return Ok(vec![(filter, chosen)]);
    }
    let beyond = as_the_writer_reads_it(tx, order, item, reads).await?;
    let draft = beyond.as_ref().unwrap_or(&item.draft);
    let mut groups: Vec<(Checked, Chosen)> = Vec::new();
    for (path, value) in chosen {
        let source = draft.source(split_row(&path).1);
        let bound = filter.bound(&|reach| match is_known(order, item, reach) {
            true => source.value(reach),
            false => Value::Empty,
        });
        match groups.iter_mut().find(|(known, _)| *known == bound) {
            Some((_, chosen)) => chosen.push((path, value)),
            None => groups.push((bound, vec![(path, value)])),
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
    let mut linked = Linked::default();
    let values = &item.new.values;
    order.load_reads(tx, std::iter::once(values), reads, &mut linked, eyes(order)).await?;
    let (form, context) = (order.compiled.form.clone(), order.context.clone());
    Ok(Some(Draft::edit(form, context, linked, values.clone(), system_values(&item.new))))
}

/// Whose eyes read what a filter is asked with: what the product sets itself does not depend on who has led it there.
fn eyes(order: &Order) -> Eyes {
    match order.path {
        Path::Web
        | Path::PublicForm
        | Path::Hook
        | Path::Api
        | Path::Import
        | Path::BulkEdit
        | Path::Task => Eyes::Viewer,
        Path::Restore | Path::Flow | Path::Script | Path::Consequence | Path::Demo => Eyes::System,
    }
}

/// Whether the writer may learn from what is offered what the record holds there.
fn is_known(order: &Order, item: &Item, reach: &Reach) -> bool {
    let path = reach.own_path();
    eyes(order) == Eyes::System || path.starts_with('$') || may_be_named(order, item, &path)
}

/// The record that this save changes; none for a draft, which counts from when it is submitted.
fn before(item: &Item) -> Option<&Record> {
    let is_submit = matches!(item.change, Change::Submit { .. });
    item.old.as_ref().filter(|_| !is_submit)
}

/// What a column holds and did not hold before, anywhere.
fn fresh(item: &Item, column: &Column) -> Chosen {
    let known = items(before(item).map(|old| &old.values), column);
    let mut chosen = items(Some(&item.new.values), column);
    chosen.retain(|(_, value)| !known.iter().any(|(_, known)| known == value));
    chosen
}

/// What a column holds whose filter reads the record: all that is new at its place, and that for which something that the
/// filter reads is another than it was. Of a field that the writer does not know of nothing is asked because of a change
/// elsewhere.
fn answered_for(order: &Order, item: &Item, column: &Column, reads: &[Reach]) -> Chosen {
    let chosen = items(Some(&item.new.values), column);
    let Some(old) = before(item) else { return chosen };
    let is_told = eyes(order) == Eyes::System || may_be_named(order, item, &column.path);
    let is_asked = |(path, value): &(String, Value)| {
        let (before, after) = rows_at(&old.values, &item.new.values, column, path);
        let was_there = match column.subform() {
            Some(_) => before.is_some_and(|row| held(row, &column.field.key, value)),
            None => held(&old.values, &column.path, value),
        };
        let has_changed = |reach: &Reach| is_other(&old.values, &item.new.values, (before, after), reach);
        !was_there || (is_told && !item.draft.is_hidden(path) && reads.iter().any(has_changed))
    };
    chosen.into_iter().filter(is_asked).collect()
}

fn held(values: &Values, key: &str, value: &Value) -> bool {
    get(values, key).items().contains(value)
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
