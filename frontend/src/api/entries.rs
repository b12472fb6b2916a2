//! What the reader has entered and not saved, kept on the server for their other devices.

use engine::value::Id;
use leptos::task::spawn_local;
use wire::records::{EntryInput, Fields, KeptEntry};

use super::{Call, Problem};
use crate::browser;

fn path(form: Id, record: Option<Id>) -> String {
    match record {
        Some(record) => format!("/forms/{form}/entries/{record}"),
        None => format!("/forms/{form}/entries/new"),
    }
}

/// What is kept of a record, or of a new one; no time where nothing is.
pub async fn read(form: Id, record: Option<Id>) -> Result<KeptEntry, Problem> {
    Call::get(path(form, record)).send().await
}

/// Keeps it in place of what was kept before. Nobody is asked to sign in for it: it is kept in this browser too.
pub async fn keep(form: Id, record: Option<Id>, fields: Fields) -> Result<KeptEntry, Problem> {
    Call::put(path(form, record)).json(&EntryInput { fields }).without_renewal().send().await
}

pub async fn forget(form: Id, record: Option<Id>) -> Result<(), Problem> {
    Call::delete(path(form, record)).without_renewal().send_unit().await
}

/// Where this browser remembers when it last kept there what it keeps itself at `place`.
pub fn mark(place: &str) -> String {
    format!("{place}.at")
}

/// Forgets what this browser has kept there, if it has.
pub fn forget_own(form: Id, record: Option<Id>, place: &str) {
    let mark = mark(place);
    if browser::remembered(&mark).is_none() {
        return;
    }
    spawn_local(async move {
        // Until it is gone, it is known as this browser's own.
        if forget(form, record).await.is_ok() {
            browser::forget(&mark);
        }
    });
}
