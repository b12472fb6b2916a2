//! The people of the workspace, as the editor offers them and as the engine asks about them.

use std::collections::BTreeMap;

use engine::flow::{Department, Directory, Person, Role};
use engine::value::Id;
use wire::MemberState;

use crate::api::{Problem, people};

/// Members, roles and departments.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    pub members: Vec<wire::Member>,
    pub roles: Vec<wire::Role>,
    pub departments: Vec<wire::Department>,
    pub directory: Directory,
}

impl Workspace {
    pub async fn load() -> Result<Workspace, Problem> {
        let members = people::members().await?.items;
        let roles = people::roles().await?.items;
        let departments = people::departments().await?.items;
        Ok(Workspace::of(members, roles, departments))
    }

    fn of(
        members: Vec<wire::Member>,
        roles: Vec<wire::Role>,
        departments: Vec<wire::Department>,
    ) -> Workspace {
        let person = |member: &wire::Member| Person {
            name: member.name.clone(),
            is_active: member.state != MemberState::Disabled,
            manager: member.manager,
            departments: member.departments.clone(),
            ..Person::default()
        };
        let role = |role: &wire::Role| {
            let has = |member: &&wire::Member| member.roles.contains(&role.id);
            let members = members.iter().filter(has).map(|member| member.id).collect();
            Role { id: role.id, key: role.key.clone(), members }
        };
        let department = |department: &wire::Department| {
            (department.id, Department { parent: department.parent, head: department.head })
        };
        let directory = Directory {
            members: members.iter().map(|member| (member.id, person(member))).collect::<BTreeMap<_, _>>(),
            departments: departments.iter().map(department).collect(),
            roles: roles.iter().map(role).collect(),
            admins: Vec::new(),
        };
        Workspace { members, roles, departments, directory }
    }

    pub fn member(&self, id: Id) -> String {
        let found = self.members.iter().find(|member| member.id == id);
        found.map_or_else(|| id.to_string(), |member| member.name.clone())
    }

    /// The name of a role by its key or id.
    pub fn role(&self, name: &str) -> String {
        let known = |role: &&wire::Role| role.key == name || role.id.to_string() == name;
        self.roles.iter().find(known).map_or_else(|| name.to_string(), |role| role.name.clone())
    }

    pub fn department(&self, id: Id) -> String {
        let found = self.departments.iter().find(|department| department.id == id);
        found.map_or_else(|| id.to_string(), |department| department.name.clone())
    }
}
