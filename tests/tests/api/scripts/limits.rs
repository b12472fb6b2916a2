//! Where scripts end: their budget, their mistakes, and what they would do to each other.

use serde_json::json;
use tests::design::{form, link, number, text};
use tests::on_both_shared;

use super::Depot;

#[tokio::test]
async fn a_script_that_does_too_much_is_stopped_and_nothing_is_saved() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        let receipt = json!({"item": "x", "qty": "1"});
        for (source, limit) in [("loop {}", "operations"), ("let l = [1]; loop { l += l; }", "memory")] {
            depot.script("post", source).await;
            let refused = depot.receipts.create(&depot.admin, receipt.clone()).await;
            let refused = refused.refused(409, "script_limit");
            assert_eq!((&refused["script"], &refused["limit"]), (&json!("post"), &json!(limit)), "{source}");
        }
        assert_eq!((depot.count(&depot.receipts).await, depot.count(&depot.entries).await), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_mistake_of_a_script_is_told_with_its_line() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        depot.script("post", "create(\"entry\", #{item: \"x\", qty: 1});\nlet x = record.qty / 0;").await;
        let refused = depot.receipts.create(&depot.admin, json!({"item": "x", "qty": "1"})).await;
        let refused = refused.refused(409, "script_failed");
        assert_eq!((&refused["script"], &refused["line"]), (&json!("post"), &json!(2)));
        let detail = refused["detail"].as_str().unwrap();
        assert!(detail.contains("division by zero"), "{detail}");
        assert_eq!((depot.count(&depot.receipts).await, depot.count(&depot.entries).await), (0, 0));
        depot.script("post", "find(\"entry\", #{nobody: 1});").await;
        let refused = depot.receipts.create(&depot.admin, json!({"item": "x", "qty": "1"})).await;
        refused.refused(409, "script_failed");
    })
    .await;
}

#[tokio::test]
async fn a_record_that_is_being_saved_is_changed_by_setting_its_fields_alone() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        for source in ["update(\"receipt\", record, #{item: \"y\"});", "remove(\"receipt\", record.id);"] {
            depot.script("post", source).await;
            let refused = depot.receipts.create(&depot.admin, json!({"item": "x", "qty": "1"})).await;
            refused.refused(409, "script_own_record");
        }
        // Nor by the script of a record that it writes.
        depot.script("back", "update(\"receipt\", record.of, #{item: \"y\"});").await;
        let bound = json!([{"on": "submit", "script": "back"}]);
        depot.app.form(form("note", [text("of")]).with("scripts", bound)).await;
        depot.script("post", "create(\"note\", #{of: record.id});").await;
        let refused = depot.receipts.create(&depot.admin, json!({"item": "x", "qty": "1"})).await;
        refused.refused(409, "script_own_record");
        assert_eq!(depot.count(&depot.receipts).await, 0);
    })
    .await;
}

#[tokio::test]
async fn nor_is_it_changed_by_what_follows_from_what_a_script_writes() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        let shelf = depot.app.form(form("shelf", [text("name")])).await;
        depot.script("clear_out", "remove(\"shelf\", record.shelf);").await;
        let bound = json!([{"on": "submit", "script": "clear_out"}]);
        // It would go along with what it links to, or lose its link.
        for (key, policy) in [("along", "cascade"), ("loose", "clear")] {
            let fields = [text("name"), link("shelf", "shelf").option("on_target_delete", policy)];
            let on_it = depot.app.form(form(key, fields).with("scripts", bound.clone())).await;
            let top = shelf.add(json!({"name": "top"})).await;
            let refused = on_it.create(&depot.admin, json!({"name": "x", "shelf": top["id"]})).await;
            refused.refused(409, "script_own_record");
            assert_eq!(depot.count(&on_it).await, 0, "{policy}");
            shelf.read(&depot.admin, &top).await.ok();
        }
    })
    .await;
}

#[tokio::test]
async fn scripts_that_lead_to_each_other_come_to_an_end() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        // The form is there before the script that names it.
        let chain = depot.app.form(form("chain", [number("n", 0)])).await;
        depot.script("next", "if record.n > 0 { create(\"chain\", #{n: record.n - 1}); }").await;
        depot.bind(&chain, json!([{"on": "submit", "script": "next"}])).await;
        chain.create(&depot.admin, json!({"n": "3"})).await.created();
        assert_eq!(depot.count(&chain).await, 4);
        chain.create(&depot.admin, json!({"n": "50"})).await.refused(409, "script_chain_too_long");
        assert_eq!(depot.count(&chain).await, 4);
    })
    .await;
}
