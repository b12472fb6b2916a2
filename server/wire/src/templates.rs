//! What is in a template, and the demo records that came with it.

use engine::text::Label;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::bulk_edit::BulkFailure;
use crate::{Role, Template};

/// `GET /templates/{key}`: what somebody looks at before they install a template.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TemplateContent {
    pub template: Template,
    pub forms: Vec<TemplateForm>,
    #[schema(value_type = Vec<crate::Wording>)]
    pub dashboards: Vec<Label>,
    #[schema(value_type = Vec<crate::Wording>)]
    pub reports: Vec<Label>,
}

/// A form of a template.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TemplateForm {
    pub key: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub fields: Vec<TemplateField>,
    /// Whether its records are approved.
    pub has_flow: bool,
    /// How many records its demo has.
    pub demo: u32,
}

/// A field of a form of a template.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TemplateField {
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    pub kind: String,
    pub required: bool,
    /// The columns of a sub-form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<crate::Wording>)]
    pub columns: Vec<Label>,
}

/// `GET /templates/{key}/demo`: the demo records that are still there, of the template and of what was installed along with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateDemo {
    /// Those that nobody has changed: clearing deletes them, but for what others link to.
    pub unchanged: u64,
    /// Those that somebody has changed: they stay.
    pub changed: u64,
}

/// `GET /apps/{app}/next-steps`: what comes next in an app that was made from a template, and what of it is done.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
pub struct NextSteps {
    /// The template that the app came with; nothing comes next where there is none.
    pub template: Option<String>,
    /// The roles that the permission groups and flows of its forms name, with how many people have each.
    pub roles: Vec<Role>,
    /// Whether demo records came with it, which can be cleared.
    pub demo: bool,
    /// Whether they were cleared.
    pub cleared: bool,
    /// Whether people have made a record of their own.
    pub record: bool,
    /// Whether others are members too.
    pub people: bool,
}

/// What clearing the demo records did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DemoCleared {
    /// Records that are in the recycle bin.
    pub deleted: u64,
    /// Records that stay because somebody has changed them.
    pub changed: u64,
    /// Records that stay because others that stay link to them.
    pub linked: u64,
    /// Records that could not be deleted.
    pub failed: u64,
    /// The first of the failed.
    pub failures: Vec<BulkFailure>,
}
