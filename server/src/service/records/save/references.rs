//! What ids in fields stand for must be there, and must be the writer's to name.

use std::collections::{BTreeMap, BTreeSet};

use engine::access::{Access, FieldRight};
use engine::field::{FieldKind, Reference};
use engine::form::{Column, Form, split_row};
use engine::text::{Fault, Faults};
use engine::value::{Id, Value, Values, get};
use store::Tx;
use store::file::File;
use store::record::{Hold, hold};

use super::ahead::{Ahead, Name};
use super::{Change, Item, offered};
use crate::service::Refusal;
use crate::service::files::{LARGEST, is_export};
use crate::service::records::{Order, Path};

/// The ids in a field, with the path of each.
pub(super) type Named = Vec<(String, Id)>;

/// Whether the writer sees the records that were looked for.
pub(super) type Seen = BTreeMap<Name, bool>;

/// Checks the ids that this change brings in; those that stand for nothing are answered, at paths of fields.
pub async fn check(tx: &mut Tx, order: &Order, item: &mut Item, ahead: &Ahead) -> Result<Faults, Refusal> {
    if matches!(item.change, Change::Restore { .. }) {
        return check_restored(tx, order, item).await;
    }
    if !item.is_edit() || matches!(item.change, Change::Unlink { .. }) {
        return Ok(Faults::new());
    }
    let seen = look(tx, order, item, &item.new.values, ahead).await?;
    item.seen.extend(seen);
    let mut faults = Faults::new();
    for column in order.compiled.form.all_columns() {
        if let Some(target) = column.target.filter(|_| column.field.kind.choices_from().is_some()) {
            faults.extend(offered::check(tx, order, item, (column, target), ahead).await?);
        }
        let Some(reference) = column.field.kind.reference() else { continue };
        match (reference, column.target) {
            (Reference::Record, Some(target)) => {
                let is_dead = |id: &Id| item.seen.get(&(target, *id)) != Some(&true);
                let dead = linked_anew(item, &item.new.values, column).into_iter();
                let dead = dead.filter(|(_, id)| is_dead(id));
                faults.extend(dead.map(|(path, _)| Fault::new(path, "dead_link")));
                faults.extend(offered::check(tx, order, item, (column, target), ahead).await?);
            }
            (Reference::Record, None) => {}
            (Reference::Member | Reference::Department, _) => {
                faults.extend(not_choosable(order, column, reference, fresh(item, column)));
            }
            (Reference::File, _) => {
                let named = fresh(item, column);
                faults.extend(unfit_files(tx, order, item, column, named).await?);
            }
        }
    }
    Ok(faults)
}

/// Keeps from what is computed whatever is in records that `values` link to anew and the writer does not see: neither
/// what a link fills in, nor a rule, nor a refusal may tell of them. True when there are such.
pub async fn hide_unseen(
    tx: &mut Tx,
    order: &Order,
    item: &mut Item,
    values: &Values,
    ahead: &Ahead,
) -> Result<bool, Refusal> {
    let seen = look(tx, order, item, values, ahead).await?;
    let unseen: Vec<Name> = seen.iter().filter(|(_, seen)| !**seen).map(|(name, _)| *name).collect();
    item.seen.extend(seen);
    for (form, id) in &unseen {
        item.linked.insert(*form, *id, Values::new());
    }
    if unseen.is_empty() {
        return Ok(false);
    }
    item.draft.learn(item.linked.clone());
    Ok(true)
}

/// Which of the records that `values` link to anew the writer sees. Those that were looked for before are left out.
async fn look(
    tx: &mut Tx,
    order: &Order,
    item: &Item,
    values: &Values,
    ahead: &Ahead,
) -> Result<Seen, Refusal> {
    let mut seen = Seen::new();
    let mut left: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for column in order.compiled.form.all_columns() {
        let is_link = column.field.kind.reference() == Some(Reference::Record);
        let Some(target) = column.target.filter(|_| is_link) else { continue };
        for (_, id) in linked_anew(item, values, column) {
            if item.seen.contains_key(&(target, id)) {
                continue;
            }
            if let Some(alive) = ahead.is_alive(target, id) {
                seen.insert((target, id), alive);
            } else {
                left.entry(target).or_default().insert(id);
            }
        }
    }
    for (target, ids) in left {
        let alive = alive(tx, order, &access(order, target)?, target, &ids).await?;
        seen.extend(ids.into_iter().map(|id| ((target, id), alive.contains(&id))));
    }
    Ok(seen)
}

/// Refuses a change with what is wrong with it: first the ids that stand for nothing, then the rest, without what a
/// dead link would have filled in and the rules that it may be about.
pub fn tell(order: &Order, unfit: Faults, wrong: Faults) -> Result<(), Refusal> {
    let form = &order.compiled.form;
    let is_dead = |link: &&Fault| link.code == "dead_link";
    let is_own = |fault: &Fault| !unfit.iter().filter(is_dead).any(|link| follows(form, link, fault));
    let own: Faults = wrong.into_iter().filter(is_own).collect();
    let faults: Faults = unfit.into_iter().chain(own).map(|fault| fault.under("fields")).collect();
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

/// Whether a fault is gone once the link leads somewhere, as far as anybody can know: a rule is broken or hides a field,
/// or something is missing, or can't be computed, that follows from it in the same row.
fn follows(form: &Form, link: &Fault, fault: &Fault) -> bool {
    let ((link, link_row), (path, row)) = (split_row(&link.path), split_row(&fault.path));
    // A rule that can't be computed is told at a field that was entered.
    let is_entered = |column: &Column| column.field.is_input() && column.default.is_none();
    match &*fault.code {
        "validation" | "not_writable" => return true,
        "formula_error" if form.column(&path).is_none_or(is_entered) => return true,
        "formula_error" | "required" => {}
        _ => return false,
    }
    let subform = |path: &str| path.split_once('.').map(|(subform, _)| subform.to_string());
    let elsewhere = link_row.is_some() && subform(&link) == subform(&path) && link_row != row;
    !elsewhere && form.followers(&link).contains(path.as_str())
}

/// With whose eyes a record of this form is looked for that a change links to. A step of a flow opens fields of its own
/// form; it shows nobody a record of another.
pub fn access(order: &Order, target: Id) -> Result<Access, Refusal> {
    match order.path {
        Path::Web
        | Path::PublicForm
        | Path::Hook
        | Path::Api
        | Path::Import
        | Path::BulkEdit
        | Path::Task => order.access_to(target),
        // Who puts back what was there brings in no link of their own.
        Path::Restore => Ok(Access::system("links that were there before")),
        Path::Flow | Path::Script | Path::Consequence | Path::Demo => {
            Ok(Access::system("links that nobody in particular sets"))
        }
    }
}

/// A record that was in the bin may link to records that have gone since. Whether who restores it can see them does not
/// matter: they bring in no link.
async fn check_restored(tx: &mut Tx, order: &Order, item: &Item) -> Result<Faults, Refusal> {
    let access = Access::system("links of a record that is restored");
    let mut faults = Faults::new();
    for column in order.compiled.form.all_columns() {
        let Some(target) = column.target else { continue };
        if column.field.kind.as_link().is_none() {
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
    added(item.old.as_ref().map(|old| &old.values), &item.new.values, column)
}

/// The links among `values` that the record has not had: all of a draft's, which counts from when it is submitted.
fn linked_anew(item: &Item, values: &Values, column: &Column) -> Named {
    let is_submit = matches!(item.change, Change::Submit { .. });
    let old = item.old.as_ref().filter(|_| !is_submit);
    added(old.map(|old| &old.values), values, column)
}

fn added(before: Option<&Values>, after: &Values, column: &Column) -> Named {
    let before = ids(before, column);
    let known: BTreeSet<Id> = before.iter().map(|(_, id)| *id).collect();
    ids(Some(after), column).into_iter().filter(|(_, id)| !known.contains(id)).collect()
}

/// The ids in a column, with the path of each.
fn ids(values: Option<&Values>, column: &Column) -> Named {
    let items = items(values, column).into_iter();
    items.filter_map(|(path, value)| Some((path, value.as_ref_id()?))).collect()
}

/// What a column holds, one by one, with the path of each.
pub(super) fn items(values: Option<&Values>, column: &Column) -> Vec<(String, Value)> {
    let Some(values) = values else { return Vec::new() };
    let within = |path: &str, value: &Value| -> Vec<(String, Value)> {
        value.items().iter().map(|item| (path.to_string(), item.clone())).collect()
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
    let alive = alive(tx, order, access, target, &wanted).await?;
    let dead = named.into_iter().filter(|(_, id)| !alive.contains(id));
    Ok(dead.map(|(path, _)| Fault::new(path, "dead_link")).collect())
}

/// Those of the records that are there, as far as `access` sees them.
async fn alive(
    tx: &mut Tx,
    order: &Order,
    access: &Access,
    target: Id,
    wanted: &BTreeSet<Id>,
) -> Result<BTreeSet<Id>, Refusal> {
    let wanted: Vec<Id> = wanted.iter().copied().collect();
    let table = order.table_of(target)?;
    // What is there now stays until the link to it is stored.
    hold(tx, table, &wanted, Hold::Linked).await?;
    let found = store::record::get_many(tx, access, table, &wanted, &order.context).await?;
    Ok(found.into_values().filter(|record| record.system.is_live()).map(|record| record.id).collect())
}

/// Who has left, and what is gone, is not named anew; nor who is beyond those among whom the field lets its writer
/// choose. What the product does in consequence chose somebody else, and so did who puts back what was there. What a flow
/// carries from one record to another stays what it was: nobody who has left since, and no department that is gone, keeps a
/// request from going on.
fn not_choosable(order: &Order, column: &Column, reference: Reference, named: Named) -> Faults {
    if named.is_empty() {
        return Faults::new();
    }
    let (people, within, chooser) = (&order.caller.people, column.field.kind.within(), order.caller.id());
    let is_of_departments = reference == Reference::Department;
    let choosable = if is_of_departments {
        people.departments_within(within, chooser)
    } else {
        people.members_within(within, chooser)
    };
    let is_carried = order.path == Path::Flow;
    // Who was named there before may have left since.
    let was_there = |id: Id| (is_carried || order.path == Path::Restore) && people.members.contains_key(&id);
    let is_there = |id: Id| match is_of_departments {
        true => is_carried || people.departments.contains_key(&id),
        false => people.is_active(id) || was_there(id),
    };
    let chooses = !matches!(order.path, Path::Flow | Path::Script | Path::Consequence | Path::Restore);
    let code = |id: Id| match &choosable {
        _ if !is_there(id) => Some("not_an_id"),
        Some(choosable) if !choosable.contains(&id) && chooses => Some("not_within"),
        _ => None,
    };
    named.into_iter().filter_map(|(path, id)| Some(Fault::new(path, code(id)?))).collect()
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
        // Nobody signs with what somebody else has drawn, be it in this very field.
        let is_signature = matches!(column.field.kind, FieldKind::Signature(_));
        let own = |file: &File| !is_signature || file.created_by == Some(order.caller.uploader());
        let file = file.filter(own);
        let Some(file) = file.filter(|file| held || is_known(order, item, file)) else {
            faults.push(Fault::new(path, "not_an_id"));
            continue;
        };
        if file.record.is_some() && !held {
            faults.push(Fault::new(path, "file_taken"));
            continue;
        }
        let bytes = u64::try_from(file.size).unwrap_or_default();
        if bytes > LARGEST {
            // It was sent for an import.
            let max = format!("{} MB", LARGEST >> 20);
            faults.push(Fault::new(path, "file_too_large").arg("name", &file.name).arg("max", max));
            continue;
        }
        let unfit = column.field.kind.admit(&file.name, &file.media_type, bytes).err();
        faults.extend(unfit.map(|fault| fault.under(&path)));
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
    if file.created_by == Some(order.caller.uploader()) {
        // An export goes with the right to it, and would stay in a record.
        return !is_export(file);
    }
    let in_record = file.form == Some(order.form) && file.record == Some(item.new.id);
    let field = file.field.as_deref().unwrap_or_default();
    in_record && !order.path.is_beyond_groups() && order.access.right(field) >= FieldRight::Read
}
