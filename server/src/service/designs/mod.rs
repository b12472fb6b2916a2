//! What people have designed, as it is in force: apps, published forms, their groups and flows. Read as a whole, held
//! in memory, compiled when first used.

mod analysis;
mod back;
mod by_hook;
mod by_link;
mod counted;
mod figures;
mod in_the_way;
mod of_all;
mod opened;
mod reading;
mod republished;
mod rights;
mod scripts;
mod standing;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use engine::access::{Grant, PermissionGroup};
use engine::aggregate::Figure;
use engine::field::Regions;
use engine::flow::Flow;
use engine::form::{Catalogue, Form, FormDocument, NoRegions, NoScript, Secrets, Sketch};
use engine::script::Script;
use engine::text::Faults;
use engine::value::Id;
use store::Reader;
use store::app::App;
use store::flow::FlowVersion;
use store::form::{FormRow, FormVersion};
use store::form_administration::FormAdministration;

use super::Refusal;
use super::cached::Snapshot;
use super::records::reused::Reused;
use super::secrets::secrets_of;

pub use analysis::{DashboardDesign, ReportDesign};
pub use figures::AggregateDesign;
pub use in_the_way::InTheWay;
pub use reading::pattern_reads;
pub use republished::Republished;
pub use rights::{AppWho, administers, admins, context, granted_to, named, names};
pub use scripts::{ScriptDesign, Source, dimension_fields, lock_fields};

/// The designs of a workspace at one moment.
pub struct Designs {
    pub workspace: Id,
    pub apps: BTreeMap<Id, App>,
    pub forms: BTreeMap<Id, FormDesign>,
    pub aggregates: BTreeMap<Id, AggregateDesign>,
    pub reports: BTreeMap<Id, ReportDesign>,
    pub dashboards: BTreeMap<Id, DashboardDesign>,
    /// The aggregate tables of each form whose records they count, in the order in which they are locked. Found when it is
    /// first asked for: every save asks.
    counting: OnceLock<BTreeMap<Id, Vec<Id>>>,
    /// By app.
    parameters: BTreeMap<Id, figures::AppParameters>,
    /// The keys of the packages that an app's package needs.
    needs: BTreeMap<Id, Vec<String>>,
    apps_of_packages: BTreeMap<String, Id>,
    scripts: scripts::Scripts,
    /// Lists of regions of packages that somebody sent, by `PACKAGE/KEY`.
    regions: BTreeMap<String, Arc<Regions>>,
    /// The forms with rollups, by the form that they count; found when it is first asked for.
    showing: OnceLock<BTreeMap<Id, BTreeSet<Id>>>,
    /// What is known of the secrets of each app, by its key.
    secrets: BTreeMap<String, Secrets>,
}

/// A form with all that belongs to it.
pub struct FormDesign {
    /// Without the draft, which is read when somebody works on it.
    pub row: FormRow,
    /// The published document; absent before the first publishing.
    pub sketch: Option<Arc<Sketch>>,
    pub groups: Vec<GroupDesign>,
    /// Who administers it without administering its app.
    pub admins: Vec<AppWho>,
    /// The active flow and its version.
    pub flow: Option<(i64, Arc<Flow>)>,
    compiled: OnceLock<Result<Compiled, Faults>>,
    /// The kept figures that its records count in.
    figures: OnceLock<Vec<Figure>>,
    /// The fields that took the place of others; found when it is first asked for.
    pub reused: OnceLock<Reused>,
}

/// A permission group as it is stored.
pub struct GroupDesign {
    pub id: Id,
    pub version: i64,
    pub document: PermissionGroup,
}

/// A published form, ready to be used.
#[derive(Clone)]
pub struct Compiled {
    pub form: Arc<Form>,
    /// In the order of the groups; `None` for one that no longer fits the form, which grants nothing.
    pub grants: Vec<Option<Grant>>,
}

impl Snapshot for Designs {
    const NAME: &'static str = "designs";

    async fn load(db: &mut Reader, workspace: Id) -> Result<Designs, Refusal> {
        db.forget_tables(workspace);
        let (apps, rows) = (App::list(db, workspace).await?, FormRow::list(db, workspace).await?);
        let published = FormVersion::in_force(db, workspace).await?;
        Designs::of(db, workspace, Stored { apps, rows, published }).await
    }
}

/// What designs are made of first of all.
struct Stored {
    apps: Vec<App>,
    rows: Vec<FormRow>,
    /// The versions of the forms that are in force.
    published: Vec<FormVersion>,
}

impl Designs {
    async fn of(db: &mut Reader, workspace: Id, of: Stored) -> Result<Designs, Refusal> {
        let apps: BTreeMap<Id, App> = of.apps.into_iter().map(|app| (app.id, app)).collect();
        let published = of.published.into_iter();
        let mut published: BTreeMap<Id, FormVersion> = published.map(|one| (one.form, one)).collect();
        let mut forms = BTreeMap::new();
        for mut row in of.rows {
            let Some(app) = apps.get(&row.app) else { continue };
            row.draft.clear();
            let sketch = match published.remove(&row.id) {
                None => None,
                Some(published) => Some(Arc::new(Sketch {
                    id: row.id,
                    app: app.key.clone(),
                    document: stored::<FormDocument>("form_version", &published.document)?,
                })),
            };
            let (compiled, figures, reused) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
            let (groups, admins) = (Vec::new(), Vec::new());
            let design = FormDesign { row, sketch, groups, admins, flow: None, compiled, figures, reused };
            forms.insert(design.row.id, design);
        }
        let mut designs = Designs {
            workspace,
            apps,
            forms,
            aggregates: BTreeMap::new(),
            reports: BTreeMap::new(),
            dashboards: BTreeMap::new(),
            counting: OnceLock::new(),
            parameters: BTreeMap::new(),
            needs: BTreeMap::new(),
            apps_of_packages: BTreeMap::new(),
            scripts: scripts::Scripts::default(),
            regions: BTreeMap::new(),
            showing: OnceLock::new(),
            secrets: BTreeMap::new(),
        };
        designs.load_groups(db).await?;
        designs.load_administrations(db).await?;
        designs.load_flows(db).await?;
        designs.load_figures(db).await?;
        designs.load_scripts(db).await?;
        designs.secrets = secrets_of(db, &designs).await?;
        Ok(designs)
    }

    async fn load_groups(&mut self, db: &mut Reader) -> Result<(), Refusal> {
        for row in store::permission::PermissionGroup::list(db, self.workspace).await? {
            let Some(design) = self.forms.get_mut(&row.form) else { continue };
            let document = stored("permission_group", &row.document)?;
            design.groups.push(GroupDesign { id: row.id, version: row.version, document });
        }
        Ok(())
    }

    async fn load_administrations(&mut self, db: &mut Reader) -> Result<(), Refusal> {
        for row in FormAdministration::list(db, self.workspace).await? {
            let Some(design) = self.forms.get_mut(&row.form) else { continue };
            design.admins = stored("form_administration", &row.admins)?;
        }
        Ok(())
    }

    async fn load_flows(&mut self, db: &mut Reader) -> Result<(), Refusal> {
        for active in FlowVersion::in_force(db, self.workspace).await? {
            let Some(design) = self.forms.get_mut(&active.form) else { continue };
            design.flow = Some((active.version, Arc::new(stored_flow(&active.document)?)));
        }
        Ok(())
    }

    /// The app with this id or key.
    pub fn app(&self, name: &str) -> Option<&App> {
        let by_id = name.parse().ok().and_then(|id: Id| self.apps.get(&id));
        by_id.or_else(|| self.apps.values().find(|app| app.key == name))
    }

    /// The form with this id, with this `app.key`, or the only one with this key.
    pub fn form_named(&self, name: &str) -> Option<&FormDesign> {
        if let Some(design) = name.parse().ok().and_then(|id: Id| self.forms.get(&id)) {
            return Some(design);
        }
        let (app, key) = name.split_once('.').map_or((None, name), |(app, key)| (Some(app), key));
        let mut found = self.forms.values().filter(|design| {
            design.row.key == key && app.is_none_or(|app| self.app_key(design.row.app) == app)
        });
        let first = found.next();
        if found.next().is_some() { None } else { first }
    }

    /// A published form that is known to exist.
    ///
    /// # Errors
    /// Not found where there is none, or it was never published.
    pub fn published(&self, id: Id) -> Result<&FormDesign, Refusal> {
        self.forms.get(&id).filter(|design| design.sketch.is_some()).ok_or_else(Refusal::missing)
    }

    pub fn app_of(&self, design: &FormDesign) -> Option<&App> {
        self.apps.get(&design.row.app)
    }

    pub fn app_key(&self, app: Id) -> &str {
        self.apps.get(&app).map_or("", |app| app.key.as_str())
    }

    /// The list of regions with this name, `PACKAGE/KEY`: of the product's own packages, or of one that is installed.
    pub fn find_regions(&self, name: &str) -> Option<Arc<Regions>> {
        let own = super::templates::own_regions(name).ok().flatten();
        own.or_else(|| self.regions.get(name).cloned())
    }

    /// Every list of regions under its name.
    ///
    /// # Errors
    /// `broken_package` where one of the product's own packages is broken.
    pub fn all_regions(&self) -> Result<BTreeMap<String, Arc<Regions>>, Refusal> {
        let mut all = self.regions.clone();
        all.extend(super::templates::all_own_regions()?);
        Ok(all)
    }

    /// The form, compiled against the others as they are now.
    ///
    /// # Errors
    /// When a published form no longer compiles: what it names was taken away behind its back.
    pub fn compiled(&self, design: &FormDesign) -> Result<Compiled, Refusal> {
        let compiled = design.compiled.get_or_init(|| {
            let sketch = design.sketch.clone().ok_or_else(Faults::new)?;
            let version = u32::try_from(design.row.version).unwrap_or(u32::MAX);
            let form = Arc::new(Form::compile(sketch, version, self)?);
            let grants = design.groups.iter().map(|group| self.grant(group, &form)).collect();
            Ok(Compiled { form, grants })
        });
        compiled.clone().map_err(|faults| {
            if faults.is_empty() {
                return Refusal::missing();
            }
            Refusal { inside: faults, ..Refusal::conflict("form_broken") }
        })
    }

    fn grant(&self, group: &GroupDesign, form: &Form) -> Option<Grant> {
        match Grant::new(&group.document, form, self) {
            Ok(grant) => Some(grant),
            Err(faults) => {
                tracing::warn!(group = %group.id, form = %form.id(), ?faults, "a group no longer fits its form");
                None
            }
        }
    }
}

impl Catalogue for Designs {
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        if let Some(design) = name.parse().ok().and_then(|id: Id| self.forms.get(&id)) {
            return design.sketch.clone();
        }
        let (app, key) = name.split_once('/').unwrap_or((app, name));
        self.forms
            .values()
            .find(|design| design.row.key == key && self.app_key(design.row.app) == app)
            .and_then(|design| design.sketch.clone())
    }

    fn regions(&self, name: &str) -> Result<Option<Arc<Regions>>, NoRegions> {
        self.find_regions(name).map(Some).ok_or(NoRegions)
    }

    fn script(&self, app: &str, name: &str) -> Result<Option<Arc<Script>>, NoScript> {
        self.find_script(app, name)
    }

    fn table(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        self.table_among(app, name, self)
    }

    fn secrets(&self, app: &str) -> Option<&Secrets> {
        self.secrets.get(app)
    }
}

/// The designs with one form as it would be: what publishing checks against.
pub struct With<'d> {
    pub designs: &'d Designs,
    pub sketch: Arc<Sketch>,
}

impl Catalogue for With<'_> {
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        let own = if let Ok(id) = name.parse::<Id>() {
            id == self.sketch.id
        } else {
            let (app, key) = name.split_once('/').unwrap_or((app, name));
            app == self.sketch.app && key == self.sketch.document.key
        };
        if own { Some(self.sketch.clone()) } else { self.designs.form(app, name) }
    }

    fn regions(&self, name: &str) -> Result<Option<Arc<Regions>>, NoRegions> {
        self.designs.regions(name)
    }

    fn script(&self, app: &str, name: &str) -> Result<Option<Arc<Script>>, NoScript> {
        self.designs.find_script(app, name)
    }

    fn table(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        self.designs.table_among(app, name, self)
    }

    fn secrets(&self, app: &str) -> Option<&Secrets> {
        self.designs.secrets.get(app)
    }
}

/// Reads a document that this product wrote.
pub fn stored<T: serde::de::DeserializeOwned>(table: &'static str, text: &str) -> Result<T, Refusal> {
    serde_json::from_str(text).map_err(|error| Refusal::internal(format!("{table}: {error}")))
}

/// Reads a flow that was published.
pub fn stored_flow(text: &str) -> Result<Flow, Refusal> {
    Flow::stored(stored("flow_version", text)?)
        .map_err(|faults| Refusal::internal(format!("flow_version: {faults:?}")))
}
