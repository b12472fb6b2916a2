//! What lies in the recycle bin, and the ways out of it.

use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

/// What sort of thing lies in the bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BinnedKind {
    App,
    Form,
    Dashboard,
    Report,
    Aggregate,
    FlowVersion,
    FlowDraft,
}

impl BinnedKind {
    pub const ALL: [BinnedKind; 7] = [
        BinnedKind::App,
        BinnedKind::Form,
        BinnedKind::Dashboard,
        BinnedKind::Report,
        BinnedKind::Aggregate,
        BinnedKind::FlowVersion,
        BinnedKind::FlowDraft,
    ];

    /// As it is written.
    pub fn key(self) -> &'static str {
        match self {
            BinnedKind::App => "app",
            BinnedKind::Form => "form",
            BinnedKind::Dashboard => "dashboard",
            BinnedKind::Report => "report",
            BinnedKind::Aggregate => "aggregate",
            BinnedKind::FlowVersion => "flow_version",
            BinnedKind::FlowDraft => "flow_draft",
        }
    }

    pub fn from_key(key: &str) -> Option<BinnedKind> {
        BinnedKind::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// `GET /bin`: what the caller can take back, the last deleted first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Bin {
    /// For how many days things lie there.
    pub days: u32,
    pub items: Vec<Binned>,
    pub next: Option<String>,
}

/// Something in the recycle bin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Binned {
    /// The id that it has; of drafts and versions of flows that of their place in the bin.
    #[schema(value_type = String)]
    pub id: Id,
    pub kind: BinnedKind,
    /// The app that it belongs to; an app's own id.
    #[schema(value_type = String)]
    pub app: Id,
    /// What that app is called.
    #[schema(value_type = crate::Wording)]
    pub app_label: Label,
    /// The form whose flow it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub form: Option<Id>,
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// Which version of a flow it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    pub deleted_at: String,
    /// Absent where it was deleted before that was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub deleted_by: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_by_name: Option<String>,
    /// When it goes for good by itself.
    pub purged_at: String,
}

/// `POST /bin/restore`: takes these out of the bin, one after another.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BinRestoreInput {
    pub items: Vec<BinRestore>,
}

/// One thing to take out of the bin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BinRestore {
    #[schema(value_type = String)]
    pub id: Id,
    /// Another key than the one that it had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// `POST /bin/purge`: removes these for good.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BinPurgeInput {
    #[schema(value_type = Vec<String>)]
    pub ids: Vec<Id>,
}

/// What became of each, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BinResults {
    pub results: Vec<BinResult>,
}

/// What became of one: it is done, or there is a problem. Where its key is taken by now (`key_taken`), the problem offers
/// another one as `free_key`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BinResult {
    #[schema(value_type = String)]
    pub id: Id,
    /// The key that it has now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub problem: Option<Json>,
    /// The forms of an app that came back which rest, because something that they name is still gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resting: Vec<RestingForm>,
}

/// A form that nobody does anything with until what it names is back, or it is changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RestingForm {
    #[schema(value_type = String)]
    pub id: Id,
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
}

/// For how many days what was deleted lies in the recycle bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub days: u32,
}

/// `POST /forms/{form}/records/purge`: these records of the recycle bin, or all.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PurgeInput {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub ids: Vec<Id>,
    #[serde(default)]
    pub all: bool,
}

/// What a purge removed for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Purged {
    pub records: u64,
}
