//! What people are told of: in the product, by mail, and once a day.

use serde_json::{Value, json};
use tests::design::{approve, form, group, text};
use tests::workspace::{faults, id_of, items};
use tests::{Client, Database, MailCatcher, News, Server, Workspace, on_both_shared};

use super::{act, requests, task, until};

/// The notices of somebody, newest first, as `kind title`.
async fn told(who: &Client) -> Vec<String> {
    let text = |notice: &Value| {
        let title = notice["title"].as_str().unwrap_or("?");
        format!("{} {title}", notice["kind"].as_str().unwrap())
    };
    items(&who.get("/notices").await.ok()).iter().map(text).collect()
}

async fn unread(who: &Client) -> i64 {
    who.get("/notices/count").await.ok()["unread"].as_i64().unwrap()
}

/// Waits until somebody has so many notices that they have not read, and gives all of theirs.
async fn wait_for(who: &Client, count: i64) -> Vec<Value> {
    until("they are told", async || unread(who).await == count).await;
    items(&who.get("/notices").await.ok()).clone()
}

#[tokio::test]
async fn people_are_told_what_waits_for_them_and_how_it_ended() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id, &r.two.id], json!({}))])).await;
        let mut news = News::open(&r.one, "/events").await;
        let asked = r.ask(5).await;
        assert_eq!(news.hears("notice").await, json!({"kind": "notice"}));
        let notice = wait_for(&r.one, 1).await.remove(0);
        let waiting = task(&r.one).await;
        assert_eq!(
            (&notice["kind"], &notice["title"]),
            (&json!("task"), &json!("request Chairs")),
            "{notice}"
        );
        assert_eq!((&notice["who"], &notice["read"]), (&json!(r.mei.id), &json!(false)));
        assert_eq!(notice["link"], json!(format!("/inbox?task={waiting}")));
        wait_for(&r.two, 1).await;
        assert_eq!(unread(&r.mei).await, 0, "nobody is told of what they have done");

        // What is decided need not be told of any more, to nobody.
        act(&r.one, &waiting, "approve", json!({})).await.ok();
        until("it is over", async || unread(&r.two).await == 0 && unread(&r.one).await == 0).await;
        let outcome = wait_for(&r.mei, 1).await.remove(0);
        let instance = asked["instance"]["id"].as_str().unwrap();
        assert_eq!((&outcome["kind"], &outcome["outcome"]), (&json!("outcome"), &json!("approved")));
        assert_eq!(outcome["link"], json!(format!("/inbox?box=started&task={instance}")));
        // The link leads to it however long the list is.
        assert_eq!(r.mei.get(&format!("/tasks/{instance}")).await.ok()["instance"], json!(instance));
        r.one.get(&format!("/tasks/{instance}")).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn administrators_are_told_of_what_waits_for_nobody() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &workspace.admin;
        let nobody = json!({"who": [{"chosen_by": "submitter"}], "nobody": "hold"});
        r.form.flow(json!([approve("boss", &[], nobody)])).await;
        let asked = r.ask(5).await;
        let held = wait_for(admin, 1).await.remove(0);
        assert_eq!((&held["kind"], &held["title"]), (&json!("task"), &json!("request Chairs")), "{held}");
        let given = held["task"].as_str().unwrap();
        assert_eq!(held["link"], json!(format!("/inbox?task={given}")));
        assert_eq!(admin.get(&format!("/tasks/{given}")).await.ok()["state"], "open");
        let reassign = format!("/instances/{}/reassign", asked["instance"]["id"].as_str().unwrap());
        admin.post(&reassign, json!({"task": given, "to": r.one.id})).await.ok();
        wait_for(&r.one, 1).await;
        wait_for(admin, 0).await;
        act(&r.one, given, "approve", json!({})).await.ok();
    })
    .await;
}

#[tokio::test]
async fn returns_reminders_copies_and_words_are_told_of() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        wait_for(&r.one, 1).await;
        r.mei.post(&format!("{instance}/urge"), json!({})).await.ok();
        wait_for(&r.one, 2).await;
        act(&r.one, &task(&r.one).await, "cc", json!({"to": [r.two.id]})).await.ok();
        let copy = wait_for(&r.two, 1).await.remove(0);
        assert!(copy["link"].as_str().unwrap().starts_with("/inbox?box=cc&task="), "{copy}");
        // Who is named gains no right by it, and is told of nothing that they may not see.
        let words = json!({"text": "Please look", "mentions": [r.two.id, r.three.id]});
        r.one.post(&format!("{instance}/comment"), words).await.ok();
        wait_for(&r.two, 2).await;
        wait_for(&r.mei, 1).await;
        assert_eq!(told(&r.two).await[0], "mention request Chairs");
        assert_eq!(told(&r.mei).await, ["comment request Chairs"]);
        assert!(told(&r.three).await.is_empty());
        let back = json!({"to": "start", "mentions": [r.two.id]});
        act(&r.one, &task(&r.one).await, "return", back).await.ok();
        wait_for(&r.mei, 2).await;
        assert_eq!(told(&r.mei).await[0], "returned request Chairs");
        wait_for(&r.two, 3).await;
        until("what one has decided is over", async || unread(&r.one).await == 0).await;
        assert_eq!(told(&r.one).await, ["reminder request Chairs", "task request Chairs"]);
    })
    .await;
}

#[tokio::test]
async fn who_is_named_in_a_comment_on_a_record_is_told_if_they_may_see_it() {
    on_both_shared(async |workspace| {
        let design = form("note", [text("what"), text("cost")]).with("title", "{what} {cost}");
        let note = workspace.form(design).await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let stranger = workspace.person("eve").await;
        note.allow(group("writers", &[&mei.id]).may(&["view", "create", "comment"])).await;
        note.allow(group("readers", &[&tom.id]).may(&["view"]).field("cost", "none")).await;
        let record = note.create(&mei, json!({"what": "Chairs", "cost": "77"})).await.created();
        let said = json!({"text": "Please look", "mentions": [mei.id, tom.id, stranger.id]});
        mei.post(&format!("{}/comments", note.at(&record)), said).await.created();
        let notice = wait_for(&tom, 1).await.remove(0);
        assert_eq!((&notice["kind"], &notice["who"]), (&json!("mention"), &json!(mei.id)));
        assert_eq!(notice["title"], "note Chairs", "a field that is closed to them is in no title");
        let link = notice["link"].as_str().unwrap();
        assert!(link.ends_with(&format!("/forms/{}/records/{}", note.id, id_of(&record))), "{link}");
        assert!(notice.get("instance").is_none(), "no request runs on it: {notice}");
        // Nobody is told of what they have said themselves, nor of what they may not see.
        assert_eq!((unread(&mei).await, unread(&stranger).await), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn what_one_may_see_no_more_has_no_title() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let hidden = json!({"fields": {"*": "read", "cost": "hidden"}});
        let steps = json!([approve("boss", &[&r.one.id], hidden)]);
        let document = json!({"format": 1, "label": "Approval", "title": "{what} {cost}",
            "start": {"fields": {"*": "edit"}}, "steps": steps});
        r.form.flow_with(document).await;
        let admin = &workspace.admin;
        r.form.create(admin, json!({"what": "Chairs", "amount": 1, "cost": 77})).await.created();
        let notice = wait_for(&r.one, 1).await.remove(0);
        assert_eq!(notice["title"], "Chairs", "a hidden field is in no title");
        let form = admin.get(&r.form.path("")).await.ok();
        admin.delete(&r.form.path(""), form["version"].as_i64().unwrap()).await.with_status(204);
        let list = r.one.get("/notices").await.ok();
        let notice = &items(&list)[0];
        assert!(notice.get("title").is_none() && notice.get("link").is_none(), "its form is gone: {notice}");
    })
    .await;
}

#[tokio::test]
async fn notices_are_read_one_by_one_or_all_at_once_and_only_ones_own() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id, &r.two.id], json!({}))])).await;
        for amount in 1..=3 {
            r.ask(amount).await;
        }
        let notices = wait_for(&r.one, 3).await;
        let first = id_of(&notices[2]);
        let mark = async |who: &Client, input: Value| who.post("/notices/read", input).await;
        // Somebody else's stays as it is.
        mark(&r.two, json!({"notices": [first]})).await.ok();
        assert_eq!(unread(&r.one).await, 3);
        assert_eq!(mark(&r.one, json!({"notices": [first]})).await.ok()["unread"], 2);
        assert_eq!(mark(&r.one, json!({"notices": [first], "read": false})).await.ok()["unread"], 3);
        assert_eq!(mark(&r.one, json!({"until": id_of(&notices[1])})).await.ok()["unread"], 1);
        let list = r.one.get("/notices?unread=true").await.ok();
        assert_eq!(items(&list).iter().map(id_of).collect::<Vec<_>>(), [id_of(&notices[0])]);
        let page = r.one.get("/notices?limit=2").await.ok();
        let next =
            r.one.get(&format!("/notices?limit=2&cursor={}", page["next"].as_str().unwrap())).await.ok();
        assert_eq!((items(&page).len(), items(&next).len(), &next["next"]), (2, 1, &Value::Null));
        let wrong = mark(&r.one, json!({})).await.refused(422, "validation");
        assert_eq!(faults(&wrong), ["notices: required"]);
        let wrong = r.one.get("/notices?cursor=x").await.refused(422, "validation");
        assert_eq!(faults(&wrong), ["cursor: bad_cursor"]);
    })
    .await;
}

#[tokio::test]
async fn everybody_says_of_what_they_are_told() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let usual = r.one.get("/notices/settings").await.ok();
        assert_eq!(usual["channels"]["task"], json!({"app": true, "mail": "now"}));
        assert_eq!((&usual["daily_at"], &usual["mail"]), (&json!("08:00"), &json!(false)));
        let quiet = json!({"channels": {"task": {"app": false, "mail": "off"}}, "daily_at": "18:30"});
        let changed = r.one.put("/notices/settings", "*", quiet).await.ok();
        assert_eq!(
            (&changed["channels"]["task"]["app"], &changed["daily_at"]),
            (&json!(false), &json!("18:30"))
        );
        assert_eq!(changed["channels"]["copy"], usual["channels"]["copy"], "what is not named stays");
        let asked = r.ask(5).await;
        let comment = format!("/instances/{}/comment", asked["instance"]["id"].as_str().unwrap());
        r.mei.post(&comment, json!({"text": "Soon, please"})).await.ok();
        wait_for(&r.one, 1).await;
        assert_eq!(told(&r.one).await, ["comment request Chairs"], "of the task they are not told");
        let wrong = json!({"channels": {"letter": {"app": true, "mail": "now"}}, "daily_at": "late"});
        let wrong = r.one.put("/notices/settings", "*", wrong).await.refused(422, "unknown_member");
        assert_eq!(faults(&wrong), ["channels.letter: unknown_member", "daily_at: wrong_type"]);
    })
    .await;
}

const BASE: &str = "https://forms.example.com";

/// A server that sends mail.
async fn with_mail(database: Database, mail: &MailCatcher) -> Server {
    let options =
        ["--base-url", BASE, "--smtp", mail.url(), "--mail-from", "Formwork <formwork@example.com>"];
    Server::start_with(database, &options).await
}

#[tokio::test]
async fn a_letter_leads_to_the_task_and_says_nothing_that_its_receiver_may_not_see() {
    for database in [Database::Sqlite, Database::Postgres] {
        let mail = MailCatcher::start().await;
        let server = with_mail(database, &mail).await;
        let workspace = Workspace { admin: server.set_up().await };
        let secret = form("request", [text("what").required(), text("salary")]);
        let form = workspace.form(secret.with("title", "{what} {salary}")).await;
        let (mei, one) = (workspace.person("mei").await, workspace.person("one").await);
        form.allow(group("askers", &[&mei.id])).await;
        let fields = json!({"fields": {"*": "read", "salary": "hidden"}});
        form.flow(json!([approve("boss", &[&one.id], fields)])).await;
        // What is over comes once a day, and is not written now.
        form.create(&mei, json!({"what": "Raise", "salary": "9000"})).await.created();
        let letter = mail.wait_for(1).await;
        assert_eq!(letter.to, std::slice::from_ref(&one.email));
        let waiting = task(&one).await;
        assert!(letter.text.contains(&format!("{BASE}/inbox?task={waiting}")), "{}", letter.text);
        assert!(letter.text.contains("Raise") && !letter.text.contains("9000"), "{}", letter.text);
        act(&one, &waiting, "approve", json!({})).await.ok();
        wait_for(&mei, 1).await;

        // Who wants none gets none; who reads it in the product first gets none either.
        let off = json!({"channels": {"task": {"app": true, "mail": "off"}}});
        one.put("/notices/settings", "*", off).await.ok();
        form.create(&mei, json!({"what": "Chair", "salary": "1"})).await.created();
        wait_for(&one, 1).await;
        let now = json!({"channels": {"outcome": {"app": true, "mail": "now"}}});
        assert_eq!(mei.put("/notices/settings", "*", now).await.ok()["mail"], true);
        // What waited for the daily letter of the submitter comes now, and is all that came since.
        let letter = mail.wait_for(2).await;
        assert_eq!((letter.to, mail.letters().len()), (vec![mei.email.clone()], 2));
        assert!(letter.text.contains("Raise 9000"), "the submitter sees it: {}", letter.text);
        server.close().await;
    }
}

#[tokio::test]
async fn the_daily_letter_holds_what_waited_for_it() {
    for database in [Database::Sqlite, Database::Postgres] {
        let mail = MailCatcher::start().await;
        let server = with_mail(database, &mail).await;
        let workspace = Workspace { admin: server.set_up().await };
        let form = workspace.form(form("request", [text("what").required()]).with("title", "{what}")).await;
        let (mei, one) = (workspace.person("mei").await, workspace.person("one").await);
        form.allow(group("askers", &[&mei.id])).await;
        form.flow(json!([approve("boss", &[&one.id], json!({}))])).await;
        let daily = json!({"channels": {"task": {"app": true, "mail": "daily"}}});
        one.put("/notices/settings", "*", daily).await.ok();
        for what in ["Chair", "Table", "Lamp"] {
            form.create(&mei, json!({"what": what})).await.created();
        }
        let notices = wait_for(&one, 3).await;
        one.post("/notices/read", json!({"notices": [id_of(&notices[0])]})).await.ok();
        assert!(mail.letters().is_empty(), "not yet");
        // The day's moment comes: it is as if the clock had gone on.
        let mut inside = tests::Inside::of(&server).await;
        inside.let_daily_letters_come().await;
        let letter = mail.wait_for(1).await;
        assert!(letter.text.contains("Subject: 2 notices"), "{}", letter.text);
        assert!(letter.text.contains("Chair") && letter.text.contains("Table"), "{}", letter.text);
        assert!(!letter.text.contains("Lamp"), "what was read is no news: {}", letter.text);
        assert_eq!(letter.text.matches(&format!("{BASE}/inbox?task=")).count(), 2);
        drop(inside);
        server.close().await;
    }
}
