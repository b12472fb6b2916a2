//! Schemas that lead back to themselves at the same place of a document: no document would ever be read to its end.

use serde_json::Value as Json;

use super::schema::{sorted, target};
use crate::text::Fault;

/// Where a schema that [`check`](super::schema::check) found nothing in leads back to itself without a step into the document.
pub(super) fn endless(schema: &Json) -> Option<Fault> {
    let defs = schema.get("$defs").and_then(Json::as_object).into_iter().flat_map(sorted);
    let named = defs.map(|(name, part)| (format!("$defs.{name}"), part));
    // What each part reads at its own place, as long as that is open.
    let mut open: Vec<(String, &Json, Vec<&Json>)> = std::iter::once((String::new(), schema))
        .chain(named)
        .map(|(path, part)| {
            let mut read = Vec::new();
            references(part, &mut read);
            let read = read.into_iter().filter_map(|name| target(schema, name)).collect();
            (path, part, read)
        })
        .collect();
    loop {
        let parts: Vec<*const Json> = open.iter().map(|(_, part, _)| std::ptr::from_ref(*part)).collect();
        let before = open.len();
        open.retain(|(.., read)| read.iter().any(|read| parts.contains(&std::ptr::from_ref(*read))));
        if open.len() == before {
            break;
        }
    }
    open.into_iter().next().map(|(path, ..)| Fault::new(path, "endless_reference"))
}

/// The references that are followed at the place of a schema itself.
fn references<'s>(schema: &'s Json, found: &mut Vec<&'s str>) {
    let Json::Object(members) = schema else { return };
    for (keyword, value) in members {
        match keyword.as_str() {
            "$ref" => found.extend(value.as_str()),
            "allOf" | "anyOf" | "oneOf" => {
                value.as_array().into_iter().flatten().for_each(|part| references(part, found));
            }
            "not" | "if" | "then" | "else" => references(value, found),
            _ => {}
        }
    }
}
