//! Forms: designing, publishing and showing them.

pub mod administrators;
mod around;
pub mod dependents;
pub mod draft;
pub mod evaluate;
pub mod groups;
pub mod linking;
pub mod newly;
pub mod preview;
pub mod publish;
mod recompute;
pub mod removed;
pub mod schema;
mod searched;
mod settle;
pub mod sounds;
mod stand_in;
pub mod view;

use engine::value::Id;

use super::designs::Designs;
use super::flows::tasks;
use super::people::Caller;
use super::{Installation, Refusal};

pub use searched::settle_search;
pub use settle::settle;

/// The forms of an app that the caller may use; unpublished ones, and those that rest, for their administrators.
///
/// # Errors
/// Not found where the caller may use nothing in the app.
pub fn list(designs: &Designs, app: &str, caller: &Caller) -> Result<Vec<wire::Form>, Refusal> {
    let app = designs.app(app).filter(|app| designs.is_visible(app, caller)).ok_or_else(Refusal::missing)?;
    let visible = designs.forms.values().filter(|design| design.row.app == app.id);
    visible
        .filter(|design| designs.may_use(design, caller))
        .filter(|design| !designs.rests(design) || designs.administers_form(design, caller))
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

/// One form as a task of the caller shows it: its fields are those of the step.
///
/// # Errors
/// Not found for a task that is not the caller's, or of another form.
pub async fn read_at(
    installation: &Installation,
    caller: &Caller,
    name: &str,
    task: Id,
) -> Result<wire::Form, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.form_named(name).ok_or_else(Refusal::missing)?;
    let rights = tasks::rights_at(installation, caller, design.row.id, task).await?;
    view::whole_with(&designs, design, caller, Some(&rights))
}
