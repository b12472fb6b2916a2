//! What kinds that hold ids share.

use super::{error_json, is_blank};
use crate::text::Fault;
use crate::value::{Id, Value};

fn parse_id(json: &serde_json::Value) -> Result<Id, Fault> {
    let text = json.as_str().ok_or_else(|| Fault::new("", "wrong_type"))?;
    text.trim().parse().map_err(|_| Fault::new("", "not_an_id"))
}

pub(crate) fn parse_ref(json: &serde_json::Value) -> Result<Value, Fault> {
    if is_blank(json) { Ok(Value::Empty) } else { parse_id(json).map(Value::Ref) }
}

/// Each id once, in the order given.
pub(crate) fn parse_refs(json: &serde_json::Value) -> Result<Value, Fault> {
    if is_blank(json) {
        return Ok(Value::Empty);
    }
    let items = json.as_array().ok_or_else(|| Fault::new("", "wrong_type"))?;
    let mut ids: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        let id = Value::Ref(parse_id(item)?);
        if ids.contains(&id) {
            return Err(Fault::new("", "twice"));
        }
        ids.push(id);
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
