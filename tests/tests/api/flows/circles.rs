//! Calls that follow from each other through other systems (reliability.md T65), and receivers that take none any more.

use serde_json::{Value, json};
use tests::design::{form, text};
use tests::workspace::{id_of, items};
use tests::{App, Client, Database, Form, HttpCatcher, Sender, Server, Workspace};

use super::until;

/// Where an order makes an echo, and the echo calls another system.
struct Circle {
    workspace: Workspace,
    app: App,
    order: Form,
    echo: Form,
    other: HttpCatcher,
}

fn action(key: &str, action: Value) -> Value {
    json!({"kind": "action", "key": key, "label": key, "action": action})
}

/// A server whose calls may go to this machine.
async fn near(database: Database, more: &[&str]) -> Server {
    let options = [&["--allow-private", "127.0.0.0/8"][..], more].concat();
    Server::start_with(database, &options).await
}

async fn circle(server: &Server) -> Circle {
    let workspace = Workspace { admin: server.set_up().await };
    let app = workspace.app("Shop").await;
    let echo = app.form(form("echo", [text("code")]).with("title", "{code}")).await;
    let order = app.form(form("order", [text("code")])).await;
    let other = HttpCatcher::start().await;
    let call = json!({"kind": "call", "url": other.url(), "body": {"code": "{code}"}});
    echo.flow(json!([action("call", call)])).await;
    let make = json!({"kind": "create", "form": "echo", "set": {"code": "x"}, "start_flow": true});
    order.flow(json!([action("make", make)])).await;
    Circle { workspace, app, order, echo, other }
}

/// The calls of the app in a state.
async fn calls(circle: &Circle, state: &str) -> Vec<Value> {
    let path = circle.app.path(&format!("/calls?state={state}"));
    items(&circle.workspace.admin.get(&path).await.ok()).clone()
}

/// What somebody is told of calls that came to their end, each by its outcome.
async fn told(who: &Client) -> Vec<String> {
    let list = who.get("/notices").await.ok();
    let of_calls = items(&list).iter().filter(|notice| notice["kind"] == "undelivered");
    of_calls.map(|notice| notice["outcome"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn t65_eight_calls_follow_from_each_other_through_another_system_and_no_more() {
    for database in [Database::Sqlite, Database::Postgres] {
        let server = near(database, &[]).await;
        let circle = circle(&server).await;
        let admin = &circle.workspace.admin;
        let map = json!([{"from": "/code", "to": "code"}]);
        let hook = circle.order.hook(json!({"name": "Shop", "mode": "create", "map": map})).await;
        let shop = Sender::of(admin, &hook);
        let message = || json!({"code": "A"});
        let mut hops = "0".to_owned();
        for round in 1..=8 {
            shop.send_after(&hops, message()).await.ok();
            let caught = circle.other.wait_for(round).await;
            hops = caught.header("formwork-hops").to_owned();
            assert_eq!(hops, round.to_string());
        }
        shop.send_after(&hops, message()).await.ok();
        until("the ninth is not sent", async || calls(&circle, "dead").await.len() == 1).await;
        let ninth = calls(&circle, "dead").await.remove(0);
        assert_eq!(
            (&ninth["answer"], &ninth["attempts"]),
            (&json!("call_chain_too_long"), &json!(0)),
            "{ninth}"
        );
        until("administrators are told", async || told(admin).await == ["call_chain_too_long"]).await;
        admin.post(&format!("/calls/{}/retry", id_of(&ninth)), json!({})).await.refused(409, "call_unusable");
        for hops in ["9", "without end"] {
            shop.send_after(hops, message()).await.refused(409, "call_chain_too_long");
        }
        assert_eq!(circle.other.caught().len(), 8);
        server.close().await;
    }
}

#[tokio::test]
async fn t65_an_app_has_so_many_calls_on_a_day_and_no_more() {
    for database in [Database::Sqlite, Database::Postgres] {
        let server = near(database, &["--calls-per-day", "3"]).await;
        let circle = circle(&server).await;
        let admin = &circle.workspace.admin;
        for code in ["a", "b", "c", "d", "e"] {
            circle.echo.create(admin, json!({ "code": code })).await.created();
        }
        until("the last two are not sent", async || calls(&circle, "dead").await.len() == 2).await;
        let dead = calls(&circle, "dead").await;
        assert!(dead.iter().all(|call| call["answer"] == "call_budget_spent"), "{dead:?}");
        until("three are sent", async || calls(&circle, "sent").await.len() == 3).await;
        until("administrators are told", async || !told(admin).await.is_empty()).await;
        // Somebody may wish one of them to be sent all the same.
        admin.post(&format!("/calls/{}/retry", id_of(&dead[0])), json!({})).await.ok();
        circle.other.wait_for(4).await;
        assert_eq!(told(admin).await, ["call_budget_spent"], "once, however many there are");
        server.close().await;
    }
}

#[tokio::test]
async fn calls_of_a_step_are_switched_off_by_gone_and_wait_until_they_are_on() {
    for database in [Database::Sqlite, Database::Postgres] {
        let server = near(database, &[]).await;
        let circle = circle(&server).await;
        let admin = &circle.workspace.admin;
        circle.other.answer(410);
        circle.echo.create(admin, json!({"code": "gone"})).await.created();
        until("it is given up", async || calls(&circle, "dead").await.len() == 1).await;
        until("administrators are told", async || told(admin).await == ["receiver_off"]).await;
        circle.other.answer(200);
        for code in ["one", "two"] {
            circle.echo.create(admin, json!({ "code": code })).await.created();
        }
        until("both wait", async || calls(&circle, "held").await.len() == 2).await;
        assert_eq!(circle.other.caught().len(), 1);
        let held = calls(&circle, "held").await.remove(0);
        admin.post(&format!("/calls/{}/retry", id_of(&held)), json!({})).await.ok();
        until("both are sent", async || calls(&circle, "sent").await.len() == 2).await;
        circle.echo.create(admin, json!({"code": "three"})).await.created();
        until("it is on again", async || calls(&circle, "sent").await.len() == 3).await;
        assert_eq!(told(admin).await, ["receiver_off"]);
        server.close().await;
    }
}
