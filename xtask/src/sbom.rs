//! `cargo xtask sbom`: what the product is made of, as a CycloneDX list: each library that the server or the browser part is built
//! of, with version, licence, checksum, and what it uses itself. Scanners hold such a list against the advisories of a day.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::{Map, Value, json};

use crate::{cache, process};

/// What is handed to others: the server, and the browser part that lies in it.
const SHIPPED: [&str; 2] = ["formwork", "frontend"];

#[derive(Args)]
pub struct Options {
    /// Where the list goes; it is printed when absent
    #[arg(long)]
    output: Option<PathBuf>,
}

pub fn run(options: &Options) -> Result<()> {
    let arguments = ["metadata", "--locked", "--format-version", "1"];
    let metadata = process::read(Command::new(env!("CARGO")).args(arguments).current_dir(cache::checkout()))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let lock = fs::read_to_string(cache::checkout().join("Cargo.lock"))?;
    let list = serde_json::to_string_pretty(&list(&metadata, &checksums(&lock))?)?;
    match &options.output {
        None => println!("{list}"),
        Some(file) => {
            fs::write(file, list).with_context(|| format!("cannot write {}", file.display()))?;
            println!("{}", file.display());
        }
    }
    Ok(())
}

/// SHA-256 of each package that comes from a registry, by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let packages = lock.split("[[package]]").skip(1);
    let read = |package: &str| {
        let value = |key: &str| {
            let line = package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = \""))?;
            line.strip_suffix('"').map(str::to_owned)
        };
        Some(((value("name")?, value("version")?), value("checksum")?))
    };
    packages.filter_map(read).collect()
}

fn list(metadata: &Value, checksums: &BTreeMap<(String, String), String>) -> Result<Value> {
    let packages: BTreeMap<&str, &Value> =
        of(metadata, "packages").map(|package| (text(package, "id"), package)).collect();
    let nodes: BTreeMap<&str, &Value> = metadata
        .pointer("/resolve/nodes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|node| (text(node, "id"), node))
        .collect();
    let is_shipped = |id: &&str| packages.get(id).is_some_and(|package| builds_what_ships(package));
    let roots: Vec<&str> =
        of(metadata, "workspace_members").filter_map(Value::as_str).filter(is_shipped).collect();
    let root = roots.first().and_then(|id| packages.get(id)).context("no package makes what ships")?;
    let used = reached(&roots, &nodes);
    let components: Vec<Value> =
        used.iter().filter_map(|id| packages.get(id)).map(|package| component(package, checksums)).collect();
    let graph: Vec<Value> = used
        .iter()
        .map(|id| json!({"ref": id, "dependsOn": nodes.get(id).map(|node| uses(node)).unwrap_or_default()}))
        .collect();
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": SHIPPED[0], "version": root["version"]}},
        "components": components,
        "dependencies": graph,
    }))
}

/// Whether a package of ours has a program or a library of a name that is handed out.
fn builds_what_ships(package: &Value) -> bool {
    let names = of(package, "targets").map(|target| text(target, "name"));
    SHIPPED.contains(&text(package, "name")) || names.into_iter().any(|name| SHIPPED.contains(&name))
}

/// All that the packages are built of; what only tests use is not in it.
fn reached<'m>(roots: &[&'m str], nodes: &BTreeMap<&'m str, &'m Value>) -> BTreeSet<&'m str> {
    let mut seen: BTreeSet<&str> = roots.iter().copied().collect();
    let mut waiting: VecDeque<&str> = roots.iter().copied().collect();
    while let Some(node) = waiting.pop_front().and_then(|id| nodes.get(id)) {
        waiting.extend(uses(node).into_iter().filter(|used| seen.insert(used)));
    }
    seen
}

fn uses(node: &Value) -> Vec<&str> {
    let is_built = |dependency: &&Value| of(dependency, "dep_kinds").any(|kind| kind["kind"] != "dev");
    of(node, "deps").filter(is_built).map(|dependency| text(dependency, "pkg")).collect()
}

fn component(package: &Value, checksums: &BTreeMap<(String, String), String>) -> Value {
    let (name, version) = (text(package, "name"), text(package, "version"));
    let mut component = Map::new();
    let purl = format!("pkg:cargo/{name}@{version}");
    for (member, said) in [
        ("type", "library"),
        ("bom-ref", text(package, "id")),
        ("name", name),
        ("version", version),
        ("purl", purl.as_str()),
    ] {
        component.insert(member.to_owned(), json!(said));
    }
    if let Some(licence) = package.get("license").and_then(Value::as_str) {
        // The older way to say "or".
        component.insert("licenses".to_owned(), json!([{"expression": licence.replace('/', " OR ")}]));
    }
    if let Some(checksum) = checksums.get(&(name.to_owned(), version.to_owned())) {
        component.insert("hashes".to_owned(), json!([{"alg": "SHA-256", "content": checksum}]));
    }
    Value::Object(component)
}

fn of<'v>(value: &'v Value, list: &str) -> impl Iterator<Item = &'v Value> + use<'v> {
    value.get(list).and_then(Value::as_array).into_iter().flatten()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c01_the_list_names_what_the_product_is_built_of_and_nothing_that_only_tests_use() {
        let package = |name: &str, licence: &str| json!({"id": name, "name": name, "version": "1.2.3", "license": licence, "targets": [{"name": name}]});
        let used = |name: &str, kind: Value| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let metadata = json!({
            "workspace_members": ["server", "tests"],
            "packages": [
                {"id": "server", "name": "server", "version": "0.9.0", "license": "Apache-2.0",
                 "targets": [{"name": "formwork"}]},
                package("tests", "Apache-2.0"), package("serde", "MIT/Apache-2.0"), package("cc", "MIT"),
                package("proptest", "MIT"), package("chromium", "MIT"),
            ],
            "resolve": {"nodes": [
                {"id": "server", "deps": [used("serde", Value::Null), used("proptest", json!("dev"))]},
                {"id": "serde", "deps": [used("cc", json!("build"))]},
                {"id": "cc", "deps": []},
                {"id": "tests", "deps": [used("chromium", Value::Null)]},
            ]},
        });
        let lock = "[[package]]\nname = \"serde\"\nversion = \"1.2.3\"\nsource = \"x\"\nchecksum = \"abcd\"\n\n\
                    [[package]]\nname = \"server\"\nversion = \"0.9.0\"\n";
        let list = list(&metadata, &checksums(lock)).unwrap();
        assert_eq!(list["metadata"]["component"]["version"], "0.9.0");
        let components = list["components"].as_array().unwrap();
        let names: Vec<&str> = components.iter().map(|component| text(component, "name")).collect();
        assert_eq!(names, ["cc", "serde", "server"]);
        assert_eq!(components[1]["purl"], "pkg:cargo/serde@1.2.3");
        assert_eq!(components[1]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(components[1]["hashes"][0]["content"], "abcd");
        assert_eq!(components[2].get("hashes"), None);
        assert_eq!(list["dependencies"][1], json!({"ref": "serde", "dependsOn": ["cc"]}));
    }
}
