//! What a refused request is answered with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

/// A refusal (RFC 9457, `application/problem+json`). Codes are stable; texts are in the reader's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub code: String,
    #[serde(default)]
    pub detail: String,
    #[serde(default)]
    pub request_id: String,
    #[serde(default)]
    pub errors: Vec<ProblemError>,
    /// What a code brings along: `current`, the record as it is now, for `stale`; `constraint` for `constraint`, and for
    /// who may see the group `group`, the `titles` of its records and people by id, `before` and `value`, the measure as
    /// it is and as it would be; `parser` for `malformed_json`, what the parser says of it;
    /// `uses` for what would break something else, of which each has `object`, `id`, `app` and `label`, and `unseen`, how many more
    /// there are that the caller may not know of.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub members: Map<String, Json>,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ProblemError {
    pub path: String,
    pub code: String,
    /// What people call the field at the path; absent where there is none, or none that the reader may know of. A cell of
    /// a sub-form is “Lines 1 · Quantity”, rows counted from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    pub message: String,
    /// The values that the message names. Beside one that is the key of a field, such as `field`, what people call the
    /// field is `field_label`.
    #[serde(default)]
    pub args: BTreeMap<String, String>,
}

impl Problem {
    /// The sentence about what is wrong at `path`, if there is one.
    pub fn at(&self, path: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.path == path).map(|error| error.message.as_str())
    }

    /// The sentence to show where there is room for one.
    pub fn sentence(&self) -> String {
        if self.detail.is_empty() { self.title.clone() } else { self.detail.clone() }
    }
}
