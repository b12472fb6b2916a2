//! What is checked, kept exactly and worked out.

use serde_json::{Value, json};
use tests::design::{date, form, number, select, subform, test, text};
use tests::on_both_shared;
use tests::workspace::{faults, id_of, items};

#[tokio::test]
async fn decimals_are_exact_and_never_clipped() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [
            number("amount", 2),
            number("rate", 8),
            number("whole", 0),
            number("product", 2).computed("amount * rate"),
        ])).await;
        let exact = order.add(json!({"amount": "9999999999999999.99", "rate": 0.00000001, "whole": "999999999999999999"})).await;
        assert_eq!(exact["fields"], json!({
            "amount": "9999999999999999.99", "rate": "0.00000001", "whole": "999999999999999999", "product": "100000000.00",
        }));
        assert_eq!(order.read(admin, &exact).await.ok()["fields"], exact["fields"]);
        let refused = async |fields: Value| {
            faults(&order.create(admin, fields).await.refused(422, "validation"))
        };
        assert_eq!(refused(json!({"amount": "0.001"})).await, ["fields.amount: too_precise"]);
        assert_eq!(refused(json!({"amount": 0.125})).await, ["fields.amount: too_precise"]);
        assert_eq!(refused(json!({"amount": "10000000000000000"})).await, ["fields.amount: out_of_range"]);
        assert_eq!(refused(json!({"whole": "-1000000000000000000"})).await, ["fields.whole: out_of_range"]);
        assert_eq!(refused(json!({"whole": 1e300})).await, ["fields.whole: out_of_range"]);
        assert_eq!(refused(json!({"amount": "12,50"})).await, ["fields.amount: not_a_number"]);
        assert_eq!(refused(json!({"amount": true})).await, ["fields.amount: wrong_type"]);
        // Zeros at the end are no precision; full-width digits are digits.
        let zeros = order.add(json!({"amount": "1.5000", "whole": "１２"})).await;
        assert_eq!((&zeros["fields"]["amount"], &zeros["fields"]["whole"]), (&json!("1.50"), &json!("12")));
        // A result that fits nowhere is refused, not clipped.
        let overflow = refused(json!({"amount": "9999999999999999.99", "rate": "9999999999"})).await;
        assert_eq!(overflow.len(), 1, "{overflow:?}");
        // Sums are exact, too.
        for _ in 0..10 {
            order.add(json!({"amount": "0.1"})).await;
        }
        let filter = json!({"filter": test("amount", "eq", "0.1"), "measures": [{"key": "sum", "fn": "sum", "field": "amount"}]});
        assert_eq!(order.add_up(admin, filter).await.ok()["rows"][0]["values"]["sum"], "1.00");
    })
    .await;
}

/// Digits that other products are known to have lost, here on their whole way: typed, stored, computed with, added up, found.
#[tokio::test]
async fn digits_that_others_have_lost_are_kept() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let fields = [
            text("name"),
            number("whole", 0),
            number("large", 2),
            number("fine", 8),
            number("line", 2).computed("fine * 100"),
            number("net", 2).computed("large / 1.13"),
        ];
        let ledger = workspace.form(form("ledger", fields)).await;
        for (name, entered, kept) in [
            ("a whole number", json!({"whole": 669_500_000}), json!({"whole": "669500000"})),
            ("the same as text", json!({"whole": "669500000"}), json!({"whole": "669500000"})),
            ("beyond whole floats", json!({"whole": "9007199254740993"}), json!({"whole": "9007199254740993"})),
            ("an amount", json!({"large": 6_695_000_001_234.56}), json!({"large": "6695000001234.56"})),
            ("times a hundred", json!({"fine": "2.3"}), json!({"fine": "2.30000000", "line": "230.00"})),
            ("a half below zero", json!({"fine": "-0.27565"}), json!({"line": "-27.57"})),
            ("just below it", json!({"fine": "-0.27564999"}), json!({"line": "-27.56"})),
            ("a tax taken out", json!({"large": "113"}), json!({"net": "100.00"})),
            ("a third of a cent", json!({"fine": "0.00000001"}), json!({"fine": "0.00000001", "line": "0.00"})),
        ] {
            let mut fields = entered.clone();
            fields["name"] = json!(name);
            let made = ledger.add(fields).await;
            let read = ledger.read(admin, &made).await.ok();
            for (key, value) in kept.as_object().unwrap() {
                assert_eq!(read["fields"][key], *value, "{name}: {entered}");
                let found = ledger.query(admin, json!({"filter": test(key, "eq", value.clone())})).await.ok();
                assert!(items(&found).iter().any(|record| record["id"] == made["id"]), "{name}: {key}");
            }
        }
        // A thousand lines of odd cents add up to what whole numbers give.
        let cents = |n: u64| 7 * n * n + 3 * n + 1;
        let line = |n: u64| json!({"name": "sum", "large": format!("{}.{:02}", cents(n) / 100, cents(n) % 100)});
        for chunk in (0..1_000u64).collect::<Vec<_>>().chunks(500) {
            ledger.add_all(chunk.iter().map(|n| line(*n))).await;
        }
        let sum: u64 = (0..1_000).map(cents).sum();
        let asked = json!({"filter": test("name", "eq", "sum"), "measures": [{"key": "sum", "fn": "sum", "field": "large"}]});
        let rows = ledger.add_up(admin, asked).await.ok()["rows"].clone();
        assert_eq!(rows[0]["values"]["sum"], format!("{}.{:02}", sum / 100, sum % 100));
    })
    .await;
}

/// What people enter is never rounded; what is worked out is, as its field says.
#[tokio::test]
async fn a_result_is_rounded_as_its_field_says() {
    on_both_shared(async |workspace| {
        let modes = ["half_up", "half_even", "down", "up", "ceiling", "floor"];
        let half = |mode: &str| number(mode, 1).option("rounding", mode).computed("twice / 2");
        let fields = [number("twice", 2)].into_iter().chain(modes.map(half));
        let halves = workspace.form(form("halves", fields)).await;
        for (twice, expected) in [
            ("4.50", ["2.3", "2.2", "2.2", "2.3", "2.3", "2.2"]),
            ("4.42", ["2.2", "2.2", "2.2", "2.3", "2.3", "2.2"]),
            ("-4.50", ["-2.3", "-2.2", "-2.2", "-2.3", "-2.2", "-2.3"]),
            ("-4.42", ["-2.2", "-2.2", "-2.2", "-2.3", "-2.2", "-2.3"]),
        ] {
            let record = halves.add(json!({"twice": twice})).await;
            let stored = halves.read(&workspace.admin, &record).await.ok();
            assert_eq!(
                modes.map(|mode| stored["fields"][mode].clone()),
                expected.map(Value::from),
                "{twice}"
            );
        }
    })
    .await;
}

/// What stands for "until further notice" in many a table is a day like any other.
#[tokio::test]
async fn the_first_and_the_last_day_come_back() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let contract = workspace.form(form("contract", [date("until")])).await;
        let days = ["1000-01-01", "1969-12-31", "9999-12-31"];
        for day in days {
            let record = contract.add(json!({"until": day})).await;
            assert_eq!(record["fields"]["until"], day);
            assert_eq!(contract.read(admin, &record).await.ok()["fields"]["until"], day);
        }
        let list = contract.query(admin, json!({"sort": [{"field": "until"}]})).await.ok();
        let found: Vec<&Value> = items(&list).iter().map(|record| &record["fields"]["until"]).collect();
        assert_eq!(found, days);
        let last = contract.query(admin, json!({"filter": test("until", "eq", "9999-12-31")})).await.ok();
        assert_eq!(items(&last).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_record_is_said_at_once_and_nothing_is_stored() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(
            form("order", [
                text("name").required().option("max_length", 5),
                number("qty", 0).option("min", "1").option("max", "10"),
                select("state", &["open", "done"]),
                date("from"),
                date("to"),
                subform("lines", [number("n", 0).required()]),
            ])
            .with("validate", json!([{"key": "range", "formula": "to >= from", "message": "Ends before it starts"}])),
        ).await;
        let wrong = json!({"qty": 11, "state": "lost", "from": "2026-02-30", "lines": [{"n": 1}, {}]});
        let problem = order.create(admin, wrong).await.refused(422, "validation");
        let mut found = faults(&problem);
        found.sort();
        // What can't be read comes first: rules are about values.
        assert_eq!(found, ["fields.from: not_a_date", "fields.state: unknown_choice"]);
        let problem = order.create(admin, json!({"name": "Anneliese", "lines": [{"n": 1}, {}], "from": "2026-03-02", "to": "2026-03-01"})).await.refused(422, "validation");
        let mut found = faults(&problem);
        found.sort();
        assert_eq!(found, ["fields.lines.1.n: required", "fields.name: too_long", "fields.to: validation"]);
        assert!(problem.to_string().contains("Ends before it starts"));
        assert!(items(&order.query(admin, json!({})).await.ok()).is_empty());
    })
    .await;
}

#[tokio::test]
async fn defaults_and_formulas_are_worked_out_by_the_server() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace
            .form(form(
                "order",
                [
                    number("qty", 0).default_to("1"),
                    number("price", 2),
                    number("total", 2).computed("qty * price"),
                    date("day").default_to("TODAY()"),
                    tests::design::formula("double", "total * 2"),
                    subform("lines", [number("n", 0), number("square", 0).computed("n * n")]),
                    number("sum", 0).computed("SUM(lines.square)"),
                ],
            ))
            .await;
        let made = order.add(json!({"price": "2.50", "lines": [{"n": 3}, {"n": 4}]})).await;
        let fields = &made["fields"];
        assert_eq!(
            (&fields["qty"], &fields["total"], &fields["double"], &fields["sum"]),
            (&json!("1"), &json!("2.50"), &json!("5.00"), &json!("25"))
        );
        assert_eq!(fields["day"].as_str().unwrap().len(), 10);
        for path in ["total", "double", "sum"] {
            let set = order.create(admin, json!({"price": 1, path: 7})).await.refused(422, "not_writable");
            assert_eq!(faults(&set), [format!("fields.{path}: not_writable")]);
        }
        // A default can be emptied.
        let none = order.add(json!({"qty": null, "price": 1})).await;
        assert_eq!((&none["fields"]["qty"], &none["fields"]["total"]), (&Value::Null, &Value::Null));
        let changed = order.edit(admin, &made, json!({"qty": 4})).await.ok();
        assert_eq!(
            (&changed["fields"]["total"], &changed["fields"]["double"]),
            (&json!("10.00"), &json!("20.00"))
        );
        let by_formula = order
            .query(
                admin,
                json!({"filter": test("total", "eq", "10"), "sort": [{"field": "total", "desc": true}]}),
            )
            .await
            .ok();
        assert_eq!(items(&by_formula).len(), 1);
    })
    .await;
}

#[tokio::test]
async fn rows_of_a_sub_form_keep_their_ids() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace
            .form(form("order", [text("name"), subform("lines", [text("item"), number("qty", 0)])]))
            .await;
        let made = order.add(json!({"lines": [{"item": "a", "qty": 1}, {"item": "b", "qty": 2}]})).await;
        let rows = made["fields"]["lines"].as_array().unwrap().clone();
        let (a, b) = (id_of(&rows[0]), id_of(&rows[1]));
        // Known rows change where a column is given, new ones get ids, missing ones go, the order is the array's.
        let new = json!({"lines": [{"item": "c"}, {"id": b, "qty": 5}]});
        let changed = order.edit(admin, &made, new).await.ok();
        let lines = changed["fields"]["lines"].as_array().unwrap().clone();
        assert_eq!((lines.len(), &lines[1]), (2, &json!({"id": b, "item": "b", "qty": "5"})));
        assert_eq!(lines[0]["item"], "c");
        assert_eq!(order.read(admin, &made).await.ok()["fields"]["lines"], json!(lines));
        let unknown = order
            .edit(admin, &changed, json!({"lines": [{"id": a, "qty": 1}]}))
            .await
            .refused(422, "unknown_row");
        assert_eq!(faults(&unknown), ["fields.lines.0.id: unknown_row"]);
        let twice = json!({"lines": [{"id": b}, {"id": b}]});
        assert_eq!(
            faults(&order.edit(admin, &changed, twice).await.refused(422, "validation")),
            ["fields.lines.1.id: twice"]
        );
        let column = order
            .edit(admin, &changed, json!({"lines": [{"colour": "red"}]}))
            .await
            .refused(422, "unknown_field");
        assert_eq!(faults(&column), ["fields.lines.0.colour: unknown_field"]);

        // A list gives rows only when they are asked for, and then the first twenty.
        let many: Vec<_> = (0..25).map(|n| json!({"qty": n})).collect();
        let long = order.add(json!({"name": "long", "lines": many})).await;
        assert_eq!(long["fields"]["lines"].as_array().unwrap().len(), 25);
        let listed = order
            .query(admin, json!({"fields": ["name", "lines"], "filter": test("name", "eq", "long")}))
            .await
            .ok();
        let record = &items(&listed)[0];
        assert_eq!(
            (record["fields"]["lines"].as_array().unwrap().len(), &record["row_counts"]["lines"]),
            (20, &json!(25))
        );
        let plain = order.query(admin, json!({})).await.ok();
        assert!(items(&plain)[0]["fields"].get("lines").is_none());
        let too_many: Vec<_> = (0..1001).map(|n| json!({"qty": n})).collect();
        let refused = order.create(admin, json!({"lines": too_many})).await.refused(422, "validation");
        assert_eq!(faults(&refused), ["fields.lines: too_many"]);
    })
    .await;
}

#[tokio::test]
async fn a_thousand_rows_keep_their_ids_and_their_order_and_are_found_and_added_up() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let lines = subform(
            "lines",
            [text("item"), number("qty", 0), number("price", 2), number("amount", 2).computed("qty * price")],
        );
        let total = number("total", 2).computed("SUM(lines.amount)");
        let order = workspace.form(form("order", [text("name"), lines, total])).await;
        let row = |n: usize| json!({"item": format!("i{n}"), "qty": n % 10, "price": "1.50"});
        let made = order.add(json!({"name": "long", "lines": (0..1_000).map(row).collect::<Vec<_>>()})).await;
        assert_eq!(made["fields"]["total"], "6750.00");
        let rows = made["fields"]["lines"].as_array().unwrap();
        assert_eq!(rows.len(), 1_000);
        // The other way round, and one cell is another.
        let mut turned: Vec<Value> = rows.iter().rev().map(|row| json!({"id": row["id"]})).collect();
        turned[0]["qty"] = json!(1_000);
        let edited = order.edit(admin, &made, json!({ "lines": turned })).await.ok();
        assert_eq!(edited["fields"]["total"], "8236.50");
        let read = order.read(admin, &made).await.ok()["fields"]["lines"].clone();
        let read = read.as_array().unwrap();
        let ids = |rows: &[Value]| rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
        assert_eq!(ids(read), ids(&turned));
        assert_eq!((&read[0]["item"], &read[0]["amount"]), (&json!("i999"), &json!("1500.00")));
        assert_eq!(read[999]["item"], "i0");
        order.add(json!({"name": "none"})).await;
        for (op, value, matching, found) in [
            ("gt", 500, "any", vec!["long"]),
            ("gt", 500, "all", vec!["none"]),
            ("gte", 0, "all", vec!["long", "none"]),
            ("gt", 5_000, "any", vec![]),
        ] {
            let filter = json!({"field": "lines.qty", "op": op, "value": value, "match": matching});
            let query = json!({"filter": filter, "sort": [{"field": "name"}]});
            let list = order.query(admin, query).await.ok();
            assert_eq!(tests::workspace::values_of(&list, "name"), found, "{op} {value} {matching}");
        }
    })
    .await;
}

/// In the order that the rows have, also where nothing but their order is another.
#[tokio::test]
async fn a_balance_goes_on_from_row_to_row() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let columns = [
            number("amount", 2),
            number("balance", 2).computed("record.opening + RUNNING(amount)"),
            number("change", 2).computed("amount - PREV(amount)"),
        ];
        let account =
            workspace.form(form("account", [number("opening", 2), subform("lines", columns)])).await;
        let amounts = [5, -2, 10].map(|amount| json!({ "amount": amount }));
        let made = account.add(json!({"opening": 100, "lines": amounts})).await;
        let seen = |record: &Value| -> Vec<[Value; 2]> {
            let rows = record["fields"]["lines"].as_array().unwrap().iter();
            rows.map(|row| [row["balance"].clone(), row["change"].clone()]).collect()
        };
        assert_eq!(
            seen(&made),
            [
                [json!("105.00"), Value::Null],
                [json!("103.00"), json!("-7.00")],
                [json!("113.00"), json!("12.00")]
            ]
        );
        let rows = made["fields"]["lines"].as_array().unwrap();
        let turned: Vec<Value> = rows.iter().rev().map(|row| json!({"id": row["id"]})).collect();
        account.edit(admin, &made, json!({ "lines": turned })).await.ok();
        let now = account.read(admin, &made).await.ok();
        let expected = [
            [json!("110.00"), Value::Null],
            [json!("108.00"), json!("-12.00")],
            [json!("113.00"), json!("7.00")],
        ];
        assert_eq!(seen(&now), expected);
        // A row that goes is in no balance any more.
        let fewer = json!({"lines": [turned[0], turned[2]]});
        account.edit(admin, &now, fewer).await.ok();
        let now = account.read(admin, &made).await.ok();
        assert_eq!(seen(&now), [[json!("110.00"), Value::Null], [json!("115.00"), json!("-5.00")]]);
    })
    .await;
}
