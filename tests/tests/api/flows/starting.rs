//! What is filled in before a flow begins.

use serde_json::{Value, json};
use tests::design::{approve, form, group, number, text};
use tests::workspace::{faults, items};
use tests::{Client, on_both_shared};

use super::{act, requests, task, todo};

#[tokio::test]
async fn a_draft_takes_what_the_start_of_its_flow_takes() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let draft = async |fields: Value| {
            r.mei.post(&r.form.path("/records"), json!({"fields": fields, "draft": true})).await
        };
        let submit = async |draft: &Value, fields: Value| {
            r.mei.post(&format!("{}/submit", r.form.at(draft)), json!({"fields": fields})).await
        };
        // Put aside while the form had no flow yet.
        let early = draft(json!({"what": "Chairs", "amount": 5, "cost": 900})).await.created();
        let plain = draft(json!({"what": "Tables", "amount": 6})).await.created();
        let start = json!({"fields": {"*": "edit", "amount": "read", "cost": "hidden"}});
        let steps = json!([approve("boss", &[&r.one.id], json!({}))]);
        r.form.flow_with(json!({"format": 1, "label": "Approval", "start": start, "steps": steps})).await;

        let read = draft(json!({"what": "Lamps", "amount": 5})).await.refused(422, "not_writable");
        assert_eq!(faults(&read), ["fields.amount: not_writable"]);
        let hidden = draft(json!({"what": "Lamps", "cost": 5})).await.refused(422, "unknown_field");
        assert_eq!(faults(&hidden), ["fields.cost: unknown_field"]);
        let made = draft(json!({"what": "Lamps"})).await.created();
        let read = r.form.edit(&r.mei, &made, json!({"amount": 5})).await.refused(422, "not_writable");
        assert_eq!(faults(&read), ["fields.amount: not_writable"]);
        r.form.edit(&r.mei, &made, json!({"cost": 5})).await.refused(422, "unknown_field");
        let made = r.form.edit(&r.mei, &made, json!({"note": "Soon"})).await.ok();
        let sent = submit(&made, json!({})).await.ok();
        assert_eq!((&sent["fields"]["what"], &sent["fields"]["amount"]), (&json!("Lamps"), &Value::Null));
        assert_eq!(sent["system"]["flow_state"], "running");

        // What was put aside before goes no further than what is sent now.
        let told = submit(&early, json!({})).await.refused(422, "not_writable");
        assert_eq!(faults(&told), ["fields.amount: not_writable", ": unknown_field"]);
        assert!(!told.to_string().contains("cost"), "{told}");
        let told = submit(&plain, json!({"note": "Now"})).await.refused(422, "not_writable");
        assert_eq!(faults(&told), ["fields.amount: not_writable"]);
        assert_eq!(r.form.read(&r.mei, &plain).await.ok()["system"]["flow_state"], "draft");
    })
    .await;
}

#[tokio::test]
async fn a_change_after_the_end_starts_the_flow_again_where_the_form_says_so() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        for (key, restarts) in [("stays", false), ("again", true)] {
            let bill = form(key, [text("what").required(), number("amount", 2)]);
            let bill = workspace.form(bill.with("settings", json!({"restart_on_edit": restarts}))).await;
            bill.allow(group("askers", &[&r.mei.id])).await;
            bill.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
            let asked = bill.create(&r.mei, json!({"what": "Chairs", "amount": 5})).await.created();
            act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
            let seen = bill.read(&r.mei, &asked).await.ok();
            // What is as it was is no change.
            let same = bill.edit(&r.mei, &seen, json!({"amount": 5})).await.ok();
            assert_eq!(same["system"]["flow_state"], "approved");
            let changed = bill.edit(&r.mei, &same, json!({"amount": 500})).await.ok();
            if !restarts {
                assert_eq!(changed["system"]["flow_state"], "approved");
                assert!(todo(&r.one).await.is_empty());
                continue;
            }
            assert_eq!(changed["system"]["flow_state"], "running");
            assert_eq!(changed["instance"]["steps"], json!(["boss"]));
            assert_ne!(changed["instance"]["id"], asked["instance"]["id"], "what is over stays as it was");
            bill.edit(&r.mei, &changed, json!({"amount": 6})).await.refused(403, "forbidden");
            // Of the two at most one goes on. What is said of the one that is over tells nothing of the record.
            let path = |of: &Value| format!("/instances/{}", of["instance"]["id"].as_str().unwrap());
            let state = async || bill.read(&r.mei, &asked).await.ok()["system"]["flow_state"].clone();
            let reopen = async |of: &Value| {
                workspace.admin.post(&format!("{}/reactivate", path(of)), json!({"step": "boss"})).await
            };
            reopen(&asked).await.refused(409, "already_running");
            r.mei.post(&format!("{}/comment", path(&asked)), json!({"text": "Thank you"})).await.ok();
            assert_eq!(state().await, "running");
            reopen(&asked).await.refused(409, "already_running");
            assert_eq!(workspace.admin.get(&path(&asked)).await.ok().get("reactivate_to"), None);
            act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
            assert_eq!(state().await, "approved");
            reopen(&asked).await.ok();
            assert_eq!(state().await, "running");
            reopen(&changed).await.refused(409, "already_running");
            act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
            assert_eq!(state().await, "approved");
        }
    })
    .await;
}

#[tokio::test]
async fn what_somebody_can_ask_for_are_forms_with_a_flow_that_they_may_fill_in() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let offered = async |who: &Client| -> Vec<String> {
            let list = who.get("/tasks/startable").await.ok();
            items(&list).iter().map(|form| form["form"].as_str().unwrap().to_owned()).collect()
        };
        assert!(offered(&r.mei).await.is_empty(), "nothing begins with its records");
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        r.form.allow(group("lookers", &[&r.two.id]).may(&["view"])).await;
        let list = r.mei.get("/tasks/startable").await.ok();
        let form = &items(&list)[0];
        assert_eq!((&form["form"], &form["label"]), (&json!(r.form.id), &json!("request")));
        assert!(form["app_key"].is_string() && form["app_label"].is_string(), "{form}");
        assert!(offered(&r.one).await.is_empty(), "who decides may ask for nothing by that");
        assert!(offered(&r.two).await.is_empty(), "to look is not to ask");
        assert!(offered(&workspace.admin).await.contains(&r.form.id));
    })
    .await;
}

#[tokio::test]
async fn a_form_that_keeps_no_drafts_takes_none() {
    on_both_shared(async |workspace| {
        let note = form("note", [text("what").required()]).with("settings", json!({"drafts": false}));
        let note = workspace.form(note).await;
        let path = note.path("/records");
        let draft = json!({"fields": {}, "draft": true});
        workspace.admin.post(&path, draft).await.refused(409, "no_drafts");
        note.add(json!({"what": "x"})).await;
    })
    .await;
}
