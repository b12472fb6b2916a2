//! Names that people send (fields, directions, functions, units) never become part of a statement.

use serde_json::{Value, json};
use tests::design::{date, form, number, text};
use tests::workspace::items;
use tests::{Answer, on_both_shared};

/// What would mean something if it got into SQL, alone and behind the name of a field.
fn payloads() -> Vec<String> {
    let pieces = [
        "'",
        "\"",
        "`",
        ";",
        "--",
        "/*",
        "*/",
        "\\",
        ")",
        "' OR 1=1 --",
        "\"; DROP TABLE t1; --",
        "\" DESC, (SELECT 1) --",
        "if(1=2,sleep(1),sleep(3)) and sum",
        "pg_sleep(3)",
        "randomblob(100000000)",
        "; SELECT 1",
        "'||'x",
        "\0",
        "t.c1",
        "c1",
        "workspace",
        "\u{2019}",
        "\u{ff07}",
        "\u{201c}",
        "$1",
        "?",
        "?1",
        ":a",
        "lower(name)",
        " COLLATE nocase",
        "*",
    ];
    pieces.iter().flat_map(|piece| [(*piece).to_string(), format!("name{piece}")]).collect()
}

fn refused(answer: &Answer, what: &str, payload: &str) {
    assert!((400..500).contains(&answer.status), "{what} {payload:?}: {} {}", answer.status, answer.body);
}

/// T25: whatever stands where a name is expected is refused as a name that is not there.
#[tokio::test]
async fn t25_what_is_no_name_is_refused_and_never_run() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("name"), number("amount", 2), date("day")])).await;
        order.add_all([1, 2, 3].map(|n| json!({"name": "a", "amount": n, "day": "2026-11-22"}))).await;
        let payloads = payloads();
        assert!(payloads.len() >= 60);
        let count = |more: Value| {
            let mut asked = json!({"measures": [{"key": "n", "fn": "count"}]});
            for (member, value) in more.as_object().unwrap() {
                asked[member] = value.clone();
            }
            asked
        };
        for payload in &payloads {
            for (what, query) in [
                ("a filter's field", json!({"filter": {"field": payload, "op": "eq", "value": "x"}})),
                ("an operator", json!({"filter": {"field": "name", "op": payload, "value": "x"}})),
                (
                    "a field compared with",
                    json!({"filter": {"field": "name", "op": "eq", "value": {"field": payload}}}),
                ),
                ("a sort", json!({"sort": [{"field": payload}]})),
                ("a direction", json!({"sort": [{"field": "name", "desc": payload}]})),
                ("a field that is shown", json!({"fields": [payload]})),
                ("a cursor", json!({"cursor": payload})),
            ] {
                refused(&order.query(admin, query).await, what, payload);
            }
            for (what, asked) in [
                ("a group", count(json!({"group": [{"field": payload}]}))),
                ("a unit", count(json!({"group": [{"field": "day", "unit": payload}]}))),
                ("a function", json!({"measures": [{"key": "n", "fn": payload, "field": "amount"}]})),
                ("a measure's field", json!({"measures": [{"key": "n", "fn": "sum", "field": payload}]})),
            ] {
                refused(&order.add_up(admin, asked).await, what, payload);
            }
            let escaped: String = payload.bytes().map(|byte| format!("%{byte:02x}")).collect();
            for member in ["sort", "fields"] {
                let path = order.path(&format!("/records?{member}={escaped}"));
                refused(&admin.get(&path).await, member, payload);
            }
        }
        let left = order.query(admin, json!({})).await.ok();
        assert_eq!(items(&left).len(), 3);
    })
    .await;
}
