//! Records as files: their types, who may have what, and text that would run in a spreadsheet.

use serde_json::{Value, json};
use tests::design::{Field, date, form, group, link, number, select, subform, test, text};
use tests::server::ADMIN_PASSWORD;
use tests::workspace::{faults, id_of, values_of};
use tests::{Answer, Client, Form, Inside, Workspace, on_both, on_both_shared, sheet};

/// Exports records, and gives the job as it ended with the file.
pub async fn export(who: &Client, form: &Form, input: Value) -> (Value, Answer) {
    let job = who.job(who.post(&form.path("/export"), input).await).await;
    assert_eq!(job["state"], "done", "{job}");
    let file = who.get(&format!("/files/{}", job["result"]["file"].as_str().unwrap())).await;
    (job["result"].clone(), file)
}

fn lines(file: &Answer) -> Vec<String> {
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect()
}

async fn orders(workspace: &Workspace) -> Form {
    let fields = [
        text("name").with("label", json!({"en": "Name", "zh-TW": "名稱"})),
        number("amount", 2),
        date("day"),
        Field::new("at", "datetime"),
        Field::new("share", "percent").option("scale", 1),
        Field::new("paid", "switch"),
        select("tier", &["gold"])
            .option("choices", json!([{"key": "gold", "label": {"en": "Gold", "zh-TW": "金級"}}])),
        text("hidden"),
        subform("lines", [text("item"), number("qty", 0)]),
    ];
    workspace.form(form("order", fields).with("label", "Orders")).await
}

#[tokio::test]
async fn cells_have_the_types_of_their_fields() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        let admin = &workspace.admin;
        order.add(json!({"name": "A", "amount": "1234.5", "day": "2024-09-09", "share": "15.5", "paid": true, "tier": "gold",
            "lines": [{"item": "x", "qty": 1}, {"item": "y"}]})).await;
        order.add(json!({"name": "B", "amount": "1234567890123456.78"})).await;
        let fields = json!(["name", "amount", "day", "share", "paid", "tier", "lines"]);
        let sort = json!([{"field": "name"}]);
        let input = |format: &str| json!({"format": format, "fields": fields, "sort": sort});

        let (result, file) = export(admin, &order, input("xlsx")).await;
        assert_eq!((&result["records"], &result["cut"]), (&json!(2), &json!(0)));
        assert!(result["name"].as_str().unwrap().starts_with("Orders 20") && result["name"].as_str().unwrap().ends_with(".xlsx"));
        let rows = sheet::cells(&file.bytes, 1);
        assert_eq!(rows[0], ["Record ID", "Name", "amount", "day", "share", "paid", "tier", "lines.item", "lines.qty"]);
        assert_eq!(rows[1][1..], ["A", "1234.5", "45544", "0.155", "1", "Gold", "x", "1"]);
        assert_eq!(rows[2][1..], ["A", "1234.5", "45544", "0.155", "1", "Gold", "y"]);
        assert_eq!((rows[1][0].as_str(), rows.len()), (rows[2][0].as_str(), 4));
        // A number with more digits than a spreadsheet keeps is text there.
        assert_eq!(rows[3][2], "1234567890123456.78");
        let part = sheet::part(&file.bytes, "xl/worksheets/sheet1.xml");
        assert!(part.contains("t=\"inlineStr\"><is><t xml:space=\"preserve\">1234567890123456.78") && !part.contains("<f>"), "{part}");

        let (_, file) = export(&admin.speaking("zh-TW"), &order, input("csv")).await;
        assert!(file.bytes.starts_with(b"\xef\xbb\xbf"));
        let found = lines(&file);
        assert!(found[0].ends_with("名稱,amount,day,share,paid,tier,lines.item,lines.qty"), "{found:?}");
        assert!(found[1].ends_with(",A,1234.50,2024-09-09,15.5%,是,金級,x,1"), "{found:?}");

        let (_, file) = export(admin, &order, json!({"format": "csv", "fields": ["tier", "name", "$created_by"], "sort": sort, "labels": false})).await;
        let me = admin.get("/me").await.ok();
        assert_eq!(lines(&file)[..2], ["tier,name,$created_by".to_owned(), format!("gold,A,{}", me["id"].as_str().unwrap())]);

        let (_, file) = export(admin, &order, input("json")).await;
        let list: Value = serde_json::from_slice(&file.bytes).unwrap();
        assert_eq!((&list[0]["amount"], &list[0]["tier"], &list[0]["lines"][0]["qty"]), (&json!("1234.50"), &json!("gold"), &json!("1")));
        assert_eq!(list[1]["lines"], json!([]));
        let none = json!({"format": "json", "filter": test("name", "eq", "nobody")});
        assert_eq!(export(admin, &order, none).await.1.body, json!([]));
    })
    .await;
}

#[tokio::test]
async fn t34_text_that_would_run_is_defused_and_comes_back_as_it_was() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let bad = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", "＝1+1", "'=quoted", "plain"];
        let label = "=HYPERLINK(\"http://127.0.0.1\")";
        let design =
            || form("note", [text("said").with("label", label), number("n", 0)]).with("label", "=evil");
        let note = workspace.form(design()).await;
        note.add_all(bad.iter().map(|said| json!({"said": said, "n": -2}))).await;
        let sort = json!([{"field": "$id"}]);
        let first = note.query(admin, json!({"sort": sort, "limit": 500})).await.ok();
        let (_, file) = export(admin, &note, json!({"format": "csv", "sort": sort})).await;
        let text = String::from_utf8(file.bytes.clone()).unwrap();
        for line in text.trim_start_matches('\u{feff}').lines() {
            let cell = line.trim_start_matches('"');
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '＝']), "{line}");
        }
        assert!(text.contains("plain,-2\r\n"), "a number is what it is: {text}");
        let (_, book) = export(admin, &note, json!({"format": "xlsx", "sort": sort})).await;
        let cells = sheet::cells(&book.bytes, 1);
        assert_eq!((cells[0][0].as_str(), cells[1][0].as_str()), (label, "=1+1"));
        let part = sheet::part(&book.bytes, "xl/worksheets/sheet1.xml");
        assert!(!part.contains("<f>") && part.matches("t=\"inlineStr\"").count() == 2 + bad.len(), "{part}");

        for (name, bytes) in [("note.csv", file.bytes), ("note.xlsx", book.bytes)] {
            let twin = workspace.form(design()).await;
            let file = admin.upload(name, "application/octet-stream", bytes).await;
            let input = json!({"file": file, "mapping": {(label): "said", "n": "n"}});
            let job = crate::import::import(admin, &twin.id, input).await;
            assert_eq!(job["result"]["created"], bad.len(), "{job}");
            let page = twin.query(admin, json!({"sort": sort, "limit": 500})).await.ok();
            assert_eq!(values_of(&page, "said"), values_of(&first, "said"));
        }
    })
    .await;
}

#[tokio::test]
async fn an_export_has_what_its_exporter_may_see_and_export() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let order = orders(&workspace).await;
        let admin = &workspace.admin;
        for (name, tier) in [("mine", Some("gold")), ("theirs", None)] {
            order.add(json!({"name": name, "tier": tier, "hidden": "CANARY", "amount": 1, "lines": [{"item": "CANARY", "qty": 2}]})).await;
        }
        let mei = workspace.person("mei").await;
        let li = workspace.person("li").await;
        // Mei sees all records, and may export those of one tier; of these she does not see everything.
        let rows = test("tier", "eq", "gold");
        let readers = group("readers", &[&mei.id, &li.id]).may(&["view"]).field("hidden", "none").field("lines.item", "none");
        order.allow(readers).await;
        order.allow(group("exporters", &[&mei.id]).may(&["export"]).field("*", "none").rows(rows)).await;
        li.post(&order.path("/export"), json!({"format": "csv"})).await.refused(403, "forbidden");
        workspace.person("guest").await.post(&order.path("/export"), json!({"format": "csv"})).await.refused(404, "not_found");
        for format in ["csv", "xlsx", "json"] {
            let (result, file) = export(&mei, &order, json!({"format": format})).await;
            assert_eq!(result["records"], 1);
            let told = match format {
                "xlsx" => format!("{:?}", sheet::cells(&file.bytes, 1)),
                _ => String::from_utf8(file.bytes).unwrap(),
            };
            assert!(told.contains("mine") && !told.contains("theirs") && !told.contains("CANARY") && !told.contains("hidden"), "{told}");
            // It is nobody else's.
            admin.get(&format!("/files/{}", result["file"].as_str().unwrap())).await.refused(404, "not_found");
        }
        for (input, fault) in [
            (json!({"format": "csv", "fields": ["hidden"]}), "fields.0: unknown_field"),
            (json!({"format": "csv", "fields": ["nothing"]}), "fields.0: unknown_field"),
            (json!({"format": "csv", "fields": ["lines.item"]}), "fields.0: unknown_field"),
            (json!({"format": "csv", "fields": ["name", "name"]}), "fields.1: twice"),
            (json!({"format": "csv", "filter": test("hidden", "eq", "CANARY")}), "filter: unknown_field"),
            (json!({"format": "csv", "sort": [{"field": "hidden"}]}), "sort.0: unknown_field"),
        ] {
            let refused = mei.post(&order.path("/export"), input).await;
            assert_eq!((refused.status, faults(&refused.body)), (422, vec![fault.to_owned()]));
        }
        mei.post(&order.path("/export"), json!({"format": "pdf"})).await.refused(422, "validation");
        let audited = Inside::of(server).await.audit_of("form.export").await;
        assert_eq!(audited.len(), 3);
        assert_eq!((&audited[0]["format"], &audited[0]["records"]), (&json!("csv"), &json!(1)));
    })
    .await;
}

/// A link to a record that its exporter may not see says so, as the list does, and is the same link when the file comes in again.
#[tokio::test]
async fn a_link_to_what_one_may_not_see_says_so_and_comes_in_again() {
    on_both_shared(async |workspace| {
        let mei = workspace.person("mei").await;
        let app = workspace.app("Trip").await;
        let customers =
            app.form(form("customer", [text("name"), text("tier")]).with("title", "{name}")).await;
        let open = customers.add(json!({"name": "Acme", "tier": "open"})).await;
        let closed = customers.add(json!({"name": "CANARY", "tier": "closed"})).await;
        customers.allow(group("open", &[&mei.id]).may(&["view"]).rows(test("tier", "eq", "open"))).await;
        let visits = app.form(form("visit", [text("topic"), link("customer", "customer")])).await;
        visits.allow(group("all", &[&mei.id]).may(&["view", "edit", "import", "export"])).await;
        visits.add(json!({"topic": "a", "customer": open["id"]})).await;
        let second = visits.add(json!({"topic": "b", "customer": closed["id"]})).await;
        workspace.admin.patch(&format!("/members/{}", mei.id), 1, json!({"language": "en"})).await.ok();
        let asked = json!({"format": "csv", "fields": ["topic", "customer"], "sort": [{"field": "topic"}]});
        let (_, file) = export(&mei, &visits, asked).await;
        let unseen = format!("b,No access ({})", id_of(&closed));
        assert_eq!(lines(&file)[1..], ["a,Acme".to_owned(), unseen]);
        // It is the same link to an import.
        let table =
            format!("Record ID,topic,customer\n{},again,No access ({})\n", id_of(&second), id_of(&closed));
        let file = mei.upload("visits.csv", "text/csv", table.into_bytes()).await;
        let mapping = json!({"Record ID": "$id", "topic": "topic", "customer": "customer"});
        let input = json!({"file": file, "mapping": mapping, "mode": "update", "key": ["$id"]});
        let job = mei.job(mei.post(&visits.path("/import"), input).await).await;
        assert_eq!((&job["result"]["updated"], &job["result"]["failed"]), (&json!(1), &json!(0)), "{job}");
        let now = visits.read(&workspace.admin, &second).await.ok();
        assert_eq!((&now["fields"]["topic"], &now["fields"]["customer"]), (&json!("again"), &closed["id"]));
    })
    .await;
}

/// A group that lets records be exported shows them in the file, and of them no field that is open on other rows alone: neither
/// as a value nor by what a filter or an order makes of it.
#[tokio::test]
async fn an_export_shows_of_a_record_what_is_open_on_that_record() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        order.add(json!({"name": "seen", "tier": "gold", "hidden": "open"})).await;
        order.add(json!({"name": "CANARY", "hidden": "CANARY", "amount": 1})).await;
        let mei = workspace.person("mei").await;
        order.allow(group("readers", &[&mei.id]).may(&["view"]).rows(test("tier", "eq", "gold"))).await;
        let rest = json!({"field": "tier", "op": "is_empty"});
        order.allow(group("exporters", &[&mei.id]).may(&["export"]).field("*", "none").rows(rest)).await;
        for format in ["csv", "xlsx", "json"] {
            let (result, file) = export(&mei, &order, json!({"format": format})).await;
            assert_eq!(result["records"], 1);
            let told = match format {
                "xlsx" => format!("{:?}", sheet::cells(&file.bytes, 1)),
                _ => String::from_utf8(file.bytes).unwrap(),
            };
            assert!(!told.contains("CANARY") && !told.contains("seen"), "{told}");
        }
        // What is not open reads as empty, for filters too.
        let asked = json!({"format": "json", "filter": test("hidden", "eq", "CANARY")});
        assert_eq!(export(&mei, &order, asked).await.0["records"], 0);
    })
    .await;
}

/// An export is a copy of what its maker could see; it is no way to keep reading it here once the right to it has gone.
#[tokio::test]
async fn t08_an_export_goes_with_the_right_to_it() {
    on_both_shared(async |workspace| {
        let order = orders(&workspace).await;
        let admin = &workspace.admin;
        order.add(json!({"name": "A", "hidden": "CANARY"})).await;
        let mei = workspace.person("mei").await;
        let email = mei.email.clone();
        let rights = |hidden: &str, operations: Value| {
            json!({"format": 1, "key": "exporters", "label": "E", "who": {"members": [mei.id]},
                "operations": operations, "fields": {"*": "read", "hidden": hidden}})
        };
        let made = admin.post(&order.path("/permissions"), rights("read", json!(["view", "export"]))).await;
        let exporters = order.path(&format!("/permissions/{}", id_of(&made.created())));
        // All fields, and one by name.
        let all = export(&mei, &order, json!({"format": "csv"})).await.0;
        let some = export(&mei, &order, json!({"format": "csv", "fields": ["name"]})).await.0;
        let address = |result: &Value| format!("/files/{}", result["file"].as_str().unwrap());
        let has = async |result: &Value| mei.get(&address(result)).await.status == 200;
        assert!(has(&all).await && has(&some).await);

        // No record takes it, where others could go on reading it.
        let own = workspace.form(form("own", [Field::new("proof", "files")])).await;
        own.allow(group("writers", &[&mei.id]).may(&["view", "create"])).await;
        let kept = own.create(&mei, json!({"proof": [all["file"]]})).await;
        assert_eq!(faults(&kept.refused(422, "validation")), ["fields.proof: not_an_id"]);

        admin.put(&exporters, "*", rights("none", json!(["view", "export"]))).await.ok();
        assert!(!has(&all).await, "a field of it is closed by now");
        assert!(has(&some).await);
        admin.put(&exporters, "*", rights("none", json!(["view"]))).await.ok();
        assert!(!has(&some).await, "nothing may be exported any more");
        admin.put(&exporters, "*", rights("read", json!(["view", "export"]))).await.ok();
        assert!(has(&all).await && has(&some).await);

        // So with the trail.
        let member = format!("/members/{}", mei.id);
        admin.patch(&member, 1, json!({"administrator": true})).await.ok();
        let job = mei.job(mei.post("/audit/export", json!({"format": "csv"})).await).await;
        let trail = address(&job["result"]);
        assert_eq!(mei.get(&trail).await.status, 200);
        admin.patch(&member, 2, json!({"administrator": false})).await.ok();
        let mut mei = admin.stranger();
        mei.sign_in(&email, ADMIN_PASSWORD).await.ok();
        mei.get(&trail).await.refused(404, "not_found");
    })
    .await;
}

#[tokio::test]
async fn t72_a_member_has_two_exports_under_way_and_each_is_stopped_on_demand() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let order = orders(&workspace).await;
        let admin = &workspace.admin;
        for part in 0..4 {
            order.add_all((0..1_000).map(|n| json!({"name": format!("{part}-{n}"), "amount": n}))).await;
        }
        let start = async || admin.post(&order.path("/export"), json!({"format": "xlsx"})).await;
        let (first, second, third) = tokio::join!(start(), start(), start());
        let mut answers = [first, second, third];
        answers.sort_by_key(|answer| answer.status);
        let [first, second, third] = answers;
        third.refused(429, "too_many_exports");
        let path = format!("/jobs/{}", first.body["job"].as_str().unwrap());
        // It may have ended just before.
        admin.post(&format!("{path}/cancel"), json!({})).await;
        let first = admin.job(first).await;
        assert!(first["state"] == "cancelled" || first["state"] == "done", "{first}");
        let second = admin.job(second).await;
        assert_eq!(
            (&second["state"], &second["result"]["records"]),
            (&json!("done"), &json!(4_000)),
            "{second}"
        );
        assert_eq!((&second["done"], &second["total"]), (&json!(4_000), &json!(4_000)));
        let left = std::fs::read_dir(server.data().join("files/incoming")).unwrap().count();
        assert_eq!(left, 0, "what was written and not kept is still there");
        admin.job(start().await).await;
    })
    .await;
}

/// Records of a large export, with so many bytes of text each: 60 MiB in all. And the KiB that writing them may cost more than a
/// tenth of them, whose pages, caches and buffers are the same.
const MANY: usize = 30_000;
const TEXT: usize = 2 << 10;
const MOST_MEMORY: u64 = 40 << 10;

/// A form with so many records of some length.
async fn filled(workspace: &Workspace, count: usize) -> Form {
    let fields = [number("n", 0), Field::new("note", "long_text")];
    let form = workspace.form(form("much", fields)).await;
    let note = "what was delivered, and to whom ".repeat(TEXT / 32);
    for first in (0..count).step_by(1_000) {
        form.add_all((first..first + 1_000).map(|n| json!({"n": n, "note": note}))).await;
    }
    form
}

/// The server starts anew before it is looked at: what filling the forms has cost is not the export's.
#[tokio::test]
async fn t72_an_export_costs_as_little_memory_with_many_records_as_with_some() {
    on_both(async |server| {
        let workspace = Workspace { admin: server.set_up().await };
        let (some, many) = (filled(&workspace, MANY / 10).await, filled(&workspace, MANY).await);
        server.stop().await;
        server.restart().await;
        let admin = workspace.admin.moved_to(server.url());
        let written = async |form: &Form, format: &str, count: usize| {
            let input = json!({"format": format, "sort": [{"field": "$id"}]});
            let job = ended(&admin, admin.post(&form.path("/export"), input).await).await;
            assert_eq!((&job["state"], &job["result"]["records"]), (&json!("done"), &json!(count)), "{job}");
        };
        for format in ["csv", "xlsx", "json"] {
            written(&some, format, MANY / 10).await;
            let before = server.most_memory();
            written(&many, format, MANY).await;
            let grown = server.most_memory().saturating_sub(before);
            eprintln!("{format}: {grown} KiB more than {before}");
            assert!(grown < MOST_MEMORY, "{format}: {grown} KiB more than {before}");
        }
    })
    .await;
}

/// The job when it has ended, however long that takes.
async fn ended(admin: &Client, started: Answer) -> Value {
    let path = format!("/jobs/{}", started.with_status(202)["job"].as_str().unwrap());
    loop {
        let job = admin.get(&path).await.ok();
        if !["queued", "running"].contains(&job["state"].as_str().unwrap()) {
            return job;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}
