//! From files to a package.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::document::{Manifest, RoleRule};
use super::extension::Extension;
use super::unreadable;
use super::version::Version;
use crate::access::PermissionGroup;
use crate::aggregate::AggregateDocument;
use crate::field::Regions;
use crate::flow::FlowDocument;
use crate::form::FormDocument;
use crate::print::PrintTemplate;
use crate::report::{DashboardDocument, ReportDocument};
use crate::script::Script;
use crate::text::{Fault, Faults, Language, Texts};
use crate::value::is_key;

/// Everything in a package, typed.
#[derive(Clone, Debug)]
pub struct Package {
    pub manifest: Manifest,
    pub roles: Vec<RoleRule>,
    pub forms: BTreeMap<String, FormDocument>,
    /// By the key of their form.
    pub flows: BTreeMap<String, FlowDocument>,
    pub aggregates: BTreeMap<String, AggregateDocument>,
    /// By the key of their form.
    pub groups: BTreeMap<String, Vec<PermissionGroup>>,
    /// Print templates by the form that they are of.
    pub prints: BTreeMap<String, Vec<PrintTemplate>>,
    /// By package and form.
    pub extensions: BTreeMap<(String, String), Extension>,
    pub dashboards: BTreeMap<String, DashboardDocument>,
    pub reports: BTreeMap<String, ReportDocument>,
    /// Demo records as csv text, by package (empty for its own) and form.
    pub demo: BTreeMap<(String, String), String>,
    /// The same in another language, where there are other texts.
    pub demo_in: BTreeMap<(Language, String, String), String>,
    /// Lists of regions, which fields of addresses name as `PACKAGE/KEY`.
    pub regions: BTreeMap<String, Arc<Regions>>,
    /// SVG pictures by name.
    pub pictures: BTreeMap<String, String>,
    /// Transaction scripts by key, as they are written.
    pub scripts: BTreeMap<String, String>,
    /// What its scripts refuse, in words: Fluent sources.
    pub texts: BTreeMap<Language, String>,
}

impl Package {
    /// Reads a package from its files, by path with `/`.
    ///
    /// # Errors
    /// Every fault: `path` is the file, with the place behind `#` where it is known.
    pub fn read(files: &BTreeMap<String, Vec<u8>>) -> Result<Package, Faults> {
        let mut reader = Reader { faults: Faults::new() };
        let Some(manifest) = files.get("package.json") else {
            return Err(vec![Fault::new("package.json", "file_missing")]);
        };
        let manifest = reader.json::<Manifest>("package.json", manifest);
        if let Some(manifest) = &manifest {
            reader.check_versions(manifest);
        }
        let mut package = Package {
            manifest: manifest.unwrap_or_else(empty_manifest),
            roles: Vec::new(),
            forms: BTreeMap::new(),
            flows: BTreeMap::new(),
            aggregates: BTreeMap::new(),
            groups: BTreeMap::new(),
            prints: BTreeMap::new(),
            extensions: BTreeMap::new(),
            dashboards: BTreeMap::new(),
            reports: BTreeMap::new(),
            demo: BTreeMap::new(),
            demo_in: BTreeMap::new(),
            regions: BTreeMap::new(),
            pictures: BTreeMap::new(),
            scripts: BTreeMap::new(),
            texts: BTreeMap::new(),
        };
        for (path, bytes) in files.iter().filter(|(path, _)| *path != "package.json") {
            reader.file(&mut package, path, bytes);
        }
        if package.manifest.format != 1 {
            reader.faults.push(
                Fault::new("package.json#/format", "unknown_format").arg("format", package.manifest.format),
            );
        }
        reader.check_keys(&package);
        if reader.faults.is_empty() { Ok(package) } else { Err(reader.faults) }
    }
}

fn empty_manifest() -> Manifest {
    Manifest {
        format: 1,
        key: String::new(),
        version: String::new(),
        label: crate::text::Label::default(),
        summary: None,
        icon: None,
        category: super::Category::Other,
        needs: Vec::new(),
        parameters: Vec::new(),
    }
}

struct Reader {
    faults: Faults,
}

impl Reader {
    fn json<T: DeserializeOwned>(&mut self, path: &str, bytes: &[u8]) -> Option<T> {
        match serde_json::from_slice(bytes) {
            Ok(document) => Some(document),
            Err(error) => {
                self.faults.push(unreadable::json(path, &error));
                None
            }
        }
    }

    fn text(&mut self, path: &str, bytes: &[u8]) -> Option<String> {
        let text = String::from_utf8(bytes.to_vec()).ok();
        if text.is_none() {
            self.faults.push(unreadable::no_text(path));
        }
        text
    }

    fn file(&mut self, package: &mut Package, path: &str, bytes: &[u8]) {
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["roles.json"] => package.roles = self.json(path, bytes).unwrap_or_default(),
            ["forms", name] => self.keyed(path, name, bytes, &mut package.forms),
            ["flows", name] => self.keyed(path, name, bytes, &mut package.flows),
            ["aggregates", name] => self.keyed(path, name, bytes, &mut package.aggregates),
            ["groups", name] => self.keyed(path, name, bytes, &mut package.groups),
            ["prints", name] => self.keyed(path, name, bytes, &mut package.prints),
            ["dashboards", name] => self.keyed(path, name, bytes, &mut package.dashboards),
            ["reports", name] => self.keyed(path, name, bytes, &mut package.reports),
            ["extensions", needed, name] => {
                let read = name.strip_suffix(".json").map(str::to_string);
                match (read, self.json(path, bytes)) {
                    (Some(form), Some(extension)) => {
                        package.extensions.insert((needed.to_string(), form), extension);
                    }
                    (None, _) => self.unknown(path),
                    (_, None) => {}
                }
            }
            [demo, of @ .., name] if demo.split('@').next() == Some("demo") && of.len() <= 1 => {
                let language = demo.split_once('@').map(|(_, tag)| tag);
                let of = of.first().copied().unwrap_or_default();
                self.demo(package, path, language, of, name, bytes);
            }
            ["regions", name] => {
                let Some(key) = name.strip_suffix(".json") else { return self.unknown(path) };
                let Some(regions) = self.json::<Regions>(path, bytes) else { return };
                let faults = regions.faults().into_iter();
                self.faults
                    .extend(faults.map(|fault| Fault { path: format!("{path}#{}", fault.path), ..fault }));
                package.regions.insert(key.to_string(), Arc::new(regions));
            }
            ["scripts", name] => self.script(package, path, name, bytes),
            ["texts", name] => self.texts(package, path, name, bytes),
            ["pictures", name] if name.ends_with(".svg") => {
                if let Some(text) = self.text(path, bytes) {
                    package.pictures.insert(name.to_string(), text);
                }
            }
            _ => self.unknown(path),
        }
    }

    fn script(&mut self, package: &mut Package, path: &str, name: &str, bytes: &[u8]) {
        let Some(key) = name.strip_suffix(".rhai").filter(|key| is_key(key)) else {
            return self.unknown(path);
        };
        let Some(source) = self.text(path, bytes) else { return };
        let faults = Script::compile(&source).err().unwrap_or_default().into_iter();
        self.faults.extend(faults.map(|fault| Fault { path: path.to_string(), ..fault }));
        package.scripts.insert(key.to_string(), source);
    }

    fn texts(&mut self, package: &mut Package, path: &str, name: &str, bytes: &[u8]) {
        let tag = name.strip_suffix(".ftl");
        let language = Language::ALL.into_iter().find(|language| Some(language.tag()) == tag);
        let Some(language) = language else { return self.unknown(path) };
        let Some(source) = self.text(path, bytes) else { return };
        if let Some((line, words)) = Texts::fault_in(&source) {
            self.faults.push(unreadable::at_line(path, "texts", line, &words));
        }
        package.texts.insert(language, source);
    }

    fn unknown(&mut self, path: &str) {
        self.faults.push(Fault::new(path, "unknown_file"));
    }

    fn keyed<T: DeserializeOwned>(
        &mut self,
        path: &str,
        name: &str,
        bytes: &[u8],
        into: &mut BTreeMap<String, T>,
    ) {
        let Some(key) = name.strip_suffix(".json") else { return self.unknown(path) };
        if let Some(document) = self.json(path, bytes) {
            into.insert(key.to_string(), document);
        }
    }

    fn demo(
        &mut self,
        package: &mut Package,
        path: &str,
        language: Option<&str>,
        of: &str,
        name: &str,
        bytes: &[u8],
    ) {
        let Some(form) = name.strip_suffix(".csv") else { return self.unknown(path) };
        let Some(text) = self.text(path, bytes) else { return };
        match language {
            None => drop(package.demo.insert((of.to_string(), form.to_string()), text)),
            Some(tag) => match Language::ALL.into_iter().find(|language| language.tag() == tag) {
                Some(language) => {
                    package.demo_in.insert((language, of.to_string(), form.to_string()), text);
                }
                None => self.unknown(path),
            },
        }
    }

    fn check_versions(&mut self, manifest: &Manifest) {
        let needs = manifest.needs.iter().enumerate();
        let needs = needs.map(|(place, need)| (format!("/needs/{place}/version"), &need.version));
        for (place, version) in std::iter::once(("/version".to_string(), &manifest.version)).chain(needs) {
            if Version::parse(version).is_none() {
                let fault = Fault::new(format!("package.json#{place}"), "invalid_version");
                self.faults.push(fault.arg("version", version));
            }
        }
    }

    /// A file's name is the key of what is in it; flows and groups are for forms that exist.
    fn check_keys(&mut self, package: &Package) {
        for (name, form) in &package.forms {
            if form.key != *name {
                self.faults
                    .push(Fault::new(format!("forms/{name}.json#/key"), "key_differs").arg("key", &form.key));
            }
        }
        for (name, aggregate) in &package.aggregates {
            if aggregate.key != *name {
                let at = format!("aggregates/{name}.json#/key");
                self.faults.push(Fault::new(at, "key_differs").arg("key", &aggregate.key));
            }
        }
        for (name, report) in &package.reports {
            let inside = report.key.strip_prefix(&format!("{}.", package.manifest.key));
            if inside != Some(name) {
                let at = format!("reports/{name}.json#/key");
                self.faults.push(Fault::new(at, "key_differs").arg("key", &report.key));
            }
        }
        for (folder, keys) in [
            ("flows", package.flows.keys().collect::<Vec<_>>()),
            ("groups", package.groups.keys().collect()),
            ("prints", package.prints.keys().collect()),
        ] {
            for key in keys {
                if !package.forms.contains_key(key) {
                    self.faults
                        .push(Fault::new(format!("{folder}/{key}.json"), "unknown_form").arg("form", key));
                }
            }
        }
        for (of, _) in package.extensions.keys() {
            if !package.manifest.needs.iter().any(|need| need.key == *of) {
                self.faults
                    .push(Fault::new(format!("extensions/{of}"), "unknown_package").arg("package", of));
            }
        }
    }
}

/// The packages with what they need before them; each once. `find` knows all that there are.
///
/// # Errors
/// A package that is needed and not there, or packages that need each other.
pub fn in_install_order<'p>(
    wanted: &str,
    find: &dyn Fn(&str) -> Option<&'p Package>,
) -> Result<Vec<String>, Fault> {
    let mut order = Vec::new();
    visit(wanted, find, &mut Vec::new(), &mut order)?;
    Ok(order)
}

fn visit<'p>(
    key: &str,
    find: &dyn Fn(&str) -> Option<&'p Package>,
    open: &mut Vec<String>,
    order: &mut Vec<String>,
) -> Result<(), Fault> {
    if order.iter().any(|done| done == key) {
        return Ok(());
    }
    if open.iter().any(|open| open == key) {
        return Err(Fault::new("package.json#/needs", "cycle").arg("fields", open.join(" → ")));
    }
    let package =
        find(key).ok_or_else(|| Fault::new("package.json#/needs", "unknown_package").arg("package", key))?;
    open.push(key.to_string());
    for need in &package.manifest.needs {
        visit(&need.key, find, open, order)?;
    }
    open.pop();
    order.push(key.to_string());
    Ok(())
}
