//! Long work, and the templates that are installed by it.

use std::collections::BTreeMap;

use engine::package::Category;
use engine::text::{Label, Language};
use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use crate::PackagedScript;

/// The answer to a request that began long work.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct JobStarted {
    #[schema(value_type = String)]
    pub job: Id,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl JobState {
    /// Whether nothing will happen to it any more.
    pub fn is_over(self) -> bool {
        match self {
            JobState::Queued | JobState::Running => false,
            JobState::Done | JobState::Failed | JobState::Cancelled => true,
        }
    }
}

/// Long work, and how far it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    #[schema(value_type = String)]
    pub id: Id,
    /// `install`, `import` …
    pub kind: String,
    /// When it was begun.
    pub at: String,
    pub state: JobState,
    pub done: u64,
    /// Unknown until the work was looked over.
    pub total: Option<u64>,
    /// What could not be done, in pieces of work.
    pub errors: u64,
    /// What came out of it, by its kind.
    #[schema(value_type = Option<Object>)]
    pub result: Option<Json>,
    /// Why it failed: a problem document.
    #[schema(value_type = Option<Object>)]
    pub problem: Option<Json>,
    /// Whether what it saved can be taken back, with `undo`, or taking it back can be gone on with.
    #[serde(default)]
    pub can_be_undone: bool,
    /// The job that took it back, or is about to.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub undone_by: Option<Id>,
    /// What it works on, as long as it is under way: the form of an import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub about: Option<Label>,
}

/// A package that comes with the product.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Template {
    pub key: String,
    pub version: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    #[schema(value_type = crate::Wording)]
    pub summary: Label,
    pub languages: Vec<String>,
    /// Where it stands in the template centre: `sales`, `stock`, `service`, `finance`, `people`, `shops` or `other`.
    #[schema(value_type = String)]
    pub category: Category,
    /// How many forms it has.
    pub forms: u32,
    /// How many approvals.
    pub flows: u32,
    /// How many dashboards and reports.
    pub dashboards: u32,
    /// Packages that are installed with it.
    pub needs: Vec<String>,
    /// The apps that were made from it.
    #[schema(value_type = Vec<String>)]
    pub installed: Vec<Id>,
    /// Where its picture is.
    pub picture: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InstallInput {
    /// The app's name; the template's when absent.
    #[serde(default)]
    #[schema(value_type = Option<crate::Wording>)]
    pub app_name: Option<Label>,
    /// The language of the demo records and role names; the caller's when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub locale: Option<Language>,
    /// Whether to load the demo records.
    #[serde(default)]
    pub demo: bool,
}

/// What an install made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Installed {
    #[schema(value_type = String)]
    pub app: Id,
    /// The package's own forms, by key.
    #[schema(value_type = BTreeMap<String, String>)]
    pub forms: BTreeMap<String, Id>,
    /// The apps of the package and of those that it needs, by package.
    #[schema(value_type = BTreeMap<String, String>)]
    pub packages: BTreeMap<String, Id>,
    pub reports: Vec<String>,
    /// The transaction scripts that it brings: what they write is nobody's right, so whoever installs them reads them before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scripts: Vec<PackagedScript>,
    /// What its flows call. These calls are held back until somebody who administers the app lets one of the step go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<PackagedCall>,
}

/// A step of a flow of a package that calls another system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackagedCall {
    pub package: String,
    /// The key of its form.
    pub form: String,
    pub step: String,
    pub method: String,
    /// Names of fields in braces may stand behind the host.
    pub url: String,
}
