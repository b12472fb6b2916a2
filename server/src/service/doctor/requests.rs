//! Whether the log of each request gives how it stands (approvals.md, "Invariants", 4).

use engine::flow::{Event, State};
use engine::value::Id;
use store::Reader;
use store::instance::{Instance, LogEntry};

use super::Finding;
use crate::service::Refusal;
use crate::service::designs::stored;

/// Requests that are read at once.
const CHUNK: i64 = 200;

/// Looks through the requests of a workspace.
pub async fn look(db: &mut Reader, workspace: Id) -> Result<Vec<Finding>, Refusal> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let instances = Instance::of_workspace(db, workspace, after, CHUNK).await?;
        let Some(last) = instances.last() else { return Ok(found) };
        after = Some(last.id);
        for instance in instances {
            let differs =
                Finding::new("request_differs").arg("request", &instance.title).arg("id", instance.id);
            if !is_as_logged(db, instance).await? {
                found.push(differs);
            }
        }
    }
}

/// Whether an instance stands as its log says. One that goes on while one looks is looked at again.
async fn is_as_logged(db: &mut Reader, mut instance: Instance) -> Result<bool, Refusal> {
    loop {
        let log = LogEntry::of_instance(db, instance.workspace, instance.id).await?;
        // What can't be read says nothing of how it stands.
        if is_given(&instance, &log).unwrap_or(false) {
            return Ok(true);
        }
        match Instance::find(db, instance.workspace, instance.id).await? {
            Some(now) if now.version == instance.version => return Ok(false),
            Some(now) => instance = now,
            // It was removed with its record.
            None => return Ok(true),
        }
    }
}

fn is_given(instance: &Instance, log: &[LogEntry]) -> Result<bool, Refusal> {
    let state: State = stored("instance", &instance.marking)?;
    let events = log.iter().map(|entry| stored("instance_log", &entry.event));
    let events: Vec<Event> = events.collect::<Result<_, _>>()?;
    Ok(state.is_given_by(&events))
}
