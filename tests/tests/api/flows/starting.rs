//! What is filled in before a flow begins.

use serde_json::{Value, json};
use tests::design::approve;
use tests::on_both_shared;
use tests::workspace::faults;

use super::requests;

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
