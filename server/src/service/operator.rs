//! What an operator on the same machine can have done without signing in: whoever holds the data folder holds the
//! product.

use engine::text::Language;
use serde::{Deserialize, Serialize};
use store::member::Member;
use store::workspace::Workspace;

use super::people::{Caller, Credential, set_up, sign_in, tokens};
use super::{Cause, Installation, Refusal, templates};

/// One thing to do. The command line runs it itself, or has the running server do it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Operation {
    CreateAdministrator { email: String, name: String, password: String },
    ListTemplates,
    InstallTemplate { key: String, locale: Option<Language>, demo: bool },
    CreateToken { email: String, name: String, scopes: Vec<wire::Scope> },
}

/// An operation with the language to answer in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    pub language: Language,
    pub operation: Operation,
}

/// Does it; gives what is to be printed.
///
/// # Errors
/// As the services that it calls.
pub async fn run(installation: &Installation, operation: Operation) -> Result<String, Refusal> {
    match operation {
        Operation::CreateAdministrator { email, name, password } => {
            let member = set_up::create_administrator(installation, &email, &name, &password).await?;
            Ok(format!("{} {}", member.id, member.email))
        }
        Operation::ListTemplates => {
            let caller = first_administrator(installation).await?;
            let templates = templates::list(installation, &caller).await?;
            let lines = templates.iter().map(|template| {
                let label = template.label.get(caller.language());
                let mark = if template.installed.is_empty() { "" } else { " *" };
                format!("{} {} {label}{mark}", template.key, template.version)
            });
            Ok(lines.collect::<Vec<_>>().join("\n"))
        }
        Operation::InstallTemplate { key, locale, demo } => {
            let caller = first_administrator(installation).await?;
            let input = wire::InstallInput { app_name: None, locale, demo };
            let installed = templates::install_now(installation, &caller, key, input).await?;
            Ok(installed.app.to_string())
        }
        Operation::CreateToken { email, name, scopes } => {
            let caller = member_named(installation, &email).await?;
            let input = wire::TokenInput { name, scopes, days: None };
            let (_, secret) = tokens::make(installation, &caller, input).await?;
            Ok(secret)
        }
    }
}

/// In whose name an operator installs: the first active administrator.
async fn first_administrator(installation: &Installation) -> Result<Caller, Refusal> {
    let unknown = || Refusal::new(Cause::Missing, "no_administrator");
    let mut db = installation.store.read().await?;
    let workspaces = Workspace::list(&mut db).await?;
    let mut found = None;
    for workspace in workspaces {
        let members = Member::list(&mut db, workspace.id).await?;
        found = found.or(members.into_iter().find(|member| member.administrator));
    }
    drop(db);
    let member = found.ok_or_else(unknown)?;
    sign_in::caller(installation, member.workspace, member.id, Credential::Operator, None)
        .await?
        .ok_or_else(unknown)
}

/// The member with this address, as caller.
async fn member_named(installation: &Installation, email: &str) -> Result<Caller, Refusal> {
    let unknown = || Refusal::new(Cause::Missing, "no_such_member").arg("email", email);
    let members = Member::by_email(&mut installation.store.read().await?, email).await?;
    let member = members.first().ok_or_else(unknown)?;
    sign_in::caller(installation, member.workspace, member.id, Credential::Operator, None)
        .await?
        .ok_or_else(unknown)
}
