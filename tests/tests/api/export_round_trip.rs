//! What goes out comes in again: for every kind that a record holds, in every format, with names and without.

use serde_json::{Value, json};
use tests::design::{Design, Field, form, link, number, subform, text};
use tests::workspace::{App, id_of, items};
use tests::{Form, Workspace, on_both_shared};

use crate::export::export;
use crate::import::import;

/// A field of each kind that a file can fill, with values that files are bad at. A new kind is one more line.
fn kinds(member: &str, linked: &[String]) -> Vec<(Field, Vec<Value>)> {
    let choices = json!([
        {"key": "a", "label": {"en": "A, or so", "zh-CN": "甲、或者"}},
        {"key": "b", "label": "B; too"},
        // Called as another's key.
        {"key": "c", "label": "a"},
        {"key": "-d", "label": "=D"},
    ]);
    let long = format!("first line\r\n\"second\", 'third';\n\n{}", "长".repeat(3_000));
    vec![
        (
            text("line"),
            vec![
                json!("=1+1"),
                json!("'quoted'"),
                json!("  _x000D_ <&> \u{1F600}"),
                json!("-"),
                json!("007"),
                json!("[1]"),
            ],
        ),
        (Field::new("long", "long_text"), vec![json!(long), json!("{\"a\": 1}")]),
        (
            number("number", 8),
            vec![json!("0.00000001"), json!("-1234567890.12345678"), json!("3"), json!("0")],
        ),
        (Field::new("money", "money").option("scale", 4), vec![json!("99999999999999.9999"), json!("-0.5")]),
        (
            Field::new("percent", "percent").option("scale", 3),
            vec![json!("15.125"), json!("-100"), json!("0.001")],
        ),
        (
            Field::new("date", "date"),
            vec![json!("2024-02-29"), json!("1000-01-01"), json!("9999-12-31"), json!("1900-02-28")],
        ),
        (
            Field::new("at", "datetime"),
            vec![
                json!("2024-11-03T06:30:00Z"),
                json!("2024-11-03T05:30:15Z"),
                json!("2024-03-10T07:00:00.123456Z"),
            ],
        ),
        (Field::new("month", "month"), vec![json!("2024-09"), json!("1999-12")]),
        (Field::new("switch", "switch"), vec![json!(true), json!(false)]),
        (
            Field::new("select", "select").option("choices", choices.clone()),
            vec![json!("a"), json!("b"), json!("c"), json!("-d")],
        ),
        (
            Field::new("many", "multi_select").option("choices", choices),
            vec![json!(["a", "b", "c", "-d"]), json!(["b"]), json!(["a"])],
        ),
        (Field::new("phone", "phone"), vec![json!("+86 13800138000"), json!("021-55550000")]),
        (Field::new("email", "email"), vec![json!("ada+x@example.com")]),
        (Field::new("member", "member"), vec![json!(member)]),
        (link("link", "customer"), linked.iter().map(|id| json!(id)).collect()),
    ]
}

fn design(key: &str, kinds: &[(Field, Vec<Value>)]) -> Design {
    let columns = || kinds.iter().map(|(field, _)| field.clone());
    let fields = [number("key", 0)].into_iter().chain(columns()).chain([subform("rows", columns())]);
    form(key, fields)
}

/// Records with each value once, one without any, and two that are alike in all but their rows.
fn records(kinds: &[(Field, Vec<Value>)]) -> Vec<Value> {
    let most = kinds.iter().map(|(_, values)| values.len()).max().unwrap();
    let row = |n: usize| -> Value {
        let key = |field: &Field| field.value()["key"].as_str().unwrap().to_owned();
        let picked = kinds.iter().filter_map(|(field, values)| Some((key(field), values.get(n)?.clone())));
        picked.collect::<serde_json::Map<String, Value>>().into()
    };
    let mut records: Vec<Value> = (0..most).map(row).collect();
    records[0]["rows"] = (0..most).map(row).collect();
    records.push(json!({}));
    records.extend([
        json!({"line": "alike", "rows": [{"line": "x"}, {"line": "y"}]}),
        json!({"line": "alike", "rows": [{"line": "z"}]}),
    ]);
    for (key, record) in records.iter_mut().enumerate() {
        // The same for the last two: only their ids tell them apart.
        record["key"] = json!(key.min(most + 1));
    }
    records
}

/// The records of a form, whole, in the order in which they came; rows without their ids.
async fn whole(form: &Form) -> Vec<Value> {
    let page = form.query(&form.admin, json!({"limit": 500, "sort": [{"field": "$id"}]})).await.ok();
    let mut found = Vec::new();
    for record in items(&page) {
        let mut fields = form.read(&form.admin, record).await.ok()["fields"].clone();
        for row in fields["rows"].as_array_mut().unwrap() {
            row.as_object_mut().unwrap().remove("id");
        }
        found.push(fields);
    }
    found
}

async fn there_and_back(workspace: &Workspace, app: &App, from: &Form, into: Design, input: &Value) {
    let admin = &workspace.admin;
    let expected = whole(from).await;
    let (result, file) = export(admin, from, input.clone()).await;
    assert_eq!((&result["records"], &result["cut"]), (&json!(expected.len()), &json!(0)), "{input}");
    let name = format!("records.{}", input["format"].as_str().unwrap());
    let file = admin.upload(&name, "application/octet-stream", file.bytes).await;
    let twin = app.form(into).await;
    let preview = admin.post(&twin.path("/import/preview"), json!({"file": file})).await.ok();
    let columns = preview["columns"].as_array().unwrap().iter();
    let pair = |column: &Value| Some((column["header"].as_str()?.to_owned(), column["field"].clone()));
    let mapping: serde_json::Map<String, Value> = columns.filter_map(pair).collect();
    assert!(mapping.values().all(|field| field.is_string()), "every column finds its field: {preview}");
    let job = import(admin, &twin.id, json!({"file": file, "mapping": mapping})).await;
    assert_eq!(
        (&job["result"]["created"], &job["result"]["failed"]),
        (&json!(expected.len()), &json!(0)),
        "{input}: {job}"
    );
    for (found, expected) in whole(&twin).await.iter().zip(&expected) {
        assert_eq!(found, expected, "{input}");
    }
}

#[tokio::test]
async fn export_then_import_gives_equal_records() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Trip").await;
        let customer = app.form(form("customer", [text("name")]).with("title", "{name}")).await;
        let linked =
            customer.add_all(["上海一店", "Smith, Jones; Co"].map(|name| json!({"name": name}))).await;
        let me = id_of(&workspace.admin.get("/me").await.ok());
        let kinds = kinds(&me, &linked);
        let from = app.form(design("first", &kinds)).await;
        for record in records(&kinds) {
            from.add(record).await;
        }
        for (place, format) in ["csv", "xlsx", "json"].into_iter().enumerate() {
            for labels in [true, false] {
                let input = json!({"format": format, "labels": labels, "sort": [{"field": "$id"}]});
                let into = design(&format!("twin{place}{labels}"), &kinds);
                there_and_back(&workspace, &app, &from, into, &input).await;
            }
        }
    })
    .await;
}
