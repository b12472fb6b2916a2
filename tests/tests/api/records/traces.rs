//! What a save leaves behind besides the record: an entry in the audit trail, and what is to be told after it.

use serde_json::{Value, json};
use tests::design::{approve, form, number, text};
use tests::workspace::{id_of, items};
use tests::{Inside, Server, Workspace, on_both};

/// The traces of saves, as far as they were looked at.
struct Traces {
    inside: Inside,
    audited: usize,
    told: usize,
}

impl Traces {
    async fn watch(server: &Server) -> Self {
        let mut inside = Inside::of(server).await;
        inside.watch_outbox().await;
        Self { inside, audited: 0, told: 0 }
    }

    /// What has come since: of the audit trail as `action record version`, of the outbox as `event record version`.
    async fn fresh(&mut self) -> (Vec<String>, Vec<String>) {
        let audited = self.inside.audit_of_records().await.split_off(self.audited);
        let told = self.inside.outbox().await.split_off(self.told);
        self.audited += audited.len();
        self.told += told.len();
        let audited = audited.iter().map(|entry| {
            let record = entry.record.as_deref().unwrap_or("several");
            format!("{} {record} {}", entry.action, entry.changes["version"])
        });
        let word = |entry: &Value, member: &str| entry[member].as_str().unwrap_or_default().to_owned();
        let told = told
            .iter()
            .map(|entry| format!("{} {} {}", word(entry, "event"), word(entry, "record"), entry["version"]));
        (audited.collect(), told.collect())
    }

    /// Exactly one of each has come, of this verb on this version of the record.
    async fn are_those_of(&mut self, verb: &str, record: &str, version: i64) {
        let told = format!("{verb} {record} {version}");
        assert_eq!(self.fresh().await, (vec![format!("record.{told}")], vec![told]));
    }

    async fn are_none(&mut self, after: &str) {
        assert_eq!(self.fresh().await, (vec![], vec![]), "{after}");
    }
}

#[tokio::test]
async fn c06_an_accepted_save_leaves_one_trace_of_each_sort_and_a_refused_one_none() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("code").required().unique(), number("n", 0)])).await;
        let mut traces = Traces::watch(server).await;

        order.create(admin, json!({"n": 1})).await.refused(422, "validation");
        traces.are_none("a field is missing").await;
        let first = order.add(json!({"code": "A", "n": 1})).await;
        let id = id_of(&first);
        traces.are_those_of("create", &id, 1).await;
        order.create(admin, json!({"code": "A"})).await.refused(409, "not_unique");
        traces.are_none("the database itself refuses").await;

        let path = order.at(&first);
        order.edit(admin, &first, json!({"n": 2})).await.ok();
        traces.are_those_of("update", &id, 2).await;
        order.edit(admin, &first, json!({"n": 3})).await.refused(412, "stale");
        traces.are_none("somebody was faster").await;
        admin.patch(&path, 2, json!({"fields": {"n": 2}})).await.ok();
        traces.are_none("nothing changed").await;

        admin.delete(&path, 2).await.with_status(204);
        traces.are_those_of("delete", &id, 3).await;
        admin.post(&format!("{path}/restore"), json!({})).await.ok();
        traces.are_those_of("restore", &id, 4).await;
        admin.post(&format!("{path}/restore"), json!({})).await.refused(404, "not_found");
        traces.are_none("it is not in the bin").await;

        let draft = json!({"fields": {"n": 5}, "draft": true});
        let draft = admin.post(&order.path("/records"), draft).await.created();
        traces.are_those_of("create", &id_of(&draft), 1).await;
        let submit = format!("{}/submit", order.at(&draft));
        admin.post(&submit, json!({})).await.refused(422, "validation");
        traces.are_none("a draft lacks a field").await;
        admin.post(&submit, json!({"fields": {"code": "B"}})).await.ok();
        traces.are_those_of("submit", &id_of(&draft), 2).await;
    })
    .await;
}

#[tokio::test]
async fn a_bulk_leaves_one_entry_and_word_of_each_record() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("code").unique()])).await;
        let mut traces = Traces::watch(server).await;
        let bulk = order.path("/records/bulk");
        let rows =
            |codes: &[&str]| codes.iter().map(|code| json!({"fields": {"code": code}})).collect::<Vec<_>>();

        let answer = admin.post_once(&bulk, "two", json!({"create": rows(&["A", "B"])})).await.ok();
        let ids: Vec<_> = answer["results"].as_array().unwrap().iter().map(id_of).collect();
        let (audited, told) = traces.fresh().await;
        assert_eq!(audited, ["record.bulk several null"]);
        assert_eq!(told, [format!("create {} 1", ids[0]), format!("create {} 1", ids[1])]);
        admin.post_once(&bulk, "two", json!({"create": rows(&["A", "B"])})).await.ok();
        traces.are_none("the request came twice").await;

        admin.post(&bulk, json!({"create": rows(&["C", "A"])})).await.refused(409, "not_unique");
        traces.are_none("one row of an atomic bulk is refused").await;
        let each = json!({"create": rows(&["C", "A"]), "atomic": false});
        let results = admin.post(&bulk, each).await.ok()["results"].clone();
        assert_eq!(results[1]["problem"]["code"], "not_unique", "{results}");
        traces.are_those_of("create", &id_of(&results[0]), 1).await;
    })
    .await;
}

#[tokio::test]
async fn t78_a_decision_leaves_its_trace_with_the_record() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let request = workspace.form(form("request", [text("what")])).await;
        let boss = workspace.person("boss").await;
        request.flow(json!([approve("boss", &[&boss.id], json!({}))])).await;
        let mut traces = Traces::watch(server).await;
        let asked = request.add(json!({"what": "Chairs"})).await;
        traces.are_those_of("create", &id_of(&asked), 1).await;

        let task = id_of(&items(&boss.get("/tasks?box=todo").await.ok())[0]);
        let (path, body) = (format!("/tasks/{task}/approve"), json!({}));
        workspace.person("stranger").await.post(&path, body.clone()).await.refused(404, "not_found");
        traces.are_none("it is not theirs to decide").await;
        boss.post(&path, body).await.ok();
        let (audited, _) = traces.fresh().await;
        assert_eq!(audited.len(), 1, "{audited:?}");
        assert!(audited[0].starts_with(&format!("record.act {}", id_of(&asked))), "{audited:?}");
    })
    .await;
}
