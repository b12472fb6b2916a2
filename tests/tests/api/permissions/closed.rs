//! What a refusal tells of fields that are closed to its reader.

use serde_json::{Value, json};
use tests::design::{approve, form, group, number, text};
use tests::on_both_shared;
use tests::workspace::{faults, id_of, items};

/// That something is wrong, and nothing of what it is about.
fn tells_nothing(problem: &Value, expected: &[&str], closed: &str) {
    assert_eq!(faults(problem), expected);
    assert!(!problem.to_string().contains(closed), "{problem}");
}

#[tokio::test]
async fn a_value_that_is_there_already_does_not_name_a_closed_field() {
    on_both_shared(async |workspace| {
        let fields = [text("name"), text("passport").unique().default_to("name")];
        let patient = workspace.form(form("patient", fields)).await;
        let mei = workspace.person("mei").await;
        patient.allow(group("clerks", &[&mei.id]).field("passport", "none")).await;
        patient.create(&mei, json!({"name": "A"})).await.created();
        let again = patient.create(&mei, json!({"name": "A"})).await.refused(409, "not_unique");
        tells_nothing(&again, &[": not_unique"], "passport");
        let rows = json!({"create": [{"fields": {"name": "B"}}, {"fields": {"name": "A"}}]});
        let bulk = mei.post(&patient.path("/records/bulk"), rows).await.refused(409, "not_unique");
        tells_nothing(&bulk, &[": not_unique"], "passport");
        // Who sees the field is told where.
        let told = patient.create(&workspace.admin, json!({"name": "A"})).await.refused(409, "not_unique");
        assert_eq!(faults(&told), ["fields.passport: not_unique"]);
        assert_eq!(told["errors"][0]["label"], "passport");
    })
    .await;
}

#[tokio::test]
async fn the_last_decision_does_not_name_a_field_that_its_step_hides() {
    on_both_shared(async |workspace| {
        let fields = [text("what"), text("ground").required()];
        let request = workspace.form(form("request", fields)).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        request.allow(group("askers", &[&mei.id]).field("ground", "none")).await;
        let step = json!({"fields": {"*": "read", "ground": "hidden"}});
        request.flow(json!([approve("boss", &[&boss.id], step)])).await;
        request.create(&mei, json!({"what": "Chairs"})).await.created();
        let tasks = boss.get("/tasks?box=todo").await.ok();
        let approve = format!("/tasks/{}/approve", id_of(&items(&tasks)[0]));
        let refused = boss.post(&approve, json!({})).await.refused(422, "validation");
        tells_nothing(&refused, &[": required"], "ground");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_computed_in_a_closed_field_is_told_without_it() {
    on_both_shared(async |workspace| {
        let fields = [number("amount", 0), number("quota", 2).computed("1 / amount")];
        let order = workspace.form(form("order", fields)).await;
        let mei = workspace.person("mei").await;
        order.allow(group("clerks", &[&mei.id]).field("quota", "none")).await;
        let refused = order.create(&mei, json!({"amount": 0})).await.refused(422, "validation");
        tells_nothing(&refused, &[": formula_error"], "quota");
        let tried = mei.post(&order.path("/evaluate"), json!({"record": {"amount": 0}})).await.ok();
        assert_eq!(
            (&tried["faults"][0]["path"], &tried["faults"][0]["code"]),
            (&json!(""), &json!("formula_error"))
        );
        assert!(!tried.to_string().contains("quota"), "{tried}");
        order.create(&mei, json!({"amount": 4})).await.created();
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_computed_names_no_closed_field_that_it_is_computed_from() {
    on_both_shared(async |workspace| {
        let fields = [
            number("amount", 0),
            number("hush", 0).default_to("0"),
            number("share", 2).computed("amount / hush"),
        ];
        let order = workspace.form(form("order", fields)).await;
        let mei = workspace.person("mei").await;
        order.allow(group("clerks", &[&mei.id]).field("hush", "none")).await;
        let refused = order.create(&mei, json!({"amount": 3})).await.refused(422, "validation");
        tells_nothing(&refused, &["fields.share: formula_error"], "hush");
        assert_eq!(refused["errors"][0]["args"]["fields"], "amount");
        // Who sees it is told of both.
        let told = order.create(&workspace.admin, json!({"amount": 3})).await.refused(422, "validation");
        assert_eq!(told["errors"][0]["args"]["fields"], "amount, hush");
    })
    .await;
}
