//! The JSON Schemas (2020-12) of documents, made from their types (documents.md).

use schemars::schema_for;
use serde_json::Value as Json;

use super::Manifest;
use crate::access::PermissionGroup;
use crate::aggregate::AggregateDocument;
use crate::flow::FlowDocument;
use crate::form::FormDocument;
use crate::print::PrintTemplate;
use crate::report::DashboardDocument;
use crate::view::ViewDocument;

/// The documents that have one, by the names that they are asked for.
pub const DOCUMENTS: [&str; 8] =
    ["form", "flow", "aggregate", "permission-group", "dashboard", "view", "print", "package"];

/// The schema of a document; of a package it is that of its manifest.
pub fn document_schema(document: &str) -> Option<Json> {
    let schema = match document {
        "form" => schema_for!(FormDocument),
        "flow" => schema_for!(FlowDocument),
        "aggregate" => schema_for!(AggregateDocument),
        "permission-group" => schema_for!(PermissionGroup),
        "dashboard" => schema_for!(DashboardDocument),
        "view" => schema_for!(ViewDocument),
        "print" => schema_for!(PrintTemplate),
        "package" => schema_for!(Manifest),
        _ => return None,
    };
    Some(schema.to_value())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_document_has_one_and_it_is_a_schema() {
        for document in DOCUMENTS {
            let schema = document_schema(document).unwrap();
            assert!(schema["$schema"].as_str().unwrap().contains("2020-12"), "{document}");
            assert!(jsonschema::validator_for(&schema).is_ok(), "{document}");
        }
        assert_eq!(document_schema("automation"), None);
    }

    #[test]
    fn what_a_form_does_not_have_is_refused_by_its_schema() {
        let schema = jsonschema::validator_for(&document_schema("form").unwrap()).unwrap();
        let form = |field: Json| json!({"format": 1, "key": "a", "label": "A", "fields": [field]});
        assert!(schema.is_valid(&form(json!({"key": "b", "label": {"en": "B"}, "kind": "text"}))));
        for field in [
            json!({"key": "b", "label": "B", "kind": "colour"}),
            json!({"key": "b", "label": "B", "kind": "text", "size": 3}),
            json!({"label": "B", "kind": "text"}),
            json!({"key": "b", "label": "B", "kind": "subform", "options": {"fields": [{"key": "c"}]}}),
        ] {
            assert!(!schema.is_valid(&form(field.clone())), "{field}");
        }
    }
}
