//! Who is asked at a step.

use super::command::Subject;
use super::document::SelfApproval;
use super::fallback::Fallback;
use super::state::Asked;
use super::who::{Nobody, UpTo, Who};
use crate::value::Id;

/// The members of the workspace, as the engine asks about them.
pub trait People {
    /// Whether the member exists and has not left.
    fn is_active(&self, member: Id) -> bool;

    /// The name, for the order in which people are asked.
    fn name(&self, member: Id) -> String;

    /// Direct manager.
    fn manager(&self, member: Id) -> Option<Id>;

    /// Active members of a role, by key or id.
    fn in_role(&self, role: &str) -> Vec<Id>;

    /// Whether there is a role with this key or id.
    fn has_role(&self, role: &str) -> bool;

    fn has_department(&self, department: Id) -> bool;

    /// Active members of a department.
    fn in_department(&self, department: Id, with_children: bool) -> Vec<Id>;

    /// The department that counts as the member's own.
    fn department(&self, member: Id) -> Option<Id>;

    /// The head of a department.
    fn head(&self, department: Id) -> Option<Id>;

    /// Who took over the tasks of somebody who has left.
    fn hand_over(&self, member: Id) -> Option<Id>;

    /// Who decides in the member's place at the moment.
    fn delegate(&self, member: Id) -> Option<Id>;

    /// The administrators of the app that the form is in.
    fn admins(&self) -> Vec<Id>;
}

/// How far a chain of managers or of hand-overs is followed; longer ones are circles.
const MAX_CHAIN: usize = 50;

/// Finds the people of one step.
pub(super) struct Search<'s> {
    pub people: &'s dyn People,
    pub record: &'s dyn Subject,
    pub submitter: Id,
    /// Who decided the step before; the submitter at the first step.
    pub previous: &'s [Id],
    /// Who was named for this step.
    pub chosen: &'s [Id],
}

/// What a step does about the people found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    Ask(Vec<Asked>),
    /// Nobody: a task without assignee.
    Hold,
    /// Nobody: the step passes.
    Pass,
}

impl Search<'_> {
    /// Who decides at an approve or fill step, and why: the sources in their order, each person once, those who have left
    /// replaced, the fallback where nobody is left, and delegates in place of those they decide for.
    /// `self_approval` is given for approve steps.
    pub fn deciders(
        &self,
        who: &[Who],
        nobody: Nobody,
        self_approval: Option<SelfApproval>,
    ) -> (Found, Fallback) {
        let (mut members, mut why) = self.named(who);
        let not_oneself = self_approval == Some(SelfApproval::Manager);
        if not_oneself && members.contains(&self.submitter) {
            why.own_manager = true;
            let manager: Vec<Id> = self.manager_at(1).into_iter().flat_map(|id| self.present(id)).collect();
            members = members
                .into_iter()
                .flat_map(|id| if id == self.submitter { manager.clone() } else { vec![id] })
                .filter(|id| *id != self.submitter)
                .collect();
            members = once_each(members);
        }
        if members.is_empty() {
            why.instead = Some(nobody);
            members = match nobody {
                Nobody::AutoApprove => return (Found::Pass, why),
                Nobody::Hold => return (Found::Hold, why),
                Nobody::Admins => self.admins(),
                Nobody::Member(member) => once_each(self.present(member)),
            };
            if not_oneself {
                // The fallback is no way around it: where it leads to nobody else, the step holds.
                members.retain(|member| *member != self.submitter);
            }
        }
        let found = if members.is_empty() { Found::Hold } else { Found::Ask(self.with_delegates(&members)) };
        (found, why)
    }

    /// Who is informed at a cc step.
    pub fn informed(&self, who: &[Who]) -> Vec<Id> {
        self.named(who).0
    }

    /// Whom the sources name, each once, those who have left replaced, before fallbacks; and what was amiss.
    pub fn named(&self, who: &[Who]) -> (Vec<Id>, Fallback) {
        let mut why = Fallback::default();
        let mut members = Vec::new();
        for who in who {
            let named = self.source(who);
            if named.is_empty() {
                why.empty.push(who.clone());
            }
            for member in named {
                if !self.people.is_active(member) && !why.left.contains(&member) {
                    why.left.push(member);
                }
                members.extend(self.present(member));
            }
        }
        (once_each(members), why)
    }

    /// Those who take over from `member`, who may have left: the member, the one who took over from them, or
    /// the administrators.
    pub fn present(&self, member: Id) -> Vec<Id> {
        let mut at = Some(member);
        for _ in 0..MAX_CHAIN {
            let Some(id) = at else { break };
            if self.people.is_active(id) {
                return vec![id];
            }
            at = self.people.hand_over(id);
        }
        self.admins()
    }

    /// Delegates in place of those they decide for; not where the delegate is asked anyway or is the submitter,
    /// who would decide on their own request.
    pub fn with_delegates(&self, members: &[Id]) -> Vec<Asked> {
        let mut asked: Vec<Asked> = Vec::new();
        for member in members {
            let delegate = self.people.delegate(*member).filter(|delegate| {
                *delegate != self.submitter
                    && self.people.is_active(*delegate)
                    && !members.contains(delegate)
                    && !asked.iter().any(|asked| asked.member == *delegate)
            });
            asked.push(match delegate {
                Some(delegate) => Asked { member: delegate, on_behalf_of: Some(*member) },
                None => Asked { member: *member, on_behalf_of: None },
            });
        }
        asked
    }

    fn admins(&self) -> Vec<Id> {
        let admins = self.people.admins().into_iter().filter(|id| self.people.is_active(*id));
        once_each(self.by_name(admins.collect()))
    }

    /// The members behind one source, in order; some may have left.
    fn source(&self, who: &Who) -> Vec<Id> {
        match who {
            Who::Members(members) => self.by_name(members.clone()),
            Who::Departments { departments, with_children } => {
                let members =
                    departments.iter().flat_map(|id| self.people.in_department(*id, *with_children));
                self.by_name(members.collect())
            }
            Who::Roles(roles) => {
                self.by_name(roles.iter().flat_map(|role| self.people.in_role(role)).collect())
            }
            Who::Field(path) => self.by_name(self.references(path)),
            Who::HeadOfField(path) => {
                let departments = self.references(path);
                self.by_name(departments.iter().filter_map(|id| self.people.head(*id)).collect())
            }
            Who::Submitter => vec![self.submitter],
            Who::Manager(level) => self.manager_at(*level).into_iter().collect(),
            Who::ManagersUpTo(end) => self.managers_up_to(end),
            Who::ChosenBy(_) => self.by_name(self.chosen.to_vec()),
            Who::HeadOfPrevious => {
                let departments = self.previous.iter().filter_map(|id| self.people.department(*id));
                self.by_name(departments.filter_map(|id| self.people.head(id)).collect())
            }
        }
    }

    fn references(&self, path: &str) -> Vec<Id> {
        self.record.value(path).items().iter().filter_map(|value| value.as_ref_id()).collect()
    }

    fn manager_at(&self, level: u32) -> Option<Id> {
        let level = usize::try_from(level).ok()?.checked_sub(1)?;
        self.chain().into_iter().nth(level)
    }

    fn managers_up_to(&self, end: &UpTo) -> Vec<Id> {
        let chain = self.chain();
        let length = match end {
            UpTo::Level(level) => *level as usize,
            UpTo::Role(role) => {
                let holders = self.people.in_role(role);
                let holder = chain.iter().position(|manager| holders.contains(manager));
                holder.map_or(chain.len(), |position| position + 1)
            }
        };
        chain.into_iter().take(length).collect()
    }

    /// The submitter's managers upward.
    fn chain(&self) -> Vec<Id> {
        let mut chain: Vec<Id> = Vec::new();
        let mut at = self.submitter;
        while let Some(manager) = self.people.manager(at) {
            if manager == self.submitter || chain.contains(&manager) || chain.len() == MAX_CHAIN {
                break;
            }
            chain.push(manager);
            at = manager;
        }
        chain
    }

    fn by_name(&self, mut members: Vec<Id>) -> Vec<Id> {
        members.sort_by_cached_key(|id| (self.people.name(*id), *id));
        members
    }
}

fn once_each(members: impl IntoIterator<Item = Id>) -> Vec<Id> {
    let mut once: Vec<Id> = Vec::new();
    for member in members {
        if !once.contains(&member) {
            once.push(member);
        }
    }
    once
}
