//! What came by a hook lately and what became of it. What a message said is not kept: where it was refused, by which code and at
//! which members is enough to mend its sender, or the hook.

use std::collections::BTreeMap;

use engine::text::{Fault, Language};
use engine::value::{Id, Timestamp, format_timestamp};
use serde::{Deserialize, Serialize};
use store::inbound_hook::{HookDelivery as Row, InboundHook};
use store::{Tx, ids};
use wire::{HookDelivery, HookOutcome};

use super::receive::Message;
use crate::service::apps::to_json;
use crate::service::designs::stored;
use crate::service::faults::error;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};
use crate::texts::texts;

/// How many are kept of a hook: of what its sender sent, and of what anybody may have sent.
const MOST: i64 = 100;
const MOST_UNPROVEN: i64 = 20;
/// Faults of one message that are kept.
const MOST_FAULTS: usize = 20;

/// Arguments by which a fault repeats what came, and what is kept in their place.
const SENT: [&str; 4] = ["choice", "found", "name", "part"];
const NOT_KEPT: &str = "…";

/// Why a message was refused, as it is kept: the sentence is made for whoever reads it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Why {
    code: String,
    args: BTreeMap<String, String>,
    faults: Vec<Fault>,
}

fn key_of(outcome: HookOutcome) -> &'static str {
    match outcome {
        HookOutcome::Created => "created",
        HookOutcome::Updated => "updated",
        HookOutcome::Unchanged => "unchanged",
        HookOutcome::Repeated => "repeated",
        HookOutcome::Refused => "refused",
    }
}

fn outcome_of(key: &str) -> HookOutcome {
    match key {
        "created" => HookOutcome::Created,
        "updated" => HookOutcome::Updated,
        "unchanged" => HookOutcome::Unchanged,
        "repeated" => HookOutcome::Repeated,
        _ => HookOutcome::Refused,
    }
}

/// A message at this moment, of which nothing is known but that it came.
fn came(hook: &InboundHook, message: &Message, now: Timestamp) -> Row {
    Row {
        workspace: hook.workspace,
        id: ids::next(),
        hook: hook.id,
        at: now,
        // What came without a proof may be called anything, and is shown to people.
        name: message.shown.name.as_ref().map(|name| name.chars().take(200).collect()),
        outcome: key_of(HookOutcome::Refused).to_string(),
        is_proven: true,
        record: None,
        code: None,
        why: None,
        address: message.from.address.map(|address| address.to_string()),
    }
}

/// Notes that a message was taken, in the transaction that takes it.
pub async fn keep_taken(
    tx: &mut Tx,
    hook: &InboundHook,
    message: &Message,
    (record, outcome): (Id, HookOutcome),
    now: Timestamp,
) -> Result<(), Refusal> {
    let row = Row { outcome: key_of(outcome).to_string(), record: Some(record), ..came(hook, message, now) };
    Ok(row.keep(tx, MOST).await?)
}

/// Notes that a message was refused, and why.
pub async fn keep_refused(
    installation: &Installation,
    hook: &InboundHook,
    message: &Message,
    (refusal, is_proven): (&Refusal, bool),
    now: Timestamp,
) -> Result<(), Refusal> {
    let why = Why {
        code: refusal.code.to_string(),
        args: refusal.args.clone(),
        faults: refusal.faults.iter().take(MOST_FAULTS).cloned().map(without_sent).collect(),
    };
    let row = Row {
        is_proven,
        code: Some(refusal.named.clone().unwrap_or_else(|| refusal.code.to_string())),
        why: Some(to_json(&why)?),
        ..came(hook, message, now)
    };
    let most = if is_proven { MOST } else { MOST_UNPROVEN };
    installation.write(move |tx| Box::pin(async move { Ok(row.keep(tx, most).await?) })).await
}

fn without_sent(mut fault: Fault) -> Fault {
    for (_, value) in fault.args.iter_mut().filter(|(key, _)| SENT.contains(&key.as_str())) {
        *value = NOT_KEPT.to_string();
    }
    fault
}

/// What came by a hook lately, the newest first.
///
/// # Errors
/// Not found; forbidden for who does not administer its form.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    (form, id): (&str, Id),
) -> Result<Vec<HookDelivery>, Refusal> {
    let workspace = caller.workspace_id();
    let designs = installation.designs.get(&installation.store, workspace).await?;
    let form = designs.form_to_administer(form, caller)?.row.id;
    let mut db = installation.store.read().await?;
    let hook = InboundHook::find(&mut db, workspace, id).await?;
    hook.filter(|hook| hook.form == form && hook.deleted_at.is_none()).ok_or_else(Refusal::missing)?;
    let rows = Row::of_hook(&mut db, workspace, id, MOST + MOST_UNPROVEN).await?;
    rows.into_iter().map(|row| view(row, caller.language())).collect()
}

fn view(row: Row, language: Language) -> Result<HookDelivery, Refusal> {
    let why: Option<Why> = row.why.as_deref().map(|why| stored("hook_delivery", why)).transpose()?;
    let sentence = |why: &Why| {
        let key = format!("problem-{}", why.code.replace('_', "-"));
        texts(language).get(&key, &why.args).unwrap_or_else(|| why.code.clone())
    };
    Ok(HookDelivery {
        id: row.id,
        at: format_timestamp(row.at),
        message: row.name,
        outcome: outcome_of(&row.outcome),
        record: row.record,
        reason: why.as_ref().map(sentence),
        code: row.code,
        errors: why.iter().flat_map(|why| &why.faults).map(|fault| error(fault, language)).collect(),
        address: row.address,
    })
}
