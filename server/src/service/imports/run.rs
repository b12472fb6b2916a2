//! The import as a job: the file is read beside the writer, its rows are handed over in slices.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::access::FieldRight;
use engine::form::system_label;
use engine::text::Fault;
use store::file::File;
use store::ids;
use tokio::sync::mpsc;

use super::cells::{Cells, Line};
use super::failures::Failures;
use super::links::Links;
use super::plan::{FLOW_STATE, Plan};
use super::slice::{Outcome, save_slice};
use super::table::Table;
use super::{blocking, open};
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::faults::of_closed_field;
use crate::service::jobs::{self, Handle};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::records::{Order, Path};
use crate::service::{Cause, Installation, Refusal};

/// A slice holds the writer no longer than this (semantics.md 1: at most 50 ms) …
const SLICE: Duration = Duration::from_millis(35);
/// … and has no more rows than this, so that the first of a slow form is not too long.
const MOST_ROWS: usize = 1_000;
const FIRST_ROWS: usize = 20;
/// Rows that are read ahead.
const AHEAD: usize = 4_000;
/// How often a slice that the database was too busy for is tried again.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// Begins an import.
///
/// # Errors
/// Not found; forbidden for who may not import; `broken_csv`; faults of the mapping.
pub async fn start(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    form: &str,
    input: wire::ImportInput,
) -> Result<Answer, Refusal> {
    let order = Order::to_read(installation, caller, form).await?;
    let (file, table) = open(installation, caller, input.file).await?;
    let plan = Plan::new(&Order { path: Path::Import, ..order.clone() }, &table, &input, ids::next())?;
    let language = caller.language();
    // What is closed to who imports has no name in what they are told.
    let readable = |path: &str| order.access.right(path) >= FieldRight::Read;
    let labels = order.compiled.form.fields().filter(|column| readable(&column.path));
    let labels = labels.map(|column| (column.path.clone(), column.field.label.get(language).to_string()));
    let mut labels: BTreeMap<String, String> = labels.collect();
    labels.insert(FLOW_STATE.to_string(), system_label(FLOW_STATE, language));
    let zone = order.context.zone.clone();
    let (parts, actor) = (installation.clone(), caller.clone());
    jobs::start(installation, caller, key, "import", move |handle| {
        Box::pin(async move {
            let cells = Cells::new(plan.targets.clone(), zone, &actor.people);
            let failures = Failures::new(&parts, &actor, &table.headers, &plan.targets, labels);
            let run = Run {
                installation: parts,
                caller: actor,
                plan: Arc::new(plan),
                links: Links::default(),
                failures,
                handle,
                imported: wire::Imported::default(),
                unique: HashSet::new(),
            };
            let imported = run.through(file, table, cells).await?;
            serde_json::to_value(&imported).map_err(Refusal::internal)
        })
    })
    .await
}

/// An import on its way.
struct Run {
    installation: Installation,
    caller: Caller,
    plan: Arc<Plan>,
    links: Links,
    failures: Failures,
    handle: Handle,
    imported: wire::Imported,
    /// Values of a dry run that must be unique.
    unique: HashSet<String>,
}

impl Run {
    async fn through(mut self, file: File, table: Table, cells: Cells) -> Result<wire::Imported, Refusal> {
        // A broken file is refused before its first row is stored.
        let count = blocking(table.clone(), |table| count(&table)).await?;
        self.handle.begin(count);
        let mut lines = read_ahead(table, cells);
        let mut pace = FIRST_ROWS;
        loop {
            let mut slice = Vec::with_capacity(pace);
            while slice.len() < pace
                && let Some(line) = lines.recv().await
            {
                slice.push(line?);
            }
            if slice.is_empty() {
                break;
            }
            let (rows, started) = (slice.len(), Instant::now());
            self.save(slice.into()).await?;
            pace = next_pace(rows, started.elapsed());
            if self.handle.advance(rows).is_err() {
                self.handle.cut_short();
                break;
            }
        }
        self.finish(&file).await
    }

    /// Saves a slice and counts what became of its rows.
    async fn save(&mut self, lines: Arc<[Line]>) -> Result<(), Refusal> {
        let outcomes = self.try_often(&lines).await?;
        let mut failed = 0;
        for (line, outcome) in lines.iter().zip(outcomes) {
            match self.checked(outcome) {
                Outcome::Created(_) => self.imported.created += 1,
                Outcome::Updated => self.imported.updated += 1,
                Outcome::Unchanged => self.imported.unchanged += 1,
                Outcome::Failed(refusal) => {
                    failed += 1;
                    self.failures.add(line, refusal).await?;
                }
            }
        }
        self.imported.failed += failed as u64;
        self.handle.add_errors(failed);
        Ok(())
    }

    async fn try_often(&self, lines: &Arc<[Line]>) -> Result<Vec<Outcome>, Refusal> {
        let mut tries = 0;
        loop {
            let saved =
                save_slice(&self.installation, &self.caller, &self.plan, &self.links, lines.clone()).await;
            tries += 1;
            match saved {
                Err(refusal) if refusal.cause == Cause::Busy && tries < TRIES => {
                    tokio::time::sleep(PAUSE).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// In a dry run a row clashes with those of earlier slices too.
    fn checked(&mut self, outcome: Outcome) -> Outcome {
        let Outcome::Created(values) = &outcome else { return outcome };
        if !self.plan.dry_run {
            return outcome;
        }
        let clash = values.iter().find(|(_, value)| self.unique.contains(value));
        if let Some((field, _)) = clash {
            let fault = Fault::new(format!("fields.{field}"), "not_unique");
            let fault = if self.failures.names(field) { fault } else { of_closed_field(fault) };
            return Outcome::Failed(Refusal { faults: vec![fault], ..Refusal::conflict("not_unique") });
        }
        self.unique.extend(values.iter().map(|(_, value)| value.clone()));
        outcome
    }

    async fn finish(mut self, file: &File) -> Result<wire::Imported, Refusal> {
        self.imported.error_file = self.failures.finish(&file.name).await?;
        self.imported.faults = std::mem::take(&mut self.failures.faults);
        if self.plan.dry_run {
            return Ok(self.imported);
        }
        self.imported.batch = Some(self.plan.batch);
        let changes = serde_json::json!({
            "file": file.id, "sha256": file.sha256, "batch": self.plan.batch, "created": self.imported.created,
            "updated": self.imported.updated, "failed": self.imported.failed, "administered": self.plan.administered,
        });
        let (actor, form, name) = (self.caller.clone(), self.plan.form, file.name.clone());
        self.installation
            .write(move |tx| {
                Box::pin(async move {
                    let note = Note {
                        action: "form.import",
                        object: Some(form),
                        label: Some(&name),
                        changes: Some(changes),
                    };
                    audit::note(tx, &actor, note).await
                })
            })
            .await?;
        Ok(self.imported)
    }
}

fn count(table: &Table) -> Result<usize, Refusal> {
    let mut count = 0;
    for row in table.rows()? {
        row?;
        count += 1;
    }
    Ok(count)
}

/// Reads the rows beside the one who saves them.
fn read_ahead(table: Table, mut cells: Cells) -> mpsc::Receiver<Result<Line, Refusal>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let rows = match table.rows() {
            Ok(rows) => rows,
            Err(refusal) => {
                let _ = sender.blocking_send(Err(refusal));
                return;
            }
        };
        for row in rows {
            let line = row.map(|row| cells.read(row));
            // Nobody listens any more when the import was stopped.
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// How many rows the next slice may have, after one with `rows` took `time`.
fn next_pace(rows: usize, time: Duration) -> usize {
    let micros = time.as_micros().max(1);
    let fitting = (rows as u128 * SLICE.as_micros() / micros) as usize;
    // Up step by step: the first slices of an import are slower than the rest, and one quick one proves nothing.
    fitting.clamp(1, rows.saturating_mul(2)).clamp(1, MOST_ROWS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_hold_the_writer_for_a_short_time() {
        assert_eq!(next_pace(100, Duration::from_millis(50)), 70);
        assert_eq!(next_pace(100, Duration::from_millis(5)), 200);
        assert_eq!(next_pace(900, Duration::from_millis(1)), MOST_ROWS);
        assert_eq!(next_pace(1, Duration::from_secs(1)), 1);
        assert_eq!(next_pace(20, Duration::ZERO), 40);
    }
}
