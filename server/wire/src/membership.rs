//! Joining and leaving: invitations, members from a file, and what a member hands over.

use std::collections::BTreeMap;

use engine::text::{Label, Language};
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::bulk_edit::BulkReason;
use crate::{PasswordPolicy, RowFault};

/// `POST /members/{id}/invitation`: a link by which a member joins; shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invitation {
    /// What `POST /auth/invitation` takes.
    pub token: String,
    /// The page that takes it from there.
    pub url: String,
    pub expires_at: String,
}

/// `POST /members/{id}/password-link`: a link by which a member chooses a new password; shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PasswordLink {
    /// What `POST /auth/reset/redeem` takes.
    pub token: String,
    /// The page that takes it from there.
    pub url: String,
    pub expires_at: String,
}

/// `POST /auth/invitation`: looks at an invitation.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationInput {
    /// What stands in the link.
    pub token: String,
}

/// Who is invited, to what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvitationSeen {
    pub workspace: String,
    pub email: String,
    pub name: String,
    #[schema(value_type = String)]
    pub language: Language,
    /// The languages that can be chosen.
    #[schema(value_type = Vec<String>)]
    pub languages: Vec<Language>,
    pub password: PasswordPolicy,
    pub expires_at: String,
}

/// `POST /auth/invitation/accept`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationAcceptance {
    pub token: String,
    pub password: String,
    /// As they call themselves; as they were invited when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
}

/// What a column of a file of members says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberColumn {
    /// Which member it is.
    Email,
    Name,
    Title,
    Phone,
    /// Departments by name, or by the names from the top (`Sales/East`); several with `;` between.
    Departments,
    /// Roles by name or key; several with `;` between.
    Roles,
    /// The address of the manager.
    Manager,
}

/// `POST /members/import/preview`: what a file would make of the members. Nothing is stored.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberImportInput {
    #[schema(value_type = String)]
    pub file: Id,
    /// The sheet of a workbook; its first one with something in it when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// What the columns say, by their headers; guessed from the headers when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<BTreeMap<String, MemberColumn>>,
    /// Whether departments that are missing are made.
    #[serde(default)]
    pub make_departments: bool,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowFate {
    /// Somebody is invited.
    Created,
    /// Somebody who is here is changed.
    Updated,
    Unchanged,
    Refused,
}

/// A row of a file of members, as it is taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MemberRow {
    /// Its line in the file; the header is line 1.
    pub line: u64,
    pub email: String,
    pub name: String,
    pub fate: RowFate,
    /// What it would change about somebody who is here already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<MemberRowChange>,
}

/// What a row changes: what is there, and what would be there. Of departments and roles the names, of a manager the name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MemberRowChange {
    pub column: MemberColumn,
    pub old: Vec<String>,
    pub new: Vec<String>,
}

/// How a file of members would be taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MemberImportPreview {
    pub headers: Vec<String>,
    pub mapping: BTreeMap<String, MemberColumn>,
    pub outcome: MemberImport,
    /// The first 50 rows.
    pub rows: Vec<MemberRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The encoding in which a csv file was read, by its name in the Encoding Standard (`UTF-8`, `gb18030`, `Big5`,
    /// `windows-1252`, …); none of another file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
}

/// What an import of members did, or would do. Rows with faults are left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MemberImport {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub failed: u64,
    /// Departments that were missing and are made, by their names from the top.
    pub departments: Vec<String>,
    /// The first 200 faults.
    pub faults: Vec<RowFault>,
}

/// `POST /members/{id}/hand-over`: who takes over from a member.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    #[schema(value_type = String)]
    pub to: Id,
    /// Whether the member leaves: they can't sign in any more, and what is asked of them later is asked of `to`.
    #[serde(default)]
    pub disable: bool,
    /// The records that they own.
    #[serde(default = "yes")]
    pub records: bool,
    /// The tasks that wait for them; of somebody who leaves in any case.
    #[serde(default = "yes")]
    pub tasks: bool,
    /// Apps and forms that they administer, departments that they head, those who report to them, and those in whose place
    /// they decide.
    #[serde(default = "yes")]
    pub places: bool,
    /// Whether the apps and forms that they administer go over with these places: `to` may do everything there from then on.
    #[serde(default = "yes")]
    pub administration: bool,
}

fn yes() -> bool {
    true
}

/// `GET /members/{id}/holdings`: what a member would hand over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Holdings {
    pub records: Vec<HeldRecords>,
    /// Tasks that wait for them.
    pub tasks: u64,
    /// Apps that name them as administrator.
    pub apps: Vec<HeldPlace>,
    /// Forms that do, beside their apps.
    #[serde(default)]
    pub forms: Vec<HeldPlace>,
    /// Departments that they head.
    pub departments: Vec<HeldPlace>,
    /// Those who report to them.
    pub reports: Vec<HeldPlace>,
    /// Those in whose place they decide, now or later.
    #[serde(default)]
    pub delegations: Vec<HeldPlace>,
}

/// The records of a form that a member owns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HeldRecords {
    #[schema(value_type = String)]
    pub form: Id,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub count: u64,
}

/// Something that names a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HeldPlace {
    #[schema(value_type = String)]
    pub id: Id,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
}

/// The report of a hand-over: the result of its job. Without `to` it is that of a member who was disabled, whose tasks went to
/// administrators.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HandedOver {
    #[schema(value_type = Option<String>)]
    pub to: Option<Id>,
    pub disabled: bool,
    pub records: Vec<HandedRecords>,
    /// Tasks that went over: to an administrator where `to` can't have them, for it is asked there already.
    pub tasks: u64,
    /// Tasks that wait for the member still.
    pub tasks_failed: u64,
    pub apps: Vec<HeldPlace>,
    #[serde(default)]
    pub forms: Vec<HeldPlace>,
    pub departments: Vec<HeldPlace>,
    pub reports: Vec<HeldPlace>,
    #[serde(default)]
    pub delegations: Vec<HeldPlace>,
    /// Why some things stay with the member.
    pub reasons: Vec<BulkReason>,
}

/// What became of the records of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HandedRecords {
    #[schema(value_type = String)]
    pub form: Id,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub moved: u64,
    /// Records that the member owns still.
    pub failed: u64,
}
