//! The JSON Schemas of documents.

pub mod read;
