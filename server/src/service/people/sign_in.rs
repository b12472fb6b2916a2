//! Signing in and out, and finding out who asks.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use engine::value::Id;
use jiff::SignedDuration;
use store::member::{Member, MemberState};
use store::session::{Method, Session};
use store::token::Token;
use store::{Tx, ids};
use tokio::sync::watch;

use super::change::in_one_line;
use super::password::is_current;
use super::secret::{hash_of, new_secret};
use super::{Caller, Credential, second_factor};
use crate::service::swept::Swept;
use crate::service::{Cause, Installation, Refusal, audit, clock};

/// A session is noted as used at most this often: reading is no reason to write.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// What starts every API token, so that scanners of leaked secrets know it.
pub const TOKEN_PREFIX: &str = "fwk_";

/// Where a sign-in comes from.
#[derive(Clone, Debug, Default)]
pub struct From {
    pub address: Option<IpAddr>,
    pub agent: Option<String>,
    /// The request, as the log calls it.
    pub request: Option<String>,
}

/// Checks an address and a password, and the second step of whom has one, and opens a session; gives the cookie's value.
///
/// # Errors
/// `wrong_credentials`, whatever of the two was wrong; `too_many_requests` after too many of them;
/// `second_step_required`, `wrong_code`.
pub async fn sign_in(
    installation: &Installation,
    input: &wire::Login,
    from: From,
) -> Result<(String, Member), Refusal> {
    let email = input.email.as_str();
    let address = from.address.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    let now = Instant::now();
    installation.throttle.admit(email, address, now)?;
    let mut known = Vec::new();
    let found = who_has(installation, email, &input.password, &mut known).await;
    // Only what is known to be wrong goes on counting: a server that is busy has checked nothing.
    if !matches!(found, Ok(None)) {
        installation.throttle.forgive(email, address, now);
    }
    let Some(member) = found? else {
        audit::turn_away(installation, &known, &from).await?;
        return Err(Refusal::new(Cause::SignIn, "wrong_credentials"));
    };
    let passed = second_factor::pass(installation, &member, input.code.as_deref()).await;
    if matches!(&passed, Err(refusal) if refusal.code == "wrong_code") {
        audit::turn_away(installation, std::slice::from_ref(&member), &from).await?;
    }
    passed?;
    hash_anew(installation, &member, &input.password).await?;
    let secret = open_session(installation, &member, from).await?;
    Ok((secret, member))
}

/// Hashes a password anew that was hashed with less than is asked for today.
async fn hash_anew(installation: &Installation, member: &Member, password: &str) -> Result<(), Refusal> {
    let Some(before) = member.password_hash.clone().filter(|hashed| !is_current(hashed)) else {
        return Ok(());
    };
    let after = installation.passwords.hash_known(password).await?;
    let (parts, workspace, id) = (installation.clone(), member.workspace, member.id);
    installation
        .write(move |tx| {
            Box::pin(async move {
                if Member::set_hash(tx, workspace, id, &before, &after).await? {
                    parts.directories.changed(tx, workspace).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Whether the caller knows their own password. Wrong ones count as sign-ins that failed.
///
/// # Errors
/// `too_many_requests` after too many of them.
pub async fn knows_password(
    installation: &Installation,
    caller: &Caller,
    password: &str,
    from: From,
) -> Result<bool, Refusal> {
    let address = from.address.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    let (email, now) = (caller.member.email.as_str(), Instant::now());
    installation.throttle.admit(email, address, now)?;
    let known = installation.passwords.verify(password, caller.member.password_hash.as_deref()).await;
    if matches!(known, Ok(false)) {
        audit::turn_away(installation, std::slice::from_ref(&*caller.member), &from).await?;
    } else {
        installation.throttle.forgive(email, address, now);
    }
    known
}

/// The active member with this address and password. `known` gets those who have the address.
async fn who_has(
    installation: &Installation,
    email: &str,
    password: &str,
    known: &mut Vec<Member>,
) -> Result<Option<Member>, Refusal> {
    let members = Member::by_email(&mut installation.store.read().await?, email).await?;
    let mut right = None;
    for member in &members {
        if installation.passwords.verify(password, member.password_hash.as_deref()).await? {
            right = Some(member.clone());
            break;
        }
    }
    if members.is_empty() {
        installation.passwords.verify(password, None).await?;
    }
    *known = members;
    Ok(right.filter(|member| member.state == MemberState::Active))
}

/// Opens a session for a member who has shown who they are; gives the cookie's value.
pub async fn open_session(
    installation: &Installation,
    member: &Member,
    from: From,
) -> Result<String, Refusal> {
    open(installation, member, from, Method::Password).await
}

/// As [`open_session`], for one who has shown it in some way.
pub(super) async fn open(
    installation: &Installation,
    member: &Member,
    from: From,
    method: Method,
) -> Result<String, Refusal> {
    let secret = new_secret()?;
    let now = clock::now();
    let people = installation.directories.get(&installation.store, member.workspace).await?;
    let (idle, at_once) = (people.rules.idle(), i64::from(people.rules.session.at_once));
    let session = Session {
        hash: hash_of(&secret),
        workspace: member.workspace,
        member: member.id,
        created_at: now,
        seen_at: now,
        expires_at: now + idle.min(people.rules.longest()),
        ip: from.address.map(|address| address.to_string()),
        agent: from.agent.clone(),
        method,
        confirmed_at: now,
    };
    let member = member.clone();
    installation
        .write(move |tx| {
            Box::pin(async move {
                session.insert(tx).await?;
                Session::trim(tx, session.workspace, session.member, at_once).await?;
                Session::purge(tx, now).await?;
                audit::open_session(tx, &member, &from).await
            })
        })
        .await?;
    Ok(secret)
}

/// Ends the caller's session.
pub async fn sign_out(installation: &Installation, caller: &Caller) -> Result<(), Refusal> {
    let Credential::Session(hash) = caller.credential.clone() else { return Ok(()) };
    let (parts, caller) = (installation.clone(), caller.clone());
    installation
        .write(move |tx| {
            Box::pin(async move {
                if Session::delete(tx, hash).await? {
                    audit::close_session(tx, &caller).await?;
                }
                tx.on_commit(move || parts.look_up_again(caller.workspace_id(), caller.id()));
                Ok(())
            })
        })
        .await
}

/// Ends everything that a member is signed in with, but `except`.
pub async fn end_sessions(
    installation: &Installation,
    tx: &mut Tx,
    workspace: Id,
    member: Id,
    except: Option<&str>,
) -> Result<(), Refusal> {
    Session::end_all(tx, workspace, member, except).await?;
    let installation = installation.clone();
    tx.on_commit(move || installation.look_up_again(workspace, member));
    Ok(())
}

/// Who a credential belongs to, for the moment it was looked up.
#[derive(Clone, Debug)]
struct Known {
    workspace: Id,
    member: Id,
    credential: Credential,
    vouched: bool,
    looked_up: Instant,
}

/// Credentials seen within the last second, so that a busy browser does not cost a look-up for each request. What is
/// taken away here is gone at once, on another server within the second.
#[derive(Debug, Default)]
pub struct Sessions {
    known: Mutex<Swept<String, Known>>,
    /// Wakes those who look on for long, whenever somebody's credentials may have ended.
    endings: watch::Sender<()>,
}

const FRESH: Duration = Duration::from_secs(1);

impl Sessions {
    fn get(&self, hash: &str) -> Option<Known> {
        let known = self.lock();
        known.get(hash).filter(|known| known.looked_up.elapsed() < FRESH).cloned()
    }

    fn put(&self, hash: String, fresh: Known) {
        let mut known = self.lock();
        known.sweep(fresh.looked_up, FRESH, |_, known| known.looked_up.elapsed() < FRESH);
        known.insert(hash, fresh);
    }

    /// Has every credential of a member looked up again.
    pub fn forget(&self, member: Id) {
        self.lock().retain(|_, known| known.member != member);
        self.endings.send_replace(());
    }

    /// Wakes up whenever credentials may have ended on this server: whoever goes on for longer than a request then looks
    /// at its caller [`again`].
    pub fn endings(&self) -> watch::Receiver<()> {
        self.endings.subscribe()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Swept<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The caller behind a session cookie or an API token; `None` when it is not, or no longer, good.
///
/// # Errors
/// When the database can't be read.
pub async fn caller_of(
    installation: &Installation,
    secret: &str,
    address: Option<IpAddr>,
) -> Result<Option<Caller>, Refusal> {
    let hash = hash_of(secret);
    let known = match installation.sessions.get(&hash) {
        Some(known) => known,
        None => {
            let found = if secret.starts_with(TOKEN_PREFIX) {
                look_up_token(installation, &hash).await?
            } else {
                look_up_session(installation, &hash).await?
            };
            let Some(found) = found else { return Ok(None) };
            installation.sessions.put(hash, found.clone());
            found
        }
    };
    let found = caller(installation, known.workspace, known.member, known.credential, address).await?;
    Ok(found.map(|caller| Caller { vouched: known.vouched, ..caller }))
}

/// A caller from before, as they are now; `None` once their session or token has ended, or they may not act any more.
/// This is no use of a session: who only listens does not keep it alive.
///
/// # Errors
/// When the database can't be read.
pub async fn again(installation: &Installation, before: &Caller) -> Result<Option<Caller>, Refusal> {
    let now = clock::now();
    let mut db = installation.store.read().await?;
    let is_good = match &before.credential {
        Credential::Session(hash) | Credential::SeeingAs { session: hash, .. } => {
            let session = Session::find(&mut db, hash.clone()).await?;
            session.is_some_and(|session| session.expires_at > now)
        }
        Credential::Token { id, .. } => {
            let token = Token::find(&mut db, before.workspace_id(), *id).await?;
            token.is_some_and(|token| token.expires_at.is_none_or(|end| end > now))
        }
        Credential::Operator | Credential::Product => true,
        // A link, and a hook, opens what it opens for one request at a time.
        Credential::Link(_) | Credential::Hook(_) => false,
    };
    drop(db);
    if !is_good {
        return Ok(None);
    }
    if let Credential::SeeingAs { by, session } = &before.credential {
        // Whoever really looks has to administer the workspace still.
        let credential = Credential::Session(session.clone());
        let real = caller(installation, before.workspace_id(), *by, credential, before.address).await?;
        let real = real.map(|real| Caller { vouched: before.vouched, ..real });
        if !real.is_some_and(|real| real.is_administrator() && !second_factor::must_set_up(&real)) {
            return Ok(None);
        }
    }
    let credential = before.credential.clone();
    let now = caller(installation, before.workspace_id(), before.id(), credential, before.address).await?;
    let now = now.map(|caller| Caller { vouched: before.vouched, ..caller });
    Ok(now.filter(|caller| !second_factor::must_set_up(caller)))
}

/// A member as caller; `None` for one who may not act.
pub async fn caller(
    installation: &Installation,
    workspace: Id,
    member: Id,
    credential: Credential,
    address: Option<IpAddr>,
) -> Result<Option<Caller>, Refusal> {
    let people = installation.directories.get(&installation.store, workspace).await?;
    let member = people.members.get(&member).filter(|member| member.state == MemberState::Active);
    Ok(member.cloned().map(|member| Caller {
        workspace: people.workspace.clone(),
        member,
        people: Arc::clone(&people),
        credential,
        asked_language: None,
        address,
        request: None,
        vouched: false,
    }))
}

async fn look_up_session(installation: &Installation, hash: &str) -> Result<Option<Known>, Refusal> {
    let now = clock::now();
    let found = Session::find(&mut installation.store.read().await?, hash.to_string()).await?;
    let Some(session) = found.filter(|session| session.expires_at > now) else { return Ok(None) };
    // Where the clock was set back it was used later than now, and would go on for longer than it may.
    if now.duration_since(session.seen_at).abs() > NOTED_EVERY {
        let people = installation.directories.get(&installation.store, session.workspace).await?;
        let expires = (now + people.rules.idle()).min(session.created_at + people.rules.longest());
        let hash = hash.to_string();
        installation
            .write(move |tx| Box::pin(async move { Ok(Session::touch(tx, &hash, now, expires).await?) }))
            .await?;
    }
    Ok(Some(Known {
        workspace: session.workspace,
        member: session.member,
        credential: Credential::Session(session.hash),
        vouched: session.method == Method::Provider,
        looked_up: Instant::now(),
    }))
}

async fn look_up_token(installation: &Installation, hash: &str) -> Result<Option<Known>, Refusal> {
    let now = clock::now();
    let found = Token::by_hash(&mut installation.store.read().await?, hash).await?;
    let Some(token) = found.filter(|token| token.expires_at.is_none_or(|end| end > now)) else {
        return Ok(None);
    };
    let (workspace, id) = (token.workspace, token.id);
    if token.seen_at.is_none_or(|seen| now.duration_since(seen).abs() > NOTED_EVERY) {
        installation
            .write(move |tx| Box::pin(async move { Ok(Token::touch(tx, workspace, id, now).await?) }))
            .await?;
    }
    Ok(Some(Known {
        workspace,
        member: token.member,
        credential: Credential::Token { id, scopes: super::tokens::scopes(&token) },
        vouched: false,
        looked_up: Instant::now(),
    }))
}

/// A new member's first values.
pub fn new_member(workspace: Id, email: &str, name: &str) -> Member {
    Member {
        workspace,
        id: ids::next(),
        email: email.trim().to_lowercase(),
        name: in_one_line(name),
        password_hash: None,
        state: MemberState::Invited,
        administrator: false,
        manager: None,
        language: None,
        zone: None,
        title: None,
        phone: None,
        successor: None,
        created_at: clock::now(),
        version: 1,
    }
}
