//! The page of habits, held against the tests that there are.

use std::fs;

use crate::root;
use crate::rules::tests;

/// The sections of the page: keys, lists, sub-forms, filling, choosing, numbers and dates, long work, pages, what is deleted,
/// designing, being told, words and looks.
const SECTIONS: usize = 12;

/// Each habit with the tests that it names, section by section.
fn habits() -> Vec<Vec<(String, Vec<String>)>> {
    let page = fs::read_to_string(root().join("docs/habits.md")).unwrap();
    let sections = page.split("\n## ").skip(1);
    let row = |line: &str| {
        let (habit, tests) = line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ")?;
        let names = tests.split('`').skip(1).step_by(2).map(str::to_string).collect();
        (habit != "habit").then(|| (habit.to_string(), names))
    };
    sections.map(|section| section.lines().filter_map(row).collect()).collect()
}

#[test]
fn every_habit_names_tests_that_exist() {
    let tests = tests();
    for (habit, named) in habits().into_iter().flatten() {
        assert!(!named.is_empty(), "{habit}: no test");
        let gone: Vec<_> = named.iter().filter(|test| !tests.contains(*test)).collect();
        assert!(gone.is_empty(), "{habit}: names tests that do not exist: {gone:?}");
    }
}

#[test]
fn no_section_of_habits_is_left_out() {
    let habits = habits();
    assert_eq!(habits.len(), SECTIONS);
    for (place, section) in habits.iter().enumerate() {
        assert!(section.len() >= 3, "section {} has {} habits", place + 1, section.len());
    }
}
