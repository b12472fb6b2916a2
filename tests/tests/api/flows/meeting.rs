//! An approval that meets something else, in both orders: one of both happens, or one after the other; the request stands where
//! it can go on from, and nothing is asked of anybody that nobody waits for.

use std::time::Duration;

use serde_json::{Value, json};
use tests::design::approve;
use tests::{Answer, Inside, Server, on_both};
use tokio::time::sleep;

use super::at_once::{both, story};
use super::{Requests, act, lines, task, todo, until};

/// Why something was refused; nothing where it happened.
fn why(answer: &Answer) -> Option<&str> {
    (answer.status >= 300).then(|| answer.body["code"].as_str().unwrap_or("no code"))
}

/// Lets an approval by one meet `other`, which gets the request and the tasks of one and two; `expected` is why each is refused,
/// the approval before the other: where the other comes first, and where the approval does.
async fn meets(
    server: &Server,
    r: &Requests,
    expected: [[Option<&str>; 2]; 2],
    other: impl AsyncFn(&Value, &str, &str) -> Answer,
) {
    for (is_first, expected) in [true, false].into_iter().zip(expected) {
        let asked = r.ask(5).await;
        let (a, b) = (task(&r.one).await, task(&r.two).await);
        let approves = act(&r.one, &a, "approve", json!({}));
        let (approved, rival) = if is_first {
            let (rival, approved) = both(server, other(&asked, &a, &b), approves).await;
            (approved, rival)
        } else {
            both(server, approves, other(&asked, &a, &b)).await
        };
        assert_eq!([why(&approved), why(&rival)], expected, "{} and {}", approved.body, rival.body);
        let told = sound(r, &asked).await;
        if told["state"] == "running" {
            let path = format!("/instances/{}/terminate", asked["instance"]["id"].as_str().unwrap());
            r.form.admin.post(&path, json!({})).await.ok();
        }
        for who in [&r.one, &r.two, &r.three] {
            assert!(todo(who).await.is_empty(), "nothing waits after the end");
        }
    }
}

/// The request as it stands: somebody has it exactly while it goes on, at a step at which it is, and the next step was
/// reached once at most.
async fn sound(r: &Requests, asked: &Value) -> Value {
    let told = r.instance(asked).await;
    let tasks = told["tasks"].as_array().unwrap();
    let steps = told["steps"].as_array().unwrap();
    let open: Vec<&Value> = tasks.iter().filter(|task| task["state"] == "open").collect();
    assert_eq!(told["state"] == "running", !open.is_empty(), "{told}");
    assert!(open.iter().all(|task| steps.contains(&task["step"])), "{told}");
    assert!(tasks.iter().filter(|task| task["step"] == "money").count() <= 1, "{told}");
    assert!(lines(&told, "approve").len() <= 1, "{told}");
    told
}

#[tokio::test]
async fn whatever_meets_an_approval_one_of_both_happens() {
    on_both(async |server| {
        let server: &Server = server;
        let r = &story(server).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id, &r.two.id], json!({})),
                approve("money", &[&r.three.id], json!({}))
            ]))
            .await;
        let closed = Some("task_closed");
        let one_wins = [[closed, None], [None, closed]];
        meets(server, r, one_wins, async |_, _, b| act(&r.two, b, "reject", json!({})).await).await;
        meets(server, r, one_wins, async |_, _, b| act(&r.two, b, "return", json!({"to": "start"})).await)
            .await;
        // Of the same task, by the same person.
        let handed_on = [[Some("not_yours"), None], [None, closed]];
        let to = json!({"to": r.three.id});
        meets(server, r, handed_on, async |_, a, _| act(&r.one, a, "transfer", to.clone()).await).await;
        let waits = [[Some("waits_for_added"), None], [None, closed]];
        let before = json!({"to": [r.three.id], "mode": "before"});
        meets(server, r, waits, async |_, a, _| act(&r.one, a, "add-sign", before.clone()).await).await;
        // What an administrator does counts whether somebody has decided or not.
        let both_happen = [[closed, None], [None, None]];
        meets(server, r, both_happen, async |asked, _, _| {
            let path = format!("/instances/{}/terminate", asked["instance"]["id"].as_str().unwrap());
            r.form.admin.post(&path, json!({})).await
        })
        .await;
        let nobody_minds = [[None, None], [None, None]];
        meets(server, r, nobody_minds, async |_, _, _| {
            r.form.admin.post(&r.form.path("/flow/publish"), json!({})).await
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn an_approval_meets_a_deadline() {
    on_both(async |server| {
        let r = story(server).await;
        let late = json!({"deadlines": [{"after": "PT1S", "do": "auto_approve"}]});
        r.form
            .flow(json!([approve("boss", &[&r.one.id], late), approve("money", &[&r.three.id], json!({}))]))
            .await;
        // The deadline falls due while everything waits: after somebody has approved, or before.
        for (asks_after, refused) in [(300, None), (1_700, Some("task_closed"))] {
            let asked = r.ask(5).await;
            let given = task(&r.one).await;
            let mut inside = Inside::of(server).await;
            inside.hold_flows().await;
            let approves = async {
                sleep(Duration::from_millis(asks_after)).await;
                act(&r.one, &given, "approve", json!({})).await
            };
            let release = async {
                sleep(Duration::from_millis(1_950)).await;
                inside.let_saves_go().await;
            };
            let (approved, ()) = tokio::join!(approves, release);
            assert_eq!(why(&approved), refused, "{}", approved.body);
            until("the next step is reached", async || r.state(&asked).await.1 == ["money"]).await;
            sleep(Duration::from_millis(1_200)).await;
            let told = sound(&r, &asked).await;
            assert_eq!(lines(&told, "approve").len(), 1, "{told}");
            assert_eq!(lines(&told, "deadline").len(), usize::from(refused.is_some()), "{told}");
            act(&r.three, &task(&r.three).await, "approve", json!({})).await.ok();
        }
    })
    .await;
}

/// Pairs that meet at one barrier, and how many barriers there are under each policy.
const PAIRS: usize = 4;
const ROUNDS: usize = 125;

#[tokio::test]
#[ignore = "a thousand pairs on each database"]
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
                let decisions = futures::future::join_all(first.chain(second));
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
