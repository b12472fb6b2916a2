//! Reports: listing them, running them as the viewer, and the records behind their numbers.

mod behind;
mod export;
mod list;
mod names;
mod params;
mod run;
mod source;

pub use behind::{Listing, in_group, records};
pub use export::export;
pub use list::{is_closed, is_offered, list};
pub use names::{field_label, field_unit, period_label};
pub use params::{day_after_last, day_first, period_of};
pub use run::{period_named, run, run_in};
pub use source::{Query, Viewer, find_titles, people_named};
