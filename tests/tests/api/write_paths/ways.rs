//! The ways of writing, each as its people use it.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Map, Value, json};
use tests::design::test;
use tests::workspace::{id_of, items};
use tests::{Answer, Client, Sender, Visit};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Outcome, Story, by_itself, codes, design, limits, merge, taken};

/// Each package is installed once, in a workspace that stories share.
static PACKAGES: AtomicU32 = AtomicU32::new(1);

/// A way in which a record comes to be, or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A person submits the form.
    WebCreate,
    /// A person changes cells of the grid, or a record that they have opened.
    WebEdit,
    /// A person submits what they had put aside.
    WebSubmit,
    /// Somebody without an account, by a public link.
    Public,
    /// Another system, by a hook that makes records.
    HookNew,
    /// Another system, by a hook that changes the record with the same key.
    HookKnown,
    ApiCreate,
    ApiEdit,
    BulkCreate,
    BulkUpdate,
    /// `atomic: false`.
    EachCreate,
    EachUpdate,
    UpsertNew,
    UpsertKnown,
    /// Many records by one value, of which this is one.
    BulkEdit,
    ImportNew,
    ImportKnown,
    /// Whoever decides a step changes fields with it.
    Task,
    /// Whoever decides puts fields aside, and decides this among others.
    Batch,
    /// A deadline decides, and the flow goes on to set fields.
    Deadline,
    /// A step passes by itself, because the same person has just approved, and the flow goes on to set fields.
    AutoPass,
    /// A flow that is waited for gives fields back.
    Child,
    /// A step of another form's flow makes the record.
    Flow,
    /// A script of another form makes the record.
    Script,
    /// The demo records of a package.
    Demo,
}

impl Way {
    pub const ALL: [Way; 25] = [
        Way::WebCreate,
        Way::WebEdit,
        Way::WebSubmit,
        Way::Public,
        Way::HookNew,
        Way::HookKnown,
        Way::ApiCreate,
        Way::ApiEdit,
        Way::BulkCreate,
        Way::BulkUpdate,
        Way::EachCreate,
        Way::EachUpdate,
        Way::UpsertNew,
        Way::UpsertKnown,
        Way::BulkEdit,
        Way::ImportNew,
        Way::ImportKnown,
        Way::Task,
        Way::Batch,
        Way::Deadline,
        Way::AutoPass,
        Way::Child,
        Way::Flow,
        Way::Script,
        Way::Demo,
    ];

    /// Whether the record is there before.
    pub fn is_edit(self) -> bool {
        match self {
            Way::WebEdit
            | Way::HookKnown
            | Way::ApiEdit
            | Way::BulkUpdate
            | Way::EachUpdate
            | Way::UpsertKnown
            | Way::BulkEdit
            | Way::ImportKnown
            | Way::Task
            | Way::Batch
            | Way::Deadline
            | Way::AutoPass
            | Way::Child => true,
            Way::WebCreate
            | Way::WebSubmit
            | Way::Public
            | Way::HookNew
            | Way::ApiCreate
            | Way::BulkCreate
            | Way::EachCreate
            | Way::UpsertNew
            | Way::ImportNew
            | Way::Flow
            | Way::Script
            | Way::Demo => false,
        }
    }

    /// As the server's `Path` calls it.
    pub fn path(self) -> &'static str {
        match self {
            Way::WebCreate | Way::WebEdit | Way::WebSubmit => "web",
            Way::Public => "public_form",
            Way::HookNew | Way::HookKnown => "hook",
            Way::ApiCreate
            | Way::ApiEdit
            | Way::BulkCreate
            | Way::BulkUpdate
            | Way::EachCreate
            | Way::EachUpdate
            | Way::UpsertNew
            | Way::UpsertKnown => "api",
            Way::BulkEdit => "bulk_edit",
            Way::ImportNew | Way::ImportKnown => "import",
            Way::Task | Way::Batch => "task",
            Way::Flow | Way::Deadline | Way::AutoPass | Way::Child => "flow",
            Way::Script => "script",
            Way::Demo => "demo",
        }
    }

    /// Whether a flow does it by itself: nobody's rights count, and nobody is there to be answered.
    pub fn is_by_itself(self) -> bool {
        matches!(self, Way::Deadline | Way::AutoPass | Way::Child)
    }

    /// Writes a record with these fields on top of a right one, or changes them in one that is there.
    pub async fn write(self, story: &Story, fields: &Value) -> Outcome {
        match self {
            Way::Demo => demo(story, fields).await,
            Way::Task => task(story, fields).await,
            Way::Batch => batch(story, fields).await,
            Way::Deadline => by_itself::deadline(story, fields).await,
            Way::AutoPass => by_itself::auto_pass(story, fields).await,
            Way::Child => by_itself::child(story, fields).await,
            Way::Flow => flow(story, fields).await,
            Way::Script => script(story, fields).await,
            _ if self.is_edit() => self.edit(story, fields).await,
            _ => self.create(story, fields).await,
        }
    }

    async fn create(self, story: &Story, fields: &Value) -> Outcome {
        let all = story.right(fields);
        // What is missing on purpose has no name to be found by.
        let code = all["code"].as_str().unwrap_or_default().to_owned();
        let before = story.with_code(&story.plain, &code).await;
        let (form, one) = (&story.plain, json!({"fields": all}));
        let bulk = form.path("/records/bulk");
        let wrong = match self {
            Way::WebCreate => problem(story.mei.post(&form.path("/records"), one).await),
            Way::ApiCreate => problem(story.robot.post(&form.path("/records"), one).await),
            Way::WebSubmit => submit(story, &all).await,
            Way::Public => {
                let visit = Visit::open(&story.admin.stranger(), &story.open).await;
                problem(visit.answer(all.clone()).await)
            }
            Way::HookNew => hook(story, json!({"mode": "create"}), &all).await,
            Way::BulkCreate => problem(story.robot.post(&bulk, json!({"create": [one]})).await),
            Way::EachCreate => row(story.robot.post(&bulk, json!({"create": [one], "atomic": false})).await),
            Way::UpsertNew => {
                let mut all = all.clone();
                merge(&mut all, &json!({"slot": story.fresh()}));
                let upsert = json!({"upsert": {"key": ["slot"], "rows": [{"fields": all}]}});
                problem(story.robot.post(&bulk, upsert).await)
            }
            Way::ImportNew => import(story, &all, json!({})).await,
            other => panic!("{other:?} makes no record by itself"),
        };
        let after = story.with_code(&story.plain, &code).await;
        match wrong {
            Some(wrong) => {
                assert_eq!(after, before, "{self:?} has stored {fields}, and refused it");
                Outcome::Refused(codes(&wrong))
            }
            None => {
                let new = after.iter().find(|record| !before.iter().any(|old| old["id"] == record["id"]));
                Outcome::Stored(new.unwrap_or_else(|| panic!("{self:?} stored nothing of {fields}")).clone())
            }
        }
    }

    async fn edit(self, story: &Story, fields: &Value) -> Outcome {
        let (form, slot) = (&story.plain, story.fresh());
        let known = form.add(story.before(&json!({"slot": slot}))).await;
        let (id, bulk) = (id_of(&known), form.path("/records/bulk"));
        let update = json!({"update": [{"id": id, "version": 1, "fields": fields}]});
        let mut keyed = json!({"slot": slot});
        merge(&mut keyed, fields);
        let wrong = match self {
            Way::WebEdit => problem(form.edit(&story.mei, &known, fields.clone()).await),
            Way::ApiEdit => problem(form.edit(&story.robot, &known, fields.clone()).await),
            Way::BulkUpdate => problem(story.robot.post(&bulk, update).await),
            Way::EachUpdate => {
                let mut each = update;
                merge(&mut each, &json!({"atomic": false}));
                row(story.robot.post(&bulk, each).await)
            }
            Way::UpsertKnown => {
                let upsert = json!({"upsert": {"key": ["slot"], "rows": [{"fields": keyed}]}});
                problem(story.robot.post(&bulk, upsert).await)
            }
            Way::HookKnown => hook(story, json!({"mode": "update", "key": "slot"}), &keyed).await,
            Way::BulkEdit => bulk_edit(story, &id, fields).await,
            Way::ImportKnown => import(story, &keyed, json!({"mode": "update", "key": ["slot"]})).await,
            other => panic!("{other:?} changes no record by itself"),
        };
        let after = story.seen(form, &known).await;
        match wrong {
            Some(wrong) => {
                assert_eq!(after["version"], 1, "{self:?} has stored {fields}, and refused it");
                Outcome::Refused(codes(&wrong))
            }
            None => Outcome::Stored(after),
        }
    }
}

/// The problem of a refused request.
pub fn problem(answer: Answer) -> Option<Value> {
    assert!(answer.status < 500, "{}", answer.body);
    (answer.status >= 400).then_some(answer.body)
}

/// A message to a hook that names just what the message says: whoever designs it is told what can't be filled in.
async fn hook(story: &Story, mut document: Value, fields: &Value) -> Option<Value> {
    let named = fields.as_object().unwrap().keys();
    let map: Vec<Value> = named.map(|key| json!({"from": format!("/{key}"), "to": key})).collect();
    merge(&mut document, &json!({"name": "Shop", "map": map}));
    let made = story.admin.post(&story.plain.path("/hooks"), document).await;
    if made.status != 201 {
        return problem(made);
    }
    let hook = made.created();
    let answer = Sender::of(&story.admin, &hook).send(fields.clone()).await;
    // A form has so many hooks and no more.
    story.admin.delete(&story.plain.hook_path(&hook), 1).await.with_status(204);
    problem(answer)
}

/// The problem of the only row of a request that is answered row by row.
fn row(answer: Answer) -> Option<Value> {
    let results = answer.ok()["results"].clone();
    Some(results[0]["problem"].clone()).filter(|problem| !problem.is_null())
}

/// A draft is put aside with nothing in it, and filled in when it is submitted.
async fn submit(story: &Story, fields: &Value) -> Option<Value> {
    let draft = json!({"fields": {}, "draft": true});
    let draft = story.mei.post(&story.plain.path("/records"), draft).await.created();
    let path = format!("{}/submit", story.plain.at(&draft));
    problem(story.mei.post(&path, json!({"fields": fields})).await)
}

/// A bulk edit whose filter leaves one record.
async fn bulk_edit(story: &Story, id: &str, fields: &Value) -> Option<Value> {
    let input = json!({"filter": test("$id", "in", json!([id])), "set": fields});
    let started = story.mei.post(&story.plain.path("/bulk-edit"), input).await;
    if started.status != 202 {
        return problem(started);
    }
    let job = story.mei.job(started).await;
    assert_eq!((&job["state"], &job["result"]["matched"]), (&json!("done"), &json!(1)), "{job}");
    (job["result"]["failed"] != 0).then(|| json!({"errors": job["result"]["reasons"]}))
}

/// A sheet of one row. What is null is a blank cell.
async fn import(story: &Story, fields: &Value, more: Value) -> Option<Value> {
    let (header, line) = sheet(fields);
    let text = format!("{header}\n{line}\n");
    let file = story.mei.upload("one.csv", "text/csv", text.into_bytes()).await;
    let mapping: Map<String, Value> =
        fields.as_object().unwrap().keys().map(|key| (key.clone(), json!(key))).collect();
    let mut input = json!({"file": file, "mapping": mapping});
    merge(&mut input, &more);
    let started = story.mei.post(&story.plain.path("/import"), input).await;
    if started.status != 202 {
        return problem(started);
    }
    let job = story.mei.job(started).await;
    assert_eq!(job["state"], "done", "{job}");
    (job["result"]["failed"] != 0).then(|| json!({"errors": job["result"]["faults"]}))
}

/// The header and the cells of a record.
fn sheet(fields: &Value) -> (String, String) {
    let fields: BTreeMap<&String, &Value> = fields.as_object().unwrap().iter().collect();
    let header: Vec<&str> = fields.keys().map(|key| key.as_str()).collect();
    let cells: Vec<&str> = fields.values().map(|value| value.as_str().unwrap_or_default()).collect();
    (header.join(","), cells.join(","))
}

/// The task that waits for somebody because of this record.
pub async fn task_of(who: &Client, record: &Value) -> String {
    let todo = who.get("/tasks?box=todo&limit=500").await.ok();
    let task = items(&todo).iter().find(|task| task["record"] == record["id"]);
    id_of(task.unwrap_or_else(|| panic!("no task waits for {record}")))
}

async fn task(story: &Story, fields: &Value) -> Outcome {
    let known = story.flowed.add(story.before(&json!({}))).await;
    let task = task_of(&story.boss, &known).await;
    let decided = story.boss.post(&format!("/tasks/{task}/approve"), json!({"fields": fields})).await;
    let after = story.seen(&story.flowed, &known).await;
    match problem(decided) {
        Some(wrong) => {
            assert_eq!(after["version"], known["version"], "a task has stored {fields}, and refused it");
            Outcome::Refused(codes(&wrong))
        }
        None => Outcome::Stored(after),
    }
}

/// The fields wait with the task until it is decided together with others.
async fn batch(story: &Story, fields: &Value) -> Outcome {
    let known = story.flowed.add(story.before(&json!({}))).await;
    let task = task_of(&story.boss, &known).await;
    let aside = story.boss.post(&format!("/tasks/{task}/save"), json!({"fields": fields})).await;
    let wrong = match problem(aside) {
        Some(wrong) => Some(wrong),
        None => {
            let decision = json!({"tasks": [task], "action": "approve"});
            row(story.boss.post("/tasks/decide", decision).await)
        }
    };
    let after = story.seen(&story.flowed, &known).await;
    match wrong {
        Some(wrong) => {
            assert_eq!(after["version"], known["version"], "a batch has stored {fields}, and refused it");
            Outcome::Refused(codes(&wrong))
        }
        None => Outcome::Stored(after),
    }
}

/// A flow whose only step makes the record. What is wrong with every record that it would make is told when it is published.
async fn flow(story: &Story, fields: &Value) -> Outcome {
    let all = story.right(fields);
    let code = all["code"].as_str().unwrap_or_default().to_owned();
    let before = story.with_code(&story.plain, &code).await;
    let action = json!({"kind": "create", "form": "plain", "set": all});
    let step = json!({"kind": "action", "key": "make", "label": "Make", "action": action});
    let document = json!({"format": 1, "label": "Flow", "steps": [step]});
    let form = &story.starter;
    story.admin.put(&form.path("/flow/draft"), "*", document).await.ok();
    let wrong = match problem(story.admin.post(&form.path("/flow/publish"), json!({})).await) {
        Some(wrong) => Some(wrong),
        None => problem(form.create(&story.admin, json!({"go": "now"})).await),
    };
    let after = story.with_code(&story.plain, &code).await;
    match wrong {
        Some(wrong) => {
            assert_eq!(after, before, "a flow has stored {fields}, and refused it");
            Outcome::Refused(codes(&wrong))
        }
        None => {
            let new = after.iter().find(|record| !before.iter().any(|old| old["id"] == record["id"]));
            Outcome::Stored(new.unwrap_or_else(|| panic!("a flow stored nothing of {fields}")).clone())
        }
    }
}

/// A script that makes the record when another one is submitted.
async fn script(story: &Story, fields: &Value) -> Outcome {
    let all = story.right(fields);
    let code = all["code"].as_str().unwrap_or_default().to_owned();
    let before = story.with_code(&story.plain, &code).await;
    // Its literals are those of JSON, but for what is empty.
    let member = |(key, value): (&String, &Value)| match value {
        Value::Null => format!("{key}: ()"),
        value => format!("{key}: {value}"),
    };
    let members: Vec<String> = all.as_object().unwrap().iter().map(member).collect();
    let source = json!({"source": format!("create(\"plain\", #{{{}}});", members.join(", "))});
    story.admin.put(&format!("/apps/{}/scripts/make", story.app), "*", source).await.ok();
    let wrong = problem(story.scripted.create(&story.admin, json!({"go": "now"})).await);
    let after = story.with_code(&story.plain, &code).await;
    match wrong {
        Some(wrong) => {
            assert_eq!(after, before, "a script has stored {fields}, and refused it");
            Outcome::Refused(codes(&wrong))
        }
        None => {
            let new = after.iter().find(|record| !before.iter().any(|old| old["id"] == record["id"]));
            Outcome::Stored(new.unwrap_or_else(|| panic!("a script stored nothing of {fields}")).clone())
        }
    }
}

/// A package with the same form and two demo records: one that is right, and the one that it is about.
async fn demo(story: &Story, fields: &Value) -> Outcome {
    let key = format!("ways{}", PACKAGES.fetch_add(1, Ordering::Relaxed));
    let manifest = json!({"format": 1, "key": key, "version": "1.0.0", "label": "Ways"});
    let mut all = story.right(fields);
    // Demo records name each other by their keys.
    for value in all.as_object_mut().unwrap().values_mut().filter(|value| **value == json!(story.taken)) {
        *value = json!("a");
    }
    let mut right = all.clone();
    for value in right.as_object_mut().unwrap().values_mut() {
        *value = Value::Null;
    }
    merge(&mut right, &taken());
    // Both records have all the columns of either.
    let mut second = json!({"lot": null});
    merge(&mut second, &all);
    let (header, first) = sheet(&right);
    let (same, second) = sheet(&second);
    assert_eq!(header, same);
    let csv = format!("$key,{header}\na,{first}\nb,{second}\n");
    let files = [
        ("package.json", manifest.to_string()),
        ("forms/plain.json", with_format(design("plain").document()).to_string()),
        ("aggregates/plain_lots.json", limits("plain").to_string()),
        ("demo/plain.csv", csv),
    ];
    let file = story.admin.upload("ways.zip", "application/zip", zipped(&files)).await;
    let started = story.admin.post("/apps/import", json!({"file": file, "demo": true})).await;
    let job = story.admin.job(started).await;
    if job["state"] != "done" {
        return Outcome::Refused(codes(&job["problem"]));
    }
    let form = job["result"]["forms"]["plain"].as_str().unwrap();
    let query = json!({"sort": [{"field": "$id", "desc": true}], "limit": 1});
    let list = story.admin.post(&format!("/forms/{form}/records/query"), query).await.ok();
    let mut record = items(&list)[0].clone();
    // For who asks for its history.
    record["form"] = json!(form);
    Outcome::Stored(record)
}

/// Documents in files say their format.
pub fn with_format(mut document: Value) -> Value {
    document["format"] = json!(1);
    document
}

/// A package with these files.
pub fn zipped(files: &[(&str, String)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
