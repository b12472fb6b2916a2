//! A form that visitors fill in by a public link: no navigation, no session, one column, one page after the other.

mod closed;
mod filling;
mod frame;
mod kept;
mod loaders;
mod page;
mod password;
mod sending;
mod taken;
mod turning;

pub use page::PublicFormPage;
