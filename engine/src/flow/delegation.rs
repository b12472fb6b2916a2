//! Somebody decides in the place of somebody else for a while.

use serde::{Deserialize, Serialize};

use crate::value::{Id, Timestamp};

/// `to` decides for `from` in a period, in the flows of some forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    pub from: Id,
    pub to: Id,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Timestamp>,
    /// The first moment at which it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// All flows where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<Id>,
}

impl Delegation {
    /// The code of what is wrong with it by itself.
    pub fn fault(&self) -> Option<&'static str> {
        let is_backwards = self.starts.zip(self.ends).is_some_and(|(starts, ends)| ends <= starts);
        if self.from == self.to {
            Some("delegation_to_self")
        } else if is_backwards {
            Some("ends_before_it_starts")
        } else {
            None
        }
    }

    fn is_in_force(&self, form: Id, now: Timestamp) -> bool {
        let has_begun = self.starts.is_none_or(|starts| starts <= now);
        let is_over = self.ends.is_some_and(|ends| ends <= now);
        has_begun && !is_over && (self.forms.is_empty() || self.forms.contains(&form))
    }

    /// Who decides for a member in the flows of a form now: the latest of the delegations in force. Theirs in turn are
    /// not followed: no chain is longer than one.
    pub fn of(all: &[Delegation], member: Id, form: Id, now: Timestamp) -> Option<Id> {
        let own = all.iter().rev().filter(|delegation| delegation.from == member && delegation.to != member);
        own.filter(|delegation| delegation.is_in_force(form, now)).map(|delegation| delegation.to).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: i64) -> Id {
        Id::from_i64(number).unwrap()
    }

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn from_to(from: i64, to: i64) -> Delegation {
        Delegation { from: id(from), to: id(to), starts: None, ends: None, forms: Vec::new() }
    }

    #[test]
    fn a_delegation_counts_in_its_period_and_its_flows() {
        let delegation = Delegation {
            starts: Some(second(10)),
            ends: Some(second(20)),
            forms: vec![id(7)],
            ..from_to(1, 2)
        };
        let of = |form, now| Delegation::of(std::slice::from_ref(&delegation), id(1), id(form), second(now));
        assert_eq!([of(7, 9), of(7, 10), of(7, 19), of(7, 20)], [None, Some(id(2)), Some(id(2)), None]);
        assert_eq!(of(8, 15), None);
    }

    #[test]
    fn a_chain_of_delegations_is_followed_one_step() {
        let all = [from_to(1, 2), from_to(2, 3)];
        assert_eq!(Delegation::of(&all, id(1), id(7), second(0)), Some(id(2)));
    }

    #[test]
    fn nobody_delegates_to_themselves_or_backwards_in_time() {
        assert_eq!(from_to(1, 1).fault(), Some("delegation_to_self"));
        let backwards = Delegation { starts: Some(second(5)), ends: Some(second(5)), ..from_to(1, 2) };
        assert_eq!(backwards.fault(), Some("ends_before_it_starts"));
        assert_eq!(from_to(1, 2).fault(), None);
    }
}
