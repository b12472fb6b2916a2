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

mod connection;
mod database;
mod dialect;
mod error;
pub mod ids;
mod migration;
mod row;
mod settings;
pub mod workspace;

#[cfg(test)]
mod testing;

pub use connection::{Reader, Tx};
pub use database::Store;
pub use error::{Error, Result};
pub use settings::{Database, Settings};
