//! Making, changing and removing inbound hooks, for those who administer their form.

use engine::form::Form;
use engine::hook::HookDocument;
use engine::text::{Fault, Faults};
use engine::value::Id;
use serde_json::{Value as Json, json};
use store::inbound_hook::InboundHook;
use store::{Reader, Tx, ids};
use wire::{HookInput, HookPatch, HookProof};

use super::{bound_secret, bound_token, document_of, key_of, map_from, mode_from, proof_of, view};
use crate::service::answer::Answer;
use crate::service::apps::to_json;
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::designs::Designs;
use crate::service::people::secret::{hash_of, new_secret};
use crate::service::people::{Caller, in_one_line};
use crate::service::secrets::new_key;
use crate::service::{Cause, Installation, Refusal, clock};

/// Hooks of one form.
const MOST: usize = 50;
/// With those that are removed: what they are called stays, for what came by them.
const MOST_EVER: i64 = 1_000;
const LONGEST_NAME: usize = 200;

/// Makes a hook. Its secret is in the answer, once: the answer is not kept for a repeated request.
///
/// # Errors
/// Not found, forbidden; `form_not_published`; everything that is wrong with what was given; `reads_hidden_field` and
/// `reads_hidden_records` where its messages name records that its maker may not see.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    form: String,
    input: HookInput,
) -> Result<Answer, Refusal> {
    caller.may_change()?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let designs = Designs::load(tx, workspace).await?;
                let form = designs.form_to_administer(&form, &actor)?.row.id;
                let compiled = designs.published_form(form)?;
                if InboundHook::of_form(tx, workspace, form).await?.len() >= MOST {
                    return Err(Refusal::invalid(vec![Fault::new("", "too_many").arg("max", MOST)]));
                }
                if InboundHook::ever(tx, workspace, form).await? >= MOST_EVER {
                    return Err(Refusal::invalid(vec![Fault::new("", "too_many").arg("max", MOST_EVER)]));
                }
                let (token, secret, now) = (new_secret()?, secret_for(input.proof)?, clock::now());
                let document = HookDocument {
                    mode: mode_from(input.mode),
                    key: input.key,
                    map: map_from(input.map),
                    start_flow: input.start_flow,
                };
                let mut row = InboundHook {
                    workspace,
                    id: ids::next(),
                    form,
                    name: in_one_line(&input.name),
                    hash: hash_of(&token),
                    token_sealed: None,
                    proof: key_of(input.proof).to_string(),
                    secret_sealed: None,
                    former_sealed: None,
                    secret_at: now,
                    is_on: true,
                    deleted_at: None,
                    document: to_json(&document)?,
                    created_at: now,
                    created_by: Some(actor.id()),
                    taken_at: None,
                    version: 1,
                };
                check(&designs, &compiled, &row, &document)?;
                designs.may_open(&actor, &designs.opened_by_hook(&compiled, &document)?, &[])?;
                row.token_sealed = Some(parts.seal.close(&token, &bound_token(&row))?);
                row.secret_sealed = Some(parts.seal.close(&secret, &bound_secret(&row))?);
                row.insert(tx).await?;
                finish(&parts, tx, &actor, (None, &row), "hook.create").await?;
                let hook = view(&parts, (&designs, &actor.people), &row, Some(secret))?;
                Ok(Answer::created(&hook)?.version(row.version))
            })
        })
        .await
}

/// Changes the members of a hook that are given.
///
/// # Errors
/// Not found, forbidden; stale; everything that is wrong with what was given; `reads_hidden_field` and `reads_hidden_records` for
/// what it did not open before.
pub async fn update(
    installation: &Installation,
    caller: &Caller,
    (form, id): (String, Id),
    version: Option<i64>,
    patch: HookPatch,
) -> Result<Answer, Refusal> {
    caller.may_change()?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let (designs, mut row) = to_change(tx, &actor, (&form, id), version).await?;
                let old = row.clone();
                let former = document_of(&row)?;
                let mut document = former.clone();
                let is_redesigned = patch.mode.is_some()
                    || patch.key.is_some()
                    || patch.map.is_some()
                    || patch.start_flow.is_some();
                row.is_on = patch.on.unwrap_or(row.is_on);
                if let Some(name) = &patch.name {
                    row.name = in_one_line(name);
                }
                document.mode = patch.mode.map_or(document.mode, mode_from);
                document.key = patch.key.unwrap_or(document.key);
                document.map = patch.map.map_or(document.map, map_from);
                document.start_flow = patch.start_flow.unwrap_or(document.start_flow);
                // A hook whose form has changed since can be named and switched off all the same.
                if is_redesigned {
                    let form = designs.published_form(row.form)?;
                    check(&designs, &form, &row, &document)?;
                    let was_open = designs.opened_by_hook(&form, &former)?;
                    designs.may_open(&actor, &designs.opened_by_hook(&form, &document)?, &was_open)?;
                } else {
                    refuse(name_faults(&row))?;
                }
                // Whoever has its secret was kept out: who lets them in again sees what it opens.
                if row.is_on && !old.is_on {
                    let form = designs.published_form(row.form)?;
                    designs.may_open(&actor, &designs.opened_by_hook(&form, &document)?, &[])?;
                }
                row.document = to_json(&document)?;
                row.version += 1;
                row.update(tx).await?;
                finish(&parts, tx, &actor, (Some(&old), &row), "hook.update").await?;
                let hook = view(&parts, (&designs, &actor.people), &row, None)?;
                Ok(Answer::done(&hook)?.version(row.version))
            })
        })
        .await
}

/// Gives a hook another secret, which is in the answer, once. The one before stays good beside it, until it is ended or
/// another one is made. Whoever has a secret can ask by it for what the hook opens, and so has to see that.
///
/// # Errors
/// Not found, forbidden; stale; `reads_hidden_field`, `reads_hidden_records`.
pub async fn renew_secret(
    installation: &Installation,
    caller: &Caller,
    (form, id): (String, Id),
    version: Option<i64>,
) -> Result<Answer, Refusal> {
    caller.may_change()?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let (designs, mut row) = to_change(tx, &actor, (&form, id), version).await?;
                // By a form that does not fit what it links to nothing comes in; by the same secret it does once that is back.
                let form = designs.published_form(row.form)?;
                designs.may_open(&actor, &designs.opened_by_hook(&form, &document_of(&row)?)?, &[])?;
                let (secret, old) = (secret_for(proof_of(&row))?, row.clone());
                row.former_sealed = row.secret_sealed.take();
                row.secret_sealed = Some(parts.seal.close(&secret, &bound_secret(&row))?);
                row.secret_at = clock::now();
                row.version += 1;
                row.update(tx).await?;
                finish(&parts, tx, &actor, (Some(&old), &row), "hook.renew_secret").await?;
                let hook = view(&parts, (&designs, &actor.people), &row, Some(secret))?;
                Ok(Answer::done(&hook)?.version(row.version))
            })
        })
        .await
}

/// Ends the secret before the one that is there: its sender has changed to the new one.
///
/// # Errors
/// Not found, forbidden; stale.
pub async fn end_former_secret(
    installation: &Installation,
    caller: &Caller,
    (form, id): (String, Id),
    version: Option<i64>,
) -> Result<Answer, Refusal> {
    caller.may_change()?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let (designs, mut row) = to_change(tx, &actor, (&form, id), version).await?;
                let old = row.clone();
                row.former_sealed = None;
                row.version += 1;
                row.update(tx).await?;
                finish(&parts, tx, &actor, (Some(&old), &row), "hook.end_secret").await?;
                let hook = view(&parts, (&designs, &actor.people), &row, None)?;
                Ok(Answer::done(&hook)?.version(row.version))
            })
        })
        .await
}

/// Removes a hook for good. What came by it goes on being told to be of it.
///
/// # Errors
/// Not found, forbidden; stale.
pub async fn delete(
    installation: &Installation,
    caller: &Caller,
    (form, id): (String, Id),
    version: Option<i64>,
) -> Result<(), Refusal> {
    caller.may_change()?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let (_, mut row) = to_change(tx, &actor, (&form, id), version).await?;
                let old = row.clone();
                row.deleted_at = Some(clock::now());
                row.is_on = false;
                (row.token_sealed, row.secret_sealed, row.former_sealed) = (None, None, None);
                row.version += 1;
                row.update(tx).await?;
                finish(&parts, tx, &actor, (Some(&old), &row), "hook.delete").await
            })
        })
        .await
}

/// Refuses another version of a form where its hooks would then open what whoever publishes it may not see, and did not before.
///
/// # Errors
/// `reads_hidden_field`; `reads_hidden_records`.
pub async fn may_publish(
    db: &mut Reader,
    caller: &Caller,
    designs: &Designs,
    (before, form): (Option<&Form>, &Form),
) -> Result<(), Refusal> {
    for row in InboundHook::of_form(db, caller.workspace_id(), form.sketch.id).await? {
        let document = document_of(&row)?;
        let was_open =
            before.map(|before| designs.opened_by_hook(before, &document)).transpose()?.unwrap_or_default();
        designs.may_open(caller, &designs.opened_by_hook(form, &document)?, &was_open)?;
    }
    Ok(())
}

/// Switches off those hooks of a form that has come out of the bin which open what whoever brings it back may not see: meanwhile they
/// take nothing.
///
/// # Errors
/// When the database can't be read or written.
pub async fn come_back(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    form: Id,
) -> Result<(), Refusal> {
    let rows = InboundHook::of_form(tx, caller.workspace_id(), form).await?;
    for old in rows.into_iter().filter(|row| row.is_on) {
        let document = document_of(&old)?;
        let is_open = designs.may_open_again(caller, form, |form| designs.opened_by_hook(form, &document))?;
        if is_open {
            continue;
        }
        let row = InboundHook { is_on: false, version: old.version + 1, ..old.clone() };
        row.update(tx).await?;
        finish(installation, tx, caller, (Some(&old), &row), "hook.update").await?;
    }
    Ok(())
}

/// A hook of a form for one who changes it, kept from others until the transaction ends.
async fn to_change(
    tx: &mut Tx,
    caller: &Caller,
    (form, id): (&str, Id),
    version: Option<i64>,
) -> Result<(Designs, InboundHook), Refusal> {
    let workspace = caller.workspace_id();
    let designs = Designs::load(tx, workspace).await?;
    let form = designs.form_to_administer(form, caller)?.row.id;
    let row = InboundHook::lock(tx, workspace, id).await?;
    let row = row.filter(|row| row.form == form && row.deleted_at.is_none()).ok_or_else(Refusal::missing)?;
    if version.is_some_and(|version| version != row.version) {
        return Err(Refusal::new(Cause::Stale, "stale"));
    }
    Ok((designs, row))
}

fn secret_for(proof: HookProof) -> Result<String, Refusal> {
    match proof {
        HookProof::Sign => new_key(),
        HookProof::Bearer => new_secret(),
    }
}

fn name_faults(row: &InboundHook) -> Faults {
    let mut faults = Faults::new();
    if row.name.is_empty() {
        faults.push(Fault::new("name", "required"));
    }
    if row.name.chars().count() > LONGEST_NAME {
        faults.push(Fault::new("name", "too_long").arg("max", LONGEST_NAME));
    }
    faults
}

/// Everything that is wrong with a hook.
fn check(designs: &Designs, form: &Form, row: &InboundHook, document: &HookDocument) -> Result<(), Refusal> {
    let mut faults = name_faults(row);
    faults.extend(document.check(form, &|id| designs.published_form(id).ok()));
    refuse(faults)
}

fn refuse(faults: Faults) -> Result<(), Refusal> {
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

/// Notes a change of a hook, and makes known what hooks are called.
async fn finish(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    (old, row): (Option<&InboundHook>, &InboundHook),
    action: &str,
) -> Result<(), Refusal> {
    if old.is_none_or(|old| old.name != row.name) {
        installation.directories.changed(tx, row.workspace).await?;
    }
    let changes = match old {
        Some(old) => audit::difference(&described(old)?, &described(row)?),
        None => described(row)?,
    };
    let note = Note { action, object: Some(row.id), label: Some(&row.name), changes: Some(changes) };
    audit::note(tx, caller, note).await
}

/// A hook for the audit trail: of its token and its secrets nothing but how many there are, and since when.
fn described(row: &InboundHook) -> Result<Json, Refusal> {
    let secrets = [&row.secret_sealed, &row.former_sealed].into_iter().flatten().count();
    let mut all = json!({
        "form": row.form,
        "name": row.name,
        "on": row.is_on,
        "proof": row.proof,
        "secrets": secrets,
        "secret_at": engine::value::format_timestamp(row.secret_at),
    });
    let document = serde_json::to_value(document_of(row)?).map_err(Refusal::internal)?;
    if let (Json::Object(all), Json::Object(document)) = (&mut all, document) {
        all.extend(document);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use serde_json::from_value;

    use super::*;
    use crate::service::testing::{app, form, on_an_installation};

    /// What is removed keeps its name, so that there are only so many of them.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_form_has_had_a_thousand_hooks_at_most() {
        on_an_installation("hooks", async |installation, caller| {
            let app = app(installation, caller).await;
            let fields = json!([{"key": "name", "label": "Name", "kind": "text"}]);
            let document = json!({"key": "orders", "label": "Orders", "fields": fields});
            let form = form(installation, caller, &app, document).await;
            let make = async || {
                let hook = json!({"name": "Shop", "map": [{"from": "/name", "to": "name"}]});
                create(installation, caller, form.clone(), from_value(hook).unwrap()).await
            };
            make().await.unwrap();
            let (workspace, id) = (caller.workspace_id(), form.parse().unwrap());
            let made: Result<(), Refusal> = installation
                .write(move |tx| {
                    Box::pin(async move {
                        let first = InboundHook::of_form(tx, workspace, id).await?.remove(0);
                        for n in 2..MOST_EVER {
                            let (id, hash) = (ids::next(), format!("hash {n}"));
                            let deleted_at = Some(clock::now());
                            InboundHook { id, hash, deleted_at, ..first.clone() }.insert(tx).await?;
                        }
                        Ok(())
                    })
                })
                .await;
            made.unwrap();
            make().await.unwrap();
            let refused = make().await.err().unwrap();
            assert_eq!((refused.code, &*refused.faults[0].code), ("validation", "too_many"));
        })
        .await;
    }
}
