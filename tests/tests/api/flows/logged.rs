//! What is stored of requests is what their logs give (approvals.md, "Invariants", 4).

use serde_json::{Value, json};
use tests::design::{approve, form, group, number, text};
use tests::{Client, Damage, Inside, Workspace, on_both};

use super::{Requests, act, lines, task, until};

/// Requests in an app that also has orders, about which `one` decides.
async fn requests_and_orders(workspace: &Workspace) -> Requests {
    let app = workspace.app("Story").await;
    let order = app.form(form("order", [text("what").required(), text("answer")])).await;
    let fields = [text("what").required(), number("amount", 2), text("note"), number("cost", 2)];
    let form = app.form(form("request", fields).with("title", "{what}")).await;
    let mei = workspace.person("mei").await;
    let (one, two, three) =
        (workspace.person("one").await, workspace.person("two").await, workspace.person("three").await);
    form.allow(group("askers", &[&mei.id])).await;
    order.flow(json!([approve("boss", &[&one.id], json!({"fields": {"answer": "edit"}}))])).await;
    Requests { form, mei, one, two, three }
}

/// One request is added to, returned, decided, taken back and decided anew, and waits for an order.
async fn goes_to_the_end(r: &Requests) {
    let buy = json!({"kind": "subflow", "key": "buy", "label": "Buy", "form": "order", "wait": true,
        "map_in": {"what": "what"}, "map_out": {"note": "answer"}});
    let all = json!({"policy": "all"});
    r.form
        .flow(json!([
            approve("boss", &[&r.one.id], json!({})),
            approve("money", &[&r.two.id, &r.three.id], all),
            buy,
            approve("last", &[&r.three.id], json!({})),
        ]))
        .await;
    let asked = r.ask(5).await;
    let first = task(&r.one).await;
    act(&r.one, &first, "add-sign", json!({"to": [r.three.id], "mode": "before"})).await.ok();
    act(&r.three, &task(&r.three).await, "approve", json!({})).await.ok();
    act(&r.one, &first, "approve", json!({})).await.ok();
    act(&r.two, &task(&r.two).await, "return", json!({"to": "boss"})).await.ok();
    act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
    let money = task(&r.two).await;
    for action in ["approve", "withdraw", "approve"] {
        act(&r.two, &money, action, json!({})).await.ok();
    }
    act(&r.three, &task(&r.three).await, "approve", json!({})).await.ok();
    act(&r.one, &task(&r.one).await, "approve", json!({"fields": {"answer": "Yes"}})).await.ok();
    act(&r.three, &task(&r.three).await, "approve", json!({})).await.ok();
    assert_eq!(r.state(&asked).await.0, "approved");
}

/// Another is withdrawn, submitted again, rejected, opened again, moved to another version, reminded of, spoken of and ended.
async fn goes_astray(r: &Requests, admin: &Client) {
    let asked = r.ask(6).await;
    let path = |what: &str| format!("/instances/{}/{what}", asked["instance"]["id"].as_str().unwrap());
    r.mei.post(&path("withdraw"), json!({})).await.ok();
    act(&r.mei, &task(&r.mei).await, "submit", json!({})).await.ok();
    act(&r.one, &task(&r.one).await, "reject", json!({})).await.ok();
    admin.post(&path("reactivate"), json!({"step": "boss"})).await.ok();
    let late = json!({"deadlines": [{"after": "PT1S", "do": "remind"}]});
    r.form.flow(json!([approve("chief", &[&r.one.id], late)])).await;
    let moved: Value =
        admin.job(admin.post(&r.form.path("/flow/migrate"), json!({"steps": {"boss": "chief"}})).await).await;
    assert_eq!(moved["result"]["moved"], 1, "{moved}");
    until("they are reminded", async || lines(&r.instance(&asked).await, "remind").len() == 1).await;
    r.mei.post(&path("comment"), json!({"text": "Please"})).await.ok();
    admin.post(&path("terminate"), json!({})).await.ok();
    assert_eq!(r.state(&asked).await.0, "terminated");
}

#[tokio::test]
async fn what_a_server_has_stored_of_requests_is_what_their_logs_give() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let r = requests_and_orders(&workspace).await;
        goes_to_the_end(&r).await;
        goes_astray(&r, &workspace.admin).await;
        let codes = |output: std::process::Output| -> Vec<String> {
            let told = String::from_utf8_lossy(&output.stdout).into_owned();
            let found = told.lines().filter_map(|line| line.split_once(": "));
            let found = found.filter(|(code, _)| !code.contains(' ')).map(|(code, _)| code.to_owned());
            assert_eq!(output.status.success(), found.clone().next().is_none(), "{told}");
            found.collect()
        };
        assert_eq!(codes(server.command(&["doctor"]).await), [""; 0]);
        server.stop().await;
        assert_eq!(codes(server.command(&["doctor"]).await), [""; 0]);
        // It tells where that is not so: of the request that was approved, and of its order.
        Inside::of(server).await.damage(Damage::Request).await;
        assert_eq!(codes(server.command(&["doctor"]).await), ["request_differs"; 2]);
    })
    .await;
}
