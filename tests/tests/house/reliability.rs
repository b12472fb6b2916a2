//! The page about reliability, held against the tests that there are.

use std::fs;

use crate::root;
use crate::rules::tests;

const PAGE: &str = "docs/reliability.md";

/// Rows of load, faults, data, and of many at once.
const ROWS: [(char, usize); 4] = [('L', 11), ('K', 17), ('D', 12), ('C', 9)];

/// How a row begins that no test holds.
const INSTEAD: [&str; 2] = ["open: ", "operator: "];

/// How one begins that the load benchmark measures, and holds to a limit; and where its rows are.
const MEASURED: &str = "measured: ";
const SUITE: &str = "tests/load/matrix/mod.rs";

/// The rows of the load benchmark.
fn measured() -> Vec<String> {
    let source = fs::read_to_string(root().join(SUITE)).unwrap();
    let (_, rows) = source.split_once("const ROWS: ").unwrap();
    let (rows, _) = rows.split_once("];").unwrap();
    rows.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn no_row_is_left_out_and_each_names_tests_that_exist_or_says_why_not() {
    let page = fs::read_to_string(root().join(PAGE)).unwrap();
    let (tests, suite) = (tests(), measured());
    assert!(suite.contains(&"L1".to_owned()), "{suite:?}");
    let mut found = Vec::new();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [name, _, said] = cells[..] else { panic!("{row} has other columns") };
        if name == "row" {
            continue;
        }
        found.push(name.to_owned());
        let named: Vec<&str> =
            said.split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect();
        let is_measured = said.starts_with(MEASURED);
        assert!(!is_measured || suite.iter().any(|row| row == name), "{name} is no row of {SUITE}");
        let says_why = is_measured || INSTEAD.iter().any(|instead| said.starts_with(instead));
        assert!(says_why || !named.is_empty(), "{name} names tests, or says why there are none");
        let gone: Vec<&&str> = named.iter().filter(|test| !tests.contains(**test)).collect();
        assert!(gone.is_empty(), "{name} names tests that do not exist: {gone:?}");
    }
    let wanted: Vec<String> = ROWS
        .iter()
        .flat_map(|(letter, count)| (1..=*count).map(move |number| format!("{letter}{number}")))
        .collect();
    assert_eq!(found, wanted);
}
