//! What can be wrong with who is asked.

use super::super::who::{Nobody, UpTo, Who};
use super::{Analyser, Holds};

impl Analyser<'_> {
    pub(super) fn who(&mut self, path: &str, who: &[Who]) {
        if who.is_empty() {
            self.fault(path, "empty_who");
        }
        for (index, source) in who.iter().enumerate() {
            let path = format!("{path}/{index}");
            match source {
                Who::Members(members) => {
                    self.some(&path, members.is_empty());
                    for (index, member) in members.iter().enumerate() {
                        if !self.people.is_active(*member) {
                            self.named(format!("{path}/members/{index}"), "unknown_member", "member", member);
                        }
                    }
                }
                Who::Departments { departments, .. } => {
                    self.some(&path, departments.is_empty());
                    for (index, department) in departments.iter().enumerate() {
                        if !self.people.has_department(*department) {
                            let path = format!("{path}/departments/{index}");
                            self.named(path, "unknown_department", "department", department);
                        }
                    }
                }
                Who::Roles(roles) => {
                    self.some(&path, roles.is_empty());
                    for (index, role) in roles.iter().enumerate() {
                        self.role(&format!("{path}/roles/{index}"), role);
                    }
                }
                Who::Field(field) => self.people_field(&format!("{path}/field"), field, Holds::Members),
                Who::HeadOfField(field) => {
                    self.people_field(&format!("{path}/head_of_field"), field, Holds::Departments);
                }
                Who::Manager(level) | Who::ManagersUpTo(UpTo::Level(level)) if *level == 0 => {
                    self.fault(&path, "level_zero");
                }
                Who::ManagersUpTo(UpTo::Role(role)) => {
                    self.role(&format!("{path}/managers_up_to/role"), role);
                }
                Who::Submitter
                | Who::Manager(_)
                | Who::ManagersUpTo(UpTo::Level(_))
                | Who::ChosenBy(_)
                | Who::HeadOfPrevious => {}
            }
        }
    }

    fn some(&mut self, path: &str, is_empty: bool) {
        if is_empty {
            self.fault(path, "empty_who");
        }
    }

    fn role(&mut self, path: &str, role: &str) {
        if !self.people.has_role(role) {
            self.named(path, "unknown_role", "role", role);
        }
    }

    fn people_field(&mut self, path: &str, field: &str, expected: Holds) {
        match self.form.holds(field) {
            None => self.named(path, "unknown_field", "field", field),
            Some(holds) if holds == expected => {}
            Some(Holds::Members | Holds::Departments | Holds::Moments | Holds::Other) => {
                self.named(path, "not_a_field_of_people", "field", field);
            }
        }
    }

    /// A fallback that is not there is none.
    pub(super) fn nobody(&mut self, path: &str, nobody: Nobody) {
        match nobody {
            Nobody::AutoApprove | Nobody::Admins | Nobody::Hold => {}
            Nobody::Member(member) => {
                if !self.people.is_active(member) {
                    self.named(format!("{path}/member"), "no_fallback", "member", member);
                }
            }
        }
    }
}
