//! Who will decide, told before a record is submitted.

use std::collections::BTreeMap;

use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::flows::AskedPerson;
use crate::records::Fields;

/// `POST /forms/{form}/flow/ahead`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AheadInput {
    /// What was entered so far. What is no value yet is left out.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub record: Fields,
    /// The people whom the submitter names for steps that let them choose, by step.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub chosen: BTreeMap<String, Vec<Id>>,
}

/// Who would decide if it were submitted now, and everybody approved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ahead {
    pub steps: Vec<AheadStep>,
    /// Whether the rest of the way goes by what the caller may not see.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rest_is_closed: bool,
    /// Names of the members that are mentioned.
    pub names: BTreeMap<String, String>,
}

/// A step that is to come: one at which people are asked or informed, or a branch for which values are missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AheadStep {
    pub step: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// `approve`, `fill`, `cc` or `branch`.
    pub kind: String,
    pub people: Vec<AskedPerson>,
    /// How many of several have to agree: `any`, `all`, `sequential` or `ratio`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The arm of a branch that leads there, as it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub because: Option<Label>,
    /// The fields without a value that decide who it is, or how it goes on at a branch.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<crate::Wording>)]
    pub depends_on: Vec<Label>,
    /// Who is still to name the people: `submitter` or `previous`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen_by: Option<String>,
    /// What is done because nobody was found: `auto_approve`, `admins`, `hold` or `member`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// Whether the own manager is asked in the submitter's place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_manager: bool,
    /// Whether the people come from what the caller may not see.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_closed: bool,
}
