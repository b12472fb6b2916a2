//! Two who act on one request at once. Both are on their way before either comes to its end: what the first decides waits to be
//! written down, and what the second asks for waits behind it. Exactly one order comes of it, whichever it is.

use std::time::Duration;

use serde_json::{Value, json};
use tests::design::{approve, form, text};
use tests::{Answer, Inside, Server, Workspace, on_both};
use tokio::time::sleep;

use super::{Requests, act, lines, requests, task, todo, until};

/// The first is under way before the second begins.
const AHEAD: Duration = Duration::from_millis(250);

/// Does both, and lets neither end before the other has begun.
pub(super) async fn both<A, B>(
    server: &Server,
    first: impl Future<Output = A>,
    second: impl Future<Output = B>,
) -> (A, B) {
    let mut inside = Inside::of(server).await;
    inside.hold_flows().await;
    let second = async {
        sleep(AHEAD).await;
        second.await
    };
    let release = async {
        sleep(AHEAD * 3).await;
        inside.let_saves_go().await;
    };
    let (first, second, ()) = tokio::join!(first, second, release);
    (first, second)
}

/// One of them happened, and the other is told that its task is closed.
#[track_caller]
fn one_won(answers: (Answer, Answer)) -> Value {
    let (first, second) = answers;
    let (won, lost) = if first.status == 200 { (first, second) } else { (second, first) };
    lost.refused(409, "task_closed");
    won.ok()
}

pub(super) async fn story(server: &Server) -> Requests {
    requests(&Workspace { admin: server.set_up().await }).await
}

#[tokio::test]
async fn two_approve_and_one_of_them_has() {
    on_both(async |server| {
        let r = story(server).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id, &r.two.id], json!({})),
                approve("money", &[&r.three.id], json!({}))
            ]))
            .await;
        for _ in 0..3 {
            let asked = r.ask(5).await;
            let (a, b) = (task(&r.one).await, task(&r.two).await);
            let won = one_won(
                both(server, act(&r.one, &a, "approve", json!({})), act(&r.two, &b, "approve", json!({})))
                    .await,
            );
            assert_eq!(won["steps"], json!(["money"]));
            assert_eq!(lines(&r.instance(&asked).await, "approve").len(), 1);
            act(&r.three, &task(&r.three).await, "approve", json!({})).await.ok();
        }
        // Where all must, both count, and the next step is reached once.
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id, &r.two.id], json!({"policy": "all"})),
                approve("money", &[&r.three.id], json!({}))
            ]))
            .await;
        let asked = r.ask(5).await;
        let (a, b) = (task(&r.one).await, task(&r.two).await);
        let (first, second) =
            both(server, act(&r.one, &a, "approve", json!({})), act(&r.two, &b, "approve", json!({}))).await;
        assert_eq!(
            (first.ok()["steps"].clone(), second.ok()["steps"].clone()),
            (json!(["boss"]), json!(["money"]))
        );
        assert_eq!(todo(&r.three).await.len(), 1);
        assert_eq!(lines(&r.instance(&asked).await, "approve").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_approval_meets_a_withdrawal() {
    on_both(async |server| {
        let r = story(server).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id], json!({})),
                approve("money", &[&r.two.id], json!({}))
            ]))
            .await;
        let withdraw =
            |record: &Value| format!("/instances/{}/withdraw", record["instance"]["id"].as_str().unwrap());
        let asked = r.ask(5).await;
        let (decision, path) = (task(&r.one).await, withdraw(&asked));
        let (withdrawn, late) =
            both(server, r.mei.post(&path, json!({})), act(&r.one, &decision, "approve", json!({}))).await;
        assert_eq!(withdrawn.ok()["state"], "withdrawn");
        late.refused(409, "task_closed");
        assert_eq!(r.state(&asked).await, ("withdrawn".into(), vec!["start".into()]));
        assert!(todo(&r.two).await.is_empty());

        let asked = r.ask(6).await;
        let (decision, path) = (task(&r.one).await, withdraw(&asked));
        let (approved, late) =
            both(server, act(&r.one, &decision, "approve", json!({})), r.mei.post(&path, json!({}))).await;
        assert_eq!(approved.ok()["steps"], json!(["money"]));
        // The submitter has no task that could be closed: somebody has decided.
        late.refused(409, "already_decided");
        assert_eq!(r.state(&asked).await, ("running".into(), vec!["money".into()]));
    })
    .await;
}

#[tokio::test]
async fn a_return_meets_an_arm_that_runs_beside() {
    on_both(async |server| {
        let r = story(server).await;
        let arm = |key: &str, who: &str| json!({"key": key, "label": key, "steps": [approve(key, &[who], json!({}))]});
        let side = json!({"key": "side", "label": "Side", "kind": "parallel", "join": "any",
            "arms": [arm("law", &r.two.id), arm("tax", &r.three.id)]});
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id], json!({})),
                side,
                approve("last", &[&r.one.id], json!({}))
            ]))
            .await;
        for returns_first in [true, false] {
            let asked = r.ask(5).await;
            act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
            let (law, tax) = (task(&r.two).await, task(&r.three).await);
            let back = act(&r.two, &law, "return", json!({"to": "boss"}));
            let on = act(&r.three, &tax, "approve", json!({}));
            let won = match returns_first {
                true => one_won(both(server, back, on).await),
                false => one_won(both(server, on, back).await),
            };
            let expected = if returns_first { "boss" } else { "last" };
            assert_eq!(won["steps"], json!([expected]));
            assert!(todo(&r.two).await.is_empty() && todo(&r.three).await.is_empty());
            assert_eq!(r.state(&asked).await.1, [expected]);
            let path = format!("/instances/{}/terminate", asked["instance"]["id"].as_str().unwrap());
            r.form.admin.post(&path, json!({})).await.ok();
        }
    })
    .await;
}

#[tokio::test]
async fn an_end_by_an_administrator_meets_a_deadline() {
    on_both(async |server| {
        let r = story(server).await;
        let late = json!({"deadlines": [{"after": "PT1S", "do": "auto_approve"}]});
        r.form.flow(json!([approve("boss", &[&r.one.id], late)])).await;
        // The deadline falls due while everything waits: after the administrator has asked, or before.
        for (asks_after, expected) in [(300, "terminated"), (1_700, "approved")] {
            let asked = r.ask(5).await;
            let path = format!("/instances/{}/terminate", asked["instance"]["id"].as_str().unwrap());
            let mut inside = Inside::of(server).await;
            inside.hold_flows().await;
            let ends = async {
                sleep(Duration::from_millis(asks_after)).await;
                r.form.admin.post(&path, json!({})).await
            };
            let release = async {
                sleep(Duration::from_millis(1_950)).await;
                inside.let_saves_go().await;
            };
            let (ended, ()) = tokio::join!(ends, release);
            match expected {
                "terminated" => assert_eq!(ended.ok()["state"], "terminated"),
                _ => drop(ended.refused(409, "instance_ended")),
            }
            sleep(Duration::from_millis(1_200)).await;
            until("one of them has ended it", async || r.state(&asked).await.0 == expected).await;
            let told = r.instance(&asked).await;
            assert_eq!(lines(&told, "terminate").len() + lines(&told, "end").len(), 1, "{told}");
            assert_eq!(told.get("waits"), None, "no timer is left");
            assert!(todo(&r.one).await.is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn a_decision_meets_what_takes_its_task_away() {
    on_both(async |server| {
        let r = story(server).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        r.ask(5).await;
        let given = task(&r.one).await;
        let to = json!({"to": r.two.id});
        let (moved, late) =
            both(server, act(&r.one, &given, "transfer", to), act(&r.one, &given, "approve", json!({})))
                .await;
        moved.ok();
        late.refused(403, "not_yours");
        act(&r.two, &given, "approve", json!({})).await.ok();

        let asked = r.ask(6).await;
        let given = task(&r.one).await;
        let version = asked["version"].as_i64().unwrap();
        let path = r.form.at(&asked);
        let (deleted, late) =
            both(server, r.form.admin.delete(&path, version), act(&r.one, &given, "approve", json!({})))
                .await;
        deleted.with_status(204);
        late.refused(409, "task_closed");
        assert!(todo(&r.one).await.is_empty());
    })
    .await;
}

/// Each of them reaches for what the other has: the parent stops its child, the child has its parent go on.
#[tokio::test]
async fn the_end_of_a_parent_meets_a_decision_about_its_child() {
    on_both(async |server| {
        let r = story(server).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let workspace = Workspace { admin: r.form.admin.clone() };
        let parent = workspace.form(form("parent", [text("what").required()])).await;
        let child = json!({"kind": "subflow", "key": "ask", "label": "Ask", "form": r.form.id, "wait": true,
            "map_in": {"what": "what"}});
        parent.flow(json!([child, approve("last", &[&r.two.id], json!({}))])).await;
        for ends_first in [true, false] {
            let asked = parent.add(json!({"what": "Chairs"})).await;
            let path = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
            let (given, admin, end) = (task(&r.one).await, &parent.admin, format!("{path}/terminate"));
            let ends = admin.post(&end, json!({}));
            let decides = act(&r.one, &given, "approve", json!({}));
            let (ended, decided) = if ends_first {
                both(server, ends, decides).await
            } else {
                let (decided, ended) = both(server, decides, ends).await;
                (ended, decided)
            };
            // Whoever comes first, the parent is ended; the child was decided before that, or not at all.
            assert_eq!(ended.ok()["state"], "terminated");
            if decided.status == 200 {
                assert_eq!(decided.ok()["state"], "approved");
            } else {
                decided.refused(409, "task_closed");
            }
            assert_eq!(admin.get(&path).await.ok()["state"], "terminated");
            assert!(todo(&r.one).await.is_empty() && todo(&r.two).await.is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn t74_a_decision_that_is_repeated_while_it_is_on_its_way_counts_once() {
    on_both(async |server| {
        let r = story(server).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id], json!({})),
                approve("again", &[&r.one.id], json!({}))
            ]))
            .await;
        let asked = r.ask(5).await;
        let path = format!("/tasks/{}/approve", task(&r.one).await);
        let (first, second) =
            both(server, r.one.post_once(&path, "key", json!({})), r.one.post_once(&path, "key", json!({})))
                .await;
        let first = first.ok();
        second.refused(409, "idempotency_in_progress");
        assert_eq!(r.one.post_once(&path, "key", json!({})).await.ok(), first);
        assert_eq!(lines(&r.instance(&asked).await, "approve").len(), 1);
    })
    .await;
}

/// Who leaves while a decision is about to give them a task: either it is handed over with what they have, or they are not asked.
#[tokio::test]
async fn a_member_leaves_while_a_decision_gives_them_a_task() {
    on_both(async |server| {
        let r = story(server).await;
        let admin = &r.form.admin;
        let me = admin.get("/me").await.ok()["id"].clone();
        let flow = |last: &str| {
            json!([approve("boss", &[&r.one.id], json!({})), approve("money", &[last], json!({}))])
        };
        let with_me = async |asked: &Value| {
            let path = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
            let is_mine =
                |task: &Value| task["step"] == "money" && task["state"] == "open" && task["assignee"] == me;
            until("an administrator has it", async || {
                admin.get(&path).await.ok()["tasks"].as_array().unwrap().iter().any(is_mine)
            })
            .await;
        };

        // The decision comes first: the task is theirs already when they leave, though nobody sees it yet.
        r.form.flow(flow(&r.two.id)).await;
        let asked = r.ask(5).await;
        let given = task(&r.one).await;
        let leave = format!("/members/{}", r.two.id);
        let (decided, left) =
            both(server, act(&r.one, &given, "approve", json!({})), admin.delete(&leave, 1)).await;
        decided.ok();
        left.with_status(204);
        with_me(&asked).await;

        // They leave first, which is not noted yet when somebody decides.
        r.form.flow(flow(&r.three.id)).await;
        let asked = r.ask(6).await;
        let given = task(&r.one).await;
        let leave = format!("/members/{}", r.three.id);
        let mut inside = Inside::of(server).await;
        inside.hold_notes().await;
        let decides = async {
            sleep(AHEAD).await;
            act(&r.one, &given, "approve", json!({})).await
        };
        let release = async {
            sleep(AHEAD * 3).await;
            inside.let_saves_go().await;
        };
        let (left, decided, ()) = tokio::join!(admin.delete(&leave, 1), decides, release);
        left.with_status(204);
        decided.ok();
        with_me(&asked).await;
    })
    .await;
}

/// A page that keeps what is typed sends one part while the last is still on its way.
#[tokio::test]
async fn what_is_put_aside_twice_at_once_is_all_kept() {
    on_both(async |server| {
        let r = story(server).await;
        r.form
            .flow(json!([approve("boss", &[&r.one.id], json!({"fields": {"note": "edit", "cost": "edit"}}))]))
            .await;
        let asked = r.ask(5).await;
        let given = task(&r.one).await;
        let comment = format!("/instances/{}/comment", asked["instance"]["id"].as_str().unwrap());
        let save = async |fields: Value| {
            sleep(AHEAD).await;
            act(&r.one, &given, "save", json!({"fields": fields})).await.ok();
        };
        // Both have looked at the task when they come to wait behind what the submitter says.
        let mut inside = Inside::of(server).await;
        inside.hold_flows().await;
        let release = async {
            sleep(AHEAD * 3).await;
            inside.let_saves_go().await;
        };
        let (said, (), (), ()) = tokio::join!(
            r.mei.post(&comment, json!({"text": "Soon, please"})),
            save(json!({"note": "Seen"})),
            save(json!({"cost": "4"})),
            release
        );
        said.ok();
        let kept = r.one.get(&format!("/tasks/{given}")).await.ok()["kept"].clone();
        assert_eq!(kept, json!({"note": "Seen", "cost": "4"}));
    })
    .await;
}

#[tokio::test]
async fn of_two_who_design_one_flow_at_once_the_second_is_told() {
    on_both(async |server| {
        let r = story(server).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let (admin, path) = (&r.form.admin, r.form.path("/flow/draft"));
        let of = |key: &str| json!({"format": 1, "label": "Flow", "steps": [approve(key, &[&r.one.id], json!({}))]});
        let mut inside = Inside::of(server).await;
        inside.hold_notes().await;
        let second = async {
            sleep(AHEAD).await;
            admin.put(&path, "\"1\"", of("second")).await
        };
        let release = async {
            sleep(AHEAD * 3).await;
            inside.let_saves_go().await;
        };
        let (first, second, ()) = tokio::join!(admin.put(&path, "\"1\"", of("first")), second, release);
        first.ok();
        second.refused(412, "stale");
        assert_eq!(admin.get(&path).await.ok()["steps"][0]["key"], "first");

        // Each version has a number of its own.
        let publish = r.form.path("/flow/publish");
        let mut inside = Inside::of(server).await;
        inside.hold_notes().await;
        let second = async {
            sleep(AHEAD).await;
            admin.post(&publish, json!({})).await
        };
        let release = async {
            sleep(AHEAD * 3).await;
            inside.let_saves_go().await;
        };
        let (first, second, ()) = tokio::join!(admin.post(&publish, json!({})), second, release);
        assert_eq!((first.ok()["version"].as_i64(), second.ok()["version"].as_i64()), (Some(2), Some(3)));
    })
    .await;
}
