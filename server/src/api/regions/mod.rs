//! Lists of regions, which fields of addresses offer.

pub mod list;
pub mod read;
