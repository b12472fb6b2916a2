//! Records, what is said of them, and what is done to many of them.

use std::time::Duration;

use serde_json::{Value, json};
use tests::Workspace;
use tests::design::{form, number, text};
use tests::workspace::Form;

use super::{NOTHING, Trail, empty, id};
use crate::scripts::Depot;

/// So many that a job about them can be stopped.
const MANY: i64 = 1_200;

pub async fn change(trail: &Trail, workspace: &Workspace) {
    let note = workspace.form(form("note", [text("name"), number("amount", 0)])).await;
    let of = note.id.as_str();
    one(trail, &note).await;
    said(trail, &note).await;

    let bulk = json!({"create": [{"fields": {"name": "b"}}, {"fields": {"name": "c"}}]});
    trail.change("POST /forms/{form}/records/bulk", &[of], bulk).await;
    let edited = trail.change("POST /forms/{form}/bulk-edit", &[of], json!({"set": {"amount": 2}})).await;
    trail.change("POST /jobs/{id}/undo", &[&id(&edited)], empty()).await;
    let file = trail.admin.upload("notes.csv", "text/csv", b"name\nd\n".to_vec()).await;
    let input = json!({"file": file, "mapping": {"name": "name"}, "mode": "create"});
    trail.change("POST /forms/{form}/import", &[of], input).await;
    trail.change("POST /forms/{form}/export", &[of], json!({"format": "csv"})).await;

    let view = id(&trail.change("POST /forms/{form}/views", &[of], json!({"label": "Mine"})).await);
    trail.change("PATCH /views/{id}", &[&view], json!({"label": "Yours"})).await;
    trail.change("DELETE /views/{id}", &[&view], NOTHING).await;

    let template = json!({"key": "sheet", "label": "Sheet", "blocks": [{"kind": "text", "text": "{name}"}]});
    let print = id(&trail.change("POST /forms/{form}/prints", &[of], template.clone()).await);
    trail.change("PUT /prints/{id}", &[&print], template).await;
    trail.change("DELETE /prints/{id}", &[&print], NOTHING).await;

    let depot = Depot::build(workspace).await;
    let receipt = id(&depot.receipts.add(json!({"item": "chair", "qty": "5"})).await);
    let reason = json!({"reason": "a mistake"});
    trail.change("POST /forms/{form}/records/{id}/void", &[&depot.receipts.id, &receipt], reason).await;
    stopped(trail, workspace).await;
}

async fn one(trail: &Trail, note: &Form) {
    let of = note.id.as_str();
    let made = json!({"fields": {"name": "a", "amount": 1}});
    let made = id(&trail.change("POST /forms/{form}/records", &[of], made).await);
    let at: [&str; 2] = [of, &made];
    trail.change("PATCH /forms/{form}/records/{id}", &at, json!({"fields": {"amount": 7}})).await;
    trail.change("DELETE /forms/{form}/records/{id}", &at, NOTHING).await;
    trail.change("POST /forms/{form}/records/{id}/restore", &at, empty()).await;
    let gone = async || {
        let request = trail.admin.request(reqwest::Method::DELETE, &note.path(&format!("/records/{made}")));
        trail.admin.send(request.header("if-match", "*")).await.ok();
    };
    gone().await;
    trail.change("POST /forms/{form}/records/restore", &[of], json!({"ids": [made]})).await;
    gone().await;
    trail.change("POST /forms/{form}/records/purge", &[of], json!({"ids": [made]})).await;
    let draft = json!({"fields": {"name": "later"}, "draft": true});
    let draft = id(&trail.admin.post(&note.path("/records"), draft).await.created());
    trail.change("POST /forms/{form}/records/{id}/submit", &[of, &draft], empty()).await;
}

async fn said(trail: &Trail, note: &Form) {
    let record = id(&note.add(json!({"name": "said"})).await);
    let at: [&str; 2] = [&note.id, &record];
    let comment = json!({"text": "so"});
    let comment = id(&trail.change("POST /forms/{form}/records/{id}/comments", &at, comment).await);
    trail.change("PATCH /comments/{id}", &[&comment], json!({"text": "or so"})).await;
    trail.change("DELETE /comments/{id}", &[&comment], NOTHING).await;
}

/// A job that is asked to stop on its way.
async fn stopped(trail: &Trail, workspace: &Workspace) {
    let many = workspace.form(form("many", [number("amount", 0)])).await;
    many.add_all((0..MANY).map(|_| json!({"amount": 1}))).await;
    let started = trail.admin.post(&many.path("/bulk-edit"), json!({"set": {"amount": 2}})).await;
    let job = started.with_status(202)["job"].as_str().unwrap_or_default().to_owned();
    trail.change("POST /jobs/{id}/cancel", &[&job], empty()).await;
    let is_over = |job: &Value| !matches!(job["state"].as_str(), Some("queued" | "running"));
    for _ in 0..600 {
        if is_over(&trail.admin.get(&format!("/jobs/{job}")).await.ok()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{job} is not stopped");
}
