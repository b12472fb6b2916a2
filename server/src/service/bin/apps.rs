//! Apps in the recycle bin.

use engine::text::Fault;
use engine::value::Id;
use store::app::App;

use super::binned_app;
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, apps};

/// Takes an app out of the bin, with its forms and all that belongs to them. Forms that lay there by themselves stay.
///
/// # Errors
/// Not found; `app_taken` where another app has its key by now.
pub async fn restore(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let mut app = binned_app(tx, &actor, id).await?;
                if App::by_key(tx, workspace, &app.key).await?.is_some() {
                    let faults = vec![Fault::new("key", "not_unique")];
                    return Err(Refusal { faults, ..Refusal::conflict("app_taken") });
                }
                app.deleted_at = None;
                app.version += 1;
                app.update(tx).await?;
                let note = Note {
                    action: "app.restore",
                    object: Some(app.id),
                    label: Some(&app.key),
                    changes: None,
                };
                audit::note(tx, &actor, note).await?;
                parts.designs.changed(tx, workspace).await?;
                Ok(Answer::done(&apps::view(&app, &actor))?.version(app.version))
            })
        })
        .await
}
