//! A field of a form, as in documents.

use serde::de::{self, Deserializer};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value as Json;

use super::{FieldKind, Linkage};
use crate::criteria::Condition;
use crate::text::Label;

/// A field: what it is called, what kind of values it holds, and the rules on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Unique in its form (or sub-form); never changes.
    pub key: String,
    pub label: Label,
    pub kind: FieldKind,
    pub required: bool,
    /// Whether no two submitted records may have the same value.
    pub unique: bool,
    pub default: Option<DefaultValue>,
    /// Computed at save and stored; nobody can set it.
    pub compute: Option<ComputeRule>,
    pub visible_when: Option<Condition>,
    pub required_when: Option<Condition>,
    pub when_hidden: Option<WhenHidden>,
    pub help: Option<Label>,
    pub placeholder: Option<Label>,
    /// Whether a package that extends this form may replace the formula.
    pub extensible: bool,
    /// Whether only transaction scripts set it.
    pub by_script: bool,
    /// For a column of numbers: whether its total stands below the rows. Where nothing is said, that of amounts does.
    pub total: Option<bool>,
}

/// What a new record starts with.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultValue {
    /// A value in its wire form.
    Literal(Json),
    Formula(String),
    /// What records of another form hold.
    Linkage(Box<Linkage>),
}

/// The formula of a computed field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ComputeRule {
    pub formula: String,
}

/// What becomes of the stored value while a rule hides the field (semantics.md 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhenHidden {
    /// Stored as empty: the default of fields that people fill.
    Clear,
    /// What was stored stays.
    Keep,
    /// Goes on being computed: the default of computed fields.
    Recompute,
}

impl Field {
    /// A field of `kind` with nothing else said.
    pub fn new(key: &str, label: impl Into<Label>, kind: FieldKind) -> Field {
        Field {
            key: key.to_string(),
            label: label.into(),
            kind,
            required: false,
            unique: false,
            default: None,
            compute: None,
            visible_when: None,
            required_when: None,
            when_hidden: None,
            help: None,
            placeholder: None,
            extensible: false,
            by_script: false,
            total: None,
        }
    }

    /// Whether people and programs may set it: an input kind without a formula.
    pub fn is_input(&self) -> bool {
        self.kind.is_input() && self.compute.is_none() && !self.by_script
    }

    /// Whether scripts may set it: a field that is theirs alone.
    pub fn is_set_by_script(&self) -> bool {
        self.by_script && self.kind.is_input() && self.compute.is_none()
    }

    /// What happens to its value while a rule hides it.
    pub fn hidden_policy(&self) -> WhenHidden {
        self.when_hidden.unwrap_or(if self.is_input() { WhenHidden::Clear } else { WhenHidden::Recompute })
    }

    /// The columns, if it is a sub-form.
    pub fn columns(&self) -> &[Field] {
        if let FieldKind::Subform(subform) = &self.kind { &subform.fields } else { &[] }
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("key", &self.key)?;
        map.serialize_entry("label", &self.label)?;
        map.serialize_entry("kind", self.kind.name())?;
        let options = self.kind.options();
        if options.as_object().is_some_and(|options| !options.is_empty()) {
            map.serialize_entry("options", &options)?;
        }
        for (name, on) in [
            ("required", self.required),
            ("unique", self.unique),
            ("extensible", self.extensible),
            ("by_script", self.by_script),
        ] {
            if on {
                map.serialize_entry(name, &true)?;
            }
        }
        if let Some(total) = self.total {
            map.serialize_entry("total", &total)?;
        }
        match &self.default {
            Some(DefaultValue::Literal(json)) => map.serialize_entry("default", json)?,
            Some(DefaultValue::Formula(formula)) => {
                map.serialize_entry("default", &ComputeRule { formula: formula.clone() })?;
            }
            Some(DefaultValue::Linkage(linkage)) => {
                map.serialize_entry("default", &serde_json::json!({ "linkage": linkage }))?;
            }
            None => {}
        }
        if let Some(compute) = &self.compute {
            map.serialize_entry("compute", compute)?;
        }
        if let Some(condition) = &self.visible_when {
            map.serialize_entry("visible_when", condition)?;
        }
        if let Some(condition) = &self.required_when {
            map.serialize_entry("required_when", condition)?;
        }
        if let Some(policy) = &self.when_hidden {
            map.serialize_entry("when_hidden", policy)?;
        }
        if let Some(help) = &self.help {
            map.serialize_entry("help", help)?;
        }
        if let Some(placeholder) = &self.placeholder {
            map.serialize_entry("placeholder", placeholder)?;
        }
        map.end()
    }
}

impl schemars::JsonSchema for Field {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Field".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let label = generator.subschema_for::<Label>();
        let words = generator.subschema_for::<Option<Label>>();
        let compute = generator.subschema_for::<Option<ComputeRule>>();
        let condition = generator.subschema_for::<Option<Condition>>();
        let hidden = generator.subschema_for::<Option<WhenHidden>>();
        schemars::json_schema!({
            "type": "object",
            "description": "A field: what it is called, what kind of values it holds, and the rules on it.",
            "required": ["key", "label", "kind"],
            "properties": {
                "key": {"type": "string"},
                "label": label,
                "kind": {"enum": FieldKind::NAMES},
                "options": {
                    "type": ["object", "null"],
                    "description": "What the kind asks for; columns of a sub-form are its `fields`.",
                    "properties": {"fields": {"type": "array", "items": {"$ref": "#/$defs/Field"}}}
                },
                "required": {"type": "boolean"},
                "unique": {"type": "boolean"},
                "default": {"description": "A value, `{\"formula\": …}`, or `{\"linkage\": …}`."},
                "compute": compute,
                "visible_when": condition,
                "required_when": condition,
                "when_hidden": hidden,
                "help": words,
                "placeholder": words,
                "extensible": {"type": "boolean"},
                "by_script": {"type": "boolean"},
                "total": {
                    "type": ["boolean", "null"],
                    "description": "For a column of numbers: whether its total stands below the rows."
                }
            },
            "additionalProperties": false
        })
    }
}

/// The members of a field in JSON; the kind and its options are put together afterwards.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    key: String,
    label: Label,
    kind: String,
    #[serde(default)]
    options: Json,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    default: Option<Json>,
    #[serde(default)]
    compute: Option<ComputeRule>,
    #[serde(default)]
    visible_when: Option<Condition>,
    #[serde(default)]
    required_when: Option<Condition>,
    #[serde(default)]
    when_hidden: Option<WhenHidden>,
    #[serde(default)]
    help: Option<Label>,
    #[serde(default)]
    placeholder: Option<Label>,
    #[serde(default)]
    extensible: bool,
    #[serde(default)]
    by_script: bool,
    #[serde(default)]
    total: Option<bool>,
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Field, D::Error> {
        let members = Members::deserialize(deserializer)?;
        let kind = FieldKind::from_parts(&members.kind, members.options).map_err(|fault| {
            let detail = fault.args.get("detail").or(fault.args.get("kind")).cloned().unwrap_or_default();
            de::Error::custom(format!("field `{}`: {} {detail}", members.key, fault.code))
        })?;
        let default = members.default.filter(|json| !json.is_null()).map(default_value).transpose();
        let default = default
            .map_err(|error| de::Error::custom(format!("field `{}`: default: {error}", members.key)))?;
        Ok(Field {
            key: members.key,
            label: members.label,
            kind,
            required: members.required,
            unique: members.unique,
            default,
            compute: members.compute,
            visible_when: members.visible_when,
            required_when: members.required_when,
            when_hidden: members.when_hidden,
            help: members.help,
            placeholder: members.placeholder,
            extensible: members.extensible,
            by_script: members.by_script,
            total: members.total,
        })
    }
}

/// `{"formula": "…"}` is a formula, `{"linkage": {…}}` what another form holds; anything else a literal.
fn default_value(json: Json) -> Result<DefaultValue, serde_json::Error> {
    let only = |name: &str| json.as_object().filter(|members| members.len() == 1)?.get(name);
    if let Some(Json::String(formula)) = only("formula") {
        return Ok(DefaultValue::Formula(formula.clone()));
    }
    match only("linkage") {
        Some(linkage) => {
            Linkage::deserialize(linkage).map(|linkage| DefaultValue::Linkage(Box::new(linkage)))
        }
        None => Ok(DefaultValue::Literal(json)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_is_written_as_it_was_read() {
        for json in [
            json!({"key": "amount", "label": {"zh-CN": "金额", "en": "Amount"}, "kind": "number",
                   "options": {"min": "0", "scale": 3}, "required": true, "default": {"formula": "1 + 1"},
                   "visible_when": {"field": "a", "op": "eq", "value": "x"}}),
            json!({"key": "tier", "label": "等级", "kind": "text", "default": {"linkage": {"form": "customer",
                   "filter": {"field": "name", "op": "eq", "value": {"field": "name"}}, "field": "tier",
                   "sort": [{"field": "tier", "desc": true}]}}}),
            json!({"key": "lines", "label": "明细", "kind": "subform", "options": {"fields": [
                   {"key": "qty", "label": "数量", "kind": "number", "total": false, "compute": {"formula": "1"}}]}}),
        ] {
            let field: Field = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(serde_json::to_value(&field).unwrap(), json);
        }
    }

    #[test]
    fn unknown_members_kinds_and_options_are_refused() {
        for json in [
            json!({"key": "a", "label": "a", "kind": "text", "colour": "red"}),
            json!({"key": "a", "label": "a", "kind": "texts"}),
            json!({"key": "a", "label": "a", "kind": "text", "options": {"scale": 2}}),
            json!({"key": "a", "label": "a", "kind": "text", "default": {"linkage": {"form": "b", "where": 1}}}),
        ] {
            assert!(serde_json::from_value::<Field>(json).is_err());
        }
    }
}
