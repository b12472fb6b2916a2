//! What is to be made: which packages, and how the forms look with everything that packages add to each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::aggregate::outline;
use engine::field::Regions;
use engine::form::{Catalogue, Form, FormDocument, NoRegions, NoScript, Sketch};
use engine::package::{Package, Version};
use engine::script::Script;
use engine::text::{Fault, Faults};
use engine::value::Id;
use store::document::PackageInstall;
use store::{Tx, ids};

use super::embedded::{broken, in_file};
use super::library::Library;
use crate::service::Refusal;
use crate::service::designs::Designs;
use crate::service::people::Caller;

/// A form's app and key.
pub type Name = (String, String);

/// What an install will make.
pub struct Plan<'l> {
    /// The packages that are not there yet, in the order of `needs`.
    pub packages: Vec<&'l Package>,
    /// New forms, and those that are there and get more.
    pub forms: BTreeMap<Name, Planned>,
}

/// A form as it will be.
pub struct Planned {
    pub sketch: Arc<Sketch>,
    /// Whether it is there already.
    pub is_known: bool,
    /// The file that a fault is told with.
    pub file: String,
}

impl<'l> Plan<'l> {
    /// Looks what a template needs and what is there.
    ///
    /// # Errors
    /// Not found; `already_installed`; `app_taken`; `broken_package` with file and place.
    pub async fn new(
        tx: &mut Tx,
        caller: &Caller,
        designs: &Designs,
        library: &'l Library,
        key: &str,
    ) -> Result<Plan<'l>, Refusal> {
        library.find(key)?.ok_or_else(Refusal::missing)?;
        let installed = PackageInstall::list(tx, caller.workspace_id()).await?;
        let is_installed = |key: &str| installed.iter().any(|install| install.key == key);
        if is_installed(key) {
            return Err(Refusal::conflict("already_installed"));
        }
        let fresh = library.in_order(key)?.into_iter().filter(|package| !is_installed(&package.manifest.key));
        let mut plan = Plan { packages: fresh.collect(), forms: BTreeMap::new() };
        for package in &plan.packages {
            let key = &package.manifest.key;
            if designs.apps.values().any(|app| app.key == *key) {
                let faults = vec![Fault::new(format!("{key}/package.json#/key"), "not_unique")];
                return Err(Refusal { faults, ..Refusal::conflict("app_taken") });
            }
        }
        plan.check_needs(library, &installed)?;
        let mut known = Vec::new();
        for install in &installed {
            known.extend(library.find(&install.key)?);
        }
        plan.draw(designs, &known)?;
        Ok(plan)
    }

    /// What is needed has to be there in a version that serves: the one that is installed already, or the one that will be.
    fn check_needs(&self, library: &Library, installed: &[PackageInstall]) -> Result<(), Refusal> {
        let mut faults = Faults::new();
        for package in &self.packages {
            for (place, need) in package.manifest.needs.iter().enumerate() {
                let there = installed.iter().find(|install| install.key == need.key);
                let found = match there {
                    Some(install) => Some(&install.version),
                    None => library.find(&need.key)?.map(|needed| &needed.manifest.version),
                };
                let found = found.map(String::as_str).unwrap_or_default();
                if Version::parse(found) < Version::parse(&need.version) {
                    let fault = Fault::new(format!("/needs/{place}/version"), "version_too_old");
                    let fault = fault.arg("package", &need.key).arg("needed", &need.version);
                    let fault = fault.arg("found", found);
                    faults.push(in_file(&package.manifest.key, "package.json", fault));
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Refusal { faults, ..broken() }) }
    }

    /// The forms with what packages add to them.
    fn draw(&mut self, designs: &Designs, installed: &[&Package]) -> Result<(), Refusal> {
        let mut documents: BTreeMap<Name, (FormDocument, Option<Id>, String)> = BTreeMap::new();
        let mut faults = Faults::new();
        // Two packages that replace the same formula don't go together, whenever they come.
        let mut replaced: BTreeMap<Name, Vec<String>> = BTreeMap::new();
        for package in installed {
            for (name, extension) in &package.extensions {
                replaced.entry(name.clone()).or_default().extend(extension.compute.keys().cloned());
            }
        }
        for package in &self.packages {
            let key = &package.manifest.key;
            for (form, document) in &package.forms {
                let file = format!("forms/{form}.json");
                documents
                    .insert((key.clone(), form.clone()), (document.clone(), None, format!("{key}/{file}")));
            }
            for (name, extension) in &package.extensions {
                let file = format!("extensions/{}/{}.json", name.0, name.1);
                if !documents.contains_key(name)
                    && let Some(sketch) = Catalogue::form(designs, &name.0, &name.1)
                {
                    let known = (sketch.document.clone(), Some(sketch.id), format!("{key}/{file}"));
                    documents.insert(name.clone(), known);
                }
                let Some((document, ..)) = documents.get_mut(name) else {
                    faults.push(in_file(key, &file, Fault::new("", "unknown_form").arg("form", &name.1)));
                    continue;
                };
                if let Err(found) = extension.apply(key, document, replaced.entry(name.clone()).or_default())
                {
                    faults.extend(found.into_iter().map(|fault| in_file(key, &file, fault)));
                }
            }
        }
        if !faults.is_empty() {
            return Err(Refusal { faults, ..broken() });
        }
        for (name, (document, id, file)) in documents {
            let sketch = Sketch { id: id.unwrap_or_else(ids::next), app: name.0.clone(), document };
            self.forms.insert(name, Planned { sketch: Arc::new(sketch), is_known: id.is_some(), file });
        }
        Ok(())
    }

    /// Adds what the packages add to one form to another version of it: a draft that somebody works on.
    ///
    /// # Errors
    /// `broken_package` where the draft has something of the same name.
    pub fn extend(&self, name: &Name, document: &mut FormDocument) -> Result<(), Refusal> {
        let mut replaced = Vec::new();
        for package in &self.packages {
            let Some(extension) = package.extensions.get(name) else { continue };
            extension.apply(&package.manifest.key, document, &mut replaced).map_err(|faults| {
                let file = format!("extensions/{}/{}.json", name.0, name.1);
                let told = |fault| in_file(&package.manifest.key, &file, fault);
                Refusal { faults: faults.into_iter().map(told).collect(), ..broken() }
            })?;
        }
        Ok(())
    }

    /// The forms, checked against each other and all others.
    ///
    /// # Errors
    /// `broken_package` with every fault, by file and place.
    pub fn publish(&self, designs: &Designs) -> Result<Vec<(Name, Form)>, Refusal> {
        let all = Together { plan: self, designs };
        let mut forms = Vec::new();
        let mut faults = Faults::new();
        for (name, planned) in &self.forms {
            let version = designs.forms.get(&planned.sketch.id).map_or(0, |design| design.row.version) + 1;
            let version = u32::try_from(version).map_err(Refusal::internal)?;
            match Form::publish(planned.sketch.clone(), version, &all) {
                Ok(form) => forms.push((name.clone(), form)),
                Err(found) => faults.extend(
                    found
                        .into_iter()
                        .map(|fault| Fault { path: format!("{}#{}", planned.file, fault.path), ..fault }),
                ),
            }
        }
        if faults.is_empty() { Ok(forms) } else { Err(Refusal { faults, ..broken() }) }
    }
}

/// The planned forms among those that are there.
struct Together<'p> {
    plan: &'p Plan<'p>,
    designs: &'p Designs,
}

impl Catalogue for Together<'_> {
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        let planned = match name.parse::<Id>() {
            Ok(id) => self.plan.forms.values().find(|planned| planned.sketch.id == id),
            Err(_) => {
                let (app, key) = name.split_once('/').unwrap_or((app, name));
                self.plan.forms.get(&(app.to_string(), key.to_string()))
            }
        };
        planned.map(|planned| planned.sketch.clone()).or_else(|| self.designs.form(app, name))
    }

    fn regions(&self, name: &str) -> Result<Option<Arc<Regions>>, NoRegions> {
        let (package, key) = name.split_once('/').ok_or(NoRegions)?;
        let planned = self.plan.packages.iter().find(|planned| planned.manifest.key == package);
        match planned.and_then(|planned| planned.regions.get(key)) {
            Some(regions) => Ok(Some(regions.clone())),
            None => self.designs.regions(name),
        }
    }

    fn script(&self, app: &str, name: &str) -> Result<Option<Arc<Script>>, NoScript> {
        let (owner, key) = name.split_once('/').unwrap_or((app, name));
        let package = self.plan.packages.iter().find(|package| package.manifest.key == owner);
        match package {
            // The package was read: what is no script was refused there.
            Some(package) => match package.scripts.get(key).map(|source| Script::compile(source)) {
                Some(Ok(script)) => Ok(Some(Arc::new(script))),
                Some(Err(_)) | None => Err(NoScript),
            },
            None => self.designs.script(app, name),
        }
    }

    fn table(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        let (owner, key) = name.split_once('/').unwrap_or((app, name));
        let package = self.plan.packages.iter().find(|package| package.manifest.key == owner);
        match package.and_then(|package| package.aggregates.get(key)) {
            // It gets its own id when it is made; nobody asks it before.
            Some(document) => outline(ids::next(), owner, document, self).map(Arc::new),
            None => self.designs.table_among(app, name, self),
        }
    }
}
