//! Secrets of apps: what calls of flows are signed with, or bring. What one is goes in and never comes out again but in a call,
//! to the hosts that it was given for (docs/decisions/0063).

use std::collections::BTreeMap;

use data_encoding::BASE64;
use engine::flow::{Place, is_header_of_secrets};
use engine::form::{SecretUse, Secrets, is_key};
use engine::text::{Fault, Faults};
use engine::value::{Id, format_timestamp};
use serde_json::json;
use store::app_secret::AppSecret;
use store::{Reader, Tx, ids};
use wire::{Secret, SecretInput, SecretPurpose};

use super::answer::Answer;
use super::apps::to_json;
use super::audit::{self, Note};
use super::cached::Snapshot;
use super::designs::{Designs, stored};
use super::people::Caller;
use super::seal::{Seal, random};
use super::{Installation, Refusal, clock};

/// What the keys of Standard Webhooks begin with, and how many bytes they have.
const KEY_PREFIX: &str = "whsec_";
const KEY_BYTES: usize = 32;
const LEAST_KEY_BYTES: usize = 24;
const MOST_KEY_BYTES: usize = 64;
/// Letters of a secret, hosts that one is for, and secrets of one app at most.
const LONGEST: usize = 4_000;
const MOST_HOSTS: usize = 20;
const MOST: usize = 100;
/// Keys of one name that sign at once: the new one, and the one that its receivers still know.
const MOST_SIGNERS: usize = 2;

fn purpose_of(row: &AppSecret) -> SecretPurpose {
    SecretPurpose::from_key(&row.purpose).unwrap_or(SecretPurpose::Sign)
}

/// What a sealed secret is good for.
fn bound(row: &AppSecret) -> String {
    format!("secret {} of app {}", row.id, row.app)
}

fn view(row: &AppSecret, value: Option<String>) -> Result<Secret, Refusal> {
    Ok(Secret {
        id: row.id,
        name: row.name.clone(),
        purpose: purpose_of(row),
        header: row.header.clone(),
        hosts: stored("app_secret", &row.hosts)?,
        created_at: format_timestamp(row.created_at),
        created_by: row.created_by,
        value,
    })
}

/// What flows may know of the secrets of each app, by the app's key.
///
/// # Errors
/// When the database can't be read.
pub async fn secrets_of(db: &mut Reader, designs: &Designs) -> Result<BTreeMap<String, Secrets>, Refusal> {
    let apps = designs.apps.values();
    let mut known: BTreeMap<String, Secrets> = apps.map(|app| (app.key.clone(), Secrets::new())).collect();
    for row in AppSecret::of_workspace(db, designs.workspace).await? {
        let Some(secrets) = known.get_mut(designs.app_key(row.app)) else { continue };
        let hosts: Vec<String> = stored("app_secret", &row.hosts)?;
        let is_sent = purpose_of(&row) != SecretPurpose::Sign;
        let secret = secrets.entry(row.name).or_insert_with(|| SecretUse { is_sent, hosts: Vec::new() });
        secret.hosts.extend(hosts);
    }
    Ok(known)
}

/// The secrets of an app, without what they are.
///
/// # Errors
/// Not found, forbidden.
pub async fn list(installation: &Installation, caller: &Caller, app: &str) -> Result<Vec<Secret>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let app = designs.app_to_administer(app, caller)?.id;
    let mut db = installation.store.read().await?;
    let rows = AppSecret::of_app(&mut db, caller.workspace_id(), app).await?;
    rows.iter().map(|row| view(row, None)).collect()
}

/// Keeps a secret for an app. A key that was made for it is in the answer, once: the answer is not kept for a repeated request.
///
/// # Errors
/// Not found, forbidden; faults of what was given; `secret_taken`.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    app: String,
    input: SecretInput,
) -> Result<Answer, Refusal> {
    caller.may_change()?;
    let (hosts, header) = checked(&input)?;
    let made = match (&input.value, input.purpose) {
        (None, SecretPurpose::Sign) => Some(new_key()?),
        _ => None,
    };
    let value = made.clone().or(input.value).unwrap_or_default();
    let (name, purpose) = (input.name, input.purpose);
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let designs = Designs::load(tx, actor.workspace_id()).await?;
                let app = designs.app_to_administer(&app, &actor)?.id;
                check_room(tx, &actor, app, &name, purpose).await?;
                let mut row = AppSecret {
                    workspace: actor.workspace_id(),
                    id: ids::next(),
                    app,
                    name,
                    purpose: purpose.key().to_string(),
                    header,
                    hosts: to_json(&hosts)?,
                    sealed: String::new(),
                    created_at: clock::now(),
                    created_by: Some(actor.id()),
                };
                row.sealed = parts.seal.close(&value, &bound(&row))?;
                row.insert(tx).await?;
                finish(&parts, tx, &actor, &row, "secret.create").await?;
                Answer::created(&view(&row, made)?)
            })
        })
        .await
}

/// Whether an app has room for one more secret of this name.
async fn check_room(
    tx: &mut Tx,
    caller: &Caller,
    app: Id,
    name: &str,
    purpose: SecretPurpose,
) -> Result<(), Refusal> {
    let all = AppSecret::of_app(tx, caller.workspace_id(), app).await?;
    let same: Vec<&AppSecret> = all.iter().filter(|row| row.name == name).collect();
    let is_second_signer = purpose == SecretPurpose::Sign
        && same.len() < MOST_SIGNERS
        && same.iter().all(|row| purpose_of(row) == SecretPurpose::Sign);
    if !same.is_empty() && !is_second_signer {
        let faults = vec![Fault::new("name", "not_unique")];
        return Err(Refusal { faults, ..Refusal::conflict("secret_taken") });
    }
    if all.len() >= MOST {
        return Err(Refusal::invalid(vec![Fault::new("", "too_many").arg("max", MOST)]));
    }
    Ok(())
}

/// The hosts that are meant, and the header.
fn checked(input: &SecretInput) -> Result<(Vec<String>, Option<String>), Refusal> {
    let mut faults = Faults::new();
    if !is_key(&input.name) || input.name.len() > 63 {
        faults.push(Fault::new("name", "invalid_key"));
    }
    let mut hosts = Vec::new();
    for (place, host) in input.hosts.iter().enumerate() {
        let host = host.trim().to_ascii_lowercase();
        let known = Place::of(&format!("https://{host}/")).filter(|place| place.host == host);
        match known {
            Some(known) if !hosts.contains(&known.host) => hosts.push(known.host),
            Some(_) => {}
            None => faults.push(Fault::new(format!("hosts.{place}"), "bad_host").arg("host", host)),
        }
    }
    if input.hosts.is_empty() {
        faults.push(Fault::new("hosts", "required"));
    }
    if input.hosts.len() > MOST_HOSTS {
        faults.push(Fault::new("hosts", "too_many").arg("max", MOST_HOSTS));
    }
    let header = input.header.as_deref().map(|header| header.trim().to_ascii_lowercase());
    match (input.purpose, &header) {
        (SecretPurpose::Header, None) => faults.push(Fault::new("header", "required")),
        (SecretPurpose::Header, Some(name)) if !is_header_of_secrets(name) => {
            faults.push(Fault::new("header", "bad_header").arg("header", name));
        }
        (SecretPurpose::Sign | SecretPurpose::Bearer, Some(_)) => {
            faults.push(Fault::new("header", "unknown_member").arg("member", "header"));
        }
        (_, _) => {}
    }
    faults.extend(value_fault(input));
    if faults.is_empty() { Ok((hosts, header)) } else { Err(Refusal::invalid(faults)) }
}

/// What is wrong with what a secret is; its words tell nothing of it.
fn value_fault(input: &SecretInput) -> Option<Fault> {
    let Some(value) = &input.value else {
        return (input.purpose != SecretPurpose::Sign).then(|| Fault::new("value", "required"));
    };
    if value.is_empty() {
        return Some(Fault::new("value", "required"));
    }
    if value.len() > LONGEST {
        return Some(Fault::new("value", "too_long").arg("max", LONGEST));
    }
    let fits = match input.purpose {
        SecretPurpose::Sign => key_in(value).is_some(),
        SecretPurpose::Bearer | SecretPurpose::Header => value.chars().all(|c| matches!(c, ' '..='~')),
    };
    let code = match input.purpose {
        SecretPurpose::Sign => "bad_signing_key",
        SecretPurpose::Bearer | SecretPurpose::Header => "bad_secret",
    };
    (!fits).then(|| Fault::new("value", code))
}

/// A key that signs, as Standard Webhooks write it.
///
/// # Errors
/// When there is no randomness to be had.
pub fn new_key() -> Result<String, Refusal> {
    Ok(format!("{KEY_PREFIX}{}", BASE64.encode(&random::<KEY_BYTES>()?)))
}

/// The bytes of a key that signs.
pub fn key_in(value: &str) -> Option<Vec<u8>> {
    let bytes = BASE64.decode(value.strip_prefix(KEY_PREFIX)?.as_bytes()).ok()?;
    (LEAST_KEY_BYTES..=MOST_KEY_BYTES).contains(&bytes.len()).then_some(bytes)
}

/// Takes a secret from its app. Calls that name it fail from then on, and are tried again.
///
/// # Errors
/// Not found; forbidden for who does not administer its app.
pub async fn delete(installation: &Installation, caller: &Caller, id: Id) -> Result<(), Refusal> {
    caller.may_change()?;
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let row = AppSecret::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
                let designs = Designs::load(tx, workspace).await?;
                // Who does not administer the app knows nothing of its secrets.
                designs.app_to_administer(&row.app.to_string(), &actor).map_err(|_| Refusal::missing())?;
                AppSecret::delete(tx, workspace, id).await?;
                finish(&parts, tx, &actor, &row, "secret.delete").await
            })
        })
        .await
}

async fn finish(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    row: &AppSecret,
    action: &str,
) -> Result<(), Refusal> {
    installation.designs.changed(tx, row.workspace).await?;
    let hosts: Vec<String> = stored("app_secret", &row.hosts)?;
    let told = json!({"app": row.app, "purpose": row.purpose, "header": row.header, "hosts": hosts});
    let note = Note { action, object: Some(row.id), label: Some(&row.name), changes: Some(told) };
    audit::note(tx, caller, note).await
}

/// What a call proves itself with.
#[derive(Clone, PartialEq, Eq)]
pub enum Proof {
    /// These keys sign it.
    Keys(Vec<Vec<u8>>),
    /// This header goes with it.
    Header(String, String),
}

/// The proof of this name for a call of an app to a host; none where there is none that is for this host.
///
/// # Errors
/// When the database can't be read.
pub async fn proof(
    installation: &Installation,
    (workspace, app): (Id, Id),
    name: &str,
    host: &str,
) -> Result<Option<Proof>, Refusal> {
    let rows = AppSecret::named(&mut installation.store.read().await?, (workspace, app), name).await?;
    let mut keys = Vec::new();
    let mut header = None;
    for row in rows {
        let hosts: Vec<String> = stored("app_secret", &row.hosts)?;
        let value = installation.seal.open(&row.sealed, &bound(&row));
        let Some(value) = value.filter(|_| hosts.iter().any(|known| known == host)) else { continue };
        match purpose_of(&row) {
            SecretPurpose::Sign => keys.extend(key_in(&value)),
            SecretPurpose::Bearer => {
                header = Some(("authorization".to_string(), format!("Bearer {value}")));
            }
            SecretPurpose::Header => header = row.header.map(|header| (header, value)),
        }
    }
    Ok(match header {
        Some((name, value)) => Some(Proof::Header(name, value)),
        None => (!keys.is_empty()).then_some(Proof::Keys(keys)),
    })
}

/// Seals every secret anew.
///
/// # Errors
/// When the database can't be read or written.
pub async fn seal_anew(tx: &mut Tx, seal: &Seal) -> Result<(), Refusal> {
    for row in AppSecret::everywhere(tx).await? {
        if let Some(sealed) = seal.anew(&row.sealed, &bound(&row))? {
            AppSecret { sealed, ..row }.update(tx).await?;
        }
    }
    Ok(())
}

/// Removes every secret of every app; gives how many there were.
///
/// # Errors
/// When the database can't be written.
pub async fn forget_all(tx: &mut Tx) -> Result<u64, Refusal> {
    Ok(AppSecret::forget_everywhere(tx).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(input: serde_json::Value) -> Vec<String> {
        let input: SecretInput = serde_json::from_value(input).unwrap();
        let refused = checked(&input).err().map(|refusal| refusal.faults).unwrap_or_default();
        refused.iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
    }

    #[test]
    fn a_secret_is_for_hosts_and_fits_where_it_goes() {
        let key = format!("{KEY_PREFIX}{}", BASE64.encode(&[7; 32]));
        let with = |purpose: &str, more: serde_json::Value| {
            let mut input = json!({"name": "erp", "purpose": purpose, "hosts": ["ERP.example.com"]});
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            faults(input)
        };
        assert_eq!(with("sign", json!({})), [""; 0]);
        assert_eq!(with("sign", json!({"value": key})), [""; 0]);
        assert_eq!(with("sign", json!({"value": "whsec_AAAA"})), ["value bad_signing_key"]);
        assert_eq!(with("bearer", json!({})), ["value required"]);
        assert_eq!(with("bearer", json!({"value": "a\r\nb"})), ["value bad_secret"]);
        assert_eq!(with("header", json!({"value": "x"})), ["header required"]);
        assert_eq!(with("header", json!({"value": "x", "header": "Host"})), ["header bad_header"]);
        assert_eq!(with("header", json!({"value": "x", "header": "Authorization"})), [""; 0]);
        assert_eq!(with("bearer", json!({"value": "x", "header": "y"})), ["header unknown_member"]);
        assert_eq!(with("sign", json!({"hosts": []})), ["hosts required"]);
        for host in ["a b", "user@host", "host:8080", "https://host", "*"] {
            assert_eq!(with("sign", json!({"hosts": [host]})), ["hosts.0 bad_host"], "{host}");
        }
        assert_eq!(with("sign", json!({"name": "No Name"})), ["name invalid_key"]);
    }

    #[test]
    fn nobody_prints_a_secret() {
        let input = json!({"name": "erp", "purpose": "bearer", "hosts": ["x"], "value": "canary-7"});
        let input: SecretInput = serde_json::from_value(input).unwrap();
        assert!(!format!("{input:?}").contains("canary"));
    }
}
