//! Designing a flow: its versions, and what a draft does to the records that are there.

use std::collections::BTreeMap;

use engine::condition::Condition;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ExplainedLine;

/// A flow as it was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FlowVersion {
    pub version: i64,
    pub published_at: String,
    #[schema(value_type = Option<String>)]
    pub published_by: Option<Id>,
    /// Whether new requests take it.
    pub active: bool,
}

/// `POST /forms/{form}/flow/coverage`
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverageInput {
    /// How many of the newest records are tried, 50 unless said, 200 at most.
    #[serde(default)]
    pub records: Option<u32>,
}

/// Which steps and arms the newest records would come by, each submitted by whoever made it, if everybody approves.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct FlowCoverage {
    pub records: u32,
    /// Of these, those that could not be walked.
    pub refused: u32,
    /// How many came by each step.
    pub steps: BTreeMap<String, u32>,
    /// How many took each arm, by the block's key and the arm's.
    pub arms: BTreeMap<String, BTreeMap<String, u32>>,
    /// How they ended: `approved`, or `running` where nobody is there to decide.
    pub ends: BTreeMap<String, u32>,
    /// The arms that none of them took.
    pub missed: Vec<MissedArm>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MissedArm {
    pub step: String,
    pub arm: String,
}

/// `POST /forms/{form}/flow/try-condition`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TryConditionInput {
    #[schema(value_type = Object)]
    pub when: Condition,
    /// The record that it is tried on; the newest one unless said.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub id: Option<Id>,
}

/// What came of a condition on a record, and how many of the newest records it holds for.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TriedCondition {
    /// The record; none where there is none yet.
    #[schema(value_type = Option<String>)]
    pub id: Option<Id>,
    pub holds: bool,
    /// Part by part, with what the record has there.
    pub lines: Vec<ExplainedLine>,
    /// How many records it was asked of, the newest ones.
    pub records: u32,
    /// As many of these as it holds for.
    pub matching: u32,
}
