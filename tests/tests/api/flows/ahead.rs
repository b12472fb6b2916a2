//! Who will decide, told before a record is submitted.

use serde_json::{Value, json};
use tests::design::{approve, group, test};
use tests::on_both_shared;

use super::{Requests, requests};

async fn ahead(r: &Requests, record: Value) -> Value {
    r.mei.post(&r.form.path("/flow/ahead"), json!({"record": record})).await.ok()
}

/// The steps with the names of their people.
fn steps(told: &Value) -> Vec<String> {
    let name = |id: &Value| told["names"][id.as_str().unwrap()].as_str().unwrap().to_owned();
    let person = |person: &Value| match person["on_behalf_of"].is_string() {
        true => format!("{} for {}", name(&person["member"]), name(&person["on_behalf_of"])),
        false => name(&person["member"]),
    };
    let line = |step: &Value| {
        let people: Vec<String> = step["people"].as_array().unwrap().iter().map(person).collect();
        format!("{}: {}", step["step"].as_str().unwrap(), people.join(", "))
    };
    told["steps"].as_array().unwrap().iter().map(line).collect()
}

fn by_amount(r: &Requests) -> Value {
    let arm = json!({"key": "large", "label": "More than 100", "when": test("amount", "gt", 100),
        "steps": [approve("boss", &[&r.one.id], json!({}))]});
    json!([
        {"key": "size", "label": "Size", "kind": "branch", "arms": [arm],
            "default": {"steps": [approve("clerk", &[&r.three.id], json!({}))]}},
        approve("last", &[&r.two.id], json!({}))])
}

#[tokio::test]
async fn who_submits_is_told_before_who_will_decide() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.mei.post(&r.form.path("/flow/ahead"), json!({"record": {}})).await.refused(404, "not_found");
        r.form.flow(by_amount(&r)).await;
        let told = ahead(&r, json!({"amount": 500})).await;
        assert_eq!(steps(&told), ["boss: one", "last: two"]);
        assert_eq!(told["steps"][0]["because"], "More than 100");
        assert_eq!(steps(&ahead(&r, json!({"amount": 5})).await), ["clerk: three", "last: two"]);
        // What can't be known yet is said to depend on what is missing; what is no value is as if it were missing.
        for record in [json!({}), json!({"amount": "many"})] {
            let told = ahead(&r, record).await;
            assert_eq!(steps(&told), ["size: ", "last: two"]);
            assert_eq!(told["steps"][0]["depends_on"], json!(["amount"]));
        }
        // Nothing was stored, and nobody was asked.
        assert_eq!(super::todo(&r.two).await, Vec::<String>::new());
        // Who stands in for somebody is named with whom they stand in for.
        r.two.post("/delegations", json!({"to": r.three.id})).await.created();
        let told = ahead(&r, json!({"amount": 500})).await;
        assert_eq!(steps(&told), ["boss: one", "last: three for two"]);
    })
    .await;
}

#[tokio::test]
async fn who_names_people_and_who_is_asked_where_nobody_is_found_is_told_before() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let chosen = |by: &str| json!({"who": [{"chosen_by": by}]});
        let nobody = json!({"who": [{"manager": 5}], "nobody": {"member": r.two.id}});
        r.form
            .flow(json!([
                approve("mine", &[], chosen("submitter")),
                approve("theirs", &[], chosen("previous")),
                approve("high", &[], nobody)
            ]))
            .await;
        let told = ahead(&r, json!({})).await;
        assert_eq!(steps(&told), ["mine: ", "theirs: ", "high: two"]);
        assert_eq!(
            (&told["steps"][0]["chosen_by"], &told["steps"][1]["chosen_by"], &told["steps"][2]["instead"]),
            (&json!("submitter"), &json!("previous"), &json!("member"))
        );
        let input = json!({"record": {}, "chosen": {"mine": [r.three.id]}});
        let told = r.mei.post(&r.form.path("/flow/ahead"), input).await.ok();
        assert_eq!(steps(&told)[0], "mine: three");
        assert!(told["steps"][0].get("chosen_by").is_none(), "{told}");
    })
    .await;
}

#[tokio::test]
async fn what_one_may_not_see_is_not_told_by_the_way_that_it_decides() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(by_amount(&r)).await;
        let nia = workspace.person("nia").await;
        r.form.allow(group("blind", &[&nia.id]).may(&["create"]).field("amount", "none")).await;
        let told = nia.post(&r.form.path("/flow/ahead"), json!({"record": {"what": "x"}})).await.ok();
        assert_eq!((&told["steps"], &told["rest_is_closed"]), (&json!([]), &json!(true)));
        assert!(!told.to_string().contains("amount") && !told.to_string().contains("More"), "{told}");
        // Who may only look submits nothing, and strangers know of no form.
        let reader = workspace.person("reader").await;
        r.form.allow(group("readers", &[&reader.id]).may(&["view"])).await;
        reader.post(&r.form.path("/flow/ahead"), json!({})).await.refused(403, "forbidden");
        let stranger = workspace.person("stranger").await;
        stranger.post(&r.form.path("/flow/ahead"), json!({})).await.refused(404, "not_found");
    })
    .await;
}
