//! The page about security, held against the tests that there are.

use std::collections::BTreeSet;
use std::fs;

use crate::paths::{FOLDERS, pages_in};
use crate::root;
use crate::rules::tests;

const PAGE: &str = "docs/security.md";

/// Threats of the model, checks that every change is held to, and limits.
const THREATS: usize = 80;
const CHECKS: usize = 30;
const LIMITS: usize = 27;

/// Sections of ASVS 5.0, and how many requirements of levels 1 and 2 each has: they come before those of level 3.
const SECTIONS: [(&str, usize); 75] = [
    ("V1.1", 2),
    ("V1.2", 9),
    ("V1.3", 11),
    ("V1.4", 3),
    ("V1.5", 2),
    ("V2.1", 3),
    ("V2.2", 3),
    ("V2.3", 4),
    ("V2.4", 1),
    ("V3.2", 2),
    ("V3.3", 4),
    ("V3.4", 6),
    ("V3.5", 5),
    ("V3.7", 2),
    ("V4.1", 3),
    ("V4.2", 1),
    ("V4.3", 2),
    ("V4.4", 4),
    ("V5.1", 1),
    ("V5.2", 3),
    ("V5.3", 2),
    ("V5.4", 3),
    ("V6.1", 3),
    ("V6.2", 12),
    ("V6.3", 4),
    ("V6.4", 4),
    ("V6.5", 5),
    ("V6.6", 3),
    ("V6.8", 4),
    ("V7.1", 3),
    ("V7.2", 4),
    ("V7.3", 2),
    ("V7.4", 5),
    ("V7.5", 2),
    ("V7.6", 2),
    ("V8.1", 2),
    ("V8.2", 3),
    ("V8.3", 1),
    ("V8.4", 1),
    ("V9.1", 3),
    ("V9.2", 4),
    ("V10.1", 2),
    ("V10.2", 2),
    ("V10.3", 4),
    ("V10.4", 11),
    ("V10.5", 5),
    ("V10.6", 2),
    ("V10.7", 3),
    ("V11.1", 2),
    ("V11.2", 3),
    ("V11.3", 3),
    ("V11.4", 4),
    ("V11.5", 1),
    ("V11.6", 1),
    ("V12.1", 3),
    ("V12.2", 2),
    ("V12.3", 4),
    ("V13.1", 1),
    ("V13.2", 5),
    ("V13.3", 2),
    ("V13.4", 5),
    ("V14.1", 2),
    ("V14.2", 4),
    ("V14.3", 3),
    ("V15.1", 3),
    ("V15.2", 3),
    ("V15.3", 7),
    ("V16.1", 1),
    ("V16.2", 5),
    ("V16.3", 4),
    ("V16.4", 3),
    ("V16.5", 3),
    ("V17.1", 1),
    ("V17.2", 4),
    ("V17.3", 2),
];

/// Threats to what the product does not do yet. Whoever builds one of these takes its row out of here.
const NOT_THERE_YET: [&str; 0] = [];

/// What a row says that no test holds.
const INSTEAD: [&str; 3] = ["open: ", "operator: ", "page: ["];

/// A row of one of the tables.
struct Row {
    name: String,
    tests: Vec<String>,
    /// What is said in the place of tests, or beside them.
    said: String,
}

fn page() -> String {
    fs::read_to_string(root().join(PAGE)).unwrap()
}

fn rows() -> Vec<Row> {
    let page = page();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = rows.filter_map(|row| {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [name, _, said] = cells[..] else { return None };
        let is_numbered = name.len() > 2 && name[1..].starts_with(|sign: char| sign.is_ascii_digit());
        let tests = said.split('`').skip(1).step_by(2).filter(|name| name.contains("::"));
        is_numbered.then(|| Row {
            name: name.to_owned(),
            tests: tests.map(str::to_owned).collect(),
            said: said.to_owned(),
        })
    });
    rows.collect()
}

#[test]
fn c30_every_row_names_tests_that_exist() {
    let tests = tests();
    let rows = rows();
    assert!(rows.len() > 300, "{}", rows.len());
    for row in rows {
        let says_why = INSTEAD.iter().any(|instead| row.said.starts_with(instead));
        assert!(says_why == row.tests.is_empty(), "{} names tests, or says why there are none", row.name);
        let gone: Vec<_> = row.tests.iter().filter(|test| !tests.contains(*test)).collect();
        assert!(gone.is_empty(), "{} names tests that do not exist: {gone:?}", row.name);
    }
    // The examples in the text are tests, too.
    let page = page();
    let named = page.split('`').skip(1).step_by(2).filter(|name| name.matches("::").count() > 1);
    let gone: Vec<_> = named.filter(|name| !tests.contains(*name)).collect();
    assert!(gone.is_empty(), "the page names tests that do not exist: {gone:?}");
}

#[test]
fn no_threat_no_check_and_no_requirement_is_left_out() {
    let rows = rows();
    let numbered = |letter: char| -> Vec<&str> {
        let names = rows.iter().map(|row| row.name.as_str());
        names.filter(|name| name.starts_with(letter) && !name.contains('.')).collect()
    };
    let wanted = |letter: char, count: usize| -> Vec<String> {
        (1..=count).map(|number| format!("{letter}{number:02}")).collect()
    };
    assert_eq!(numbered('T'), wanted('T', THREATS));
    assert_eq!(numbered('C'), wanted('C', CHECKS));
    assert_eq!(numbered('L'), wanted('L', LIMITS));

    let requirements: Vec<&str> =
        rows.iter().map(|row| row.name.as_str()).filter(|name| name.starts_with('V')).collect();
    let told: BTreeSet<&str> = requirements.iter().copied().collect();
    assert_eq!(told.len(), requirements.len(), "a requirement is there twice");
    let page = page();
    let (_, apart) = page.split_once("These do not apply").unwrap();
    let (apart, _) = apart.split_once("| requirement |").unwrap();
    let apart: BTreeSet<&str> =
        apart.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '.').collect();
    for (section, count) in SECTIONS {
        for number in 1..=count {
            let name = format!("{section}.{number}");
            let (is_told, is_apart) = (told.contains(name.as_str()), apart.contains(name.as_str()));
            assert!(is_told != is_apart, "{name} is a row, or does not apply");
        }
    }
}

/// The threats and checks after which a test is called: `t42_t43_…`, `t15_c08_…`.
fn called_after(test: &str) -> impl Iterator<Item = String> {
    let number = |word: &str| {
        let digits = word.strip_prefix(['t', 'c'])?;
        let is_number = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        is_number.then(|| word.to_uppercase())
    };
    test.rsplit("::").next().unwrap_or(test).split('_').map_while(number)
}

#[test]
fn a_test_stands_with_the_threat_or_check_that_it_is_called_after() {
    let rows = rows();
    for test in tests() {
        for name in called_after(&test) {
            let row = rows.iter().find(|row| row.name == name);
            assert!(row.is_some_and(|row| row.tests.contains(&test)), "{name} does not name {test}");
        }
    }
    let called = |name: &str| called_after(name).collect::<Vec<_>>();
    assert_eq!(called("api::sessions::t42_c16_a_session_is_new"), ["T42", "C16"]);
    assert!(called("to_be_or_not").is_empty() && called("t1_t100_x").is_empty());
}

#[test]
fn every_threat_and_every_check_has_a_test_that_is_called_after_it() {
    for row in rows().iter().filter(|row| row.name.starts_with(['T', 'C'])) {
        if NOT_THERE_YET.contains(&row.name.as_str()) {
            assert!(
                row.said.starts_with("open: "),
                "{} says that what it is about is not there yet",
                row.name
            );
            continue;
        }
        let is_called = |test: &String| called_after(test).any(|name| name == row.name);
        assert!(row.tests.iter().any(is_called), "no test is called after {}", row.name);
    }
}

/// Two pages of the same threats would soon say two things.
#[test]
fn a_threat_has_its_row_on_one_page() {
    let pages = FOLDERS.iter().flat_map(|folder| pages_in(folder)).filter(|page| page != PAGE);
    for name in pages {
        let page = fs::read_to_string(root().join(&name)).unwrap();
        let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next());
        let threats: Vec<&str> =
            rows.filter(|name| (1..=THREATS).any(|number| *name == format!("T{number:02}"))).collect();
        assert!(threats.is_empty(), "{name} has rows of threats: {threats:?}");
    }
}
