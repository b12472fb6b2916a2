//! What kinds that hold ids share.

use std::cmp::Ordering;

use super::{error_json, is_blank};
use crate::text::{Fault, Faults};
use crate::value::{Id, Value};

/// Ids of one field at most: more than anybody picks, fewer than a record stumbles over.
pub(crate) const MAX_REFS: usize = 500;

/// In a field's `within`: the departments of whoever chooses, with their parts, or whoever is in them.
pub const MY_DEPARTMENTS: &str = "$my_departments";
/// In a field's `within`: those who report to whoever chooses, however far down.
pub const MY_SUBORDINATES: &str = "$my_subordinates";

fn parse_id(json: &serde_json::Value) -> Result<Id, Fault> {
    let text = json.as_str().ok_or_else(|| Fault::new("", "wrong_type"))?;
    text.trim().parse().map_err(|_| Fault::new("", "not_an_id"))
}

pub(crate) fn parse_ref(json: &serde_json::Value) -> Result<Value, Fault> {
    if is_blank(json) { Ok(Value::Empty) } else { parse_id(json).map(Value::Ref) }
}

/// Each id once, in the order given. One by itself, as it is pasted, is a list of one.
pub(crate) fn parse_refs(json: &serde_json::Value) -> Result<Value, Fault> {
    if is_blank(json) {
        return Ok(Value::Empty);
    }
    if json.is_string() {
        return parse_id(json).map(|id| Value::List(vec![Value::Ref(id)]));
    }
    let items = json.as_array().ok_or_else(|| Fault::new("", "wrong_type"))?;
    if items.len() > MAX_REFS {
        return Err(Fault::new("", "too_many").arg("max", MAX_REFS));
    }
    let mut ids: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        let id = Value::Ref(parse_id(item)?);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(if ids.is_empty() { Value::Empty } else { Value::List(ids) })
}

pub(crate) fn ref_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Ref(id) => serde_json::Value::String(id.to_string()),
        other => error_json(other).unwrap_or_default(),
    }
}

pub(crate) fn refs_json(value: &Value) -> serde_json::Value {
    match value {
        Value::List(items) => items.iter().map(ref_json).collect(),
        other => error_json(other).unwrap_or_default(),
    }
}

pub(crate) fn ref_text(value: &Value) -> String {
    value.as_ref_id().map(|id| id.to_string()).unwrap_or_default()
}

pub(crate) fn refs_text(value: &Value) -> String {
    value.items().iter().map(ref_text).collect::<Vec<_>>().join(", ")
}

/// Ids compared one by one, as they stand.
pub(crate) fn refs_order(a: &Value, b: &Value) -> Ordering {
    let ids = |value: &Value| value.items().iter().filter_map(Value::as_ref_id).collect::<Vec<Id>>();
    ids(a).cmp(&ids(b))
}

/// An id, or several, as the value of a field that holds several.
pub(crate) fn as_several(value: &Value) -> Option<Value> {
    let ids: Vec<Value> =
        value.items().iter().filter(|item| item.as_ref_id().is_some()).take(MAX_REFS).cloned().collect();
    (!ids.is_empty()).then_some(Value::List(ids))
}

/// The one id of a value, for a field that holds one; several would not fit.
pub(crate) fn as_single(value: &Value) -> Option<Value> {
    match value.items() {
        [Value::Ref(id)] => Some(Value::Ref(*id)),
        _ => None,
    }
}

/// What can be wrong with a `within` by itself; `moving` are the names in it that stand for whoever chooses.
pub(crate) fn check_within(within: &[String], moving: &[&str]) -> Faults {
    let is_wrong = |name: &str| name.trim().is_empty() || (name.starts_with('$') && !moving.contains(&name));
    let places = within.iter().enumerate().filter(|(_, name)| is_wrong(name));
    places.map(|(place, _)| Fault::new(format!("within.{place}"), "not_an_id")).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn several_ids_are_few_enough_and_each_there_once() {
        let id = |number: i64| Id::from_i64(number).unwrap().to_string();
        let two = parse_refs(&json!([id(2), id(1)])).unwrap();
        assert_eq!(refs_json(&two), json!([id(2), id(1)]), "in the order given");
        assert_eq!(parse_refs(&json!([])), Ok(Value::Empty));
        assert_eq!(parse_refs(&json!([id(2), id(1), id(2)])), Ok(two.clone()), "each once, as choices");
        assert_eq!(parse_refs(&json!(id(1))), parse_refs(&json!([id(1)])), "pasted");
        assert_eq!(parse_refs(&json!("Ann")).unwrap_err().code, "not_an_id");
        assert_eq!(parse_refs(&json!(1)).unwrap_err().code, "wrong_type");
        let many: Vec<String> = (1..=MAX_REFS as i64 + 1).map(id).collect();
        assert_eq!(parse_refs(&json!(many)).unwrap_err().code, "too_many");
        assert_eq!(refs_order(&two, &parse_refs(&json!([id(2)])).unwrap()), Ordering::Greater);
    }

    #[test]
    fn a_range_names_things_or_whoever_chooses() {
        let within = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            let faults = check_within(&names, &[MY_DEPARTMENTS]);
            faults.into_iter().map(|fault| fault.path).collect::<Vec<_>>()
        };
        assert_eq!(within(&["sales", "$my_departments"]), [""; 0]);
        assert_eq!(within(&["sales", " ", "$my_subordinates"]), ["within.1", "within.2"]);
    }
}
