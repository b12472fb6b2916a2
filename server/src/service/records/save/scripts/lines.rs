//! The lines in which a save stands whose records a script may be looking for, and a script that looks for them.

use std::collections::{BTreeMap, BTreeSet};

use engine::aggregate::{Aggregate, CheckedDimension};
use engine::form::Form;
use engine::value::{Id, Value};
use serde_json::Value as Json;
use store::Tx;
use store::reading_lock::{self, Line};
use store::record::Record;

use super::super::{Item, aggregates};
use crate::service::Refusal;
use crate::service::designs::{Designs, dimension_fields, lock_fields};
use crate::service::records::Order;

/// Keeps scripts from looking for these records, as they were and as they will be, until the transaction ends.
///
/// # Errors
/// When others stand there for too long.
pub(in super::super) async fn hold(tx: &mut Tx, order: &Order, items: &[Item]) -> Result<(), Refusal> {
    // Who alone writes keeps everybody else from it. Where there are scripts at all, those of this moment count.
    if !order.installation.store.is_shared() || !order.designs.has_scripts() {
        return Ok(());
    }
    let designs = aggregates::designs_in_force(tx, order).await?;
    let records: Vec<&Record> = items.iter().flat_map(|item| item.old.iter().chain([&item.new])).collect();
    hold_for(tx, order, &designs, &records).await
}

pub(super) async fn hold_for(
    tx: &mut Tx,
    order: &Order,
    designs: &Designs,
    records: &[&Record],
) -> Result<(), Refusal> {
    if !order.installation.store.is_shared() {
        return Ok(());
    }
    let form = &order.compiled.form;
    let mut lines = group_lines(order, designs, records)?;
    for record in records {
        for fields in designs.script_reads(order.form).into_iter().flatten() {
            let values: Vec<String> =
                fields.iter().map(|field| written(form, field, &record.value(field))).collect();
            lines.insert(Line::of(order.form, fields, &values));
        }
    }
    Ok(reading_lock::hold(tx, order.caller.workspace_id(), &lines).await?)
}

/// The lines of the groups of aggregate tables that these records count for, where scripts look at such.
fn group_lines(order: &Order, designs: &Designs, records: &[&Record]) -> Result<BTreeSet<Line>, Refusal> {
    let mut lines = BTreeSet::new();
    for design in designs.aggregates_of(order.form) {
        let Some(reads) = designs.script_reads(design.row.id) else { continue };
        let aggregate = designs.aggregate(design)?;
        for record in records {
            for group in aggregates::contributions(&aggregate, order, record)?.values() {
                let line = |fields: &Vec<String>| group_line(design.row.id, &aggregate, fields, &group.group);
                lines.extend(reads.iter().map(line));
            }
        }
    }
    Ok(lines)
}

/// The line of a group that has these values in its dimensions, for who looks at some of them.
fn group_line(table: Id, aggregate: &Aggregate, fields: &[String], group: &[Value]) -> Line {
    let value_of = |field: &String| {
        let mut dimensions = aggregate.dimensions.iter().zip(group);
        dimensions
            .find(|(dimension, _)| dimension.key == *field)
            .map(|(dimension, value)| dimension.kind.to_json(value).to_string())
            .unwrap_or_default()
    };
    let values: Vec<String> = fields.iter().map(value_of).collect();
    Line::of(table, fields, &values)
}

/// A dimension's value as a script writes it. One that is grouped by each of several values has one of them.
pub(super) fn dimension_value(dimension: &CheckedDimension, json: &Json) -> Value {
    let parsed =
        dimension.kind.parse(json).or_else(|_| dimension.kind.parse(&Json::Array(vec![json.clone()])));
    match parsed.unwrap_or_default() {
        Value::List(items) => items.into_iter().next().unwrap_or_default(),
        value => value,
    }
}

/// Keeps others from changing groups of a table that have these values, or any, until the transaction ends.
///
/// # Errors
/// As [`hold`].
pub(super) async fn hold_groups(
    tx: &mut Tx,
    order: &Order,
    table: Id,
    aggregate: &Aggregate,
    equal: &BTreeMap<String, Json>,
) -> Result<(), Refusal> {
    if !order.installation.store.is_shared() {
        return Ok(());
    }
    let named: Vec<String> = equal.keys().cloned().collect();
    let mut fields = dimension_fields(&aggregate.document, &named);
    // As for records, it waits for all of them where writers do not know these.
    let is_known = order.designs.script_reads(table).is_some_and(|reads| reads.contains(&fields));
    if !is_known {
        fields.clear();
    }
    let value = |dimension: &CheckedDimension| {
        dimension_value(dimension, equal.get(&dimension.key).unwrap_or(&Json::Null))
    };
    let group: Vec<Value> = aggregate.dimensions.iter().map(value).collect();
    let line = group_line(table, aggregate, &fields, &group);
    Ok(reading_lock::hold(tx, order.caller.workspace_id(), &BTreeSet::from([line])).await?)
}

/// Keeps others from writing records of a form that have these values, or any, until the transaction ends.
///
/// # Errors
/// As [`hold`].
pub(super) async fn hold_where(
    tx: &mut Tx,
    there: &Order,
    equal: &BTreeMap<String, Json>,
) -> Result<(), Refusal> {
    if !there.installation.store.is_shared() {
        return Ok(());
    }
    let form = &there.compiled.form;
    let named: Vec<String> = equal.keys().cloned().collect();
    let mut fields = lock_fields(form, &named);
    // Writers know the fields that stand in the script; for others it waits for all of them.
    let is_known = there.designs.script_reads(there.form).is_some_and(|reads| reads.contains(&fields));
    if !is_known {
        fields.clear();
    }
    let values = fields.iter().map(|field| {
        let json = equal.get(field).cloned().unwrap_or_default();
        let value = form.column(field).and_then(|column| column.parse(&json).ok()).unwrap_or_default();
        written(form, field, &value)
    });
    let values: Vec<String> = values.collect();
    let line = Line::of(there.form, &fields, &values);
    Ok(reading_lock::hold(tx, there.caller.workspace_id(), &BTreeSet::from([line])).await?)
}

/// A value as both sides write it.
fn written(form: &Form, field: &str, value: &Value) -> String {
    form.column(field).map(|column| column.read_kind.to_json(value).to_string()).unwrap_or_default()
}
