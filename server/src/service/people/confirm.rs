//! Showing anew who one is: what changes how somebody signs in asks for it, so that a session that was left open, or
//! stolen, is not enough.

use jiff::SignedDuration;
use store::session::Session;

use super::sign_in::{From, knows_password};
use super::{Caller, Credential, second_factor};
use crate::service::{Installation, Refusal, audit, clock};

/// How long it holds.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// Whether the caller has just shown who they are. An operator on the machine has.
///
/// # Errors
/// `reauth_required`; `session_required` for who comes with a token.
pub async fn is_fresh(installation: &Installation, caller: &Caller) -> Result<(), Refusal> {
    super::tokens::is_no_token(caller)?;
    let Credential::Session(hash) = &caller.credential else { return Ok(()) };
    let session = Session::find(&mut installation.store.read().await?, hash.clone()).await?;
    let now = clock::now();
    match session {
        // What was shown later than now, by a clock that was set back, is not good until then.
        Some(session) if now.duration_since(session.confirmed_at).abs() < FRESH => Ok(()),
        Some(_) | None => Err(Refusal::forbidden("reauth_required")),
    }
}

/// Takes a password or a code for it. From whom a second step is asked, the code of the authenticator is enough and the
/// password too: both are what the one who found a browser open has not got.
///
/// # Errors
/// `wrong_password`, `wrong_code`, `too_many_requests`; `session_required`.
pub async fn confirm(
    installation: &Installation,
    caller: &Caller,
    from: From,
    input: wire::Confirmation,
) -> Result<(), Refusal> {
    super::tokens::is_no_token(caller)?;
    match (input.password, input.code) {
        (Some(password), _) => {
            if !knows_password(installation, caller, &password, from).await? {
                return Err(Refusal::fault("password", "wrong_password"));
            }
        }
        (None, Some(code)) => {
            let known = second_factor::find(installation, caller.workspace_id(), caller.id()).await?;
            let is_right = match known.filter(|factor| factor.confirmed_at.is_some()) {
                Some(factor) => second_factor::is_right(installation, &factor, &code).await?,
                None => false,
            };
            if !is_right {
                audit::turn_away(installation, std::slice::from_ref(&*caller.member), &from).await?;
                return Err(Refusal::fault("code", "wrong_code"));
            }
        }
        (None, None) => return Err(Refusal::fault("password", "required")),
    }
    let Credential::Session(hash) = caller.credential.clone() else { return Ok(()) };
    let now = clock::now();
    installation.write(move |tx| Box::pin(async move { Ok(Session::confirm(tx, &hash, now).await?) })).await
}
