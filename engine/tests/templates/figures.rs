//! What the ROI reports say: about the demo records, and about the worked examples of the articles behind them.

use std::collections::BTreeMap;

use engine::condition::{Reach, Source};
use engine::record::{Draft, read_values};
use engine::report::{DataAnswer, DataRow, Outcome, Report, ReportDocument, TableResult, Titles};
use engine::text::{Faults, Language};
use engine::value::{Id, Value, Values, get};
use serde_json::{Value as Json, json};

use super::replay;
use super::world::{World, full_name, read_all};

pub fn roi() -> World {
    World::install(&["base".to_string(), "roi".to_string()])
}

/// Runs a report of the package over records.
fn run(world: &World, report: &str, records: &[(Id, Values)]) -> Outcome {
    let package = world.packages.iter().find(|package| package.manifest.key == "roi").expect("installed");
    let report = publish(world, package.reports[report].clone()).expect("publishes");
    let answers = answers(&report, records);
    report.compute(&answers, &Titles::new(), &replay::moment(), Language::En)
}

/// A report, checked as one of the package.
pub fn publish(world: &World, document: ReportDocument) -> Result<Report, Faults> {
    Report::publish(document, &|name| world.forms.get(&full_name("roi", name)).cloned(), world)
}

/// What the queries of a report find in records, grouped as the store does.
pub fn answers(report: &Report, records: &[(Id, Values)]) -> Vec<DataAnswer> {
    let context = replay::moment();
    let answers = report.data.iter().map(|data| {
        let filter = data.filter.with_params(&|_| None).expect("nothing is asked without parameters");
        let mut groups: Vec<DataRow> = Vec::new();
        let own = records.iter().filter(|(form, _)| Some(*form) == data.form).map(|(_, values)| values);
        for values in own.filter(|values| filter.holds(&Flat(values), &context)) {
            let group: Vec<Value> = data
                .group
                .iter()
                .map(|group| match (get(values, &group.reach.field), group.unit) {
                    (Value::Date(day), Some(unit)) => Value::Date(unit.start(*day)),
                    (value, _) => value.clone(),
                })
                .collect();
            let place = groups.iter().position(|known| known.group == group).unwrap_or_else(|| {
                groups.push(DataRow { group, values: BTreeMap::new(), records: 0 });
                groups.len() - 1
            });
            groups[place].records += 1;
            for measure in &data.measures {
                let field = &measure.of.as_ref().expect("all of them are sums").0.field;
                let sum = groups[place].values.entry(measure.key.clone()).or_default();
                let parts = sum.as_number().into_iter().chain(get(values, field).as_number());
                *sum = Value::Number(parts.sum());
            }
        }
        DataAnswer::from(groups)
    });
    answers.collect()
}

/// A record without links.
struct Flat<'a>(&'a Values);

impl Source for Flat<'_> {
    fn value(&self, reach: &Reach) -> Value {
        get(self.0, &reach.field).clone()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}

/// An entry as a save would store it; nothing but its programme may be missing.
fn entry(world: &World, form: &str, fields: Json) -> (Id, Values) {
    let form = world.forms[&full_name("roi", form)].clone();
    let mut draft = Draft::new(form.clone(), replay::moment());
    draft.apply(read_values(&form, fields.as_object().expect("an object")));
    let faults: Vec<String> =
        draft.faults(&|_| true).into_iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect();
    assert_eq!(faults, ["program required"]);
    (form.id(), draft.values().clone())
}

pub fn cost(world: &World, category: &str, item: &str, more: Json) -> (Id, Values) {
    let mut fields = json!({"month": "2024-05", "category": category, "item": item});
    fields.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    entry(world, "cost_entry", fields)
}

fn gain(world: &World, amount: &str) -> (Id, Values) {
    let fields = json!({"month": "2024-05", "kind": "repeat", "method": "direct", "amount": amount});
    entry(world, "benefit_entry", fields)
}

/// A figure's value, or the reason why it has none.
fn figure<'o>(outcome: &'o Outcome, key: &str) -> &'o str {
    let figure = outcome.figures.iter().find(|figure| figure.key == key).expect("a figure of the report");
    figure.value.as_deref().or(figure.reason.as_deref()).expect("a value or a reason")
}

pub fn table<'o>(outcome: &'o Outcome, key: &str) -> &'o TableResult {
    outcome.tables.iter().find(|table| table.key == key).expect("a table of the report")
}

/// A table's columns, row by row, the total last; what has no value is its reason.
pub fn cells(table: &TableResult, columns: &[&str]) -> Vec<Vec<String>> {
    let rows = table.rows.iter().chain(&table.total);
    rows.map(|row| {
        let cell =
            |column: &&str| row.values[*column].clone().unwrap_or_else(|| row.reasons[*column].clone());
        std::iter::once(row.group.clone()).chain(columns.iter().map(cell)).collect()
    })
    .collect()
}

#[test]
fn the_yearly_table_of_the_demo_is_that_of_the_article() {
    let world = roi();
    let outcome = run(&world, "yearly", &replay::saved(&world));
    assert_eq!(
        cells(table(&outcome, "yearly"), &["cost", "gain", "M01", "M02", "M04"]),
        [
            ["2022", "1000000.00", "3500000.00", "250.00", "3.5000", "INSUFFICIENT_DATA"],
            ["2023", "1500000.00", "5100000.00", "240.00", "3.4000", "220.00"],
            ["2024", "1800000.00", "6400000.00", "255.56", "3.5556", "333.33"],
            ["", "4300000.00", "15000000.00", "248.84", "3.4884", "INSUFFICIENT_DATA"],
        ]
    );
    assert_eq!(figure(&outcome, "M01"), "248.84");
    assert_eq!(figure(&outcome, "M02"), "3.4884");
}

#[test]
fn the_overview_adds_up_to_the_same() {
    let world = roi();
    let outcome = run(&world, "overview", &replay::saved(&world));
    for (key, value) in [
        ("M01", "248.84"),
        ("M02", "3.4884"),
        ("M03", "10700000.00"),
        // Two months below zero: 1 + 74940 / 143840.
        ("M05", "1.52"),
        ("full_cost", "4300000.00"),
        ("cash_cost", "4030000.00"),
        ("total_gain", "15000000.00"),
    ] {
        assert_eq!(figure(&outcome, key), value, "{key}");
    }
    let by_month = cells(table(&outcome, "trend"), &["cost", "gain", "cumulative", "M06"]);
    assert_eq!(by_month.len(), 36 + 1);
    assert_eq!(by_month[35], ["2024-12", &by_month[35][1], &by_month[35][2], "10700000.00", "248.84"]);
    let by_quarter = cells(table(&outcome, "quarters"), &["cost", "gain"]);
    assert_eq!((by_quarter.len(), by_quarter[0][0].as_str()), (12 + 1, "2022-Q1"));
    assert_eq!(by_quarter[12], ["", "4300000.00", "15000000.00"]);
    let by_kind = cells(table(&outcome, "gain_by_kind"), &["kind_gain", "kind_share"]);
    assert_eq!(by_kind.last().expect("a total"), &["", "15000000.00", "100.00"]);
}

#[test]
fn full_and_cash_cost_of_the_worked_example() {
    let world = roi();
    let records = [
        cost(&world, "people", "salary", json!({"amount": "520000"})),
        cost(&world, "technology", "license", json!({"amount": "180000"})),
        cost(&world, "marketing", "ad", json!({"amount": "310000"})),
        cost(&world, "time", "handling", json!({"quantity": "640", "unit_rate": "85"})),
        cost(&world, "opportunity", "forgone", json!({"amount": "30000"})),
        gain(&world, "3600000"),
    ];
    let outcome = run(&world, "cost_breakdown", &records);
    for (key, value) in [
        ("full_cost", "1094400.00"),
        ("cash_cost", "1010000.00"),
        ("M01", "228.95"),
        ("M02", "3.2895"),
        ("M01_cash", "256.44"),
        ("M02_cash", "3.5644"),
    ] {
        assert_eq!(figure(&outcome, key), value, "{key}");
    }
    assert_eq!(
        cells(table(&outcome, "categories"), &["amount", "M09"]),
        [
            ["people", "520000.00", "47.51"],
            ["technology", "180000.00", "16.45"],
            ["marketing", "310000.00", "28.33"],
            ["time", "54400.00", "4.97"],
            ["opportunity", "30000.00", "2.74"],
            ["", "1094400.00", "100.00"],
        ]
    );
}

/// Costs of the first month and gains of later ones, as in the worked example; a month may be left out.
fn paying_back(world: &World, gains: &[(&str, &str)]) -> Vec<(Id, Values)> {
    let mut records = vec![cost(world, "people", "salary", json!({"month": "2024-11", "amount": "1200"}))];
    let gain = |(month, amount): &(&str, &str)| {
        let fields = json!({"month": month, "kind": "repeat", "method": "direct", "amount": amount});
        entry(world, "benefit_entry", fields)
    };
    records.extend(gains.iter().map(gain));
    records
}

#[test]
fn the_payback_of_the_worked_example() {
    let world = roi();
    let months =
        [("2024-12", "100"), ("2025-01", "200"), ("2025-02", "300"), ("2025-03", "400"), ("2025-04", "500")];
    let whole = run(&world, "overview", &paying_back(&world, &months));
    assert_eq!(figure(&whole, "M05"), "4.40");
    let payback = whole.figures.iter().find(|figure| figure.key == "M05").expect("a figure of the report");
    let inputs = [("cost", "1200.00"), ("gain", "1500.00")];
    let inputs = inputs.map(|(key, value)| (key.to_string(), Some(value.to_string())));
    assert_eq!((&payback.inputs, payback.records), (&BTreeMap::from(inputs), 6));
    // A month without an entry counts.
    let gap = run(&world, "overview", &paying_back(&world, &[("2024-12", "200"), ("2025-04", "2000")]));
    assert_eq!(figure(&gap, "M05"), "4.50");
    let never = run(&world, "overview", &paying_back(&world, &months[..4]));
    assert_eq!(figure(&never, "M05"), "NOT_WITHIN_HORIZON");
    assert_eq!(figure(&run(&world, "overview", &[]), "M05"), "INSUFFICIENT_DATA");
    let at_once = run(&world, "overview", &paying_back(&world, &[("2024-11", "1200")]));
    assert_eq!(figure(&at_once, "M05"), "0.00");
}

#[test]
fn a_calculation_over_what_is_not_there_is_named() {
    let world = roi();
    let package = world.packages.iter().find(|package| package.manifest.key == "roi").expect("installed");
    for (rule, path, code) in [
        (json!({"by": "year", "gain": "gain", "cost": "cost"}), "/calculate/0/with/by", "unknown_field"),
        (json!({"by": "month", "gain": "profit", "cost": "cost"}), "/calculate/0/with/gain", "unknown_field"),
        (
            json!({"by": "month", "gain": "kind_gain", "cost": "cost"}),
            "/calculate/0/with/by",
            "unknown_field",
        ),
    ] {
        let mut document = package.reports["overview"].clone();
        document.calculate[0].with = serde_json::from_value(rule).expect("a rule");
        let faults = publish(&world, document).expect_err("is refused");
        assert_eq!((faults[0].path.as_str(), &*faults[0].code), (path, code));
    }
    let mut document = package.reports["overview"].clone();
    document.calculate[0].key = "gain".to_string();
    let faults = publish(&world, document).expect_err("is refused");
    assert_eq!((faults[0].path.as_str(), &*faults[0].code), ("/calculate/0/key", "duplicate_key"));
}

#[test]
fn a_capital_charge_is_a_month_of_interest() {
    let world = roi();
    let (_, values) =
        cost(&world, "opportunity", "capital", json!({"quantity": "1000000", "unit_rate": "0.06"}));
    assert_eq!(get(&values, "base_amount").as_number(), Some(5_000.into()));
}

#[test]
fn other_currencies_and_revenue_count_as_gross_profit_in_the_base_currency() {
    let world = roi();
    let fields = json!({"month": "2024-05", "kind": "referral", "method": "direct", "amount": "1000",
        "basis": "revenue", "margin_pct": "42", "currency": "USD", "fx_rate": "7.1"});
    let (_, values) = entry(&world, "benefit_entry", fields);
    assert_eq!(get(&values, "base_amount").as_number(), Some(2_982.into()));
}

#[test]
fn a_figure_that_can_not_be_computed_says_why() {
    let world = roi();
    let spent = cost(&world, "people", "salary", json!({"amount": "100"}));
    let nothing = run(&world, "overview", &[]);
    let no_gain = run(&world, "overview", std::slice::from_ref(&spent));
    let no_cost = run(&world, "overview", &[gain(&world, "0")]);
    let no_cash_cost = cost(&world, "opportunity", "forgone", json!({"amount": "100"}));
    let no_cash_cost = run(&world, "overview", &[no_cash_cost, gain(&world, "300")]);
    for key in ["M01", "M02", "M01_cash", "M02_cash"] {
        assert_eq!(figure(&nothing, key), "COST_ZERO", "{key}");
        assert_eq!(figure(&no_gain, key), "GAIN_MISSING", "{key}");
        assert_eq!(figure(&no_cost, key), "COST_ZERO", "{key}");
    }
    assert_eq!(figure(&no_gain, "M03"), "GAIN_MISSING");
    assert_eq!(figure(&no_cost, "M03"), "0.00");
    assert_eq!((figure(&no_cash_cost, "M01"), figure(&no_cash_cost, "M01_cash")), ("200.00", "COST_ZERO"));
    let loss = run(&world, "overview", &[spent, gain(&world, "-50")]);
    assert_eq!((figure(&loss, "M01"), figure(&loss, "M02")), ("-150.00", "-0.5000"));
}

/// What every place of a report says where a cost of 4,000 stands in May and no gain anywhere.
#[test]
fn no_gain_at_all_is_missing_in_figures_rows_and_totals_alike() {
    let world = roi();
    let spent = cost(&world, "people", "salary", json!({"amount": "4000"}));
    let missing = "GAIN_MISSING";
    let overview = run(&world, "overview", std::slice::from_ref(&spent));
    for key in ["M01", "M02", "M03", "total_gain"] {
        assert_eq!(figure(&overview, key), missing, "{key}");
    }
    assert_eq!(
        cells(table(&overview, "trend"), &["cost", "gain", "M03", "cumulative", "M06"]),
        [
            ["2024-05", "4000.00", missing, missing, missing, missing],
            ["", "4000.00", missing, missing, missing, "INSUFFICIENT_DATA"],
        ]
    );
    assert_eq!(
        cells(table(&overview, "quarters"), &["cost", "gain", "M03", "M01", "M02"]),
        [
            ["2024-Q2", "4000.00", missing, missing, missing, missing],
            ["", "4000.00", missing, missing, missing, missing]
        ]
    );
    let yearly = run(&world, "yearly", &[spent]);
    assert_eq!(
        cells(table(&yearly, "yearly"), &["cost", "gain", "M01", "M02"]),
        [["2024", "4000.00", missing, missing, missing], ["", "4000.00", missing, missing, missing]]
    );
}

#[test]
fn a_month_without_a_gain_among_others_is_0_and_no_cost_is_0_everywhere() {
    let world = roi();
    let spent = cost(&world, "people", "salary", json!({"month": "2024-04", "amount": "4000"}));
    let later = run(&world, "overview", &[spent, gain(&world, "5000")]);
    assert_eq!(
        cells(table(&later, "trend"), &["cost", "gain", "M03", "cumulative", "M06"]),
        [
            ["2024-04", "4000.00", "0.00", "-4000.00", "-4000.00", "-100.00"],
            ["2024-05", "0.00", "5000.00", "5000.00", "1000.00", "25.00"],
            ["", "4000.00", "5000.00", "1000.00", "INSUFFICIENT_DATA", "INSUFFICIENT_DATA"],
        ]
    );
    let gained = run(&world, "overview", &[gain(&world, "5000")]);
    assert_eq!(figure(&gained, "full_cost"), "0.00");
    assert_eq!(
        cells(table(&gained, "trend"), &["cost", "gain", "M03", "M06"]),
        [
            ["2024-05", "0.00", "5000.00", "5000.00", "COST_ZERO"],
            ["", "0.00", "5000.00", "5000.00", "INSUFFICIENT_DATA"],
        ]
    );
}

/// Definitions and what they are computed from are read beside each other.
#[test]
fn a_definition_uses_the_words_of_what_it_is_computed_from() {
    let packages = read_all();
    let reports = packages.values().flat_map(|package| package.reports.values());
    let mut seen = 0;
    for report in reports {
        let labels = report.data.iter().flat_map(|data| &data.measures);
        let labels: BTreeMap<&String, _> =
            labels.filter_map(|(key, measure)| Some((key, measure.label.as_ref()?))).collect();
        for figure in report.figures.iter().filter(|figure| ["M01", "M02", "M03"].contains(&&*figure.key)) {
            let definition = figure.definition.as_ref().expect("is defined");
            for key in ["gain", "cost"] {
                let Some(label) = labels.get(&key.to_string()) else { continue };
                for language in Language::ALL {
                    let (said, word) = (definition.get(language), label.get(language));
                    assert!(
                        said.to_lowercase().contains(&word.to_lowercase()),
                        "{}: {word} in {said}",
                        report.key
                    );
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 40, "{seen}");
}
