//! Who decides a step, and that every decision counts once.

use serde_json::{Value, json};
use tests::design::approve;
use tests::on_both_shared;
use tests::workspace::{faults, id_of, items};

use super::{act, requests, state, task, todo};

#[tokio::test]
async fn a_signature_is_a_picture_of_ones_own_that_stays_with_the_decision() {
    on_both_shared(async |workspace| {
        const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({"signature": "required"}))])).await;
        let asked = r.ask(5).await;
        let opened = task(&r.one).await;
        let sign = async |file: &str| act(&r.one, &opened, "approve", json!({"signature": file})).await;
        act(&r.one, &opened, "approve", json!({})).await.refused(422, "signature_required");
        let others = r.two.upload("sign.png", "image/png", PICTURE.to_vec()).await;
        let text = r.one.upload("sign.txt", "text/plain", b"not a picture".to_vec()).await;
        for file in ["0sbz1mxb0nh0g", &others, &text] {
            assert_eq!(faults(&sign(file).await.refused(422, "validation")), ["signature: not_an_id"]);
        }
        let own = r.one.upload("sign.png", "image/png", PICTURE.to_vec()).await;
        sign(&own).await.ok();
        let log = r.instance(&asked).await["log"].clone();
        let line = log.as_array().unwrap().iter().find(|line| line["action"] == "approve").unwrap().clone();
        assert_eq!(line["signature"], json!(own));
        r.mei.get(&format!("/files/{own}")).await.with_status(200);
        r.three.get(&format!("/files/{own}")).await.refused(404, "not_found");
        // One signature is under one decision.
        r.ask(6).await;
        let next = task(&r.one).await;
        let again = act(&r.one, &next, "approve", json!({"signature": own})).await;
        assert_eq!(faults(&again.refused(422, "validation")), ["signature: not_an_id"]);
    })
    .await;
}

#[tokio::test]
async fn anybody_of_several_approves_and_the_record_is_approved() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id, &r.two.id], json!({}))])).await;
        let asked = r.ask(5).await;
        assert_eq!(state(&asked), ("running", vec!["boss"]));
        assert_eq!(
            (&asked["system"]["flow_state"], &asked["fields"]["no"]),
            (&json!("running"), &json!("R-0001"))
        );
        assert_eq!(asked["system"]["flow"]["assignees"].as_array().unwrap().len(), 2);

        let list = r.one.get("/tasks?box=todo&count=exact").await;
        let waiting = items(&list.ok())[0].clone();
        assert_eq!(
            (&waiting["step"], &waiting["record"], &waiting["state"], &waiting["opinion"]),
            (&json!("boss"), &asked["id"], &json!("open"), &json!("optional"))
        );
        let actions = waiting["actions"].as_array().unwrap();
        for action in ["approve", "reject", "transfer", "save"] {
            assert!(actions.contains(&json!(action)), "{actions:?}");
        }
        // An approver reads the record, whatever groups say.
        assert_eq!(r.form.read(&r.one, &asked).await.ok()["fields"]["what"], "Chairs");
        r.form.query(&r.one, json!({})).await.refused(404, "not_found");

        let second = task(&r.two).await;
        let after = act(&r.one, &id_of(&waiting), "approve", json!({"opinion": "Fine"})).await.ok();
        assert_eq!((&after["state"], &after["steps"]), (&json!("approved"), &json!([])));
        assert!(todo(&r.two).await.is_empty());
        act(&r.two, &second, "approve", json!({})).await.refused(409, "task_closed");
        act(&r.one, &id_of(&waiting), "approve", json!({})).await.refused(409, "task_closed");
        assert_eq!(r.form.read(&r.mei, &asked).await.ok()["system"]["flow_state"], "approved");

        let instance = r.instance(&asked).await;
        let told: Vec<_> =
            instance["log"].as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap()).collect();
        assert!(told.contains(&"approve"), "{told:?}");
        let line =
            instance["log"].as_array().unwrap().iter().find(|line| line["action"] == "approve").unwrap();
        assert_eq!(
            (&line["who"], &line["step"], &line["opinion"]),
            (&json!(r.one.id), &json!("boss"), &json!("Fine"))
        );
        let states: Vec<_> = instance["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|task| task["state"].as_str().unwrap())
            .collect();
        assert!(states.contains(&"done") && states.contains(&"cancelled"), "{states:?}");
        assert_eq!(items(&r.one.get("/tasks?box=handled").await.ok()).len(), 1);
        assert_eq!(items(&r.mei.get("/tasks?box=started").await.ok())[0]["state"], "approved");
    })
    .await;
}

#[tokio::test]
async fn all_must_agree_and_one_who_does_not_ends_it() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("both", &[&r.one.id, &r.two.id], json!({"policy": "all"}))])).await;
        let asked = r.ask(5).await;
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await, ("running".into(), vec!["both".into()]));
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");

        let asked = r.ask(5).await;
        act(&r.one, &task(&r.one).await, "reject", json!({"opinion": "Too dear"})).await.ok();
        assert_eq!(r.state(&asked).await.0, "rejected");
        assert!(todo(&r.two).await.is_empty());
        assert_eq!(r.form.read(&r.mei, &asked).await.ok()["system"]["flow_state"], "rejected");
    })
    .await;
}

#[tokio::test]
async fn one_is_asked_after_the_other() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let who = json!({"policy": "sequential", "who": [{"members": [r.two.id]}, {"members": [r.one.id]}]});
        r.form.flow(json!([approve("chain", &[], who)])).await;
        let asked = r.ask(5).await;
        assert!(todo(&r.one).await.is_empty());
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");
    })
    .await;
}

#[tokio::test]
async fn a_task_is_handed_to_somebody_else() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let opened = task(&r.one).await;
        act(&r.one, &opened, "transfer", json!({})).await.refused(422, "validation");
        act(&r.one, &opened, "transfer", json!({"to": r.one.id})).await.refused(422, "self_transfer");
        act(&r.one, &opened, "transfer", json!({"to": r.three.id, "opinion": "Yours"})).await.ok();
        assert!(todo(&r.one).await.is_empty());
        assert_eq!(task(&r.three).await, opened, "the same task");
        act(&r.one, &opened, "approve", json!({})).await.refused(403, "not_yours");
        // Who takes no part does not know of it.
        act(&r.two, &opened, "approve", json!({})).await.refused(404, "not_found");
        r.two.get(&format!("/tasks/{opened}")).await.refused(404, "not_found");
        act(&r.three, &opened, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");
    })
    .await;
}

#[tokio::test]
async fn somebody_added_before_a_task_decides_first() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let opened = task(&r.one).await;
        let add = async |body: Value| act(&r.one, &opened, "add-sign", body).await;
        assert_eq!(
            faults(&add(json!({"mode": "before"})).await.refused(422, "validation")),
            ["to: required"]
        );
        let to = json!([r.two.id]);
        assert_eq!(faults(&add(json!({"to": to})).await.refused(422, "validation")), ["mode: required"]);
        add(json!({"to": to, "mode": "before"})).await.ok();
        add(json!({"to": to, "mode": "before"})).await.refused(409, "already_assigned");
        act(&r.one, &opened, "approve", json!({})).await.refused(409, "waits_for_added");
        let added = task(&r.two).await;
        let third = json!({"to": [r.three.id], "mode": "after"});
        act(&r.two, &added, "add-sign", third).await.refused(409, "added_task");
        act(&r.two, &added, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "running");
        act(&r.one, &opened, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");
    })
    .await;
}

#[tokio::test]
async fn somebody_added_after_or_beside_a_task_decides_too() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let flow = json!([approve("boss", &[&r.one.id], json!({"policy": "all"}))]);
        r.form.flow(flow).await;
        let add = async |mode: &str| {
            let body = json!({"to": [r.two.id], "mode": mode});
            act(&r.one, &task(&r.one).await, "add-sign", body).await.ok();
        };
        let asked = r.ask(5).await;
        add("after").await;
        assert!(todo(&r.two).await.is_empty(), "they come after the approval");
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await, ("running".into(), vec!["boss".into()]));
        act(&r.two, &task(&r.two).await, "reject", json!({"opinion": "No"})).await.ok();
        assert_eq!(r.state(&asked).await.0, "rejected", "it counts as a rejection of who added them");

        let asked = r.ask(6).await;
        add("parallel").await;
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "running", "they vote too");
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");
    })
    .await;
}

#[tokio::test]
async fn t12_of_two_who_decide_at_once_exactly_one_decides() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id, &r.two.id], json!({})),
                approve("money", &[&r.three.id], json!({}))
            ]))
            .await;
        for _ in 0..10 {
            r.ask(5).await;
            let (a, b) = (task(&r.one).await, task(&r.two).await);
            let (one, two) =
                tokio::join!(act(&r.one, &a, "approve", json!({})), act(&r.two, &b, "reject", json!({})));
            let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
            let state = won.ok()["state"].clone();
            lost.refused(409, "task_closed");
            // The next step was reached once, or never.
            let next = todo(&r.three).await;
            assert_eq!(next.len(), usize::from(state == "running"), "{state}");
            for task in next {
                act(&r.three, &task, "approve", json!({})).await.ok();
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_decision_sent_twice_under_one_key_counts_once() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id], json!({})),
                approve("again", &[&r.one.id], json!({}))
            ]))
            .await;
        r.ask(5).await;
        let path = format!("/tasks/{}/approve", task(&r.one).await);
        let first = r.one.post_once(&path, "decision", json!({})).await.ok();
        assert_eq!(r.one.post_once(&path, "decision", json!({})).await.ok(), first);
        assert_eq!(first["steps"], json!(["again"]));
        assert_eq!(todo(&r.one).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_votes_of_several_are_told_while_their_step_waits() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let (all, more) = ([r.one.id.as_str(), r.two.id.as_str()], json!({"policy": "all"}));
        r.form.flow(json!([approve("boss", &all, more), approve("last", &[&r.three.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let given = task(&r.one).await;
        act(&r.one, &given, "approve", json!({})).await.ok();
        let told = r.instance(&asked).await["ballots"].clone();
        let voters = json!([
            {"member": r.one.id, "vote": "approved", "is_asked": false},
            {"member": r.two.id, "is_asked": true}]);
        assert_eq!(told, json!([{"step": "boss", "needed": 2, "agreed": 1, "voters": voters}]));
        let given = task(&r.two).await;
        act(&r.two, &given, "approve", json!({})).await.ok();
        assert!(r.instance(&asked).await.get("ballots").is_none(), "one alone casts no vote among others");
    })
    .await;
}
