//! A record being made or changed: what is typed goes in, values, visibility and faults come out.
//!
//! [`Draft`] is the one implementation. The browser holds a draft while somebody types and sets one value at a time;
//! the server makes one for each save and applies the whole change. What depends on a change is evaluated again, and
//! nothing else.

mod cause;
mod draft;
mod facts;
mod faults;
mod linked;
mod read;
mod row_at_fault;
mod title;

pub use draft::{Draft, OpenQuestion, landed, place_after_move};
pub use facts::{key_facts, key_facts_beside_approval};
pub use linked::{Linked, missing_links, missing_on_paths};
pub use read::{ReadPolicy, Sent, read_fields, read_new_fields, read_values, values_to_json};
pub use title::{title, title_fields};

#[cfg(test)]
pub(crate) mod tests;
