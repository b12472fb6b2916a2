//! A workspace in which somebody has already worked, so that no page is empty: requests wait and are told of, somebody stands
//! in, a form is shown in every kind of view, and visitors have a link to it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::client::Client;
use crate::server::{ADMIN_PASSWORD, Server};

/// The form on which all of that lies.
pub const FORM: &str = "wish";
/// How many requests wait for the administrator.
const WAITING: usize = 3;
/// How long it takes at most until somebody is told.
const PATIENCE: Duration = Duration::from_secs(30);

/// Moves in. What people have named is called as nothing of the product is in any language.
pub async fn move_in(server: &Server, admin: &Client) {
    let boss = text(&admin.get("/me").await.ok(), "id");
    let mei = json!({"email": "mei@example.com", "name": "Mei", "password": ADMIN_PASSWORD});
    let mei_id = text(&admin.post("/members", mei).await.created(), "id");
    let mei = server.sign_in("mei@example.com", ADMIN_PASSWORD).await;
    let form = wishes(admin, &boss).await;
    let asked = ask(&mei, &form).await;
    let comments = format!("/forms/{form}/records/{}/comments", text(&asked, "id"));
    let said = json!({"text": "One that turns, if there is any", "mentions": [boss]});
    mei.post(&comments, said).await.created();
    views(admin, &form).await;
    let sheet = json!({"label": "Wish sheet", "is_default": true, "blocks": [
        {"kind": "heading", "text": "{$title}"}, {"kind": "fields", "fields": ["thing", "stage"]}, {"kind": "line"}]});
    admin.post(&format!("/forms/{form}/prints"), sheet).await.created();
    let link = json!({"name": "At the fair", "fields": ["thing", "worth", "stage", "begins"],
        "intro": "Wished in a minute"});
    admin.post(&format!("/forms/{form}/links"), link).await.created();
    let hook = json!({"name": "Letters to Santa", "map": [{"from": "/wish/thing", "to": "thing"}]});
    admin.post(&format!("/forms/{form}/hooks"), hook).await.created();
    let sums = json!({"format": 1, "key": "moods", "label": "Worth by mood",
        "dimensions": [{"key": "stage", "label": "Its mood"}],
        "sources": [{"form": FORM, "group": {"stage": "stage"}, "measures": {"worth": {"fn": "sum", "field": "worth"}}}]});
    admin.post("/apps/wishes/aggregates", sums).await.created();
    let script = json!({"key": "greet", "source": "// 7\nif record.worth != () { log(record.worth); }"});
    admin.post("/apps/wishes/scripts", script).await.created();
    admin.post("/delegations", json!({"to": mei_id, "forms": [form]})).await.created();
    until_told(admin).await;
}

/// A form of wishes that the administrator grants; gives its id.
async fn wishes(admin: &Client, boss: &str) -> String {
    admin.post("/apps", json!({"key": "wishes", "label": "What we wish for"})).await.created();
    let stages = [("new", "Fresh wish", "o9"), ("fine", "Fine wish", "o3"), ("odd", "Odd wish", "o7")]
        .map(|(key, label, color)| json!({"key": key, "label": label, "color": color}));
    let form = json!({"key": FORM, "label": "Wish", "title": "{thing}", "fields": [
        {"key": "thing", "label": "Wished thing", "kind": "text", "required": true},
        {"key": "worth", "label": "Its worth", "kind": "money"},
        {"key": "stage", "label": "Its mood", "kind": "select", "options": {"choices": stages}},
        {"key": "begins", "label": "Wished from", "kind": "date"},
        {"key": "ends", "label": "Wished until", "kind": "date"}]});
    let form = text(&admin.post("/apps/wishes/forms", form).await.created(), "id");
    let everyone = json!({"format": 1, "key": "everyone", "label": "Whoever wishes", "who": {"everyone": true},
        "operations": ["view", "create", "comment"], "fields": {"*": "edit"}});
    admin.post(&format!("/forms/{form}/permissions"), everyone).await.created();
    let flow = json!({"format": 1, "label": "Granting", "title": "{thing}", "start": {"fields": {"*": "edit"}},
        "steps": [{"kind": "approve", "key": "boss", "label": "Word of the boss", "who": [{"members": [boss]}],
            "reject_to": "end", "fields": {"*": "read"}}]});
    admin.put(&format!("/forms/{form}/flow/draft"), "*", flow).await.ok();
    admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
    form
}

/// Somebody asks for several things; gives the last record.
async fn ask(who: &Client, form: &str) -> Value {
    let mut last = Value::Null;
    for n in 0..WAITING {
        let stage = ["new", "fine", "odd"][n % 3];
        let fields = json!({"thing": format!("Chair {}", n + 1), "worth": format!("{}.50", 1200 * (n + 1)),
            "stage": stage, "begins": format!("2026-03-{:02}", 2 + n), "ends": format!("2026-03-{:02}", 9 + 2 * n)});
        last = who.post(&format!("/forms/{form}/records"), json!({"fields": fields})).await.created();
    }
    last
}

/// One view of every kind, and one that gathers its rows.
async fn views(admin: &Client, form: &str) {
    let days = json!({"start": "begins", "end": "ends"});
    for view in [
        json!({"label": "By mood", "kind": "table", "group": [{"field": "stage"}]}),
        json!({"label": "On a wall", "kind": "kanban", "options": {"by": "stage"}}),
        json!({"label": "On days", "kind": "calendar", "options": days}),
        json!({"label": "Along time", "kind": "gantt", "options": days}),
        json!({"label": "Wishes in pictures", "kind": "gallery"}),
    ] {
        admin.post(&format!("/forms/{form}/views"), view).await.created();
    }
}

/// Waits until the administrator was told of everything.
async fn until_told(admin: &Client) {
    let deadline = Instant::now() + PATIENCE;
    let told = async || admin.get("/notices/count").await.ok()["unread"].as_u64().unwrap_or_default();
    while told().await <= WAITING as u64 {
        assert!(Instant::now() < deadline, "the administrator is told of {} things", told().await);
        sleep(Duration::from_millis(50)).await;
    }
}

fn text(thing: &Value, member: &str) -> String {
    thing[member].as_str().unwrap_or_else(|| panic!("no {member} in {thing}")).to_owned()
}
