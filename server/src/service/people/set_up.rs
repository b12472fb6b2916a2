//! The first administrator: nobody can sign in before there is one, so a code on the console proves who may make it.

use std::sync::{Mutex, PoisonError};

use store::member::{Member, MemberState};
use store::workspace::Workspace;
use store::{Tx, ids};

use super::secret::{new_setup_code, same};
use super::sign_in::new_member;
use crate::service::clock;
use crate::service::{Cause, Installation, Refusal};

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

/// Makes the workspace and its first administrator.
///
/// # Errors
/// Not found once the product is set up; `wrong_setup_code`; faults of what was given.
pub async fn set_up(installation: &Installation, input: wire::Setup) -> Result<Member, Refusal> {
    if !is_needed(installation).await? {
        return Err(Refusal::missing());
    }
    if !installation.set_up_code.get().is_some_and(|code| same(&code, input.code.trim())) {
        return Err(Refusal::new(Cause::Forbidden, "wrong_setup_code"));
    }
    let workspace = new_workspace(&input)?;
    let member =
        first_administrator(installation, &workspace, &input.email, &input.name, &input.password).await?;
    installation.set_up_code.set(None);
    Ok(member)
}

/// Makes an administrator from the command line, and the first workspace if there is none.
pub async fn create_administrator(
    installation: &Installation,
    email: &str,
    name: &str,
    password: &str,
) -> Result<Member, Refusal> {
    let workspaces = Workspace::list(&mut installation.store.read().await?).await?;
    let workspace = match workspaces.into_iter().next() {
        Some(workspace) => workspace,
        None => new_workspace(&wire::Setup {
            code: String::new(),
            email: email.to_string(),
            name: name.to_string(),
            password: password.to_string(),
            workspace: None,
            language: None,
            zone: None,
            currency: None,
        })?,
    };
    let member = first_administrator(installation, &workspace, email, name, password).await?;
    installation.set_up_code.set(None);
    Ok(member)
}

fn new_workspace(input: &wire::Setup) -> Result<Workspace, Refusal> {
    let zone = input.zone.clone().unwrap_or_else(|| "Asia/Shanghai".to_string());
    if jiff::tz::TimeZone::get(&zone).is_err() {
        return Err(Refusal::fault("zone", "unknown_zone"));
    }
    let currency = input.currency.clone().unwrap_or_else(|| "CNY".to_string());
    if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(Refusal::fault("currency", "unknown_currency"));
    }
    Ok(Workspace {
        id: ids::next(),
        name: input.workspace.clone().unwrap_or_else(|| "Formwork".to_string()),
        language: input.language.unwrap_or_default(),
        zone,
        currency,
        created_at: clock::now(),
    })
}

async fn first_administrator(
    installation: &Installation,
    workspace: &Workspace,
    email: &str,
    name: &str,
    password: &str,
) -> Result<Member, Refusal> {
    let mut member = new_member(workspace.id, email, name);
    super::members::check(&member)?;
    member.password_hash = Some(installation.passwords.hash(password, &[name, email], "password").await?);
    member.state = MemberState::Active;
    member.administrator = true;
    let (workspace, parts) = (workspace.clone(), installation.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                insert(tx, &workspace, &member).await?;
                parts.directories.changed(tx, workspace.id).await?;
                Ok(member)
            })
        })
        .await
}

async fn insert(tx: &mut Tx, workspace: &Workspace, member: &Member) -> Result<(), Refusal> {
    if Workspace::find(tx, workspace.id).await?.is_none() {
        // Two who set up at once: the second finds a workspace that is not its own.
        Workspace::hold(tx).await?;
        if !Workspace::list(tx).await?.is_empty() {
            return Err(Refusal::missing());
        }
        workspace.insert(tx).await?;
    }
    match member.insert(tx).await {
        Err(store::Error::Conflict { .. }) => Err(super::members::email_taken()),
        other => Ok(other?),
    }
}
