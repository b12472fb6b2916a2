//! The API as a page to read: made from the OpenAPI document, without anything that runs in the browser.

pub mod page;
mod schema;
pub mod style;

mod render;
