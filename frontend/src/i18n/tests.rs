//! The texts are complete: same keys in all languages, every key of the source exists, none is left over.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Key -> names of the arguments, of one language.
fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    let mut key = None;
    for line in sources(language).iter().flat_map(|source| source.lines()) {
        if line.starts_with(|c: char| c.is_ascii_alphabetic())
            && let Some((name, _)) = line.split_once(" =")
        {
            assert!(found.insert(name.to_string(), BTreeSet::new()).is_none(), "{language}: {name} twice");
            key = Some(name.to_string());
        }
        if let Some(names) = key.as_ref().and_then(|key| found.get_mut(key)) {
            let arguments = line.split('$').skip(1).map(|rest| {
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>()
            });
            names.extend(arguments);
        }
    }
    found
}

fn rust_files(folder: &Path, into: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("i18n/tests.rs") {
            into.push(fs::read_to_string(&path).unwrap());
        }
    }
}

fn source() -> String {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    files.join("\n")
}

/// The literals of `t!("…")` and `text!("…")`.
fn used(source: &str) -> BTreeSet<String> {
    source
        .match_indices("t!(")
        .filter_map(|(at, found)| {
            let rest = source[at + found.len()..].trim_start().strip_prefix('"')?;
            rest.split_once('"').map(|(key, _)| key.to_string())
        })
        .filter(|key| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
        .collect()
}

#[test]
fn all_languages_have_the_same_texts_with_the_same_arguments() {
    let chinese = keys(Language::ZhCn);
    assert!(chinese.len() > 100);
    for language in [Language::ZhTw, Language::En] {
        let other = keys(language);
        let missing: Vec<_> = chinese.keys().filter(|key| !other.contains_key(*key)).collect();
        let extra: Vec<_> = other.keys().filter(|key| !chinese.contains_key(*key)).collect();
        assert!(missing.is_empty() && extra.is_empty(), "{language}: missing {missing:?}, extra {extra:?}");
        for (key, names) in &chinese {
            assert_eq!(&other[key], names, "{language}: arguments of {key}");
        }
    }
}

#[test]
fn every_text_of_the_source_exists() {
    let chinese = keys(Language::ZhCn);
    let unknown: Vec<_> = used(&source()).into_iter().filter(|key| !chinese.contains_key(key)).collect();
    assert!(unknown.is_empty(), "no text for {unknown:?}");
}

/// The starts of keys that are put together: `"operator-{name}"` and the like.
fn beginnings(source: &str) -> BTreeSet<String> {
    source
        .split('"')
        .filter_map(|literal| literal.split_once("-{"))
        .map(|(start, _)| format!("{start}-"))
        .filter(|start| start.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        .collect()
}

#[test]
fn no_text_is_left_over() {
    let source = source();
    let beginnings = beginnings(&source);
    let is_used = |key: &String| {
        source.contains(&format!("\"{key}\"")) || beginnings.iter().any(|start| key.starts_with(start))
    };
    let left: Vec<_> = keys(Language::ZhCn).into_keys().filter(|key| !is_used(key)).collect();
    assert!(left.is_empty(), "not used: {left:?}");
}

#[test]
fn every_file_of_texts_is_listed() {
    for language in Language::ALL {
        let folder = root().join("texts").join(language.tag());
        let files = fs::read_dir(folder).unwrap().count();
        assert_eq!(files, sources(language).len(), "{language}");
    }
}

#[test]
fn every_source_is_read_without_an_error() {
    for language in Language::ALL {
        for source in sources(language) {
            let errors = fluent_bundle::FluentResource::try_new(source.to_string()).err().map(|(_, e)| e);
            assert!(errors.is_none(), "{language}: {errors:?}");
        }
    }
}

#[test]
fn a_count_chooses_singular_and_plural() {
    let say = |count: usize| in_language(Language::En, "ago-minutes", &[("count", count.argument())]);
    assert_eq!((say(1), say(23)), ("1 minute ago".to_string(), "23 minutes ago".to_string()));
}

#[test]
fn names_are_listed_as_the_language_does() {
    let said = |language: Language| {
        set_language(language);
        listed(["Benefit entry", "Cost entry"])
    };
    assert_eq!(said(Language::En), "Benefit entry, Cost entry");
    assert_eq!(said(Language::ZhCn), "Benefit entry、Cost entry");
    assert_eq!(said(Language::ZhTw), "Benefit entry、Cost entry");
}

#[test]
fn no_list_is_put_together_by_itself() {
    assert!(!source().contains("join(\"、\")"), "`i18n::listed` puts lists together");
}

#[test]
fn no_text_ends_in_a_space_that_is_not_said() {
    for language in Language::ALL {
        let cut = sources(language).iter().flat_map(|source| source.lines()).find(|line| line.ends_with(' '));
        assert_eq!(cut, None, "{language}: a space at the end is left out unless it stands in quotes");
    }
    assert_eq!(in_language(Language::En, "history-and", &[]), ", ");
}
