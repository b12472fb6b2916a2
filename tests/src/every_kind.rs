//! A form with a field of every kind, for what looks at all of them: how they are filled, read, listed and designed.

use serde_json::{Value, json};

use crate::client::Client;

/// The key of the form.
pub const FORM: &str = "everything";
/// The form whose records it links to.
const KNOWN: &str = "known";

/// Makes the form in an app of its own, with a record of it. What people have named is called as nothing of the product is
/// in any language.
pub async fn make(admin: &Client) {
    admin.post("/apps", json!({"key": "all_kinds", "label": "My office"})).await.created();
    let known = json!({"key": KNOWN, "label": "My known places", "title": "{name}",
        "fields": [{"key": "name", "label": "my name", "kind": "text"}]});
    let known = id(&admin.post("/apps/all_kinds/forms", known).await.created());
    let place = json!({"fields": {"name": "Pier 7"}});
    let place = id(&admin.post(&format!("/forms/{known}/records"), place).await.created());
    let form = id(&admin.post("/apps/all_kinds/forms", document()).await.created());
    let record = json!({"fields": {"text": "A", "money": "1234.5", "select": "a", "multi_select": ["a", "b"],
        "date": "2026-03-02", "datetime": "2026-03-02T08:30:00Z", "month": "2026-03", "time": "09:05", "rating": "4",
        "cascader": "food/fruit", "url": "https://example.com", "phone": "110", "link": place, "links": [place],
        "rich_text": "<p>One <strong>two</strong></p>", "subform": [{"n": "2"}, {"n": "3"}]}});
    admin.post(&format!("/forms/{form}/records"), record).await.created();
}

/// The document of the form. Each field has its kind as its key.
pub fn document() -> Value {
    let plain = [
        "text",
        "long_text",
        "rich_text",
        "percent",
        "date",
        "datetime",
        "month",
        "time",
        "switch",
        "rating",
        "phone",
        "email",
        "url",
        "id_card",
        "barcode",
        "location",
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
    let choices =
        json!({"choices": [{"key": "a", "label": "Able", "color": "o3"}, {"key": "b", "label": "Baker"}]});
    let tree = json!({"choices": [{"key": "food", "label": "Eaten", "children": [{"key": "fruit", "label": "Plum"}]},
        {"key": "tools", "label": "Held"}]});
    let columns = json!({"fields": [{"key": "n", "label": "my part", "kind": "number"}]});
    let with_options = [
        ("number", json!({"unit": "kg"})),
        ("money", json!({"currency": "CNY"})),
        ("select", choices.clone()),
        ("multi_select", choices),
        ("cascader", tree),
        ("address", json!({"regions": "base/cn"})),
        ("link", json!({"form": KNOWN})),
        ("links", json!({"form": KNOWN})),
        ("lookup", json!({"link": "link", "field": "name"})),
        ("rollup", json!({"form": FORM, "link": "above", "fn": "count"})),
        ("formula", json!({"formula": "money * 2", "type": "number", "scale": 2})),
        ("serial", json!({"parts": [{"text": "S-"}, {"counter": {"width": 4}}]})),
        ("subform", columns),
        ("query", json!({"form": KNOWN, "columns": ["name"], "limit": 5})),
        ("note", json!({"text": "my own note"})),
        ("tabs", json!({"tabs": [{"label": "my first tab", "fields": ["json"]}]})),
    ];
    let field = |kind: &str| json!({"key": kind, "label": format!("my {kind}"), "kind": kind});
    let mut fields: Vec<Value> = plain.into_iter().map(field).collect();
    for (kind, options) in with_options {
        let mut field = field(kind);
        field["options"] = options;
        fields.push(field);
    }
    // What the rollup counts.
    fields.push(json!({"key": "above", "label": "my above", "kind": "link", "options": {"form": FORM}}));
    json!({"key": FORM, "label": "Everything in one", "title": "{text}", "fields": fields})
}

fn id(made: &Value) -> String {
    made["id"].as_str().unwrap_or_else(|| panic!("no id in {made}")).to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_kind_of_the_engine_is_there() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/src/field/mod.rs");
        let source = fs::read_to_string(file).unwrap();
        let list = source.split("\nkinds! {\n").nth(1).and_then(|rest| rest.split("\n}").next()).unwrap();
        let kinds: BTreeSet<&str> = list.lines().filter_map(|line| line.split('"').nth(1)).collect();
        assert!(kinds.len() > 40, "{kinds:?}");
        let document = document();
        let fields = document["fields"].as_array().unwrap();
        let made: BTreeSet<&str> = fields.iter().map(|field| field["kind"].as_str().unwrap()).collect();
        assert_eq!(made, kinds);
    }
}
