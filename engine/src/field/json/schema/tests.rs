//! Every keyword, what is refused of a schema, and what would never end.

use serde_json::json;

use super::*;

fn rules(schema: Json, document: Json) -> String {
    assert_eq!(check(&schema), Faults::new(), "{schema}");
    let found = faults(&schema, &document);
    let told = |fault: &Fault| match &*fault.code {
        "schema" => format!("{} {}", fault.args["at"], fault.args["rule"]),
        code => code.to_string(),
    };
    found.iter().map(told).collect::<Vec<_>>().join(", ")
}

#[test]
fn every_keyword_says_where_it_does_not_hold() {
    for (schema, fits, breaks, told) in [
        (json!({"type": "integer"}), json!(1.0), json!(1.5), "/ type"),
        (json!({"type": ["string", "null"]}), json!(null), json!(1), "/ type"),
        (json!({"enum": [1, "a", {"b": [2]}]}), json!({"b": [2.0]}), json!({"b": [3]}), "/ enum"),
        (json!({"const": {"a": 1, "b": 2}}), json!({"b": 2, "a": 1}), json!({"a": 1}), "/ const"),
        (json!({"required": ["a"]}), json!({"a": null}), json!({}), "/ required"),
        (json!({"dependentRequired": {"a": ["b"]}}), json!({"b": 1}), json!({"a": 1}), "/ dependentRequired"),
        (
            json!({"properties": {"a/b": {"type": "string"}}}),
            json!({"c": 1}),
            json!({"a/b": 1}),
            "/a~1b type",
        ),
        (
            json!({"patternProperties": {"^n": {"type": "number"}}}),
            json!({"n": 1}),
            json!({"n": "1"}),
            "/n type",
        ),
        (
            json!({"properties": {"a": true}, "additionalProperties": false}),
            json!({"a": 1}),
            json!({"b": 1}),
            "/b additionalProperties",
        ),
        (json!({"additionalProperties": {"type": "number"}}), json!({"a": 1}), json!({"a": "x"}), "/a type"),
        (json!({"propertyNames": {"maxLength": 1}}), json!({"a": 1}), json!({"ab": 1}), "/ propertyNames"),
        (json!({"minProperties": 1, "maxProperties": 1}), json!({"a": 1}), json!({}), "/ minProperties"),
        (json!({"items": {"minimum": 0}}), json!([0, 1]), json!([0, -1]), "/1 minimum"),
        (
            json!({"prefixItems": [{"type": "string"}], "items": false}),
            json!(["a"]),
            json!(["a", 1]),
            "/1 false",
        ),
        (json!({"contains": {"const": 1}, "maxContains": 1}), json!([1, 2]), json!([1, 1]), "/ contains"),
        (json!({"contains": {"const": 1}, "minContains": 0}), json!([]), json!(null), ""),
        (json!({"minItems": 1, "maxItems": 2}), json!([1]), json!([1, 2, 3]), "/ maxItems"),
        (json!({"uniqueItems": true}), json!([1, "1"]), json!([1, 1.0]), "/ uniqueItems"),
        (json!({"minLength": 2, "maxLength": 2}), json!("中文"), json!("中"), "/ minLength"),
        (json!({"pattern": "^a"}), json!("ab"), json!("b"), "/ pattern"),
        (json!({"minimum": 0.1}), json!(0.1), json!(0.09), "/ minimum"),
        (json!({"maximum": 1}), json!(1), json!(2), "/ maximum"),
        (json!({"exclusiveMinimum": 0}), json!(1), json!(0), "/ exclusiveMinimum"),
        (json!({"exclusiveMaximum": 1}), json!(0), json!(1), "/ exclusiveMaximum"),
        (json!({"multipleOf": 0.01}), json!(19.99), json!(0.015), "/ multipleOf"),
        (json!({"allOf": [{"minimum": 1}, {"maximum": 2}]}), json!(1), json!(3), "/ maximum"),
        (json!({"anyOf": [{"type": "string"}, {"minimum": 1}]}), json!("a"), json!(0), "/ anyOf"),
        (json!({"oneOf": [{"minimum": 1}, {"minimum": 2}]}), json!(1), json!(2), "/ oneOf"),
        (json!({"not": {"type": "string"}}), json!(1), json!("a"), "/ not"),
        (
            json!({"if": {"required": ["a"]}, "then": {"required": ["b"]}}),
            json!({}),
            json!({"a": 1}),
            "/ required",
        ),
        (
            json!({"if": {"required": ["a"]}, "else": {"required": ["b"]}}),
            json!({"a": 1}),
            json!({}),
            "/ required",
        ),
        (
            json!({"$defs": {"n": {"type": "number"}}, "items": {"$ref": "#/$defs/n"}}),
            json!([1]),
            json!(["a"]),
            "/0 type",
        ),
        (
            json!({"properties": {"next": {"$ref": "#"}}, "required": ["v"]}),
            json!({"v": 1, "next": {"v": 2}}),
            json!({"v": 1, "next": {}}),
            "/next required",
        ),
        (json!(false), json!(null), json!(1), "/ false"),
    ] {
        if schema != json!(false) {
            assert_eq!(rules(schema.clone(), fits.clone()), "", "{schema} {fits}");
        }
        assert_eq!(rules(schema.clone(), breaks.clone()), told, "{schema} {breaks}");
    }
}

#[test]
fn what_is_not_checked_is_refused() {
    for (schema, path, code) in [
        (json!({"unevaluatedProperties": false}), "unevaluatedProperties", "unknown_keyword"),
        (json!({"properties": {"a": {"typ": "x"}}}), "properties.a.typ", "unknown_keyword"),
        (json!({"type": "text"}), "type", "bad_keyword"),
        (json!({"enum": []}), "enum", "bad_keyword"),
        (json!({"minLength": -1}), "minLength", "bad_keyword"),
        (json!({"multipleOf": 0}), "multipleOf", "bad_keyword"),
        (json!({"pattern": "("}), "pattern", "bad_pattern"),
        (json!({"anyOf": []}), "anyOf", "bad_keyword"),
        (json!({"$ref": "https://example.com/x"}), "$ref", "unknown_reference"),
        (json!({"items": {"$ref": "#/$defs/a"}}), "items.$ref", "unknown_reference"),
        (json!([]), "", "bad_keyword"),
    ] {
        let found: Vec<(String, String)> =
            check(&schema).into_iter().map(|fault| (fault.path, fault.code.to_string())).collect();
        assert_eq!(found, [(path.to_string(), code.to_string())], "{schema}");
    }
    assert!(check(&json!({"title": "a", "format": "date", "$comment": "b", "default": 1})).is_empty());
}

#[test]
fn what_leads_nowhere_ends() {
    assert_eq!(rules(json!({"$ref": "#"}), json!(1)), "/ $ref");
    let wide = json!({"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"});
    assert_eq!(rules(wide, json!(1)), "schema_too_much");
    let much = json!({"items": {"pattern": "([a-z]{1,4}){1,4}x"}});
    assert_eq!(excess(&much), None);
    assert_eq!(rules(much.clone(), json!(["ax", "a".repeat(19_998)])), "/1 pattern");
    assert_eq!(rules(much, json!(["ax", "a".repeat(19_999)])), "schema_too_much");
    let more = json!({"patternProperties": {"([a-z]{1,99}){1,99}x": true}});
    assert_eq!(excess(&more).unwrap().path, "patternProperties.([a-z]{1,99}){1,99}x");
    let mut deep = json!({});
    for _ in 0..40 {
        deep = json!({ "not": deep });
    }
    assert_eq!(check(&deep)[0].code, "too_deep");
}
