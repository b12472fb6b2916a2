//! What people say with their decisions, and how the way of a request is told.

use serde_json::{Value, json};
use tests::design::{approve, group, test};
use tests::on_both_shared;
use tests::workspace::{faults, id_of, items};

use super::{act, requests, task};

/// The last line of the log with this action.
fn line(instance: &Value, action: &str) -> Value {
    let log = instance["log"].as_array().unwrap();
    log.iter()
        .rfind(|line| line["action"] == action)
        .unwrap_or_else(|| panic!("no {action} in {log:?}"))
        .clone()
}

#[tokio::test]
async fn an_opinion_has_files_and_names_people() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let opened = task(&r.one).await;
        let others = r.two.upload("a.txt", "text/plain", b"theirs".to_vec()).await;
        let with =
            |file: &str| json!({"opinion": "See the offer", "files": [file], "mentions": [r.three.id]});
        let bad = act(&r.one, &opened, "approve", with(&others)).await.refused(422, "validation");
        assert_eq!(faults(&bad), ["files.0: not_an_id"]);
        let bad = act(&r.one, &opened, "approve", json!({"mentions": ["0sbz1mxb0nh0g"]})).await;
        assert_eq!(faults(&bad.refused(422, "validation")), ["mentions.0: not_an_id"]);
        let own = r.one.upload("offer.txt", "text/plain", b"ours".to_vec()).await;
        act(&r.one, &opened, "save", with(&own)).await.refused(422, "unknown_member");
        act(&r.one, &opened, "approve", with(&own)).await.ok();
        let said = line(&r.instance(&asked).await, "approve");
        assert_eq!((&said["files"][0]["id"], &said["files"][0]["name"]), (&json!(own), &json!("offer.txt")));
        assert_eq!((&said["mentions"], &said["opinion"]), (&json!([r.three.id]), &json!("See the offer")));
        assert!(said["waited"].as_i64().unwrap() >= 0);
        // Whoever follows the request may have the file, and nobody else.
        r.mei.get(&format!("/files/{own}")).await.with_status(200);
        r.three.get(&format!("/files/{own}")).await.refused(404, "not_found");

        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let more = r.mei.upload("more.txt", "text/plain", b"more".to_vec()).await;
        let comment = json!({"text": "Thanks", "files": [more]});
        r.mei.post(&format!("{instance}/comment"), comment).await.ok();
        assert_eq!(line(&r.instance(&asked).await, "comment")["files"][0]["name"], "more.txt");
    })
    .await;
}

/// Whoever sees a request may say something about it, whatever their groups let them do with its record.
#[tokio::test]
async fn whoever_sees_a_request_comments_on_it() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.allow(group("lookers", &[&r.three.id]).may(&["view"])).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let seen = r.three.get(&instance).await.ok();
        assert_eq!(seen["actions"], json!(["comment"]));
        r.three.post(&format!("{instance}/comment"), json!({"text": "Looks fine"})).await.ok();
        let said = line(&r.instance(&asked).await, "comment");
        assert_eq!((&said["who"], &said["text"]), (&json!(r.three.id), &json!("Looks fine")));
        r.two.post(&format!("{instance}/comment"), json!({"text": "x"})).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn the_log_says_how_much_time_was_left_why_others_need_not_decide_and_how_it_stood_then() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let in_a_day = json!({"deadlines": [{"after": "PT24H", "do": "remind"}]});
        let boss = approve("boss", &[&r.one.id, &r.two.id], in_a_day);
        r.form.flow(json!([boss, approve("money", &[&r.three.id], json!({}))])).await;
        let asked = r.ask(5).await;
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        act(&r.three, &task(&r.three).await, "approve", json!({})).await.ok();
        let told = r.instance(&asked).await;
        let log = told["log"].as_array().unwrap();
        let approvals: Vec<&Value> = log.iter().filter(|line| line["action"] == "approve").collect();
        let left = approvals[0]["deadline_left"].as_i64().unwrap();
        assert!((86_300..=86_400).contains(&left), "{left}");
        assert_eq!(approvals[0]["after"], json!({"state": "running", "steps": ["money"]}));
        assert_eq!(approvals[1].get("deadline_left"), None, "nothing was due");
        assert_eq!(approvals[1]["after"], json!({"state": "approved", "steps": []}));
        let cancelled = line(&told, "cancel");
        assert_eq!(
            (&cancelled["members"], &cancelled["reason"]),
            (&json!([r.two.id]), &json!("step_decided"))
        );
    })
    .await;
}

/// People may say as much as they like: what is told of a request at once has an end, and the rest is asked for.
#[tokio::test]
async fn a_long_log_is_read_page_by_page() {
    const MANY: usize = 500;
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        assert_eq!(r.instance(&asked).await.get("log_earlier"), None);
        for number in 0..MANY {
            let said = json!({"text": number.to_string()});
            r.mei.post(&format!("{instance}/comment"), said).await.ok();
        }
        let texts = |page: &Value| -> Vec<String> {
            let log = page["log"].as_array().unwrap().iter();
            log.filter_map(|line| line["text"].as_str().map(str::to_owned)).collect()
        };
        let newest = r.mei.get(&instance).await.ok();
        let before = newest["log_earlier"].as_i64().unwrap();
        let first = r.mei.get(&format!("{instance}?log_before={before}")).await.ok();
        assert_eq!((&first["log"][0]["action"], first.get("log_earlier")), (&json!("start"), None));
        let all: Vec<String> = texts(&first).into_iter().chain(texts(&newest)).collect();
        assert_eq!(all, (0..MANY).map(|number| number.to_string()).collect::<Vec<_>>());
        // What goes with words is laid beside them however much was said.
        let file = r.mei.upload("offer.txt", "text/plain", b"ours".to_vec()).await;
        let said = json!({"text": "See the offer", "files": [file]});
        let told = r.mei.post(&format!("{instance}/comment"), said).await.ok();
        assert_eq!(line(&told, "comment")["files"][0]["name"], "offer.txt");
    })
    .await;
}

#[tokio::test]
async fn a_return_marks_the_fields_that_are_to_be_changed() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let fields = json!({"fields": {"*": "read", "cost": "hidden"}});
        r.form.flow(json!([approve("boss", &[&r.one.id], fields)])).await;
        let asked = r.ask(5).await;
        let opened = task(&r.one).await;
        let back = |marks: Value| json!({"to": "start", "opinion": "Too much", "marks": marks});
        let bad = act(&r.one, &opened, "return", back(json!(["cost"]))).await.refused(422, "unknown_field");
        assert_eq!(faults(&bad), ["marks.0: unknown_field"]);
        act(&r.one, &opened, "approve", json!({"marks": ["amount"]})).await.refused(422, "unknown_member");
        act(&r.one, &opened, "return", back(json!(["amount"]))).await.ok();
        let told = r.instance(&asked).await;
        assert_eq!(line(&told, "return")["marks"], json!(["amount"]));
        assert_eq!(told["field_labels"]["amount"], "amount");
        // What was said before is still there after it was submitted again.
        act(&r.mei, &task(&r.mei).await, "submit", json!({"fields": {"amount": 3}})).await.ok();
        let opened = task(&r.one).await;
        let told = r.one.get(&format!("/instances/{}", told["id"].as_str().unwrap())).await.ok();
        assert_eq!(
            (&line(&told, "return")["opinion"], &told["state"]),
            (&json!("Too much"), &json!("running"))
        );
        act(&r.one, &opened, "approve", json!({})).await.ok();
    })
    .await;
}

#[tokio::test]
async fn what_comes_next_says_who_and_why_and_the_drawing_shows_the_way() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let arm = json!({"key": "large", "label": "More than 100", "when": test("amount", "gt", "100"),
            "steps": [approve("director", &[&r.two.id], json!({}))]});
        let branch = json!({"kind": "branch", "key": "size", "label": "Size", "mode": "exclusive", "arms": [arm],
            "default": {"label": "Small", "steps": [approve("clerk", &[&r.three.id], json!({}))]}});
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({})), branch])).await;
        let asked = r.ask(500).await;
        let told = r.instance(&asked).await;
        assert_eq!(told["next"], json!([{"step": "director", "people": [r.two.id], "because": "More than 100"}]));
        let stands = |told: &Value| -> Vec<String> {
            let drawn = told["drawing"].as_array().unwrap().iter();
            drawn.map(|step| format!("{} {}", step["key"].as_str().unwrap(), step["state"].as_str().unwrap())).collect()
        };
        assert_eq!(stands(&told)[..2], ["boss active", "size waiting"]);
        let offered: Vec<&str> = told["actions"].as_array().unwrap().iter().map(|a| a.as_str().unwrap()).collect();
        assert_eq!(offered, ["withdraw", "urge", "comment"]);
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        let told = r.instance(&asked).await;
        let way = [
            "boss passed", "size passed", "size.large passed", "director passed", "size.default skipped", "clerk skipped",
        ];
        assert_eq!(stands(&told), way);
        assert_eq!(told["actions"], json!(["comment"]));
    })
    .await;
}

#[tokio::test]
async fn phrases_are_ones_own() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let kept = r.one.post("/phrases", json!({"text": "  Within budget "})).await.created();
        assert_eq!(kept["text"], "Within budget");
        let same = r.one.post("/phrases", json!({"text": "Within budget"})).await.created();
        assert_eq!(id_of(&same), id_of(&kept));
        assert_eq!(items(&r.one.get("/phrases").await.ok()).len(), 1);
        assert!(items(&r.two.get("/phrases").await.ok()).is_empty());
        let bad = r.one.post("/phrases", json!({"text": "  "})).await.refused(422, "validation");
        assert_eq!(faults(&bad), ["text: required"]);
        let bad = r.one.post("/phrases", json!({"text": "x".repeat(501)})).await.refused(422, "validation");
        assert_eq!(faults(&bad), ["text: too_long"]);
        let place = format!("/phrases/{}", id_of(&kept));
        r.two.delete(&place, 1).await.refused(404, "not_found");
        r.one.delete(&place, 1).await.with_status(204);
        assert!(items(&r.one.get("/phrases").await.ok()).is_empty());
    })
    .await;
}
