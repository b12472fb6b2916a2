//! Which key a database is sealed with, and how it gets another.

use store::{Store, Tx, setting};

use super::Seal;
use super::keys::Keys;
use crate::service::people::second_factor;
use crate::service::{Cause, Installation, Refusal, hooks, links, mail, secrets};
use crate::settings::{SealKey, Settings};

/// What the database knows of its key.
const FINGERPRINT: &str = "seal_fingerprint";
/// Where databases of earlier versions have the key itself.
const WITHIN: &str = "seal_key";

/// What seals for this database. Where the newest key is another than before, everything that is stored is sealed anew.
///
/// # Errors
/// `bad_seal_key`, `unusable_key_file`; `seal_key_missing` and `other_seal_key` where what is stored could not be opened.
pub async fn of(store: &Store, source: &SealKey) -> Result<Seal, Refusal> {
    let mut db = store.read().await?;
    let known = setting::get(&mut db, FINGERPRINT).await?;
    let within = setting::get(&mut db, WITHIN).await?;
    drop(db);
    let keys = match (Keys::given(source)?, source) {
        (Some(keys), _) => keys,
        (None, SealKey::File(file)) if known.is_none() => Keys::make(file)?,
        (None, _) => return Err(missing(source)),
    };
    if known.as_deref() == Some(keys.fingerprint().as_str()) && within.is_none() {
        return Ok(Seal::with(keys.all()));
    }
    let older = within.as_deref().map(Keys::read).transpose()?;
    let all = older.map_or_else(|| keys.clone(), |older| keys.and(&older));
    let (seal, source) = (Seal::with(all.all()), source.clone());
    let (parts, wanted) = (seal.clone(), keys.clone());
    store
        .write::<(), Refusal, _>(move |tx| {
            Box::pin(async move {
                if !is_taken_over(tx, &wanted).await? {
                    return Err(other(&source));
                }
                second_factor::seal_anew(tx, &parts).await?;
                mail::seal_anew(tx, &parts).await?;
                secrets::seal_anew(tx, &parts).await?;
                links::seal_anew(tx, &parts).await?;
                hooks::seal_anew(tx, &parts).await?;
                setting::remove(tx, WITHIN).await?;
                Ok(())
            })
        })
        .await?;
    Ok(Seal::with(keys.all()))
}

/// Whether the database takes the newest of these keys from now on: it had it, or none, or another of them.
async fn is_taken_over(tx: &mut Tx, keys: &Keys) -> Result<bool, Refusal> {
    let newest = keys.fingerprint();
    // Two servers that begin at once with an empty database use the key of the first.
    let known = setting::claim(tx, FINGERPRINT, &newest).await?;
    if known == newest {
        return Ok(true);
    }
    if !keys.know(&known) {
        return Ok(false);
    }
    setting::set(tx, FINGERPRINT, &newest).await?;
    Ok(true)
}

/// Gives an installation that does not run another key, and forgets the one it had.
///
/// # Errors
/// `seal_key_given` where the key is none of ours to change; as [`of`].
pub async fn rotate(settings: Settings) -> Result<(), Refusal> {
    let SealKey::File(file) = settings.seal_key.clone() else {
        return Err(Refusal::new(Cause::Invalid, "seal_key_given"));
    };
    let before = Keys::given(&settings.seal_key)?.ok_or_else(|| missing(&settings.seal_key))?;
    let both = Keys::fresh()?.and(&before);
    // Until all is sealed anew both are there: whatever happens in between, nothing is lost.
    both.write(&file)?;
    let installation = Installation::open(settings).await?;
    installation.store.close().await;
    both.newest().write(&file)
}

/// What was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// Members who sign in with their password alone until they set up a second step anew.
    pub second_factors: u64,
    /// Letters that are not sent.
    pub letters: u64,
    /// Secrets of apps and of inbound hooks that have to be given anew.
    pub secrets: u64,
}

/// Gives up everything that is sealed with a key which is lost. The next start takes, or makes, another.
///
/// # Errors
/// When the database can't be opened or written.
pub async fn forget(store: &Store) -> Result<Forgotten, Refusal> {
    store
        .write::<Forgotten, Refusal, _>(|tx| {
            Box::pin(async move {
                setting::remove(tx, FINGERPRINT).await?;
                setting::remove(tx, WITHIN).await?;
                let second_factors = second_factor::forget_all(tx).await?;
                let letters = mail::forget_all(tx).await?;
                // Links stay good for those who have them; nobody is shown their addresses again.
                links::forget_all(tx).await?;
                let secrets = secrets::forget_all(tx).await? + hooks::forget_all(tx).await?;
                Ok(Forgotten { second_factors, letters, secrets })
            })
        })
        .await
}

fn missing(source: &SealKey) -> Refusal {
    Refusal::new(Cause::Invalid, "seal_key_missing").arg("file", name_of(source))
}

fn other(source: &SealKey) -> Refusal {
    Refusal::new(Cause::Invalid, "other_seal_key").arg("file", name_of(source))
}

fn name_of(source: &SealKey) -> String {
    match source {
        SealKey::Given(_) => "FORMWORK_KEY".to_string(),
        SealKey::File(file) => file.display().to_string(),
    }
}
