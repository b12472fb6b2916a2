//! What somebody has goes over to somebody else.

use serde_json::{Value, json};
use tests::design::{approve, form, group, number, text};
use tests::workspace::{faults, id_of, items};
use tests::{Client, Form, Workspace, on_both, on_both_shared};

async fn give(form: &Form, record: &Value, owner: &str) {
    let path = form.at(record);
    let version = record["version"].as_i64().unwrap();
    form.admin.patch(&path, version, json!({"system": {"owner": owner}})).await.ok();
}

async fn owner(form: &Form, record: &Value) -> Value {
    form.read(&form.admin, record).await.ok()["system"]["owner"].clone()
}

async fn todo(who: &Client) -> usize {
    items(&who.get("/tasks?box=todo").await.ok()).len()
}

#[tokio::test]
async fn records_tasks_and_places_go_over_and_the_report_tells_what_stays() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Customers").await;
        let customer =
            app.form(form("customer", [text("name"), number("limit", 0).option("max", "9")])).await;
        let request = app.form(form("request", [text("what")])).await;
        let (mei, tom, kim) =
            (workspace.person("mei").await, workspace.person("tom").await, workspace.person("kim").await);
        request.flow(json!([approve("boss", &[&mei.id], json!({}))])).await;
        request.allow(group("askers", &[&kim.id])).await;

        let (one, two) = (customer.add(json!({"name": "A"})).await, customer.add(json!({"name": "B"})).await);
        let other = customer.add(json!({"name": "C"})).await;
        let stuck = customer.add(json!({"name": "D", "limit": 9})).await;
        for record in [&one, &two, &stuck] {
            give(&customer, record, &mei.id).await;
        }
        // What a later rule refuses can't be saved, and so it stays.
        let strict = json!([{"do": "set", "key": "limit", "member": "options.max", "value": "5"}]);
        customer.extend(strict).await;
        request.create(&kim, json!({"what": "Chairs"})).await.created();
        let head = admin.post("/departments", json!({"name": "East", "head": mei.id})).await.created();
        admin.patch(&format!("/apps/{}", app.id), 1, json!({"admins": [{"members": [mei.id]}]})).await.ok();
        let of_form = json!({"admins": [{"members": [mei.id]}]});
        admin.put(&request.path("/admins"), "*", of_form).await.ok();
        admin.patch(&format!("/members/{}", kim.id), 1, json!({"manager": mei.id})).await.ok();
        admin.patch(&format!("/members/{}", tom.id), 1, json!({"manager": mei.id})).await.ok();

        for giver in [&kim, &tom] {
            giver.post("/delegations", json!({"to": mei.id})).await.created();
        }

        let west = admin.post("/departments", json!({"name": "West", "members": [tom.id]})).await.created();
        let path = format!("/members/{}", mei.id);
        let held = admin.get(&format!("{path}/holdings")).await.ok();
        assert_eq!(
            held["records"],
            json!([{"form": customer.id, "label": "customer", "count": 3}]),
            "{held}"
        );
        assert_eq!(held["tasks"], 1);
        assert_eq!(held["reports"].as_array().unwrap().len(), 2);
        assert_eq!(held["delegations"].as_array().unwrap().len(), 2);
        tom.get(&format!("{path}/holdings")).await.refused(403, "forbidden");

        let hand = format!("{path}/hand-over");
        let nobody = admin.post(&hand, json!({"to": mei.id})).await.refused(422, "validation");
        assert_eq!(faults(&nobody), ["to: not_an_id"]);
        tom.post(&hand, json!({"to": tom.id})).await.refused(403, "forbidden");
        let job = admin.job(admin.post(&hand, json!({"to": tom.id, "disable": true})).await).await;
        assert_eq!(job["state"], "done", "{job}");
        let report = &job["result"];
        let moved = json!([{"form": customer.id, "label": "customer", "moved": 2, "failed": 1}]);
        assert_eq!(report["records"], moved, "{report}");
        assert_eq!((&report["tasks"], &report["tasks_failed"]), (&json!(1), &json!(0)));
        assert_eq!(report["reasons"][0]["code"], "too_large", "{report}");
        let named = |list: &str| report[list].as_array().unwrap().len();
        assert_eq!((named("apps"), named("departments"), named("reports")), (1, 1, 2));
        assert_eq!((named("forms"), named("delegations")), (1, 2));
        let admins = admin.get(&request.path("/admins")).await.ok();
        assert_eq!(admins, json!({"admins": [{"members": [tom.id]}]}));

        assert_eq!(
            (owner(&customer, &one).await, owner(&customer, &two).await),
            (json!(tom.id), json!(tom.id))
        );
        assert_eq!(owner(&customer, &stuck).await, json!(mei.id));
        // They lie in the department of who took over.
        let now = customer.read(admin, &one).await.ok();
        assert_eq!(now["system"]["department"], west["id"]);
        assert_ne!(owner(&customer, &other).await, json!(tom.id), "what was not theirs stays");
        let history = admin.get(&format!("{}/history", customer.at(&one))).await.ok();
        assert_eq!(history["items"][0]["changes"]["$owner"]["new"], json!(tom.id), "{history}");
        assert_eq!((todo(&tom).await, todo(&kim).await), (1, 0));
        let given = admin.get("/delegations").await.ok();
        let [given] = items(&given).as_slice() else { panic!("nobody decides in their own place: {given}") };
        assert_eq!((&given["from"], &given["to"]), (&json!(kim.id), &json!(tom.id)));
        let departments = admin.get("/departments").await.ok();
        let east = items(&departments).iter().find(|one| one["id"] == head["id"]).unwrap();
        assert_eq!(east["head"], json!(tom.id));
        let apps = admin.get(&format!("/apps/{}", app.id)).await.ok();
        assert_eq!(apps["admins"], json!([{"members": [tom.id]}]));
        let members = admin.whole("/members").await;
        let member = |id: &str| items(&members).iter().find(|one| one["id"] == id).cloned().unwrap();
        let left = member(&mei.id);
        assert_eq!((&left["state"], &left["successor"]), (&json!("disabled"), &json!(tom.id)));
        assert_eq!(member(&kim.id)["manager"], json!(tom.id));
        assert_eq!(member(&tom.id)["manager"], Value::Null, "nobody reports to themselves");
        mei.get("/me").await.refused(401, "sign_in_required");

        // What is asked of who has left is asked of who took over.
        request.create(&kim, json!({"what": "Tables"})).await.created();
        assert_eq!(todo(&tom).await, 2);
        // Who is back does their own work.
        let back = admin.patch(&path, 1, json!({"state": "active"})).await.ok();
        assert_eq!(back["successor"], Value::Null);
    })
    .await;
}

#[tokio::test]
async fn many_records_go_over_whatever_happens_to_the_server() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let note = workspace.form(form("note", [text("name")])).await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let rows: Vec<Value> = (0..600)
            .map(|number| json!({"fields": {"name": format!("{number}")}, "system": {"owner": mei.id}}))
            .collect();
        let made = workspace.admin.post(&note.path("/records/bulk"), json!({"create": rows})).await;
        made.ok();
        let hand = format!("/members/{}/hand-over", mei.id);
        let started = workspace.admin.post(&hand, json!({"to": tom.id})).await.with_status(202);
        server.kill().await;
        server.restart().await;
        let admin = workspace.admin.moved_to(server.url());
        let path = format!("/jobs/{}", started["job"].as_str().unwrap());
        let mut job = Value::Null;
        for _ in 0..600 {
            job = admin.get(&path).await.ok();
            if job["state"] != "running" && job["state"] != "queued" {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(
            (&job["state"], &job["result"]["records"][0]["moved"]),
            (&json!("done"), &json!(600)),
            "{job}"
        );
        let held = admin.get(&format!("/members/{}/holdings", tom.id)).await.ok();
        assert_eq!(held["records"][0]["count"], 600);
    })
    .await;
}

/// Who takes over the work need not administer what the member did: that stays, and goes to somebody else.
#[tokio::test]
async fn what_somebody_administers_goes_to_who_is_chosen_for_it() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Customers").await;
        let form = app.form(form("customer", [text("name")])).await;
        let (mei, tom, kim) =
            (workspace.person("mei").await, workspace.person("tom").await, workspace.person("kim").await);
        let head = admin.post("/departments", json!({"name": "West", "head": mei.id})).await.created();
        let by_mei = json!({"admins": [{"members": [mei.id]}]});
        admin.patch(&format!("/apps/{}", app.id), 1, by_mei.clone()).await.ok();
        admin.put(&form.path("/admins"), "*", by_mei).await.ok();
        let administer = async || {
            let of_app = admin.get(&format!("/apps/{}", app.id)).await.ok()["admins"].clone();
            (of_app, admin.get(&form.path("/admins")).await.ok()["admins"].clone())
        };
        let of = |id: &str| (json!([{"members": [id]}]), json!([{"members": [id]}]));

        let hand = format!("/members/{}/hand-over", mei.id);
        let without = json!({"to": tom.id, "disable": true, "administration": false});
        let job = admin.job(admin.post(&hand, without).await).await;
        assert_eq!(job["state"], "done", "{job}");
        let report = &job["result"];
        assert_eq!((&report["apps"], &report["forms"]), (&json!([]), &json!([])), "{report}");
        assert_eq!(report["departments"][0]["id"], head["id"], "{report}");
        assert_eq!(administer().await, of(&mei.id));

        let job = admin.job(admin.post(&hand, json!({"to": kim.id})).await).await;
        assert_eq!(job["state"], "done", "{job}");
        assert_eq!(administer().await, of(&kim.id));
        let departments = admin.get("/departments").await.ok();
        let west = items(&departments).iter().find(|one| one["id"] == head["id"]).unwrap();
        assert_eq!(west["head"], json!(tom.id), "what has gone over stays there");
    })
    .await;
}

#[tokio::test]
async fn nobody_hands_over_themselves_away_or_the_last_administrator() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let me = admin.get("/me").await.ok();
        let mei = workspace.person("mei").await;
        let mine = format!("/members/{}/hand-over", id_of(&me));
        admin.post(&mine, json!({"to": mei.id, "disable": true})).await.refused(409, "not_yourself");
        admin.post("/members/0sbqd00000001/hand-over", json!({"to": mei.id})).await.refused(404, "not_found");
        let started = admin.post(&mine, json!({"to": mei.id, "places": false})).await;
        let job = admin.job(started).await;
        assert_eq!((&job["state"], &job["result"]["disabled"]), (&json!("done"), &json!(false)), "{job}");
        assert_eq!(admin.get("/me").await.ok()["state"], "active");
    })
    .await;
}
