//! What uses a field: in its own form, in others, and in everything else that is designed about records.

use engine::form::{Catalogue, Sketch, Uses};
use engine::print::PrintTemplate as PrintDocument;
use engine::report::TileSource;
use engine::text::Label;
use engine::value::Id;
use engine::view::ViewDocument;
use store::Reader as Db;
use store::document::{AppDocument, DocumentKind};
use store::form::FormRow;
use store::print_template::PrintTemplate;
use store::view::{SavedView, ViewScope};
use wire::Dependent;

use super::draft::Stored;
use crate::service::designs::{Designs, FormDesign, administers, stored};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Where uses are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere.
    All,
    /// Outside of the form's own document, whose draft has been checked.
    Others,
}

/// Looks for what uses one field.
pub struct Reader<'r> {
    pub designs: &'r Designs,
    pub caller: &'r Caller,
    pub form: Id,
    pub path: &'r str,
}

/// What uses a field of the draft, or of the form as it is in force where the draft has it no more.
///
/// # Errors
/// Not found, also for a field that there is not; forbidden for who does not design the form.
pub async fn dependents(
    installation: &Installation,
    caller: &Caller,
    form: &str,
    path: &str,
) -> Result<wire::Dependents, Refusal> {
    let workspace = caller.workspace_id();
    let designs = installation.designs.get(&installation.store, workspace).await?;
    let form = designs.form_to_administer(form, caller)?.row.id;
    let reader = Reader { designs: &designs, caller, form, path };
    let mut db = installation.store.read().await?;
    Ok(wire::Dependents { items: reader.read(&mut db, Scope::All).await? })
}

/// A use of which the rest is said later.
fn used(object: &str) -> Dependent {
    Dependent {
        object: object.to_string(),
        used_in: object.to_string(),
        id: None,
        label: None,
        place: None,
        number: None,
        blocks: false,
    }
}

impl Reader<'_> {
    /// # Errors
    /// Not found for a field that there is not.
    pub async fn read(&self, db: &mut Db, scope: Scope) -> Result<Vec<Dependent>, Refusal> {
        let design = self.designs.forms.get(&self.form).ok_or_else(Refusal::missing)?;
        let own = self.own(db, design).await?;
        let mut found = match scope {
            Scope::All => self.in_form(design, &own),
            Scope::Others => Vec::new(),
        };
        self.in_flow(design, &own, &mut found);
        self.in_groups(design, &own, &mut found);
        for other in self.designs.forms.values().filter(|other| other.row.id != self.form) {
            if let Some(sketch) = &other.sketch {
                found.extend(self.in_form(other, sketch));
            }
        }
        self.in_figures(&mut found);
        self.in_views(db, &own, &mut found).await?;
        self.in_prints(db, &own, &mut found).await?;
        self.in_automations(db, &mut found).await?;
        Ok(found)
    }

    /// The form with the field in it: as it is designed, else as it is in force.
    async fn own(&self, db: &mut Db, design: &FormDesign) -> Result<Sketch, Refusal> {
        let row = FormRow::find(db, self.caller.workspace_id(), self.form).await?;
        let row = row.ok_or_else(Refusal::missing)?;
        let app = self.designs.app_key(row.app).to_string();
        let draft = Sketch { id: self.form, app, document: Stored::read(&row)?.definition };
        if draft.document.field(self.path).is_some() {
            return Ok(draft);
        }
        let published = design.sketch.as_deref().filter(|sketch| sketch.document.field(self.path).is_some());
        published.cloned().ok_or_else(Refusal::missing)
    }

    fn uses<'u>(&'u self, sketch: &'u Sketch) -> Uses<'u> {
        Uses::new(sketch, self.designs, (self.form, self.path))
    }

    /// Whether the caller may know how a thing of this app is made.
    fn administers(&self, app: Id) -> bool {
        self.designs.apps.get(&app).is_some_and(|app| administers(self.caller, app))
    }

    fn in_form(&self, design: &FormDesign, sketch: &Sketch) -> Vec<Dependent> {
        let found = self.uses(sketch).in_form().into_iter();
        let (knows, knows_form) =
            (self.administers(design.row.app), self.designs.may_use(design, self.caller));
        let told = found.map(|one| {
            let name = serde_json::to_value(one.kind).ok();
            let name = name.as_ref().and_then(|name| name.as_str()).unwrap_or("form");
            let place = one.field.as_deref().and_then(|path| sketch.document.label_at(path)).or(one.label);
            Dependent {
                used_in: name.to_string(),
                id: knows_form.then_some(design.row.id),
                label: knows_form.then(|| sketch.document.label.clone()),
                place: place.filter(|_| knows),
                number: one.number.and_then(|number| u32::try_from(number).ok()),
                blocks: true,
                ..used("form")
            }
        });
        told.collect()
    }

    fn in_flow(&self, design: &FormDesign, own: &Sketch, found: &mut Vec<Dependent>) {
        let Some((_, flow)) = &design.flow else { return };
        let document = flow.document();
        for step in document.steps_using(&self.uses(own)) {
            let (label, place) = (Some(document.label.clone()), step.cloned());
            found.push(Dependent { id: Some(self.form), label, place, ..used("flow") });
        }
    }

    fn in_groups(&self, design: &FormDesign, own: &Sketch, found: &mut Vec<Dependent>) {
        let uses = self.uses(own);
        for group in design.groups.iter().filter(|group| group.document.uses(&uses)) {
            let label = Some(group.document.label.clone());
            found.push(Dependent { id: Some(group.id), label, ..used("group") });
        }
    }

    /// The form that a document of `app` means, if it exists.
    fn sketch(&self, app: Id, name: &str) -> Option<std::sync::Arc<Sketch>> {
        Catalogue::form(self.designs, self.designs.app_key(app), name)
    }

    fn in_figures(&self, found: &mut Vec<Dependent>) {
        let named = |app: Id, object: &str, id: Id, label: &Label, place: Option<Label>| {
            let knows = self.administers(app);
            Dependent {
                id: Some(id).filter(|_| knows),
                label: Some(label.clone()).filter(|_| knows),
                place: place.filter(|_| knows),
                blocks: object == "aggregate",
                ..used(object)
            }
        };
        let reads = |app: Id, form: &str, uses: &dyn Fn(&Uses<'_>) -> bool| {
            self.sketch(app, form).is_some_and(|sketch| uses(&self.uses(&sketch)))
        };
        for design in self.designs.aggregates.values() {
            let (app, document) = (design.row.app, &design.document);
            if document.sources.iter().any(|source| reads(app, &source.form, &|uses| source.uses(uses))) {
                found.push(named(app, "aggregate", design.row.id, &document.label, None));
            }
        }
        for design in self.designs.reports.values() {
            let (app, document) = (design.row.app, &design.document);
            if document.data.iter().any(|data| reads(app, &data.form, &|uses| data.uses(uses))) {
                found.push(named(app, "report", design.row.id, &document.label, None));
            }
        }
        for design in self.designs.dashboards.values() {
            let (app, document) = (design.row.app, &design.document);
            for tile in &document.tiles {
                let TileSource::Form(form) = &tile.source else { continue };
                if reads(app, form, &|uses| tile.uses(&document.filters, uses)) {
                    let place = tile.label.clone();
                    found.push(named(app, "dashboard", design.row.id, &document.label, place));
                }
            }
        }
    }

    async fn in_views(&self, db: &mut Db, own: &Sketch, found: &mut Vec<Dependent>) -> Result<(), Refusal> {
        let views = SavedView::all_of_form(db, self.caller.workspace_id(), self.form).await?;
        let uses = self.uses(own);
        for view in views {
            let document: ViewDocument = stored("saved_view", &view.document)?;
            if document.uses(&uses) {
                // What somebody calls a view of their own is theirs.
                let knows = view.scope != ViewScope::Own || view.owner == self.caller.id();
                let label = Some(document.label).filter(|_| knows);
                found.push(Dependent { id: Some(view.id).filter(|_| knows), label, ..used("view") });
            }
        }
        Ok(())
    }

    async fn in_prints(&self, db: &mut Db, own: &Sketch, found: &mut Vec<Dependent>) -> Result<(), Refusal> {
        let templates = PrintTemplate::of_form(db, self.caller.workspace_id(), self.form).await?;
        let uses = self.uses(own);
        for row in templates {
            let document: PrintDocument = stored("print_template", &row.document)?;
            if document.uses(&uses) {
                found.push(Dependent { id: Some(row.id), label: Some(document.label), ..used("print") });
            }
        }
        Ok(())
    }

    /// Automations name the forms that they are about, each beside what it does with it.
    async fn in_automations(&self, db: &mut Db, found: &mut Vec<Dependent>) -> Result<(), Refusal> {
        let workspace = self.caller.workspace_id();
        for row in AppDocument::list(db, workspace, DocumentKind::Automation).await? {
            let document: serde_json::Value = stored("app_document", &row.document)?;
            if self.is_about(row.app, &document) {
                let knows = self.administers(row.app);
                let named = document.get("label").filter(|_| knows);
                let label = named.and_then(|it| serde_json::from_value(it.clone()).ok());
                found.push(Dependent { id: Some(row.id).filter(|_| knows), label, ..used("automation") });
            }
        }
        Ok(())
    }

    /// Whether some part of a document names a form and, beside it, the field.
    fn is_about(&self, app: Id, json: &serde_json::Value) -> bool {
        let here = json.get("form").and_then(|form| form.as_str()).and_then(|form| self.sketch(app, form));
        if here.is_some_and(|sketch| self.uses(&sketch).json(json)) {
            return true;
        }
        match json {
            serde_json::Value::Object(members) => members.values().any(|inner| self.is_about(app, inner)),
            serde_json::Value::Array(items) => items.iter().any(|inner| self.is_about(app, inner)),
            _ => false,
        }
    }
}
