//! Transaction scripts of an app, and how they are tried out.

use engine::script::{Case, Difference, Effects, Tried};
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Problem;

/// A transaction script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Script {
    pub key: String,
    /// As it is written, in rhai.
    pub source: String,
    pub version: i64,
    /// What it is tried with: a record, what happens to it, and what has to come of it.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub cases: Vec<Case>,
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
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub cases: Vec<Case>,
}

/// `PUT /apps/{app}/scripts/{key}`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptSource {
    pub source: String,
    /// Another key; a script that a form binds keeps its own.
    #[serde(default)]
    pub key: Option<String>,
    /// Without them they stay as they are.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    pub cases: Option<Vec<Case>>,
}

/// `POST /apps/{app}/try-script`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrialInput {
    /// The key of the script, if it has one already: where forms bind it, they run it as it is tried.
    #[serde(default)]
    pub key: Option<String>,
    pub source: String,
    /// The form, what happens to a record of it, and the record: `{form, on, record?, fields?, old?}`.
    #[schema(value_type = Object)]
    pub tried: Tried,
}

/// What comes of a script that is tried out. Nothing of it is stored.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Trial {
    /// What it sets in its record, what it makes, changes and removes, and the code with which it ends where it does not come
    /// to its end: `{refused?, sets?, effects?: [{do, form, fields}]}`. Records that were not there before have names in the
    /// place of their ids: `$record`, `$created1`.
    #[schema(value_type = Object)]
    pub effects: Effects,
    /// Why it did not come to its end, as whoever saves would read it.
    pub problem: Option<Problem>,
    /// Where it ended then.
    pub ended: Option<TrialLine>,
    pub reads: Vec<TrialRead>,
    pub log: Vec<TrialLine>,
    pub used: TrialUse,
    /// Records that it makes or changes in forms that whoever tries it does not administer.
    pub unseen: u64,
}

/// A place in a script, with what it says there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrialLine {
    /// The key of the script.
    pub script: String,
    pub line: usize,
    pub column: usize,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// Something that a script reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrialRead {
    /// `get`, `find`, `first`, `count`, `sum`, `aggregate`
    pub what: String,
    /// The form or the table, as the script names it.
    pub of: String,
    /// How many were found, or the number that was asked for.
    pub found: Option<String>,
}

/// What a trial has used of what a script may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrialUse {
    pub operations: u64,
    pub reads: u64,
    pub writes: u64,
    /// Questions to the database.
    pub calls: u64,
    pub milliseconds: u64,
}

/// `POST /apps/{app}/scripts/{key}/test`
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptTestInput {
    /// As it would be; without it, as it is in force.
    #[serde(default)]
    pub source: Option<String>,
    /// Without them, those that are kept with it.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    pub cases: Option<Vec<Case>>,
}

/// What came of each case.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ScriptTested {
    pub passed: bool,
    pub cases: Vec<CaseTested>,
}

/// What came of one case.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CaseTested {
    pub name: String,
    pub passed: bool,
    /// What is otherwise than expected: `{refused | field | missing | unexpected: {…}}`.
    #[schema(value_type = Vec<Object>)]
    pub differences: Vec<Difference>,
    pub trial: Trial,
}

/// A script of a package, as whoever installs it sees it beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackagedScript {
    pub package: String,
    pub key: String,
    pub source: String,
}
