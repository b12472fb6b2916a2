//! Lists go by live formulas: what a filter finds, and the order of a sort, are those of the values that are shown.

use std::cmp::Ordering;

use serde_json::{Value, json};
use tests::design::{Field, date, form, group, number, select, test, text};
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
        let mut dice = Dice::new(seed_of_this_run());
        let count = cases(60).min(400);
        let mut rows = Vec::new();
        for place in 0..count {
            let offset = (dice.roll(6) > 0).then(|| dice.roll(40) as i64 - 20);
            let amount = (dice.roll(5) > 0).then(|| format!("{}.{:02}", dice.roll(90), dice.roll(100)));
            let state = (dice.roll(4) > 0).then(|| *dice.pick(&["open", "done"]));
            rows.push(
                json!({"name": format!("n{place:03}"), "offset": offset, "amount": amount, "state": state,
                "paid": dice.roll(3) == 0}),
            );
        }
        bill.add_all(rows).await;
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
    })
    .await;
}
