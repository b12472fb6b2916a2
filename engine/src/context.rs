//! What the engine is told about the moment and the person, since it can't look for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::tz::TimeZone;

use crate::value::{Date, Id, Timestamp, Value};

/// The moment and the person that something is computed for.
#[derive(Clone, Debug)]
pub struct Context {
    /// Now; one instant for everything that happens in one save or one query.
    pub now: Timestamp,
    /// The workspace's zone: days, months and schedules are counted in it.
    pub zone: TimeZone,
    /// The member on whose behalf; nobody for public forms and schedules.
    pub user: Option<Id>,
    /// The member's departments, their sub-departments included.
    pub departments: Vec<Id>,
    /// The departments that the member is in, without the parts of those.
    pub own_departments: Vec<Id>,
    /// The department that each department is a part of.
    pub above: Arc<BTreeMap<Id, Id>>,
    /// Members below this one.
    pub subordinates: Vec<Id>,
    /// The app's parameters.
    pub params: BTreeMap<String, Value>,
    /// What members and departments are called.
    pub names: KnownNames,
    /// What comes by chance.
    pub dice: Dice,
}

/// Knows what members and departments are called.
pub trait CallsByName: Send + Sync {
    /// The name of a member or department; `None` where it is not known.
    fn name(&self, id: Id) -> Option<String>;
}

/// Who is asked for names; nobody by default, and then none is known.
#[derive(Clone, Default)]
pub struct KnownNames(Option<Arc<dyn CallsByName>>);

impl KnownNames {
    pub fn of(known: Arc<dyn CallsByName>) -> KnownNames {
        KnownNames(Some(known))
    }

    /// The name of a member or department.
    pub fn name(&self, id: Id) -> Option<String> {
        self.0.as_ref()?.name(id)
    }
}

impl fmt::Debug for KnownNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KnownNames").field(&self.0.is_some()).finish()
    }
}

/// Numbers that nobody can foresee who does not know the seed. The engine has no source of chance: whoever makes a context
/// brings the seed. Copies go on with the same numbers, so that none comes twice.
#[derive(Clone, Debug, Default)]
pub struct Dice {
    thrown: Arc<AtomicU64>,
    seed: (u64, u64),
}

impl Dice {
    /// Sixteen bytes of chance.
    pub fn new(seed: u128) -> Dice {
        let seed = ((seed >> 64) as u64, (seed & u128::from(u64::MAX)) as u64);
        Dice { thrown: Arc::default(), seed }
    }

    /// The next number.
    pub fn throw(&self) -> u128 {
        let turn = self.thrown.fetch_add(1, Ordering::Relaxed);
        let half = |seed: u64, stream: u64| mixed(seed ^ mixed(turn.wrapping_mul(2).wrapping_add(stream)));
        (u128::from(half(self.seed.0, 0)) << 64) | u128::from(half(self.seed.1, 1))
    }
}

/// The step of the generator `splitmix64`: every bit of the number reaches every bit of the result.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

impl Context {
    /// A context without a person, in `zone`.
    pub fn system(now: Timestamp, zone: TimeZone) -> Context {
        Context {
            now,
            zone,
            user: None,
            departments: Vec::new(),
            own_departments: Vec::new(),
            above: Arc::default(),
            subordinates: Vec::new(),
            params: BTreeMap::new(),
            names: KnownNames::default(),
            dice: Dice::default(),
        }
    }

    /// These departments with all their parts.
    pub fn with_parts(&self, departments: impl IntoIterator<Item = Id>) -> BTreeSet<Id> {
        let mut all: BTreeSet<Id> = departments.into_iter().collect();
        loop {
            let is_new = |(part, whole): &(&Id, &Id)| all.contains(*whole) && !all.contains(*part);
            let parts: Vec<Id> = self.above.iter().filter(is_new).map(|(part, _)| *part).collect();
            if parts.is_empty() {
                return all;
            }
            all.extend(parts);
        }
    }

    /// The date of now in the workspace's zone.
    pub fn today(&self) -> Date {
        self.now.to_zoned_datetime(self.zone.clone()).date()
    }

    /// The date of an instant in the workspace's zone.
    pub fn date_of(&self, instant: Timestamp) -> Date {
        instant.to_zoned_datetime(self.zone.clone()).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_comes_twice_and_a_seed_gives_the_same_ones_again() {
        let dice = Dice::new(7);
        let copy = dice.clone();
        let thrown: BTreeSet<u128> =
            (0..1000).map(|turn| if turn % 3 == 0 { copy.throw() } else { dice.throw() }).collect();
        assert_eq!(thrown.len(), 1000);
        let again = Dice::new(7);
        assert!((0..1000).all(|_| thrown.contains(&again.throw())));
        assert!(!thrown.contains(&Dice::new(8).throw()));
    }

    #[test]
    fn a_department_is_taken_with_its_parts_however_deep() {
        let id = |number: i64| Id::from_i64(number).unwrap();
        let mut context = Context::system(Timestamp::UNIX_EPOCH, TimeZone::UTC);
        let above = [(2, 1), (3, 2), (4, 3), (6, 5)].map(|(part, whole)| (id(part), id(whole)));
        context.above = Arc::new(above.into_iter().collect());
        assert_eq!(context.with_parts([id(2)]), BTreeSet::from([2, 3, 4].map(id)));
        assert_eq!(context.with_parts([id(4), id(5)]), BTreeSet::from([4, 5, 6].map(id)));
        assert_eq!(context.with_parts([]), BTreeSet::new());
    }
}
