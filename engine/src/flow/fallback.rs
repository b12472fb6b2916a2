//! Why a step asks others than those whom it names (approvals.md, "People"), for whoever looks at what would happen.

use super::course::{Course, alone};
use super::people::Found;
use super::published::NodeKind;
use super::state::Visit;
use super::who::{Nobody, Who};
use crate::value::Id;

/// What was amiss with the people of a step; the default where its sources named those who are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fallback {
    /// The sources that found nobody.
    pub empty: Vec<Who>,
    /// What was done because none of them found anybody who may be asked.
    pub instead: Option<Nobody>,
    /// Those who have left, for whom others are asked.
    pub left: Vec<Id>,
    /// The submitter was found, who may not decide about it: their own manager is asked, where they have one.
    pub own_manager: bool,
}

impl Course<'_, '_> {
    /// What was amiss with the people of a stay. Nothing where they were not found by the rules of its step: after a return
    /// those are asked again who acted there.
    pub fn fallback_at(&self, visit: &Visit) -> Fallback {
        let (within, after) = (visit.within.as_ref(), visit.after);
        let Some((_, node)) = self.flow.find(&visit.step) else { return Fallback::default() };
        let found = match &node.kind {
            NodeKind::Work(work) => {
                self.deciders(&node.key, work, within, after).map(|(found, why)| match found {
                    Found::Ask(people) => (people, why),
                    Found::Hold | Found::Pass => (Vec::new(), why),
                })
            }
            NodeKind::Cc(cc) => self.search(&node.key, within, after, |search| {
                let (members, why) = search.named(&cc.who);
                (members.into_iter().map(alone).collect(), why)
            }),
            NodeKind::Branch { .. }
            | NodeKind::Parallel { .. }
            | NodeKind::Subflow(_)
            | NodeKind::Action(_)
            | NodeKind::Delay(_) => return Fallback::default(),
        };
        found.ok().filter(|(people, _)| *people == visit.people).map(|(_, why)| why).unwrap_or_default()
    }
}
