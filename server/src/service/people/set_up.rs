//! The first administrator: nobody can sign in before there is one, so a code on the console proves who may make it.

use std::sync::{Mutex, PoisonError};

use engine::text::{Fault, Language};
use store::member::{Member, MemberState};
use store::workspace::Workspace;
use store::{Tx, ids};

use super::change::in_one_line;
use super::secret::{letters_of, new_setup_code, same};
use super::sign_in::{From, new_member};
use super::workspace::Rules;
use crate::service::{Cause, Installation, Refusal, audit, clock};

/// Characters of a workspace's name at most.
const LONGEST_NAME: usize = 200;

/// The one-time code, while nobody has used it.
#[derive(Default)]
pub struct SetUpCode(Mutex<Option<String>>);

impl SetUpCode {
    fn get(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, code: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = code;
    }
}

/// Makes a code when nobody is there yet; gives it, to be printed.
pub async fn offer(installation: &Installation) -> Result<Option<String>, Refusal> {
    if !is_needed(installation).await? {
        return Ok(None);
    }
    let code = new_setup_code()?;
    installation.set_up_code.set(Some(code.clone()));
    Ok(Some(code))
}

/// Whether the product still waits for its first administrator.
pub async fn is_needed(installation: &Installation) -> Result<bool, Refusal> {
    Ok(Member::count(&mut installation.store.read().await?).await? == 0)
}

/// What a password of the first administrator has to be like: no workspace has asked for more yet.
pub fn password() -> wire::PasswordPolicy {
    Rules::default().password
}

/// Makes the workspace and its first administrator.
///
/// # Errors
/// Not found once the product is set up; `wrong_setup_code`; faults of what was given.
pub async fn set_up(installation: &Installation, input: wire::Setup, from: &From) -> Result<Member, Refusal> {
    if !is_needed(installation).await? {
        return Err(Refusal::missing());
    }
    let typed = letters_of(&input.code);
    if !installation.set_up_code.get().is_some_and(|code| same(&letters_of(&code), &typed)) {
        return Err(Refusal::new(Cause::Forbidden, "wrong_setup_code"));
    }
    let wire::Setup { workspace: name, language, zone, currency, .. } = input.clone();
    let workspace = new_workspace(NewWorkspace { name, language, zone, currency })?;
    let person = (input.email.as_str(), input.name.as_str(), input.password.as_str());
    let member = first_administrator(installation, &workspace, person, Some(from)).await?;
    installation.set_up_code.set(None);
    Ok(member)
}

/// Makes an administrator from the command line, of the oldest workspace where none is named; the first workspace, too,
/// if there is none.
pub async fn create_administrator(
    installation: &Installation,
    workspace: Option<Workspace>,
    email: &str,
    name: &str,
    password: &str,
) -> Result<Member, Refusal> {
    let workspace = match workspace {
        Some(workspace) => workspace,
        None => {
            let all = Workspace::list(&mut installation.store.read().await?).await?;
            all.into_iter().next().map_or_else(|| new_workspace(NewWorkspace::default()), Ok)?
        }
    };
    let member = first_administrator(installation, &workspace, (email, name, password), None).await?;
    installation.set_up_code.set(None);
    Ok(member)
}

/// Makes one more workspace, with nobody in it.
///
/// # Errors
/// Faults of what was given.
pub async fn create_workspace(installation: &Installation, new: NewWorkspace) -> Result<Workspace, Refusal> {
    let name = in_one_line(new.name.as_deref().unwrap_or_default());
    if name.is_empty() {
        return Err(Refusal::fault("name", "required"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Refusal::invalid(vec![Fault::new("name", "too_long").arg("max", LONGEST_NAME)]));
    }
    let workspace = new_workspace(NewWorkspace { name: Some(name), ..new })?;
    installation
        .write(move |tx| {
            Box::pin(async move {
                workspace.insert(tx).await?;
                Ok(workspace)
            })
        })
        .await
}

/// What a workspace starts with; what is absent is as in most of them.
#[derive(Clone, Debug, Default)]
pub struct NewWorkspace {
    pub name: Option<String>,
    pub language: Option<Language>,
    pub zone: Option<String>,
    pub currency: Option<String>,
}

fn new_workspace(new: NewWorkspace) -> Result<Workspace, Refusal> {
    let zone = new.zone.unwrap_or_else(|| "Asia/Shanghai".to_string());
    if jiff::tz::TimeZone::get(&zone).is_err() {
        return Err(Refusal::fault("zone", "unknown_zone"));
    }
    let currency = new.currency.unwrap_or_else(|| "CNY".to_string());
    if !engine::field::is_currency(&currency) {
        let fault = Fault::new("currency", "unknown_currency").arg("currency", &currency);
        return Err(Refusal::invalid(vec![fault]));
    }
    Ok(Workspace {
        id: ids::next(),
        name: new.name.unwrap_or_else(|| "Formwork".to_string()),
        language: new.language.unwrap_or_default(),
        zone,
        currency,
        created_at: clock::now(),
    })
}

async fn first_administrator(
    installation: &Installation,
    workspace: &Workspace,
    (email, name, password): (&str, &str, &str),
    from: Option<&From>,
) -> Result<Member, Refusal> {
    let mut member = new_member(workspace.id, email, name);
    super::members::check(&member)?;
    // A workspace that is not there yet has said nothing.
    let asked = Rules::load(&mut installation.store.read().await?, workspace.id).await?.password;
    let hashed = installation.passwords.hash(password, asked, &[name, email], "password").await?;
    member.password_hash = Some(hashed);
    member.state = MemberState::Active;
    member.administrator = true;
    let (workspace, parts, from) = (workspace.clone(), installation.clone(), from.cloned());
    installation
        .write(move |tx| {
            Box::pin(async move {
                insert(tx, &workspace, &member).await?;
                audit::first_administrator(tx, &member, from.as_ref()).await?;
                parts.directories.changed(tx, workspace.id).await?;
                Ok(member)
            })
        })
        .await
}

async fn insert(tx: &mut Tx, workspace: &Workspace, member: &Member) -> Result<(), Refusal> {
    if Workspace::find(tx, workspace.id).await?.is_none() {
        // Two who set up at once: the second finds somebody in a workspace that is not its own.
        Workspace::hold(tx).await?;
        if Member::count(tx).await? > 0 {
            return Err(Refusal::missing());
        }
        workspace.insert(tx).await?;
    }
    match member.insert(tx).await {
        Err(store::Error::Conflict { .. }) => Err(super::members::email_taken()),
        other => Ok(other?),
    }
}
