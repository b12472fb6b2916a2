//! A package: an app as text (documents.md, "Package").
//!
//! Reading turns the files into typed documents or names every fault with its file and place. Nothing is installed
//! from a package that has one.

mod demo;
mod document;
mod extension;
mod parameter;
mod read;
mod schema;
pub mod unreadable;
mod version;

pub use demo::{DemoCell, DemoFile, DemoRecord, demo_order, read_demo};
pub use document::{Category, Manifest, Need, Parameter, RoleRule};
pub use extension::{Columns, Extension};
pub use parameter::parameter_values;
pub use read::{Package, in_install_order};
pub use schema::{DOCUMENTS, document_schema};
pub use version::Version;
