//! Who asks.

use std::net::IpAddr;
use std::sync::Arc;

use engine::text::Language;
use engine::value::Id;
use store::Tx;
use store::member::Member;
use store::workspace::Workspace;

use super::Directory;
use crate::service::hooks;
use crate::service::links::Pass;
use crate::service::{Installation, Refusal};

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
    /// The request that they ask with, as the log calls it.
    pub request: Option<String>,
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
    /// An administrator who looks as the member; the hash of their cookie. Nothing can be changed.
    SeeingAs { by: Id, session: String },
    /// Nobody: the product itself does what follows from something that the member has begun.
    Product,
    /// A public link: somebody without an account, who may do what it opens and nothing else.
    Link(Arc<Pass>),
    /// An inbound hook: another system, which may do what the hook says and nothing else.
    Hook(Arc<hooks::Pass>),
}

impl Caller {
    pub fn id(&self) -> Id {
        self.member.id
    }

    /// Who sits before the browser: an administrator who looks as a member uses up nothing of what the member has.
    pub fn asker(&self) -> Id {
        match self.credential {
            Credential::SeeingAs { by, .. } => by,
            Credential::Session(_)
            | Credential::Token { .. }
            | Credential::Operator
            | Credential::Product
            | Credential::Link(_)
            | Credential::Hook(_) => self.id(),
        }
    }

    pub fn workspace_id(&self) -> Id {
        self.workspace.id
    }

    /// Whether the caller may do everything in the workspace.
    pub fn is_administrator(&self) -> bool {
        self.member.administrator
    }

    /// Whether the caller may make apps: administrators always, and others where the workspace says so.
    pub fn may_make_apps(&self) -> bool {
        self.is_administrator() || self.people.rules.app_makers == wire::AppMakers::Everybody
    }

    /// Whether the credential reaches as far as `scope`.
    pub fn has_scope(&self, scope: wire::Scope) -> bool {
        match &self.credential {
            Credential::Token { scopes, .. } => scopes.is_empty() || scopes.contains(&scope),
            Credential::Session(_)
            | Credential::Operator
            | Credential::SeeingAs { .. }
            | Credential::Product => true,
            Credential::Link(_) | Credential::Hook(_) => false,
        }
    }

    /// What a link opens to the caller, if they came by one.
    pub fn link(&self) -> Option<&Pass> {
        if let Credential::Link(pass) = &self.credential { Some(pass) } else { None }
    }

    /// What a hook does with what comes, if it comes by one.
    pub fn hook(&self) -> Option<&hooks::Pass> {
        if let Credential::Hook(pass) = &self.credential { Some(pass) } else { None }
    }

    /// Whether nobody of the workspace asks, but somebody, or something, outside of it.
    pub fn is_outside(&self) -> bool {
        matches!(self.credential, Credential::Link(_) | Credential::Hook(_))
    }

    /// Whose the files are that the caller sends: theirs, or for a link those of the answer that is being filled in.
    pub fn uploader(&self) -> Id {
        self.link().and_then(|pass| pass.ticket).unwrap_or(self.member.id)
    }

    pub fn language(&self) -> Language {
        self.asked_language.or(self.member.language).unwrap_or(self.workspace.language)
    }

    /// The same request as another member would make it, for looking alone.
    pub fn seeing_as(&self, member: Arc<Member>) -> Caller {
        let session = match &self.credential {
            Credential::Session(session) => session.clone(),
            Credential::Token { .. }
            | Credential::Operator
            | Credential::SeeingAs { .. }
            | Credential::Product
            | Credential::Link(_)
            | Credential::Hook(_) => String::new(),
        };
        let credential = Credential::SeeingAs { by: self.id(), session };
        // Sentences go to whoever reads them.
        let asked_language = Some(self.language());
        Caller { member, credential, asked_language, ..self.clone() }
    }

    /// The same request with eyes for every record: for figures alone of which an administrator has said that they are of all
    /// records, whoever looks.
    pub fn seeing_all(&self) -> Caller {
        let member = Member { administrator: true, ..Member::clone(&self.member) };
        Caller { member: Arc::new(member), ..self.clone() }
    }

    /// The product itself, on behalf of a member, who may have left since, or of who came by a public link or a hook.
    ///
    /// # Errors
    /// When there was never such a member.
    pub fn product(people: &Arc<Directory>, member: Id) -> Result<Caller, Refusal> {
        let member = people.members.get(&member).cloned().or_else(|| people.guest(member));
        let member = member.ok_or_else(|| Refusal::internal("nobody has begun it"))?;
        Ok(Caller {
            workspace: people.workspace.clone(),
            member,
            people: people.clone(),
            credential: Credential::Product,
            asked_language: Some(people.workspace.language),
            address: None,
            request: None,
            vouched: false,
        })
    }

    /// The same with everybody as they are in this transaction: who has left since the request came is asked nothing.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn informed(&self, installation: &Installation, tx: &mut Tx) -> Result<Caller, Refusal> {
        let people = installation.directories.newest(&installation.store, tx, self.workspace_id()).await?;
        Ok(Caller { people, ..self.clone() })
    }

    /// Whether the product itself acts.
    pub fn is_product(&self) -> bool {
        self.credential == Credential::Product
    }

    /// Refuses whatever would change something, for one who only looks as somebody else.
    ///
    /// # Errors
    /// `see_as_reads_only`
    pub fn may_change(&self) -> Result<(), Refusal> {
        match self.credential {
            Credential::SeeingAs { .. } => Err(Refusal::forbidden("see_as_reads_only")),
            Credential::Session(_)
            | Credential::Token { .. }
            | Credential::Operator
            | Credential::Product
            | Credential::Link(_)
            | Credential::Hook(_) => Ok(()),
        }
    }

    /// How a write of this caller came, as history and audit call it.
    pub fn path(&self) -> &'static str {
        match self.credential {
            Credential::Session(_) | Credential::SeeingAs { .. } => "web",
            Credential::Token { .. } => "api",
            Credential::Operator => "operator",
            Credential::Product => "flow",
            Credential::Link(_) => "public_form",
            Credential::Hook(_) => "hook",
        }
    }
}

#[cfg(test)]
mod tests {
    use store::ids;

    use super::*;
    use crate::service::testing::on_an_installation;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn t67_who_looks_as_a_member_takes_no_turn_of_theirs() {
        on_an_installation("asker", async |_, caller| {
            let mei = Arc::new(Member { id: ids::next(), ..Member::clone(&caller.member) });
            let looking = caller.seeing_as(mei.clone());
            assert_eq!((looking.id(), looking.asker()), (mei.id, caller.id()));
            assert_eq!(caller.asker(), caller.id());
        })
        .await;
    }
}
