//! Apps and what is in them.

use engine::text::Label;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{Call, Page, Problem, segment};

/// An app: forms and what belongs to them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct App {
    pub id: String,
    pub key: String,
    pub label: Label,
    #[serde(default)]
    pub icon: Option<String>,
}

/// A form, without its definition.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct FormSummary {
    pub id: String,
    pub app: String,
    pub key: String,
    pub label: Label,
    #[serde(default)]
    pub icon: Option<String>,
    #[serde(default)]
    pub version: Option<u64>,
    #[serde(default)]
    pub state: FormState,
    #[serde(default)]
    pub may: May,
}

/// Whether a form can be filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormState {
    Draft,
    #[default]
    Published,
}

/// What the reader may do with a form.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct May {
    #[serde(default)]
    pub operations: Vec<String>,
}

impl FormSummary {
    pub fn may(&self, operation: &str) -> bool {
        self.may.operations.iter().any(|may| may == operation)
    }
}

pub async fn apps() -> Result<Vec<App>, Problem> {
    let page: Page<App> = Call::get("/apps").query("limit", 500).send().await?;
    Ok(page.items)
}

pub async fn app(id: &str) -> Result<App, Problem> {
    Call::get(format!("/apps/{}", segment(id))).send().await
}

pub async fn create_app(label: &str, icon: &str) -> Result<App, Problem> {
    Call::post("/apps").json(&json!({ "label": label, "icon": icon })).send().await
}

/// The forms of an app that the reader may see.
pub async fn forms(app: &str) -> Result<Vec<FormSummary>, Problem> {
    let page: Page<FormSummary> =
        Call::get(format!("/apps/{}/forms", segment(app))).query("limit", 500).send().await?;
    Ok(page.items)
}

/// Makes a form with one text field, as a draft to be designed.
pub async fn create_form(
    app: &str,
    key: &str,
    label: &str,
    first_field: &str,
) -> Result<FormSummary, Problem> {
    let document: Json = json!({
        "format": 1,
        "key": key,
        "label": label,
        "fields": [{ "key": "name", "label": first_field, "kind": "text" }],
        "draft": true,
    });
    Call::post(format!("/apps/{}/forms", segment(app))).json(&document).send().await
}
