//! What happened in an instance, a page of its log at a time: people may say as much as they like.

use std::collections::{BTreeMap, BTreeSet};

use engine::flow::document::Step;
use engine::flow::{CancelReason, Change as FlowChange, Event, Flow, Sending, State};
use engine::value::{Id, Timestamp, format_timestamp};
use serde::Deserialize;
use store::Reader;
use store::instance::{Instance, LogEntry};
use wire::flows::{LogLine, Marking, Sent};
use wire::records::Change as FieldChange;

use super::attached::{Attached, files_of};
use crate::service::apps::to_json;
use crate::service::designs::stored;
use crate::service::records::Order;
use crate::service::records::history::changes_at;
use crate::service::{Refusal, calls};

/// Events of a log that are read at once. A decision is some five of them.
const PAGE: i64 = 500;

/// The newest lines, or those before the line `before`, oldest first, as far as the caller may read what they changed; with the
/// line before which there are earlier ones. `due` says by when tasks had to be decided.
///
/// # Errors
/// When the database can't be read.
pub async fn page(
    db: &mut Reader,
    order: &Order,
    instance: &Instance,
    (flow, state, due): (&Flow, &State, &BTreeMap<Id, Timestamp>),
    readable: &BTreeSet<String>,
    before: Option<i64>,
) -> Result<(Vec<LogLine>, Option<i64>), Refusal> {
    let workspace = order.caller.workspace_id();
    let entries = whole_moments(LogEntry::newest(db, workspace, instance.id, before, PAGE + 1).await?);
    // Lines are numbered from nought, without a gap.
    let earlier = entries.first().map(|first| first.seq).filter(|first| *first > 0);
    let files = files_of(db, workspace, &entries).await?;
    let moments = entries.iter().map(|entry| entry.at).collect();
    let mut changes = changes_at(db, order, instance.record, &moments, readable).await?;
    let mut sent = calls::of_instance(db, instance).await?;
    let mut told = Vec::new();
    for entry in entries {
        let event: Event = stored("instance_log", &entry.event)?;
        if let Some(line) = event.line() {
            told.push((entry, event, line));
        }
    }
    let tellers = tellers(told.iter().map(|(entry, _, line)| (entry.at, line.who.is_some())));
    let mut lines = Vec::new();
    for (place, (entry, event, line)) in told.into_iter().enumerate() {
        let made: BTreeMap<String, FieldChange> = match tellers.get(&entry.at) == Some(&place) {
            true => changes.remove(&entry.at).unwrap_or_default(),
            false => BTreeMap::new(),
        };
        let Attached { files: given, mentions, mut marks } = Attached::of(&entry)?;
        marks.retain(|path| readable.contains(path));
        lines.push(LogLine {
            waited: waited(state, &event),
            sent: sent_by(flow, &event, &mut sent),
            deadline_left: deadline_left(due, &event),
            reason: line.reason.map(CancelReason::key).map(str::to_string),
            after: after(&entry)?,
            files: given.iter().filter_map(|id| files.get(id).cloned()).collect(),
            mentions,
            marks,
            at: format_timestamp(line.at),
            who: line.who,
            on_behalf_of: line.on_behalf_of.or(entry.on_behalf_of),
            step: line.step,
            action: line.action.key().to_string(),
            opinion: line.note.opinion,
            signature: line.note.signature,
            to: line.to,
            members: line.members,
            text: line.text,
            automatic: line.automatic.is_some(),
            changes: made,
        });
    }
    Ok((lines, earlier))
}

/// The entries of a page, of one more that were read: from the first entry of a moment on, so that what was changed then is told
/// where it begins. Only what was written at one moment for longer than a page is told on several.
fn whole_moments(mut entries: Vec<LogEntry>) -> Vec<LogEntry> {
    if i64::try_from(entries.len()).is_ok_and(|read| read > PAGE) {
        let begun = entries.first().map(|entry| entry.at);
        let cut = entries.iter().position(|entry| Some(entry.at) != begun).unwrap_or(1);
        entries.drain(..cut);
    }
    entries
}

/// Which of the lines, each with its moment and whether somebody acted, tells what was changed at a moment: the first of who
/// acted then, or else the first one.
fn tellers(lines: impl Iterator<Item = (Timestamp, bool)>) -> BTreeMap<Timestamp, usize> {
    let mut first: BTreeMap<Timestamp, (bool, usize)> = BTreeMap::new();
    for (place, (at, has_acted)) in lines.enumerate() {
        let this = (!has_acted, place);
        let known = first.entry(at).or_insert(this);
        *known = this.min(*known);
    }
    first.into_iter().map(|(at, (_, place))| (at, place)).collect()
}

/// What a step has sent: to people at once, to other systems as `calls` say.
fn sent_by(flow: &Flow, event: &Event, calls: &mut BTreeMap<i64, Sent>) -> Option<Sent> {
    let FlowChange::Performing { visit, step, .. } = &event.change else { return None };
    if let Some(call) = calls.remove(&i64::from(visit.0)) {
        return Some(call);
    }
    let Some(Step::Action(action)) = flow.step(step) else { return None };
    let is_message = matches!(Sending::of(&action.action), Some(Sending::Message(_)));
    is_message.then(|| Sent {
        kind: "message".to_string(),
        state: "sent".to_string(),
        attempts: 0,
        tried_at: None,
        next_at: None,
    })
}

/// How many seconds a task had waited when somebody decided it.
fn waited(state: &State, event: &Event) -> Option<i64> {
    let FlowChange::Decided { task, automatic: None, .. } = &event.change else { return None };
    let arrived = state.task(*task)?.arrived;
    Some((event.at.as_second() - arrived.as_second()).max(0))
}

/// How many seconds were left for a task when somebody decided it.
fn deadline_left(due: &BTreeMap<Id, Timestamp>, event: &Event) -> Option<i64> {
    let FlowChange::Decided { task, automatic: None, .. } = &event.change else { return None };
    Some(due.get(task)?.as_second() - event.at.as_second())
}

/// What is kept beside an event that people read of.
#[derive(Deserialize)]
struct Beside {
    #[serde(default)]
    after: Option<Marking>,
}

/// An event as it is written down: with how the instance stands once all that it led to is done, where people read of it.
///
/// # Errors
/// When it can't be written as JSON.
pub fn written(event: &Event, state: &State) -> Result<String, Refusal> {
    if event.line().is_none() {
        return to_json(event);
    }
    let steps = state.current_steps().into_iter().map(str::to_string).collect();
    let after = Marking { state: state.status.key().to_string(), steps };
    let mut members = serde_json::to_value(event).map_err(Refusal::internal)?;
    if let Some(members) = members.as_object_mut() {
        members.insert("after".to_string(), serde_json::to_value(after).map_err(Refusal::internal)?);
    }
    to_json(&members)
}

/// How the instance stood after a line; nothing of lines that were written before that was kept.
fn after(entry: &LogEntry) -> Result<Option<Marking>, Refusal> {
    let beside: Beside = stored("instance_log", &entry.event)?;
    Ok(beside.after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn entries(moments: impl Iterator<Item = i64>) -> Vec<LogEntry> {
        let id = Id::from_i64(1).unwrap();
        let entry = |(seq, second): (i64, i64)| LogEntry {
            workspace: id,
            instance: id,
            seq,
            at: at(second),
            who: None,
            on_behalf_of: None,
            event: String::new(),
            attached: None,
        };
        (0..).zip(moments).map(entry).collect()
    }

    #[test]
    fn a_page_begins_with_a_moment_unless_it_is_one() {
        let kept =
            |moments: Vec<i64>| whole_moments(entries(moments.into_iter())).first().map(|entry| entry.seq);
        assert_eq!(kept(vec![1, 1, 2]), Some(0), "all of it fits");
        assert_eq!(kept((0..=PAGE).collect()), Some(1));
        assert_eq!(kept((0..=PAGE).map(|seq| seq.max(3)).collect()), Some(4), "they are on the page before");
        assert_eq!(kept((0..=PAGE).map(|_| 1).collect()), Some(1));
    }

    #[test]
    fn who_acted_tells_what_was_changed_else_what_happened_first() {
        let lines = [(at(1), false), (at(1), true), (at(1), true), (at(2), false), (at(2), false)];
        assert_eq!(tellers(lines.into_iter()), BTreeMap::from([(at(1), 1), (at(2), 3)]));
    }
}
