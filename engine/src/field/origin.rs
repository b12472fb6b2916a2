//! What a list or a default is read from.

use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize, Serializer};

/// The records of a form (`"customer"`, `"crm/customer"`), or the groups of an aggregate table
/// (`{"aggregate": "stock"}`), whose dimensions and measures are its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Form(String),
    Aggregate(String),
}

impl Default for Origin {
    fn default() -> Origin {
        Origin::Form(String::new())
    }
}

impl Origin {
    /// The name of the form or the table.
    pub fn name(&self) -> &str {
        match self {
            Origin::Form(name) | Origin::Aggregate(name) => name,
        }
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Origin::Form(name) => serializer.serialize_str(name),
            Origin::Aggregate(name) => serde_json::json!({ "aggregate": name }).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Origin, D::Error> {
        let wrong = || de::Error::custom("a form by its name, or `{\"aggregate\": name}`");
        match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(name) => Ok(Origin::Form(name)),
            serde_json::Value::Object(members) if members.len() == 1 => {
                let name = members.get("aggregate").and_then(serde_json::Value::as_str).ok_or_else(wrong)?;
                Ok(Origin::Aggregate(name.to_string()))
            }
            _ => Err(wrong()),
        }
    }
}

/// A field that something is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SortRule {
    pub field: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub desc: bool,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Origin;

    #[test]
    fn a_form_or_a_table_is_read_and_written() {
        for json in [json!("crm/customer"), json!({"aggregate": "stock"})] {
            let origin: Origin = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&origin).unwrap(), json);
        }
        for wrong in
            [json!(1), json!({"form": "x"}), json!({"aggregate": 1}), json!({"aggregate": "a", "b": 1})]
        {
            assert!(serde_json::from_value::<Origin>(wrong).is_err());
        }
    }
}
