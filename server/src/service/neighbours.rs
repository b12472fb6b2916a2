//! Servers of one PostgreSQL database tell each other what has just happened, so that whoever looks on at one of them sees at
//! once what was done at another, and who was let out is out there, too.
//!
//! Only that there is something to look at goes this way. What is true is in the database, and is looked at again within a
//! second without any of this; each listener hears what their own rights let them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::value::Id;
use serde::{Deserialize, Serialize};
use store::{Heard, LONGEST_CALL, Neighbours, ids};
use tokio::sync::mpsc;

use super::live_events::{Event, News};
use super::{Installation, Refusal};

/// How much waits to be told; of more it is said that something was missed.
const WAITING: usize = 4_096;
/// So much at once is an import or its like: whoever looks on looks at everything anew.
const FLOOD: usize = 1_000;
/// Records that are told of at once: with more a call would be too long.
const AT_ONCE: usize = 400;
/// Between two calls: what comes meanwhile goes with the next.
const PAUSE: Duration = Duration::from_millis(20);
/// After a flood, and after the database could not be reached.
const REST: Duration = Duration::from_secs(1);

/// What one server tells the others.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "word", rename_all = "snake_case")]
enum Word {
    /// Something happened; `to` alone hears of it, where it is for one member.
    News { workspace: Id, event: Event, to: Option<Id> },
    /// Credentials of a member may have ended.
    Ended { workspace: Id, member: Id },
    /// More happened than is told.
    Missed,
}

#[derive(Deserialize)]
struct Call {
    from: Id,
    words: Vec<Word>,
}

/// What is to be told to the others.
#[derive(Clone, Debug)]
pub struct Mouth {
    words: mpsc::Sender<Word>,
    missed: Arc<AtomicBool>,
}

impl Mouth {
    pub fn tell(&self, workspace: Id, event: &Event) {
        let to = event.addressee();
        for event in parts(event) {
            self.say(Word::News { workspace, event, to });
        }
    }

    pub fn tell_of_end(&self, workspace: Id, member: Id) {
        self.say(Word::Ended { workspace, member });
    }

    fn say(&self, word: Word) {
        if self.words.try_send(word).is_err() {
            self.missed.store(true, Ordering::Relaxed);
        }
    }
}

/// An event in parts that a call has room for.
fn parts(event: &Event) -> Vec<Event> {
    match event {
        Event::Records { form, records } => {
            let part = |records: &[Id]| Event::Records { form: *form, records: records.to_vec() };
            records.chunks(AT_ONCE).map(part).collect()
        }
        other => vec![other.clone()],
    }
}

/// Tells and hears until the server drains. A server that has its database for itself has nobody to talk to.
pub async fn run(installation: Installation) {
    if !installation.store.is_shared() {
        return;
    }
    let (words, said) = mpsc::channel(WAITING);
    let mouth = Mouth { words, missed: Arc::default() };
    let missed = mouth.missed.clone();
    installation.live.speak_by(mouth);
    let me = ids::next();
    tokio::spawn(speak(installation.clone(), me, said, missed));
    listen(&installation, me).await;
}

async fn speak(installation: Installation, me: Id, mut said: mpsc::Receiver<Word>, missed: Arc<AtomicBool>) {
    let mut words = Vec::new();
    while said.recv_many(&mut words, WAITING).await > 0 {
        let is_flood = missed.swap(false, Ordering::Relaxed) || words.len() > FLOOD;
        if is_flood {
            words.retain(|word| matches!(word, Word::Ended { .. }));
            words.push(Word::Missed);
        }
        let sent = call(&installation, me, &words).await;
        words.clear();
        if let Err(refusal) = &sent {
            if installation.is_draining() {
                return;
            }
            missed.store(true, Ordering::Relaxed);
            tracing::warn!(code = refusal.code, "other servers could not be told of what happens here");
        }
        tokio::time::sleep(if is_flood || sent.is_err() { REST } else { PAUSE }).await;
    }
}

async fn call(installation: &Installation, me: Id, words: &[Word]) -> Result<(), Refusal> {
    for text in calls(me, words)? {
        installation.store.call(&text).await?;
    }
    Ok(())
}

/// The words in as few calls as hold them.
fn calls(me: Id, words: &[Word]) -> Result<Vec<String>, Refusal> {
    let write = |word: &Word| serde_json::to_string(word).map_err(Refusal::internal);
    let head = format!("{{\"from\":\"{me}\",\"words\":[");
    let room = LONGEST_CALL.saturating_sub(head.len() + "]}".len());
    let (mut calls, mut some) = (Vec::new(), String::new());
    for word in words {
        let mut text = write(word)?;
        if text.len() > room {
            text = write(&Word::Missed)?;
        }
        if !some.is_empty() && some.len() + 1 + text.len() > room {
            calls.push(format!("{head}{}]}}", std::mem::take(&mut some)));
        }
        if !some.is_empty() {
            some.push(',');
        }
        some.push_str(&text);
    }
    if !some.is_empty() {
        calls.push(format!("{head}{some}]}}"));
    }
    Ok(calls)
}

async fn listen(installation: &Installation, me: Id) {
    let mut was_deaf = false;
    while !installation.is_draining() {
        match installation.store.listen().await {
            Ok(None) => return,
            Ok(Some(ear)) => {
                if was_deaf {
                    installation.live.hear(News::Missed);
                }
                hear_all(installation, me, ear).await;
            }
            Err(error) => {
                tracing::warn!(%error, "what happens on other servers is not heard");
            }
        }
        was_deaf = true;
        tokio::time::sleep(REST).await;
    }
}

/// Until the connection is lost for good.
async fn hear_all(installation: &Installation, me: Id, mut ear: Neighbours) {
    loop {
        match ear.next().await {
            Ok(Heard::Call(text)) => hear(installation, me, &text),
            Ok(Heard::Gap) => installation.live.hear(News::Missed),
            Err(_) if installation.is_draining() => return,
            Err(error) => {
                tracing::warn!(%error, "the connection by which other servers are heard is lost");
                return;
            }
        }
    }
}

fn hear(installation: &Installation, me: Id, text: &str) {
    let Ok(call) = serde_json::from_str::<Call>(text) else {
        // Of a server of another release.
        return installation.live.hear(News::Missed);
    };
    if call.from == me {
        return;
    }
    // What they did is committed: nobody is told of it by rights from before.
    let workspaces: BTreeSet<Id> = call.words.iter().filter_map(Word::workspace).collect();
    workspaces.into_iter().for_each(|workspace| installation.doubt(workspace));
    for word in call.words {
        match word {
            Word::News { workspace, event, to } => {
                installation.live.hear(News::Of(workspace, event.addressed(to)));
            }
            Word::Ended { member, .. } => installation.sessions.forget(member),
            Word::Missed => installation.live.hear(News::Missed),
        }
    }
}

impl Word {
    fn workspace(&self) -> Option<Id> {
        match self {
            Word::News { workspace, .. } | Word::Ended { workspace, .. } => Some(*workspace),
            Word::Missed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(name: &str) -> Word {
        let event = Event::Draft { form: ids::next(), base: 1, by: ids::next(), name: name.to_string() };
        Word::News { workspace: ids::next(), event, to: None }
    }

    #[test]
    fn what_is_told_comes_whole_in_calls_of_a_moderate_size() {
        let me = ids::next();
        assert!(calls(me, &[]).unwrap().is_empty());
        let words: Vec<Word> = (0..200).map(|n| news(&format!("\"{n}\" 王"))).collect();
        let calls = calls(me, &words).unwrap();
        assert!(calls.len() > 1 && calls.iter().all(|call| call.len() <= LONGEST_CALL));
        let read = |call: &String| serde_json::from_str::<Call>(call).unwrap();
        assert!(calls.iter().all(|call| read(call).from == me));
        let names = |words: &[Word]| -> Vec<String> {
            let name = |word: &Word| match word {
                Word::News { event: Event::Draft { name, .. }, .. } => name.clone(),
                other => panic!("{other:?}"),
            };
            words.iter().map(name).collect()
        };
        let heard: Vec<Word> = calls.iter().flat_map(|call| read(call).words).collect();
        assert_eq!(names(&heard), names(&words));
    }

    #[test]
    fn what_is_too_long_to_be_told_was_missed() {
        let words = [news("a"), news(&"x".repeat(LONGEST_CALL)), news("b")];
        let calls = calls(ids::next(), &words).unwrap();
        let heard = calls.iter().flat_map(|call| serde_json::from_str::<Call>(call).unwrap().words);
        assert_eq!(heard.filter(|word| matches!(word, Word::Missed)).count(), 1);
    }

    #[test]
    fn many_records_are_told_in_calls_that_hold_them() {
        let records: Vec<Id> = (0..1_001).map(|_| ids::next()).collect();
        let event = Event::Records { form: ids::next(), records: records.clone() };
        let word = |event: Event| Word::News { workspace: ids::next(), event, to: None };
        let words: Vec<Word> = parts(&event).into_iter().map(word).collect();
        let calls = calls(ids::next(), &words).unwrap();
        assert!(calls.iter().all(|call| call.len() <= LONGEST_CALL));
        let heard = calls.iter().flat_map(|call| serde_json::from_str::<Call>(call).unwrap().words);
        let told = heard.flat_map(|word| match word {
            Word::News { event: Event::Records { records, .. }, .. } => records,
            other => panic!("{other:?}"),
        });
        assert_eq!(told.collect::<Vec<Id>>(), records);
        assert_eq!(parts(&Event::Notice { member: None }).len(), 1);
    }

    #[test]
    fn news_for_one_member_are_for_that_member_at_the_other_end() {
        let me = ids::next();
        for event in [
            Event::Task { task: ids::next(), instance: ids::next(), assignee: Some(me) },
            Event::Job { job: ids::next(), owner: Some(me) },
            Event::Notice { member: Some(me) },
        ] {
            let word = Word::News { workspace: ids::next(), to: event.addressee(), event };
            let text = serde_json::to_string(&word).unwrap();
            let Word::News { event, to, .. } = serde_json::from_str(&text).unwrap() else { panic!("{text}") };
            assert_eq!(event.addressee(), None, "what a browser gets names nobody");
            assert_eq!(event.addressed(to).addressee(), Some(me), "{text}");
        }
        let record = Event::Record { form: me, record: me, version: 3, what: "delete".into() };
        assert_eq!(record.addressee(), None);
    }
}
