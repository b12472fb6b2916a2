//! The people of a workspace, as flows ask about them.

use std::collections::{BTreeMap, BTreeSet};

use engine::flow::{Delegation, Department, Directory, Person, Role};
use engine::value::{Id, Timestamp};

use store::app::App;

use crate::service::designs::{FormDesign, admins};
use crate::service::people::{self, Caller};
use crate::service::records::Order;

/// Everybody, with the administrators of the app that the form is in.
pub fn directory(order: &Order, design: &FormDesign) -> Directory {
    directory_of(&order.caller, order.designs.app_of(design), Some((order.form, order.now())))
}

/// Everybody in the caller's workspace, with the administrators of `app`, and who decides for whom in the flow of a form at a
/// moment.
pub fn directory_of(caller: &Caller, app: Option<&App>, flow: Option<(Id, Timestamp)>) -> Directory {
    let people = &caller.people;
    let givers: BTreeSet<Id> = people.delegations.iter().map(|delegation| delegation.from).collect();
    let delegate = |member: Id| {
        let (form, now) = flow.filter(|_| givers.contains(&member))?;
        Delegation::of(&people.delegations, member, form, now)
    };
    let members: BTreeMap<Id, Person> = people
        .members
        .values()
        .map(|member| {
            let person = Person {
                name: member.name.clone(),
                is_active: people.is_active(member.id),
                manager: member.manager,
                departments: people.departments_of(member.id).into_iter().collect(),
                hand_over: member.successor,
                delegate: delegate(member.id),
            };
            (member.id, person)
        })
        .collect();
    let departments = people
        .departments
        .values()
        .map(|department| (department.id, Department { parent: department.parent, head: department.head }))
        .collect();
    let roles = people
        .roles
        .values()
        .map(|role| Role {
            id: role.id,
            key: role.key.clone(),
            members: people.in_role.get(&role.id).into_iter().flatten().copied().collect(),
        })
        .collect();
    Directory { members, departments, roles, admins: administrators(people, app) }
}

/// The administrators of an app, as its flows ask them.
pub fn administrators(people: &people::Directory, app: Option<&App>) -> Vec<Id> {
    let app_admins: Vec<Id> =
        app.map(admins).unwrap_or_default().iter().flat_map(|who| who.members(people)).collect();
    if !app_admins.is_empty() {
        return app_admins;
    }
    // Somebody must be asked where an app has lost all of its own.
    let of_all = people.members.values().filter(|member| member.administrator && people.is_active(member.id));
    of_all.map(|member| member.id).collect()
}
