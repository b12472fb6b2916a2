//! The approvals of an office, as people meet them once the template is installed.

use serde_json::{Value, json};
use tests::on_both;
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{faults, id_of, items};

#[tokio::test]
async fn a_leave_and_an_expense_find_those_who_decide() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let started = admin.post("/templates/office/install", json!({"locale": "en", "demo": false})).await;
        let job = admin.job(started).await;
        assert_eq!((&job["state"], &job["errors"]), (&json!("done"), &json!(0)), "{job}");
        let form = |key: &str| job["result"]["forms"][key].as_str().unwrap().to_owned();
        let join = async |name: &str, manager: Option<&str>, roles: Value| {
            let email = format!("{name}@office.example");
            let member = json!({"email": email, "name": name, "password": ADMIN_PASSWORD,
                "manager": manager, "roles": roles});
            let member = admin.post("/members", member).await.created();
            (id_of(&member), server.sign_in(&email, ADMIN_PASSWORD).await)
        };
        let (head_id, head) = join("head", None, json!([])).await;
        let (lead_id, lead) = join("lead", Some(&head_id), json!([])).await;
        let (_, rep) = join("rep", Some(&lead_id), json!([])).await;
        let (_, hr) = join("hr", None, json!(["HR"])).await;
        let (_, fin) = join("fin", None, json!(["FIN"])).await;
        let decide = async |who: &tests::Client, body: Value| {
            let waiting = who.get("/tasks?box=todo").await.ok();
            let task = &items(&waiting)[0];
            let actions = task["actions"].as_array().unwrap();
            let action = if actions.contains(&json!("approve")) { "approve" } else { "submit" };
            who.post(&format!("/tasks/{}/{action}", id_of(task)), body).await
        };

        let leave = json!({"fields": {"kind": "annual", "from": "2026-12-01", "to": "2026-12-04", "days": "4",
            "reason": "Family"}});
        let asked = rep.post(&format!("/forms/{}/records", form("leave")), leave).await.created();
        assert_eq!(asked["instance"]["steps"], json!(["manager"]));
        decide(&lead, json!({"opinion": "Fine"})).await.ok();
        let ended = decide(&head, json!({})).await.ok();
        assert_eq!(ended["state"], "approved");
        assert_eq!(hr.get("/tasks/counts").await.ok()["unseen"], 1);
        let wrong = json!({"fields": {"kind": "sick", "from": "2026-12-04", "to": "2026-12-01", "days": "4",
            "reason": "Flu"}});
        let bad =
            rep.post(&format!("/forms/{}/records", form("leave")), wrong).await.refused(422, "validation");
        assert!(faults(&bad).iter().any(|fault| fault.contains("files: required")), "{bad}");

        let line = |amount: &str| json!({"day": "2026-11-20", "category": "travel", "amount": amount});
        let claim = json!({"fields": {"reason": "Visit", "lines": [line("800"), line("300.50")]}});
        let asked = rep.post(&format!("/forms/{}/records", form("expense")), claim).await.created();
        assert_eq!(asked["fields"]["amount"], "1100.50");
        decide(&lead, json!({})).await.ok();
        decide(&fin, json!({})).await.ok();
        // It is paid before it ends, on a day that is written down.
        let bad = decide(&fin, json!({})).await.refused(422, "validation");
        assert_eq!(faults(&bad), ["fields.paid_on: required"]);
        let ended = decide(&fin, json!({"fields": {"paid_on": "2026-11-25"}})).await.ok();
        assert_eq!(ended["state"], "approved");
    })
    .await;
}
