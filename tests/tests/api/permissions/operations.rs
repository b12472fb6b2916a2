//! What a group allows to be done, and who belongs to it.

use serde_json::{Value, json};
use tests::design::{group, test};
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, faults, id_of, items};

use super::orders;

#[tokio::test]
async fn a_form_without_groups_is_its_administrators_alone() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        let some = items(&order.query(&workspace.admin, json!({})).await.ok())[0].clone();
        for path in
            ["", "/records", "/schema", "/draft", "/permissions", "/fields/name/options", "/flow/draft"]
        {
            mei.get(&order.path(path)).await.refused(404, "not_found");
        }
        for path in ["/records", "/records/query", "/records/bulk", "/evaluate", "/publish"] {
            let body = match path {
                "/records" => json!({"fields": {}}),
                "/records/bulk" => json!({"delete": [some["id"]]}),
                "/evaluate" => json!({"record": {}}),
                _ => json!({}),
            };
            mei.post(&order.path(path), body).await.refused(404, "not_found");
        }
        mei.post(&order.path("/aggregate"), json!({"measures": [{"key": "n", "fn": "count"}]}))
            .await
            .refused(404, "not_found");
        order.read(&mei, &some).await.refused(404, "not_found");
        mei.delete(&order.at(&some), 1).await.refused(404, "not_found");
        mei.get(&format!("{}/history", order.at(&some))).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn operations_are_what_a_group_allows() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        order.allow(group("readers", &[&mei.id]).may(&["view"])).await;
        let some = items(&order.query(&mei, json!({})).await.ok())[0].clone();
        assert_eq!(order.read(&mei, &some).await.ok()["fields"]["name"], some["fields"]["name"]);
        order.create(&mei, json!({"name": "x"})).await.refused(403, "forbidden");
        order.edit(&mei, &some, json!({"name": "x"})).await.refused(403, "forbidden");
        mei.delete(&order.at(&some), 1).await.refused(403, "forbidden");
        order.query(&mei, json!({"deleted": true})).await.refused(403, "forbidden");
        mei.post(&order.path("/records/bulk"), json!({"create": [{"fields": {"name": "x"}}]}))
            .await
            .refused(403, "forbidden");
        mei.get(&order.path("/draft")).await.refused(403, "forbidden");
        mei.post(&order.path("/permissions"), group("own", &[&mei.id]).document())
            .await
            .refused(403, "forbidden");
        let may = mei.get(&order.path("")).await.ok()["may"].clone();
        assert_eq!(may["operations"], json!(["view"]));

        // Who may only create sees nothing, not even what they made.
        let tom = workspace.person("tom").await;
        order.allow(group("senders", &[&tom.id]).may(&["create"])).await;
        let made = order.create(&tom, json!({"name": "sent"})).await.created();
        order.read(&tom, &made).await.refused(404, "not_found");
        order.query(&tom, json!({})).await.refused(403, "forbidden");
        order
            .add_up(&tom, json!({"measures": [{"key": "n", "fn": "count"}]}))
            .await
            .refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn people_belong_to_a_group_by_role_and_department_and_no_longer_than_that() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        let key = format!("clerk_{}", mei.id);
        let role = admin.post("/roles", json!({"key": key, "name": "Clerk"})).await.created();
        let mut document = group("by_role", &[]).document();
        document["who"] = json!({"roles": [key]});
        admin.post(&order.path("/permissions"), document).await.created();
        mei.get(&order.path("")).await.refused(404, "not_found");
        admin.patch(&format!("/roles/{}", id_of(&role)), 1, json!({"members": [mei.id]})).await.ok();
        assert_eq!(items(&order.query(&mei, json!({})).await.ok()).len(), 6);
        let counted = async || {
            let listed = admin.get(&order.path("/permissions")).await.ok();
            items(&listed).iter().map(|group| group["people"].as_u64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(counted().await, [1]);
        admin.patch(&format!("/roles/{}", id_of(&role)), 2, json!({"members": []})).await.ok();
        order.query(&mei, json!({})).await.refused(404, "not_found");
        assert_eq!(counted().await, [0]);

        let department =
            admin.post("/departments", json!({"name": "North", "members": [mei.id]})).await.created();
        let mut document = group("by_department", &[]).may(&["view"]).document();
        document["who"] = json!({"departments": [department["id"]]});
        admin.post(&order.path("/permissions"), document).await.created();
        assert_eq!(items(&order.query(&mei, json!({})).await.ok()).len(), 6);
        // Whoever is named twice counts once.
        let both = json!({"departments": [department["id"]], "members": [mei.id]});
        let mut document = group("both_ways", &[]).may(&["view"]).document();
        document["who"] = both;
        admin.post(&order.path("/permissions"), document).await.created();
        assert_eq!(counted().await, [0, 1, 1]);
    })
    .await;
}

#[tokio::test]
async fn a_group_that_names_what_is_not_there_is_refused() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let refused = async |document: Value, code: &str| {
            faults(&admin.post(&order.path("/permissions"), document).await.refused(422, code))
        };
        assert_eq!(
            refused(group("g", &[UNKNOWN]).document(), "validation").await,
            ["/who/members: not_an_id"]
        );
        assert_eq!(refused(group("No Key", &[]).document(), "validation").await, ["/key: invalid_key"]);
        let field = refused(group("g", &[]).field("gone", "read").document(), "unknown_field").await;
        assert!(field[0].starts_with("/fields"), "{field:?}");
        let rows = refused(group("g", &[]).rows(test("gone", "eq", 1)).document(), "unknown_field").await;
        assert!(rows[0].starts_with("/rows"), "{rows:?}");
        assert_eq!(refused(group("g", &[]).may(&["fly"]).document(), "validation").await.len(), 1);
        let mut strange = group("g", &[]).document();
        strange["colour"] = json!("red");
        assert_eq!(refused(strange, "unknown_member").await, ["/colour: unknown_member"]);
        order.allow(group("g", &[])).await;
        admin.post(&order.path("/permissions"), group("g", &[]).document()).await.refused(409, "group_taken");
    })
    .await;
}
