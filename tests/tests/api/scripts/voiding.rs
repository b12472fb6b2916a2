//! Voiding: the record stays and counts no more, what it had posted is taken back, and nothing changes it any more.

use serde_json::{Value, json};
use tests::design::{approve, form, group, link, text};
use tests::workspace::{faults, items};
use tests::{Inside, Workspace, on_both, on_both_shared};

use super::Depot;

fn may(record: &Value, operation: &str) -> bool {
    record["may"]["operations"].as_array().unwrap().iter().any(|name| name == operation)
}

#[tokio::test]
async fn what_is_void_stays_counts_no_more_and_is_changed_by_nobody() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let depot = Depot::build(&workspace).await;
        let table = json!({
            "format": 1, "key": "come", "label": "Come", "dimensions": [{"key": "item", "label": "Item"}],
            "sources": [{"form": "receipt", "group": {"item": "item"},
                "measures": {"qty": {"fn": "sum", "field": "qty"}}}]});
        let table = depot.app.aggregate(table).await;
        let qty = async || {
            let rows = depot.admin.get(&format!("/aggregates/{table}/rows")).await.ok();
            items(&rows).first().map(|row| row["values"]["qty"].as_str().unwrap().to_owned())
        };
        let chair = depot.receipts.add(json!({"item": "chair", "qty": "5"})).await;
        depot.receipts.add(json!({"item": "chair", "qty": "2"})).await;
        assert_eq!((qty().await.as_deref(), depot.on_hand("chair").await), (Some("7"), Some(7)));
        assert!(may(&chair, "void"), "{chair}");

        let path = format!("{}/void", depot.receipts.at(&chair));
        let blank = depot.admin.post(&path, json!({"reason": " "})).await.refused(422, "validation");
        assert_eq!(faults(&blank), ["reason: required"]);
        let voided = depot.void(&chair).await.ok();
        assert_eq!((&voided["version"], &voided["fields"]["qty"]), (&json!(2), &json!("5")));
        assert!(voided["system"]["voided_at"].is_string(), "{voided}");
        assert!(!may(&voided, "void") && !may(&voided, "edit") && !may(&voided, "delete"), "{voided}");
        assert_eq!((qty().await.as_deref(), depot.on_hand("chair").await), (Some("2"), Some(2)));
        let verified = depot.admin.post(&format!("/aggregates/{table}/verify"), json!({})).await.ok();
        assert_eq!(verified["differences"], json!([]), "{verified}");

        // It is not changed again, by whatever way.
        depot.void(&chair).await.refused(409, "voided");
        depot.receipts.edit(&depot.admin, &voided, json!({"qty": "6"})).await.refused(409, "voided");
        depot.admin.delete(&depot.receipts.at(&chair), 2).await.refused(409, "voided");
        let bulk = json!({"update": [{"id": chair["id"], "fields": {"qty": "6"}}]});
        depot.admin.post(&depot.receipts.path("/records/bulk"), bulk).await.refused(409, "voided");
        assert_eq!(depot.receipts.read(&depot.admin, &chair).await.ok()["version"], 2);

        // Who, when and why stands in its history and in the trail.
        let history = depot.admin.get(&format!("{}/history", depot.receipts.at(&chair))).await.ok();
        let newest = &items(&history)[0];
        assert_eq!(newest["reason"], "a mistake");
        assert!(newest["changes"]["$voided_at"]["new"].is_string(), "{newest}");
        let audited = Inside::of(server).await.audit_of("record.void").await;
        assert_eq!(audited[0]["reason"], "a mistake");
    })
    .await;
}

#[tokio::test]
async fn only_what_scripts_take_back_is_voided_and_by_who_may() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        let entry = depot.entries.add(json!({"item": "x", "qty": "1"})).await;
        assert!(!may(&entry, "void"));
        let reason = json!({"reason": "why not"});
        let path = format!("{}/void", depot.entries.at(&entry));
        depot.admin.post(&path, reason.clone()).await.refused(409, "not_voidable");

        let (mei, ann) = (workspace.person("mei").await, workspace.person("ann").await);
        depot.receipts.allow(group("clerks", &[&mei.id])).await;
        depot.receipts.allow(group("heads", &[&ann.id]).may(&["view", "void"])).await;
        let record = depot.receipts.add(json!({"item": "x", "qty": "1"})).await;
        let path = format!("{}/void", depot.receipts.at(&record));
        mei.post(&path, reason.clone()).await.refused(403, "forbidden");
        let stranger = workspace.person("stranger").await;
        stranger.post(&path, reason.clone()).await.refused(404, "not_found");
        let draft = json!({"fields": {"item": "x"}, "draft": true});
        let draft = depot.admin.post(&depot.receipts.path("/records"), draft).await.created();
        let draft = format!("{}/void", depot.receipts.at(&draft));
        depot.admin.post(&draft, reason.clone()).await.refused(409, "not_voidable");
        // What its script refuses leaves it as it was.
        let taken = depot.receipts.add(json!({"item": "x", "qty": "-1"})).await;
        ann.post(&path, reason.clone()).await.refused(409, "already_gone");
        assert_eq!(depot.receipts.read(&depot.admin, &record).await.ok()["system"]["voided_at"], Value::Null);
        depot.void(&taken).await.ok();
        ann.post(&path, reason).await.ok();
        assert_eq!(depot.on_hand("x").await, Some(0));
    })
    .await;
}

#[tokio::test]
async fn voiding_ends_an_approval_and_leaves_links_to_be_emptied() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        let boss = workspace.person("boss").await;
        let shelf = depot.app.form(form("shelf", [text("name")])).await;
        depot.script("note", "record.note = \"void\";").await;
        let fields = [
            text("item"),
            text("note").with("by_script", true),
            link("shelf", "shelf").option("on_target_delete", "clear"),
        ];
        let bound = json!([{"on": "void", "script": "note"}]);
        let shelved = depot.app.form(form("shelved", fields).with("scripts", bound)).await;
        shelved.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        let top = shelf.add(json!({"name": "top"})).await;
        let record = shelved.add(json!({"item": "x", "shelf": top["id"]})).await;
        let path = format!("{}/void", shelved.at(&record));
        let voided = depot.admin.post(&path, json!({"reason": "wrong shelf"})).await.ok();
        assert_eq!(
            (&voided["system"]["flow_state"], &voided["fields"]["note"]),
            (&json!("terminated"), &json!("void"))
        );
        let todo = boss.get("/tasks?box=todo&limit=500").await.ok();
        assert!(!items(&todo).iter().any(|task| task["record"] == record["id"]), "{todo}");
        // It stands in nobody's way: what it links to can go.
        depot.admin.delete(&shelf.at(&top), 1).await.with_status(204);
        assert_eq!(shelved.read(&depot.admin, &record).await.ok()["fields"]["shelf"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn what_is_void_is_taken_back_once_though_it_goes_along_with_something_else() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        let shelf = depot.app.form(form("shelf", [text("name")])).await;
        depot.script("back", "create(\"entry\", #{item: record.item, qty: -1});").await;
        let to_shelf = |key: &str, policy: &str| link(key, "shelf").option("on_target_delete", policy);
        let fields = [text("item"), to_shelf("on", "cascade"), to_shelf("tag", "clear")];
        let events = ["void", "delete", "change"].map(|event| json!({"on": event, "script": "back"}));
        let shelved = depot.app.form(form("shelved", fields).with("scripts", json!(events))).await;
        let (top, red) = (shelf.add(json!({"name": "top"})).await, shelf.add(json!({"name": "red"})).await);
        let of = |item: &str| json!({"item": item, "on": top["id"], "tag": red["id"]});
        let (void, kept) = (shelved.add(of("void")).await, shelved.add(of("kept")).await);
        let path = format!("{}/void", shelved.at(&void));
        depot.admin.post(&path, json!({"reason": "twice"})).await.ok();
        assert_eq!(depot.count(&depot.entries).await, 1);
        // Of the two, the one that is not void has changed.
        depot.admin.delete(&shelf.at(&red), 1).await.with_status(204);
        assert_eq!(shelved.read(&depot.admin, &void).await.ok()["fields"]["tag"], Value::Null);
        assert_eq!(depot.count(&depot.entries).await, 2);
        depot.admin.delete(&shelf.at(&top), 1).await.with_status(204);
        shelved.read(&depot.admin, &kept).await.refused(404, "not_found");
        assert_eq!(depot.count(&depot.entries).await, 3);
    })
    .await;
}
