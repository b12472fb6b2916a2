//! The manifest and the small documents of a package.

use serde::{Deserialize, Serialize};

use crate::text::Label;

/// `package.json`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    #[serde(default = "format_one")]
    pub format: u32,
    pub key: String,
    /// As [`super::Version`] reads it.
    pub version: String,
    pub label: Label,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Label>,
    /// The name of the app's icon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Packages that are installed first.
    #[serde(default)]
    pub needs: Vec<Need>,
    #[serde(default)]
    pub parameters: Vec<Parameter>,
}

fn format_one() -> u32 {
    1
}

/// A package that another one builds on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    pub key: String,
    /// The lowest version that serves; later ones do too.
    pub version: String,
}

/// A value that belongs to the app: formulas read it with `PARAM('key')`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub key: String,
    pub label: Label,
    /// A field kind.
    pub kind: String,
    #[serde(default)]
    pub default: serde_json::Value,
}

/// A role that a package expects; it is created empty, and who is in it never travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    pub key: String,
    pub label: Label,
}
