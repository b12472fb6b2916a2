//! What one request may hold and ask for, and what is done for it: as much is taken, and one more is not.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tests::design::{form, subform, test, text};
use tests::server::binary;
use tests::workspace::{faults, items};
use tests::{Client, on_both_shared, sheet};

/// Bytes of an answer.
const LARGEST: usize = 5 << 20;

/// A body of JSON that is so many bytes long: blanks mean nothing.
async fn send(who: &Client, path: &str, body: &Value, length: usize) -> tests::Answer {
    let body = body.to_string();
    let body = format!("{body}{}", " ".repeat(length - body.len()));
    let request = who.request(reqwest::Method::POST, path).header("content-type", "application/json");
    who.send(request.body(body)).await
}

#[tokio::test]
async fn a_body_is_as_large_as_its_route_lets_it_be() {
    on_both_shared(async |workspace| {
        let (admin, label) = (&workspace.admin, json!({"label": "Large"}));
        send(admin, "/apps", &label, 1 << 20).await.created();
        send(admin, "/apps", &label, (1 << 20) + 1).await.refused(413, "too_large");
        let form = workspace.form(form("large", [text("name")])).await;
        let rows = json!({"create": [{"fields": {"name": "a"}}]});
        send(admin, &form.path("/records/bulk"), &rows, 32 << 20).await.ok();
        send(admin, &form.path("/records/bulk"), &rows, (32 << 20) + 1).await.refused(413, "too_large");
    })
    .await;
}

#[tokio::test]
async fn t68_json_is_as_deep_as_it_may_be_and_an_object_says_as_much() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        // The outermost object is the first level.
        let nested = |levels: usize| {
            let inner = (1..levels).fold(json!("x"), |inner, _| json!([inner]));
            json!({ "label": inner })
        };
        admin.post("/apps", nested(33)).await.refused(422, "too_deep");
        admin.post("/apps", nested(32)).await.refused(422, "validation");
        let many = |members: usize| -> Value {
            (0..members).map(|n| (format!("k{n}"), json!(n))).collect::<serde_json::Map<_, _>>().into()
        };
        admin.post("/apps", many(1_000)).await.refused(422, "unknown_member");
        let refused = admin.post("/apps", many(1_001)).await.refused(422, "validation");
        assert_eq!(faults(&refused), [": too_many_members"]);
    })
    .await;
}

/// Documents of flows are larger than other bodies, and deeper.
#[tokio::test]
async fn a_flow_document_is_as_large_and_as_deep_as_it_may_be() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let form = workspace.form(form("flown", [text("name")])).await;
        let path = form.path("/flow/draft");
        let put = async |document: &Value, length: usize| {
            let document = document.to_string();
            let document = format!("{document}{}", " ".repeat(length.saturating_sub(document.len())));
            let request = admin.request(reqwest::Method::PUT, &path).header("if-match", "*");
            admin.send(request.header("content-type", "application/json").body(document)).await
        };
        let flow = json!({"format": 1, "label": "Approval", "start": {"fields": {"*": "edit"}}, "steps": []});
        put(&flow, 4 << 20).await.ok();
        put(&flow, (4 << 20) + 1).await.refused(413, "too_large");
        // The outermost object is the first level.
        let nested = |levels: usize| {
            let inner = (1..levels).fold(json!("x"), |inner, _| json!([inner]));
            json!({"format": 1, "label": inner})
        };
        put(&nested(101), 0).await.refused(422, "too_deep");
        let refused = put(&nested(100), 0).await;
        assert_ne!(refused.body["code"], "too_deep");
        assert_eq!(refused.status, 422, "{}", refused.body);
    })
    .await;
}

#[tokio::test]
async fn a_value_is_as_long_as_its_kind_lets_it_be() {
    on_both_shared(async |workspace| {
        let note = tests::design::Field::new("note", "long_text");
        let fields = [text("name"), note, subform("lines", [text("item")])];
        let order = workspace.form(form("order", fields)).await;
        let with = async |field: &str, value: Value| {
            let answer = order.create(&workspace.admin, json!({field: value})).await;
            if answer.status == 201 { Vec::new() } else { faults(&answer.refused(422, "validation")) }
        };
        let none: Vec<String> = Vec::new();
        assert_eq!(with("name", json!("x".repeat(64 << 10))).await, none);
        assert_eq!(with("name", json!("x".repeat((64 << 10) + 1))).await, ["fields.name: too_long"]);
        assert_eq!(with("note", json!("x".repeat(256 << 10))).await, none);
        assert_eq!(with("note", json!("x".repeat((256 << 10) + 1))).await, ["fields.note: too_long"]);
        let rows = |count: usize| json!(vec![json!({"item": "a"}); count]);
        assert_eq!(with("lines", rows(1_000)).await, none);
        assert_eq!(with("lines", rows(1_001)).await, ["fields.lines: too_many"]);
    })
    .await;
}

#[tokio::test]
async fn t66_a_list_gives_and_is_asked_only_so_much() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("name")])).await;
        let rows = (0..501).map(|n| json!({"name": format!("n{n}")})).collect::<Vec<_>>();
        for some in rows.chunks(100) {
            order.add_all(some.iter().cloned()).await;
        }
        let list = async |asked: Value| order.query(admin, asked).await;
        assert_eq!(items(&list(json!({})).await.ok()).len(), 50);
        assert_eq!(items(&list(json!({"limit": 500})).await.ok()).len(), 500);
        let refused = list(json!({"limit": 501})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["limit: too_large"]);
        let terms = |count: usize| {
            let tests: Vec<Value> = (0..count).map(|n| test("name", "eq", format!("n{n}"))).collect();
            json!({"filter": {"any": tests}})
        };
        assert_eq!(items(&list(terms(50)).await.ok()).len(), 50);
        assert_eq!(faults(&list(terms(51)).await.refused(422, "validation")), ["filter: too_many"]);
        for measureless in [json!(1e9), json!(-1), json!("NaN"), json!(1.5)] {
            list(json!({"limit": measureless})).await.refused(422, "validation");
        }
    })
    .await;
}

#[tokio::test]
async fn t66_an_answer_is_so_long_and_the_next_page_goes_on_from_there() {
    on_both_shared(async |workspace| {
        let note = tests::design::Field::new("note", "long_text");
        let order = workspace.form(form("order", [text("name"), note])).await;
        let long = "x".repeat(256 << 10);
        let rows: Vec<Value> = (0..30).map(|n| json!({"name": format!("n{n:02}"), "note": long})).collect();
        for some in rows.chunks(15) {
            order.add_all(some.iter().cloned()).await;
        }
        let names = |page: &Value| -> Vec<String> {
            let name = |record: &Value| record["fields"]["name"].as_str().unwrap().to_owned();
            items(page).iter().map(name).collect()
        };
        let asked = json!({"sort": [{"field": "name"}], "count": "exact", "limit": 30});
        let (mut found, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let mut asked = asked.clone();
            if !cursor.is_null() {
                asked["cursor"] = cursor;
            }
            let answer = order.query(&workspace.admin, asked).await;
            assert!(answer.bytes.len() <= LARGEST, "{}", answer.bytes.len());
            let page = answer.ok();
            assert_eq!(page["count"]["value"], 30);
            found.extend(names(&page));
            cursor = page["next"].clone();
            if cursor.is_null() {
                break;
            }
        }
        let all: Vec<String> = (0..30).map(|n| format!("n{n:02}")).collect();
        assert_eq!(found, all, "none is left out, and none comes twice");
        // Nearly as much as may be is given: 19 such texts and what is around them.
        let mut first = asked.clone();
        first["offset"] = json!(5);
        let first = names(&order.query(&workspace.admin, first).await.ok());
        assert_eq!((first.len(), first[0].as_str()), (19, "n05"));
        // Without the long texts there is room for all.
        let mut short = asked;
        short["fields"] = json!(["name"]);
        let short = order.query(&workspace.admin, short).await.ok();
        assert_eq!((items(&short).len(), &short["next"]), (30, &Value::Null));
    })
    .await;
}

/// A process that reads a workbook. Where nobody takes the rows that it writes, it waits.
fn waiting_reader(folder: &Path) -> Child {
    let book = folder.join("book.xlsx");
    // Letters that do not become a hundred times shorter in a zip.
    let mut seed = 1_u32;
    let mut letter = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + (seed >> 24) as u8 % 26)
    };
    let mut row = || {
        let long: String = (0..1_000).map(|_| letter()).collect();
        vec![sheet::text(&long)]
    };
    let rows: Vec<Vec<String>> = (0..3_000).map(|_| row()).collect();
    fs::write(&book, sheet::workbook(&[("Sheet1", rows)])).unwrap();
    let mut reader = Command::new(binary());
    reader.arg("__read-xlsx").arg(&book).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    reader.spawn().unwrap()
}

/// Whether this system lets a process have a network of its own.
fn parts_networks() -> bool {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout == b"0\n");
    let mut unshare = Command::new("unshare");
    unshare.arg("--net").args((!is_root).then_some("--user")).arg("true").stderr(Stdio::null());
    unshare.status().is_ok_and(|ended| ended.success())
}

#[tokio::test]
async fn c24_the_process_that_reads_a_workbook_reaches_nobody() {
    if !parts_networks() {
        tests::left_out("this system lets no process have a network of its own");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut reader = waiting_reader(folder.path());
    let network = |process: &str| fs::read_link(format!("/proc/{process}/ns/net")).ok();
    let (ours, process) = (network("self").unwrap(), reader.id().to_string());
    let mut its = None;
    for _ in 0..200 {
        its = network(&process);
        if its.as_ref().is_some_and(|its| *its != ours) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let is_over = reader.try_wait().unwrap();
    let _ = reader.kill();
    let _ = reader.wait();
    assert_ne!(its, Some(ours));
    assert_eq!(is_over, None, "it waits for who takes the rows");
}

/// The system says what such a process may have.
#[tokio::test]
async fn the_process_that_reads_a_workbook_has_so_much_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut reader = waiting_reader(folder.path());
    let limits = format!("/proc/{}/limits", reader.id());
    let most = |name: &str| -> Option<u64> {
        let told = fs::read_to_string(&limits).ok()?;
        let line = told.lines().find_map(|line| line.strip_prefix(name))?;
        let mut numbers = line.split_whitespace();
        // What it may have it can't raise: both numbers are the same.
        let (now, ever) = (numbers.next()?, numbers.next()?);
        now.parse().ok().filter(|_| now == ever)
    };
    let wanted: [(&str, u64); 5] = [
        ("Max address space", 512 << 20),
        ("Max cpu time", 300),
        ("Max file size", 2 << 30),
        ("Max core file size", 0),
        ("Max open files", 16),
    ];
    let mut found = Vec::new();
    for _ in 0..200 {
        found = wanted.iter().map(|(name, _)| (*name, most(name).unwrap_or(u64::MAX))).collect();
        if found == wanted {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let is_over = reader.try_wait().unwrap();
    let _ = reader.kill();
    let _ = reader.wait();
    assert_eq!(found, wanted);
    assert_eq!(is_over, None, "it waits for who takes the rows");
}
