//! What links to the records of a form, as what stands below one of them is found.

use serde_json::{Value, json};
use tests::{Client, on_both};

async fn form(admin: &Client, document: Value) -> String {
    let form = admin.post("/apps/office/forms", document).await.created();
    form["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_fields_that_link_here_are_told_to_who_may_read_them() {
    on_both(async |server| {
        let admin = server.set_up().await;
        admin.post("/apps", json!({"key": "office", "label": "Office"})).await.created();
        admin.post("/roles", json!({"key": "clerk", "name": "Clerk"})).await.created();
        let name = json!({"key": "name", "label": "Name", "kind": "text"});
        let customer = form(&admin, json!({"key": "customer", "label": "Customer", "fields": [name]})).await;
        let link = |key: &str, kind: &str| {
            json!({"key": key, "label": key, "kind": kind, "options": {"form": "customer"}})
        };
        let order = json!({"key": "order", "label": "Order",
            "fields": [name, link("buyer", "link"), link("payers", "links")]});
        let order = form(&admin, order).await;
        let visit =
            form(&admin, json!({"key": "visit", "label": "Visit", "fields": [name, link("whom", "link")]})).await;
        let read = json!({"key": "g", "label": "g", "who": {"roles": ["clerk"]},
            "operations": ["view", "create"], "fields": {"*": "edit", "payers": "none"}});
        for form in [&customer, &order] {
            let mut group = read.clone();
            if *form == customer {
                group["fields"] = json!({"*": "edit"});
            }
            admin.post(&format!("/forms/{form}/permissions"), group).await.created();
        }
        let clerk = server.member(&admin, "clerk@example.com", &["clerk"]).await;
        let guest = server.member(&admin, "guest@example.com", &[]).await;

        let told = |answer: &Value| -> Vec<String> {
            let mut told: Vec<String> = answer["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| format!("{} {} {}", one["label"].as_str().unwrap(), one["field"], one["create"]))
                .collect();
            told.sort();
            told
        };
        let path = format!("/forms/{customer}/linking");
        let all = admin.get(&path).await.ok();
        assert_eq!(
            told(&all),
            ["Order \"buyer\" true", "Order \"payers\" true", "Visit \"whom\" true"]
        );
        let payers = all["items"].as_array().unwrap().iter().find(|one| one["field"] == "payers").unwrap();
        assert_eq!((&payers["several"], &payers["app"]), (&json!(true), &json!("office")));
        // Neither a form that one may not use, nor a field that one may not read.
        assert_eq!(told(&clerk.get(&path).await.ok()), ["Order \"buyer\" true"]);
        guest.get(&path).await.refused(404, "not_found");
        assert_eq!(told(&admin.get(&format!("/forms/{visit}/linking")).await.ok()), Vec::<String>::new());
    })
    .await;
}
