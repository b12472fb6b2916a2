//! What becomes of an import after it was begun: it goes on after a crash as if nothing had been, and it can be taken back.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::design::{form, group, link, number, serial, subform, text};
use tests::sheet;
use tests::workspace::{id_of, items};
use tests::{Client, Form, Server, Workspace, on_both, on_both_shared};

use crate::import::import;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A form whose records are numbered, with one value that must be unique.
async fn parts(workspace: &Workspace) -> Form {
    workspace.form(form("part", [serial("no", "P-"), text("code").unique(), number("qty", 0)])).await
}

async fn count(form: &Form, admin: &Client) -> u64 {
    let asked = json!({"measures": [{"key": "n", "fn": "count"}]});
    let rows = form.add_up(admin, asked).await.ok()["rows"].clone();
    rows[0]["values"]["n"].as_str().map_or(0, |count| count.parse().unwrap())
}

/// All records of a form, with these of their fields.
async fn all(form: &Form, fields: &[&str]) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let mut asked = json!({"limit": 500, "fields": fields});
        if !cursor.is_null() {
            asked["cursor"] = cursor;
        }
        let page = form.query(&form.admin, asked).await.ok();
        found.extend(items(&page).iter().cloned());
        cursor = page["next"].clone();
        if cursor.is_null() {
            return found;
        }
    }
}

/// Kills the server while a job is under way and has done so many rows at least, and starts it again. Gives how many it had done.
async fn killed_under_way(
    server: &mut Server,
    form: &mut Form,
    path: &str,
    rows: u64,
    pause: Duration,
) -> u64 {
    let until = Instant::now() + PATIENCE;
    let job = loop {
        let job = form.admin.get(path).await.ok();
        let is_under_way = job["state"] == "running" || job["state"] == "queued";
        assert!(is_under_way, "it was over before it could be interrupted: {job}");
        if job["done"].as_u64().unwrap() >= rows {
            break job;
        }
        assert!(Instant::now() < until, "it does not go on: {job}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    tokio::time::sleep(pause).await;
    server.kill().await;
    server.restart().await;
    form.admin = form.admin.moved_to(server.url());
    let done = job["done"].as_u64().unwrap();
    assert!(done > 0, "{job}");
    done
}

/// The job once it has come to its end.
async fn ended(admin: &Client, path: &str) -> Value {
    let until = Instant::now() + PATIENCE;
    loop {
        let job = admin.get(path).await.ok();
        if !["queued", "running"].contains(&job["state"].as_str().unwrap()) || Instant::now() > until {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Where several servers may share the database, the lease of a job has to run out before another goes on with it.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test]
async fn an_import_goes_on_after_a_crash_and_does_nothing_twice() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let mut part = parts(&workspace).await;
        const ROWS: u64 = 4_000;
        // Every two-hundredth row repeats the code of the one before.
        let row = |n: u64| format!("c{},{n}\n", if n % 200 == 199 { n - 1 } else { n });
        let text: String = ["code,qty\n".to_owned()].into_iter().chain((0..ROWS).map(row)).collect();
        let file = part.admin.upload("parts.csv", "text/csv", text.into_bytes()).await;
        let input = json!({"file": file, "mapping": {"code": "code", "qty": "qty"}});
        let started = part.admin.post(&part.path("/import"), input).await.with_status(202);
        let path = format!("/jobs/{}", started["job"].as_str().unwrap());
        let mut done = 0;
        for round in 0..2u64 {
            // Killed in the midst, each time at another place.
            let pause = Duration::from_millis(7 * round);
            done = killed_under_way(server, &mut part, &path, done + 200, pause).await;
        }
        assert!(done < ROWS, "{done}");
        let job = ended(&part.admin, &path).await;
        let failed = ROWS / 200;
        assert_eq!(
            (&job["state"], &job["done"], &job["total"]),
            (&json!("done"), &json!(ROWS), &json!(ROWS)),
            "{job}"
        );
        assert_eq!(
            (&job["result"]["created"], &job["result"]["failed"]),
            (&json!(ROWS - failed), &json!(failed)),
            "{job}"
        );
        assert_eq!(count(&part, &part.admin).await, ROWS - failed);
        assert_eq!(job["result"]["faults"].as_array().unwrap().len(), 20);

        // No number is missing or there twice, and every refused row is told once, though none was kept in mind.
        let records = all(&part, &["no"]).await;
        let numbers: BTreeSet<String> =
            records.iter().map(|record| record["fields"]["no"].as_str().unwrap().to_owned()).collect();
        let expected: BTreeSet<String> = (1..=ROWS - failed).map(|n| format!("P-{n:04}")).collect();
        assert_eq!(numbers, expected);
        let errors =
            part.admin.get(&format!("/files/{}", job["result"]["error_file"].as_str().unwrap())).await;
        let told: Vec<u64> =
            sheet::cells(&errors.bytes, 2)[1..].iter().map(|row| row[0].parse().unwrap()).collect();
        let lines: Vec<u64> = (0..ROWS).filter(|n| n % 200 == 199).map(|n| n + 2).collect();
        assert_eq!(told, lines);
    })
    .await;
}

/// What finds its record by a value finds it once, whichever row the server was killed at.
#[tokio::test]
async fn an_upsert_goes_on_after_a_crash_and_changes_each_record_once() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let mut part = parts(&workspace).await;
        const ROWS: u64 = 3_000;
        // Every second one is there already.
        let is_known = |n: u64| n.is_multiple_of(2);
        let known: Vec<Value> =
            (0..ROWS).filter(|n| is_known(*n)).map(|n| json!({"code": format!("c{n}"), "qty": 0})).collect();
        for some in known.chunks(500) {
            part.add_all(some.iter().cloned()).await;
        }
        let row = |n: u64| format!("c{n},{}\n", n + 1);
        let text: String = ["code,qty\n".to_owned()].into_iter().chain((0..ROWS).map(row)).collect();
        let file = part.admin.upload("parts.csv", "text/csv", text.into_bytes()).await;
        let mapping = json!({"code": "code", "qty": "qty"});
        let input = json!({"file": file, "mapping": mapping, "mode": "upsert", "key": ["code"]});
        let started = part.admin.post(&part.path("/import"), input).await.with_status(202);
        let path = format!("/jobs/{}", started["job"].as_str().unwrap());
        let done = killed_under_way(server, &mut part, &path, 200, Duration::from_millis(3)).await;
        assert!(done < ROWS, "{done}");
        let job = ended(&part.admin, &path).await;
        assert_eq!((&job["state"], &job["done"]), (&json!("done"), &json!(ROWS)), "{job}");
        let result = &job["result"];
        assert_eq!(
            (&result["created"], &result["updated"], &result["failed"]),
            (&json!(ROWS / 2), &json!(ROWS / 2), &json!(0)),
            "{job}"
        );
        let records = all(&part, &["code", "qty"]).await;
        assert_eq!(records.len() as u64, ROWS);
        for record in records {
            let fields = &record["fields"];
            let n: u64 = fields["code"].as_str().unwrap()[1..].parse().unwrap();
            assert_eq!(fields["qty"], (n + 1).to_string(), "{record}");
            assert_eq!(record["version"], if is_known(n) { 2 } else { 1 }, "{record}");
        }
    })
    .await;
}

/// A record of a workbook whose rows stand below it is whole or not there, whichever row the server was killed at.
#[tokio::test]
async fn a_workbook_with_rows_below_their_records_goes_on_after_a_crash() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let lines = subform("lines", [text("item"), number("qty", 0)]);
        let total = number("total", 0).computed("SUM(lines.qty)");
        let fields = [serial("no", "O-"), text("code").unique(), lines, total];
        let mut order = workspace.form(form("order", fields)).await;
        const ORDERS: u64 = 1_200;
        const LINES: u64 = 3;
        let line = |n: u64, line: u64| {
            let code = if line == 0 { sheet::text(&format!("c{n}")) } else { "<c/>".to_owned() };
            vec![code, sheet::text(&format!("item {line}")), sheet::number(&(n + line).to_string(), 0)]
        };
        let header = ["code", "item", "qty"].map(sheet::text).to_vec();
        let rows = (0..ORDERS).flat_map(|n| (0..LINES).map(move |place| (n, place)));
        let rows = std::iter::once(header).chain(rows.map(|(n, place)| line(n, place)));
        let book = sheet::workbook(&[("Orders", rows.collect())]);
        let file = order.admin.upload("orders.xlsx", XLSX, book).await;
        let mapping = json!({"code": "code", "item": "lines.item", "qty": "lines.qty"});
        let input = json!({"file": file, "mapping": mapping});
        let started = order.admin.post(&order.path("/import"), input).await.with_status(202);
        let path = format!("/jobs/{}", started["job"].as_str().unwrap());
        let mut done = 0;
        for round in 0..2u64 {
            let pause = Duration::from_millis(5 * round);
            done = killed_under_way(server, &mut order, &path, done + 200, pause).await;
        }
        assert!(done < ORDERS * LINES, "{done}");
        let job = ended(&order.admin, &path).await;
        assert_eq!((&job["state"], &job["done"]), (&json!("done"), &json!(ORDERS * LINES)), "{job}");
        let result = &job["result"];
        assert_eq!((&result["created"], &result["failed"]), (&json!(ORDERS), &json!(0)), "{job}");
        let records = all(&order, &["no", "code", "lines", "total"]).await;
        assert_eq!(records.len() as u64, ORDERS);
        let mut numbers = BTreeSet::new();
        for record in records {
            let fields = &record["fields"];
            let n: u64 = fields["code"].as_str().unwrap()[1..].parse().unwrap();
            let rows: Vec<(&str, &str)> = fields["lines"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| (row["item"].as_str().unwrap(), row["qty"].as_str().unwrap()))
                .collect();
            let expected: Vec<(String, String)> =
                (0..LINES).map(|line| (format!("item {line}"), (n + line).to_string())).collect();
            let expected: Vec<(&str, &str)> =
                expected.iter().map(|(item, qty)| (item.as_str(), qty.as_str())).collect();
            assert_eq!(rows, expected, "{record}");
            assert_eq!(fields["total"], (3 * n + 3).to_string(), "{record}");
            numbers.insert(fields["no"].as_str().unwrap().to_owned());
        }
        let expected: BTreeSet<String> = (1..=ORDERS).map(|n| format!("O-{n:04}")).collect();
        assert_eq!(numbers, expected, "no number is missing or there twice");
    })
    .await;
}

#[tokio::test]
async fn an_import_is_taken_back_where_nobody_has_changed_it_since() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Stock").await;
        let fields = [
            text("code").unique(),
            number("qty", 0),
            text("note"),
            number("double", 0).computed("qty * 2"),
            subform("lines", [number("n", 0)]),
        ];
        let part = app.form(form("part", fields)).await;
        let user =
            app.form(form("user", [link("part", "part").option("on_target_delete", "restrict")])).await;
        let old =
            part.add(json!({"code": "old", "qty": 1, "note": "mine", "lines": [{"n": 1}, {"n": 2}]})).await;
        let touched = part.add(json!({"code": "touched", "qty": 1})).await;

        let text = "code,qty,note,n\nold,5,,7\ntouched,6,x,\nnew,7,,\nused,8,,\nmended,9,,\nold,10,again,\n";
        let file = admin.upload("parts.csv", "text/csv", text.into()).await;
        let mapping = json!({"code": "code", "qty": "qty", "note": "note", "n": "lines.n"});
        let input = json!({"file": file, "mapping": mapping, "mode": "upsert", "key": ["code"]});
        let job = import(admin, &part.id, input).await;
        let result = &job["result"];
        assert_eq!(
            (&result["created"], &result["updated"], &result["failed"]),
            (&json!(3), &json!(3), &json!(0)),
            "{job}"
        );
        let undo = format!("/jobs/{}/undo", id_of(&job));
        let found = async |code: &str| {
            let asked = json!({"filter": {"field": "code", "op": "eq", "value": code}});
            items(&part.query(admin, asked).await.ok()).first().cloned()
        };
        assert_eq!(found("old").await.unwrap()["fields"]["qty"], "10");
        // Since then somebody has changed two records, and linked to a third.
        for code in ["touched", "mended"] {
            let seen = found(code).await.unwrap();
            part.edit(admin, &seen, json!({"note": "by hand"})).await.ok();
        }
        user.add(json!({"part": found("used").await.unwrap()["id"]})).await;

        let undone = admin.job(admin.post(&undo, json!({})).await).await;
        assert_eq!(undone["state"], "done", "{undone}");
        let result = &undone["result"];
        assert_eq!(
            (&result["deleted"], &result["restored"], &result["kept"]),
            (&json!(1), &json!(1), &json!(3)),
            "{undone}"
        );
        let mut kept: Vec<(&str, &str)> = result["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["code"].as_str().unwrap(), row["message"].as_str().unwrap()))
            .collect();
        kept.sort_unstable();
        assert_eq!(
            kept.iter().map(|(code, _)| *code).collect::<Vec<_>>(),
            ["changed_since", "changed_since", "linked"]
        );
        assert!(kept.iter().all(|(_, message)| !message.is_empty()));

        let now = part.read(admin, &old).await.ok();
        for field in ["qty", "note", "double"] {
            assert_eq!(now["fields"][field], old["fields"][field], "{field}");
        }
        let lines = |record: &Value| -> Vec<Value> {
            record["fields"]["lines"].as_array().unwrap().iter().map(|line| line["n"].clone()).collect()
        };
        assert_eq!(lines(&now), lines(&old));
        assert_eq!(part.read(admin, &touched).await.ok()["fields"]["note"], "by hand");
        assert!(found("new").await.is_none());
        let bin = part.query(admin, json!({"deleted": true})).await.ok();
        assert_eq!(items(&bin).len(), 1, "what is taken back can be taken out of the bin");
        admin.post(&undo, json!({})).await.refused(409, "already_undone");
        let again = format!("/jobs/{}/undo", id_of(&undone));
        admin.post(&again, json!({})).await.refused(409, "not_undoable");
    })
    .await;
}

#[tokio::test]
async fn taking_back_keeps_limits_and_rights() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Stock").await;
        let moves = app.form(form("move", [text("product"), number("qty", 0)])).await;
        let stock = json!({"key": "stock", "label": "Stock", "dimensions": [{"key": "product", "label": "Product"}],
            "sources": [{"form": "move", "group": {"product": "product"}, "measures": {"on_hand": {"fn": "sum", "field": "qty"}}}],
            "constraints": [{"key": "not_negative", "check": {"field": "on_hand", "op": "gte", "value": "0"}, "message": "Not enough"}]});
        app.aggregate(stock).await;
        let mei = workspace.person("mei").await;
        moves.allow(group("importers", &[&mei.id]).may(&["view", "create", "import"])).await;
        let run = async |who: &Client, text: &str, dry_run: bool| {
            let file = who.upload("moves.csv", "text/csv", text.into()).await;
            let input = json!({"file": file, "mapping": {"product": "product", "qty": "qty"}, "dry_run": dry_run});
            import(who, &moves.id, input).await
        };
        let job = run(admin, "product,qty
A,5
B,1
", false).await;
        // What came in has gone out again, so that it can't be taken back.
        moves.add(json!({"product": "A", "qty": -5})).await;
        let undone = admin.job(admin.post(&format!("/jobs/{}/undo", id_of(&job)), json!({})).await).await;
        let result = &undone["result"];
        assert_eq!((&result["deleted"], &result["kept"], &result["rows"][0]["code"]), (&json!(1), &json!(1), &json!("constraint")), "{undone}");
        let tried = run(admin, "product,qty
C,1
", true).await;
        admin.post(&format!("/jobs/{}/undo", id_of(&tried)), json!({})).await.refused(409, "not_undoable");

        // Who may not delete takes no new records back; nobody else sees the job at all.
        let job = run(&mei, "product,qty
D,1
", false).await;
        let undo = format!("/jobs/{}/undo", id_of(&job));
        let li = workspace.person("li").await;
        li.post(&undo, json!({})).await.refused(404, "not_found");
        let undone = mei.job(mei.post(&undo, json!({})).await).await;
        assert_eq!((&undone["result"]["kept"], &undone["result"]["rows"][0]["code"]), (&json!(1), &json!("forbidden")), "{undone}");
    })
    .await;
}

/// Waits until a job has done more than so much.
async fn under_way(admin: &Client, path: &str, done: u64) -> Value {
    let until = Instant::now() + PATIENCE;
    loop {
        let job = admin.get(path).await.ok();
        if job["state"] != "running" || job["done"].as_u64().unwrap() > done {
            return job;
        }
        assert!(Instant::now() < until, "it does not begin: {job}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn an_undo_that_was_stopped_or_failed_is_gone_on_with() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let part = workspace.form(form("part", [text("code"), number("qty", 0)])).await;
        let mei = workspace.person("mei").await;
        let importers =
            |key: &str| group(key, &[&mei.id]).may(&["view", "create", "edit", "delete", "import"]);
        let allowed = admin.post(&part.path("/permissions"), importers("first").document()).await.created();
        const ROWS: u64 = 1_600;
        let text: String = (0..ROWS).map(|n| format!("c{n},{n}\n")).collect();
        let file = mei.upload("parts.csv", "text/csv", format!("code,qty\n{text}").into_bytes()).await;
        let input = json!({"file": file, "mapping": {"code": "code", "qty": "qty"}});
        let job = import(&mei, &part.id, input).await;
        assert_eq!(job["result"]["created"], ROWS, "{job}");
        let import = format!("/jobs/{}", id_of(&job));
        let undo = format!("{import}/undo");
        let begin = async |done: u64| {
            let started = mei.post(&undo, json!({})).await.with_status(202);
            let path = format!("/jobs/{}", started["job"].as_str().unwrap());
            under_way(&mei, &path, done).await;
            path
        };

        // Stopped by who has begun it.
        let path = begin(0).await;
        mei.post(&undo, json!({})).await.refused(409, "already_undone");
        assert_eq!(mei.get(&import).await.ok()["can_be_undone"], false);
        mei.post(&format!("{path}/cancel"), json!({})).await.ok();
        let stopped = ended(&mei, &path).await;
        assert_eq!(stopped["state"], "cancelled", "{stopped}");
        let left = count(&part, admin).await;
        assert!((1..ROWS).contains(&left), "{left}");
        assert_eq!(stopped["result"]["deleted"], ROWS - left, "{stopped}");
        assert_eq!(mei.get(&import).await.ok()["can_be_undone"], true, "it can be gone on with");

        // Then the form is closed to them while it goes on.
        let path = begin(ROWS - left).await;
        admin.delete(&part.path(&format!("/permissions/{}", id_of(&allowed))), 1).await.with_status(204);
        let failed = ended(&mei, &path).await;
        assert_eq!(failed["state"], "failed", "{failed}");
        let later = count(&part, admin).await;
        assert!((1..left).contains(&later), "{later} of {left}");
        mei.post(&undo, json!({})).await.refused(404, "not_found");
        part.allow(importers("second")).await;

        let undone = mei.job(mei.post(&undo, json!({})).await).await;
        let result = &undone["result"];
        // Those that were under way when the right went are tried again.
        assert_eq!(
            (&undone["state"], &result["deleted"], &result["kept"]),
            (&json!("done"), &json!(ROWS), &json!(0)),
            "what was done before counts, and nothing is told that is not so: {undone}"
        );
        assert_eq!((&undone["done"], &undone["total"]), (&json!(ROWS), &json!(ROWS)));
        assert_eq!(count(&part, admin).await, 0);
        mei.post(&undo, json!({})).await.refused(409, "already_undone");
        let job = mei.get(&import).await.ok();
        assert_eq!((&job["undone_by"], &job["can_be_undone"]), (&undone["id"], &json!(false)));
    })
    .await;
}

#[tokio::test]
async fn an_import_that_fails_part_way_tells_what_it_did_and_is_taken_back() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let admin = &workspace.admin;
        let part = workspace.form(form("part", [text("code"), number("qty", 0)])).await;
        let mei = workspace.person("mei").await;
        let importers =
            |key: &str| group(key, &[&mei.id]).may(&["view", "create", "edit", "delete", "import"]);
        let allowed = admin.post(&part.path("/permissions"), importers("first").document()).await.created();
        const ROWS: u64 = 20_000;
        let text: String = (0..ROWS).map(|n| format!("c{n},{n}\n")).collect();
        let text = format!("code,qty\nwrong,many\n{text}");
        let file = mei.upload("parts.csv", "text/csv", text.into_bytes()).await;
        let input = json!({"file": file, "mapping": {"code": "code", "qty": "qty"}});
        let started = mei.post(&part.path("/import"), input).await.with_status(202);
        let path = format!("/jobs/{}", started["job"].as_str().unwrap());
        under_way(&mei, &path, 0).await;
        admin.delete(&part.path(&format!("/permissions/{}", id_of(&allowed))), 1).await.with_status(204);
        let job = ended(&mei, &path).await;
        assert_eq!(
            (&job["state"], &job["problem"]["code"]),
            (&json!("failed"), &json!("not_found")),
            "{job}"
        );
        let result = &job["result"];
        let created = result["created"].as_u64().unwrap();
        assert!((1..ROWS).contains(&created), "{job}");
        assert_eq!(count(&part, admin).await, created);
        // The rows that were under way when the right went are neither made nor refused: it was not they that were wrong.
        let failed = result["failed"].as_u64().unwrap();
        assert!(failed == 1 && job["done"] == created + failed, "{job}");
        assert_eq!(result["faults"][0]["line"], 2, "{job}");
        let errors = mei.get(&format!("/files/{}", result["error_file"].as_str().unwrap())).await;
        let refused = sheet::cells(&errors.bytes, 1);
        assert_eq!((refused.len() as u64, refused[1][0].as_str()), (failed + 1, "wrong"));
        assert!(result["batch"].is_string() && job["can_be_undone"] == true, "{job}");

        part.allow(importers("second")).await;
        let undone = mei.job(mei.post(&format!("{path}/undo"), json!({})).await).await;
        let told = &undone["result"];
        assert_eq!((&told["deleted"], &told["kept"]), (&json!(created), &json!(0)), "{undone}");
        assert_eq!(count(&part, admin).await, 0);
        assert_eq!(mei.get(&path).await.ok()["can_be_undone"], false);
    })
    .await;
}
