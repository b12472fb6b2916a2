//! Designs of forms in few words.

use serde_json::{Map, Value, json};

/// A field of a form.
#[derive(Clone, Debug)]
pub struct Field(Value);

impl Field {
    /// A field of any kind; its label is its key.
    pub fn new(key: &str, kind: &str) -> Self {
        Self(json!({"key": key, "label": key, "kind": kind}))
    }

    /// Sets a member, as documents name it.
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.0[member] = value.into();
        self
    }

    /// Sets an option of its kind.
    pub fn option(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0["options"][name] = value.into();
        self
    }

    /// As documents have it.
    pub fn value(&self) -> Value {
        self.0.clone()
    }

    pub fn required(self) -> Self {
        self.with("required", true)
    }

    pub fn unique(self) -> Self {
        self.with("unique", true)
    }

    /// Computed at every save.
    pub fn computed(self, formula: &str) -> Self {
        self.with("compute", json!({"formula": formula}))
    }

    pub fn default_to(self, formula: &str) -> Self {
        self.with("default", json!({"formula": formula}))
    }
}

pub fn text(key: &str) -> Field {
    Field::new(key, "text")
}

pub fn number(key: &str, scale: u32) -> Field {
    Field::new(key, "number").option("scale", scale)
}

pub fn date(key: &str) -> Field {
    Field::new(key, "date")
}

pub fn select(key: &str, choices: &[&str]) -> Field {
    let choices: Vec<_> = choices.iter().map(|choice| json!({"key": choice, "label": choice})).collect();
    Field::new(key, "select").option("choices", choices)
}

/// A link to records of another form of the app.
pub fn link(key: &str, form: &str) -> Field {
    Field::new(key, "link").option("form", form)
}

/// A number that a formula gives.
pub fn formula(key: &str, formula: &str) -> Field {
    Field::new(key, "formula").option("formula", formula).option("type", "number").option("scale", 2)
}

/// Serial numbers such as `SO-0001`.
pub fn serial(key: &str, prefix: &str) -> Field {
    Field::new(key, "serial")
        .option("parts", json!([{"text": prefix}, {"counter": {"width": 4, "reset": "never"}}]))
}

pub fn subform(key: &str, columns: impl IntoIterator<Item = Field>) -> Field {
    let columns: Vec<_> = columns.into_iter().map(|column| column.0).collect();
    Field::new(key, "subform").option("fields", columns)
}

/// A Form document.
#[derive(Clone, Debug)]
pub struct Design(Value);

pub fn form(key: &str, fields: impl IntoIterator<Item = Field>) -> Design {
    let fields: Vec<_> = fields.into_iter().map(|field| field.0).collect();
    Design(json!({"key": key, "label": key, "fields": fields}))
}

impl Design {
    /// Sets a member of the document: `title`, `rules`, `validate`, `unique`, `draft` …
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.0[member] = value.into();
        self
    }

    pub fn document(&self) -> Value {
        self.0.clone()
    }
}

/// The permission group of some people with every right on every record; a story takes away what it is about.
pub fn group(key: &str, members: &[&str]) -> Group {
    let operations = ["view", "create", "edit", "delete"];
    Group(json!({
        "format": 1, "key": key, "label": key, "who": {"members": members}, "operations": operations,
        "fields": {"*": "edit"},
    }))
}

/// A Permission group document.
#[derive(Clone, Debug)]
pub struct Group(Value);

impl Group {
    pub fn may(mut self, operations: &[&str]) -> Self {
        self.0["operations"] = json!(operations);
        self
    }

    /// The right on a field: `none`, `read` or `edit`; `*` is the rest.
    pub fn field(mut self, path: &str, right: &str) -> Self {
        self.0["fields"][path] = json!(right);
        self
    }

    pub fn rows(mut self, condition: Value) -> Self {
        self.0["rows"] = condition;
        self
    }

    pub fn document(&self) -> Value {
        self.0.clone()
    }
}

/// The condition `field op value`.
pub fn test(field: &str, operator: &str, value: impl Into<Value>) -> Value {
    json!({"field": field, "op": operator, "value": value.into()})
}

/// An approval by anybody of `members`; further members of the step as documents name them.
pub fn approve(key: &str, members: &[&str], more: Value) -> Value {
    let step =
        json!({"key": key, "label": key, "kind": "approve", "who": [{"members": members}], "policy": "any"});
    merged(step, more)
}

fn merged(mut base: Value, more: Value) -> Value {
    let more: Map<String, Value> = serde_json::from_value(more).expect("further members are an object");
    for (member, value) in more {
        base[member] = value;
    }
    base
}
