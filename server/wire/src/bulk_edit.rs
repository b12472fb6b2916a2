//! Changing many records by one job, and what is told of those that could not be saved.

use std::collections::BTreeMap;

use engine::condition::Condition;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::{Change, Fields};

/// `POST /forms/{form}/bulk-edit`: the same for every record that the filter leaves.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkEditInput {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub filter: Option<Condition>,
    /// Words that stand in the records, as in [`Query`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q_fields: Option<Vec<String>>,
    /// Only what this permission group alone shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission_group: Option<String>,
    /// By field a value, or `{"formula": "…"}` over the record as it is before.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub set: Fields,
    /// Sets nothing, and computes what formulas give anew: for records from before a formula was there.
    #[serde(default)]
    pub recompute: bool,
    /// Whether automations, hooks and notices follow.
    #[serde(default = "crate::records::yes")]
    pub trigger: bool,
    /// Changes nothing, and tells what would happen.
    #[serde(default)]
    pub preview: bool,
}

/// What a bulk edit did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkEdited {
    /// Records that the filter left.
    pub matched: u64,
    pub changed: u64,
    /// Those that hold what they were to hold.
    pub unchanged: u64,
    pub failed: u64,
    /// Why records failed, each reason once.
    pub reasons: Vec<BulkReason>,
    /// The first that failed.
    pub failures: Vec<BulkFailure>,
    /// The first that changed.
    pub sample: Vec<BulkSample>,
    /// What its saves carry in the history; absent in a preview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub batch: Option<Id>,
}

/// Why some records could not be saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkReason {
    pub code: String,
    /// The field that it is about, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    pub message: String,
    pub count: u64,
}

/// A record that could not be saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkFailure {
    #[schema(value_type = String)]
    pub record: Id,
    /// What it is called, as far as the caller may see it.
    pub title: String,
    pub code: String,
    pub message: String,
}

/// A record that changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BulkSample {
    #[schema(value_type = String)]
    pub record: Id,
    pub title: String,
    pub changes: BTreeMap<String, Change>,
}

/// What taking back a batch did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Undone {
    /// The job whose saves were taken back.
    #[schema(value_type = Option<String>)]
    pub of: Option<Id>,
    /// Records that are as they were.
    pub restored: u64,
    /// New records that are in the recycle bin.
    pub deleted: u64,
    /// Records that were changed since, or are gone: they stay as they are.
    pub skipped: u64,
    pub failed: u64,
    /// The first of the skipped and the failed.
    pub failures: Vec<BulkFailure>,
}
