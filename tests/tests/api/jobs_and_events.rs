//! Long work that is watched, stopped and interrupted, and news for those who look on.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::design::{approve, form, group, test, text};
use tests::workspace::{UNKNOWN, id_of, items, version_of};
use tests::{Client, News, on_both, on_both_shared};

#[tokio::test]
async fn news_reaches_those_whom_it_concerns() {
    on_both_shared(async |workspace| {
        let request = workspace.form(form("request", [text("what")])).await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        request.allow(group("own", &[&mei.id]).rows(test("$owner", "eq", json!({"var": "me"})))).await;
        request.flow(json!([approve("boss", &[&tom.id], json!({}))])).await;
        let (mut hers, mut his) = (News::open(&mei, "/events").await, News::open(&tom, "/events").await);

        let asked = request.create(&mei, json!({"what": "Chairs"})).await.created();
        let told = hers.hears("record").await;
        assert_eq!((&told["record"], &told["what"]), (&asked["id"], &json!("create")));
        let told = his.hears("task").await;
        assert_eq!(told["instance"], asked["instance"]["id"]);

        // What somebody may not see is no news for them.
        request.add(json!({"what": "Somebody else's"})).await;
        hers.hears_nothing().await;
        workspace.admin.stranger().get("/events").await.refused(401, "sign_in_required");
    })
    .await;
}

/// What a program hears is what it may read.
#[tokio::test]
async fn t52_a_token_that_may_not_read_hears_of_no_records() {
    on_both_shared(async |workspace| {
        let request = workspace.form(form("request", [text("what")])).await;
        let mei = workspace.person("mei").await;
        request.allow(group("all", &[&mei.id])).await;
        let token = async |scope: &str| {
            let made = mei.post("/tokens", json!({"name": scope, "scopes": [scope]})).await.created();
            Client::with_token(mei.url(), made["token"].as_str().unwrap())
        };
        let (reads, writes) = (token("read").await, token("write").await);
        let mut told = News::open(&reads, "/events").await;
        let mut untold = News::open(&writes, "/events").await;
        let chairs = request.add(json!({"what": "Chairs"})).await;
        assert_eq!(told.hears("record").await["record"], chairs["id"]);
        untold.hears_nothing().await;
    })
    .await;
}

/// What comes of a job tells of records: of rows that were refused, and what they held.
#[tokio::test]
async fn t52_a_token_that_may_not_read_knows_of_the_jobs_alone_that_it_began() {
    on_both_shared(async |workspace| {
        let request = workspace.form(form("request", [text("what")])).await;
        let mei = workspace.person("mei").await;
        request.allow(group("all", &[&mei.id]).may(&["view", "create", "import"])).await;
        let token = async |scope: &str| {
            let made = mei.post("/tokens", json!({"name": scope, "scopes": [scope]})).await.created();
            Client::with_token(mei.url(), made["token"].as_str().unwrap())
        };
        let (reads, writes) = (token("read").await, token("write").await);
        let begin = async |who: &Client| {
            let file = who.upload("a.csv", "text/csv", b"what\nChairs\n".to_vec()).await;
            let input = json!({"file": file, "mapping": {"what": "what"}});
            let started = who.post(&request.path("/import"), input).await.with_status(202);
            format!("/jobs/{}", started["job"].as_str().unwrap())
        };
        let (hers, its) = (begin(&mei.reconnected()).await, begin(&writes).await);
        for who in [&mei.reconnected(), &reads] {
            for path in [&hers, &its] {
                who.get(path).await.ok();
            }
            assert_eq!(items(&who.get("/jobs").await.ok()).len(), 2);
        }
        writes.get(&its).await.ok();
        writes.get(&hers).await.refused(404, "not_found");
        writes.post(&format!("{hers}/undo"), json!({})).await.refused(404, "not_found");
        let listed = writes.get("/jobs").await.ok();
        let listed: Vec<String> = items(&listed).iter().map(|job| format!("/jobs/{}", id_of(job))).collect();
        assert_eq!(listed, [its]);
    })
    .await;
}

#[tokio::test]
async fn what_is_under_way_is_listed_by_itself_with_what_it_is_about() {
    on_both_shared(async |workspace| {
        let part = workspace.form(form("part", [text("name")])).await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        part.allow(group("all", &[&mei.id]).may(&["view", "create", "import"])).await;
        let rows: String = (0..10_000).map(|number| format!("Part {number}\n")).collect();
        let file = mei.upload("a.csv", "text/csv", format!("name\n{rows}").into_bytes()).await;
        let input = json!({"file": file, "mapping": {"name": "name"}});
        let started = mei.post(&part.path("/import"), input).await;
        let listed = mei.get("/jobs?under_way=true").await.ok();
        let [job] = items(&listed).as_slice() else { panic!("{listed}") };
        assert_eq!((&job["id"], &job["kind"]), (&started.body["job"], &json!("import")));
        assert_eq!(job["about"], mei.get(&part.path("")).await.ok()["label"], "{job}");
        assert!(items(&tom.get("/jobs?under_way=true").await.ok()).is_empty());
        mei.post(&format!("/jobs/{}/cancel", id_of(job)), json!({})).await.ok();

        let over = mei.job(started).await;
        assert!(over.get("about").is_none(), "{over}");
        assert!(items(&mei.get("/jobs?under_way=true").await.ok()).is_empty());
        assert_eq!(items(&mei.get("/jobs").await.ok()).len(), 1);
        mei.get("/jobs?colour=red").await.refused(422, "unknown_member");
    })
    .await;
}

#[tokio::test]
async fn deletions_and_new_versions_are_news_for_those_who_could_see_the_records() {
    on_both_shared(async |workspace| {
        let request = workspace.form(form("request", [text("what")])).await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        request.allow(group("own", &[&mei.id]).rows(test("$owner", "eq", json!({"var": "me"})))).await;
        let others = request.add(json!({"what": "Somebody else's"})).await;
        let own = request.create(&mei, json!({"what": "Chairs"})).await.created();
        let (mut hers, mut his) = (News::open(&mei, "/events").await, News::open(&tom, "/events").await);

        workspace.admin.delete(&request.at(&others), version_of(&others)).await.with_status(204);
        hers.hears_nothing().await;
        workspace.admin.delete(&request.at(&own), version_of(&own)).await.with_status(204);
        let told = hers.hears("record").await;
        assert_eq!((&told["record"], &told["what"]), (&own["id"], &json!("delete")));

        request
            .extend(json!([{"do": "add_field", "field": {"key": "why", "label": "Why", "kind": "text"}}]))
            .await;
        assert_eq!(hers.hears("form").await["form"], request.id);
        // Whoever sees none of the records hears nothing of the form.
        his.hears_nothing().await;
    })
    .await;
}

/// However many there are: a page looks at its list once. It names none of them, and does not say how many.
#[tokio::test]
async fn many_records_that_change_at_once_are_one_piece_of_news() {
    const PATIENCE: Duration = Duration::from_secs(10);
    on_both_shared(async |workspace| {
        let part = workspace.form(form("part", [text("name")])).await;
        let (mei, lin, tom) =
            (workspace.person("mei").await, workspace.person("lin").await, workspace.person("tom").await);
        part.allow(group("all", &[&mei.id]).may(&["view", "create", "import"])).await;
        part.allow(group("own", &[&lin.id]).rows(test("$owner", "eq", json!({"var": "me"})))).await;
        let mut hers = News::open(&mei, "/events").await;
        let mut own = News::open(&lin, "/events").await;
        let mut his = News::open(&tom, "/events").await;
        let many = json!({"kind": "records", "form": part.id});

        part.add_all((0..200).map(|number| json!({"name": format!("Part {number}")}))).await;
        let told = hers.next(PATIENCE).await;
        assert_eq!(told, Some(("records".to_owned(), many.clone())));
        hers.hears_nothing().await;
        // Who sees none of them hears nothing.
        own.hears_nothing().await;
        his.hears_nothing().await;

        // A few are told by themselves.
        let bolts = part.add(json!({"name": "Bolts"})).await;
        let told = hers.hears("record").await;
        assert_eq!((&told["record"], &told["what"]), (&bolts["id"], &json!("create")));
        let added = part.add_all((0..3).map(|number| json!({"name": format!("Few {number}")}))).await;
        for id in added {
            assert_eq!(hers.hears("record").await["record"], json!(id));
        }

        // An import is one work, in however many slices.
        let rows: String = (0..200).map(|number| format!("Imported {number}\n")).collect();
        let file = mei.upload("a.csv", "text/csv", format!("name\n{rows}").into_bytes()).await;
        let input = json!({"file": file, "mapping": {"name": "name"}});
        let job = mei.job(mei.post(&part.path("/import"), input).await).await;
        assert_eq!(job["state"], "done", "{job}");
        let mut told = 0;
        while let Some((name, data)) = hers.next(Duration::from_millis(1500)).await {
            assert_ne!(name, "record", "{data}");
            if name == "records" {
                assert_eq!(data, many);
                told += 1;
            }
        }
        assert!((1..40).contains(&told), "{told}");
        own.hears_nothing().await;
        his.hears_nothing().await;
    })
    .await;
}

#[tokio::test]
async fn who_designs_a_form_hears_of_what_others_change_in_its_draft() {
    on_both_shared(async |workspace| {
        let request = workspace.form(form("request", [text("what")])).await;
        let mei = workspace.person("mei").await;
        request.allow(group("all", &[&mei.id])).await;
        let mut news = News::open(&workspace.admin, "/events").await;
        let mut hers = News::open(&mei, "/events").await;
        let base = workspace.admin.get(&request.path("/draft")).await.ok()["base"].clone();
        let label = json!({"do": "set", "key": "what", "member": "label", "value": "What for"});
        let edits = json!({"base": base, "edits": [label]});
        let draft = workspace.admin.post(&request.path("/draft/edits"), edits).await.ok();
        let told = news.hears("draft").await;
        assert_eq!((&told["base"], &told["form"]), (&draft["base"], &json!(request.id)));
        assert!(told["by"].is_string() && told["name"].is_string(), "{told}");
        // She fills it in and does not design it.
        hers.hears_nothing().await;
    })
    .await;
}

#[tokio::test]
async fn a_job_is_watched_until_it_is_over() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let mei = server.member(&admin, "mei@example.com", &[]).await;
        // With its records, and those of the base data: they take many times as long as one waits for the next event.
        let install = json!({"demo": true});
        let started =
            admin.post_once("/templates/loyalty/install", "install", install.clone()).await.with_status(202);
        let path = format!("/jobs/{}", started["job"].as_str().unwrap());
        let mut news = News::open(&admin, &format!("{path}/events")).await;
        let mut told = Vec::new();
        while let Some((_, job)) = news.next(Duration::from_secs(60)).await {
            told.push(job);
        }
        let last = told.pop().unwrap();
        assert_eq!(last["state"], "done", "{last}");
        assert!(last["total"].as_u64() > Some(1_000) && last["done"] == last["total"], "{last}");
        let again = admin.post_once("/templates/loyalty/install", "install", install).await.with_status(202);
        assert_eq!(started, again, "begun once");
        // It was told how far it is while it ran.
        let on_its_way = |job: &Value| {
            let (done, total) = (job["done"].as_u64().unwrap(), job["total"].as_u64());
            job["state"] == "running" && done > 0 && Some(done) < total
        };
        assert!(told.iter().any(on_its_way), "{told:?}");
        assert!(told.iter().all(|job| job["state"] == "running"), "{told:?}");
        assert_eq!(admin.get(&path).await.ok(), last);
        assert_eq!(items(&admin.get("/jobs").await.ok())[0]["id"], last["id"]);
        admin.post(&format!("{path}/cancel"), json!({})).await.refused(409, "job_over");

        // Jobs of others are nobody's.
        mei.get(&path).await.refused(404, "not_found");
        mei.get(&format!("{path}/events")).await.refused(404, "not_found");
        mei.post(&format!("{path}/cancel"), json!({})).await.refused(404, "not_found");
        assert!(items(&mei.get("/jobs").await.ok()).is_empty());
        admin.get(&format!("/jobs/{UNKNOWN}")).await.refused(404, "not_found");
    })
    .await;
}

async fn is_installed(admin: &Client, key: &str) -> bool {
    let templates = admin.get("/templates").await.ok();
    let template = items(&templates).iter().find(|template| template["key"] == key).unwrap();
    !template["installed"].as_array().unwrap().is_empty()
}

#[tokio::test]
async fn an_install_that_is_stopped_or_interrupted_leaves_nothing_behind() {
    on_both(async |server| {
        let mut admin = server.set_up().await;
        let install = json!({"demo": true});
        let started = admin.post("/templates/inventory/install", install.clone()).await;
        let path = format!("/jobs/{}", started.body["job"].as_str().unwrap());
        admin.post(&format!("{path}/cancel"), json!({})).await.ok();
        let job = admin.job(started).await;
        assert_eq!(job["state"], "cancelled", "{job}");
        assert!(!is_installed(&admin, "inventory").await && !is_installed(&admin, "base").await);
        assert!(items(&admin.get("/apps").await.ok()).is_empty());

        let started = admin.post("/templates/inventory/install", install.clone()).await.with_status(202);
        tokio::time::sleep(Duration::from_millis(200)).await;
        server.kill().await;
        server.restart().await;
        admin = admin.moved_to(server.url());
        let path = format!("/jobs/{}", started["job"].as_str().unwrap());
        let mut job = admin.get(&path).await.ok();
        // Where several servers may share the database, the job's lease has to run out first.
        let until = Instant::now() + Duration::from_secs(60);
        while job["state"] == "running" && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(500)).await;
            job = admin.get(&path).await.ok();
        }
        assert_eq!((&job["state"], &job["problem"]["code"]), (&json!("failed"), &json!("job_interrupted")));
        assert!(items(&admin.get("/apps").await.ok()).is_empty());
        let again = admin.post("/templates/inventory/install", json!({})).await;
        assert_eq!(admin.job(again).await["state"], "done");
    })
    .await;
}
