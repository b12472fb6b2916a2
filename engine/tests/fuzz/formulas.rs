//! Formulas: read, checked and worked out.

use engine::formula::sample::Sample;
use engine::formula::{Budget, Formula, MAX_OPERATIONS, Name, Names, Type, parse, to_labels};

use super::corpus;

const WORDS: &[&str] = &[
    "amount",
    "state",
    "lines.qty",
    "lines.price",
    "day",
    "at",
    "tags",
    "blank",
    "paid",
    "[金额(元)]",
    "$created_at",
    "SUM(",
    "IF(",
    "TEXT(",
    "DATE(",
    "REPT(",
    "SUBSTITUTE(",
    "ROUND(",
    "ALLOCATE(",
    "WEEKDAY(",
    "COUNTIF(",
    "PARAM('rate')",
    ",",
    ")",
    "(",
    "'x'",
    "\"",
    " and ",
    " or ",
    "not ",
    "=",
    "<>",
    "<=",
    "&",
    "^",
    "-",
    "+",
    "*",
    "/",
    "%",
    "1/0",
    "0.1",
    "99999999999999999999999999",
    "1e9",
    "TRUE",
    "record.",
    "let ",
    "=>",
    "//",
    "/*",
    "eval(",
    "fn ",
    "${",
    "`",
];

/// Fields that nobody has given other names.
struct Unnamed;

impl Names for Unnamed {
    fn members(&self, _: &[&str]) -> Vec<Name> {
        Vec::new()
    }
}

#[test]
fn no_formula_breaks_what_reads_it() {
    corpus("formula", Vec::new(), WORDS).hammer(|input| {
        let Ok(source) = std::str::from_utf8(input) else { return false };
        // What can't be read stays as it was written.
        let shown = to_labels(source, &Unnamed);
        if parse(source).is_ok() {
            assert!(parse(&shown).is_ok(), "{source} is shown as {shown}");
        }
        let Ok(formula) = Formula::parse(source, &Sample, &Type::Any) else { return false };
        let worked_out = || {
            let mut budget = Budget::for_record();
            let value = formula.evaluate(&Sample, &Sample::context(), &mut budget);
            assert!(budget.operations <= MAX_OPERATIONS, "{} operations for {source}", budget.operations);
            value
        };
        assert_eq!(worked_out(), worked_out(), "{source} has two values");
        true
    });
}
