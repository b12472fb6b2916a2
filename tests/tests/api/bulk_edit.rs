//! Many records changed at once: tried before, saved one by one, gone on with after a crash, and taken back.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::design::{approve, form, group, link, number, select, subform, test, text};
use tests::workspace::{faults, id_of, items, values_of, version_of};
use tests::{Client, Form, Workspace, on_both, on_both_shared};

/// Orders `a` to `d`, of which the third is done and the second is large.
async fn orders(workspace: &Workspace) -> (Form, Vec<Value>) {
    let design = form(
        "order",
        [
            text("name"),
            number("amount", 2).option("max", "100"),
            select("state", &["open", "done"]),
            number("double", 2).computed("amount * 2"),
        ],
    );
    let order = workspace.form(design.with("title", "{name}")).await;
    let mut made = Vec::new();
    for (name, amount, state) in [("a", 5, "open"), ("b", 20, "open"), ("c", 7, "done"), ("d", 0, "open")] {
        made.push(order.add(json!({"name": name, "amount": amount, "state": state})).await);
    }
    (order, made)
}

/// What a bulk edit says in the end.
async fn edited(form: &Form, who: &Client, input: Value) -> Value {
    let job = who.job(who.post(&form.path("/bulk-edit"), input).await).await;
    assert_eq!(job["state"], "done", "{job}");
    job
}

fn counts(result: &Value) -> [i64; 4] {
    ["matched", "changed", "unchanged", "failed"]
        .map(|name| result[name].as_i64().unwrap_or_else(|| panic!("no {name} in {result}")))
}

#[tokio::test]
async fn a_preview_tells_what_is_then_done_record_by_record_and_taken_back() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (order, made) = orders(&workspace).await;
        let input = json!({
            "filter": test("state", "eq", "open"), "set": {"amount": {"formula": "amount * 10"}, "state": "done"},
        });
        let mut preview = input.clone();
        preview["preview"] = json!(true);
        let tried = edited(&order, admin, preview).await;
        let told = &tried["result"];
        assert_eq!(counts(told), [3, 2, 0, 1], "{told}");
        assert_eq!(
            told["sample"][0],
            json!({"record": made[0]["id"], "title": "a", "changes": {
                "amount": {"old": "5.00", "new": "50.00"}, "double": {"old": "10.00", "new": "100.00"},
                "state": {"old": "open", "new": "done"},
            }})
        );
        assert_eq!(told["sample"][1]["changes"], json!({"state": {"old": "open", "new": "done"}}));
        let reason = &told["reasons"][0];
        assert_eq!((&reason["code"], &reason["field"], &reason["count"]), (&json!("too_large"), &json!("amount"), &json!(1)));
        assert_eq!((&told["failures"][0]["title"], &told["failures"][0]["record"]), (&json!("b"), &made[1]["id"]));
        assert!(told["batch"].is_null() && tried["can_be_undone"] == false, "{tried}");
        for one in &made {
            assert_eq!(version_of(&order.read(admin, one).await.ok()), 1, "a preview changes nothing");
        }
        let undo = |job: &Value| format!("/jobs/{}/undo", id_of(job));
        admin.post(&undo(&tried), json!({})).await.refused(409, "not_undoable");

        let job = edited(&order, admin, input).await;
        let did = &job["result"];
        assert_eq!((counts(did), &did["reasons"]), ([3, 2, 0, 1], &told["reasons"]));
        let now = order.read(admin, &made[0]).await.ok();
        assert_eq!((&now["fields"]["amount"], &now["fields"]["double"], version_of(&now)), (&json!("50.00"), &json!("100.00"), 2));
        assert_eq!(version_of(&order.read(admin, &made[1]).await.ok()), 1, "a refusal is one record's alone");
        let history = admin.get(&format!("{}/history", order.at(&made[0]))).await.ok();
        let last = &items(&history)[0];
        assert_eq!((&last["path"], &last["batch"]), (&json!("bulk_edit"), &did["batch"]));
        assert_eq!(last["changes"]["state"], json!({"old": "open", "new": "done"}));
        assert!(did["batch"].is_string() && job["can_be_undone"] == true, "{job}");

        // What somebody has changed since stays as they left it.
        let seen = order.read(admin, &made[3]).await.ok();
        order.edit(admin, &seen, json!({"name": "mine"})).await.ok();
        let tom = workspace.person("tom").await;
        tom.post(&undo(&job), json!({})).await.refused(404, "not_found");
        let back = admin.job(admin.post(&undo(&job), json!({})).await).await;
        let undone = &back["result"];
        assert_eq!((&undone["restored"], &undone["skipped"], &undone["failed"]), (&json!(1), &json!(1), &json!(0)), "{back}");
        assert_eq!((&undone["failures"][0]["code"], &undone["failures"][0]["title"]), (&json!("changed_since"), &json!("mine")));
        let now = order.read(admin, &made[0]).await.ok();
        assert_eq!(now["fields"], made[0]["fields"]);
        assert_eq!(version_of(&now), 3);
        assert_eq!(order.read(admin, &made[3]).await.ok()["fields"]["state"], "done");
        admin.post(&undo(&job), json!({})).await.refused(409, "already_undone");
        let job = admin.get(&format!("/jobs/{}", id_of(&job))).await.ok();
        assert_eq!((&job["undone_by"], &job["can_be_undone"]), (&back["id"], &json!(false)));

        // And what was taken back can be done again.
        admin.job(admin.post(&undo(&back), json!({})).await).await;
        assert_eq!(order.read(admin, &made[0]).await.ok()["fields"]["amount"], "50.00");
    })
    .await;
}

#[tokio::test]
async fn what_holds_the_value_already_is_no_change() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (order, made) = orders(&workspace).await;
        let job = edited(&order, admin, json!({"set": {"state": "done"}})).await;
        assert_eq!(counts(&job["result"]), [4, 3, 1, 0]);
        assert_eq!(version_of(&order.read(admin, &made[2]).await.ok()), 1);
        let chosen = json!({"field": "$id", "op": "in", "value": [made[0]["id"], made[2]["id"]]});
        let job = edited(&order, admin, json!({"filter": chosen, "set": {"state": null}})).await;
        assert_eq!(counts(&job["result"]), [2, 2, 0, 0]);
        let list = order.query(admin, json!({"sort": [{"field": "name"}]})).await.ok();
        assert_eq!(values_of(&list, "state"), ["", "done", "", "done"]);
    })
    .await;
}

#[tokio::test]
async fn in_bulk_too_people_change_only_what_they_may() {
    on_both_shared(async |workspace| {
        let note = workspace
            .form(form(
                "note",
                [
                    text("name").option("max_length", 5),
                    text("place"),
                    number("amount", 2),
                    text("secret"),
                    number("double", 2).computed("amount * 2"),
                    subform("lines", [number("n", 0)]),
                ],
            ))
            .await;
        let (mei, tom) = (workspace.person("mei").await, workspace.person("tom").await);
        let bulk =
            group("north", &[&mei.id]).may(&["view", "edit", "bulk_edit"]).rows(test("place", "eq", "north"));
        note.allow(bulk.field("amount", "read").field("secret", "none")).await;
        note.allow(group("others", &[&tom.id]).may(&["view", "edit"])).await;
        for (name, place) in [("a", "north"), ("b", "south"), ("c", "north")] {
            note.add(json!({"name": name, "place": place, "amount": 3, "secret": "x"})).await;
        }
        let path = note.path("/bulk-edit");
        let set = |set: Value| json!({ "set": set });
        tom.post(&path, set(json!({"name": "x"}))).await.refused(403, "forbidden");
        for (wrong, fault) in [
            (json!({"amount": 1}), "set.amount: not_writable"),
            (json!({"double": 1}), "set.double: not_writable"),
            (json!({"lines": []}), "set.lines: not_writable"),
            (json!({"secret": "y"}), "set.secret: unknown_field"),
            (json!({"ghost": "y"}), "set.ghost: unknown_field"),
            (json!({"name": {"formula": "secret"}}), "set.name.formula: unknown_field"),
            (json!({"name": 5}), "set.name: wrong_type"),
            (json!({}), "set: set_or_recompute"),
        ] {
            let refused = mei.post(&path, set(wrong.clone())).await.with_status(422);
            assert_eq!(faults(&refused), [fault], "{wrong}");
        }
        let both = json!({"set": {"name": "x"}, "recompute": true});
        let refused = mei.post(&path, both).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["set: set_or_recompute"]);
        let hidden = json!({"filter": test("secret", "eq", "x"), "set": {"name": "x"}});
        let refused = mei.post(&path, hidden).await.with_status(422);
        assert!(faults(&refused)[0].starts_with("filter"), "{refused}");

        let job = edited(&note, &mei, set(json!({"name": {"formula": "name & amount"}}))).await;
        assert_eq!(counts(&job["result"]), [2, 2, 0, 0], "{job}");
        let list = note.query(&workspace.admin, json!({"sort": [{"field": "$id"}]})).await.ok();
        assert_eq!(values_of(&list, "name")[1], "b", "what is not theirs to see is not theirs to change");
        assert!(values_of(&list, "name")[0].starts_with("a3"), "{list}");
    })
    .await;
}

#[tokio::test]
async fn a_bulk_edit_gives_no_defaults_and_starts_no_flow() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let note = workspace.form(form("note", [text("name")])).await;
        let made = note.add(json!({"name": "old"})).await;
        let added = text("remark").default_to("\"none\"").value();
        note.extend(json!([{"do": "add_field", "field": added}])).await;
        let me = id_of(&admin.get("/me").await.ok());
        note.flow(json!([approve("boss", &[&me], json!({}))])).await;
        edited(&note, admin, json!({"set": {"name": "new"}})).await;
        let now = note.read(admin, &made).await.ok();
        assert_eq!((&now["fields"]["name"], &now["fields"]["remark"]), (&json!("new"), &Value::Null));
        assert_eq!((&now["system"]["flow_state"], &now["instance"]), (&Value::Null, &Value::Null));
        // A save by hand would have begun one.
        let made = note.add(json!({"name": "x"})).await;
        assert!(made["instance"].is_object() && made["fields"]["remark"] == "none", "{made}");
    })
    .await;
}

#[tokio::test]
async fn records_from_before_a_formula_get_its_value() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [number("amount", 2)])).await;
        let made = order.add(json!({"amount": 4})).await;
        let draft = admin.get(&order.path("/draft")).await.ok();
        let double = number("double", 2).computed("amount * 2").value();
        let edits = json!({"base": draft["base"], "edits": [{"do": "add_field", "field": double}]});
        admin.post(&order.path("/draft/edits"), edits).await.ok();
        let preview = admin.post(&order.path("/publish/preview"), json!({})).await.ok();
        assert_eq!(preview["computed"][0]["path"], "double", "{preview}");
        admin.post(&order.path("/publish"), json!({})).await.ok();
        assert!(order.read(admin, &made).await.ok()["fields"]["double"].is_null());

        // Tried before, it tells what would become another value, and changes none.
        let tried = edited(&order, admin, json!({"recompute": true, "preview": true})).await;
        assert_eq!(counts(&tried["result"]), [1, 1, 0, 0]);
        let change = &tried["result"]["sample"][0]["changes"]["double"];
        assert_eq!((&change["old"], &change["new"]), (&Value::Null, &json!("8.00")), "{tried}");
        assert!(order.read(admin, &made).await.ok()["fields"]["double"].is_null());

        let job = edited(&order, admin, json!({"recompute": true})).await;
        assert_eq!(counts(&job["result"]), [1, 1, 0, 0]);
        assert_eq!(order.read(admin, &made).await.ok()["fields"]["double"], "8.00");
        let again = edited(&order, admin, json!({"recompute": true})).await;
        assert_eq!(counts(&again["result"]), [1, 0, 1, 0]);
    })
    .await;
}

/// Far more records than are tried at one time: what some are given, the others are told apart from.
#[tokio::test]
async fn a_preview_counts_unique_values_as_the_edit_does() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let thing = workspace.form(form("thing", [text("code").unique(), number("no", 0).unique()])).await;
        let row = |no: i64| json!({"fields": {"code": format!("C{no}"), "no": no}});
        let rows: Vec<Value> = (1..=120).map(row).collect();
        admin.post(&thing.path("/records/bulk"), json!({ "create": rows })).await.ok();
        for (set, expected) in [
            // Each takes the number that the one before it has given up.
            (json!({"no": {"formula": "no - 1"}}), [120, 120, 0, 0]),
            // The number of the next one is taken, but that of the last is not.
            (json!({"no": {"formula": "no + 1"}}), [120, 1, 0, 119]),
            (json!({"code": "same"}), [120, 1, 0, 119]),
        ] {
            let tried = edited(&thing, admin, json!({"set": set, "preview": true})).await;
            assert_eq!(counts(&tried["result"]), expected, "{set}: {}", tried["result"]);
            let done = edited(&thing, admin, json!({ "set": set })).await;
            assert_eq!(counts(&done["result"]), expected, "{set}");
            assert_eq!(tried["result"]["reasons"], done["result"]["reasons"], "{set}");
        }
    })
    .await;
}

#[tokio::test]
async fn limits_hold_in_bulk_and_on_the_way_back() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Warehouse").await;
        let products = app.form(form("product", [text("name")])).await;
        let movement = form("movement", [link("product", "product"), number("qty", 0)]);
        let movement = app.form(movement).await;
        app.aggregate(json!({
            "format": 1, "key": "stock", "label": "Stock", "dimensions": [{"key": "product", "label": "Product"}],
            "sources": [{"form": "movement", "group": {"product": "product"},
                "measures": {"on_hand": {"fn": "sum", "field": "qty"}}}],
            "measures": [],
            "constraints": [{"key": "never_below_zero", "check": test("on_hand", "gte", "0"), "message": "Not enough stock"}],
        }))
        .await;
        let chair = products.add(json!({"name": "Chair"})).await;
        let add = async |qty: i64| movement.add(json!({"product": chair["id"], "qty": qty})).await;
        let (received, shipped, more) = (add(10).await, add(-3).await, add(-3).await);
        // Each takes seven out where ten were: the first can, the second finds too few.
        let out = json!({"filter": test("qty", "lt", "0"), "set": {"qty": -7}});
        let job = edited(&movement, admin, out).await;
        assert_eq!(counts(&job["result"]), [2, 1, 0, 1], "{job}");
        assert_eq!(job["result"]["reasons"][0]["code"], "constraint");
        let qty = async |one: &Value| movement.read(admin, one).await.ok()["fields"]["qty"].clone();
        assert_eq!((qty(&shipped).await, qty(&more).await), (json!("-7"), json!("-3")));

        let freed = edited(&movement, admin, json!({"filter": test("qty", "lt", "0"), "set": {"qty": 0}})).await;
        add(-10).await;
        let back = admin.job(admin.post(&format!("/jobs/{}/undo", id_of(&freed)), json!({})).await).await;
        assert_eq!((&back["result"]["restored"], &back["result"]["failed"]), (&json!(0), &json!(2)), "{back}");
        assert_eq!((qty(&shipped).await, qty(&received).await), (json!("0"), json!("10")));
    })
    .await;
}

/// What is taken back is saved like anything else: where a value that must be there once is another's by now, the record stays as
/// it is, and is told.
#[tokio::test]
async fn what_is_taken_back_is_held_to_uniqueness() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let thing = workspace.form(form("thing", [text("code").unique(), number("no", 0)])).await;
        let first = thing.add(json!({"code": "a", "no": 1})).await;
        let second = thing.add(json!({"code": "b", "no": 2})).await;
        let job =
            edited(&thing, admin, json!({"filter": test("no", "eq", "1"), "set": {"code": "freed"}})).await;
        assert_eq!(counts(&job["result"]), [1, 1, 0, 0], "{job}");
        let taken = thing.add(json!({"code": "a", "no": 3})).await;
        let back = admin.job(admin.post(&format!("/jobs/{}/undo", id_of(&job)), json!({})).await).await;
        assert_eq!(
            (&back["result"]["restored"], &back["result"]["failed"]),
            (&json!(0), &json!(1)),
            "{back}"
        );
        assert!(back.to_string().contains("not_unique"), "it says why: {back}");
        for (record, code) in [(&first, "freed"), (&second, "b"), (&taken, "a")] {
            assert_eq!(thing.read(admin, record).await.ok()["fields"]["code"], code);
        }
    })
    .await;
}

/// Who may not use the form any more takes nothing back, and what is left is gone on with once somebody may.
#[tokio::test]
async fn what_is_closed_while_it_is_taken_back_is_taken_back_later() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (order, made) = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        let editors = |key: &str| group(key, &[&mei.id]).may(&["view", "edit", "bulk_edit"]);
        let allowed = admin.post(&order.path("/permissions"), editors("first").document()).await.created();
        let job = edited(&order, &mei, json!({"set": {"state": "done"}})).await;
        assert_eq!(counts(&job["result"]), [4, 3, 1, 0], "{job}");
        admin.delete(&order.path(&format!("/permissions/{}", id_of(&allowed))), 1).await.with_status(204);
        let undo = format!("/jobs/{}/undo", id_of(&job));
        let back = mei.job(mei.post(&undo, json!({})).await).await;
        assert_eq!(
            (&back["state"], &back["problem"]["code"]),
            (&json!("failed"), &json!("not_found")),
            "{back}"
        );
        assert_eq!(order.read(admin, &made[0]).await.ok()["fields"]["state"], "done");
        order.allow(editors("second")).await;
        let back = mei.job(mei.post(&undo, json!({})).await).await;
        let told = &back["result"];
        assert_eq!((&told["restored"], &told["skipped"]), (&json!(3), &json!(0)), "{back}");
        for one in &made {
            assert_eq!(order.read(admin, one).await.ok()["fields"], one["fields"]);
        }
    })
    .await;
}

/// Who looks through one of their groups changes what that one shows, also where a search leaves less of it.
#[tokio::test]
async fn what_one_group_shows_is_changed_and_nothing_beyond_it() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (order, made) = orders(&workspace).await;
        let mei = workspace.person("mei").await;
        for state in ["open", "done"] {
            let group = group(state, &[&mei.id]).may(&["view", "edit", "bulk_edit"]);
            order.allow(group.rows(test("state", "eq", state))).await;
        }
        let amounts = async || {
            let mut amounts = Vec::new();
            for one in &made {
                amounts.push(order.read(admin, one).await.ok()["fields"]["amount"].clone());
            }
            amounts
        };
        let preview = json!({"permission_group": "done", "set": {"amount": "9"}, "preview": true});
        let tried = edited(&order, &mei, preview).await;
        assert_eq!(counts(&tried["result"]), [1, 1, 0, 0], "{tried}");
        let did = edited(&order, &mei, json!({"permission_group": "done", "set": {"amount": "9"}})).await;
        assert_eq!(counts(&did["result"]), [1, 1, 0, 0], "{did}");
        assert_eq!(amounts().await, ["5.00", "20.00", "9.00", "0.00"]);
        let searched = json!({"permission_group": "open", "q": "b", "set": {"amount": "8"}});
        let did = edited(&order, &mei, searched).await;
        assert_eq!(counts(&did["result"]), [1, 1, 0, 0], "{did}");
        assert_eq!(amounts().await, ["5.00", "8.00", "9.00", "0.00"]);
        let unknown = json!({"permission_group": "nothing", "set": {"amount": "1"}});
        let refused = mei.post(&order.path("/bulk-edit"), unknown).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["permission_group: unknown_group"]);
    })
    .await;
}

/// Waits until a job has done some of its work, or all.
async fn under_way(admin: &Client, path: &str) -> Value {
    let until = Instant::now() + Duration::from_secs(30);
    while Instant::now() < until {
        let job = admin.get(path).await.ok();
        if job["state"] != "running" || job["done"].as_i64().unwrap() > 0 {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{path} does not begin");
}

async fn with_amount(form: &Form, amount: &str) -> i64 {
    let query = json!({"filter": test("amount", "eq", amount), "count": "exact", "limit": 1});
    form.query(&form.admin, query).await.ok()["count"]["value"].as_i64().unwrap()
}

const MANY: i64 = 1_200;

#[tokio::test]
async fn a_bulk_edit_goes_on_after_a_crash_and_an_undo_where_it_was_stopped() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let design = form("order", [number("amount", 0), number("double", 0).computed("amount * 2")]);
        let mut order = workspace.form(design).await;
        order.add_all((0..MANY).map(|_| json!({"amount": 1}))).await;
        let started = order.admin.post(&order.path("/bulk-edit"), json!({"set": {"amount": 2}})).await;
        let path = format!("/jobs/{}", started.with_status(202)["job"].as_str().unwrap());
        let job = under_way(&order.admin, &path).await;
        assert_eq!(job["state"], "running", "it was over before it could be interrupted: {job}");
        server.kill().await;
        server.restart().await;
        order.admin = order.admin.moved_to(server.url());
        let done = with_amount(&order, "2").await;
        // Where several servers may share the database, the job's lease has to run out first.
        let until = Instant::now() + Duration::from_secs(90);
        let mut job = order.admin.get(&path).await.ok();
        while job["state"] == "running" && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(100)).await;
            job = order.admin.get(&path).await.ok();
        }
        assert_eq!(job["state"], "done", "{job}");
        assert_eq!(counts(&job["result"]), [MANY, MANY, 0, 0], "{done} when it went on");
        assert_eq!((&job["done"], &job["total"]), (&json!(MANY), &json!(MANY)));
        let query = json!({"filter": test("double", "eq", "4"), "limit": 500});
        let list = order.query(&order.admin, query).await.ok();
        assert!(items(&list).iter().all(|record| version_of(record) == 2), "nothing is done twice");
        assert_eq!(with_amount(&order, "2").await, MANY);

        // Taking it back is stopped on its way, and gone on with.
        let undo = format!("{path}/undo");
        let started = order.admin.post(&undo, json!({})).await.with_status(202);
        let stopped = format!("/jobs/{}", started["job"].as_str().unwrap());
        under_way(&order.admin, &stopped).await;
        order.admin.post(&undo, json!({})).await.refused(409, "already_undone");
        order.admin.post(&format!("{stopped}/undo"), json!({})).await.refused(409, "job_not_over");
        order.admin.post(&format!("{stopped}/cancel"), json!({})).await.ok();
        let until = Instant::now() + Duration::from_secs(30);
        while order.admin.get(&stopped).await.ok()["state"] == "running" && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let job = order.admin.get(&stopped).await.ok();
        assert_eq!(job["state"], "cancelled", "{job}");
        let restored = with_amount(&order, "1").await;
        assert!((1..MANY).contains(&restored), "{restored}");
        let job = order.admin.job(order.admin.post(&undo, json!({})).await).await;
        assert_eq!((&job["state"], &job["result"]["restored"]), (&json!("done"), &json!(MANY)), "{job}");
        assert_eq!(with_amount(&order, "1").await, MANY);
    })
    .await;
}

#[tokio::test]
async fn people_save_while_a_bulk_edit_goes_on_and_it_can_be_stopped() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [number("amount", 0)])).await;
        let note = workspace.form(form("note", [text("name")])).await;
        order.add_all((0..MANY).map(|_| json!({"amount": 1}))).await;
        let started = admin.post(&order.path("/bulk-edit"), json!({"set": {"amount": 2}})).await;
        let path = format!("/jobs/{}", started.with_status(202)["job"].as_str().unwrap());
        under_way(admin, &path).await;
        for _ in 0..5 {
            note.add(json!({"name": "between"})).await;
        }
        // Taken by somebody meanwhile, and done first: what comes later is not what was asked to be changed.
        let late = order.add(json!({"amount": 1})).await;
        let job = admin.post(&format!("{path}/cancel"), json!({})).await.ok();
        assert_eq!(job["state"], "running", "people had to wait for all of it: {job}");
        let until = Instant::now() + Duration::from_secs(30);
        while admin.get(&path).await.ok()["state"] == "running" && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let job = admin.get(&path).await.ok();
        assert_eq!(job["state"], "cancelled", "{job}");
        let changed = with_amount(&order, "2").await;
        assert!((1..MANY).contains(&changed), "{changed}");
        assert_eq!(job["result"]["changed"], changed, "it says what it did: {job}");
        assert_eq!(order.read(admin, &late).await.ok()["fields"]["amount"], "1");
        let back = admin.job(admin.post(&format!("{path}/undo"), json!({})).await).await;
        assert_eq!(back["result"]["restored"], changed, "{back}");
        assert_eq!(with_amount(&order, "1").await, MANY + 1);
    })
    .await;
}
