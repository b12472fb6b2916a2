//! What somebody can ask for: the forms whose flow begins with a record of theirs.

use engine::access::Operation;
use wire::flows::Startable;

use crate::service::apps::label;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// The forms with a flow in force whose records the caller may make, the oldest first.
///
/// # Errors
/// When the designs can't be read.
pub async fn list(installation: &Installation, caller: &Caller) -> Result<Vec<Startable>, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let mut found = Vec::new();
    for design in designs.forms.values().filter(|design| design.flow.is_some()) {
        let (Some(sketch), Some(app)) = (&design.sketch, designs.app_of(design)) else { continue };
        // One that rests can't be asked for.
        let Ok(compiled) = designs.compiled(design) else { continue };
        if !designs.access(design, &compiled, caller).may(Operation::Create) {
            continue;
        }
        found.push(Startable {
            form: design.row.id,
            label: sketch.document.label.clone(),
            icon: sketch.document.icon.clone(),
            app: app.id,
            app_key: app.key.clone(),
            app_label: label(&app.label),
        });
    }
    Ok(found)
}
