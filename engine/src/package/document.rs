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
    /// Where it stands in the template centre.
    #[serde(default, skip_serializing_if = "Category::is_other")]
    pub category: Category,
    /// Packages that are installed first.
    #[serde(default)]
    pub needs: Vec<Need>,
    #[serde(default)]
    pub parameters: Vec<Parameter>,
}

fn format_one() -> u32 {
    1
}

/// What a package is for, as the template centre sorts them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Sales and customers.
    Sales,
    /// Purchasing and stock.
    Stock,
    /// Serving customers.
    Service,
    /// Finance and expenses.
    Finance,
    /// Human resources and administration.
    People,
    /// Shops and inspections.
    Shops,
    #[default]
    Other,
}

impl Category {
    /// In the order in which they are shown.
    pub const ALL: [Category; 7] = [
        Category::Sales,
        Category::Stock,
        Category::Service,
        Category::Finance,
        Category::People,
        Category::Shops,
        Category::Other,
    ];

    /// As documents and answers name it.
    pub fn name(self) -> &'static str {
        match self {
            Category::Sales => "sales",
            Category::Stock => "stock",
            Category::Service => "service",
            Category::Finance => "finance",
            Category::People => "people",
            Category::Shops => "shops",
            Category::Other => "other",
        }
    }

    fn is_other(&self) -> bool {
        *self == Category::Other
    }
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
