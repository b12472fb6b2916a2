//! Where a role is named: in permission groups, among those who administer, at steps of flows; and that it is named there no
//! more once it goes.

use engine::flow::document::Step;
use engine::flow::who::{UpTo, Who};
use engine::value::Id;
use serde_json::json;
use store::Tx;
use store::app::App;
use store::form_administration::FormAdministration;
use store::role::Role;

use super::Caller;
use crate::service::apps::{described, label, to_json};
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::designs::{AppWho, Designs, FormDesign, admins};
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
    }
    Ok(found)
}

/// Takes a role that goes out of permission groups, and out of those who administer apps and forms: whatever role took its key
/// later would have its rights. Steps of flows keep it, for a version of a flow stays as it was published.
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
    groups::take_out_role(installation, tx, caller, role).await?;
    let designs = Designs::load(tx, workspace).await?;
    for app in designs.apps.values().filter(|app| named.is_among(&admins(app))) {
        let old = described(app);
        let mut app = app.clone();
        app.admins = to_json(&named.without(admins(&app)))?;
        app.version += 1;
        app.update(tx).await?;
        let (object, label) = (Some(app.id), Some(app.key.as_str()));
        let changes = Some(audit::difference(&old, &described(&app)));
        audit::note(tx, caller, Note { action: "app.update", object, label, changes }).await?;
    }
    for design in designs.forms.values().filter(|design| named.is_among(&design.admins)) {
        let form = design.row.id;
        let Some(known) = FormAdministration::find(tx, workspace, form).await? else { continue };
        let left = named.without(design.admins.clone());
        let row = FormAdministration { admins: to_json(&left)?, version: known.version + 1, ..known };
        row.update(tx).await?;
        let (object, label) = (Some(form), Some(design.row.key.as_str()));
        let changes = Some(audit::difference(&json!({"admins": design.admins}), &json!({"admins": left})));
        audit::note(tx, caller, Note { action: "form.admins", object, label, changes }).await?;
    }
    installation.designs.changed(tx, workspace).await
}

/// A role as documents name it.
struct Named<'r> {
    key: &'r str,
    id: String,
}

impl Named<'_> {
    fn of(role: &Role) -> Named<'_> {
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

    fn is(&self, name: &str) -> bool {
        name == self.key || name == self.id
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
        for group in groups.filter(|group| group.who.roles.iter().any(|name| self.is(name))) {
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
        found
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

/// An app, or a form of it, that names the role.
fn place(app: &App, design: Option<&FormDesign>, kind: wire::RoleUseKind) -> wire::RoleUse {
    wire::RoleUse {
        kind,
        app: app.id,
        app_key: app.key.clone(),
        app_label: label(&app.label),
        form: design.map(|design| design.row.id),
        form_label: design.map(|design| label(&design.row.label)),
        label: None,
        operations: Vec::new(),
        enabled: true,
    }
}
