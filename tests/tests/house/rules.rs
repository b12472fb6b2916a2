//! The pages of rules, held against the tests that there are.

use std::collections::BTreeSet;
use std::fs;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::direction::module_path;
use crate::root;
use crate::source::rust_files;

/// Programs with tests, by the names that the page has for them, and where their modules begin.
const PROGRAMS: [(&str, &str); 15] = [
    ("engine", "engine/src"),
    ("templates", "engine/tests/templates"),
    ("hostile", "engine/tests/hostile"),
    ("hostile_scripts", "engine/tests/hostile_scripts"),
    ("fuzz", "engine/tests/fuzz"),
    ("store", "server/store/src"),
    ("wire", "server/wire/src"),
    ("formwork", "server/src"),
    ("frontend", "frontend/src"),
    ("xtask", "xtask/src"),
    ("api", "tests/tests/api"),
    ("browser", "tests/tests/browser"),
    ("house", "tests/tests/house"),
    ("pairs", "tests/pairs/src"),
    ("in_the_browser", "tests/pairs/tests/in_the_browser"),
];

/// The pages, and how many sections each has: what holds everywhere, and approvals.
const PAGES: [(&str, usize); 2] = [("docs/rules.md", 16), ("docs/approvals-rules.md", 8)];
/// What others call what approvals have: each has a rule of its own.
const OTHERS: [(&str, std::ops::RangeInclusive<u32>); 4] =
    [("W", 1..=5), ("W", 10..=32), ("X", 7..=7), ("Z", 5..=7)];
/// What a rule says that no test holds.
const OPEN: &str = "not yet shown";

/// A row of the page.
struct Rule {
    number: String,
    tests: Vec<String>,
    is_open: bool,
}

fn text_of(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap()
}

fn rules(page: &str) -> Vec<Rule> {
    let rows = text_of(page);
    let rows = rows.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rules = rows.filter_map(|row| {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [number, _, tests] = cells[..] else { return None };
        if number == "rule" {
            return None;
        }
        let names = tests.split('`').skip(1).step_by(2).map(str::to_string).collect();
        Some(Rule { number: number.to_string(), tests: names, is_open: tests == OPEN })
    });
    rules.collect()
}

/// Every test of the repository that each run makes; those that are left for the long run hold no rule alone.
pub fn tests() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (program, folder) in PROGRAMS {
        let folder = root().join(folder);
        let mut files = Vec::new();
        rust_files(&folder, &mut files);
        for file in files {
            let source = fs::read_to_string(&file).unwrap();
            let tokens: TokenStream =
                source.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let mut path = vec![program.to_string()];
            path.extend(module_path(&folder, &file));
            collect(tokens, &path, &mut found);
        }
    }
    found
}

/// The tests in some source, below the module with this path.
fn collect(tokens: TokenStream, path: &[String], found: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut is_test, mut is_left_out) = (false, false);
    for (place, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                let is_attribute =
                    matches!(&tokens[..place], [.., TokenTree::Punct(sign)] if sign.as_char() == '#');
                let words = group.stream().to_string().replace(' ', "");
                is_test |= is_attribute && (words == "test" || words.starts_with("tokio::test"));
                is_left_out |= is_attribute && words.starts_with("ignore");
            }
            TokenTree::Group(group) => {
                let mut inside = path.to_vec();
                if let [.., TokenTree::Ident(word), TokenTree::Ident(name)] = &tokens[..place]
                    && word == "mod"
                {
                    inside.push(name.to_string());
                }
                collect(group.stream(), &inside, found);
            }
            TokenTree::Ident(word) if word == "fn" && is_test => {
                if let Some(TokenTree::Ident(name)) = tokens.get(place + 1)
                    && !is_left_out
                {
                    found.insert(format!("{}::{name}", path.join("::")));
                }
                (is_test, is_left_out) = (false, false);
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

#[test]
fn every_rule_names_tests_that_exist() {
    let tests = tests();
    assert!(tests.len() > 800, "{}", tests.len());
    for (page, _) in PAGES {
        for rule in rules(page) {
            let Rule { number, tests: named, is_open } = rule;
            assert!(is_open || !named.is_empty(), "{page}: {number} names no test and does not say so");
            let gone: Vec<_> = named.iter().filter(|test| !tests.contains(*test)).collect();
            assert!(gone.is_empty(), "{page}: {number} names tests that do not exist: {gone:?}");
        }
    }
}

#[test]
fn no_section_is_left_out_and_no_number_skipped() {
    for (page, expected) in PAGES {
        let mut sections: Vec<usize> = Vec::new();
        for rule in rules(page) {
            let (section, place) = rule.number.split_once('.').unwrap();
            let (section, place): (usize, usize) = (section.parse().unwrap(), place.parse().unwrap());
            if section == sections.len() + 1 {
                sections.push(0);
            }
            let last = sections.last_mut().unwrap();
            *last += 1;
            assert_eq!(
                (section, place),
                (sections.len(), *sections.last().unwrap()),
                "{page}: {}",
                rule.number
            );
        }
        assert_eq!(sections.len(), expected, "{page}");
    }
}

#[test]
fn each_page_says_how_many_rules_have_no_test() {
    for (page, _) in PAGES {
        let open = rules(page).iter().filter(|rule| rule.is_open).count();
        assert!(text_of(page).contains(&format!("there are {open} of them")), "{page}: {open}");
    }
}

#[test]
fn what_others_have_about_approvals_is_all_on_the_page() {
    let page = text_of("docs/approvals-rules.md");
    for (letter, numbers) in OTHERS {
        for number in numbers {
            assert!(page.contains(&format!(" | {letter}{number:02} ")), "{letter}{number:02}");
        }
    }
}

#[test]
fn a_test_is_found_in_modules_and_macros_and_nothing_else_is() {
    let source = "#[test] fn a() {} fn b() {} #[cfg(test)] mod tests { #[tokio::test(flavor = \"x\")] async fn c() {} \
                  proptest! { #![x] /// words\n #[test] fn d(n in 0..1) {} } } #[derive(Debug)] struct S; fn e() {}";
    let mut found = BTreeSet::new();
    collect(source.parse().unwrap(), &["engine".to_string()], &mut found);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["engine::a", "engine::tests::c", "engine::tests::d"]);
}
