//! Files that people send.

use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A stored file: `POST /files`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StoredFile {
    #[schema(value_type = String)]
    pub id: Id,
    pub name: String,
    /// In bytes.
    pub size: u64,
    /// What its bytes say it is.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
}
