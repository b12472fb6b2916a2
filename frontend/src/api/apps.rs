//! Apps and what is in them.

use engine::form::FormDocument;
use engine::text::Label;
use engine::value::Id;
use serde_json::json;
use wire::{App, AppInput, AppPatch, Form, List};

use super::{Call, Problem, segment};

pub async fn apps() -> Result<Vec<App>, Problem> {
    let list: List<App> = Call::get("/apps").send().await?;
    Ok(list.items)
}

pub async fn create_app(label: &str, icon: &str) -> Result<App, Problem> {
    let label = Label::Plain(label.to_string());
    Call::post("/apps").json(&AppInput { label, key: None, icon: Some(icon.to_string()) }).send().await
}

/// Changes what is given of an app.
pub async fn change_app(app: Id, patch: &AppPatch) -> Result<App, Problem> {
    Call::patch(format!("/apps/{app}")).json(patch).send().await
}

/// Puts an app with all its forms into the recycle bin.
pub async fn delete_app(app: Id) -> Result<(), Problem> {
    Call::delete(format!("/apps/{app}")).send_unit().await
}

/// The forms of an app that the reader may see, without their definitions.
pub async fn forms(app: &str) -> Result<Vec<Form>, Problem> {
    let list: List<Form> = Call::get(format!("/apps/{}/forms", segment(app))).send().await?;
    Ok(list.items)
}

/// Makes a form with one text field, as a draft to be designed.
pub async fn create_form(app: &str, key: &str, label: &str, first_field: &str) -> Result<Form, Problem> {
    let document = json!({
        "format": 1,
        "key": key,
        "label": label,
        "fields": [{ "key": "name", "label": first_field, "kind": "text", "options": { "sort": "pinyin" } }],
        "draft": true,
    });
    Call::post(format!("/apps/{}/forms", segment(app))).json(&document).send().await
}

/// Makes a form and publishes it.
pub async fn create_form_of(app: &str, document: &FormDocument) -> Result<Form, Problem> {
    Call::post(format!("/apps/{}/forms", segment(app))).json(document).send().await
}
