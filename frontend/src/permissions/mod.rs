//! Who may do what with the records of a form: its permission groups, what each shows, what a change of one means, and
//! why somebody may or may not do something.

mod administrators;
mod change;
mod closed;
mod editor;
mod explain;
mod explain_form;
mod fields;
mod more;
mod page;
mod people;
mod see_as;
mod seen;

pub use change::Told;
pub use explain::ExplainDialog;
pub use page::PermissionsPage;
