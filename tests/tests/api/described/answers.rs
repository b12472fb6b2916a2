//! What may be answered: what the operation says, and nothing of what is inside.

use std::collections::BTreeMap;

use jsonschema::Validator;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::requests::Operation;

/// An error is short.
const LONGEST_ERROR: usize = 64 << 10;
/// What only somebody who looks inside should read.
const INSIDE: [&str; 9] = [
    "panicked at",
    "stack backtrace",
    "sqlx",
    "rusqlite",
    "SQLITE_",
    "syntax error at or near",
    "no such column",
    ".cargo/registry",
    "server/src/",
];

/// An answer as it came.
pub struct Came {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

/// Judges answers; the schema of each good answer is made ready once.
pub struct Judge {
    schemas: Value,
    ready: BTreeMap<String, Option<Validator>>,
}

impl Judge {
    pub fn new(document: &Value) -> Judge {
        Judge { schemas: document["components"]["schemas"].clone(), ready: BTreeMap::new() }
    }

    /// What is wrong with an answer.
    ///
    /// # Errors
    /// In words.
    pub fn judge(&mut self, operation: &Operation, came: &Came) -> Result<(), String> {
        let status = came.status.to_string();
        let Some(told) = operation.described["responses"].get(&status) else {
            return Err(format!("{status} is not described"));
        };
        let kind = came.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if came.status >= 400 {
            return refusal(came, kind);
        }
        if kind != "application/json" || came.bytes.is_empty() {
            return Ok(());
        }
        let body: Value = serde_json::from_slice(&came.bytes).map_err(|error| error.to_string())?;
        let name = format!("{} {status}", operation.name());
        let schemas = &self.schemas;
        let ready = self.ready.entry(name).or_insert_with(|| {
            let schema = told["content"]["application/json"].get("schema")?;
            Some(jsonschema::validator_for(&whole(schema, schemas)).expect("the schema is one"))
        });
        let Some(validator) = ready else { return Ok(()) };
        match validator.validate(&body) {
            Ok(()) => Ok(()),
            Err(error) => Err(format!("it is not what is described: {error}")),
        }
    }
}

/// A refusal says what it is, briefly, and tells nothing of what is inside.
fn refusal(came: &Came, kind: &str) -> Result<(), String> {
    if came.status >= 500 && !(came.status == 503 && came.headers.contains_key("retry-after")) {
        return Err("the server is at fault".to_owned());
    }
    if came.bytes.len() > LONGEST_ERROR {
        return Err(format!("{} bytes for an error", came.bytes.len()));
    }
    let text = String::from_utf8_lossy(&came.bytes);
    if let Some(inside) = INSIDE.iter().find(|inside| text.contains(**inside)) {
        return Err(format!("it tells of the inside: {inside}"));
    }
    let body: Value = serde_json::from_slice(&came.bytes).unwrap_or_default();
    let is_whole = ["code", "title", "request_id"].iter().all(|member| body[*member].is_string());
    if kind != "application/problem+json" || !is_whole || body["status"] != json!(came.status) {
        return Err("it is no problem document".to_owned());
    }
    if came.status == 429 && !came.headers.contains_key("retry-after") {
        return Err("it does not say when to come again".to_owned());
    }
    Ok(())
}

/// A schema with those that it refers to, and no others.
fn whole(schema: &Value, all: &Value) -> Value {
    let mut needed: BTreeMap<String, Value> = BTreeMap::new();
    let mut open = vec![schema.clone()];
    while let Some(next) = open.pop() {
        for name in named(&next) {
            if !needed.contains_key(&name) {
                needed.insert(name.clone(), all[&name].clone());
                open.push(all[&name].clone());
            }
        }
    }
    json!({"allOf": [schema], "components": {"schemas": needed}})
}

/// The schemas that one refers to.
fn named(schema: &Value) -> Vec<String> {
    let text = schema.to_string();
    let names = text.split("\"#/components/schemas/").skip(1).filter_map(|rest| rest.split('"').next());
    names.map(str::to_owned).collect()
}

#[test]
fn an_answer_that_is_not_as_described_is_told() {
    let document = json!({"components": {"schemas": {"Thing": {"type": "object", "required": ["id"],
        "properties": {"id": {"type": "string"}, "part": {"$ref": "#/components/schemas/Part"}}},
        "Part": {"type": "integer"}}}});
    let described = json!({"responses": {"404": {}, "200": {"content": {"application/json":
        {"schema": {"$ref": "#/components/schemas/Thing"}}}}}});
    let operation = Operation { method: reqwest::Method::GET, path: "/thing".to_owned(), described };
    let came = |status: u16, kind: &str, body: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", kind.parse().unwrap());
        Came { status, headers, bytes: body.as_bytes().to_vec() }
    };
    let mut judge = Judge::new(&document);
    let mut good = |answer: Came| judge.judge(&operation, &answer).is_ok();
    let problem = r#"{"code": "not_found", "title": "No", "request_id": "1", "status": 404}"#;
    assert!(good(came(200, "application/json", r#"{"id": "x", "part": 5}"#)));
    assert!(good(came(404, "application/problem+json", problem)));
    assert!(!good(came(200, "application/json", r#"{"id": 5}"#)));
    assert!(!good(came(200, "application/json", r#"{"id": "x", "part": "y"}"#)));
    assert!(!good(came(409, "application/problem+json", problem)));
    assert!(!good(came(404, "text/plain", "gone")));
    assert!(!good(came(404, "application/problem+json", &problem.replace("No", "panicked at server/src/x"))));
}
