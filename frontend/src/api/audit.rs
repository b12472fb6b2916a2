//! The audit trail, for administrators.

use wire::{Audit, AuditExportInput, AuditFilter, List};

use super::jobs::JobStarted;
use super::{Call, Problem};

/// A page of the entries that a filter asks for, newest first.
pub async fn entries(filter: &AuditFilter, cursor: Option<&str>) -> Result<List<Audit>, Problem> {
    let who = filter.who.map(|who| who.to_string());
    let parameters = [
        ("from", filter.from.as_deref()),
        ("to", filter.to.as_deref()),
        ("who", who.as_deref()),
        ("kind", filter.kind.as_deref()),
        ("cursor", cursor),
    ];
    let mut call = Call::get("/audit").query("limit", 100);
    for (name, value) in parameters {
        if let Some(value) = value {
            call = call.query(name, value);
        }
    }
    call.send().await
}

/// Begins an export; answers the job's id.
pub async fn export(input: &AuditExportInput) -> Result<String, Problem> {
    let started: JobStarted = Call::post("/audit/export").json(input).send().await?;
    Ok(started.job.to_string())
}
