//! Transaction scripts: what the form's package does when something happens to its records (automations.md 1). They see what
//! was persisted; what they set in it is stored under the same version.

mod answer;
mod bridge;
mod groups;
mod lines;
mod refusal;

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::context::Context;
use engine::form::{BoundScript, Form, ScriptEvent};
use engine::record::{ReadPolicy, Sent, read_fields};
use engine::script::{About, Names, Script, Seen};
use engine::text::Faults;
use engine::value::{Id, Value, Values, get};
use store::Tx;
use store::record::Record;
use wire::records::Fields;

use self::bridge::Asker;
pub(super) use self::lines::hold;
use super::ahead::Ahead;
use super::{Change, Item, figures, persist, references};
use crate::service::Refusal;
use crate::service::records::order::InScript;
use crate::service::records::{Order, Path, system_values};

/// Scripts that may lead to each other by what they write.
const DEEPEST: u32 = 4;
/// The state of a record that its flow has approved.
const APPROVED: &str = "approved";

/// Runs what is bound to what happens, record by record in the order of the save.
///
/// # Errors
/// What a script refuses, and what it may not do.
pub(super) async fn run(
    tx: &mut Tx,
    order: &Order,
    items: &mut [Item],
    ahead: &mut Ahead,
) -> Result<(), Refusal> {
    let form = order.compiled.form.clone();
    if form.scripts.is_empty() {
        return Ok(());
    }
    let saving = saving(order, items);
    let mut has_run = false;
    for item in items.iter_mut() {
        for event in happened(order, &form, item) {
            item.draft.give(system_values(&item.new));
            for bound in form.scripts_on(event) {
                if !applies(order, item, bound) {
                    continue;
                }
                has_run = true;
                let ran = one(tx, order, item, bound, &saving, ahead).await;
                ran.map_err(|refusal| item.refuse(order, refusal))?;
            }
        }
    }
    if has_run {
        // What scripts have written may count in them.
        figures::look_again(tx, order, items).await?;
    }
    Ok(())
}

/// The records of this save and of those around it.
fn saving(order: &Order, items: &[Item]) -> BTreeSet<(Id, Id)> {
    let around = order.script.iter().flat_map(|script| script.saving.iter().copied());
    around.chain(items.iter().map(|item| (order.form, item.new.id))).collect()
}

/// What happens to a record in this save: of one that a script is tried with, what somebody has chosen.
fn happened(order: &Order, form: &Form, item: &Item) -> Vec<ScriptEvent> {
    let chosen = order.trial.as_ref().and_then(|trial| trial.begin(order, item.new.id));
    chosen.map_or_else(|| events(form, item), |event| vec![event])
}

/// What happens to a record in this save. What was done for one that is void was taken back then: nothing more happens to it,
/// though it goes along with what it links to, or loses a link.
fn events(form: &Form, item: &Item) -> Vec<ScriptEvent> {
    if item.old.as_ref().is_some_and(|old| old.system.voided_at.is_some()) {
        return Vec::new();
    }
    let is_approved = |record: &Record| record.system.flow_state.as_deref() == Some(APPROVED);
    let was_live = item.old.as_ref().is_some_and(|old| old.system.is_live());
    let becomes_approved = is_approved(&item.new) && !item.old.as_ref().is_some_and(is_approved);
    let approve = |is: bool| is.then_some(ScriptEvent::Approve);
    match &item.change {
        Change::Create(_) | Change::Submit { .. } if item.becomes_live() => {
            std::iter::once(ScriptEvent::Submit).chain(approve(becomes_approved)).collect()
        }
        Change::Update { .. } | Change::Unlink { .. } | Change::Act(_) if was_live && item.is_changed() => {
            let is_edited = item.old.as_ref().is_some_and(|old| old.values != item.new.values);
            let edited = is_edited.then_some(ScriptEvent::Change);
            edited.into_iter().chain(approve(becomes_approved)).collect()
        }
        Change::Void { .. } => vec![ScriptEvent::Void],
        Change::Delete { .. } if was_live => vec![ScriptEvent::Delete],
        // What its deletion has taken back is done again.
        Change::Restore { .. } if item.new.system.is_live() && takes_back_at_deletion(form) => {
            std::iter::once(ScriptEvent::Submit).chain(approve(is_approved(&item.new))).collect()
        }
        Change::Create(_)
        | Change::Submit { .. }
        | Change::Update { .. }
        | Change::Unlink { .. }
        | Change::Act(_)
        | Change::Delete { .. }
        | Change::Restore { .. } => Vec::new(),
    }
}

fn takes_back_at_deletion(form: &Form) -> bool {
    form.scripts_on(ScriptEvent::Delete).next().is_some()
}

fn applies(order: &Order, item: &Item, bound: &BoundScript) -> bool {
    let source = item.draft.source(None);
    bound.when.as_ref().is_none_or(|when| when.holds(&source, &order.context))
}

async fn one(
    tx: &mut Tx,
    order: &Order,
    item: &mut Item,
    bound: &BoundScript,
    saving: &BTreeSet<(Id, Id)>,
    ahead: &mut Ahead,
) -> Result<(), Refusal> {
    let (app, key, script) = meant(order, bound)?;
    let asker = Asker { order, app, key: &key, within: Arc::new(within(order, saving)?) };
    let names = Arc::new(names(&order.compiled.form));
    let about = About {
        record: seen(&item.new, &names),
        old: item.old.as_ref().map(|old| seen(old, &names)),
        context: Context { params: order.designs.parameters(app), ..order.context.clone() },
        // Who answers is set where it runs.
        host: Arc::new(bridge::Nobody),
        budget: asker.within.budget.clone(),
    };
    let fields = asker.run(tx, script, about).await?;
    let named: Vec<String> = fields.keys().cloned().collect();
    set(tx, order, item, &asker, fields, ahead).await?;
    if let Some(trial) = order.trial.as_ref().filter(|_| order.script.is_none()) {
        trial.hear_set(order, &item.new, &named);
    }
    Ok(())
}

/// The script that a form binds: its app, its key, and what is run. One that is tried runs as it is tried.
fn meant(order: &Order, bound: &BoundScript) -> Result<(Id, String, Arc<Script>), Refusal> {
    let app = &order.compiled.form.sketch.app;
    if let Some(trial) = order.trial.as_ref().filter(|trial| trial.is_meant(order, app, &bound.script)) {
        return Ok((trial.app, trial.key.clone(), trial.script.clone()));
    }
    let missing = || Refusal::conflict("script_missing").arg("script", &bound.script);
    let design = order.designs.script_named(app, &bound.script).ok_or_else(missing)?;
    let script = design.script().map_err(|faults| Refusal { faults, ..missing() })?;
    Ok((design.row.app, design.row.key.clone(), script))
}

/// What a script of this save may do: what is left of the first one's budget.
fn within(order: &Order, saving: &BTreeSet<(Id, Id)>) -> Result<InScript, Refusal> {
    let (budget, depth) = match &order.script {
        Some(script) => (script.budget.clone(), script.depth + 1),
        None => (order.trial.as_ref().map(|trial| trial.budget.clone()).unwrap_or_default(), 0),
    };
    if depth > DEEPEST {
        return Err(Refusal::conflict("script_chain_too_long").arg("max", DEEPEST));
    }
    Ok(InScript { budget, depth, saving: saving.clone() })
}

/// The fields that scripts read: those that a record holds, and figures that are kept beside it.
fn names(form: &Form) -> Names {
    let held = form.all_columns().filter(|column| !column.is_live() || column.kept.is_some());
    held.map(|column| column.path.clone()).collect()
}

fn seen(record: &Record, names: &Arc<Names>) -> Seen {
    let mut values = record.values.clone();
    values.extend(record.figures.clone());
    values.extend(system_values(record));
    Seen::record(record.id, values, names.clone())
}

/// Computes, checks and stores what the script has set, under the version that was stored before.
async fn set(
    tx: &mut Tx,
    order: &Order,
    item: &mut Item,
    asker: &Asker<'_>,
    fields: Fields,
    ahead: &mut Ahead,
) -> Result<(), Refusal> {
    let form = order.compiled.form.clone();
    let sent = read(&form, &fields, &item.new.values).map_err(|faults| asker.failed_by(faults))?;
    if sent.values.is_empty() {
        return Ok(());
    }
    let stored = item.new.clone();
    let before = item.draft.stored_values();
    item.draft.apply(sent);
    order.answer(tx, &mut item.draft, &mut ahead.answers).await?;
    follow(&mut item.new.values, &before, &item.draft.stored_values(), &form);
    store::record::give_row_ids(&mut item.new.values);
    // Nobody is asked for what is missing: what they entered was checked.
    let wrong = item.draft.faults(&|_| false);
    let as_script = Order { path: Path::Script, ..order.clone() };
    let unfit = references::check(tx, &as_script, item, ahead).await?;
    references::tell(&as_script, unfit, wrong)?;
    lines::hold_for(tx, order, &order.designs, &[&item.new]).await?;
    persist::again(tx, order, &stored, item).await
}

/// What a script sets, as far as it is a script's to set.
fn read(form: &Form, fields: &Fields, stored: &Values) -> Result<Sent, Faults> {
    let by_script = |path: &str| form.column(path).is_some_and(|column| column.field.is_set_by_script());
    let policy = ReadPolicy { readable: &|_| true, writable: &by_script, serials: false, scripts: true };
    read_fields(form, fields, stored, &policy)
}

/// Takes over what has become different; all else stays as it is stored.
fn follow(values: &mut Values, before: &Values, after: &Values, form: &Form) {
    for column in form.fields() {
        let path = &column.path;
        if get(before, path) == get(after, path) {
            continue;
        }
        match get(after, path) {
            Value::Empty => drop(values.remove(path)),
            value => drop(values.insert(path.clone(), value.clone())),
        }
    }
}
