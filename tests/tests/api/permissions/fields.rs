//! Which fields somebody sees and fills, and what else could tell of them.

use serde_json::{Value, json};
use tests::design::{form, group, number, test, text};
use tests::on_both_shared;
use tests::workspace::{faults, id_of, items};

use super::orders;

#[tokio::test]
async fn t02_a_hidden_field_is_nowhere_to_be_found() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        order
            .allow(
                group("clerks", &[&mei.id])
                    .field("cost", "none")
                    .field("amount", "read")
                    .field("lines.price", "none"),
            )
            .await;
        let list = order.query(&mei, json!({"fields": ["name", "lines"]})).await.ok();
        assert!(!list.to_string().contains("price"), "{list}");
        let some = items(&order.query(&mei, json!({})).await.ok())[0].clone();
        let seen = order.read(&mei, &some).await.ok();
        assert!(
            seen["fields"].get("cost").is_none() && seen["fields"]["lines"][0].get("price").is_none(),
            "{seen}"
        );
        assert_eq!(seen["fields"]["lines"][0]["item"], "a");

        let unknown =
            async |query: Value| faults(&order.query(&mei, query).await.refused(422, "unknown_field"));
        assert_eq!(unknown(json!({"filter": test("cost", "gt", 1)})).await, ["filter: unknown_field"]);
        assert_eq!(unknown(json!({"filter": test("lines.price", "gt", 1)})).await, ["filter: unknown_field"]);
        assert_eq!(
            unknown(json!({"filter": test("amount", "gt", json!({"field": "cost"}))})).await,
            ["filter: unknown_field"]
        );
        assert_eq!(unknown(json!({"sort": [{"field": "cost"}]})).await, ["sort.0: unknown_field"]);
        assert_eq!(unknown(json!({"fields": ["cost"]})).await, ["fields.0: unknown_field"]);
        for measures in [
            json!([{"key": "s", "fn": "sum", "field": "cost"}]),
            json!([{"key": "s", "fn": "max", "field": "cost"}]),
        ] {
            order.add_up(&mei, json!({"measures": measures})).await.refused(422, "unknown_field");
        }
        let grouped = json!({"group": [{"field": "cost"}], "measures": [{"key": "n", "fn": "count"}]});
        order.add_up(&mei, grouped).await.refused(422, "unknown_field");

        // Writing it is refused like a field that does not exist; a readable one like one that can't be set.
        let hidden = order.edit(&mei, &seen, json!({"cost": 1})).await.refused(422, "unknown_field");
        assert_eq!(faults(&hidden), ["fields.cost: unknown_field"]);
        let never = order.edit(&mei, &seen, json!({"nothing": 1})).await.refused(422, "unknown_field");
        assert_eq!(hidden["title"], never["title"]);
        let readable = order.edit(&mei, &seen, json!({"amount": 1})).await.refused(422, "not_writable");
        assert_eq!(faults(&readable), ["fields.amount: not_writable"]);
        order.edit(&mei, &seen, json!({"amount": seen["fields"]["amount"], "name": "renamed"})).await.ok();
        let whole = order.read(admin, &seen).await.ok();
        assert_eq!(
            (&whole["fields"]["name"], whole["fields"]["cost"].is_string()),
            (&json!("renamed"), true)
        );
        // What stays hidden stays stored, rows of a sub-form included.
        let rows = json!({"lines": [{"id": seen["fields"]["lines"][0]["id"], "item": "b"}, {"item": "c"}]});
        order.edit(&mei, &whole, rows).await.ok();
        let whole = order.read(admin, &seen).await.ok();
        assert!(whole["fields"]["lines"][0]["price"].is_string(), "{whole}");
        // Its changes are in nobody's history who may not see it.
        order.edit(admin, &whole, json!({"cost": 77})).await.ok();
        let history = mei.get(&format!("{}/history", order.at(&seen))).await.ok();
        assert!(!history.to_string().contains("cost") && !history.to_string().contains("price"), "{history}");
        let evaluated =
            mei.post(&order.path("/evaluate"), json!({"record": {}, "id": seen["id"]})).await.ok();
        assert!(!evaluated.to_string().contains("cost"), "{evaluated}");
    })
    .await;
}

#[tokio::test]
async fn a_group_that_shows_no_records_does_not_open_the_fields_of_others() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        order.allow(group("clerks", &[&mei.id]).may(&["view"]).field("cost", "none")).await;
        let makers = group("makers", &[&mei.id]).may(&["create", "edit"]);
        order.allow(makers.rows(test("name", "eq", "nowhere"))).await;
        let list = order.query(&mei, json!({})).await.ok();
        assert_eq!(items(&list).len(), 6);
        assert!(!list.to_string().contains("cost"), "{list}");
        let some = &items(&list)[0];
        let seen = order.read(&mei, some).await.ok();
        assert!(seen["fields"].get("cost").is_none(), "{seen}");
        let trial = json!({"record": {}, "id": some["id"]});
        let tried = mei.post(&order.path("/evaluate"), trial).await.ok();
        assert!(!tried.to_string().contains("cost"), "{tried}");
        let sent = json!({"record": {"cost": 5}, "id": some["id"]});
        let tried = mei.post(&order.path("/evaluate"), sent).await.ok();
        assert!(tried["values"].get("cost").is_none(), "{tried}");
        // What it makes is its own to see.
        let made = order.create(&mei, json!({"name": "nowhere", "cost": 5})).await.created();
        assert_eq!(order.read(&mei, &made).await.ok()["fields"]["cost"], "5.00");
    })
    .await;
}

#[tokio::test]
async fn records_behind_a_number_tell_no_more_than_the_number() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Pay").await;
        let fields = [text("name"), text("kind"), number("salary", 0)];
        let pay = app.form(form("pay", fields).with("title", "{name} {salary}")).await;
        pay.add_all([
            json!({"name": "Ada", "kind": "a", "salary": 900}),
            json!({"name": "Bob", "kind": "b", "salary": 100}),
        ])
        .await;
        let mei = workspace.person("mei").await;
        let readers = group("readers", &[&mei.id]).may(&["view"]);
        pay.allow(readers.field("salary", "none").field("kind", "none")).await;
        let tile = |key: &str, more: Value| {
            let mut tile = json!({"key": key, "label": key, "at": [0, 0, 6, 3], "kind": "figure",
                "source": "pay", "measures": [{"key": "n", "fn": "count"}]});
            for (member, value) in more.as_object().unwrap() {
                tile[member] = value.clone();
            }
            tile
        };
        let tiles = [
            tile("all", json!({})),
            tile("rich", json!({"filter": test("salary", "gt", "500")})),
            tile("kinds", json!({"kind": "bar", "group": [{"field": "kind"}]})),
        ];
        let readers = json!({"members": [mei.id]});
        let page = json!({"format": 1, "key": "pay", "label": "Pay", "read": readers, "tiles": tiles});
        let page = workspace.admin.post(&app.path("/dashboards"), page).await.created();
        let behind = |key: &str| format!("/dashboards/{}/tiles/{key}/records", id_of(&page));
        for closed in ["rich", "kinds"] {
            mei.post(&behind(closed), json!({})).await.refused(403, "forbidden");
            workspace.admin.post(&behind(closed), json!({})).await.ok();
        }
        mei.post(&behind("kinds"), json!({"row": {"kind": "a"}})).await.refused(403, "forbidden");
        let all = mei.post(&behind("all"), json!({})).await.ok();
        assert_eq!(items(&all).len(), 2);
        let titles = all["titles"].as_object().unwrap().values();
        let titles: Vec<&str> = titles.map(|title| title.as_str().unwrap()).collect();
        assert!(titles.contains(&"Ada") && titles.contains(&"Bob"), "{titles:?}");
    })
    .await;
}
