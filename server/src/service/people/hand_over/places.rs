//! Where a member is named: as administrator of apps and of forms, as head of departments, as manager, as who decides in the
//! place of others.

use std::collections::BTreeSet;

use engine::value::{Id, Timestamp};
use serde_json::json;
use store::Tx;
use store::app::App;
use store::form_administration::FormAdministration;

use crate::service::apps::{described, label, to_json};
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::designs::{AppWho, Designs, FormDesign, admins};
use crate::service::people::{Caller, Directory, delegations};
use crate::service::{Installation, Refusal, clock};

/// What names somebody.
pub struct Places {
    pub apps: Vec<wire::HeldPlace>,
    pub forms: Vec<wire::HeldPlace>,
    pub departments: Vec<wire::HeldPlace>,
    pub reports: Vec<wire::HeldPlace>,
    /// Those in whose place they decide, now or later.
    pub delegations: Vec<wire::HeldPlace>,
}

/// The apps, forms, departments and members that name somebody.
pub fn of(people: &Directory, designs: &Designs, member: Id) -> Places {
    let place = |id: Id, name: &str| wire::HeldPlace { id, label: name.into() };
    let apps = designs.apps.values().filter(|app| names(&admins(app), member));
    let apps = apps.map(|app| wire::HeldPlace { id: app.id, label: label(&app.label) }).collect();
    let forms = designs.forms.values().map(|design| (&design.row, names(&design.admins, member)));
    let forms = forms.filter(|(_, names)| *names);
    let forms = forms.map(|(row, _)| wire::HeldPlace { id: row.id, label: label(&row.label) }).collect();
    let headed = people.departments.values().filter(|department| department.head == Some(member));
    let departments = headed.map(|department| place(department.id, &department.name)).collect();
    let reporting = people.members.values().filter(|report| report.manager == Some(member));
    let reports = reporting.map(|report| place(report.id, &report.name)).collect();
    let now = clock::now();
    let is_over = |ends: Option<Timestamp>| ends.is_some_and(|ends| ends <= now);
    let received = people.delegations.iter().filter(|known| known.to == member && !is_over(known.ends));
    let givers: BTreeSet<Id> = received.map(|known| known.from).collect();
    let delegations = givers.into_iter().map(|giver| place(giver, people.name(giver))).collect();
    Places { apps, forms, departments, reports, delegations }
}

fn names(admins: &[AppWho], member: Id) -> bool {
    admins.iter().any(|who| who.members.contains(&member))
}

/// Puts another member in all places of one; with `administration` also in what they administer.
///
/// # Errors
/// When it can't be written.
pub async fn hand_over(
    installation: &Installation,
    tx: &mut Tx,
    caller: &Caller,
    (member, to): (Id, Id),
    administration: bool,
    report: &mut wire::HandedOver,
) -> Result<(), Refusal> {
    let workspace = caller.workspace_id();
    let people = Directory::load(tx, workspace).await?;
    let designs = Designs::load(tx, workspace).await?;
    let places = of(&people, &designs, member);
    if administration {
        (report.apps, report.forms) = (places.apps, places.forms);
        administer_all(tx, caller, &designs, (member, to)).await?;
    }
    (report.departments, report.reports) = (places.departments, places.reports);
    report.delegations = places.delegations;
    delegations::hand_over(tx, caller, (member, to)).await?;
    for department in people.departments.values().filter(|department| department.head == Some(member)) {
        let mut department = department.clone();
        department.head = Some(to);
        department.version += 1;
        department.update(tx).await?;
        let (object, label) = (Some(department.id), Some(department.name.as_str()));
        let changes = Some(json!({"head": {"old": member, "new": to}}));
        audit::note(tx, caller, Note { action: "department.update", object, label, changes }).await?;
    }
    let above = people.members.get(&member).and_then(|member| member.manager);
    for found in people.members.values().filter(|report| report.manager == Some(member)) {
        // Whoever stands above the one who takes over can't report to them.
        let is_above = found.id == to || people.subordinates_of(found.id).contains(&to);
        let mut report = (**found).clone();
        report.manager = if is_above { above } else { Some(to) };
        report.version += 1;
        report.update(tx).await?;
        let (object, label) = (Some(report.id), Some(report.name.as_str()));
        let changes = Some(json!({"manager": {"old": member, "new": report.manager}}));
        audit::note(tx, caller, Note { action: "member.update", object, label, changes }).await?;
    }
    installation.designs.changed(tx, workspace).await?;
    installation.directories.changed(tx, workspace).await
}

/// Has somebody else administer every app and form that a member does.
async fn administer_all(
    tx: &mut Tx,
    caller: &Caller,
    designs: &Designs,
    (member, to): (Id, Id),
) -> Result<(), Refusal> {
    for app in designs.apps.values().filter(|app| names(&admins(app), member)) {
        administer(tx, caller, app, (member, to)).await?;
    }
    for design in designs.forms.values().filter(|design| names(&design.admins, member)) {
        administer_form(tx, caller, design, (member, to)).await?;
    }
    Ok(())
}

/// Has somebody else administer an app in place of a member.
async fn administer(tx: &mut Tx, caller: &Caller, app: &App, (member, to): (Id, Id)) -> Result<(), Refusal> {
    let old = described(app);
    let mut app = app.clone();
    app.admins = to_json(&with_another(admins(&app), member, to))?;
    app.version += 1;
    app.update(tx).await?;
    let (object, label) = (Some(app.id), Some(app.key.as_str()));
    let changes = Some(audit::difference(&old, &described(&app)));
    audit::note(tx, caller, Note { action: "app.update", object, label, changes }).await
}

/// As [`administer`], for a form that is administered without its app.
async fn administer_form(
    tx: &mut Tx,
    caller: &Caller,
    design: &FormDesign,
    (member, to): (Id, Id),
) -> Result<(), Refusal> {
    let (workspace, form) = (caller.workspace_id(), design.row.id);
    let Some(known) = FormAdministration::find(tx, workspace, form).await? else { return Ok(()) };
    let all = with_another(design.admins.clone(), member, to);
    let row = FormAdministration { admins: to_json(&all)?, version: known.version + 1, ..known };
    row.update(tx).await?;
    let (object, label) = (Some(form), Some(design.row.key.as_str()));
    let changes = Some(audit::difference(&json!({"admins": design.admins}), &json!({"admins": all})));
    audit::note(tx, caller, Note { action: "form.admins", object, label, changes }).await
}

/// The same administrators with `to` in place of `member`.
fn with_another(mut all: Vec<AppWho>, member: Id, to: Id) -> Vec<AppWho> {
    for who in &mut all {
        let named = who.members.len();
        who.members.retain(|id| *id != member);
        if who.members.len() < named && !who.members.contains(&to) {
            who.members.push(to);
        }
    }
    all
}
