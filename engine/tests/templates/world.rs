//! A workspace in memory with some templates installed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::access::Grant;
use engine::aggregate::Aggregate;
use engine::field::Regions;
use engine::flow::{Directory, Flow, InForm, Role};
use engine::form::{Catalogue, Form, FormDocument, NoRegions, Sketch};
use engine::package::Package;
use engine::print::PrintSees;
use engine::report::{Dashboard, Known, Report};
use engine::text::{Fault, Faults};
use engine::value::Id;

/// A form's app and key.
pub type Name = (String, String);

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files of a template: its folder, and the flows that the build puts into it.
pub fn files_of(key: &str) -> BTreeMap<String, Vec<u8>> {
    fn walk(folder: &Path, inside: &str, files: &mut BTreeMap<String, Vec<u8>>) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for entry in entries {
            let entry = entry.expect("readable");
            let name = format!("{inside}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                walk(&entry.path(), &format!("{name}/"), files);
            } else {
                files.insert(name, std::fs::read(entry.path()).expect("readable"));
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(&repository().join("form-templates").join(key), "", &mut files);
    walk(&repository().join("workflows").join(key), "", &mut files);
    files
}

/// All templates of the product.
pub fn read_all() -> BTreeMap<String, Package> {
    let entries = std::fs::read_dir(repository().join("form-templates")).expect("there are templates");
    entries
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .map(|key| {
            let package = Package::read(&files_of(&key));
            (key.clone(), package.unwrap_or_else(|faults| panic!("{key}: {faults:#?}")))
        })
        .collect()
}

/// Templates installed side by side.
pub struct World {
    /// In the order of installing.
    pub packages: Vec<Package>,
    sketches: BTreeMap<Name, Arc<Sketch>>,
    pub forms: BTreeMap<Name, Arc<Form>>,
    pub aggregates: Vec<Aggregate>,
    pub roles: BTreeSet<String>,
    /// Everything that a publisher refused.
    pub faults: Vec<String>,
}

impl Catalogue for World {
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        if let Ok(id) = name.parse::<Id>() {
            return self.sketches.values().find(|sketch| sketch.id == id).cloned();
        }
        self.sketches.get(&full_name(app, name)).cloned()
    }

    fn regions(&self, name: &str) -> Result<Option<Arc<Regions>>, NoRegions> {
        let (package, key) = name.split_once('/').ok_or(NoRegions)?;
        let package = self.packages.iter().find(|known| known.manifest.key == package).ok_or(NoRegions)?;
        package.regions.get(key).cloned().map(Some).ok_or(NoRegions)
    }
}

/// What a document of `app` means by `name`.
pub fn full_name(app: &str, name: &str) -> Name {
    let (app, key) = name.split_once('/').unwrap_or((app, name));
    (app.to_string(), key.to_string())
}

impl World {
    pub fn install(order: &[String]) -> World {
        let mut all = read_all();
        let packages = order.iter().map(|key| all.remove(key).expect("known")).collect();
        let mut world = World {
            packages,
            sketches: BTreeMap::new(),
            forms: BTreeMap::new(),
            aggregates: Vec::new(),
            roles: BTreeSet::new(),
            faults: Vec::new(),
        };
        world.draw();
        world.publish();
        world
    }

    fn note(&mut self, file: String, faults: impl IntoIterator<Item = Fault>) {
        self.faults.extend(
            faults.into_iter().map(|fault| format!("{file}#{} {} {:?}", fault.path, fault.code, fault.args)),
        );
    }

    /// The forms with what other packages add to them.
    fn draw(&mut self) {
        let mut documents: BTreeMap<Name, FormDocument> = BTreeMap::new();
        let mut replaced: BTreeMap<Name, Vec<String>> = BTreeMap::new();
        let mut refused = Vec::new();
        for package in &self.packages {
            let key = &package.manifest.key;
            for (form, document) in &package.forms {
                documents.insert((key.clone(), form.clone()), document.clone());
            }
            for (name, extension) in &package.extensions {
                let file = format!("{key}/extensions/{}/{}.json", name.0, name.1);
                let Some(document) = documents.get_mut(name) else {
                    refused.push((file, vec![Fault::new("", "unknown_form")]));
                    continue;
                };
                if let Err(faults) = extension.apply(key, document, replaced.entry(name.clone()).or_default())
                {
                    refused.push((file, faults));
                }
            }
            self.roles.extend(package.roles.iter().map(|role| role.key.clone()));
        }
        for (file, faults) in refused {
            self.note(file, faults);
        }
        for (number, (name, document)) in documents.into_iter().enumerate() {
            let id = Id::from_i64(number as i64 + 1).expect("positive");
            let sketch = Sketch { id, app: name.0.clone(), document };
            self.sketches.insert(name, Arc::new(sketch));
        }
    }

    fn publish(&mut self) {
        for (name, sketch) in self.sketches.clone() {
            match Form::publish(sketch, 1, self) {
                Ok(form) => drop(self.forms.insert(name, Arc::new(form))),
                Err(faults) => self.note(format!("{}/forms/{}.json", name.0, name.1), faults),
            }
        }
        for package in self.packages.clone() {
            let app = package.manifest.key.clone();
            for (form, groups) in &package.groups {
                let file = format!("{app}/groups/{form}.json");
                for group in groups {
                    self.check_readers(&file, &group.who);
                    let Some(form) = self.forms.get(&full_name(&app, form)).cloned() else { continue };
                    if let Err(faults) = Grant::new(group, &form, self) {
                        self.note(file.clone(), faults);
                    }
                }
            }
            for (form, prints) in &package.prints {
                let Some(form) = self.forms.get(&full_name(&app, form)).cloned() else { continue };
                let sees = PrintSees { form: &form, catalogue: self, may_see: &|_| true };
                let faults: Faults = prints.iter().flat_map(|print| print.check(&sees)).collect();
                if !faults.is_empty() {
                    self.note(format!("{app}/prints/{}.json", form.key()), faults);
                }
            }
            for (form, flow) in &package.flows {
                let Some(known) = self.forms.get(&full_name(&app, form)).cloned() else { continue };
                let known = InForm { form: &known, catalogue: self };
                if let Err(faults) = Flow::publish(flow.clone(), &known, &self.people()) {
                    self.note(format!("{app}/flows/{form}.json"), faults);
                }
            }
            self.publish_figures(&app, &package);
        }
    }

    /// Nobody but roles: who is in one never travels.
    fn people(&self) -> Directory {
        let roles = self.roles.iter().zip(1..).map(|(key, number)| Role {
            id: Id::from_i64(number).expect("positive"),
            key: key.clone(),
            members: Vec::new(),
        });
        Directory { roles: roles.collect(), ..Directory::default() }
    }

    fn publish_figures(&mut self, app: &str, package: &Package) {
        let forms = self.forms.clone();
        let find = |name: &str| forms.get(&full_name(app, name)).cloned();
        for (key, table) in &package.aggregates {
            let file = format!("{app}/aggregates/{key}.json");
            self.check_readers(&file, &table.read.clone().unwrap_or_default());
            match Aggregate::publish(table.clone(), &find, self) {
                Ok(aggregate) => self.aggregates.push(aggregate),
                Err(faults) => self.note(file, faults),
            }
        }
        for (key, report) in &package.reports {
            let file = format!("{app}/reports/{key}.json");
            self.check_readers(&file, &report.read.clone().unwrap_or_default());
            if let Err(faults) = Report::publish(report.clone(), &find, self) {
                self.note(file, faults);
            }
        }
        for (key, page) in &package.dashboards {
            let file = format!("{app}/dashboards/{key}.json");
            self.check_readers(&file, &page.read.clone().unwrap_or_default());
            let known = Known {
                form: &find,
                aggregate: &|key| {
                    let table = package.aggregates.get(key)?;
                    Aggregate::publish(table.clone(), &find, self).ok().map(Arc::new)
                },
                report: &|key| self.report(key, &find),
                catalogue: self,
            };
            if let Err(faults) = Dashboard::publish(page.clone(), &known) {
                self.note(file, faults);
            }
        }
    }

    /// A report of any package, by its whole key.
    fn report(&self, key: &str, find: &dyn Fn(&str) -> Option<Arc<Form>>) -> Option<Arc<Report>> {
        let (app, name) = key.split_once('.')?;
        let package = self.packages.iter().find(|package| package.manifest.key == app)?;
        let find = |form: &str| if form.contains('/') { find(form) } else { find(&format!("{app}/{form}")) };
        Report::publish(package.reports.get(name)?.clone(), &find, self).ok().map(Arc::new)
    }

    fn check_readers(&mut self, file: &str, who: &engine::access::Who) {
        let unknown: Vec<String> =
            who.roles.iter().filter(|role| !self.roles.contains(*role)).cloned().collect();
        let faults =
            unknown.into_iter().map(|role| Fault::new("/who/roles", "unknown_role").arg("role", role));
        self.note(file.to_string(), faults.collect::<Faults>());
    }
}
