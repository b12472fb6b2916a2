//! Print templates.

use engine::print::PrintTemplate as Document;
use engine::text::Label;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A print template of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PrintTemplate {
    #[schema(value_type = String)]
    pub id: Id,
    pub version: i64,
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// Whether it is the one that is offered first.
    pub is_default: bool,
    /// The document, for who designs the form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub document: Option<Document>,
}
