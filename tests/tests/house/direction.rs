//! Inside a crate, too, modules know one way: each only what comes before it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

use crate::root;
use crate::source::rust_files;

/// The modules of a crate from the ground up: each may use itself and those before it.
struct Storeys {
    source: &'static str,
    order: &'static [&'static str],
    /// Whether modules without a place in the order stand above all others and may use each other.
    open_above: bool,
}

const ENGINE: Storeys = Storeys {
    source: "engine/src",
    order: &[
        "value",
        "text",
        "context",
        "criteria",
        "formula",
        "field",
        "condition",
        "script",
        "form",
        "record",
        "flow",
        "access",
        "hook",
        "aggregate",
        "view",
        "print",
        "report",
        "import",
        "package",
    ],
    open_above: false,
};

const SERVER: Storeys = Storeys {
    source: "server/src",
    order: &["texts", "data_folder", "settings", "service", "api", "cli"],
    open_above: false,
};

/// The ground that pages stand on; the pages are open.
const FRONTEND: Storeys = Storeys {
    source: "frontend/src",
    order: &["browser", "presence", "recent", "i18n", "theme", "api", "testing", "ui", "chart", "fill"],
    open_above: true,
};

impl Storeys {
    fn height(&self, module: &str) -> usize {
        self.order.iter().position(|known| *known == module).unwrap_or(self.order.len())
    }

    /// What the source of the module with this path names and must not.
    fn above(&self, path: &[String], source: &str, modules: &BTreeSet<String>) -> Vec<String> {
        let tokens: TokenStream = source.parse().unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let mut names = BTreeSet::new();
        named(tokens, path.len(), &mut names);
        let own = self.height(&path[0]);
        names.into_iter().filter(|name| modules.contains(name) && self.height(name) > own).collect()
    }

    fn check(&self) {
        let folder = root().join(self.source);
        let mut files = Vec::new();
        rust_files(&folder, &mut files);
        files.retain(|file| !module_path(&folder, file).is_empty());
        let modules: BTreeSet<_> = files.iter().map(|file| module_path(&folder, file).remove(0)).collect();
        for listed in self.order {
            assert!(modules.contains(*listed), "{} has no module {listed}", self.source);
        }
        for module in &modules {
            let has_place = self.open_above || self.order.contains(&module.as_str());
            assert!(has_place, "say here where in {} the new module {module} stands", self.source);
        }
        for file in files {
            let source = fs::read_to_string(&file).unwrap();
            let above = self.above(&module_path(&folder, &file), &source, &modules);
            assert!(above.is_empty(), "{} uses {above:?}, which stands above it", file.display());
        }
    }
}

/// The modules that lead to a file; none for the root of the crate.
pub fn module_path(folder: &Path, file: &Path) -> Vec<String> {
    let inside = file.strip_prefix(folder).unwrap().with_extension("");
    let mut path: Vec<String> =
        inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if matches!(path.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        path.pop();
    }
    path
}

/// The names at the root of the crate that a source `depth` modules below the root leads to.
fn named(tokens: TokenStream, depth: usize, found: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (place, token) in tokens.iter().enumerate() {
        let before = &tokens[..place];
        match token {
            TokenTree::Group(group) => {
                let is_module =
                    matches!(before, [.., TokenTree::Ident(word), TokenTree::Ident(_)] if word == "mod");
                named(group.stream(), depth + usize::from(is_module), found);
            }
            TokenTree::Ident(word) if word == "crate" => found.extend(heads(&tokens[place + 1..])),
            TokenTree::Ident(word) if word == "super" && !goes_on_climbing(before) => {
                let (climbed, rest) = climb(&tokens[place..]);
                if climbed == depth {
                    found.extend(heads(rest));
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

fn goes_on_climbing(before: &[TokenTree]) -> bool {
    matches!(before, [.., TokenTree::Ident(word), TokenTree::Punct(_), TokenTree::Punct(_)] if word == "super")
}

/// How many `super` a path begins with, and what follows them.
fn climb(path: &[TokenTree]) -> (usize, &[TokenTree]) {
    let mut climbed = 0;
    let mut rest = path;
    while let [TokenTree::Ident(word), after @ ..] = rest
        && word == "super"
    {
        climbed += 1;
        rest = after;
        if let [TokenTree::Punct(_), TokenTree::Punct(_), next @ ..] = after
            && matches!(next.first(), Some(TokenTree::Ident(word)) if word == "super")
        {
            rest = next;
        }
    }
    (climbed, rest)
}

/// What follows `crate` or `super`: one name, or those of a group in braces.
fn heads(path: &[TokenTree]) -> Vec<String> {
    let [TokenTree::Punct(first), TokenTree::Punct(_), next, ..] = path else { return Vec::new() };
    match next {
        _ if first.as_char() != ':' => Vec::new(),
        TokenTree::Ident(name) => vec![name.to_string()],
        TokenTree::Group(group) => {
            let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
            let items =
                tokens.split(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ','));
            items
                .filter_map(|item| match item.first() {
                    Some(TokenTree::Ident(name)) => Some(name.to_string()),
                    _ => None,
                })
                .collect()
        }
        TokenTree::Punct(_) | TokenTree::Literal(_) => Vec::new(),
    }
}

#[test]
fn the_rules_build_on_what_comes_before_them() {
    ENGINE.check();
}

#[test]
fn services_know_nothing_of_http_and_http_nothing_of_the_command_line() {
    SERVER.check();
}

#[test]
fn what_pages_stand_on_knows_no_page() {
    FRONTEND.check();
}

#[test]
fn a_name_from_above_is_found_however_it_is_written() {
    let modules = SERVER.order.iter().map(|module| (*module).to_string()).collect();
    let path = ["service", "jobs", "run"].map(str::to_string);
    for source in [
        "use crate::api::Problem;",
        "use crate::{settings, api::{self, Problem}};",
        "fn f() { crate::api::problem::language_of(headers) }",
        "use super::super::super::api::Problem;",
        "mod tests { use super::super::super::super::api::Problem; }",
    ] {
        assert_eq!(SERVER.above(&path, source, &modules), ["api"], "{source}");
    }
    for source in [
        "use crate::settings::Settings; use crate::service::Refusal;",
        "/// See [`crate::api`].\npub(crate) fn api() { let api = \"crate::api\"; }",
        "use super::super::api;",
        "mod api { use super::super::jobs; }",
        "use engine::api::x;",
    ] {
        assert!(SERVER.above(&path, source, &modules).is_empty(), "{source}");
    }
}
