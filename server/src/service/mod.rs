//! What the product does: one folder or file for a capability. A service is given who asks and what is
//! wanted, and answers with a value or a [`Refusal`]; it knows nothing of HTTP.

pub mod aggregates;
pub mod answer;
pub mod app_order;
pub mod app_tree;
pub mod apps;
pub mod audit;
pub mod bin;
pub mod cached;
pub mod calls;
pub mod clock;
pub mod dashboards;
pub mod designs;
pub mod doctor;
pub mod exports;
pub mod faults;
pub mod favourites;
pub mod figures;
pub mod files;
pub mod flows;
pub mod forms;
pub mod imports;
mod installation;
pub mod jobs;
pub mod links;
pub mod live_events;
pub mod mail;
pub mod metrics;
pub mod neighbours;
pub mod once;
pub mod operator;
mod outbound;
pub mod people;
pub mod permissions;
pub mod put_away;
pub mod records;
mod refusal;
pub mod regions;
pub mod reports;
mod room;
pub mod scripts;
pub mod seal;
pub mod search;
pub mod secrets;
mod spreadsheet;
pub mod strict;
mod telling;
pub mod templates;
#[cfg(test)]
pub mod testing;
pub mod turns;
pub mod upkeep;
pub mod views;

pub use installation::{Installation, open_store};
pub use refusal::{Cause, Refusal};
pub use telling::sentence_of;
