//! What comes next in an app that was made from a template, and what of it is done.

use serde_json::{Value, json};
use tests::workspace::items;
use tests::{Client, on_both};

async fn next(admin: &Client) -> Value {
    admin.get("/apps/base/next-steps").await.ok()
}

/// How many have a role.
fn people_in(steps: &Value, role: &str) -> Value {
    let roles = steps["roles"].as_array().unwrap();
    roles.iter().find(|known| known["key"] == role).unwrap_or_else(|| panic!("{role}: {steps}"))["members"]
        .clone()
}

#[tokio::test]
async fn what_comes_after_an_installation_is_told_with_what_is_done() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let install = json!({"locale": "en", "demo": true});
        let installed = admin.job(admin.post("/templates/base/install", install).await).await;
        assert_eq!(installed["state"], "done", "{installed}");
        let steps = next(&admin).await;
        // The demo is nobody's own record.
        let open = json!({"template": "base", "roles": steps["roles"], "demo": true, "cleared": false,
            "record": false, "people": false});
        assert_eq!(steps, open);
        assert_eq!((people_in(&steps, "REP"), people_in(&steps, "FIN")), (json!(0), json!(0)));

        let listed = admin.get("/roles").await.ok();
        let rep = items(&listed).iter().find(|role| role["key"] == "REP").unwrap()["id"].clone();
        server.member(&admin, "ray@example.com", &[rep.as_str().unwrap()]).await;
        let rates = installed["result"]["forms"]["rate"].as_str().unwrap();
        let rate = json!({"fields": {"currency": "CHF", "date": "2026-01-05", "rate": "8.9"}});
        admin.post(&format!("/forms/{rates}/records"), rate).await.created();
        let cleared = admin.job(admin.post("/templates/base/demo/clear", json!({})).await).await;
        assert_eq!(cleared["state"], "done", "{cleared}");
        let steps = next(&admin).await;
        for done in ["cleared", "record", "people"] {
            assert_eq!(steps[done], true, "{done}: {steps}");
        }
        assert_eq!((people_in(&steps, "REP"), people_in(&steps, "FIN")), (json!(1), json!(0)));
    })
    .await;
}

#[tokio::test]
async fn nothing_comes_next_in_an_app_of_ones_own_and_only_who_installs_is_told() {
    on_both(async |server| {
        let admin = server.set_up().await;
        admin.post("/apps", json!({"key": "shop", "label": "Shop"})).await.created();
        let steps = admin.get("/apps/shop/next-steps").await.ok();
        assert_eq!((&steps["template"], &steps["roles"]), (&Value::Null, &json!([])));
        admin.get("/apps/nothing/next-steps").await.refused(404, "not_found");
        let mei = server.member(&admin, "mei@example.com", &[]).await;
        mei.get("/apps/shop/next-steps").await.refused(403, "forbidden");
    })
    .await;
}
