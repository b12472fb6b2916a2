//! What was refused to people who are signed in.
//!
//! A refusal changes nothing, so there is no transaction that its entry could go into, and whoever is refused may ask a
//! thousand times a second. So refusals are gathered for half a second: one entry for each thing that somebody was refused,
//! with the number of times.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::value::{Id, Timestamp};
use serde_json::json;
use store::audit::AuditEntry;

use super::{Note, entry};
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, clock};

/// Different refusals that are kept apart at once; what comes beyond is counted for its member alone.
const APART: usize = 1_000;
/// Of the address that was asked for.
const LONGEST: usize = 300;

/// What somebody has tried.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub method: String,
    /// The path of the request, without what follows `?`.
    pub to: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Refused {
    workspace: Id,
    /// Who sat before the browser.
    member: Id,
    /// As whom they looked, if as somebody else.
    looking_as: Option<Id>,
    path: &'static str,
    ip: Option<String>,
    code: &'static str,
    /// Method and address; none where there were too many.
    what: Option<(String, String)>,
}

/// How often, and when and with which request for the first time.
#[derive(Clone, Debug)]
struct Times {
    count: u64,
    at: Timestamp,
    request: Option<String>,
}

/// Refusals that are not in the trail yet.
#[derive(Debug, Default)]
pub struct Refusals {
    pending: Mutex<HashMap<Refused, Times>>,
    /// Held by who brings them there: who comes then waits until they are.
    writing: tokio::sync::Mutex<()>,
}

impl Refusals {
    /// Notes that `caller` was refused something. Of an administrator who looks as a member it is told that it was they.
    pub fn note(&self, caller: &Caller, attempt: &Attempt, code: &'static str) {
        let mut refused = Refused {
            workspace: caller.workspace_id(),
            member: caller.asker(),
            looking_as: Some(caller.id()).filter(|member| *member != caller.asker()),
            path: caller.path(),
            ip: caller.address.map(|address| address.to_string()),
            code,
            what: Some((attempt.method.clone(), attempt.to.chars().take(LONGEST).collect())),
        };
        let mut pending = self.lock();
        if pending.len() >= APART && !pending.contains_key(&refused) {
            refused.what = None;
        }
        add(&mut pending, refused, Times { count: 1, at: clock::now(), request: caller.request.clone() });
    }

    fn take(&self) -> HashMap<Refused, Times> {
        std::mem::take(&mut *self.lock())
    }

    fn put_back(&self, taken: HashMap<Refused, Times>) {
        let mut pending = self.lock();
        for (refused, times) in taken {
            add(&mut pending, refused, times);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Refused, Times>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn add(pending: &mut HashMap<Refused, Times>, refused: Refused, more: Times) {
    match pending.get_mut(&refused) {
        Some(times) => {
            times.count += more.count;
            times.at = times.at.min(more.at);
        }
        None => drop(pending.insert(refused, more)),
    }
}

/// Brings what was refused into the trail.
///
/// # Errors
/// When the database can't be written; then it is tried again with what comes next.
pub async fn write_refusals(installation: &Installation) -> Result<(), Refusal> {
    let _alone = installation.refusals.writing.lock().await;
    let taken = installation.refusals.take();
    if taken.is_empty() {
        return Ok(());
    }
    let mut entries: Vec<AuditEntry> = taken.iter().map(|(refused, times)| told(refused, times)).collect();
    entries.sort_by_key(|entry| entry.at);
    let written = installation.write(move |tx| {
        Box::pin(async move {
            let entries: Vec<AuditEntry> = entries
                .into_iter()
                .map(|entry| AuditEntry { id: store::ids::next(), ..entry }.hashed())
                .collect();
            Ok(AuditEntry::insert_all(tx, &entries).await?)
        })
    });
    let written = written.await;
    if written.is_err() {
        installation.refusals.put_back(taken);
    }
    written
}

fn told(refused: &Refused, times: &Times) -> AuditEntry {
    let (method, to) = refused.what.clone().unzip();
    let changes = json!({"code": refused.code, "method": method, "path": to, "count": times.count});
    let note = Note { action: "access.refuse", object: None, label: to.as_deref(), changes: Some(changes) };
    AuditEntry {
        at: times.at,
        who: Some(refused.member),
        on_behalf_of: refused.looking_as,
        path: Some(refused.path.to_string()),
        ip: refused.ip.clone(),
        request: times.request.clone(),
        ..entry(refused.workspace, note)
    }
}
