//! Aggregate tables: their documents, their groups now and then, and the records that make a number.

use engine::aggregate::AggregateDocument;
use serde_json::Value as Json;
use wire::{
    Aggregate, AggregateAsOf, AggregateAsOfInput, AggregateBehind, AggregateBehindInput, AggregateGroup,
    AggregateVerified, JobStarted, List, Made,
};

use super::{Call, Problem, forms, jobs, segment};

/// Groups of one page.
const PAGE: usize = 200;

pub async fn tables(app: &str) -> Result<Vec<Aggregate>, Problem> {
    let list: List<Aggregate> = Call::get(format!("/apps/{}/aggregates", segment(app))).send().await?;
    Ok(list.items)
}

pub async fn get(id: &str) -> Result<Aggregate, Problem> {
    Call::get(format!("/aggregates/{}", segment(id))).send().await
}

/// Makes a table; gives its id.
pub async fn create(app: &str, document: &AggregateDocument) -> Result<String, Problem> {
    let made: Made = Call::post(format!("/apps/{}/aggregates", segment(app))).json(document).send().await?;
    Ok(made.id.to_string())
}

/// Puts another document in a table's place, and waits where its groups are built anew by a job.
pub async fn replace(id: &str, version: i64, document: &AggregateDocument) -> Result<(), Problem> {
    let version = u64::try_from(version).unwrap_or_default();
    let call = Call::put(format!("/aggregates/{}", segment(id))).if_match(version).json(document);
    let answer: Json = call.send().await?;
    match serde_json::from_value::<JobStarted>(answer) {
        Ok(started) => finished(started).await.map(drop),
        // Done at once.
        Err(_) => Ok(()),
    }
}

/// The groups, as they are or as they were at an instant.
pub async fn rows(
    id: &str,
    as_of: Option<&str>,
    cursor: Option<&str>,
) -> Result<List<AggregateGroup>, Problem> {
    let mut call =
        Call::get(format!("/aggregates/{}/rows", segment(id))).query("limit", PAGE).query("labels", true);
    if let Some(at) = as_of {
        call = call.query("as_of", at);
    }
    if let Some(cursor) = cursor {
        call = call.query("cursor", cursor);
    }
    match (call.send().await, as_of) {
        (Err(problem), Some(at)) if problem.code == "needs_job" => rows_by_job(id, at).await,
        (answer, _) => answer,
    }
}

/// The groups at an instant, where there are too many records for one request.
async fn rows_by_job(id: &str, at: &str) -> Result<List<AggregateGroup>, Problem> {
    let input = AggregateAsOfInput { at: at.to_string() };
    let started: JobStarted =
        Call::post(format!("/aggregates/{}/as-of", segment(id))).json(&input).send().await?;
    let result = finished(started).await?;
    let found: AggregateAsOf = serde_json::from_value(result).map_err(|_| forms::not_understood())?;
    Ok(List::all(found.items))
}

/// The result of a job, once it has ended.
async fn finished(started: JobStarted) -> Result<Json, Problem> {
    let job = jobs::watch(&started.job.to_string(), |_| {}).await?;
    match job.problem {
        Some(problem) => Err(problem),
        None => Ok(job.result),
    }
}

/// The records that make a number.
pub async fn behind(id: &str, input: &AggregateBehindInput) -> Result<AggregateBehind, Problem> {
    Call::post(format!("/aggregates/{}/records", segment(id))).json(input).send().await
}

/// Holds what is kept of every table of an app against the records.
pub async fn verify_all(app: &str) -> Result<Vec<AggregateVerified>, Problem> {
    let path = format!("/apps/{}/aggregates/verify", segment(app));
    let list: List<AggregateVerified> = Call::post(path).send().await?;
    Ok(list.items)
}
