//! The hints of the pages that a member has put away: gone on every device, and back for whoever asks for them.

use store::put_away::PutAway as Kept;

use super::answer::Answer;
use super::apps::to_json;
use super::designs::stored;
use super::people::Caller;
use super::{Installation, Refusal};

/// What the caller has put away.
///
/// # Errors
/// When the database can't be read.
pub async fn read(installation: &Installation, caller: &Caller) -> Result<wire::PutAway, Refusal> {
    let mut db = installation.store.read().await?;
    match Kept::find(&mut db, caller.workspace_id(), caller.id()).await? {
        Some(kept) => Ok(wire::PutAway { hints: stored("put_away", &kept.hints)? }),
        None => Ok(wire::PutAway::default()),
    }
}

/// Says what the caller has put away; what is not named is there again.
///
/// # Errors
/// When it can't be stored.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    input: wire::PutAway,
) -> Result<Answer, Refusal> {
    let actor = caller.clone();
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let (workspace, member) = (actor.workspace_id(), actor.id());
                let row = Kept { workspace, member, hints: to_json(&input.hints)? };
                row.put(tx).await?;
                Answer::done(&input)
            })
        })
        .await
}
