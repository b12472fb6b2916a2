//! Lists of regions.

use engine::field::Region;
use engine::text::Label;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A list of regions that fields of addresses can name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RegionList {
    /// `PACKAGE/KEY`, as a field's option `regions` has it.
    pub name: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    /// Where the names come from, and of when they are.
    #[serde(default)]
    pub source: String,
}

/// A list of regions with what is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Regions {
    pub name: String,
    #[schema(value_type = crate::Wording)]
    pub label: Label,
    #[serde(default)]
    pub source: String,
    /// Each is a name, or `{name, regions}` where it is divided further.
    #[schema(value_type = Vec<Object>)]
    pub regions: Vec<Region>,
}
