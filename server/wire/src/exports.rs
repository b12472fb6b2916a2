//! Records as a file.

use engine::condition::Condition;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::records::SortBy;

/// The form of a file with records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// A workbook: numbers are numbers, days are days.
    #[default]
    Xlsx,
    /// UTF-8 with a byte order mark, parted by commas.
    Csv,
    /// A list of objects by field key, in wire form.
    Json,
}

impl ExportFormat {
    /// The ending of such a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            ExportFormat::Xlsx => "xlsx",
            ExportFormat::Csv => "csv",
            ExportFormat::Json => "json",
        }
    }
}

/// `POST /forms/{form}/export`
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportInput {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub filter: Option<Condition>,
    /// Words that stand in the records, as in [`crate::records::Query`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q_fields: Option<Vec<String>>,
    /// In this order; the newest first when absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<SortBy>,
    /// Fields, sub-forms, columns of sub-forms and system fields such as `$created_at`, in this order; all fields that the
    /// caller may read when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<String>>,
    pub format: ExportFormat,
    /// Whether columns and choices have their names and not their keys, and what is linked its title and not its id; yes when
    /// absent. json always has keys and ids.
    #[serde(default = "yes")]
    pub labels: bool,
    /// Only what this permission group alone shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission_group: Option<String>,
    /// A saved view, as it is when the export begins: what its filter leaves of the records that `filter` leaves, in its
    /// order and with its columns where `sort` and `fields` say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub view: Option<Id>,
}

fn yes() -> bool {
    true
}

/// The result of an export's job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Exported {
    /// The file; its exporter's alone, and removed after a day.
    #[schema(value_type = String)]
    pub file: Id,
    pub name: String,
    /// How many records are in it.
    pub records: u64,
    /// How many cells were cut, because a cell of a workbook holds no more than 32,767 characters.
    pub cut: u64,
}
