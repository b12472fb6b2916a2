//! The audit trail.

use std::collections::BTreeMap;

use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::ExportFormat;

/// An entry of the audit trail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Audit {
    #[schema(value_type = String)]
    pub id: Id,
    /// Its place in the chain; none in its first second.
    pub seq: Option<i64>,
    pub at: String,
    #[schema(value_type = Option<String>)]
    pub who: Option<Id>,
    /// How that member is called now.
    pub who_name: Option<String>,
    #[schema(value_type = Option<String>)]
    pub on_behalf_of: Option<Id>,
    /// A verb on a noun: `record.create`, `session.open`, `access.refuse`.
    pub action: String,
    pub object: AuditObject,
    /// How it came: `web`, `api`, `operator`.
    pub path: Option<String>,
    pub ip: Option<String>,
    /// The request, as the server's log and problems call it.
    pub request_id: Option<String>,
    #[schema(value_type = Option<Object>)]
    pub changes: Option<Json>,
    /// The form that it is about, as it is called now; lists alone have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<AuditForm>,
    /// How the object, and what `changes` names by ids, is called now, by id: people, places, designs, and records that are still
    /// there. Lists alone have it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// Of what the entry says: SHA-256 in hexadecimal digits.
    pub hash: String,
    /// Of this entry and the chain before it.
    pub chain: Option<String>,
}

/// What something was done to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditObject {
    pub kind: String,
    #[schema(value_type = Option<String>)]
    pub id: Option<Id>,
    /// How it was called then.
    pub label: Option<String>,
}

/// The form that an entry is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditForm {
    #[schema(value_type = String)]
    pub id: Id,
    #[schema(value_type = String)]
    pub app: Id,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
}

/// Which entries are meant: those that meet everything given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditFilter {
    /// An instant, or a day of the workspace, from whose beginning on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// An instant, or a day of the workspace, to whose end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Who did it, or in whose name it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub who: Option<Id>,
    /// The noun of the action: `record`, `member`, `session`, `access` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub object: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
}

/// `POST /audit/export`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditExportInput {
    #[serde(default)]
    pub filter: AuditFilter,
    #[serde(default)]
    pub format: ExportFormat,
}
