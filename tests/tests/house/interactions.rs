//! The page of layouts, held against the tests that there are.

use std::fs;

use crate::root;
use crate::rules::tests;

/// The places that the page goes through: the shell, the designers, lists and records, templates, forms for strangers.
const PLACES: [&str; 10] = ["I01", "I02", "I03", "I04", "I05", "I06", "I07", "I08", "I13", "I14"];
/// How a row begins that no test holds.
const OPEN: &str = "open: ";

/// A place with its rows: what each says, and what holds it.
struct Place {
    name: String,
    rows: Vec<(String, String)>,
}

fn places() -> Vec<Place> {
    let page = fs::read_to_string(root().join("docs/interactions.md")).unwrap();
    let row = |line: &str| {
        let (says, held) = line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ")?;
        (says != "what it says").then(|| (says.to_string(), held.to_string()))
    };
    let place = |section: &str| Place {
        name: section.split_whitespace().next().unwrap_or_default().to_string(),
        rows: section.lines().filter_map(row).collect(),
    };
    page.split("\n## ").skip(1).map(place).collect()
}

#[test]
fn every_layout_names_tests_that_exist_or_says_what_is_open() {
    let tests = tests();
    for (says, held) in places().into_iter().flat_map(|place| place.rows) {
        let named: Vec<&str> = held.split('`').skip(1).step_by(2).collect();
        assert!(held.starts_with(OPEN) || !named.is_empty(), "{says}: no test");
        let gone: Vec<_> = named.iter().filter(|test| !tests.contains(**test)).collect();
        assert!(gone.is_empty(), "{says}: names tests that do not exist: {gone:?}");
    }
}

#[test]
fn no_place_is_left_out_and_each_has_tests() {
    let places = places();
    let names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(names, PLACES);
    for place in &places {
        let held = place.rows.iter().filter(|(_, held)| !held.starts_with(OPEN)).count();
        assert!(held >= 2, "{} has {held} rows that a test holds", place.name);
    }
}
