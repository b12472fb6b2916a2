//! Members: the people who work here.

use engine::text::Fault;
use engine::value::Id;
use serde_json::json;
use store::Tx;
use store::department::Department;
use store::instance::Task;
use store::member::{Member, MemberState};
use store::role::Role;
use store::token::Token;

use super::change::in_one_line;
use super::sign_in::{From, end_sessions, new_member};
use super::{Caller, Credential, Directory, hand_over, second_factor};
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::once::Key;
use crate::service::{Installation, Refusal};

/// Characters of a title or a telephone number at most.
const LONGEST_TEXT: usize = 100;

/// A member as the wire has it.
pub fn view(member: &Member, people: &Directory) -> wire::Member {
    wire::Member {
        id: member.id,
        email: member.email.clone(),
        name: member.name.clone(),
        state: match member.state {
            MemberState::Active => wire::MemberState::Active,
            MemberState::Invited => wire::MemberState::Invited,
            MemberState::Disabled => wire::MemberState::Disabled,
        },
        manager: member.manager,
        departments: people.departments_of(member.id).into_iter().collect(),
        roles: people.roles_of(member.id).into_iter().collect(),
        language: member.language.unwrap_or(people.workspace.language),
        zone: member.zone.clone(),
        administrator: member.administrator,
        title: member.title.clone(),
        phone: member.phone.clone(),
        successor: member.successor,
    }
}

/// Who the caller is, as `GET /me` answers.
pub fn me(installation: &Installation, caller: &Caller) -> wire::Me {
    let workspace = &caller.workspace;
    wire::Me {
        member: view(&caller.member, &caller.people),
        workspace: wire::Workspace {
            id: workspace.id,
            name: workspace.name.clone(),
            language: workspace.language,
            zone: workspace.zone.clone(),
            currency: workspace.currency.clone(),
        },
        seen_by: match &caller.credential {
            Credential::SeeingAs { by, .. } => Some(person(&caller.people, *by)),
            Credential::Session(_)
            | Credential::Token { .. }
            | Credential::Operator
            | Credential::Product
            | Credential::Link(_)
            | Credential::Hook(_) => None,
        },
        may_make_apps: caller.may_make_apps(),
        must_set_up_second_factor: second_factor::must_set_up(caller),
        plain_http: installation.settings.reach.plain_http,
    }
}

/// A member by name.
pub fn person(people: &Directory, id: Id) -> wire::Person {
    wire::Person { id, name: people.name(id).to_string() }
}

/// Everybody, by name.
pub fn list(caller: &Caller) -> Vec<wire::Member> {
    let mut members: Vec<wire::Member> =
        caller.people.members.values().map(|member| view(member, &caller.people)).collect();
    members.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
    members
}

/// Makes a member.
///
/// # Errors
/// Faults of what was given; `email_taken`; `session_required` for a token that would make an administrator.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: wire::MemberInput,
) -> Result<Answer, Refusal> {
    // One more administrator with a password of the program's choice would do by a session what no token does.
    if input.administrator {
        super::tokens::is_no_token(caller)?;
    }
    let mut member = new_member(caller.workspace_id(), &input.email, &input.name);
    member.title = said(input.title);
    member.phone = said(input.phone);
    check(&member)?;
    caller.people.rules.check_language(input.language)?;
    if let Some(password) = &input.password {
        let (asked, about) = (caller.people.rules.password, [member.name.as_str(), member.email.as_str()]);
        member.password_hash = Some(installation.passwords.hash(password, asked, &about, "password").await?);
        member.state = MemberState::Active;
    }
    member.administrator = input.administrator;
    member.manager = input.manager;
    member.language = input.language;
    member.zone = input.zone;
    let roles = roles_named(&caller.people, &input.roles)?;
    check_relations(&caller.people, &member, &input.departments)?;
    let (parts, actor, departments) = (installation.clone(), caller.clone(), input.departments);
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                insert(tx, &member).await?;
                Department::set_of_member(tx, member.workspace, member.id, &departments).await?;
                Role::set_of_member(tx, member.workspace, member.id, &roles).await?;
                changed(&parts, tx, &member).await?;
                let people = Directory::load(tx, member.workspace).await?;
                let made = view(&member, &people);
                note(tx, &actor, "member.create", (None, &made), false).await?;
                Ok(Answer::created(&made)?.version(member.version))
            })
        })
        .await
}

/// Changes a member. A new password, another state and less power end what they are signed in with; a new password ends
/// their tokens too. What waits for somebody who leaves with it is handed over.
///
/// A password is set by nobody who comes with a token, and one's own in this way by who has just shown who they are: others change
/// it with the one that they have, by [`update_oneself`].
///
/// # Errors
/// Not found; faults; `last_administrator` where nobody would be left to administer; `session_required`, `reauth_required`.
pub async fn update(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    patch: wire::MemberPatch,
) -> Result<Answer, Refusal> {
    // Where a forgotten password goes is as much as the password, and who administers sets everybody's.
    if patch.email.is_some() || patch.administrator == Some(true) {
        super::tokens::is_no_token(caller)?;
    }
    if patch.password.is_some() {
        super::tokens::is_no_token(caller)?;
        if id == caller.id() {
            super::confirm::is_fresh(installation, caller).await?;
        }
    }
    change(installation, caller, id, patch, None).await
}

/// As [`update`]; where a `successor` takes over from a member who leaves with it, handing over is the caller's.
async fn change(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    patch: wire::MemberPatch,
    successor: Option<Id>,
) -> Result<Answer, Refusal> {
    let mut hashed = None;
    caller.people.rules.check_language(patch.language)?;
    if let Some(password) = &patch.password {
        let known = caller.people.members.get(&id).ok_or_else(Refusal::missing)?;
        let (asked, about) = (caller.people.rules.password, [known.name.as_str(), known.email.as_str()]);
        hashed = Some(installation.passwords.hash(password, asked, &about, "password").await?);
    }
    // One's own address is where a forgotten password goes.
    if id == caller.id()
        && patch.email.as_ref().is_some_and(|email| email.trim().to_lowercase() != caller.member.email)
    {
        super::confirm::is_fresh(installation, caller).await?;
    }
    let (parts, actor) = (installation.clone(), caller.clone());
    let runtime = tokio::runtime::Handle::current();
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let people = Directory::load(tx, actor.workspace_id()).await?;
                let before = people.members.get(&id).cloned().ok_or_else(Refusal::missing)?;
                let mut member = (*before).clone();
                apply(&mut member, &patch, hashed);
                member.successor = successor.or(member.successor);
                check(&member)?;
                let departments = patch.departments.clone();
                check_relations(&people, &member, departments.as_deref().unwrap_or_default())?;
                keep_an_administrator(&people, &member)?;
                member.version += 1;
                match member.update(tx).await {
                    Err(store::Error::Conflict { .. }) => return Err(email_taken()),
                    other => other?,
                }
                if let Some(departments) = &departments {
                    Department::set_of_member(tx, member.workspace, id, departments).await?;
                }
                if let Some(roles) = &patch.roles {
                    Role::set_of_member(tx, member.workspace, id, &roles_named(&people, roles)?).await?;
                }
                let weaker = before.administrator && !member.administrator;
                if patch.password.is_some() || member.state != before.state || weaker {
                    let own =
                        if let Credential::Session(hash) = &actor.credential { Some(hash) } else { None };
                    let except = own.filter(|_| id == actor.id()).map(String::as_str);
                    end_sessions(&parts, tx, member.workspace, id, except).await?;
                }
                if patch.password.is_some() {
                    // Who got hold of the old password may have made tokens with it.
                    Token::end_all(tx, member.workspace, id).await?;
                }
                changed(&parts, tx, &member).await?;
                let old = view(&before, &people);
                let people = Directory::load(tx, member.workspace).await?;
                let new = view(&member, &people);
                note(tx, &actor, "member.update", (Some(&old), &new), patch.password.is_some()).await?;
                let leaves = member.state == MemberState::Disabled && before.state != MemberState::Disabled;
                let is_alone = leaves && successor.is_none();
                if is_alone && Task::count_waiting_for(tx, member.workspace, id).await? > 0 {
                    hand_over::begin(tx, &parts, &actor, runtime, id).await?;
                }
                Ok(Answer::done(&new)?.version(member.version))
            })
        })
        .await
}

/// What a member may change about themselves. A new password needs the current one, and a session: who found a session
/// open may not guess the password without end, and who found a token may not lock its owner out.
///
/// # Errors
/// `wrong_password`, `too_many_requests` after too many of them, `session_required`; otherwise as for [`update`].
pub async fn update_oneself(
    installation: &Installation,
    caller: &Caller,
    from: From,
    patch: wire::MePatch,
) -> Result<Answer, Refusal> {
    if let Some(change) = &patch.password {
        super::tokens::is_no_token(caller)?;
        if !super::sign_in::knows_password(installation, caller, &change.current, from).await? {
            return Err(Refusal::fault("password.current", "wrong_password"));
        }
    }
    let patch = wire::MemberPatch {
        name: patch.name,
        language: patch.language,
        zone: patch.zone,
        phone: patch.phone,
        password: patch.password.map(|change| change.new),
        ..wire::MemberPatch::default()
    };
    change(installation, caller, caller.id(), patch, None).await
}

/// A member leaves: what they did stays, they can't sign in any more, and what waits for them goes to who takes over.
///
/// # Errors
/// As for [`update`].
pub async fn disable(installation: &Installation, caller: &Caller, id: Id) -> Result<Answer, Refusal> {
    change(installation, caller, id, leaving(), None).await
}

/// As [`disable`], where it is known who takes over: what waits for the member is the caller's to hand over.
///
/// # Errors
/// As for [`update`].
pub async fn disable_after(
    installation: &Installation,
    caller: &Caller,
    id: Id,
    successor: Id,
) -> Result<Answer, Refusal> {
    change(installation, caller, id, leaving(), Some(successor)).await
}

fn leaving() -> wire::MemberPatch {
    wire::MemberPatch { state: Some(wire::MemberState::Disabled), ..wire::MemberPatch::default() }
}

fn apply(member: &mut Member, patch: &wire::MemberPatch, hashed: Option<String>) {
    if let Some(email) = &patch.email {
        member.email = email.trim().to_lowercase();
    }
    if let Some(name) = &patch.name {
        member.name = in_one_line(name);
    }
    if let Some(hashed) = hashed {
        member.password_hash = Some(hashed);
        if member.state == MemberState::Invited {
            member.state = MemberState::Active;
        }
    }
    if let Some(state) = patch.state {
        member.state = match state {
            wire::MemberState::Active => MemberState::Active,
            wire::MemberState::Invited => MemberState::Invited,
            wire::MemberState::Disabled => MemberState::Disabled,
        };
    }
    member.manager = patch.manager.unwrap_or(member.manager);
    member.language = patch.language.or(member.language);
    member.zone = patch.zone.clone().unwrap_or_else(|| member.zone.clone());
    member.administrator = patch.administrator.unwrap_or(member.administrator);
    if let Some(title) = &patch.title {
        member.title = said(title.clone());
    }
    if let Some(phone) = &patch.phone {
        member.phone = said(phone.clone());
    }
    if member.state != MemberState::Disabled {
        // Who is back does their own work.
        member.successor = None;
    }
}

/// A text of one line with something in it.
pub fn said(text: Option<String>) -> Option<String> {
    text.map(|text| in_one_line(&text)).filter(|text| !text.is_empty())
}

/// What must hold for a member by themselves.
pub fn check(member: &Member) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    let parts: Vec<&str> = member.email.split('@').collect();
    let is_address = matches!(parts.as_slice(), [name, host] if !name.is_empty() && !host.is_empty())
        && member.email.len() <= 254
        && !member.email.chars().any(|c| c.is_whitespace() || c.is_control());
    if !is_address {
        faults.push(Fault::new("email", "not_an_email"));
    }
    if member.name.is_empty() {
        faults.push(Fault::new("name", "required"));
    } else if member.name.chars().count() > 200 {
        faults.push(Fault::new("name", "too_long").arg("max", 200));
    }
    for (path, text) in [("title", &member.title), ("phone", &member.phone)] {
        if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
            faults.push(Fault::new(path, "too_long").arg("max", LONGEST_TEXT));
        }
    }
    if member.zone.as_ref().is_some_and(|zone| jiff::tz::TimeZone::get(zone).is_err()) {
        faults.push(Fault::new("zone", "unknown_zone"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::invalid(faults)) }
}

fn check_relations(people: &Directory, member: &Member, departments: &[Id]) -> Result<(), Refusal> {
    if let Some(manager) = member.manager {
        let circle = manager == member.id || people.subordinates_of(member.id).contains(&manager);
        if circle || !people.members.contains_key(&manager) {
            return Err(Refusal::fault("manager", if circle { "manager_circle" } else { "not_an_id" }));
        }
    }
    if departments.iter().any(|department| !people.departments.contains_key(department)) {
        return Err(Refusal::fault("departments", "not_an_id"));
    }
    Ok(())
}

pub(super) fn keep_an_administrator(people: &Directory, changed: &Member) -> Result<(), Refusal> {
    let administers = |member: &Member| member.administrator && member.state == MemberState::Active;
    let others = people.members.values().any(|member| member.id != changed.id && administers(member));
    if others || administers(changed) { Ok(()) } else { Err(Refusal::conflict("last_administrator")) }
}

/// The roles that ids or keys name.
///
/// # Errors
/// A fault where one names none.
pub fn roles_named(people: &Directory, names: &[String]) -> Result<Vec<Id>, Refusal> {
    names
        .iter()
        .map(|name| people.role(name).map(|role| role.id).ok_or_else(|| Refusal::fault("roles", "not_an_id")))
        .collect()
}

/// The refusal of an address that somebody has already.
pub fn email_taken() -> Refusal {
    Refusal { faults: vec![Fault::new("email", "not_unique")], ..Refusal::conflict("email_taken") }
}

async fn insert(tx: &mut Tx, member: &Member) -> Result<(), Refusal> {
    match member.insert(tx).await {
        Err(store::Error::Conflict { .. }) => Err(email_taken()),
        other => Ok(other?),
    }
}

/// Notes what became of a member.
///
/// # Errors
/// When it can't be written.
pub async fn note(
    tx: &mut Tx,
    caller: &Caller,
    action: &str,
    (old, new): (Option<&wire::Member>, &wire::Member),
    has_new_password: bool,
) -> Result<(), Refusal> {
    let mut changes = audit::difference(&json!(old), &json!(new));
    if let (true, Some(changes)) = (has_new_password, changes.as_object_mut()) {
        // That it is another one, and nothing of it.
        changes.insert("password".into(), json!("changed"));
    }
    let note = Note { action, object: Some(new.id), label: Some(&new.name), changes: Some(changes) };
    audit::note(tx, caller, note).await
}

async fn changed(installation: &Installation, tx: &mut Tx, member: &Member) -> Result<(), Refusal> {
    let (parts, workspace, id) = (installation.clone(), member.workspace, member.id);
    installation.directories.changed(tx, member.workspace).await?;
    // After the directory: who is woken by it sees the member as they are now.
    tx.on_commit(move || parts.look_up_again(workspace, id));
    Ok(())
}
