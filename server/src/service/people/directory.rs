//! The people of a workspace, held in memory: who reports to whom, who is where, who has which role.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::field::{MY_DEPARTMENTS, MY_SUBORDINATES};
use engine::value::Id;
use store::Reader;
use store::delegation::Delegation;
use store::department::Department;
use store::inbound_hook::InboundHook;
use store::member::{Member, MemberState};
use store::public_link::PublicLink;
use store::role::Role;
use store::role_group::RoleGroup;
use store::second_factor::SecondFactor;
use store::sign_in_policy::{Demand, SignInPolicy};
use store::workspace::Workspace;

use super::delegations::in_force;
use super::sign_in::new_member;
use super::workspace::Rules;
use crate::service::Refusal;
use crate::service::cached::Snapshot;

/// Everybody in a workspace at one moment.
#[derive(Clone, Debug)]
pub struct Directory {
    pub workspace: Arc<Workspace>,
    /// What they keep to.
    pub rules: Rules,
    pub members: BTreeMap<Id, Arc<Member>>,
    pub departments: BTreeMap<Id, Department>,
    pub roles: BTreeMap<Id, Role>,
    pub role_groups: BTreeMap<Id, RoleGroup>,
    /// Members by department, without those of its parts.
    pub in_department: BTreeMap<Id, BTreeSet<Id>>,
    pub in_role: BTreeMap<Id, BTreeSet<Id>>,
    /// The departments of each member: every request asks for those of its caller.
    departments_of: BTreeMap<Id, BTreeSet<Id>>,
    /// Those who report to each member directly.
    reports: BTreeMap<Id, BTreeSet<Id>>,
    /// The department that each department is a part of.
    pub above: Arc<BTreeMap<Id, Id>>,
    /// From whom the workspace asks a second step of signing in.
    pub demand: Demand,
    /// Those who have one.
    pub second_factors: BTreeSet<Id>,
    /// Who decides in whose place, the oldest first.
    pub delegations: Vec<engine::flow::Delegation>,
    /// What public links and inbound hooks are called: what came by one is told to be of it.
    outside: BTreeMap<Id, String>,
}

impl Snapshot for Directory {
    const NAME: &'static str = "people";

    /// # Errors
    /// When the workspace is gone, or the database can't be read.
    async fn load(db: &mut Reader, workspace: Id) -> Result<Directory, Refusal> {
        let found = Workspace::find(db, workspace).await?.ok_or_else(Refusal::missing)?;
        let members = Member::list(db, workspace).await?;
        let departments = Department::list(db, workspace).await?;
        let roles = Role::list(db, workspace).await?;
        let role_groups = RoleGroup::list(db, workspace).await?;
        let rules = Rules::load(db, workspace).await?;
        let memberships = Department::memberships(db, workspace).await?;
        let departments_of = memberships.iter().map(|(department, member)| (*member, *department));
        let reports = members.iter().filter_map(|member| Some((member.manager?, member.id)));
        let above = departments.iter().filter_map(|department| Some((department.id, department.parent?)));
        let above = Arc::new(above.collect());
        let policy = SignInPolicy::find(db, workspace).await?;
        let delegations = Delegation::list(db, workspace).await?;
        let mut outside = PublicLink::names(db, workspace).await?;
        outside.extend(InboundHook::names(db, workspace).await?);
        Ok(Directory {
            departments_of: grouped(departments_of.collect()),
            reports: grouped(reports.collect()),
            workspace: Arc::new(found),
            rules,
            members: members.into_iter().map(|member| (member.id, Arc::new(member))).collect(),
            departments: departments.into_iter().map(|department| (department.id, department)).collect(),
            roles: roles.into_iter().map(|role| (role.id, role)).collect(),
            role_groups: role_groups.into_iter().map(|group| (group.id, group)).collect(),
            in_department: grouped(memberships),
            in_role: grouped(Role::memberships(db, workspace).await?),
            above,
            demand: policy.unwrap_or_else(|| SignInPolicy::usual(workspace)).second_factor,
            second_factors: SecondFactor::members(db, workspace).await?.into_iter().collect(),
            delegations: delegations.iter().map(in_force).collect::<Result<_, Refusal>>()?,
            outside: outside.into_iter().collect(),
        })
    }
}

impl Directory {
    pub fn is_active(&self, member: Id) -> bool {
        self.members.get(&member).is_some_and(|member| member.state != MemberState::Disabled)
    }

    /// The name of a member, or of the public link or the hook that somebody came by; empty for somebody who was never here.
    pub fn name(&self, member: Id) -> &str {
        let link = || self.outside.get(&member).map_or("", String::as_str);
        self.members.get(&member).map_or_else(link, |member| member.name.as_str())
    }

    /// Who came by a public link or a hook, as far as anything has to stand for them: nobody who is in a department, or a role, or active.
    pub fn guest(&self, link: Id) -> Option<Arc<Member>> {
        let name = self.outside.get(&link)?;
        Some(Arc::new(guest(&self.workspace, link, name)))
    }

    /// The departments that a member is in, without those above.
    pub fn departments_of(&self, member: Id) -> BTreeSet<Id> {
        self.departments_of.get(&member).cloned().unwrap_or_default()
    }

    /// The department in which a record lies from when it becomes a member's: of several the one that was there first.
    pub fn department_of(&self, owner: Id) -> Option<Id> {
        self.departments_of.get(&owner).and_then(|departments| departments.first().copied())
    }

    pub fn roles_of(&self, member: Id) -> BTreeSet<Id> {
        self.in_role.iter().filter(|(_, members)| members.contains(&member)).map(|(role, _)| *role).collect()
    }

    /// A department and all its parts.
    pub fn with_parts(&self, department: Id) -> BTreeSet<Id> {
        let mut all = BTreeSet::from([department]);
        let mut found = true;
        while found {
            let parts: Vec<Id> = self
                .departments
                .values()
                .filter(|part| part.parent.is_some_and(|parent| all.contains(&parent)))
                .map(|part| part.id)
                .filter(|id| !all.contains(id))
                .collect();
            found = !parts.is_empty();
            all.extend(parts);
        }
        all
    }

    /// The name of a department; empty for one that is not there.
    pub fn department_name(&self, department: Id) -> &str {
        self.departments.get(&department).map_or("", |department| department.name.as_str())
    }

    /// Whose members a field's `within` lets `chooser` choose; everybody without any.
    pub fn members_within(&self, within: &[String], chooser: Id) -> Option<BTreeSet<Id>> {
        let in_departments = |departments: BTreeSet<Id>| {
            let members = departments.into_iter().flat_map(|department| self.with_parts(department));
            members.filter_map(|part| self.in_department.get(&part)).flatten().copied().collect()
        };
        let named = |name: &String| -> BTreeSet<Id> {
            let id = name.parse::<Id>().ok();
            match (name.as_str(), id) {
                (MY_DEPARTMENTS, _) => in_departments(self.departments_of(chooser)),
                (MY_SUBORDINATES, _) => self.subordinates_of(chooser),
                (_, Some(id)) if self.members.contains_key(&id) => BTreeSet::from([id]),
                (_, Some(id)) if self.departments.contains_key(&id) => in_departments(BTreeSet::from([id])),
                (role, _) => {
                    let members = self.role(role).and_then(|role| self.in_role.get(&role.id));
                    members.cloned().unwrap_or_default()
                }
            }
        };
        (!within.is_empty()).then(|| within.iter().flat_map(named).collect())
    }

    /// Which departments a field's `within` lets `chooser` choose; all without any.
    pub fn departments_within(&self, within: &[String], chooser: Id) -> Option<BTreeSet<Id>> {
        let named = |name: &String| -> BTreeSet<Id> {
            match name.as_str() {
                MY_DEPARTMENTS => self.departments_of(chooser),
                id => id.parse().ok().into_iter().collect(),
            }
        };
        let whole = within.iter().flat_map(named).filter(|id| self.departments.contains_key(id));
        (!within.is_empty()).then(|| whole.flat_map(|department| self.with_parts(department)).collect())
    }

    /// Whether a name in a field's `within` stands for somebody, or for what one can choose.
    pub fn knows_within(&self, name: &str) -> bool {
        let id = name.parse::<Id>().ok();
        let is_there = |id: Id| self.members.contains_key(&id) || self.departments.contains_key(&id);
        name.starts_with('$') || id.is_some_and(is_there) || self.role(name).is_some()
    }

    /// Those who report to a member, directly and further down.
    pub fn subordinates_of(&self, member: Id) -> BTreeSet<Id> {
        let mut all = BTreeSet::new();
        let mut next = vec![member];
        while let Some(manager) = next.pop() {
            for report in self.reports.get(&manager).into_iter().flatten() {
                if *report != member && all.insert(*report) {
                    next.push(*report);
                }
            }
        }
        all
    }

    /// The role with this id or key.
    pub fn role(&self, name: &str) -> Option<&Role> {
        let by_id = name.parse().ok().and_then(|id: Id| self.roles.get(&id));
        by_id.or_else(|| self.roles.values().find(|role| role.key == name))
    }

    /// The same people with a role in these hands, or without it: to look at what that would mean.
    pub fn with_role(&self, role: Id, holders: Option<&BTreeSet<Id>>) -> Directory {
        let mut all = self.clone();
        all.in_role.remove(&role);
        match holders {
            Some(holders) => drop(all.in_role.insert(role, holders.clone())),
            None => drop(all.roles.remove(&role)),
        }
        all
    }

    /// The same people with a member in these roles, and in no others.
    pub fn with_roles_of(&self, member: Id, roles: &BTreeSet<Id>) -> Directory {
        let mut all = self.clone();
        for holders in all.in_role.values_mut() {
            holders.remove(&member);
        }
        for role in roles {
            all.in_role.entry(*role).or_default().insert(member);
        }
        all
    }

    /// Active members of a role, by name.
    pub fn active_in_role(&self, role: &str) -> Vec<Id> {
        let members = self.role(role).and_then(|role| self.in_role.get(&role.id));
        self.ordered(members.into_iter().flatten().copied())
    }

    /// Active members of a department, by name.
    pub fn active_in_department(&self, department: Id, with_parts: bool) -> Vec<Id> {
        let departments = if with_parts { self.with_parts(department) } else { BTreeSet::from([department]) };
        let members = departments.iter().filter_map(|id| self.in_department.get(id)).flatten().copied();
        self.ordered(members.collect::<BTreeSet<Id>>())
    }

    /// Those of `members` who are active, by name and then id.
    pub fn ordered(&self, members: impl IntoIterator<Item = Id>) -> Vec<Id> {
        let mut active: Vec<Id> = members.into_iter().filter(|member| self.is_active(*member)).collect();
        active.sort_by(|a, b| self.name(*a).cmp(self.name(*b)).then(a.cmp(b)));
        active
    }
}

/// Somebody without an account, by the link or the hook that they come by.
pub fn guest(workspace: &Workspace, link: Id, name: &str) -> Member {
    Member {
        id: link,
        name: name.to_string(),
        state: MemberState::Disabled,
        ..new_member(workspace.id, "", "")
    }
}

fn grouped(pairs: Vec<(Id, Id)>) -> BTreeMap<Id, BTreeSet<Id>> {
    let mut groups: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    for (group, member) in pairs {
        groups.entry(group).or_default().insert(member);
    }
    groups
}
