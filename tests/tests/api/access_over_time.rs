//! Rights that end: what somebody was let into closes at once.

use serde_json::json;
use tests::design::{approve, form, group, number, test, text};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{id_of, items};
use tests::{Client, News, on_both_shared};

/// The path of the first task that waits for somebody.
async fn waiting(who: &Client) -> String {
    let tasks = who.get("/tasks?box=todo").await.ok();
    format!("/tasks/{}", id_of(&items(&tasks)[0]))
}

#[tokio::test]
async fn news_end_with_the_session_that_listens() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (mei, tom, eve) =
            (workspace.person("mei").await, workspace.person("tom").await, workspace.person("eve").await);
        let made = eve.post("/tokens", json!({"name": "listener"})).await.created();
        let token = Client::with_token(eve.url(), made["token"].as_str().unwrap());
        let (mut hers, mut his) = (News::open(&mei, "/events").await, News::open(&tom, "/events").await);
        let (mut evening, mut by_token) =
            (News::open(&eve, "/events").await, News::open(&token, "/events").await);

        admin.delete(&format!("/members/{}", mei.id), 1).await.with_status(204);
        hers.ends().await;
        let change = json!({"password": {"current": ADMIN_PASSWORD, "new": "another good sentence"}});
        let mut elsewhere = eve.stranger();
        elsewhere.sign_in(&eve.email, ADMIN_PASSWORD).await.ok();
        elsewhere.patch("/me", 1, change).await.ok();
        evening.ends().await;
        by_token.ends().await;
        // Others go on listening until they sign out themselves.
        his.hears_nothing().await;
        tom.post("/auth/logout", json!({})).await.ok();
        his.ends().await;
    })
    .await;
}

#[tokio::test]
async fn a_request_that_came_back_gives_no_more_than_its_submitter_may_now() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let request = workspace.form(form("request", [text("what"), text("kind"), number("cost", 0)])).await;
        let (mei, one) = (workspace.person("mei").await, workspace.person("one").await);
        let askers = group("askers", &[&mei.id]).field("cost", "none").field("kind", "read");
        let mut document = askers.document();
        let made = admin.post(&request.path("/permissions"), document.clone()).await.created();
        request.flow(json!([approve("boss", &[&one.id], json!({}))])).await;
        let asked = request.create(&mei, json!({"what": "Chairs"})).await.created();
        let back = json!({"to": "start", "opinion": "Which?"});
        one.post(&format!("{}/return", waiting(&one).await), back).await.ok();

        // The start opens no field that groups close.
        let task = waiting(&mei).await;
        let rights = mei.get(&task).await.ok()["fields"].clone();
        assert_eq!(rights, json!({"what": "edit", "kind": "read"}));
        for way in ["save", "submit"] {
            let (cost, kind) = (json!({"fields": {"cost": 1}}), json!({"fields": {"kind": "x"}}));
            mei.post(&format!("{task}/{way}"), cost).await.refused(422, "unknown_field");
            mei.post(&format!("{task}/{way}"), kind).await.refused(422, "not_writable");
        }

        // Who has left the group changes nothing more, and sees no more than before.
        document["who"] = json!({"members": []});
        admin.put(&request.path(&format!("/permissions/{}", id_of(&made))), "\"1\"", document).await.ok();
        assert_eq!(mei.get(&task).await.ok()["fields"], json!({"what": "read", "kind": "read"}));
        let seen = request.read(&mei, &asked).await.ok();
        assert_eq!((&seen["fields"]["what"], seen["fields"].get("cost")), (&json!("Chairs"), None));
        let edit = json!({"fields": {"what": "Tables"}});
        mei.post(&format!("{task}/save"), edit.clone()).await.refused(422, "not_writable");
        mei.post(&format!("{task}/submit"), edit).await.refused(403, "forbidden");
        mei.post(&format!("{task}/submit"), json!({})).await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_request_that_is_submitted_again_stays_in_the_rows_of_its_submitter() {
    on_both_shared(async |workspace| {
        let request = workspace.form(form("request", [text("region")])).await;
        let (mei, one) = (workspace.person("mei").await, workspace.person("one").await);
        request.allow(group("north", &[&mei.id]).rows(test("region", "eq", "north"))).await;
        request.flow(json!([approve("boss", &[&one.id], json!({}))])).await;
        request.create(&mei, json!({"region": "south"})).await.refused(403, "outside_your_rows");
        request.create(&mei, json!({"region": "north"})).await.created();
        one.post(&format!("{}/return", waiting(&one).await), json!({"to": "start"})).await.ok();
        let task = format!("{}/submit", waiting(&mei).await);
        let south = json!({"fields": {"region": "south"}});
        mei.post(&task, south).await.refused(403, "outside_your_rows");
        mei.post(&task, json!({})).await.ok();
    })
    .await;
}

#[tokio::test]
async fn a_repeated_request_gives_no_more_than_its_sender_may_now() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("what"), number("cost", 0)])).await;
        let mei = workspace.person("mei").await;
        let mut document = group("clerks", &[&mei.id]).document();
        let made = admin.post(&order.path("/permissions"), document.clone()).await.created();
        let clerks = order.path(&format!("/permissions/{}", id_of(&made)));
        let (one, many) = (order.path("/records"), order.path("/records/bulk"));
        let fields = json!({"fields": {"what": "Chairs", "cost": 5}});
        let rows = json!({"create": [fields]});
        let first = mei.post_once(&one, "again-one", fields.clone()).await.created();
        let all = mei.post_once(&many, "again-many", rows.clone()).await.ok();
        order.edit(admin, &first, json!({"what": "Tables"})).await.ok();
        assert_eq!(mei.post_once(&one, "again-one", fields.clone()).await.created(), first);
        assert_eq!(mei.post_once(&many, "again-many", rows.clone()).await.ok(), all);

        document["fields"]["cost"] = json!("none");
        admin.put(&clerks, "\"1\"", document.clone()).await.ok();
        let again = mei.post_once(&one, "again-one", fields.clone()).await.created();
        assert_eq!((&again["id"], &again["fields"]), (&first["id"], &json!({"what": "Chairs"})));

        document["operations"] = json!(["view"]);
        admin.put(&clerks, "\"2\"", document.clone()).await.ok();
        mei.post_once(&one, "again-one", fields.clone()).await.refused(403, "forbidden");
        mei.post_once(&many, "again-many", rows.clone()).await.refused(403, "forbidden");
        document["who"] = json!({"members": []});
        admin.put(&clerks, "\"3\"", document).await.ok();
        mei.post_once(&one, "again-one", fields).await.refused(404, "not_found");
        mei.post_once(&many, "again-many", rows).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn a_repeated_decision_shows_no_field_that_was_closed_since() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let request = workspace.form(form("request", [text("what"), number("cost", 0)])).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        request.allow(group("askers", &[&mei.id])).await;
        let viewers = group("viewers", &[&boss.id]).may(&["view"]);
        let made = admin.post(&request.path("/permissions"), viewers.document()).await.created();
        let step = json!({"fields": {"*": "read", "what": "edit", "cost": "hidden"}});
        request.flow(json!([approve("boss", &[&boss.id], step)])).await;
        let asked = request.create(&mei, json!({"what": "Chairs", "cost": 5})).await.created();
        request.edit(admin, &asked, json!({"cost": 7})).await.ok();
        let approve = format!("{}/approve", waiting(&boss).await);
        let body = json!({"fields": {"what": "Oak chairs"}});
        let first = boss.post_once(&approve, "decided", body.clone()).await.ok();
        assert!(first["log"].to_string().contains("Oak chairs"), "{first}");
        assert_eq!(boss.post_once(&approve, "decided", body.clone()).await.ok(), first);

        let path = request.path(&format!("/permissions/{}", id_of(&made)));
        let closed = viewers.field("cost", "none").document();
        admin.put(&path, "\"1\"", closed).await.ok();
        let again = boss.post_once(&approve, "decided", body).await.ok();
        let cost = |told: &serde_json::Value| told["field_labels"].get("cost").is_some();
        assert_eq!((cost(&first), cost(&again)), (true, false), "{again}");
        assert!(again["log"].to_string().contains("Oak chairs"), "{again}");
    })
    .await;
}
