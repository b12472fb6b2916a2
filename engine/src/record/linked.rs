//! Linked records that computing reads. The engine can't fetch them: the server loads them before a save, the
//! browser when a link is chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::condition::Reach;
use crate::form::Form;
use crate::value::{Id, Value, Values, get};

/// Records of other forms, by form and id. A record that is not in here reads as empty. Copies share what they hold until
/// one of them changes: the records of a page, or of a large save, are each looked at with all that they link to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Linked(Arc<BTreeMap<(Id, Id), Arc<Values>>>);

impl Linked {
    pub fn insert(&mut self, form: Id, record: Id, values: Values) {
        Arc::make_mut(&mut self.0).insert((form, record), Arc::new(values));
    }

    pub fn contains(&self, form: Id, record: Id) -> bool {
        self.0.contains_key(&(form, record))
    }

    /// Follows the hops after `first`, which is the value of the first link, to the value at the end.
    pub(crate) fn follow(&self, first: &Value, reach: &Reach) -> Value {
        let mut at = first.clone();
        let mut hops = reach.hops.iter().peekable();
        while let Some((_, form)) = hops.next() {
            let Some(id) = at.as_ref_id() else { return Value::Empty };
            let Some(values) = self.0.get(&(*form, id)) else { return Value::Empty };
            let next = hops.peek().map_or(reach.field.as_str(), |(link, _)| link);
            at = get(values, next).clone();
        }
        at
    }

    /// The record on the way from `first`, the value of the first link, that is not in here yet.
    pub fn missing_on(&self, first: &Value, reach: &Reach) -> Option<(Id, Id)> {
        let mut at = first.clone();
        for (place, (_, target)) in reach.hops.iter().enumerate() {
            let id = at.as_ref_id()?;
            let Some(found) = self.0.get(&(*target, id)) else { return Some((*target, id)) };
            at = get(found, &reach.hops.get(place + 1)?.0).clone();
        }
        None
    }
}

/// The records that must be in `linked` for `values` (of a record of `form`) to be computed, and are not yet. Ask
/// again after loading them: their own links may lead further.
pub fn missing_links(form: &Form, values: &Values, linked: &Linked) -> BTreeSet<(Id, Id)> {
    missing_on_paths(form.link_reads(), values, linked)
}

/// As [`missing_links`], for what these paths of the record lead to.
pub fn missing_on_paths<'r>(
    paths: impl IntoIterator<Item = &'r Reach>,
    values: &Values,
    linked: &Linked,
) -> BTreeSet<(Id, Id)> {
    let mut missing = BTreeSet::new();
    for reach in paths {
        let Some((first, _)) = reach.hops.first() else { continue };
        let starts: Vec<&Value> = match reach.subform() {
            Some(subform) => get(values, subform).rows().iter().map(|row| get(&row.values, first)).collect(),
            None => vec![get(values, first)],
        };
        // Of several links each is followed.
        let starts = starts.into_iter().flat_map(Value::items);
        missing.extend(starts.filter_map(|start| linked.missing_on(start, reach)));
    }
    missing
}
