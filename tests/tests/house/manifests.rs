//! Who may know whom, and what all crates have in common.

use std::collections::BTreeMap;
use std::fs;

use crate::{metadata, own_packages, root, text};

/// For each crate the crates of this repository that it may use. Nothing points back.
const MAY_USE: [(&str, &[&str]); 8] = [
    ("engine", &[]),
    ("store", &["engine"]),
    ("wire", &["engine"]),
    ("server", &["engine", "store", "wire"]),
    ("frontend", &["engine", "wire"]),
    ("tests", &["wire"]),
    ("pairs", &["engine", "tests"]),
    ("xtask", &[]),
];

#[test]
fn dependencies_point_in_one_direction() {
    let may_use = BTreeMap::from(MAY_USE);
    let metadata = metadata();
    let packages = own_packages(&metadata);
    let own: Vec<_> = packages.iter().map(|package| text(package, "name")).collect();
    for package in &packages {
        let name = text(package, "name");
        let allowed =
            may_use.get(name).unwrap_or_else(|| panic!("say here what the new crate {name} may use"));
        for dependency in package["dependencies"].as_array().unwrap() {
            let used = text(dependency, "name");
            assert!(!own.contains(&used) || allowed.contains(&used), "{name} must not use {used}");
        }
    }
}

#[test]
fn c02_every_crate_has_the_lints_of_the_workspace() {
    let metadata = metadata();
    for package in own_packages(&metadata) {
        let manifest = fs::read_to_string(text(package, "manifest_path")).unwrap();
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{} has lints of its own",
            text(package, "name")
        );
    }
}

#[test]
fn the_bundler_speaks_the_version_of_wasm_bindgen_that_the_frontend_uses() {
    let metadata = metadata();
    let version = |name: &str| {
        let packages = metadata["packages"].as_array().unwrap();
        let found: Vec<_> = packages.iter().filter(|package| text(package, "name") == name).collect();
        assert_eq!(found.len(), 1, "{name} is in Cargo.lock {} times", found.len());
        text(found[0], "version").to_owned()
    };
    assert_eq!(version("wasm-bindgen-cli-support"), version("wasm-bindgen"));
}

#[test]
fn the_project_s_own_commands_show_that_they_are_compiled() {
    let config = fs::read_to_string(root().join(".cargo/config.toml")).unwrap();
    assert!(config.contains("xtask = \"run --package xtask --\""), "{config}");
}
