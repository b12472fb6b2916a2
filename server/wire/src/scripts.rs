//! Transaction scripts of an app.

use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A transaction script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Script {
    pub key: String,
    /// As it is written, in rhai.
    pub source: String,
    pub version: i64,
    /// The forms that bind it to what happens to their records.
    #[schema(value_type = Vec<String>)]
    pub forms: Vec<Id>,
}

/// `POST /apps/{app}/scripts`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptInput {
    pub key: String,
    pub source: String,
}

/// `PUT /apps/{app}/scripts/{key}`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptSource {
    pub source: String,
}

/// A script of a package, as whoever installs it sees it beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackagedScript {
    pub package: String,
    pub key: String,
    pub source: String,
}
