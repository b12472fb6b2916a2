//! What may be written where, read from the sources as the compiler reads them: comments do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};

use crate::{metadata, own_packages, root, text};

/// The names and the literals of a source file, without its documentation.
#[derive(Default)]
struct Words {
    names: Vec<String>,
    literals: Vec<String>,
}

impl Words {
    fn of(file: &Path) -> Self {
        let source = fs::read_to_string(file).unwrap();
        let tokens: TokenStream =
            source.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut words = Self::default();
        words.read(tokens);
        words
    }

    fn read(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        let documentation =
            tokens.peek().is_some_and(|first| matches!(first, TokenTree::Ident(name) if name == "doc"));
        if documentation {
            return;
        }
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.read(group.stream()),
                TokenTree::Ident(name) => self.names.push(name.to_string()),
                TokenTree::Literal(literal) => self.literals.push(literal.to_string()),
                TokenTree::Punct(_) => {}
            }
        }
    }
}

/// The sources in a folder and in those below it.
pub fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_rules_know_no_binary_fractions_no_clock_and_no_threads() {
    let mut files = Vec::new();
    rust_files(&root().join("engine/src"), &mut files);
    assert!(!files.is_empty());
    for file in files {
        // A test may need a small stack of its own to show that a deep formula does not need a large one.
        if file.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        let words = Words::of(&file);
        for banned in ["f32", "f64", "SystemTime", "spawn"] {
            assert!(!words.names.iter().any(|name| name == banned), "{} uses {banned}", file.display());
        }
        let float =
            words.literals.iter().find(|literal| literal.ends_with("f64") || literal.ends_with("f32"));
        assert_eq!(float, None, "{}", file.display());
    }
}

/// The beginnings of statements, as one writes them in SQL.
const STATEMENTS: [&str; 12] = [
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE",
    "CREATE INDEX",
    "CREATE UNIQUE",
    "CREATE DATABASE",
    "DROP ",
    "ALTER TABLE",
    "PRAGMA ",
    "TRUNCATE ",
];

#[test]
fn c07_sql_is_written_in_the_store_alone() {
    let metadata = metadata();
    // The store itself; the harness that makes databases for tests and looks into them; this list.
    let exempt = ["server/store", "tests/src/postgres.rs", "tests/src/inside.rs", "tests/tests/house"];
    let exempt = exempt.map(|path| root().join(path));
    let mut files = Vec::new();
    for package in own_packages(&metadata) {
        let folder = Path::new(text(package, "manifest_path")).parent().unwrap().to_path_buf();
        for part in ["src", "tests"].map(|part| folder.join(part)) {
            if part.is_dir() {
                rust_files(&part, &mut files);
            }
        }
    }
    files.retain(|file| !exempt.iter().any(|path| file.starts_with(path)));
    assert!(!files.is_empty());
    for file in files {
        for literal in Words::of(&file).literals {
            let content = literal.trim_start_matches(['r', '#', '"']).trim_start();
            let statement = STATEMENTS.iter().find(|statement| content.starts_with(**statement));
            assert_eq!(statement, None, "{} holds SQL: {literal}", file.display());
        }
    }
}

/// Where the product works without anybody's rights, and how often in each file. Each is a place at which somebody could be shown
/// more than they may see: whoever adds one says here that they have looked who hears of what it finds.
const WITHOUT_RIGHTS: [(&str, usize); 44] = [
    ("server/src/service/aggregates/as_of.rs", 1),
    ("server/src/service/aggregates/explain.rs", 1),
    ("server/src/service/aggregates/rebuild.rs", 2),
    ("server/src/service/bin/purge.rs", 2),
    ("server/src/service/figures/rebuild.rs", 1),
    ("server/src/service/flows/instances.rs", 1),
    ("server/src/service/flows/perform.rs", 2),
    ("server/src/service/forms/preview.rs", 1),
    ("server/src/service/forms/recompute.rs", 1),
    ("server/src/service/imports/undo.rs", 1),
    ("server/src/service/people/hand_over/mod.rs", 1),
    ("server/src/service/permissions/dry_run.rs", 1),
    ("server/src/service/permissions/explain.rs", 1),
    ("server/src/service/permissions/preview.rs", 1),
    ("server/src/service/records/again.rs", 1),
    ("server/src/service/records/asking.rs", 1),
    ("server/src/service/records/bulk_edit/plan.rs", 1),
    ("server/src/service/records/bulk_edit/slice.rs", 1),
    ("server/src/service/records/figures.rs", 2),
    ("server/src/service/records/history.rs", 1),
    ("server/src/service/records/list_cost.rs", 1),
    ("server/src/service/records/live.rs", 4),
    ("server/src/service/records/query.rs", 1),
    ("server/src/service/records/read.rs", 2),
    ("server/src/service/records/restore.rs", 2),
    ("server/src/service/records/save/figures.rs", 1),
    ("server/src/service/records/save/references.rs", 3),
    ("server/src/service/records/save/scripts/answer.rs", 3),
    ("server/src/service/records/save/scripts/groups.rs", 1),
    ("server/src/service/records/save/serials.rs", 1),
    ("server/src/service/records/save/targets.rs", 2),
    ("server/src/service/records/titles.rs", 1),
    ("server/src/service/records/undo.rs", 1),
    ("server/src/service/records/view.rs", 1),
    ("server/src/service/records/zone.rs", 1),
    ("server/src/service/templates/clearing.rs", 1),
    ("server/src/service/templates/handing_out.rs", 1),
    ("server/src/service/templates/next_steps.rs", 1),
    ("server/src/service/templates/sharing.rs", 1),
    ("server/store/src/bin.rs", 3),
    ("server/store/src/database/space.rs", 1),
    ("server/store/src/query/beginning.rs", 1),
    ("server/store/src/table/long.rs", 1),
    ("server/store/src/table/sound.rs", 2),
];

#[test]
fn c08_the_product_works_without_rights_only_where_that_was_looked_at() {
    let mut found = BTreeMap::new();
    for folder in ["engine/src", "server/src", "server/store/src", "server/wire/src"] {
        let mut files = Vec::new();
        rust_files(&root().join(folder), &mut files);
        for file in files {
            let name = file.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            if name.contains("/tests/") || name.ends_with("tests.rs") || name.ends_with("testing.rs") {
                continue;
            }
            let words = Words::of(&file).names;
            let uses = words.windows(2).filter(|two| two[0] == "Access" && two[1] == "system").count();
            if uses > 0 {
                found.insert(name, uses);
            }
        }
    }
    let listed: BTreeMap<String, usize> =
        WITHOUT_RIGHTS.iter().map(|(file, uses)| ((*file).to_owned(), *uses)).collect();
    let differs = |file: &&String| listed.get(*file) != found.get(*file);
    let all: BTreeSet<&String> = found.keys().chain(listed.keys()).collect();
    let differing: Vec<&String> = all.into_iter().filter(differs).collect();
    assert!(
        differing.is_empty(),
        "look at them, and say here how many there are: {differing:?}; there are {found:?}"
    );
}

/// The pages and dialogs that the list of parts takes from each folder of the frontend.
fn parts() -> Vec<(String, String)> {
    let list = fs::read_to_string(root().join("frontend/src/parts/pages.rs")).unwrap();
    let mut parts = Vec::new();
    for line in list.lines() {
        let Some((folder, names)) = line.strip_prefix("use crate::").and_then(|line| line.split_once("::"))
        else {
            continue;
        };
        for name in names.split(|letter: char| !letter.is_alphanumeric()) {
            if name.ends_with("Page") || name.ends_with("Dialog") {
                parts.push((folder.to_owned(), name.to_owned()));
            }
        }
    }
    parts
}

#[test]
fn what_is_fetched_later_is_called_by_the_list_of_parts_alone() {
    let frontend = root().join("frontend/src");
    let parts = parts();
    assert!(parts.len() > 5, "{parts:?}");
    let mut files = Vec::new();
    rust_files(&frontend, &mut files);
    for file in files {
        let words = Words::of(&file);
        for (folder, name) in &parts {
            if file.starts_with(frontend.join("parts")) {
                continue;
            }
            // Where it is declared, and where its folder offers it, it is named once. The folder itself may be loaded first.
            let named = words.names.iter().filter(|known| *known == name).count();
            let is_declared = words.names.windows(2).any(|pair| pair[0] == "fn" && pair[1] == *name);
            let is_offered = file == frontend.join(folder).join("mod.rs");
            let calls = named > usize::from(is_declared || is_offered);
            assert!(!calls, "{} calls {name}, which is then loaded first", file.display());
        }
    }
}

/// Names with which a program reaches another machine, or markup becomes part of a page, and the files that may use them.
const GUARDED: [(&str, &str, &[&str]); 6] = [
    (
        "server/src",
        "ureq",
        &["service/outbound/mod.rs", "service/outbound/guard.rs", "service/outbound/rebinding.rs"],
    ),
    ("server/src", "lettre", &["service/mail.rs"]),
    ("server/src", "TcpStream", &["api/connections/mod.rs", "service/outbound/rebinding.rs"]),
    ("server/src", "reqwest", &[]),
    ("frontend/src", "inner_html", &["fill/rich_text.rs"]),
    ("frontend/src", "set_inner_html", &["fill/rich_text.rs", "browser/paper.rs"]),
];

#[test]
fn c12_only_the_guarded_places_reach_other_machines_or_take_markup() {
    for (folder, name, allowed) in GUARDED {
        let folder = root().join(folder);
        let mut files = Vec::new();
        rust_files(&folder, &mut files);
        assert!(!files.is_empty());
        for file in files {
            let inside = file.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
            let uses = Words::of(&file).names.iter().any(|known| known == name);
            assert!(!uses || allowed.contains(&inside.as_str()), "{} uses {name}", file.display());
        }
    }
}
