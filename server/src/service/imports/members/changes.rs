//! What a row would change about somebody who is here already, by names.

use std::collections::{BTreeMap, BTreeSet};

use engine::value::Id;
use wire::{MemberColumn, MemberRowChange, RowFate};

use super::plan::{Plan, Planned};
use crate::service::people::Directory;

/// The changes of a row; none of one that brings somebody new, or is refused.
pub fn of(people: &Directory, plan: &Plan, row: &Planned) -> Vec<MemberRowChange> {
    let known = people.members.get(&row.member.id).filter(|_| row.fate == RowFate::Updated);
    let Some(before) = known else { return Vec::new() };
    let after = &row.member;
    let coming: BTreeMap<Id, &str> =
        plan.rows.iter().map(|row| (row.member.id, row.member.name.as_str())).collect();
    let manager = |id: Option<Id>| {
        let name =
            |id: Id| people.members.get(&id).map(|member| member.name.as_str()).or(coming.get(&id).copied());
        id.and_then(name).map(str::to_string).into_iter().collect::<Vec<String>>()
    };
    let department = |id: &Id| {
        let new = plan.departments.iter().find(|new| new.id == *id).map(|new| new.path.clone());
        new.unwrap_or_else(|| people.department_name(*id).to_string())
    };
    let role = |id: &Id| people.roles.get(id).map(|role| role.name.clone()).unwrap_or_default();
    let departments = |ids: &BTreeSet<Id>| ids.iter().map(department).collect::<Vec<String>>();
    let roles = |ids: &BTreeSet<Id>| ids.iter().map(role).collect::<Vec<String>>();
    let text = |text: &Option<String>| text.iter().cloned().collect::<Vec<String>>();
    let mut changes = vec![
        (MemberColumn::Name, vec![before.name.clone()], vec![after.name.clone()]),
        (MemberColumn::Title, text(&before.title), text(&after.title)),
        (MemberColumn::Phone, text(&before.phone), text(&after.phone)),
        (MemberColumn::Manager, manager(before.manager), manager(after.manager)),
    ];
    // What a row says nothing about stays.
    if let Some(named) = &row.departments {
        changes.push((
            MemberColumn::Departments,
            departments(&people.departments_of(before.id)),
            departments(named),
        ));
    }
    if let Some(named) = &row.roles {
        changes.push((MemberColumn::Roles, roles(&people.roles_of(before.id)), roles(named)));
    }
    let changes = changes.into_iter().filter(|(_, old, new)| old != new);
    changes.map(|(column, old, new)| MemberRowChange { column, old, new }).collect()
}
