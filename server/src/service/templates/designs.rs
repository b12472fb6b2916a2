//! Making what a plan says: roles, apps, forms, groups, flows, figures.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::flow::{Directory as FlowDirectory, Flow, FlowDocument, InForm, Role as FlowRole};
use engine::form::Form;
use engine::package::{Package, parameter_values};
use engine::report::Report;
use engine::text::{Faults, Language};
use engine::value::Id;
use store::app::App;
use store::call_receiver::CallReceiver;
use store::document::{AppDocument, DocumentKind, PackageInstall};
use store::flow::{FlowRow, FlowVersion};
use store::form::FormRow;
use store::role::Role;
use store::{Tx, ids};

use super::embedded::{broken, in_file};
use super::kept::Kept;
use super::plan::{Name, Plan};
use crate::service::aggregates::follow_form;
use crate::service::apps::{self, to_json};
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::designs::{Compiled, Designs, Republished, Source};
use crate::service::flows::calling;
use crate::service::forms::{draft, groups, publish, settle_search};
use crate::service::people::{Caller, Directory};
use crate::service::{Installation, Refusal, aggregates, clock, dashboards, figures, prints};

/// With what an install works.
pub struct Making<'m> {
    pub installation: &'m Installation,
    pub plan: &'m Plan<'m>,
    pub language: Language,
}

/// Makes everything but the demo records; gives the caller as one who knows the new roles.
///
/// # Errors
/// `broken_package` with file and place; `app_taken`; `aggregate_in_use` where what is added to a form would break a table
/// that counts its records.
pub async fn make(
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    making: &Making<'_>,
    template: &str,
    input: &wire::InstallInput,
) -> Result<(Caller, wire::Installed), Refusal> {
    let plan = making.plan;
    let caller = make_roles(tx, caller, making).await?;
    let mut apps: BTreeMap<String, App> = BTreeMap::new();
    for package in &plan.packages {
        let manifest = &package.manifest;
        let named = input.app_name.clone().filter(|_| manifest.key == template);
        let label = named.unwrap_or_else(|| manifest.label.clone());
        let app = wire::AppInput { label, key: Some(manifest.key.clone()), icon: manifest.icon.clone() };
        let app = apps::insert(making.installation, tx, &caller, app).await?;
        let install = PackageInstall {
            workspace: caller.workspace_id(),
            key: manifest.key.clone(),
            app: app.id,
            version: manifest.version.clone(),
            parameters: to_json(&manifest.parameters)?,
            package: to_json(&Kept::of(package)?)?,
            installed_at: clock::now(),
            installed_by: Some(caller.id()),
        };
        parameter_values(&manifest.parameters)
            .map_err(|faults| told(&manifest.key, "package.json", faults))?;
        install.insert(tx).await?;
        let note = Note {
            action: "package.install",
            object: Some(app.id),
            label: Some(&manifest.key),
            changes: None,
        };
        audit::note(tx, &caller, note).await?;
        insert_scripts(tx, &caller, app.id, package).await?;
        apps.insert(manifest.key.clone(), app);
    }
    make_forms(tx, &caller, designs, making, &apps).await?;
    let designs = Designs::load(tx, caller.workspace_id()).await?;
    for package in &plan.packages {
        if let Some(app) = apps.get(&package.manifest.key) {
            make_rights(tx, &caller, &designs, making, package, app.id).await?;
            make_prints(tx, &caller, &designs, package, app.id).await?;
            make_figures(tx, &caller, &designs, making, package, app.id).await?;
        }
    }
    making.installation.designs.changed(tx, caller.workspace_id()).await?;
    let installed = answer(tx, &caller, &designs, making, template).await?;
    Ok((caller, installed))
}

fn told(package: &str, file: &str, faults: Faults) -> Refusal {
    let faults = faults.into_iter().map(|fault| in_file(package, file, fault)).collect();
    Refusal { faults, ..broken() }
}

/// A refusal of a service, told with the file that it is about.
fn in_package(package: &str, file: String) -> impl Fn(Refusal) -> Refusal {
    let package = package.to_string();
    move |refusal| {
        if refusal.faults.is_empty() {
            return refusal;
        }
        told(&package, &file, refusal.faults)
    }
}

/// Missing roles by key, empty.
async fn make_roles(tx: &mut Tx, caller: &Caller, making: &Making<'_>) -> Result<Caller, Refusal> {
    let workspace = caller.workspace_id();
    for rule in making.plan.packages.iter().flat_map(|package| &package.roles) {
        if Role::by_key(tx, workspace, &rule.key).await?.is_some() {
            continue;
        }
        let name = rule.label.get(making.language).to_string();
        let (id, key) = (ids::next(), rule.key.clone());
        let role = Role { workspace, id, key, name, role_group: None, version: 1 };
        role.insert(tx).await?;
        let note =
            Note { action: "role.create", object: Some(role.id), label: Some(&role.key), changes: None };
        audit::note(tx, caller, note).await?;
    }
    making.installation.directories.changed(tx, workspace).await?;
    let people = Arc::new(Directory::load(tx, workspace).await?);
    Ok(Caller { people, ..caller.clone() })
}

async fn make_forms(
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    making: &Making<'_>,
    apps: &BTreeMap<String, App>,
) -> Result<(), Refusal> {
    let published = making.plan.publish(designs)?;
    let mut rows: BTreeMap<Name, FormRow> = BTreeMap::new();
    for (name, planned) in &making.plan.forms {
        let id = planned.sketch.id;
        let row = if planned.is_known {
            let row = FormRow::lock(tx, caller.workspace_id(), id, false).await?;
            row.ok_or_else(Refusal::missing)?
        } else {
            let app = apps.get(&name.0).ok_or_else(Refusal::missing)?.id;
            draft::insert_as(tx, caller, app, id, planned.sketch.document.clone()).await?
        };
        rows.insert(name.clone(), row);
    }
    let mut extended: Vec<(Form, Compiled)> = Vec::new();
    let mut versions: Vec<(Id, i64)> = Vec::new();
    for (name, form) in published {
        let Some(mut row) = rows.remove(&name) else { continue };
        let before = designs.forms.get(&row.id);
        let before = before.map(|design| designs.compiled(design)).transpose()?;
        if before.is_some() {
            draft::change(&mut row, |definition| making.plan.extend(&name, definition))?;
        }
        let known = before.as_ref().map(|compiled| &*compiled.form);
        let (row, _) = publish::put_in_force(making.installation, tx, caller, row, &form, known).await?;
        versions.extend(before.is_some().then_some((row.id, row.version)));
        extended.extend(before.map(|before| (form, before)));
    }
    if let Some(package) = making.plan.packages.first().filter(|_| !versions.is_empty()) {
        Kept::note_versions(tx, caller.workspace_id(), &package.manifest.key, &versions).await?;
    }
    // What packages add to forms is published like any other change: no table that counts their records may break by it.
    let (now, recomputed) = (Designs::load(tx, caller.workspace_id()).await?, BTreeSet::new());
    for (form, before) in &extended {
        let before = Some(&*before.form);
        let republished = Republished { was: designs, now: &now, before, form, recomputed: &recomputed };
        follow_form(making.installation, tx, caller, &republished).await?;
        figures::follow_form(tx, caller, &republished).await?;
    }
    let forms = making.plan.forms.values().map(|planned| planned.sketch.id).collect();
    settle_search(tx, &now, &forms).await?;
    Ok(())
}

/// Groups and flows.
async fn make_rights(
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    making: &Making<'_>,
    package: &Package,
    app: Id,
) -> Result<(), Refusal> {
    let key = &package.manifest.key;
    for (form, documents) in &package.groups {
        let file = format!("groups/{form}.json");
        let Some(form) = designs.form_in(app, form) else { continue };
        for document in documents {
            let made = groups::insert(making.installation, tx, caller, designs, form.id(), document).await;
            made.map_err(in_package(key, file.clone()))?;
        }
    }
    for (form, document) in &package.flows {
        let Some(form) = designs.form_in(app, form) else { continue };
        check_flow(caller, designs, &form, document)
            .map_err(|faults| told(key, &format!("flows/{}.json", form.sketch.document.key), faults))?;
        hold_calls(tx, caller, form.id(), document).await?;
        let (workspace, document) = (caller.workspace_id(), to_json(document)?);
        let row =
            FlowRow { workspace, form: form.id(), active: 1, draft: document.clone(), draft_version: 1 };
        row.insert(tx).await?;
        let version = FlowVersion {
            workspace,
            form: form.id(),
            version: 1,
            document,
            published_at: clock::now(),
            published_by: Some(caller.id()),
            deleted_at: None,
        };
        version.insert(tx).await?;
    }
    Ok(())
}

/// Where a package calls is its author's choice: what its flows would send is held back until somebody who administers the app
/// has seen where it goes, and lets a call of the step go.
async fn hold_calls(tx: &mut Tx, caller: &Caller, form: Id, document: &FlowDocument) -> Result<(), Refusal> {
    for (step, _) in calling(document) {
        let (workspace, step) = (caller.workspace_id(), step.to_string());
        let held = CallReceiver { workspace, form, step, failures: 0, off_at: Some(clock::now()) };
        held.insert(tx).await?;
    }
    Ok(())
}

/// How records stand on paper.
async fn make_prints(
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    package: &Package,
    app: Id,
) -> Result<(), Refusal> {
    for (name, documents) in &package.prints {
        let Some(form) = designs.form_in(app, name) else { continue };
        for document in documents {
            let made = prints::insert(tx, caller, (&form, designs), document).await;
            made.map_err(in_package(&package.manifest.key, format!("prints/{name}.json")))?;
        }
    }
    Ok(())
}

fn check_flow(
    caller: &Caller,
    designs: &Designs,
    form: &Form,
    document: &FlowDocument,
) -> Result<(), Faults> {
    let about = InForm { form, catalogue: designs };
    Flow::publish(document.clone(), &about, &roles_of(caller)).map(drop)
}

/// The roles that a flow may name; its people are found when it runs.
fn roles_of(caller: &Caller) -> FlowDirectory {
    let roles = caller.people.roles.values();
    let roles = roles.map(|role| FlowRole { id: role.id, key: role.key.clone(), members: Vec::new() });
    FlowDirectory { roles: roles.collect(), ..FlowDirectory::default() }
}

/// Aggregate tables, reports, dashboards.
async fn make_figures(
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    making: &Making<'_>,
    package: &Package,
    app: Id,
) -> Result<(), Refusal> {
    let key = &package.manifest.key;
    for (name, document) in &package.aggregates {
        let made = aggregates::insert(making.installation, tx, caller, designs, app, document).await;
        made.map_err(in_package(key, format!("aggregates/{name}.json")))?;
    }
    let find = |name: &str| designs.form_in(app, name);
    for (name, document) in &package.reports {
        Report::publish(document.clone(), &find, designs)
            .map_err(|faults| told(key, &format!("reports/{name}.json"), faults))?;
        let document_key = &document.key;
        insert_document(tx, caller, app, DocumentKind::Report, document_key, to_json(document)?).await?;
    }
    // Dashboards read what was made just now.
    let designs = Designs::load(tx, caller.workspace_id()).await?;
    for (name, document) in &package.dashboards {
        let made = dashboards::insert(making.installation, tx, caller, &designs, app, document).await;
        made.map_err(in_package(key, format!("dashboards/{name}.json")))?;
    }
    Ok(())
}

/// The scripts of a package and what they say, before the forms that bind them.
async fn insert_scripts(tx: &mut Tx, caller: &Caller, app: Id, package: &Package) -> Result<(), Refusal> {
    for (key, source) in &package.scripts {
        insert_document(tx, caller, app, DocumentKind::Script, key, to_json(&Source::new(source))?).await?;
    }
    for (language, source) in &package.texts {
        let source = to_json(&Source::new(source))?;
        insert_document(tx, caller, app, DocumentKind::Texts, language.tag(), source).await?;
    }
    Ok(())
}

async fn insert_document(
    tx: &mut Tx,
    caller: &Caller,
    app: Id,
    kind: DocumentKind,
    key: &str,
    document: String,
) -> Result<(), Refusal> {
    let (workspace, id, key) = (caller.workspace_id(), ids::next(), key.to_string());
    Ok(AppDocument { workspace, id, app, kind, key, document, version: 1 }.insert(tx).await?)
}

fn scripts_of(package: &Package) -> impl Iterator<Item = wire::PackagedScript> {
    let of = &package.manifest.key;
    package.scripts.iter().map(move |(key, source)| wire::PackagedScript {
        package: of.clone(),
        key: key.clone(),
        source: source.clone(),
    })
}

fn calls_of(package: &Package) -> impl Iterator<Item = wire::PackagedCall> {
    let of = &package.manifest.key;
    package.flows.iter().flat_map(move |(form, document)| {
        calling(document).into_iter().map(move |(step, call)| wire::PackagedCall {
            package: of.clone(),
            form: form.clone(),
            step: step.to_string(),
            method: call.method.key().to_string(),
            url: call.url,
        })
    })
}

async fn answer(
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    making: &Making<'_>,
    template: &str,
) -> Result<wire::Installed, Refusal> {
    let packages: BTreeMap<String, Id> = PackageInstall::list(tx, caller.workspace_id())
        .await?
        .into_iter()
        .map(|install| (install.key, install.app))
        .collect();
    let app = *packages.get(template).ok_or_else(Refusal::missing)?;
    let forms = designs.forms.values().filter(|design| design.row.app == app);
    let package = making.plan.packages.iter().find(|package| package.manifest.key == template);
    Ok(wire::Installed {
        app,
        forms: forms.map(|design| (design.row.key.clone(), design.row.id)).collect(),
        packages,
        reports: package
            .into_iter()
            .flat_map(|package| package.reports.values())
            .map(|r| r.key.clone())
            .collect(),
        scripts: making.plan.packages.iter().flat_map(|package| scripts_of(package)).collect(),
        calls: making.plan.packages.iter().flat_map(|package| calls_of(package)).collect(),
    })
}
