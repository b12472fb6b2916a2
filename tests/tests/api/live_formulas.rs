//! Lists go by live formulas: what a filter finds, and the order of a sort, are those of the values that are shown.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tests::design::{Field, date, form, group, link, number, select, test, text};
use tests::dice::{Dice, cases, seed_of_this_run};
use tests::workspace::{items, values_of};
use tests::{Form, Workspace, on_both_shared};

fn live(key: &str, gives: &str, scale: Option<u32>, formula: &str) -> Field {
    let field = Field::new(key, "formula").option("formula", formula).option("type", gives);
    match scale {
        Some(scale) => field.option("scale", scale),
        None => field,
    }
}

/// Bills that fall due some days before or after today.
async fn bills(workspace: &Workspace) -> Form {
    let word =
        "IF(ISEMPTY(due), \"none\", IF(due < TODAY(), \"late\", IF(due <= TODAY() + 7, \"Soon\", name)))";
    let fields = [
        text("name"),
        number("offset", 0),
        date("due").computed("TODAY() + offset"),
        number("amount", 2),
        select("state", &["open", "done"]),
        Field::new("paid", "switch"),
        live("left", "number", Some(0), "due - TODAY()"),
        live("late", "bool", None, "due < TODAY() and not paid"),
        live("word", "text", None, word),
        live("owed", "number", Some(2), "IF(state = \"open\" and due < TODAY(), amount, 0)"),
        live("next", "date", None, "IF(paid, EMPTY(), IF(due > TODAY(), due, TODAY()))"),
        live("twice", "number", Some(2), "amount * 2 + (due - TODAY())"),
    ];
    workspace.form(form("bill", fields)).await
}

/// Bills of all sorts, by chance.
async fn some_bills(bill: &Form) {
    let mut dice = Dice::new(seed_of_this_run());
    let count = cases(60).min(400);
    let mut rows = Vec::new();
    for place in 0..count {
        let offset = (dice.roll(6) > 0).then(|| dice.roll(40) as i64 - 20);
        let amount = (dice.roll(5) > 0).then(|| format!("{}.{:02}", dice.roll(90), dice.roll(100)));
        let state = (dice.roll(4) > 0).then(|| *dice.pick(&["open", "done"]));
        rows.push(json!({"name": format!("n{place:03}"), "offset": offset, "amount": amount, "state": state,
            "paid": dice.roll(3) == 0}));
    }
    bill.add_all(rows).await;
}

/// Whether a value that is shown is as the comparison says.
fn holds(shown: &Value, op: &str, operand: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::String(text) => text.parse::<f64>().ok(),
        value => value.as_f64(),
    };
    let order = || match (number(shown), number(operand)) {
        (Some(shown), Some(operand)) => shown.partial_cmp(&operand),
        _ => shown.as_str().zip(operand.as_str()).map(|(shown, operand)| shown.cmp(operand)),
    };
    match op {
        "is_empty" => shown.is_null(),
        "eq" if shown.is_boolean() => shown == operand,
        "eq" => order() == Some(Ordering::Equal),
        "ne" => order() != Some(Ordering::Equal),
        "gt" => order() == Some(Ordering::Greater),
        "lte" => matches!(order(), Some(Ordering::Less | Ordering::Equal)),
        "contains" => {
            let part = operand.as_str().unwrap().to_lowercase();
            shown.as_str().is_some_and(|shown| shown.to_lowercase().contains(&part))
        }
        _ => panic!("{op}"),
    }
}

/// The order of two shown values in a list: what is empty comes last both ways.
fn order(a: &Value, b: &Value, desc: bool) -> Ordering {
    let number = |value: &Value| value.as_str().and_then(|text| text.parse::<f64>().ok());
    let order = match (a.is_null(), b.is_null()) {
        (false, false) => match (number(a), number(b)) {
            (Some(a), Some(b)) => a.partial_cmp(&b).unwrap(),
            _ if a.is_boolean() => a.as_bool().cmp(&b.as_bool()),
            _ => a.as_str().unwrap().to_lowercase().cmp(&b.as_str().unwrap().to_lowercase()),
        },
        (a, b) => return a.cmp(&b),
    };
    if desc { order.reverse() } else { order }
}

#[tokio::test]
async fn lists_go_by_what_changes_with_the_day_as_it_is_shown() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let bill = bills(&workspace).await;
        some_bills(&bill).await;
        let all = bill.query(admin, json!({"sort": [{"field": "name"}], "limit": 500})).await.ok();
        let records = items(&all);
        let name = |record: &Value| record["fields"]["name"].as_str().unwrap().to_owned();
        for (field, op, operand) in [
            ("left", "gt", json!(0)),
            ("left", "lte", json!("-3")),
            ("left", "ne", json!(5)),
            ("left", "is_empty", Value::Null),
            ("late", "eq", json!(true)),
            ("late", "eq", json!(false)),
            ("word", "eq", json!("late")),
            ("word", "eq", json!("soon")),
            ("word", "contains", json!("SO")),
            ("word", "ne", json!("none")),
            ("owed", "gt", json!("40.5")),
            ("owed", "eq", json!(0)),
            ("owed", "is_empty", Value::Null),
            ("next", "is_empty", Value::Null),
            ("next", "gt", records[0]["fields"]["next"].clone()),
        ] {
            if operand.is_null() && op != "is_empty" {
                continue;
            }
            let mut filter = json!({"field": field, "op": op});
            if op != "is_empty" {
                filter["value"] = operand.clone();
            }
            for negated in [false, true] {
                let filter = if negated { json!({"not": filter}) } else { filter.clone() };
                let asked = json!({"filter": filter, "sort": [{"field": "name"}], "limit": 500});
                let found = bill.query(admin, asked).await.ok();
                let expected: Vec<String> = records
                    .iter()
                    .filter(|record| holds(&record["fields"][field], op, &operand) != negated)
                    .map(name)
                    .collect();
                assert_eq!(values_of(&found, "name"), expected, "{filter}");
            }
        }
        for field in ["left", "late", "word", "owed", "next"] {
            for desc in [false, true] {
                let mut expected: Vec<&Value> = records.iter().collect();
                expected.sort_by(|a, b| {
                    let shown = |record: &&Value| record["fields"][field].clone();
                    order(&shown(a), &shown(b), desc).then_with(|| name(a).cmp(&name(b)))
                });
                let expected: Vec<String> = expected.into_iter().map(name).collect();
                let mut found: Vec<String> = Vec::new();
                let mut cursor = Value::Null;
                loop {
                    let sort = json!([{"field": field, "desc": desc}, {"field": "name"}]);
                    let mut asked = json!({"sort": sort, "limit": 17});
                    if !cursor.is_null() {
                        asked["cursor"] = cursor;
                    }
                    let page = bill.query(admin, asked).await.ok();
                    found.extend(items(&page).iter().map(name));
                    cursor = page["next"].clone();
                    if cursor.is_null() {
                        break;
                    }
                }
                assert_eq!(found, expected, "{field}, desc: {desc}");
            }
        }
        for asked in [json!({"sort": [{"field": "twice"}]}), json!({"filter": test("twice", "gt", 1)})] {
            bill.query(admin, asked).await.refused(422, "not_sortable");
        }
    })
    .await;
}

/// The hundredths that a decimal which is shown holds.
fn hundredths(shown: &Value) -> Option<i64> {
    let (whole, digits) = shown.as_str()?.split_once('.').unwrap_or((shown.as_str()?, ""));
    format!("{whole}{digits:0<2}").parse().ok()
}

/// By what a group is known: a number by its hundredths, whatever digits it is shown with.
fn known_by(shown: &Value) -> String {
    hundredths(shown).map_or_else(|| shown.to_string(), |hundredths| hundredths.to_string())
}

/// Of a group: how many records, what they owe, the last day and the different ones.
type Summed = (usize, Option<i64>, Option<String>, BTreeSet<String>);

#[tokio::test]
async fn groups_and_measures_go_by_what_changes_with_the_day_as_it_is_shown() {
    on_both_shared(async |workspace| {
        let admin = &workspace.admin;
        let bill = bills(&workspace).await;
        some_bills(&bill).await;
        let all = bill.query(admin, json!({"sort": [{"field": "name"}], "limit": 500})).await.ok();
        let records = items(&all);
        for field in ["left", "late", "word", "owed", "next"] {
            // Of each group how many there are, what they owe, the last and the different days.
            let mut expected: BTreeMap<String, Summed> = BTreeMap::new();
            for record in records.iter() {
                let (shown, next) = (&record["fields"], record["fields"]["next"].as_str().map(str::to_owned));
                let group = expected.entry(known_by(&shown[field])).or_default();
                group.0 += 1;
                group.1 = match (group.1, hundredths(&shown["owed"])) {
                    (None, owed) => owed,
                    (sum, owed) => Some(sum.unwrap_or(0) + owed.unwrap_or(0)),
                };
                group.2 = group.2.clone().max(next.clone());
                group.3.extend(next);
            }
            let asked = json!({"group": [{"field": field}], "measures": [{"key": "n", "fn": "count"},
                {"key": "owed", "fn": "sum", "field": "owed"}, {"key": "last", "fn": "max", "field": "next"},
                {"key": "days", "fn": "distinct", "field": "next"}]});
            let answer = bill.add_up(admin, asked).await.ok();
            let rows = answer["rows"].as_array().unwrap();
            assert_eq!(rows.len(), expected.len(), "{field}: {answer}");
            for row in rows {
                let (count, owed, last, days) = &expected[&known_by(&row["group"][0])];
                let values = &row["values"];
                assert_eq!(values["n"], json!(count.to_string()), "{field}: {row}");
                assert_eq!(hundredths(&values["owed"]).unwrap_or(0), owed.unwrap_or(0), "{field}: {row}");
                assert_eq!(values["last"].as_str(), last.as_deref(), "{field}: {row}");
                assert_eq!(values["days"], json!(days.len().to_string()), "{field}: {row}");
            }
        }
        // By month of a day that is live, and over a filter by another one.
        let asked = json!({"filter": test("late", "eq", true), "group": [{"field": "next", "unit": "month"}],
            "measures": [{"key": "n", "fn": "count"}]});
        let answer = bill.add_up(admin, asked).await.ok();
        let counted =
            answer["rows"].as_array().unwrap().iter().map(|row| row["values"]["n"].as_str().unwrap());
        let counted: usize = counted.map(|count| count.parse::<usize>().unwrap()).sum();
        let late = records.iter().filter(|record| record["fields"]["late"] == true).count();
        assert_eq!(counted, late, "{answer}");
        for measure in
            [json!({"key": "s", "fn": "sum", "field": "twice"}), json!({"key": "n", "fn": "count"})]
        {
            let group = if measure["field"].is_null() { "twice" } else { "state" };
            let asked = json!({"group": [{"field": group}], "measures": [measure]});
            bill.add_up(admin, asked).await.refused(422, "not_sortable");
        }
    })
    .await;
}

#[tokio::test]
async fn lookups_gather_and_add_up_as_they_are_shown() {
    on_both_shared(async |workspace| {
        let app = workspace.app("Visits").await;
        let customer = app.form(form("customer", [text("name"), text("town"), number("due", 2)])).await;
        let of =
            |key: &str, field: &str| Field::new(key, "lookup").option("link", "who").option("field", field);
        let visit =
            app.form(form("visit", [link("who", "customer"), of("town", "town"), of("due", "due")])).await;
        let mut customers = Vec::new();
        for (name, town, due) in [("Ann", "Bern", "2.50"), ("Bo", "Basel", "1.25"), ("Cy", "Bern", "4.00")] {
            customers.push(customer.add(json!({"name": name, "town": town, "due": due})).await);
        }
        for place in [0, 0, 1, 2] {
            visit.add(json!({"who": customers[place]["id"]})).await;
        }
        visit.add(json!({"who": null})).await;
        let asked = json!({"group": [{"field": "town"}], "measures": [{"key": "n", "fn": "count"},
            {"key": "due", "fn": "sum", "field": "due"}]});
        let gathered = || async {
            let answer = visit.add_up(&workspace.admin, asked.clone()).await.ok();
            let mut rows: Vec<String> = answer["rows"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| format!("{} {} {}", row["group"][0], row["values"]["n"], row["values"]["due"]))
                .collect();
            rows.sort();
            rows
        };
        let before = gathered().await;
        assert_eq!(before.len(), 3, "{before:?}");
        assert!(before.contains(&"\"Bern\" \"3\" \"9.00\"".to_owned()), "{before:?}");
        // What is linked moves, and the groups with it.
        customer.edit(&workspace.admin, &customers[2], json!({"town": "Basel"})).await.ok();
        let after = gathered().await;
        assert!(after.contains(&"\"Basel\" \"2\" \"5.25\"".to_owned()), "{after:?}");
    })
    .await;
}

#[tokio::test]
async fn who_does_not_see_what_a_live_formula_reads_orders_nothing_by_it() {
    on_both_shared(async |workspace| {
        let bill = bills(&workspace).await;
        bill.add(json!({"name": "a", "offset": -3})).await;
        let mei = workspace.person("mei").await;
        bill.allow(group("readers", &[&mei.id]).field("due", "none").field("offset", "none")).await;
        let filter = json!({"filter": test("left", "lte", 1000)});
        assert_eq!(items(&bill.query(&workspace.admin, filter.clone()).await.ok()).len(), 1);
        assert_eq!(items(&bill.query(&mei, filter).await.ok()).len(), 0);
        bill.query(&mei, json!({"sort": [{"field": "left"}]})).await.refused(422, "not_sortable");
        bill.query(&mei, json!({"sort": [{"field": "name"}]})).await.ok();
        let count = json!([{"key": "n", "fn": "count"}]);
        let gathered = json!({"group": [{"field": "left"}], "measures": count});
        bill.add_up(&mei, gathered).await.refused(422, "not_sortable");
        let added = json!({"group": [], "measures": [{"key": "s", "fn": "sum", "field": "left"}]});
        bill.add_up(&mei, added).await.refused(422, "not_sortable");
    })
    .await;
}
