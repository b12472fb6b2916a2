//! What pages for people say about the repository is there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::root;

const PAGES: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/// Where the table of the house begins its short paths, and the save its steps.
const BASES: [&str; 4] = ["", "server/src", "frontend/src", "server/src/service/records/save"];

/// What stands for the name of one more of something.
const PLACEHOLDERS: [&str; 2] = ["KIND", "RESOURCE"];

/// The folders of the other pages.
pub const FOLDERS: [&str; 3] = ["docs", "docs/decisions", "docs/guide"];

/// The pages in a folder, from the root.
pub fn pages_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".md")).map(|name| format!("{folder}/{name}")).collect()
}

/// The paths that a page names between backticks or links to.
fn paths(page: &str) -> Vec<String> {
    named(page).chain(linked(page)).map(str::to_string).collect()
}

/// The paths between backticks.
fn named(page: &str) -> impl Iterator<Item = &str> {
    page.split('`').skip(1).step_by(2).filter(|text| is_path(text))
}

/// The pages and pictures of the repository that a page links to.
fn linked(page: &str) -> impl Iterator<Item = &str> {
    let targets = page.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    targets.filter(|target| !target.is_empty() && !target.contains("://"))
}

/// Whether a path says its whole way, beginning with a folder of the repository.
fn is_whole(path: &str) -> bool {
    path.split_once('/').is_some_and(|(first, _)| root().join(first).is_dir())
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
fn what_the_other_pages_name_in_full_or_link_to_is_there() {
    for folder in FOLDERS {
        let pages = pages_in(folder);
        assert!(!pages.is_empty(), "{folder}");
        for page in pages {
            let text = fs::read_to_string(root().join(&page)).unwrap();
            let gone: Vec<_> = named(&text).filter(|path| is_whole(path) && !is_there(path)).collect();
            assert!(gone.is_empty(), "{page} names what is not there: {gone:?}");
            let dead: Vec<_> = linked(&text).filter(|to| !root().join(folder).join(to).exists()).collect();
            assert!(dead.is_empty(), "{page} links to what is not there: {dead:?}");
        }
    }
}

#[test]
fn decisions_are_numbered_without_a_gap() {
    let number = |page: &String| -> usize {
        let name = page.rsplit('/').next().unwrap();
        name.split('-').next().unwrap().parse().unwrap()
    };
    let mut numbers: Vec<usize> = pages_in("docs/decisions").iter().map(number).collect();
    numbers.sort_unstable();
    assert!(numbers.iter().copied().eq(1..=numbers.len()), "{numbers:?}");
}

#[test]
fn a_path_is_told_from_other_words_and_missed_where_it_is_gone() {
    let page = "`engine/src/gone.rs` and `cargo xtask test`, `value → text`, `./data`, [why](docs/gone), [site](https://x.org/y)";
    assert_eq!(paths(page), ["engine/src/gone.rs", "docs/gone"]);
    assert!(is_whole("server/src/gone.rs") && !is_whole("gone.rs") && !is_whole("gone/src/main.rs"));
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

#[test]
fn the_readme_asks_for_the_rust_that_the_manifest_asks_for() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let version = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).unwrap();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains(&format!("only Rust {} or newer", version.trim_matches('"'))), "{version}");
}
