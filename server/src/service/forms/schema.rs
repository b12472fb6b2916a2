//! The JSON Schema of a record: what a program has to send.

use engine::access::FieldRight;
use engine::field::{FieldKind, MAX_ROWS, Shape};
use engine::form::{Column, Form};
use engine::text::Language;
use serde_json::{Map, Value as Json, json};

use crate::service::Refusal;
use crate::service::designs::Designs;
use crate::service::people::Caller;

/// The schema (2020-12) of `fields`, with the fields that the caller may see.
///
/// # Errors
/// Not found.
pub fn schema(designs: &Designs, form: &str, caller: &Caller) -> Result<Json, Refusal> {
    let design = designs.form_to_use(form, caller)?;
    let compiled = designs.compiled(design)?;
    let access = designs.access(design, &compiled, caller);
    let open = |path: &str| access.right(path) >= FieldRight::Read;
    let form = &compiled.form;
    let language = caller.language();
    let mut properties = Map::new();
    for column in form.fields().filter(|column| open(&column.path) && column.field.kind.holds_data()) {
        properties.insert(column.path.clone(), field(form, column, &open, language));
    }
    let required: Vec<&str> = form
        .fields()
        .filter(|column| column.field.required && column.field.is_input() && open(&column.path))
        .map(|column| column.path.as_str())
        .collect();
    Ok(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": form.sketch.document.label.get(language),
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "required": required,
    }))
}

fn field(form: &Form, column: &Column, open: &dyn Fn(&str) -> bool, language: Language) -> Json {
    let mut schema = match (column.shape, column.field.kind.schema()) {
        (Shape::Rows, _) => rows(form, column, open, language),
        (shape, None) => value(shape, &column.field.kind),
        (_, Some(schema)) => json!({"anyOf": [own_resource(schema, &column.path), {"type": "null"}]}),
    };
    if let Some(members) = schema.as_object_mut() {
        members.insert("title".into(), column.field.label.get(language).into());
        if !column.field.is_input() {
            members.insert("readOnly".into(), true.into());
        }
    }
    schema
}

/// The schema of a kind; where it refers to parts of itself, it is a document of its own.
fn own_resource(mut schema: Json, path: &str) -> Json {
    if let Some(members) = schema.as_object_mut().filter(|members| !members.contains_key("$id"))
        && members.contains_key("$defs")
    {
        members.insert("$id".into(), format!("urn:field:{path}").into());
    }
    schema
}

fn value(shape: Shape, kind: &FieldKind) -> Json {
    const ID: &str = "^[0-9a-hjkmnp-tv-z]{13}$";
    match shape {
        Shape::Nothing => json!({}),
        Shape::Text | Shape::LongText | Shape::Markup | Shape::Parts => json!({"type": ["string", "null"]}),
        Shape::Bool => json!({"type": ["boolean", "null"]}),
        Shape::Decimal(scale) => json!({
            "type": ["string", "number", "null"],
            "pattern": if scale == 0 { "^-?[0-9]+$".to_string() } else { format!("^-?[0-9]+(\\.[0-9]{{1,{scale}}})?$") },
        }),
        Shape::Day if kind.name() == "month" => {
            json!({"type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}$"})
        }
        Shape::Day => json!({"type": ["string", "null"], "format": "date"}),
        Shape::Instant => json!({"type": ["string", "null"], "format": "date-time"}),
        Shape::TimeOfDay => json!({"type": ["string", "null"], "pattern": "^[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"}),
        Shape::Key => choice(kind),
        Shape::Keys => json!({"type": ["array", "null"], "items": choice(kind), "uniqueItems": true}),
        Shape::Ref => json!({"type": ["string", "null"], "pattern": ID}),
        Shape::Refs => json!({"type": ["array", "null"], "items": {"type": "string", "pattern": ID}}),
        Shape::Rows => json!({"type": ["array", "null"]}),
    }
}

fn choice(kind: &FieldKind) -> Json {
    let open = kind.options().get("allow_other") == Some(&Json::Bool(true));
    if open || kind.choices_from().is_some() {
        return json!({"type": ["string", "null"]});
    }
    let keys = kind.choices().iter().map(|choice| Json::String(choice.key.clone()));
    json!({"enum": keys.chain([Json::Null]).collect::<Vec<Json>>()})
}

fn rows(form: &Form, column: &Column, open: &dyn Fn(&str) -> bool, language: Language) -> Json {
    let mut properties = Map::new();
    properties.insert("id".into(), json!({"type": "string"}));
    for inner in form.columns_of(&column.path).filter(|inner| open(&inner.path)) {
        properties.insert(inner.field.key.clone(), field(form, inner, open, language));
    }
    json!({
        "type": ["array", "null"],
        "maxItems": MAX_ROWS,
        "items": {"type": "object", "additionalProperties": false, "properties": properties},
    })
}
