//! What goes out comes in again: for every kind that a record holds, in every format, with names and without.

use serde_json::{Value, json};
use tests::design::{Design, Field, form, group, link, number, subform, text};
use tests::workspace::{App, id_of, items};
use tests::{Client, Form, Workspace, on_both_shared};

use crate::export::export;
use crate::import::import;

/// A field of each kind that a file can fill, with values that files are bad at. A new kind is one more line.
fn kinds(known: &Known) -> Vec<(Field, Vec<Value>)> {
    let choices = json!([
        {"key": "a", "label": {"en": "A, or so", "zh-CN": "甲、或者"}},
        {"key": "b", "label": "B; too"},
        // Called as another's key.
        {"key": "c", "label": "a"},
        {"key": "-d", "label": "=D"},
    ]);
    let long = format!("first line\r\n\"second\", 'third';\n\n{}", "长".repeat(3_000));
    let mut kinds = vec![
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
        (Field::new("member", "member"), known.people.iter().map(|id| json!(id)).collect()),
        (link("link", "customer"), known.linked.iter().map(|id| json!(id)).collect()),
    ];
    kinds.extend(further(known));
    kinds
}

/// Kinds that have a form of their own, and those that name several things.
fn further(known: &Known) -> Vec<(Field, Vec<Value>)> {
    let tree = json!([
        {"key": "food", "label": "食品", "children": [{"key": "fruit", "label": "水果"}, {"key": "tea", "label": "Tea"}]},
        {"key": "toys", "label": "Toys", "children": [{"key": "cars", "label": "Cars"}]},
    ]);
    let both = |of: &[String]| vec![json!(of), json!([of[0]])];
    // A title with a sign that parts titles names nothing for certain: links of several go by others.
    let plain = &known.linked[1..];
    let place = |province: &str, city: &str, district: &str, detail: &str| json!({"province": province, "city": city, "district": district, "detail": detail});
    vec![
        (Field::new("time", "time"), vec![json!("09:05"), json!("00:00"), json!("23:59")]),
        (Field::new("rating", "rating"), vec![json!(4), json!(1)]),
        (Field::new("url", "url"), vec![json!("https://example.com/a?b=1&c=%20,;"), json!("http://b.cn")]),
        (Field::new("card", "id_card"), vec![json!("11010519491231002X"), json!("440524188001010014")]),
        (
            Field::new("goods", "barcode").option("format", "ean13"),
            vec![json!("6901234567892"), json!("9787111000006")],
        ),
        (
            Field::new("rich", "rich_text"),
            vec![json!("<p>Apfel <strong>rot</strong></p>"), json!("<p>a &lt; b, \"c\"; d</p>")],
        ),
        (
            Field::new("spot", "location"),
            vec![
                json!({"lng": "120.160000", "lat": "30.250000", "address": "杭州"}),
                json!({"lng": "-0.500000", "lat": "10.000000"}),
            ],
        ),
        (
            Field::new("address", "address").option("regions", "base/cn"),
            vec![
                place("上海市", "上海市", "黄浦区", "人民大道1号"),
                place("广东省", "深圳市", "南山区", "科技园"),
            ],
        ),
        (
            Field::new("sort", "cascader").option("choices", tree),
            vec![json!("food/fruit"), json!("food/tea"), json!("toys/cars")],
        ),
        (Field::new("json", "json"), vec![json!({"a": [1, "x, y", null], "b": "\n"}), json!([true])]),
        (Field::new("people", "members"), both(&known.people)),
        (Field::new("unit", "department"), known.units.iter().map(|id| json!(id)).collect()),
        (Field::new("units", "departments"), both(&known.units)),
        (Field::new("links", "links").option("form", "customer"), both(plain)),
    ]
}

/// What values name.
struct Known {
    people: Vec<String>,
    units: Vec<String>,
    linked: Vec<String>,
}

impl Known {
    async fn new(workspace: &Workspace, customer: &Form) -> Known {
        let me = id_of(&workspace.admin.get("/me").await.ok());
        let people = vec![me, workspace.person("zoe").await.id.clone()];
        let mut units = Vec::new();
        for name in ["North", "South"] {
            // Names are not unique in a shared workspace.
            let name = format!("{name} {}", people[1]);
            units.push(id_of(&workspace.admin.post("/departments", json!({ "name": name })).await.created()));
        }
        let names = ["Smith, Jones; Co", "上海一店", "北京二店"];
        let linked = customer.add_all(names.map(|name| json!({"name": name}))).await;
        Known { people, units, linked }
    }
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
async fn c26_export_then_import_gives_equal_records() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Trip").await;
        let customer = app.form(form("customer", [text("name")]).with("title", "{name}")).await;
        let kinds = kinds(&Known::new(&workspace, &customer).await);
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

/// Of several that are called alike the one that it was is meant, whether the title is one field or several.
#[tokio::test]
async fn what_is_called_as_others_are_comes_in_again_as_the_one_that_it_was() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Trip").await;
        let mut units = Vec::new();
        let name = format!("Unit of {}", app.key);
        for name in [&name, &name, &format!("other {name}")] {
            units.push(id_of(&admin.post("/departments", json!({ "name": name })).await.created()));
        }
        for (place, title) in ["{name}", "{name} {code}"].into_iter().enumerate() {
            let customer = format!("customer{place}");
            let customers = form(&customer, [text("name"), text("code")]).with("title", title);
            let customers = app.form(customers).await;
            let named = ["Twin", "Twin", "Single"].map(|name| json!({"name": name, "code": "x"}));
            let known = customers.add_all(named).await;
            let design = |key: &str| {
                let columns = || {
                    [
                        link("one", &customer),
                        Field::new("many", "links").option("form", customer.as_str()),
                        Field::new("unit", "department"),
                        Field::new("units", "departments"),
                    ]
                };
                form(key, columns().into_iter().chain([subform("rows", columns())]))
            };
            let from = app.form(design(&format!("from{place}"))).await;
            for (n, id) in known.iter().enumerate() {
                let cells = json!({"one": id, "many": [id, known[(n + 2) % 3]], "unit": units[n], "units": [units[n]]});
                let mut record = cells.clone();
                record["many"] = json!([known[(n + 1) % 3], id]);
                record["rows"] = json!([cells]);
                from.add(record).await;
            }
            for (number, format) in ["csv", "xlsx"].into_iter().enumerate() {
                let input = json!({"format": format, "sort": [{"field": "$id"}]});
                let into = design(&format!("into{place}{number}"));
                there_and_back(&workspace, &app, &from, into, &input).await;
            }
            // Ids stand where they are needed alone.
            let input = json!({"format": "csv", "fields": ["one", "unit"], "sort": [{"field": "$id"}]});
            let (_, file) = export(admin, &from, input).await;
            let file = String::from_utf8(file.bytes).unwrap();
            let titled = |name: &str| title.replace("{name}", name).replace("{code}", "x");
            let lines: Vec<&str> = file.lines().skip(1).collect();
            assert_eq!(lines[0], format!("{} ({}),{name} ({})", titled("Twin"), known[0], units[0]));
            assert_eq!(lines[2], format!("{},other {name}", titled("Single")));
        }
    })
    .await;
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

/// The bytes of the files that a field holds.
async fn bytes_of(who: &Client, ids: &Value) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for id in ids.as_array().unwrap() {
        all.push(who.get(&format!("/files/{}", id.as_str().unwrap())).await.bytes);
    }
    all
}

#[tokio::test]
async fn files_come_in_again_as_files_of_their_own_with_the_same_bytes() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Files").await;
        let design = |key: &str| {
            let fields = [
                text("name"),
                Field::new("papers", "files"),
                subform("rows", [Field::new("photo", "images")]),
            ];
            form(key, fields)
        };
        let from = app.form(design("first")).await;
        // A name with what parts names.
        let plan = admin.upload("plan; b, (2).txt", "text/plain", b"plan".to_vec()).await;
        let note = admin.upload("note.txt", "text/plain", b"note".to_vec()).await;
        let photo = admin.upload("photo.png", "image/png", PNG.to_vec()).await;
        from.add(json!({"name": "one", "papers": [plan, note], "rows": [{"photo": [photo]}]})).await;
        from.add(json!({"name": "none"})).await;
        for (place, format) in ["csv", "xlsx", "json"].into_iter().enumerate() {
            for labels in [true, false] {
                let twin = app.form(design(&format!("twin{place}{labels}"))).await;
                let (_, file) = export(admin, &from, json!({"format": format, "labels": labels})).await;
                let file = admin.upload(&format!("x.{format}"), "application/octet-stream", file.bytes).await;
                let preview = admin.post(&twin.path("/import/preview"), json!({"file": file})).await.ok();
                let columns = preview["columns"].as_array().unwrap().iter();
                let pair =
                    |column: &Value| Some((column["header"].as_str()?.to_owned(), column["field"].clone()));
                let mapping: serde_json::Map<String, Value> = columns.filter_map(pair).collect();
                let job = import(admin, &twin.id, json!({"file": file, "mapping": mapping})).await;
                assert_eq!(
                    (&job["result"]["created"], &job["result"]["failed"]),
                    (&json!(2), &json!(0)),
                    "{job}"
                );
                let list = twin.query(admin, json!({})).await.ok();
                let one = items(&list).iter().find(|record| record["fields"]["name"] == "one").unwrap();
                let fields = twin.read(admin, one).await.ok()["fields"].clone();
                let (papers, photos) = (&fields["papers"], &fields["rows"][0]["photo"]);
                assert_eq!(bytes_of(admin, papers).await, [b"plan".to_vec(), b"note".to_vec()], "{format}");
                assert_eq!(bytes_of(admin, photos).await, [PNG.to_vec()], "{format}");
                assert!(papers != &json!([plan, note]), "each record holds its own");
            }
        }

        // Who may not read a file where it is brings it nowhere else; and a name alone is no file.
        let mei = workspace.person("mei").await;
        let twin = app.form(design("closed")).await;
        twin.allow(group("importers", &[&mei.id]).may(&["view", "create", "import"])).await;
        for (cell, code) in [(plan.as_str(), "not_an_id"), ("plan.txt", "no_such_title")] {
            let text = format!("name,papers\nx,{cell}\n");
            let file = mei.upload("x.csv", "text/csv", text.into_bytes()).await;
            let mapping = json!({"name": "name", "papers": "papers"});
            let job = import(&mei, &twin.id, json!({"file": file, "mapping": mapping})).await;
            assert_eq!(job["result"]["failed"], 1, "{job}");
            assert_eq!(job["result"]["faults"][0]["code"], code, "{job}");
        }
    })
    .await;
}
