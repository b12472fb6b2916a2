//! What a reader may do with one record: as the server decides it, by the state of the record's flow.

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
    // While its flow runs, a record is changed by who has a task with it, there.
    let (operation, why) = match record.system.flow_state.as_deref() {
        Some(DRAFT) => ("create", "record-read-only"),
        Some("running" | "withdrawn") => ("edit_running", "record-locked-running"),
        _ => ("edit", "record-read-only"),
    };
    let may = form.may(operation) && !form.editable().is_empty();
    (!may).then_some(why)
}

/// Whether the reader may delete a record. A draft is its creator's own.
pub fn may_delete(form: &OpenForm, record: &Record) -> bool {
    let is_draft = record.system.flow_state.as_deref() == Some(DRAFT);
    form.may(if is_draft { "create" } else { "delete" }) && record.system.deleted_at.is_none()
}
