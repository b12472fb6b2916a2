//! Trying scripts out: what they would do is told, and nothing of it stays.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::design::{Field, form, number, text};
use tests::workspace::{faults, items};
use tests::{Answer, Inside, Workspace, on_both, on_both_shared};

use super::{Depot, POST};

impl Depot {
    async fn tries(&self, source: &str, tried: Value) -> Answer {
        let input = json!({"key": "post", "source": source, "tried": tried});
        self.admin.post(&self.app.path("/try-script"), input).await
    }
}

/// A receipt that is submitted, as it is typed.
fn typed(item: &str, qty: i64) -> Value {
    json!({"form": "receipt", "on": "submit", "fields": {"item": item, "qty": qty}})
}

#[tokio::test]
async fn what_a_script_would_do_is_told_and_nothing_of_it_stays() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let depot = Depot::build(&workspace).await;
        depot.receipts.add(json!({"item": "chair", "qty": "5"})).await;
        let source = format!("log(\"takes \" + record.qty);\n{POST}");
        let audited = Inside::of(server).await.audit_of_records().await.len();
        let told = depot.tries(&source, typed("chair", 2)).await.ok();
        assert_eq!(told["problem"], Value::Null, "{told}");
        let effects = &told["effects"];
        assert_eq!(effects["sets"], json!({"posted": true, "after": "7"}));
        let expected = json!([{"do": "update", "form": "stock", "fields": {"on_hand": "7"}},
            {"do": "create", "form": "entry", "fields": {"item": "chair", "qty": "2", "source": "$record"}}]);
        assert_eq!(effects["effects"], expected);
        assert_eq!(told["log"], json!([{"script": "post", "line": 1, "column": 1, "text": "takes 2"}]));
        assert_eq!(told["reads"], json!([{"what": "first", "of": "stock", "found": "1"}]));
        let used = &told["used"];
        assert_eq!((&used["writes"], &used["reads"], &used["calls"]), (&json!(2), &json!(1), &json!(3)));
        assert!(used["operations"].as_u64().unwrap() > 10, "{used}");
        // Neither records nor traces are there.
        assert_eq!((depot.count(&depot.receipts).await, depot.count(&depot.entries).await), (1, 1));
        assert_eq!(depot.on_hand("chair").await, Some(5));
        assert_eq!(Inside::of(server).await.audit_of_records().await.len(), audited);

        // A mistake is told with its place, and so is a refusal, and what another form refuses.
        let told = depot.tries("let a = 1;\nlet b = a / 0;", typed("chair", 2)).await.ok();
        assert_eq!(
            (&told["effects"]["refused"], &told["ended"]["line"]),
            (&json!("script_failed"), &json!(2))
        );
        let told = depot.tries(POST, typed("chair", -9)).await.ok();
        assert_eq!(told["effects"]["refused"], "too_few");
        assert_eq!((&told["problem"]["status"], &told["ended"]["line"]), (&json!(409), &json!(5)), "{told}");
        let told = depot.tries("\n\ncreate(\"entry\", #{qty: \"many\"});", typed("chair", 1)).await.ok();
        assert_eq!(told["problem"]["errors"][0]["path"], "scripts.post.qty", "{told}");
        assert_eq!(told["ended"]["line"], 3);
        let told = depot.tries("loop {}", typed("chair", 1)).await.ok();
        assert_eq!(told["effects"]["refused"], "script_limit");
        // What is typed is held to the rules of the form.
        let told = depot.tries(POST, json!({"form": "receipt", "on": "submit"})).await.ok();
        assert_eq!(told["effects"]["refused"], "validation", "{told}");
        assert_eq!(depot.on_hand("chair").await, Some(5));
    })
    .await;
}

#[tokio::test]
async fn every_event_is_tried_with_a_stored_record_and_with_one_that_is_typed() {
    on_both_shared(async |workspace: Workspace| {
        let depot = Depot::build(&workspace).await;
        let chair = depot.receipts.add(json!({"item": "chair", "qty": "5"})).await;
        let source =
            "create(\"entry\", #{item: if old == () { \"new\" } else { old.item }, qty: record.qty});";
        for event in ["submit", "approve", "change", "void", "delete"] {
            let stored = json!({"form": "receipt", "on": event, "record": chair["id"]});
            let told = depot.tries(source, stored).await.ok();
            let mut made =
                vec![json!({"do": "create", "form": "entry", "fields": {"item": "chair", "qty": "5"}})];
            if event == "delete" {
                // What links to it is let go first, as in any deletion.
                made.insert(0, json!({"do": "update", "form": "entry", "fields": {"source": null}}));
            }
            assert_eq!(told["effects"]["effects"], json!(made), "{event}: {told}");
            let tried = json!({"form": "receipt", "on": event, "fields": {"item": "lamp", "qty": 1}});
            let told = depot.tries(source, tried).await.ok();
            let item = if ["submit", "approve"].contains(&event) { "new" } else { "lamp" };
            let made = json!([{"do": "create", "form": "entry", "fields": {"item": item, "qty": "1"}}]);
            assert_eq!(told["effects"]["effects"], made, "{event}: {told}");
        }
        // A change says what was before.
        let change = json!({"form": "receipt", "on": "change", "old": {"item": "old", "qty": 1},
            "fields": {"item": "new", "qty": 2}});
        let told = depot.tries(source, change).await.ok();
        assert_eq!(told["effects"]["effects"][0]["fields"], json!({"item": "old", "qty": "2"}));
        let change = json!({"form": "receipt", "on": "change", "record": chair["id"], "fields": {"qty": 8}});
        let told = depot.tries(source, change).await.ok();
        assert_eq!(told["effects"]["effects"][0]["fields"]["qty"], "8");
        let stored = depot.receipts.read(&depot.admin, &chair).await.ok();
        assert_eq!((&stored["version"], &stored["system"]["voided_at"]), (&json!(1), &Value::Null));
        assert_eq!(depot.count(&depot.entries).await, 1);
        let gone = json!({"form": "receipt", "on": "void", "record": depot.receipts.id});
        let told = depot.tries(source, gone).await.ok();
        assert_eq!(told["effects"]["refused"], "not_found", "{told}");
    })
    .await;
}

#[tokio::test]
async fn no_number_is_taken_and_nobody_is_told() {
    on_both_shared(async |workspace: Workspace| {
        let depot = Depot::build(&workspace).await;
        let parts = json!([{"text": "N-"}, {"counter": {"width": 3, "reset": "never"}}]);
        let numbered = form("note", [text("name"), Field::new("no", "serial").option("parts", parts)]);
        let notes = depot.app.form(numbered).await;
        let source = "create(\"note\", #{name: \"x\"});";
        for _ in 0..3 {
            let told = depot.tries(source, typed("a", 1)).await.ok();
            assert_eq!(told["effects"]["effects"][0]["fields"]["no"], "N-001", "{told}");
        }
        let tried = json!({"form": "note", "on": "submit", "fields": {"name": "y"}});
        depot.tries("log(record.no);", tried).await.ok();
        let first = notes.add(json!({"name": "first"})).await;
        assert_eq!(first["fields"]["no"], "N-001");
    })
    .await;
}

#[tokio::test]
async fn others_write_while_a_script_is_tried_that_never_ends() {
    on_both_shared(async |workspace: Workspace| {
        let depot = Depot::build(&workspace).await;
        // As many steps as there are, and then as much as there is to be read.
        let source = "for i in 0..1900 { count(\"entry\", #{}); } loop {}";
        let other = workspace.admin.reconnected();
        let write = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let started = Instant::now();
            depot.entries.create(&other, json!({"item": "x", "qty": 1})).await.created();
            started.elapsed()
        };
        let (told, waited) = tokio::join!(depot.tries(source, typed("a", 1)), write);
        assert_eq!(told.ok()["effects"]["refused"], "script_limit");
        assert!(waited < Duration::from_secs(20), "{waited:?}");
        assert_eq!((depot.count(&depot.receipts).await, depot.count(&depot.entries).await), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn only_who_administers_all_that_it_names_tries_a_script() {
    on_both_shared(async |workspace: Workspace| {
        let depot = Depot::build(&workspace).await;
        let mei = workspace.person("mei").await;
        let (path, tests) = (depot.app.path("/try-script"), depot.app.path("/scripts/post/test"));
        let input = json!({"source": "let a = 1;", "tried": typed("a", 1)});
        mei.post(&path, input.clone()).await.refused(404, "not_found");
        depot.receipts.allow(tests::design::group("clerks", &[&mei.id])).await;
        mei.post(&path, input.clone()).await.refused(403, "forbidden");
        mei.post(&tests, json!({})).await.refused(403, "forbidden");
        // Who administers another app tries nothing here, and names no form of it.
        let theirs = workspace.app("Theirs").await;
        let admins = json!({"admins": [{"members": [mei.id]}]});
        depot.admin.patch(&theirs.path(""), 1, admins).await.ok();
        theirs.form(form("thing", [number("n", 0)])).await;
        let foreign = format!("{}/entry", depot.app.key);
        for (source, form) in [
            (format!("count(\"{foreign}\", #{{}});"), "thing".to_string()),
            ("let a = 1;".to_string(), foreign.clone()),
        ] {
            let tried = json!({"form": form, "on": "submit", "fields": {}});
            let input = json!({"source": source, "tried": tried});
            let refused = mei.post(&theirs.path("/try-script"), input).await.refused(422, "validation");
            assert!(faults(&refused)[0].ends_with("unknown_form"), "{refused}");
        }
        // What does not compile, and what sets what is not its own, is not run.
        let refused = depot.tries("let = 1;", typed("a", 1)).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["source: script_syntax"]);
        let refused = depot.tries("record.item = \"b\";", typed("a", 1)).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["source: script_sets_field"]);
    })
    .await;
}

#[tokio::test]
async fn what_a_script_leads_to_in_forms_of_others_is_counted_and_not_told() {
    on_both_shared(async |workspace: Workspace| {
        let depot = Depot::build(&workspace).await;
        let hidden = workspace.app("Hidden").await;
        hidden.form(form("secret", [text("word")])).await;
        let foreign = format!("create(\"{}/secret\", #{{word: \"hush\"}});", hidden.key);
        depot.script("tell", &foreign).await;
        depot.bind(&depot.entries, json!([{"on": "submit", "script": "tell"}])).await;
        let mei = workspace.person("mei").await;
        let admins = json!({"admins": [{"members": [mei.id]}]});
        depot.admin.patch(&depot.app.path(""), 1, admins).await.ok();
        let source = "create(\"entry\", #{item: record.item, qty: 1});";
        let input = json!({"source": source, "tried": typed("a", 1)});
        let told = mei.post(&depot.app.path("/try-script"), input).await.ok();
        assert_eq!(
            (&told["unseen"], told["effects"]["effects"].as_array().unwrap().len()),
            (&json!(1), 1),
            "{told}"
        );
        assert!(!told.to_string().contains("hush"), "{told}");
    })
    .await;
}

#[tokio::test]
async fn cases_are_kept_with_a_script_and_run_together() {
    on_both_shared(async |workspace: Workspace| {
        let depot = Depot::build(&workspace).await;
        let path = depot.app.path("/scripts/post");
        let told = depot.tries(POST, typed("lamp", 2)).await.ok();
        let comes = json!({"name": "comes in", "tried": typed("lamp", 2), "expected": told["effects"]});
        let few = json!({"name": "too few", "tried": typed("lamp", -1), "expected": {"refused": "too_few"}});
        let cases = json!([comes, few]);
        let stored = depot.admin.put(&path, "*", json!({"source": POST, "cases": cases})).await.ok();
        assert_eq!(stored["cases"], cases);
        let tested = depot.admin.post(&format!("{path}/test"), json!({})).await.ok();
        assert_eq!(tested["passed"], true, "{tested}");
        // Without them they stay; another text may come to something else.
        let other = POST.replace("qty: record.qty", "qty: record.qty * 2");
        let stored = depot.admin.put(&path, "*", json!({"source": other})).await.ok();
        assert_eq!(stored["cases"], cases);
        let tested = depot.admin.post(&format!("{path}/test"), json!({})).await.ok();
        let passed: Vec<&Value> =
            tested["cases"].as_array().unwrap().iter().map(|case| &case["passed"]).collect();
        assert_eq!((&tested["passed"], passed), (&json!(false), vec![&json!(false), &json!(true)]));
        let differences = tested["cases"][0]["differences"].as_array().unwrap();
        assert_eq!(differences[0]["missing"]["effect"]["fields"]["qty"], "2", "{differences:?}");
        assert_eq!(differences[1]["unexpected"]["effect"]["fields"]["qty"], "4");
        // As it would be, without storing it.
        let tested = depot.admin.post(&format!("{path}/test"), json!({"source": POST})).await.ok();
        assert_eq!(tested["passed"], true);
        assert_eq!((depot.count(&depot.receipts).await, depot.on_hand("lamp").await), (0, None));

        let twice = json!({"source": POST, "cases": [few, few]});
        let refused = depot.admin.put(&path, "*", twice).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["cases.1.name: twice"]);
    })
    .await;
}

#[tokio::test]
async fn a_script_that_no_form_names_gets_another_name() {
    on_both_shared(async |workspace: Workspace| {
        let depot = Depot::build(&workspace).await;
        let (admin, path) = (&depot.admin, depot.app.path("/scripts"));
        let rename = |key: &str| json!({"source": "let a = 1;", "key": key});
        depot.script("other", "let a = 1;").await;
        let renamed = admin.put(&format!("{path}/other"), "\"1\"", rename("another")).await.ok();
        assert_eq!((&renamed["key"], &renamed["version"]), (&json!("another"), &json!(2)));
        let listed = admin.get(&path).await.ok();
        let keys: Vec<&Value> = items(&listed).iter().map(|script| &script["key"]).collect();
        assert_eq!(keys, ["another", "post", "unpost"]);
        admin.put(&format!("{path}/other"), "*", rename("x")).await.refused(404, "not_found");
        admin.put(&format!("{path}/another"), "*", rename("post")).await.refused(409, "script_taken");
        admin
            .put(&format!("{path}/post"), "*", json!({"source": POST, "key": "x"}))
            .await
            .refused(409, "script_in_use");
        let refused = admin.put(&format!("{path}/another"), "*", rename("No key")).await;
        assert_eq!(faults(&refused.refused(422, "validation")), ["key: invalid_key"]);
    })
    .await;
}
