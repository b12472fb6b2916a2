//! Groups in order: put together, missing periods filled in, named for people.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use super::answer::Titles;
use super::publish::DataGroup;
use crate::aggregate::AggregateFn;
use crate::condition::Unit;
use crate::text::Language;
use crate::value::{Decimal, Value, fold};

pub(super) type Measures = BTreeMap<String, Value>;

/// A table of more rows than this is not filled up.
const MOST_FILLED: usize = 2_000;

/// A group with its measures.
pub(super) struct Group {
    pub values: Vec<Value>,
    pub measures: Measures,
    /// A period without any record.
    pub missing: bool,
}

impl Group {
    pub fn new(values: Vec<Value>) -> Group {
        Group { values, measures: Measures::new(), missing: false }
    }

    /// What it is a group of, where that is one value.
    pub fn value(&self) -> &Value {
        const EMPTY: &Value = &Value::Empty;
        self.values.first().unwrap_or(EMPTY)
    }

    /// Adds a part of the group to a measure.
    pub fn add(&mut self, measure: &str, function: AggregateFn, part: Option<Decimal>) {
        let Some(part) = part else { return };
        let sum = self.measures.entry(measure.to_string()).or_default();
        *sum = combine(function, sum.as_number().into_iter().chain([part]));
    }
}

/// Groups as they are found.
#[derive(Default)]
pub(super) struct Groups {
    /// Each with its place, by a text that equal values share.
    found: HashMap<String, (usize, Group)>,
}

impl Groups {
    /// The group of these values, new at the end where there is none.
    pub fn of(&mut self, values: &[Value]) -> &mut Group {
        &mut self.placed(values).1
    }

    pub fn place_of(&mut self, values: &[Value]) -> usize {
        self.placed(values).0
    }

    fn placed(&mut self, values: &[Value]) -> &mut (usize, Group) {
        let key = values.iter().map(text_of).collect::<Vec<_>>().join("\u{1f}");
        let end = self.found.len();
        self.found.entry(key).or_insert_with(|| (end, Group::new(values.to_vec())))
    }

    /// The groups, each at its place.
    pub fn into_list(self) -> Vec<Group> {
        let mut list: Vec<(usize, Group)> = self.found.into_values().collect();
        list.sort_unstable_by_key(|(place, _)| *place);
        list.into_iter().map(|(_, group)| group).collect()
    }
}

/// A text that equal values share.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::Number(number) => number.normalize().to_string(),
        other => format!("{other:?}"),
    }
}

/// A row for every period between the first and the last; for groups by one period alone.
pub(super) fn fill_periods(groups: &mut Vec<Group>, unit: Unit) {
    let days: Vec<_> =
        groups.iter().filter_map(|group| group.values.first().and_then(Value::as_date)).collect();
    let (Some(first), Some(last)) = (days.iter().min().copied(), days.iter().max().copied()) else { return };
    let mut day = unit.start(first);
    for _ in 0..MOST_FILLED {
        if day > last {
            return;
        }
        if !days.contains(&day) {
            groups.push(Group { missing: true, ..Group::new(vec![Value::Date(day)]) });
        }
        day = unit.step(day, 1);
    }
}

/// A group's value in the wire form, and as people read it.
pub(super) fn name(by: &DataGroup, value: &Value, titles: &Titles, language: Language) -> (String, String) {
    match (by.unit, value) {
        (Some(unit), Value::Date(day)) => (unit.name(*day), unit.name(*day)),
        (_, Value::Ref(id)) => {
            let id_text = id.to_string();
            let title = titles.get(id).filter(|title| !title.is_empty());
            (id_text.clone(), title.cloned().unwrap_or(id_text))
        }
        (_, value) => (wire_text(&by.kind.to_json(value)), by.kind.display(value, language)),
    }
}

/// The order of two values of a group: periods and choices in theirs, what has a title by it; empty ones last.
pub(super) fn order(by: &DataGroup, a: &Value, b: &Value, titles: &Titles) -> Ordering {
    let title = |value: &Value| value.as_ref_id().and_then(|id| titles.get(&id)).map(|title| fold(title));
    match (a, b) {
        _ if a.is_empty() || b.is_empty() => a.is_empty().cmp(&b.is_empty()),
        (Value::Ref(_), Value::Ref(_)) => match (title(a), title(b)) {
            (Some(one), Some(other)) => one.cmp(&other),
            (one, other) => other.is_some().cmp(&one.is_some()),
        }
        .then_with(|| by.kind.order(a, b)),
        // A period is a date, whatever the field holds.
        (Value::Date(one), Value::Date(other)) => one.cmp(other),
        _ => by.kind.order(a, b),
    }
}

/// Partial results of one measure put together; empty where there is none.
pub(super) fn combine(function: AggregateFn, values: impl Iterator<Item = Decimal>) -> Value {
    let combined = values.map(Some).reduce(|a, b| match (function, a?, b?) {
        (AggregateFn::Min, a, b) => Some(a.min(b)),
        (AggregateFn::Max, a, b) => Some(a.max(b)),
        (AggregateFn::Sum | AggregateFn::Count, a, b) => a.checked_add(b),
        // Neither can be put together from groups.
        (AggregateFn::Avg | AggregateFn::Distinct, ..) => None,
    });
    combined.flatten().map(Value::Number).unwrap_or_default()
}

fn wire_text(json: &serde_json::Value) -> String {
    match json {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}
