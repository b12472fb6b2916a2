//! The permission group as a document (documents.md, "Permission group").

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::condition::Condition;
use crate::form::Uses;
use crate::text::Label;

/// What one group of people may do with the records of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PermissionGroup {
    #[serde(default = "format_one")]
    pub format: u32,
    pub key: String,
    pub label: Label,
    #[serde(default)]
    pub who: Who,
    #[serde(default)]
    pub operations: Vec<Operation>,
    /// Rights by field path; `*` is the rest. A field that nothing names can't be seen.
    #[serde(default)]
    pub fields: BTreeMap<String, FieldRight>,
    /// The records that the group is about; all without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Condition>,
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub enabled: bool,
}

impl PermissionGroup {
    /// The group's right on a field or column.
    pub fn right(&self, path: &str) -> FieldRight {
        right_in(&self.fields, path)
    }

    /// Whether the group names the field, among its rights or in the condition of its rows.
    pub fn uses(&self, uses: &Uses<'_>) -> bool {
        let rights = self.fields.keys().any(|path| path != "*" && uses.path(path));
        rights || self.rows.as_ref().is_some_and(|rows| uses.condition(rows))
    }
}

/// The right on a field or column among these.
pub(super) fn right_in(fields: &BTreeMap<String, FieldRight>, path: &str) -> FieldRight {
    let subform = path.split_once('.').map(|(subform, _)| subform);
    let own = fields.get(path);
    let outer = subform.and_then(|subform| fields.get(subform));
    let right = own.or(outer).or_else(|| fields.get("*")).copied().unwrap_or_default();
    // A column is never more open than its sub-form.
    match outer {
        Some(outer) => right.min(*outer),
        None => right,
    }
}

fn format_one() -> u32 {
    1
}

fn yes() -> bool {
    true
}

/// The people of a group: ids, or keys of roles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Who {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub everyone: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub departments: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
}

/// Something that can be done with records.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    View,
    Create,
    Edit,
    /// Editing while a flow runs.
    EditRunning,
    /// Editing a record so that it leaves one's own rows.
    MayLeave,
    Delete,
    Copy,
    Import,
    Export,
    BulkEdit,
    Print,
    Comment,
    Void,
    ChangeOwner,
    ReassignTask,
    Terminate,
    Reactivate,
}

impl Operation {
    /// All of them, in the order in which people are shown them.
    pub const ALL: [Operation; 17] = [
        Operation::View,
        Operation::Create,
        Operation::Edit,
        Operation::EditRunning,
        Operation::MayLeave,
        Operation::Delete,
        Operation::Copy,
        Operation::Import,
        Operation::Export,
        Operation::BulkEdit,
        Operation::Print,
        Operation::Comment,
        Operation::Void,
        Operation::ChangeOwner,
        Operation::ReassignTask,
        Operation::Terminate,
        Operation::Reactivate,
    ];

    /// The name in documents.
    pub fn name(self) -> &'static str {
        match self {
            Operation::View => "view",
            Operation::Create => "create",
            Operation::Edit => "edit",
            Operation::EditRunning => "edit_running",
            Operation::MayLeave => "may_leave",
            Operation::Delete => "delete",
            Operation::Copy => "copy",
            Operation::Import => "import",
            Operation::Export => "export",
            Operation::BulkEdit => "bulk_edit",
            Operation::Print => "print",
            Operation::Comment => "comment",
            Operation::Void => "void",
            Operation::ChangeOwner => "change_owner",
            Operation::ReassignTask => "reassign_task",
            Operation::Terminate => "terminate",
            Operation::Reactivate => "reactivate",
        }
    }
}

/// The right on a field, in growing order.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FieldRight {
    /// The field does not exist for them.
    #[default]
    None,
    Read,
    Edit,
}
