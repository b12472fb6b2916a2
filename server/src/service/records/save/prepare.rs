//! What the record becomes: what was sent is read, defaults and formulas are computed, everything is checked.

use std::mem::take;

use engine::access::{FieldRight, Operation};
use engine::field::FieldKind;
use engine::flow::document::START;
use engine::flow::{Command, StepFields};
use engine::form::{Column, WhenHidden};
use engine::record::{Draft, ReadPolicy, Sent, read_fields, read_new_fields};
use engine::text::{Fault, Faults};
use engine::value::{Value, Values, get};
use store::Tx;
use wire::records::{Fields, SystemInput};

use super::ahead::Ahead;
use super::authorise::is_locked;
use super::references::hide_unseen;
use super::{Change, Item, former};
use crate::service::Refusal;
use crate::service::faults::of_closed_field;
use crate::service::records::live::{Eyes, system_values};
use crate::service::records::{Order, Path};

/// How often links that were filled in by rules are followed further.
const ROUNDS: usize = 4;

/// Reads, computes and checks one record. What is wrong with what it would be is answered, at paths of its fields: it is
/// told beside what its links are found to be.
pub async fn prepare(
    tx: &mut Tx,
    order: &Order,
    item: &mut Item,
    ahead: &mut Ahead,
) -> Result<Faults, Refusal> {
    // Nobody asks for what was sent after this.
    let (fields, system) = match &mut item.change {
        Change::Create(create) => (take(&mut create.fields), create.system.take()),
        Change::Update { fields, system, .. } => (take(fields), system.take()),
        Change::Submit { fields, .. } => (take(fields), None),
        Change::Act(act) if !act.is_edit() => return Ok(Faults::new()),
        Change::Act(act) => (take(&mut act.fields), None),
        Change::Delete { .. } => {
            item.new.system.deleted_at = Some(order.now());
            return Ok(Faults::new());
        }
        Change::Restore { .. } => {
            item.new.system.deleted_at = None;
            return Ok(Faults::new());
        }
        Change::Void { .. } => {
            item.new.system.voided_at = Some(order.now());
            return Ok(Faults::new());
        }
        Change::Unlink { fields, .. } => {
            let fields = fields.clone();
            compute(tx, order, item, fields.into(), ahead).await?;
            return Ok(Faults::new());
        }
    };
    let is_submit = matches!(item.change, Change::Submit { .. });
    if is_submit {
        item.new.system.flow_state = None;
    }
    if let Some(system) = &system {
        set_system(order, item, system)?;
    }
    if is_submit || system.is_some() {
        item.draft.give(system_values(&item.new));
    }
    // What is locked stays as it was approved: whose it is may be another's, and nothing is computed anew for that.
    if matches!(item.change, Change::Update { .. })
        && item.old.as_ref().is_some_and(|old| is_locked(order, old))
    {
        return Ok(Faults::new());
    }
    let sent = read(order, item, &fields)?;
    if !item.is_submitted() {
        // A draft is kept as it was typed.
        item.new.values.extend(sent.values);
        item.new.values.retain(|_, value| !value.is_empty());
        return Ok(Faults::new());
    }
    let values = sent.values.clone();
    compute(tx, order, item, sent, ahead).await?;
    Ok(check(order, item, &values))
}

/// Reads the fields that were sent, as far as this writer may set them.
fn read(order: &Order, item: &Item, fields: &Fields) -> Result<Sent, Refusal> {
    let form = &order.compiled.form;
    if order.path == Path::Restore
        && let Some(old) = &item.old
    {
        let writable = |path: &str| group_right(order, item, path) >= FieldRight::Edit;
        return Ok(former::values(form, fields, &old.values, &writable).into());
    }
    let step = step_fields(order, item);
    let readable = |path: &str| {
        group_right(order, item, path) >= FieldRight::Read
            && step.as_ref().is_none_or(|step| step.is_visible(path))
    };
    let writable = |path: &str| {
        group_right(order, item, path) >= FieldRight::Edit
            && step.as_ref().is_none_or(|step| step.is_editable(path))
    };
    let serials = matches!(&item.change, Change::Create(create) if create.gives_serials);
    let scripts = order.path == Path::Script;
    let policy = ReadPolicy { readable: &readable, writable: &writable, serials, scripts };
    let sent = match &item.old {
        Some(old) => read_fields(form, fields, &old.values, &policy),
        None => read_new_fields(form, fields, &policy),
    };
    let sent = sent.map_err(|faults| Refusal::invalid(prefixed(faults)))?;
    let entered = entered_before(item, &sent.values, &policy);
    if entered.is_empty() { Ok(sent) } else { Err(Refusal::invalid(entered)) }
}

/// What a submitted draft holds that its writer could not enter now, told as if they had just sent it. What only rules
/// set is not theirs to answer for.
fn entered_before(item: &Item, sent: &Values, policy: &ReadPolicy<'_>) -> Faults {
    let (Change::Submit { .. }, Some(old)) = (&item.change, &item.old) else { return Faults::new() };
    let form = item.draft.form();
    let mut faults = Faults::new();
    let mut judge = |column: &Column, path: &str, value: &Value| {
        let is_set = !value.is_empty() && *value != Value::Bool(false);
        if !is_set || !column.field.is_input() || (policy.writable)(&column.path) {
            return;
        }
        let fault = match (policy.readable)(&column.path) {
            true => Fault::new(path, "not_writable").under("fields"),
            // They may have lost sight of it since.
            false => of_closed_field(Fault::new(path, "unknown_field")),
        };
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    };
    for column in form.fields() {
        let value = sent.get(&column.path).unwrap_or_else(|| get(&old.values, &column.path));
        judge(column, &column.path, value);
        for (place, row) in value.rows().iter().enumerate() {
            for inner in form.columns_of(&column.path) {
                let path = format!("{}.{place}.{}", column.path, inner.field.key);
                judge(inner, &path, get(&row.values, &inner.field.key));
            }
        }
    }
    faults
}

/// What groups allow the writer on the field or column at a path.
fn group_right(order: &Order, item: &Item, path: &str) -> FieldRight {
    let access = &order.access;
    if item.is_resubmitted() {
        access.right(path)
    } else if order.path.is_beyond_groups() {
        FieldRight::Edit
    } else if item.old.as_ref().is_some_and(|old| !old.system.is_draft()) {
        access.right_on(path, &item.draft.source(None), &order.context)
    } else {
        access.right(path)
    }
}

/// Whether the writer may be told of the field at a path: they see it in some record, and where a flow begins at its
/// start; or at the step at which they act. What the product does in consequence, in another form perhaps, shows nothing
/// of it.
pub fn may_be_named(order: &Order, item: &Item, path: &str) -> bool {
    let by_group = order.access.right(path) >= FieldRight::Read;
    let by_step = step_fields(order, item).is_none_or(|step| step.is_visible(path));
    match order.path {
        Path::Task if !item.is_resubmitted() => by_step || by_group,
        Path::Task
        | Path::Web
        | Path::PublicForm
        | Path::Hook
        | Path::Api
        | Path::Import
        | Path::BulkEdit
        | Path::Restore
        | Path::Flow
        | Path::Script
        | Path::Consequence
        | Path::Demo => by_group && by_step,
    }
}

/// The rights on fields of the step at which somebody acts, or of the start where a flow begins or a draft is filled in
/// for it.
fn step_fields<'o>(order: &'o Order, item: &'o Item) -> Option<StepFields<'o>> {
    match &item.change {
        Change::Act(act) => act.flow.fields(act.step.as_deref()?),
        // What a flow does itself needs no right at the start of another one.
        Change::Create(_) | Change::Update { .. } | Change::Submit { .. }
            if !matches!(order.path, Path::Flow | Path::Script) && super::flow::is_at_start(order, item) =>
        {
            let (_, flow) = order.design().ok()?.flow.as_ref()?;
            flow.fields(START)
        }
        Change::Create(_)
        | Change::Update { .. }
        | Change::Submit { .. }
        | Change::Delete { .. }
        | Change::Restore { .. }
        | Change::Void { .. }
        | Change::Unlink { .. } => None,
    }
}

/// Computes what follows from what was sent, with the linked records that this and the rows of groups read. Of records that
/// the writer links to without seeing them, nothing is read.
async fn compute(
    tx: &mut Tx,
    order: &Order,
    item: &mut Item,
    sent: Sent,
    ahead: &mut Ahead,
) -> Result<(), Refusal> {
    let reads_links = order.reads_links();
    if reads_links {
        let mut merged = item.draft.values().clone();
        merged.extend(sent.values.clone());
        if hide_unseen(tx, order, item, &merged, ahead).await? {
            forget_unseen(order, item);
        }
        learn(tx, order, item, &merged).await?;
    }
    if order.path == Path::Restore {
        item.draft.restore(sent.values)
    } else {
        item.draft.apply(sent)
    }
    order.answer(tx, &mut item.draft, &mut ahead.answers).await?;
    if reads_links {
        settle_links(tx, order, item, ahead).await?;
    }
    for _ in 0..ROUNDS {
        if !order.answer_defaults(tx, &mut item.draft).await? {
            break;
        }
        order.answer(tx, &mut item.draft, &mut ahead.answers).await?;
        if reads_links {
            settle_links(tx, order, item, ahead).await?;
        }
    }
    take_values(item);
    Ok(())
}

/// Follows the links that were filled in by rules, as far as they lead.
async fn settle_links(tx: &mut Tx, order: &Order, item: &mut Item, ahead: &mut Ahead) -> Result<(), Refusal> {
    for _ in 0..ROUNDS {
        let settled = item.draft.values().clone();
        let hidden = hide_unseen(tx, order, item, &settled, ahead).await?;
        if !learn(tx, order, item, &settled).await? && !hidden {
            break;
        }
        order.answer(tx, &mut item.draft, &mut ahead.answers).await?;
    }
    Ok(())
}

/// A draft that links to what its writer no longer sees begins anew: what rules have made of those records is gone.
fn forget_unseen(order: &Order, item: &mut Item) {
    let (Change::Submit { .. }, Some(old)) = (&item.change, &item.old) else { return };
    let (form, context) = (order.compiled.form.clone(), order.context.clone());
    let (stored, given) = (old.values.clone(), system_values(&item.new));
    item.draft = Draft::edit(form, context, item.linked.clone(), stored, given);
}

/// Makes the records known to the draft that `values` lead to; true when some were not known yet.
async fn learn(tx: &mut Tx, order: &Order, item: &mut Item, values: &Values) -> Result<bool, Refusal> {
    let loaded = order.load_links(tx, std::iter::once(values), &mut item.linked, Eyes::System).await?;
    if loaded {
        item.draft.learn(item.linked.clone());
    }
    Ok(loaded)
}

/// What was sent must be visible; everything visible must be right.
fn check(order: &Order, item: &Item, sent: &Values) -> Faults {
    if order.path == Path::Restore {
        // What is hidden as things were is hidden again; nobody sent it.
        return checked(order, item);
    }
    let mut faults = Faults::new();
    for column in sent.keys().filter_map(|key| order.compiled.form.column(key)) {
        let (key, value) = (&column.path, get(sent, &column.path));
        let before = item.old.as_ref().map_or(&Value::Empty, |old| get(&old.values, key));
        if sets_hidden(item, column, key, before, value) {
            faults.push(Fault::new(key.as_str(), "not_writable"));
            continue;
        }
        for (place, row) in value.rows().iter().enumerate() {
            let known = before.rows().iter().find(|old| old.id.is_some() && old.id == row.id);
            for inner in order.compiled.form.columns_of(key) {
                let path = format!("{key}.{place}.{}", inner.field.key);
                let before = known.map_or(&Value::Empty, |old| get(&old.values, &inner.field.key));
                if sets_hidden(item, inner, &path, before, get(&row.values, &inner.field.key)) {
                    faults.push(Fault::new(path, "not_writable"));
                }
            }
        }
    }
    faults.extend(checked(order, item));
    faults
}

/// Whether a value was sent for what a rule hides. To empty what is cleared anyway is none, nor is an unset switch.
fn sets_hidden(item: &Item, column: &Column, path: &str, before: &Value, value: &Value) -> bool {
    let is_unset = |value: &Value| value.is_empty() || *value == Value::Bool(false);
    let is_same = value == before || (is_unset(value) && is_unset(before));
    let keeps = column.field.hidden_policy() == WhenHidden::Keep;
    item.draft.is_hidden(path) && !is_same && (keeps || !is_unset(value))
}

/// The faults that the writer is asked to mend: required is what they may edit.
fn checked(order: &Order, item: &Item) -> Faults {
    let step = step_fields(order, item);
    let source = item.draft.source(None);
    let editable = |path: &str| {
        if let Some(step) = &step {
            let is_open = order.path.is_beyond_groups() && !item.is_resubmitted();
            let by_group = is_open || order.access.right(path) >= FieldRight::Edit;
            return by_group && step.is_editable(path);
        }
        order.path.is_beyond_groups()
            || order.access.is_unrestricted()
            || order.access.right_on(path, &source, &order.context) >= FieldRight::Edit
    };
    let mut faults = item.draft.faults(&editable);
    if let Some(step) = step.as_ref().filter(|_| goes_on(item)) {
        faults.extend(required_at(item, step));
    }
    faults
}

/// Whether the flow goes on past the step: who sends a request back, or declines it, need not fill in what the step is for.
fn goes_on(item: &Item) -> bool {
    match &item.change {
        Change::Act(act) => !matches!(act.command, Command::Return { .. } | Command::Reject { .. }),
        _ => true,
    }
}

/// What the step asks for beyond the form's own rules.
fn required_at(item: &Item, step: &StepFields<'_>) -> Faults {
    let values = item.draft.values();
    let form = item.draft.form();
    let mut faults = Faults::new();
    for column in form.fields().filter(|column| column.field.is_input()) {
        if step.is_required(&column.path)
            && !item.draft.is_hidden(&column.path)
            && get(values, &column.path).is_empty()
            && !column.field.required
        {
            faults.push(Fault::new(column.path.as_str(), "required"));
        }
        for (place, row) in get(values, &column.path).rows().iter().enumerate() {
            for inner in form.columns_of(&column.path).filter(|inner| step.is_required(&inner.path)) {
                let path = format!("{}.{place}.{}", column.path, inner.field.key);
                let empty = get(&row.values, &inner.field.key).is_empty();
                if empty && !item.draft.is_hidden(&path) && !inner.field.required {
                    faults.push(Fault::new(path, "required"));
                }
            }
        }
    }
    faults
}

/// Tells the records their state and asks, for all of them together, what formulas that read it or a serial number ask of
/// other records.
pub async fn ask_again(
    tx: &mut Tx,
    order: &Order,
    items: &mut [Item],
    ahead: &mut Ahead,
) -> Result<(), Refusal> {
    let mut drafts = Vec::new();
    for item in items {
        let asks = if item.is_submitted() && item.is_edit() {
            if item.moved.is_some() {
                item.draft.give(system_values(&item.new));
            }
            true
        } else if item.moved.is_some() {
            follow_state(item);
            item.is_submitted() && is_approved(item)
        } else {
            false
        };
        if asks {
            drafts.push(&mut item.draft);
        }
    }
    order.answer_all(tx, &mut drafts, &mut ahead.answers).await
}

/// Last look, when state and serial numbers are known: what reads them is computed and checked; what did not change
/// keeps its version.
pub fn finish(order: &Order, item: &mut Item) -> Result<(), Refusal> {
    if item.is_submitted() {
        let has_scripts = !order.compiled.form.scripts.is_empty();
        if item.is_edit() && has_scripts {
            // What scripts set is computed on from here, and rows keep the ids that they are stored under.
            item.draft.name_rows(store::ids::next);
        }
        if item.is_edit() && (item.moved.is_some() || has_serials(item) || has_scripts) {
            take_values(item);
        }
        let faults = if is_approved(item) {
            // Nobody comes after the last decision to fill what is missing.
            item.draft.faults(&|_| true)
        } else if item.is_edit() && item.moved.is_some() {
            checked(order, item)
        } else {
            Faults::new()
        };
        if !faults.is_empty() {
            return Err(Refusal::invalid(prefixed(faults)));
        }
    }
    store::record::give_row_ids(&mut item.new.values);
    let Some(old) = &item.old else { return Ok(()) };
    let same_system = old.system == item.new.system;
    if old.values != item.new.values || !same_system {
        item.new.version = old.version + 1;
        item.new.system.updated_at = order.now();
        item.new.system.updated_by = Some(order.caller.id());
    }
    Ok(())
}

/// What is computed from the flow's state follows it where nobody edits the record, as when it is withdrawn; all else
/// stays as it is stored.
fn follow_state(item: &mut Item) {
    let before = item.draft.stored_values();
    item.draft.give(system_values(&item.new));
    let mut after = item.draft.stored_values();
    for column in item.draft.form().fields() {
        let path = &column.path;
        if get(&before, path) == get(&after, path) {
            continue;
        }
        match after.remove(path) {
            Some(value) => item.new.values.insert(path.clone(), value),
            None => item.new.values.remove(path),
        };
    }
}

/// Whether the flow approves the record in this save.
fn is_approved(item: &Item) -> bool {
    item.moved.as_ref().is_some_and(super::flow::is_approval)
}

fn has_serials(item: &Item) -> bool {
    item.draft.form().fields().any(|column| matches!(column.field.kind, FieldKind::Serial(_)))
}

fn take_values(item: &mut Item) {
    item.new.values = item.draft.stored_values();
}

fn set_system(order: &Order, item: &mut Item, input: &SystemInput) -> Result<(), Refusal> {
    let before = item.new.system.clone();
    let system = &mut item.new.system;
    let people = &order.caller.people;
    system.owner = input.owner.or(system.owner);
    // Who gets it takes it into their department; it stays there when they go to another one.
    let of_owner = match system.owner == before.owner {
        true => system.department,
        false => system.owner.and_then(|owner| people.department_of(owner)),
    };
    system.department = input.department.unwrap_or(of_owner);
    if let Some(collaborators) = &input.collaborators {
        system.collaborators.clone_from(collaborators);
    }
    let mut faults = Faults::new();
    if system.owner.is_some_and(|owner| !people.members.contains_key(&owner)) {
        faults.push(Fault::new("system.owner", "not_an_id"));
    }
    if system.department.is_some_and(|department| !people.departments.contains_key(&department)) {
        faults.push(Fault::new("system.department", "not_an_id"));
    }
    if system.collaborators.iter().any(|member| !people.members.contains_key(member)) {
        faults.push(Fault::new("system.collaborators", "not_an_id"));
    }
    if !faults.is_empty() {
        return Err(Refusal::invalid(faults));
    }
    if *system == before || order.path.is_beyond_groups() {
        return Ok(());
    }
    let source = item.draft.source(None);
    let allowed = match &item.old {
        Some(_) => order.access.may_on(Operation::ChangeOwner, &source, &order.context),
        None => order.access.may(Operation::ChangeOwner),
    };
    if allowed { Ok(()) } else { Err(Refusal::forbidden("forbidden")) }
}

/// Faults of fields, as a request's own paths.
fn prefixed(faults: Faults) -> Faults {
    faults.into_iter().map(|fault| fault.under("fields")).collect()
}

/// Whether two stored values differ.
pub fn differs(old: &Values, new: &Values, key: &str) -> bool {
    let empty = Value::Empty;
    old.get(key).unwrap_or(&empty) != new.get(key).unwrap_or(&empty)
}
