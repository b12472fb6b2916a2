//! The review of the looks, held against the photographs that are taken to lie beside the pictures of the design reference.

use std::collections::BTreeSet;
use std::fs;

use crate::root;

/// How many pictures the design reference has.
const PICTURES: usize = 33;
/// Where a row of the review names several pictures by the first and the last one.
const TO: &str = " to ";

/// The pictures that the review goes through, one by one.
fn reviewed() -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("docs/design-review.md")).unwrap();
    let list = page.split("## Picture by picture").nth(1).expect("the review goes picture by picture");
    let list = list.split("\n## ").next().unwrap();
    // A row without a picture goes on with the one above it.
    let rows = list.lines().filter(|line| !line.starts_with("| |"));
    let first_cell = |line: &str| line.strip_prefix("| ")?.split_once(" |").map(|(cell, _)| cell.to_owned());
    let cells = rows.filter_map(first_cell).filter(|cell| cell != "picture");
    cells.flat_map(|cell| named(&cell)).collect()
}

/// The names in a cell: `home, home-phone`, or `gallery to gallery-6`.
fn named(cell: &str) -> Vec<String> {
    let one_or_more = |name: &str| match name.split_once(TO) {
        None => vec![name.to_owned()],
        Some((first, last)) => {
            let number = last.rsplit('-').next().and_then(|number| number.parse::<u32>().ok());
            let last = number.unwrap_or_else(|| panic!("`{last}` ends with no number"));
            std::iter::once(first.to_owned()).chain((2..=last).map(|n| format!("{first}-{n}"))).collect()
        }
    };
    cell.split(", ").flat_map(one_or_more).collect()
}

/// The pictures beside which a photograph is laid.
fn photographed() -> BTreeSet<String> {
    let source = fs::read_to_string(root().join("tests/examples/shots/beside.rs")).unwrap();
    let names = source.split("Picture::of(\"").skip(1).filter_map(|rest| rest.split('"').next());
    names.map(str::to_owned).collect()
}

#[test]
fn every_picture_of_the_design_is_reviewed_and_has_its_photograph() {
    let reviewed = reviewed();
    assert_eq!(reviewed.len(), PICTURES, "{reviewed:?}");
    assert_eq!(photographed(), reviewed);
}

#[test]
fn a_row_of_the_review_names_one_picture_or_several() {
    assert_eq!(named("home, home-phone"), ["home", "home-phone"]);
    assert_eq!(named("gallery to gallery-3"), ["gallery", "gallery-2", "gallery-3"]);
}

#[test]
fn what_newcomers_stumbled_over_names_tests_that_exist() {
    let page = fs::read_to_string(root().join("docs/design-review.md")).unwrap();
    let list = page.split("## Built by a newcomer").nth(1).expect("the review tells of newcomers");
    let list = list.split("\n## ").next().unwrap();
    let named: Vec<&str> = list.split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect();
    assert!(named.len() >= 10, "{named:?}");
    let tests = crate::rules::tests();
    let gone: Vec<&str> = named.into_iter().filter(|name| !tests.contains(*name)).collect();
    assert!(gone.is_empty(), "tests that do not exist: {gone:?}");
}
