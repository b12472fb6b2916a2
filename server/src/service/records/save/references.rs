//! What ids in fields stand for must be there, and must be the writer's to name.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{Access, FieldRight};
use engine::field::{FieldKind, Reference};
use engine::form::{Column, Form, split_row};
use engine::text::{Fault, Faults};
use engine::value::{Id, Value, Values, get};
use store::Tx;
use store::file::File;

use super::ahead::Ahead;
use super::{Change, Item};
use crate::service::Refusal;
use crate::service::records::{Order, Path};

/// The ids in a field, with the path of each.
pub(super) type Named = Vec<(String, Id)>;

/// Checks the ids that this change brings in; those that stand for nothing are answered, at paths of fields.
pub async fn check(tx: &mut Tx, order: &Order, item: &Item, ahead: &Ahead) -> Result<Faults, Refusal> {
    if matches!(item.change, Change::Restore { .. }) {
        return check_restored(tx, order, item).await;
    }
    if !item.is_edit() || matches!(item.change, Change::Unlink { .. }) {
        return Ok(Faults::new());
    }
    let mut faults = Faults::new();
    let mut records: BTreeMap<Id, Named> = BTreeMap::new();
    for column in order.compiled.form.all_columns() {
        let Some(reference) = column.field.kind.reference() else { continue };
        let named = fresh(item, column);
        match (reference, column.target) {
            (Reference::Record, Some(target)) => records.entry(target).or_default().extend(named),
            (Reference::Record, None) => {}
            (Reference::Member, _) => {
                let unknown = named.into_iter().filter(|(_, id)| !order.caller.people.is_active(*id));
                faults.extend(unknown.map(|(path, _)| Fault::new(path, "not_an_id")));
            }
            (Reference::File, _) => faults.extend(unfit_files(tx, order, item, column, named).await?),
        }
    }
    for (target, named) in records {
        let mut left = Named::new();
        for (path, id) in named {
            match ahead.is_alive(target, id) {
                Some(true) => {}
                Some(false) => faults.push(Fault::new(path, "dead_link")),
                None => left.push((path, id)),
            }
        }
        let access = access(order, target)?;
        faults.extend(dead_links(tx, order, &access, target, left).await?);
    }
    Ok(faults)
}

/// Refuses a change with what is wrong with it: first the ids that stand for nothing, then the rest, without what a
/// dead link would have filled in.
pub fn tell(order: &Order, unfit: Faults, wrong: Faults) -> Result<(), Refusal> {
    let form = &order.compiled.form;
    let is_dead = |link: &&Fault| link.code == "dead_link";
    let is_own = |fault: &Fault| !unfit.iter().filter(is_dead).any(|link| follows(form, link, fault));
    let own: Faults = wrong.into_iter().filter(is_own).collect();
    let faults: Faults = unfit.into_iter().chain(own).map(|fault| fault.under("fields")).collect();
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

/// Whether a fault is gone once the link leads somewhere, as far as anybody can know: something is missing, or can't be
/// computed, that follows from it in the same row.
fn follows(form: &Form, link: &Fault, fault: &Fault) -> bool {
    if !matches!(&*fault.code, "required" | "formula_error") {
        return false;
    }
    let ((link, link_row), (path, row)) = (split_row(&link.path), split_row(&fault.path));
    let subform = |path: &str| path.split_once('.').map(|(subform, _)| subform.to_string());
    let elsewhere = link_row.is_some() && subform(&link) == subform(&path) && link_row != row;
    !elsewhere && form.followers(&link).contains(path.as_str())
}

/// With whose eyes a record of this form is looked for that a change links to. A step of a flow opens fields of its own
/// form; it shows nobody a record of another.
pub fn access(order: &Order, target: Id) -> Result<Access, Refusal> {
    match order.path {
        Path::Web | Path::Api | Path::Import | Path::Task => order.access_to(target),
        Path::Consequence | Path::Demo => Ok(Access::system("links that nobody in particular sets")),
    }
}

/// A record that was in the bin may link to records that have gone since. Whether who restores it can see them does not
/// matter: they bring in no link.
async fn check_restored(tx: &mut Tx, order: &Order, item: &Item) -> Result<Faults, Refusal> {
    let access = Access::system("links of a record that is restored");
    let mut faults = Faults::new();
    for column in order.compiled.form.all_columns() {
        let Some(target) = column.target else { continue };
        if !matches!(column.field.kind, FieldKind::Link(_)) {
            continue;
        }
        let mut named = ids(Some(&item.new.values), column);
        // A link to itself comes back with it.
        named.retain(|(_, id)| *id != item.new.id);
        faults.extend(dead_links(tx, order, &access, target, named).await?);
    }
    Ok(faults)
}

/// The ids that are in the new record and were not at that place before.
pub(super) fn fresh(item: &Item, column: &Column) -> Named {
    let before = ids(item.old.as_ref().map(|old| &old.values), column);
    let known: BTreeSet<Id> = before.iter().map(|(_, id)| *id).collect();
    ids(Some(&item.new.values), column).into_iter().filter(|(_, id)| !known.contains(id)).collect()
}

fn ids(values: Option<&Values>, column: &Column) -> Named {
    let Some(values) = values else { return Vec::new() };
    let within = |path: &str, value: &Value| -> Named {
        value.items().iter().filter_map(Value::as_ref_id).map(|id| (path.to_string(), id)).collect()
    };
    match column.subform() {
        None => within(&column.path, get(values, &column.path)),
        Some(subform) => {
            let rows = get(values, subform).rows().iter().enumerate();
            rows.flat_map(|(place, row)| {
                let path = format!("{subform}.{place}.{}", column.field.key);
                within(&path, get(&row.values, &column.field.key))
            })
            .collect()
        }
    }
}

/// Linked records must exist, as far as `access` sees them.
async fn dead_links(
    tx: &mut Tx,
    order: &Order,
    access: &Access,
    target: Id,
    named: Named,
) -> Result<Faults, Refusal> {
    if named.is_empty() {
        return Ok(Faults::new());
    }
    let wanted: BTreeSet<Id> = named.iter().map(|(_, id)| *id).collect();
    let wanted: Vec<Id> = wanted.into_iter().collect();
    let table = order.table_of(target)?;
    let found = store::record::get_many(tx, access, table, &wanted, &order.context).await?;
    let is_alive = |id: &Id| found.get(id).is_some_and(|record| record.system.is_live());
    let dead = named.into_iter().filter(|(_, id)| !is_alive(id));
    Ok(dead.map(|(path, _)| Fault::new(path, "dead_link")).collect())
}

/// A file can be attached by who uploaded it, once, and where it fits the field. After that it is that field's of that
/// record: another one has other limits, and is read by others. Several rows may name it in the same column, which is
/// one field to all of them: a row that is copied keeps its files, and who takes one row out leaves it to the others.
async fn unfit_files(
    tx: &mut Tx,
    order: &Order,
    item: &Item,
    column: &Column,
    named: Named,
) -> Result<Faults, Refusal> {
    let mut faults = Faults::new();
    for (path, id) in named {
        let file = File::find(tx, order.caller.workspace_id(), id).await?;
        let held = file.as_ref().is_some_and(|file| is_held(order, item, column, file));
        let Some(file) = file.filter(|file| held || is_known(order, item, file)) else {
            faults.push(Fault::new(path, "not_an_id"));
            continue;
        };
        if file.record.is_some() && !held {
            faults.push(Fault::new(path, "file_taken"));
            continue;
        }
        if let FieldKind::Files(limits) = &column.field.kind {
            let bytes = u64::try_from(file.size).unwrap_or_default();
            let unfit = limits.admit(&file.name, &file.media_type, bytes).err();
            faults.extend(unfit.map(|fault| fault.under(&path)));
        }
    }
    Ok(faults)
}

/// Whether this field of this record holds the file.
fn is_held(order: &Order, item: &Item, column: &Column, file: &File) -> bool {
    file.form == Some(order.form)
        && file.record == Some(item.new.id)
        && file.field.as_deref() == Some(column.path.as_str())
}

/// Whether the writer may know that there is such a file: their own, or one in a field of this record that groups let
/// them read.
fn is_known(order: &Order, item: &Item, file: &File) -> bool {
    if file.created_by == Some(order.caller.id()) {
        return true;
    }
    let in_record = file.form == Some(order.form) && file.record == Some(item.new.id);
    let field = file.field.as_deref().unwrap_or_default();
    in_record && !order.path.is_beyond_groups() && order.access.right(field) >= FieldRight::Read
}
