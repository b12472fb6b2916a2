//! The people of the workspace.

use engine::text::Language;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Call, Page, Problem, segment};

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Me {
    pub member: Member,
    pub workspace: Workspace,
    /// Administers the whole workspace.
    #[serde(default)]
    pub administrator: bool,
}

/// The workspace that one is signed in to.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Workspace {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub zone: Option<String>,
}

/// A person of the workspace.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Member {
    pub id: String,
    pub email: String,
    pub name: String,
    #[serde(default)]
    pub state: MemberState,
    #[serde(default)]
    pub manager: Option<String>,
    #[serde(default)]
    pub departments: Vec<String>,
    #[serde(default)]
    pub roles: Vec<String>,
    #[serde(default)]
    pub language: Option<Language>,
    #[serde(default)]
    pub zone: Option<String>,
}

/// Whether a member can sign in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    #[default]
    Active,
    Invited,
    Disabled,
}

/// A role: a name for what several people do.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Role {
    pub id: String,
    pub key: String,
    pub name: String,
    #[serde(default)]
    pub members: u64,
}

/// A member to be made.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewMember {
    pub email: String,
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub password: String,
    pub roles: Vec<String>,
}

pub async fn members(cursor: Option<&str>) -> Result<Page<Member>, Problem> {
    let call = Call::get("/members").query("limit", 200);
    match cursor {
        Some(cursor) => call.query("cursor", cursor).send().await,
        None => call.send().await,
    }
}

pub async fn create_member(new: &NewMember) -> Result<Member, Problem> {
    Call::post("/members").json(new).send().await
}

/// Changes a member's roles.
pub async fn set_member_roles(id: &str, roles: &[String]) -> Result<(), Problem> {
    let body = json!({ "roles": roles });
    Call::patch(format!("/members/{}", segment(id))).if_match_any().json(&body).send_unit().await
}

/// Lets a member sign in, or no longer.
pub async fn set_member_state(id: &str, state: MemberState) -> Result<(), Problem> {
    let body = json!({ "state": state });
    Call::patch(format!("/members/{}", segment(id))).if_match_any().json(&body).send_unit().await
}

/// Remembers the language of a member, for mails and the next browser.
pub async fn set_member_language(id: &str, language: Language) -> Result<(), Problem> {
    let body = json!({ "language": language });
    Call::patch(format!("/members/{}", segment(id))).if_match_any().json(&body).send_unit().await
}

pub async fn roles() -> Result<Page<Role>, Problem> {
    Call::get("/roles").query("limit", 200).send().await
}

pub async fn create_role(name: &str) -> Result<Role, Problem> {
    Call::post("/roles").json(&json!({ "name": name })).send().await
}
