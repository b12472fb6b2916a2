//! Records that link to a deleted one: they stand in its way, go with it, or lose the link.

use engine::access::Access;
use engine::field::{FieldKind, OnTargetDelete};
use engine::form::Column;
use engine::value::{Id, Row, Value, Values, get};
use store::Tx;
use store::query::{From, Query, Shelf};
use store::record::Record;

use super::{Change, Item};
use crate::service::Refusal;
use crate::service::apps::label;
use crate::service::records::live::among;
use crate::service::records::{Order, Path};

/// Records that one deletion may take along or change.
const MOST: u32 = 500;

pub async fn release(tx: &mut Tx, order: &Order, items: &[Item]) -> Result<(), Refusal> {
    let deleted: Vec<Id> = items
        .iter()
        .filter(|item| {
            matches!(item.change, Change::Delete { .. })
                && item.old.as_ref().is_some_and(|old| old.system.is_live())
        })
        .map(|item| item.new.id)
        .collect();
    if deleted.is_empty() {
        return Ok(());
    }
    let forms: Vec<Id> =
        order.designs.forms.values().filter(|design| design.sketch.is_some()).map(|d| d.row.id).collect();
    for form in forms {
        let there = order.with_form(form, Path::Consequence)?;
        let links: Vec<(String, OnTargetDelete)> = there
            .compiled
            .form
            .all_columns()
            .filter(|column| column.target == Some(order.form))
            .filter_map(|column| Some((column.path.clone(), policy(column)?)))
            .collect();
        for (path, policy) in links {
            let linking: Vec<Record> = linking(tx, &there, &path, &deleted)
                .await?
                .into_iter()
                .filter(|record| form != order.form || !deleted.contains(&record.id))
                .collect();
            if linking.is_empty() {
                continue;
            }
            let changes: Vec<Change> = match policy {
                OnTargetDelete::Restrict => return Err(linked(&there)?),
                OnTargetDelete::Cascade => {
                    linking.iter().map(|record| Change::Delete { id: record.id, version: None }).collect()
                }
                OnTargetDelete::Clear => linking
                    .iter()
                    .map(|record| Change::Unlink { id: record.id, fields: without(record, &path, &deleted) })
                    .collect(),
            };
            Box::pin(super::save(tx, &there, changes)).await?;
        }
    }
    Ok(())
}

/// The refusal where records of another form stand in the way. The form is named to those who know that it is there.
fn linked(there: &Order) -> Result<Refusal, Refusal> {
    let design = there.design()?;
    let refusal = Refusal::conflict("linked");
    if !there.designs.may_use(design, &there.caller) {
        return Ok(refusal.arg("known", "no"));
    }
    let label = label(&design.row.label);
    Ok(refusal.arg("known", "yes").arg("form", label.get(there.caller.language())))
}

fn policy(column: &Column) -> Option<OnTargetDelete> {
    if let FieldKind::Link(link) = &column.field.kind { Some(link.on_target_delete) } else { None }
}

async fn linking(tx: &mut Tx, order: &Order, path: &str, deleted: &[Id]) -> Result<Vec<Record>, Refusal> {
    let (reach, kind) =
        order.compiled.form.find(path, &*order.designs).map_err(|fault| Refusal::invalid(vec![fault]))?;
    let query = Query {
        shelf: Shelf::Live,
        filter: among(reach, kind, deleted),
        sort: Vec::new(),
        limit: MOST + 1,
        from: From::Start,
        fields: None,
    };
    let access = Access::system("records that link to a deleted one");
    let page = store::query::page(tx, &access, order.table(), &query, &order.context).await?;
    if page.records.len() > MOST as usize {
        return Err(Refusal::conflict("too_many_links"));
    }
    let ids: Vec<Id> = page.records.iter().map(|record| record.id).collect();
    let whole = store::record::get_many(tx, &access, order.table(), &ids, &order.context).await?;
    Ok(whole.into_values().collect())
}

/// The field or sub-form of `path` without links to what is deleted.
fn without(record: &Record, path: &str, deleted: &[Id]) -> Values {
    let Some((subform, column)) = path.split_once('.') else {
        return Values::from([(path.to_string(), Value::Empty)]);
    };
    let rows: Vec<Row> = get(&record.values, subform)
        .rows()
        .iter()
        .cloned()
        .map(|mut row| {
            if get(&row.values, column).as_ref_id().is_some_and(|id| deleted.contains(&id)) {
                row.values.remove(column);
            }
            row
        })
        .collect();
    Values::from([(subform.to_string(), Value::Rows(rows))])
}
