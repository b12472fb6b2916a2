//! What operators and empty values mean.

use rust_decimal::Decimal;

use super::{run, show};
use crate::formula::functions::{self, Function};
use crate::formula::{Budget, Formula, Type, sample::Sample};
use crate::value::Value;

#[test]
fn numbers_are_exact() {
    for (source, expected) in [
        ("0.1 + 0.2", "0.3"),
        ("1 / 3", "0.3333333333333333333333333333"),
        ("7 / 2", "3.5"),
        ("1.10 * 3", "3.3"),
        ("2 ^ 10", "1024"),
        ("2 ^ 0.5", "1.4142135623730950488016887242"),
        ("-2 ^ 2", "4"),
        ("2 ^ 3 ^ 2", "64"),
        ("1 / 0", "#DIV/0!"),
        ("0 ^ -1", "#DIV/0!"),
        ("(-8) ^ 0.5", "#NUM!"),
        ("9999999999999999999999999999 * 10", "#LIMIT!"),
        ("79228162514264337593543950335", "formula_number"),
        ("123456789012345678.12345678 - 0.00000001", "123456789012345678.12345677"),
    ] {
        assert_eq!(show(source), expected, "{source}");
    }
}

#[test]
fn empty_values() {
    for (source, expected) in [
        ("amount + blank", ""),
        ("-blank", ""),
        ("blank * 2 + 1", ""),
        ("\"a\" & blank & 1", "a1"),
        ("blank = EMPTY", "TRUE"),
        ("blank = \"\"", "TRUE"),
        ("blank = 0", "FALSE"),
        ("blank <> 0", "TRUE"),
        ("blank < 1", "FALSE"),
        ("not blank < 1", "TRUE"),
        ("blank = FALSE", "TRUE"),
        ("IF(blank, 1, 2)", "2"),
        ("day + blank", ""),
        ("blank - day", ""),
        ("\"\" & \"\"", ""),
        ("UPPER(blank)", ""),
        ("SUM(blank, blank)", "0"),
    ] {
        assert_eq!(show(source), expected, "{source}");
    }
}

#[test]
fn text_and_comparisons() {
    for (source, expected) in [
        ("\"a\" = \"A\"", "FALSE"),
        ("\"a\" < \"B\"", "TRUE"),
        ("state & \"-\" & amount", "won-120.5"),
        ("1 + 2 & 3", "33"),
        ("1 & TRUE & day", "1TRUE2026-11-22"),
        ("amount >= 120.5 and amount <= 120.50", "TRUE"),
        ("not paid", "FALSE"),
        ("paid and not (amount < 1)", "TRUE"),
        ("day < at", "TRUE"),
        ("at >= day", "TRUE"),
    ] {
        assert_eq!(show(source), expected, "{source}");
    }
}

#[test]
fn days_and_instants() {
    for (source, expected) in [
        ("day + 9", "2026-12-01"),
        ("1 + day", "2026-11-23"),
        ("day - DATE(2026, 11, 1)", "21"),
        ("at + 0.5", "2026-11-23 04:05"),
        ("at - day", "0.6701388888888888888888888889"),
        ("TIME(12, 0) - TIME(6, 0)", "0.25"),
        ("DATE(9999, 12, 31) + 1", "#NUM!"),
        ("TODAY() = day", "TRUE"),
    ] {
        assert_eq!(show(source), expected, "{source}");
    }
}

#[test]
fn errors_travel_but_not_from_where_nobody_goes() {
    for (source, expected) in [
        ("1 / 0 + 1", "#DIV/0!"),
        ("SUM(1, 1 / 0)", "#DIV/0!"),
        ("IF(1 / 0 > 1, 1, 2)", "#DIV/0!"),
        ("IF(FALSE, 1 / 0, 2)", "2"),
        ("IFS(FALSE, 1 / 0, TRUE, 2)", "2"),
        ("IFS(TRUE, 1, 1 / 0 > 1, 2)", "1"),
        ("SWITCH(1, 1, \"one\", 2, 1 / 0 & \"\")", "one"),
        ("OR(ISEMPTY(blank), 1 / blank > 1)", "TRUE"),
        ("blank = 1 or 1 / 0 = 1", "#DIV/0!"),
        ("IFERROR(1 / 0, 1 / 0)", "#DIV/0!"),
        ("IFEMPTY(blank, 1 / 0)", "#DIV/0!"),
        ("IFEMPTY(amount, 1 / 0)", "120.5"),
        ("ISERROR(SQRT(-1))", "TRUE"),
    ] {
        assert_eq!(show(source), expected, "{source}");
    }
}

#[test]
fn results_land_in_the_type_that_was_wanted() {
    let landed = |source: &str, wanted: Type| {
        let formula =
            Formula::parse(source, &Sample, &wanted).unwrap_or_else(|fault| panic!("{source}: {fault:?}"));
        formula.evaluate(&Sample, &Sample::context(), &mut Budget::for_record())
    };
    assert_eq!(landed("amount", Type::Text), Value::text("120.5"));
    assert_eq!(landed("at", Type::Date), Value::Date(Sample::context().today()));
    assert_eq!(landed("DATEVALUE(\"2026-11-22\")", Type::DateTime), {
        Value::DateTime("2026-11-21T16:00:00Z".parse().unwrap())
    });
    assert_eq!(landed("state", Type::list(Type::Text)), Value::List(vec![Value::text("won")]));
    assert_eq!(landed("blank", Type::Number), Value::Empty);
    assert_eq!(landed("\"\"", Type::Text), Value::Empty);
    // What is only known when it is computed is checked then.
    assert_eq!(landed("IF(paid, blank, 1)", Type::Number), Value::Empty);
    assert_eq!(landed("COALESCE(blank, blank)", Type::Number), Value::Empty);
    assert_eq!(landed("IF(paid, PARAM('rate'), 1)", Type::Text), Value::text("13"));
}

#[test]
fn sums_are_the_reference_sums() {
    let terms: Vec<String> = (1..=200).map(|n| format!("{}.{:02}", n * 7919 % 1000, n * 31 % 100)).collect();
    let expected: Decimal = terms.iter().map(|term| term.parse::<Decimal>().unwrap()).sum();
    assert_eq!(run(&terms.join("+")).0, Value::Number(expected.normalize()));
    assert_eq!(run(&format!("SUM({})", terms.join(","))).0, Value::Number(expected.normalize()));
}

#[test]
fn an_argument_belongs_to_a_named_parameter() {
    let function = |name: &str| -> &'static Function { functions::find(name).unwrap() };
    let places = |name: &str| (0..6).map(|place| function(name).parameter_at(place)).collect::<Vec<_>>();
    assert_eq!(places("SUM"), [0, 0, 0, 0, 0, 0]);
    assert_eq!(places("IFS"), [0, 1, 0, 1, 0, 1]);
    assert_eq!(places("SWITCH"), [0, 1, 2, 1, 2, 1]);
    assert_eq!(places("ROUND"), [0, 1, 1, 1, 1, 1]);
}
