//! The templates that come with the product: each is read, published and filled with its demo records here, alone
//! and with the others, by the same code that installs a package of anybody.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at what it did not expect"
)]

mod closed;
mod figures;
mod languages;
mod office;
mod points;
mod replay;
mod routes;
mod rows;
mod rules;
mod stock;
mod world;

use std::collections::BTreeMap;

use engine::package::{DOCUMENTS, Package, document_schema, in_install_order};
use serde_json::Value as Json;

use world::{World, files_of, read_all};

/// What a person may install: each template alone, and all in one workspace.
fn installations() -> Vec<Vec<String>> {
    let all = read_all();
    let mut wanted: Vec<Vec<String>> =
        all.keys().map(|key| in_install_order(key, &|key| all.get(key)).expect("needs are met")).collect();
    let mut together: Vec<String> = Vec::new();
    for order in &wanted {
        for key in order {
            if !together.contains(key) {
                together.push(key.clone());
            }
        }
    }
    wanted.push(together);
    wanted
}

#[test]
fn every_template_publishes_alone_and_with_the_others() {
    for order in installations() {
        let world = World::install(&order);
        assert_eq!(world.faults, Vec::<String>::new(), "installing {order:?}");
    }
}

#[test]
fn demo_records_pass_every_rule_in_the_order_of_loading() {
    for order in installations() {
        let world = World::install(&order);
        assert_eq!(replay::load(&world, false), Vec::<String>::new(), "loading {order:?}");
        let together = order.len() == read_all().len();
        if together {
            assert_eq!(replay::load(&world, true), Vec::<String>::new(), "loading {order:?} in English");
        }
    }
}

#[test]
fn documents_say_nothing_that_goes_without_saying() {
    let mut found = Vec::new();
    for key in read_all().keys() {
        let files = files_of(key);
        let package = Package::read(&files).expect("read before");
        let documents = package.forms.iter().map(|(name, form)| (format!("forms/{name}.json"), json(form)));
        let documents = documents
            .chain(package.flows.iter().map(|(name, flow)| (format!("flows/{name}.json"), json(flow))))
            .chain(package.groups.iter().map(|(name, group)| (format!("groups/{name}.json"), json(group))))
            .chain(package.prints.iter().map(|(name, print)| (format!("prints/{name}.json"), json(print))))
            .chain(
                package
                    .aggregates
                    .iter()
                    .map(|(name, table)| (format!("aggregates/{name}.json"), json(table))),
            )
            .chain(
                package.reports.iter().map(|(name, report)| (format!("reports/{name}.json"), json(report))),
            )
            .chain(
                package.dashboards.iter().map(|(name, page)| (format!("dashboards/{name}.json"), json(page))),
            );
        for (path, written) in documents {
            let read: Json = serde_json::from_slice(&files[&path]).expect("is JSON");
            found.extend(difference("", &read, &written).map(|place| format!("{key}/{path}#{place}")));
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

/// The schemas that are served say of our own documents that they are right.
#[test]
fn documents_fit_their_schemas() {
    let schemas = DOCUMENTS.map(|name| {
        let schema = document_schema(name).expect("is one of them");
        (name, jsonschema::validator_for(&schema).expect("is a schema"))
    });
    let schemas = BTreeMap::from(schemas);
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for key in read_all().keys() {
        for (path, bytes) in files_of(key).iter().filter(|(path, _)| path.ends_with(".json")) {
            let name = match path.split_once('/').map_or(path.as_str(), |(folder, _)| folder) {
                "forms" => "form",
                "flows" => "flow",
                "aggregates" => "aggregate",
                "groups" => "permission-group",
                "dashboards" => "dashboard",
                "prints" => "print",
                "package.json" => "package",
                _ => continue,
            };
            let json: Json = serde_json::from_slice(bytes).expect("is JSON");
            // The groups of a form are a list of them.
            let documents = match json {
                Json::Array(groups) => groups,
                document => vec![document],
            };
            for document in documents {
                asked += 1;
                if let Err(error) = schemas[name].validate(&document) {
                    wrong.push(format!("{key}/{path}#{}: {error}", error.instance_path()));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(asked > 80, "{asked}");
}

#[test]
fn every_text_is_there_in_three_languages() {
    fn walk(place: &str, json: &Json, found: &mut Vec<String>) {
        match json {
            Json::Object(members) => {
                for (name, inner) in members {
                    let place = format!("{place}/{name}");
                    let is_text = matches!(
                        name.as_str(),
                        "label" | "help" | "placeholder" | "message" | "definition" | "summary" | "divider"
                    );
                    if is_text && !has_all_languages(inner) {
                        found.push(place);
                    } else if !is_text {
                        walk(&place, inner, found);
                    }
                }
            }
            Json::Array(items) => {
                items.iter().enumerate().for_each(|(n, item)| walk(&format!("{place}/{n}"), item, found))
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for key in read_all().keys() {
        for (path, bytes) in files_of(key).iter().filter(|(path, _)| path.ends_with(".json")) {
            let json: Json = serde_json::from_slice(bytes).expect("is JSON");
            walk(&format!("{key}/{path}#"), &json, &mut found);
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

fn has_all_languages(text: &Json) -> bool {
    ["zh-CN", "zh-TW", "en"]
        .iter()
        .all(|tag| text.get(tag).and_then(Json::as_str).is_some_and(|text| !text.trim().is_empty()))
}

fn json(document: &impl serde::Serialize) -> Json {
    serde_json::to_value(document).expect("documents are JSON")
}

/// The first place where two documents differ.
fn difference(place: &str, a: &Json, b: &Json) -> Option<String> {
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => {
            let names: BTreeMap<&String, ()> = a.keys().chain(b.keys()).map(|name| (name, ())).collect();
            names.keys().find_map(|name| {
                let at = format!("{place}/{name}");
                match (a.get(*name), b.get(*name)) {
                    (Some(a), Some(b)) => difference(&at, a, b),
                    _ => Some(at),
                }
            })
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().find_map(|(n, (a, b))| difference(&format!("{place}/{n}"), a, b))
        }
        (a, b) if a == b => None,
        _ => Some(place.to_string()),
    }
}
