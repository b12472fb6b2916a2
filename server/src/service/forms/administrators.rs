//! Who administers a form without administering its app.

use serde_json::json;
use store::form_administration::FormAdministration;

use crate::service::answer::Answer;
use crate::service::apps::{read_admins, to_json};
use crate::service::audit::{self, Note};
use crate::service::cached::Snapshot;
use crate::service::designs::Designs;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Who they are, for one who administers the app.
///
/// # Errors
/// Not found, forbidden.
pub async fn read(
    installation: &Installation,
    caller: &Caller,
    form: &str,
) -> Result<wire::FormAdmins, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.form_of_app_to_administer(form, caller)?;
    let admins = design.admins.iter().map(|who| serde_json::to_value(who).map_err(Refusal::internal));
    Ok(wire::FormAdmins { admins: admins.collect::<Result<_, Refusal>>()? })
}

/// Has others administer the form from now on. They design it and its flow, say who may what with its records, and do
/// everything with these; they neither delete it nor make others its administrators.
///
/// # Errors
/// Not found, forbidden; the place of one that names nobody here.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    form: String,
    input: wire::FormAdmins,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let designs = Designs::load(tx, workspace).await?;
                let design = designs.form_of_app_to_administer(&form, &actor)?;
                let admins = read_admins(&input.admins, &actor)?;
                let known = FormAdministration::find(tx, workspace, design.row.id).await?;
                let version = known.as_ref().map_or(0, |known| known.version) + 1;
                let row =
                    FormAdministration { workspace, form: design.row.id, admins: to_json(&admins)?, version };
                match known {
                    Some(_) => row.update(tx).await?,
                    None => row.insert(tx).await?,
                }
                let note = Note {
                    action: "form.admins",
                    object: Some(row.form),
                    label: Some(&design.row.key),
                    changes: Some(audit::difference(
                        &json!({"admins": design.admins}),
                        &json!({"admins": admins}),
                    )),
                };
                audit::note(tx, &actor, note).await?;
                parts.designs.changed(tx, workspace).await?;
                Ok(Answer::done(&input)?.version(version))
            })
        })
        .await
}
