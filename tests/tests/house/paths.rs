//! What the first pages that one reads say about the repository is there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::root;

const PAGES: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/// Where the table of the house begins its short paths, and the save its steps.
const BASES: [&str; 4] = ["", "server/src", "frontend/src", "server/src/service/records/save"];

/// What stands for the name of one more of something.
const PLACEHOLDERS: [&str; 2] = ["KIND", "RESOURCE"];

/// The paths that a page names between backticks or links to.
fn paths(page: &str) -> Vec<String> {
    let quoted = page.split('`').skip(1).step_by(2).filter(|text| is_path(text));
    let linked = page.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let linked = linked.filter(|target| !target.is_empty() && !target.contains("://"));
    quoted.chain(linked).map(str::to_string).collect()
}

fn is_path(text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-*".contains(letter);
    let names_a_file = [".rs", ".md", ".toml", ".json", ".ftl"].iter().any(|end| text.ends_with(end));
    (text.contains('/') || names_a_file) && !text.starts_with(['.', '/']) && text.chars().all(plain)
}

/// Whether something lies at `path`, in which `*` is every name and a placeholder any.
fn is_there(path: &str) -> bool {
    BASES.iter().any(|base| {
        let start = vec![root().join(base)];
        let parts = path.split('/').filter(|part| !part.is_empty());
        let found =
            parts.fold(start, |places, part| places.iter().flat_map(|place| step(place, part)).collect());
        !found.is_empty()
    })
}

/// What `part` leads to from a folder.
fn step(place: &Path, part: &str) -> Vec<PathBuf> {
    let is_open = part == "*" || PLACEHOLDERS.contains(&part.trim_end_matches(".rs"));
    if is_open {
        let entries = fs::read_dir(place).into_iter().flatten();
        return entries.map(|entry| entry.unwrap().path()).collect();
    }
    let next = place.join(part);
    next.exists().then_some(next).into_iter().collect()
}

#[test]
fn every_path_that_the_first_pages_name_is_there() {
    for page in PAGES {
        let named = paths(&fs::read_to_string(root().join(page)).unwrap());
        assert!(named.len() > 5, "{page}: {named:?}");
        let gone: Vec<_> = named.iter().filter(|path| !is_there(path)).collect();
        assert!(gone.is_empty(), "{page} names what is not there: {gone:?}");
    }
}

#[test]
fn a_path_is_told_from_other_words_and_missed_where_it_is_gone() {
    let page = "`engine/src/gone.rs` and `cargo xtask test`, `value → text`, `./data`, [why](docs/gone), [site](https://x.org/y)";
    assert_eq!(paths(page), ["engine/src/gone.rs", "docs/gone"]);
    assert!(
        !is_there("engine/src/gone.rs") && !is_there("engine/texts/*/gone.ftl") && !is_there("gone/KIND.rs")
    );
    assert!(
        is_there("engine/src/field/KIND.rs")
            && is_there("engine/texts/*/faults.ftl")
            && is_there("api/routes.rs")
    );
}

#[test]
fn the_number_of_kinds_in_the_readme_is_the_engine_s() {
    let list = fs::read_to_string(root().join("engine/src/field/mod.rs")).unwrap();
    let (_, list) = list.split_once("\nkinds! {").unwrap();
    let kinds = list.lines().filter(|line| line.contains("\" in ")).count();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains(&format!("with {kinds} kinds of fields")), "{kinds}");
}
