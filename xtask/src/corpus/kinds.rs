//! A form with a field of every kind that the orders of the corpus do not have, and rows with columns of the larger ones.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Known, id};
use crate::api::Api;

/// The key of the form.
const FORM: &str = "everything";
/// Records that are made in one go.
const MADE: u32 = 12;
/// The smallest that is taken for a picture: its mark, and how large it says it is.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

/// The form's document; each field has its kind as its key.
fn document() -> Value {
    let tree = json!({"choices": [{"key": "food", "label": "食品", "children": [{"key": "fruit", "label": "水果"}]},
        {"key": "tools", "label": "工具"}]});
    let plain = [
        "rich_text",
        "rating",
        "url",
        "id_card",
        "barcode",
        "time",
        "location",
        "address",
        "json",
        "member",
        "members",
        "department",
        "departments",
        "files",
        "images",
        "signature",
        "divider",
    ];
    let with_options = [
        ("cascader", tree),
        ("link", json!({"form": "customer"})),
        ("links", json!({"form": "customer"})),
        ("lookup", json!({"link": "link", "field": "name"})),
        ("rollup", json!({"form": FORM, "link": "above", "fn": "count"})),
        ("formula", json!({"formula": "rating * 2", "type": "number", "scale": 2})),
        ("query", json!({"form": "customer", "columns": ["name"], "limit": 5})),
        ("note", json!({"text": "A note"})),
        ("tabs", json!({"tabs": [{"label": "First", "fields": ["json"]}]})),
    ];
    let field =
        |kind: &str, options: Value| json!({"key": kind, "label": kind, "kind": kind, "options": options});
    let mut fields: Vec<Value> = plain.into_iter().map(|kind| field(kind, json!({}))).collect();
    fields.extend(with_options.iter().map(|(kind, options)| field(kind, options.clone())));
    let is_column = |field: &&Value| COLUMNS.iter().any(|kind| field["kind"] == *kind);
    let columns: Vec<Value> = fields.iter().filter(is_column).cloned().collect();
    fields.push(json!({"key": "parts", "label": "Parts", "kind": "subform", "options": {"fields": columns}}));
    // What the rollup counts.
    fields.push(json!({"key": "above", "label": "Above", "kind": "link", "options": {"form": FORM}}));
    json!({"key": FORM, "label": "Everything", "title": "{url}", "fields": fields})
}

/// Kinds that are columns, too.
const COLUMNS: [&str; 9] =
    ["rich_text", "time", "location", "address", "json", "cascader", "link", "links", "members"];

/// Makes the form, with records that were made, changed, deleted and put aside.
pub fn make(api: &Api, known: &Known) -> Result<()> {
    let form = id(&api.post(&format!("/apps/{}/forms", known.app), &document())?)?;
    let records = format!("/forms/{form}/records");
    let bulk = format!("{records}/bulk");
    let first = id(&api.post(&records, &json!({"fields": values(known, 0)}))?)?;
    let rows: Vec<Value> = (1..=MADE)
        .map(|number| {
            let mut fields = values(known, number);
            set(&mut fields, "above", json!(first));
            json!({"fields": fields})
        })
        .collect();
    let made = api.post(&bulk, &json!({ "create": rows }))?;
    let made: Vec<String> =
        made.get("results").and_then(Value::as_array).into_iter().flatten().map(id).collect::<Result<_>>()?;
    // Each file belongs to one record.
    for one in made.iter().take(3) {
        let text = api.upload("words.txt", "text/plain", b"two\nlines")?;
        let picture = || api.upload("dot.png", "image/png", PICTURE);
        let fields =
            json!({"files": [id(&text)?], "images": [id(&picture()?)?], "signature": id(&picture()?)?});
        api.post(&bulk, &json!({"update": [{"id": one, "fields": fields}]}))?;
    }
    let change = |one: &String| {
        let fields = json!({"rich_text": "<p>changed</p>", "members": [], "location": null, "json": {"b": []},
            "address": {"province": "上海市"}, "links": null, "time": "23:59"});
        json!({"id": one, "fields": fields})
    };
    let changes: Vec<Value> = made.iter().skip(3).take(4).map(change).collect();
    api.post(&bulk, &json!({ "update": changes }))?;
    let gone: Vec<&String> = made.iter().rev().take(2).collect();
    api.post(&bulk, &json!({ "delete": gone }))?;
    api.post(&records, &json!({"fields": {"url": "https://example.com/draft"}, "draft": true}))?;
    Ok(())
}

fn set(fields: &mut Value, key: &str, value: Value) {
    if let Some(fields) = fields.as_object_mut() {
        fields.insert(key.to_string(), value);
    }
}

/// What is entered in a record; every third one is nearly empty.
fn values(known: &Known, number: u32) -> Value {
    let url = format!("https://example.com/{number}");
    if number % 3 == 2 {
        return json!({"url": url});
    }
    let larger = json!({
        "rich_text": "<p>One <strong>two</strong></p>", "time": "09:05", "cascader": "food/fruit",
        "location": {"lng": "120.160000", "lat": "30.250000", "address": "杭州"},
        "address": {"province": "广东省", "city": "深圳市", "district": "南山区", "detail": format!("科技园{number}号")},
        "json": {"a": [1, "2.50", true, null]}, "link": known.customer, "links": [known.customer],
        "members": [known.member],
    });
    let mut values = larger.clone();
    for (key, value) in [
        ("url", json!(url)),
        ("rating", json!(number % 5 + 1)),
        ("id_card", json!("11010519491231002X")),
        ("barcode", json!("6901234567892")),
        ("member", json!(known.member)),
        ("department", json!(known.department)),
        ("departments", json!([known.department])),
        ("parts", json!([larger, {"time": "23:59:30"}])),
    ] {
        set(&mut values, key, value);
    }
    values
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;
    use crate::cache;

    #[test]
    fn a_corpus_has_a_field_of_every_kind_and_enters_what_people_enter() {
        let source = fs::read_to_string(cache::checkout().join("engine/src/field/mod.rs")).unwrap();
        let list = source.split("\nkinds! {\n").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap();
        let kinds: BTreeSet<&str> = list.lines().filter_map(|line| line.split('"').nth(1)).collect();
        assert!(kinds.len() > 40, "{kinds:?}");
        let documents = [document(), super::super::order()];
        let fields = documents.iter().flat_map(|document| document["fields"].as_array().unwrap());
        let made: BTreeSet<&str> = fields.map(|field| field["kind"].as_str().unwrap()).collect();
        assert_eq!(made, kinds);

        let known =
            Known { app: "a".into(), customer: "c".into(), member: "m".into(), department: "d".into() };
        // Files are sent for themselves; the others are given, worked out, or only laid out.
        let others = [
            "files",
            "images",
            "signature",
            "above",
            "lookup",
            "rollup",
            "formula",
            "query",
            "divider",
            "note",
            "tabs",
        ];
        let entered = values(&known, 1);
        let keys =
            documents[0]["fields"].as_array().unwrap().iter().map(|field| field["key"].as_str().unwrap());
        let missing: Vec<&str> =
            keys.filter(|key| entered[*key].is_null() && !others.contains(key)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
