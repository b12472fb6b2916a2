//! Phrases of one's own: what somebody says again and again with their decisions.

use engine::text::Fault;
use engine::value::Id;
use store::ids;
use store::phrase::Phrase;
use wire::flows::{Phrase as View, PhraseInput};

use crate::service::answer::Answer;
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal};

/// Phrases of one member.
const MOST: usize = 100;
/// Characters of one.
const LONGEST: usize = 500;

fn view(phrase: &Phrase) -> View {
    View { id: phrase.id, text: phrase.text.clone() }
}

/// The caller's own, oldest first.
pub async fn list(installation: &Installation, caller: &Caller) -> Result<Vec<View>, Refusal> {
    let mut db = installation.store.read().await?;
    let phrases = Phrase::of_member(&mut db, caller.workspace_id(), caller.id()).await?;
    Ok(phrases.iter().map(view).collect())
}

/// # Errors
/// `required`, `too_long`, `too_many`.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: PhraseInput,
) -> Result<Answer, Refusal> {
    let text = input.text.trim().to_string();
    if text.is_empty() {
        return Err(Refusal::fault("text", "required"));
    }
    if text.chars().count() > LONGEST {
        return Err(Refusal::invalid(vec![Fault::new("text", "too_long").arg("max", LONGEST)]));
    }
    let (workspace, member) = (caller.workspace_id(), caller.id());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let known = Phrase::of_member(tx, workspace, member).await?;
                if let Some(same) = known.iter().find(|known| known.text == text) {
                    // Once is enough.
                    return Answer::created(&view(same));
                }
                if known.len() >= MOST {
                    return Err(Refusal::invalid(vec![Fault::new("", "too_many").arg("max", MOST)]));
                }
                let phrase = Phrase { workspace, id: ids::next(), member, text };
                phrase.insert(tx).await?;
                Answer::created(&view(&phrase))
            })
        })
        .await
}

/// # Errors
/// Not found, for those of others too.
pub async fn delete(installation: &Installation, caller: &Caller, id: Id) -> Result<(), Refusal> {
    let (workspace, member) = (caller.workspace_id(), caller.id());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let found = Phrase::find(tx, workspace, id).await?;
                found.filter(|phrase| phrase.member == member).ok_or_else(Refusal::missing)?;
                Phrase::delete(tx, workspace, id).await?;
                Ok(())
            })
        })
        .await
}
