//! What links lead to: a path through a link is read as far as the linked record may be seen.

use std::collections::BTreeMap;

use super::{Access, Grant, Operation};
use crate::condition::{Checked, CheckedOperand, CheckedTest, Reach};
use crate::value::Id;

impl Access {
    /// The same, for somebody who may see no more of the forms that links lead to than these. Forms that are not named
    /// are open.
    #[must_use]
    pub fn seeing(mut self, linked: BTreeMap<Id, Access>) -> Access {
        self.linked = linked;
        self
    }

    /// What one group alone grants, to somebody who sees as much of the forms that links lead to.
    #[must_use]
    pub fn by_group(&self, grant: Grant) -> Access {
        Access::granted(vec![grant]).seeing(self.linked.clone())
    }

    /// Whether everything is open here and through every link.
    pub fn is_all_open(&self) -> bool {
        self.is_unrestricted() && self.linked.is_empty()
    }

    /// The condition under which what a path leads to is readable: the record's own field, and each linked record with
    /// the field that is read next.
    pub fn readable_at(&self, reach: &Reach) -> Checked {
        let mut parts = Vec::new();
        let own = reach.own_path();
        if !own.starts_with('$') && !self.is_open(&own) {
            parts.push(self.readable_rows(&own));
        }
        for (place, (_, form)) in reach.hops.iter().enumerate() {
            let Some(there) = self.linked.get(form) else { continue };
            let next = reach.hops.get(place + 1).map_or(&reach.field, |(link, _)| link);
            let hops = reach.hops.iter().take(place + 1).cloned().collect();
            let prefix = Reach { hops, ..reach.clone() };
            parts.push(there.seen(next).and_then(|rows| through(rows, &prefix)).unwrap_or_else(never));
        }
        parts.retain(|part| *part != Checked::always());
        match parts.len() {
            1 => parts.pop().unwrap_or_else(never),
            _ => Checked::All(parts),
        }
    }

    /// The rows that may be viewed with a field of theirs; `None` where there are none.
    fn seen(&self, field: &str) -> Option<Checked> {
        let rows = self.rows(Operation::View)?;
        if field.starts_with('$') || self.is_open(field) {
            return Some(rows);
        }
        Some(rows.and(self.readable_rows(field)))
    }
}

/// A condition on a linked record as one on the record that the links of `prefix` start from. `None` where it can't be
/// said: one row of a sub-form can't be held through two comparisons, and rows of the linked record are not reached.
fn through(condition: Checked, prefix: &Reach) -> Option<Checked> {
    if condition == Checked::always() {
        return Some(condition);
    }
    if prefix.rows.is_some() {
        return None;
    }
    let all =
        |parts: Vec<Checked>| parts.into_iter().map(|part| through(part, prefix)).collect::<Option<Vec<_>>>();
    Some(match condition {
        Checked::All(parts) => Checked::All(all(parts)?),
        Checked::Any(parts) => Checked::Any(all(parts)?),
        Checked::Not(part) => Checked::Not(Box::new(through(*part, prefix)?)),
        Checked::Test(test) => {
            let operand = match test.operand {
                CheckedOperand::Field(reach, kind) => CheckedOperand::Field(behind(&reach, prefix)?, kind),
                operand => operand,
            };
            Checked::Test(Box::new(CheckedTest { reach: behind(&test.reach, prefix)?, operand, ..*test }))
        }
    })
}

fn behind(reach: &Reach, prefix: &Reach) -> Option<Reach> {
    if reach.subform().is_some() {
        return None;
    }
    let hops = prefix.hops.iter().chain(&reach.hops).cloned().collect();
    Some(Reach { hops, field: reach.field.clone(), ..prefix.clone() })
}

fn never() -> Checked {
    Checked::Any(Vec::new())
}
