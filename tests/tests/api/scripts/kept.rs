//! Where scripts are kept: in an app, by who administers it; in a package, with its words.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use tests::design::{form, number, text};
use tests::workspace::{faults, items};
use tests::{Client, on_both, on_both_shared};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Depot, UNPOST, receipt};

#[tokio::test]
async fn scripts_of_an_app_are_made_read_changed_and_removed() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        let (admin, path) = (&depot.admin, depot.app.path("/scripts"));
        let listed = admin.get(&path).await.ok();
        let keys: Vec<&str> = items(&listed).iter().map(|script| script["key"].as_str().unwrap()).collect();
        assert_eq!(keys, ["post", "unpost"]);
        assert_eq!(items(&listed)[1]["source"], UNPOST);
        assert_eq!(items(&listed)[0]["forms"], json!([depot.receipts.id]));

        let one = |key: &str, source: &str| json!({"key": key, "source": source});
        admin.post(&path, one("post", "")).await.refused(409, "script_taken");
        let key = admin.post(&path, one("No key", "")).await.refused(422, "validation");
        assert_eq!(faults(&key), ["key: invalid_key"]);
        for (source, code, line) in [
            ("let a = 1;\nlet = 2;", "script_syntax", Some("2")),
            ("sleep(5);", "script_unknown_function", Some("1")),
            ("let f = \"entry\"; find(f, #{});", "script_names_form", Some("1")),
            ("count(\"nobody\", #{});", "unknown_form", None),
        ] {
            let wrong = admin.post(&path, one("other", source)).await.refused(422, "validation");
            assert_eq!(faults(&wrong), [format!("source: {code}")], "{source}");
            assert_eq!(wrong["errors"][0]["args"]["line"].as_str(), line, "{source}");
        }
        // One that is bound sets what is a script's to set, and stays.
        let bound = format!("{path}/post");
        let wrong = admin.put(&bound, "*", json!({"source": "record.qty = 1;"})).await;
        assert_eq!(faults(&wrong.refused(422, "validation")), ["source: script_sets_field"]);
        admin.put(&bound, "\"7\"", json!({"source": ""})).await.refused(412, "stale");
        admin.delete(&bound, 1).await.refused(409, "script_in_use");
        let made = admin.post(&path, one("other", "let a = 1;")).await.created();
        assert_eq!((&made["version"], &made["forms"]), (&json!(1), &json!([])));
        admin.delete(&format!("{path}/other"), 1).await.with_status(204);
        admin.delete(&format!("{path}/other"), 1).await.refused(404, "not_found");

        let mei = workspace.person("mei").await;
        mei.get(&path).await.refused(404, "not_found");
        depot.receipts.allow(tests::design::group("clerks", &[&mei.id])).await;
        mei.get(&path).await.refused(403, "forbidden");
        mei.post(&path, one("other", "")).await.refused(403, "forbidden");
        mei.put(&bound, "*", json!({"source": ""})).await.refused(403, "forbidden");
        mei.delete(&bound, 1).await.refused(403, "forbidden");
    })
    .await;
}

#[tokio::test]
async fn a_form_binds_scripts_that_are_there() {
    on_both_shared(async |workspace| {
        let depot = Depot::build(&workspace).await;
        let refused = async |scripts: Value, code: &str| {
            let design = receipt("another", scripts);
            faults(&depot.app.refused_form(design).await.refused(422, code))
        };
        let unknown = refused(json!([{"on": "submit", "script": "nobody"}]), "validation").await;
        assert_eq!(unknown, ["/scripts/0/script: unknown_script"]);
        let when = json!({"field": "nobody", "op": "eq", "value": 1});
        let untyped =
            refused(json!([{"on": "submit", "when": when, "script": "post"}]), "unknown_field").await;
        assert_eq!(untyped, ["/scripts/0/when: unknown_field"]);
        let design = form("third", [text("item"), number("qty", 0)]);
        let design = design.with("scripts", json!([{"on": "submit", "script": "post"}]));
        let closed = depot.app.refused_form(design).await.refused(422, "validation");
        let place = "/scripts/0/script: script_sets_field";
        assert_eq!(faults(&closed), [place, place]);
        let sometimes = receipt("another", json!([{"on": "sometimes", "script": "post"}]));
        assert_eq!(depot.app.refused_form(sometimes).await.status, 422);

        // What a script writes is nobody's right: a form of another app binds it only by who administers both.
        let mei = workspace.person("mei").await;
        let theirs = workspace.app("Theirs").await;
        let admins = json!({"admins": [{"members": [mei.id]}]});
        depot.admin.patch(&theirs.path(""), 1, admins.clone()).await.ok();
        let foreign = format!("{}/post", depot.app.key);
        let design = receipt("mine", json!([{"on": "submit", "script": foreign}])).document();
        let told = mei.post(&theirs.path("/forms"), design.clone()).await.refused(422, "validation");
        assert!(faults(&told).iter().all(|fault| fault.starts_with("/scripts/0/script: ")), "{told}");
        depot.admin.post(&theirs.path("/forms"), design).await.created();
    })
    .await;
}

const MANIFEST: &str = r#"{"format": 1, "key": "points", "version": "1.0.0", "label": "Points",
    "parameters": [{"key": "rate", "label": "Rate", "kind": "number", "default": "2"}]}"#;
const ORDER: &str = r#"{"format": 1, "key": "order", "label": "Order", "fields": [
    {"key": "amount", "label": "Amount", "kind": "number", "options": {"scale": 0}},
    {"key": "points", "label": "Points", "kind": "number", "options": {"scale": 0}, "by_script": true}],
    "scripts": [{"on": "submit", "script": "earn"}]}"#;
const EARN: &str = r#"
if record.amount > 100 { refuse("too_much", #{amount: record.amount}); }
record.points = record.amount * param("rate");
"#;
const ENGLISH: &str = "too-much = { $amount } is too much.\n";
const CHINESE: &str = "too-much = { $amount } 太多了。\n";

async fn send(client: &Client, files: &[(&str, &str)], input: Value) -> Value {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    let zip = writer.finish().unwrap().into_inner();
    let mut input = input;
    input["file"] = json!(client.upload("points.zip", "application/zip", zip).await);
    client.job(client.post("/apps/import", input).await).await
}

#[tokio::test]
async fn a_package_brings_its_scripts_and_its_words() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let files = [
            ("package.json", MANIFEST),
            ("forms/order.json", ORDER),
            ("scripts/earn.rhai", EARN),
            ("texts/en.ftl", ENGLISH),
            ("texts/zh-CN.ftl", CHINESE),
            ("demo/order.csv", "$key,amount\na,10\n"),
        ];
        // What is wrong with a script keeps the package out, with the file and the place.
        let mut broken = files;
        broken[2].1 = "eval(\"1\")";
        let job = send(&admin, &broken, json!({})).await;
        assert_eq!(job["state"], "failed", "{job}");
        assert_eq!(faults(&job["problem"]), ["scripts/earn.rhai: script_syntax"]);
        let without: Vec<(&str, &str)> =
            files.iter().copied().filter(|(name, _)| *name != "scripts/earn.rhai").collect();
        let job = send(&admin, &without, json!({})).await;
        assert_eq!(faults(&job["problem"]), ["points/forms/order.json#/scripts/0/script: unknown_script"]);

        // Whoever installs it reads every script before.
        let tried = send(&admin, &files, json!({"dry_run": true, "demo": true})).await;
        let scripts = json!([{"package": "points", "key": "earn", "source": EARN}]);
        assert_eq!(tried["result"]["scripts"], scripts, "{tried}");

        let job = send(&admin, &files, json!({"demo": true})).await;
        assert_eq!(job["state"], "done", "{job}");
        let path = format!("/forms/{}/records", job["result"]["forms"]["order"].as_str().unwrap());
        // Its demo went through them like everything else.
        let demo = admin.get(&path).await.ok();
        assert_eq!(items(&demo)[0]["fields"]["points"], "20");
        let made = admin.post(&path, json!({"fields": {"amount": "7"}})).await.created();
        assert_eq!(made["fields"]["points"], "14");
        let much = json!({"fields": {"amount": "101"}});
        let refused = admin.post(&path, much.clone()).await.refused(409, "too_much");
        assert_eq!(refused["detail"], "101 is too much.");
        let refused = admin.speaking("zh-CN").post(&path, much).await.refused(409, "too_much");
        assert_eq!(refused["detail"], "101 太多了。");
    })
    .await;
}
