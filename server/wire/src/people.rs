//! People: members, departments, roles, API tokens, and signing in.

use std::collections::BTreeMap;

use engine::text::{Label, Language};
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{PasswordPolicy, Person};

/// `POST /setup`: makes the first administrator.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The code that the server printed when it started.
    pub code: String,
    pub email: String,
    pub name: String,
    pub password: String,
    /// The name of the workspace.
    #[serde(default)]
    pub workspace: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    /// IANA name of the zone in which dates are counted.
    #[serde(default)]
    pub zone: Option<String>,
    /// ISO 4217 code of the base currency.
    #[serde(default)]
    pub currency: Option<String>,
}

/// `GET /setup`: whether the product still waits for its first administrator.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SetupState {
    pub needed: bool,
    /// What every password here has to be like; a workspace may ask for more.
    pub password: PasswordPolicy,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    pub email: String,
    pub password: String,
    /// A code of the authenticator, or a recovery code, from whom a second step is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Who is signed in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Me {
    #[serde(flatten)]
    pub member: Member,
    pub workspace: Workspace,
    /// Who really looks, where an administrator looks as another member: then nothing can be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_by: Option<Person>,
    /// Whether they may make apps.
    #[serde(default)]
    pub may_make_apps: bool,
    /// Whether a second step of signing in must be set up before anything else can be done.
    #[serde(default)]
    pub must_set_up_second_factor: bool,
    /// Whether they come over plain HTTP where others could read along: the pages say so.
    #[serde(default)]
    pub plain_http: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Workspace {
    #[schema(value_type = String)]
    pub id: Id,
    pub name: String,
    #[schema(value_type = String)]
    pub language: Language,
    pub zone: String,
    pub currency: String,
}

/// `PUT /workspace/zone`: the zone in which the workspace counts days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ZoneInput {
    /// Its IANA name.
    pub zone: String,
}

/// What a change of the zone did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ZoneChanged {
    pub zone: String,
    /// Aggregate tables that were counted anew.
    pub tables: u64,
    /// Records in which a formula gives something else.
    pub changed: u64,
    /// Records that could not be saved with what their formulas give now, and stay as they were.
    pub failed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    Active,
    Invited,
    Disabled,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Member {
    #[schema(value_type = String)]
    pub id: Id,
    pub email: String,
    pub name: String,
    pub state: MemberState,
    #[schema(value_type = Option<String>)]
    pub manager: Option<Id>,
    #[schema(value_type = Vec<String>)]
    pub departments: Vec<Id>,
    #[schema(value_type = Vec<String>)]
    pub roles: Vec<Id>,
    #[schema(value_type = String)]
    pub language: Language,
    pub zone: Option<String>,
    /// Administrator of the workspace.
    pub administrator: bool,
    /// What they do here, in words.
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    /// Who took over from a member who has left.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub successor: Option<Id>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberInput {
    pub email: String,
    pub name: String,
    /// Without one the member is invited and can't sign in yet.
    #[serde(default)]
    pub password: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub manager: Option<Id>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub departments: Vec<Id>,
    /// Ids or keys of roles.
    #[serde(default)]
    pub roles: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    #[serde(default)]
    pub zone: Option<String>,
    #[serde(default)]
    pub administrator: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// What changes about a member; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<MemberState>,
    /// `null` takes the manager away.
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub manager: Option<Option<Id>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub departments: Option<Vec<Id>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub zone: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub administrator: Option<bool>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub title: Option<Option<String>>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
}

/// `PATCH /me`: what members may change about themselves.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MePatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub zone: Option<Option<String>>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub phone: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordChange>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    pub current: String,
    pub new: String,
}

/// Somebody decides in the place of somebody else for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Delegation {
    #[schema(value_type = String)]
    pub id: Id,
    /// In whose place …
    #[schema(value_type = String)]
    pub from: Id,
    /// … who decides.
    #[schema(value_type = String)]
    pub to: Id,
    pub starts: Option<String>,
    /// The first moment at which it is over.
    pub ends: Option<String>,
    /// The forms whose flows it is for; all where none is named.
    #[schema(value_type = Vec<String>)]
    pub forms: Vec<Id>,
    /// What the two are called.
    pub names: BTreeMap<String, String>,
    /// The job that gives open tasks to who decides now, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub job: Option<Id>,
}

/// `POST /delegations`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegationInput {
    #[schema(value_type = String)]
    pub to: Id,
    /// At once without it.
    #[serde(default)]
    pub starts: Option<String>,
    /// Until it is taken back without it.
    #[serde(default)]
    pub ends: Option<String>,
    /// Ids or keys of forms; the flows of all without any.
    #[serde(default)]
    pub forms: Vec<String>,
    /// For administrators: in whose place, if not their own.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub from: Option<Id>,
    /// Whether tasks that wait already go along.
    #[serde(default)]
    pub open_tasks: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Department {
    #[schema(value_type = String)]
    pub id: Id,
    pub name: String,
    #[schema(value_type = Option<String>)]
    pub parent: Option<Id>,
    #[schema(value_type = Option<String>)]
    pub head: Option<Id>,
    /// How many people are directly in it.
    pub members: u32,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentInput {
    pub name: String,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub parent: Option<Id>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub head: Option<Id>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub members: Vec<Id>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DepartmentPatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub parent: Option<Option<Id>>,
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub head: Option<Option<Id>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub members: Option<Vec<Id>>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Role {
    #[schema(value_type = String)]
    pub id: Id,
    pub key: String,
    pub name: String,
    /// How many people have it.
    pub members: u32,
    /// The group that it lies in.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub group: Option<Id>,
}

/// `GET /roles/{id}/uses`: a place that names a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RoleUse {
    pub kind: RoleUseKind,
    #[schema(value_type = String)]
    pub app: Id,
    pub app_key: String,
    #[schema(value_type = crate::Wording)]
    pub app_label: Label,
    /// The form that it is about; none where it is the app.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub form: Option<Id>,
    #[serde(default)]
    #[schema(value_type = Option<crate::Wording>)]
    pub form_label: Option<Label>,
    /// What the permission group, the step of the flow, the field, dashboard, report or aggregate table is called.
    #[serde(default)]
    #[schema(value_type = Option<crate::Wording>)]
    pub label: Option<Label>,
    /// Of a dashboard or an aggregate table its id, of a report its key: what its page has in its address.
    #[serde(default)]
    pub target: Option<String>,
    /// What a permission group lets its people do.
    #[serde(default)]
    pub operations: Vec<String>,
    /// Whether it counts: a permission group may be switched off.
    pub enabled: bool,
}

/// How a place names a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleUseKind {
    /// Among the people of a permission group.
    Group,
    /// Among those who are asked at a step of the flow in force.
    Step,
    /// Among those who administer an app.
    AppAdministration,
    /// Among those who administer a form.
    FormAdministration,
    /// Among those who may be chosen in a field of the form in force.
    MemberField,
    /// Among the readers of a dashboard.
    Dashboard,
    /// Among the readers of a report.
    Report,
    /// Among the readers of an aggregate table.
    Table,
}

/// A group of roles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoleGroup {
    #[schema(value_type = String)]
    pub id: Id,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleGroupInput {
    pub name: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleInput {
    #[serde(default)]
    pub key: Option<String>,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub group: Option<Id>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub members: Vec<Id>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolePatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `null` takes it out of its group.
    #[serde(default, deserialize_with = "crate::given", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub group: Option<Option<Id>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub members: Option<Vec<Id>>,
}

/// What an API token may be used for. Without scopes: everything that its owner may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read records, tasks and reports.
    Read,
    /// Write records and decide tasks.
    Write,
    /// Design forms, flows and apps.
    Design,
    /// Administer people and settings.
    Administer,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Token {
    #[schema(value_type = String)]
    pub id: Id,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub created_at: String,
    pub expires_at: Option<String>,
    /// When it was last used, to within some minutes.
    #[serde(default)]
    pub seen_at: Option<String>,
    /// The token itself; shown once, when it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenInput {
    pub name: String,
    #[serde(default)]
    pub scopes: Vec<Scope>,
    /// After how many days it ends; never when absent.
    #[serde(default)]
    pub days: Option<u32>,
}
