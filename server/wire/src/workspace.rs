//! What a workspace says for everybody in it.

use engine::text::Language;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `GET /workspace`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceSettings {
    #[schema(value_type = String)]
    pub id: Id,
    pub name: String,
    /// What people get who chose none, and what plain labels are written in.
    #[schema(value_type = String)]
    pub language: Language,
    /// The languages that people can choose.
    #[schema(value_type = Vec<String>)]
    pub languages: Vec<Language>,
    /// IANA name of the zone in which days are counted; `PUT /workspace/zone` changes it.
    pub zone: String,
    /// ISO 4217 code of the base currency.
    pub currency: String,
    pub calendar: WorkCalendar,
    pub password: PasswordPolicy,
    pub session: SessionPolicy,
    #[serde(default)]
    pub app_makers: AppMakers,
    /// Whether whoever comes to sign in reads what it is called, also who has no account.
    #[serde(default)]
    pub named_at_sign_in: bool,
}

/// `PATCH /workspace`: what changes; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspacePatch {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Language>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    pub languages: Option<Vec<Language>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<WorkCalendar>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordPolicy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionPolicy>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_makers: Option<AppMakers>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named_at_sign_in: Option<bool>,
}

/// Who makes apps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AppMakers {
    /// Every member.
    #[default]
    Everybody,
    /// Administrators of the workspace.
    Administrators,
}

/// `GET /workspace/files`: how much room the files of the workspace take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkspaceFiles {
    /// Of all of them, also of those that no record holds yet.
    pub bytes: u64,
    /// How many there may be; absent where the operator has set no bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quota: Option<u64>,
    pub level: FilesLevel,
}

/// How far the files of a workspace have come to what they may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilesLevel {
    Ample,
    /// Eighty parts of a hundred.
    Low,
    /// Ninety-five parts of a hundred.
    NearlyFull,
    /// Nothing more is taken in.
    Full,
}

/// When people work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkCalendar {
    /// Days of the week, from 1 for Monday to 7.
    pub days: Vec<u8>,
    /// The hours of a working day, in order.
    pub hours: Vec<WorkHours>,
    /// Dates (`YYYY-MM-DD`) on which nobody works,
    #[serde(default)]
    pub holidays: Vec<String>,
    /// and dates on which people work although the day of the week says otherwise.
    #[serde(default)]
    pub worked: Vec<String>,
}

/// Some hours of a day, as `HH:MM`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkHours {
    pub from: String,
    pub to: String,
}

/// What a password has to be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicy {
    /// Characters at least.
    pub min_length: u32,
}

/// How long people stay signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionPolicy {
    /// A session ends when it was not used for so many minutes,
    pub idle_minutes: u32,
    /// and after so many days in any case.
    pub longest_days: u32,
    /// With how many browsers a member may be signed in.
    pub at_once: u32,
}
