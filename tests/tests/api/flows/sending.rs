//! What flows send: messages to people, calls to other systems, and the secrets that these prove themselves with.

use data_encoding::BASE64;
use reqwest::Method;
use ring::hmac;
use serde_json::{Value, json};
use tests::design::{approve, form, group, number, text};
use tests::workspace::{faults, id_of, items};
use tests::{App, Client, Database, Form, HttpCatcher, MailCatcher, Person, Server, Workspace};

use super::{act, lines, task, until};

const BASE: &str = "https://forms.example.com";
/// Of a secret that is sent; nothing but a call to its host may hold it.
const CANARY: &str = "canary-of-a-secret-5121";

fn action(key: &str, action: Value) -> Value {
    json!({"kind": "action", "key": key, "label": key, "action": action})
}

/// A server whose calls may go to this machine.
async fn near(database: Database, more: &[&str]) -> Server {
    let options = [&["--allow-private", "127.0.0.0/8"][..], more].concat();
    Server::start_with(database, &options).await
}

struct Story {
    workspace: Workspace,
    app: App,
    form: Form,
    mei: Person,
    one: Person,
}

async fn story(server: &Server) -> Story {
    let workspace = Workspace { admin: server.set_up().await };
    let app = workspace.app("Sales").await;
    let request = form("request", [text("what").required(), text("salary"), number("amount", 2)]);
    let form = app.form(request.with("title", "{what}")).await;
    let (mei, one) = (workspace.person("mei").await, workspace.person("one").await);
    form.allow(group("askers", &[&mei.id])).await;
    form.allow(group("readers", &[&one.id]).may(&["view"]).field("salary", "none")).await;
    Story { workspace, app, form, mei, one }
}

async fn remove(who: &Client, path: &str) -> tests::Answer {
    who.send(who.request(Method::DELETE, path)).await
}

async fn calls(story: &Story) -> Vec<Value> {
    items(&story.workspace.admin.get(&story.app.path("/calls")).await.ok()).clone()
}

/// Waits until the only call of the app is in this state, and gives it.
async fn call_is(story: &Story, state: &str) -> Value {
    until("the call is there", async || {
        let calls = calls(story).await;
        calls.len() == 1 && calls[0]["state"] == state
    })
    .await;
    calls(story).await.remove(0)
}

async fn notice(who: &Client) -> Value {
    until("they are told", async || {
        let list = who.get("/notices").await.ok();
        items(&list).iter().any(|notice| notice["kind"] == "message")
    })
    .await;
    let list = who.get("/notices").await.ok();
    items(&list).iter().find(|notice| notice["kind"] == "message").unwrap().clone()
}

#[tokio::test]
async fn a_message_says_to_everybody_what_they_may_read_of_its_record() {
    for database in [Database::Sqlite, Database::Postgres] {
        let mail = MailCatcher::start().await;
        let options =
            ["--base-url", BASE, "--smtp", mail.url(), "--mail-from", "Formwork <formwork@example.com>"];
        let server = Server::start_with(database, &options).await;
        let story = story(&server).await;
        let eve = story.workspace.person("eve").await;
        let to = json!([{"members": [story.one.id, eve.id]}, {"submitter": true}]);
        let tell = json!({"kind": "notify", "to": to, "title": "Raise: {what}",
            "body": "{salary} for {what}\nby {amount}"});
        story.form.flow(json!([action("tell", tell)])).await;
        let fields = json!({"what": "Chairs", "salary": "9000", "amount": "2.5"});
        let record = story.form.create(&story.mei, fields).await.created();
        assert_eq!(record["instance"]["state"], "approved", "nobody waits for it");

        let told = notice(&story.mei).await;
        assert_eq!(
            (&told["title"], &told["text"]),
            (&json!("Raise: Chairs"), &json!("9000 for Chairs\nby 2.50"))
        );
        assert!(told["link"].is_string(), "{told}");
        let told = notice(&story.one).await;
        assert_eq!(told["text"], "for Chairs\nby 2.50", "a closed field says nothing");
        let told = notice(&eve).await;
        assert_eq!((&told["title"], &told["text"]), (&json!("Raise:"), &json!("for \nby")));
        assert!(told.get("link").is_none(), "a message gives no right: {told}");

        mail.wait_for(3).await;
        for letter in mail.letters() {
            let is_meis = letter.to == std::slice::from_ref(&story.mei.email);
            assert_eq!(letter.text.contains("9000"), is_meis, "{}", letter.text);
        }
        let instance = record["instance"]["id"].as_str().unwrap();
        let instance = story.mei.get(&format!("/instances/{instance}")).await.ok();
        let line = lines(&instance, "act")[0];
        assert_eq!(
            (&line["sent"]["kind"], line["members"].as_array().unwrap().len()),
            (&json!("message"), 3)
        );
        server.close().await;
    }
}

#[tokio::test]
async fn a_message_goes_the_ways_that_it_names_and_its_receiver_wants() {
    for database in [Database::Sqlite, Database::Postgres] {
        let server = Server::start(database).await;
        let story = story(&server).await;
        let tell = |channels: Value| {
            json!([action(
                "tell",
                json!({"kind": "notify", "to": [{"members": [story.one.id]}],
                "channels": channels, "title": "T"})
            )])
        };
        story.form.flow(tell(json!(["mail"]))).await;
        story.form.create(&story.mei, json!({"what": "a"})).await.created();
        story.form.flow(tell(json!(["app"]))).await;
        story.form.create(&story.mei, json!({"what": "b"})).await.created();
        notice(&story.one).await;
        let off = json!({"channels": {"message": {"app": false, "mail": "off"}}});
        story.one.put("/notices/settings", "*", off).await.ok();
        story.form.create(&story.mei, json!({"what": "c"})).await.created();
        let on = json!({"channels": {"message": {"app": true, "mail": "off"}}});
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        story.one.put("/notices/settings", "*", on).await.ok();
        story.form.create(&story.mei, json!({"what": "d"})).await.created();
        let told = async || items(&story.one.get("/notices").await.ok()).len();
        until("the last one is told", async || told().await >= 2).await;
        assert_eq!(told().await, 2, "one was for mail alone, one was not wanted");
        server.close().await;
    }
}

#[tokio::test]
async fn t62_a_call_is_signed_and_made_after_the_decision() {
    for database in [Database::Sqlite, Database::Postgres] {
        let other = HttpCatcher::start().await;
        let server = near(database, &[]).await;
        let story = story(&server).await;
        let admin = &story.workspace.admin;
        let secret = json!({"name": "signer", "purpose": "sign", "hosts": ["127.0.0.1"]});
        let made = admin.post(&story.app.path("/secrets"), secret).await.created();
        let key = BASE64
            .decode(made["value"].as_str().unwrap().strip_prefix("whsec_").unwrap().as_bytes())
            .unwrap();
        let call = json!({"kind": "call", "url": format!("{}/orders/{{what}}?x={{amount}}", other.url()),
            "headers": {"X-What": "{what}"}, "secret": "signer",
            "body": {"amount": {"field": "amount"}, "twice": {"formula": "amount * 2"}, "what": "<{what}>"}});
        let steps = json!([approve("boss", &[&story.one.id], json!({})), action("call", call)]);
        story.form.flow(steps).await;
        let fields = json!({"what": "a/b c", "amount": "2.5"});
        let record = story.form.create(&story.mei, fields).await.created();
        assert!(other.caught().is_empty());
        act(&story.one, &task(&story.one).await, "approve", json!({})).await.ok();

        let caught = other.wait_for(1).await;
        assert_eq!((caught.method.as_str(), caught.path.as_str()), ("POST", "/orders/a%2Fb%20c?x=2.50"));
        assert_eq!((caught.header("x-what"), caught.header("content-type")), ("a/b c", "application/json"));
        assert_eq!(caught.body, r#"{"amount":"2.50","twice":5,"what":"<a/b c>"}"#);
        let signed =
            format!("{}.{}.{}", caught.header("webhook-id"), caught.header("webhook-timestamp"), caught.body);
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
        assert_eq!(caught.header("webhook-signature"), format!("v1,{}", BASE64.encode(tag.as_ref())));

        let call = call_is(&story, "sent").await;
        assert_eq!(caught.header("webhook-id"), format!("msg_{}", id_of(&call)));
        assert_eq!((&call["status"], &call["answer"]), (&json!(200), &json!("caught")));
        let retry = format!("/calls/{}/retry", id_of(&call));
        admin.post(&retry, json!({})).await.refused(409, "call_sent");
        let instance = record["instance"]["id"].as_str().unwrap();
        let instance = story.mei.get(&format!("/instances/{instance}")).await.ok();
        assert_eq!(lines(&instance, "act")[0]["sent"]["state"], "sent");
        assert_eq!(other.caught().len(), 1);
        server.close().await;
    }
}

#[tokio::test]
async fn what_is_refused_sends_nothing() {
    for database in [Database::Sqlite, Database::Postgres] {
        let other = HttpCatcher::start().await;
        let server = near(database, &[]).await;
        let story = story(&server).await;
        let nobody = json!({"kind": "delete", "form": "request", "if_none": "fail",
            "filter": {"field": "what", "op": "eq", "value": "nothing is called so"}});
        let tell = json!({"kind": "notify", "to": [{"members": [story.one.id]}], "title": "T"});
        let call = json!({"kind": "call", "url": other.url()});
        story.form.flow(json!([action("call", call), action("tell", tell), action("fail", nobody)])).await;
        story.form.create(&story.mei, json!({"what": "Chairs"})).await.refused(409, "nothing_found");
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        assert!(other.caught().is_empty() && calls(&story).await.is_empty());
        assert!(items(&story.one.get("/notices").await.ok()).is_empty());
        server.close().await;
    }
}

#[tokio::test]
async fn a_call_is_tried_again_with_the_same_id_by_whoever_runs_then() {
    for database in [Database::Sqlite, Database::Postgres] {
        let other = HttpCatcher::start().await;
        other.answer(500);
        let mut server = near(database, &[]).await;
        let story = story(&server).await;
        let call = json!({"kind": "call", "url": other.url(), "body": {"what": "{what}"}});
        story.form.flow(json!([action("call", call)])).await;
        let record = story.form.create(&story.mei, json!({"what": "Chairs"})).await.created();
        let first = other.wait_for(1).await;
        until("the answer is noted", async || calls(&story).await[0]["status"] == 500).await;
        let call = calls(&story).await.remove(0);
        assert_eq!((&call["state"], &call["attempts"]), (&json!("waiting"), &json!(1)));
        assert!(call["next_at"].is_string());
        let instance = format!("/instances/{}", record["instance"]["id"].as_str().unwrap());
        let told = story.mei.get(&instance).await.ok();
        assert!(lines(&told, "act")[0]["sent"]["next_at"].is_string(), "{told}");

        server.kill().await;
        server.restart().await;
        other.answer(204);
        let admin = story.workspace.admin.moved_to(server.url());
        // Its time comes by itself; somebody need not wait for it.
        let retry = format!("/calls/{}/retry", id_of(&call));
        admin.post(&retry, json!({})).await.ok();
        let again = other.wait_for(2).await;
        assert_eq!(again.header("webhook-id"), first.header("webhook-id"));
        assert_eq!(again.body, first.body);
        let calls = story.app.path("/calls?state=sent");
        until("it is taken", async || items(&admin.get(&calls).await.ok()).len() == 1).await;
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        assert_eq!(other.caught().len(), 2, "what is taken is not sent again");
        server.close().await;
    }
}

#[tokio::test]
async fn a_call_waits_for_one_about_the_same_record_before_it_and_gone_is_the_end() {
    let other = HttpCatcher::start().await;
    other.answer(500);
    let server = near(Database::Sqlite, &[]).await;
    let story = story(&server).await;
    let to = |path: &str| json!({"kind": "call", "url": format!("{}/{path}", other.url())});
    story.form.flow(json!([action("a", to("first")), action("b", to("second"))])).await;
    story.form.create(&story.mei, json!({"what": "Chairs"})).await.created();
    other.wait_for(1).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert!(other.caught().iter().all(|caught| caught.path == "/first"));
    other.answer(410);
    let first = calls(&story).await.into_iter().find(|call| call["step"] == "a").unwrap();
    story.workspace.admin.post(&format!("/calls/{}/retry", id_of(&first)), json!({})).await.ok();
    until("both are given up", async || calls(&story).await.iter().all(|call| call["state"] == "dead")).await;
    let paths: Vec<String> = other.caught().into_iter().map(|caught| caught.path).collect();
    assert_eq!(paths.last().map(String::as_str), Some("/second"));
    server.close().await;
}

/// What is given up holds up no request: without a word nobody would look for it.
#[tokio::test]
async fn administrators_are_told_of_a_call_that_was_given_up() {
    for database in [Database::Sqlite, Database::Postgres] {
        let other = HttpCatcher::start().await;
        other.answer(410);
        let server = near(database, &[]).await;
        let story = story(&server).await;
        let to = json!({"kind": "call", "url": format!("{}/gone", other.url())});
        story.form.flow(json!([action("call", to)])).await;
        let record = story.form.create(&story.mei, json!({"what": "Chairs"})).await.created();
        assert_eq!(record["instance"]["state"], "approved", "nobody waits for it");
        let call = call_is(&story, "dead").await;
        let told = async |who: &Client| {
            let list = who.get("/notices").await.ok();
            let is_of_calls = |notice: &&Value| notice["kind"] == "undelivered";
            items(&list).iter().filter(is_of_calls).cloned().collect::<Vec<Value>>()
        };
        let admin = &story.workspace.admin;
        until("administrators are told", async || told(admin).await.len() == 1).await;
        let notice = told(admin).await.remove(0);
        assert_eq!((&notice["title"], &notice["step_label"]), (&json!("request Chairs"), &json!("call")));
        assert!(notice["link"].as_str().is_some_and(|link| link.contains("/records/")), "{notice}");
        // Tried once more at somebody's wish it may be given up once more.
        admin.post(&format!("/calls/{}/retry", id_of(&call)), json!({})).await.ok();
        until("they are told again", async || told(admin).await.len() == 2).await;
        assert!(told(&story.mei).await.is_empty() && told(&story.one).await.is_empty());
        server.close().await;
    }
}

#[tokio::test]
async fn t58_no_call_is_designed_to_a_private_address_that_was_not_allowed() {
    for database in [Database::Sqlite, Database::Postgres] {
        let other = HttpCatcher::start().await;
        let server = Server::start(database).await;
        let story = story(&server).await;
        let publish = async |url: &str| {
            let steps = json!([action("call", json!({"kind": "call", "url": url}))]);
            let document = json!({"format": 1, "label": "F", "steps": steps});
            let admin = &story.workspace.admin;
            admin.put(&story.form.path("/flow/draft"), "*", document).await.ok();
            let refused = admin.post(&story.form.path("/flow/publish"), json!({})).await;
            faults(&refused.with_status(422))
        };
        let closed = ["/steps/0/action/url: private_address"];
        assert_eq!(publish(&other.url()).await, closed);
        for url in [
            "http://localhost/",
            "https://[::1]/",
            "http://169.254.169.254/x",
            "http://2130706433/",
            "https://10.0.0.1/",
            "http://0x7f.1/",
            "https://93.184.215.14:22/",
        ] {
            assert_eq!(publish(url).await, closed, "{url}");
        }
        for url in ["ftp://x/", "https://user:pass@x.example/", "https://{what}/", "no address"] {
            let found = publish(url).await;
            assert!(found.iter().any(|fault| fault.ends_with(": bad_url")), "{url}: {found:?}");
        }
        assert!(other.caught().is_empty());
        server.close().await;
    }
}

#[tokio::test]
async fn t63_a_secret_is_its_apps_alone_and_is_read_by_nobody() {
    for database in [Database::Sqlite, Database::Postgres] {
        let server = near(database, &[]).await;
        let story = story(&server).await;
        let admin = &story.workspace.admin;
        let path = story.app.path("/secrets");
        let token =
            json!({"name": "token", "purpose": "bearer", "hosts": ["erp.example.com"], "value": CANARY});
        let kept = admin.post(&path, token.clone()).await.created();
        assert!(!kept.to_string().contains(CANARY));
        admin.post(&path, token.clone()).await.refused(409, "secret_taken");
        let wrong = admin
            .post(
                &path,
                json!({"name": "x", "purpose": "bearer", "hosts": ["a"], "value": format!("{CANARY}\n")}),
            )
            .await;
        assert!(
            !wrong.refused(422, "validation").to_string().contains(CANARY),
            "a refusal repeats no secret"
        );
        let signer = json!({"name": "signer", "purpose": "sign", "hosts": ["erp.example.com"]});
        let keys = [
            admin.post(&path, signer.clone()).await.created(),
            admin.post(&path, signer.clone()).await.created(),
        ];
        admin.post(&path, signer).await.refused(409, "secret_taken");
        let value = keys[0]["value"].as_str().unwrap();
        let list = admin.get(&path).await.ok();
        assert_eq!(items(&list).len(), 3);
        for needle in [CANARY, value] {
            assert!(!list.to_string().contains(needle));
            let audit = admin.get("/audit").await.ok().to_string();
            assert!(audit.contains("secret.create") && !audit.contains(needle));
        }

        // Who uses the app may not; who knows nothing of it does not hear that it is there.
        story.mei.get(&path).await.refused(403, "forbidden");
        story.mei.post(&path, token.clone()).await.refused(403, "forbidden");
        story.mei.get(&story.app.path("/calls")).await.refused(403, "forbidden");
        let eve = story.workspace.person("eve").await;
        eve.get(&path).await.refused(404, "not_found");
        let secret = format!("/secrets/{}", id_of(&kept));
        remove(&story.mei, &secret).await.refused(404, "not_found");

        // The administrator of another app neither takes it away nor calls with it.
        let other = story.workspace.app("Other").await;
        admin.patch(&format!("/apps/{}", other.id), 1, json!({"admins": [{"members": [eve.id]}]})).await.ok();
        remove(&eve, &secret).await.refused(404, "not_found");
        let theirs = other.form(form("theirs", [text("what")])).await;
        let call = json!({"kind": "call", "url": "https://erp.example.com/", "secret": "token"});
        let document = json!({"format": 1, "label": "F", "steps": [action("call", call)]});
        eve.put(&theirs.path("/flow/draft"), "*", document).await.ok();
        let refused = eve.post(&theirs.path("/flow/publish"), json!({})).await.with_status(422);
        assert_eq!(faults(&refused), ["/steps/0/action/secret: unknown_secret"]);

        // Nor does its own app, to another host or in the open.
        let publish = async |url: &str| {
            let call = json!({"kind": "call", "url": url, "secret": "token"});
            let document = json!({"format": 1, "label": "F", "steps": [action("call", call)]});
            admin.put(&story.form.path("/flow/draft"), "*", document).await.ok();
            let refused = admin.post(&story.form.path("/flow/publish"), json!({})).await;
            faults(&refused.with_status(422))
        };
        assert_eq!(
            publish("https://evil.example.com/").await,
            ["/steps/0/action/secret: secret_not_for_host"]
        );
        assert_eq!(publish("http://erp.example.com/").await, ["/steps/0/action/url: secret_needs_https"]);
        remove(admin, &secret).await.with_status(204);
        assert_eq!(items(&admin.get(&path).await.ok()).len(), 2);
        server.close().await;
    }
}

#[tokio::test]
async fn a_trial_shows_what_would_be_sent_and_sends_nothing() {
    for database in [Database::Sqlite, Database::Postgres] {
        let other = HttpCatcher::start().await;
        let server = near(database, &[]).await;
        let story = story(&server).await;
        let tell = json!({"kind": "notify", "to": [{"submitter": true}], "title": "Raise: {what}", "body": "{amount}"});
        let call = json!({"kind": "call", "url": format!("{}/{{what}}", other.url()), "body": {"a": {"field": "amount"}}});
        story.form.flow(json!([action("tell", tell), action("call", call)])).await;
        let input = json!({"record": {"what": "Chairs", "amount": "3"}, "submitter": story.mei.id});
        let walk = story.workspace.admin.post(&story.form.path("/flow/simulate"), input).await.ok();
        let stop = |step: &str| {
            let stops = walk["stops"].as_array().unwrap();
            stops.iter().find(|stop| stop["step"] == step).unwrap().clone()
        };
        assert_eq!(stop("tell")["people"], json!([story.mei.id]));
        assert_eq!(
            stop("tell")["sends"],
            json!({"kind": "message", "title": "Raise: Chairs", "content": "3.00"})
        );
        let title = format!("POST {}/Chairs", other.url());
        assert_eq!(
            stop("call")["sends"],
            json!({"kind": "call", "title": title, "content": "{\"a\":\"3.00\"}"})
        );
        assert!(other.caught().is_empty() && calls(&story).await.is_empty());
        server.close().await;
    }
}
