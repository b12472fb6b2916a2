//! Requests made from what an operation says about itself: such as it describes, and such as are spoiled in one place.

use reqwest::Method;
use serde_json::{Map, Value, json};
use tests::Dice;

use super::samples;
use crate::canary::world::World;

/// An operation of the document.
pub struct Operation {
    pub method: Method,
    pub path: String,
    pub described: Value,
}

impl Operation {
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether what it does may end the story for its caller, so that others come first.
    pub fn ruins(&self) -> bool {
        let ends = ["/auth/logout", "/auth/sessions", "/auth/policy", "/auth/login", "/auth/reset", "/purge"];
        let deletes = self.method == Method::DELETE;
        let whole = ["/apps/{app}", "/forms/{form}", "/dashboards/{id}"];
        ends.iter().any(|end| self.path.ends_with(end))
            || (deletes && whole.iter().any(|end| self.path.ends_with(end)))
    }

    /// What of the document a request's body is, where it takes JSON.
    fn body(&self) -> Option<&Value> {
        let content = self.described.pointer("/requestBody/content")?.as_object()?;
        content.get("application/json").map(|json| &json["schema"])
    }

    fn takes_other(&self) -> bool {
        self.described.get("requestBody").is_some() && self.body().is_none()
    }
}

/// What is sent.
#[derive(Clone, Debug)]
pub enum Sent {
    Nothing,
    Json(Value),
    Raw(&'static str, Vec<u8>),
}

#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    pub if_match: Option<&'static str>,
    pub key: Option<String>,
    pub sent: Sent,
}

/// Bodies that are no body of any operation.
const BROKEN: [&[u8]; 10] = [
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b"{\"a\": 1, \"a\": 2}",
    b"{\"a\": \"\\u0000\"}",
    b"{\"a\": \"\\ud800\"}",
    b"{\"a\": 1e400}",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    b"{\"format\": 1, \"key\": \"x\", \"label\": \"x\", \"fields\": [{}]}",
];

/// Texts of which some mean something somewhere.
const WORDS: [&str; 24] = [
    "",
    "x",
    "name",
    "amount",
    "region",
    "north",
    "secret",
    "who.secret",
    "admin@example.com",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "view",
    "me",
    "e\u{301}\u{202e}\u{1f600}",
    "\"",
    "%25",
    "'; DROP TABLE x; --",
    "0",
    "-1",
    "1e400",
    "../../x",
    "//example.com",
    "=1+1",
    "crm",
];

/// What stands after `?`.
const PARAMETERS: [&str; 16] = [
    "1",
    "50",
    "0",
    "-1",
    "501",
    "x",
    "",
    "true",
    "amount",
    "-amount",
    "exact",
    "todo",
    "%7B%7D",
    "day",
    "2026-01-01",
    "%00",
];

/// Makes requests about what a world holds.
pub struct Generator<'w> {
    schemas: Value,
    world: &'w World,
}

impl<'w> Generator<'w> {
    pub fn new(document: &Value, world: &'w World) -> Generator<'w> {
        Generator { schemas: document["components"]["schemas"].clone(), world }
    }

    pub fn request(&self, dice: &mut Dice, operation: &Operation) -> Request {
        let is_post = operation.method == Method::POST;
        let key = (is_post && dice.roll(3) == 0).then(|| format!("described-{}", dice.roll(1 << 40)));
        let if_match = ["*", "*", "*", "\"1\"", "\"999\"", "x", "W/\"1\""];
        Request {
            path: self.path(dice, operation),
            if_match: (dice.roll(5) > 0).then(|| *dice.pick(&if_match)),
            key,
            sent: self.sent(dice, operation),
        }
    }

    fn path(&self, dice: &mut Dice, operation: &Operation) -> String {
        let mut path = String::new();
        for part in operation.path.split('/').skip(1) {
            let name = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            let filled = match name {
                None => part.to_owned(),
                Some(_) if dice.roll(12) == 0 => "0sbqd00000001".to_owned(),
                Some(_) if dice.roll(24) == 0 => "%27%2e%2e".to_owned(),
                Some(name) => {
                    let candidates = self.world.candidates(&operation.path, name);
                    dice.pick(&candidates).clone()
                }
            };
            path = format!("{path}/{filled}");
        }
        let mut asked = Vec::new();
        for parameter in operation.described["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] == "query" && dice.roll(2) == 0 {
                asked.push(format!("{}={}", parameter["name"].as_str().unwrap(), dice.pick(&PARAMETERS)));
            }
        }
        if dice.roll(30) == 0 {
            asked.push("colour=red".to_owned());
        }
        if asked.is_empty() { path } else { format!("{path}?{}", asked.join("&")) }
    }

    fn sent(&self, dice: &mut Dice, operation: &Operation) -> Sent {
        if operation.takes_other() {
            let kinds = ["text/csv", "image/png", "application/zip", "text/html", "multipart/form-data"];
            return Sent::Raw(dice.pick::<&str>(&kinds), b"name,amount\nAnn,1\n".to_vec());
        }
        let Some(schema) = operation.body() else {
            return if dice.roll(6) == 0 { Sent::Json(json!({"extra": 1})) } else { Sent::Nothing };
        };
        match dice.roll(24) {
            0 | 1 => return Sent::Raw("application/json", dice.pick(&BROKEN).to_vec()),
            2 => return Sent::Raw("text/plain", b"{}".to_vec()),
            3 => return Sent::Nothing,
            _ => {}
        }
        let samples = samples::of(&operation.name(), self.world);
        let body = match samples.is_empty() || dice.roll(3) == 0 {
            true => self.value(dice, schema, 0),
            false => dice.pick(&samples).clone(),
        };
        Sent::Json(if dice.roll(5) < 2 { self.spoiled(dice, body) } else { body })
    }

    /// A value as a schema describes it.
    fn value(&self, dice: &mut Dice, schema: &Value, depth: usize) -> Value {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap();
            return self.value(dice, &self.schemas[name], depth);
        }
        if let Some(ways) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            let way = dice.pick(ways);
            return self.value(dice, way, depth);
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let parts = parts.iter().map(|part| self.value(dice, part, depth));
            let members = parts.filter_map(|part| part.as_object().cloned()).flatten();
            return Value::Object(members.collect());
        }
        if let Some(words) = schema["enum"].as_array() {
            return dice.pick(words).clone();
        }
        let named = match &schema["type"] {
            Value::Array(names) => dice.pick(names).clone(),
            name => name.clone(),
        };
        match named.as_str() {
            Some("object") => self.object(dice, schema, depth),
            Some("array") => {
                let count = if depth > 6 { 0 } else { dice.roll(3) };
                (0..count).map(|_| self.value(dice, &schema["items"], depth + 1)).collect()
            }
            Some("string") => self.text(dice),
            Some("integer" | "number") => whole(dice),
            Some("boolean") => json!(dice.roll(2) == 0),
            Some("null") => Value::Null,
            _ => self.anything(dice, depth),
        }
    }

    fn object(&self, dice: &mut Dice, schema: &Value, depth: usize) -> Value {
        let mut made = Map::new();
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let described = schema["properties"].as_object();
        for (name, member) in described.into_iter().flatten() {
            if required.contains(&name.as_str()) || (depth < 6 && dice.roll(2) == 0) {
                made.insert(name.clone(), self.value(dice, member, depth + 1));
            }
        }
        // Free members: a record's fields, a condition, a document.
        if described.is_none() && depth < 6 {
            for _ in 0..dice.roll(4) {
                let name = *dice.pick(&WORDS[1..8]);
                let name =
                    if dice.roll(3) == 0 { *dice.pick(&["all", "field", "op", "value"]) } else { name };
                made.insert(name.to_owned(), self.value(dice, &schema["additionalProperties"], depth + 1));
            }
        }
        Value::Object(made)
    }

    fn anything(&self, dice: &mut Dice, depth: usize) -> Value {
        match dice.roll(if depth > 5 { 5 } else { 7 }) {
            0 => Value::Null,
            1 => json!(dice.roll(2) == 0),
            2 => whole(dice),
            3 | 4 => self.text(dice),
            5 => json!([(self.anything(dice, depth + 1))]),
            _ => self.object(dice, &json!({}), depth + 1),
        }
    }

    fn text(&self, dice: &mut Dice) -> Value {
        let world = self.world;
        let held =
            [&world.apps, &world.forms, &world.ids, &world.tasks, &world.files, &world.jobs, &world.people];
        match dice.roll(12) {
            0 => json!("x".repeat(300)),
            1 if dice.roll(20) == 0 => json!("y".repeat(70_000)),
            2..=6 => {
                let ids = *dice.pick(&held);
                json!(dice.pick(ids))
            }
            _ => json!(dice.pick(&WORDS)),
        }
    }

    /// The same with something wrong in one place, near the top or far inside.
    fn spoiled(&self, dice: &mut Dice, value: Value) -> Value {
        let spoil = dice.roll(5);
        match value {
            Value::Object(mut members) if !members.is_empty() && spoil < 4 => {
                let names: Vec<String> = members.keys().cloned().collect();
                let name = dice.pick(&names);
                let old = members.remove(name).unwrap_or_default();
                match spoil {
                    0 => {}
                    1 => drop(members.insert(name.clone(), self.anything(dice, 4))),
                    2 => {
                        members.insert(name.clone(), old);
                        members.insert("colour".to_owned(), json!(1));
                    }
                    _ => drop(members.insert(name.clone(), self.spoiled(dice, old))),
                }
                Value::Object(members)
            }
            Value::Array(mut items) if !items.is_empty() && spoil < 4 => {
                let place = dice.roll(items.len());
                let old = items.remove(place);
                match spoil {
                    0 => {}
                    1 => items.extend([old.clone(), old]),
                    _ => items.insert(place, self.spoiled(dice, old)),
                }
                Value::Array(items)
            }
            _ => self.anything(dice, 4),
        }
    }
}

/// A number, most often where something begins or ends.
fn whole(dice: &mut Dice) -> Value {
    let numbers = [
        json!(0),
        json!(1),
        json!(2),
        json!(50),
        json!(-1),
        json!(501),
        json!(2_147_483_648_i64),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(0.5),
    ];
    dice.pick(&numbers).clone()
}
