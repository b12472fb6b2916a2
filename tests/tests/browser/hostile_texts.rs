//! What people write is text, wherever others read it.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Browser, Client, Database, Server};

/// Texts that would set `window.t32` if a page took them for more than texts.
const HOSTILE: [&str; 10] = [
    "<img src=x onerror=window.t32=1>",
    "<script>window.t32=1</script>",
    "\"><svg onload=window.t32=1>",
    "' onmouseover='window.t32=1' x='",
    "javascript:window.t32=1",
    "{{constructor.constructor('window.t32=1')()}}",
    "<iframe srcdoc=\"<script>parent.t32=1</script>\">",
    "<a href=\"javascript:window.t32=1\">x</a>",
    "<style>@import'//x/t32'</style>",
    "--><math><mi//xlink:href=\"data:x,window.t32=1\">",
];

/// Puts the texts wherever people write; gives the form's id and the records'.
async fn written(admin: &Client) -> (String, Vec<String>) {
    admin.post("/apps", json!({"key": "shop", "label": HOSTILE[0]})).await.created();
    admin.post("/departments", json!({"name": HOSTILE[1]})).await.created();
    admin.post("/roles", json!({"key": "clerk", "name": HOSTILE[2]})).await.created();
    let member = json!({"email": "t32@example.com", "name": HOSTILE[6], "password": ADMIN_PASSWORD});
    let member = admin.post("/members", member).await.created();
    let choices: Vec<Value> = (0..3).map(|n| json!({"key": format!("c{n}"), "label": HOSTILE[n]})).collect();
    let order = json!({"key": "order", "label": HOSTILE[3], "title": "{name}", "fields": [
        {"key": "name", "label": HOSTILE[0], "kind": "text", "help": HOSTILE[7]},
        {"key": "more", "label": HOSTILE[1], "kind": "long_text"},
        {"key": "rich", "label": HOSTILE[2], "kind": "rich_text"},
        {"key": "sort", "label": HOSTILE[8], "kind": "select", "options": {"choices": choices}},
        {"key": "papers", "label": "Papers t32", "kind": "files"}]});
    let order = admin.post("/apps/shop/forms", order).await.created();
    let form = order["id"].as_str().unwrap().to_owned();
    let me = admin.get("/me").await.ok();
    let boss = json!({"kind": "approve", "key": "boss", "label": HOSTILE[9], "who": [{"members": [(me["id"]), (member["id"])]}], "policy": "any"});
    let flow = json!({"format": 1, "label": HOSTILE[4], "start": {"fields": {"*": "edit"}}, "steps": [boss]});
    admin.put(&format!("/forms/{form}/flow/draft"), "*", flow).await.ok();
    admin.post(&format!("/forms/{form}/flow/publish"), json!({})).await.ok();
    admin
        .post(&format!("/forms/{form}/views"), json!({"label": HOSTILE[5], "scope": "shared"}))
        .await
        .created();
    let board = json!({"format": 1, "key": "board", "label": HOSTILE[7], "read": {"everyone": true}, "tiles": [
        {"key": "t", "label": HOSTILE[0], "at": [0, 0, 6, 4], "kind": "bar", "source": "order",
         "group": [{"field": "sort"}], "measures": [{"key": "n", "fn": "count"}]}]});
    admin.post("/apps/shop/dashboards", board).await.created();
    let mut records = Vec::new();
    for (place, text) in HOSTILE.iter().enumerate() {
        let file = admin.upload(&format!("t32 {place} <img src=x>.txt"), "text/plain", b"t32".to_vec()).await;
        let fields = json!({"name": text, "more": format!("{text}\n{text}"), "rich": format!("<p>t32 {text}</p>"),
            "sort": format!("c{}", place % 3), "papers": [file]});
        let record = admin.post(&format!("/forms/{form}/records"), json!({"fields": fields})).await.created();
        records.push(record["id"].as_str().unwrap().to_owned());
    }
    (form, records)
}

/// That the page has taken nothing for more than text.
async fn ran_nothing(browser: &Browser, page: &str) {
    let ran = "return window.t32 === undefined && document.querySelectorAll(\
               'img[src=x], svg[onload], iframe, math, [onerror], [onmouseover], a[href^=\"javascript:\"]').length === 0";
    assert_eq!(browser.script(ran).await, json!(true), "{page}");
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "{page}");
}

#[tokio::test]
async fn t32_what_people_write_runs_in_no_browser() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let (form, records) = written(&admin).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let list = format!("/apps/shop/forms/{form}");
    let mut pages = ["/", "/apps/shop", "/apps/shop/dashboards/board", "/inbox", "/settings/members"]
        .map(str::to_owned)
        .to_vec();
    pages.extend([list.clone(), format!("{list}/new"), format!("{list}/design"), format!("{list}/flow")]);
    pages.extend(records.iter().take(4).map(|record| format!("{list}/records/{record}")));
    for page in pages {
        browser.go(&page).await;
        browser.sees("t32").await;
        ran_nothing(&browser, &page).await;
    }
    browser.close().await;
    server.close().await;
}
