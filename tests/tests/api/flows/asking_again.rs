//! A rejected request that who asked for it changes and submits again.

use serde_json::json;
use tests::design::approve;
use tests::{Client, on_both_shared};

use super::{act, lines, requests, task, todo};

#[tokio::test]
async fn a_rejected_request_is_changed_and_submitted_again_by_who_asked_for_it() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let steps = [approve("boss", &[&r.one.id], json!({})), approve("money", &[&r.two.id], json!({}))];
        r.form.flow(json!(steps)).await;
        let asked = r.ask(5).await;
        act(&r.one, &task(&r.one).await, "approve", json!({"opinion": "Fine"})).await.ok();
        act(&r.two, &task(&r.two).await, "reject", json!({"opinion": "Too dear"})).await.ok();
        let path = format!("/instances/{}/reactivate", asked["instance"]["id"].as_str().unwrap());
        let open = async |who: &Client, step: &str| who.post(&path, json!({"step": step})).await;
        assert_eq!(r.instance(&asked).await["reactivate_to"], json!(["start"]));
        // Whoever decided does not, and nobody but an administrator begins in the middle.
        open(&r.one, "start").await.refused(403, "not_allowed");
        open(&r.mei, "boss").await.refused(403, "not_allowed");
        let opened = open(&r.mei, "start").await.ok();
        assert_eq!((&opened["state"], &opened["steps"]), (&json!("running"), &json!(["start"])));
        assert!(todo(&r.one).await.is_empty() && todo(&r.two).await.is_empty());

        let cheaper = json!({"fields": {"amount": 3}});
        act(&r.mei, &task(&r.mei).await, "submit", cheaper).await.ok();
        let seen = r.form.read(&r.mei, &asked).await.ok();
        assert_eq!(
            (&seen["fields"]["amount"], &seen["fields"]["no"]),
            (&json!("3.00"), &asked["fields"]["no"])
        );
        assert_eq!(seen["system"]["flow_state"], "running");
        // What was said before stays to be read, and everybody is asked anew.
        let told = r.instance(&asked).await;
        assert_eq!(lines(&told, "approve")[0]["opinion"], "Fine");
        assert_eq!(lines(&told, "reject")[0]["opinion"], "Too dear");
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");
        assert_eq!(r.instance(&asked).await.get("reactivate_to"), None);
        open(&r.mei, "start").await.refused(403, "not_allowed");
    })
    .await;
}
