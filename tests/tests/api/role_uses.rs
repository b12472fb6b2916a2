//! What a role may do, and where: every place that names it is told to those who administer the workspace.

use serde_json::{Value, json};
use tests::design::{form, text};
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, id_of, items};

#[tokio::test]
async fn a_role_tells_which_groups_steps_and_administrators_name_it() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let role = admin.post("/roles", json!({"key": "cashier", "name": "Cashier"})).await.created();
        let path = format!("/roles/{}/uses", id_of(&role));
        assert!(items(&admin.get(&path).await.ok()).is_empty(), "nothing names it yet");

        let app = workspace.app("Till").await;
        admin.patch(&format!("/apps/{}", app.id), 1, json!({"admins": [{"roles": ["cashier"]}]})).await.ok();
        let order = app.form(form("order", [text("name")])).await;
        let group = |key: &str, enabled: bool, who: Value| {
            json!({"format": 1, "key": key, "label": format!("The {key}"), "who": who,
                "operations": ["view", "create"], "fields": {"*": "edit"}, "rows": null, "enabled": enabled})
        };
        for (key, enabled, who) in [
            ("tellers", true, json!({"roles": ["cashier"]})),
            ("night", false, json!({"roles": [role["id"]]})),
            ("others", true, json!({"everyone": true})),
        ] {
            admin.post(&order.path("/permissions"), group(key, enabled, who)).await.created();
        }
        let approve = |key: &str, who: Value| {
            json!({"kind": "approve", "key": key, "label": format!("Step {key}"), "who": who})
        };
        let block = json!({"kind": "parallel", "key": "both", "label": "Both", "arms": [
            {"key": "one", "label": "One", "steps": [approve("within", json!([{"managers_up_to": {"role": "cashier"}}]))]},
            {"key": "two", "label": "Two", "steps": [approve("other", json!([{"submitter": true}]))]}]});
        order.flow(json!([approve("first", json!([{"roles": ["cashier"]}])), block])).await;
        admin.put(&order.path("/admins"), "*", json!({"admins": [{"roles": ["cashier"]}]})).await.ok();

        let told = admin.get(&path).await.ok();
        let uses = items(&told);
        let said = |place: &Value| {
            let label = place["label"].as_str().unwrap_or_default();
            (place["kind"].as_str().unwrap().to_owned(), label.to_owned(), place["enabled"] == true)
        };
        let mut all: Vec<_> = uses.iter().map(said).collect();
        all.sort();
        let wanted = [
            ("app_administration", "", true),
            ("form_administration", "", true),
            ("group", "The night", false),
            ("group", "The tellers", true),
            ("step", "Step first", true),
            ("step", "Step within", true),
        ];
        assert_eq!(all, wanted.map(|(kind, label, enabled)| (kind.to_owned(), label.to_owned(), enabled)));
        let tellers = uses.iter().find(|place| place["label"] == "The tellers").unwrap();
        assert_eq!(tellers["operations"], json!(["view", "create"]));
        assert_eq!((&tellers["app"], &tellers["form"]), (&json!(app.id), &json!(order.id)));

        // It is no business of others, and of what is not there nothing is told.
        let mei = workspace.person("mei").await;
        mei.get(&path).await.refused(403, "forbidden");
        admin.get(&format!("/roles/{UNKNOWN}/uses")).await.refused(404, "not_found");
    })
    .await;
}
