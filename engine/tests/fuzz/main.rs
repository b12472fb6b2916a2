//! Everything that reads the input of strangers, hammered: formulas, conditions, records, flows, forms and packages. A short run
//! is part of every test; `cargo xtask test --long` goes on for longer.

// Tests and what they share stop at the first surprise.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod documents;
mod formulas;
mod hammer;
mod records;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::form::{Catalogue, Form, FormDocument, Sketch};
use engine::value::Id;

use hammer::Corpus;

/// The corpus of a target, with further inputs.
fn corpus(name: &str, more: Vec<Vec<u8>>, words: &'static [&'static str]) -> Corpus {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(name);
    Corpus { folder, more, words }
}

/// The files in a folder of the repository, and in those below it, by their paths from it.
fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut found = BTreeMap::new();
    walk(&root, &root, &mut found);
    found
}

/// Forms beside each other, by their keys.
#[derive(Default)]
struct Forms(BTreeMap<String, Arc<Sketch>>);

impl Catalogue for Forms {
    fn form(&self, _: &str, name: &str) -> Option<Arc<Sketch>> {
        self.0.get(name).cloned()
    }
}

impl Forms {
    fn of(documents: impl IntoIterator<Item = (String, FormDocument)>) -> Forms {
        let mut forms = Forms::default();
        for (number, (key, document)) in (1..).zip(documents) {
            let sketch = Sketch { id: Id::from_i64(number).unwrap(), app: "x".to_owned(), document };
            forms.0.insert(key, Arc::new(sketch));
        }
        forms
    }

    /// A form that is right.
    fn published(&self, key: &str) -> Form {
        let published = Form::publish(self.0[key].clone(), 1, self);
        published.unwrap_or_else(|faults| panic!("{key}: {faults:#?}"))
    }
}

/// An order with fields of every kind that somebody fills in, and the customer that it names.
fn order() -> Forms {
    let document = |text: &str| -> FormDocument { serde_json::from_str(text).unwrap() };
    Forms::of([
        ("order".to_owned(), document(include_str!("corpus/order.json"))),
        ("customer".to_owned(), document(include_str!("corpus/customer.json"))),
    ])
}
