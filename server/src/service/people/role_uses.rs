//! Where a role is named: in permission groups, among those who administer, among readers, at steps of flows and in fields;
//! and that it has rights nowhere any more once it goes.

use engine::access;
use engine::field::FieldKind;
use engine::flow::document::Step;
use engine::flow::who::{UpTo, Who};
use engine::value::Id;
use serde_json::json;
use store::Tx;
use store::app::App;
use store::form::FormRow;
use store::form_administration::FormAdministration;
use store::role::Role;

use super::{Caller, role_readers};
use crate::service::apps::{described, label, to_json};
use crate::service::audit::{self, Note};
use crate::service::designs::{AppWho, Designs, FormDesign, admins, stored};
use crate::service::forms::groups;
use crate::service::{Installation, Refusal};

/// Every place that names a role, app by app.
///
/// # Errors
/// Not found.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    id: Id,
) -> Result<Vec<wire::RoleUse>, Refusal> {
    let role = caller.people.roles.get(&id).ok_or_else(Refusal::missing)?;
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let named = Named::of(role);
    let mut found = Vec::new();
    for app in designs.apps.values() {
        if named.is_among(&admins(app)) {
            found.push(place(app, None, wire::RoleUseKind::AppAdministration));
        }
        for design in designs.forms.values().filter(|design| design.row.app == app.id) {
            found.extend(named.in_form(app, design));
        }
        found.extend(named.among_readers(app, &designs));
    }
    Ok(found)
}

/// Takes a role that goes out of permission groups, out of those who administer apps and forms, and out of the readers of
/// dashboards, reports and aggregate tables, also of what lies in the bin: whatever role took its key later would have its
/// rights. Steps of flows and fields keep it, for a version of a flow or a form stays as it was published.
///
/// # Errors
/// When it can't be written.
pub async fn take_out(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    role: &Role,
) -> Result<(), Refusal> {
    let (workspace, named) = (caller.workspace_id(), Named::of(role));
    // Nothing goes into the bin or comes out of it meanwhile.
    installation.designs.held(&installation.store, tx, workspace).await?;
    groups::take_out_role(installation, tx, caller, role).await?;
    let mut apps = App::list(tx, workspace).await?;
    apps.extend(App::deleted(tx, workspace).await?);
    for mut app in apps.into_iter().filter(|app| named.is_among(&admins(app))) {
        let old = described(&app);
        app.admins = to_json(&named.without(admins(&app)))?;
        app.version += 1;
        app.update(tx).await?;
        let (object, label) = (Some(app.id), Some(app.key.as_str()));
        let changes = Some(audit::difference(&old, &described(&app)));
        audit::note(tx, caller, Note { action: "app.update", object, label, changes }).await?;
    }
    for known in FormAdministration::list(tx, workspace).await? {
        let all: Vec<AppWho> = stored("form_administration", &known.admins)?;
        if !named.is_among(&all) {
            continue;
        }
        let key = FormRow::find(tx, workspace, known.form).await?.map(|form| form.key);
        let left = named.without(all.clone());
        let row = FormAdministration { admins: to_json(&left)?, version: known.version + 1, ..known };
        row.update(tx).await?;
        let (object, label) = (Some(row.form), key.as_deref());
        let changes = Some(audit::difference(&json!({"admins": all}), &json!({"admins": left})));
        audit::note(tx, caller, Note { action: "form.admins", object, label, changes }).await?;
    }
    role_readers::take_out(tx, caller, &named).await?;
    installation.designs.changed(tx, workspace).await
}

/// A role as documents name it.
pub(super) struct Named<'r> {
    key: &'r str,
    id: String,
}

impl Named<'_> {
    pub(super) fn of(role: &Role) -> Named<'_> {
        Named { key: &role.key, id: role.id.to_string() }
    }

    /// The same administrators without the role; an entry that named nobody else goes with it.
    fn without(&self, mut all: Vec<AppWho>) -> Vec<AppWho> {
        for who in &mut all {
            who.roles.retain(|name| !self.is(name));
        }
        all.retain(|who| *who != AppWho::default());
        all
    }

    pub(super) fn is(&self, name: &str) -> bool {
        name == self.key || name == self.id
    }

    /// Whether these people are, among others, those who have the role.
    pub(super) fn is_one_of(&self, who: &access::Who) -> bool {
        who.roles.iter().any(|name| self.is(name))
    }

    /// Whether a field offers those who have the role. What stands so for a field of departments means no role.
    fn is_offered_by(&self, kind: &FieldKind) -> bool {
        matches!(kind, FieldKind::Member(_) | FieldKind::Members(_))
            && kind.within().iter().any(|name| self.is(name))
    }

    fn is_among(&self, admins: &[AppWho]) -> bool {
        admins.iter().any(|who| who.roles.iter().any(|name| self.is(name)))
    }

    /// Whether a step finds its people by the role.
    fn is_asked(&self, who: &Who) -> bool {
        match who {
            Who::Roles(names) => names.iter().any(|name| self.is(name)),
            Who::ManagersUpTo(UpTo::Role(name)) => self.is(name),
            Who::ManagersUpTo(UpTo::Level(_))
            | Who::Members(_)
            | Who::Departments { .. }
            | Who::Field(_)
            | Who::HeadOfField(_)
            | Who::Submitter
            | Who::Manager(_)
            | Who::ChosenBy(_)
            | Who::HeadOfPrevious => false,
        }
    }

    fn in_form(&self, app: &App, design: &FormDesign) -> Vec<wire::RoleUse> {
        let mut found = Vec::new();
        if self.is_among(&design.admins) {
            found.push(place(app, Some(design), wire::RoleUseKind::FormAdministration));
        }
        let groups = design.groups.iter().map(|group| &group.document);
        for group in groups.filter(|group| self.is_one_of(&group.who)) {
            found.push(wire::RoleUse {
                label: Some(group.label.clone()),
                operations: group.operations.iter().map(|operation| operation.name().to_string()).collect(),
                enabled: group.enabled,
                ..place(app, Some(design), wire::RoleUseKind::Group)
            });
        }
        let mut steps = Vec::new();
        if let Some((_, flow)) = &design.flow {
            self.asking(&flow.document().steps, &mut steps);
        }
        found.extend(steps.into_iter().map(|step| wire::RoleUse {
            label: Some(step.label().clone()),
            ..place(app, Some(design), wire::RoleUseKind::Step)
        }));
        let fields = design.sketch.iter().flat_map(|sketch| sketch.document.all_fields());
        let fields = fields.filter(|(_, field)| self.is_offered_by(&field.kind));
        found.extend(fields.map(|(_, field)| wire::RoleUse {
            label: Some(field.label.clone()),
            ..place(app, Some(design), wire::RoleUseKind::MemberField)
        }));
        found
    }

    /// What of an app names the role among its readers.
    fn among_readers(&self, app: &App, designs: &Designs) -> Vec<wire::RoleUse> {
        let dashboards = designs.dashboards.values().map(|design| {
            let (row, document) = (&design.row, &design.document);
            (
                wire::RoleUseKind::Dashboard,
                row.app,
                row.id.to_string(),
                &document.label,
                document.read.as_ref(),
            )
        });
        let reports = designs.reports.values().map(|design| {
            let (row, document) = (&design.row, &design.document);
            (wire::RoleUseKind::Report, row.app, row.key.clone(), &document.label, document.read.as_ref())
        });
        let tables = designs.aggregates.values().map(|design| {
            let (row, document) = (&design.row, &design.document);
            (wire::RoleUseKind::Table, row.app, row.id.to_string(), &document.label, document.read.as_ref())
        });
        let all = dashboards.chain(reports).chain(tables);
        let own = all.filter(|(_, of, ..)| *of == app.id);
        let named = own.filter(|(.., read)| read.is_some_and(|who| self.is_one_of(who)));
        let told = named.map(|(kind, _, target, label, _)| wire::RoleUse {
            label: Some(label.clone()),
            target: Some(target),
            ..place(app, None, kind)
        });
        told.collect()
    }

    /// The steps that ask the role, also those in arms.
    fn asking<'s>(&self, steps: &'s [Step], found: &mut Vec<&'s Step>) {
        for step in steps {
            let who = match step {
                Step::Approve(step) => step.who.as_slice(),
                Step::Fill(step) => step.who.as_slice(),
                Step::Cc(step) => step.who.as_slice(),
                Step::Branch(_) | Step::Parallel(_) | Step::Subflow(_) | Step::Action(_) | Step::Delay(_) => {
                    &[]
                }
            };
            if who.iter().any(|who| self.is_asked(who)) {
                found.push(step);
            }
            for (_, inside) in step.arms() {
                self.asking(inside, found);
            }
        }
    }
}

/// An app, or a form of it, in which the role is named.
fn place(app: &App, design: Option<&FormDesign>, kind: wire::RoleUseKind) -> wire::RoleUse {
    wire::RoleUse {
        kind,
        app: app.id,
        app_key: app.key.clone(),
        app_label: label(&app.label),
        form: design.map(|design| design.row.id),
        form_label: design.map(|design| label(&design.row.label)),
        label: None,
        target: None,
        operations: Vec::new(),
        enabled: true,
    }
}
