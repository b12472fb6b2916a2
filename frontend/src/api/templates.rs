//! The template centre.

use engine::package::Category;
use engine::text::{Label, Language};
use serde::Deserialize;
use serde_json::json;

use wire::{NextSteps, TemplateContent, TemplateDemo};

use super::jobs::JobStarted;
use super::{Call, Page, Problem, segment};

/// A package that can be installed as an app.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Template {
    pub key: String,
    #[serde(default)]
    pub version: String,
    pub label: Label,
    #[serde(default)]
    pub summary: Option<Label>,
    #[serde(default)]
    pub languages: Vec<Language>,
    #[serde(default)]
    pub forms: u64,
    #[serde(default)]
    pub flows: u64,
    #[serde(default)]
    pub dashboards: u64,
    #[serde(default)]
    pub category: Category,
    /// The keys of the templates that are installed with it.
    #[serde(default)]
    pub needs: Vec<String>,
    /// The apps that were made from it.
    #[serde(default)]
    pub installed: Vec<String>,
}

pub async fn templates() -> Result<Vec<Template>, Problem> {
    let page: Page<Template> = Call::get("/templates").send().await?;
    Ok(page.items)
}

/// Begins to install a template; answers the job's id.
pub async fn install(key: &str, locale: Language, demo: bool) -> Result<String, Problem> {
    let body = json!({ "locale": locale, "demo": demo });
    let started: JobStarted =
        Call::post(format!("/templates/{}/install", segment(key))).json(&body).send().await?;
    Ok(started.job.to_string())
}

/// What is in a template.
pub async fn content(key: &str) -> Result<TemplateContent, Problem> {
    Call::get(format!("/templates/{}", segment(key))).send().await
}

/// How many demo records of an installed template are left.
pub async fn demo(key: &str) -> Result<TemplateDemo, Problem> {
    Call::get(format!("/templates/{}/demo", segment(key))).send().await
}

/// What comes next in an app, where it was made from a template.
pub async fn next_steps(app: &str) -> Result<NextSteps, Problem> {
    Call::get(format!("/apps/{}/next-steps", segment(app))).send().await
}

/// Begins to clear the demo of an installed template; answers the job's id.
pub async fn clear_demo(key: &str) -> Result<String, Problem> {
    let started: JobStarted = Call::post(format!("/templates/{}/demo/clear", segment(key))).send().await?;
    Ok(started.job.to_string())
}

/// Where a template's picture is read.
pub fn picture(key: &str) -> String {
    format!("/api/v1/templates/{}/picture", segment(key))
}
