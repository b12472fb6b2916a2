//! The schemas of `json` fields against a library that knows all of JSON Schema: both find the same documents to fit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use engine::field::FieldKind;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// Whether the field kind takes the document; it has to be one that the kind can hold.
fn fits(schema: &Json, document: &Json) -> bool {
    let kind = FieldKind::from_parts("json", json!({ "schema": schema })).unwrap();
    assert!(kind.check_options().is_empty(), "{schema}");
    let value = kind.parse(document).unwrap();
    kind.check(&value).is_empty()
}

fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-3i64..6).prop_map(Json::from),
        proptest::sample::select(vec!["0.5", "1.0", "2.50", "1e1"])
            .prop_map(|digits| serde_json::from_str(digits).unwrap()),
        "[a-c中]{0,3}".prop_map(Json::from),
    ]
}

fn document() -> impl Strategy<Value = Json> {
    scalar().prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::btree_map("[a-c]", inner, 0..4)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

fn rule() -> impl Strategy<Value = (String, Json)> {
    let named = |name: &'static str| move |value: Json| (name.to_string(), value);
    let count = || (0u64..4).prop_map(Json::from);
    let number = || (-2i64..5).prop_map(Json::from);
    let names = || proptest::collection::btree_set("[a-c]", 0..3).prop_map(|names| json!(names));
    let types = vec!["null", "boolean", "object", "array", "number", "integer", "string"];
    prop_oneof![
        proptest::sample::select(types.clone()).prop_map(|name| ("type".to_string(), json!(name))),
        proptest::sample::subsequence(types, 1..4).prop_map(|names| ("type".to_string(), json!(names))),
        proptest::collection::vec(document(), 1..4).prop_map(Json::from).prop_map(named("enum")),
        document().prop_map(named("const")),
        names().prop_map(named("required")),
        names().prop_map(|names| ("dependentRequired".to_string(), json!({ "a": names }))),
        count().prop_map(named("minProperties")),
        count().prop_map(named("maxProperties")),
        count().prop_map(named("minItems")),
        count().prop_map(named("maxItems")),
        count().prop_map(named("minLength")),
        count().prop_map(named("maxLength")),
        number().prop_map(named("minimum")),
        number().prop_map(named("maximum")),
        number().prop_map(named("exclusiveMinimum")),
        number().prop_map(named("exclusiveMaximum")),
        (1u64..4).prop_map(Json::from).prop_map(named("multipleOf")),
        any::<bool>().prop_map(Json::from).prop_map(named("uniqueItems")),
    ]
}

fn schema() -> impl Strategy<Value = Json> {
    let plain =
        proptest::collection::vec(rule(), 0..3).prop_map(|rules| Json::Object(rules.into_iter().collect()));
    plain.prop_recursive(3, 24, 3, |inner| {
        let list = || proptest::collection::vec(inner.clone(), 1..3);
        let members = || proptest::collection::btree_map("[a-c]", inner.clone(), 0..3);
        prop_oneof![
            list().prop_map(|list| json!({ "allOf": list })),
            list().prop_map(|list| json!({ "anyOf": list })),
            list().prop_map(|list| json!({ "oneOf": list })),
            inner.clone().prop_map(|schema| json!({ "not": schema })),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(when, then, other)| json!({"if": when, "then": then, "else": other})),
            members().prop_map(|members| json!({ "properties": members })),
            (members(), inner.clone())
                .prop_map(|(members, rest)| json!({"properties": members, "additionalProperties": rest})),
            (members(), any::<bool>())
                .prop_map(|(members, rest)| json!({"properties": members, "additionalProperties": rest})),
            inner.clone().prop_map(|schema| json!({"patternProperties": {"^[ab]$": schema}})),
            inner.clone().prop_map(|schema| json!({ "items": schema })),
            (list(), inner.clone()).prop_map(|(first, rest)| json!({"prefixItems": first, "items": rest})),
            (inner.clone(), 0u64..3, 1u64..4).prop_map(
                |(schema, min, max)| json!({"contains": schema, "minContains": min, "maxContains": max})
            ),
            inner.clone().prop_map(|schema| json!({"$defs": {"d": schema}, "$ref": "#/$defs/d"})),
        ]
    })
}

/// A schema with its definitions at the root, where this product looks for them: without references further in.
fn is_plain(schema: &Json) -> bool {
    let nested = match schema {
        Json::Object(members) => {
            members.iter().filter(|(name, _)| *name != "$defs").map(|(_, inner)| inner).collect()
        }
        Json::Array(items) => items.iter().collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    let has_reference = |inner: &&Json| inner.to_string().contains("$ref\":\"#");
    !nested.into_iter().filter(|inner| !inner.is_string()).any(|inner| has_reference(&inner))
        && schema.get("$defs").is_none_or(|defs| !defs.to_string().contains("$ref"))
}

proptest! {
    #[test]
    fn the_same_documents_fit(schema in schema(), document in document()) {
        prop_assume!(is_plain(&schema));
        // A text alone is no document of the kind, and nothing is empty.
        prop_assume!(!document.is_string() && !document.is_null());
        let library = jsonschema::validator_for(&schema).unwrap();
        prop_assert_eq!(fits(&schema, &document), library.is_valid(&document), "{} {}", schema, document);
    }
}
