//! A message of another system: it is taken once, by the save that every record comes by.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use engine::flow::MOST_HOPS;
use engine::hook::{HookDocument, HookMode};
use engine::text::{Fault, Faults};
use engine::value::{Id, Timestamp};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use store::Tx;
use store::inbound_hook::{HookMessage, InboundHook};
use wire::records::Fields;
use wire::{HookOutcome, HookTaken};

use super::deliveries::{keep_refused, keep_taken};
use super::proof::Shown;
use super::{ADDRESS, Pass, document_of, proof_of, secrets_of};
use crate::service::answer::{Answer, Outcome};
use crate::service::audit::Attempt;
use crate::service::people::directory::guest;
use crate::service::people::secret::{hash_of, hex};
use crate::service::people::sign_in::From;
use crate::service::people::{Caller, Credential};
use crate::service::records::keys::find_by_key;
use crate::service::records::save::{Change, Create, save};
use crate::service::records::{Order, Path};
use crate::service::{Cause, Installation, Refusal, clock};

/// Letters of a token; what is longer is none.
const LONGEST_TOKEN: usize = 100;

/// What came.
#[derive(Clone)]
pub struct Message {
    pub shown: Shown,
    pub body: Bytes,
    /// The body, or why it can't be read: whoever does not have the secret is told nothing of that.
    pub content: Result<Json, Refusal>,
    pub from: From,
    /// Calls of flows that have led to it, each by the answer to another, as far as its sender says so.
    pub hops: i64,
}

/// Without what it says, whoever prints it.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").field("shown", &self.shown).finish_non_exhaustive()
    }
}

/// Takes a message. The same one again gets what the first got.
///
/// # Errors
/// Not found for a token that is none; `bad_signature`, `wrong_secret`, `stale_message`; `too_many_requests`; `hook_off`,
/// `hook_broken`; `call_chain_too_long` where systems answer each other; `idempotency_key_reused`; everything that is wrong with it, by JSON pointers.
pub async fn receive(installation: &Installation, token: &str, message: Message) -> Result<Answer, Refusal> {
    if token.len() > LONGEST_TOKEN {
        return Err(Refusal::missing());
    }
    let hook = InboundHook::by_hash(&mut installation.store.read().await?, &hash_of(token)).await?;
    let hook = hook.ok_or_else(Refusal::missing)?;
    let now = clock::now();
    let secrets = secrets_of(&installation.seal, &hook);
    if let Err(refusal) = message.shown.check(proof_of(&hook), &secrets, &message.body, now) {
        installation.visitors.admit_unproven(hook.id, message.from.address, Instant::now())?;
        // The list of what came is short, and whoever sends enough empties it; the trail keeps what was tried.
        let attempt = Attempt { method: "POST".to_string(), to: format!("{ADDRESS}{{token}}") };
        installation.refusals.note(&caller(installation, &hook, &message).await?, &attempt, refusal.code);
        keep_refused(installation, &hook, &message, (&refusal, false), now).await?;
        return Err(refusal);
    }
    installation.visitors.admit_message(hook.form, Instant::now())?;
    let taken = match message.hops > MOST_HOPS {
        true => Err(Refusal::conflict("call_chain_too_long")),
        false => take(installation, &hook, &message, now).await,
    };
    if let Err(refusal) = &taken
        && is_of_the_message(refusal)
    {
        keep_refused(installation, &hook, &message, (refusal, true), now).await?;
    }
    taken
}

/// Whether a refusal says something of the message or of the hook, and not of this moment.
fn is_of_the_message(refusal: &Refusal) -> bool {
    !matches!(refusal.cause, Cause::Internal | Cause::Busy | Cause::DiskFull | Cause::TooMany)
}

async fn take(
    installation: &Installation,
    hook: &InboundHook,
    message: &Message,
    now: Timestamp,
) -> Result<Answer, Refusal> {
    let content = Arc::new(message.content.clone()?);
    let caller = caller(installation, hook, message).await?;
    let once = || {
        let (parts, actor, hook, message) =
            (installation.clone(), caller.clone(), hook.clone(), message.clone());
        let content = content.clone();
        installation.write(move |tx| {
            Box::pin(async move {
                let work = Work { installation: &parts, caller: &actor, hook: &hook, message: &message, now };
                work.take(tx, &content).await
            })
        })
    };
    match once().await {
        // Somebody else has made the record meanwhile: now it is there to be changed.
        Err(refusal) if refusal.code == "not_unique" && document_of(hook)?.mode == HookMode::Upsert => {
            once().await
        }
        taken => taken,
    }
}

/// The hook as a caller.
async fn caller(
    installation: &Installation,
    hook: &InboundHook,
    message: &Message,
) -> Result<Caller, Refusal> {
    let mut people = installation.directories.get(&installation.store, hook.workspace).await?;
    if people.guest(hook.id).is_none() {
        // Another server has made the hook a moment ago: what it leads to is done in its name.
        installation.directories.doubt(hook.workspace);
        people = installation.directories.get(&installation.store, hook.workspace).await?;
    }
    let pass = Pass { hook: hook.id, form: hook.form, document: document_of(hook)?, hops: message.hops };
    Ok(Caller {
        workspace: people.workspace.clone(),
        member: Arc::new(guest(&people.workspace, hook.id, &hook.name)),
        people,
        credential: Credential::Hook(Arc::new(pass)),
        asked_language: None,
        address: message.from.address,
        request: message.from.request.clone(),
        vouched: false,
    })
}

/// A message at work.
struct Work<'w> {
    installation: &'w Installation,
    caller: &'w Caller,
    hook: &'w InboundHook,
    message: &'w Message,
    now: Timestamp,
}

impl Work<'_> {
    async fn take(&self, tx: &mut Tx, content: &Json) -> Result<Answer, Refusal> {
        let claim = self.claim();
        if let Some(claim) = &claim
            && let Some(first) = claim.claim(tx).await?
        {
            return self.again(tx, claim, &first).await;
        }
        let taken = self.saved(tx, content).await.map_err(there)?;
        // Late, so that messages of one hook wait for each other no longer than this.
        if !InboundHook::take(tx, self.hook.workspace, self.hook.id, self.now).await? {
            return Err(off());
        }
        keep_taken(tx, self.hook, self.message, (taken.record, taken.outcome), self.now).await?;
        let answer = Answer::done(&taken)?;
        if let Some(claim) = claim {
            HookMessage { answer: answer.body.clone(), ..claim }.update(tx).await?;
        }
        Ok(answer)
    }

    /// What keeps the same message from having an effect twice; nothing for one that has no name.
    fn claim(&self) -> Option<HookMessage> {
        let name = self.message.shown.name.clone()?;
        Some(HookMessage {
            workspace: self.hook.workspace,
            hook: self.hook.id,
            name,
            body_hash: hex(&Sha256::digest(&self.message.body)),
            answer: String::new(),
            at: self.now,
        })
    }

    /// The answer to a message that was taken before.
    async fn again(&self, tx: &mut Tx, claim: &HookMessage, first: &HookMessage) -> Result<Answer, Refusal> {
        if first.body_hash != claim.body_hash {
            return Err(Refusal::new(Cause::Invalid, "idempotency_key_reused"));
        }
        let taken: HookTaken = serde_json::from_str(&first.answer).map_err(Refusal::internal)?;
        keep_taken(tx, self.hook, self.message, (taken.record, HookOutcome::Repeated), self.now).await?;
        Ok(Answer { outcome: Outcome::Done, body: first.answer.clone(), version: None, unpublished: None })
    }

    async fn saved(&self, tx: &mut Tx, content: &Json) -> Result<HookTaken, Refusal> {
        // Its form, or the app of it, may lie in the recycle bin.
        let form = self.hook.form.to_string();
        let order = Order::to_write(self.installation, tx, self.caller, &form, Path::Hook).await;
        let order = order.map_err(|refusal| match (refusal.cause, refusal.code) {
            (Cause::Missing, _) => off(),
            (_, "form_broken") => broken(),
            _ => refusal,
        })?;
        let document = self.caller.hook().map(|pass| pass.document.clone()).unwrap_or_default();
        check(&order, &document)?;
        let mut fields: Fields = document.read(&order.compiled.form, content).map_err(Refusal::invalid)?;
        let placed = |refusal: Refusal| told(&document, refusal);
        name_links(tx, &order, &document, &mut fields).await.map_err(placed)?;
        let found = match &document.key {
            Some(key) => {
                let key = std::slice::from_ref(key);
                find_by_key(tx, &order, "", key, &fields).await.map_err(placed)?
            }
            None => None,
        };
        let (change, before) = match found {
            Some((id, version)) => {
                (Change::Update { id, version: None, fields, system: None }, Some(version))
            }
            None if document.mode == HookMode::Update => {
                let key = document.key.as_deref().unwrap_or_default();
                let fault = Fault::new(format!("fields.{key}"), "no_record_with_key");
                return Err(placed(Refusal::invalid(vec![fault])));
            }
            None => {
                let start_flow = Some(document.start_flow);
                (Change::Create(Create { fields, start_flow, ..Create::default() }), None)
            }
        };
        let saved = save(tx, &order, vec![change]).await.map_err(placed)?;
        let saved = saved.first().ok_or_else(|| Refusal::new(Cause::Internal, "internal"))?;
        let outcome = match before {
            None => HookOutcome::Created,
            Some(version) if version == saved.record.version => HookOutcome::Unchanged,
            Some(_) => HookOutcome::Updated,
        };
        Ok(HookTaken { record: saved.record.id, outcome })
    }
}

fn off() -> Refusal {
    Refusal::conflict("hook_off")
}

fn broken() -> Refusal {
    Refusal::conflict("hook_broken")
}

/// A refusal of the work at a hook that is there: 404 would tell its sender that the address is gone, where it is a form that links
/// lead to.
fn there(refusal: Refusal) -> Refusal {
    if refusal.cause == Cause::Missing { broken() } else { refusal }
}

/// Whether the form still has what the hook names: nothing of a message is left out in silence.
fn check(order: &Order, document: &HookDocument) -> Result<(), Refusal> {
    let other = |id: Id| {
        let design = order.designs.published(id).ok()?;
        Some(order.designs.compiled(design).ok()?.form)
    };
    let faults = document.check(&order.compiled.form, &other);
    if faults.is_empty() { Ok(()) } else { Err(broken()) }
}

/// Puts the ids of linked records in the place of what they are named by.
async fn name_links(
    tx: &mut Tx,
    order: &Order,
    document: &HookDocument,
    fields: &mut Fields,
) -> Result<(), Refusal> {
    let mut faults = Faults::new();
    for mapping in &document.map {
        let Some(by) = &mapping.by else { continue };
        let Some(target) = order.compiled.form.column(&mapping.to).and_then(|column| column.target) else {
            continue;
        };
        let there = order.with_form(target, Path::Hook)?;
        for (path, place) in places(fields, &mapping.to) {
            match id_of(tx, &there, by, place).await {
                Ok(()) => {}
                Err(refusal) if refusal.cause == Cause::Invalid => {
                    faults.push(Fault::new(path, "no_record_with_key").under("fields"));
                }
                Err(refusal) => return Err(refusal),
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

/// The values of a field, or of a column in all its rows, with the path of each.
fn places<'f>(fields: &'f mut Fields, to: &str) -> Vec<(String, &'f mut Json)> {
    match to.split_once('.') {
        None => fields.get_mut(to).map(|value| (to.to_string(), value)).into_iter().collect(),
        Some((subform, key)) => {
            let rows = fields.get_mut(subform).and_then(Json::as_array_mut);
            let rows = rows.into_iter().flatten().enumerate();
            rows.filter_map(|(place, row)| Some((format!("{subform}.{place}.{key}"), row.get_mut(key)?)))
                .collect()
        }
    }
}

/// Replaces the name of a record, or the names of several, by ids.
async fn id_of(tx: &mut Tx, there: &Order, by: &str, place: &mut Json) -> Result<(), Refusal> {
    let names: Vec<&mut Json> = match place {
        Json::Null => return Ok(()),
        Json::Array(names) => names.iter_mut().collect(),
        name => vec![name],
    };
    let key = [by.to_string()];
    for name in names {
        let named = Fields::from_iter([(by.to_string(), text_of(name))]);
        let found = find_by_key(tx, there, "", &key, &named).await?;
        let (id, _) = found.ok_or_else(|| Refusal::fault("", "no_record_with_key"))?;
        *name = Json::String(id.to_string());
    }
    Ok(())
}

/// Other systems number what they name; a field that holds numbers reads them from their digits.
fn text_of(name: &Json) -> Json {
    match name {
        Json::Number(number) => Json::String(number.to_string()),
        other => other.clone(),
    }
}

/// A refusal of the save with its faults where the message has what they are about. Each place is told once.
fn told(document: &HookDocument, refusal: Refusal) -> Refusal {
    let mut seen = BTreeSet::new();
    let faults = refusal.faults.into_iter().map(|fault| {
        let path = fault.path.trim_start_matches('.');
        let own = path.strip_prefix("fields.").unwrap_or(path);
        let path = document.pointer(own).unwrap_or_else(|| path.to_string());
        Fault { path, ..fault }
    });
    let faults = faults.filter(|fault| seen.insert((fault.path.clone(), fault.code.to_string()))).collect();
    Refusal { faults, ..refusal }
}
