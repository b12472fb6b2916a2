//! Apps, forms, rights, flows, tables and scripts.

use serde_json::{Value, json};
use tests::design::{Field, approve, date, form, group, number, text};
use tests::sheet::zipped;
use tests::workspace::{App, Form, id_of};
use tests::{Sender, Visit, Workspace};

use super::{NOTHING, Trail, empty, id};

pub async fn change(trail: &Trail, workspace: &Workspace) {
    apps(trail).await;
    let app = workspace.app("Audited").await;
    let order = json!({"format": 1});
    let document = form("order", [text("name"), number("amount", 0), text("gone")]);
    let mut whole = document.document();
    whole["format"] = order["format"].clone();
    let order = id(&trail.change("POST /apps/{app}/forms", &[&app.id], whole).await);
    let order = Form { id: order, admin: trail.admin.clone() };
    order.add(json!({"name": "a", "amount": 1, "gone": "x"})).await;
    redesigning(trail, &order).await;
    rights(trail, workspace, &order).await;
    links(trail, &order).await;
    hooks(trail, &order).await;
    let tree = json!({"entries": [{"kind": "form", "id": order.id}]});
    trail.change("PUT /apps/{app}/tree", &[&app.id], tree).await;
    tables(trail, &app).await;
    scripts(trail, &app).await;
    flows(trail, workspace, &app).await;
    // Last: it goes to the bin, comes back, and goes for good.
    trail.change("DELETE /forms/{form}", &[&order.id], NOTHING).await;
    trail.change("POST /forms/{form}/restore", &[&order.id], empty()).await;
    trail.admin.delete(&order.path(""), 1).await.ok();
    trail.change("POST /forms/{form}/purge", &[&order.id], empty()).await;
    trail.change("POST /templates/{key}/install", &["crm"], json!({"demo": false})).await;
    trail.change("POST /templates/{key}/demo/clear", &["crm"], empty()).await;
    trail.change("POST /reports/{key}/export", &["roi.yearly"], json!({"format": "csv"})).await;
    trail.change("DELETE /reports/{key}", &["roi.yearly"], NOTHING).await;
    secrets(trail, &app).await;
}

async fn secrets(trail: &Trail, app: &App) {
    let token =
        json!({"name": "token", "purpose": "bearer", "hosts": ["erp.example.com"], "value": "open sesame"});
    let made = id(&trail.change("POST /apps/{app}/secrets", &[&app.id], token).await);
    trail.change("DELETE /secrets/{id}", &[&made], NOTHING).await;
}

async fn apps(trail: &Trail) {
    let app = id(&trail.change("POST /apps", &[], json!({"label": "Made"})).await);
    trail.change("PATCH /apps/{app}", &[&app], json!({"label": "Renamed"})).await;
    trail.change("DELETE /apps/{app}", &[&app], NOTHING).await;
    trail.change("POST /apps/{app}/restore", &[&app], empty()).await;
    trail.admin.delete(&format!("/apps/{app}"), 1).await.ok();
    trail.change("POST /apps/{app}/purge", &[&app], empty()).await;
    let manifest = json!({"format": 1, "key": "audited_club", "version": "1.0.0", "label": "Club"});
    let person = json!({"format": 1, "key": "person", "label": "Person",
        "fields": [{"key": "name", "label": "Name", "kind": "text"}]});
    let files = [("package.json", manifest), ("forms/person.json", person)];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_string().into_bytes()));
    let file = trail.admin.upload("club.zip", "application/zip", zipped(&files)).await;
    trail.change("POST /apps/import", &[], json!({"file": file})).await;
}

fn without() -> Value {
    let mut document = form("order", [text("name"), number("amount", 0)]).document();
    document["format"] = json!(1);
    document
}

async fn redesigning(trail: &Trail, order: &Form) {
    let draft = trail.admin.get(&order.path("/draft")).await.ok();
    let edits = json!({"base": draft["base"], "edits": [{"do": "add_field", "field": text("more").value()}]});
    trail.change("POST /forms/{form}/draft/edits", &[&order.id], edits).await;
    trail.change("PUT /forms/{form}/draft", &[&order.id], without()).await;
    trail.change("POST /forms/{form}/publish", &[&order.id], empty()).await;
    trail.change("POST /forms/{form}/fields/{field}/restore", &[&order.id, "gone"], empty()).await;
    trail.admin.put(&order.path("/draft"), "*", without()).await.ok();
    trail.change("POST /forms/{form}/fields/{field}/purge", &[&order.id, "gone"], empty()).await;
}

async fn rights(trail: &Trail, workspace: &Workspace, order: &Form) {
    let mei = workspace.person("mei").await;
    let made = trail
        .change("POST /forms/{form}/permissions", &[&order.id], group("clerks", &[&mei.id]).document())
        .await;
    let less = group("clerks", &[&mei.id]).may(&["view"]).document();
    let made = id(&made);
    trail.change("PUT /forms/{form}/permissions/{id}", &[&order.id, &made], less).await;
    trail.change("DELETE /forms/{form}/permissions/{id}", &[&order.id, &made], NOTHING).await;
    let admins = json!({"admins": [{"members": [mei.id]}]});
    trail.change("PUT /forms/{form}/admins", &[&order.id], admins).await;
}

async fn links(trail: &Trail, order: &Form) {
    let made = trail.change("POST /forms/{form}/links", &[&order.id], json!({"name": "Fair"})).await;
    let link = id(&made);
    trail.change("PATCH /links/{id}", &[&link], json!({"name": "Market"})).await;
    let renewed = trail.change("POST /links/{id}/renew", &[&link], NOTHING).await;
    let visit = Visit::open(&trail.admin.stranger(), &renewed).await;
    let answer = visit.answer(json!({"name": "a"})).await;
    trail.see_of_a_stranger("POST /public/{token}/answers", answer).await;
    trail.change("DELETE /links/{id}", &[&link], NOTHING).await;
}

async fn hooks(trail: &Trail, order: &Form) {
    let shop = json!({"name": "Shop", "map": [{"from": "/who", "to": "name"}]});
    let made = trail.change("POST /forms/{form}/hooks", &[&order.id], shop).await;
    let hook = id(&made);
    let answer = Sender::of(&trail.admin, &made).send(json!({"who": "a"})).await;
    trail.see_of_a_stranger("POST /hooks/{token}", answer).await;
    let named = [order.id.as_str(), hook.as_str()];
    trail.change("PATCH /forms/{form}/hooks/{id}", &named, json!({"name": "Market"})).await;
    trail.change("POST /forms/{form}/hooks/{id}/secret", &named, NOTHING).await;
    trail.change("DELETE /forms/{form}/hooks/{id}/secret", &named, NOTHING).await;
    trail.change("DELETE /forms/{form}/hooks/{id}", &named, NOTHING).await;
}

async fn tables(trail: &Trail, app: &App) {
    let table = |label: &str| {
        json!({"format": 1, "key": "totals", "label": label, "dimensions": [{"key": "name", "label": "Name"}],
            "sources": [{"form": "order", "group": {"name": "name"}, "measures": {"n": {"fn": "count"}}}]})
    };
    let made = id(&trail.change("POST /apps/{app}/aggregates", &[&app.id], table("Totals")).await);
    trail.change("PUT /aggregates/{id}", &[&made], table("Sums")).await;
    trail.change("DELETE /aggregates/{id}", &[&made], NOTHING).await;
    let page = json!({"format": 1, "key": "figures", "label": "Figures", "read": {"everyone": true}, "tiles": [
        {"key": "n", "label": "n", "at": [0, 0, 6, 3], "kind": "figure", "source": "order",
            "measures": [{"key": "n", "fn": "count"}]}]});
    let page = id(&trail.change("POST /apps/{app}/dashboards", &[&app.id], page).await);
    trail.change("DELETE /dashboards/{id}", &[&page], NOTHING).await;
    trail.change("POST /bin/restore", &[], json!({"items": [{"id": page}]})).await;
    trail.admin.delete(&format!("/dashboards/{page}"), 2).await.with_status(204);
    trail.change("POST /bin/purge", &[], json!({"ids": [page]})).await;
}

async fn scripts(trail: &Trail, app: &App) {
    let made = json!({"key": "idle", "source": "let n = 1;"});
    trail.change("POST /apps/{app}/scripts", &[&app.id], made).await;
    let other = json!({"source": "let n = 2;"});
    trail.change("PUT /apps/{app}/scripts/{key}", &[&app.id, "idle"], other).await;
    trail.change("DELETE /apps/{app}/scripts/{key}", &[&app.id, "idle"], NOTHING).await;
}

/// A flow is made, runs, becomes another, and what runs goes on with that.
async fn flows(trail: &Trail, workspace: &Workspace, app: &App) {
    let ana = workspace.person("ana").await;
    let fields = [text("what"), number("sum", 2), Field::new("over", "switch"), date("day")];
    let claim = app.form(form("claim", fields)).await;
    let flow = |label: &str| {
        json!({"format": 1, "label": label, "start": {"fields": {"*": "edit"}},
            "steps": [approve("boss", &[&ana.id], json!({}))]})
    };
    trail.change("PUT /forms/{form}/flow/draft", &[&claim.id], flow("Approval")).await;
    trail.change("POST /forms/{form}/flow/publish", &[&claim.id], empty()).await;
    let mut asked = Vec::new();
    for what in ["one", "two"] {
        asked.push(claim.add(json!({"what": what, "sum": 5})).await);
    }
    trail.admin.put(&claim.path("/flow/draft"), "*", flow("Second")).await.ok();
    trail.admin.post(&claim.path("/flow/publish"), empty()).await.ok();
    trail.change("POST /forms/{form}/flow/migrate", &[&claim.id], empty()).await;
    trail.admin.put(&claim.path("/flow/draft"), "*", flow("Third")).await.ok();
    trail.change("DELETE /forms/{form}/flow/draft", &[&claim.id], NOTHING).await;

    let instance = asked[0]["instance"]["id"].as_str().unwrap_or_default();
    let said = json!({"text": "hello"});
    trail.change("POST /instances/{instance}/{action}", &[instance, "comment"], said).await;
    let todo = ana.get("/tasks?box=todo").await.ok();
    let tasks: Vec<String> = tests::workspace::items(&todo).iter().map(id_of).collect();
    assert_eq!(tasks.len(), 2, "{todo}");
    trail.by(&ana, "POST /tasks/{task}/{action}", &[&tasks[0], "approve"], json!({"opinion": "fine"})).await;
    trail.by(&ana, "POST /tasks/decide", &[], json!({"tasks": [tasks[1]], "action": "approve"})).await;

    // Nothing stands on the first version any more.
    trail.change("DELETE /forms/{form}/flow/versions/{version}", &[&claim.id, "1"], NOTHING).await;

    let mut roles = Vec::new();
    for name in ["Boss", "Money"] {
        roles.push(id_of(&trail.admin.post("/roles", json!({"name": name})).await.created()));
    }
    let taken = json!({"key": "office/expense", "fields": {"amount": "sum", "over_budget": "over"},
        "roles": {"DIR": roles[0], "FIN": roles[1], "GM": roles[0]}});
    trail.change("POST /forms/{form}/flow/ready-made", &[&claim.id], taken).await;
}
