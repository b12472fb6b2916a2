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
    /// The dimensions as the reader reads them, where that was asked for: titles of records as far as they may see them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

/// What comparing an aggregate table with its records found.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AggregateVerified {
    #[schema(value_type = String)]
    pub id: Id,
    pub key: String,
    /// How many groups are kept.
    pub groups: u64,
    pub right: bool,
    /// How many groups differ.
    pub differing: u64,
    /// The first of the groups that differ.
    pub differences: Vec<AggregateDifference>,
    /// Why there is nothing to compare: the code of the problem of a table that no longer fits its forms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// A group that is not kept as its records have it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AggregateDifference {
    #[schema(value_type = Object)]
    pub group: BTreeMap<String, Json>,
    /// As it is kept; `null` where it is not.
    pub kept: Option<BTreeMap<String, Option<String>>>,
    /// As the records have it; `null` where none counts for it.
    pub rebuilt: Option<BTreeMap<String, Option<String>>>,
}

/// `POST /aggregates/{id}/as-of`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AggregateAsOfInput {
    /// An instant as RFC 3339 writes it.
    pub at: String,
}

/// The groups of an aggregate table as they were at an instant.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AggregateAsOf {
    pub at: String,
    /// The first of them, in the order of `rows`.
    pub items: Vec<AggregateGroup>,
    /// How many there were.
    pub total: u64,
}

/// `POST /aggregates/{id}/records`: which records make a number.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AggregateBehindInput {
    /// The dimensions, as `rows` gives them.
    #[schema(value_type = Object)]
    pub group: BTreeMap<String, Json>,
    /// The key of a measure.
    pub measure: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// The records that make a number, a page at a time.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AggregateBehind {
    /// What the measure is called.
    pub label: String,
    /// The number as it is kept.
    pub value: Option<String>,
    /// How it is computed, with what its parts are called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
    /// Whether the contributions add up to the number.
    pub adds_up: bool,
    pub items: Vec<ContributingRecord>,
    /// How many records between those of this page count too and are not for the reader.
    pub hidden: u64,
    pub next: Option<String>,
}

/// A record that counts for a group, with what it gives.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ContributingRecord {
    #[schema(value_type = String)]
    pub id: Id,
    #[schema(value_type = String)]
    pub form: Id,
    /// The key of the form's app.
    pub app: String,
    /// What the form is called.
    pub form_label: String,
    pub title: String,
    pub created_at: String,
    /// The number that there would be with this record alone; `null` where that says nothing about its part.
    pub contribution: Option<String>,
    /// The stored measures that the number is computed from, with this record alone; by their labels.
    pub parts: BTreeMap<String, Option<String>>,
}
