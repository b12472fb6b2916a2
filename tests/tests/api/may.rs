//! What a record says of what its reader may do with it, and that the save agrees; what becomes of an approval whose
//! record is changed or deleted.

use serde_json::{Value, json};
use tests::design::{approve, form, group, link, number, select, test, text};
use tests::on_both_shared;
use tests::workspace::{id_of, items, version_of};
use tests::{Client, Form, Person, Workspace};

fn operations(record: &Value) -> Vec<&str> {
    let operations = record["may"]["operations"].as_array().unwrap_or_else(|| panic!("no may in {record}"));
    operations.iter().map(|name| name.as_str().unwrap()).collect()
}

/// The records of a list by name, with what may be done with each.
async fn listed(form: &Form, who: &Client, query: Value) -> Vec<(String, Vec<String>)> {
    let list = form.query(who, query).await.ok();
    let told = |record: &Value| {
        let names = operations(record).into_iter().map(str::to_owned).collect();
        (record["fields"]["name"].as_str().unwrap_or_default().to_owned(), names)
    };
    items(&list).iter().map(told).collect()
}

fn named(records: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    records.iter().map(|(record, names)| ((*record).to_owned(), own(names))).collect()
}

#[tokio::test]
async fn a_record_says_what_may_be_done_with_it_and_the_save_agrees() {
    on_both_shared(async |workspace| {
        let note = form("note", [text("name"), number("amount", 2), number("rank", 0)]);
        let note = workspace.form(note).await;
        let mei = workspace.person("mei").await;
        note.allow(group("readers", &[&mei.id]).may(&["view", "create"]).field("*", "read")).await;
        let mine = test("$owner", "eq", json!({"var": "me"}));
        note.allow(
            group("owners", &[&mei.id]).may(&["view", "edit", "delete"]).field("amount", "read").rows(mine),
        )
        .await;
        note.allow(group("ranked", &[&mei.id]).may(&["view", "edit"]).rows(test("rank", "gte", "5"))).await;
        let theirs = note.add(json!({"name": "theirs", "rank": 1})).await;
        let high = note.add(json!({"name": "high", "rank": 7})).await;
        let own = note.create(&mei, json!({"name": "own", "rank": 1})).await.created();
        assert_eq!(
            own["may"],
            json!({"operations": ["edit", "delete"], "fields": {"amount": "read"}}),
            "in another's rows an amount may be set"
        );
        assert_eq!(note.read(&mei, &theirs).await.ok()["may"], json!({"operations": []}));
        assert_eq!(note.read(&mei, &high).await.ok()["may"], json!({"operations": ["edit"]}));

        // In lists too, with whatever fields they show: the rank decides and is not among them.
        let wanted = named(&[("high", &["edit"]), ("own", &["edit", "delete"]), ("theirs", &[])]);
        let by_name = json!([{"field": "name"}]);
        let query = json!({"sort": by_name, "fields": ["name"]});
        assert_eq!(listed(&note, &mei, query.clone()).await, wanted);
        assert_eq!(listed(&note, &mei, json!({"sort": by_name})).await, wanted);
        let shown = note.query(&mei, query).await.ok();
        assert_eq!(items(&shown)[0]["fields"], json!({"name": "high"}));

        note.edit(&mei, &theirs, json!({"name": "x"})).await.refused(403, "forbidden");
        note.edit(&mei, &own, json!({"amount": 1})).await.refused(422, "not_writable");
        mei.delete(&note.at(&high), 1).await.refused(403, "forbidden");
        note.edit(&mei, &high, json!({"amount": 1})).await.ok();
        let own = note.edit(&mei, &own, json!({"name": "still own"})).await.ok();
        assert_eq!(operations(&own), ["edit", "delete"]);
        mei.delete(&note.at(&own), version_of(&own)).await.with_status(204);
        let bin = json!({"deleted": true, "fields": ["name"]});
        assert_eq!(listed(&note, &mei, bin).await, named(&[("still own", &["delete"])]));

        let seen = note.read(&note.admin, &theirs).await.ok();
        assert_eq!(seen["may"], json!({"operations": ["edit", "delete", "change_owner"]}));
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_its_makers_to_change_and_to_submit() {
    on_both_shared(async |workspace| {
        let note =
            workspace.form(form("note", [text("name")]).with("settings", json!({"drafts": true}))).await;
        let mei = workspace.person("mei").await;
        note.allow(group("makers", &[&mei.id]).may(&["view", "create"])).await;
        let body = json!({"fields": {"name": "later"}, "draft": true});
        let draft = mei.post(&note.path("/records"), body).await.created();
        assert_eq!(operations(&draft), ["create", "edit", "delete"]);
        let sent = mei.post(&format!("{}/submit", note.at(&draft)), json!({"fields": {}})).await.ok();
        assert_eq!(operations(&sent), Vec::<&str>::new());
    })
    .await;
}

#[tokio::test]
async fn rows_behind_a_link_decide_about_the_records_of_a_list() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Visits").await;
        let customer =
            app.form(form("customer", [text("name"), select("region", &["north", "south"])])).await;
        let visit = app.form(form("visit", [text("name"), link("cust", "customer")])).await;
        let mei = workspace.person("mei").await;
        customer.allow(group("readers", &[&mei.id]).may(&["view"])).await;
        visit.allow(group("all", &[&mei.id]).may(&["view"])).await;
        let north = group("north", &[&mei.id]).may(&["edit"]).rows(test("cust.region", "eq", "north"));
        visit.allow(north).await;
        for region in ["north", "south"] {
            let customer = customer.add(json!({"name": region, "region": region})).await;
            visit.add(json!({"name": region, "cust": customer["id"]})).await;
        }
        let query = json!({"sort": [{"field": "name"}], "fields": ["name"]});
        assert_eq!(listed(&visit, &mei, query).await, named(&[("north", &["edit"]), ("south", &[])]));
    })
    .await;
}

/// Requests that `boss` approves, asked for by `mei`, who may delete but not change them meanwhile.
struct Requests {
    form: Form,
    mei: Person,
    boss: Person,
}

async fn requests(workspace: &Workspace) -> Requests {
    let app = workspace.app("Office").await;
    let budget = app.form(form("budget", [text("name")])).await;
    let of_budget = link("budget", "budget").option("on_target_delete", "cascade");
    let form = app.form(form("request", [text("name"), number("amount", 2), of_budget])).await;
    let (mei, boss) = (workspace.person("mei").await, workspace.person("boss").await);
    form.allow(group("askers", &[&mei.id])).await;
    budget.allow(group("askers", &[&mei.id])).await;
    form.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
    Requests { form, mei, boss }
}

/// The only task that waits for somebody.
async fn task(who: &Client) -> String {
    let waiting = who.get("/tasks?box=todo").await.ok();
    assert_eq!(items(&waiting).len(), 1, "{waiting}");
    id_of(&items(&waiting)[0])
}

#[tokio::test]
async fn what_may_be_done_follows_the_approval() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let asked = r.form.create(&r.mei, json!({"name": "Chairs"})).await.created();
        assert_eq!(operations(&asked), ["delete"]);
        let admin = &r.form.admin;
        let seen = r.form.read(admin, &asked).await.ok();
        assert_eq!(
            operations(&seen),
            ["edit", "delete", "change_owner", "terminate", "reassign_task"],
            "an administrator may, and is told that it runs"
        );
        assert_eq!(seen["system"]["flow_state"], "running");
        // Who decides changes it through the task alone.
        assert_eq!(operations(&r.form.read(&r.boss, &asked).await.ok()), Vec::<&str>::new());
        // What an administrator changes meanwhile, the approver reads at once.
        r.form.edit(admin, &seen, json!({"amount": 7})).await.ok();
        assert_eq!(r.form.read(&r.boss, &asked).await.ok()["fields"]["amount"], "7.00");
        let path = format!("/tasks/{}/approve", task(&r.boss).await);
        r.boss.post(&path, json!({})).await.ok();
        assert_eq!(operations(&r.form.read(&r.mei, &asked).await.ok()), ["edit", "delete"]);
    })
    .await;
}

#[tokio::test]
async fn deleting_a_record_ends_its_approval_whatever_way_it_goes() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &r.form.admin;
        let app = admin.get(&r.form.path("")).await.ok()["app"].clone();
        let forms = admin.get(&format!("/apps/{}/forms", app.as_str().unwrap())).await.ok();
        let budget = id_of(items(&forms).iter().find(|form| form["key"] == "budget").unwrap());
        for way in ["alone", "in bulk", "with what it belongs to", "taken back before"] {
            let fields = json!({"fields": {"name": "Furniture"}});
            let of = admin.post(&format!("/forms/{budget}/records"), fields).await.created();
            let fields = json!({"name": way, "budget": of["id"]});
            let asked = r.form.create(&r.mei, fields).await.created();
            let instance = format!("/instances/{}", asked["instance"]["id"].as_str().unwrap());
            let waiting = task(&r.boss).await;
            let (id, version) = (id_of(&asked), version_of(&asked));
            match way {
                "alone" => drop(admin.delete(&r.form.at(&asked), version).await.with_status(204)),
                "in bulk" => {
                    drop(admin.post(&r.form.path("/records/bulk"), json!({"delete": [id]})).await.ok());
                }
                "with what it belongs to" => {
                    let path = format!("/forms/{budget}/records/{}", id_of(&of));
                    admin.delete(&path, 1).await.with_status(204);
                }
                _ => {
                    r.mei.post(&format!("{instance}/withdraw"), json!({})).await.ok();
                    let now = version_of(&r.form.read(admin, &asked).await.ok());
                    admin.delete(&r.form.at(&asked), now).await.with_status(204);
                }
            }
            // Nobody is left with a task, and nothing can go on.
            for person in [&r.boss, &r.mei] {
                let left = person.get("/tasks?box=todo").await.ok();
                assert!(items(&left).is_empty(), "{way}: {left}");
            }
            r.boss.post(&format!("/tasks/{waiting}/approve"), json!({})).await.refused(409, "task_closed");
            let ended = r.boss.get(&instance).await.ok();
            assert_eq!((&ended["state"], &ended["steps"]), (&json!("terminated"), &json!([])), "{way}");
            let tasks = ended["tasks"].as_array().unwrap();
            assert!(tasks.iter().all(|task| task["state"] != "open"), "{way}: {ended}");
            let log = ended["log"].as_array().unwrap();
            let end = log.iter().find(|line| line["action"] == "terminate");
            let who = end.map(|line| &line["who"]);
            assert!(who.is_some_and(Value::is_string), "the log says who deleted, {way}: {ended}");

            // Brought back, it is a record whose approval is over.
            // What went with another comes back with that.
            let path = match way {
                "with what it belongs to" => format!("/forms/{budget}/records/{}/restore", id_of(&of)),
                _ => format!("{}/restore", r.form.at(&asked)),
            };
            admin.post(&path, json!({})).await.ok();
            let back = r.form.read(&r.mei, &asked).await.ok();
            assert_eq!(
                (&back["system"]["flow_state"], operations(&back)),
                (&json!("terminated"), vec!["edit", "delete"])
            );
            assert!(items(&r.boss.get("/tasks?box=todo").await.ok()).is_empty());
        }
    })
    .await;
}
