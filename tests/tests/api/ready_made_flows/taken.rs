//! A flow that comes with the product is put under a form that somebody else has made.

use serde_json::{Value, json};
use tests::design::{Field, date, form, group, number, text};
use tests::on_both_shared;
use tests::workspace::{faults, id_of, items};

#[tokio::test]
async fn a_ready_made_flow_is_put_under_a_form_of_ones_own() {
    on_both_shared(async |workspace| {
        let claim = form(
            "claim",
            [
                text("what").required(),
                number("sum", 2),
                Field::new("over", "switch"),
                date("day"),
                Field::new("who", "member"),
            ],
        );
        let claim = workspace.form(claim).await;
        let admin = &claim.admin;
        let path = claim.path("/flow/ready-made");
        let offered = admin.get(&path).await.ok();
        let keys: Vec<&Value> = items(&offered).iter().map(|flow| &flow["key"]).collect();
        for key in ["crm/quotation", "inventory/purchase_order", "office/leave", "office/expense", "office/contract"] {
            assert!(keys.contains(&&json!(key)), "{keys:?}");
        }
        let expense = items(&offered).iter().find(|flow| flow["key"] == "office/expense").unwrap().clone();
        let named: Vec<(&Value, &Value)> = expense["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| (&field["path"], &field["required"]))
            .collect();
        let (yes, no) = (json!(true), json!(false));
        let (amount, over, paid) = (json!("amount"), json!("over_budget"), json!("paid_on"));
        assert_eq!(named, [(&amount, &yes), (&over, &yes), (&paid, &no)]);
        // Only numbers stand for an amount; the one number there is, is what is meant.
        assert_eq!(expense["fields"][0]["choices"].as_array().unwrap().len(), 1);
        assert_eq!(expense["fields"][0]["suggested"], "sum");
        let roles: Vec<&Value> =
            expense["roles"].as_array().unwrap().iter().map(|role| &role["key"]).collect();
        assert_eq!(roles, ["DIR", "FIN", "GM"]);

        // What is missing or does not fit is named, each at its place, and nothing is stored.
        let bad = json!({"key": "office/expense", "fields": {"amount": "what", "paid_on": "gone", "colour": "sum"},
            "roles": {"DIR": "0sbqd00000001", "KING": "GM"}});
        let problem = admin.post(&path, bad).await;
        assert_eq!(problem.status, 422, "{}", problem.body);
        let mut found = faults(&problem.body);
        found.retain(|fault| !fault.starts_with("roles.FIN") && !fault.starts_with("roles.GM"));
        let expected = [
            "fields.amount: unfit_field",
            "fields.over_budget: required",
            "fields.paid_on: unknown_field",
            "roles.DIR: unknown_role",
            "fields.colour: unknown_member",
            "roles.KING: unknown_member",
        ];
        assert_eq!(found, expected);
        let nothing = admin.post(&path, json!({"key": "office/nothing"})).await;
        assert_eq!(faults(&nothing.refused(422, "validation")), ["key: unknown_ready_made"]);
        assert_eq!(admin.get(&claim.path("/flow/draft")).await.ok()["steps"], json!([]));

        // With the form's fields and roles of the workspace it is published and finds its people.
        let role = async |name: &str| {
            let role = json!({"name": format!("{name} {}", claim.id)});
            id_of(&admin.post("/roles", role).await.created())
        };
        let (boss, money) = (role("boss").await, role("money").await);
        let taken = json!({"key": "office/expense", "fields": {"amount": "sum", "over_budget": "over"},
            "roles": {"DIR": boss, "FIN": money, "GM": boss}});
        let answer = admin.post(&path, taken.clone()).await;
        assert_eq!(answer.headers["x-unpublished-changes"], "true");
        let document = answer.ok();
        assert_eq!(document["steps"][1]["arms"][1]["when"]["field"], "sum");
        // What the form has no field for is left out, and the title with it.
        assert_eq!((document["start"]["fields"].clone(), document.get("title")), (json!({"*": "edit"}), None));
        admin.post(&claim.path("/flow/publish"), json!({})).await.ok();
        // Somebody else's draft is not written over unseen.
        admin.post(&path, taken.clone()).await.refused(428, "if_match_required");
        let request = admin.request(reqwest::Method::POST, &path).header("if-match", "\"7\"").json(&taken);
        admin.send(request).await.refused(412, "stale");

        let (lead, cashier) = (workspace.person("lead").await, workspace.person("cashier").await);
        let rep = workspace.person("rep").await;
        let give = async |person: &str, more: Value| {
            admin.patch(&format!("/members/{person}"), 1, more).await.ok();
        };
        give(&rep.id, json!({"manager": lead.id})).await;
        give(&cashier.id, json!({"roles": [money]})).await;
        claim.allow(group("askers", &[&rep.id])).await;
        let asked = claim.create(&rep, json!({"what": "Visit", "sum": "1500"})).await.created();
        assert_eq!(asked["instance"]["steps"], json!(["manager"]));
        let task = items(&lead.get("/tasks?box=todo").await.ok())[0].clone();
        lead.post(&format!("/tasks/{}/approve", id_of(&task)), json!({})).await.ok();
        let task = items(&cashier.get("/tasks?box=todo").await.ok())[0].clone();
        assert_eq!(task["step"], "finance");
    })
    .await;
}

#[tokio::test]
async fn ready_made_flows_are_for_those_who_design() {
    on_both_shared(async |workspace| {
        let claim = workspace.form(form("claim", [text("what")])).await;
        let mei = workspace.person("mei").await;
        let path = claim.path("/flow/ready-made");
        mei.get(&path).await.refused(404, "not_found");
        claim.allow(group("askers", &[&mei.id])).await;
        mei.get(&path).await.refused(403, "forbidden");
        mei.post(&path, json!({"key": "office/leave"})).await.refused(403, "forbidden");
        let app = claim.admin.get(&claim.path("")).await.ok()["app"].as_str().unwrap().to_owned();
        let draft = json!({"key": "later", "label": "Later", "fields": [{"key": "a", "label": "A", "kind": "text"}],
            "draft": true});
        let draft = claim.admin.post(&format!("/apps/{app}/forms"), draft).await.created();
        let path = format!("/forms/{}/flow/ready-made", id_of(&draft));
        claim.admin.get(&path).await.refused(409, "form_not_published");
    })
    .await;
}
