//! What members are told of, and how they want to be told.

use std::collections::BTreeMap;

use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something that the caller is told of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    #[schema(value_type = String)]
    pub id: Id,
    /// `task`, `returned`, `reminder`, `mention`, `comment`, `copy`, `outcome`, `message`, `failed` or
    /// `undelivered`.
    pub kind: String,
    pub at: String,
    pub read: bool,
    /// Who did it; absent where the product did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub who: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who_name: Option<String>,
    #[schema(value_type = String)]
    pub form: Id,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub form_label: Option<Label>,
    #[schema(value_type = String)]
    pub record: Id,
    /// The request that it is about; absent where it is about the record alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub instance: Option<Id>,
    /// The caller's task that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub task: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub step_label: Option<Label>,
    /// How the request, or the record, is called, as far as the caller may see it; absent where they may see it no more. That of
    /// a message is its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What a message says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How the request ended; of `undelivered` what came to its end with the call: `receiver_off`, `call_chain_too_long` or
    /// `call_budget_spent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The page that shows it; absent where the caller may see it no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// `GET /notices/count`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoticeCount {
    /// What the caller has not read.
    pub unread: u64,
}

/// `POST /notices/read`: some by name, or all up to one.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticesRead {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub notices: Vec<Id>,
    /// This one and all that came before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub until: Option<Id>,
    /// `false` marks those that are named as not read.
    #[serde(default = "yes")]
    pub read: bool,
}

fn yes() -> bool {
    true
}

/// Whether and when mail tells of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeMail {
    Off,
    /// At once.
    Now,
    /// Once a day, all in one letter.
    Daily,
}

/// How one is told of one kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeChannel {
    /// In the product.
    pub app: bool,
    pub mail: NoticeMail,
}

/// `GET /notices/settings`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NoticeSettings {
    /// By the kind of notice.
    pub channels: BTreeMap<String, NoticeChannel>,
    /// The time of day of the daily letter, `08:00`, in the caller's zone.
    pub daily_at: String,
    pub zone: String,
    /// Whether this installation sends mail at all.
    pub mail: bool,
}

/// `PUT /notices/settings`: kinds that are not named stay as they are.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeSettingsInput {
    #[serde(default)]
    pub channels: BTreeMap<String, NoticeChannel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_at: Option<String>,
}
