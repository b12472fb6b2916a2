//! Everything we ship or build with may be used in an Apache-2.0 product, unmodified.

use std::fs;

use spdx::{Expression, ParseMode};

use crate::{metadata, root, text};

const ALLOWED: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    // The list of certificate authorities: data.
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    // Its conditions end at the file: a library that we do not change puts none on us.
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "OFL-1.1",
];

#[test]
fn every_dependency_has_a_licence_from_the_list() {
    for package in metadata()["packages"].as_array().unwrap() {
        let name = text(package, "name");
        let licence = package["license"].as_str().unwrap_or_else(|| panic!("{name} names no licence"));
        let expression = Expression::parse_mode(licence, ParseMode::LAX).unwrap();
        let allowed = expression
            .evaluate(|requirement| requirement.license.id().is_some_and(|id| ALLOWED.contains(&id.name)));
        assert!(allowed, "{name} is under {licence}");
    }
}

/// What others made and tests use as it is, with its licence.
const TAKEN_OVER: [(&str, &str); 2] = [("axe", "MPL-2.0"), ("superstore", "MIT")];

#[test]
fn what_was_taken_over_as_test_data_lies_beside_its_licence() {
    for (folder, licence) in TAKEN_OVER {
        assert!(ALLOWED.contains(&licence), "{folder} is under {licence}");
        let folder = root().join("tests/data").join(folder);
        assert!(folder.join("LICENSE").is_file(), "{} has no licence", folder.display());
        let page = fs::read_to_string(folder.join("README.md")).unwrap();
        assert!(page.contains(licence), "{} does not name its licence", folder.display());
    }
}
