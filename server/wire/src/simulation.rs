//! The trial of a flow: the way that a record would go through it, without anything being stored.

use std::collections::BTreeMap;

use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::ExplainedLine;
use crate::records::Fields;

/// `POST /forms/{form}/flow/simulate`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulateInput {
    #[serde(default)]
    #[schema(value_type = Object)]
    pub record: Fields,
    /// The stored record that `record` changes.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub id: Option<Id>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub submitter: Option<Id>,
    /// By step: a list of `"approve"`, `"reject"` and `{"return": step}`; who has no answer approves.
    #[serde(default = "no_answers")]
    pub answers: Json,
    /// The people whom the submitter, or an approver before, names for steps that let them choose, by step.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub chosen: BTreeMap<String, Vec<Id>>,
}

fn no_answers() -> Json {
    Json::Object(serde_json::Map::new())
}

/// The way that a record would go.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Simulated {
    pub state: String,
    pub stops: Vec<SimulatedStop>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SimulatedStop {
    pub step: String,
    #[schema(value_type = Vec<String>)]
    pub people: Vec<Id>,
    /// For whom some of them stand in, by their ids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub on_behalf_of: BTreeMap<String, Id>,
    /// What was amiss with the people of the step, where its rules did not simply find them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amiss: Option<Amiss>,
    /// The arms that a block took.
    pub arms: Vec<String>,
    /// `active`, `passed`, `rejected` or `returned`.
    pub state: String,
    /// What a branch asked of the record, arm by arm; the default arm asks nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<SimulatedArm>,
    /// What an action step would send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sends: Option<SimulatedSending>,
}

/// Why a step has others than those whom it names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Amiss {
    /// The sources that found nobody, as the flow has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub empty: Vec<Json>,
    /// What is done because none of them found anybody who may decide: `auto_approve`, `admins`, `hold` or `member`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// Those who have left, for whom others are asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    pub left: Vec<Id>,
    /// Whether the submitter was found, who may not decide about it, and their own manager is asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_manager: bool,
}

/// What an action step would send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SimulatedSending {
    /// `message` or `call`.
    pub kind: String,
    /// The title of a message, or the method and address of a call.
    pub title: String,
    /// What it says or brings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

/// The condition of an arm when its branch was reached, in the reader's words and with the values that it found.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SimulatedArm {
    pub arm: String,
    pub holds: bool,
    pub lines: Vec<ExplainedLine>,
}
