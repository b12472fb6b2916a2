//! Members who decide in the place of others for a while.

use serde_json::{Value, json};
use tests::Client;
use tests::design::approve;
use tests::on_both_shared;
use tests::workspace::{faults, id_of, items};

use super::{act, lines, requests, task, todo, until};

async fn done(who: &Client, job: &Value) -> Value {
    let path = format!("/jobs/{}", job.as_str().unwrap());
    until("the job is over", async || who.get(&path).await.ok()["state"] == "done").await;
    who.get(&path).await.ok()["result"].clone()
}

#[tokio::test]
async fn tasks_go_to_who_stands_in_and_the_log_says_for_whom() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let open = r.ask(1).await;
        let given = r.one.post("/delegations", json!({"to": r.two.id, "open_tasks": true})).await.created();
        assert_eq!((&given["from"], &given["to"]), (&json!(r.one.id), &json!(r.two.id)));
        assert_eq!(done(&r.one, &given["job"]).await["done"], 1);
        assert!(todo(&r.one).await.is_empty());
        let taken = task(&r.two).await;
        act(&r.one, &taken, "approve", json!({})).await.refused(403, "not_yours");
        act(&r.two, &taken, "approve", json!({})).await.ok();
        let told = r.instance(&open).await;
        let line = lines(&told, "approve")[0];
        assert_eq!((&line["who"], &line["on_behalf_of"]), (&json!(r.two.id), &json!(r.one.id)));

        // New ones come to them at once; who is stood in for still reads them.
        let new = r.ask(2).await;
        let taken = task(&r.two).await;
        let listed = r.two.get("/tasks?box=todo").await.ok();
        let listed = &items(&listed)[0];
        assert_eq!(
            (&listed["on_behalf_of"], &listed["on_behalf_of_name"]),
            (&json!(r.one.id), &json!("one"))
        );
        let drawn = r.instance(&new).await["drawing"][0].clone();
        assert_eq!(drawn["people"], json!([{"member": r.two.id, "on_behalf_of": r.one.id}]));
        r.one.get(&format!("/instances/{}", new["instance"]["id"].as_str().unwrap())).await.ok();
        assert_eq!(r.form.read(&r.one, &new).await.ok()["fields"]["what"], "Chairs");
        act(&r.two, &taken, "approve", json!({})).await.ok();

        // No chain: who stands in for somebody is not stood in for there.
        r.two.post("/delegations", json!({"to": r.three.id})).await.created();
        r.ask(3).await;
        assert_eq!((todo(&r.two).await.len(), todo(&r.three).await.len()), (1, 0));

        // Whoever has received it can't end it; then all is as before.
        let path = format!("/delegations/{}", id_of(&given));
        r.two.delete(&path, 1).await.refused(403, "forbidden");
        r.three.delete(&path, 1).await.refused(404, "not_found");
        assert_eq!(items(&r.two.get("/delegations").await.ok()).len(), 2);
        assert_eq!(items(&r.three.get("/delegations").await.ok()).len(), 1);
        r.one.delete(&path, 1).await.with_status(204);
        r.ask(4).await;
        assert_eq!(todo(&r.one).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn whose_turn_comes_while_they_are_away_has_somebody_stand_in() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let who = json!({"policy": "sequential", "who": [{"members": [r.one.id]}, {"members": [r.two.id]}]});
        r.form.flow(json!([approve("chain", &[], who)])).await;
        let asked = [r.ask(1).await, r.ask(2).await];
        // They go away after the requests have come to the step, and are back before the second is theirs.
        let given = r.two.post("/delegations", json!({"to": r.three.id})).await.created();
        let waiting = todo(&r.one).await;
        act(&r.one, &waiting[0], "approve", json!({})).await.ok();
        let taken = task(&r.three).await;
        let listed = r.three.get("/tasks?box=todo").await.ok();
        assert_eq!(items(&listed)[0]["on_behalf_of"], json!(r.two.id));
        act(&r.three, &taken, "approve", json!({})).await.ok();
        r.two.delete(&format!("/delegations/{}", id_of(&given)), 1).await.with_status(204);
        act(&r.one, &waiting[1], "approve", json!({})).await.ok();
        assert!(todo(&r.three).await.is_empty());
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        for request in &asked {
            assert_eq!(r.state(request).await.0, "approved");
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_deadline_gives_to_somebody_who_is_away_goes_to_who_stands_in() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let late = json!({"deadlines": [{"after": "PT1S", "do": {"transfer": {"members": [r.two.id]}}}]});
        r.form.flow(json!([approve("boss", &[&r.one.id], late)])).await;
        r.two.post("/delegations", json!({"to": r.three.id})).await.created();
        let asked = r.ask(1).await;
        until("it is handed on", async || !todo(&r.three).await.is_empty()).await;
        assert!(todo(&r.one).await.is_empty() && todo(&r.two).await.is_empty());
        act(&r.three, &task(&r.three).await, "approve", json!({})).await.ok();
        let told = r.instance(&asked).await;
        let line = lines(&told, "approve")[0];
        assert_eq!((&line["who"], &line["on_behalf_of"]), (&json!(r.three.id), &json!(r.two.id)));
    })
    .await;
}

#[tokio::test]
async fn a_delegation_counts_in_its_time_and_its_flows() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let other = requests(&workspace).await;
        for form in [&r.form, &other.form] {
            form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        }
        let give = async |more: Value| {
            let mut input = json!({"to": r.two.id});
            for (member, value) in more.as_object().unwrap() {
                input[member] = value.clone();
            }
            r.one.post("/delegations", input).await
        };
        give(json!({"starts": "2099-01-01T00:00:00Z"})).await.created();
        give(json!({"starts": "2001-01-01T00:00:00Z", "ends": "2002-01-01T00:00:00Z"})).await.created();
        r.ask(1).await;
        assert!(todo(&r.two).await.is_empty(), "not yet, and no more");
        give(json!({"forms": [other.form.id]})).await.created();
        r.ask(2).await;
        assert!(todo(&r.two).await.is_empty(), "for other flows");
        other.ask(3).await;
        assert_eq!(todo(&r.two).await.len(), 1);

        let wrong = async |more: Value| faults(&give(more).await.refused(422, "validation"));
        assert_eq!(wrong(json!({"to": r.one.id})).await, ["to: delegation_to_self"]);
        assert_eq!(wrong(json!({"ends": "2001-01-01T00:00:00Z"})).await, ["ends: ends_before_it_starts"]);
        assert_eq!(wrong(json!({"starts": "soon"})).await, ["starts: wrong_type"]);
        assert_eq!(wrong(json!({"to": "0sbqd00000001"})).await, ["to: not_an_id"]);
        assert_eq!(wrong(json!({"forms": ["nowhere"]})).await, ["forms.0: unknown_form"]);
        let early = json!({"starts": "2099-01-01T00:00:00Z", "open_tasks": true});
        assert_eq!(wrong(early).await, ["open_tasks: not_in_force_yet"]);
        r.three
            .post("/delegations", json!({"from": r.one.id, "to": r.two.id}))
            .await
            .refused(403, "forbidden");
        let admin = &workspace.admin;
        admin.post("/delegations", json!({"from": r.three.id, "to": r.two.id})).await.created();
    })
    .await;
}
