//! The packages in the binary: the folders of `form-templates`, with the flows of `workflows` put into them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use engine::package::Package;
use engine::text::Faults;
use rust_embed::RustEmbed;

use crate::service::{Cause, Refusal};

#[derive(RustEmbed)]
#[folder = "../form-templates"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "../workflows"]
struct Workflows;

/// All packages by key, read once.
///
/// # Errors
/// `broken_package` with every file and place that is wrong.
pub fn packages() -> Result<&'static BTreeMap<String, Package>, Refusal> {
    static ALL: OnceLock<Result<BTreeMap<String, Package>, Faults>> = OnceLock::new();
    let all = ALL.get_or_init(read).as_ref();
    all.map_err(|faults| Refusal { faults: faults.clone(), ..broken() })
}

pub fn broken() -> Refusal {
    Refusal::new(Cause::Invalid, "broken_package")
}

fn read() -> Result<BTreeMap<String, Package>, Faults> {
    let mut files: BTreeMap<String, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    let templates = Templates::iter().filter_map(|path| Some((path.clone(), Templates::get(&path)?)));
    let workflows = Workflows::iter().filter_map(|path| Some((path.clone(), Workflows::get(&path)?)));
    for (path, file) in templates.chain(workflows) {
        if let Some((package, inside)) = path.split_once('/') {
            let files = files.entry(package.to_string()).or_default();
            files.insert(inside.to_string(), file.data.into_owned());
        }
    }
    let mut packages = BTreeMap::new();
    let mut faults = Faults::new();
    for (key, files) in files {
        match Package::read(&files) {
            Ok(package) => drop(packages.insert(key, package)),
            Err(found) => faults.extend(found.into_iter().map(|fault| in_file(&key, "", fault))),
        }
    }
    if faults.is_empty() { Ok(packages) } else { Err(faults) }
}

/// A fault with the file in front of its place: `crm/forms/contact.json#/fields/3`.
pub fn in_file(package: &str, file: &str, mut fault: engine::text::Fault) -> engine::text::Fault {
    fault.path = match (file.is_empty(), fault.path.is_empty()) {
        (true, _) => format!("{package}/{}", fault.path),
        (false, true) => format!("{package}/{file}"),
        (false, false) => format!("{package}/{file}#{}", fault.path),
    };
    fault
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_are_put_into_their_packages() {
        let packages = packages().unwrap();
        assert!(packages["crm"].flows.contains_key("quotation"));
        assert!(packages.values().all(|package| package.pictures.contains_key("cover.svg")));
    }
}
