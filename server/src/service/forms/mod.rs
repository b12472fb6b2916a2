//! Forms: designing, publishing and showing them.

pub mod draft;
pub mod groups;
pub mod publish;
pub mod view;

use super::Refusal;
use super::designs::Designs;
use super::people::Caller;

/// The forms of an app that the caller may use; unpublished ones for its administrators.
///
/// # Errors
/// Not found where the caller may use nothing in the app.
pub fn list(designs: &Designs, app: &str, caller: &Caller) -> Result<Vec<wire::Form>, Refusal> {
    let app = designs.app(app).filter(|app| designs.is_visible(app, caller)).ok_or_else(Refusal::missing)?;
    let visible = designs.forms.values().filter(|design| design.row.app == app.id);
    visible
        .filter(|design| designs.may_use(design, caller))
        .map(|design| view::entry(designs, design, caller))
        .collect()
}

/// One form with its definition.
///
/// # Errors
/// Not found for who may do nothing with it.
pub fn read(designs: &Designs, name: &str, caller: &Caller) -> Result<wire::Form, Refusal> {
    let design = designs.form_named(name).filter(|design| designs.may_use(design, caller));
    view::whole(designs, design.ok_or_else(Refusal::missing)?, caller)
}
