//! What the engine is told about the moment and the person, since it can't look for itself.

use std::collections::BTreeMap;

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
            subordinates: Vec::new(),
            params: BTreeMap::new(),
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
