//! Which rows of a report's table are shown: by a condition over what was computed, in an order, at most so many.

use engine::report::{DataAnswer, Outcome, ReportDocument, Sight, Titles};
use engine::text::Language;
use engine::value::{Id, Values};
use serde_json::{Value as Json, json};

use super::figures::{answers, cells, cost, publish, roi, table};
use super::replay;
use super::world::World;

/// The costs by category, with some tables.
fn costs(tables: &Json) -> ReportDocument {
    let figure =
        |key: &str, formula: &str| json!({"key": key, "label": key, "by": "category", "formula": formula});
    let mut large = figure("large", "cost");
    large["null_when"] = json!([{"when": "cost < 100000", "reason": "INSUFFICIENT_DATA"}]);
    let document = json!({"key": "roi.rows", "label": "Rows", "tables": tables,
        "data": [{"key": "costs", "form": "cost_entry", "group": {"category": "category"},
                  "measures": {"cost": {"fn": "sum", "field": "base_amount"}}}],
        "figures": [figure("part", "SHARE(cost) * 100"), figure("so_far", "RUNNING(cost)"), large]});
    serde_json::from_value(document).expect("a report")
}

fn records(world: &World) -> Vec<(Id, Values)> {
    vec![
        cost(world, "people", "salary", json!({"amount": "520000"})),
        cost(world, "technology", "license", json!({"amount": "180000"})),
        cost(world, "marketing", "ad", json!({"amount": "310000"})),
        cost(world, "time", "handling", json!({"quantity": "640", "unit_rate": "85"})),
        cost(world, "opportunity", "forgone", json!({"amount": "30000"})),
    ]
}

fn run(world: &World, tables: &Json, change: &dyn Fn(&mut DataAnswer)) -> Outcome {
    let report = publish(world, costs(tables)).expect("publishes");
    let mut answers = answers(&report, &records(world));
    answers.iter_mut().for_each(change);
    report.compute(&answers, &Titles::new(), &replay::moment(), Language::En)
}

fn as_found(_: &mut DataAnswer) {}

fn groups(outcome: &Outcome, key: &str) -> Vec<String> {
    table(outcome, key).rows.iter().map(|row| row.group.clone()).collect()
}

#[test]
fn a_table_shows_the_rows_that_meet_its_condition_in_its_order() {
    let world = roi();
    let tables = json!([{"key": "main", "by": "category", "columns": ["cost", "part", "so_far"], "total": true,
        "where": "part >= 10", "sort": [{"field": "cost", "desc": true}], "limit": 2}]);
    let outcome = run(&world, &tables, &as_found);
    let main = table(&outcome, "main");
    // Shares and running sums are those of all rows; the total is that of the three that meet the condition.
    assert_eq!(
        cells(main, &["cost", "part", "so_far"]),
        [
            ["people", "520000.00", "47.51", "520000.00"],
            ["marketing", "310000.00", "28.33", "1010000.00"],
            ["", "1010000.00", "92.29", "INSUFFICIENT_DATA"],
        ]
    );
    assert_eq!(main.cut, 1);
}

#[test]
fn a_condition_reads_figures_as_they_are_shown_even_those_without_a_column() {
    let world = roi();
    let tables = json!([
        {"key": "rounded", "by": "category", "columns": ["cost"], "where": "part = 47.51"},
        {"key": "none", "by": "category", "columns": ["cost"], "where": "cost > TOTAL(cost)", "total": true},
        {"key": "later", "by": "category", "columns": ["cost"], "where": "cost > PREV(cost)"},
    ]);
    let outcome = run(&world, &tables, &as_found);
    assert_eq!(groups(&outcome, "rounded"), ["people"]);
    let none = table(&outcome, "none");
    assert_eq!((none.rows.len(), &none.total.as_ref().expect("asked for").values["cost"]), (0, &None));
    assert_eq!(groups(&outcome, "later"), ["marketing"]);
}

#[test]
fn what_has_no_value_comes_last_in_both_directions() {
    let world = roi();
    let sorted = |key: &str, field: &str, desc: bool| json!({"key": key, "by": "category", "columns": ["large"], "sort": [{"field": field, "desc": desc}]});
    let tables = json!([
        sorted("up", "large", false),
        sorted("down", "large", true),
        sorted("back", "category", true)
    ]);
    let outcome = run(&world, &tables, &as_found);
    assert_eq!(groups(&outcome, "up"), ["technology", "marketing", "people", "time", "opportunity"]);
    assert_eq!(groups(&outcome, "down"), ["people", "marketing", "technology", "time", "opportunity"]);
    assert_eq!(groups(&outcome, "back"), ["opportunity", "time", "marketing", "technology", "people"]);
}

#[test]
fn a_condition_over_what_may_not_be_read_leaves_no_row_out() {
    let world = roi();
    let tables = json!([{"key": "main", "by": "category", "columns": ["part"], "where": "part >= 10"}]);
    let withhold = |answer: &mut DataAnswer| {
        answer.withheld.insert("cost".to_string());
        answer.rows.iter_mut().for_each(|row| row.values.clear());
    };
    let outcome = run(&world, &tables, &withhold);
    let found = cells(table(&outcome, "main"), &["part"]);
    assert_eq!(found.len(), 5);
    assert!(found.iter().all(|row| row[1] == "NOT_READABLE"), "{found:?}");
}

#[test]
fn who_sees_none_of_the_records_is_told_so_and_not_that_there_is_nothing() {
    let world = roi();
    let tables = json!([{"key": "main", "by": "category", "columns": ["cost", "part"], "total": true}]);
    let none_of_a_part = |answer: &mut DataAnswer| {
        answer.sight = Sight::Part;
        answer.rows.clear();
    };
    let outcome = run(&world, &tables, &none_of_a_part);
    assert_eq!(cells(table(&outcome, "main"), &["cost", "part"]), [["", "NONE_VISIBLE", "NONE_VISIBLE"]]);
    // Who sees a part of them reads what it comes to.
    let some_of_a_part = |answer: &mut DataAnswer| {
        answer.sight = Sight::Part;
        answer.rows.truncate(1);
    };
    let outcome = run(&world, &tables, &some_of_a_part);
    let rows = cells(table(&outcome, "main"), &["part"]);
    assert_eq!((rows.len(), rows[0][1].as_str()), (2, "100.00"));
}

#[test]
fn what_a_table_can_not_be_picked_by_is_named() {
    let world = roi();
    for (member, value, path, code) in [
        ("where", json!("nothing > 1"), "/tables/0/where", "unknown_field"),
        ("where", json!("cost + part"), "/tables/0/where", "formula_type"),
        ("where", json!("PREV(part) > 1"), "/tables/0/where", "formula_over_rows"),
        ("sort", json!([{"field": "cost"}, {"field": "nothing"}]), "/tables/0/sort/1/field", "unknown_field"),
        ("limit", json!(0), "/tables/0/limit", "too_small"),
    ] {
        let mut tables = json!([{"key": "main", "by": "category", "columns": ["cost"]}]);
        tables[0][member] = value;
        let faults = publish(&world, costs(&tables)).expect_err("is refused");
        let found: Vec<(&str, &str)> =
            faults.iter().map(|fault| (fault.path.as_str(), &*fault.code)).collect();
        assert_eq!(found, [(path, code)]);
    }
}
