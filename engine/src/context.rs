//! What the engine is told about the moment and the person, since it can't look for itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
