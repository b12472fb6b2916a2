//! A flow before it is published: what it would do to records, and what was published before it.

use serde_json::{Value, json};
use tests::design::{approve, form, group, link, number, test, text};
use tests::on_both_shared;
use tests::workspace::{UNKNOWN, faults, id_of, items};

use super::{Requests, requests};

/// Two arms and a default one, each with somebody of its own.
fn by_amount(r: &Requests) -> Value {
    let arm = |key: &str, amount: i64, who: &str| {
        json!({"key": key, "label": key, "when": {"all": [test("amount", "gte", amount), test("what", "not_empty", Value::Null)]},
            "steps": [approve(&format!("{key}_boss"), &[who], json!({}))]})
    };
    let mut branch = json!({"key": "size", "label": "Size", "kind": "branch",
        "arms": [arm("huge", 1000, &r.two.id), arm("large", 100, &r.one.id)],
        "default": {"steps": [approve("clerk", &[&r.three.id], json!({}))]}});
    for arm in branch["arms"].as_array_mut().unwrap() {
        arm["when"]["all"][1].as_object_mut().unwrap().remove("value");
    }
    json!([branch])
}

async fn draft(r: &Requests, steps: Value) {
    let document = json!({"format": 1, "label": "Flow", "start": {"fields": {"*": "edit"}}, "steps": steps});
    r.form.admin.put(&r.form.path("/flow/draft"), "*", document).await.ok();
}

fn stop<'a>(walk: &'a Value, step: &str) -> &'a Value {
    let stops = walk["stops"].as_array().unwrap();
    stops.iter().find(|stop| stop["step"] == step).unwrap_or_else(|| panic!("{step}: {walk}"))
}

#[tokio::test]
async fn a_trial_tells_which_arm_is_taken_and_why() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        draft(&r, by_amount(&r)).await;
        let asked = r.ask(500).await;
        let simulate = async |body: Value| r.form.admin.post(&r.form.path("/flow/simulate"), body).await;
        // A stored record, as it is and with another amount.
        let walk = simulate(json!({"id": id_of(&asked)})).await.ok();
        assert_eq!(walk["state"], "approved");
        let size = stop(&walk, "size");
        assert_eq!(size["arms"], json!(["large"]));
        assert_eq!((&size["asked"][0]["arm"], &size["asked"][0]["holds"]), (&json!("huge"), &json!(false)));
        assert_eq!((&size["asked"][1]["arm"], &size["asked"][1]["holds"]), (&json!("large"), &json!(true)));
        let lines = size["asked"][0]["lines"].as_array().unwrap();
        let amount = lines.iter().find(|line| line["text"].as_str().unwrap().contains("amount")).unwrap();
        assert_eq!((&amount["holds"], &amount["decides"]), (&json!(false), &json!(true)));
        assert!(amount["found"].as_str().unwrap().contains("500"), "{amount}");
        assert_eq!(
            (&stop(&walk, "large_boss")["people"], &stop(&walk, "large_boss")["state"]),
            (&json!([r.one.id]), &json!("passed"))
        );
        let walk = simulate(json!({"id": id_of(&asked), "record": {"amount": 5000}})).await.ok();
        assert_eq!(stop(&walk, "huge_boss")["people"], json!([r.two.id]));
        let walk = simulate(json!({"id": id_of(&asked), "answers": {"large_boss": ["reject"]}})).await.ok();
        assert_eq!(
            (&walk["state"], &stop(&walk, "large_boss")["state"]),
            (&json!("rejected"), &json!("rejected"))
        );
        simulate(json!({"id": UNKNOWN})).await.refused(404, "not_found");
        // Nothing was stored: the record has no flow.
        assert_eq!(r.form.read(&r.form.admin, &asked).await.ok()["fields"]["amount"], "500.00");
    })
    .await;
}

#[tokio::test]
async fn a_trial_names_the_people_whom_others_choose() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let chosen = json!({"who": [{"chosen_by": "submitter"}]});
        draft(&r, json!([approve("boss", &[], chosen), approve("other", &[&r.two.id], json!({}))])).await;
        let simulate = async |body: Value| r.form.admin.post(&r.form.path("/flow/simulate"), body).await;
        let walk = simulate(json!({"submitter": r.mei.id, "chosen": {"boss": [r.three.id]}})).await.ok();
        assert_eq!(stop(&walk, "boss")["people"], json!([r.three.id]));
        simulate(json!({"chosen": {"other": [r.three.id]}})).await.refused(422, "not_choosable");
    })
    .await;
}

#[tokio::test]
async fn a_trial_says_where_others_are_asked_than_those_who_are_named() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let nobody = json!({"who": [{"manager": 5}], "nobody": {"member": r.two.id}});
        draft(&r, json!([approve("plain", &[&r.one.id], json!({})), approve("high", &[], nobody)])).await;
        r.one.post("/delegations", json!({"to": r.three.id})).await.created();
        let input = json!({"submitter": r.mei.id});
        let walk = r.form.admin.post(&r.form.path("/flow/simulate"), input).await.ok();
        let plain = stop(&walk, "plain");
        assert!(plain.get("amiss").is_none(), "{plain}");
        assert_eq!(plain["people"], json!([r.three.id]));
        assert_eq!(plain["on_behalf_of"][&r.three.id], json!(r.one.id));
        let high = stop(&walk, "high");
        assert_eq!(high["people"], json!([r.two.id]));
        assert_eq!(high["amiss"], json!({"empty": [{"manager": 5}], "instead": "member"}));
    })
    .await;
}

#[tokio::test]
async fn the_newest_records_show_which_arms_nothing_comes_by() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        for amount in [7, 5000, 3000] {
            r.ask(amount).await;
        }
        draft(&r, by_amount(&r)).await;
        let cover = async |body: Value| r.form.admin.post(&r.form.path("/flow/coverage"), body).await;
        let found = cover(json!({})).await.ok();
        assert_eq!(
            (&found["records"], &found["refused"], &found["ends"]),
            (&json!(3), &json!(0), &json!({"approved": 3}))
        );
        assert_eq!(found["arms"]["size"], json!({"huge": 2, "default": 1}));
        assert_eq!((&found["steps"]["huge_boss"], &found["steps"]["clerk"]), (&json!(2), &json!(1)));
        assert_eq!(found["missed"], json!([{"step": "size", "arm": "large"}]));
        let found = cover(json!({"records": 1})).await.ok();
        assert_eq!((&found["records"], &found["arms"]["size"]), (&json!(1), &json!({"huge": 1})));
        assert_eq!(
            faults(&cover(json!({"records": 0})).await.refused(422, "validation")),
            ["records: too_small"]
        );
        assert_eq!(
            faults(&cover(json!({"records": 201})).await.refused(422, "validation")),
            ["records: too_large"]
        );
        // Nobody was asked.
        assert_eq!(super::todo(&r.two).await, Vec::<String>::new());
        r.mei.post(&r.form.path("/flow/coverage"), json!({})).await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_condition_is_tried_on_a_record_and_counted_over_the_newest() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let attempt = async |body: Value| r.form.admin.post(&r.form.path("/flow/try-condition"), body).await;
        let when = json!({"any": [test("amount", "gte", 100), test("note", "eq", "urgent")]});
        let none = attempt(json!({"when": when})).await.ok();
        assert_eq!((&none["id"], &none["records"], &none["lines"]), (&Value::Null, &json!(0), &json!([])));
        let small = r.ask(7).await;
        let large = r.ask(500).await;
        let tried = attempt(json!({"when": when})).await.ok();
        assert_eq!((&tried["id"], &tried["holds"]), (&large["id"], &json!(true)));
        assert_eq!((&tried["records"], &tried["matching"]), (&json!(2), &json!(1)));
        let tried = attempt(json!({"when": when, "id": id_of(&small)})).await.ok();
        assert_eq!(tried["holds"], false);
        let holds: Vec<&Value> =
            tried["lines"].as_array().unwrap().iter().map(|line| &line["holds"]).collect();
        assert_eq!(holds, [&json!(false), &json!(false), &json!(false)]);
        let unknown = attempt(json!({"when": test("gone", "eq", 1)})).await.refused(422, "unknown_field");
        assert_eq!(faults(&unknown), ["when: unknown_field"]);
        attempt(json!({"when": when, "id": UNKNOWN})).await.refused(404, "not_found");
        r.mei
            .post(&r.form.path("/flow/try-condition"), json!({"when": when}))
            .await
            .refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn what_is_tried_reads_no_more_than_who_tries_it_may() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let place = workspace.form(form("place", [text("name"), number("budget", 0)])).await;
        place.allow(group("all", &[&mei.id]).may(&["view"]).field("budget", "none")).await;
        let app = mei.post("/apps", json!({"key": "meis", "label": "Mei's"})).await.created();
        let to_place = link("place", &place.id).option("on_target_delete", "clear");
        let document = form("visit", [text("what"), to_place]);
        let visit = mei.post(&format!("/apps/{}/forms", id_of(&app)), document.document()).await.created();
        let visit = format!("/forms/{}", id_of(&visit));
        let attempt =
            async |when: Value| mei.post(&format!("{visit}/flow/try-condition"), json!({"when": when})).await;
        attempt(test("place.budget", "eq", 9)).await.refused(403, "reads_hidden_field");
        attempt(test("place.name", "eq", "North")).await.ok();
        let arm = json!({"key": "rich", "label": "Rich", "when": test("place.budget", "eq", 9), "steps": []});
        let branch =
            json!({"key": "way", "label": "Way", "kind": "branch", "arms": [arm], "default": {"steps": []}});
        let flow = json!({"format": 1, "label": "Flow", "steps": [branch]});
        mei.put(&format!("{visit}/flow/draft"), "*", flow).await.ok();
        mei.post(&format!("{visit}/flow/coverage"), json!({})).await.refused(403, "reads_hidden_field");
    })
    .await;
}

#[tokio::test]
async fn every_version_is_there_to_be_compared() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &r.form.admin;
        let path = r.form.path("/flow/versions");
        assert_eq!(items(&admin.get(&path).await.ok()).len(), 0);
        r.form.flow(json!([approve("old", &[&r.one.id], json!({}))])).await;
        r.form.flow(json!([approve("new", &[&r.two.id], json!({}))])).await;
        let list = admin.get(&path).await.ok();
        let told: Vec<(&Value, &Value)> =
            items(&list).iter().map(|one| (&one["version"], &one["active"])).collect();
        assert_eq!(told, [(&json!(2), &json!(true)), (&json!(1), &json!(false))]);
        assert!(items(&list)[0]["published_by"].is_string() && items(&list)[0]["published_at"].is_string());
        let first = admin.get(&format!("{path}/1")).await.ok();
        assert_eq!(first["steps"][0]["key"], "old");
        admin.get(&format!("{path}/3")).await.refused(404, "not_found");
        admin.get(&format!("{path}/x")).await.refused(404, "not_found");
        r.mei.get(&path).await.refused(403, "forbidden");
        r.mei.get(&format!("{path}/1")).await.refused(403, "forbidden");
    })
    .await;
}
