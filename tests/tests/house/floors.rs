//! No dependency is older than the version in which a hole of it was mended.

use crate::{metadata, text};

/// Packages with the first version that has none of the holes that were known when this was written, from the advisories of
/// RustSec. One that is not used needs none.
const FLOORS: [(&str, [u64; 3]); 11] = [
    ("sqlx", [0, 8, 1]),
    ("axum-core", [0, 2, 8]),
    ("h2", [0, 4, 16]),
    ("quick-xml", [0, 41, 0]),
    ("zip", [2, 3, 0]),
    ("tar", [0, 4, 45]),
    ("ammonia", [4, 1, 4]),
    ("rustls-webpki", [0, 103, 13]),
    ("bytes", [1, 11, 1]),
    ("idna", [1, 0, 0]),
    ("time", [0, 3, 47]),
];

/// What is not used at all: it has a hole that nobody has mended.
const NEVER: [&str; 1] = ["rsa"];

fn version(text: &str) -> [u64; 3] {
    let plain = text.split(['-', '+']).next().unwrap();
    let mut parts = plain.split('.').map(|part| part.parse().unwrap());
    std::array::from_fn(|_| parts.next().unwrap())
}

#[test]
fn c01_no_dependency_is_older_than_what_was_mended_in_it() {
    let metadata = metadata();
    for package in metadata["packages"].as_array().unwrap() {
        let (name, found) = (text(package, "name"), text(package, "version"));
        assert!(!NEVER.contains(&name), "{name} must not be used");
        let floor = FLOORS.iter().find(|(known, _)| *known == name);
        assert!(floor.is_none_or(|(_, floor)| version(found) >= *floor), "{name} {found} is too old");
    }
}

#[test]
fn versions_are_compared_by_their_numbers() {
    assert!(version("0.103.17") > version("0.41.0") && version("1.11.1-rc.1") == [1, 11, 1]);
}
