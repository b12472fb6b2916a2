//! The kinds of jobs that go on after their server stopped, and who goes on with them.
//!
//! One more kind is a line here: its work begins where [`Going::place`] says, and notes with every slice that it saves how
//! far it is.

use futures::future::BoxFuture;
use serde_json::Value as Json;

use super::Going;
use crate::service::flows::{migrate, pass_on, rereading};
use crate::service::people::hand_over;
use crate::service::records::{bulk_edit, undo, zone};
use crate::service::{Refusal, audit, exports, imports, templates};

/// Goes on with a job to its end; gives its result.
pub type Work = fn(Going) -> BoxFuture<'static, Result<Json, Refusal>>;

const KINDS: &[(&str, Work)] = &[
    (bulk_edit::KIND, bulk_edit::work),
    (undo::KIND, undo::work),
    (zone::KIND, zone::work),
    (hand_over::KIND, hand_over::work),
    (imports::IMPORT, imports::go_on),
    (imports::UNDO, imports::go_on_undoing),
    (exports::EXPORT, exports::go_on),
    (audit::EXPORT, audit::go_on),
    (migrate::KIND, migrate::work),
    (pass_on::KIND, pass_on::work),
    (rereading::KIND, rereading::work),
    (templates::CLEAR_DEMO, templates::go_on_clearing),
];

/// Their names.
pub fn names() -> Vec<&'static str> {
    KINDS.iter().map(|(name, _)| *name).collect()
}

/// Who goes on with jobs of a kind; nobody where they end with their server.
pub fn work_of(kind: &str) -> Option<Work> {
    KINDS.iter().find(|(name, _)| *name == kind).map(|(_, work)| *work)
}
