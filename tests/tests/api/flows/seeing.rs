//! What the people of a flow see and change of a request.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::Client;
use tests::design::{approve, group};
use tests::on_both_shared;
use tests::workspace::{faults, id_of, items, version_of};

use super::{act, lines, requests, task, todo};

#[tokio::test]
async fn a_step_says_which_fields_its_people_see_and_change() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let fields = json!({"fields": {"*": "read", "note": "required", "amount": "edit", "cost": "hidden"}});
        r.form.flow(json!([approve("boss", &[&r.one.id], fields)])).await;
        let asked = r.ask(5).await;
        let opened = task(&r.one).await;
        let rights = r.one.get(&format!("/tasks/{opened}")).await.ok()["fields"].clone();
        assert_eq!(
            (&rights["what"], &rights["note"], &rights["amount"], rights.get("cost")),
            (&json!("read"), &json!("required"), &json!("edit"), None)
        );
        let seen = r.form.read(&r.one, &asked).await.ok();
        assert!(seen["fields"].get("cost").is_none(), "{seen}");

        let missing = act(&r.one, &opened, "approve", json!({})).await.refused(422, "validation");
        assert_eq!(faults(&missing), ["fields.note: required"]);
        let read = act(&r.one, &opened, "approve", json!({"fields": {"what": "x", "note": "n"}}))
            .await
            .refused(422, "not_writable");
        assert_eq!(faults(&read), ["fields.what: not_writable"]);
        act(&r.one, &opened, "approve", json!({"fields": {"cost": 9, "note": "n"}}))
            .await
            .refused(422, "unknown_field");
        // What is put aside changes the record when the task is decided, not before.
        act(&r.one, &opened, "save", json!({"fields": {"amount": 4}})).await.ok();
        assert_eq!(r.form.read(&r.mei, &asked).await.ok()["fields"]["amount"], "5.00");
        assert_eq!(r.one.get(&format!("/tasks/{opened}")).await.ok()["kept"]["amount"], 4);
        // So is what somebody means to say; blanks take it back, and it does not touch the edits.
        let aside = async |opinion: Value| {
            act(&r.one, &opened, "save", opinion).await.ok();
            let task = r.one.get(&format!("/tasks/{opened}")).await.ok();
            (task["kept_opinion"].clone(), task["kept"]["amount"].clone())
        };
        assert_eq!(aside(json!({"opinion": "too much"})).await, (json!("too much"), json!(4)));
        assert_eq!(aside(json!({})).await, (json!("too much"), json!(4)));
        assert_eq!(aside(json!({"opinion": " "})).await, (Value::Null, json!(4)));
        act(&r.one, &opened, "approve", json!({"fields": {"note": "less"}})).await.ok();
        let record = r.form.read(&r.mei, &asked).await.ok();
        assert_eq!(
            (&record["fields"]["amount"], &record["fields"]["note"], &record["fields"]["cost"]),
            (&json!("4.00"), &json!("less"), &json!("1.00"))
        );
        let line = r.instance(&asked).await["log"]
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["action"] == "approve")
            .unwrap()
            .clone();
        assert_eq!(line["changes"]["amount"], json!({"old": "5.00", "new": "4.00"}));
    })
    .await;
}

#[tokio::test]
async fn what_a_request_is_called_tells_nobody_what_is_closed_to_them() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.allow(group("viewers", &[&r.three.id]).may(&["view"]).field("cost", "none")).await;
        let hidden = json!({"fields": {"*": "read", "cost": "hidden"}});
        let steps = json!([approve("boss", &[&r.one.id], hidden), approve("money", &[&r.two.id], json!({}))]);
        r.form
            .flow_with(json!({"format": 1, "label": "Approval", "title": "{what} {cost}",
                "start": {"fields": {"*": "edit"}}, "steps": steps}))
            .await;
        let admin = &r.form.admin;
        let asked = r.form.create(admin, json!({"what": "Chairs", "amount": 1, "cost": 77})).await.created();
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let listed = async |who: &Client, list: &str| {
            let tasks = who.get(&format!("/tasks?box={list}")).await.ok();
            // The administrator has asked for other things in other tests.
            let here = items(&tasks).iter().filter(|task| task["form"] == r.form.id);
            here.map(|task| task["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let opened = task(&r.one).await;
        assert_eq!(listed(&r.one, "todo").await, ["Chairs"]);
        assert_eq!(r.one.get(&format!("/tasks/{opened}")).await.ok()["title"], "Chairs");
        assert_eq!(r.one.get(&instance).await.ok()["title"], "Chairs");
        assert_eq!(r.three.get(&instance).await.ok()["title"], "Chairs", "by a group that does not open it");
        act(&r.one, &opened, "approve", json!({})).await.ok();
        assert_eq!(listed(&r.one, "handled").await, ["Chairs"]);
        assert_eq!(listed(&r.two, "todo").await, ["Chairs 77.00"]);
        assert_eq!(listed(admin, "started").await, ["Chairs 77.00"]);
    })
    .await;
}

#[tokio::test]
async fn what_people_say_has_an_end_and_names_only_members() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let say = async |comment: Value| {
            faults(&r.mei.post(&format!("{instance}/comment"), comment).await.refused(422, "validation"))
        };
        assert_eq!(say(json!({"text": "x".repeat(4_001)})).await, ["text: too_long"]);
        assert_eq!(say(json!({"text": "Hello", "mentions": [asked["id"]]})).await, ["mentions.0: not_an_id"]);
        let opened = task(&r.one).await;
        let long = act(&r.one, &opened, "approve", json!({"opinion": "意".repeat(4_001)})).await;
        assert_eq!(faults(&long.refused(422, "validation")), ["opinion: too_long"]);
        act(&r.one, &opened, "approve", json!({"opinion": "意".repeat(4_000)})).await.ok();
    })
    .await;
}

#[tokio::test]
async fn every_list_is_read_to_its_end_and_counted_whole() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        for amount in 1..=5 {
            r.ask(amount).await;
        }
        for (who, list) in [(&r.mei, "started"), (&r.one, "todo")] {
            let (mut seen, mut from) = (Vec::new(), String::new());
            loop {
                let page = who.get(&format!("/tasks?box={list}&limit=2&count=exact{from}")).await.ok();
                assert_eq!(page["count"], json!({"value": 5, "exact": true}), "{list}");
                seen.extend(items(&page).iter().map(id_of));
                let Some(next) = page["next"].as_str() else { break };
                from = format!("&cursor={next}");
            }
            let each: BTreeSet<&String> = seen.iter().collect();
            assert_eq!((seen.len(), each.len()), (5, 5), "{list}");
        }
        let handled = r.one.get("/tasks?box=handled&limit=1&count=exact").await.ok();
        assert_eq!(handled["count"]["value"], 0);
        for opened in todo(&r.one).await.iter().take(3) {
            act(&r.one, opened, "approve", json!({})).await.ok();
        }
        let handled = r.one.get("/tasks?box=handled&limit=1&count=exact").await.ok();
        assert_eq!((items(&handled).len(), &handled["count"]["value"]), (1, &json!(3)));
    })
    .await;
}

#[tokio::test]
async fn what_was_handled_goes_by_the_moment_of_the_decision() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        for amount in 1..=5 {
            r.ask(amount).await;
        }
        let waiting = todo(&r.one).await;
        // Neither from the oldest to the newest nor the other way round.
        let decided: Vec<&String> = [2, 0, 4, 1, 3].into_iter().map(|at| &waiting[at]).collect();
        for task in &decided {
            act(&r.one, task, "approve", json!({})).await.ok();
        }
        let read = async |limit: usize| {
            let (mut seen, mut from) = (Vec::new(), String::new());
            loop {
                let page = r.one.get(&format!("/tasks?box=handled&limit={limit}{from}")).await.ok();
                seen.extend(items(&page).iter().map(id_of));
                let Some(next) = page["next"].as_str() else { break };
                from = format!("&cursor={next}");
            }
            seen
        };
        let page = r.one.get("/tasks?box=handled").await.ok();
        assert!(items(&page).iter().all(|task| task["decided"].is_string()), "{page}");
        let expected: Vec<String> = decided.iter().rev().map(|task| (*task).clone()).collect();
        for limit in [1, 2, 5] {
            assert_eq!(read(limit).await, expected, "in pages of {limit}");
        }
        // A cursor is the list's own: there it says when, elsewhere only what.
        let page = r.one.get("/tasks?box=handled&limit=1").await.ok();
        let next = page["next"].as_str().unwrap();
        let other = r.one.get(&format!("/tasks?box=todo&cursor={next}")).await.refused(422, "validation");
        assert_eq!(faults(&other), ["cursor: bad_cursor"]);
        let plain = format!("/tasks?box=handled&cursor={}", expected[0]);
        r.one.get(&plain).await.refused(422, "validation");
    })
    .await;
}

#[tokio::test]
async fn a_task_says_that_its_record_was_deleted() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let opened = task(&r.one).await;
        act(&r.one, &opened, "approve", json!({})).await.ok();
        let (handled, started) = ("/tasks?box=handled", "/tasks?box=started");
        let first = async |who: &Client, list: &str| items(&who.get(list).await.ok())[0].clone();
        assert_eq!(first(&r.one, handled).await.get("record_deleted"), None);

        let admin = &r.form.admin;
        let stands = r.form.read(admin, &asked).await.ok();
        admin.delete(&r.form.at(&asked), version_of(&stands)).await.with_status(204);
        for (who, list) in [(&r.one, handled), (&r.mei, started)] {
            let told = first(who, list).await;
            assert_eq!(
                (&told["record_deleted"], &told["submitter_name"]),
                (&json!(true), &json!("mei")),
                "{list}"
            );
            // What the record was called is closed with it.
            assert!(!told["title"].as_str().unwrap().contains("Chairs"), "{told}");
        }
        let told = r.one.get(&format!("/tasks/{opened}")).await.ok();
        assert_eq!(told["record_deleted"], true);

        admin.post(&format!("{}/restore", r.form.at(&asked)), json!({})).await.ok();
        let told = first(&r.one, handled).await;
        assert_eq!(told.get("record_deleted"), None);
        assert!(told["title"].as_str().unwrap().contains("Chairs"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn people_are_told_without_being_asked_and_comment() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([
            {"key": "tell", "label": "Tell", "kind": "cc", "who": [{"members": [r.two.id]}]},
            {"key": "fill", "label": "Fill in", "kind": "fill", "who": [{"members": [r.one.id]}], "fields": {"*": "read", "note": "required"}},
        ])).await;
        let asked = r.ask(5).await;
        assert_eq!(items(&r.two.get("/tasks?box=cc").await.ok()).len(), 1);
        assert!(todo(&r.two).await.is_empty());
        let filling = task(&r.one).await;
        act(&r.one, &filling, "reject", json!({})).await.refused(409, "wrong_action");
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        r.two.post(&format!("{instance}/comment"), json!({"text": "Good", "mentions": [r.mei.id]})).await.ok();
        r.three.post(&format!("{instance}/comment"), json!({"text": "x"})).await.refused(404, "not_found");
        r.two.post(&format!("{instance}/comment"), json!({"text": " "})).await.refused(422, "comment_empty");
        r.mei.post(&format!("{instance}/terminate"), json!({})).await.refused(403, "not_allowed");
        r.mei.post(&format!("{instance}/urge"), json!({})).await.ok();
        r.mei.post(&format!("{instance}/urge"), json!({})).await.refused(409, "urged_recently");
        let told = r.instance(&asked).await;
        assert!(told["log"].as_array().unwrap().iter().any(|line| line["text"] == "Good"));
        act(&r.one, &filling, "submit", json!({"fields": {"note": "done"}})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");

        let asked = r.ask(6).await;
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let opened = task(&r.one).await;
        r.form.admin.post(&format!("{instance}/reassign"), json!({"task": opened, "to": r.three.id})).await.ok();
        assert_eq!(task(&r.three).await, opened);
        r.form.admin.post(&format!("{instance}/terminate"), json!({"opinion": "Not now"})).await.ok();
        assert_eq!(r.state(&asked).await.0, "terminated");
        act(&r.three, &opened, "submit", json!({"fields": {"note": "x"}})).await.refused(409, "task_closed");
    })
    .await;
}

#[tokio::test]
async fn what_an_assignee_puts_aside_is_nobody_elses_to_read() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let step = approve("boss", &[&r.one.id], json!({"fields": {"note": "edit", "cost": "edit"}}));
        r.form.flow(json!([step])).await;
        r.ask(5).await;
        let opened = task(&r.one).await;
        act(&r.one, &opened, "save", json!({"fields": {"note": "Too dear"}})).await.ok();
        let path = format!("/tasks/{opened}");
        let own = r.one.get(&path).await.ok();
        assert_eq!(own["kept"], json!({"note": "Too dear"}));
        assert_eq!((&own["fields"]["note"], &own["return_to"]), (&json!("edit"), &json!(["start"])));
        // Who asked sees that there is a task, and nothing of what is being done with it.
        let seen = r.mei.get(&path).await.ok();
        let shown = json!([seen["kept"], seen["fields"], seen["return_to"]]);
        assert_eq!(shown, json!([{}, {}, []]));
        act(&r.one, &opened, "approve", json!({})).await.ok();
        assert_eq!(r.one.get(&path).await.ok()["kept"], json!({}));

        // Nor does it go along with a task that is handed on, whether by its assignee or by an administrator.
        let asked = r.ask(6).await;
        let opened = task(&r.one).await;
        let aside = json!({"fields": {"note": "Cheap"}, "opinion": "Mine alone"});
        act(&r.one, &opened, "save", aside.clone()).await.ok();
        act(&r.one, &opened, "transfer", json!({"to": r.two.id})).await.ok();
        let left = async |who: &Client| {
            let task = who.get(&format!("/tasks/{opened}")).await.ok();
            json!([task["kept"], task["kept_opinion"]])
        };
        assert_eq!(left(&r.two).await, json!([{}, null]));
        act(&r.two, &opened, "save", aside).await.ok();
        assert_eq!(left(&r.two).await, json!([{"note": "Cheap"}, "Mine alone"]));
        let reassign = format!("/instances/{}/reassign", asked["instance"]["id"].as_str().unwrap());
        r.form.admin.post(&reassign, json!({"task": opened, "to": r.three.id})).await.ok();
        assert_eq!(left(&r.three).await, json!([{}, null]));
        act(&r.three, &opened, "approve", json!({})).await.ok();
        assert_ne!(r.form.read(&r.mei, &asked).await.ok()["fields"]["note"], "Cheap");
    })
    .await;
}

#[tokio::test]
async fn what_is_put_aside_is_held_to_its_kind_and_the_rights_of_its_step_alone() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let step = json!({"fields": {"*": "read", "note": "required", "amount": "edit", "cost": "hidden"},
            "validate": [{"key": "small", "formula": "amount < 10", "message": "Too much."}]});
        r.form.flow(json!([approve("boss", &[&r.one.id], step)])).await;
        let asked = r.ask(5).await;
        let opened = task(&r.one).await;
        let aside = async |fields: Value| act(&r.one, &opened, "save", json!({"fields": fields})).await;
        // Neither what is missing yet nor what the checks of the step say.
        aside(json!({"amount": 50})).await.ok();
        let wrong = aside(json!({"amount": "many"})).await.refused(422, "validation");
        assert!(faults(&wrong)[0].starts_with("fields.amount: "), "{wrong}");
        aside(json!({"what": "Tables"})).await.refused(422, "not_writable");
        aside(json!({"cost": 2})).await.refused(422, "unknown_field");
        assert_eq!(r.one.get(&format!("/tasks/{opened}")).await.ok()["kept"], json!({"amount": 50}));
        let refused = act(&r.one, &opened, "approve", json!({"fields": {"note": "n"}})).await;
        assert_eq!(refused.refused(422, "validation")["errors"][0]["message"], "Too much.");
        let mended = json!({"fields": {"note": "n", "amount": 5}});
        act(&r.one, &opened, "approve", mended).await.ok();
        assert_eq!(r.form.read(&r.mei, &asked).await.ok()["fields"]["amount"], "5.00");
    })
    .await;
}

#[tokio::test]
async fn edits_beside_the_tasks_are_in_the_timeline_with_the_fields_that_one_may_read() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let editors = group("editors", &[&r.two.id]).may(&["view", "edit", "edit_running"]);
        r.form.allow(editors).await;
        r.form.allow(group("lookers", &[&r.three.id]).may(&["view"]).field("cost", "none")).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let changed = r.form.edit(&r.two, &asked, json!({"cost": 7, "note": "By hand"})).await.ok();
        assert_eq!(changed["system"]["flow_state"], "running");
        // Nothing changed, nothing is told.
        r.form.edit(&r.two, &changed, json!({"note": "By hand"})).await.ok();

        let path = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let told = async |who: &Client| {
            let instance = who.get(&path).await.ok();
            let log = instance["log"].as_array().unwrap();
            let edits: Vec<Value> = log.iter().filter(|line| line["action"] == "edit").cloned().collect();
            assert_eq!(edits.len(), 1, "{log:?}");
            (edits[0].clone(), instance)
        };
        let (line, instance) = told(&r.mei).await;
        assert_eq!((&line["who"], &line["step"]), (&json!(r.two.id), &Value::Null));
        let changes =
            json!({"cost": {"old": "1.00", "new": "7.00"}, "note": {"old": null, "new": "By hand"}});
        assert_eq!(line["changes"], changes);
        assert_eq!(instance["field_labels"], json!({"cost": "cost", "note": "note"}));
        assert_eq!((&instance["state"], &instance["steps"]), (&json!("running"), &json!(["boss"])));
        assert_eq!(instance["names"][&r.two.id], json!("two"));
        let (line, instance) = told(&r.three).await;
        assert_eq!(line["changes"], json!({"note": {"old": null, "new": "By hand"}}));
        assert_eq!(instance["field_labels"], json!({"note": "note"}));

        // What the task decides is told of as a decision, and after the end there is no flow to tell of it.
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        let read = r.form.read(&r.two, &asked).await.ok();
        r.form.edit(&r.two, &read, json!({"note": "Later"})).await.ok();
        told(&r.mei).await;
    })
    .await;
}

#[tokio::test]
async fn a_step_offers_printing() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let prints = json!({"print": true});
        r.form
            .flow(json!([approve("boss", &[&r.one.id], prints), approve("money", &[&r.two.id], json!({}))]))
            .await;
        r.ask(5).await;
        let opened = task(&r.one).await;
        assert_eq!(r.one.get(&format!("/tasks/{opened}")).await.ok()["print"], true);
        act(&r.one, &opened, "approve", json!({})).await.ok();
        let next = task(&r.two).await;
        assert_eq!(r.two.get(&format!("/tasks/{next}")).await.ok().get("print"), None);
    })
    .await;
}

#[tokio::test]
async fn what_a_decision_changed_is_told_however_often_the_record_was_changed_since() {
    const MANY: usize = 500;
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.allow(group("editors", &[&r.two.id]).may(&["view", "edit", "edit_running"])).await;
        let edits = json!({"fields": {"note": "edit"}});
        let last = approve("last", &[&r.three.id], json!({}));
        r.form.flow(json!([approve("boss", &[&r.one.id], edits), last])).await;
        let asked = r.ask(5).await;
        act(&r.one, &task(&r.one).await, "approve", json!({"fields": {"note": "less"}})).await.ok();
        let mut record = r.form.read(&r.two, &asked).await.ok();
        for number in 0..MANY {
            record = r.form.edit(&r.two, &record, json!({"amount": number})).await.ok();
        }
        let path = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let newest = r.mei.get(&path).await.ok();
        assert_eq!(newest["log"].as_array().unwrap().len(), MANY);
        assert_eq!(newest["log"][0]["changes"], json!({"amount": {"old": "5.00", "new": "0.00"}}));
        let before = newest["log_earlier"].as_i64().unwrap();
        let earlier = r.mei.get(&format!("{path}?log_before={before}")).await.ok();
        assert_eq!(lines(&earlier, "approve")[0]["changes"], json!({"note": {"old": null, "new": "less"}}));
    })
    .await;
}
