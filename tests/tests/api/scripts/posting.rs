//! What a script does in the save: it posts, and what it sets stands in the same version.

use serde_json::{Value, json};
use tests::workspace::{faults, id_of, items};
use tests::{Inside, Workspace, on_both, on_both_shared};

use super::{Depot, POST};

#[tokio::test]
async fn a_script_sees_what_was_stored_and_what_it_sets_comes_under_the_same_version() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let depot = Depot::build(&workspace).await;
        let chair = depot.receipts.add(json!({"item": "chair", "qty": "5"})).await;
        assert_eq!(chair["version"], 1);
        let fields = &chair["fields"];
        assert_eq!((&fields["posted"], &fields["after"]), (&json!(true), &json!("5")));
        // What is computed follows what the script has set, and is stored as it is answered.
        assert_eq!(fields["twice"], "10");
        let stored = depot.receipts.read(&depot.admin, &chair).await.ok();
        assert_eq!((&stored["version"], &stored["fields"]), (&json!(1), fields));
        let history = depot.admin.get(&format!("{}/history", depot.receipts.at(&chair))).await.ok();
        assert_eq!(items(&history).len(), 1, "{history}");
        assert_eq!(items(&history)[0]["changes"]["after"]["new"], "5");

        // A change is told in one version too, with what the script made of it.
        depot.script("again", "record.after = record.qty * 2;").await;
        let bound = json!([{"on": "submit", "script": "post"}, {"on": "change", "script": "again"}]);
        depot.bind(&depot.receipts, bound).await;
        let changed = depot.receipts.edit(&depot.admin, &chair, json!({"qty": "6"})).await.ok();
        assert_eq!((&changed["version"], &changed["fields"]["after"]), (&json!(2), &json!("12")));
        let history = depot.admin.get(&format!("{}/history", depot.receipts.at(&chair))).await.ok();
        let newest = &items(&history)[0]["changes"];
        assert_eq!((&newest["qty"]["old"], &newest["qty"]["new"]), (&json!("5"), &json!("6")));
        assert_eq!((&newest["after"]["old"], &newest["twice"]["new"]), (&json!("5"), &json!("24")));

        // What it wrote is in history and audit like every write, as the script's on behalf of who saved.
        let entries = depot.entries.query(&depot.admin, json!({})).await.ok();
        let entry = &items(&entries)[0];
        assert_eq!((&entry["fields"]["qty"], &entry["fields"]["source"]), (&json!("5"), &chair["id"]));
        let history = depot.admin.get(&format!("{}/history", depot.entries.at(entry))).await.ok();
        let made = &items(&history)[0];
        assert_eq!((&made["path"], &made["who"]), (&json!("script"), &Value::Null));
        assert!(made["on_behalf_of"].is_string(), "{made}");
        let audited = Inside::of(server).await.audit_of_records().await;
        let of_entry = audited.iter().find(|audited| audited.record == Some(id_of(entry)));
        assert_eq!(of_entry.unwrap().changes["path"], "script");
    })
    .await;
}

#[tokio::test]
async fn scripts_of_many_records_run_in_the_order_of_the_save() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        let rows = [1, 2, 4].map(|qty| json!({"item": "lamp", "qty": qty}));
        let ids = depot.receipts.add_all(rows).await;
        let mut after = Vec::new();
        for id in &ids {
            let record = depot.receipts.read(&depot.admin, &json!({"id": id})).await.ok();
            after.push(record["fields"]["after"].as_str().unwrap().to_owned());
        }
        assert_eq!(after, ["1", "3", "7"]);
        assert_eq!((depot.on_hand("lamp").await, depot.count(&depot.entries).await), (Some(7), 3));
        // One that is refused in the midst leaves nothing of all of them.
        let rows = [1, -20, 1].map(|qty| json!({"fields": {"item": "lamp", "qty": qty}}));
        let bulk = json!({"create": rows});
        let refused = depot.admin.post(&depot.receipts.path("/records/bulk"), bulk.clone()).await;
        let refused = refused.refused(409, "too_few");
        assert_eq!(faults(&refused), ["create.1: too_few"]);
        assert_eq!((depot.on_hand("lamp").await, depot.count(&depot.receipts).await), (Some(7), 3));
        let mut each = bulk;
        each["atomic"] = json!(false);
        let each = depot.admin.post(&depot.receipts.path("/records/bulk"), each).await.ok();
        assert_eq!(each["results"][1]["problem"]["code"], "too_few", "{each}");
        assert_eq!((depot.on_hand("lamp").await, depot.count(&depot.receipts).await), (Some(9), 5));
    })
    .await;
}

#[tokio::test]
async fn a_refusal_of_a_script_leaves_nothing() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        depot.receipts.add(json!({"item": "desk", "qty": "2"})).await;
        let refused = depot.receipts.create(&depot.admin, json!({"item": "desk", "qty": "-3"})).await;
        let refused = refused.refused(409, "too_few");
        assert_eq!(refused["errors"][0]["args"], json!({"have": "2", "item": "desk"}));
        assert_eq!((depot.on_hand("desk").await, depot.count(&depot.receipts).await), (Some(2), 1));
        assert_eq!(depot.count(&depot.entries).await, 1);
        // Where it is the input that is wrong, it says so.
        depot.script("post", "refuse(\"no_such_item\", #{}, 422);").await;
        let refused = depot.receipts.create(&depot.admin, json!({"item": "x", "qty": "1"})).await;
        refused.refused(422, "no_such_item");
        // Written anew, it runs so from the next save on.
        depot.script("post", POST).await;
        depot.receipts.add(json!({"item": "desk", "qty": "-2"})).await;
        assert_eq!(depot.on_hand("desk").await, Some(0));
    })
    .await;
}

#[tokio::test]
async fn what_scripts_set_is_set_by_nobody_else() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        let by_hand = json!({"item": "x", "qty": "1", "posted": true});
        depot.receipts.create(&depot.admin, by_hand).await.refused(422, "not_writable");
        let stock = depot.stock.create(&depot.admin, json!({"item": "x", "on_hand": "5"})).await;
        stock.refused(422, "not_writable");
        // What is refused to the script is told as the script's, and not as a field of the form that was filled in.
        depot.script("post", "create(\"entry\", #{item: record.item, qty: 1.5});").await;
        let wrong = depot.receipts.create(&depot.admin, json!({"item": "x", "qty": "1"})).await;
        let wrong = wrong.refused(422, "validation");
        assert_eq!(faults(&wrong), ["scripts.post.qty: too_precise"]);
    })
    .await;
}

/// A script may read and write what its form's people may not see.
#[tokio::test]
async fn scripts_work_over_all_records_whoever_saves() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        let mei = workspace.person("mei").await;
        depot.receipts.allow(tests::design::group("clerks", &[&mei.id])).await;
        depot.receipts.add(json!({"item": "sofa", "qty": "1"})).await;
        let posted = depot.receipts.create(&mei, json!({"item": "sofa", "qty": "2"})).await.created();
        assert_eq!(posted["fields"]["after"], "3");
        mei.get(&depot.stock.path("/records")).await.refused(404, "not_found");
        assert_eq!(depot.on_hand("sofa").await, Some(3));
    })
    .await;
}
