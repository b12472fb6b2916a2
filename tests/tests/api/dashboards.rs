//! Dashboards: what tiles show is what records, aggregate tables and reports say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tests::design::{Field, form, group, link, number, select, test, text};
use tests::workspace::{faults, id_of};
use tests::{Client, on_both, on_both_shared};

async fn install(admin: &Client, template: &str) -> Value {
    let input = json!({"locale": "zh-CN", "demo": true});
    let job = admin.job(admin.post(&format!("/templates/{template}/install"), input).await).await;
    assert_eq!(job["state"], "done", "{job}");
    job["result"].clone()
}

async fn tile(client: &Client, dashboard: &str, tile: &str) -> Value {
    client.post(&format!("/dashboards/{dashboard}/tiles/{tile}/data"), json!({"filters": {}})).await.ok()
}

async fn items(client: &Client, path: &str) -> Vec<Value> {
    client.get(path).await.ok()["items"].as_array().unwrap().clone()
}

/// A decimal of at most three digits after the point, in thousandths.
fn thousandths(text: &Value) -> i64 {
    let text = text.as_str().unwrap_or_else(|| panic!("no figure: {text}"));
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{rest:0<3}").parse().unwrap()
}

#[tokio::test]
async fn the_low_stock_list_is_what_the_aggregate_table_says() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let installed = install(&admin, "inventory").await;
        let tables = items(&admin, "/apps/inventory/aggregates").await;
        let stock = tables.iter().find(|table| table["key"] == "product_stock").unwrap();
        let groups =
            items(&admin, &format!("/aggregates/{}/rows?limit=500", stock["id"].as_str().unwrap())).await;
        let base = installed["packages"]["base"].as_str().unwrap();
        let forms = items(&admin, &format!("/apps/{base}/forms")).await;
        let product = forms.iter().find(|form| form["key"] == "product").unwrap()["id"].as_str().unwrap();
        let products: BTreeMap<String, Value> = items(&admin, &format!("/forms/{product}/records?limit=500"))
            .await
            .into_iter()
            .map(|record| (record["id"].as_str().unwrap().to_owned(), record["fields"].clone()))
            .collect();
        let low: BTreeSet<String> = groups
            .iter()
            .filter(|group| {
                let product = &products[group["group"]["product"].as_str().unwrap()];
                product["active"] == true
                    && product["reorder_point"].is_string()
                    && thousandths(&group["values"]["on_hand"]) <= thousandths(&product["reorder_point"])
            })
            .map(|group| group["group"]["product"].as_str().unwrap().to_owned())
            .collect();
        assert!(!low.is_empty(), "the demo has something to reorder");
        let list = tile(&admin, "stock", "low_stock").await;
        let shown: BTreeSet<String> = list["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                let id = row["product"].as_str().unwrap();
                assert_eq!(thousandths(&row["reorder_point"]), thousandths(&products[id]["reorder_point"]));
                assert!(!row["labels"]["product"].as_str().unwrap().is_empty());
                id.to_owned()
            })
            .collect();
        assert_eq!(shown, low);
        let count = tile(&admin, "stock", "low_count").await;
        assert_eq!(count["rows"][0]["products"], low.len().to_string());
        let labels: Vec<&Value> =
            list["columns"].as_array().unwrap().iter().map(|column| &column["label"]).collect();
        assert_eq!(labels, ["Product", "On hand", "Reorder point", "Stock against reorder point"]);
        let cover = list["rows"].as_array().unwrap().iter().map(|row| thousandths(&row["cover"]));
        assert!(cover.is_sorted(), "the most urgent first: {list}");
    })
    .await;
}

#[tokio::test]
async fn the_stock_list_is_the_aggregate_table_by_product_and_warehouse() {
    on_both(async |server| {
        let admin = server.set_up().await;
        install(&admin, "inventory").await;
        let tables = items(&admin, "/apps/inventory/aggregates").await;
        let stock = tables.iter().find(|table| table["key"] == "stock").unwrap();
        let groups =
            items(&admin, &format!("/aggregates/{}/rows?limit=500", stock["id"].as_str().unwrap())).await;
        let line = |group: &Value, on_hand: &Value| {
            let id = |dimension: &str| group[dimension].as_str().unwrap().to_owned();
            ((id("product"), id("warehouse")), thousandths(on_hand))
        };
        let known: BTreeMap<_, _> =
            groups.iter().map(|row| line(&row["group"], &row["values"]["on_hand"])).collect();
        let list = tile(&admin, "stock", "stock_list").await;
        let shown: BTreeMap<_, _> =
            list["rows"].as_array().unwrap().iter().map(|row| line(row, &row["on_hand"])).collect();
        assert!(shown.len() > 100, "the demo has stock");
        assert_eq!(shown, known);
    })
    .await;
}

#[tokio::test]
async fn every_tile_of_the_templates_shows_something() {
    on_both(async |server| {
        let admin = server.set_up().await;
        for (template, app) in [("crm", "crm"), ("inventory", "inventory"), ("loyalty", "loyalty")] {
            install(&admin, template).await;
            for dashboard in items(&admin, &format!("/apps/{app}/dashboards")).await {
                let id = dashboard["id"].as_str().unwrap();
                let page = admin.get(&format!("/dashboards/{id}")).await.ok();
                for frame in page["tiles"].as_array().unwrap() {
                    let key = frame["key"].as_str().unwrap();
                    let data = tile(&admin, id, key).await;
                    let rows = data["rows"].as_array().unwrap();
                    if frame["kind"] == "table" && rows.is_empty() {
                        // A list of what is to do may be done.
                        continue;
                    }
                    assert!(!rows.is_empty(), "{app} {key} {data}");
                    assert!(rows[0].get("reasons").is_none(), "{app} {key} {data}");
                    for column in data["columns"].as_array().unwrap() {
                        let name = column["key"].as_str().unwrap();
                        assert!(rows[0].get(name).is_some(), "{app} {key} {name} {data}");
                        assert!(!column["label"].as_str().unwrap().is_empty(), "{app} {key} {name}");
                    }
                }
            }
        }
        let roi = tile(&admin, "loyalty", "roi").await;
        assert_eq!((&roi["rows"][0]["M01"], &roi["rows"][0]["M02"]), (&json!("184.81"), &json!("2.8481")));
    })
    .await;
}

#[tokio::test]
async fn tiles_add_up_to_the_records_behind_them() {
    on_both(async |server| {
        let admin = server.set_up().await;
        install(&admin, "crm").await;
        let net = tile(&admin, "sales", "by_channel").await;
        let rows = net["rows"].as_array().unwrap();
        let sum: i64 = rows.iter().map(|row| thousandths(&row["net"])).sum();
        assert_eq!(sum, thousandths(&net["total"]["net"]));
        let sizes: Vec<i64> = rows.iter().map(|row| thousandths(&row["net"])).collect();
        assert!(sizes.is_sorted_by(|a, b| a >= b), "the largest part comes first: {sizes:?}");

        let path = "/dashboards/sales/tiles/by_channel/records";
        let (mut behind, mut cursor) = (0, Value::Null);
        loop {
            let mut asked = json!({"row": {"channel": rows[0]["channel"]}, "limit": 500});
            if cursor.is_string() {
                asked["cursor"] = cursor.clone();
            }
            let page = admin.post(path, asked).await.ok();
            assert_eq!(page["field"], "net_revenue");
            let items = page["items"].as_array().unwrap();
            behind += items.iter().map(|record| thousandths(&record["fields"]["net_revenue"])).sum::<i64>();
            cursor = page["next"].clone();
            if cursor.is_null() {
                break;
            }
        }
        assert_eq!(behind, thousandths(&rows[0]["net"]));
        admin.post(path, json!({"row": {"customer": "1"}})).await.refused(422, "unknown_field");
        admin.post("/dashboards/sales/tiles/nothing/data", json!({})).await.refused(404, "not_found");
        let unknown = json!({"filters": {"colour": "red"}});
        admin.post("/dashboards/sales/tiles/by_channel/data", unknown).await.refused(422, "unknown_member");
    })
    .await;
}

#[tokio::test]
async fn a_figure_is_held_against_the_period_before_and_narrowed_by_filters() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let app = admin.post("/apps", json!({"label": "Till", "key": "till"})).await.created();
        let app = app["id"].as_str().unwrap();
        let form = json!({"key": "sale", "label": "Sale", "fields": [
            {"key": "day", "label": "Day", "kind": "date"},
            {"key": "place", "label": "Place", "kind": "select",
             "options": {"choices": [{"key": "n", "label": "North"}, {"key": "s", "label": "South"}]}},
            {"key": "amount", "label": "Amount", "kind": "money", "options": {"currency": "EUR"}},
            {"key": "cost", "label": "Cost", "kind": "money", "options": {"currency": "EUR"}}]});
        let form = admin.post(&format!("/apps/{app}/forms"), form).await.created();
        let form = form["id"].as_str().unwrap();
        for (day, place, amount, cost) in [
            ("2024-01-10", "n", "100.00", "60"),
            ("2024-02-10", "n", "100.10", "60"),
            ("2024-02-20", "s", "50.05", "45"),
            ("2024-04-01", "s", "7.77", "0"),
        ] {
            let fields = json!({"day": day, "place": place, "amount": amount, "cost": cost});
            admin.post(&format!("/forms/{form}/records"), json!({"fields": fields})).await.created();
        }
        let document = json!({"format": 1, "key": "till", "label": "Till",
            "filters": [
                {"key": "when", "label": "Period", "kind": "period", "default": "2024-02", "binds": {"sale": "day"}},
                {"key": "place", "kind": "values", "binds": {"net": "place"}}],
            "tiles": [
                {"key": "net", "label": "Sales", "at": [0, 0, 6, 3], "kind": "figure", "source": "sale",
                 "measures": [{"key": "net", "fn": "sum", "field": "amount"},
                              {"key": "margin", "formula": "(net - cost) / net * 100", "unit": "%"},
                              {"key": "cost", "fn": "sum", "field": "cost"},
                              {"key": "mean", "fn": "avg", "field": "amount"}],
                 "compare": "previous_period"},
                {"key": "months", "label": "By month", "at": [0, 3, 24, 8], "kind": "bar", "source": "sale",
                 "group": [{"field": "day", "unit": "month"}], "measures": [{"key": "net", "fn": "sum", "field": "amount"}]},
                {"key": "best", "label": "Best months", "at": [0, 11, 24, 8], "kind": "table", "source": "sale",
                 "group": [{"field": "day", "unit": "month"}], "measures": [{"key": "net", "fn": "sum", "field": "amount"}],
                 "sort": [{"field": "net", "desc": true}], "limit": 2}]});
        let made = admin.post(&format!("/apps/{app}/dashboards"), document.clone()).await.created();
        assert_eq!((&made["key"], &made["version"]), (&json!("till"), &json!(1)));
        assert_eq!(made["filters"][1]["choices"][1]["key"], "s");

        let net = tile(&admin, "till", "net").await;
        assert_eq!(
            net["rows"],
            json!([{"net": "150.15", "cost": "105.00", "margin": "30.07", "mean": "75.075000"}])
        );
        assert_eq!(
            net["compare"][0],
            json!({"key": "net", "with": "previous_period", "previous": "100.00", "change": "50.15"})
        );
        assert_eq!(net["columns"][0]["unit"], "EUR");
        let ask = async |tile: &str, filters: Value| {
            admin.post(&format!("/dashboards/till/tiles/{tile}/data"), json!({"filters": filters})).await.ok()
        };
        let north = ask("net", json!({"place": ["n"]})).await;
        assert_eq!((&north["rows"][0]["net"], &north["records"]), (&json!("100.10"), &json!(1)));
        let nothing = ask("net", json!({"when": "2023"})).await;
        assert_eq!(nothing["rows"][0]["net"], "0.00");
        assert_eq!(nothing["rows"][0]["reasons"]["margin"], "#DIV/0!");
        assert_eq!(nothing["rows"][0]["reasons"]["mean"], "INSUFFICIENT_DATA");
        // Without an end the period is open; a month without a sale is there, and says so.
        let months = ask("months", json!({"when": {"from": "2024-01"}})).await;
        assert_eq!(
            months["rows"],
            json!([{"day": "2024-01", "labels": {"day": "2024-01"}, "net": "100.00"},
                {"day": "2024-02", "labels": {"day": "2024-02"}, "net": "150.15"},
                {"day": "2024-03", "labels": {"day": "2024-03"}, "net": "0.00", "missing": true},
                {"day": "2024-04", "labels": {"day": "2024-04"}, "net": "7.77"}])
        );
        assert_eq!(months["total"]["net"], "257.92");
        let best = ask("best", json!({"when": {"from": "2024-01"}})).await;
        let best: Vec<_> = best["rows"].as_array().unwrap().iter().map(|row| &row["net"]).collect();
        assert_eq!(best, ["150.15", "100.00"]);

        let post = async |document: Value| admin.post(&format!("/apps/{app}/dashboards"), document).await;
        post(document.clone()).await.refused(409, "dashboard_taken");
        let broken = |change: &dyn Fn(&mut Value)| {
            let mut broken = document.clone();
            broken["key"] = json!("other");
            change(&mut broken);
            broken
        };
        post(broken(&|page| page["tiles"][0]["source"] = json!("nothing"))).await.refused(422, "validation");
        post(broken(&|page| page["tiles"][1]["group"][0]["field"] = json!("hour"))).await.refused(422, "unknown_field");
        post(broken(&|page| page["tiles"][1]["colour"] = json!("red"))).await.refused(422, "unknown_member");
        let problem = post(broken(&|page| page["tiles"][1]["sort"] = json!([{"field": "gross"}]))).await;
        assert_eq!(problem.refused(422, "unknown_field")["errors"][0]["path"], "/tiles/1/sort/0/field");
        let problem = post(broken(&|page| page["tiles"][1]["at"] = json!([20, 0, 6, 3]))).await;
        assert_eq!(problem.refused(422, "validation")["errors"][0]["path"], "/tiles/1/at");
    })
    .await;
}

#[tokio::test]
async fn a_dashboard_shows_nobody_more_than_they_may_see() {
    on_both(async |server| {
        let admin = server.set_up().await;
        install(&admin, "inventory").await;
        install(&admin, "loyalty").await;
        let stranger = server.member(&admin, "stranger@example.com", &[]).await;
        stranger.get("/apps/inventory/dashboards").await.refused(404, "not_found");
        stranger.get("/dashboards/stock").await.refused(404, "not_found");
        stranger.post("/dashboards/stock/tiles/low_stock/data", json!({})).await.refused(404, "not_found");
        let document = json!({"key": "x", "label": "X", "tiles": []});
        stranger.post("/apps/inventory/dashboards", document.clone()).await.refused(404, "not_found");

        let warehouse = server.member(&admin, "wh@example.com", &["WH"]).await;
        assert_eq!(items(&warehouse, "/apps/inventory/dashboards").await.len(), 1);
        warehouse.post("/apps/inventory/dashboards", document).await.refused(403, "forbidden");
        let page = warehouse.get("/dashboards/stock").await.ok();
        assert!(page.get("document").is_none(), "{page}");
        // The page says which tiles have nothing for them, and offers no filter for those alone.
        let withheld = |page: &Value| -> Vec<String> {
            let tiles = page["tiles"].as_array().unwrap().iter();
            let closed = tiles.filter(|tile| tile["withheld"] == "NOT_READABLE");
            closed.map(|tile| tile["key"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(withheld(&page), ["receipts_by_month", "shipments_by_month"]);
        assert_eq!(page["filters"], json!([]));
        let whole = admin.get("/dashboards/stock").await.ok();
        assert_eq!((withheld(&whole), whole["filters"].as_array().unwrap().len()), (vec![], 1));
        // Quantities only: what a receipt costs is no business of the warehouse.
        let amounts = tile(&warehouse, "stock", "receipts_by_month").await;
        for row in amounts["rows"].as_array().unwrap() {
            assert!(row["amount"].is_null() && row["reasons"]["amount"] == "NOT_READABLE", "{amounts}");
        }
        let service = server.member(&admin, "cs@example.com", &["CS"]).await;
        assert!(withheld(&service.get("/dashboards/loyalty").await.ok()).contains(&"roi".to_owned()));
        let roi = tile(&service, "loyalty", "roi").await;
        assert_eq!(roi["rows"][0]["reasons"]["M01"], "NOT_READABLE");
    })
    .await;
}

/// What a filter of a dashboard offers somebody, as they read it.
async fn offered(who: &Client, dashboard: &str, filter: &str) -> Vec<String> {
    let choices = items(who, &format!("/dashboards/{dashboard}/filters/{filter}/options")).await;
    choices.iter().map(|choice| choice["label"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_filter_offers_the_values_that_are_there() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Store").await;
        let admin = &workspace.admin;
        let [mei, tom] = [workspace.person("mei").await, workspace.person("tom").await];
        let readers = json!({"members": [mei.id]});
        let product = app.form(form("product", [text("name"), text("maker"), number("cost", 0)])).await;
        let receipt = [
            link("product", "product"),
            text("bin"),
            select("place", &["north", "south"]),
            Field::new("taker", "member"),
            number("qty", 0),
        ];
        let receipt = app.form(form("receipt", receipt)).await;
        let dimensions = ["product", "bin", "place", "taker"];
        let by: BTreeMap<&str, &str> = dimensions.into_iter().map(|key| (key, key)).collect();
        let labelled = dimensions.map(|key| json!({"key": key, "label": key.to_uppercase()}));
        app.aggregate(json!({"format": 1, "key": "stock", "label": "Stock", "dimensions": labelled,
            "sources": [{"form": "receipt", "group": by, "measures": {"received": {"fn": "sum", "field": "qty"}}}],
            "read": readers, "rows": test("bin", "ne", "Secret")}))
        .await;
        let made = [("Chair", "Acme", 777), ("Throne", "Zeta", 888)];
        let mut products = Vec::new();
        for (name, maker, cost) in made {
            products.push(product.add(json!({"name": name, "maker": maker, "cost": cost})).await);
        }
        let only_chair = group("readers", &[&mei.id]).may(&["view"]).field("cost", "none");
        product.allow(only_chair.rows(test("name", "eq", "Chair"))).await;
        for (place, bin, qty) in [(0, json!("B"), 1), (0, json!("A, 1"), 2), (1, json!("A, 1"), 4), (1, json!("Secret"), 8), (0, json!(null), 16)] {
            let fields = json!({"product": products[place]["id"], "bin": bin, "place": "north", "taker": tom.id, "qty": qty});
            receipt.add(fields).await;
        }
        let filter = |key: &str, tile: &str, field: &str| json!({"key": key, "kind": "values", "binds": {tile: field}});
        let sum = |field: &str| json!([{"key": "sum", "fn": "sum", "field": field}]);
        let page = json!({"format": 1, "key": "stock", "label": "Stock", "read": readers,
            "filters": [
                filter("product", "pieces", "product"), filter("maker", "pieces", "product.maker"),
                filter("cost", "pieces", "product.cost"), filter("bin", "pieces", "bin"),
                filter("place", "pieces", "place"), filter("taker", "pieces", "taker"),
                filter("of_form", "log", "bin"),
                {"key": "both", "kind": "values", "binds": {"log": "product", "pieces": "product"}},
            ],
            "tiles": [
                {"key": "pieces", "at": [0, 0, 6, 3], "kind": "bar", "source": {"aggregate": "stock"},
                 "group": [{"field": "taker"}], "measures": sum("received")},
                {"key": "log", "at": [6, 0, 6, 3], "kind": "figure", "source": "receipt", "measures": sum("qty"),
                 "filter": test("bin", "ne", "B")},
            ]});
        let page = admin.post(&app.path("/dashboards"), page).await.created();
        let id = id_of(&page);

        // Choices are told with the page, records of a form are looked up there, and everything else is asked for.
        let asked: Vec<&str> = page["filters"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|filter| filter["has_options"] == true)
            .map(|filter| filter["key"].as_str().unwrap())
            .collect();
        assert_eq!(asked, ["product", "maker", "cost", "bin", "taker", "of_form"]);
        assert_eq!(page["filters"][3]["label"]["en"], "BIN");
        assert_eq!(page["filters"][4]["choices"][1]["key"], "south");
        assert_eq!(page["filters"][7]["field"], "product");

        for (filter, all, hers) in [
            ("bin", vec!["A, 1", "B", "Secret"], vec!["A, 1", "B"]),
            ("product", vec!["Chair", "Throne"], vec!["Chair"]),
            ("maker", vec!["Acme", "Zeta"], vec!["Acme"]),
            ("cost", vec!["777", "888"], vec![]),
            ("taker", vec!["tom"], vec!["tom"]),
            // What the tile itself leaves out is no choice; and she may see no receipt.
            ("of_form", vec!["A, 1", "Secret"], vec![]),
        ] {
            assert_eq!(offered(admin, &id, filter).await, all, "{filter}");
            assert_eq!(offered(&mei, &id, filter).await, hers, "{filter}");
        }
        let path = |rest: &str| format!("/dashboards/{id}/filters/{rest}");
        let found = items(admin, &path("product/options?q=thr")).await;
        assert_eq!((found.len(), &found[0]["key"]), (1, &products[1]["id"]));

        // What was picked narrows the tile, and a person is called by their name in it.
        let narrowed = json!({"filters": {"bin": ["A, 1"], "product": [products[1]["id"]]}});
        let data = admin.post(&format!("/dashboards/{id}/tiles/pieces/data"), narrowed).await.ok();
        assert_eq!((&data["rows"][0]["sum"], &data["rows"][0]["labels"]["taker"]), (&json!("4"), &json!("tom")));

        admin.get(&path("nothing/options")).await.refused(404, "not_found");
        tom.get(&path("bin/options")).await.refused(404, "not_found");
        admin.get(&path("bin/options?what=1")).await.refused(422, "unknown_member");
        let long = "x".repeat(501);
        admin.get(&path(&format!("bin/options?q={long}"))).await.refused(422, "validation");
    })
    .await;
}

/// A figure's line goes over the last periods up to the one that is looked at, and its target is held against the number.
#[tokio::test]
async fn a_figure_tells_how_it_went_and_how_it_stands_to_its_target() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Figures").await;
        let day = Field::new("day", "date");
        let sale = app.form(form("sale", [day, number("amount", 2), text("what")])).await;
        for (day, amount) in [("2023-11-30", "7"), ("2024-01-10", "30"), ("2024-02-01", "20.5"), ("2024-03-01", "99")] {
            sale.add(json!({"day": day, "amount": amount})).await;
        }
        let tile = |more: Value| {
            let mut tile = json!({"key": "net", "label": "Sales", "at": [0, 0, 6, 4], "kind": "figure", "source": "sale",
                "measures": [{"key": "net", "fn": "sum", "field": "amount"}]});
            tile.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            tile
        };
        let board = |key: &str, tile: Value| {
            json!({"format": 1, "key": key, "label": "Till", "tiles": [tile], "filters": [
                {"key": "when", "kind": "period", "default": "2024-02", "binds": {"sale": "day"}}]})
        };
        let spark = json!({"field": "day", "unit": "month", "periods": 4});
        let document = board("till", tile(json!({"spark": spark, "target": "41"})));
        let made = admin.post(&app.path("/dashboards"), document.clone()).await.created();
        assert_eq!(made["document"]["tiles"][0]["target"], json!({"value": "41", "better": "higher"}));
        let ask = async |filters: Value| {
            let path = format!("/dashboards/{}/tiles/net/data", id_of(&made));
            admin.post(&path, json!({"filters": filters})).await.ok()
        };
        let shown = ask(json!({})).await;
        assert_eq!(shown["rows"][0]["net"], "20.50");
        let line = |shown: &Value| -> Vec<(String, String)> {
            let point = |point: &Value| {
                let text = |member: &str| point[member].as_str().unwrap_or("—").to_owned();
                (text("period"), text("value"))
            };
            shown["spark"].as_array().unwrap().iter().map(point).collect()
        };
        let wanted = [("2023-11", "7.00"), ("2023-12", "0.00"), ("2024-01", "30.00"), ("2024-02", "20.50")];
        assert_eq!(line(&shown), wanted.map(|(period, value)| (period.to_owned(), value.to_owned())));
        assert_eq!(shown["target"], json!({"value": "41", "better": "higher", "percent": "50.0", "met": false}));
        // The line ends with the period that somebody chose.
        let march = ask(json!({"when": "2024-03"})).await;
        assert_eq!(line(&march).last().unwrap(), &("2024-03".to_owned(), "99.00".to_owned()));
        assert_eq!((&march["target"]["percent"], &march["target"]["met"]), (&json!("241.5"), &json!(true)));

        // A limit is kept by what is below it.
        let limit = board("limit", tile(json!({"target": {"value": 100, "better": "lower"}})));
        let limit = id_of(&admin.post(&app.path("/dashboards"), limit).await.created());
        let kept = admin.post(&format!("/dashboards/{limit}/tiles/net/data"), json!({"filters": {}})).await.ok();
        assert_eq!((&kept["target"]["met"], &kept["spark"]), (&json!(true), &Value::Null));

        // Dates that a reader may not see are no line either.
        let mei = workspace.person("mei").await;
        sale.allow(group("readers", &[&mei.id]).field("day", "none")).await;
        let mut open = board("open", tile(json!({"spark": spark})));
        open["read"] = json!({"members": [mei.id]});
        open["filters"] = json!([]);
        let open = id_of(&admin.post(&app.path("/dashboards"), open).await.created());
        let seen = mei.post(&format!("/dashboards/{open}/tiles/net/data"), json!({"filters": {}})).await.ok();
        assert_eq!((&seen["rows"][0]["net"], &seen["spark"]), (&json!("156.50"), &Value::Null));

        for (more, at) in [
            (json!({"spark": {"field": "what", "unit": "month"}}), "/tiles/0/spark/field: bad_operand"),
            (json!({"spark": {"field": "day", "unit": "month", "periods": 1}}), "/tiles/0/spark/periods: too_small"),
            (json!({"spark": {"field": "day", "unit": "day", "periods": 61}}), "/tiles/0/spark/periods: too_large"),
            (json!({"kind": "bar", "target": "1"}), "/tiles/0/target: not_allowed_here"),
            (json!({"target": "many"}), "/tiles/0/target: not_a_number"),
        ] {
            let refused = admin.post(&app.path("/dashboards"), board("broken", tile(more))).await;
            assert_eq!(faults(&refused.refused(422, "validation")), [at]);
        }
    })
    .await;
}
