//! The inbox: what is in it, narrowed and counted; many decided at once; what one was told of.

use serde_json::{Value, json};
use tests::design::{Field, approve, form, group, text};
use tests::workspace::{faults, id_of, items};
use tests::{News, on_both_shared};

use super::{act, requests, task, todo, until};

#[tokio::test]
async fn the_inbox_is_counted_and_narrowed() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        r.ask(5).await;
        r.ask(6).await;
        let counts = r.one.get("/tasks/counts").await.ok();
        assert_eq!(
            (&counts["todo"], &counts["overdue"], &counts["returned"]),
            (&json!(2), &json!(0), &json!(0))
        );
        let form = &r.form.id;
        assert_eq!(counts["forms"][0]["todo"], 2);
        assert_eq!(counts["forms"][0]["form"], json!(form));
        let first = todo(&r.one).await.pop().unwrap();
        act(&r.one, &first, "return", json!({"to": "start", "opinion": "Which?"})).await.ok();
        let counts = r.mei.get("/tasks/counts").await.ok();
        assert_eq!(
            (&counts["todo"], &counts["returned"], &counts["running"]),
            (&json!(1), &json!(1), &json!(2))
        );
        // For how long hers have waited, on average; who has asked for nothing is told nothing.
        let average = counts["running_for"].as_u64();
        assert!(average.is_some_and(|seconds| seconds < 600), "{counts}");
        assert!(r.one.get("/tasks/counts").await.ok().get("running_for").is_none());

        let found = async |who: &tests::Client, query: &str| {
            items(&who.get(&format!("/tasks?{query}")).await.ok()).len()
        };
        assert_eq!(found(&r.mei, "box=todo&returned=true").await, 1);
        assert_eq!(found(&r.one, "box=todo&returned=true").await, 0);
        assert_eq!(found(&r.one, &format!("box=todo&form={form}&submitter={}", r.mei.id)).await, 1);
        assert_eq!(found(&r.one, &format!("box=todo&submitter={}", r.two.id)).await, 0);
        assert_eq!(found(&r.one, "box=todo&overdue=true").await, 0);
        assert_eq!(found(&r.mei, "box=started&state=running").await, 2);
        assert_eq!(found(&r.mei, "box=started&state=approved").await, 0);
        let bad = r.mei.get("/tasks?box=started&state=lost").await.refused(422, "validation");
        assert_eq!(faults(&bad), ["state: wrong_type"]);
        r.mei.get("/tasks?box=todo&colour=red").await.refused(422, "unknown_member");
    })
    .await;
}

#[tokio::test]
async fn what_is_late_is_counted_and_found() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let due_in = |time: &str| json!({"deadlines": [{"after": time, "do": "remind"}]});
        r.form.flow(json!([approve("boss", &[&r.one.id], due_in("P9D"))])).await;
        r.ask(5).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], due_in("PT1S"))])).await;
        let late = r.ask(6).await;
        let overdue = async || r.one.get("/tasks/counts").await.ok()["overdue"].clone();
        until("one is late", async || overdue().await == 1).await;
        let found = r.one.get("/tasks?box=todo&overdue=true&count=exact").await.ok();
        assert_eq!((items(&found).len(), &found["count"]["value"]), (1, &json!(1)));
        assert_eq!(items(&found)[0]["record"], late["id"]);
        assert_eq!(items(&r.one.get("/tasks?box=todo").await.ok()).len(), 2);
        act(&r.one, &id_of(&items(&found)[0]), "approve", json!({})).await.ok();
        assert_eq!(overdue().await, 0);
        assert!(items(&r.one.get("/tasks?box=todo&overdue=true").await.ok()).is_empty());
    })
    .await;
}

/// What is worth knowing before one opens it stands in the list, as far as its reader may see it.
#[tokio::test]
async fn a_list_tells_the_facts_of_each_request_that_its_reader_may_see() {
    on_both_shared(async |workspace| {
        let (mei, one) = (workspace.person("mei").await, workspace.person("one").await);
        let fields = [text("what").required(), Field::new("price", "money"), Field::new("cost", "money")];
        let bill = workspace.form(form("bill", fields).with("title", "{what}")).await;
        bill.allow(group("askers", &[&mei.id])).await;
        let hidden = json!({"fields": {"*": "read", "cost": "hidden"}});
        bill.flow(json!([approve("boss", &[&one.id], hidden)])).await;
        bill.create(&mei, json!({"what": "Chairs", "price": "12.5", "cost": "7"})).await.created();
        let facts = async |who: &tests::Client, list: &str| -> Vec<(String, bool)> {
            let tasks = who.get(&format!("/tasks?box={list}")).await.ok();
            let facts = items(&tasks)[0]["facts"].as_array().unwrap().clone();
            let told = |fact: &Value| (fact["label"].as_str().unwrap().to_owned(), fact["numeric"] == true);
            assert!(facts.iter().all(|fact| !fact["text"].as_str().unwrap().is_empty()), "{facts:?}");
            facts.iter().map(told).collect()
        };
        assert_eq!(facts(&one, "todo").await, [("price".to_owned(), true)]);
        assert_eq!(facts(&mei, "started").await.len(), 2);
    })
    .await;
}

/// W30: the inbox of one app is every list and every number of it, and no more.
#[tokio::test]
async fn the_inbox_of_one_app_is_listed_and_counted_by_itself() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let read = json!({"fields": {"*": "read"}});
        let cc = json!({"kind": "cc", "key": "told", "label": "told", "who": [{"members": [r.two.id]}],
            "fields": {"*": "read"}});
        let boss = approve("boss", &[&r.one.id], read.clone());
        r.form.flow(json!([cc, boss])).await;
        let other = workspace.app("Travel").await;
        let trip = other.form(form("trip", [text("what").required()]).with("title", "{what}")).await;
        trip.allow(group("askers", &[&r.mei.id])).await;
        trip.flow(json!([cc, approve("boss", &[&r.one.id], read.clone())])).await;
        r.ask(5).await;
        r.ask(6).await;
        trip.create(&r.mei, json!({"what": "Oslo"})).await.created();
        trip.create(&r.mei, json!({"what": "Rome"})).await.created();
        let waiting = r.one.get(&format!("/tasks?app={}", other.key)).await.ok();
        let (first, second) = (id_of(&items(&waiting)[1]), id_of(&items(&waiting)[0]));
        act(&r.one, &first, "approve", json!({})).await.ok();
        act(&r.one, &second, "return", json!({"to": "start", "opinion": "When?"})).await.ok();

        let found = async |who: &tests::Client, query: &str| {
            let list = who.get(&format!("/tasks?{query}&count=exact")).await.ok();
            assert_eq!(list["count"]["value"], json!(items(&list).len()), "{query}");
            let last = |task: &Value| task["title"].as_str().unwrap().rsplit(' ').next().unwrap().to_owned();
            items(&list).iter().map(last).collect::<Vec<_>>()
        };
        // By its key and by its id.
        for app in [&other.key, &other.id] {
            assert_eq!(found(&r.one, &format!("app={app}")).await, [""; 0]);
            assert_eq!(found(&r.one, &format!("box=handled&app={app}")).await, ["Rome", "Oslo"]);
            assert_eq!(found(&r.two, &format!("box=cc&app={app}")).await, ["Rome", "Oslo"]);
            assert_eq!(found(&r.mei, &format!("app={app}")).await, ["Rome"]);
            assert_eq!(found(&r.mei, &format!("box=started&app={app}")).await, ["Rome", "Oslo"]);
            assert_eq!(found(&r.mei, &format!("box=started&state=approved&app={app}")).await, ["Oslo"]);
            let counts = r.mei.get(&format!("/tasks/counts?app={app}")).await.ok();
            let told = ["todo", "returned", "running", "unseen"].map(|name| counts[name].as_u64().unwrap());
            assert_eq!(told, [1, 1, 1, 0], "{counts}");
            assert_eq!(counts["forms"].as_array().unwrap().len(), 1, "{counts}");
            assert_eq!(counts["forms"][0]["form"], json!(trip.id));
        }
        assert_eq!(found(&r.one, "box=todo").await, ["Chairs", "Chairs"]);
        assert_eq!(found(&r.one, &format!("app={}&form={}", other.key, r.form.id)).await, [""; 0]);
        assert_eq!(r.two.get("/tasks/counts").await.ok()["unseen"], 4);
        assert_eq!(r.two.get(&format!("/tasks/counts?app={}", other.key)).await.ok()["unseen"], 2);
        // Whether there is such an app is told to nobody.
        assert_eq!(found(&r.one, "app=nowhere").await, [""; 0]);
        let none = r.one.get("/tasks/counts?app=nowhere").await.ok();
        assert_eq!((&none["todo"], &none["forms"]), (&json!(0), &json!([])));
        r.one.get("/tasks/counts?colour=red").await.refused(422, "unknown_member");
    })
    .await;
}

#[tokio::test]
async fn several_tasks_are_decided_at_once_and_each_says_what_became_of_it() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([approve(
                "boss",
                &[&r.one.id, &r.two.id],
                json!({"fields": {"*": "read", "note": "edit"}})
            )]))
            .await;
        for amount in [1, 2, 3] {
            r.ask(amount).await;
        }
        let waiting = todo(&r.one).await;
        // Somebody else is faster with one of them.
        let theirs = todo(&r.two).await;
        act(&r.two, &theirs[0], "approve", json!({})).await.ok();
        let stranger = theirs[1].clone();
        let mut tasks = waiting.clone();
        tasks.push(stranger.clone());
        let body = json!({"tasks": tasks, "action": "approve", "opinion": "All of them"});
        let answer = r.one.post_once("/tasks/decide", "batch-1", body.clone()).await.ok();
        let told: Vec<(String, Value)> = answer["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|result| match result.get("problem") {
                Some(problem) => (result["task"].as_str().unwrap().to_owned(), problem["code"].clone()),
                None => (result["task"].as_str().unwrap().to_owned(), result["state"].clone()),
            })
            .collect();
        assert_eq!(
            told,
            [
                (waiting[0].clone(), json!("task_closed")),
                (waiting[1].clone(), json!("approved")),
                (waiting[2].clone(), json!("approved")),
                (stranger, json!("not_yours")),
            ]
        );
        assert!(!answer["results"][0]["problem"]["detail"].as_str().unwrap().is_empty());
        assert!(todo(&r.one).await.is_empty());
        // Sent again it does nothing twice.
        let again = r.one.post_once("/tasks/decide", "batch-1", body).await.ok();
        assert_eq!(again["results"][1]["state"], "approved");

        let decide = async |body: Value| r.one.post("/tasks/decide", body).await.refused(422, "validation");
        assert_eq!(faults(&decide(json!({"tasks": [], "action": "approve"})).await), ["tasks: required"]);
        assert_eq!(
            faults(&decide(json!({"tasks": [waiting[0]], "action": "transfer"})).await),
            ["action: wrong_type"]
        );
        let many = vec![waiting[0].clone(); 201];
        assert_eq!(faults(&decide(json!({"tasks": many, "action": "approve"})).await), ["tasks: too_many"]);
    })
    .await;
}

/// W15: who was added was asked to look at this one, so that it is not decided among others.
#[tokio::test]
async fn what_somebody_was_added_to_is_decided_by_itself() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        for (mode, others) in [("before", 0), ("parallel", 1)] {
            r.ask(5).await;
            let opened = task(&r.one).await;
            act(&r.one, &opened, "add-sign", json!({"to": [r.two.id], "mode": mode})).await.ok();
            let added = task(&r.two).await;
            for action in ["approve", "reject"] {
                let body = json!({"tasks": [added], "action": action});
                let result = r.two.post("/tasks/decide", body).await.ok()["results"][0].clone();
                assert_eq!(result["problem"]["code"], "added_task", "{result}");
                assert!(!result["problem"]["detail"].as_str().unwrap().is_empty());
            }
            assert_eq!(task(&r.two).await, added, "nothing was decided");
            // So it is whoever it is handed to.
            act(&r.two, &added, "transfer", json!({"to": r.three.id})).await.ok();
            let body = json!({"tasks": [added], "action": "approve"});
            let result = r.three.post("/tasks/decide", body).await.ok()["results"][0].clone();
            assert_eq!(result["problem"]["code"], "added_task", "{result}");
            act(&r.three, &added, "approve", json!({})).await.ok();
            // Beside each other one is enough here.
            if others == 0 {
                let body = json!({"tasks": [opened], "action": "approve"});
                let result = r.one.post("/tasks/decide", body).await.ok()["results"][0].clone();
                assert_eq!(result["state"], "approved", "who added somebody decides among others");
            }
            assert!(todo(&r.one).await.is_empty());
        }
    })
    .await;
}

#[tokio::test]
async fn whom_a_decider_let_know_reminds_those_who_are_waited_for() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let path = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
        act(&r.one, &task(&r.one).await, "cc", json!({"to": [r.two.id]})).await.ok();
        let offered = r.two.get(&path).await.ok()["actions"].clone();
        assert!(offered.as_array().unwrap().contains(&json!("urge")), "{offered}");
        r.three.post(&format!("{path}/urge"), json!({})).await.refused(404, "not_found");
        r.two.post(&format!("{path}/urge"), json!({})).await.ok();
        r.mei.post(&format!("{path}/urge"), json!({})).await.refused(409, "urged_recently");
    })
    .await;
}

#[tokio::test]
async fn a_copy_is_unseen_until_it_was_looked_at() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form
            .flow(json!([
                approve("boss", &[&r.one.id], json!({"fields": {"*": "read", "cost": "hidden"}})),
                {"kind": "cc", "key": "told", "label": "told", "who": [{"members": [r.two.id]}]}
            ]))
            .await;
        let asked = r.ask(5).await;
        let opened = task(&r.one).await;
        // Whoever decides lets somebody else know, who then sees what they see.
        r.form.read(&r.three, &asked).await.refused(404, "not_found");
        let body = act(&r.one, &opened, "cc", json!({})).await.refused(422, "validation");
        assert_eq!(faults(&body), ["to: required"]);
        act(&r.two, &opened, "cc", json!({"to": [r.three.id]})).await.refused(404, "not_found");
        act(&r.one, &opened, "cc", json!({"to": [r.three.id]})).await.ok();
        let seen = r.form.read(&r.three, &asked).await.ok();
        assert_eq!((&seen["fields"]["what"], seen["fields"].get("cost")), (&json!("Chairs"), None));
        assert_eq!(r.state(&asked).await.1, ["boss"], "nothing moves");
        let log = r.instance(&asked).await["log"].clone();
        let line = log.as_array().unwrap().iter().find(|line| line["action"] == "cc").unwrap().clone();
        assert_eq!((&line["who"], &line["members"]), (&json!(r.one.id), &json!([r.three.id])));

        act(&r.one, &opened, "approve", json!({})).await.ok();
        for who in [&r.two, &r.three] {
            assert_eq!(who.get("/tasks/counts").await.ok()["unseen"], 1);
            let copy = id_of(&items(&who.get("/tasks?box=cc&unseen=true").await.ok())[0]);
            act(who, &copy, "seen", json!({})).await.ok();
            act(who, &copy, "seen", json!({})).await.ok();
            assert_eq!(who.get("/tasks/counts").await.ok()["unseen"], 0);
            assert!(items(&who.get("/tasks?box=cc&unseen=true").await.ok()).is_empty());
            assert_eq!(items(&who.get("/tasks?box=cc").await.ok()).len(), 1, "it stays in the list");
        }
        act(&r.one, &opened, "seen", json!({})).await.refused(409, "wrong_action");
    })
    .await;
}

#[tokio::test]
async fn who_loses_a_task_hears_of_it_as_who_gets_it() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        let given = task(&r.one).await;
        let (mut loser, mut gainer) =
            (News::open(&r.one, "/events").await, News::open(&r.two, "/events").await);
        let path = format!("/instances/{}/reassign", asked["instance"]["id"].as_str().unwrap());
        workspace.admin.post(&path, json!({"task": given, "to": r.two.id})).await.ok();
        assert_eq!(loser.hears("task").await["task"], json!(given));
        assert_eq!(gainer.hears("task").await["task"], json!(given));
    })
    .await;
}

#[tokio::test]
async fn who_is_let_know_of_something_hears_of_it_at_once() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        // No notice tells of what somebody has done themselves, and yet their list of copies has one more.
        let cc = json!({"kind": "cc", "key": "told", "label": "told", "who": [{"members": [r.mei.id]}]});
        r.form.flow(json!([cc, approve("boss", &[&r.one.id], json!({}))])).await;
        let mut news = News::open(&r.mei, "/events").await;
        r.ask(5).await;
        assert_eq!(news.hears("notice").await, json!({"kind": "notice"}));
        assert_eq!(items(&r.mei.get("/tasks?box=cc").await.ok()).len(), 1);
    })
    .await;
}
