//! Bringing records in from files, and apps from packages.

use std::collections::BTreeMap;

use engine::text::{Label, Language};
use engine::value::Id;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

/// `POST /apps/{app}/forms/propose`: a form that would take the records of a file.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposeInput {
    #[schema(value_type = String)]
    pub file: Id,
    /// What the form is to be called; the file's name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub label: Option<Label>,
    /// The sheet of a workbook; its first one with something in it when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
}

/// The proposed form and how the file goes into it. Nothing is stored.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    /// A Form document, ready for `POST /apps/{app}/forms`.
    #[schema(value_type = Object)]
    pub definition: Json,
    /// Field keys by column header, as an import takes them.
    pub mapping: BTreeMap<String, String>,
    /// How many records the file has.
    pub rows: u64,
    /// The first 20 of them, cell by cell.
    pub sample: Vec<Vec<String>>,
    pub columns: Vec<ProposedColumn>,
    /// The sheets of a workbook that can be seen, in order; none of another file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<String>,
    /// The sheet that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The encoding in which a csv file was read, by its name in the Encoding Standard (`UTF-8`, `gb18030`, `Big5`,
    /// `windows-1252`, …); none of another file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposedColumn {
    pub header: String,
    /// The key of its field.
    pub key: String,
    /// The kind of its field.
    pub kind: String,
    /// The cells that are no value of this kind; absent where all are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misfits: Option<Misfits>,
}

/// The few cells of a column that do not fit the kind that the others have. An import leaves their rows out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Misfits {
    pub count: u64,
    /// The line of the first one; the header is line 1.
    pub line: u64,
    /// The first one, shortened.
    pub value: String,
    /// Why it does not fit.
    pub message: String,
}

/// `POST /forms/{form}/import/preview`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportPreviewInput {
    #[schema(value_type = String)]
    pub file: Id,
    /// The sheet of a workbook; its first one with something in it when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
}

/// How a file would go into a form.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ImportPreview {
    pub columns: Vec<ImportColumn>,
    /// How many records the file has.
    pub rows: u64,
    /// Whether a column may fill serial numbers and, as `$flow_state`, bring new records as approved.
    pub administers: bool,
    /// The sheets of a workbook that can be seen, in order; none of another file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<String>,
    /// The sheet that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The encoding in which a csv file was read, by its name in the Encoding Standard (`UTF-8`, `gb18030`, `Big5`,
    /// `windows-1252`, …); none of another file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportColumn {
    pub header: String,
    /// The field that its header names, by label in any language or by key; or that it is much like, where there is no doubt.
    pub field: Option<String>,
    /// Its first five cells.
    pub samples: Vec<String>,
}

/// What an import does with the rows of its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportMode {
    /// Each row is a new record.
    #[default]
    Create,
    /// Each row changes the record that has its key.
    Update,
    /// Each row changes the record that has its key, or is a new one.
    Upsert,
}

/// `POST /forms/{form}/import`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportInput {
    #[schema(value_type = String)]
    pub file: Id,
    /// The sheet of a workbook; its first one with something in it when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Field keys by column header; columns that are not named are left out. `lines.qty` is a column of a sub-form: rows of
    /// the file that repeat the record's own fields, or leave them blank, are further rows of its sub-forms. `$id` says which
    /// record a row is about. Who administers the app may fill serial numbers, and for new records `$flow_state`, with
    /// `approved` or nothing.
    pub mapping: BTreeMap<String, String>,
    #[serde(default)]
    pub mode: ImportMode,
    /// The fields that say which record a row is, for `update` and `upsert`; `$id` among them finds it by its id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// Try everything and keep nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Whether the form's flow starts; no when absent.
    #[serde(default)]
    pub start_flow: bool,
    /// Whether automations, hooks and notices follow; yes when absent.
    #[serde(default = "yes")]
    pub trigger: bool,
}

fn yes() -> bool {
    true
}

/// The result of an import's job; of one that failed or was stopped, what it did until then.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Imported {
    pub created: u64,
    pub updated: u64,
    /// Rows whose record was like that already.
    pub unchanged: u64,
    pub failed: u64,
    /// The rows that failed, to be mended and brought in again, and a list of row, column, value and reason: a workbook.
    #[schema(value_type = Option<String>)]
    pub error_file: Option<Id>,
    /// What all its records carry in their history; none of a dry run.
    #[schema(value_type = Option<String>)]
    pub batch: Option<Id>,
    /// The first 20 faults.
    pub faults: Vec<RowFault>,
    /// All faults by column, value and reason, at most 50 such groups, the largest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<FaultGroup>,
    /// The encoding in which a csv file was read, by its name in the Encoding Standard (`UTF-8`, `gb18030`, `Big5`,
    /// `windows-1252`, …); none of another file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
}

/// What is wrong with a row of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RowFault {
    /// The line of the file on which the row begins; the header is line 1.
    pub line: u64,
    /// The key of the field; empty where the row as a whole was refused.
    pub path: String,
    /// The header of the column that fills the field; absent where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What the column has in this row, shortened; absent where it is blank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    pub code: String,
    pub message: String,
}

/// One fault of many rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FaultGroup {
    /// The key of the field, `lines.qty` in a sub-form; empty where rows as a whole were refused.
    pub path: String,
    /// The header of the column that fills the field; absent where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What the column has in these rows, shortened; absent where it is blank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    pub code: String,
    pub message: String,
    /// How often it is there.
    pub count: u64,
    /// The first five lines of the file on which it is; the header is line 1.
    pub lines: Vec<u64>,
}

/// The result of undoing an import (`POST /jobs/{id}/undo`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Undone {
    /// New records that went to the recycle bin.
    pub deleted: u64,
    /// Changed records that are as they were before.
    pub restored: u64,
    /// Records that stay as they are, each with its reason.
    pub kept: u64,
    /// The first 20 of those that stay.
    pub rows: Vec<KeptRecord>,
}

/// A record that an undoing left alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct KeptRecord {
    #[schema(value_type = String)]
    pub record: Id,
    /// `changed_since`, `not_found`, or why the save refused.
    pub code: String,
    pub message: String,
}

/// `POST /apps/import`: an app from a package.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageImport {
    /// A zip of the package's files.
    #[schema(value_type = String)]
    pub file: Id,
    /// Try everything and keep nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// The app's name; the package's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::Wording>)]
    pub app_name: Option<Label>,
    /// The language of the demo records and role names; the caller's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub locale: Option<Language>,
    /// Whether to load the demo records.
    #[serde(default)]
    pub demo: bool,
}
