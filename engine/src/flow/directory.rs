//! The people of a workspace, held in memory.

use std::collections::{BTreeMap, BTreeSet};

use super::people::People;
use crate::value::Id;

/// A copy of a workspace's members, departments and roles, enough to find who is asked.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    pub members: BTreeMap<Id, Person>,
    pub departments: BTreeMap<Id, Department>,
    pub roles: Vec<Role>,
    /// Administrators of the app in question.
    pub admins: Vec<Id>,
}

#[derive(Clone, Debug, Default)]
pub struct Person {
    pub name: String,
    pub is_active: bool,
    pub manager: Option<Id>,
    /// The first counts as the member's own.
    pub departments: Vec<Id>,
    pub hand_over: Option<Id>,
    pub delegate: Option<Id>,
}

#[derive(Clone, Debug, Default)]
pub struct Department {
    pub parent: Option<Id>,
    pub head: Option<Id>,
}

#[derive(Clone, Debug)]
pub struct Role {
    pub id: Id,
    pub key: String,
    pub members: Vec<Id>,
}

impl Directory {
    fn person(&self, member: Id) -> Option<&Person> {
        self.members.get(&member)
    }

    fn role(&self, role: &str) -> Option<&Role> {
        self.roles
            .iter()
            .find(|known| known.key == role)
            .or_else(|| self.roles.iter().find(|known| known.id.to_string() == role))
    }

    /// A department and those below it.
    fn family(&self, department: Id) -> BTreeSet<Id> {
        let mut family = BTreeSet::from([department]);
        loop {
            let known = family.len();
            let children = self
                .departments
                .iter()
                .filter(|(_, child)| child.parent.is_some_and(|parent| family.contains(&parent)));
            let children: Vec<Id> = children.map(|(id, _)| *id).collect();
            family.extend(children);
            if family.len() == known {
                return family;
            }
        }
    }
}

impl People for Directory {
    fn is_active(&self, member: Id) -> bool {
        self.person(member).is_some_and(|person| person.is_active)
    }

    fn name(&self, member: Id) -> String {
        self.person(member).map(|person| person.name.clone()).unwrap_or_default()
    }

    fn manager(&self, member: Id) -> Option<Id> {
        self.person(member)?.manager
    }

    fn in_role(&self, role: &str) -> Vec<Id> {
        let members = self.role(role).map_or(&[][..], |role| &role.members);
        members.iter().copied().filter(|member| self.is_active(*member)).collect()
    }

    fn has_role(&self, role: &str) -> bool {
        self.role(role).is_some()
    }

    fn has_department(&self, department: Id) -> bool {
        self.departments.contains_key(&department)
    }

    fn in_department(&self, department: Id, with_children: bool) -> Vec<Id> {
        let meant = if with_children { self.family(department) } else { BTreeSet::from([department]) };
        let is_in =
            |person: &Person| person.is_active && person.departments.iter().any(|id| meant.contains(id));
        self.members.iter().filter(|(_, person)| is_in(person)).map(|(id, _)| *id).collect()
    }

    fn department(&self, member: Id) -> Option<Id> {
        self.person(member)?.departments.first().copied()
    }

    fn head(&self, department: Id) -> Option<Id> {
        self.departments.get(&department)?.head
    }

    fn hand_over(&self, member: Id) -> Option<Id> {
        self.person(member)?.hand_over
    }

    fn delegate(&self, member: Id) -> Option<Id> {
        self.person(member)?.delegate
    }

    fn admins(&self) -> Vec<Id> {
        self.admins.clone()
    }
}
