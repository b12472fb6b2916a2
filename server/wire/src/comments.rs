//! What people say about a record.

use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `POST /forms/{form}/records/{id}/comments`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentInput {
    #[serde(default)]
    pub text: String,
    /// Members that it is meant for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub mentions: Vec<Id>,
    /// Uploads of the caller's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub files: Vec<Id>,
}

/// `PATCH /comments/{id}`: other words; the files stay.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommentEdit {
    #[serde(default)]
    pub text: String,
    /// Members that it is meant for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub mentions: Vec<Id>,
}

/// What somebody said about a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Comment {
    #[schema(value_type = String)]
    pub id: Id,
    pub at: String,
    #[schema(value_type = String)]
    pub who: Id,
    pub text: String,
    #[schema(value_type = Vec<String>)]
    pub mentions: Vec<Id>,
    pub files: Vec<crate::StoredFile>,
    /// When its writer changed it.
    pub edited_at: Option<String>,
    /// Whether the caller may change it, and whether they may take it away.
    pub may_edit: bool,
    pub may_delete: bool,
}

/// `GET /forms/{form}/records/{id}/comments`: a page of them, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Comments {
    pub items: Vec<Comment>,
    pub next: Option<String>,
    /// Whether the caller may add one.
    pub may_comment: bool,
}
