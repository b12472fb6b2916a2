//! What people write is text, wherever others read it.

use std::fs;
use std::path::Path;

use reqwest::Method;
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
               'img[src=x], svg[onload], iframe, math, object, embed, marquee, [onerror], [onmouseover], [onfocus], [ontoggle], \
               a[href^=\"javascript:\"], form[action^=\"javascript:\"], base[href^=\"javascript:\"]').length === 0";
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

/// Payloads on one record, and records: together all of the list.
const OF_ONE_RECORD: usize = 28;
const RECORDS: usize = 10;

fn payloads() -> Vec<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/xss/payloads.txt");
    let payloads: Vec<String> = fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(payloads.len(), OF_ONE_RECORD * RECORDS);
    payloads
}

/// Sends a file under a name of any signs.
async fn named_file(admin: &Client, name: &str) -> Value {
    let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    let request = admin.request(Method::POST, "/files").header("content-type", "text/plain");
    admin.send(request.header("content-disposition", disposition).body("t32")).await.created()["id"].clone()
}

/// Puts payloads wherever people write: a form whose fields hold them as text, as long text and as rich text, and are called after
/// them; its choices, views, flow and dashboard; comments and files of its records; an app, people, departments and roles.
async fn written_everywhere(admin: &Client, payloads: &[String]) -> (String, Vec<String>) {
    let some = &payloads[..OF_ONE_RECORD];
    admin.post("/apps", json!({"key": "shop", "label": some[1]})).await.created();
    for (n, payload) in payloads.iter().enumerate() {
        admin.post("/departments", json!({"name": payload})).await.created();
        admin.post("/roles", json!({"key": format!("role{n}"), "name": payload})).await.created();
    }
    for (n, payload) in some.iter().enumerate() {
        let member = json!({"email": format!("m{n}@example.com"), "name": payload});
        admin.post("/members", member).await.created();
    }
    let choices: Vec<Value> = payloads
        .iter()
        .enumerate()
        .map(|(n, label)| json!({"key": format!("c{n}"), "label": label}))
        .collect();
    let mut fields = vec![
        json!({"key": "sort", "label": some[2], "kind": "select", "options": {"choices": choices}}),
        json!({"key": "papers", "label": some[3], "kind": "files"}),
    ];
    for (place, (key, kind)) in
        [("text", "text"), ("long", "long_text"), ("rich", "rich_text")].iter().enumerate()
    {
        for n in 0..OF_ONE_RECORD {
            let label = &payloads[place * OF_ONE_RECORD + n];
            fields.push(json!({"key": format!("{key}{n}"), "label": label, "help": label, "kind": kind}));
        }
    }
    let order = json!({"key": "order", "label": some[4], "title": "{text0}", "fields": fields});
    let order = admin.post("/apps/shop/forms", order).await.created();
    let form = order["id"].as_str().unwrap().to_owned();
    let tiles: Vec<Value> = some.iter().enumerate().map(|(n, label)| {
        json!({"key": format!("t{n}"), "label": label, "at": [0, n * 4, 6, 4], "kind": "bar", "source": "order",
               "group": [{"field": "sort"}], "measures": [{"key": "n", "fn": "count"}]})
    }).collect();
    let board =
        json!({"format": 1, "key": "board", "label": some[5], "read": {"everyone": true}, "tiles": tiles});
    admin.post("/apps/shop/dashboards", board).await.created();
    for payload in some {
        let view = json!({"label": payload, "scope": "shared"});
        admin.post(&format!("/forms/{form}/views"), view).await.created();
    }
    let mut records = Vec::new();
    for (place, payloads) in payloads.chunks(OF_ONE_RECORD).enumerate() {
        let mut values = json!({"sort": format!("c{place}")});
        for (n, payload) in payloads.iter().enumerate() {
            values[format!("text{n}")] = json!(payload);
            values[format!("long{n}")] = json!(format!("t32\n{payload}"));
            values[format!("rich{n}")] = json!(format!("<p>t32 {payload}</p>"));
        }
        let mut papers = Vec::new();
        for payload in &payloads[..5] {
            papers.push(named_file(admin, payload).await);
        }
        values["papers"] = json!(papers);
        let record = admin.post(&format!("/forms/{form}/records"), json!({"fields": values})).await.created();
        let record = record["id"].as_str().unwrap().to_owned();
        for payload in payloads {
            let path = format!("/forms/{form}/records/{record}/comments");
            admin.post(&path, json!({"text": payload})).await.created();
        }
        // Whoever goes around the editor has stored no more by it.
        let kept = admin.get(&format!("/forms/{form}/records/{record}")).await.ok();
        for n in 0..payloads.len() {
            let rich = kept["fields"][format!("rich{n}")].as_str().unwrap();
            let tags = rich.split('<').skip(1).filter_map(|part| part.split('>').next());
            for tag in tags {
                let is_plain = tag.trim_start_matches('/').chars().all(|sign| sign.is_ascii_alphanumeric());
                assert!(is_plain, "a tag of {rich}");
                assert!(!tag.contains("script") && !tag.contains("svg") && !tag.contains("style"), "{rich}");
            }
        }
        records.push(record);
    }
    (form, records)
}

#[tokio::test]
async fn t32_no_payload_of_a_long_list_runs_in_any_place_where_people_write() {
    let server = Server::start(Database::Sqlite).await;
    let admin = server.set_up().await;
    let (form, records) = written_everywhere(&admin, &payloads()).await;
    let browser = Browser::open(&server).await;
    browser.sign_in().await;
    let list = format!("/apps/shop/forms/{form}");
    let of_app = ["/", "/apps/shop", "/apps/shop/settings", "/apps/shop/dashboards/board"];
    let of_all = ["/settings/members", "/settings/roles", "/settings/audit"];
    let mut pages: Vec<String> = of_app.into_iter().chain(of_all).map(str::to_owned).collect();
    pages.push(list.clone());
    pages.extend(["new", "design", "permissions"].map(|page| format!("{list}/{page}")));
    pages.extend(records.iter().map(|record| format!("{list}/records/{record}")));
    for page in pages {
        browser.go(&page).await;
        browser.sees("t32").await;
        ran_nothing(&browser, &page).await;
    }
    browser.close().await;
    server.close().await;
}
