//! What an operator on the same machine can have done without signing in: whoever holds the data folder holds the
//! product.

use engine::text::Language;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use store::member::Member;
use store::workspace::Workspace;

use super::people::{Caller, Credential, set_up, sign_in, tokens};
use super::{Cause, Installation, Refusal, doctor, templates};

/// One thing to do. The command line runs it itself, or has the running server do it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Operation {
    CreateAdministrator {
        email: String,
        name: String,
        password: String,
        /// The id of their workspace; the oldest when absent.
        workspace: Option<String>,
    },
    CreateWorkspace {
        name: String,
        language: Option<Language>,
        zone: Option<String>,
        currency: Option<String>,
    },
    ListTemplates,
    InstallTemplate {
        key: String,
        locale: Option<Language>,
        demo: bool,
    },
    CreateToken {
        email: String,
        name: String,
        scopes: Vec<wire::Scope>,
    },
    /// Compares everything that is stored with what it should be.
    Doctor,
    /// Checks the chain of the audit trail.
    VerifyAudit,
}

impl Operation {
    /// Whether it looks for damage: then it is done however damaged the database is.
    pub fn examines(&self) -> bool {
        match self {
            Operation::Doctor | Operation::VerifyAudit => true,
            Operation::CreateAdministrator { .. }
            | Operation::CreateWorkspace { .. }
            | Operation::ListTemplates
            | Operation::InstallTemplate { .. }
            | Operation::CreateToken { .. } => false,
        }
    }
}

/// What came of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What is to be printed.
    pub text: String,
    /// What an examination found wrong, in one sentence; none where all is well.
    pub problem: Option<String>,
}

impl Outcome {
    fn done(text: String) -> Outcome {
        Outcome { text, problem: None }
    }

    fn examined(examination: &doctor::Examination, language: Language) -> Outcome {
        let told = examination.told(language);
        if examination.found.is_empty() {
            return Outcome::done(told);
        }
        let lines: Vec<String> = examination.found.iter().map(|found| found.told(language)).collect();
        Outcome { text: lines.join("\n"), problem: Some(told) }
    }
}

/// An operation with the language to answer in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    pub language: Language,
    pub operation: Operation,
}

/// Does it.
///
/// # Errors
/// As the services that it calls.
pub async fn run(installation: &Installation, order: Order) -> Result<Outcome, Refusal> {
    let Order { language, operation } = order;
    let text = match operation {
        Operation::Doctor => {
            return Ok(Outcome::examined(&doctor::examine(installation).await?, language));
        }
        Operation::VerifyAudit => {
            return Ok(Outcome::examined(&doctor::examine_audit(installation).await?, language));
        }
        Operation::CreateAdministrator { email, name, password, workspace } => {
            let workspace = match workspace {
                Some(id) => Some(workspace_with(installation, &id).await?),
                None => None,
            };
            let member =
                set_up::create_administrator(installation, workspace, &email, &name, &password).await?;
            format!("{} {}", member.id, member.email)
        }
        Operation::CreateWorkspace { name, language, zone, currency } => {
            let new = set_up::NewWorkspace { name: Some(name), language, zone, currency };
            set_up::create_workspace(installation, new).await?.id.to_string()
        }
        Operation::ListTemplates => {
            let caller = first_administrator(installation).await?;
            let templates = templates::list(installation, &caller).await?;
            let lines = templates.iter().map(|template| {
                let label = template.label.get(caller.language());
                let mark = if template.installed.is_empty() { "" } else { " *" };
                format!("{} {} {label}{mark}", template.key, template.version)
            });
            lines.collect::<Vec<_>>().join("\n")
        }
        Operation::InstallTemplate { key, locale, demo } => {
            let caller = first_administrator(installation).await?;
            let input = wire::InstallInput { app_name: None, locale, demo };
            let installed = templates::install_now(installation, &caller, key, input).await?;
            installed.app.to_string()
        }
        Operation::CreateToken { email, name, scopes } => {
            let caller = member_named(installation, &email).await?;
            let input = wire::TokenInput { name, scopes, days: None };
            let (_, secret) = tokens::make(installation, &caller, input).await?;
            secret
        }
    };
    Ok(Outcome::done(text))
}

/// The workspace with this id.
async fn workspace_with(installation: &Installation, id: &str) -> Result<Workspace, Refusal> {
    let unknown = || Refusal::new(Cause::Missing, "no_such_workspace").arg("workspace", id);
    let known: Id = id.parse().map_err(|_| unknown())?;
    Workspace::find(&mut installation.store.read().await?, known).await?.ok_or_else(unknown)
}

/// In whose name an operator installs: the first active administrator.
async fn first_administrator(installation: &Installation) -> Result<Caller, Refusal> {
    let unknown = || Refusal::new(Cause::Missing, "no_administrator");
    let workspaces = Workspace::list(&mut installation.store.read().await?).await?;
    for workspace in workspaces {
        if let Some(caller) = administrator_of(installation, workspace.id).await? {
            return Ok(caller);
        }
    }
    Err(unknown())
}

/// The first active administrator of a workspace, as caller.
///
/// # Errors
/// When the database can't be read.
pub async fn administrator_of(installation: &Installation, workspace: Id) -> Result<Option<Caller>, Refusal> {
    let members = Member::list(&mut installation.store.read().await?, workspace).await?;
    for member in members.into_iter().filter(|member| member.administrator) {
        let caller = sign_in::caller(installation, workspace, member.id, Credential::Operator, None).await?;
        if caller.is_some() {
            return Ok(caller);
        }
    }
    Ok(None)
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
