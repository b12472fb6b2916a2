//! `cargo xtask corpus`: a database as this release makes it, kept for the upgrade tests of later ones: the file of SQLite,
//! and of PostgreSQL the statements that make one like it, which any connection can run.
//!
//! What it holds is made through the API, and so is what it is asked afterwards: the questions lie beside it with their
//! answers, and `tests/tests/api/upgrade.rs` asks them again of the upgraded database.

mod kinds;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::api::Api;
use crate::postgres::{self, TemporaryPostgres};
use crate::run::server::{self, Server};
use crate::{cache, progress};

#[derive(Args)]
pub struct Options {
    /// Folder for the release; `tests/data/releases/VERSION` when absent
    #[arg(long)]
    out: Option<PathBuf>,
    /// Of which database; of both when absent
    #[arg(long, value_enum)]
    database: Option<Kind>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Sqlite,
    Postgres,
}

/// The administrator of every corpus.
const EMAIL: &str = "admin@example.com";
const PASSWORD: &str = "a corpus is no secret";
/// What is installed with its demo: approvals, stock with its limits, points.
const TEMPLATES: [&str; 2] = ["inventory", "loyalty"];
/// Members of answers that say who may do what, or are other ones each time.
const PASSING: [&str; 3] = ["next", "may", "request_id"];
/// Kinds whose values are worked out when they are read, some of them from the day.
const LIVE: [&str; 4] = ["formula", "lookup", "rollup", "query"];

pub fn run(options: &Options) -> Result<()> {
    let binary = server::build(true)?;
    let folder = match &options.out {
        Some(out) => std::env::current_dir()?.join(out),
        None => cache::checkout().join("tests/data/releases").join(env!("CARGO_PKG_VERSION")),
    };
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if options.database.is_none_or(|wanted| wanted == kind) {
            keep(kind, &binary, &folder)?;
        }
    }
    println!("\n{} is written; commit it with the release.", folder.display());
    Ok(())
}

/// Makes a database, asks it, and keeps it with what it said.
fn keep(kind: Kind, binary: &Path, release: &Path) -> Result<()> {
    let data = std::env::temp_dir().join(format!("formwork-corpus-{}", std::process::id()));
    fs::create_dir_all(&data)?;
    let (folder, postgres) = match kind {
        Kind::Sqlite => (release.to_owned(), None),
        Kind::Postgres => {
            postgres::require()?;
            let postgres = progress::step("starting PostgreSQL", TemporaryPostgres::start)?;
            (release.join("postgres"), Some(postgres))
        }
    };
    progress::headline("Filling a database of this release");
    let more = postgres.iter().flat_map(|postgres| ["--database".to_owned(), postgres.url()]);
    let more: Vec<String> = more.collect();
    let mut server = Server::start(binary, &data, ([127, 0, 0, 1], 0).into(), &more)?;
    let asked = fill(&server).and_then(|api| ask(&api));
    // Stopped in order: what its log held is in the file.
    server.stop()?;
    let questions = asked?;
    fs::create_dir_all(&folder)?;
    match &postgres {
        None => pack(File::open(data.join("formwork.db"))?, &folder.join("formwork.db.gz"))?,
        Some(postgres) => {
            let dump = progress::step("writing down what PostgreSQL holds", || postgres.dump())?;
            pack(dump.as_bytes(), &folder.join("formwork.sql.gz"))?;
        }
    }
    // What is sealed in it opens with its own key alone.
    fs::copy(data.join("formwork.key"), folder.join("formwork.key"))?;
    let expected = json!({"email": EMAIL, "password": PASSWORD, "questions": questions});
    let answers = serde_json::to_string_pretty(&expected)? + "\n";
    pack(answers.as_bytes(), &folder.join("expected.json.gz"))?;
    fs::remove_dir_all(&data)?;
    Ok(())
}

fn pack(mut source: impl Read, to: &Path) -> Result<()> {
    let mut packed = GzEncoder::new(File::create(to)?, Compression::best());
    io::copy(&mut source, &mut packed)?;
    packed.finish()?.sync_all()?;
    Ok(())
}

fn fill(server: &Server) -> Result<Api> {
    let mut api = Api::new(&server.url, "en");
    let code = server.set_up_code.as_ref().context("the server offers no set-up code")?;
    api.post(
        "/setup",
        &json!({"code": code, "email": EMAIL, "password": PASSWORD, "name": "Ada", "workspace": "Corpus", "language": "en"}),
    )?;
    api.sign_in(EMAIL, PASSWORD)?;
    let (member, department) = people(&api)?;
    for template in TEMPLATES {
        let install = json!({"locale": "en", "demo": true});
        let started = api.post(&format!("/templates/{template}/install"), &install)?;
        api.job(&started, template)?;
    }
    let known = records(&api, member, department)?;
    kinds::make(&api, &known)?;
    Ok(api)
}

/// What records are made of, by ids.
struct Known {
    app: String,
    customer: String,
    member: String,
    department: String,
}

/// A member and a department.
fn people(api: &Api) -> Result<(String, String)> {
    let role = id(&api.post("/roles", &json!({"key": "CLERK", "name": "Clerk"}))?)?;
    let member = json!({"email": "mei@example.com", "name": "Mei", "password": PASSWORD, "roles": [role]});
    let member = id(&api.post("/members", &member)?)?;
    let sales =
        id(&api.post("/departments", &json!({"name": "Sales", "head": member, "members": [member]}))?)?;
    Ok((member, sales))
}

/// A form with a field of many sorts.
fn order() -> Value {
    let choices = json!({"choices": [{"key": "a", "label": "甲"}, {"key": "b", "label": "乙"}]});
    json!({"key": "order", "label": "Order", "title": "{no}", "fields": [
        {"key": "no", "label": "No.", "kind": "serial",
         "options": {"parts": [{"text": "SO-"}, {"counter": {"width": 4, "reset": "never"}}]}},
        {"key": "code", "label": "Code", "kind": "text", "required": true, "unique": true},
        {"key": "note", "label": "Note", "kind": "long_text"},
        {"key": "amount", "label": "Amount", "kind": "number", "options": {"scale": 4}},
        {"key": "price", "label": "Price", "kind": "money", "options": {"scale": 6, "currency": "CNY"}},
        {"key": "share", "label": "Share", "kind": "percent"},
        {"key": "day", "label": "Day", "kind": "date"},
        {"key": "at", "label": "At", "kind": "datetime"},
        {"key": "month", "label": "Month", "kind": "month"},
        {"key": "paid", "label": "Paid", "kind": "switch"},
        {"key": "state", "label": "State", "kind": "select", "options": choices},
        {"key": "tags", "label": "Tags", "kind": "multi_select", "options": choices},
        {"key": "phone", "label": "Phone", "kind": "phone"},
        {"key": "email", "label": "E-mail", "kind": "email"},
        {"key": "customer", "label": "Customer", "kind": "link", "options": {"form": "customer"}},
        {"key": "double", "label": "Double", "kind": "number", "options": {"scale": 4},
         "compute": {"formula": "amount * 2"}},
        {"key": "lines", "label": "Lines", "kind": "subform", "options": {"fields": [
            {"key": "item", "label": "Item", "kind": "text"},
            {"key": "qty", "label": "Quantity", "kind": "number", "options": {"scale": 0}},
            {"key": "marks", "label": "Marks", "kind": "multi_select", "options": choices}]}}]})
}

/// The orders, and records of them that were made, changed, deleted and put aside.
fn records(api: &Api, member: String, department: String) -> Result<Known> {
    let app = id(&api.post("/apps", &json!({"label": "Corpus"}))?)?;
    let forms = format!("/apps/{app}/forms");
    let customer = json!({"key": "customer", "label": "Customer", "title": "{name}", "fields": [
        {"key": "name", "label": "Name", "kind": "text", "unique": true}]});
    let customers = id(&api.post(&forms, &customer)?)?;
    let orders = id(&api.post(&forms, &order())?)?;
    let table = json!({"format": 1, "key": "totals", "label": "Totals", "dimensions": [{"key": "state", "label": "State"}],
        "sources": [{"form": "order", "group": {"state": "state"},
            "measures": {"amount": {"fn": "sum", "field": "amount"}, "orders": {"fn": "count"}}}],
        "measures": [], "constraints": [{"key": "least", "check": {"field": "amount", "op": "gte", "value": "0"}, "message": "Below zero"}]});
    api.post(&format!("/apps/{app}/aggregates"), &table)?;
    let group = json!({"format": 1, "key": "clerks", "label": "Clerks", "who": {"roles": ["CLERK"]},
        "operations": ["view", "create", "edit"], "fields": {"*": "edit", "price": "read"},
        "rows": {"field": "state", "op": "eq", "value": "a"}});
    api.post(&format!("/forms/{orders}/permissions"), &group)?;
    let customer =
        id(&api.post(&format!("/forms/{customers}/records"), &json!({"fields": {"name": "晴川"}}))?)?;
    let row = |n: u32| {
        json!({"fields": {
            "code": format!("C{n}"), "note": "two\nlines", "amount": format!("{n}.1250"), "price": "0.123456",
            "share": "15.5", "day": "2024-02-29", "at": "2024-02-29T16:00:00Z", "month": "2024-02",
            "paid": n.is_multiple_of(2), "state": if n.is_multiple_of(3) { "a" } else { "b" }, "tags": ["b", "a"],
            "phone": "13800138000", "email": "a@example.com", "customer": customer,
            "lines": [{"item": "Ａ", "qty": n, "marks": ["a"]}, {"item": "b", "qty": 1}],
        }})
    };
    let rows: Vec<Value> = (1..=60).map(row).collect();
    let bulk = format!("/forms/{orders}/records/bulk");
    let made = api.post(&bulk, &json!({ "create": rows }))?;
    let made: Vec<String> =
        made.get("results").and_then(Value::as_array).into_iter().flatten().map(id).collect::<Result<_>>()?;
    let change = |id: &String| json!({"id": id, "fields": {"amount": "7", "note": null, "tags": ["a"]}});
    let changes: Vec<Value> = made.iter().take(20).map(change).collect();
    api.post(&bulk, &json!({ "update": changes }))?;
    let gone: Vec<&String> = made.iter().skip(50).take(5).collect();
    api.post(&bulk, &json!({ "delete": gone }))?;
    api.post(&format!("/forms/{orders}/records"), &json!({"fields": {"code": "DRAFT"}, "draft": true}))?;
    Ok(Known { app, customer, member, department })
}

fn id(thing: &Value) -> Result<String> {
    thing["id"].as_str().map(str::to_owned).with_context(|| format!("no id in {thing}"))
}

/// What the database is asked, with what this release answers.
fn ask(api: &Api) -> Result<Vec<Value>> {
    let mut questions = Questions { api, asked: Vec::new() };
    for path in ["/members", "/roles", "/departments"] {
        questions.get(path)?;
    }
    for app in items(&questions.get("/apps")?) {
        let app = id(&app)?;
        for form in items(&questions.get(&format!("/apps/{app}/forms"))?) {
            questions.form(&id(&form)?)?;
        }
        for table in items(&questions.get(&format!("/apps/{app}/aggregates"))?) {
            questions.get(&format!("/aggregates/{}/rows?limit=500", id(&table)?))?;
        }
    }
    Ok(questions.asked)
}

struct Questions<'a> {
    api: &'a Api,
    asked: Vec<Value>,
}

impl Questions<'_> {
    fn get(&mut self, path: &str) -> Result<Value> {
        self.get_without(path, &[])
    }

    /// The same without fields whose values pass.
    fn get_without(&mut self, path: &str, live: &[&str]) -> Result<Value> {
        let answer = lasting(self.api.get(path)?, live);
        self.asked.push(json!({"path": path, "answer": answer}));
        Ok(answer)
    }

    /// A form with its groups, its records and what became of some of them.
    fn form(&mut self, form: &str) -> Result<()> {
        let known = self.get(&format!("/forms/{form}"))?;
        self.get(&format!("/forms/{form}/permissions"))?;
        let fields = known.pointer("/definition/fields").and_then(Value::as_array).into_iter().flatten();
        let live = fields.filter(|field| field["kind"].as_str().is_some_and(|kind| LIVE.contains(&kind)));
        let live: Vec<&str> = live.filter_map(|field| field["key"].as_str()).collect();
        let path = format!("/forms/{form}/records/query");
        for deleted in [false, true] {
            let body =
                json!({"limit": 500, "sort": [{"field": "$id"}], "deleted": deleted, "count": "exact"});
            let answer = lasting(self.api.post(&path, &body)?, &live);
            let some: Vec<String> = items(&answer).iter().take(2).map(id).collect::<Result<_>>()?;
            self.asked.push(json!({"path": path, "body": body, "answer": answer}));
            for record in some.iter().filter(|_| !deleted) {
                // By itself it has its rows, too.
                self.get_without(&format!("/forms/{form}/records/{record}"), &live)?;
                self.get(&format!("/forms/{form}/records/{record}/history"))?;
            }
        }
        Ok(())
    }
}

fn items(list: &Value) -> Vec<Value> {
    list["items"].as_array().cloned().unwrap_or_default()
}

/// An answer without what passes, and without these fields of records.
fn lasting(answer: Value, live: &[&str]) -> Value {
    match answer {
        Value::Array(items) => items.into_iter().map(|item| lasting(item, live)).collect(),
        Value::Object(members) => {
            let kept = members
                .into_iter()
                .filter(|(name, _)| !PASSING.contains(&name.as_str()) && !live.contains(&name.as_str()));
            Value::Object(kept.map(|(name, value)| (name, lasting(value, live))).collect())
        }
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_left_out_of_an_answer() {
        let answer =
            json!({"items": [{"id": "1", "may": {}, "fields": {"age": "3", "name": "Ada"}}], "next": "x"});
        assert_eq!(lasting(answer, &["age"]), json!({"items": [{"id": "1", "fields": {"name": "Ada"}}]}));
    }
}
