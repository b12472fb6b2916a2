//! Formulas that try to take time, memory or more than they may (reliability.md F2): each is refused or ends as
//! `#LIMIT!`. Work is counted, not timed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{run, show};
use crate::formula::sample::Sample;
use crate::formula::{Budget, Formula, Lookup, MAX_OPERATIONS, MAX_SOURCE, Resolved, Scope, Type};
use crate::value::{ErrorValue, Value};

#[test]
fn t27_words_of_rhai_mean_nothing() {
    for source in [
        "eval(\"loop {}\")",
        "Fn(\"sleep\")",
        "call(Fn(\"sleep\"), 3)",
        "curry(1)",
        "sleep(5)",
        "print(1)",
        "debug(1)",
        "range(1, 9)",
        "chain(1)",
        "negative(1)",
        "cx",
        "this",
        "type_of(1)",
    ] {
        let code = show(source);
        assert!(
            matches!(code.as_str(), "unknown_function" | "unknown_field" | "formula_argument"),
            "{source}: {code}"
        );
    }
    for source in [
        "loop {}",
        "import \"x\" as y",
        "let x = 1",
        "while true {}",
        "|x| x",
        "\"a\".replace(\"a\", \"b\")",
        "switch 1 { 1 => 2 }",
        "fn f() {}",
        "`${1}`",
        "#{a: 1}",
        "{ 1 }",
        "1; 2",
        "a = b = c; d",
        "/* x */ 1",
        "// x",
        "1 // 2",
        "0x1F",
        "1..5",
        "a ?? b",
        "a ? b : c",
        "\\",
        "@",
    ] {
        assert!(Formula::parse(source, &Sample, &Type::Any).is_err(), "{source}");
    }
}

/// What rhai, or another language, calls what reaches out of a formula; none of it is a function of ours.
const WAYS_OUT: [&str; 34] = [
    "eval",
    "Fn",
    "call",
    "curry",
    "is_def_fn",
    "is_def_var",
    "is_shared",
    "import",
    "export",
    "print",
    "debug",
    "sleep",
    "timestamp_now",
    "elapsed",
    "type_of",
    "to_debug",
    "to_json",
    "parse_json",
    "open_file",
    "read_file",
    "exec",
    "system",
    "spawn",
    "getenv",
    "env",
    "fetch",
    "HTTP",
    "WEBSERVICE",
    "INDIRECT",
    "EVALUATE",
    "HYPERLINK",
    "FILTERXML",
    "SQL",
    "CALLBACK",
];

/// A corpus of 340: however such a name is written, it is refused before anything runs (reliability.md T27).
#[test]
fn t27_no_way_out_of_a_formula_is_open_however_it_is_written() {
    let forms: [fn(&str) -> String; 10] = [
        |name| format!("{name}()"),
        |name| format!("{name}(\"x\")"),
        |name| format!("1 + {name}(amount)"),
        |name| format!("IF(TRUE, 1, {name}(3))"),
        |name| format!("IFERROR({name}(1), 0)"),
        |name| format!("amount.{name}()"),
        |name| format!("\"x\".{name}(1)"),
        |name| format!("{name}!(1)"),
        |name| format!("{name}::{name}(1)"),
        |name| format!("let x = {name}(1); x"),
    ];
    let sources: Vec<String> =
        WAYS_OUT.iter().flat_map(|name| forms.iter().map(move |form| form(name))).collect();
    assert!(sources.len() >= 300, "{}", sources.len());
    for source in sources {
        assert!(Formula::parse(&source, &Sample, &Type::Any).is_err(), "{source} is a formula");
    }
}

#[test]
fn c11_text_does_not_grow_beyond_its_limit() {
    let half = "REPT(\"x\", 32768)";
    for source in [
        "REPT(\"x\", 65537)".to_string(),
        "REPT(\"xxxxxxxxxx\", 999999999999)".to_string(),
        "REPT(REPT(REPT(\"x\", 1000), 1000), 1000)".to_string(),
        format!("SUBSTITUTE({half}, \"x\", {half})"),
        format!("REPLACE({half}, 1, 1, {half} & \"xx\")"),
        format!("CONCATENATE({half}, {half}, \"x\")"),
        format!("TEXTJOIN({half}, TRUE, 1, 2, 3, 4)"),
        format!("JOIN(SPLIT(\"1,2,3,4\", \",\"), {half})"),
        format!("{half} & {half} & \"x\""),
        format!("TEXT(1, {half})"),
        "SPLIT(REPT(\",\", 5001), \",\")".to_string(),
    ] {
        assert_eq!(run(&source).0, Value::Error(ErrorValue::Limit), "{source}");
    }
}

#[test]
fn many_large_texts_exhaust_the_formula() {
    // Each is within its limit; alive together they would be 16 MiB.
    let many = vec!["REPT(\"x\", 65536)"; 256].join(",");
    let (value, budget) = run(&format!("IFERROR(LEN(CONCATENATE({many})), 1)"));
    assert_eq!(value, Value::Error(ErrorValue::Limit));
    assert!(budget.operations <= MAX_OPERATIONS, "{}", budget.operations);
    let nested = (0..28).fold("REPT(\"x\", 60000)".to_string(), |inner, _| format!("UPPER({inner})"));
    assert!(run(&nested).1.operations <= MAX_OPERATIONS);
    let cut = vec!["LEFT(REPT(\"x\", 65536), 65535)"; 200].join("&");
    assert_eq!(run(&format!("LEN({cut})")).0, Value::Error(ErrorValue::Limit));
}

#[test]
fn copies_and_comparisons_of_large_texts_are_counted() {
    let large = "REPT(\"x\", 65536)";
    for source in [
        format!("LEN(JOIN(SPLIT(REPT(\"a,\", 4000), \",\"), {large}))"),
        format!("COUNTA({})", vec![format!("IF(TRUE, {large}, 1)"); 100].join(",")),
        format!("COUNTA({})", vec![format!("IFEMPTY({large}, 1)"); 100].join(",")),
        format!("AND({})", vec![format!("{large} <= {large}"); 100].join(",")),
        format!(
            "COUNTUNIQUE(SPLIT({large}, \"\"))&{}",
            vec![format!("INDEX(SPLIT({large}, \"y\"), 1)"); 100].join("&")
        ),
    ] {
        let (value, budget) = run(&source);
        assert_eq!(value, Value::Error(ErrorValue::Limit), "{source}");
        assert!(budget.operations <= MAX_OPERATIONS);
    }
}

#[test]
fn loops_inside_functions_are_counted() {
    for source in [
        "WORKDAY(DATE(1000, 1, 1), 3000000)",
        "NETWORKDAYS(DATE(1000, 1, 1), DATE(9999, 12, 31))",
        "COUNTIF(REPT(\"ab\", 30000), REPT(\"*a\", 30000))",
    ] {
        let (value, budget) = run(source);
        assert_eq!(value, Value::Error(ErrorValue::Limit), "{source}");
        assert!(budget.operations <= MAX_OPERATIONS, "{source}: {}", budget.operations);
    }
}

#[test]
fn t30_numbers_end_somewhere() {
    for source in
        ["10 ^ 40", "9 ^ 9 ^ 9", "EXP(1000)", "POWER(1.0000001, 99999999999)", "1e30", "PRODUCT(1e27, 1e27)"]
    {
        let shown = show(source);
        assert!(matches!(shown.as_str(), "#LIMIT!" | "formula_number"), "{source}: {shown}");
    }
    assert_eq!(show("ROUND(0, -9223372036854775808)"), "#NUM!");
    assert_eq!(show("INDEX(lines.qty, -9223372036854775808)"), "#NUM!");
    for source in ["0.5 ^ 999999999999", "EXP(-1000)", "ROUND(1e27, -30)", "ROUND(1, 9999999999)"] {
        assert!(!show(source).is_empty(), "{source}");
    }
}

#[test]
fn long_and_deep_sources_are_refused_or_small() {
    let arms: String = (0..20_000).map(|n| format!("{n},{n},")).collect();
    assert_eq!(show(&format!("SWITCH(amount,{arms}0)")), "formula_too_long");
    let arms: String = (0..600).map(|n| format!("{n},{n},")).collect();
    assert_eq!(show(&format!("SWITCH(amount,{arms}0)")), "0");
    assert_eq!(show(&format!("\"{}\"", "x".repeat(MAX_SOURCE))), "formula_too_long");
    let deep = (0..200).fold("1".to_string(), |inner, _| format!("ABS({inner})"));
    assert_eq!(show(&deep), "formula_too_deep");
    let deepest = (0..30).fold("1".to_string(), |inner, _| format!("ABS(-(1 + {inner}))"));
    assert_eq!(show(&deepest), "formula_too_deep");
    // As deep as it may be: rhai takes what the parser took.
    let nested = (0..31).fold("1".to_string(), |inner, _| format!("ABS({inner} + 0)"));
    let crowded = (0..31)
        .fold("1".to_string(), |inner, _| format!("IF({inner} ^ 1 * 1 + 0 & 1 = state or FALSE, 1, 1)"));
    // A browser's stack is 1 MiB, and its code smaller than this build's.
    let small = |source: String| std::thread::Builder::new().stack_size(1 << 20).spawn(move || show(&source));
    assert_eq!(small(nested).unwrap().join().unwrap(), "1");
    assert_eq!(small(crowded).unwrap().join().unwrap(), "formula_too_deep");
    let negated = format!("{}1", "-".repeat(30));
    assert_eq!(show(&negated), "1");
    let sum = vec!["1"; 4000].join("+");
    assert_eq!(show(&sum), "4000");
    let calls = vec!["ABS(1)"; 1000].join("+");
    assert_eq!(show(&calls), "1000");
}

/// A sub-form of many rows.
struct Long(usize);

impl Scope for Long {
    fn resolve(&self, _: &[&str]) -> Option<Resolved> {
        Some(Resolved { ty: Type::list(Type::Number), live: false })
    }
}

impl Lookup for Long {
    fn value(&self, _: &str) -> Value {
        Value::List((0..self.0).map(|n| Value::number(n as u64)).collect())
    }
}

#[test]
fn work_over_lists_is_counted_and_bounded() {
    let cost = |source: &str, rows: usize| {
        let formula = Formula::parse(source, &Long(rows), &Type::Number).unwrap();
        let mut budget = Budget::for_record();
        let value = formula.evaluate(&Long(rows), &Sample::context(), &mut budget);
        (value, budget.operations)
    };
    let (value, operations) = cost("SUM(x)", 1000);
    assert_eq!(value, Value::number(499_500));
    assert_eq!(operations, 1001);
    let many = vec!["SUM(x)"; 100].join("+");
    let (value, operations) = cost(&many, 1000);
    assert_eq!(value, Value::Error(ErrorValue::Limit));
    assert!(operations <= MAX_OPERATIONS, "{operations}");
    assert_eq!(cost("COUNT(UNIQUE(x))", 6000).0, Value::Error(ErrorValue::Limit));
}

#[test]
fn a_record_has_a_budget_for_all_its_formulas() {
    let formula = Formula::parse("SUM(x)", &Long(1000), &Type::Number).unwrap();
    let mut budget = Budget::of(2_500);
    let values: Vec<Value> =
        (0..4).map(|_| formula.evaluate(&Long(1000), &Sample::context(), &mut budget)).collect();
    let limit = Value::Error(ErrorValue::Limit);
    assert_eq!(values, [Value::number(499_500), Value::number(499_500), limit.clone(), limit]);
}

#[test]
fn the_caller_can_stop_a_formula() {
    let asked = Arc::new(AtomicU64::new(0));
    let counter = asked.clone();
    let stop = Arc::new(move || counter.fetch_add(1, Ordering::Relaxed) >= 10);
    let formula = Formula::parse(&vec!["1"; 1000].join("+"), &Sample, &Type::Number).unwrap();
    let mut budget = Budget::for_record().with_stop(stop);
    let value = formula.evaluate(&Sample, &Sample::context(), &mut budget);
    assert_eq!(value, Value::Error(ErrorValue::Limit));
}
