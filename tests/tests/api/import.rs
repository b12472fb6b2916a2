//! Records from csv files: a form proposed, a mapping guessed, rows brought in through the one save.

use std::time::Instant;

use serde_json::{Value, json};
use tests::superstore::Orders;
use tests::{Client, Server, on_both, sheet};

pub async fn upload(client: &Client, text: &str) -> String {
    client.upload("data.csv", "text/csv", text.as_bytes().to_vec()).await
}

pub async fn app(client: &Client) -> String {
    let app = client.post("/apps", json!({"label": "Sales"})).await.created();
    app["id"].as_str().unwrap().to_string()
}

pub async fn form(client: &Client, app: &str, definition: Value) -> String {
    let form = client.post(&format!("/apps/{app}/forms"), definition).await.created();
    form["id"].as_str().unwrap().to_string()
}

pub async fn import(client: &Client, form: &str, input: Value) -> Value {
    client.job(client.post(&format!("/forms/{form}/import"), input).await).await
}

pub async fn records(client: &Client, form: &str) -> Vec<Value> {
    let query = json!({"limit": 500, "sort": [{"field": "$id", "desc": false}]});
    let answer = client.post(&format!("/forms/{form}/records/query"), query).await.ok();
    answer["items"].as_array().unwrap().clone()
}

/// A form of things with a unique code.
async fn things(client: &Client) -> String {
    let app = app(client).await;
    let definition = json!({"key": "thing", "label": "Thing", "title": "{code}", "fields": [
        {"key": "code", "label": {"zh-CN": "编号", "en": "Code"}, "kind": "text", "required": true, "unique": true},
        {"key": "amount", "label": {"zh-CN": "金额", "zh-TW": "金額", "en": "Amount"}, "kind": "number",
         "options": {"min": "0"}},
        {"key": "colour", "label": "Colour", "kind": "select",
         "options": {"choices": [{"key": "r", "label": {"zh-CN": "红", "en": "Red"}}, {"key": "g", "label": "Green"}]}},
        {"key": "note", "label": "Note", "kind": "text", "default": "none"},
        {"key": "double", "label": "Double", "kind": "number", "compute": {"formula": "amount * 2"}}]});
    form(client, &app, definition).await
}

fn mapping() -> Value {
    json!({"编号": "code", "Amount": "amount", "colour": "colour", "Note": "note"})
}

#[tokio::test]
async fn a_form_made_from_a_file_takes_it_and_adds_up_exactly() {
    let orders = Orders::at_hand();
    let rows = orders.rows();
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = app(&admin).await;
        let file = admin.upload("orders.csv", "text/csv", orders.csv.clone().into_bytes()).await;
        let proposal = admin.post(&format!("/apps/{app}/forms/propose"), json!({"file": file})).await.ok();
        assert_eq!(proposal["rows"], rows);
        assert_eq!(proposal["sample"].as_array().unwrap().len(), 20);
        let kinds: Vec<String> = proposal["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| format!("{} {}", column["key"].as_str().unwrap(), column["kind"].as_str().unwrap()))
            .collect();
        assert_eq!(
            kinds,
            [
                "row_id number",
                "order_id text",
                "order_date date",
                "ship_date date",
                "ship_mode select",
                "customer_id text",
                "customer_name text",
                "segment select",
                "country text",
                "city text",
                "state text",
                "postal_code text",
                "region select",
                "product_id text",
                "category select",
                "sub_category select",
                "product_name text",
                "sales number",
                "quantity number",
                "discount number",
                "profit number",
            ]
        );
        let fields = proposal["definition"]["fields"].as_array().unwrap();
        assert_eq!(
            (&fields[17]["options"]["scale"], &fields[18]["options"]["scale"]),
            (&json!(4), &json!(0))
        );
        assert!(admin.get(&format!("/apps/{app}/forms")).await.ok()["items"].as_array().unwrap().is_empty());

        let form = form(&admin, &app, proposal["definition"].clone()).await;
        let preview = admin.post(&format!("/forms/{form}/import/preview"), json!({"file": file})).await.ok();
        for column in preview["columns"].as_array().unwrap() {
            assert_eq!(column["field"], proposal["mapping"][column["header"].as_str().unwrap()]);
            assert_eq!(column["samples"].as_array().unwrap().len(), 5);
        }
        let started = Instant::now();
        let job = import(&admin, &form, json!({"file": file, "mapping": proposal["mapping"]})).await;
        eprintln!("{rows} rows in {:?}, {} KiB at most", started.elapsed(), server.most_memory());
        assert_eq!(
            (&job["state"], &job["done"], &job["total"]),
            (&json!("done"), &json!(rows), &json!(rows)),
            "{job}"
        );
        let result = &job["result"];
        assert_eq!(
            (&result["created"], &result["failed"], &result["error_file"]),
            (&json!(rows), &json!(0), &Value::Null)
        );

        orders.check_figures(&admin, &form).await;

        let record = &records(&admin, &form).await[0];
        let history = admin
            .get(&format!("/forms/{form}/records/{}/history", record["id"].as_str().unwrap()))
            .await
            .ok();
        assert_eq!(history["items"][0]["path"], "import");
    })
    .await;
}

#[tokio::test]
async fn rows_are_checked_like_any_other_write_and_come_back_with_their_reasons() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let form = things(&admin).await;
        let file = upload(&admin, "编号,Amount,colour,Note\nA,\"1,234.50\",红,\nB,-1,Green,x\n,2,r,x\nA,3,r,x\nC,４,blue,x\nD,0.125,,x\n").await;
        let input = json!({"file": file, "mapping": mapping()});
        let job = import(&admin.speaking("zh-TW"), &form, input).await;
        let result = &job["result"];
        assert_eq!((&result["created"], &result["failed"], &job["errors"]), (&json!(1), &json!(5), &json!(5)), "{job}");
        let told: Vec<(u64, &str, &str)> = result["faults"].as_array().unwrap().iter()
            .map(|fault| (fault["line"].as_u64().unwrap(), fault["path"].as_str().unwrap(), fault["code"].as_str().unwrap()))
            .collect();
        let mut sorted = told.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [(3, "amount", "too_small"), (4, "code", "required"), (5, "code", "not_unique"),
            (6, "colour", "unknown_choice"), (7, "amount", "too_precise")]);
        let blue = result["faults"].as_array().unwrap().iter().find(|fault| fault["line"] == 6).unwrap();
        assert_eq!((&blue["column"], &blue["value"]), (&json!("colour"), &json!("blue")));
        assert_eq!(blue["message"], "「blue」不在選項中。", "in the reader's language");
        let blank = result["faults"].as_array().unwrap().iter().find(|fault| fault["line"] == 4).unwrap();
        assert_eq!((&blank["column"], blank.get("value")), (&json!("编号"), None));

        let fields = &records(&admin, &form).await[0]["fields"];
        assert_eq!(*fields, json!({"code": "A", "amount": "1234.50", "colour": "r", "note": "none", "double": "2469.00"}));

        let errors = admin.get(&format!("/files/{}", result["error_file"].as_str().unwrap())).await;
        let rows = sheet::cells(&errors.bytes, 1);
        assert_eq!(rows[0], ["编号", "Amount", "colour", "Note", "行號", "原因"]);
        assert_eq!(rows.len(), 6);
        let b = rows.iter().find(|row| row[0] == "B").unwrap();
        assert!(b[..5] == ["B", "-1", "Green", "x", "3"] && b[5].starts_with("金額："), "{b:?}");
        let list = sheet::cells(&errors.bytes, 2);
        assert_eq!(list[0], ["行號", "欄位", "值", "原因"]);
        assert_eq!(list[4], ["6", "colour", "blue", "「blue」不在選項中。"]);
        let names = sheet::part(&errors.bytes, "xl/workbook.xml");
        assert!(names.contains("待更正的資料") && names.contains("錯誤清單"), "{names}");

        // The mended file goes in by the same mapping; what was added is left out.
        let mended = upload(&admin, "编号,Amount,colour,Note,行號,原因\nB,1,Green,x,3,?\n").await;
        let job = import(&admin, &form, json!({"file": mended, "mapping": mapping()})).await;
        assert_eq!(job["result"]["created"], 1, "{job}");
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_tells_everything_and_leaves_nothing() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let form = things(&admin).await;
        // The second A comes far behind the first, in another slice.
        let rows: Vec<String> = (0..300).map(|number| format!("N{number},1")).collect();
        let file = upload(&admin, &format!("编号,Amount\nA,1\n{}\nA,2\n", rows.join("\n"))).await;
        let input = |dry_run: bool| json!({"file": file, "mapping": {"编号": "code", "Amount": "amount"}, "dry_run": dry_run});
        let tried = import(&admin, &form, input(true)).await;
        assert_eq!((&tried["result"]["created"], &tried["result"]["failed"]), (&json!(301), &json!(1)), "{tried}");
        assert_eq!(tried["result"]["faults"][0]["code"], "not_unique");
        assert_eq!(tried["result"]["batch"], Value::Null);
        assert!(records(&admin, &form).await.is_empty());
        let done = import(&admin, &form, input(false)).await;
        assert_eq!((&done["result"]["created"], &done["result"]["failed"]), (&json!(301), &json!(1)), "{done}");
    })
    .await;
}

#[tokio::test]
async fn rows_find_their_records_by_key() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let form = things(&admin).await;
        let run = async |text: &str, mode: &str| {
            let file = upload(&admin, text).await;
            let input = json!({"file": file, "mapping": mapping(), "mode": mode, "key": ["code"]});
            let result = import(&admin, &form, input).await["result"].clone();
            ["created", "updated", "unchanged", "failed"].map(|key| result[key].as_u64().unwrap())
        };
        let head = "编号,Amount,colour,Note\n";
        assert_eq!(run(&format!("{head}A,1,r,x\nB,2,g,y\n"), "upsert").await, [2, 0, 0, 0]);
        assert_eq!(run(&format!("{head}A,1,r,x\nB,3,,y\nC,4,,\n"), "upsert").await, [1, 1, 1, 0]);
        assert_eq!(run(&format!("{head}A,9,r,x\nD,4,,\n,1,,\n"), "update").await, [0, 1, 0, 2]);
        let fields: Vec<Value> =
            records(&admin, &form).await.into_iter().map(|record| record["fields"].clone()).collect();
        assert_eq!((&fields[0]["amount"], &fields[1]["amount"]), (&json!("9.00"), &json!("3.00")));
        assert_eq!(
            fields[1]["colour"],
            Value::Null,
            "a blank cell empties the field of a record that is there"
        );
        assert_eq!(fields[2]["note"], "none", "and says nothing for a new one");
    })
    .await;
}

#[tokio::test]
async fn people_and_linked_records_are_found_by_their_names() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = app(&admin).await;
        let customer = json!({"key": "customer", "label": "Customer", "title": "{name}", "fields": [
            {"key": "name", "label": "Name", "kind": "text"}]});
        let customers = form(&admin, &app, customer).await;
        let file = upload(&admin, "Name\n上海一店\nTwin\nTwin\n").await;
        import(&admin, &customers, json!({"file": file, "mapping": {"Name": "name"}})).await;
        let known = records(&admin, &customers).await;
        let deal = json!({"key": "deal", "label": "Deal", "fields": [
            {"key": "customer", "label": "Customer", "kind": "link", "options": {"form": "customer"}},
            {"key": "who", "label": "Who", "kind": "member"},
            {"key": "at", "label": "At", "kind": "datetime"},
            {"key": "tags", "label": "Tags", "kind": "multi_select",
             "options": {"choices": [{"key": "a", "label": "Alpha"}, {"key": "b", "label": "Beta"}]}}]});
        let deals = form(&admin, &app, deal).await;
        let id = known[0]["id"].as_str().unwrap();
        let file = upload(&admin, &format!(
            "Customer,Who,At,Tags\n上海一店,Ada,2024/9/9 8:30,alpha; Beta\n{id},admin@example.com,,b\nTwin,,,\nNobody,Zed,,\n")).await;
        let mapping = json!({"Customer": "customer", "Who": "who", "At": "at", "Tags": "tags"});
        let job = import(&admin, &deals, json!({"file": file, "mapping": mapping})).await;
        assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(2), &json!(2)), "{job}");
        let codes: Vec<&str> = job["result"]["faults"].as_array().unwrap().iter().map(|fault| fault["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["ambiguous_title", "no_such_title", "no_such_title"]);
        let me = admin.get("/me").await.ok();
        let made = records(&admin, &deals).await;
        for record in &made {
            assert_eq!((&record["fields"]["customer"], &record["fields"]["who"]), (&known[0]["id"], &me["id"]));
        }
        assert_eq!(made[0]["fields"]["tags"], json!(["a", "b"]));
        assert!(made[0]["fields"]["at"].as_str().unwrap().starts_with("2024-09-09T0"), "{}", made[0]["fields"]["at"]);
    })
    .await;
}

#[tokio::test]
async fn a_limit_on_sums_holds_row_by_row() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = app(&admin).await;
        let moves = json!({"key": "move", "label": "Move", "fields": [
            {"key": "product", "label": "Product", "kind": "text"}, {"key": "qty", "label": "Qty", "kind": "number"}]});
        let moves = form(&admin, &app, moves).await;
        let stock = json!({"key": "stock", "label": "Stock", "dimensions": [{"key": "product", "label": "Product"}],
            "sources": [{"form": "move", "group": {"product": "product"}, "measures": {"on_hand": {"fn": "sum", "field": "qty"}}}],
            "constraints": [{"key": "not_negative", "check": {"field": "on_hand", "op": "gte", "value": "0"}, "message": "Not enough"}]});
        admin.post(&format!("/apps/{app}/aggregates"), stock).await.created();
        let file = upload(&admin, "Product,Qty\nA,-1\nA,5\nA,-4\nA,-2\nB,1\n").await;
        let job = import(&admin, &moves, json!({"file": file, "mapping": {"Product": "product", "Qty": "qty"}})).await;
        assert_eq!((&job["result"]["created"], &job["result"]["failed"]), (&json!(3), &json!(2)), "{job}");
        let lines: Vec<u64> = job["result"]["faults"].as_array().unwrap().iter().map(|fault| fault["line"].as_u64().unwrap()).collect();
        assert_eq!(lines, [2, 5]);
        let fault = &job["result"]["faults"][0];
        assert_eq!((&fault["code"], &fault["path"], &fault["column"]), (&json!("constraint"), &json!("qty"), &json!("Qty")));
    })
    .await;
}

#[tokio::test]
async fn broken_files_and_mappings_are_refused_before_anything_is_stored() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let form = things(&admin).await;
        let start = async |text: &str, mapping: Value| {
            let file = upload(&admin, text).await;
            admin.post(&format!("/forms/{form}/import"), json!({"file": file, "mapping": mapping})).await
        };
        let preview = async |text: &str| {
            let file = upload(&admin, text).await;
            admin.post(&format!("/forms/{form}/import/preview"), json!({"file": file})).await
        };
        for (text, line, code) in [
            ("", "line 1", "csv_no_header"),
            ("a,b\n1,2\n3\n", "line 3", "csv_cells"),
            ("a,b\n1,\"2\n3,4\n", "line 2", "csv_unclosed_quote"),
            ("a,b\n1,\0\n", "line 2", "csv_not_text"),
        ] {
            let refusal = preview(text).await.refused(422, "broken_csv");
            assert_eq!(
                (&refusal["errors"][0]["path"], &refusal["errors"][0]["code"]),
                (&json!(line), &json!(code))
            );
            assert!(!refusal["detail"].as_str().unwrap().is_empty());
            // The first line is the header, and is called so.
            let said = refusal["errors"][0]["message"].as_str().unwrap();
            let number = line.trim_start_matches("line ");
            assert!(
                code == "csv_no_header" || said.contains(number),
                "{code} does not say line {number}: {said}"
            );
        }
        // A fault far below the header is found before the first row is stored.
        let long: String = (0..2000).map(|number| format!("N{number},1\n")).collect();
        let job =
            admin.job(start(&format!("编号,Amount\n{long}X,1,2\n"), json!({"编号": "code"})).await).await;
        assert_eq!((&job["state"], &job["problem"]["code"]), (&json!("failed"), &json!("broken_csv")));
        assert_eq!(job["problem"]["errors"][0]["path"], "line 2002");
        assert!(records(&admin, &form).await.is_empty());

        for (mapping, path, code) in [
            (json!({}), "mapping", "required"),
            (json!({"nothing": "code"}), "mapping.nothing", "unknown_column"),
            (json!({"编号": "nothing"}), "mapping.编号", "unknown_field"),
            (json!({"编号": "double"}), "mapping.编号", "not_importable"),
            (json!({"编号": "code", "Amount": "code"}), "mapping.编号", "twice"),
        ] {
            let answer = start("编号,Amount\nA,1\n", mapping).await;
            assert_eq!(answer.status, 422);
            assert_eq!(
                (&answer.body["errors"][0]["path"], &answer.body["errors"][0]["code"]),
                (&json!(path), &json!(code))
            );
        }
        let unknown = json!({"file": "0000000000001", "mapping": {}});
        admin.post(&format!("/forms/{form}/import"), unknown).await.refused(422, "validation");
        admin.post(&format!("/forms/{form}/import"), json!({"mapping": {}})).await.refused(422, "validation");
    })
    .await;
}

#[tokio::test]
async fn an_import_needs_its_right_and_keeps_to_those_on_fields() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let form = things(&admin).await;
        for (role, operations) in
            [("importer", vec!["view", "create", "import"]), ("clerk", vec!["view", "create"])]
        {
            admin.post("/roles", json!({"key": role, "name": role})).await.created();
            let group = json!({"key": role, "label": role, "who": {"roles": [role]}, "operations": operations,
                "fields": {"*": "edit", "note": "none", "amount": "read"}});
            admin.post(&format!("/forms/{form}/permissions"), group).await.created();
        }
        let importer = server.member(&admin, "importer@example.com", &["importer"]).await;
        let clerk = server.member(&admin, "clerk@example.com", &["clerk"]).await;
        let guest = server.member(&admin, "guest@example.com", &[]).await;
        let path = format!("/forms/{form}/import");
        for (who, status, code) in [(&clerk, 403, "forbidden"), (&guest, 404, "not_found")] {
            let file = upload(who, "Code\nA\n").await;
            who.post(&path, json!({"file": file, "mapping": {"Code": "code"}})).await.refused(status, code);
            who.post(&format!("{path}/preview"), json!({"file": file})).await.refused(status, code);
        }
        let file = upload(&importer, "Code,Note,Amount\nA,x,1\n").await;
        let preview = importer.post(&format!("{path}/preview"), json!({"file": file})).await.ok();
        let fields: Vec<&Value> =
            preview["columns"].as_array().unwrap().iter().map(|column| &column["field"]).collect();
        assert_eq!(fields, [&json!("code"), &Value::Null, &Value::Null]);
        for (key, code) in [("note", "unknown_field"), ("amount", "not_importable")] {
            let input = json!({"file": file, "mapping": {"Note": key}});
            let refusal = importer.post(&path, input).await;
            assert_eq!((refusal.status, refusal.body["errors"][0]["code"].as_str()), (422, Some(code)));
        }
        // A file of somebody else is not there.
        let foreign = upload(&admin, "Code\nA\n").await;
        importer
            .post(&path, json!({"file": foreign, "mapping": {"Code": "code"}}))
            .await
            .refused(422, "validation");
        let job = import(&importer, &form, json!({"file": file, "mapping": {"Code": "code"}})).await;
        assert_eq!(job["result"]["created"], 1, "{job}");
        importer
            .post(&format!("/apps/{}/forms/propose", "nowhere"), json!({"file": file}))
            .await
            .refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_a_closed_field_is_told_without_its_name() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = app(&admin).await;
        let patient = json!({"key": "patient", "label": "Patient", "fields": [
            {"key": "code", "label": "Code", "kind": "text"},
            {"key": "passport", "label": "Travel document", "kind": "text", "unique": true, "default": {"formula": "code"}}]});
        let patient = form(&admin, &app, patient).await;
        admin.post("/roles", json!({"key": "importer", "name": "importer"})).await.created();
        let group = json!({"key": "importer", "label": "importer", "who": {"roles": ["importer"]},
            "operations": ["view", "create", "import"], "fields": {"*": "edit", "passport": "none"}});
        admin.post(&format!("/forms/{patient}/permissions"), group).await.created();
        let importer = server.member(&admin, "importer@example.com", &["importer"]).await;
        // The second A comes in another slice.
        let rows: String = (0..50).map(|number| format!("N{number}\n")).collect();
        let file = upload(&importer, &format!("Code\nA\n{rows}A\n")).await;
        for dry_run in [true, false] {
            let input = json!({"file": file, "mapping": {"Code": "code"}, "dry_run": dry_run});
            let job = import(&importer, &patient, input).await;
            let result = &job["result"];
            assert_eq!((&result["created"], &result["failed"]), (&json!(51), &json!(1)), "{job}");
            let fault = &result["faults"][0];
            assert_eq!((&fault["line"], &fault["path"], &fault["code"]), (&json!(53), &json!(""), &json!("not_unique")));
            let errors = importer.get(&format!("/files/{}", result["error_file"].as_str().unwrap())).await;
            let told = format!("{result} {:?}", [1, 2].map(|number| sheet::cells(&errors.bytes, number)));
            assert!(!told.contains("passport") && !told.contains("Travel document"), "{told}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stopped_import_says_what_it_did_and_lets_others_save() {
    on_both(async |server: &mut Server| {
        let admin = server.set_up().await;
        let form = things(&admin).await;
        let rows: String = (0..20_000).map(|number| format!("N{number},1\n")).collect();
        let file = upload(&admin, &format!("Code,Amount\n{rows}")).await;
        let input = json!({"file": file, "mapping": {"Code": "code", "Amount": "amount"}});
        let started = admin.post(&format!("/forms/{form}/import"), input).await;
        let job = format!("/jobs/{}", started.body["job"].as_str().unwrap());
        while admin.get(&job).await.ok()["done"] == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        // Somebody saves in between.
        admin.post(&format!("/forms/{form}/records"), json!({"fields": {"code": "mine"}})).await.created();
        admin.post(&format!("{job}/cancel"), json!({})).await.ok();
        let job = admin.job(started).await;
        assert_eq!(job["state"], "cancelled", "{job}");
        let created = job["result"]["created"].as_u64().unwrap();
        assert!(created > 0 && created < 20_000, "{created}");
        let count = json!({"measures": [{"key": "n", "fn": "count"}]});
        let count = admin.post(&format!("/forms/{form}/aggregate"), count).await.ok();
        assert_eq!(count["rows"][0]["values"]["n"], (created + 1).to_string());
    })
    .await;
}
