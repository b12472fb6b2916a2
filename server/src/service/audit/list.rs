//! Reading the trail.

use std::collections::BTreeMap;

use engine::value::{Date, Id, Timestamp, format_timestamp, parse_date, parse_timestamp};
use jiff::tz::TimeZone;
use store::audit::{AuditEntry, AuditFilter};
use wire::List;

use super::{names, write_refusals};
use crate::service::people::secret::hex;
use crate::service::people::{Caller, Directory};
use crate::service::records::query::checked_limit;
use crate::service::{Installation, Refusal};

/// Entries of the caller's workspace, newest first.
///
/// # Errors
/// Forbidden for who does not administer the workspace; faults of what was asked for.
pub async fn list(
    installation: &Installation,
    caller: &Caller,
    filter: &wire::AuditFilter,
    before: Option<Id>,
    limit: Option<u32>,
) -> Result<List<wire::Audit>, Refusal> {
    allow(caller)?;
    let limit = checked_limit(limit)?;
    let filter = read(caller, filter)?;
    // Whoever looks sees what was refused a moment ago.
    write_refusals(installation).await?;
    let workspace = caller.workspace_id();
    let mut db = installation.store.read().await?;
    // One more says whether there is a next page.
    let mut entries =
        AuditEntry::list(&mut db, workspace, &filter, before, i64::from(limit).saturating_add(1)).await?;
    let has_more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next = entries.last().filter(|_| has_more).map(|last| last.id.to_string());
    let mut items: Vec<wire::Audit> = entries.iter().map(|entry| view(entry, &caller.people)).collect();
    names::tell(installation, caller, &mut db, &mut items).await?;
    Ok(List { items, next })
}

/// The trail is for those who administer the workspace.
pub(super) fn allow(caller: &Caller) -> Result<(), Refusal> {
    if caller.is_administrator() { Ok(()) } else { Err(Refusal::forbidden("forbidden")) }
}

/// What is asked for, as the store takes it.
pub(super) fn read(caller: &Caller, asked: &wire::AuditFilter) -> Result<AuditFilter, Refusal> {
    let zone = TimeZone::get(&caller.workspace.zone).unwrap_or(TimeZone::UTC);
    let moment = |member: &str, text: &Option<String>, is_end: bool| -> Result<Option<Timestamp>, Refusal> {
        let Some(text) = text else { return Ok(None) };
        let found = parse_timestamp(text).or_else(|| day(parse_date(text)?, is_end, &zone));
        found.map(Some).ok_or_else(|| Refusal::fault(member, "not_a_moment"))
    };
    Ok(AuditFilter {
        from: moment("from", &asked.from, false)?,
        to: moment("to", &asked.to, true)?,
        who: asked.who,
        kind: asked.kind.clone(),
        action: asked.action.clone(),
        object: asked.object,
        path: asked.path.clone(),
        ip: asked.ip.clone(),
    })
}

/// The beginning of a day of the workspace, or its end.
fn day(date: Date, is_end: bool, zone: &TimeZone) -> Option<Timestamp> {
    let date = if is_end { date.tomorrow().ok()? } else { date };
    Some(date.to_zoned_datetime(zone.clone()).ok()?.timestamp())
}

/// An entry as the wire has it, without what it speaks of is called.
pub(super) fn view(entry: &AuditEntry, people: &Directory) -> wire::Audit {
    let name_of = |id: Option<Id>| id.map(|id| people.name(id).to_string()).filter(|name| !name.is_empty());
    wire::Audit {
        id: entry.id,
        seq: entry.seq,
        at: format_timestamp(entry.at),
        who: entry.who,
        who_name: name_of(entry.who),
        on_behalf_of: entry.on_behalf_of,
        action: entry.action.clone(),
        object: wire::AuditObject {
            kind: entry.object_kind.clone(),
            id: entry.object,
            label: entry.label.clone(),
        },
        path: entry.path.clone(),
        ip: entry.ip.clone(),
        request_id: entry.request.clone(),
        changes: entry.changes.as_deref().and_then(|text| serde_json::from_str(text).ok()),
        form: None,
        names: BTreeMap::new(),
        hash: hex(&entry.hash),
        chain: entry.chain.as_deref().map(hex),
    }
}
