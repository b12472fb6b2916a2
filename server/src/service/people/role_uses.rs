//! Where a role is named: in permission groups, among those who administer, at steps of flows.

use engine::flow::document::Step;
use engine::flow::who::{UpTo, Who};
use engine::value::Id;
use store::app::App;

use super::Caller;
use crate::service::apps::label;
use crate::service::designs::{AppWho, FormDesign, admins};
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
    let named = Named { key: &role.key, id: role.id.to_string() };
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

/// A role as documents name it.
struct Named<'r> {
    key: &'r str,
    id: String,
}

impl Named<'_> {
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
