//! Demo records: read from the packages' csv files, saved by the one save. They belong to the people of the roles that the
//! files name.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::field::Shape;
use engine::form::{Catalogue, Column, Form};
use engine::package::{DemoCell, DemoRecord, Package, demo_order, read_demo, unreadable};
use engine::text::{Fault, Language};
use engine::value::Id;
use serde_json::{Map, Value as Json};
use store::awaited_owner::AwaitedOwner;
use store::{Tx, ids};
use wire::records::{Fields, SystemInput};

use super::embedded::{broken, in_file};
use super::plan::Name;
use super::sharing::{Sharing, link_target};
use crate::service::designs::{Designs, context};
use crate::service::jobs::Handle;
use crate::service::people::Caller;
use crate::service::records::save::{Change, Create, save_at};
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal, clock};

/// Records that are saved at once.
const BATCH: usize = 50;

/// The `$flow_state` of a record that waits for its approval.
const RUNNING: &str = "running";

/// Demo records on their way in.
pub struct Loading<'l> {
    installation: &'l Installation,
    caller: &'l Caller,
    designs: Arc<Designs>,
    language: Language,
    handle: Option<&'l Handle>,
    /// The records by form and `$key`.
    ids: BTreeMap<(Id, String), Id>,
    sharing: Sharing,
    /// Records that wait for somebody in their role.
    awaited: Vec<AwaitedOwner>,
    batch: Id,
}

/// One file, read.
pub struct DemoFile {
    package: String,
    file: String,
    form: Id,
    pub records: Vec<DemoRecord>,
}

impl<'l> Loading<'l> {
    pub fn new(
        installation: &'l Installation,
        caller: &'l Caller,
        designs: Arc<Designs>,
        language: Language,
        handle: Option<&'l Handle>,
    ) -> Loading<'l> {
        Loading {
            installation,
            caller,
            designs,
            language,
            handle,
            ids: BTreeMap::new(),
            sharing: Sharing::default(),
            awaited: Vec::new(),
            batch: ids::next(),
        }
    }

    pub fn installation(&self) -> &'l Installation {
        self.installation
    }

    pub fn caller(&self) -> &'l Caller {
        self.caller
    }

    /// The workspace that they go into.
    pub fn workspace(&self) -> Id {
        self.caller.workspace_id()
    }

    /// Records of demos that were loaded before.
    pub fn know(&mut self, records: impl Iterator<Item = ((Id, String), Id)>) {
        self.ids.extend(records);
    }

    /// What the files of a package became.
    pub fn records_of<'s>(
        &'s self,
        files: &'s [DemoFile],
        package: &'s str,
    ) -> impl Iterator<Item = ((Id, String), Id)> + 's {
        files.iter().filter(move |file| file.package == package).flat_map(|file| {
            file.records.iter().filter_map(|record| {
                let name = (file.form, record.key.clone());
                let id = *self.ids.get(&name)?;
                Some((name, id))
            })
        })
    }

    /// All files of the packages, in the order in which they are loaded.
    ///
    /// # Errors
    /// `broken_package` with file and line.
    pub fn files(&self, packages: &[&Package]) -> Result<Vec<DemoFile>, Refusal> {
        let today = context(self.caller, clock::now()).today();
        let mut files = Vec::new();
        for package in packages {
            let app = &package.manifest.key;
            let owner = |of: &str| if of.is_empty() { app.clone() } else { of.to_string() };
            let names: Vec<Name> = package.demo.keys().map(|(of, form)| (owner(of), form.clone())).collect();
            for name in demo_order(&names, |name| self.links_of(name)) {
                let of = if name.0 == *app { "" } else { &name.0 };
                let Some(text) = package.demo.get(&(of.to_string(), name.1.clone())) else { continue };
                let translated = (self.language, of.to_string(), name.1.clone());
                let text = package.demo_in.get(&translated).unwrap_or(text);
                let folder = if of.is_empty() { String::new() } else { format!("{of}/") };
                let file = format!("demo/{folder}{}.csv", name.1);
                let wrong = |fault| Refusal { faults: vec![in_file(app, &file, fault)], ..broken() };
                let form = Catalogue::form(&*self.designs, &name.0, &name.1)
                    .ok_or_else(|| wrong(Fault::new("", "unknown_form").arg("form", &name.1)))?;
                let mut records = read_file(text, today).map_err(wrong)?;
                // What is left of a demo that was cleared is not made twice.
                records.retain(|record| !self.ids.contains_key(&(form.id, record.key.clone())));
                files.push(DemoFile { package: app.clone(), file, form: form.id, records });
            }
        }
        Ok(files)
    }

    fn form(&self, id: Id) -> Option<Arc<Form>> {
        Some(self.designs.compiled(self.designs.forms.get(&id)?).ok()?.form)
    }

    fn links_of(&self, name: &Name) -> Vec<Name> {
        let sketch = Catalogue::form(&*self.designs, &name.0, &name.1);
        let Some(form) = sketch.and_then(|sketch| self.form(sketch.id)) else { return Vec::new() };
        let target = |column: &Column| {
            let design = self.designs.forms.get(&link_target(column)?)?;
            Some((self.designs.app_key(design.row.app).to_string(), design.row.key.clone()))
        };
        form.all_columns().filter_map(target).collect()
    }

    /// Saves the records of a file.
    ///
    /// # Errors
    /// What the save refuses, with file and line; `job_cancelled`.
    pub async fn load(&mut self, tx: &mut Tx, file: &DemoFile) -> Result<(), Refusal> {
        let designs = self.designs.clone();
        let order = Order::known(self.installation, self.caller, designs, file.form, Path::Demo)?;
        let order = Order { batch: Some(self.batch), ..order };
        let form = order.compiled.form.clone();
        // Records that link to others of their own form come one after another.
        let own_links = form.all_columns().any(|column| link_target(column) == Some(file.form));
        for chunk in file.records.chunks(if own_links { 1 } else { BATCH }) {
            let linked: Vec<(Id, Id)> = chunk.iter().flat_map(|record| self.linked(&form, record)).collect();
            self.sharing.learn(tx, &order, linked).await?;
            let mut changes = Vec::with_capacity(chunk.len());
            for record in chunk {
                let place = format!("line {}", record.line);
                let create = self.create(&form, record).map_err(|fault| {
                    let fault = in_file(&file.package, &file.file, fault.under(&place));
                    Refusal { faults: vec![fault], ..broken() }
                })?;
                changes.push((place, Change::Create(create)));
            }
            let count = changes.len();
            save_at(tx, &order, changes).await.map_err(|refusal| told(file, chunk, refusal))?;
            self.handle.map_or(Ok(()), |handle| handle.advance(count))?;
        }
        AwaitedOwner::insert_all(tx, &std::mem::take(&mut self.awaited)).await?;
        Ok(())
    }

    fn create(&mut self, form: &Form, record: &DemoRecord) -> Result<Create, Fault> {
        let id = ids::next();
        if self.ids.insert((form.id(), record.key.clone()), id).is_some() {
            return Err(Fault::new("$key", "twice"));
        }
        let mut fields = self.cells(form, "", &record.fields)?;
        for (subform, rows) in &record.rows {
            let inside = format!("{subform}.");
            let rows = rows.iter().map(|row| self.cells(form, &inside, row).map(Json::Object));
            fields.insert(subform.clone(), Json::Array(rows.collect::<Result<_, _>>()?));
        }
        // A record in approval has a flow that goes on: it is started, as if the installer had submitted the record.
        let starts = record.flow_state.as_deref() == Some(RUNNING);
        let owner = self.owner_of(form, id, record);
        self.sharing.note(id, owner.unwrap_or_else(|| self.caller.id()));
        Ok(Create {
            id: Some(id),
            fields,
            system: owner.map(|owner| SystemInput { owner: Some(owner), ..SystemInput::default() }),
            flow_state: record.flow_state.clone().filter(|_| !starts),
            start_flow: starts.then_some(true),
            ..Create::default()
        })
    }

    /// Who owns a record: somebody in the role that it is for, else who installs, until somebody is.
    fn owner_of(&mut self, form: &Form, id: Id, record: &DemoRecord) -> Option<Id> {
        let role = record.owner.as_deref()?;
        let people = self.caller.people.active_in_role(role);
        if people.is_empty() {
            let (workspace, role) = (self.workspace(), role.to_string());
            self.awaited.push(AwaitedOwner { workspace, role, record: id, form: form.id() });
        }
        let linked = self.linked(form, record).into_iter().map(|(_, id)| id);
        self.sharing.owner(role, &people, linked)
    }

    /// The records that the fields of a record link to, each with its form, in the order of the fields.
    fn linked(&self, form: &Form, record: &DemoRecord) -> Vec<(Id, Id)> {
        let linked = |column: &Column| {
            let target = link_target(column)?;
            let key = record.fields.get(&column.path)?;
            Some((target, *self.ids.get(&(target, key.clone()))?))
        };
        form.fields().filter_map(linked).collect()
    }

    /// The cells as a request would have them: keys of linked records become their ids.
    fn cells(&self, form: &Form, inside: &str, cells: &BTreeMap<String, DemoCell>) -> Result<Fields, Fault> {
        let mut fields = Map::new();
        for (key, cell) in cells {
            let path = format!("{inside}{key}");
            let column = form.column(&path);
            let json = match column.and_then(link_target) {
                None => Json::String(cell.clone()),
                Some(target) => {
                    let id_of = |key: &str| {
                        let id = self.ids.get(&(target, key.to_string()));
                        let unknown = || Fault::new(path.as_str(), "unknown_record").arg("id", key);
                        id.map(|id| Json::String(id.to_string())).ok_or_else(unknown)
                    };
                    match column.is_some_and(|column| column.shape == Shape::Refs) {
                        true => {
                            let keys = cell.split(';').map(str::trim).filter(|key| !key.is_empty());
                            Json::Array(keys.map(id_of).collect::<Result<Vec<Json>, Fault>>()?)
                        }
                        false => id_of(cell)?,
                    }
                }
            };
            fields.insert(key.clone(), json);
        }
        Ok(fields)
    }
}

/// The save's refusal with the file, and the lines where it does not name one.
fn told(file: &DemoFile, chunk: &[DemoRecord], mut refusal: Refusal) -> Refusal {
    let lines = format!("line {}", chunk.first().map_or(0, |record| record.line));
    if refusal.faults.is_empty() {
        refusal.faults.push(Fault::new("", "not_saved").arg("code", refusal.code));
    }
    for fault in &mut refusal.faults {
        if fault.path.is_empty() {
            fault.path.clone_from(&lines);
        }
    }
    let faults = refusal.faults.into_iter().map(|fault| in_file(&file.package, &file.file, fault)).collect();
    Refusal { faults, ..refusal }
}

fn read_file(text: &str, today: engine::value::Date) -> Result<Vec<DemoRecord>, Fault> {
    let broken = |error: csv::Error| {
        let line = error.position().and_then(|position| usize::try_from(position.line()).ok());
        unreadable::at_line("", "csv", line.unwrap_or(1), &error.to_string())
    };
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let columns: Vec<String> = reader.headers().map_err(broken)?.iter().map(str::to_string).collect();
    let mut lines = Vec::new();
    for line in reader.records() {
        let line = line.map_err(broken)?;
        let number = line.position().map_or(0, |position| position.line());
        lines.push((number, line.iter().map(str::to_string).collect::<Vec<String>>()));
    }
    read_demo(&columns, lines.into_iter(), today)
}
