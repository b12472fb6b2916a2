//! The recycle bin of what people design, and for how long things lie there.

use engine::value::Id;
use wire::{
    Bin, BinPurgeInput, BinRestore, BinRestoreInput, BinResult, BinResults, BinnedKind, Dependent,
    Dependents, Retention,
};

use super::jobs::{self, JobStarted, JobState};
use super::{Call, Problem, forms};

/// What of the bin is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BinFilter {
    pub kind: Option<BinnedKind>,
    /// An app's id.
    pub app: Option<String>,
    /// A member's id.
    pub who: Option<String>,
    /// A part of what it is called.
    pub text: String,
}

/// What uses a thing, with the version that its deletion starts from.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    pub items: Vec<Dependent>,
    pub version: u64,
}

/// One page of what the caller can take back.
pub async fn bin(filter: &BinFilter, cursor: Option<&str>) -> Result<Bin, Problem> {
    let mut call = Call::get("/bin");
    if let Some(kind) = filter.kind {
        call = call.query("kind", kind.key());
    }
    for (name, value) in [("app", &filter.app), ("who", &filter.who)] {
        if let Some(value) = value {
            call = call.query(name, value);
        }
    }
    if !filter.text.trim().is_empty() {
        call = call.query("q", filter.text.trim());
    }
    if let Some(cursor) = cursor {
        call = call.query("cursor", cursor);
    }
    call.send().await
}

/// Takes things out of the bin; what became of each, in order.
pub async fn restore(items: Vec<BinRestore>) -> Result<Vec<BinResult>, Problem> {
    let results: BinResults = Call::post("/bin/restore").json(&BinRestoreInput { items }).send().await?;
    Ok(results.results)
}

/// Removes things for good, and waits until they are gone; what became of each, in order.
pub async fn purge(ids: Vec<Id>) -> Result<Vec<BinResult>, Problem> {
    let started: JobStarted = Call::post("/bin/purge").json(&BinPurgeInput { ids }).send().await?;
    let job = jobs::watch(&started.job.to_string(), |_| {}).await?;
    match job.problem {
        Some(problem) => Err(problem),
        None if job.state == JobState::Done => {
            let results: BinResults =
                serde_json::from_value(job.result).map_err(|_| forms::not_understood())?;
            Ok(results.results)
        }
        None => Err(forms::not_understood()),
    }
}

/// What uses a thing, by the address of the thing.
pub async fn uses(path: &str, app: Option<&str>) -> Result<Uses, Problem> {
    let mut call = Call::get(format!("{path}/dependents"));
    if let Some(app) = app {
        call = call.query("app", app);
    }
    let (found, headers): (Dependents, _) = call.send_with_headers().await?;
    let version = headers.get("etag").and_then(|etag| etag.trim_matches('"').parse().ok());
    Ok(Uses { items: found.items, version: version.unwrap_or_default() })
}

/// Puts a thing into the bin, if it still has this version.
pub async fn delete(path: &str, app: Option<&str>, version: u64) -> Result<(), Problem> {
    let mut call = Call::delete(path).if_match(version);
    if let Some(app) = app {
        call = call.query("app", app);
    }
    call.send_unit().await
}

pub async fn retention() -> Result<Retention, Problem> {
    Call::get("/retention").send().await
}

pub async fn set_retention(retention: Retention) -> Result<Retention, Problem> {
    Call::put("/retention").json(&retention).send().await
}

/// Puts a form into the bin, with all its records.
pub async fn delete_form(form: Id) -> Result<(), Problem> {
    Call::delete(format!("/forms/{form}")).send_unit().await
}
