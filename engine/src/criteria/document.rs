//! The condition as a document. Read and written by hand: the shapes are told apart by their members, which
//! derived untagged types can't do with exact numbers.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value as Json, json};

use super::{Operator, Relative};

/// A condition over the fields of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Holds when every part holds; without parts it holds.
    All(Vec<Condition>),
    /// Holds when some part holds; without parts it does not.
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Test(Test),
}

/// One comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// A field key, a path through links (`customer.tier`), a sub-form column (`lines.qty`) or a system
    /// field (`$owner`).
    pub field: String,
    pub op: Operator,
    pub value: Option<Operand>,
    /// For a sub-form column: whether some row or every row must match. `any` unless said.
    pub matching: Option<Match>,
}

/// Over the rows of a sub-form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    #[default]
    Any,
    All,
}

/// What a field is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A value in its wire form, or a list of them.
    Literal(Json),
    Var(Variable),
    /// A relative period, with `n` where it counts days.
    Relative(Relative, Option<u32>),
    /// Another field of the same record.
    Field(String),
    /// A parameter of a report or an app.
    Param(String),
}

/// A value that depends on the moment or on who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variable {
    Me,
    /// With their sub-departments.
    MyDepartments,
    /// Without them.
    MyOwnDepartments,
    /// Those who report to the member, directly and further down.
    MySubordinates,
    Today,
    Now,
}

/// Deepest nesting, and most tests in one tree (reliability.md 4.5).
const MAX_DEPTH: usize = 16;

impl Condition {
    /// Holds for every record.
    pub fn always() -> Condition {
        Condition::All(Vec::new())
    }

    pub fn test(field: &str, op: Operator, value: impl Into<Json>) -> Condition {
        let value = Some(Operand::Literal(value.into()));
        Condition::Test(Test { field: field.to_string(), op, value, matching: None })
    }

    /// Every test in the tree.
    pub fn tests(&self) -> Vec<&Test> {
        match self {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().flat_map(Condition::tests).collect()
            }
            Condition::Not(part) => part.tests(),
            Condition::Test(test) => vec![test],
        }
    }

    fn from_json(json: Json, depth: usize) -> Result<Condition, String> {
        let Json::Object(mut members) = json else { return Err("a condition is an object".into()) };
        if depth > MAX_DEPTH {
            return Err("the condition is nested too deeply".into());
        }
        let parts = |list: Json| match list {
            Json::Array(items) => {
                items.into_iter().map(|item| Condition::from_json(item, depth + 1)).collect()
            }
            _ => Err("`all` and `any` take a list of conditions".to_string()),
        };
        let condition = if let Some(list) = members.remove("all") {
            Condition::All(parts(list)?)
        } else if let Some(list) = members.remove("any") {
            Condition::Any(parts(list)?)
        } else if let Some(part) = members.remove("not") {
            Condition::Not(Box::new(Condition::from_json(part, depth + 1)?))
        } else {
            Condition::Test(Test::from_members(&mut members)?)
        };
        match members.keys().next() {
            Some(unknown) => Err(format!("unknown member `{unknown}` in a condition")),
            None => Ok(condition),
        }
    }

    fn to_json(&self) -> Json {
        match self {
            Condition::All(parts) => json!({"all": parts.iter().map(Condition::to_json).collect::<Vec<_>>()}),
            Condition::Any(parts) => json!({"any": parts.iter().map(Condition::to_json).collect::<Vec<_>>()}),
            Condition::Not(part) => json!({"not": part.to_json()}),
            Condition::Test(test) => test.to_json(),
        }
    }
}

impl Test {
    fn from_members(members: &mut Map<String, Json>) -> Result<Test, String> {
        let field = match members.remove("field") {
            Some(Json::String(field)) => field,
            _ => return Err("a condition has `all`, `any`, `not` or `field`".into()),
        };
        let op = members.remove("op").ok_or("`op` is missing")?;
        let op = serde_json::from_value(op.clone()).map_err(|_| format!("unknown operator {op}"))?;
        let value = members.remove("value").map(Operand::from_json).transpose()?;
        let matching = members.remove("match").map(serde_json::from_value).transpose();
        let matching = matching.map_err(|_| "`match` is `any` or `all`".to_string())?;
        Ok(Test { field, op, value, matching })
    }

    fn to_json(&self) -> Json {
        let mut members = Map::new();
        members.insert("field".into(), json!(self.field));
        members.insert("op".into(), json!(self.op));
        if let Some(value) = &self.value {
            members.insert("value".into(), value.to_json());
        }
        if let Some(matching) = self.matching {
            members.insert("match".into(), json!(matching));
        }
        Json::Object(members)
    }
}

impl Operand {
    fn from_json(json: Json) -> Result<Operand, String> {
        let Json::Object(members) = &json else { return Ok(Operand::Literal(json)) };
        let text = |name: &str| members.get(name).and_then(Json::as_str).map(str::to_string);
        let known = |names: &[&str]| members.keys().all(|name| names.contains(&name.as_str()));
        if let Some(var) = members.get("var").filter(|_| known(&["var"])) {
            return serde_json::from_value(var.clone())
                .map(Operand::Var)
                .map_err(|_| format!("unknown variable {var}"));
        }
        if let Some(relative) = members.get("relative").filter(|_| known(&["relative", "n"])) {
            let n = match members.get("n") {
                None => None,
                Some(n) => {
                    Some(n.as_u64().and_then(|n| u32::try_from(n).ok()).ok_or("`n` is a count of days")?)
                }
            };
            return serde_json::from_value(relative.clone())
                .map(|relative| Operand::Relative(relative, n))
                .map_err(|_| format!("unknown relative date {relative}"));
        }
        if let Some(field) = text("field").filter(|_| known(&["field"])) {
            return Ok(Operand::Field(field));
        }
        if let Some(param) = text("param").filter(|_| known(&["param"])) {
            return Ok(Operand::Param(param));
        }
        Err("a value is a literal, `var`, `relative`, `field` or `param`".into())
    }

    fn to_json(&self) -> Json {
        match self {
            Operand::Literal(json) => json.clone(),
            Operand::Var(variable) => json!({ "var": variable }),
            Operand::Relative(relative, None) => json!({ "relative": relative }),
            Operand::Relative(relative, Some(n)) => json!({ "relative": relative, "n": n }),
            Operand::Field(field) => json!({ "field": field }),
            Operand::Param(param) => json!({ "param": param }),
        }
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Condition, D::Error> {
        Condition::from_json(Json::deserialize(deserializer)?, 0).map_err(de::Error::custom)
    }
}

impl schemars::JsonSchema for Condition {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let operators = generator.subschema_for::<Operator>();
        schemars::json_schema!({
            "type": "object",
            "oneOf": [
                {"required": ["all"], "properties": {"all": {"type": "array", "items": {"$ref": "#/$defs/Condition"}}}, "additionalProperties": false},
                {"required": ["any"], "properties": {"any": {"type": "array", "items": {"$ref": "#/$defs/Condition"}}}, "additionalProperties": false},
                {"required": ["not"], "properties": {"not": {"$ref": "#/$defs/Condition"}}, "additionalProperties": false},
                {"required": ["field", "op"], "properties": {
                    "field": {"type": "string"}, "op": operators, "value": true, "match": {"enum": ["any", "all"]}
                }, "additionalProperties": false}
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_and_written_unchanged() {
        for json in [
            json!({"all": []}),
            json!({"any": [{"field": "a", "op": "eq", "value": "x"}, {"not": {"field": "b", "op": "is_empty"}}]}),
            json!({"field": "d", "op": "within", "value": {"relative": "last_n_days", "n": 30}}),
            json!({"field": "lines.qty", "op": "gt", "value": 0, "match": "all"}),
            json!({"field": "$owner", "op": "eq", "value": {"var": "me"}}),
        ] {
            let condition: Condition = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&condition).unwrap(), json);
        }
    }

    #[test]
    fn unknown_members_and_shapes_are_refused() {
        for json in [
            json!({}),
            json!([]),
            json!({"all": [], "x": 1}),
            json!({"field": "a", "op": "like", "value": "x"}),
            json!({"field": "a", "op": "eq", "value": {"sql": "1=1"}}),
            json!({"field": "a", "op": "eq", "value": {"var": "you"}}),
        ] {
            assert!(serde_json::from_value::<Condition>(json.clone()).is_err(), "{json}");
        }
    }
}
