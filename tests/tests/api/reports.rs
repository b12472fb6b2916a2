//! Reports: the figures of the article behind the ROI template, with everybody's own eyes.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Client, Server, on_both};

async fn install(admin: &Client, template: &str) -> Value {
    let input = json!({"locale": "zh-CN", "demo": true});
    let job = admin.job(admin.post(&format!("/templates/{template}/install"), input).await).await;
    assert_eq!(job["state"], "done", "{job}");
    job["result"].clone()
}

async fn run(client: &Client, report: &str, params: Value) -> Value {
    client.post(&format!("/reports/{report}/run"), json!({"app": "roi", "params": params})).await.ok()
}

async fn behind(client: &Client, report: &str, asked: Value) -> Value {
    let mut asked = asked;
    asked["app"] = json!("roi");
    client.post(&format!("/reports/{report}/records"), asked).await.ok()
}

/// The only thing of a list with this key.
fn of_key<'v>(list: &'v Value, key: &str) -> &'v Value {
    let found = list.as_array().unwrap().iter().find(|thing| thing["key"] == key);
    found.unwrap_or_else(|| panic!("no {key} in {list}"))
}

/// Whole hundredths.
fn hundredths(text: &Value) -> i64 {
    text.as_str().unwrap_or_else(|| panic!("no figure: {text}")).replace('.', "").parse().unwrap()
}

fn cells(table: &Value, columns: &[&str]) -> Vec<Vec<String>> {
    let rows = table["rows"].as_array().unwrap().iter().chain([&table["total"]]);
    let cell = |row: &Value, column: &str| match &row[column] {
        Value::String(text) => text.clone(),
        _ => row["reasons"][column].as_str().unwrap_or("").to_owned(),
    };
    rows.map(|row| columns.iter().map(|column| cell(row, column)).collect()).collect()
}

/// Somebody with one role of the templates.
async fn with_role(server: &Server, admin: &Client, role: &str) -> Client {
    server.member(admin, &format!("{}@example.com", role.to_lowercase()), &[role]).await
}

#[tokio::test]
async fn the_yearly_table_is_that_of_the_article() {
    on_both(async |server| {
        let admin = server.set_up().await;
        install(&admin, "roi").await;
        let report = run(&admin, "roi.yearly", json!({})).await;
        assert_eq!(
            cells(of_key(&report["tables"], "yearly"), &["year", "cost", "gain", "M01", "M02", "M04"]),
            [
                ["2022", "1000000.00", "3500000.00", "250.00", "3.5000", "INSUFFICIENT_DATA"],
                ["2023", "1500000.00", "5100000.00", "240.00", "3.4000", "220.00"],
                ["2024", "1800000.00", "6400000.00", "255.56", "3.5556", "333.33"],
                ["", "4300000.00", "15000000.00", "248.84", "3.4884", "INSUFFICIENT_DATA"],
            ]
        );
        assert_eq!((&report["scope"], &report["params"]), (&json!("all"), &json!({})));
        let columns = &report["tables"][0]["columns"];
        assert_eq!((&columns[0]["key"], &columns[0]["label"]), (&json!("year"), &json!("Year")));
        assert_eq!((&columns[1]["label"], &columns[1]["unit"]), (&json!("Cost"), &json!("CNY")));
        assert_eq!((&columns[3]["label"], &columns[3]["unit"]), (&json!("Net ROI"), &json!("%")));
        assert_eq!((&columns[1]["role"], &columns[2]["role"]), (&json!("cost"), &json!("gain")));
        let m01 = of_key(&report["figures"], "M01");
        assert_eq!(m01["inputs"], json!({"cost": "4300000.00", "gain": "15000000.00"}));
        assert_eq!(m01["input_labels"], json!({"cost": "Cost", "gain": "Gross profit gained"}));
        assert_eq!(of_key(&report["figures"], "M02")["value"], "3.4884");
        assert_eq!(report["parameters"][0]["kind"], "link");
        let chinese = run(&admin.speaking("zh-CN"), "roi.yearly", json!({})).await;
        assert_eq!(of_key(&chinese["figures"], "M01")["label"], "净投资回报率");
    })
    .await;
}

#[tokio::test]
async fn a_report_is_narrowed_by_its_parameters() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let installed = install(&admin, "roi").await;
        let whole = run(&admin, "roi.yearly", json!({"from": "2022-01-01", "to": "2024-12-31"})).await;
        assert_eq!(whole["tables"][0]["rows"].as_array().unwrap().len(), 3);
        assert_eq!(whole["params"], json!({"from": "2022-01-01", "to": "2024-12-31"}));
        for params in [
            json!({"from": "2023", "to": "2023"}),
            json!({"from": "2023-01", "to": "2023-12"}),
            json!({"period": "2023"}),
            json!({"period": {"from": "2023-01-01", "to": "2023-12-31"}}),
        ] {
            let year = run(&admin, "roi.yearly", params).await;
            let m01 = of_key(&year["figures"], "M01");
            assert_eq!((&m01["value"], &m01["inputs"]["cost"]), (&json!("240.00"), &json!("1500000.00")));
        }
        let open = run(&admin, "roi.yearly", json!({"from": "2023-07"})).await;
        let groups = cells(&open["tables"][0], &["year"]);
        assert_eq!(groups, [["2023"], ["2024"], [""]]);

        // Of three programmes the last has no entries yet.
        let programs =
            format!("/forms/{}/records?titles=true", installed["forms"]["program"].as_str().unwrap());
        let programs = admin.get(&programs).await.ok();
        let named = |name: &str| {
            let all = programs["items"].as_array().unwrap();
            all.iter().find(|program| program["fields"]["name"] == name).unwrap()["id"].clone()
        };
        let care = run(&admin, "roi.overview", json!({"program": named("长期客户维护计划")})).await;
        assert_eq!(of_key(&care["figures"], "M01")["value"], "259.87");
        assert_eq!(of_key(&care["parameters"], "program")["title"], "长期客户维护计划");
        let winback = run(&admin, "roi.overview", json!({"program": named("沉睡客户唤醒")})).await;
        let m01 = of_key(&winback["figures"], "M01");
        assert_eq!((&m01["value"], &m01["reason"]), (&Value::Null, &json!("COST_ZERO")));
        let breakdown = run(&admin, "roi.cost_breakdown", json!({"program": named("沉睡客户唤醒")})).await;
        assert_eq!(of_key(&breakdown["figures"], "M02")["reason"], "COST_ZERO");

        let refused = async |params: Value| {
            admin.post("/reports/roi.yearly/run", json!({"app": "roi", "params": params})).await
        };
        refused(json!({"from": "2024", "to": "2022"})).await.refused(422, "validation");
        refused(json!({"from": "yesterday"})).await.refused(422, "validation");
        refused(json!({"program": "nobody"})).await.refused(422, "validation");
        refused(json!({"programme": "1"})).await.refused(422, "unknown_member");
    })
    .await;
}

/// The programme of the demo for which nothing was booked yet.
async fn fresh_program(admin: &Client, programs: &str) -> Value {
    let programs = admin.get(programs).await.ok();
    let all = programs["items"].as_array().unwrap();
    all.iter().find(|program| program["fields"]["name"] == "沉睡客户唤醒").unwrap()["id"].clone()
}

#[tokio::test]
async fn the_payback_of_a_programme_is_that_of_the_worked_example() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let installed = install(&admin, "roi").await;
        let path = |form: &str| format!("/forms/{}/records", installed["forms"][form].as_str().unwrap());
        let fresh = fresh_program(&admin, &path("program")).await;
        let payback = async || {
            let report = run(&admin, "roi.overview", json!({"program": fresh})).await;
            of_key(&report["figures"], "M05").clone()
        };
        let said = |figure: &Value| (figure["value"].clone(), figure["reason"].clone());
        assert_eq!(said(&payback().await), (Value::Null, json!("INSUFFICIENT_DATA")));
        let spent = json!({"program": fresh, "month": "2024-01", "category": "people", "item": "salary", "amount": "1200"});
        admin.post(&path("cost_entry"), json!({"fields": spent})).await.created();
        assert_eq!(said(&payback().await), (Value::Null, json!("NOT_WITHIN_HORIZON")));
        for month in 1..=5 {
            let gained = json!({
                "program": fresh, "month": format!("2024-0{}", month + 1), "kind": "repeat", "method": "direct",
                "amount": format!("{month}00"),
            });
            admin.post(&path("benefit_entry"), json!({"fields": gained})).await.created();
        }
        let figure = payback().await;
        assert_eq!((&figure["value"], &figure["unit"]), (&json!("4.40"), &json!("months")));
        assert_eq!(figure["inputs"], json!({"cost": "1200.00", "gain": "1500.00"}));
        assert!(figure["definition"].as_str().unwrap().contains("no longer below 0"), "{figure}");
        let behind = behind(&admin, "roi.overview", json!({"figure": "M05", "input": "gain", "params": {"program": fresh}}));
        assert_eq!(behind.await["items"].as_array().unwrap().len(), 5);
    })
    .await;
}

#[tokio::test]
async fn a_cost_without_any_gain_is_told_the_same_in_figures_rows_and_totals() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let installed = install(&admin, "roi").await;
        let path = |form: &str| format!("/forms/{}/records", installed["forms"][form].as_str().unwrap());
        let fresh = fresh_program(&admin, &path("program")).await;
        let spent = json!({"program": fresh, "month": "2024-01", "category": "people", "item": "salary", "amount": "4000"});
        admin.post(&path("cost_entry"), json!({"fields": spent})).await.created();
        let overview = run(&admin, "roi.overview", json!({"program": fresh})).await;
        for key in ["M01", "M02", "M03", "total_gain"] {
            let figure = of_key(&overview["figures"], key);
            assert_eq!((&figure["value"], &figure["reason"]), (&Value::Null, &json!("GAIN_MISSING")), "{key}");
        }
        let trend = cells(of_key(&overview["tables"], "trend"), &["month", "cost", "gain", "M03", "cumulative", "M06"]);
        let missing = "GAIN_MISSING";
        assert_eq!(trend[0], ["2024-01", "4000.00", missing, missing, missing, missing]);
        assert_eq!(trend[1][..5], ["", "4000.00", missing, missing, missing]);
        // The first gain makes figures of them all; the month before it has none yet, which is 0.
        let gained = json!({"program": fresh, "month": "2024-02", "kind": "repeat", "method": "direct", "amount": "5000"});
        admin.post(&path("benefit_entry"), json!({"fields": gained})).await.created();
        let overview = run(&admin, "roi.overview", json!({"program": fresh})).await;
        assert_eq!(of_key(&overview["figures"], "M01")["value"], "25.00");
        let trend = cells(of_key(&overview["tables"], "trend"), &["gain", "M03", "cumulative", "M06"]);
        assert_eq!(trend[0], ["0.00", "-4000.00", "-4000.00", "-100.00"]);
        assert_eq!(trend[1], ["5000.00", "5000.00", "1000.00", "25.00"]);
        assert_eq!(trend[2][..2], ["5000.00", "1000.00"]);
    })
    .await;
}

#[tokio::test]
async fn the_records_behind_a_number_add_up_to_it() {
    on_both(async |server| {
        let admin = server.set_up().await;
        install(&admin, "roi").await;
        let all = async |asked: Value| {
            let (mut sum, mut count, mut asked) = (0, 0, asked);
            loop {
                let page = behind(&admin, "roi.yearly", asked.clone()).await;
                let field = page["field"].as_str().unwrap();
                let items = page["items"].as_array().unwrap();
                // When it was stands beside each, and amounts in their names are read like all others.
                assert_eq!(page["date"], "month");
                assert!(items.iter().all(|record| record["fields"]["month"].is_string()));
                let titles = page["titles"].as_object().unwrap();
                assert!(titles.values().any(|title| title.as_str().unwrap().contains(',')), "{titles:?}");
                // An entry's own amount is read with its currency: what counts of it may be in another.
                let currency = |title: &Value| title.as_str().unwrap().rsplit(' ').next().map(str::len);
                assert!(titles.values().all(|title| currency(title) == Some(3)), "{titles:?}");
                sum += items.iter().map(|record| hundredths(&record["fields"][field])).sum::<i64>();
                count += items.len() as u64;
                assert!(
                    items.iter().all(|record| page["titles"][record["id"].as_str().unwrap()].is_string())
                );
                match page["next"].as_str() {
                    Some(next) => asked["cursor"] = json!(next),
                    None => return (sum, count),
                }
            }
        };
        let report = run(&admin, "roi.yearly", json!({})).await;
        let m01 = of_key(&report["figures"], "M01");
        let (cost, costs) = all(json!({"figure": "M01", "input": "cost", "params": {}, "limit": 40})).await;
        let (gain, gains) = all(json!({"figure": "M01", "input": "gain", "params": {}})).await;
        assert_eq!(cost, hundredths(&m01["inputs"]["cost"]));
        assert_eq!(gain, hundredths(&m01["inputs"]["gain"]));
        assert_eq!(costs + gains, m01["records"].as_u64().unwrap());
        // An entry is called by its own amount; what counts is another field, with its name.
        let counted =
            behind(&admin, "roi.yearly", json!({"figure": "M01", "input": "cost", "limit": 1})).await;
        assert_eq!(
            (&counted["field"], &counted["field_label"]),
            (&json!("base_amount"), &json!("Amount in CNY"))
        );
        // A cell, by the group of its row; a period; a measure by itself.
        let cell = json!({"figure": "M04", "input": "cost", "table": "yearly", "row": "2023"});
        assert_eq!(all(cell).await.0, 150_000_000);
        let period = json!({"figure": "M01", "input": "gain", "params": {"from": "2024", "to": "2024"}});
        assert_eq!(all(period).await.0, 640_000_000);
        assert_eq!(all(json!({"figure": "gain"})).await.0, 1_500_000_000);

        let ask = async |asked: Value| admin.post("/reports/roi.yearly/records", asked).await;
        ask(json!({"figure": "M99"})).await.refused(422, "unknown_field");
        ask(json!({"figure": "M01", "input": "cash"})).await.refused(422, "unknown_field");
        ask(json!({"figure": "M01", "cursor": "x"})).await.refused(422, "validation");
        ask(json!({"figure": "M01", "table": "yearly", "row": "last"})).await.refused(422, "validation");
    })
    .await;
}

#[tokio::test]
async fn everybody_sees_a_report_with_their_own_eyes() {
    on_both(async |server| {
        let admin = server.set_up().await;
        install(&admin, "roi").await;
        let stranger = server.member(&admin, "stranger@example.com", &[]).await;
        stranger.get("/apps/roi/reports").await.refused(404, "not_found");
        let input = json!({"app": "roi", "params": {}});
        stranger.post("/reports/roi.yearly/run", input.clone()).await.refused(404, "not_found");
        stranger
            .post("/reports/roi.yearly/records", json!({"figure": "M01"}))
            .await
            .refused(404, "not_found");
        admin.post("/reports/roi.nothing/run", input.clone()).await.refused(404, "not_found");
        admin.post("/reports/roi.yearly/run", json!({"app": "base"})).await.refused(404, "not_found");

        // Finance sees all of it, marketing its own costs and no gain at all.
        let finance = with_role(server, &admin, "FIN").await;
        let report = run(&finance, "roi.yearly", json!({})).await;
        assert_eq!(of_key(&report["figures"], "M01")["value"], "248.84");
        let marketing = with_role(server, &admin, "MKT").await;
        let report = run(&marketing, "roi.overview", json!({})).await;
        assert_eq!(report["scope"], "own rows");
        // That there is a form of gains is nothing that it may know.
        assert_eq!(report["narrowed"], json!(["Cost entry"]));
        let m01 = of_key(&report["figures"], "M01");
        assert_eq!((&m01["value"], &m01["reason"]), (&Value::Null, &json!("NOT_READABLE")));
        assert!(m01.get("unseen").is_none(), "{m01}");
        assert_eq!(of_key(&report["figures"], "full_cost")["narrowed"], json!(["Cost entry"]));
        let cost = of_key(&report["figures"], "full_cost");
        let whole = of_key(&run(&admin, "roi.overview", json!({})).await["figures"], "full_cost").clone();
        assert!(hundredths(&cost["value"]) < hundredths(&whole["value"]), "{cost}");
        let trend = of_key(&report["tables"], "trend");
        assert!(trend["rows"].as_array().unwrap().iter().all(|row| row["gain"].is_null()), "{trend}");
        let asked = json!({"figure": "M01", "input": "gain"});
        marketing.post("/reports/roi.overview/records", asked).await.refused(403, "forbidden");

        // Without a right on costs nothing is left of the reports for marketing: the app offers none.
        let offered = async |who: &Client| {
            let list = who.get("/apps/roi/reports").await.ok();
            let found = who.get("/search?q=ROI").await.ok();
            let hits = found["items"].as_array().unwrap().iter();
            let reports = hits.filter(|hit| hit["kind"] == "report").count();
            (list["items"].as_array().unwrap().len(), reports > 0)
        };
        assert_eq!(offered(&marketing).await, (3, true));
        let forms = admin.get("/apps/roi/forms").await.ok();
        let costs = of_key(&forms["items"], "cost_entry")["id"].as_str().unwrap().to_owned();
        let groups = admin.get(&format!("/forms/{costs}/permissions")).await.ok();
        let own = groups["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|group| group["document"]["key"] == "mkt")
            .unwrap();
        let path = format!("/forms/{costs}/permissions/{}", own["id"].as_str().unwrap());
        assert_eq!(admin.delete(&path, 1).await.status, 204);
        assert_eq!(offered(&marketing).await, (0, false));
        assert_eq!(offered(&finance).await.0, 3);
    })
    .await;
}

#[tokio::test]
async fn a_sales_manager_reads_the_return_of_the_people_below() {
    on_both(async |server| {
        let admin = server.set_up().await;
        install(&admin, "roi").await;
        let manager = with_role(server, &admin, "MGR").await;
        let me = manager.get("/me").await.ok()["id"].clone();
        let email = "below@example.com";
        let below = json!({"email": email, "name": "Below", "password": ADMIN_PASSWORD, "roles": ["FIN"], "manager": me});
        admin.post("/members", below).await.created();
        let below = server.sign_in(email, ADMIN_PASSWORD).await;

        // Nothing of the demo is theirs; what the people below book is.
        let report = run(&manager, "roi.yearly", json!({})).await;
        assert_eq!(report["scope"], "own rows");
        // That there is no cost is nothing they could know: neither in figures nor as 0 in a total.
        for figure in report["figures"].as_array().unwrap() {
            assert_eq!((&figure["value"], &figure["reason"]), (&Value::Null, &json!("NONE_VISIBLE")), "{figure}");
            assert_eq!(figure["unseen"], json!(["Benefit entry", "Cost entry"]), "{figure}");
        }
        let yearly = of_key(&report["tables"], "yearly");
        for column in ["cost", "gain", "M01", "M02", "M04"] {
            let told = (&yearly["total"][column], &yearly["total"]["reasons"][column]);
            assert_eq!(told, (&Value::Null, &json!("NONE_VISIBLE")), "{column} {yearly}");
        }
        assert_eq!(of_key(&yearly["columns"], "cost")["unseen"], json!(["Cost entry"]));
        let forms = admin.get("/apps/roi/forms").await.ok();
        let records = |key: &str| {
            format!("/forms/{}/records", of_key(&forms["items"], key)["id"].as_str().unwrap())
        };
        let programs = below.post(&format!("{}/query", records("program")), json!({})).await.ok();
        let program = programs["items"][0]["id"].clone();
        let cost = json!({"program": program, "month": "2025-03", "category": "time", "item": "handling",
            "quantity": "10", "unit_rate": "40"});
        below.post(&records("cost_entry"), json!({"fields": cost})).await.created();
        let gain = json!({"program": program, "month": "2025-03", "kind": "repeat", "method": "direct", "amount": "1000"});
        below.post(&records("benefit_entry"), json!({"fields": gain})).await.created();
        for key in ["yearly", "overview", "cost_breakdown"] {
            let report = run(&manager, &format!("roi.{key}"), json!({})).await;
            assert_eq!(report["scope"], "own rows");
            let figure = of_key(&report["figures"], "M01");
            assert_eq!(figure["value"], "150.00", "{key} {report}");
            // At the number stands of what it counts a part alone.
            assert_eq!(figure["narrowed"], json!(["Benefit entry", "Cost entry"]));
            assert!(figure.get("unseen").is_none(), "{figure}");
        }
        // Of what an hour costs nothing is told.
        let costs = manager.post(&format!("{}/query", records("cost_entry")), json!({})).await.ok();
        let seen = costs["items"].as_array().unwrap();
        assert_eq!((seen.len(), &seen[0]["fields"]["base_amount"]), (1, &json!("400.00")));
        assert!(seen[0]["fields"].get("unit_rate").is_none(), "{costs}");
        let sales = with_role(server, &admin, "REP").await;
        sales.post("/reports/roi.yearly/run", json!({"app": "roi", "params": {}})).await.refused(404, "not_found");
    })
    .await;
}

/// A decimal of at most three digits after the point, in thousandths; nothing is none.
fn thousandths(text: &Value) -> i64 {
    let text = text.as_str().unwrap_or("0");
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{rest:0<3}").parse().unwrap()
}

#[tokio::test]
async fn what_to_reorder_lists_the_products_that_need_it_the_most_urgent_first() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let installed = install(&admin, "inventory").await;
        let asked = json!({"app": "inventory", "params": {}});
        let report = admin.post("/reports/inventory.reorder/run", asked.clone()).await.ok();
        let table = of_key(&report["tables"], "products");
        let rows = table["rows"].as_array().unwrap();

        // What the list has to say, from the products themselves and the stock table.
        let tables = admin.get("/apps/inventory/aggregates").await.ok();
        let stock = of_key(&tables["items"], "product_stock")["id"].as_str().unwrap().to_owned();
        let stock = admin.get(&format!("/aggregates/{stock}/rows?limit=500")).await.ok();
        let on_hand = |product: &Value| {
            let all = stock["items"].as_array().unwrap();
            let group = all.iter().find(|group| group["group"]["product"] == product["id"]);
            group.map_or(0, |group| thousandths(&group["values"]["on_hand"]))
        };
        let base = installed["packages"]["base"].as_str().unwrap();
        let forms = admin.get(&format!("/apps/{base}/forms")).await.ok();
        let form = of_key(&forms["items"], "product")["id"].as_str().unwrap().to_owned();
        let products = admin.get(&format!("/forms/{form}/records?limit=500")).await.ok();
        let products = products["items"].as_array().unwrap();
        let kept = |product: &&Value| {
            let fields = &product["fields"];
            fields["kind"] == "stock" && fields["active"] == true
        };
        let low = |product: &&Value| on_hand(product) <= thousandths(&product["fields"]["reorder_point"]);
        let wanted: Vec<&Value> = products.iter().filter(kept).filter(low).collect();
        assert!(!wanted.is_empty() && wanted.len() < products.iter().filter(kept).count());
        assert_eq!(rows.len(), wanted.len(), "{table}");
        for product in wanted {
            let row = rows.iter().find(|row| row["product"] == product["id"]).expect("is in the list");
            assert_eq!(thousandths(&row["on_hand"]), on_hand(product));
            assert!(thousandths(&row["suggested"]) > 0, "{row}");
        }
        let cover: Vec<i64> = rows.iter().map(|row| thousandths(&row["cover"])).collect();
        assert!(cover.is_sorted() && cover.iter().all(|part| *part <= 100_000), "{cover:?}");
        assert!(table.get("cut").is_none(), "{table}");

        // What is behind a number of a row is that row's.
        let first = &rows[0];
        let behind = json!({"app": "inventory", "figure": "reorder_point", "table": "products", "row": first["product"]});
        let behind = admin.post("/reports/inventory.reorder/records", behind).await.ok();
        let items = behind["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["id"]), (1, &first["product"]));

        // A receipt that fills the shelf takes the product off the list.
        let receipts = format!("/forms/{}/records", installed["forms"]["purchase_receipt"].as_str().unwrap());
        let known = admin.get(&format!("{receipts}?limit=1")).await.ok()["items"][0]["id"].clone();
        let known = admin.get(&format!("{receipts}/{}", known.as_str().unwrap())).await.ok();
        let fields = json!({"supplier": known["fields"]["supplier"], "warehouse": known["fields"]["warehouse"],
            "lines": [{"product": first["product"], "qty": "5000", "unit_cost": "1"}]});
        admin.post(&receipts, json!({"fields": fields})).await.created();
        let report = admin.post("/reports/inventory.reorder/run", asked).await.ok();
        let after = of_key(&report["tables"], "products")["rows"].as_array().unwrap().clone();
        assert_eq!(after.len(), rows.len() - 1);
        assert!(after.iter().all(|row| row["product"] != first["product"]));
    })
    .await;
}

#[tokio::test]
async fn an_app_offers_the_reports_of_those_that_it_needs() {
    on_both(async |server| {
        let admin = server.set_up().await;
        install(&admin, "loyalty").await;
        let keys = async |app: &str| -> Vec<String> {
            let list = admin.get(&format!("/apps/{app}/reports")).await.ok();
            list["items"].as_array().unwrap().iter().map(|r| r["key"].as_str().unwrap().to_owned()).collect()
        };
        let loyalty = keys("loyalty").await;
        assert_eq!(loyalty[0], "loyalty.points");
        assert!(loyalty.iter().any(|key| key == "roi.overview"), "{loyalty:?}");
        assert!(!keys("roi").await.iter().any(|key| key == "loyalty.points"));
        let app = admin.get("/apps/loyalty").await.ok()["id"].clone();
        let input = json!({"app": app, "params": {}});
        let report = admin.post("/reports/roi.overview/run", input).await.ok();
        assert_eq!(of_key(&report["figures"], "M02")["value"], "3.4884");
        // Of all programmes those for loyalty alone.
        let members = admin.post("/reports/loyalty.roi/run", json!({"app": app})).await.ok();
        let figures = ["M01", "M02", "M03"].map(|key| of_key(&members["figures"], key)["value"].clone());
        assert_eq!(figures, ["184.81", "2.8481", "1168000.00"]);
        let points = admin.post("/reports/loyalty.points/run", json!({"app": app})).await.ok();
        let rate = of_key(&points["figures"], "redemption_rate");
        assert!(rate["value"].is_string(), "{rate}");
    })
    .await;
}

/// What its reader sees of a report goes into a file, and no more; who took it away is in the trail.
#[tokio::test]
async fn a_report_goes_into_a_file_as_its_reader_sees_it() {
    on_both(async |server| {
        let admin = server.set_up().await;
        install(&admin, "roi").await;
        let export = async |who: &Client, input: Value| who.post("/reports/roi.yearly/export", input).await;
        let text = |answer: tests::client::Answer| {
            assert_eq!(answer.status, 200);
            String::from_utf8(answer.bytes).unwrap()
        };
        let table = json!({"app": "roi", "format": "csv", "table": "yearly"});
        let answer = export(&admin, table.clone()).await;
        let told = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert_eq!(told("content-type"), "text/csv; charset=utf-8");
        assert!(told("content-disposition").starts_with("attachment; "), "{}", told("content-disposition"));
        let csv = text(answer);
        let begin = "\u{feff}Year,Cost (CNY),Gross profit gained (CNY),Net ROI (%),Return multiple (×),\
            Marginal ROI (%)\r\n2022,1000000.00,3500000.00,250.00,3.5000,\r\n";
        assert!(csv.starts_with(begin), "{csv}");
        assert!(csv.contains("\r\nTotal,4300000.00,15000000.00,248.84,3.4884,\r\nNet ROI: "), "{csv}");

        // All of it: of when, over what, each figure with its definition, and the tables.
        let narrowed = json!({"app": "roi", "format": "csv", "params": {"from": "2023", "to": "2023"}});
        let all = text(export(&admin, narrowed).await);
        for line in ["Report\r\nReport,", "Data,All records", "2023-01-01 – 2023-12-31", "Net ROI,240.00,%,"]
        {
            assert!(all.contains(line), "{line}\n{all}");
        }
        let book = export(&admin, json!({"app": "roi"})).await;
        assert_eq!(book.status, 200);
        assert_eq!(&book.bytes[..2], b"PK");

        let unknown = export(&admin, json!({"table": "nothing"})).await.refused(422, "unknown_field");
        let message = unknown["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("nothing") && !message.contains("{$"), "{unknown}");
        export(&admin, json!({"format": "pdf"})).await.refused(422, "validation");
        export(&admin, json!({"params": {"from": "yesterday"}})).await.refused(422, "validation");
        let li = server.member(&admin, "li@example.com", &[]).await;
        export(&li, table).await.refused(404, "not_found");
        let trail = admin.get("/audit?action=report.export").await.ok();
        let trail = trail["items"].as_array().unwrap();
        assert_eq!(trail.len(), 3, "{trail:?}");
        let last = &trail[0]["changes"];
        assert_eq!((&last["format"], &last["scope"]), (&json!("xlsx"), &json!("all")), "{last}");
    })
    .await;
}
