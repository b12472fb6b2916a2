//! What a save costs, counted: how often it asks the database. Times depend on the machine, turns do not.

use serde_json::json;

use crate::service::once::Key;
use crate::service::records::change;
use crate::service::testing::{app, create, form, on_an_installation};

/// The stamp of the designs, the linked record, the record itself; and the rest, values of many-valued fields, history,
/// audit, outbox, the kept answer and the commit, together.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_save_asks_the_database_four_times() {
    on_an_installation("cost", async |installation, caller| {
        let app = app(installation, caller).await;
        let customers = json!({"key": "customers", "label": "c", "title": "{name}",
                               "fields": [{"key": "name", "label": "n", "kind": "text"}]});
        let customers = form(installation, caller, &app, customers).await;
        let orders = json!({"key": "orders", "label": "o", "title": "{title}", "fields": [
            {"key": "title", "label": "t", "kind": "text"},
            {"key": "amount", "label": "a", "kind": "number", "options": {"scale": 2}},
            {"key": "tags", "label": "t", "kind": "multi_select", "options": {"choices": [
                {"key": "gift", "label": "g"}, {"key": "vip", "label": "v"}]}},
            {"key": "customer", "label": "c", "kind": "link", "options": {"form": "customers", "display": ["name"]}}]});
        let orders = form(installation, caller, &app, orders).await;
        let customer = create(installation, caller, &customers, json!({"name": "Ada"}), None).await;
        let fields = json!({"title": "one", "amount": "12.50", "tags": ["gift", "vip"], "customer": customer});
        create(installation, caller, &orders, fields.clone(), None).await;

        let turns = || installation.store.turns();
        let before = turns();
        let order = create(installation, caller, &orders, fields.clone(), None).await;
        assert_eq!(turns() - before, 4, "a new record");
        let before = turns();
        let key = Key { route: "POST /x".into(), key: "k".into(), body_hash: "h".into() };
        create(installation, caller, &orders, fields, Some(key)).await;
        assert_eq!(turns() - before, 5, "a new record under an idempotency key");
        let before = turns();
        let patch = serde_json::from_value(json!({"fields": {"title": "two"}})).unwrap();
        change::update(installation, caller, (orders, order), None, patch).await.unwrap();
        assert_eq!(turns() - before, 4, "a changed record");
    })
    .await;
}
