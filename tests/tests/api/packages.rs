//! Apps from packages that somebody sent.

use std::io::{Cursor, Write};
use std::path::Path;

use serde_json::{Value, json};
use tests::workspace::{id_of, items};
use tests::{Client, Database, HttpCatcher, Server, on_both};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::flows::until;

const MANIFEST: &str =
    r#"{"format": 1, "key": "club", "version": "1.0.0", "label": {"zh-CN": "俱乐部", "en": "Club"}}"#;
const MEMBER: &str = r#"{"format": 1, "key": "person", "label": "Person", "fields": [
    {"key": "name", "label": "Name", "kind": "text", "required": true},
    {"key": "joined", "label": "Joined", "kind": "date"}]}"#;
const PEOPLE: &str = "$key,name,joined\na,Ann,2024-01-02\nb,Bob,2024-02-03\n";

/// The second of these links to nobody.
const UNKNOWN_FRIEND: &str = "$key,name,joined\na,Ann,\nb,Bob,c\n";

fn zipped<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

async fn send(client: &Client, zip: Vec<u8>, input: Value) -> Value {
    let file = client.upload("club.zip", "application/zip", zip).await;
    let mut input = input;
    input["file"] = json!(file);
    client.job(client.post("/apps/import", input).await).await
}

async fn apps(client: &Client) -> usize {
    client.get("/apps").await.ok()["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_package_becomes_an_app_as_a_template_does() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let files = [
            ("club/package.json", MANIFEST),
            ("club/forms/person.json", MEMBER),
            ("club/demo/person.csv", PEOPLE),
        ];
        let tried = send(&admin, zipped(files), json!({"dry_run": true, "demo": true})).await;
        assert_eq!(tried["state"], "done", "{tried}");
        assert_eq!(apps(&admin).await, 0, "a dry run leaves nothing");

        let job = send(&admin, zipped(files), json!({"demo": true, "app_name": "My club"})).await;
        assert_eq!(job["state"], "done", "{job}");
        let form = job["result"]["forms"]["person"].as_str().unwrap();
        let app = admin.get(&format!("/apps/{}", job["result"]["app"].as_str().unwrap())).await.ok();
        assert_eq!((&app["label"], &app["key"]), (&json!("My club"), &json!("club")));
        let records =
            admin.post(&format!("/forms/{form}/records/query"), json!({"count": "exact"})).await.ok();
        assert_eq!(records["count"]["value"], 2);

        let again = send(&admin, zipped(files), json!({})).await;
        assert_eq!(
            (&again["state"], &again["problem"]["code"]),
            (&json!("failed"), &json!("already_installed"))
        );
    })
    .await;
}

#[tokio::test]
async fn a_package_brings_the_regions_that_its_addresses_name() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let own = admin.get("/regions").await.ok();
        let names: Vec<&str> =
            own["items"].as_array().unwrap().iter().filter_map(|list| list["name"].as_str()).collect();
        assert_eq!(names, ["base/cn"], "those of the product are there before anything is installed");
        let china = admin.get("/regions/base/cn").await.ok();
        assert!(china["regions"].as_array().unwrap().len() > 30 && china["label"].is_object());
        admin.get("/regions/base/nowhere").await.refused(404, "not_found");

        let regions =
            r#"{"label": "Islands", "regions": [{"name": "North", "regions": ["Port", "Hill"]}, "South"]}"#;
        let person = MEMBER.replace(
            "\"kind\": \"date\"",
            "\"kind\": \"address\", \"options\": {\"regions\": \"club/islands\", \"level\": \"city\"}",
        );
        let files = [("package.json", MANIFEST), ("forms/person.json", person.as_str())];
        let without = send(&admin, zipped(files), json!({})).await;
        assert_eq!(without["problem"]["errors"][0]["code"], "unknown_regions", "{without}");
        let twice = regions.replace("Hill", "Port");
        let broken = files.into_iter().chain([("regions/islands.json", twice.as_str())]);
        let broken = send(&admin, zipped(broken), json!({})).await;
        assert_eq!(broken["problem"]["errors"][0]["code"], "duplicate_key", "{broken}");

        let whole = files.into_iter().chain([("regions/islands.json", regions)]);
        let job = send(&admin, zipped(whole), json!({})).await;
        assert_eq!(job["state"], "done", "{job}");
        let form = job["result"]["forms"]["person"].as_str().unwrap();
        let add = async |joined: Value| {
            admin
                .post(&format!("/forms/{form}/records"), json!({"fields": {"name": "a", "joined": joined}}))
                .await
        };
        let port = json!({"province": "North", "city": "Port"});
        assert_eq!(add(json!("North Port")).await.created()["fields"]["joined"], port);
        let unknown = add(json!({"province": "North", "city": "Bay"})).await.refused(422, "validation");
        assert_eq!(unknown["errors"][0]["code"], "unknown_region");
        assert_eq!(admin.get("/regions").await.ok()["items"].as_array().unwrap().len(), 2);
        assert_eq!(admin.get("/regions/club/islands").await.ok()["regions"][1], "South");
    })
    .await;
}

/// Where a package calls is its author's choice: whoever installs it is told, and nothing is sent before they say so.
#[tokio::test]
async fn t37_a_package_calls_nobody_before_somebody_has_looked_where() {
    for database in [Database::Sqlite, Database::Postgres] {
        let server = Server::start_with(database, &["--allow-private", "127.0.0.0/8"]).await;
        let admin = server.set_up().await;
        let other = HttpCatcher::start().await;
        let call = json!({"kind": "call", "url": other.url(), "body": {"name": "{name}"}});
        let tell = json!({"kind": "action", "key": "tell", "label": "Tell", "action": call});
        let flow =
            json!({"format": 1, "label": "Telling", "start": {"fields": {"*": "edit"}}, "steps": [tell]});
        let flow = flow.to_string();
        let files =
            [("package.json", MANIFEST), ("forms/person.json", MEMBER), ("flows/person.json", flow.as_str())];
        let told = json!([
            {"package": "club", "form": "person", "step": "tell", "method": "POST", "url": other.url()}
        ]);
        let tried = send(&admin, zipped(files), json!({"dry_run": true})).await;
        assert_eq!(tried["result"]["calls"], told, "{tried}");
        let job = send(&admin, zipped(files), json!({})).await;
        assert_eq!((&job["state"], &job["result"]["calls"]), (&json!("done"), &told), "{job}");

        let form = job["result"]["forms"]["person"].as_str().unwrap();
        let calls = format!("/apps/{}/calls?state=held", job["result"]["app"].as_str().unwrap());
        let records = format!("/forms/{form}/records");
        for name in ["Ann", "Bob"] {
            admin.post(&records, json!({"fields": {"name": name}})).await.created();
        }
        let held = async || items(&admin.get(&calls).await.ok()).clone();
        until("both calls are held back", async || held().await.len() == 2).await;
        assert!(other.caught().is_empty());
        let one = id_of(&held().await[0]);
        admin.post(&format!("/calls/{one}/retry"), json!({})).await.ok();
        other.wait_for(2).await;
        // From now on it calls.
        admin.post(&records, json!({"fields": {"name": "Cid"}})).await.created();
        other.wait_for(3).await;
    }
}

#[tokio::test]
async fn t37_a_broken_package_is_refused_whole_with_file_and_place() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let bad_kind = MEMBER.replace("\"date\"", "\"dates\"");
        let bad_formula = MEMBER.replace(
            "\"kind\": \"date\"",
            "\"kind\": \"number\", \"compute\": {\"formula\": \"nothing + 1\"}",
        );
        let needs = MANIFEST
            .replace("\"label\"", "\"needs\": [{\"key\": \"nowhere\", \"version\": \"1\"}], \"label\"");
        let later = needs.replace("nowhere", "base").replace("\"version\": \"1\"", "\"version\": \"99.0\"");
        let odd = later.replace("99.0", "latest");
        let bad_demo = PEOPLE.replace("2024-02-03", "2024-02-30");
        for (files, path, code) in [
            (vec![("forms/person.json", MEMBER)], "package.json", "file_missing"),
            (
                vec![("package.json", MANIFEST), ("forms/person.json", "{")],
                "forms/person.json",
                "invalid_document",
            ),
            (
                vec![("package.json", MANIFEST), ("forms/person.json", &bad_kind)],
                "forms/person.json",
                "invalid_document",
            ),
            (
                vec![("package.json", MANIFEST), ("forms/person.json", &bad_formula)],
                "club/forms/person.json#/fields/1/compute/formula",
                "unknown_field",
            ),
            (
                vec![("package.json", MANIFEST), ("../forms/person.json", MEMBER)],
                "../forms/person.json",
                "unsafe_file",
            ),
            (
                vec![("package.json", &needs), ("forms/person.json", MEMBER)],
                "package.json#/needs",
                "unknown_package",
            ),
            (
                vec![("package.json", &later), ("forms/person.json", MEMBER)],
                "club/package.json#/needs/0/version",
                "version_too_old",
            ),
            (
                vec![("package.json", &odd), ("forms/person.json", MEMBER)],
                "package.json#/needs/0/version",
                "invalid_version",
            ),
        ] {
            let job = send(&admin, zipped(files), json!({})).await;
            assert_eq!(
                (&job["state"], &job["problem"]["code"]),
                (&json!("failed"), &json!("broken_package")),
                "{job}"
            );
            let fault = &job["problem"]["errors"][0];
            assert_eq!((&fault["path"], &fault["code"]), (&json!(path), &json!(code)), "{job}");
        }
        let demo = vec![
            ("package.json", MANIFEST),
            ("forms/person.json", MEMBER),
            ("demo/person.csv", bad_demo.as_str()),
        ];
        let job = send(&admin, zipped(demo), json!({"demo": true})).await;
        assert_eq!(job["state"], "failed", "{job}");
        assert!(
            job["problem"]["errors"][0]["path"].as_str().unwrap().starts_with("club/demo/person.csv#line 3"),
            "{job}"
        );
        // A record that links to none is told where it is, in the reader's language.
        let linked =
            MEMBER.replace("\"kind\": \"date\"", "\"kind\": \"link\", \"options\": {\"form\": \"person\"}");
        let demo = [
            ("package.json", MANIFEST),
            ("forms/person.json", linked.as_str()),
            ("demo/person.csv", UNKNOWN_FRIEND),
        ];
        for (language, words) in [
            ("en", "There is no demo record “c” to link to."),
            ("zh-CN", "示例数据中没有可关联的记录「c」。"),
            ("zh-TW", "範例資料中沒有可連結的資料「c」。"),
        ] {
            let job = send(&admin.speaking(language), zipped(demo), json!({"demo": true})).await;
            let fault = &job["problem"]["errors"][0];
            assert_eq!(
                (&fault["code"], &fault["message"]),
                (&json!("unknown_record"), &json!(words)),
                "{job}"
            );
            assert!(fault["path"].as_str().unwrap().starts_with("club/demo/person.csv#line 3"), "{job}");
        }
        let job = send(&admin, b"no zip".to_vec(), json!({})).await;
        assert_eq!(job["problem"]["errors"][0]["code"], "not_a_zip");
        assert_eq!(apps(&admin).await, 0);
        let roles = admin.get("/roles").await.ok();
        assert!(roles["items"].as_array().unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_package_is_held_to_the_version_that_is_installed() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let installed = admin.post("/templates/base/install", json!({})).await;
        assert_eq!(admin.job(installed).await["state"], "done");
        let with = |version: &str| {
            let needs = format!("\"needs\": [{{\"key\": \"base\", \"version\": \"{version}\"}}], \"label\"");
            let manifest = MANIFEST.replace("\"label\"", &needs);
            zipped([("package.json", manifest.as_str()), ("forms/person.json", MEMBER)])
        };
        let job = send(&admin, with("99.0"), json!({})).await;
        let fault = &job["problem"]["errors"][0];
        assert_eq!(fault["code"], "version_too_old", "{job}");
        assert_eq!((&fault["args"]["package"], &fault["args"]["needed"]), (&json!("base"), &json!("99.0")));
        let job = send(&admin, with("1"), json!({})).await;
        assert_eq!(job["state"], "done", "{job}");
    })
    .await;
}

#[tokio::test]
async fn only_administrators_bring_in_packages_and_only_their_own_files() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let member = server.member(&admin, "member@example.com", &[]).await;
        let file = member.upload("club.zip", "application/zip", zipped([("package.json", MANIFEST)])).await;
        member.post("/apps/import", json!({"file": file})).await.refused(403, "forbidden");
        admin.post("/apps/import", json!({"file": file})).await.refused(422, "validation");
    })
    .await;
}

/// The product's own packages go through the same door when somebody sends them.
#[tokio::test]
async fn a_template_of_ours_can_be_sent_as_a_zip() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut files = Vec::new();
        for folder in ["form-templates/loyalty", "workflows/loyalty"] {
            collect(&root.join(folder), &root.join(folder), &mut files);
        }
        let zip = zipped(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        let job = send(&admin, zip, json!({"locale": "zh-TW"})).await;
        assert_eq!(job["state"], "done", "{job}");
        assert!(job["result"]["packages"]["base"].is_string());
    })
    .await;
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_string();
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// What a package adds to a form is published like any other change of it, under the eyes of the tables that count it.
#[tokio::test]
async fn a_package_that_adds_to_a_form_leaves_the_tables_that_count_it_right() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let installed = admin.post("/templates/base/install", json!({"demo": true})).await;
        let product = admin.job(installed).await["result"]["forms"]["product"].as_str().unwrap().to_owned();
        let table = json!({"format": 1, "key": "range", "label": "Range",
            "dimensions": [{"key": "category", "label": "Category"}],
            "sources": [{"form": "product", "group": {"category": "category"},
                "measures": {"price": {"fn": "sum", "field": "list_price"}, "count": {"fn": "count"}}}]});
        let table = admin.post("/apps/base/aggregates", table).await.created();
        let rows =
            async || admin.get(&format!("/aggregates/{}/rows", table["id"].as_str().unwrap())).await.ok();
        let before = rows().await["items"].clone();
        assert!(before.as_array().unwrap().len() > 1, "{before}");

        let needs = "\"needs\": [{\"key\": \"base\", \"version\": \"1\"}], \"label\"";
        let manifest = MANIFEST.replace("\"label\"", needs);
        let shelf = r#"{"fields": [{"key": "shelf", "label": "Shelf", "kind": "text"}],
            "layout": [{"row": [{"field": "shelf", "width": 6}]}]}"#;
        let files = [
            ("package.json", manifest.as_str()),
            ("forms/person.json", MEMBER),
            ("extensions/base/product.json", shelf),
        ];
        let job = send(&admin, zipped(files), json!({})).await;
        assert_eq!(job["state"], "done", "{job}");
        let form = admin.get(&format!("/forms/{product}")).await.ok();
        assert!(form["definition"]["fields"].as_array().unwrap().iter().any(|field| field["key"] == "shelf"));
        assert_eq!(rows().await["items"], before);
        let path = format!("/aggregates/{}/verify", table["id"].as_str().unwrap());
        assert_eq!(admin.post(&path, json!({})).await.ok()["right"], true);
    })
    .await;
}
