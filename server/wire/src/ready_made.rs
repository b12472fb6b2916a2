//! Ready-made flows, and putting one under a form.

use std::collections::BTreeMap;

use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::NamedField;

/// A flow that comes with the product, and what it asks of the form at hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReadyMadeFlow {
    /// `office/expense`
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// What the template is called that it comes from.
    #[schema(value_type = crate::Wording)]
    pub package: Label,
    /// The labels of the steps where people do something, in order.
    #[schema(value_type = Vec<crate::Wording>)]
    pub steps: Vec<Label>,
    pub fields: Vec<ReadyMadeField>,
    pub roles: Vec<ReadyMadeRole>,
}

/// A field that a ready-made flow names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReadyMadeField {
    pub path: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub kind: String,
    /// Whether the flow finds its way or its people by it. Others may be left out.
    pub required: bool,
    /// The fields of the form that can stand for it.
    pub choices: Vec<NamedField>,
    /// The one that most likely does.
    pub suggested: Option<String>,
}

/// A role that a ready-made flow names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReadyMadeRole {
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// The role of the workspace with the same key.
    #[schema(value_type = Option<String>)]
    pub suggested: Option<Id>,
}

/// `POST /forms/{form}/flow/ready-made`
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadyMadeInput {
    pub key: String,
    /// The form's fields, by the paths that the flow has.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The workspace's roles, by id or key, by the keys that the flow has; one that is not named is the one with the same
    /// key.
    #[serde(default)]
    pub roles: BTreeMap<String, String>,
}
