//! Inbound hooks: another system makes and changes records of a form (docs/decisions/0071).
//!
//! Administrators of a form make them ([`change`]). What comes is known by the token in its address and shown to come from the
//! sender by the secret ([`proof`]); it is taken once ([`receive`]). What came lately is told to those who administer the form
//! ([`deliveries`]).

pub mod change;
mod deliveries;
pub mod proof;
pub mod receive;

use engine::hook::{HookDocument, HookMode, Mapping};
use engine::value::{Id, format_timestamp};
use store::Tx;
use store::inbound_hook::InboundHook;
use wire::{Hook, HookMapping, HookProof};

use super::designs::{Designs, stored};
use super::people::members::person;
use super::people::{Caller, Directory};
use super::seal::Seal;
use super::{Installation, Refusal};

pub use deliveries::list as deliveries;

/// Where messages are sent, before the token.
pub const ADDRESS: &str = "/api/v1/hooks/";

/// What a hook may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    pub hook: Id,
    /// The form whose records it makes and changes.
    pub form: Id,
    pub document: HookDocument,
    /// Calls of flows that have led to the message, as its sender says.
    pub hops: i64,
}

fn proof_of(row: &InboundHook) -> HookProof {
    if row.proof == key_of(HookProof::Bearer) { HookProof::Bearer } else { HookProof::Sign }
}

fn key_of(proof: HookProof) -> &'static str {
    match proof {
        HookProof::Sign => "sign",
        HookProof::Bearer => "bearer",
    }
}

fn document_of(row: &InboundHook) -> Result<HookDocument, Refusal> {
    stored("inbound_hook", &row.document)
}

/// What the sealed token is good for.
fn bound_token(row: &InboundHook) -> String {
    format!("token of hook {}", row.id)
}

/// What the sealed secrets are good for.
fn bound_secret(row: &InboundHook) -> String {
    format!("secret of hook {}", row.id)
}

/// The secrets that are good, the newest first.
fn secrets_of(seal: &Seal, row: &InboundHook) -> Vec<String> {
    let sealed = [&row.secret_sealed, &row.former_sealed];
    let opened = |sealed: &String| seal.open(sealed, &bound_secret(row));
    sealed.into_iter().flatten().filter_map(opened).collect()
}

fn mode_of(mode: HookMode) -> wire::HookMode {
    match mode {
        HookMode::Create => wire::HookMode::Create,
        HookMode::Update => wire::HookMode::Update,
        HookMode::Upsert => wire::HookMode::Upsert,
    }
}

fn mode_from(mode: wire::HookMode) -> HookMode {
    match mode {
        wire::HookMode::Create => HookMode::Create,
        wire::HookMode::Update => HookMode::Update,
        wire::HookMode::Upsert => HookMode::Upsert,
    }
}

fn map_of(map: Vec<Mapping>) -> Vec<HookMapping> {
    let one = |Mapping { from, to, by, optional }| HookMapping { from, to, by, optional };
    map.into_iter().map(one).collect()
}

fn map_from(map: Vec<HookMapping>) -> Vec<Mapping> {
    let one = |HookMapping { from, to, by, optional }| Mapping { from, to, by, optional };
    map.into_iter().map(one).collect()
}

/// A hook for those who administer its form; the secret where it has just been made.
fn view(
    installation: &Installation,
    (designs, people): (&Designs, &Directory),
    row: &InboundHook,
    secret: Option<String>,
) -> Result<Hook, Refusal> {
    let document = document_of(row)?;
    let token =
        row.token_sealed.as_deref().and_then(|sealed| installation.seal.open(sealed, &bound_token(row)));
    let url = token.as_ref().map(|token| format!("{}{ADDRESS}{token}", installation.settings.base_url));
    let form = designs.published(row.form).and_then(|design| designs.compiled(design));
    let unfilled = form.map(|compiled| document.unfilled(&compiled.form)).unwrap_or_default();
    Ok(Hook {
        id: row.id,
        version: row.version,
        form: row.form,
        name: row.name.clone(),
        token,
        url,
        proof: proof_of(row),
        secret,
        secrets: u8::try_from(secrets_of(&installation.seal, row).len()).unwrap_or(u8::MAX),
        secret_at: format_timestamp(row.secret_at),
        on: row.is_on,
        mode: mode_of(document.mode),
        key: document.key,
        map: map_of(document.map),
        start_flow: document.start_flow,
        unfilled,
        created_at: format_timestamp(row.created_at),
        created_by: person(people, row.created_by.unwrap_or(row.id)),
        taken_at: row.taken_at.map(format_timestamp),
    })
}

/// The hooks of a form, the newest first.
///
/// # Errors
/// Not found; forbidden for who does not administer the form.
pub async fn list(installation: &Installation, caller: &Caller, form: &str) -> Result<Vec<Hook>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let form = designs.form_to_administer(form, caller)?.row.id;
    let mut db = installation.store.read().await?;
    let rows = InboundHook::of_form(&mut db, caller.workspace_id(), form).await?;
    rows.iter().map(|row| view(installation, (&designs, &caller.people), row, None)).collect()
}

/// Seals every token and every secret anew.
///
/// # Errors
/// When the database can't be read or written.
pub async fn seal_anew(tx: &mut Tx, seal: &Seal) -> Result<(), Refusal> {
    for row in InboundHook::everywhere(tx).await? {
        let anew = |sealed: &Option<String>, bound: &str| -> Result<Option<String>, Refusal> {
            let Some(before) = sealed else { return Ok(None) };
            // What is sealed with the newest key, or with none that is known, stays as it is.
            Ok(Some(seal.anew(before, bound)?.unwrap_or_else(|| before.clone())))
        };
        let (token, secret) = (bound_token(&row), bound_secret(&row));
        let next = InboundHook {
            token_sealed: anew(&row.token_sealed, &token)?,
            secret_sealed: anew(&row.secret_sealed, &secret)?,
            former_sealed: anew(&row.former_sealed, &secret)?,
            ..row.clone()
        };
        if next != row {
            next.update(tx).await?;
        }
    }
    Ok(())
}

/// Forgets what tokens and secrets are: hooks let nobody in until they have other secrets. Gives how many had one.
///
/// # Errors
/// When the database can't be written.
pub async fn forget_all(tx: &mut Tx) -> Result<u64, Refusal> {
    Ok(InboundHook::forget_secrets(tx).await?)
}
