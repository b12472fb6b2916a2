//! A change of people that is not made: who would gain and who would lose what, in every app and form.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::value::Id;
use store::app::App;

use super::dry_run::{MOST_MEMBERS, Tally, granted, known};
use crate::service::apps::label;
use crate::service::designs::{Designs, FormDesign, administers, names};
use crate::service::people::members::{person, roles_named};
use crate::service::people::{Caller, Directory};
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal};

/// What it would mean that a role has other people, or is gone.
///
/// # Errors
/// Not found; a fault for a member who is not there.
pub async fn of_role(
    installation: &Installation,
    caller: &Caller,
    role: Id,
    input: wire::RoleChangeInput,
) -> Result<Vec<wire::PeopleChange>, Refusal> {
    let people = &caller.people;
    if !people.roles.contains_key(&role) {
        return Err(Refusal::missing());
    }
    let holders: Option<BTreeSet<Id>> = input.members.map(|members| members.into_iter().collect());
    if holders.iter().flatten().any(|member| !people.members.contains_key(member)) {
        return Err(Refusal::fault("members", "not_an_id"));
    }
    let now = people.in_role.get(&role).cloned().unwrap_or_default();
    let then = holders.clone().unwrap_or_default();
    let moved = now.symmetric_difference(&then).copied();
    let after = people.with_role(role, holders.as_ref());
    of_people(installation, caller, after, moved.collect()).await
}

/// What it would mean that a member has these roles, and no others.
///
/// # Errors
/// Not found; a fault for a role that is not there.
pub async fn of_member(
    installation: &Installation,
    caller: &Caller,
    member: Id,
    input: wire::MemberRolesInput,
) -> Result<Vec<wire::PeopleChange>, Refusal> {
    let people = &caller.people;
    if !people.members.contains_key(&member) {
        return Err(Refusal::missing());
    }
    let roles: BTreeSet<Id> = roles_named(people, &input.roles)?.into_iter().collect();
    let after = people.with_roles_of(member, &roles);
    of_people(installation, caller, after, BTreeSet::from([member])).await
}

/// What it would mean for some members that the people of the workspace are other ones.
async fn of_people(
    installation: &Installation,
    caller: &Caller,
    after: Directory,
    members: BTreeSet<Id>,
) -> Result<Vec<wire::PeopleChange>, Refusal> {
    let then = Caller { people: Arc::new(after), ..caller.clone() };
    let moved = caller.people.ordered(members).into_iter().filter_map(|id| {
        let member = caller.people.members.get(&id)?;
        Some(Moved { id, before: caller.seeing_as(member.clone()), after: then.seeing_as(member.clone()) })
    });
    let moved: Vec<Moved> = moved.collect();
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let look = Look { installation, caller, designs: designs.clone(), moved };
    let mut found: Vec<wire::PeopleChange> = Vec::new();
    for app in designs.apps.values() {
        let of_app = look.of_app(app);
        for design in designs.forms.values().filter(|design| design.row.app == app.id) {
            found.extend(look.of_form(app, design, &of_app).await?);
        }
        // What is said of an app stands before what is said of its forms.
        let place = found.iter().position(|change| change.app == app.id);
        if is_something(&of_app) {
            found.insert(place.unwrap_or(found.len()), of_app);
        }
    }
    Ok(found)
}

/// Somebody whom it is about, as they ask now and as they would ask then.
struct Moved {
    id: Id,
    before: Caller,
    after: Caller,
}

/// Whether anybody gains or loses anything by it.
fn is_something(change: &wire::PeopleChange) -> bool {
    let rights = &change.rights;
    let of_rights = !rights.members.is_empty() || rights.left_out > 0;
    of_rights || !change.administer.is_empty() || !change.administer_no_more.is_empty()
}

struct Look<'c> {
    installation: &'c Installation,
    caller: &'c Caller,
    designs: Arc<Designs>,
    moved: Vec<Moved>,
}

impl Look<'_> {
    /// Of whom something becomes true, and of whom it no longer is.
    fn turning(&self, holds: impl Fn(&Caller) -> bool) -> (Vec<wire::Person>, Vec<wire::Person>) {
        let (mut comes, mut goes) = (Vec::new(), Vec::new());
        for moved in &self.moved {
            match (holds(&moved.before), holds(&moved.after)) {
                (false, true) => comes.push(person(&self.caller.people, moved.id)),
                (true, false) => goes.push(person(&self.caller.people, moved.id)),
                (true, true) | (false, false) => {}
            }
        }
        (comes, goes)
    }

    fn of_app(&self, app: &App) -> wire::PeopleChange {
        let (administer, administer_no_more) = self.turning(|seen| administers(seen, app));
        wire::PeopleChange {
            app: app.id,
            app_label: label(&app.label),
            form: None,
            form_label: None,
            administer,
            administer_no_more,
            rights: nothing(),
        }
    }

    /// What changes with a form; that its app is administered by others is told of the app alone.
    async fn of_form(
        &self,
        app: &App,
        design: &FormDesign,
        of_app: &wire::PeopleChange,
    ) -> Result<Option<wire::PeopleChange>, Refusal> {
        let (mut administer, mut administer_no_more) =
            self.turning(|seen| self.designs.administers_form(design, seen));
        administer.retain(|person| !of_app.administer.contains(person));
        administer_no_more.retain(|person| !of_app.administer_no_more.contains(person));
        let change = wire::PeopleChange {
            app: app.id,
            app_label: label(&app.label),
            form: Some(design.row.id),
            form_label: Some(label(&design.row.label)),
            administer,
            administer_no_more,
            rights: self.rights(design).await?,
        };
        Ok(Some(change).filter(is_something))
    }

    /// Who may do more or less with the records of a form; who administers it, before or after, does so whatever groups say.
    async fn rights(&self, design: &FormDesign) -> Result<wire::GroupChange, Refusal> {
        let mut change = nothing();
        let is_other = |moved: &Moved| {
            let mut groups = design.groups.iter().map(|group| &group.document.who);
            groups.any(|who| names(who, &moved.before) != names(who, &moved.after))
        };
        if design.sketch.is_none() || !self.moved.iter().any(is_other) {
            return Ok(change);
        }
        let (form, path) = (design.row.id, Path::of(self.caller));
        let order = Order::known(self.installation, self.caller, self.designs.clone(), form, path);
        // A form that no longer works says so to whoever opens it.
        let Ok(order) = order else { return Ok(change) };
        let groups = known(design, &order.compiled.grants);
        let mut tally = Tally::over(&order).await?;
        for (number, moved) in self.moved.iter().enumerate() {
            let administers = |seen: &Caller| self.designs.administers_form(design, seen);
            match (administers(&moved.before), administers(&moved.after)) {
                (false, false) => {}
                (true, true) => {
                    change.administrators += 1;
                    continue;
                }
                (true, false) | (false, true) => continue,
            }
            if number >= MOST_MEMBERS {
                change.left_out += 1;
                continue;
            }
            let (before, after) = (granted(&moved.before, &groups), granted(&moved.after, &groups));
            let (gains, losses) = tally.of_member(&moved.before, &before, &after).await?;
            if gains.is_empty() && losses.is_empty() {
                change.unchanged += 1;
            } else {
                let member = person(&self.caller.people, moved.id);
                change.members.push(wire::MemberChange { member, gains, losses });
            }
        }
        Ok(change)
    }
}

fn nothing() -> wire::GroupChange {
    wire::GroupChange { members: Vec::new(), unchanged: 0, left_out: 0, administrators: 0, everyone: false }
}
