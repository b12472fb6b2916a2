//! Finding records: filters, order, pages, counts, and adding them up.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::design::{Field, date, form, group, number, select, subform, test, text};
use tests::on_both_shared;
use tests::workspace::{faults, id_of, items, values_of};
use tests::{Form, Workspace};

/// Ten orders that differ in everything.
async fn ten_orders(workspace: &Workspace) -> Form {
    let order = workspace
        .form(form(
            "order",
            [
                text("name"),
                number("amount", 2),
                select("state", &["open", "shipped", "done"]),
                date("day"),
                Field::new("paid", "switch"),
                Field::new("tags", "multi_select")
                    .option("choices", json!([{"key": "x", "label": "x"}, {"key": "y", "label": "y"}])),
                subform("lines", [text("item"), number("qty", 0)]),
            ],
        ))
        .await;
    let rows = (0..10).map(|n| {
        let state = ["open", "shipped", "done"][n % 3];
        let amount = if n == 9 { Value::Null } else { json!(format!("{}.50", n * 10)) };
        let tags = if n % 2 == 0 { json!(["x"]) } else { json!(["x", "y"]) };
        json!({
            "name": format!("Order {n}"), "amount": amount, "state": state, "day": format!("2026-{:02}-15", n % 4 + 1),
            "paid": n % 2 == 0, "tags": tags, "lines": [{"item": "nail", "qty": n}, {"item": "screw", "qty": 10 - n}],
        })
    });
    order.add_all(rows).await;
    order
}

#[tokio::test]
async fn filters_find_exactly_what_they_say() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = ten_orders(&workspace).await;
        let found = async |filter: Value| {
            let asked = json!({"filter": filter, "sort": [{"field": "name"}]});
            let list = order.query(admin, asked).await.ok();
            values_of(&list, "name").iter().map(|name| name.replace("Order ", "")).collect::<Vec<_>>().join("")
        };
        assert_eq!(found(test("amount", "gt", 60)).await, "678");
        assert_eq!(found(test("amount", "eq", "10.5")).await, "1");
        assert_eq!(found(json!({"field": "amount", "op": "between", "value": ["10.50", 30.5]})).await, "123");
        assert_eq!(found(json!({"field": "amount", "op": "is_empty"})).await, "9");
        assert_eq!(found(json!({"not": test("amount", "gt", 0)})).await, "9", "a comparison with nothing does not hold");
        assert_eq!(found(test("amount", "ne", "0.50")).await, "123456789");
        assert_eq!(found(json!({"field": "state", "op": "in", "value": ["open", "done"]})).await, "0235689");
        assert_eq!(found(test("name", "contains", "ORDER 3")).await, "3", "whatever the case");
        assert_eq!(found(test("name", "eq", "ORDER 3")).await, "");
        assert_eq!(found(test("name", "starts_with", "ｏｒｄｅｒ")).await, "0123456789", "whatever the width");
        assert_eq!(found(test("day", "lt", "2026-02-01")).await, "048");
        assert_eq!(found(test("paid", "eq", true)).await, "02468");
        assert_eq!(found(json!({"field": "tags", "op": "has_all", "value": ["x", "y"]})).await, "13579");
        assert_eq!(found(json!({"field": "tags", "op": "has_none", "value": ["y"]})).await, "02468");
        assert_eq!(found(json!({"all": [test("state", "eq", "open"), {"any": [test("amount", "lt", 1), test("amount", "gt", 50)]}]})).await, "06");
        assert_eq!(found(json!({"field": "lines.qty", "op": "gte", "value": 9, "match": "any"})).await, "019");
        assert_eq!(found(json!({"field": "lines.qty", "op": "gte", "value": 4, "match": "all"})).await, "456");
        assert_eq!(found(test("$created_by", "eq", json!({"var": "me"}))).await, "0123456789");
        assert_eq!(found(json!({"field": "$created_at", "op": "eq", "value": {"relative": "today"}})).await.len(), 10);
        assert_eq!(found(json!({"field": "amount", "op": "gt", "value": {"field": "amount"}})).await, "");

        // The same as parameters of an address.
        let filter = test("amount", "gt", 60).to_string();
        let parameters =
            [("filter", filter.as_str()), ("sort", "-amount"), ("fields", "name"), ("count", "exact"), ("limit", "2")];
        let address = reqwest::Url::parse_with_params("http://x/records", parameters).unwrap();
        let list = admin.get(&order.path(&format!("/records?{}", address.query().unwrap()))).await.ok();
        assert_eq!((values_of(&list, "name"), &list["count"]), (vec!["Order 8", "Order 7"], &json!({"value": 3, "exact": true})));
        assert_eq!(items(&list)[0]["fields"].as_object().unwrap().len(), 1);

        // A sub-form is empty where it has no rows.
        order.add(json!({"name": "Order x"})).await;
        assert_eq!(found(json!({"field": "lines", "op": "is_empty"})).await, "x");
        assert_eq!(found(json!({"not": {"field": "lines", "op": "not_empty"}})).await, "x");
        assert_eq!(found(json!({"field": "lines", "op": "not_empty"})).await, "0123456789");
    })
    .await;
}

#[tokio::test]
async fn what_every_record_has_is_listed_sorted_and_filtered_like_a_field() {
    on_both_shared(async |workspace| {
        let note = workspace.form(form("note", [text("name")])).await;
        let mei = workspace.person("mei").await;
        note.allow(group("writers", &[&mei.id])).await;
        note.add(json!({"name": "first"})).await;
        note.create(&mei, json!({"name": "second"})).await.created();
        let fields = json!(["name", "$owner", "$created_at", "$updated_by", "$flow_state"]);
        let query = json!({"fields": fields, "sort": [{"field": "$created_at"}], "titles": true});
        let list = note.query(&mei, query).await.ok();
        assert_eq!(values_of(&list, "name"), ["first", "second"]);
        let second = &items(&list)[1];
        assert_eq!(second["fields"], json!({"name": "second"}), "they are the members of `system`");
        assert_eq!(second["system"]["owner"], json!(mei.id));
        assert_eq!(list["titles"]["member"][&mei.id], "mei");
        for field in ["$owner", "$created_by", "$updated_by"] {
            let mine = json!({"filter": test(field, "eq", json!({"var": "me"})), "sort": [{"field": field}]});
            assert_eq!(values_of(&note.query(&mei, mine).await.ok(), "name"), ["second"], "{field}");
        }
        let unknown = note.query(&mei, json!({"fields": ["name", "$nothing"]})).await;
        assert_eq!(faults(&unknown.refused(422, "unknown_field")), ["fields.1: unknown_field"]);
    })
    .await;
}

#[tokio::test]
async fn what_every_record_has_is_computed_with_and_grouped_by() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let fields = [
            text("name"),
            number("n", 0),
            text("whose").computed("TEXTUSER($owner) & \" \" & IFEMPTY($flow_state, \"free\")"),
            Field::new("own", "formula").option("type", "bool").option("formula", "$owner = $created_by"),
        ];
        let note = workspace.form(form("note", fields)).await;
        let mei = workspace.person("mei").await;
        note.allow(group("writers", &[&mei.id])).await;
        note.add(json!({"name": "first", "n": 1})).await;
        for (name, n) in [("second", 2), ("third", 4)] {
            note.create(&mei, json!({"name": name, "n": n})).await.created();
        }
        let asked = json!({"filter": test("whose", "eq", "mei free"), "sort": [{"field": "name"}]});
        let list = note.query(admin, asked).await.ok();
        assert_eq!(values_of(&list, "name"), ["second", "third"]);
        assert!(items(&list).iter().all(|record| record["fields"]["own"] == true), "{list}");

        let sums = async |group: Value| {
            let sum = json!([{"key": "sum", "fn": "sum", "field": "n"}]);
            let answer = note.add_up(admin, json!({"group": [group], "measures": sum})).await.ok();
            answer["rows"].as_array().unwrap().clone()
        };
        let by_owner = sums(json!({"field": "$owner"})).await;
        let of_mei = by_owner.iter().find(|row| row["group"][0] == mei.id.as_str());
        assert_eq!((by_owner.len(), &of_mei.unwrap()["values"]["sum"]), (2, &json!("6")));
        for group in [json!({"field": "$flow_state"}), json!({"field": "$version"})] {
            let rows = sums(group.clone()).await;
            assert_eq!((rows.len(), &rows[0]["values"]["sum"]), (1, &json!("7")), "{group}");
        }
        let by_day = sums(json!({"field": "$created_at", "unit": "day"})).await;
        let all: i64 =
            by_day.iter().map(|row| row["values"]["sum"].as_str().unwrap().parse::<i64>().unwrap()).sum();
        assert_eq!(all, 7, "{by_day:?}");
    })
    .await;
}

#[tokio::test]
async fn a_question_that_makes_no_sense_is_refused_with_its_reason() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = ten_orders(&workspace).await;
        let refused =
            async |query: Value, code: &str| faults(&order.query(admin, query).await.refused(422, code));
        let filter = |filter: Value| json!({"filter": filter});
        assert_eq!(
            refused(filter(test("nothing", "eq", 1)), "unknown_field").await,
            ["filter: unknown_field"]
        );
        assert_eq!(
            refused(filter(test("amount", "contains", "1")), "validation").await,
            ["filter: unknown_operator"]
        );
        assert_eq!(refused(filter(test("amount", "gt", "many")), "validation").await.len(), 1);
        assert_eq!(
            refused(filter(test("amount", "eq", Value::Null)), "validation").await,
            ["filter: eq_null"]
        );
        assert_eq!(refused(filter(test("state", "eq", "lost")), "validation").await.len(), 1);
        assert_eq!(order.query(admin, filter(json!({"every": []}))).await.status, 422);
        assert_eq!(
            refused(json!({"sort": [{"field": "nothing"}]}), "unknown_field").await,
            ["sort.0: unknown_field"]
        );
        assert_eq!(
            refused(json!({"fields": ["nothing"]}), "unknown_field").await,
            ["fields.0: unknown_field"]
        );
        assert_eq!(refused(json!({"limit": 501}), "validation").await, ["limit: too_large"]);
        assert_eq!(refused(json!({"limit": 0}), "validation").await, ["limit: too_small"]);
        assert_eq!(refused(json!({"cursor": "made up"}), "validation").await, ["cursor: bad_cursor"]);
        let many: Vec<_> = (0..51).map(|n| test("amount", "eq", n)).collect();
        assert_eq!(refused(filter(json!({"any": many})), "validation").await, ["filter: too_many"]);
        order.query(admin, json!({"colour": 1})).await.refused(422, "unknown_member");
        admin.get(&order.path("/records?limit=many")).await.refused(422, "validation");
        admin.get(&order.path("/records?colour=red")).await.refused(422, "unknown_member");
        admin.post("/forms/nowhere/records/query", json!({})).await.refused(404, "not_found");

        // A cursor is good for the list that gave it, and for the one who got it.
        let first = order.query(admin, json!({"limit": 3, "sort": [{"field": "name"}]})).await.ok();
        let next = &first["next"];
        assert_eq!(
            refused(json!({"cursor": next, "sort": [{"field": "amount"}]}), "validation").await,
            ["cursor: bad_cursor"]
        );
        assert_eq!(
            refused(json!({"cursor": next, "offset": 2, "sort": [{"field": "name"}]}), "validation").await,
            ["offset: cursor_or_offset"]
        );
        let mei = workspace.person("mei").await;
        order.allow(group("clerks", &[&mei.id])).await;
        order
            .query(&mei, json!({"cursor": next, "limit": 3, "sort": [{"field": "name"}]}))
            .await
            .refused(422, "validation");
    })
    .await;
}

#[tokio::test]
async fn computed_fields_are_filtered_and_sorted_like_any_other() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let computed = |key: &str, formula: &str, result: &str| {
            Field::new(key, "formula").option("formula", formula).option("type", result)
        };
        let trip = form(
            "trip",
            [
                text("name"),
                number("days", 0),
                date("start"),
                computed("cost", "days * 120.5", "number"),
                computed("size", "IF(days > 3, 'long', 'short')", "text"),
                computed("big", "days > 3", "bool"),
                computed("last", "start + days", "date"),
                computed("age", "TODAY() - start", "number"),
            ],
        );
        let trip = workspace.form(trip).await;
        let rows = [("a", 1, "2026-03-01"), ("b", 4, "2026-03-02"), ("c", 7, "2026-02-01")];
        trip.add_all(rows.map(|(name, days, start)| json!({"name": name, "days": days, "start": start})))
            .await;
        let names = async |filter: Value, sort: Value| {
            let page = trip.query(admin, json!({"filter": filter, "sort": sort})).await.ok();
            let name = |record: &Value| record["fields"]["name"].as_str().unwrap().to_owned();
            items(&page).iter().map(name).collect::<Vec<_>>().concat()
        };
        let by_name = json!([{"field": "name"}]);
        for (field, op, value, expected) in [
            ("cost", "gt", json!("482"), "c"),
            ("cost", "eq", json!(482), "b"),
            ("cost", "between", json!(["100", "500"]), "ab"),
            ("size", "eq", json!("long"), "bc"),
            ("size", "contains", json!("ort"), "a"),
            ("big", "eq", json!(true), "bc"),
            ("last", "lt", json!("2026-03-01"), "c"),
        ] {
            assert_eq!(names(test(field, op, value), by_name.clone()).await, expected, "{field} {op}");
        }
        assert_eq!(names(json!({"all": []}), json!([{"field": "cost", "desc": true}])).await, "cba");
        assert_eq!(names(json!({"all": []}), json!([{"field": "last"}])).await, "cab");
        let faults = trip.query(admin, json!({"filter": test("cost", "gt", "many")})).await;
        faults.refused(422, "validation");
        // What changes with the day has its SQL form, or a clear refusal; never a wrong answer.
        let live = trip.query(admin, json!({"filter": test("age", "gt", 100)})).await;
        if live.status == 200 {
            assert_eq!(items(&live.body).len(), 3);
        } else {
            live.refused(422, "not_sortable");
        }
    })
    .await;
}

#[tokio::test]
async fn pages_hold_every_record_once_while_others_come_and_go() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace.form(form("order", [text("name"), number("amount", 0)])).await;
        let there = order.add_all((0..60).map(|n| json!({"name": format!("n{n}"), "amount": if n % 7 == 0 { Value::Null } else { json!(n % 5) }}))).await;
        for sort in [json!([]), json!([{"field": "amount"}]), json!([{"field": "amount", "desc": true}, {"field": "name"}])] {
            let mut seen = Vec::new();
            let mut cursor = Value::Null;
            loop {
                let mut asked = json!({"sort": sort, "limit": 7});
                if !cursor.is_null() {
                    asked["cursor"] = cursor;
                }
                let page = order.query(admin, asked).await.ok();
                seen.extend(items(&page).iter().map(id_of));
                // Somebody adds a record in the midst.
                order.add(json!({"name": "late", "amount": 2})).await;
                cursor = page["next"].clone();
                if cursor.is_null() {
                    break;
                }
            }
            let distinct: BTreeSet<_> = seen.iter().collect();
            assert_eq!(distinct.len(), seen.len(), "{sort}: no record twice");
            assert!(there.iter().all(|id| distinct.contains(id)), "{sort}: none left out");
        }
        // Empty values come last in both directions.
        for desc in [false, true] {
            let asked = json!({"sort": [{"field": "amount", "desc": desc}], "limit": 500, "filter": test("name", "ne", "late")});
            let list = order.query(admin, asked).await.ok();
            let amounts = values_of(&list, "amount");
            assert_eq!(amounts[51..], [""; 9], "desc: {desc}");
            let mut sorted = amounts[..51].to_vec();
            sorted.sort_unstable();
            if desc {
                sorted.reverse();
            }
            assert_eq!(amounts[..51], sorted);
        }
    })
    .await;
}

#[tokio::test]
async fn an_offset_jumps_and_a_count_counts() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = ten_orders(&workspace).await;
        let jumped = json!({"offset": 7, "limit": 2, "sort": [{"field": "name"}], "count": "exact"});
        let page = order.query(admin, jumped).await.ok();
        assert_eq!(
            (values_of(&page, "name"), &page["count"]["value"]),
            (vec!["Order 7", "Order 8"], &json!(10))
        );
        // It goes on from there by cursor.
        let rest = json!({"cursor": page["next"], "limit": 2, "sort": [{"field": "name"}]});
        let rest = order.query(admin, rest).await.ok();
        assert_eq!((values_of(&rest, "name"), &rest["next"]), (vec!["Order 9"], &Value::Null));
        let beyond = order.query(admin, json!({"offset": 50, "count": "exact"})).await.ok();
        assert_eq!((items(&beyond).len(), &beyond["count"]["value"]), (0, &json!(10)));
        let estimated =
            order.query(admin, json!({"count": "estimate", "filter": test("paid", "eq", true)})).await.ok();
        let exact =
            order.query(admin, json!({"count": "exact", "filter": test("paid", "eq", true)})).await.ok();
        assert_eq!(estimated["count"], exact["count"], "few records are counted at once");
        assert_eq!(exact["count"]["exact"], true);
        assert_eq!(order.query(admin, json!({})).await.ok().get("count"), None);
    })
    .await;
}

#[tokio::test]
async fn formulas_of_an_answer_share_what_they_may_do() {
    on_both_shared(async |workspace| {
        let order = ten_orders(&workspace).await;
        let heavy = vec!["LEN(SUBSTITUTE(REPT(\"ab\", 2000), \"a\", \"c\"))"; 40].join(" + ");
        let mut measures = vec![json!({"key": "n", "fn": "count"})];
        measures.extend(
            (0..49).map(|place| json!({"key": format!("m{place}"), "formula": format!("n + {heavy}")})),
        );
        let asked = json!({"group": [{"field": "name"}], "measures": measures, "sort": [{"field": "name"}]});
        let rows = order.add_up(&workspace.admin, asked).await.ok()["rows"].clone();
        assert_eq!(rows[0]["values"]["m0"], "160001.00000000");
        assert_eq!(rows[9]["values"]["m48"], Value::Null);
        assert_eq!(rows[9]["reasons"]["m48"], "#LIMIT!", "ten groups may not do ten times as much as one");
    })
    .await;
}

#[tokio::test]
async fn records_add_up_by_group_period_and_measure() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = ten_orders(&workspace).await;
        let add_up = async |asked: Value| {
            let answer = order.add_up(admin, asked).await.ok();
            let rows = answer["rows"].as_array().unwrap().clone();
            assert!(answer["total"].as_u64().unwrap() >= rows.len() as u64);
            rows
        };
        let sum = json!({"key": "sum", "fn": "sum", "field": "amount"});
        let count = json!({"key": "n", "fn": "count"});

        let whole = add_up(json!({"measures": [sum, count, {"key": "avg", "fn": "avg", "field": "amount"}, {"key": "max", "fn": "max", "field": "day"}]})).await;
        assert_eq!(whole[0], json!({"group": [], "values": {"sum": "364.50", "n": "10", "avg": "40.500000", "max": "2026-04-15"}}));
        let by_state = add_up(json!({"group": [{"field": "state"}], "measures": [sum, count]})).await;
        let told: Vec<_> = by_state.iter().map(|row| (row["group"][0].as_str().unwrap(), row["values"]["sum"].as_str().unwrap())).collect();
        assert_eq!(told, [("open", "91.50"), ("shipped", "121.50"), ("done", "151.50")], "in the order of the choices");
        let by_tag = add_up(json!({"group": [{"field": "tags"}], "measures": [count]})).await;
        let told: Vec<_> = by_tag.iter().map(|row| (row["group"][0].as_str().unwrap(), row["values"]["n"].as_str().unwrap())).collect();
        assert_eq!(told, [("x", "10"), ("y", "5")], "a record counts at each of its values");
        let by_month = add_up(json!({"group": [{"field": "day", "unit": "month"}], "measures": [count]})).await;
        let told: Vec<_> = by_month.iter().map(|row| (row["group"][0].as_str().unwrap(), row["values"]["n"].as_str().unwrap())).collect();
        assert_eq!(told, [("2026-01", "3"), ("2026-02", "3"), ("2026-03", "2"), ("2026-04", "2")]);
        let quarter = add_up(json!({"group": [{"field": "day", "unit": "quarter"}], "measures": [count]})).await;
        assert_eq!(quarter[1], json!({"group": ["2026-Q2"], "values": {"n": "2"}}));
        let share = add_up(json!({
            "group": [{"field": "state"}], "measures": [sum, count, {"key": "each", "formula": "sum / n", "scale": 2}],
            "having": test("n", "gt", 3), "sort": [{"field": "each", "desc": true}],
        })).await;
        assert_eq!(share, [json!({"group": ["open"], "values": {"sum": "91.50", "n": "4", "each": "22.88"}})]);
        let none = add_up(json!({"filter": test("name", "eq", "nobody"), "measures": [sum, count, {"key": "each", "formula": "sum / n"}]})).await;
        assert_eq!((&none[0]["values"]["n"], &none[0]["values"]["each"]), (&json!("0"), &Value::Null));

        let refused = async |asked: Value, code: &str| faults(&order.add_up(admin, asked).await.refused(422, code));
        assert_eq!(refused(json!({"measures": []}), "validation").await, ["measures: required"]);
        assert_eq!(refused(json!({"measures": [{"key": "s", "fn": "sum", "field": "name"}]}), "validation").await, ["measures.0.field: bad_operand"]);
        assert_eq!(refused(json!({"measures": [{"key": "s", "fn": "median", "field": "amount"}]}), "validation").await, ["measures.0.fn: unknown_choice"]);
        assert_eq!(refused(json!({"group": [{"field": "gone"}], "measures": [count]}), "unknown_field").await, ["group.0: unknown_field"]);
        assert_eq!(refused(json!({"group": [{"field": "day", "unit": "fortnight"}], "measures": [count]}), "validation").await, ["group.0.unit: unknown_choice"]);
        assert_eq!(order.add_up(admin, json!({"measures": [count], "having": test("gone", "gt", 1)})).await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn every_field_that_can_be_sorted_is_sorted_alike_by_both_databases() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let order = workspace
            .form(form(
                "order",
                [
                    text("name"),
                    select("state", &["late", "early"]),
                    Field::new("at", "datetime"),
                    Field::new("on", "switch"),
                ],
            ))
            .await;
        for (name, state, at) in [
            ("b", "early", "2026-01-02T00:00:00Z"),
            ("B", "late", "2026-01-01T23:59:59+08:00"),
            ("á", "early", "2026-01-01T00:00:00Z"),
            ("10", "late", "2027-01-01T00:00:00Z"),
            ("９", "early", "2025-01-01T00:00:00Z"),
            ("张", "late", "2024-01-01T00:00:00Z"),
        ] {
            order.add(json!({"name": name, "state": state, "at": at})).await;
        }
        let sorted = async |field: &str| {
            let list = order.query(admin, json!({"sort": [{"field": field}, {"field": "at"}]})).await.ok();
            values_of(&list, "name").join(" ")
        };
        assert_eq!(sorted("name").await, "10 ９ B b á 张", "by the folded text");
        assert_eq!(sorted("state").await, "张 B 10 ９ á b", "in the order of the choices");
        assert_eq!(sorted("at").await, "张 ９ á B b 10");
    })
    .await;
}
