//! What administrators do to instances: moving them to a newer version, opening them again, giving tasks to others.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::design::approve;
use tests::workspace::{faults, id_of, items};
use tests::{Client, Workspace, on_both_shared};

use super::{act, lines, requests, task, todo, until};

#[tokio::test]
async fn running_requests_are_moved_to_a_newer_version_and_those_that_can_not_stay() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &workspace.admin;
        let first =
            json!([approve("old", &[&r.one.id], json!({})), approve("old_end", &[&r.two.id], json!({}))]);
        r.form.flow(first).await;
        let (a, b, c) = (r.ask(1).await, r.ask(2).await, r.ask(3).await);
        let of_c = todo(&r.one).await.remove(0);
        act(&r.one, &of_c, "approve", json!({})).await.ok();
        let second =
            json!([approve("new", &[&r.one.id], json!({})), approve("extra", &[&r.three.id], json!({}))]);
        r.form.flow(second).await;

        let path = r.form.path("/flow/migrate");
        let map = json!({"old": "new"});
        r.mei.post(&path, json!({"steps": map})).await.refused(403, "forbidden");
        let wrong = admin.post(&path, json!({"steps": {"old": "nowhere"}})).await.refused(422, "validation");
        assert_eq!(faults(&wrong), ["steps.old: unknown_step"]);
        let wrong = admin.post(&path, json!({"version": 9})).await.refused(422, "validation");
        assert_eq!(faults(&wrong), ["version: unknown_flow_version"]);

        // A preview tells what would be, and changes nothing.
        let tried = admin.job(admin.post(&path, json!({"steps": map, "dry_run": true})).await).await;
        let version = async |record: &Value| r.instance(record).await["flow_version"].clone();
        for record in [&a, &b, &c] {
            assert_eq!(version(record).await, 1);
        }
        let moved = admin.job(admin.post(&path, json!({"steps": map})).await).await;
        for job in [&tried, &moved] {
            let result = &job["result"];
            let counts = ["matched", "moved", "failed"].map(|name| result[name].as_u64().unwrap());
            assert_eq!(counts, [3, 2, 1], "{job}");
            let failure = &result["failures"][0];
            assert_eq!(
                (&failure["code"], &failure["step"], &failure["instance"]),
                (&json!("unmappable"), &json!("old_end"), &c["instance"]["id"])
            );
            assert_eq!(result["reasons"][0]["count"], 1);
        }
        for record in [&a, &b] {
            assert_eq!((version(record).await, r.state(record).await.1), (json!(2), vec!["new".to_owned()]));
        }
        assert_eq!((version(&c).await, r.state(&c).await.1), (json!(1), vec!["old_end".to_owned()]));
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&c).await.0, "approved", "it went on as it was");
        let of_a = todo(&r.one).await.pop().unwrap();
        act(&r.one, &of_a, "approve", json!({})).await.ok();
        assert_eq!(r.state(&a).await.1, ["extra"]);
        assert_eq!(lines(&r.instance(&a).await, "migrate").len(), 1);
        let again = admin.job(admin.post(&path, json!({})).await).await;
        assert_eq!(again["result"]["matched"], 0, "nothing is left to move");
    })
    .await;
}

/// Z07: what waits at a join is moved with its arms, and goes on where the join of the newer version is met by the move.
#[tokio::test]
async fn what_waits_at_a_join_is_moved_with_its_arms() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &workspace.admin;
        let arm = |key: &str, who: &str| {
            let boss = approve(&format!("{key}_boss"), &[who], json!({}));
            json!({"key": key, "label": key, "steps": [boss]})
        };
        let side = |join: &str| {
            json!({"key": "side", "label": "Side", "kind": "parallel", "join": join,
                "arms": [arm("law", &r.one.id), arm("tax", &r.two.id)]})
        };
        let last = |key: &str| approve(key, &[&r.three.id], json!({}));
        r.form.flow(json!([side("all"), last("old")])).await;
        let (one_arm, no_arm) = (r.ask(1).await, r.ask(2).await);
        let oldest = todo(&r.one).await.pop().unwrap();
        act(&r.one, &oldest, "approve", json!({})).await.ok();
        let path = r.form.path("/flow/migrate");
        let move_all = async |steps: Value| {
            let job = admin.job(admin.post(&path, json!({"steps": steps})).await).await;
            assert_eq!((&job["result"]["moved"], &job["result"]["failed"]), (&json!(2), &json!(0)), "{job}");
        };

        r.form.flow(json!([side("all"), last("new")])).await;
        move_all(json!({"old": "new"})).await;
        assert_eq!(r.state(&one_arm).await.1, ["tax_boss"], "the arm that was through stays so");
        assert_eq!(r.state(&no_arm).await.1, ["law_boss", "tax_boss"]);
        // One arm is enough for the next version: who had one through is past it.
        r.form.flow(json!([side("any"), last("new")])).await;
        move_all(json!({})).await;
        assert_eq!(r.state(&one_arm).await.1, ["new"]);
        assert_eq!(r.state(&no_arm).await.1, ["law_boss", "tax_boss"]);
        assert_eq!((todo(&r.two).await.len(), todo(&r.three).await.len()), (1, 1));
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        assert!(todo(&r.one).await.is_empty(), "the other arm is not waited for");
        for waiting in todo(&r.three).await {
            act(&r.three, &waiting, "approve", json!({})).await.ok();
        }
        for request in [&one_arm, &no_arm] {
            assert_eq!(r.state(request).await.0, "approved");
        }
    })
    .await;
}

/// Who was told of a request at one step does not see what another step shows that has its key later.
#[tokio::test]
async fn copies_go_with_their_step_to_a_newer_version() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &workspace.admin;
        let told = |key: &str, fields: Value| {
            json!({"kind": "cc", "key": key, "label": key, "who": [{"members": [r.three.id]}], "fields": fields})
        };
        let narrow = json!({"*": "hidden", "what": "read"});
        let boss = || approve("boss", &[&r.one.id], json!({}));
        r.form.flow(json!([told("copy", narrow.clone()), boss()])).await;
        let asked = r.ask(5).await;
        let seen = async || r.form.read(&r.three, &asked).await.ok()["fields"].clone();
        assert_eq!(seen().await, json!({"what": "Chairs"}));
        let other = approve("copy", &[&r.two.id], json!({"fields": {"*": "edit"}}));
        r.form.flow(json!([told("known", narrow), boss(), other])).await;
        let path = r.form.path("/flow/migrate");
        let job = admin.job(admin.post(&path, json!({"steps": {"copy": "known"}})).await).await;
        assert_eq!(job["result"]["moved"], 1, "{job}");
        assert_eq!(seen().await, json!({"what": "Chairs"}));
    })
    .await;
}

#[tokio::test]
async fn one_request_is_moved_by_itself() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &workspace.admin;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let (moves, stays) = (r.ask(1).await, r.ask(2).await);
        r.form
            .flow(json!([approve("boss", &[&r.one.id], json!({})), approve("more", &[&r.two.id], json!({}))]))
            .await;
        let path = format!("/instances/{}/migrate", moves["instance"]["id"].as_str().unwrap());
        r.mei.post(&path, json!({})).await.refused(403, "not_allowed");
        r.three.post(&path, json!({})).await.refused(404, "not_found");
        let job = admin.job(admin.post(&path, json!({"version": 2})).await).await;
        assert_eq!((&job["result"]["moved"], &job["result"]["failed"]), (&json!(1), &json!(0)), "{job}");
        assert_eq!(r.instance(&moves).await["flow_version"], 2);
        assert_eq!(r.instance(&stays).await["flow_version"], 1);
        let wrong = admin.post(&path, json!({"version": 2})).await.refused(422, "validation");
        assert_eq!(faults(&wrong), ["version: unknown_flow_version"]);
    })
    .await;
}

#[tokio::test]
async fn what_is_over_is_opened_again_at_a_step_that_it_had_passed() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &workspace.admin;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id], json!({})),
                approve("money", &[&r.two.id], json!({}))
            ]))
            .await;
        let asked = r.ask(5).await;
        let path = format!("/instances/{}/reactivate", asked["instance"]["id"].as_str().unwrap());
        let reactivate = async |step: &str| admin.post(&path, json!({"step": step})).await;
        reactivate("boss").await.refused(409, "not_ended");
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        act(&r.two, &task(&r.two).await, "reject", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "rejected");
        let told = admin.get(path.trim_end_matches("/reactivate")).await.ok();
        assert_eq!(told["reactivate_to"], json!(["money", "boss", "start"]));
        assert_eq!(r.instance(&asked).await.get("reactivate_to"), None, "not for everybody");
        // Who asked does not either, not even at the start: they ask anew.
        for who in [&r.mei, &r.one] {
            for step in ["start", "boss"] {
                who.post(&path, json!({"step": step})).await.refused(403, "not_allowed");
            }
        }
        assert_eq!(r.state(&asked).await.0, "rejected");
        reactivate("nowhere").await.refused(422, "unknown_step");
        assert_eq!(
            faults(&admin.post(&path, json!({})).await.refused(422, "validation")),
            ["step: required"]
        );
        let key = "once";
        let first = admin.post_once(&path, key, json!({"step": "boss"})).await.ok();
        assert_eq!((&first["state"], &first["steps"]), (&json!("running"), &json!(["boss"])));
        assert_eq!(admin.post_once(&path, key, json!({"step": "boss"})).await.ok()["steps"], json!(["boss"]));
        assert_eq!(r.form.read(&r.mei, &asked).await.ok()["system"]["flow_state"], "running");
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");
        // Not while its record lies in the recycle bin.
        let seen = r.form.read(admin, &asked).await.ok();
        admin.delete(&r.form.at(&asked), seen["version"].as_i64().unwrap()).await.with_status(204);
        let gone = reactivate("boss").await;
        assert!([404, 409].contains(&gone.status), "{}", gone.body);
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_a_member_who_leaves_goes_to_who_takes_over_else_to_an_administrator() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &workspace.admin;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = [r.ask(1).await, r.ask(2).await];
        let path = format!("/members/{}/hand-over", r.one.id);
        r.mei.post(&path, json!({"to": r.two.id})).await.refused(403, "forbidden");
        for to in [&r.one.id, &"0sbqd00000001".to_owned()] {
            let wrong = admin.post(&path, json!({"to": to})).await.refused(422, "validation");
            assert!(faults(&wrong)[0].starts_with("to: "), "{wrong}");
        }
        let hand_over =
            async |input: Value| admin.job(admin.post(&path, input).await).await["result"].clone();
        let report = hand_over(json!({"to": r.two.id})).await;
        assert_eq!((&report["tasks"], &report["tasks_failed"]), (&json!(2), &json!(0)), "{report}");
        assert_eq!((todo(&r.one).await.len(), todo(&r.two).await.len()), (0, 2));
        // Who has not left is asked again; nothing waits for who leaves, whatever else goes over.
        let further = r.ask(3).await;
        assert_eq!(todo(&r.one).await.len(), 1);
        let leaves =
            json!({"to": r.two.id, "disable": true, "tasks": false, "records": false, "places": false});
        assert_eq!(hand_over(leaves).await["tasks"], 1);
        assert_eq!(todo(&r.two).await.len(), 3);
        let back = format!("/members/{}/hand-over", r.two.id);
        let gone = admin.post(&back, json!({"to": r.one.id})).await.refused(422, "validation");
        assert_eq!(faults(&gone), ["to: not_an_id"]);

        // Who has left and named nobody leaves it to the administrators; new tasks go there at once.
        admin.delete(&format!("/members/{}", r.two.id), 2).await.with_status(204);
        let me = admin.get("/me").await.ok()["id"].clone();
        for request in asked.iter().chain([&further]) {
            until("an administrator has it", async || {
                let tasks = admin
                    .get(&format!("/instances/{}", request["instance"]["id"].as_str().unwrap()))
                    .await
                    .ok()["tasks"]
                    .clone();
                tasks.as_array().unwrap().iter().any(|task| task["assignee"] == me && task["state"] == "open")
            })
            .await;
        }
        let next = r.ask(4).await;
        let told = r.instance(&next).await;
        assert_eq!(told["tasks"][0]["assignee"], me, "through two who have left");
    })
    .await;
}

/// Nothing waits for the next in a sequence yet when they leave, so that nothing of it is handed over then.
#[tokio::test]
async fn whose_turn_comes_after_they_have_left_is_replaced() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &workspace.admin;
        let chain = async |last: &str| {
            let who = json!({"policy": "sequential", "who": [{"members": [r.one.id]}, {"members": [last]}]});
            r.form.flow(json!([approve("chain", &[], who)])).await;
        };
        chain(&r.two.id).await;
        let asked = r.ask(1).await;
        let path = format!("/members/{}/hand-over", r.two.id);
        admin.job(admin.post(&path, json!({"to": r.mei.id, "disable": true})).await).await;
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        act(&r.mei, &task(&r.mei).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");

        chain(&r.three.id).await;
        let asked = r.ask(2).await;
        admin.delete(&format!("/members/{}", r.three.id), 1).await.with_status(204);
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        let me = admin.get("/me").await.ok()["id"].clone();
        let told = r.instance(&asked).await;
        let open = told["tasks"].as_array().unwrap().iter().find(|task| task["state"] == "open");
        assert_eq!(open.unwrap()["assignee"], me, "{told}");
    })
    .await;
}

/// Requests that could not be moved and are listed one by one.
const LISTED: usize = 1_000;

/// How long so many requests may take to be moved by an unoptimised server.
const PATIENCE: Duration = Duration::from_secs(900);

/// Moves so many requests in one job that wait at a join, but for some that stand at a step that the newer version does not have.
async fn move_many(workspace: &Workspace, count: usize, left: usize) {
    let r = requests(workspace).await;
    let admin = &workspace.admin;
    let side = |key: &str| {
        let arm = |name: &str, step: Value| json!({"key": name, "label": name, "steps": [step]});
        let arms = [
            arm("a", approve(key, &[&r.one.id], json!({}))),
            arm("b", approve("beside", &[&r.three.id], json!({}))),
        ];
        json!({"key": "side", "label": "Side", "kind": "parallel", "join": "all", "arms": arms})
    };
    r.form.flow(json!([side("old"), approve("old_end", &[&r.two.id], json!({}))])).await;
    let row =
        |number: usize| json!({"fields": {"what": format!("Chairs {number}"), "amount": number, "cost": 1}});
    let rows: Vec<Value> = (0..count).map(row).collect();
    for some in rows.chunks(250) {
        r.mei.post(&r.form.path("/records/bulk"), json!({"create": some, "atomic": true})).await.ok();
    }
    // One arm of each is through.
    loop {
        let page = r.three.get("/tasks?box=todo&limit=200").await.ok();
        let tasks: Vec<String> = items(&page).iter().map(id_of).collect();
        if tasks.is_empty() {
            break;
        }
        r.three.post("/tasks/decide", json!({"tasks": tasks, "action": "approve"})).await.ok();
    }
    let mut waiting = todo(&r.one).await;
    waiting.truncate(left);
    let decided = json!({"tasks": waiting, "action": "approve"});
    r.one.post("/tasks/decide", decided).await.ok();
    let stay: BTreeSet<String> = items(&r.two.get("/tasks?box=todo").await.ok())
        .iter()
        .map(|task| task["instance"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(stay.len(), left);
    r.form.flow(json!([side("new")])).await;

    let path = r.form.path("/flow/migrate");
    if count > LISTED {
        // Without a map nothing has a place: what is more than is listed lies in a file, and nothing was changed.
        let tried = admin.post(&path, json!({"dry_run": true})).await.with_status(202);
        let tried = ended(admin, &tried, PATIENCE).await["result"].clone();
        assert_eq!(tried["failures"].as_array().unwrap().len(), LISTED);
        let file = format!("/files/{}", tried["error_file"].as_str().unwrap());
        let rows = String::from_utf8_lossy(&admin.get(&file).await.bytes).lines().count();
        assert_eq!((tried["failed"].as_u64().unwrap() as usize, rows), (count, count + 1));
    }
    let started = admin.post(&path, json!({"steps": {"old": "new"}})).await.with_status(202);
    let result = ended(admin, &started, PATIENCE).await["result"].clone();
    let counts = ["matched", "moved", "failed"].map(|name| result[name].as_u64().unwrap() as usize);
    assert_eq!(counts, [count, count - left, left], "{}", result["reasons"]);
    let failures = result["failures"].as_array().unwrap();
    let told: BTreeSet<String> =
        failures.iter().map(|failure| failure["instance"].as_str().unwrap().to_owned()).collect();
    assert_eq!(told, stay, "each is listed");
    assert!(failures.iter().all(|failure| failure["code"] == "unmappable" && failure["step"] == "old_end"));
    assert_eq!(result["reasons"][0]["count"], left);
    for instance in &stay {
        let told = admin.get(&format!("/instances/{instance}")).await.ok();
        assert_eq!((&told["flow_version"], &told["steps"]), (&json!(1), &json!(["old_end"])), "untouched");
        assert!(lines(&told, "migrate").is_empty());
    }
    // All others stand at the step that theirs has become, with who has them.
    let at_new = r.one.get("/tasks?box=todo&limit=1&count=exact").await.ok();
    assert_eq!(at_new["count"]["value"], count - left);
    assert_eq!(at_new["items"][0]["step"], "new");
    // The arm that was through stays so.
    let joined = act(&r.one, &task_of(&r.one).await, "approve", json!({})).await.ok();
    assert_eq!(joined["state"], "approved", "{joined}");
    act(&r.two, &task_of(&r.two).await, "approve", json!({})).await.ok();
    let again = admin.post(&path, json!({"dry_run": true})).await.with_status(202);
    let again = ended(admin, &again, PATIENCE).await["result"].clone();
    assert_eq!((&again["matched"], &again["moved"]), (&json!(left - 1), &json!(0)));
}

/// The newest task of somebody.
async fn task_of(who: &Client) -> String {
    todo(who).await.remove(0)
}

/// A job's end, however long it takes up to `patience`.
async fn ended(who: &Client, started: &Value, patience: Duration) -> Value {
    let path = format!("/jobs/{}", started["job"].as_str().unwrap());
    let began = Instant::now();
    loop {
        let job = who.get(&path).await.ok();
        if job["state"] != "queued" && job["state"] != "running" {
            assert_eq!(job["state"], "done", "{job}");
            return job;
        }
        assert!(began.elapsed() < patience, "{job}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn many_requests_are_moved_in_one_job() {
    on_both_shared(async |workspace| move_many(&workspace, 200, 7).await).await;
}

#[tokio::test]
#[ignore = "ten thousand requests"]
async fn ten_thousand_requests_are_moved_in_one_job() {
    on_both_shared(async |workspace| move_many(&workspace, 10_000, 50).await).await;
}
