//! Types of the OpenAPI document in few signs: `Record`, `string[]`, `string | null`, `{ [name]: number }`.

use serde_json::{Map, Value as Json};

use super::render::{escaped, is_listed, joined, said};

/// Objects inside objects that are shown with their members; what lies deeper is an object.
const DEEPEST: usize = 4;

/// Where the page tells of a type of the document.
pub fn anchor(name: &str) -> String {
    format!("type-{}", escaped(name))
}

/// The type that a schema asks for, in one line.
pub fn type_of(schema: &Json) -> String {
    let Some(schema) = schema.as_object() else { return code("any") };
    if let Some(path) = schema.get("$ref").and_then(Json::as_str) {
        let name = path.rsplit('/').next().unwrap_or_default();
        // A document has its schema at an address of its own.
        let target = if path.starts_with('#') { format!("#{}", anchor(name)) } else { escaped(path) };
        return format!("<a href=\"{target}\"><code>{}</code></a>", escaped(name));
    }
    if let Some(value) = schema.get("const") {
        return code(&value.to_string());
    }
    if let Some(values) = schema.get("enum").and_then(Json::as_array) {
        return either(values.iter().map(|value| code(&value.to_string())));
    }
    for (member, sign) in [("oneOf", " | "), ("anyOf", " | "), ("allOf", " &amp; ")] {
        if let Some(of) = schema.get(member).and_then(Json::as_array) {
            return joined(of.iter().map(type_of), sign);
        }
    }
    match schema.get("type") {
        Some(Json::String(name)) => named(name, schema),
        Some(Json::Array(names)) => {
            either(names.iter().filter_map(Json::as_str).map(|name| named(name, schema)))
        }
        _ => code("any"),
    }
}

fn named(name: &str, schema: &Map<String, Json>) -> String {
    match name {
        "array" => {
            let item = schema.get("items").map_or_else(|| code("any"), type_of);
            if item.contains(" | ") { format!("({item})[]") } else { format!("{item}[]") }
        }
        "object" => match schema.get("additionalProperties").filter(|more| more.is_object()) {
            Some(more) => format!("{{ [name]: {} }}", type_of(more)),
            None => code("object"),
        },
        name => match schema.get("format").and_then(Json::as_str) {
            Some(format) => code(&format!("{name} ({format})")),
            None => code(name),
        },
    }
}

fn either(types: impl Iterator<Item = String>) -> String {
    joined(types, " | ")
}

pub fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// The members of an object, each with its type and what is said of it; nothing for what has none. `required` is the word for
/// what has to be given.
pub fn members(schema: &Json, required: &str) -> String {
    members_within(schema, required, DEEPEST)
}

fn members_within(schema: &Json, required: &str, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else { return String::new() };
    // What is put together of several has the members of all of them.
    let parts = ["allOf", "oneOf", "anyOf"].iter().filter_map(|member| schema.get(member)?.as_array());
    let of_parts = parts.flatten().map(|part| members_within(part, required, depth));
    let properties = schema.get("properties").and_then(Json::as_object);
    let rows = properties.into_iter().flatten().map(|(name, member)| {
        let mark = match is_listed(schema, "required", name) {
            true => format!(" <small>{required}</small>"),
            false => String::new(),
        };
        let inside = members_within(member.get("items").unwrap_or(member), required, depth);
        let about = said("p", member.get("description"));
        format!("<dt>{}{mark}</dt><dd>{}{about}{inside}</dd>", code(name), type_of(member))
    });
    let rows: String = rows.collect();
    let own = if rows.is_empty() { rows } else { format!("<dl>{rows}</dl>") };
    of_parts.fold(own, |all, part| all + part.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_is_told_in_one_line() {
        for (schema, told) in [
            (json!({"type": "string"}), "<code>string</code>"),
            (json!({"type": "string", "format": "date"}), "<code>string (date)</code>"),
            (json!({"type": ["string", "null"]}), "<code>string</code> | <code>null</code>"),
            (json!({"type": "array", "items": {"type": "integer"}}), "<code>integer</code>[]"),
            (
                json!({"type": "array", "items": {"enum": ["a", "b"]}}),
                "(<code>&quot;a&quot;</code> | <code>&quot;b&quot;</code>)[]",
            ),
            (json!({"$ref": "#/components/schemas/Job"}), "<a href=\"#type-Job\"><code>Job</code></a>"),
            (
                json!({"$ref": "/api/v1/schemas/form"}),
                "<a href=\"/api/v1/schemas/form\"><code>form</code></a>",
            ),
            (
                json!({"type": "object", "additionalProperties": {"type": "string"}}),
                "{ [name]: <code>string</code> }",
            ),
            (json!({}), "<code>any</code>"),
            (json!(true), "<code>any</code>"),
        ] {
            assert_eq!(type_of(&schema), told, "{schema}");
        }
    }

    #[test]
    fn members_say_their_type_and_whether_they_are_needed() {
        let schema = json!({"type": "object", "required": ["a"], "properties": {
            "a": {"type": "string", "description": "The <first>"},
            "b": {"type": "array", "items": {"type": "object", "properties": {"c": {"type": "boolean"}}}}}});
        let told = members(&schema, "required");
        assert!(told.starts_with("<dl><dt><code>a</code> <small>required</small></dt>"), "{told}");
        assert!(told.contains("<p>The &lt;first&gt;</p>"), "{told}");
        assert!(told.contains("<code>object</code>[]<dl><dt><code>c</code></dt>"), "{told}");
        assert_eq!(members(&json!({"type": "string"}), "required"), "");
    }
}
