//! What the workspace says for everybody in it.

use wire::{JobStarted, WorkspaceFiles, WorkspacePatch, WorkspaceSettings, ZoneInput};

use super::{Call, Problem};

pub async fn read() -> Result<WorkspaceSettings, Problem> {
    Call::get("/workspace").send().await
}

/// How much room files take; for administrators.
pub async fn files() -> Result<WorkspaceFiles, Problem> {
    Call::get("/workspace/files").send().await
}

pub async fn update(patch: &WorkspacePatch) -> Result<WorkspaceSettings, Problem> {
    Call::patch("/workspace").if_match_any().json(patch).send().await
}

/// Begins to count days in another zone; answers the id of the job that does.
pub async fn change_zone(zone: &str) -> Result<String, Problem> {
    let input = ZoneInput { zone: zone.to_string() };
    let started: JobStarted = Call::put("/workspace/zone").json(&input).send().await?;
    Ok(started.job.to_string())
}
