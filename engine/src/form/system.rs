//! The fields that every record has (semantics.md 14).

use crate::field::{Choice, FieldKind, options};
use crate::text::{Label, Language, Texts};

/// Names of the system fields, as in conditions and sorts.
pub const SYSTEM_FIELDS: [&str; 12] = [
    "$id",
    "$version",
    "$created_at",
    "$created_by",
    "$updated_at",
    "$updated_by",
    "$owner",
    "$department",
    "$collaborators",
    "$flow_state",
    "$voided_at",
    "$deleted_at",
];

/// What people call a system field, or the record itself (`record`); empty for another name.
pub fn system_label(name: &str, language: Language) -> String {
    let key = format!("system-{}", name.trim_start_matches('$').replace('_', "-"));
    Texts::of(language).get(&key, &Default::default()).unwrap_or_default()
}

/// The states of a record and its flow.
pub const FLOW_STATES: [&str; 6] = ["draft", "running", "approved", "rejected", "withdrawn", "terminated"];

/// The kind that a system field behaves as; `None` for another name.
pub fn system_kind(name: &str) -> Option<FieldKind> {
    let kind = match name {
        "$id" => FieldKind::Link(options::Link::default()),
        "$version" => FieldKind::Number(options::Number { scale: Some(0), ..options::Number::default() }),
        "$created_at" | "$updated_at" | "$voided_at" | "$deleted_at" => {
            FieldKind::DateTime(options::DateTime::default())
        }
        "$created_by" | "$updated_by" | "$owner" => FieldKind::Member(options::Member::default()),
        "$department" => FieldKind::Department(options::Department::default()),
        "$collaborators" => FieldKind::Members(options::Members::default()),
        "$flow_state" => {
            let choice = |key: &&str| Choice { key: key.to_string(), label: Label::from(*key), color: None };
            let choices = FLOW_STATES.iter().map(choice).collect();
            FieldKind::Select(options::Select { choices, ..options::Select::default() })
        }
        _ => return None,
    };
    Some(kind)
}
