//! What aggregate tables keep of every function and unit, how they are changed and removed, and how a wrong one is found.

use serde_json::{Value, json};
use tests::design::{Field, date, form, group, number, select, subform, test, text};
use tests::workspace::{UNKNOWN, faults, id_of, items, version_of};
use tests::{App, Client, Form, Inside, Workspace, on_both, on_both_shared};

/// Sales of shops, with their lines.
struct Shop {
    app: App,
    sale: Form,
}

impl Shop {
    async fn build(workspace: &Workspace) -> Self {
        let app = workspace.app("Shop").await;
        let lines = subform("lines", [text("item"), number("qty", 0)]);
        let fields = [
            text("shop"),
            date("on"),
            Field::new("at", "datetime"),
            Field::new("gift", "switch"),
            select("kind", &["cash", "card"]),
            number("price", 2),
            lines,
        ];
        let sale = app.form(form("sale", fields)).await;
        Self { app, sale }
    }

    async fn rows(&self, id: &str) -> Vec<Value> {
        items(&self.sale.admin.get(&format!("/aggregates/{id}/rows?limit=500")).await.ok()).clone()
    }

    async fn verify(&self, id: &str) {
        let verified = self.sale.admin.post(&format!("/aggregates/{id}/verify"), json!({})).await.ok();
        assert_eq!(verified["right"], true, "{verified}");
    }
}

fn prices() -> Value {
    let of = |function: &str| json!({"fn": function, "field": "price"});
    json!({"format": 1, "key": "prices", "label": "Prices", "dimensions": [{"key": "shop", "label": "Shop"}],
        "sources": [{"form": "sale", "group": {"shop": "shop"}, "measures": {
            "sum": of("sum"), "average": of("avg"), "least": of("min"), "most": of("max"),
            "different": of("distinct"), "priced": of("count"), "sales": {"fn": "count"}}}],
        "measures": [{"key": "spread", "formula": "most - least", "scale": 2}]})
}

fn figures(row: &Value) -> Value {
    let keys = ["sum", "average", "least", "most", "different", "priced", "sales", "spread"];
    keys.iter().map(|key| row["values"][key].clone()).collect()
}

#[tokio::test]
async fn every_function_follows_every_change() {
    on_both_shared(async |workspace| {
        let shop = Shop::build(&workspace).await;
        let (sale, admin) = (&shop.sale, &workspace.admin);
        let first = sale.add(json!({"shop": "A", "price": "1.10"})).await;
        // Made over what is there, and kept from there on.
        let id = shop.app.aggregate(prices()).await;
        let told = async || figures(&shop.rows(&id).await[0]);
        assert_eq!(told().await, json!(["1.10", "1.100000", "1.10", "1.10", "1", "1", "1", "0.00"]));
        let dear = sale.add(json!({"shop": "A", "price": "4"})).await;
        sale.add(json!({"shop": "A", "price": "2"})).await;
        sale.add(json!({"shop": "A", "price": "2.00"})).await;
        sale.add(json!({"shop": "A"})).await;
        assert_eq!(told().await, json!(["9.10", "2.275000", "1.10", "4.00", "3", "4", "5", "2.90"]));
        // What is no longer there is no greatest and no least any more.
        let dear = sale.edit(admin, &dear, json!({"price": "1.5"})).await.ok();
        assert_eq!(told().await, json!(["6.60", "1.650000", "1.10", "2.00", "3", "4", "5", "0.90"]));
        admin.delete(&sale.at(&first), 1).await.with_status(204);
        assert_eq!(told().await, json!(["5.50", "1.833333", "1.50", "2.00", "2", "3", "4", "0.50"]));
        admin.post(&format!("{}/restore", sale.at(&first)), json!({})).await.ok();
        assert_eq!(told().await, json!(["6.60", "1.650000", "1.10", "2.00", "3", "4", "5", "0.90"]));
        // To another shop and back; to none, where it counts for nothing.
        let moved = sale.edit(admin, &dear, json!({"shop": "B"})).await.ok();
        assert_eq!(
            figures(&shop.rows(&id).await[1]),
            json!(["1.50", "1.500000", "1.50", "1.50", "1", "1", "1", "0.00"])
        );
        sale.edit(admin, &moved, json!({"shop": null})).await.ok();
        assert_eq!(shop.rows(&id).await.len(), 1);
        // Without a price there is no average, and nothing to compute from it.
        sale.add(json!({"shop": "C"})).await;
        let row = shop.rows(&id).await[1].clone();
        assert_eq!(figures(&row), json!(["0.00", null, null, null, "0", "0", "1", null]));
        shop.verify(&id).await;
    })
    .await;
}

#[tokio::test]
async fn a_limit_on_the_greatest_value_holds_and_says_what_is_there() {
    on_both_shared(async |workspace| {
        let shop = Shop::build(&workspace).await;
        let (sale, admin) = (&shop.sale, &workspace.admin);
        let mut table = prices();
        table["constraints"] = json!([{"key": "cheap", "check": test("most", "lte", "10"), "message": "Too dear"},
            {"key": "calm", "check": test("average", "lte", "6"), "message": "Too dear on average"}]);
        let id = shop.app.aggregate(table).await;
        sale.add(json!({"shop": "A", "price": "3"})).await;
        let told = sale.create(admin, json!({"shop": "A", "price": "11"})).await.refused(409, "constraint");
        assert_eq!((&told["before"], &told["value"]), (&json!("3.00"), &json!("11.00")));
        assert_eq!(faults(&told), ["fields.price: constraint"]);
        let told = sale.create(admin, json!({"shop": "A", "price": "9.5"})).await.refused(409, "constraint");
        assert_eq!((&told["constraint"], &told["value"]), (&json!("calm"), &json!("6.250000")));
        // Nothing is too dear where nothing has a price.
        sale.add(json!({"shop": "B"})).await;
        // In a bulk that is all or none the row is named.
        let rows = json!({"create": [{"fields": {"shop": "C", "price": 1}}, {"fields": {"shop": "C", "price": 12}}]});
        let told = admin.post(&sale.path("/records/bulk"), rows).await.refused(409, "constraint");
        assert_eq!(faults(&told), ["create.1.fields.price: constraint"]);
        shop.verify(&id).await;
    })
    .await;
}

#[tokio::test]
async fn rows_of_a_sub_form_and_days_by_their_units_tell_groups_apart() {
    on_both_shared(async |workspace| {
        let shop = Shop::build(&workspace).await;
        let sale = &shop.sale;
        let by = |key: &str, field: &str, unit: &str| {
            json!({"key": key, "label": key, "dimensions": [{"key": "item", "label": "Item"}, {"key": "when", "label": "When"}],
                "sources": [{"form": "sale", "rows": "lines", "filter": test("gift", "eq", false),
                    "group": {"item": "lines.item", "when": {"field": field, "unit": unit}},
                    "measures": {"qty": {"fn": "sum", "field": "lines.qty"}, "most": {"fn": "max", "field": "lines.qty"}}}]})
        };
        let units = [("year", "2026"), ("quarter", "2026-Q4"), ("month", "2026-11"), ("week", "2026-W47"), ("day", "2026-11-22")];
        let mut tables = Vec::new();
        for (unit, name) in units {
            tables.push((shop.app.aggregate(by(&format!("on_{unit}"), "on", unit)).await, name));
            // The last minute of that day where the workspace is.
            tables.push((shop.app.aggregate(by(&format!("at_{unit}"), "at", unit)).await, name));
        }
        let zone = workspace.admin.get("/me").await.ok()["workspace"]["zone"].as_str().unwrap_or("UTC").to_owned();
        let last = jiff::civil::date(2026, 11, 22).at(23, 59, 0, 0).in_tz(&zone).unwrap().timestamp().to_string();
        let lines = json!([{"item": "pen", "qty": 2}, {"item": "ink", "qty": 1}, {"item": "pen", "qty": 5}, {"qty": 9}]);
        sale.add(json!({"on": "2026-11-22", "at": last, "lines": lines})).await;
        sale.add(json!({"on": "2026-11-22", "at": last, "gift": true, "lines": lines})).await;
        sale.add(json!({"lines": lines})).await;
        for (id, name) in tables {
            let rows = shop.rows(&id).await;
            assert_eq!(rows.len(), 2, "{rows:?}");
            assert_eq!(rows[1]["group"], json!({"item": "pen", "when": name}));
            assert_eq!(rows[1]["values"], json!({"qty": "7", "most": "5"}));
            shop.verify(&id).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_changed_table_is_built_anew_and_keeps_what_it_was_where_it_may_not() {
    on_both_shared(async |workspace| {
        let shop = Shop::build(&workspace).await;
        let (sale, admin) = (&shop.sale, &workspace.admin);
        for (place, price) in [("A", 1), ("A", 5), ("B", 3)] {
            sale.add(json!({"shop": place, "kind": "cash", "price": price})).await;
        }
        let id = shop.app.aggregate(prices()).await;
        let path = format!("/aggregates/{id}");
        let made = admin.get(&path).await.ok();
        assert_eq!((&made["key"], version_of(&made)), (&json!("prices"), 1));
        let mut document = made["document"].clone();
        assert_eq!(document["sources"][0]["measures"]["average"]["fn"], "avg");

        // Whoever saw another version, and whoever gives it another key, changes nothing.
        admin.put(&path, "\"7\"", document.clone()).await.refused(412, "stale");
        let mut renamed = document.clone();
        renamed["key"] = json!("other");
        assert_eq!(
            faults(&admin.put(&path, "\"1\"", renamed).await.refused(422, "validation")),
            ["/key: key_is_fixed"]
        );

        // Another limit, a new label, another formula: what is kept stays.
        document["label"] = json!("Prices of shops");
        document["measures"] = json!([{"key": "twice", "formula": "2 * sum", "scale": 2}]);
        document["constraints"] =
            json!([{"key": "few", "check": test("twice", "lte", "11"), "message": "Too much"}]);
        let told = admin.put(&path, "\"1\"", document.clone()).await.refused(409, "constraint");
        assert_eq!((&told["constraint"], &told["groups"]), (&json!("few"), &json!([{"shop": "A"}])));
        document["constraints"][0]["check"]["value"] = json!("12");
        admin.put(&path, "\"1\"", document.clone()).await.ok();
        assert_eq!(shop.rows(&id).await[0]["values"]["twice"], "12.00");
        sale.create(admin, json!({"shop": "A", "price": 1})).await.refused(409, "constraint");

        // Other groups, another filter: counted anew, and kept from there on.
        document["dimensions"] = json!([{"key": "kind", "label": "Kind"}]);
        document["sources"][0]["group"] = json!({"kind": "kind"});
        document["sources"][0]["filter"] = test("shop", "eq", "A");
        document["constraints"] = json!([]);
        let changed = admin.put(&path, "\"2\"", document.clone()).await;
        assert_eq!(changed.headers["etag"], "\"3\"");
        assert_eq!(changed.ok()["id"], id.as_str());
        assert_eq!(shop.rows(&id).await[0]["group"], json!({"kind": "cash"}));
        assert_eq!(shop.rows(&id).await[0]["values"]["sum"], "6.00");
        sale.add(json!({"shop": "A", "kind": "card", "price": 8})).await;
        assert_eq!(shop.rows(&id).await.len(), 2);
        shop.verify(&id).await;

        // Not anybody's to change; once removed it is gone, and limits nobody.
        let mei = workspace.person("mei").await;
        mei.put(&path, "*", document.clone()).await.refused(404, "not_found");
        sale.allow(group("sellers", &[&mei.id])).await;
        // Who may not read the table isn't told that there is one, whatever they may see of its forms.
        mei.put(&path, "*", document.clone()).await.refused(404, "not_found");
        mei.delete(&path, 3).await.refused(404, "not_found");
        admin.delete(&path, 1).await.refused(412, "stale");
        admin.delete(&path, 3).await.with_status(204);
        admin.get(&path).await.refused(404, "not_found");
        admin.get(&format!("{path}/rows")).await.refused(404, "not_found");
        admin.get(&format!("/aggregates/{UNKNOWN}")).await.refused(404, "not_found");
        sale.add(json!({"shop": "A", "price": 100})).await;
        // Its key is free again.
        shop.app.aggregate(prices()).await;
    })
    .await;
}

#[tokio::test]
async fn a_table_that_a_dashboard_shows_keeps_what_the_dashboard_reads() {
    on_both_shared(async |workspace| {
        let shop = Shop::build(&workspace).await;
        let admin = &workspace.admin;
        let id = shop.app.aggregate(prices()).await;
        let tile = json!({"key": "sums", "label": "Sums", "at": [0, 0, 6, 3], "kind": "bar", "source": {"aggregate": "prices"},
            "group": [{"field": "shop"}], "measures": [{"key": "sum", "fn": "sum", "field": "sum"}]});
        let board = json!({"format": 1, "key": "board", "label": "Board", "tiles": [tile]});
        admin.post(&shop.app.path("/dashboards"), board).await.created();
        let path = format!("/aggregates/{id}");
        let told = admin.delete(&path, 1).await.refused(409, "aggregate_shown");
        assert!(told["detail"].as_str().unwrap().contains("Board"), "{told}");
        let mut document = prices();
        document["sources"][0]["measures"] = json!({"sales": {"fn": "count"}});
        document["measures"] = json!([]);
        admin.put(&path, "*", document).await.refused(409, "aggregate_shown");
        // What was refused left nothing behind.
        shop.sale.add(json!({"shop": "A", "price": 2})).await;
        assert_eq!(shop.rows(&id).await[0]["values"]["sum"], "2.00");
        shop.verify(&id).await;
    })
    .await;
}

#[tokio::test]
async fn a_document_that_does_not_fit_is_refused_where_it_stands() {
    on_both_shared(async |workspace| {
        let shop = Shop::build(&workspace).await;
        let refused = async |change: &dyn Fn(&mut Value)| {
            let mut document = prices();
            change(&mut document);
            let told = workspace.admin.post(&shop.app.path("/aggregates"), document).await;
            faults(&told.refused(422, "validation"))
        };
        assert_eq!(refused(&|d| d["label"] = json!("")).await, ["/label: label_missing"]);
        assert_eq!(
            refused(&|d| {
                d["dimensions"] = json!([]);
                d["sources"][0]["group"] = json!({});
            })
            .await[0],
            "/dimensions: required"
        );
        assert_eq!(
            refused(&|d| d["measures"][0]["key"] = json!("sum")).await,
            ["/measures/0/key: duplicate_key"]
        );
        assert_eq!(
            refused(&|d| d["measures"][0]["formula"] = json!("DAY(TODAY())")).await,
            ["/measures/0/formula: time_dependent"]
        );
        let second = json!({"form": "sale", "group": {"shop": "on"}, "measures": {"least": {"fn": "count"}}});
        assert_eq!(
            refused(&|d| d["sources"].as_array_mut().unwrap().push(second.clone())).await,
            ["/sources/1/group/shop: other_dimension", "/sources/1/measures/least/fn: other_function"]
        );
    })
    .await;
}

/// What a comparison tells of one group.
async fn verified(admin: &Client, id: &str) -> Value {
    admin.post(&format!("/aggregates/{id}/verify"), json!({})).await.ok()
}

#[tokio::test]
async fn groups_that_are_not_what_their_records_say_are_named() {
    on_both(async |server| {
        let admin = server.set_up().await;
        let workspace = Workspace { admin: admin.clone() };
        let shop = Shop::build(&workspace).await;
        let table = json!({"key": "sums", "label": "Sums", "dimensions": [{"key": "shop", "label": "Shop"}],
            "sources": [{"form": "sale", "group": {"shop": "shop"}, "measures": {"sum": {"fn": "sum", "field": "price"}}}]});
        let id = shop.app.aggregate(table).await;
        shop.sale.add(json!({"shop": "A", "price": "1.5"})).await;
        shop.sale.add(json!({"shop": "B", "price": "2"})).await;
        let right = verified(&admin, &id).await;
        assert_eq!((&right["right"], &right["groups"], &right["differing"]), (&json!(true), &json!(2), &json!(0)));
        let mut inside = Inside::of(server).await;
        inside.spoil_groups().await;
        let wrong = verified(&admin, &id).await;
        assert_eq!((&wrong["right"], &wrong["differing"]), (&json!(false), &json!(2)));
        let first = &wrong["differences"][0];
        assert_eq!((&first["group"], &first["rebuilt"]), (&json!({"shop": "A"}), &json!({"sum": "1.50"})));
        assert_ne!(first["kept"], first["rebuilt"]);
        inside.lose_groups().await;
        let lost = verified(&admin, &id).await;
        assert_eq!((&lost["groups"], &lost["differing"]), (&json!(0), &json!(2)));
        assert_eq!((&lost["differences"][1]["kept"], &lost["differences"][1]["rebuilt"]), (&Value::Null, &json!({"sum": "2.00"})));
        // A change of what it counts builds it anew.
        let made = admin.get(&format!("/aggregates/{id}")).await.ok();
        let mut document = made["document"].clone();
        document["sources"][0]["measures"]["n"] = json!({"fn": "count"});
        admin.put(&format!("/aggregates/{id}"), "\"1\"", document).await.ok();
        assert_eq!(verified(&admin, &id).await["right"], true);
        let all = admin.post(&shop.app.path("/aggregates/verify"), json!({})).await.ok();
        assert_eq!(items(&all).iter().map(id_of).collect::<Vec<_>>(), [id]);
    })
    .await;
}

/// What an index can't hold is refused where it is entered, on both databases alike.
#[tokio::test]
async fn texts_that_are_too_long_to_tell_groups_by_are_refused_at_their_field() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Long").await;
        let fields = || [text("item"), number("qty", 0)];
        let entry = app.form(form("entry", fields())).await;
        let other = app.form(form("other", fields())).await;
        let table = |of: &str| {
            let measures = json!({"qty": {"fn": "sum", "field": "qty"}});
            json!({"format": 1, "key": format!("{of}_items"), "label": of, "measures": [],
                "dimensions": [{"key": "item", "label": "Item"}],
                "sources": [{"form": of, "group": {"item": "item"}, "measures": measures}]})
        };
        app.aggregate(table("entry")).await;
        let long = "长".repeat(900);
        let refused = entry.create(admin, json!({"item": long, "qty": 1})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.item: too_long"]);
        let made = entry.add(json!({"item": "长".repeat(500), "qty": 1})).await;
        let refused = entry.edit(admin, &made, json!({"item": long})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.item: too_long"]);
        // A table over what is there already, too.
        other.add(json!({"item": long, "qty": 1})).await;
        let refused = admin.post(&app.path("/aggregates"), table("other")).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["/sources: too_long"]);
    })
    .await;
}
