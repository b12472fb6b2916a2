//! What tests of services begin with: an installation in a folder of its own, its administrator, an app, a form.

use engine::value::Id;
use serde_json::{Value as Json, json};

use super::once::Key;
use super::people::{Caller, Credential, set_up, sign_in};
use super::records::change;
use super::{Installation, apps, forms};
use crate::settings::{RateLimit, Reach, SealKey, Services, Settings};

/// Runs `story` on an empty installation with SQLite, as its administrator.
pub async fn on_an_installation(name: &str, story: impl AsyncFn(&Installation, &Caller)) {
    let folder = std::env::temp_dir().join(format!("formwork_test_{name}_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (installation, caller) = installation(&folder).await;
    story(&installation, &caller).await;
    installation.store.close().await;
    std::fs::remove_dir_all(&folder).unwrap();
}

async fn installation(folder: &std::path::Path) -> (Installation, Caller) {
    let settings = Settings {
        data: folder.to_path_buf(),
        database: format!("sqlite:{}", folder.join("formwork.db").display()),
        seal_key: SealKey::File(folder.join("formwork.key")),
        listen: ([127, 0, 0, 1], 0).into(),
        base_url: "http://127.0.0.1".to_string(),
        reach: Reach::default(),
        costly_per_minute: 1_000,
        public_per_minute: 1_000,
        rate_limit: RateLimit::default(),
        disk_reserve: Some(0),
        workspace_quota: None,
        calls_per_day: None,
        services: Services::default(),
    };
    let installation = Installation::open(settings).await.unwrap();
    let member =
        set_up::create_administrator(&installation, None, "a@example.com", "A", "correct horse battery")
            .await;
    let member = member.unwrap();
    let caller =
        sign_in::caller(&installation, member.workspace, member.id, Credential::Operator, None).await;
    (installation, caller.unwrap().unwrap())
}

/// A new app's id.
pub async fn app(installation: &Installation, caller: &Caller) -> String {
    let app = serde_json::from_value(json!({"label": "Sales"})).unwrap();
    id_in(&apps::create(installation, caller, None, app).await.unwrap().body)
}

/// A published form's id.
pub async fn form(installation: &Installation, caller: &Caller, app: &str, document: Json) -> String {
    let answer = forms::publish::create(installation, caller, None, app.to_string(), document).await.unwrap();
    id_in(&answer.body)
}

/// A new record.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    fields: Json,
    key: Option<Key>,
) -> Id {
    let input = serde_json::from_value(json!({"fields": fields})).unwrap();
    let answer = change::create(installation, caller, key, form.to_string(), input).await.unwrap();
    id_in(&answer.body).parse().unwrap()
}

/// The id in an answer.
pub fn id_in(body: &str) -> String {
    let body: Json = serde_json::from_str(body).unwrap();
    body["id"].as_str().unwrap().to_string()
}
