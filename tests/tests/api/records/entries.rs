//! What was entered and not saved waits for its writer on every device, and for nobody else.

use serde_json::{Map, Value, json};
use tests::design::{approve, form, group, text};
use tests::workspace::{Form, id_of, items};
use tests::{Client, on_both_shared};

async fn kept(who: &Client, form: &Form, record: &str) -> Value {
    who.get(&form.path(&format!("/entries/{record}"))).await.ok()
}

fn nothing() -> Value {
    json!({"fields": {}, "at": null})
}

#[tokio::test]
async fn what_was_entered_is_kept_for_its_writer_alone() {
    on_both_shared(async |workspace| {
        let order = workspace.form(form("order", [text("name"), text("note")])).await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        order.allow(group("all", &[&mei.id, &tom.id])).await;
        let record = id_of(&order.add(json!({"name": "A"})).await);
        assert_eq!(kept(&mei, &order, "new").await, nothing());

        // Unchecked, and the last word counts; a new record and each that is there are kept apart.
        let path = |record: &str| order.path(&format!("/entries/{record}"));
        mei.put(&path("new"), "*", json!({"fields": {"name": "half"}})).await.ok();
        let answer = mei.put(&path("new"), "*", json!({"fields": {"name": "whole", "gone": [1]}})).await.ok();
        mei.put(&path(&record), "*", json!({"fields": {"note": "later"}})).await.ok();
        let again = mei.reconnected();
        assert_eq!(kept(&again, &order, "new").await, answer);
        assert_eq!(answer["fields"], json!({"name": "whole", "gone": [1]}));
        assert!(answer["at"].is_string());
        assert_eq!(kept(&again, &order, &record).await["fields"], json!({"note": "later"}));

        // It is nobody else's, and no record.
        assert_eq!(kept(&tom, &order, "new").await, nothing());
        assert_eq!(kept(&workspace.admin, &order, &record).await, nothing());
        assert_eq!(items(&order.query(&mei, json!({"drafts": true})).await.ok()).len(), 0);
        assert_eq!(order.read(&mei, &json!({"id": record})).await.ok()["fields"]["note"], Value::Null);

        // Nothing entered is nothing kept.
        mei.put(&path("new"), "*", json!({"fields": {}})).await.ok();
        assert_eq!(kept(&mei, &order, "new").await, nothing());
        for _ in 0..2 {
            let forget = mei.request(reqwest::Method::DELETE, &path(&record));
            mei.send(forget).await.with_status(204);
        }
        assert_eq!(kept(&mei, &order, &record).await, nothing());
    })
    .await;
}

#[tokio::test]
async fn nothing_is_kept_for_a_form_that_one_may_not_use_nor_without_end() {
    on_both_shared(async |workspace| {
        let order = workspace.form(form("order", [text("name")])).await;
        let (mei, eve) = (workspace.person("mei").await, workspace.person("eve").await);
        order.allow(group("all", &[&mei.id])).await;
        let path = |record: &str| order.path(&format!("/entries/{record}"));
        let entry = json!({"fields": {"name": "A"}});
        eve.put(&path("new"), "*", entry.clone()).await.refused(404, "not_found");
        eve.get(&path("new")).await.refused(404, "not_found");
        mei.put(&path("no-id"), "*", entry.clone()).await.refused(404, "not_found");
        mei.put(&path("new"), "*", json!({"fields": 5})).await.refused(422, "validation");
        mei.put(&path("new"), "*", json!({"values": {}})).await.refused(422, "unknown_member");
        let long: Map<String, Value> =
            [("name".to_owned(), json!("x".repeat(1 << 18)))].into_iter().collect();
        mei.put(&path("new"), "*", json!({"fields": long})).await.refused(413, "too_large");
        assert_eq!(kept(&mei, &order, "new").await, nothing());

        // Of more than a hundred the oldest go.
        for _ in 0..5 {
            let record = id_of(&order.add(json!({"name": "A"})).await);
            mei.put(&path(&record), "*", entry.clone()).await.ok();
        }
        let records = order.add_all((0..96).map(|n| json!({"name": n.to_string()}))).await;
        for record in &records {
            mei.put(&path(record), "*", entry.clone()).await.ok();
        }
        mei.put(&path("new"), "*", entry.clone()).await.ok();
        let list = order.query(&mei, json!({"limit": 500})).await.ok();
        let mut left = 0;
        for record in items(&list) {
            left += usize::from(kept(&mei, &order, &id_of(record)).await != nothing());
        }
        assert_eq!(left, 99);
        assert_ne!(kept(&mei, &order, "new").await, nothing());
    })
    .await;
}

#[tokio::test]
async fn who_is_asked_in_a_flow_keeps_what_they_entered_at_their_step() {
    on_both_shared(async |workspace| {
        let order = workspace.form(form("order", [text("name"), text("note")])).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        let eve = workspace.person("eve").await;
        order.allow(group("all", &[&mei.id])).await;
        order.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        let asked = id_of(&order.create(&mei, json!({"name": "A"})).await.created());
        let path = order.path(&format!("/entries/{asked}"));
        // The form itself is closed to them; the record of their task is not.
        let entry = json!({"fields": {"note": "half", "$opinion": "Rather not"}});
        boss.put(&path, "*", entry.clone()).await.ok();
        assert_eq!(kept(&boss.reconnected(), &order, &asked).await["fields"], entry["fields"]);
        assert_eq!(kept(&mei, &order, &asked).await, nothing());
        boss.put(&order.path("/entries/new"), "*", entry.clone()).await.refused(404, "not_found");
        eve.put(&path, "*", entry).await.refused(404, "not_found");
        eve.get(&path).await.refused(404, "not_found");
        let forget = boss.request(reqwest::Method::DELETE, &path);
        boss.send(forget).await.with_status(204);
        assert_eq!(kept(&boss, &order, &asked).await, nothing());
    })
    .await;
}
