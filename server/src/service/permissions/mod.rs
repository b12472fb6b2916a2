//! Permission groups seen from outside: what one shows, what a change of it means for people, and why somebody may or may
//! not do something. What is allowed itself is decided by [`engine::access`].

pub mod dry_run;
pub mod explain;
pub mod people_change;
pub mod preview;

use engine::access::{PermissionGroup, predefined};

use super::people::Caller;
use super::{Installation, Refusal};

/// The groups that are offered for a form to begin with, for one who administers it.
///
/// # Errors
/// Not found, forbidden.
pub async fn offered(
    installation: &Installation,
    caller: &Caller,
    form: &str,
) -> Result<Vec<PermissionGroup>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.form_to_administer(form, caller)?;
    Ok(predefined(design.flow.is_some()))
}
