//! Two who take things out of the bin, or put others in their place, at once. Both are on their way before either comes to its
//! end; exactly one order comes of it.

use std::time::Duration;

use serde_json::{Value, json};
use tests::design::{form, text};
use tests::workspace::id_of;
use tests::{Answer, Inside, Server, Workspace, on_both};
use tokio::time::sleep;

use crate::bin_of_designs::{dashboard, restore, sales};

/// The first is under way before the second begins.
const AHEAD: Duration = Duration::from_millis(250);

/// Does both, and lets neither end before the other has begun.
async fn both(
    server: &Server,
    first: impl Future<Output = Answer>,
    second: impl Future<Output = Answer>,
) -> (Answer, Answer) {
    let mut inside = Inside::of(server).await;
    inside.hold_notes().await;
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

/// What became of the only thing of a request.
fn code(answer: Answer) -> Value {
    answer.ok()["results"][0]["problem"]["code"].clone()
}

#[tokio::test]
async fn of_two_who_restore_the_same_one_has_done_it() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let (app, _) = sales(&workspace, "Race").await;
        let id = id_of(
            &admin
                .post(&app.path("/dashboards"), dashboard("board", json!("sale"), "amount"))
                .await
                .created(),
        );
        admin.delete(&format!("/dashboards/{id}"), 1).await.with_status(204);
        let asked = json!({"items": [{"id": id}]});
        let again = || admin.post("/bin/restore", asked.clone());
        let (first, second) = both(server, again(), again()).await;
        let mut codes = [code(first), code(second)];
        codes.sort_by_key(|code| code.is_null());
        assert_eq!(codes, [json!("not_found"), Value::Null]);
        admin.get(&format!("/dashboards/{id}")).await.ok();
    })
    .await;
}

#[tokio::test]
async fn a_restore_and_something_new_of_the_same_key_come_one_after_the_other() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let (app, sale) = sales(&workspace, "Race").await;
        let board = dashboard("board", json!("sale"), "amount");
        for restores_first in [true, false] {
            let id = id_of(&admin.post(&app.path("/dashboards"), board.clone()).await.created());
            admin.delete(&format!("/dashboards/{id}"), 1).await.with_status(204);
            let (asked, boards) = (json!({"items": [{"id": id}]}), app.path("/dashboards"));
            let (back, made) = (admin.post("/bin/restore", asked), admin.post(&boards, board.clone()));
            let (back, made) = if restores_first {
                both(server, back, made).await
            } else {
                let (made, back) = both(server, made, back).await;
                (back, made)
            };
            let left = match code(back) {
                Value::Null => {
                    made.refused(409, "dashboard_taken");
                    id
                }
                code => {
                    assert_eq!(code, "key_taken");
                    assert_eq!(
                        restore(admin, json!([{"id": id}])).await[0]["problem"]["free_key"],
                        "board_2"
                    );
                    id_of(&made.created())
                }
            };
            // Out of the way, for the next round.
            let version = admin.get(&format!("/dashboards/{left}")).await.ok()["version"].as_i64().unwrap();
            admin.delete(&format!("/dashboards/{left}"), version).await.with_status(204);
        }

        // Forms are held to the same.
        admin.delete(&sale.path(""), 1).await.with_status(204);
        let forms = app.path("/forms");
        let other = form("sale", [text("what")]);
        let made = admin.post(&forms, other.document());
        let (back, made) =
            both(server, admin.post("/bin/restore", json!({"items": [{"id": sale.id}]})), made).await;
        match code(back) {
            Value::Null => drop(made.refused(409, "form_taken")),
            code => {
                assert_eq!(code, "key_taken");
                made.created();
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_restored_in_two_orders_at_once_is_all_there_in_the_end() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let (app, _) = sales(&workspace, "Race").await;
        let mut ids = Vec::new();
        for key in ["one", "two", "three", "four"] {
            let made =
                admin.post(&app.path("/dashboards"), dashboard(key, json!("sale"), "amount")).await.created();
            admin.delete(&format!("/dashboards/{}", id_of(&made)), 1).await.with_status(204);
            ids.push(id_of(&made));
        }
        let asked = |ids: Vec<&String>| {
            let items: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
            json!({ "items": items })
        };
        let (there, back) = (asked(ids.iter().collect()), asked(ids.iter().rev().collect()));
        let (first, second) =
            both(server, admin.post("/bin/restore", there), admin.post("/bin/restore", back)).await;
        let results = |answer: Answer| answer.ok()["results"].as_array().unwrap().clone();
        let (first, second) = (results(first), results(second));
        let mut done = 0;
        for (result, other) in first.iter().zip(second.iter().rev()) {
            assert_eq!(result["id"], other["id"]);
            done += [result, other].iter().filter(|one| one["problem"].is_null()).count();
        }
        assert_eq!(done, ids.len(), "each by one of them: {first:?} {second:?}");
        for id in &ids {
            admin.get(&format!("/dashboards/{id}")).await.ok();
        }
    })
    .await;
}
