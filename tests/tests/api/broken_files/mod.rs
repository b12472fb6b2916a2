//! A collection of broken and strange files for the import: each is refused, with what is wrong and a sentence about it, or
//! every record that it makes is exactly what stands in it. Nothing comes in by halves.
//!
//! Workbooks that are made to use up the machine are in `import_files.rs`.

mod lists;
mod separated;
mod workbooks;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::design::{Field, form, text};
use tests::workspace::items;
use tests::{App, Form, Workspace, on_both_shared};

/// A file, and what becomes of it.
struct Case {
    /// What is strange about it.
    what: &'static str,
    name: &'static str,
    bytes: Vec<u8>,
    ends: End,
}

enum End {
    /// With the code of its fault.
    Refused(&'static str),
    /// The cells of its two columns, `a` and `b`, as they are in the records.
    Read(&'static [[&'static str; 2]]),
}

impl Case {
    fn refused(
        what: &'static str,
        name: &'static str,
        bytes: impl Into<Vec<u8>>,
        code: &'static str,
    ) -> Case {
        Case { what, name, bytes: bytes.into(), ends: End::Refused(code) }
    }

    fn read(
        what: &'static str,
        name: &'static str,
        bytes: impl Into<Vec<u8>>,
        cells: &'static [[&'static str; 2]],
    ) -> Case {
        Case { what, name, bytes: bytes.into(), ends: End::Read(cells) }
    }
}

fn all() -> Vec<Case> {
    [separated::cases(), lists::cases(), workbooks::cases()].into_iter().flatten().collect()
}

async fn things(app: &App, number: usize) -> Form {
    app.form(form(&format!("thing{number}"), [text("a"), Field::new("b", "long_text")])).await
}

/// The cells of a form's records, in the order in which they came.
async fn held(form: &Form) -> Vec<[Value; 2]> {
    let page = form.query(&form.admin, json!({"limit": 500, "sort": [{"field": "$id"}]})).await.ok();
    let cells = |record: &Value| ["a", "b"].map(|key| record["fields"][key].clone());
    items(&page).iter().map(cells).collect()
}

/// What the preview refuses, the import refuses too, at once or when it comes to it, and no record is there.
async fn is_refused(workspace: &Workspace, form: &Form, case: &Case, code: &str) {
    let admin = &workspace.admin;
    let file = admin.upload(case.name, "application/octet-stream", case.bytes.clone()).await;
    let preview = admin.post(&form.path("/import/preview"), json!({"file": file})).await;
    assert_eq!(preview.status, 422, "{}: {}", case.what, preview.body);
    let fault = &preview.body["errors"][0];
    assert_eq!(fault["code"], code, "{}: {}", case.what, preview.body);
    assert!(fault["message"].as_str().is_some_and(|said| said.len() > 10), "{}: {fault}", case.what);
    let started = admin.post(&form.path("/import"), order(&file)).await;
    if started.status == 202 {
        let job = admin.job(started).await;
        assert_eq!(job["state"], "failed", "{}: {job}", case.what);
        assert_eq!(job["problem"]["errors"][0]["code"], code, "{}: {job}", case.what);
    } else {
        assert_eq!(started.status, 422, "{}: {}", case.what, started.body);
    }
    assert!(held(form).await.is_empty(), "{}: some of it came in", case.what);
}

async fn is_read(workspace: &Workspace, form: &Form, case: &Case, cells: &[[&str; 2]]) {
    let admin = &workspace.admin;
    let file = admin.upload(case.name, "application/octet-stream", case.bytes.clone()).await;
    let preview = admin.post(&form.path("/import/preview"), json!({"file": file})).await;
    assert_eq!(preview.status, 200, "{}: {}", case.what, preview.body);
    assert_eq!(preview.body["rows"], cells.len(), "{}: {}", case.what, preview.body);
    let job = admin.job(admin.post(&form.path("/import"), order(&file)).await).await;
    let result = &job["result"];
    assert_eq!(
        (&job["state"], &result["created"], &result["failed"]),
        (&json!("done"), &json!(cells.len()), &json!(0)),
        "{}: {job}",
        case.what
    );
    let cell = |cell: &str| if cell.is_empty() { Value::Null } else { json!(cell) };
    let expected: Vec<[Value; 2]> = cells.iter().map(|cells| cells.map(cell)).collect();
    assert_eq!(held(form).await, expected, "{}", case.what);
}

fn order(file: &str) -> Value {
    json!({"file": file, "mapping": {"a": "a", "b": "b"}})
}

#[tokio::test]
async fn a_broken_file_is_refused_or_read_exactly_and_nothing_comes_in_by_halves() {
    let cases = all();
    let different: BTreeSet<(&str, &[u8])> =
        cases.iter().map(|case| (case.name, case.bytes.as_slice())).collect();
    assert_eq!(different.len(), cases.len(), "one is there twice");
    assert!(cases.len() >= 110, "{}", cases.len());
    on_both_shared(async |workspace| {
        let app = workspace.app("Broken").await;
        let refusing = things(&app, 0).await;
        for (number, case) in cases.iter().enumerate() {
            match case.ends {
                End::Refused(code) => is_refused(&workspace, &refusing, case, code).await,
                End::Read(cells) => {
                    let form = things(&app, number + 1).await;
                    is_read(&workspace, &form, case, cells).await;
                }
            }
        }
    })
    .await;
}
