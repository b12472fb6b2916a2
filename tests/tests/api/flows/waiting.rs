//! Flows that wait for times.

use std::time::Duration;

use serde_json::{Value, json};
use tests::design::{approve, date, form, number, text};
use tests::workspace::items;
use tests::{Database, Server, Workspace, on_both, on_both_shared};
use tokio::time::sleep;

use super::{act, lines, requests, state, task, until};

fn late(after: &str, what: Value) -> Value {
    json!({"deadlines": [{"after": after, "do": what}]})
}

#[tokio::test]
async fn a_delay_ends_at_its_time_and_a_deadline_does_what_it_says() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let wait = json!({"kind": "delay", "key": "wait", "label": "Wait", "for": "PT1S"});
        r.form
            .flow(json!([
                wait,
                approve("boss", &[&r.one.id], late("PT3S", json!("auto_approve"))),
                approve("money", &[&r.two.id], json!({})),
            ]))
            .await;
        let asked = r.ask(5).await;
        assert_eq!(state(&asked), ("running", vec![]));
        let waits = r.instance(&asked).await["waits"].clone();
        assert_eq!((&waits[0]["step"], &waits[0]["kind"]), (&json!("wait"), &json!("delay")));
        until("the delay is over", async || r.state(&asked).await.1 == ["boss"]).await;
        let waiting = items(&r.one.get("/tasks?box=todo").await.ok())[0].clone();
        assert!(waiting["due"].is_string(), "{waiting}");
        until("the deadline is reached", async || r.state(&asked).await.1 == ["money"]).await;
        let told = r.instance(&asked).await;
        let decided = lines(&told, "approve")[0].clone();
        assert_eq!((&decided["automatic"], &decided["who"]), (&json!(true), &Value::Null));
        assert_eq!(lines(&told, "deadline").len(), 1);
        // Who is late is told so; what was decided is late no more.
        assert_eq!(r.one.get("/tasks/counts").await.ok()["overdue"], 0);
        act(&r.two, &task(&r.two).await, "approve", json!({})).await.ok();
        assert_eq!(r.state(&asked).await.0, "approved");
    })
    .await;
}

#[tokio::test]
async fn working_time_is_that_of_the_workspace() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let late = json!({"deadlines": [{"after": "P1D", "working_time": true, "do": "remind"}]});
        r.form.flow(json!([approve("boss", &[&r.one.id], late)])).await;
        let due = async |asked: Value| r.instance(&asked).await["waits"][0]["due"].clone();
        assert!(due(r.ask(5).await).await.is_string());
        let nobody_works = json!({"calendar": {"days": [], "hours": []}});
        workspace.admin.patch("/workspace", 1, nobody_works).await.ok();
        assert_eq!(due(r.ask(6).await).await, Value::Null);
    })
    .await;
}

#[tokio::test]
async fn a_deadline_hands_on_rejects_and_sends_back() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let transfer = late("PT1S", json!({"transfer": {"members": [r.two.id]}}));
        r.form.flow(json!([approve("boss", &[&r.one.id], transfer)])).await;
        let handed = r.ask(5).await;
        r.form.flow(json!([approve("boss", &[&r.three.id], late("PT1S", json!("auto_reject")))])).await;
        let rejected = r.ask(6).await;
        let back = late("PT1S", json!({"auto_return": "start"}));
        r.form.flow(json!([approve("boss", &[&r.three.id], back)])).await;
        let returned = r.ask(7).await;
        until("it is rejected", async || r.state(&rejected).await.0 == "rejected").await;
        until("it is sent back", async || r.state(&returned).await.1 == ["start"]).await;
        until("it is handed on", async || {
            let tasks = r.instance(&handed).await["tasks"].clone();
            tasks[0]["assignee"] == json!(r.two.id)
        })
        .await;
        assert_eq!(r.form.read(&r.mei, &rejected).await.ok()["system"]["flow_state"], "rejected");
    })
    .await;
}

#[tokio::test]
async fn a_delay_follows_the_field_that_it_waits_for() {
    on_both_shared(async |workspace| {
        let visit = workspace.form(form("visit", [text("what"), date("day")])).await;
        let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
        let until_day =
            json!({"kind": "delay", "key": "wait", "label": "Wait", "until": {"field": "day", "offset": "-P1D"}});
        visit.flow(json!([until_day, approve("boss", &[&boss.id], json!({}))])).await;
        visit.allow(tests::design::group("all", &[&mei.id])).await;
        let asked = visit.create(&mei, json!({"what": "x", "day": "2099-01-01"})).await.created();
        assert_eq!(state(&asked), ("running", vec![]));
        let seen = visit.read(&workspace.admin, &asked).await.ok();
        visit.edit(&workspace.admin, &seen, json!({"day": "2020-01-01"})).await.ok();
        until("the day is in the past", async || {
            !items(&boss.get("/tasks?box=todo").await.ok()).is_empty()
        })
        .await;
    })
    .await;
}

/// A number is rounded where a new definition gives it fewer digits, and the date that is computed of it is another one.
#[tokio::test]
async fn a_delay_follows_what_a_new_definition_computes() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        admin.job(admin.put("/workspace/zone", "*", json!({"zone": "UTC"})).await).await;
        let design = |scale: u32| {
            let day = date("day").computed("DATE(2099, 1, ROUND(weeks * 10, 0))");
            form("visit", [text("what"), number("weeks", scale), day])
        };
        let visit = workspace.form(design(1)).await;
        let boss = workspace.person("boss").await;
        let wait = json!({"kind": "delay", "key": "wait", "label": "Wait", "until": {"field": "day"}});
        visit.flow(json!([wait, approve("boss", &[&boss.id], json!({}))])).await;
        let asked = visit.add(json!({"what": "x", "weeks": "1.5"})).await;
        let path = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let due = async || admin.get(&path).await.ok()["waits"][0]["due"].clone();
        assert_eq!(due().await, "2099-01-15T00:00:00Z");
        admin.put(&visit.path("/draft"), "*", design(0).document()).await.ok();
        admin.post(&visit.path("/publish"), json!({})).await.ok();
        until("the delay was read anew", async || due().await == "2099-01-20T00:00:00Z").await;
    })
    .await;
}

/// What is refused when its time has come is tried again; administrators see why.
#[tokio::test]
async fn a_deadline_that_is_refused_stays_and_says_why() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        // Nobody has filled in what the end asks for.
        let form = workspace
            .form(form("bill", [text("what"), text("account").required()]).with("title", "{what}"))
            .await;
        form.allow(tests::design::group("all", &[&r.mei.id])).await;
        let fields = json!({"account": "required"});
        let mut boss = late("PT1S", json!("auto_approve"));
        boss["fields"] = fields;
        let start = json!({"fields": {"*": "edit", "account": "read"}});
        let steps = json!([approve("boss", &[&r.one.id], boss)]);
        form.flow_with(json!({"format": 1, "label": "Flow", "start": start, "steps": steps})).await;
        let asked = form.create(&r.mei, json!({"what": "x"})).await.created();
        let path = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let failed = async || form.admin.get(&path).await.ok()["waits"][0]["failed"].clone();
        until("the deadline was tried", async || failed().await["attempts"] == 1).await;
        assert!(failed().await["reason"].as_str().is_some_and(|reason| !reason.is_empty()));
        assert_eq!(r.mei.get(&path).await.ok()["waits"][0].get("failed"), None, "for administrators");
        let told = async |who: &tests::Client| {
            let notices = items(&who.get("/notices").await.ok()).clone();
            notices.into_iter().filter(|notice| notice["kind"] == "failed").collect::<Vec<Value>>()
        };
        until("administrators are told", async || told(&form.admin).await.len() == 1).await;
        let notice = told(&form.admin).await.remove(0);
        assert_eq!((&notice["title"], &notice["step_label"]), (&json!("bill x"), &json!("boss")), "{notice}");
        assert!(notice["link"].as_str().is_some_and(|link| link.contains("/records/")), "{notice}");
        assert!(told(&r.mei).await.is_empty());
        // A person goes on all the same.
        act(&r.one, &task(&r.one).await, "approve", json!({"fields": {"account": "4711"}})).await.ok();
        assert_eq!(form.admin.get(&path).await.ok()["state"], "approved");
    })
    .await;
}

#[tokio::test]
async fn what_fell_due_while_no_server_ran_happens_once_at_the_next_start() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], late("PT2S", json!("remind")))])).await;
        let asked = r.ask(5).await;
        server.kill().await;
        sleep(Duration::from_millis(2_100)).await;
        server.restart().await;
        let mei = r.mei.moved_to(server.url());
        let path = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        let reminded = async || lines(&mei.get(&path).await.ok(), "remind").len();
        until("the deadline is reached", async || reminded().await > 0).await;
        sleep(Duration::from_millis(1_500)).await;
        assert_eq!(reminded().await, 1);
    })
    .await;
}

#[tokio::test]
async fn t77_two_servers_on_one_database_do_everything_once() {
    const REQUESTS: i64 = 40;
    let server = Server::start(Database::Postgres).await;
    let workspace = Workspace { admin: server.set_up().await };
    let r = requests(&workspace).await;
    let wait = json!({"kind": "delay", "key": "wait", "label": "Wait", "for": "PT2S"});
    r.form.flow(json!([wait, approve("boss", &[&r.one.id], late("PT1S", json!("remind")))])).await;
    let mut asked = Vec::new();
    for amount in 0..REQUESTS {
        asked.push(r.ask(amount).await);
    }
    let other = server.start_beside().await;
    for request in &asked {
        until("it is reminded of", async || !lines(&r.instance(request).await, "remind").is_empty()).await;
    }
    sleep(Duration::from_millis(1_500)).await;
    for request in &asked {
        let told = r.instance(request).await;
        assert_eq!(lines(&told, "remind").len(), 1, "{told}");
        assert_eq!(told["tasks"].as_array().unwrap().len(), 1, "{told}");
    }
    other.close().await;
    server.close().await;
}
