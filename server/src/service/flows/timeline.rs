//! What happened in an instance, a page of its log at a time: people may say as much as they like.

use std::collections::{BTreeMap, BTreeSet};

use engine::flow::document::Step;
use engine::flow::{CancelReason, Change as FlowChange, Event, Flow, Sending, State};
use engine::value::{Id, Timestamp, format_timestamp};
use serde::Deserialize;
use store::Reader;
use store::history::HistoryEntry;
use store::instance::{Instance, LogEntry};
use wire::flows::{LogLine, Marking, Sent};
use wire::records::Change as FieldChange;

use super::attached::{Attached, files_of};
use crate::service::apps::to_json;
use crate::service::designs::stored;
use crate::service::records::Order;
use crate::service::records::history::changes_by_moment;
use crate::service::{Refusal, calls};

/// Events of a log that are read at once. A decision is some five of them.
const PAGE: i64 = 500;

/// Entries of a record's history that are looked through for what changed at a step.
const HISTORY: i64 = 500;

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
    let entries = LogEntry::newest(db, workspace, instance.id, before, PAGE).await?;
    // Lines are numbered from nought, without a gap.
    let earlier = entries.first().map(|first| first.seq).filter(|first| *first > 0);
    let files = files_of(db, workspace, &entries).await?;
    let history =
        HistoryEntry::of_record(db, workspace, instance.form, instance.record, None, HISTORY).await?;
    let mut changes = changes_by_moment(db, order, instance.record, history, readable).await?;
    let mut sent = calls::of_instance(db, instance).await?;
    let mut lines = Vec::new();
    for entry in entries {
        let event: Event = stored("instance_log", &entry.event)?;
        let Some(line) = event.line() else { continue };
        let made: BTreeMap<String, FieldChange> = match line.who.is_some() {
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
