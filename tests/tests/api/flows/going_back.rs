//! Requests that come back, are withdrawn, or are changed on their way.

use serde_json::{Value, json};
use tests::Client;
use tests::design::{approve, form, group, number, test, text};
use tests::on_both_shared;
use tests::workspace::{faults, items};

use super::{act, requests, task, todo};

#[tokio::test]
async fn a_returned_request_comes_back_to_its_submitter_and_goes_on_as_the_same_record() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id], json!({})),
                approve("money", &[&r.two.id], json!({}))
            ]))
            .await;
        let asked = r.ask(5).await;
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        let opened = task(&r.two).await;
        let targets = r.two.get(&format!("/tasks/{opened}")).await.ok()["return_to"].clone();
        assert_eq!(targets, json!(["boss", "start"]));
        act(&r.two, &opened, "return", json!({"to": "money"})).await.refused(422, "target_not_passed");
        act(&r.two, &opened, "return", json!({})).await.refused(422, "validation");
        act(&r.two, &opened, "return", json!({"to": "start", "opinion": "Which chairs?"})).await.ok();
        assert_eq!(r.state(&asked).await, ("running".into(), vec!["start".into()]));

        let start = task(&r.mei).await;
        let bad =
            act(&r.mei, &start, "submit", json!({"fields": {"what": null}})).await.refused(422, "validation");
        assert_eq!(faults(&bad), ["fields.what: required"]);
        act(&r.mei, &start, "submit", json!({"fields": {"what": "Oak chairs"}})).await.ok();
        assert_eq!(r.state(&asked).await.1, ["boss"], "everything after it runs again");
        let record = r.form.read(&r.mei, &asked).await.ok();
        assert_eq!(
            (&record["fields"]["no"], &record["fields"]["what"]),
            (&json!("R-0001"), &json!("Oak chairs"))
        );
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        // Back to an earlier step, and on from there.
        act(&r.two, &task(&r.two).await, "return", json!({"to": "boss", "resume": "rerun"})).await.ok();
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");
    })
    .await;
}

#[tokio::test]
async fn who_sends_back_or_declines_need_not_fill_in_what_the_step_asks_for() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let fields = json!({"fields": {"*": "read", "note": "required"}, "reject_to": "end"});
        r.form.flow(json!([approve("boss", &[&r.one.id], fields)])).await;
        let asked = r.ask(5).await;
        let opened = task(&r.one).await;
        let bad = act(&r.one, &opened, "approve", json!({})).await.refused(422, "validation");
        assert_eq!(faults(&bad), ["fields.note: required"]);
        act(&r.one, &opened, "return", json!({"to": "start", "opinion": "Which chairs?"})).await.ok();
        act(&r.mei, &task(&r.mei).await, "submit", json!({})).await.ok();
        act(&r.one, &task(&r.one).await, "reject", json!({"opinion": "No money"})).await.ok();
        assert_eq!(r.state(&asked).await.0, "rejected");
    })
    .await;
}

#[tokio::test]
async fn a_submitter_withdraws_until_somebody_decided() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id, &r.two.id], json!({"policy": "all"}))])).await;
        let asked = r.ask(5).await;
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        // Each is told whether they may, before they try.
        let offered = async |who: &Client| {
            let told = who.get(&instance).await.ok();
            told["actions"].as_array().unwrap().contains(&json!("withdraw"))
        };
        assert_eq!((offered(&r.mei).await, offered(&r.one).await), (true, false));
        r.one.post(&format!("{instance}/withdraw"), json!({})).await.refused(403, "not_submitter");
        r.mei.post(&format!("{instance}/withdraw"), json!({})).await.ok();
        assert_eq!(r.state(&asked).await, ("withdrawn".into(), vec!["start".into()]));
        assert_eq!(r.form.read(&r.mei, &asked).await.ok()["system"]["flow_state"], "withdrawn");
        assert!(todo(&r.one).await.is_empty());
        act(&r.mei, &task(&r.mei).await, "submit", json!({"fields": {"amount": 7}})).await.ok();
        assert_eq!(r.state(&asked).await, ("running".into(), vec!["boss".into()]));
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        assert!(!offered(&r.mei).await);
        r.mei.post(&format!("{instance}/withdraw"), json!({})).await.refused(409, "already_decided");
    })
    .await;
}

#[tokio::test]
async fn a_flow_says_whether_its_submitters_may_always_withdraw() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let flow = async |withdraw: &str| {
            let steps =
                json!([approve("boss", &[&r.one.id], json!({})), approve("money", &[&r.two.id], json!({}))]);
            let start = json!({"fields": {"*": "edit"}, "withdraw": withdraw});
            let flow = json!({"format": 1, "label": "Approval", "start": start, "steps": steps});
            r.form.flow_with(flow).await;
        };
        let withdraw = async |asked: &Value| {
            let path = format!("/instances/{}/withdraw", asked["instance"]["id"].as_str().unwrap());
            r.mei.post(&path, json!({})).await
        };
        flow("never").await;
        withdraw(&r.ask(5).await).await.refused(403, "withdraw_off");
        act(&r.one, &task(&r.one).await, "reject", json!({"opinion": "No"})).await.ok();

        flow("while_running").await;
        let asked = r.ask(6).await;
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        withdraw(&asked).await.ok();
        assert_eq!(r.state(&asked).await, ("withdrawn".into(), vec!["start".into()]));
        assert!(todo(&r.two).await.is_empty());
        act(&r.mei, &task(&r.mei).await, "submit", json!({})).await.ok();
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        withdraw(&asked).await.refused(409, "instance_ended");
    })
    .await;
}

#[tokio::test]
async fn what_is_entered_goes_along_with_a_return_and_not_with_a_rejection() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let fields = json!({"fields": {"*": "read", "note": "edit"}});
        r.form.flow(json!([approve("boss", &[&r.one.id], fields)])).await;
        let asked = r.ask(5).await;
        let note = async || r.form.read(&r.mei, &asked).await.ok()["fields"]["note"].clone();
        let aside = async |note: &str| {
            act(&r.one, &task(&r.one).await, "save", json!({"fields": {"note": note}})).await.ok();
        };
        aside("Which chairs?").await;
        assert_eq!(note().await, Value::Null);
        act(&r.one, &task(&r.one).await, "return", json!({"to": "start", "opinion": "See the note"}))
            .await
            .ok();
        assert_eq!(note().await, "Which chairs?");
        act(&r.mei, &task(&r.mei).await, "submit", json!({})).await.ok();
        aside("Never mind").await;
        act(&r.one, &task(&r.one).await, "reject", json!({"opinion": "No"})).await.ok();
        assert_eq!((r.state(&asked).await.0.as_str(), note().await), ("rejected", json!("Which chairs?")));
    })
    .await;
}

#[tokio::test]
async fn a_decision_is_offered_to_be_taken_back_as_long_as_it_can_be() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let steps = ["boss", "money", "last"].into_iter().zip([&r.one.id, &r.two.id, &r.three.id]);
        let steps: Vec<Value> = steps.map(|(step, who)| approve(step, &[who], json!({}))).collect();
        r.form.flow(json!(steps)).await;
        let asked = r.ask(5).await;
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let decided = task(&r.one).await;
        let offered = async |who: &Client| {
            let told = who.get(&instance).await.ok();
            let known = told["tasks"].as_array().unwrap().iter().find(|task| task["id"] == json!(decided));
            known.unwrap()["actions"].clone()
        };
        assert!(!offered(&r.one).await.as_array().unwrap().contains(&json!("withdraw")));
        act(&r.one, &decided, "approve", json!({})).await.ok();
        assert_eq!((offered(&r.one).await, offered(&r.two).await), (json!(["withdraw"]), json!([])));
        let handled = r.one.get("/tasks?box=handled").await.ok();
        assert_eq!(items(&handled)[0]["actions"], json!(["withdraw"]));
        act(&r.one, &decided, "withdraw", json!({})).await.ok();
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        // It still runs, and is not this one's to take back any more.
        assert_eq!(offered(&r.one).await, json!([]));
        act(&r.one, &decided, "withdraw", json!({})).await.refused(409, "too_late");
    })
    .await;
}

#[tokio::test]
async fn what_is_computed_from_the_state_follows_it_however_it_changes() {
    on_both_shared(async |workspace| {
        let design = form(
            "request",
            [
                text("what").required(),
                number("amount", 0),
                text("status").computed("IFEMPTY($flow_state, \"draft\")"),
            ],
        );
        let requests = workspace.form(design).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        requests.allow(group("askers", &[&mei.id])).await;
        requests.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        let both = async |record: &Value| {
            let seen = requests.read(&requests.admin, record).await.ok();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (text(&seen["fields"]["status"]), text(&seen["system"]["flow_state"]))
        };
        let alike = |state: &str| (state.to_owned(), state.to_owned());
        let asked = requests.create(&mei, json!({"what": "Chairs", "amount": 5})).await.created();
        assert_eq!(both(&asked).await, alike("running"));
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        mei.post(&format!("{instance}/withdraw"), json!({})).await.ok();
        assert_eq!(both(&asked).await, alike("withdrawn"));
        act(&mei, &task(&mei).await, "submit", json!({})).await.ok();
        assert_eq!(both(&asked).await, alike("running"));
        requests.admin.post(&format!("{instance}/terminate"), json!({"opinion": "Not now"})).await.ok();
        assert_eq!(both(&asked).await, alike("terminated"));
        // What was computed from anything else stays as it was.
        assert_eq!(requests.read(&mei, &asked).await.ok()["fields"]["amount"], "5");

        let other = requests.create(&mei, json!({"what": "Tables"})).await.created();
        act(&boss, &task(&boss).await, "approve", json!({})).await.ok();
        assert_eq!(both(&other).await, alike("approved"));
        let third = requests.create(&mei, json!({"what": "Lamps"})).await.created();
        act(&boss, &task(&boss).await, "reject", json!({"opinion": "No"})).await.ok();
        assert_eq!(both(&third).await, alike("rejected"));
        let lists = requests.query(&mei, json!({"filter": test("status", "eq", "terminated")})).await.ok();
        assert_eq!(items(&lists).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_running_request_is_changed_by_its_flow_alone() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        r.form.edit(&r.mei, &asked, json!({"amount": 1})).await.refused(403, "forbidden");
        // Deleting ends it.
        r.mei.delete(&r.form.at(&asked), 1).await.with_status(204);
        assert!(todo(&r.one).await.is_empty());
        r.mei.post(&format!("{}/restore", r.form.at(&asked)), json!({})).await.ok();
        assert_eq!(r.form.read(&r.mei, &asked).await.ok()["system"]["flow_state"], "terminated");
        // After the end it is edited like any other.
        let now = r.form.read(&r.mei, &asked).await.ok();
        r.form.edit(&r.mei, &now, json!({"amount": 1})).await.ok();
    })
    .await;
}
