//! The trail as a file: a job, read page by page.

use std::collections::BTreeMap;

use engine::import::Written;
use engine::text::Language;
use engine::value::{Id, format_date};
use futures::future::BoxFuture;
use serde_json::{Value as Json, json};
use store::audit::{AuditEntry, AuditFilter};
use tokio::sync::mpsc;
use wire::{AuditExportInput, ExportFormat, Exported};

use super::{Note, list, note, write_refusals};
use crate::service::answer::Answer;
use crate::service::exports::{Portion, write};
use crate::service::files::{self, Part};
use crate::service::jobs::{self, Going};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::{Installation, Refusal, clock};
use crate::texts::texts;

/// The kind of the job.
pub const EXPORT: &str = "audit_export";

/// Entries of a page.
const PAGE: i64 = 500;
/// Pages that may wait to be written.
const WAITING: usize = 2;

/// The columns of a table; their names have the key `audit-COLUMN` with `-` for `_`.
const COLUMNS: [&str; 14] = [
    "seq",
    "at",
    "who",
    "who_name",
    "action",
    "object_kind",
    "object",
    "label",
    "path",
    "ip",
    "request_id",
    "changes",
    "hash",
    "chain",
];

/// Begins an export.
///
/// # Errors
/// Forbidden for who does not administer the workspace; faults of the filter.
pub async fn start(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: AuditExportInput,
) -> Result<Answer, Refusal> {
    list::allow(caller)?;
    list::read(caller, &input.filter)?;
    let asked = serde_json::to_value(input).map_err(Refusal::internal)?;
    jobs::start_kept(installation, caller, key, EXPORT, asked, |_, _| Box::pin(async { Ok(()) })).await
}

/// Does the work; one that was broken off begins anew: nobody has seen anything of it.
pub fn go_on(going: Going) -> BoxFuture<'static, Result<Json, Refusal>> {
    Box::pin(async move {
        let (input, caller): (AuditExportInput, Caller) = (going.input()?, going.caller().await?);
        list::allow(&caller)?;
        let exported = through(&going, &caller, &input).await?;
        serde_json::to_value(exported).map_err(Refusal::internal)
    })
}

async fn through(going: &Going, caller: &Caller, input: &AuditExportInput) -> Result<Exported, Refusal> {
    let filter = list::read(caller, &input.filter)?;
    write_refusals(&going.installation).await?;
    let part = Part::new(&going.installation);
    let (sender, portions) = mpsc::channel(WAITING);
    let (place, format, language) = (part.path().to_path_buf(), input.format, caller.language());
    let (headers, title) = (headers(format, language), said("audit-title", language));
    let sheet = title.clone();
    let writing =
        tokio::task::spawn_blocking(move || write(&place, format, (&sheet, &headers, language), portions));
    let read = read(going, caller, &filter, format, &sender).await;
    drop(sender);
    let cut = writing.await.map_err(Refusal::internal)??;
    let records = read?;
    let zone = jiff::tz::TimeZone::get(&caller.workspace.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let day = format_date(clock::now().to_zoned_datetime(zone).date());
    let name = format!("{title} {day}.{}", format.ending());
    let file = files::adopt(&going.installation, caller, &name, Some(files::EXPORTED), part.path()).await?;
    leave_note(going, caller, input, (file, records)).await?;
    Ok(Exported { file, name, records, cut })
}

/// Reads the entries and hands them over, newest first; gives how many there were.
async fn read(
    going: &Going,
    caller: &Caller,
    filter: &AuditFilter,
    format: ExportFormat,
    to: &mpsc::Sender<Portion>,
) -> Result<u64, Refusal> {
    let (workspace, mut before, mut records) = (caller.workspace_id(), None, 0);
    loop {
        let mut db = going.installation.store.read().await?;
        let page = AuditEntry::list(&mut db, workspace, filter, before, PAGE).await?;
        // Nobody reads while the disk is waited for.
        drop(db);
        let Some(last) = page.last() else { return Ok(records) };
        before = Some(last.id);
        records += page.len() as u64;
        let count = page.len();
        if to.send(portion(&page, caller, format)).await.is_err() {
            return Ok(records);
        }
        going.handle.advance(count)?;
    }
}

fn portion(page: &[AuditEntry], caller: &Caller, format: ExportFormat) -> Portion {
    let views = page.iter().map(|entry| list::view(entry, &caller.people));
    match format {
        ExportFormat::Json => {
            Portion::Records(views.filter_map(|view| serde_json::to_value(view).ok()).collect())
        }
        ExportFormat::Csv | ExportFormat::Xlsx => Portion::Rows(views.map(row).collect()),
    }
}

/// The cells of an entry, in the order of [`COLUMNS`].
fn row(view: wire::Audit) -> Vec<Written> {
    let text = |text: Option<String>| text.map_or(Written::Blank, Written::Text);
    let id = |id: Option<Id>| text(id.map(|id| id.to_string()));
    vec![
        view.seq.map_or(Written::Blank, |seq| Written::Number(seq.into(), 0)),
        Written::Text(view.at),
        id(view.who),
        text(view.who_name),
        Written::Text(view.action),
        Written::Text(view.object.kind),
        id(view.object.id),
        text(view.object.label),
        text(view.path),
        text(view.ip),
        text(view.request_id),
        text(view.changes.map(|changes| changes.to_string())),
        Written::Text(view.hash),
        text(view.chain),
    ]
}

fn headers(format: ExportFormat, language: Language) -> Vec<String> {
    let header = |column: &str| match format {
        ExportFormat::Json => column.to_string(),
        ExportFormat::Csv | ExportFormat::Xlsx => {
            said(&format!("audit-{}", column.replace('_', "-")), language)
        }
    };
    COLUMNS.iter().map(|column| header(column)).collect()
}

fn said(key: &str, language: Language) -> String {
    texts(language).get(key, &BTreeMap::new()).unwrap_or_else(|| key.to_string())
}

async fn leave_note(
    going: &Going,
    caller: &Caller,
    input: &AuditExportInput,
    (file, records): (Id, u64),
) -> Result<(), Refusal> {
    let changes = json!({"file": file, "format": input.format, "filter": input.filter, "entries": records});
    let caller = caller.clone();
    let noted = going.installation.write(move |tx| {
        Box::pin(async move {
            let (object, label) = (Some(file), None);
            note(tx, &caller, Note { action: "audit.export", object, label, changes: Some(changes) }).await
        })
    });
    noted.await
}
