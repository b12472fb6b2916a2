//! Designing the flow of a form: its draft, trying it out, publishing.

use engine::flow::FlowDocument;
use gloo_net::http::Headers;
use serde_json::Value as Json;
use wire::flow_ahead::{Ahead, AheadInput};
use wire::flow_design::{CoverageInput, FlowCoverage, FlowVersion, TriedCondition, TryConditionInput};
use wire::migration::MigrateInput;
use wire::ready_made::{ReadyMadeFlow, ReadyMadeInput};
use wire::simulation::{SimulateInput, Simulated};
use wire::{Dependents, JobStarted, List, Published};

use super::{Call, Problem, problem, segment};

/// A flow that is being designed, with the version that the next change names.
#[derive(Clone, Debug)]
pub struct FlowDraft {
    pub document: FlowDocument,
    /// 0 where the form has no flow yet.
    pub version: u64,
    /// Whether it differs from what is published.
    pub changed: bool,
}

fn draft_of(form: &str) -> String {
    format!("/forms/{}/flow/draft", segment(form))
}

fn read((json, headers): (Json, Headers)) -> Result<FlowDraft, Problem> {
    let document = FlowDocument::read(json).map_err(|_| problem::not_understood(200))?;
    let version: Option<u64> = headers.get("etag").and_then(|etag| etag.trim_matches('"').parse().ok());
    let changed = headers.get("x-unpublished-changes").is_none_or(|changed| changed != "false");
    Ok(FlowDraft { document, version: version.unwrap_or_default(), changed })
}

pub async fn draft(form: &str) -> Result<FlowDraft, Problem> {
    read(Call::get(draft_of(form)).send_with_headers().await?)
}

/// Replaces the draft if it still has this version, as soon as the server is there. Where only the answer was lost, the
/// repetition is refused as stale (412), and the draft is this one already.
pub async fn replace(form: &str, version: u64, document: &FlowDocument) -> Result<FlowDraft, Problem> {
    let call = Call::put(draft_of(form)).if_match(version).json(document);
    read(call.until_answered().send_with_headers().await?)
}

/// The flows that come with the product, with what of the form can stand for what each names.
pub async fn ready_made(form: &str) -> Result<Vec<ReadyMadeFlow>, Problem> {
    let call = Call::get(format!("/forms/{}/flow/ready-made", segment(form)));
    call.send::<List<ReadyMadeFlow>>().await.map(|list| list.items)
}

/// Makes one of them the draft, if it still has this version.
pub async fn take_ready_made(form: &str, version: u64, input: &ReadyMadeInput) -> Result<FlowDraft, Problem> {
    let call = Call::post(format!("/forms/{}/flow/ready-made", segment(form)));
    read(call.if_match(version).json(input).send_with_headers().await?)
}

/// Puts the draft into the recycle bin, if it still has this version; gives the one that stands there then.
pub async fn delete_draft(form: &str, version: u64) -> Result<FlowDraft, Problem> {
    Call::delete(draft_of(form)).if_match(version).send_unit().await?;
    draft(form).await
}

pub async fn publish(form: &str) -> Result<Published, Problem> {
    Call::post(format!("/forms/{}/flow/publish", segment(form))).until_answered().send().await
}

/// Which way a record would go in the draft; nothing is stored.
pub async fn simulate(form: &str, input: &SimulateInput) -> Result<Simulated, Problem> {
    Call::post(format!("/forms/{}/flow/simulate", segment(form))).json(input).send().await
}

/// Who would decide about a record if it were submitted now.
pub async fn ahead(form: &str, input: &AheadInput) -> Result<Ahead, Problem> {
    Call::post(format!("/forms/{}/flow/ahead", segment(form))).json(input).send().await
}

/// Which steps and arms of the draft the newest records would come by.
pub async fn coverage(form: &str) -> Result<FlowCoverage, Problem> {
    let input = CoverageInput::default();
    Call::post(format!("/forms/{}/flow/coverage", segment(form))).json(&input).send().await
}

/// Begins to move running requests to another version, or to try it; answers the id of the job that does.
pub async fn migrate(form: &str, input: &MigrateInput) -> Result<String, Problem> {
    let call = Call::post(format!("/forms/{}/flow/migrate", segment(form)));
    let started: JobStarted = call.json(input).send().await?;
    Ok(started.job.to_string())
}

/// Whether a condition holds for a record, and why.
pub async fn try_condition(form: &str, input: &TryConditionInput) -> Result<TriedCondition, Problem> {
    Call::post(format!("/forms/{}/flow/try-condition", segment(form))).json(input).send().await
}

/// The published versions, newest first.
pub async fn versions(form: &str) -> Result<Vec<FlowVersion>, Problem> {
    let list: List<FlowVersion> = Call::get(format!("/forms/{}/flow/versions", segment(form))).send().await?;
    Ok(list.items)
}

/// How many requests go by a version now.
pub async fn under_way(form: &str, version: i64) -> Result<u32, Problem> {
    let path = format!("/forms/{}/flow/versions/{version}/dependents", segment(form));
    let found: Dependents = Call::get(path).send().await?;
    let running = found.items.iter().find(|dependent| dependent.object == "running");
    Ok(running.and_then(|running| running.number).unwrap_or_default())
}

/// The document of a published version.
pub async fn version(form: &str, version: i64) -> Result<FlowDocument, Problem> {
    let json: Json = Call::get(format!("/forms/{}/flow/versions/{version}", segment(form))).send().await?;
    FlowDocument::read(json).map_err(|_| problem::not_understood(200))
}
