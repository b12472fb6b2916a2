//! `query`: records of another form that meet conditions now (查询). Never stored: the list is read when it is shown, with
//! the eyes of whoever looks.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::dataless::without_data;
use super::{Kind, Operator, Origin, Shape, SortRule};
use crate::criteria::Condition;
use crate::formula::Type;
use crate::text::{Fault, Faults, Language};
use crate::value::Value;

/// Records of one page, when the options do not say; and at most.
const USUAL: u32 = 20;
const MOST: u32 = 100;
/// Columns of one list, and fields that it is sorted by, at most.
const MOST_COLUMNS: usize = 20;
const MOST_SORTS: usize = 5;

/// The options of a query.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Query {
    /// What is listed.
    pub form: Origin,
    /// Which of it. `{"field": key}` in place of a value is a field of the record that the list stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<Condition>,
    /// The fields that are shown, in order; without any what a record is called.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// The newest first without any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<SortRule>,
    /// Records of one page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl Query {
    /// Records of one page.
    pub fn limit(&self) -> u32 {
        self.limit.unwrap_or(USUAL)
    }
}

without_data!(Query, |query| {
    let mut faults = Faults::new();
    if query.form.name().is_empty() {
        faults.push(Fault::new("form", "required"));
    }
    match query.limit {
        Some(0) => faults.push(Fault::new("limit", "too_small").arg("min", 1)),
        Some(limit) if limit > MOST => faults.push(Fault::new("limit", "too_large").arg("max", MOST)),
        _ => {}
    }
    for (member, count, most) in
        [("columns", query.columns.len(), MOST_COLUMNS), ("sort", query.sort.len(), MOST_SORTS)]
    {
        if count > most {
            faults.push(Fault::new(member, "too_many").arg("max", most));
        }
    }
    let mut seen = BTreeSet::new();
    let again = query.columns.iter().enumerate().filter(|(_, column)| !seen.insert(column.as_str()));
    faults.extend(again.map(|(place, _)| Fault::new(format!("columns.{place}"), "twice")));
    faults
});

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::FieldKind;
    use super::*;

    #[test]
    fn options_are_read_and_written_and_their_limits_told() {
        let options = json!({"form": {"aggregate": "stock"}, "columns": ["product"],
            "filter": {"field": "product", "op": "eq", "value": {"field": "product"}},
            "sort": [{"field": "product", "desc": true}], "limit": 5});
        let kind = FieldKind::from_parts("query", options.clone()).unwrap();
        assert_eq!(kind.options(), options);
        assert!(kind.check_options().is_empty() && !kind.holds_data());
        let wrong = json!({"limit": 101, "columns": ["a", "a"]});
        let faults = FieldKind::from_parts("query", wrong).unwrap().check_options();
        let faults: Vec<String> =
            faults.into_iter().map(|fault| format!("{}: {}", fault.path, fault.code)).collect();
        assert_eq!(faults, ["form: required", "limit: too_large", "columns.1: twice"]);
    }

    #[test]
    fn nobody_sets_a_list_and_it_has_no_value() {
        let kind = FieldKind::from_parts("query", json!({"form": "order"})).unwrap();
        assert_eq!(kind.parse(&json!(["x"])).unwrap_err().code, "not_writable");
        assert_eq!(kind.to_json(&Value::Empty), json!(null));
    }
}
