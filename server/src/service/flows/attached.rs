//! What somebody gives with their words in an approval: files, the people they name, the fields that are to be changed.

use std::collections::{BTreeMap, BTreeSet};

use engine::flow::{Change, Event};
use engine::text::Fault;
use engine::value::Id;
use serde::{Deserialize, Serialize};
use store::file::File;
use store::instance::{Instance, LogEntry};
use store::{Reader, Tx};
use wire::StoredFile;

use crate::service::Refusal;
use crate::service::apps::to_json;
use crate::service::designs::stored;
use crate::service::files::{OPINION, hold, view};
use crate::service::people::Caller;

/// Fields that one return marks.
const MOST_MARKS: usize = 200;

/// Lines of a log among which the one that was just said is looked for first.
const NEWEST: i64 = 50;

/// Beside the words of one line of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attached {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Id>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Id>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
}

impl Attached {
    /// What lies beside a line.
    pub fn of(entry: &LogEntry) -> Result<Attached, Refusal> {
        match &entry.attached {
            Some(text) => stored("instance_log", text),
            None => Ok(Attached::default()),
        }
    }

    /// Where an action takes no words, it takes nothing beside them either.
    ///
    /// # Errors
    /// `unknown_member` for what is there.
    pub fn refuse(&self) -> Result<(), Refusal> {
        let given = [
            ("files", self.files.is_empty()),
            ("mentions", self.mentions.is_empty()),
            ("marks", self.marks.is_empty()),
        ];
        match given.into_iter().find(|(_, is_empty)| !is_empty) {
            Some((member, _)) => {
                Err(Refusal::invalid(vec![Fault::new(member, "unknown_member").arg("member", member)]))
            }
            None => Ok(()),
        }
    }

    /// Fields can only be marked that whoever marks them sees.
    ///
    /// # Errors
    /// `too_many`, `unknown_field`.
    pub fn check_marks(&self, seen: &BTreeMap<String, String>) -> Result<(), Refusal> {
        if self.marks.len() > MOST_MARKS {
            return Err(Refusal::invalid(vec![Fault::new("marks", "too_many").arg("max", MOST_MARKS)]));
        }
        match self.marks.iter().enumerate().find(|(_, path)| !seen.contains_key(*path)) {
            Some((place, path)) => {
                let fault = Fault::new(format!("marks.{place}"), "unknown_field").arg("field", path);
                Err(Refusal::invalid(vec![fault]))
            }
            None => Ok(()),
        }
    }

    /// Puts the files under the record: uploads of the caller's own that nothing else holds.
    ///
    /// # Errors
    /// `too_many`, `not_an_id`.
    pub async fn hold(&self, tx: &mut Tx, caller: &Caller, form: Id, record: Id) -> Result<(), Refusal> {
        hold(tx, caller, &self.files, (form, record), OPINION).await
    }

    /// Lays it beside what the caller has just said in an instance.
    pub async fn lay(&self, tx: &mut Tx, caller: &Caller, instance: &Instance) -> Result<(), Refusal> {
        if *self == Attached::default() {
            return Ok(());
        }
        let mut before = None;
        loop {
            let entries = LogEntry::newest(tx, instance.workspace, instance.id, before, NEWEST).await?;
            before = entries.first().map(|first| first.seq);
            for mut entry in entries.into_iter().rev() {
                let event: Event = stored("instance_log", &entry.event)?;
                if event.who == Some(caller.id()) && is_said(&event.change) {
                    entry.attached = Some(to_json(self)?);
                    entry.update(tx).await?;
                    return Ok(());
                }
            }
            if before.is_none() {
                return Err(Refusal::internal("nothing was said"));
            }
        }
    }
}

/// Whether a person says something with it.
fn is_said(change: &Change) -> bool {
    match change {
        Change::Decided { automatic, .. } => automatic.is_none(),
        other => matches!(other, Change::Transferred { .. } | Change::Commented { .. }),
    }
}

/// The files beside the lines of a log, by their ids.
pub async fn files_of(
    db: &mut Reader,
    workspace: Id,
    entries: &[LogEntry],
) -> Result<BTreeMap<Id, StoredFile>, Refusal> {
    let mut ids = BTreeSet::new();
    for entry in entries {
        ids.extend(Attached::of(entry)?.files);
    }
    let ids: Vec<Id> = ids.into_iter().collect();
    let files = File::find_all(db, workspace, &ids).await?;
    Ok(files.iter().map(|file| (file.id, view(file))).collect())
}
