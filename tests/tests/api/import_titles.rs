//! Records that rows name by their titles: those of the same file, those of large forms, and the same on trial.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::design::{form, link, number, text};
use tests::workspace::items;
use tests::{Client, Form, on_both_shared};

use crate::import::records;

const COUNTS: [&str; 4] = ["created", "updated", "unchanged", "failed"];

fn counts(job: &Value) -> [u64; 4] {
    COUNTS.map(|name| job["result"][name].as_u64().unwrap_or_else(|| panic!("no {name} in {job}")))
}

/// The lines and codes of the faults.
fn faults(job: &Value) -> Vec<(u64, &str)> {
    let faults = job["result"]["faults"].as_array().unwrap().iter();
    faults.map(|fault| (fault["line"].as_u64().unwrap(), fault["code"].as_str().unwrap())).collect()
}

/// Brings in the rows of a csv file whose columns are called as their fields.
async fn bring(admin: &Client, form: &Form, text: String, more: Value) -> Value {
    let columns: Vec<String> = text.lines().next().unwrap().split(',').map(str::to_owned).collect();
    let file = admin.upload("rows.csv", "text/csv", text.into_bytes()).await;
    let mapping: BTreeMap<&String, &String> = columns.iter().map(|column| (column, column)).collect();
    let mut input = json!({"file": file, "mapping": mapping});
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    let started = admin.post(&form.path("/import"), input).await.with_status(202);
    let path = format!("/jobs/{}", started["job"].as_str().unwrap());
    let until = Instant::now() + Duration::from_secs(300);
    loop {
        let job = admin.get(&path).await.ok();
        if job["state"] != "running" && job["state"] != "queued" {
            assert_eq!(job["state"], "done", "{job}");
            return job;
        }
        assert!(Instant::now() < until, "it does not end: {job}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Each row finds what those before it have made, in its slice and in earlier ones, as if it had been saved after them.
#[tokio::test]
async fn rows_find_what_rows_above_them_have_made() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        for title in ["{name}", "{name} ({code})"] {
            let app = workspace.app("Units").await;
            let fields = [text("name"), text("code"), link("parent", "unit")];
            let unit = app.form(form("unit", fields).with("title", title)).await;
            let titled = |name: &str| title.replace("{name}", name).replace("{code}", "x");
            const UNITS: usize = 120;
            let above = |n: usize| match n {
                0 => titled("Root"),
                n => titled(&format!("U{}", n / 2)),
            };
            let mut rows = vec!["Root,x,".to_owned()];
            rows.extend((0..UNITS).map(|n| format!("U{n},x,{}", above(n))));
            let first = rows.len() + 2;
            rows.extend([
                "Twin,x,".to_owned(),
                "Twin,x,".to_owned(),
                format!("of two,x,{}", titled("Twin")),
                format!("too early,x,{}", titled("Later")),
                "Later,x,".to_owned(),
                format!("late enough,x,{}", titled("Later")),
            ]);
            let text = format!("name,code,parent\n{}\n", rows.join("\n"));
            let expected = [UNITS as u64 + 5, 0, 0, 2];
            let refused = [(first as u64 + 2, "ambiguous_title"), (first as u64 + 3, "no_such_title")];
            let tried = bring(admin, &unit, text.clone(), json!({"dry_run": true})).await;
            assert_eq!((counts(&tried), faults(&tried)), (expected, refused.to_vec()), "{title}: {tried}");
            assert!(records(admin, &unit.id).await.is_empty());
            let done = bring(admin, &unit, text, json!({})).await;
            assert_eq!((counts(&done), faults(&done)), (expected, refused.to_vec()), "{title}: {done}");

            let made = records(admin, &unit.id).await;
            let named: BTreeMap<&str, &Value> =
                made.iter().map(|unit| (unit["fields"]["name"].as_str().unwrap(), unit)).collect();
            for n in 1..UNITS {
                let (child, parent) = (named[&*format!("U{n}")], named[&*format!("U{}", n / 2)]);
                assert_eq!(child["fields"]["parent"], parent["id"], "U{n}");
            }
            assert_eq!(named["U0"]["fields"]["parent"], named["Root"]["id"]);
            assert_eq!(named["late enough"]["fields"]["parent"], named["Later"]["id"]);
        }
    })
    .await;
}

/// A record that a row above has given another name is found by that, and by its former one no more.
#[tokio::test]
async fn rows_find_records_by_the_names_that_rows_above_have_given_them() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        for title in ["{name}", "{code}: {name}"] {
            let app = workspace.app("Units").await;
            let fields = [text("code").unique(), text("name"), link("parent", "unit")];
            let unit = app.form(form("unit", fields).with("title", title)).await;
            let known = unit.add(json!({"code": "k", "name": "Old"})).await;
            let titled = |name: &str| title.replace("{name}", name).replace("{code}", "k");
            let fill: String = (0..200).map(|n| format!("f{n},F,\n")).collect();
            for between in ["", fill.as_str()] {
                let text = format!(
                    "code,name,parent\nk,New,\n{between}a,A,{}\nb,B,{}\nk,Old,\n",
                    titled("New"),
                    titled("Old")
                );
                let line = 4 + between.lines().count() as u64;
                let more = |dry_run: bool| json!({"mode": "upsert", "key": ["code"], "dry_run": dry_run});
                let tried = bring(admin, &unit, text.clone(), more(true)).await;
                let done = bring(admin, &unit, text, more(false)).await;
                for job in [&tried, &done] {
                    assert_eq!(faults(job), [(line, "no_such_title")], "{title}: {job}");
                }
                assert_eq!(counts(&tried), counts(&done), "{title}: {tried} {done}");
                let asked = json!({"filter": {"field": "code", "op": "eq", "value": "a"}});
                let found = unit.query(admin, asked).await.ok();
                assert_eq!(items(&found)[0]["fields"]["parent"], known["id"]);
            }
        }
    })
    .await;
}

/// A title of several fields is found however many records there are.
#[tokio::test]
async fn titles_of_several_fields_are_found_among_many_records() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Deals").await;
        let contact = form("contact", [text("name"), text("code")]).with("title", "{name} {code}");
        let contact = app.form(contact).await;
        let deal = app.form(form("deal", [text("name"), link("contact", "contact")])).await;
        const MANY: usize = 20_600;
        let rows: String = (0..MANY).map(|n| format!("Contact,{n}\n")).collect();
        let job = bring(admin, &contact, format!("name,code\n{rows}"), json!({})).await;
        assert_eq!(counts(&job), [MANY as u64, 0, 0, 0], "{job}");
        let last = MANY - 1;
        let text =
            format!("name,contact\na,Contact 0\nb,Contact 10300\nc,Contact {last}\nd,Contact {MANY}\n");
        for dry_run in [true, false] {
            let job = bring(admin, &deal, text.clone(), json!({"dry_run": dry_run})).await;
            assert_eq!(counts(&job), [3, 0, 0, 1], "{job}");
            assert_eq!(faults(&job), [(5, "no_such_title")], "{job}");
        }
        for (deal, code) in records(admin, &deal.id).await.iter().zip(["0", "10300", &last.to_string()]) {
            let linked = json!({"id": deal["fields"]["contact"]});
            assert_eq!(contact.read(admin, &linked).await.ok()["fields"]["code"], code);
        }
    })
    .await;
}

/// What a trial says of rows with the key of an earlier one is what the import does with them.
#[tokio::test]
async fn a_dry_run_tells_of_a_key_that_comes_again_what_the_import_does() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        for is_unique in [true, false] {
            let app = workspace.app("Stock").await;
            let code = if is_unique { text("code").unique() } else { text("code") };
            let part = app.form(form("part", [code, number("qty", 0), text("mail").unique()])).await;
            // The second time each changes, the third time nothing does.
            let row = |n: usize| format!("c{},{}\n", n % 150, (n / 150).min(1));
            let text: String = ["code,qty\n".to_owned()].into_iter().chain((0..400).map(row)).collect();
            let upsert = |dry_run: bool| json!({"mode": "upsert", "key": ["code"], "dry_run": dry_run});
            for dry_run in [true, false] {
                let job = bring(admin, &part, text.clone(), upsert(dry_run)).await;
                assert_eq!(counts(&job), [150, 150, 100, 0], "unique {is_unique}, dry {dry_run}: {job}");
            }
            assert_eq!(records(admin, &part.id).await.len(), 150);

            // A value that must be unique is free once its record has another one.
            let fill: String = (0..200).map(|n| format!("f{n},\n")).collect();
            let text = format!("code,mail\na,x\n{fill}a,y\nb,x\nd,y\n");
            for dry_run in [true, false] {
                let job = bring(admin, &part, text.clone(), upsert(dry_run)).await;
                assert_eq!(counts(&job), [202, 1, 0, 1], "unique {is_unique}, dry {dry_run}: {job}");
                assert_eq!(faults(&job), [(205, "not_unique")], "{job}");
            }
        }
    })
    .await;
}
