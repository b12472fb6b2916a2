//! What an operator on the same machine can have done without signing in: whoever holds the data folder holds the
//! product.

use engine::text::Language;
use serde::{Deserialize, Serialize};
use store::member::Member;

use super::people::{Caller, Credential, set_up, sign_in, tokens};
use super::{Cause, Installation, Refusal};

/// One thing to do. The command line runs it itself, or has the running server do it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Operation {
    CreateAdministrator { email: String, name: String, password: String },
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
        Operation::CreateToken { email, name, scopes } => {
            let caller = member_named(installation, &email).await?;
            let input = wire::TokenInput { name, scopes, days: None };
            let (_, secret) = tokens::make(installation, &caller, input).await?;
            Ok(secret)
        }
    }
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
