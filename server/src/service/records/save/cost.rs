//! What a save costs, counted: how often it asks the database. Times depend on the machine, turns do not.

use engine::value::Id;
use serde_json::{Value as Json, json};

use crate::service::once::Key;
use crate::service::people::{Caller, Credential, set_up, sign_in};
use crate::service::records::change;
use crate::service::{Installation, apps, forms};
use crate::settings::Settings;

/// An installation in a folder of its own, and its administrator.
async fn installation(folder: &std::path::Path) -> (Installation, Caller) {
    let settings = Settings {
        data: folder.to_path_buf(),
        database: format!("sqlite:{}", folder.join("formwork.db").display()),
        listen: ([127, 0, 0, 1], 0).into(),
        base_url: "http://127.0.0.1".to_string(),
        insecure_http: false,
    };
    let installation = Installation::open(settings).await.unwrap();
    let member =
        set_up::create_administrator(&installation, "a@example.com", "A", "correct horse battery").await;
    let member = member.unwrap();
    let caller =
        sign_in::caller(&installation, member.workspace, member.id, Credential::Operator, None).await;
    (installation, caller.unwrap().unwrap())
}

async fn form(installation: &Installation, caller: &Caller, app: &str, document: Json) -> String {
    let answer = forms::publish::create(installation, caller, None, app.to_string(), document).await.unwrap();
    id_in(&answer.body)
}

fn id_in(body: &str) -> String {
    let body: Json = serde_json::from_str(body).unwrap();
    body["id"].as_str().unwrap().to_string()
}

async fn create(
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

/// The stamp of the designs, the linked record, the record itself; and the rest, values of many-valued fields, history,
/// audit, outbox, the kept answer and the commit, together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_save_asks_the_database_four_times() {
    let folder = std::env::temp_dir().join(format!("formwork_test_cost_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (installation, caller) = installation(&folder).await;
    let app = serde_json::from_value(json!({"label": "Sales"})).unwrap();
    let app = id_in(&apps::create(&installation, &caller, None, app).await.unwrap().body);
    let customers = json!({"key": "customers", "label": "c", "title": "{name}",
                           "fields": [{"key": "name", "label": "n", "kind": "text"}]});
    let customers = form(&installation, &caller, &app, customers).await;
    let orders = json!({"key": "orders", "label": "o", "title": "{title}", "fields": [
        {"key": "title", "label": "t", "kind": "text"},
        {"key": "amount", "label": "a", "kind": "number", "options": {"scale": 2}},
        {"key": "tags", "label": "t", "kind": "multi_select", "options": {"choices": [
            {"key": "gift", "label": "g"}, {"key": "vip", "label": "v"}]}},
        {"key": "customer", "label": "c", "kind": "link", "options": {"form": "customers", "display": ["name"]}}]});
    let orders = form(&installation, &caller, &app, orders).await;
    let customer = create(&installation, &caller, &customers, json!({"name": "Ada"}), None).await;
    let fields = json!({"title": "one", "amount": "12.50", "tags": ["gift", "vip"], "customer": customer});
    create(&installation, &caller, &orders, fields.clone(), None).await;

    let turns = || installation.store.turns();
    let before = turns();
    let order = create(&installation, &caller, &orders, fields.clone(), None).await;
    assert_eq!(turns() - before, 4, "a new record");
    let before = turns();
    let key = Key { route: "POST /x".into(), key: "k".into(), body_hash: "h".into() };
    create(&installation, &caller, &orders, fields, Some(key)).await;
    assert_eq!(turns() - before, 5, "a new record under an idempotency key");
    let before = turns();
    let patch = serde_json::from_value(json!({"fields": {"title": "two"}})).unwrap();
    change::update(&installation, &caller, (orders, order), None, patch).await.unwrap();
    assert_eq!(turns() - before, 4, "a changed record");
    installation.store.close().await;
    std::fs::remove_dir_all(&folder).unwrap();
}
