//! Everything that is kept, and the only SQL of Formwork.
//!
//! Two databases stand behind one interface: SQLite in the data folder (the default) and PostgreSQL. What
//! differs between them sits behind the few functions of `dialect`, and in `database/`, which opens
//! them and runs their transactions. No other crate sees a driver type or a line of SQL.
//!
//! # Reading and writing
//! [`Store::read`] lends a [`Reader`]; [`Store::write`] runs a whole transaction, which a caller that hangs up
//! does not cancel, and which may run more than once (a deadlock, a failed commit), so its closure must be
//! repeatable. Functions take a `&mut Reader` where they only read and a `&mut Tx` where they write; a `Tx`
//! is a `Reader` too. There is one module for each noun. Lookups answer `Option`; what is absent is no error.
//!
//! # What it does not know
//! Field kinds (it knows their shapes), HTTP, principals (functions that touch records take an access).
//! User text is never an identifier: tables and columns are named by number.

pub mod aggregate;
pub mod app;
pub mod app_order;
pub mod app_secret;
pub mod app_tree;
pub mod audit;
pub mod awaited_owner;
pub mod bin;
pub mod bin_line;
pub mod call_receiver;
mod cell;
pub mod comment;
mod connection;
pub mod copy;
mod database;
pub mod delegation;
pub mod department;
mod dialect;
pub mod document;
pub mod due;
mod error;
pub mod favourite;
pub mod figure;
pub mod file;
pub mod file_room;
pub mod flow;
pub mod flow_call;
pub mod flow_message;
pub mod form;
pub mod form_administration;
pub mod groups;
pub mod history;
pub mod idempotency;
pub mod identity;
pub mod ids;
pub mod import;
pub mod inbound_hook;
pub mod instance;
pub mod invitation;
pub mod job;
pub mod kept_entry;
pub mod mail;
pub mod member;
mod migration;
pub mod notice;
pub mod outbox;
pub mod password_reset;
pub mod permission;
pub mod phrase;
pub mod print_template;
pub mod public_link;
pub mod put_away;
pub mod query;
pub mod reading_lock;
pub mod record;
pub mod role;
pub mod role_group;
mod row;
pub mod schema;
pub mod second_factor;
pub mod serial;
pub mod session;
pub mod setting;
mod settings;
pub mod sign_in_policy;
mod stored;
pub mod table;
pub mod token;
pub mod view;
pub mod workspace;
pub mod workspace_settings;

#[cfg(test)]
mod fixed_tests;
#[cfg(test)]
mod found_tests;
#[cfg(test)]
mod growing_tests;
#[cfg(test)]
mod testing;

pub use connection::{Reader, Tx};
pub use database::{Heard, LONGEST_CALL, Neighbours, Store, Wanted};
pub use error::{Error, Result};
pub use settings::{Database, Settings};
