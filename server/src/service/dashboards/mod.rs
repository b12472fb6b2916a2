//! Dashboards: pages of tiles over records, aggregate tables and reports, seen with the viewer's eyes.

mod behind;
mod closed;
mod create;
mod eyes;
mod filters;
mod groups;
mod offers;
mod read;
mod source;
mod tile;

pub use behind::records;
pub use create::{create, insert};
pub use eyes::{come_back, come_whole, may_put_up};
pub use groups::values_at;
pub use offers::options;
pub use read::{list, read};
pub use tile::data;
