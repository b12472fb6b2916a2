//! What the unit tests of several parts share.

use std::sync::Arc;

use engine::form::{Form, FormDocument, Sketch};
use engine::value::Id;
use serde_json::{Value as Json, json};

use crate::api::forms::Related;

/// A published form with these fields, which links to no other.
pub fn form_of(fields: Json) -> Form {
    let document = json!({"key": "f", "label": "f", "fields": fields});
    let document: FormDocument = serde_json::from_value(document).unwrap();
    let sketch = Sketch { id: Id::from_i64(1).unwrap(), app: "x".into(), document };
    Form::publish(Arc::new(sketch), 1, &Related::default()).unwrap()
}

/// The document of a form of three texts, `a`, `b` and `c`, with this layout.
pub fn laid_out(layout: Json) -> FormDocument {
    let field = |key: &str| json!({"key": key, "label": key, "kind": "text"});
    serde_json::from_value(json!({"key": "f", "label": "F", "layout": layout,
        "fields": [field("a"), field("b"), field("c")]}))
    .unwrap()
}
