//! Sends what is due, and settles it by its answer.

use std::time::Duration;

use data_encoding::BASE64;
use engine::flow::{CallMethod, Place};
use engine::value::Timestamp;
use jiff::SignedDuration;
use ring::hmac;
use store::Tx;
use store::call_receiver::CallReceiver;
use store::flow_call::{DEAD, FlowCall, SENT, WAITING};
use tokio::task::JoinHandle;

use super::OnTheWay;
use crate::service::designs::stored;
use crate::service::flows::notices::deliver::leave_call;
use crate::service::outbound::{Answered, Outgoing};
use crate::service::secrets::{Proof, proof};
use crate::service::{Installation, Refusal, clock};

/// How often it is looked whether a call is due.
const TICK: Duration = Duration::from_millis(500);
/// Calls that are taken at once, and until when others leave them to who took them: more than one takes to be answered.
const BATCH: i64 = 50;
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// When a call comes again whose host has as many on the way as it may have.
const HOST_IS_BUSY: SignedDuration = SignedDuration::from_secs(2);
/// Seconds until the next try, after each one that failed: eight tries in a day.
const PAUSES: [i64; 7] = [10, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 15 * 3600];
/// Whoever answers so wants no more of it.
const GONE: u16 = 410;
/// Calls of a step that fail in a row until it is switched off, and what is said of that.
const MOST_FAILURES: i64 = 100;
const RECEIVER_OFF: &str = "receiver_off";

/// Sends calls until the server drains. What is on the way then is sent again by whoever comes next, with the same id.
pub async fn run(installation: Installation) {
    while !installation.is_draining() {
        tokio::time::sleep(TICK).await;
        if let Err(error) = turn(&installation).await {
            tracing::warn!(code = error.code, "calls could not be looked through");
        }
    }
}

/// Sets out with everything that is due, and waits for none of it.
///
/// # Errors
/// When the database can't be read or written.
pub async fn turn(installation: &Installation) -> Result<Vec<JoinHandle<()>>, Refusal> {
    let mut begun = Vec::new();
    while FlowCall::is_due(&mut installation.store.read().await?, clock::now()).await? {
        let now = clock::now();
        let until = now.checked_add(LEASE).map_err(Refusal::internal)?;
        let taken = installation
            .write(move |tx| Box::pin(async move { Ok(FlowCall::take(tx, now, until, BATCH).await?) }))
            .await?;
        for call in taken {
            match installation.calls.place(&call.host) {
                Some(place) => begun.push(tokio::spawn(bring(installation.clone(), call, place))),
                None => put_off(installation, call).await?,
            }
        }
    }
    Ok(begun)
}

/// Leaves a call for a little later, as if it had not been taken.
async fn put_off(installation: &Installation, call: FlowCall) -> Result<(), Refusal> {
    let due_at = clock::now().checked_add(HOST_IS_BUSY).map_err(Refusal::internal)?;
    let attempts = call.attempts - 1;
    installation
        .write(move |tx| {
            Box::pin(async move {
                let Some(known) = FlowCall::find(tx, call.workspace, call.id).await? else { return Ok(()) };
                Ok(FlowCall { due_at, attempts, ..known }.update(tx).await?)
            })
        })
        .await
}

async fn bring(installation: Installation, call: FlowCall, _place: OnTheWay) {
    let outcome = send(&installation, &call).await;
    if let Err(why) = &outcome {
        tracing::info!(call = %call.id, host = call.host, why, attempts = call.attempts, "a call failed");
    }
    if let Err(error) = settle(&installation, &call, outcome).await {
        // It comes again when its time with this server is over.
        tracing::warn!(call = %call.id, code = error.code, "what became of a call could not be stored");
    }
}

/// Sends a call once: what was answered, or why nothing was.
async fn send(installation: &Installation, call: &FlowCall) -> Result<Answered, String> {
    let internal = |refusal: Refusal| refusal.code.to_string();
    let method = CallMethod::from_key(&call.method).ok_or("bad_method")?;
    let mut headers: Vec<(String, String)> = stored("flow_call", &call.headers).map_err(internal)?;
    if call.body.is_some() {
        headers.push(("content-type".to_string(), "application/json".to_string()));
    }
    let (id, at) = (format!("msg_{}", call.id), clock::now().as_second().to_string());
    if let Some(name) = &call.secret {
        let place = (call.workspace, call.app);
        let known = proof(installation, place, name, &call.host).await.map_err(internal)?;
        match known.ok_or("no_secret")? {
            Proof::Keys(keys) => {
                let body = call.body.as_deref().unwrap_or_default();
                headers.push(("webhook-signature".to_string(), signature(&keys, (&id, &at), body)));
            }
            Proof::Header(name, value) => {
                // It may have been another secret when the flow was published.
                if !Place::of(&call.url).is_some_and(|place| place.is_https) {
                    return Err("secret_needs_https".to_string());
                }
                headers.retain(|(known, _)| *known != name);
                headers.push((name, value));
            }
        }
    }
    headers.extend([("webhook-id".to_string(), id), ("webhook-timestamp".to_string(), at)]);
    let outgoing = Outgoing { method: method.key(), url: call.url.clone(), headers, body: call.body.clone() };
    installation.calls.outbound.send(outgoing).await.map_err(|error| error.to_string())
}

/// One signature for each key, as Standard Webhooks have them.
fn signature(keys: &[Vec<u8>], (id, at): (&str, &str), body: &str) -> String {
    let signed = format!("{id}.{at}.{body}");
    let of = |key: &Vec<u8>| {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), signed.as_bytes());
        format!("v1,{}", BASE64.encode(tag.as_ref()))
    };
    keys.iter().map(of).collect::<Vec<_>>().join(" ")
}

/// Notes what became of a try: it is taken, comes again, or is given up.
async fn settle(
    installation: &Installation,
    tried: &FlowCall,
    outcome: Result<Answered, String>,
) -> Result<(), Refusal> {
    let (workspace, id) = (tried.workspace, tried.id);
    installation
        .write(move |tx| {
            Box::pin(async move {
                let Some(call) = FlowCall::find(tx, workspace, id).await? else { return Ok(()) };
                // Another server may have had it answered meanwhile.
                if call.state != WAITING {
                    return Ok(());
                }
                let now = clock::now();
                let call = settled(call, outcome, now);
                call.update(tx).await?;
                if call.state != WAITING {
                    call.let_next(tx, now).await?;
                }
                let is_off = switches_off(tx, &call, now).await?;
                if is_off {
                    leave_call(tx, &call, Some(RECEIVER_OFF), now).await?;
                } else if call.state == DEAD {
                    leave_call(tx, &call, None, now).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Counts how often in a row the calls of a step have failed. Where there is no sense in more of them they are switched off: what
/// else the step calls is held back. Whether that is so from now on.
async fn switches_off(tx: &mut Tx, call: &FlowCall, now: Timestamp) -> Result<bool, Refusal> {
    let (workspace, form) = (call.workspace, call.form);
    if call.state == SENT {
        CallReceiver::delete(tx, workspace, form, call.step.clone()).await?;
        return Ok(false);
    }
    let Some(mut receiver) = CallReceiver::fail(tx, workspace, form, &call.step).await? else {
        return Ok(false);
    };
    let is_enough = receiver.failures >= MOST_FAILURES || call.status == Some(i64::from(GONE));
    if receiver.off_at.is_some() || !is_enough {
        return Ok(false);
    }
    receiver.off_at = Some(now);
    receiver.update(tx).await?;
    Ok(true)
}

fn settled(mut call: FlowCall, outcome: Result<Answered, String>, now: Timestamp) -> FlowCall {
    let (status, answer) = match outcome {
        Ok(Answered { status, text }) => (Some(status), Some(text).filter(|text| !text.is_empty())),
        Err(why) => (None, Some(why.chars().take(500).collect())),
    };
    let is_taken = status.is_some_and(|status| (200..300).contains(&status));
    let pause = usize::try_from(call.attempts - 1).ok().and_then(|tries| PAUSES.get(tries).copied());
    match pause {
        _ if is_taken => call.state = SENT.to_string(),
        Some(pause) if status != Some(GONE) => {
            call.due_at =
                now.checked_add(SignedDuration::from_secs(with_jitter(pause, &call))).unwrap_or(now);
        }
        _ => call.state = DEAD.to_string(),
    }
    call.status = status.map(i64::from);
    call.answer = answer;
    call
}

/// A pause up to a tenth longer or shorter, so that what failed together does not come again together.
fn with_jitter(pause: i64, call: &FlowCall) -> i64 {
    let chance = call.id.as_i64().wrapping_add(call.attempts.wrapping_mul(7)).rem_euclid(201) - 100;
    (pause + pause * chance / 1_000).max(1)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};
    use std::thread;

    use engine::value::Id;
    use serde_json::json;

    use store::flow_call::HELD;

    use super::super::retry;
    use super::*;
    use crate::service::testing::{app, on_an_installation};
    use crate::service::{calls::Calls, secrets};

    fn call(installation_app: &str, caller: &crate::service::people::Caller, url: &str) -> FlowCall {
        FlowCall {
            workspace: caller.workspace_id(),
            id: store::ids::next(),
            app: installation_app.parse().unwrap(),
            form: store::ids::next(),
            record: store::ids::next(),
            instance: store::ids::next(),
            visit: 1,
            step: "tell".into(),
            method: "POST".into(),
            url: url.into(),
            host: "127.0.0.1".into(),
            headers: "[]".into(),
            body: Some("{\"a\":1}".into()),
            secret: None,
            state: WAITING.into(),
            attempts: 0,
            created_at: clock::now(),
            due_at: clock::now(),
            tried_at: None,
            status: None,
            answer: None,
        }
    }

    fn answered(status: u16) -> Result<Answered, String> {
        Ok(Answered { status, text: "said".into() })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_call_is_tried_eight_times_in_a_day_and_then_given_up() {
        on_an_installation("calls_settled", async |installation, caller| {
            let app = app(installation, caller).await;
            let mut call = call(&app, caller, "http://127.0.0.1/");
            let mut waited = 0;
            for tries in 1..=8 {
                call.attempts = tries;
                let now = clock::now();
                call = settled(call, answered(500), now);
                let last = tries == 8;
                assert_eq!(call.state, if last { DEAD } else { WAITING }, "{tries}");
                assert_eq!((call.status, call.answer.as_deref()), (Some(500), Some("said")));
                if !last {
                    waited += call.due_at.as_second() - now.as_second();
                }
            }
            assert!((20 * 3600..26 * 3600).contains(&waited), "{waited}");
            let first = FlowCall { attempts: 1, state: WAITING.into(), ..call };
            assert_eq!(settled(first.clone(), answered(204), clock::now()).state, SENT);
            assert_eq!(settled(first.clone(), answered(302), clock::now()).state, WAITING);
            assert_eq!(settled(first.clone(), answered(GONE), clock::now()).state, DEAD);
            let nothing = settled(first, Err("no answer".into()), clock::now());
            assert_eq!((nothing.state.as_str(), nothing.status), (WAITING, None));
        })
        .await;
    }

    #[test]
    fn signatures_are_those_of_standard_webhooks() {
        // The example of the standard.
        let key = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = "{\"test\": 2432232314}";
        let signed = signature(&[key], ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"), body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let two = signature(&[vec![1; 32], vec![2; 32]], ("a", "1"), "");
        assert_eq!(two.split(' ').count(), 2);
    }

    /// A server that keeps the requests it gets and answers with a status.
    fn receiver(status: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let got = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&got);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (mut text, mut piece) = (String::new(), [0; 4096]);
                while !text.contains("{\"a\":1}") {
                    let length = stream.read(&mut piece).unwrap_or(0);
                    if length == 0 {
                        break;
                    }
                    text.push_str(&String::from_utf8_lossy(&piece[..length]));
                }
                kept.lock().unwrap().push(text);
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        (url, got)
    }

    async fn store_call(installation: &Installation, row: FlowCall) {
        installation.write(move |tx| Box::pin(async move { Ok(row.insert(tx).await?) })).await.unwrap();
    }

    async fn all_turns(installation: &Installation) {
        for begun in turn(installation).await.unwrap() {
            begun.await.unwrap();
        }
    }

    async fn found(installation: &Installation, workspace: Id, id: Id) -> FlowCall {
        let mut db = installation.store.read().await.unwrap();
        FlowCall::find(&mut db, workspace, id).await.unwrap().unwrap()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn t58_by_default_no_call_reaches_a_private_address() {
        on_an_installation("calls_closed", async |installation, caller| {
            let app = app(installation, caller).await;
            let (url, got) = receiver("200 OK");
            let row = call(&app, caller, &url);
            let (workspace, id) = (row.workspace, row.id);
            store_call(installation, row).await;
            all_turns(installation).await;
            let row = found(installation, workspace, id).await;
            assert_eq!((row.state.as_str(), row.attempts), (WAITING, 1));
            assert!(row.answer.unwrap().contains("may not be asked"));
            assert!(got.lock().unwrap().is_empty());
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn t62_a_secret_goes_to_its_hosts_alone_and_never_in_the_open() {
        on_an_installation("calls_proven", async |installation, caller| {
            let app = app(installation, caller).await;
            let give = async |name: &str, purpose: &str, host: &str| {
                let value = (purpose != "sign").then_some("canary-of-the-secret");
                let input = json!({"name": name, "purpose": purpose, "hosts": [host], "value": value});
                let input = serde_json::from_value(input).unwrap();
                secrets::create(installation, caller, app.clone(), input).await.unwrap();
            };
            give("signer", "sign", "127.0.0.1").await;
            give("token", "bearer", "127.0.0.1").await;
            give("elsewhere", "sign", "erp.example.com").await;
            let secret = |name: &str| FlowCall {
                secret: Some(name.to_string()),
                ..call(&app, caller, "http://127.0.0.1:1/")
            };
            let refused = async |name: &str| send(installation, &secret(name)).await.unwrap_err();
            assert_eq!(refused("elsewhere").await, "no_secret");
            assert_eq!(refused("nobody").await, "no_secret");
            assert_eq!(refused("token").await, "secret_needs_https");
            assert!(refused("signer").await.contains("may not be asked"), "it gets as far as the guard");
            let mut db = installation.store.read().await.unwrap();
            for row in store::app_secret::AppSecret::everywhere(&mut db).await.unwrap() {
                assert!(!row.sealed.contains("canary"));
            }
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_step_whose_calls_fail_a_hundred_times_in_a_row_is_switched_off() {
        on_an_installation("calls_off", async |installation, caller| {
            let app = app(installation, caller).await;
            let row = FlowCall { attempts: 1, ..call(&app, caller, "http://127.0.0.1/") };
            let (workspace, form) = (row.workspace, row.form);
            let is_off = async || {
                let mut db = installation.store.read().await.unwrap();
                CallReceiver::is_off(&mut db, workspace, form, "tell").await.unwrap()
            };
            let next = || FlowCall { id: store::ids::next(), ..row.clone() };
            let (taken, held) = (next(), next());
            store_call(installation, row.clone()).await;
            store_call(installation, taken.clone()).await;
            for failures in 1..MOST_FAILURES {
                settle(installation, &row, answered(500)).await.unwrap();
                assert!(!is_off().await, "{failures}");
            }
            // What is taken has the count begin anew.
            settle(installation, &taken, answered(200)).await.unwrap();
            for failures in 1..=MOST_FAILURES {
                assert!(!is_off().await, "{failures}");
                settle(installation, &row, answered(500)).await.unwrap();
            }
            assert!(is_off().await);
            store_call(installation, held.clone()).await;
            all_turns(installation).await;
            assert_eq!(found(installation, workspace, held.id).await.state, HELD);
            retry(installation, caller, None, held.id).await.unwrap();
            assert!(!is_off().await);
            assert_eq!(found(installation, workspace, held.id).await.state, WAITING);
        })
        .await;
    }

    #[test]
    fn a_host_has_so_many_on_the_way_and_no_more() {
        let calls = Calls::new(&[]);
        let places: Vec<_> = (0..super::super::MOST_TO_HOST).map(|_| calls.place("a").unwrap()).collect();
        assert!(calls.place("a").is_none() && calls.place("b").is_some());
        drop(places);
        assert!(calls.place("a").is_some());
    }
}
