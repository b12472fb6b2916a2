//! Running requests that go on with another version of their flow.

use std::collections::BTreeMap;

use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `POST /forms/{form}/flow/migrate`: running instances go on with another version of their flow.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MigrateInput {
    /// The version that they run from then on; the one in force without it.
    #[serde(default)]
    pub version: Option<i64>,
    /// Only those that run this version now; all that run an older one without it.
    #[serde(default)]
    pub from: Option<i64>,
    /// New keys of steps by the old ones, where they are other ones.
    #[serde(default)]
    pub steps: BTreeMap<String, String>,
    /// Whether it is only tried: nothing is stored, and the result is the same.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of the instances that were to go on with another version.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Migrated {
    pub version: i64,
    pub dry_run: bool,
    /// How many there were.
    pub matched: u64,
    pub moved: u64,
    /// Those that could not be moved are as they were.
    pub failed: u64,
    /// The first of them, one by one.
    pub failures: Vec<NotMigrated>,
    /// A file with all of them, where they are more than those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub error_file: Option<Id>,
    /// Why they could not be moved, with how many of each.
    pub reasons: Vec<MigrationReason>,
}

/// An instance that could not be moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct NotMigrated {
    #[schema(value_type = String)]
    pub instance: Id,
    #[schema(value_type = String)]
    pub record: Id,
    pub title: String,
    pub code: String,
    /// The step where it stands, for which the other version has no place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MigrationReason {
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    pub message: String,
    pub count: u64,
}
