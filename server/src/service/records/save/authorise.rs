//! Who may do this with this record.

use engine::access::Operation;
use store::record::Record;

use super::{Change, Item};
use crate::service::Refusal;
use crate::service::records::{Order, Path, edit_of};

/// Whether the operation is allowed on the record as it is stored.
pub fn before(order: &Order, item: &Item) -> Result<(), Refusal> {
    if item.is_resubmitted() && !order.access.may(Operation::Create) {
        return Err(Refusal::forbidden("forbidden"));
    }
    if order.path.is_beyond_groups() {
        return as_it_stands(order, item);
    }
    allowed(order, item)?;
    as_it_stands(order, item)
}

/// What is void can't be changed any more, nor can what was approved where its form locks that; and only what scripts take
/// back can be voided. Links to what is deleted become empty all the same, and what goes with it goes.
fn as_it_stands(order: &Order, item: &Item) -> Result<(), Refusal> {
    let Some(old) = &item.old else { return Ok(()) };
    if order.path == Path::Script && !old.system.is_live() {
        return Err(Refusal::missing());
    }
    let follows = order.path == Path::Consequence || matches!(item.change, Change::Unlink { .. });
    if old.system.voided_at.is_some() && !follows {
        return Err(Refusal::conflict("voided"));
    }
    if touches_locked(order, item, old) {
        return Err(Refusal::conflict("locked_after_approval"));
    }
    let can_be_voided = old.system.is_live() && order.compiled.form.can_be_voided();
    if matches!(item.change, Change::Void { .. }) && !can_be_voided {
        return Err(Refusal::conflict("not_voidable"));
    }
    Ok(())
}

/// Whether people change what a form locks once it is approved, administrators too: they open the approval again, or take the
/// lock from the form. What flows and scripts keep in a record goes on, as does whose record it is, which says nothing else of it.
fn touches_locked(order: &Order, item: &Item, old: &Record) -> bool {
    let changes = match &item.change {
        Change::Update { fields, .. } => !fields.is_empty(),
        Change::Delete { .. } => true,
        Change::Create(_)
        | Change::Submit { .. }
        | Change::Restore { .. }
        | Change::Void { .. }
        | Change::Act(_)
        | Change::Unlink { .. } => false,
    };
    changes && is_locked(order, old)
}

/// Whether a form locks the record as it is stored, for who comes this way.
pub fn is_locked(order: &Order, old: &Record) -> bool {
    !order.path.is_beyond_groups() && order.compiled.form.locks(old.system.flow_state.as_deref())
}

/// Whether groups allow it.
fn allowed(order: &Order, item: &Item) -> Result<(), Refusal> {
    let keeps_draft = matches!(&item.change, Change::Create(create) if create.draft);
    if keeps_draft && !order.compiled.form.sketch.document.settings.drafts {
        return Err(Refusal::conflict("no_drafts"));
    }
    let Some(operation) = operation(item) else { return Ok(()) };
    let Some(old) = &item.old else {
        return if order.access.may(operation) { Ok(()) } else { Err(Refusal::forbidden("forbidden")) };
    };
    let source = item.draft.source(None);
    let may = |operation| order.access.may_on(operation, &source, &order.context);
    let own_draft = old.system.created_by == Some(order.caller.id());
    let visible =
        if old.system.is_draft() { own_draft || order.is_administrator() } else { may(Operation::View) };
    if !visible {
        return Err(Refusal::missing());
    }
    let is_restore = matches!(item.change, Change::Restore { .. });
    if old.system.deleted_at.is_some() != is_restore {
        return Err(Refusal::missing());
    }
    if matches!(item.change, Change::Submit { .. }) && !old.system.is_draft() {
        return Err(Refusal::conflict("not_a_draft"));
    }
    if old.system.is_draft() && own_draft {
        // A draft is its creator's own, as long as they may still make records.
        return if order.access.may(Operation::Create) {
            Ok(())
        } else {
            Err(Refusal::forbidden("forbidden"))
        };
    }
    // Many at once is a right of its own, beside that to change each.
    let may_so = order.path != Path::BulkEdit || may(Operation::BulkEdit);
    if may_so && may(operation) { Ok(()) } else { Err(Refusal::forbidden("forbidden")) }
}

/// Whether a group that allows this edit, on the record as it is stored, lets it leave the group's rows.
pub fn may_leave(order: &Order, item: &Item) -> bool {
    let Some(operation) = operation(item) else { return false };
    matches!(item.change, Change::Update { .. })
        && order.access.may_leave(operation, &item.draft.source(None), &order.context)
}

/// After the change the record must lie in the rows of a group that allowed it.
pub fn after(order: &Order, item: &Item) -> Result<(), Refusal> {
    let is_open = order.path.is_beyond_groups() && !item.is_resubmitted();
    // A draft is kept as it was typed, for its maker alone: it comes into somebody's rows when it is submitted.
    if is_open || order.access.is_unrestricted() || !item.is_submitted() {
        return Ok(());
    }
    let operation = match (&item.change, &item.old) {
        _ if item.is_resubmitted() => Operation::Create,
        (Change::Create(_) | Change::Submit { .. }, _) => Operation::Create,
        (Change::Update { .. }, _) if item.may_leave => return Ok(()),
        (Change::Update { .. }, _) => operation(item).unwrap_or(Operation::Edit),
        (
            Change::Delete { .. }
            | Change::Restore { .. }
            | Change::Void { .. }
            | Change::Act(_)
            | Change::Unlink { .. },
            _,
        ) => return Ok(()),
    };
    let source = item.draft.source(None);
    if order.access.may_on(operation, &source, &order.context) {
        Ok(())
    } else {
        Err(Refusal::forbidden("outside_your_rows"))
    }
}

fn operation(item: &Item) -> Option<Operation> {
    match &item.change {
        Change::Create(_) | Change::Submit { .. } => Some(Operation::Create),
        Change::Update { .. } => Some(item.old.as_ref().map_or(Operation::Edit, |old| edit_of(&old.system))),
        Change::Delete { .. } | Change::Restore { .. } => Some(Operation::Delete),
        Change::Void { .. } => Some(Operation::Void),
        Change::Act(_) | Change::Unlink { .. } => None,
    }
}
