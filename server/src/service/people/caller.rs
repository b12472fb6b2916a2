//! Who asks.

use std::net::IpAddr;
use std::sync::Arc;

use engine::text::Language;
use engine::value::Id;
use store::member::Member;
use store::workspace::Workspace;

use super::Directory;

/// A member who asks for something, with what decides about their rights at this moment.
///
/// Made anew for each request from what is stored, so that a right that was taken away is gone at once.
#[derive(Clone)]
pub struct Caller {
    pub workspace: Arc<Workspace>,
    pub member: Arc<Member>,
    /// Everybody in the workspace, as they were when the request came.
    pub people: Arc<Directory>,
    pub credential: Credential,
    /// The language that the request asks for.
    pub asked_language: Option<Language>,
    /// From where, for the audit trail.
    pub address: Option<IpAddr>,
    /// Whether an identity provider vouches for them: it asks for second steps itself.
    pub vouched: bool,
}

/// With what a caller has shown who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// A signed-in browser; the hash of its cookie.
    Session(String),
    /// An API token, limited to its scopes where it has any.
    Token { id: Id, scopes: Vec<wire::Scope> },
    /// An operator on this machine, who acts in the member's name.
    Operator,
}

impl Caller {
    pub fn id(&self) -> Id {
        self.member.id
    }

    pub fn workspace_id(&self) -> Id {
        self.workspace.id
    }

    /// Whether the caller may do everything in the workspace.
    pub fn is_administrator(&self) -> bool {
        self.member.administrator
    }

    /// Whether the credential reaches as far as `scope`.
    pub fn has_scope(&self, scope: wire::Scope) -> bool {
        match &self.credential {
            Credential::Token { scopes, .. } => scopes.is_empty() || scopes.contains(&scope),
            Credential::Session(_) | Credential::Operator => true,
        }
    }

    pub fn language(&self) -> Language {
        self.asked_language.or(self.member.language).unwrap_or(self.workspace.language)
    }

    /// How a write of this caller came, as history and audit call it.
    pub fn path(&self) -> &'static str {
        match self.credential {
            Credential::Session(_) => "web",
            Credential::Token { .. } => "api",
            Credential::Operator => "operator",
        }
    }
}
