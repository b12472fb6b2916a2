//! What a file would make of the members: row by row what is new, what changes and what is wrong. Nothing is stored.

use std::collections::{BTreeMap, BTreeSet};

use engine::text::{Fault, Faults};
use engine::value::Id;
use store::member::Member;
use wire::{MemberColumn, RowFate};

use super::Line;
use super::departments::{New, Tree};
use crate::service::people::Directory;
use crate::service::people::in_one_line;
use crate::service::people::members;
use crate::service::people::roles;
use crate::service::people::sign_in::new_member;

/// A row of the file.
#[derive(Clone, Debug)]
pub struct Planned {
    pub line: u64,
    pub fate: RowFate,
    /// As the member would be.
    pub member: Member,
    /// Their departments; none of a row that says nothing about them.
    pub departments: Option<BTreeSet<Id>>,
    pub roles: Option<BTreeSet<Id>>,
    pub faults: Faults,
    /// The address of the manager, until it is known who that is.
    manager: Option<String>,
}

/// All rows, with the departments that they need.
pub struct Plan {
    pub rows: Vec<Planned>,
    pub departments: Vec<New>,
}

impl Plan {
    pub fn new(people: &Directory, lines: &[Line], make_departments: bool) -> Plan {
        let known: BTreeMap<&str, &Member> =
            people.members.values().map(|member| (member.email.as_str(), &**member)).collect();
        let mut tree = Tree::new(people, make_departments);
        let mut seen = BTreeSet::new();
        let mut rows = Vec::new();
        for line in lines {
            let mut row = planned(people, &known, &mut tree, line);
            if !seen.insert(row.member.email.clone()) {
                row.faults.push(Fault::new("email", "twice"));
            }
            rows.push(row);
        }
        name_managers(people, &mut rows);
        miss_managers(people, &mut rows);
        for row in &mut rows {
            row.fate = fate(people, row);
        }
        let needed: BTreeSet<Id> = needed(&rows, &tree.new);
        let departments = tree.new.into_iter().filter(|new| needed.contains(&new.id)).collect();
        Plan { rows, departments }
    }
}

fn planned(people: &Directory, known: &BTreeMap<&str, &Member>, tree: &mut Tree, line: &Line) -> Planned {
    let cell = |column: MemberColumn| line.cells.get(&column).map(String::as_str);
    let email = cell(MemberColumn::Email).unwrap_or_default().to_lowercase();
    let name = cell(MemberColumn::Name);
    let mut member = match known.get(email.as_str()) {
        Some(member) => (*member).clone(),
        None => new_member(people.workspace.id, &email, name.unwrap_or_default()),
    };
    if let Some(name) = name {
        member.name = in_one_line(name);
    }
    if let Some(title) = cell(MemberColumn::Title) {
        member.title = Some(title.to_string());
    }
    if let Some(phone) = cell(MemberColumn::Phone) {
        member.phone = Some(phone.to_string());
    }
    let mut faults = members::check(&member).err().map(|refusal| refusal.faults).unwrap_or_default();
    let mut departments = None;
    // A row with faults makes none.
    if let Some(text) = cell(MemberColumn::Departments).filter(|_| faults.is_empty() || !tree.makes()) {
        departments = collected(text, &mut faults, |name| tree.find(name));
    }
    let role = |name: &str| {
        let found =
            people.role(name).or_else(|| people.roles.values().find(|role| roles::is_called(role, name)));
        found.map(|role| role.id).ok_or_else(|| Fault::new("roles", "no_such_role").arg("name", name))
    };
    let mut roles = None;
    if let Some(text) = cell(MemberColumn::Roles) {
        roles = collected(text, &mut faults, role);
    }
    let manager = cell(MemberColumn::Manager).map(str::to_lowercase);
    Planned { line: line.line, fate: RowFate::Refused, member, departments, roles, faults, manager }
}

/// What several names in a cell stand for.
fn collected(
    text: &str,
    faults: &mut Faults,
    mut find: impl FnMut(&str) -> Result<Id, Fault>,
) -> Option<BTreeSet<Id>> {
    let mut found = BTreeSet::new();
    for name in text.split([';', '；', '\n']).map(str::trim).filter(|name| !name.is_empty()) {
        match find(name) {
            Ok(id) => {
                found.insert(id);
            }
            Err(fault) => faults.push(fault),
        }
    }
    Some(found)
}

/// Finds the managers by their addresses, among those who are here and those whom the file brings; a row that is refused
/// brings nobody.
fn name_managers(people: &Directory, rows: &mut [Planned]) {
    let mut is_settled = false;
    while !is_settled {
        is_settled = true;
        let here = people.members.values().map(|member| (member.email.clone(), member.id));
        let coming = rows.iter().filter(|row| row.faults.is_empty());
        let known: BTreeMap<String, Id> =
            here.chain(coming.map(|row| (row.member.email.clone(), row.member.id))).collect();
        for row in rows.iter_mut().filter(|row| row.faults.is_empty()) {
            let Some(email) = &row.manager else { continue };
            match known.get(email) {
                Some(manager) => row.member.manager = Some(*manager),
                None => {
                    row.faults.push(Fault::new("manager", "no_such_manager").arg("email", email));
                    is_settled = false;
                }
            }
        }
    }
    // Whom a refused row would have brought manages nobody.
    if refuse_circles(people, rows) {
        name_managers(people, rows);
    }
}

/// Tells of the rows that have other faults already, too, that nobody has the address of their manager: who mends a file wants to
/// see everything at once.
fn miss_managers(people: &Directory, rows: &mut [Planned]) {
    let here = people.members.values().map(|member| member.email.clone());
    let named: BTreeSet<String> = here.chain(rows.iter().map(|row| row.member.email.clone())).collect();
    for row in rows.iter_mut().filter(|row| !row.faults.is_empty()) {
        let is_told = row.faults.iter().any(|fault| fault.path == "manager");
        match &row.manager {
            Some(email) if !is_told && !named.contains(email) => {
                row.faults.push(Fault::new("manager", "no_such_manager").arg("email", email));
            }
            Some(_) | None => {}
        }
    }
}

/// Nobody reports to themselves, however far up: as it would be with all rows that are not refused.
/// Whether a row was refused.
fn refuse_circles(people: &Directory, rows: &mut [Planned]) -> bool {
    let (mut is_settled, mut has_refused) = (false, false);
    while !is_settled {
        is_settled = true;
        let mut above: BTreeMap<Id, Id> =
            people.members.values().filter_map(|member| Some((member.id, member.manager?))).collect();
        let taken = rows.iter().filter(|row| row.faults.is_empty());
        above.extend(taken.filter_map(|row| Some((row.member.id, row.member.manager?))));
        for row in rows.iter_mut().filter(|row| row.faults.is_empty()) {
            if is_in_circle(&above, row.member.id) {
                row.faults.push(Fault::new("manager", "manager_circle"));
                is_settled = false;
                has_refused = true;
            }
        }
    }
    has_refused
}

fn is_in_circle(above: &BTreeMap<Id, Id>, member: Id) -> bool {
    let mut at = above.get(&member);
    for _ in 0..above.len() {
        match at {
            Some(id) if *id == member => return true,
            Some(id) => at = above.get(id),
            None => return false,
        }
    }
    false
}

fn fate(people: &Directory, row: &Planned) -> RowFate {
    if !row.faults.is_empty() {
        return RowFate::Refused;
    }
    let Some(before) = people.members.get(&row.member.id) else { return RowFate::Created };
    let same_departments =
        row.departments.as_ref().is_none_or(|departments| *departments == people.departments_of(before.id));
    let same_roles = row.roles.as_ref().is_none_or(|roles| *roles == people.roles_of(before.id));
    if **before == row.member && same_departments && same_roles {
        RowFate::Unchanged
    } else {
        RowFate::Updated
    }
}

/// The missing departments that somebody is to be in, with those above them.
fn needed(rows: &[Planned], new: &[New]) -> BTreeSet<Id> {
    let parents: BTreeMap<Id, Option<Id>> = new.iter().map(|new| (new.id, new.parent)).collect();
    let mut needed = BTreeSet::new();
    let taken = rows.iter().filter(|row| row.faults.is_empty()).filter_map(|row| row.departments.as_ref());
    for id in taken.flatten() {
        let mut at = Some(*id);
        while let Some(id) = at {
            let Some(parent) = parents.get(&id) else { break };
            needed.insert(id);
            at = *parent;
        }
    }
    needed
}
