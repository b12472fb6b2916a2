//! An approval that meets something else, in both orders: one of both happens, or one after the other; the request stands where
//! it can go on from, and nothing is asked of anybody that nobody waits for.

use std::time::Duration;

use futures::future::join_all;
use serde_json::{Value, json};
use tests::design::approve;
use tests::workspace::{id_of, items};
use tests::{Answer, Client, Inside, Server, on_both};
use tokio::time::sleep;

use super::at_once::{both, story};
use super::{Requests, act, lines, todo, until};

/// Why something was refused; nothing where it happened.
fn why(answer: &Answer) -> Option<&str> {
    (answer.status >= 300).then(|| answer.body["code"].as_str().unwrap_or("no code"))
}

/// How many pairs meet.
#[derive(Clone, Copy)]
struct Amount {
    /// Pairs that wait at one barrier.
    pairs: usize,
    /// Barriers for each order.
    barriers: usize,
}

/// Both orders, once.
const ONCE: Amount = Amount { pairs: 1, barriers: 1 };
/// More than three hundred pairs in both orders together (reliability.md, C3).
const MANY: Amount = Amount { pairs: 4, barriers: 38 };

/// A request with the tasks of one and two.
struct Asked {
    record: Value,
    one: String,
    two: String,
}

/// New requests, each with what waits because of it.
async fn ask(r: &Requests, count: usize) -> Vec<Asked> {
    let mut asked = Vec::new();
    for _ in 0..count {
        let record = r.ask(5).await;
        let (one, two) = (task_about(&r.one, &record).await, task_about(&r.two, &record).await);
        asked.push(Asked { record, one, two });
    }
    asked
}

/// The task that waits for somebody because of this record.
async fn task_about(who: &Client, record: &Value) -> String {
    let waiting = who.get("/tasks?box=todo").await.ok();
    let task = items(&waiting).iter().find(|task| task["record"] == record["id"]);
    id_of(task.expect("a task waits"))
}

/// One approves each of them.
async fn approve_all(r: &Requests, asked: &[Asked]) -> Vec<Answer> {
    join_all(asked.iter().map(|asked| act(&r.one, &asked.one, "approve", json!({})))).await
}

/// Lets an approval by one meet `other`, which gets the request; `expected` is why each is refused, the approval before the
/// other: where the other comes first, and where the approval does.
async fn meets(
    server: &Server,
    r: &Requests,
    amount: Amount,
    expected: [[Option<&str>; 2]; 2],
    other: impl AsyncFn(&Asked) -> Answer,
) {
    for (is_first, expected) in [true, false].into_iter().zip(expected) {
        for _ in 0..amount.barriers {
            let asked = ask(r, amount.pairs).await;
            let rivals = join_all(asked.iter().map(|asked| other(asked)));
            let approves = approve_all(r, &asked);
            let (approved, rivals) = if is_first {
                let (rivals, approved) = both(server, rivals, approves).await;
                (approved, rivals)
            } else {
                both(server, approves, rivals).await
            };
            for (asked, (approved, rival)) in asked.iter().zip(approved.iter().zip(&rivals)) {
                assert_eq!([why(approved), why(rival)], expected, "{} and {}", approved.body, rival.body);
                let told = sound(r, &asked.record).await;
                if told["state"] == "running" {
                    r.form.admin.post(&of_instance(asked, "terminate"), json!({})).await.ok();
                }
            }
            nothing_waits(r).await;
        }
    }
}

async fn nothing_waits(r: &Requests) {
    for who in [&r.one, &r.two, &r.three] {
        assert!(todo(who).await.is_empty(), "nothing waits after the end");
    }
}

/// A path below the instance of a request.
fn of_instance(asked: &Asked, rest: &str) -> String {
    format!("/instances/{}/{rest}", asked.record["instance"]["id"].as_str().unwrap())
}

/// The request as it stands: somebody has it exactly while it is not over, at a step at which it is, and the next step was
/// reached once at most.
async fn sound(r: &Requests, asked: &Value) -> Value {
    let told = r.instance(asked).await;
    let tasks = told["tasks"].as_array().unwrap();
    let steps = told["steps"].as_array().unwrap();
    let open: Vec<&Value> = tasks.iter().filter(|task| task["state"] == "open").collect();
    let is_over = told["state"] != "running" && told["state"] != "withdrawn";
    assert_eq!(is_over, open.is_empty(), "{told}");
    assert!(open.iter().all(|task| steps.contains(&task["step"])), "{told}");
    assert!(tasks.iter().filter(|task| task["step"] == "money").count() <= 1, "{told}");
    assert!(lines(&told, "approve").len() <= 1, "{told}");
    told
}

/// Two of whom each may decide, and a third after them.
async fn any_of_two(r: &Requests) {
    r.form
        .flow(json!([
            approve("boss", &[&r.one.id, &r.two.id], json!({})),
            approve("money", &[&r.three.id], json!({}))
        ]))
        .await;
}

/// Everything that two people can do at once about one step.
async fn meets_what_people_do(server: &Server, r: &Requests, amount: Amount) {
    any_of_two(r).await;
    let closed = Some("task_closed");
    let one_wins = [[closed, None], [None, closed]];
    let second = async |asked: &Asked, action: &str, body: Value| act(&r.two, &asked.two, action, body).await;
    meets(server, r, amount, one_wins, async |asked| second(asked, "reject", json!({})).await).await;
    let back = json!({"to": "start"});
    meets(server, r, amount, one_wins, async |asked| second(asked, "return", back.clone()).await).await;
    // Of the same task, by the same person.
    let same = async |asked: &Asked, action: &str, body: Value| act(&r.one, &asked.one, action, body).await;
    let handed_on = [[Some("not_yours"), None], [None, closed]];
    let to = json!({"to": r.three.id});
    meets(server, r, amount, handed_on, async |asked| same(asked, "transfer", to.clone()).await).await;
    let waits = [[Some("waits_for_added"), None], [None, closed]];
    let before = json!({"to": [r.three.id], "mode": "before"});
    meets(server, r, amount, waits, async |asked| same(asked, "add-sign", before.clone()).await).await;
    // The submitter has no task that could be closed: somebody has decided.
    let taken_back = [[closed, None], [None, Some("already_decided")]];
    meets(server, r, amount, taken_back, async |asked| {
        r.mei.post(&of_instance(asked, "withdraw"), json!({})).await
    })
    .await;
    // What an administrator does counts whether somebody has decided or not.
    let both_happen = [[closed, None], [None, None]];
    meets(server, r, amount, both_happen, async |asked| {
        r.form.admin.post(&of_instance(asked, "terminate"), json!({})).await
    })
    .await;
}

/// A record is deleted while its request is approved: afterwards nobody is asked about it, whoever came first.
async fn meets_deletions(server: &Server, r: &Requests, amount: Amount) {
    any_of_two(r).await;
    let delete = async |record: &Value| {
        r.form.admin.delete(&r.form.at(record), record["version"].as_i64().unwrap()).await
    };
    for is_first in [true, false] {
        for _ in 0..amount.barriers {
            let asked = ask(r, amount.pairs).await;
            let deletes = join_all(asked.iter().map(|asked| delete(&asked.record)));
            let approves = approve_all(r, &asked);
            let (approved, deleted) = if is_first {
                let (deleted, approved) = both(server, deletes, approves).await;
                (approved, deleted)
            } else {
                both(server, approves, deletes).await
            };
            let expected = is_first.then_some("task_closed");
            for (asked, (approved, deleted)) in asked.iter().zip(approved.iter().zip(deleted)) {
                assert_eq!(why(approved), expected, "{}", approved.body);
                // Who deletes what was decided meanwhile may have to look at it once more.
                if !is_first && deleted.status == 412 {
                    let now = r.form.read(&r.form.admin, &asked.record).await.ok();
                    delete(&now).await.with_status(204);
                } else {
                    deleted.with_status(204);
                }
                r.form.read(&r.form.admin, &asked.record).await.refused(404, "not_found");
            }
            nothing_waits(r).await;
        }
    }
}

/// A form, or its flow, is published while requests are approved: both happen, and what was begun goes on.
async fn meets_publications(server: &Server, r: &Requests, amount: Amount) {
    any_of_two(r).await;
    let admin = &r.form.admin;
    for (round, (is_first, what)) in
        [(true, ""), (false, ""), (true, "/flow"), (false, "/flow")].into_iter().enumerate()
    {
        for barrier in 0..amount.barriers {
            let asked = ask(r, amount.pairs).await;
            // Something has to be new about the form.
            let mut draft = admin.get(&r.form.path("/draft")).await.ok()["definition"].clone();
            draft["label"] = json!(format!("Request {round}.{barrier}"));
            admin.put(&r.form.path("/draft"), "*", draft).await.ok();
            let path = r.form.path(&format!("{what}/publish"));
            let (publishes, approves) = (admin.post(&path, json!({})), approve_all(r, &asked));
            let (approved, published) = if is_first {
                let (published, approved) = both(server, publishes, approves).await;
                (approved, published)
            } else {
                both(server, approves, publishes).await
            };
            assert_eq!(why(&published), None, "{}", published.body);
            for (asked, approved) in asked.iter().zip(&approved) {
                assert_eq!(why(approved), None, "{}", approved.body);
                let told = sound(r, &asked.record).await;
                assert_eq!(told["steps"], json!(["money"]), "{told}");
                admin.post(&of_instance(asked, "terminate"), json!({})).await.ok();
            }
            nothing_waits(r).await;
        }
    }
}

/// The deadline falls due while everything waits: after somebody has approved, or before.
async fn meets_deadlines(server: &Server, r: &Requests, amount: Amount) {
    let late = json!({"deadlines": [{"after": "PT1S", "do": "auto_approve"}]});
    let boss = approve("boss", &[&r.one.id], late);
    r.form.flow(json!([boss, approve("money", &[&r.three.id], json!({}))])).await;
    for (asks_after, refused) in [(300, None), (1_700, Some("task_closed"))] {
        for _ in 0..amount.barriers {
            let mut asked = Vec::new();
            for _ in 0..amount.pairs {
                let record = r.ask(5).await;
                let one = task_about(&r.one, &record).await;
                asked.push(Asked { record, one, two: String::new() });
            }
            let mut inside = Inside::of(server).await;
            inside.hold_flows().await;
            let approves = async {
                sleep(Duration::from_millis(asks_after)).await;
                approve_all(r, &asked).await
            };
            let release = async {
                sleep(Duration::from_millis(1_950)).await;
                inside.let_saves_go().await;
            };
            let (approved, ()) = tokio::join!(approves, release);
            for (asked, approved) in asked.iter().zip(&approved) {
                assert_eq!(why(approved), refused, "{}", approved.body);
                until("the next step is reached", async || r.state(&asked.record).await.1 == ["money"]).await;
            }
            sleep(Duration::from_millis(1_200)).await;
            for asked in &asked {
                let told = sound(r, &asked.record).await;
                assert_eq!(lines(&told, "approve").len(), 1, "{told}");
                assert_eq!(lines(&told, "deadline").len(), usize::from(refused.is_some()), "{told}");
                let next = task_about(&r.three, &asked.record).await;
                act(&r.three, &next, "approve", json!({})).await.ok();
            }
            nothing_waits(r).await;
        }
    }
}

#[tokio::test]
async fn whatever_meets_an_approval_one_of_both_happens() {
    on_both(async |server| meets_what_people_do(server, &story(server).await, ONCE).await).await;
}

#[tokio::test]
async fn an_approval_meets_the_deletion_of_its_record() {
    on_both(async |server| meets_deletions(server, &story(server).await, ONCE).await).await;
}

#[tokio::test]
async fn an_approval_meets_the_publication_of_its_form() {
    on_both(async |server| meets_publications(server, &story(server).await, ONCE).await).await;
}

#[tokio::test]
async fn an_approval_meets_a_deadline() {
    on_both(async |server| meets_deadlines(server, &story(server).await, ONCE).await).await;
}

#[tokio::test]
#[ignore = "three hundred pairs of each sort on each database"]
async fn three_hundred_of_each_pair_meet() {
    on_both(async |server| {
        let server: &Server = server;
        let r = &story(server).await;
        meets_what_people_do(server, r, MANY).await;
        meets_deletions(server, r, MANY).await;
        meets_publications(server, r, MANY).await;
        meets_deadlines(server, r, MANY).await;
    })
    .await;
}

/// Pairs that meet at one barrier, and how many barriers there are under each policy.
const PAIRS: usize = 4;
const ROUNDS: usize = 250;

#[tokio::test]
#[ignore = "a thousand pairs under each policy on each database"]
async fn a_thousand_pairs_of_approvals_meet() {
    on_both(async |server| {
        let r = story(server).await;
        for policy in ["any", "all"] {
            let boss = approve("boss", &[&r.one.id, &r.two.id], json!({"policy": policy}));
            r.form.flow(json!([boss, approve("money", &[&r.three.id], json!({}))])).await;
            for _ in 0..ROUNDS {
                for _ in 0..PAIRS {
                    r.ask(5).await;
                }
                let (ones, twos) = (todo(&r.one).await, todo(&r.two).await);
                assert_eq!((ones.len(), twos.len()), (PAIRS, PAIRS));
                let mut inside = Inside::of(server).await;
                inside.hold_flows().await;
                let first = ones.iter().map(|task| act(&r.one, task, "approve", json!({})));
                let second = twos.iter().map(|task| act(&r.two, task, "approve", json!({})));
                let decisions = join_all(first.chain(second));
                let release = async {
                    sleep(Duration::from_millis(300)).await;
                    inside.let_saves_go().await;
                };
                let (answers, ()) = tokio::join!(decisions, release);
                let refused: Vec<&str> = answers.iter().filter_map(why).collect();
                let expected = if policy == "any" { vec!["task_closed"; PAIRS] } else { Vec::new() };
                assert_eq!(refused, expected, "{policy}");
                // Each came to the next step, once.
                let next = todo(&r.three).await;
                assert_eq!(next.len(), PAIRS, "{policy}");
                r.three.post("/tasks/decide", json!({"tasks": next, "action": "approve"})).await.ok();
            }
        }
    })
    .await;
}
