//! What a reader may do with one record: as the server says of this very record.

use std::collections::BTreeSet;

use wire::records::Record;

use crate::api::forms::OpenForm;

/// The state of a record that was put aside before it was submitted.
pub const DRAFT: &str = "draft";

/// The text that says why the reader may not change a record; nothing where they may.
pub fn why_locked(form: &OpenForm, record: &Record) -> Option<&'static str> {
    if record.system.deleted_at.is_some() {
        return Some("record-locked-deleted");
    }
    if record.system.voided_at.is_some() {
        return Some("record-locked-voided");
    }
    if form.form.locks(record.system.flow_state.as_deref()) {
        return Some("record-locked-approved");
    }
    if record.may.has("edit") && !editable(form, record).is_empty() {
        return None;
    }
    // While its flow runs, a record is changed by who has a task with it, there.
    Some(if is_in_approval(record) { "record-locked-running" } else { "record-read-only" })
}

/// The paths of the fields that the reader may edit on this record, where they may edit it.
pub fn editable(form: &OpenForm, record: &Record) -> BTreeSet<String> {
    let mut paths = form.editable();
    paths.retain(|path| !record.may.fields.contains_key(path));
    paths
}

/// Whether the reader may delete a record.
pub fn may_delete(record: &Record) -> bool {
    record.may.has("delete") && record.system.deleted_at.is_none()
}

/// Whether the reader may give a record to somebody else. What is locked since it was approved still changes hands.
pub fn may_give(form: &OpenForm, record: &Record) -> bool {
    let is_locked = form.form.locks(record.system.flow_state.as_deref());
    record.may.has("change_owner") && (is_locked || record.may.has("edit"))
}

/// Whether the reader may void a record, which is for what scripts take back.
pub fn may_void(record: &Record) -> bool {
    record.may.has("void")
}

/// Whether the approval of the record ended without approving it.
pub fn is_refused(record: &Record) -> bool {
    matches!(record.system.flow_state.as_deref(), Some("rejected" | "terminated"))
}

/// Whether an approval of the record is not over.
pub fn is_in_approval(record: &Record) -> bool {
    matches!(record.system.flow_state.as_deref(), Some("running" | "withdrawn"))
}
