//! The only place that does HTTP: typed calls of `/api/v1`, one file for a capability.
//!
//! Every call answers `Result<T, Problem>`; a problem's `detail` is a sentence in the reader's language, ready
//! to be shown. Three things never reach the caller:
//!
//! - an ended session: the call waits while the reader signs in again in a dialog over the page, then is
//!   repeated (with the same idempotency key), so nothing typed is lost;
//! - a read while the server is gone: a banner says so, and the call goes on when the server is back;
//! - a write that may be sent again ([`Call::until_answered`]) while it is gone: it waits in the same way, and is done once.

pub mod aggregates;
pub mod apps;
pub mod audit;
pub mod bin;
mod connection;
pub mod dashboards;
pub mod delegations;
pub mod drafts;
pub mod entries;
pub mod files;
pub mod flow_figures;
pub mod flows;
pub mod forms;
pub mod hooks;
pub mod imports;
pub mod instances;
pub mod jobs;
pub mod kept_here;
pub mod links;
pub mod news;
pub mod notices;
pub mod people;
pub mod permissions;
pub mod phrases;
pub mod places;
pub mod prints;
mod problem;
pub mod program;
pub mod public_forms;
pub mod records;
pub mod regions;
pub mod reports;
mod request;
pub mod scripts;
pub mod search;
pub mod sending;
pub mod session;
pub mod sign_in;
pub mod tasks;
pub mod templates;
pub mod unsent;
pub mod views;
pub mod workspace;

use serde::Deserialize;

pub use connection::{back, is_connected};
pub use problem::seconds_to_wait;
pub use request::{Call, segment};
pub use wire::Problem;

/// One page of a list.
#[derive(Clone, Debug, Deserialize)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Where the next page starts; nothing at the end of the list.
    #[serde(default)]
    pub next: Option<String>,
    #[serde(default)]
    pub count: Option<Count>,
}

/// How many there are altogether.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Count {
    pub value: u64,
    pub exact: bool,
}
