//! Records: the one way in ([`save`]), and the ways to look at them.

mod again;
pub mod aggregate;
pub mod asking;
pub mod bulk;
pub mod bulk_edit;
pub mod change;
pub mod comments;
mod counting;
pub mod entries;
pub mod failing;
mod figures;
mod groups_asked;
pub mod history;
pub mod keys;
#[cfg(test)]
mod list_cost;
mod live;
mod offered;
pub mod options;
mod order;
pub mod query;
pub mod read;
pub mod restore;
pub mod reused;
pub mod save;
mod searching;
mod standing;
pub mod titles;
pub mod trial;
pub mod undo;
pub mod unique;
#[cfg(test)]
mod unseen_cost;
mod view;
pub mod zone;

pub use live::{Around, Eyes, system_values};
pub use offered::Asker;
pub use order::{Order, Path};
pub use searching::{Search, serial_fields};
pub use standing::edit_of;
pub use view::FieldRights;
