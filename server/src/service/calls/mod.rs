//! Calls of flows to other systems: written in the transaction of what led there ([`leave`]), sent after it and tried again until
//! they are taken ([`run`]), listed for those who administer the app (docs/decisions/0063).

mod send;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use engine::flow::{Call, CallRequest, HOPS_HEADER, MOST_HOPS, VisitId};
use engine::value::{Id, Timestamp, format_timestamp};
use store::call_receiver::CallReceiver;
use store::flow_call::{DEAD, FlowCall, HELD, SENT, WAITING};
use store::instance::Instance;
use store::{Reader, Tx, ids};
use wire::flows::Sent;

use super::answer::Answer;
use super::apps::to_json;
use super::audit::{self, Note};
use super::cached::Snapshot;
use super::designs::Designs;
use super::flows::notices::deliver::leave_call;
use super::once::Key;
use super::outbound::{Outbound, is_closed};
use super::people::Caller;
use super::records::Order;
use super::{Installation, Refusal, clock};
use crate::settings::Network;

pub use send::run;

/// What a call brings at most; a larger one is not sent.
const LARGEST: usize = 256 << 10;
/// Calls to one host that are on the way at once.
const MOST_TO_HOST: usize = 10;

/// Sends calls, and knows how many are on the way to which host.
pub struct Calls {
    outbound: Outbound,
    allowed: Vec<Network>,
    underway: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Calls {
    pub fn new(allowed: &[Network]) -> Calls {
        let outbound = Outbound::of_designers(allowed);
        Calls { outbound, allowed: allowed.to_vec(), underway: Arc::default() }
    }

    /// Whether a call may go to where it goes for certain not: a private network that the operator has not allowed.
    pub fn is_closed(&self, call: &Call) -> bool {
        let place = call.place();
        place.is_some_and(|place| is_closed(&place.host, place.port, place.is_https, &self.allowed))
    }

    /// A place among those on the way to a host; none where there are as many as there may be.
    fn place(&self, host: &str) -> Option<OnTheWay> {
        let mut underway = self.underway.lock().unwrap_or_else(PoisonError::into_inner);
        let count = underway.entry(host.to_string()).or_insert(0);
        if *count >= MOST_TO_HOST {
            return None;
        }
        *count += 1;
        Some(OnTheWay { underway: Arc::clone(&self.underway), host: host.to_string() })
    }
}

/// Held while a call is on the way.
struct OnTheWay {
    underway: Arc<Mutex<BTreeMap<String, usize>>>,
    host: String,
}

impl Drop for OnTheWay {
    fn drop(&mut self) {
        let mut underway = self.underway.lock().unwrap_or_else(PoisonError::into_inner);
        let left = underway.get(&self.host).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            underway.remove(&self.host);
        } else {
            underway.insert(self.host.clone(), left);
        }
    }
}

/// What is said of calls that end a circle: nothing of theirs is sent, and administrators of the app are told.
const CHAIN_TOO_LONG: &str = "call_chain_too_long";
const BUDGET_SPENT: &str = "call_budget_spent";

/// Writes a call down, in the transaction of what has led to it. What is too large is never sent, and says so; nor is what follows
/// from too many others, and what is beyond the calls that an app has on a day.
///
/// # Errors
/// When it can't be stored.
pub async fn leave(
    tx: &mut Tx,
    (order, instance): (&Order, &Instance),
    (visit, step): (VisitId, &str),
    call: &Call,
    request: CallRequest,
) -> Result<(), Refusal> {
    let (app, now, hops) = (order.design()?.row.app, clock::now(), instance.hops + 1);
    let host = call.place().map(|place| place.host);
    let is_large = request.body.as_ref().is_some_and(|body| body.len() > LARGEST);
    let brake = match hops > MOST_HOPS {
        true => Some(CHAIN_TOO_LONG),
        false => is_spent(tx, order, app).await?.then_some(BUDGET_SPENT),
    };
    let why = match (&host, is_large) {
        (None, _) => Some("bad_url"),
        (_, true) => Some("too_large"),
        (Some(_), false) => brake,
    };
    // A circle comes to its end again and again; one word of it in a row is enough.
    let is_news = match why {
        Some(why) if brake == Some(why) => today(tx, order, app, 0).await?.flatten().as_deref() != Some(why),
        _ => false,
    };
    let mut headers = request.headers;
    headers.push((HOPS_HEADER.to_string(), hops.to_string()));
    let row = FlowCall {
        workspace: instance.workspace,
        id: ids::next(),
        app,
        form: instance.form,
        record: instance.record,
        instance: instance.id,
        visit: i64::from(visit.0),
        step: step.to_string(),
        method: request.method.key().to_string(),
        url: request.url,
        host: host.unwrap_or_default(),
        headers: to_json(&headers)?,
        body: request.body.filter(|_| !is_large),
        secret: call.secret.clone(),
        state: if why.is_none() { WAITING } else { DEAD }.to_string(),
        attempts: 0,
        created_at: now,
        due_at: now,
        tried_at: None,
        status: None,
        answer: why.map(str::to_string),
    };
    row.insert(tx).await?;
    if is_news {
        leave_call(tx, &row, why, now).await?;
    }
    Ok(())
}

/// Whether an app has had all calls of today.
async fn is_spent(tx: &mut Tx, order: &Order, app: Id) -> Result<bool, Refusal> {
    let Some(most) = order.installation.settings.calls_per_day else { return Ok(false) };
    Ok(today(tx, order, app, i64::from(most) - 1).await?.is_some())
}

/// What was answered to the newest call of an app but so many, where that was written today.
async fn today(tx: &mut Tx, order: &Order, app: Id, others: i64) -> Result<Option<Option<String>>, Refusal> {
    let newest = FlowCall::newest_but(tx, (order.caller.workspace_id(), app), others).await?;
    let context = &order.context;
    let of_today = newest.filter(|(at, _)| context.date_of(*at) == context.today());
    Ok(of_today.map(|(_, answer)| answer))
}

fn count(attempts: i64) -> u32 {
    u32::try_from(attempts).unwrap_or_default()
}

fn next_at(call: &FlowCall) -> Option<Timestamp> {
    (call.state == WAITING).then_some(call.due_at)
}

fn view(call: FlowCall) -> wire::FlowCall {
    wire::FlowCall {
        next_at: next_at(&call).map(format_timestamp),
        id: call.id,
        form: call.form,
        record: call.record,
        instance: call.instance,
        step: call.step,
        method: call.method,
        url: call.url,
        secret: call.secret,
        state: call.state,
        attempts: count(call.attempts),
        created_at: format_timestamp(call.created_at),
        tried_at: call.tried_at.map(format_timestamp),
        status: call.status.and_then(|status| u16::try_from(status).ok()),
        answer: call.answer,
    }
}

/// What became of the calls of an instance, by the stay at their steps, as everybody may know who follows it.
///
/// # Errors
/// When the database can't be read.
pub async fn of_instance(db: &mut Reader, instance: &Instance) -> Result<BTreeMap<i64, Sent>, Refusal> {
    let calls = FlowCall::of_instance(db, instance.workspace, instance.id).await?;
    let told = calls.into_iter().map(|call| {
        let sent = Sent {
            kind: "call".to_string(),
            attempts: count(call.attempts),
            tried_at: call.tried_at.map(format_timestamp),
            next_at: next_at(&call).map(format_timestamp),
            state: call.state,
        };
        (call.visit, sent)
    });
    Ok(told.collect())
}

/// A page of the calls of an app, newest first, and where the next one starts.
///
/// # Errors
/// Not found, forbidden; a state that is none, a limit that is too large.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    app: &str,
    state: Option<&str>,
    (before, limit): (Option<Id>, Option<u32>),
) -> Result<(Vec<wire::FlowCall>, Option<String>), Refusal> {
    if state.is_some_and(|state| ![WAITING, SENT, DEAD, HELD].contains(&state)) {
        return Err(Refusal::fault("state", "wrong_type"));
    }
    let limit = super::records::query::checked_limit(limit)?;
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let app = designs.app_to_administer(app, caller)?.id;
    let mut db = installation.store.read().await?;
    let place = (caller.workspace_id(), app);
    let mut rows = FlowCall::of_app(&mut db, place, state, before, i64::from(limit) + 1).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    Ok((rows.into_iter().map(view).collect(), next))
}

/// Has a call tried again at once, with all its tries before it. Where the calls of its step are switched off, they are switched on,
/// and those that were held back come with it.
///
/// # Errors
/// Not found, also for who does not administer its app; `call_sent` for what was taken.
pub async fn retry(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    id: Id,
) -> Result<Answer, Refusal> {
    let actor = caller.clone();
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let workspace = actor.workspace_id();
                let mut call = FlowCall::find(tx, workspace, id).await?.ok_or_else(Refusal::missing)?;
                let designs = Designs::load(tx, workspace).await?;
                designs.app_to_administer(&call.app.to_string(), &actor).map_err(|_| Refusal::missing())?;
                let never = ["too_large", CHAIN_TOO_LONG];
                let is_whole =
                    !call.host.is_empty() && call.answer.as_deref().is_none_or(|why| !never.contains(&why));
                if call.state == SENT || !is_whole {
                    return Err(Refusal::conflict(if is_whole { "call_sent" } else { "call_unusable" }));
                }
                call.state = WAITING.to_string();
                call.attempts = 0;
                call.due_at = clock::now();
                call.update(tx).await?;
                CallReceiver::delete(tx, workspace, call.form, call.step.clone()).await?;
                FlowCall::let_held(tx, workspace, call.form, &call.step, call.due_at).await?;
                let note =
                    Note { action: "call.retry", object: Some(id), label: Some(&call.step), changes: None };
                audit::note(tx, &actor, note).await?;
                Answer::done(&view(call))
            })
        })
        .await
}
