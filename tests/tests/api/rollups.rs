//! Rollups: what is kept beside the record and what is computed when it is read, and how lists go by them.

use serde_json::{Value, json};
use tests::design::{Field, date, form, formula, group, link, number, select, subform, test, text};
use tests::on_both_shared;
use tests::workspace::{faults, id_of, items, values_of, version_of};
use tests::{Form, Workspace};

fn rollup(key: &str, function: &str, field: Option<&str>) -> Field {
    let rollup = Field::new(key, "rollup").option("form", "order").option("link", "customer");
    let rollup = rollup.option("fn", function);
    match field {
        Some(field) => rollup.option("field", field),
        None => rollup,
    }
}

fn add(field: Field) -> Value {
    json!({"do": "add_field", "field": field.value()})
}

/// Customers with rollups over their orders.
async fn shop(workspace: &Workspace, rollups: impl IntoIterator<Item = Field>) -> (Form, Form) {
    let app = workspace.app("Shop").await;
    let customer = app.form(form("customer", [text("name")]).with("title", "{name}")).await;
    let order = [
        link("customer", "customer").option("on_target_delete", "cascade"),
        number("amount", 2),
        date("day"),
        select("state", &["open", "done"]),
        formula("double", "amount * 2"),
        formula("age", "TODAY() - day"),
        subform("lines", [number("qty", 0)]),
    ];
    let order = app.form(form("order", order)).await;
    customer.extend(rollups.into_iter().map(add).collect()).await;
    (customer, order)
}

#[tokio::test]
async fn lists_go_by_rollups_as_by_any_number() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let rollups = [rollup("orders", "count", None), rollup("total", "sum", Some("amount"))];
        let (customer, order) = shop(&workspace, rollups).await;
        customer.extend(json!([add(formula("each", "total / orders"))])).await;
        let names = ["Ann", "Bob", "Cid", "Dot"];
        let ids = customer.add_all(names.map(|name| json!({"name": name}))).await;
        let amounts = [(0, "10.50"), (0, "2"), (1, "40"), (2, "-1"), (2, "1")];
        order.add_all(amounts.map(|(at, amount)| json!({"customer": ids[at], "amount": amount}))).await;

        let found = async |query: Value| {
            let page = customer.query(admin, query).await.ok();
            values_of(&page, "name").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let by = |field: &str, desc: bool| json!([{"field": field, "desc": desc}, {"field": "name"}]);
        assert_eq!(found(json!({"sort": by("total", true)})).await, ["Bob", "Ann", "Cid", "Dot"]);
        assert_eq!(found(json!({"sort": by("orders", false)})).await, ["Dot", "Bob", "Ann", "Cid"]);
        let page = json!({"sort": by("total", true), "limit": 2});
        let first = customer.query(admin, page).await.ok();
        let next = json!({"sort": by("total", true), "limit": 2, "cursor": first["next"]});
        assert_eq!(found(next).await, ["Cid", "Dot"]);
        for (filter, expected) in [
            (test("total", "gt", 5), vec!["Ann", "Bob"]),
            (test("total", "eq", 0), vec!["Cid", "Dot"]),
            (json!({"not": test("orders", "gte", 1)}), vec!["Dot"]),
            (test("orders", "between", json!([1, 1])), vec!["Bob"]),
            (test("total", "in", json!(["12.50", "0.01"])), vec!["Ann"]),
        ] {
            let asked = json!({"filter": filter, "sort": [{"field": "name"}], "count": "exact"});
            assert_eq!(found(asked.clone()).await, expected, "{filter}");
            let counted = customer.query(admin, asked).await.ok();
            assert_eq!(counted["count"]["value"], expected.len(), "{filter}");
        }
        // From the orders, through the link; and added up.
        let rich = json!({"filter": test("customer.total", "gt", 20), "sort": [{"field": "customer.total"}]});
        assert_eq!(values_of(&order.query(admin, rich).await.ok(), "amount"), ["40.00"]);
        let by_total = json!({"sort": [{"field": "customer.total", "desc": true}, {"field": "amount"}]});
        let sorted = order.query(admin, by_total).await.ok();
        assert_eq!(values_of(&sorted, "amount"), ["40.00", "2.00", "10.50", "-1.00", "1.00"]);
        let grouped = json!({"group": [{"field": "orders"}],
            "measures": [{"key": "n", "fn": "count"}, {"key": "sum", "fn": "sum", "field": "total"}]});
        let grouped = customer.add_up(admin, grouped).await.ok();
        let rows = grouped["rows"].as_array().unwrap();
        let row = |orders: &str| rows.iter().find(|row| row["group"][0] == orders).unwrap();
        assert_eq!((&row("2")["values"]["n"], &row("2")["values"]["sum"]), (&json!("2"), &json!("12.50")));
        assert_eq!(row("0")["values"]["n"], "1");
        // Who asks for a formula alone gets what it is made of.
        let each = json!({"fields": ["each"], "sort": [{"field": "name"}], "limit": 2});
        let each = customer.query(admin, each).await.ok();
        assert_eq!(values_of(&each, "each"), ["6.25", "40.00"]);
        assert!(items(&each)[0]["fields"].get("total").is_none(), "{each}");
    })
    .await;
}

#[tokio::test]
async fn what_depends_on_the_day_is_computed_when_it_is_read_and_marked_so() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let recent = test("day", "within", json!({"relative": "last_n_days", "n": 30}));
        let mine = test("$owner", "eq", json!({"var": "me"}));
        let rollups = [
            rollup("total", "sum", Some("amount")),
            rollup("doubled", "sum", Some("double")),
            rollup("recent", "sum", Some("amount")).option("filter", recent),
            rollup("mine", "count", None).option("filter", mine),
            rollup("aged", "count", None).option("filter", test("age", "gt", 1)),
            rollup("named", "count", None).option("filter", test("customer.name", "eq", "Ann")),
        ];
        let (customer, order) = shop(&workspace, rollups).await;
        let design = admin.get(&customer.path("")).await.ok();
        assert_eq!(design["live"], json!(["recent", "mine", "aged", "named"]), "{design}");
        let ann = customer.add(json!({"name": "Ann"})).await;
        order.add(json!({"customer": ann["id"], "amount": 5, "day": "2001-01-01"})).await;
        let seen = customer.read(admin, &ann).await.ok();
        let fields = ["total", "doubled", "recent", "mine", "named"].map(|key| &seen["fields"][key]);
        assert_eq!(fields, ["5.00", "10.00", "0.00", "1", "1"]);
        customer.query(admin, json!({"sort": [{"field": "total"}]})).await.ok();
        customer.query(admin, json!({"filter": test("doubled", "gt", 9)})).await.ok();
        for field in ["recent", "mine"] {
            let sorted = customer.query(admin, json!({"sort": [{"field": field}]})).await;
            sorted.refused(422, "not_sortable");
        }
        // What is kept may be kept no longer, and the other way round.
        let set = |key: &str, member: &str, value: Value| json!([{"do": "set", "key": key, "member": member, "value": value}]);
        customer.extend(set("recent", "options.filter", test("state", "eq", "done"))).await;
        order.extend(set("double", "options.formula", json!("amount * 2 + 0 * DAY(TODAY())"))).await;
        let design = admin.get(&customer.path("")).await.ok();
        assert_eq!(design["live"], json!(["doubled", "mine", "aged", "named"]), "{design}");
        order.add(json!({"customer": ann["id"], "amount": 2, "state": "done"})).await;
        let seen = customer.read(admin, &ann).await.ok();
        assert_eq!((&seen["fields"]["recent"], &seen["fields"]["total"]), (&json!("2.00"), &json!("7.00")));
        assert_eq!(seen["fields"]["doubled"], json!({"error": "#REF!"}), "nothing of it is stored any more");
        order.extend(set("double", "options.formula", json!("amount * 3"))).await;
        let fresh = order.add(json!({"customer": ann["id"], "amount": 10})).await;
        assert_eq!(fresh["fields"]["double"], "30.00");
        let seen = customer.read(admin, &ann).await.ok();
        assert!(seen["fields"]["doubled"].is_string(), "kept again: {}", seen["fields"]["doubled"]);
        assert_eq!(version_of(&seen), 1, "figures raise no version");
    })
    .await;
}

#[tokio::test]
async fn what_is_deleted_with_others_or_comes_back_counts_again() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Tree").await;
        let node = app
            .form(form(
                "node",
                [
                    text("name"),
                    link("above", "node").option("on_target_delete", "cascade"),
                    number("size", 0),
                ],
            ))
            .await;
        let own = |key: &str, function: &str| {
            Field::new(key, "rollup").option("form", "node").option("link", "above").option("fn", function)
        };
        node.extend(json!([add(own("below", "count")), add(own("weight", "sum").option("field", "size"))]))
            .await;
        let top = node.add(json!({"name": "top"})).await;
        let middle = node.add(json!({"name": "middle", "above": top["id"], "size": 3})).await;
        for size in [5, 7] {
            node.add(json!({"name": "leaf", "above": middle["id"], "size": size})).await;
        }
        let figures = async |record: &Value| {
            let seen = node.read(admin, record).await.ok();
            [seen["fields"]["below"].clone(), seen["fields"]["weight"].clone(), seen["version"].clone()]
        };
        assert_eq!(figures(&top).await, [json!("1"), json!("3"), json!(1)]);
        assert_eq!(figures(&middle).await, [json!("2"), json!("12"), json!(1)]);
        admin.delete(&node.at(&middle), 1).await.with_status(204);
        assert_eq!(figures(&top).await, [json!("0"), json!("0"), json!(1)]);
        // What went with it comes back with it, and counts again.
        admin.post(&format!("{}/restore", node.at(&middle)), json!({})).await.ok();
        assert_eq!(figures(&top).await[..2], [json!("1"), json!("3")]);
        assert_eq!(figures(&middle).await[..2], [json!("2"), json!("12")]);
        // A record may count for itself.
        let seen = node.read(admin, &top).await.ok();
        node.edit(admin, &seen, json!({"above": top["id"], "size": 1})).await.ok();
        assert_eq!(figures(&top).await[..2], [json!("2"), json!("4")]);
    })
    .await;
}

#[tokio::test]
async fn a_figure_is_read_by_the_right_on_its_field_and_asked_by_nobody_else() {
    on_both_shared(async |workspace| {
        let rollups = [rollup("orders", "count", None), rollup("total", "sum", Some("amount"))];
        let (customer, order) = shop(&workspace, rollups).await;
        let ids = customer.add_all(["Ann", "Bob"].map(|name| json!({"name": name}))).await;
        order.add_all([(0, 5), (1, 50)].map(|(at, n)| json!({"customer": ids[at], "amount": n}))).await;
        let mei = workspace.person("mei").await;
        let some = group("some", &[&mei.id]).may(&["view"]).field("total", "none");
        customer.allow(some).await;
        let all = customer.query(&mei, json!({"sort": [{"field": "orders"}, {"field": "name"}]})).await.ok();
        assert_eq!(values_of(&all, "orders"), ["1", "1"], "of orders that she does not see");
        assert!(items(&all)[0]["fields"].get("total").is_none(), "{all}");
        for query in [json!({"sort": [{"field": "total"}]}), json!({"filter": test("total", "gt", 10)})] {
            customer.query(&mei, query).await.refused(422, "unknown_field");
        }
        // On records where the field is closed it is empty to whoever filters and sorts by it.
        let tom = workspace.person("tom").await;
        customer.allow(group("all", &[&tom.id]).may(&["view"]).field("total", "none")).await;
        let open = group("ann", &[&tom.id]).may(&["view"]).rows(test("name", "eq", "Ann"));
        customer.allow(open).await;
        let sorted = customer.query(&tom, json!({"sort": [{"field": "total", "desc": true}]})).await.ok();
        assert_eq!(values_of(&sorted, "name"), ["Ann", "Bob"], "Bob's is larger, and closed");
        let above = customer.query(&tom, json!({"filter": test("total", "gt", 1)})).await.ok();
        assert_eq!(values_of(&above, "name"), ["Ann"]);
    })
    .await;
}

#[tokio::test]
async fn a_figure_is_nobody_s_to_set_and_no_source_of_what_is_kept() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let (customer, order) = shop(&workspace, [rollup("total", "sum", Some("amount"))]).await;
        let refused = customer.create(admin, json!({"name": "Ann", "total": "5"})).await;
        assert_eq!(faults(&refused.refused(422, "not_writable")), ["fields.total: not_writable"]);
        let ann = customer.add(json!({"name": "Ann"})).await;
        order.add(json!({"customer": ann["id"], "amount": 5})).await;
        let seen = customer.read(admin, &ann).await.ok();
        let same = customer.edit(admin, &seen, json!({"name": "Anna"})).await.ok();
        assert_eq!((&same["fields"]["total"], version_of(&same)), (&json!("5.00"), 2));
        let history = admin.get(&format!("{}/history", customer.at(&ann))).await.ok();
        assert!(!history.to_string().contains("total"), "{history}");
        let stale = customer.edit(admin, &seen, json!({"name": "Annie"})).await;
        assert_eq!(stale.refused(412, "stale")["current"]["fields"]["total"], "5.00");

        let draft = admin.get(&customer.path("/draft")).await.ok();
        let unique = json!([{"do": "set", "key": "total", "member": "unique", "value": true}]);
        let unique = json!({"base": draft["base"], "edits": unique});
        admin.post(&customer.path("/draft/edits"), unique).await.ok();
        let problem = admin.post(&customer.path("/publish"), json!({})).await.refused(422, "validation");
        assert!(faults(&problem).iter().any(|fault| fault.starts_with("/fields/1/unique")), "{problem}");
    })
    .await;
}

#[tokio::test]
async fn sixteen_at_once_add_to_one_figure() {
    on_both_shared(async |workspace| {
        let rollups = [
            rollup("orders", "count", None),
            rollup("total", "sum", Some("amount")),
            rollup("least", "min", Some("amount")),
            rollup("days", "distinct", Some("day")),
        ];
        let (customer, order) = shop(&workspace, rollups).await;
        let ann = customer.add(json!({"name": "Ann"})).await;
        let all: Vec<_> = (1..=16)
            .map(|n| {
                let (order, ann) = (order.clone(), ann["id"].clone());
                tokio::spawn(async move {
                    for m in 1..=4 {
                        let day = format!("2026-01-{m:02}");
                        let fields = json!({"customer": ann, "amount": n * m, "day": day});
                        let made = order.create(&order.admin, fields).await.created();
                        if m == 1 {
                            let gone = order.admin.delete(&order.at(&made), version_of(&made)).await;
                            gone.with_status(204);
                        }
                    }
                })
            })
            .collect();
        for one in all {
            one.await.unwrap();
        }
        let seen = customer.read(&workspace.admin, &ann).await.ok();
        let fields = ["orders", "total", "least", "days"].map(|key| &seen["fields"][key]);
        assert_eq!(fields, ["48", "1224.00", "2.00", "3"]);
        assert_eq!(id_of(&seen), id_of(&ann));
    })
    .await;
}

/// A text that no database makes shorter.
fn noise(length: usize) -> String {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let letters = std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'a' + (state >> 40) as u8 % 26)
    });
    letters.take(length).collect()
}

#[tokio::test]
async fn different_texts_are_counted_however_long_they_are() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let app = workspace.app("Words").await;
        let customer = app.form(form("customer", [text("name")])).await;
        let order = app.form(form("order", [link("customer", "customer"), text("word")])).await;
        customer.extend(json!([add(rollup("words", "distinct", Some("word")))])).await;
        let ann = customer.add(json!({"name": "Ann"})).await;
        let long = noise(20_000);
        let words = async || customer.read(admin, &ann).await.ok()["fields"]["words"].clone();
        let mut made = Vec::new();
        for (word, count) in [(long.as_str(), "1"), ("short", "2"), (long.as_str(), "2")] {
            made.push(order.add(json!({"customer": ann["id"], "word": word})).await);
            assert_eq!(words().await, count);
        }
        for (record, count) in [(&made[0], "2"), (&made[2], "1")] {
            admin.delete(&order.at(record), 1).await.with_status(204);
            assert_eq!(words().await, count);
        }
    })
    .await;
}
