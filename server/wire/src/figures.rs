//! Aggregate tables, reports, dashboards.

use std::collections::BTreeMap;

use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

/// An aggregate table with its document.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Aggregate {
    #[schema(value_type = String)]
    pub id: Id,
    pub key: String,
    pub version: i64,
    /// An Aggregate document.
    #[schema(value_type = Object)]
    pub document: Json,
}

/// A group of an aggregate table.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AggregateGroup {
    /// Dimensions; periods by their names.
    #[schema(value_type = Object)]
    pub group: BTreeMap<String, Json>,
    /// Decimal strings; `null` where there is no figure.
    pub values: BTreeMap<String, Option<String>>,
}

/// What comparing an aggregate table with its records found.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AggregateVerified {
    pub groups: u64,
    pub right: bool,
    /// The groups that differ.
    #[schema(value_type = Vec<Object>)]
    pub differences: Vec<BTreeMap<String, Json>>,
}
