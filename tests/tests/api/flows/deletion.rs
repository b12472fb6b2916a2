//! Drafts and versions of flows go into the recycle bin where nothing goes by them, and come back.

use std::time::Duration;

use serde_json::{Value, json};
use tests::design::approve;
use tests::workspace::{id_of, items};
use tests::{Inside, Workspace, on_both, on_both_shared};
use tokio::time::sleep;

use super::{act, requests, task};
use crate::bin_of_designs::{purge, restore, uses};

/// The first is under way before the second begins.
const AHEAD: Duration = Duration::from_millis(250);

#[tokio::test]
async fn a_version_of_a_flow_goes_once_nothing_goes_by_it() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let admin = &r.form.admin;
        let path = |version: i64| r.form.path(&format!("/flow/versions/{version}"));
        r.form.flow(json!([approve("boss", &[&r.one.id], json!({}))])).await;
        let asked = r.ask(5).await;
        admin.delete(&path(1), 1).await.refused(409, "flow_version_active");
        r.form.flow(json!([approve("head", &[&r.two.id], json!({}))])).await;
        admin.delete(&path(1), 1).await.refused(409, "flow_version_in_use");
        assert_eq!(uses(admin, &path(1)).await, [("running".to_owned(), json!(1))]);
        r.mei.delete(&path(1), 1).await.refused(403, "forbidden");
        let stranger = workspace.person("stranger").await;
        stranger.delete(&path(1), 1).await.refused(404, "not_found");

        let task = task(&r.one).await;
        act(&r.one, &task, "approve", json!({})).await.ok();
        assert_eq!(uses(admin, &path(1)).await, [("ended".to_owned(), json!(1))]);
        admin.delete(&path(1), 2).await.refused(412, "stale");
        admin.delete(&path(1), 1).await.with_status(204);
        admin.get(&path(1)).await.refused(404, "not_found");
        assert_eq!(items(&admin.get(&r.form.path("/flow/versions")).await.ok()).len(), 1);
        // The request that went by it is shown as before.
        let instance = asked["instance"]["id"].as_str().unwrap();
        assert_eq!(admin.get(&format!("/instances/{instance}")).await.ok()["state"], "approved");
        let migrate = json!({"version": 1, "steps": {}});
        admin.post(&r.form.path("/flow/migrate"), migrate).await.refused(422, "validation");

        let bin = admin.get("/bin?kind=flow_version").await.ok();
        let line = items(&bin).iter().find(|line| line["form"] == r.form.id.as_str()).unwrap().clone();
        assert_eq!(line["version"], 1, "{line}");
        let id = id_of(&line);
        assert_eq!(restore(admin, json!([{"id": id}])).await[0]["problem"], Value::Null);
        assert_eq!(admin.get(&path(1)).await.ok()["steps"][0]["key"], "boss");
        admin.delete(&path(1), 1).await.with_status(204);
        let bin = admin.get("/bin?kind=flow_version").await.ok();
        let line = items(&bin).iter().find(|line| line["form"] == r.form.id.as_str()).unwrap().clone();
        purge(admin, json!([line["id"]])).await;
        assert_eq!(admin.get(&format!("/instances/{instance}")).await.ok()["state"], "approved");
        // Its number is given to no other.
        r.form.flow(json!([approve("third", &[&r.two.id], json!({}))])).await;
        assert_eq!(admin.get(&r.form.path("/flow/versions")).await.ok()["items"][0]["version"], 3);
    })
    .await;
}

#[tokio::test]
async fn a_draft_of_a_flow_comes_back_where_it_takes_no_others_place() {
    on_both_shared(async |workspace| {
        let r = requests(&workspace).await;
        let (admin, path) = (&r.form.admin, r.form.path("/flow/draft"));
        let of = |key: &str| json!({"format": 1, "label": "Flow", "steps": [approve(key, &[&r.one.id], json!({}))]});
        r.form.flow_with(of("first")).await;
        admin.delete(&path, 1).await.refused(409, "draft_unchanged");
        admin.put(&path, "*", of("second")).await.ok();
        r.mei.delete(&path, 2).await.refused(403, "forbidden");
        admin.delete(&path, 1).await.refused(412, "stale");
        admin.delete(&path, 2).await.with_status(204);
        let draft = admin.get(&path).await;
        assert_eq!(draft.headers["etag"], "\"3\"");
        assert_eq!(draft.ok()["steps"][0]["key"], "first");
        let bin = admin.get("/bin?kind=flow_draft").await.ok();
        let id = id_of(items(&bin).iter().find(|line| line["form"] == r.form.id.as_str()).unwrap());
        admin.put(&path, "*", of("third")).await.ok();
        assert_eq!(restore(admin, json!([{"id": id}])).await[0]["problem"]["code"], "draft_changed");
        admin.put(&path, "*", of("first")).await.ok();
        assert_eq!(restore(admin, json!([{"id": id}])).await[0]["problem"], Value::Null);
        assert_eq!(admin.get(&path).await.ok()["steps"][0]["key"], "second");
    })
    .await;
}

#[tokio::test]
async fn a_version_is_not_taken_from_under_a_request_that_begins() {
    on_both(async |server| {
        let r = requests(&Workspace { admin: server.set_up().await }).await;
        let admin = &r.form.admin;
        let of = |key: &str| json!({"format": 1, "label": "Flow", "steps": [approve(key, &[&r.one.id], json!({}))]});
        r.form.flow_with(of("first")).await;
        admin.put(&r.form.path("/flow/draft"), "*", of("second")).await.ok();
        let (publish, version) = (r.form.path("/flow/publish"), r.form.path("/flow/versions/1"));
        let mut inside = Inside::of(server).await;
        inside.hold_notes().await;
        let deleted = async {
            sleep(AHEAD).await;
            admin.post(&publish, json!({})).await.ok();
            admin.delete(&version, 1).await
        };
        let release = async {
            sleep(AHEAD * 3).await;
            inside.let_saves_go().await;
        };
        let record = json!({"fields": {"what": "x", "amount": 1}});
        let records = r.form.path("/records");
        let (asked, deleted, ()) = tokio::join!(r.mei.post(&records, record), deleted, release);
        let asked = asked.created();
        let instance = r.instance(&asked).await;
        if instance["flow_version"] == 1 {
            deleted.refused(409, "flow_version_in_use");
        } else {
            deleted.with_status(204);
        }
        act(&r.one, &task(&r.one).await, "approve", json!({})).await.ok();
        assert_eq!(r.instance(&asked).await["state"], "approved");
    })
    .await;
}
