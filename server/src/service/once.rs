//! An action has one effect, however often its request is sent: its answer is kept, in the transaction of the
//! effect, under the caller's idempotency key (semantics.md 8).

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use engine::value::Id;
use futures::future::BoxFuture;
use store::Tx;
use store::idempotency::{Claim, Idempotency};

use super::answer::{Answer, Outcome};
use super::people::Caller;
use super::{Cause, Installation, Refusal};
use crate::service::clock;

/// The key of a request that may be sent again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub route: String,
    pub key: String,
    /// Of the body: the same key with another body is a mistake.
    pub body_hash: String,
}

impl Key {
    /// The key of one row of a request that is done row by row.
    pub fn row(&self, place: usize) -> Key {
        Key { key: format!("{}#{place}", self.key), ..self.clone() }
    }
}

/// Requests that this process works on, so that the second of two at once is told so instead of waiting.
#[derive(Debug, Default)]
pub struct Running(Mutex<HashSet<(Id, String, String)>>);

struct Place<'r> {
    running: &'r Running,
    name: (Id, String, String),
}

impl Running {
    fn enter(&self, principal: Id, key: &Key) -> Result<Place<'_>, Refusal> {
        let name = (principal, key.route.clone(), key.key.clone());
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !running.insert(name.clone()) {
            return Err(Refusal::conflict("idempotency_in_progress"));
        }
        Ok(Place { running: self, name })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.running.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}

/// An action, whichever it is: what surrounds it is compiled once.
type Action = Arc<dyn for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<Answer, Refusal>> + Send + Sync>;

/// What becomes of a kept answer when its request comes again.
type Again = Arc<dyn for<'t> Fn(&'t mut Tx, Answer) -> BoxFuture<'t, Result<Answer, Refusal>> + Send + Sync>;

impl Installation {
    /// Runs an action in one transaction. With a key, a repetition gets the first answer.
    ///
    /// # Errors
    /// What `work` says; `idempotency_key_reused` and `idempotency_in_progress` for the key.
    pub async fn act<F>(&self, caller: &Caller, key: Option<Key>, work: F) -> Result<Answer, Refusal>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<Answer, Refusal>>,
        F: Clone + Send + Sync + 'static,
    {
        self.act_by(caller, key, Arc::new(move |tx| work.clone()(tx)), None).await
    }

    /// As [`Installation::act`], where an answer is not for whoever once got it: a repetition gets what `again` makes of
    /// the first answer, by the rights of that moment.
    ///
    /// # Errors
    /// As [`Installation::act`]; what `again` says.
    pub async fn act_or_tell<F, R>(
        &self,
        caller: &Caller,
        key: Option<Key>,
        work: F,
        again: R,
    ) -> Result<Answer, Refusal>
    where
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<Answer, Refusal>>,
        F: Clone + Send + Sync + 'static,
        R: for<'t> FnOnce(&'t mut Tx, Answer) -> BoxFuture<'t, Result<Answer, Refusal>>,
        R: Clone + Send + Sync + 'static,
    {
        let again: Again = Arc::new(move |tx, first| again.clone()(tx, first));
        self.act_by(caller, key, Arc::new(move |tx| work.clone()(tx)), Some(again)).await
    }

    async fn act_by(
        &self,
        caller: &Caller,
        key: Option<Key>,
        action: Action,
        again: Option<Again>,
    ) -> Result<Answer, Refusal> {
        caller.may_change()?;
        let Some(key) = key else { return self.write(move |tx| action(tx)).await };
        let (workspace, principal) = (caller.workspace_id(), caller.id());
        // The work goes on when the caller hangs up, and so does its place.
        let installation = self.clone();
        let run = async move {
            let _place = installation.running.enter(principal, &key)?;
            installation
                .write(move |tx| {
                    Box::pin(async move {
                        if let Some(first) = kept(tx, workspace, principal, &key).await? {
                            return match again {
                                Some(again) => again(tx, first).await,
                                None => Ok(first),
                            };
                        }
                        let answer = action(tx).await?;
                        keep(tx, workspace, principal, &key, &answer).await?;
                        Ok(answer)
                    })
                })
                .await
        };
        tokio::spawn(run).await.map_err(Refusal::internal)?
    }
}

async fn kept(tx: &mut Tx, workspace: Id, principal: Id, key: &Key) -> Result<Option<Answer>, Refusal> {
    let claim = Idempotency::claim(tx, workspace, principal, &key.route, &key.key, &key.body_hash).await?;
    match claim {
        Claim::New => Ok(None),
        Claim::Answered(kept) => read(&kept).map(Some),
        Claim::Reused => Err(Refusal::new(Cause::Invalid, "idempotency_key_reused")),
        Claim::InProgress => Err(Refusal::conflict("idempotency_in_progress")),
    }
}

async fn keep(tx: &mut Tx, workspace: Id, principal: Id, key: &Key, answer: &Answer) -> Result<(), Refusal> {
    let status = match answer.outcome {
        Outcome::Done => 200,
        Outcome::Created => 201,
        Outcome::Accepted => 202,
    };
    // The version goes first, on a line of its own.
    let version = answer.version.map_or_else(String::new, |version| version.to_string());
    let row = Idempotency {
        workspace,
        principal,
        route: key.route.clone(),
        key: key.key.clone(),
        body_hash: key.body_hash.clone(),
        status,
        answer: format!("{version}\n{}", answer.body),
        created_at: clock::now(),
    };
    Ok(Idempotency::insert_ahead(tx, &[row]).await?)
}

fn read(kept: &Idempotency) -> Result<Answer, Refusal> {
    let (version, body) = kept.answer.split_once('\n').unwrap_or(("", &kept.answer));
    let outcome = match kept.status {
        201 => Outcome::Created,
        202 => Outcome::Accepted,
        _ => Outcome::Done,
    };
    Ok(Answer { outcome, body: body.to_string(), version: version.parse().ok(), unpublished: None })
}
