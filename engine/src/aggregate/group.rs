//! A group of an aggregate table, as conditions and measures over it read it.

use std::collections::BTreeMap;

use crate::condition::{Reach, Source};
use crate::record::Linked;
use crate::value::{Id, Value};

/// Dimensions and measures of a group, with the records behind its link dimensions.
pub struct GroupSource<'g> {
    /// By key, as [`Aggregate::measures`](super::Aggregate::measures) gives them.
    pub values: &'g BTreeMap<String, Value>,
    pub linked: &'g Linked,
}

impl GroupSource<'_> {
    fn own(&self, key: &str) -> Value {
        self.values.get(key).cloned().unwrap_or_default()
    }

    /// The record on the way that `linked` has not.
    pub fn missing(&self, reach: &Reach) -> Option<(Id, Id)> {
        let (first, _) = reach.hops.first()?;
        self.linked.missing_on(&self.own(first), reach)
    }
}

impl Source for GroupSource<'_> {
    fn value(&self, reach: &Reach) -> Value {
        match reach.hops.first() {
            None => self.own(&reach.field),
            Some((first, _)) => self.linked.follow(&self.own(first), reach),
        }
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}
