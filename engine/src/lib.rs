//! The rules of Formwork, and nothing else: what a value, a form, a formula, a condition, a save, a flow
//! and a right mean. The server (native) and the browser (WASM) compile this same crate, so no write path
//! can differ from another.
//!
//! It does no I/O, reads no clock, draws no random number, starts no thread and keeps no global state:
//! time, people, ids and linked records come in as arguments. It knows nothing of SQL, HTTP or the screen.
//! There is no binary float in it.
//!
//! # Reading order
//! [`value`] → [`text`] (faults) → `criteria`, [`formula`] → [`field`] → [`condition`] → [`script`] → [`form`] →
//! [`record`] → [`flow`], [`access`] → [`hook`], [`aggregate`] → [`view`], [`print`], [`report`], [`import`] → [`package`]. Arrows point back only along this line,
//! and `tests/tests/house/direction.rs` holds it.
//!
//! # One more of something
//! - a field kind: a file in `field/` and one line in `field/mod.rs`
//! - a formula function: one entry in a file of `formula/functions/`
//! - a flow step or task action: `flow/`

pub mod access;
pub mod aggregate;
pub mod condition;
pub mod context;
mod criteria;
pub mod field;
pub mod flow;
pub mod form;
pub mod formula;
pub mod hook;
pub mod import;
pub mod package;
pub mod print;
pub mod record;
pub mod report;
pub mod script;
pub mod text;
pub mod value;
pub mod view;
