//! A default that is read from another form or an aggregate table when it is needed (数据联动): what the records that meet
//! typed conditions hold, copied once and never changed by what becomes of them.

use serde::{Deserialize, Serialize};

use super::{Origin, SortRule};
use crate::criteria::Condition;

/// Where a field takes its default from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linkage {
    #[serde(default)]
    pub form: Origin,
    /// Which records are meant. `{"field": key}` in place of a value is a field of the record that gets the default, in a
    /// sub-form of the same row; while one of those is empty, no record is meant.
    pub filter: Condition,
    /// The field that is copied. For a sub-form `columns` says what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// For a sub-form: each record that is meant makes a row of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<LinkageColumn>,
    /// Which is the first; the newest without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<SortRule>,
    #[serde(default, skip_serializing_if = "is_first")]
    pub take: Take,
}

/// A column of a sub-form and the field that it is copied from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkageColumn {
    pub from: String,
    pub to: String,
}

/// What is taken where several records are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// What the first one holds.
    #[default]
    First,
    /// What all of them hold, together and each once, for a field that holds several things; of a sub-form a row for each.
    All,
}

fn is_first(take: &Take) -> bool {
    *take == Take::First
}
