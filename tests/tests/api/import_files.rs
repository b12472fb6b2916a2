//! Records from workbooks and lists: what their cells mean, several sheets, rows of sub-forms; and files that are broken,
//! or made to break something.

use serde_json::{Value, json};
use tests::design::{Field, date, form, number, select, subform, text};
use tests::sheet::{self, workbook};
use tests::workspace::items;
use tests::{Client, Form, Workspace, on_both, on_both_shared};

use crate::import::import;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn send(client: &Client, name: &str, bytes: Vec<u8>) -> String {
    client.upload(name, XLSX, bytes).await
}

fn texts(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| if cell.is_empty() { "<c/>".to_owned() } else { sheet::text(cell) }).collect()
}

/// The records of a form in the order in which they came, with all rows of their sub-forms.
async fn whole(form: &Form) -> Vec<Value> {
    let page = form.query(&form.admin, json!({"limit": 500, "sort": [{"field": "$id"}]})).await.ok();
    let mut records = Vec::new();
    for record in items(&page) {
        records.push(form.read(&form.admin, record).await.ok()["fields"].clone());
    }
    records
}

/// A form of orders with everyday fields and rows.
async fn orders(workspace: &Workspace) -> Form {
    let fields = [
        text("no").required(),
        date("day"),
        Field::new("at", "datetime"),
        number("amount", 2),
        Field::new("share", "percent").option("scale", 1),
        Field::new("paid", "switch"),
        Field::new("month", "month"),
        select("tier", &["gold", "blue"]),
        subform("lines", [text("item"), number("qty", 0)]),
    ];
    workspace.form(form("order", fields)).await
}

#[tokio::test]
async fn cells_of_a_workbook_mean_what_they_show() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        let admin = &workspace.admin;
        let header = texts(&["no", "day", "at", "amount", "share", "paid", "month", "tier"]);
        let n = sheet::number;
        let rows = vec![
            header,
            // Days and moments as numbers with a format, and as plain numbers.
            vec![
                sheet::text("A"),
                n("45544", 1),
                n("45544.354166666664", 2),
                n("1234.5", 0),
                n("0.155", 3),
                "<c t=\"b\"><v>1</v></c>".into(),
                n("45536", 1),
                sheet::text("gold"),
            ],
            vec![
                sheet::text("B"),
                n("45544", 0),
                n("45544.5", 0),
                n("0.30000000000000004", 0),
                sheet::text("7.5%"),
                "<c t=\"b\"><v>0</v></c>".into(),
                sheet::text("2024/9"),
                "<c/>".into(),
            ],
            // As text.
            texts(&[
                "C",
                "2024年9月9日",
                "2024-09-09 08:30",
                "１，２３４．５０",
                "15",
                "是",
                "2024-09",
                "blue",
            ]),
            // A formula that came to nothing, and a number that is none.
            vec![sheet::text("D"), "<c t=\"e\"><v>#N/A</v></c>".into(), "<c/>".into(), sheet::text("many")],
        ];
        let book = workbook(&[("Notes", vec![texts(&["nothing here"])]), ("Orders", rows)]);
        let file = send(admin, "orders.xlsx", book).await;
        let path = order.path("/import");
        let preview =
            admin.post(&format!("{path}/preview"), json!({"file": file, "sheet": "Orders"})).await.ok();
        assert_eq!(
            (&preview["sheets"], &preview["sheet"], &preview["rows"]),
            (&json!(["Notes", "Orders"]), &json!("Orders"), &json!(4))
        );
        let first = admin.post(&format!("{path}/preview"), json!({"file": file})).await.ok();
        assert_eq!(first["sheet"], "Notes", "the first with something in it");
        let columns = preview["columns"].as_array().unwrap();
        let mapping: serde_json::Map<String, Value> = columns
            .iter()
            .map(|column| (column["header"].as_str().unwrap().to_owned(), column["field"].clone()))
            .collect();
        assert_eq!(mapping.len(), 8, "{preview}");
        let input = json!({"file": file, "sheet": "Orders", "mapping": mapping});
        let job = import(admin, &order.id, input).await;
        assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(3), &json!(1)), "{job}");
        let faults: Vec<(u64, &str, &str)> = job["result"]["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| {
                (
                    fault["line"].as_u64().unwrap(),
                    fault["column"].as_str().unwrap(),
                    fault["code"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(faults, [(5, "day", "error_cell")]);

        let records = whole(&order).await;
        assert_eq!(
            (&records[0]["day"], &records[1]["day"], &records[2]["day"]),
            (&json!("2024-09-09"), &json!("2024-09-09"), &json!("2024-09-09"))
        );
        assert_eq!(records[0]["at"], records[2]["at"]);
        assert_eq!(
            records.iter().map(|record| record["amount"].as_str().unwrap()).collect::<Vec<_>>(),
            ["1234.50", "0.30", "1234.50"]
        );
        assert_eq!(
            records.iter().map(|record| record["share"].as_str().unwrap()).collect::<Vec<_>>(),
            ["15.5", "7.5", "15.0"]
        );
        assert_eq!(
            records.iter().map(|record| record["paid"].as_bool().unwrap()).collect::<Vec<_>>(),
            [true, false, true]
        );
        assert!(records.iter().all(|record| record["month"] == "2024-09"), "{records:?}");
        admin
            .post(&path, json!({"file": file, "sheet": "Nowhere", "mapping": {"no": "no"}}))
            .await
            .refused(422, "validation");
    })
    .await;
}

#[tokio::test]
async fn a_workbook_becomes_a_form_with_the_kinds_of_its_cells() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Shop").await;
        let admin = &workspace.admin;
        let n = sheet::number;
        let row = |day: u32, name: &str| {
            vec![sheet::text(name), n(&(45544 + day).to_string(), 1), n("12.5", 0), n("0.2", 3)]
        };
        let rows = [texts(&["Name", "Day", "Price", "Share"])]
            .into_iter()
            .chain((0..30).map(|day| row(day, &format!("item {day}"))));
        let file = send(admin, "shop.xlsx", workbook(&[("List", rows.collect())])).await;
        let proposal = admin.post(&app.path("/forms/propose"), json!({"file": file})).await.ok();
        let kinds: Vec<&str> = proposal["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| column["kind"].as_str().unwrap())
            .collect();
        assert_eq!(
            (kinds, &proposal["sheets"]),
            (vec!["text", "date", "number", "percent"], &json!(["List"]))
        );
        let form = admin.post(&app.path("/forms"), proposal["definition"].clone()).await.created();
        let input = json!({"file": file, "mapping": proposal["mapping"]});
        let job = import(admin, form["id"].as_str().unwrap(), input).await;
        assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(30), &json!(0)), "{job}");
    })
    .await;
}

#[tokio::test]
async fn rows_that_repeat_their_record_are_rows_of_its_sub_form() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let expected = json!([
            {"no": "1", "lines": [["a", "2"], ["b", "3"]]},
            {"no": "2", "lines": [["c", null]]},
            {"no": "3", "lines": []},
        ]);
        let seen = async |order: &Form| -> Value {
            let line = |line: &Value| json!([line["item"], line["qty"]]);
            let lines = |record: &Value| -> Vec<Value> {
                record["lines"].as_array().unwrap().iter().map(line).collect()
            };
            whole(order)
                .await
                .iter()
                .map(|record| json!({"no": record["no"], "lines": lines(record)}))
                .collect()
        };
        let mapping = json!({"no": "no", "Item": "lines.item", "Qty": "lines.qty"});
        // Blank, repeated, and parted by a sign that few use.
        for text in ["no,Item,Qty\n1,a,2\n,b,3\n2,c,\n3,,\n", "no|Item|Qty\n1|a|2\n1|b|3\n2|c|\n3||\n"] {
            let order = orders(&workspace).await;
            let file = admin.upload("orders.csv", "text/csv", text.into()).await;
            let job = import(admin, &order.id, json!({"file": file, "mapping": mapping})).await;
            assert_eq!((&job["result"]["created"], &job["done"]), (&json!(3), &json!(4)), "{job}");
            assert_eq!(seen(&order).await, expected, "{text}");
        }
        // Names merged over the columns of the rows, and the record merged over its rows.
        let order = orders(&workspace).await;
        let cell = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let rows = [
            format!("<row r=\"1\">{}{}</row>", cell("A1", "no"), cell("B1", "lines")),
            format!("<row r=\"2\">{}{}</row>", cell("B2", "item"), cell("C2", "qty")),
            format!("<row r=\"3\">{}{}<c r=\"C3\"><v>2</v></c></row>", cell("A3", "1"), cell("B3", "a")),
            format!("<row r=\"4\">{}<c r=\"C4\"><v>3</v></c></row>", cell("B4", "b")),
            format!("<row r=\"5\">{}{}</row>", cell("A5", "2"), cell("B5", "c")),
            format!("<row r=\"6\">{}</row>", cell("A6", "3")),
        ];
        let merged = ["A1:A2", "B1:C1", "A3:A4"].map(|area| format!("<mergeCell ref=\"{area}\"/>"));
        let part = format!(
            "<worksheet><sheetData>{}</sheetData><mergeCells>{}</mergeCells></worksheet>",
            rows.concat(),
            merged.concat()
        );
        let file = send(admin, "orders.xlsx", sheet::with_sheet(&part)).await;
        let preview = admin.post(&order.path("/import/preview"), json!({"file": file})).await.ok();
        let found: Vec<&Value> =
            preview["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
        assert_eq!(found, [&json!("no"), &json!("lines.item"), &json!("lines.qty")]);
        let mapping = json!({"no": "no", "lines.item": "lines.item", "lines.qty": "lines.qty"});
        import(admin, &order.id, json!({"file": file, "mapping": mapping})).await;
        assert_eq!(seen(&order).await, expected);

        // What is wrong with a row is told with its line and its column.
        let order = orders(&workspace).await;
        let file = admin.upload("bad.csv", "text/csv", "no,Qty\n1,1\n,many\n2,3\n".into()).await;
        let input = json!({"file": file, "mapping": {"no": "no", "Qty": "lines.qty"}});
        let job = import(admin, &order.id, input).await;
        let fault = &job["result"]["faults"][0];
        assert_eq!(
            (&fault["line"], &fault["column"], &fault["value"], &fault["path"]),
            (&json!(3), &json!("Qty"), &json!("many"), &json!("lines.1.qty")),
            "{job}"
        );
        assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(1), &json!(1)));
        let errors = admin.get(&format!("/files/{}", job["result"]["error_file"].as_str().unwrap())).await;
        let rows = sheet::cells(&errors.bytes, 1);
        assert_eq!(
            (rows[1][..3].to_vec(), rows[2][1..3].to_vec()),
            (vec!["1".into(), "1".into(), "2".to_owned()], vec!["many".into(), "3".to_owned()])
        );
    })
    .await;
}

#[tokio::test]
async fn rows_find_their_records_by_their_ids_and_by_several_fields() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let first = order.add(json!({"no": "1", "tier": "gold", "amount": 1})).await;
        order.add(json!({"no": "1", "tier": "blue", "amount": 2})).await;
        let run = async |text: String, mapping: Value, mode: &str, key: Value| {
            let file = admin.upload("a.csv", "text/csv", text.into_bytes()).await;
            let input = json!({"file": file, "mapping": mapping, "mode": mode, "key": key});
            let job = import(admin, &order.id, input).await;
            ["created", "updated", "failed"].map(|name| job["result"][name].as_u64().unwrap())
        };
        let by_id = json!({"id": "$id", "amount": "amount"});
        let text = format!("id,amount\n{},10\n0sbqd00000001,11\nnothing,12\n", first["id"].as_str().unwrap());
        assert_eq!(run(text, by_id, "update", json!(["$id"])).await, [0, 1, 2]);
        let by_both = json!({"no": "no", "tier": "tier", "amount": "amount"});
        let text = "no,tier,amount\n1,blue,20\n2,blue,30\n".to_owned();
        assert_eq!(run(text, by_both, "upsert", json!(["no", "tier"])).await, [1, 1, 0]);
        let amounts: Vec<Value> = whole(&order).await.into_iter().map(|record| record["amount"].clone()).collect();
        assert_eq!(amounts, [json!("10.00"), json!("20.00"), json!("30.00")]);
        let file = admin.upload("a.csv", "text/csv", "no,q\n1,1\n".into()).await;
        let input = json!({"file": file, "mapping": {"no": "no", "q": "lines.qty"}, "mode": "update", "key": ["lines.qty"]});
        let refusal = admin.post(&order.path("/import"), input).await.refused(422, "validation");
        assert_eq!(refusal["errors"][0]["path"], "key.0");
        let file = admin.upload("a.csv", "text/csv", "no,amount\n1,1\n".into()).await;
        let input = json!({"file": file, "mapping": {"amount": "amount"}, "mode": "update", "key": ["no"]});
        let refusal = admin.post(&order.path("/import"), input).await.refused(422, "validation");
        assert_eq!(tests::workspace::faults(&refusal), ["key.0: key_not_mapped"]);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_objects_comes_in_with_its_sub_forms() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = orders(&workspace).await;
        let list = json!([
            {"no": "1", "amount": 12.5, "paid": true, "lines": [{"id": "0000000000abc", "item": "a", "qty": 2}, {"item": "b"}]},
            {"no": "2", "amount": "3", "lines": []},
            {"no": "3", "amount": {"error": "#DIV/0!"}},
        ]);
        let send = async |text: &str| admin.upload("orders.json", "application/json", text.into()).await;
        let file = send(&list.to_string()).await;
        let preview = admin.post(&order.path("/import/preview"), json!({"file": file})).await.ok();
        let mapping: serde_json::Map<String, Value> = preview["columns"].as_array().unwrap().iter()
            .map(|column| (column["header"].as_str().unwrap().to_owned(), column["field"].clone())).collect();
        assert_eq!(Value::from(mapping.clone()), json!({"no": "no", "amount": "amount", "paid": "paid", "lines": "lines"}));
        let job = import(admin, &order.id, json!({"file": file, "mapping": mapping})).await;
        assert_eq!((&job["result"]["created"], &job["result"]["faults"][0]["code"]), (&json!(2), &json!("error_cell")), "{job}");
        let records = whole(&order).await;
        assert_eq!((&records[0]["amount"], &records[0]["paid"]), (&json!("12.50"), &json!(true)));
        let lines: Vec<(&Value, &Value)> = records[0]["lines"].as_array().unwrap().iter().map(|line| (&line["item"], &line["qty"])).collect();
        assert_eq!(lines, [(&json!("a"), &json!("2")), (&json!("b"), &Value::Null)]);
        for (text, number) in [("{}", "1"), ("[{\"no\": \"1\"}, 2]", "2"), ("[{\"no\": \"1\"}", "2")] {
            let file = send(text).await;
            let refusal = admin.post(&order.path("/import/preview"), json!({"file": file})).await.refused(422, "broken_list");
            assert!(refusal["errors"][0]["message"].as_str().unwrap().contains(number), "{refusal}");
        }
    })
    .await;
}

/// Workbooks that no honest program writes, with the fault that each is refused for.
fn bombs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let sheet = |content: &str| sheet::with_sheet(&format!("<worksheet>{content}</worksheet>"));
    let cells = "<c><v>1</v></c>".repeat(400_000);
    let shared = |text: String| {
        let mut parts = sheet::book(&[(
            "s",
            "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData></worksheet>",
        )]);
        let rels = parts.iter_mut().find(|(name, _)| name.ends_with("workbook.xml.rels")).unwrap();
        let link =
            "<Relationship Id=\"ss\" Type=\"x/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>";
        rels.1 = String::from_utf8(rels.1.clone()).unwrap().replace("</Relationships>", link).into_bytes();
        parts.push(("xl/sharedStrings.xml".to_owned(), text.into_bytes()));
        sheet::zipped(&parts)
    };
    let whole = sheet("<sheetData/>");
    let laughs: String = (1..10).map(|n| format!("<!ENTITY l{n} \"&l{0};&l{0};&l{0};\">", n - 1)).collect();
    vec![
        (
            "a sheet that claims every cell",
            sheet("<dimension ref=\"A1:XFD1048576\"/><sheetData/>"),
            "xlsx_too_large",
        ),
        (
            "four thousand million texts",
            shared("<sst count=\"4294967295\" uniqueCount=\"4294967295\"/>".into()),
            "xlsx_too_large",
        ),
        (
            "one cell of many megabytes",
            shared(format!("<sst><si><t>{}</t></si></sst>", "x".repeat(8 << 20))),
            "xlsx_cell_too_long",
        ),
        ("cells without end", sheet(&format!("<sheetData><row>{cells}</row></sheetData>")), "xlsx_too_large"),
        (
            "a cell that is too long",
            sheet(&format!(
                "<sheetData><row><c t=\"str\"><v>{}</v></c></row></sheetData>",
                "ab".repeat(20_000)
            )),
            "xlsx_cell_too_long",
        ),
        (
            "a thousand laughs",
            sheet::with_sheet(&format!(
                "<!DOCTYPE x [<!ENTITY l0 \"ha\">{laughs}]><worksheet>&l9;</worksheet>"
            )),
            "xlsx_entities",
        ),
        (
            "somebody else's file",
            sheet::with_sheet(
                "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><worksheet>&f;</worksheet>",
            ),
            "xlsx_entities",
        ),
        ("half a file", whole[..whole.len() / 2].to_vec(), "xlsx_not_a_workbook"),
        ("no workbook at all", b"name;qty\n1;2\n".to_vec(), "xlsx_not_a_workbook"),
        (
            "a zip of something else",
            sheet::zipped(&[("a.txt".to_owned(), b"a".to_vec())]),
            "xlsx_not_a_workbook",
        ),
        ("an older or encrypted one", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on".to_vec(), "xlsx_locked"),
        ("a part that stops", sheet::with_sheet("<worksheet><sheetData><row><c>"), "xlsx_damaged"),
        ("an empty sheet", sheet("<sheetData/>"), "xlsx_no_header"),
        (
            "a row beyond the last",
            sheet("<sheetData><row r=\"1048577\"><c><v>1</v></c></row></sheetData>"),
            "xlsx_too_large",
        ),
        (
            "merged beyond reason",
            sheet(&format!(
                "<sheetData><row><c><v>1</v></c></row></sheetData><mergeCells>{}</mergeCells>",
                "<mergeCell ref=\"A1:ZZ99999\"/>".repeat(9)
            )),
            "xlsx_too_large",
        ),
    ]
}

/// How long a bomb may keep whoever sent it waiting; what is not optimised takes longer.
const BOMB_SECONDS: u64 = if cfg!(debug_assertions) { 30 } else { 5 };
/// What all bombs together may cost the server itself, in KiB: workbooks are read in processes of their own.
const BOMB_MEMORY: u64 = 64 << 10;

#[tokio::test]
async fn t38_workbooks_made_to_break_something_are_refused_and_the_server_lives() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let order = orders(&workspace).await;
        let app = workspace.app("Other").await;
        let admin = &workspace.admin;
        // What the first workbook of all needs is no bomb's doing.
        let file = send(admin, "first.xlsx", b"name;qty".to_vec()).await;
        admin.post(&order.path("/import/preview"), json!({"file": file})).await.refused(422, "broken_xlsx");
        let (before, memory) = (server.process_id(), server.most_memory());
        for (what, bytes, code) in bombs() {
            let file = send(admin, "bomb.xlsx", bytes).await;
            let started = std::time::Instant::now();
            let refusal = admin.post(&order.path("/import/preview"), json!({"file": file})).await;
            let refusal = refusal.refused(422, "broken_xlsx");
            assert_eq!(refusal["errors"][0]["code"], code, "{what}: {refusal}");
            assert!(!refusal["errors"][0]["message"].as_str().unwrap().is_empty());
            assert!(started.elapsed().as_secs() < BOMB_SECONDS, "{what} took {:?}", started.elapsed());
            // The kernel counts in steps: a later look may say a little less.
            let grown = server.most_memory().saturating_sub(memory);
            assert!(grown < BOMB_MEMORY, "{what}: the server has had {grown} KiB more");
            admin.post(&app.path("/forms/propose"), json!({"file": file})).await.refused(422, "broken_xlsx");
            let input = json!({"file": file, "mapping": {"no": "no"}});
            admin.post(&order.path("/import"), input).await.refused(422, "broken_xlsx");
        }
        assert_eq!(server.process_id(), before);
        admin.get("/me").await.ok();
        assert!(whole(&order).await.is_empty());
        let left = std::fs::read_dir(server.data().join("sheets")).map_or(0, Iterator::count);
        assert_eq!(left, 0, "what was refused is still there");
    })
    .await;
}
