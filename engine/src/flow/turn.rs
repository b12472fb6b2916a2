//! Whose turn it is: who is asked later than they were found, in a sequence or after somebody's approval.

use super::course::{Course, alone};
use super::decide::{is_asked, may_decide};
use super::refusal::Refusal;
use super::state::{Asked, VisitId};
use super::tally::votes;
use crate::value::Id;

impl Course<'_, '_> {
    /// Asks the next in a sequence. Where nobody can be asked in their place any more, the task waits for an administrator.
    pub fn ask_next(&mut self, visit: VisitId, step: &str, next: Asked) -> Result<(), Refusal> {
        let place = votes(&self.state, visit).count();
        let is_taken = |member| is_asked(&self.state, visit, member, place + 1);
        let asked = self.in_turn(step, next, is_taken)?;
        self.ask(visit, step, asked, None)
    }

    /// Who is asked when somebody's turn has come, which may be long after they were found: who stands in for them now, or
    /// who took over where they have left, else an administrator. Who is `is_taken` is asked there anyway.
    pub fn in_turn(
        &self,
        step: &str,
        found: Asked,
        is_taken: impl Fn(Id) -> bool,
    ) -> Result<Option<Asked>, Refusal> {
        let search = self.bare_search(self.submitter()?);
        let meant = found.on_behalf_of.unwrap_or(found.member);
        let stand_ins = search.with_delegates(&search.present(meant)).into_iter();
        let named = stand_ins.flat_map(|asked| [Some(asked), asked.on_behalf_of.map(alone)]).flatten();
        let has_left = !self.context.people.is_active(meant);
        let admins = if has_left { self.context.people.admins() } else { Vec::new() };
        let mut candidates = named.chain(admins.into_iter().map(alone));
        Ok(candidates.find(|asked| !is_taken(asked.member) && may_decide(self, step, asked.member).is_ok()))
    }
}
