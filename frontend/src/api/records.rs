//! Records: read, written, found, added up.

use engine::value::{Id, Values};
use serde_json::{Map, Value as Json};
use wire::PurgeInput;
use wire::bulk_edit::BulkEditInput;
use wire::comments::{Comment, CommentEdit, CommentInput, Comments};
use wire::records::{
    AggregateAnswer, AggregateInput, BulkAnswer, BulkInput, BulkResult, BulkUpdate, CountMode, HistoryEntry,
    ListAnswer, OptionItem, Query, QueryAnswer, Record, RecordInput, RecordPatch, RestoreInput,
    RestoreManyInput, SubmitInput, SystemInput, VoidInput,
};

use super::forms::OpenForm;
use super::jobs::JobStarted;
use super::{Call, Page, Problem, segment};

/// What is searched for in a list, and in which fields besides its title and its numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searched {
    pub words: Option<String>,
    pub fields: Option<Vec<String>>,
}

fn base(form: Id) -> String {
    format!("/forms/{form}/records")
}

pub async fn get(form: Id, record: &str) -> Result<Record, Problem> {
    Call::get(format!("{}/{}", base(form), segment(record))).send().await
}

/// Stores a new record, as soon as the server is there; `key` stays the same over the tries of one submit.
pub async fn create(form: Id, input: &RecordInput, key: &str) -> Result<Record, Problem> {
    Call::post(base(form)).idempotency_key(key).json(input).until_answered().send().await
}

/// Changes a record that has this version, as soon as the server is there. Where an answer got lost, the repetition is refused
/// as stale (412), and the record holds the change already.
pub async fn change(
    form: Id,
    record: Id,
    version: i64,
    fields: Map<String, Json>,
) -> Result<Record, Problem> {
    patched(form, record, version, &RecordPatch { fields: Some(fields), system: None }).await
}

/// Gives a record that has this version to somebody, in whose department it lies from then on.
pub async fn give(form: Id, record: Id, version: i64, owner: Id) -> Result<Record, Problem> {
    let system = SystemInput { owner: Some(owner), ..SystemInput::default() };
    patched(form, record, version, &RecordPatch { fields: None, system: Some(system) }).await
}

async fn patched(form: Id, record: Id, version: i64, patch: &RecordPatch) -> Result<Record, Problem> {
    let version = u64::try_from(version).unwrap_or_default();
    let call = Call::patch(format!("{}/{record}", base(form))).if_match(version).json(patch);
    call.until_answered().send().await
}

/// Checks a stored draft with its last changes, and starts the form's flow, with those whom its submitter names by step.
pub async fn submit(form: Id, record: Id, input: &SubmitInput) -> Result<Record, Problem> {
    let call = Call::post(format!("{}/{record}/submit", base(form))).json(input);
    call.until_answered().send().await
}

/// Voids a record: it stays, and nothing changes it any more.
pub async fn void(form: Id, record: Id, reason: String) -> Result<Record, Problem> {
    let call = Call::post(format!("{}/{record}/void", base(form))).json(&VoidInput { reason });
    call.until_answered().send().await
}

pub async fn delete(form: Id, record: Id, version: i64) -> Result<(), Problem> {
    let version = u64::try_from(version).unwrap_or_default();
    Call::delete(format!("{}/{record}", base(form))).if_match(version).send_unit().await
}

/// Takes a record out of the recycle bin.
pub async fn restore(form: Id, record: Id) -> Result<Record, Problem> {
    Call::post(format!("{}/{record}/restore", base(form))).json(&RestoreInput::default()).send().await
}

/// Deletes records, each by itself; what became of each, in order.
pub async fn delete_all(form: Id, ids: &[Id]) -> Result<Vec<BulkResult>, Problem> {
    let input =
        BulkInput { create: None, update: None, upsert: None, delete: Some(ids.to_vec()), atomic: false };
    let answer: BulkAnswer = Call::post(format!("{}/bulk", base(form))).json(&input).send().await?;
    Ok(answer.results)
}

/// Changes records, each by itself; what became of each, in order. `key` stays the same over the tries of one request.
pub async fn change_all(form: Id, updates: Vec<BulkUpdate>, key: &str) -> Result<Vec<BulkResult>, Problem> {
    let input = BulkInput { create: None, update: Some(updates), upsert: None, delete: None, atomic: false };
    bulk(form, &input, key).await
}

/// Makes records, each by itself; what became of each, in order. `key` stays the same over the tries of one request.
pub async fn create_all(form: Id, rows: Vec<RecordInput>, key: &str) -> Result<Vec<BulkResult>, Problem> {
    let input = BulkInput { create: Some(rows), update: None, upsert: None, delete: None, atomic: false };
    bulk(form, &input, key).await
}

async fn bulk(form: Id, input: &BulkInput, key: &str) -> Result<Vec<BulkResult>, Problem> {
    let call = Call::post(format!("{}/bulk", base(form))).idempotency_key(key).json(input);
    let answer: BulkAnswer = call.send().await?;
    Ok(answer.results)
}

/// Takes records out of the recycle bin, each by itself; what became of each, in order.
pub async fn restore_all(form: Id, ids: &[Id]) -> Result<Vec<BulkResult>, Problem> {
    let input = RestoreManyInput { ids: ids.to_vec() };
    let answer: BulkAnswer = Call::post(format!("{}/restore", base(form))).json(&input).send().await?;
    Ok(answer.results)
}

/// Gives a record, whose newest version known here is `seen`, the values of an earlier one, as a new one.
pub async fn restore_version(form: Id, record: Id, version: i64, seen: i64) -> Result<Record, Problem> {
    let input = RestoreInput { version: Some(version) };
    let seen = u64::try_from(seen).unwrap_or_default();
    Call::post(format!("{}/{record}/restore", base(form))).if_match(seen).json(&input).send().await
}

/// Begins to remove records of the recycle bin for good; answers the job's id.
pub async fn purge(form: Id, input: &PurgeInput) -> Result<String, Problem> {
    let started: JobStarted = Call::post(format!("{}/purge", base(form))).json(input).send().await?;
    Ok(started.job.to_string())
}

/// Begins a bulk edit, or the preview of one; answers the job's id.
pub async fn bulk_edit(form: Id, input: &BulkEditInput) -> Result<String, Problem> {
    let started: JobStarted = Call::post(format!("/forms/{form}/bulk-edit")).json(input).send().await?;
    Ok(started.job.to_string())
}

pub async fn history(form: Id, record: Id) -> Result<Vec<HistoryEntry>, Problem> {
    let page: Page<HistoryEntry> = Call::get(format!("{}/{record}/history", base(form))).send().await?;
    Ok(page.items)
}

/// A page of what people said about a record, newest first.
pub async fn comments(form: Id, record: Id, from: Option<&str>) -> Result<Comments, Problem> {
    let call = Call::get(format!("{}/{record}/comments", base(form)));
    let call = match from {
        Some(cursor) => call.query("cursor", cursor),
        None => call,
    };
    call.send().await
}

/// Says something about a record, as soon as the server is there.
pub async fn comment(form: Id, record: Id, input: &CommentInput) -> Result<Comment, Problem> {
    Call::post(format!("{}/{record}/comments", base(form))).json(input).until_answered().send().await
}

/// Other words in place of what the reader said.
pub async fn change_comment(id: Id, edit: &CommentEdit) -> Result<Comment, Problem> {
    Call::patch(format!("/comments/{id}")).json(edit).send().await
}

/// Takes away what somebody said.
pub async fn delete_comment(id: Id) -> Result<(), Problem> {
    Call::delete(format!("/comments/{id}")).send_unit().await
}

pub async fn query(form: Id, query: &Query) -> Result<QueryAnswer, Problem> {
    Call::post(format!("{}/query", base(form))).json(query).send().await
}

/// A page as long as it was asked for: an answer that would be too large ends earlier, and goes on from there.
///
/// # Errors
/// What the server says.
pub async fn whole_page(form: Id, asked: &Query) -> Result<QueryAnswer, Problem> {
    let wanted = asked.limit.map_or(0, |limit| limit as usize);
    let mut page = query(form, asked).await?;
    while page.items.len() < wanted
        && let Some(cursor) = page.next.take()
    {
        let left = u32::try_from(wanted - page.items.len()).ok();
        let (cursor, count) = (Some(cursor), CountMode::None);
        let rest = query(form, &Query { cursor, offset: None, limit: left, count, ..asked.clone() }).await?;
        page.items.extend(rest.items);
        page.next = rest.next;
        for (of, titles) in rest.titles.into_iter().flatten() {
            page.titles.get_or_insert_default().entry(of).or_default().extend(titles);
        }
    }
    Ok(page)
}

pub async fn aggregate(form: Id, input: &AggregateInput) -> Result<AggregateAnswer, Problem> {
    Call::post(format!("/forms/{form}/aggregate")).json(input).send().await
}

/// The choices of a link or member field.
pub async fn options(form: Id, field: &str, text: &str) -> Result<Vec<OptionItem>, Problem> {
    options_with(form, field, text, None, false).await
}

/// The choices of a link or member field for a record that holds `with` of what they are held against; of a field of the form's
/// draft where that is tried out.
pub async fn options_with(
    form: Id,
    field: &str,
    text: &str,
    with: Option<&Map<String, Json>>,
    is_draft: bool,
) -> Result<Vec<OptionItem>, Problem> {
    let call = Call::get(format!("/forms/{form}/fields/{}/options", segment(field))).query("q", text);
    let call = if is_draft { call.query("draft", true) } else { call };
    let call = match with.and_then(|with| serde_json::to_string(with).ok()) {
        Some(with) => call.query("values", &with),
        None => call,
    };
    let page: Page<OptionItem> = call.send().await?;
    Ok(page.items)
}

/// A page of the list that a query field of a record shows.
pub async fn listed(form: Id, record: Id, field: &str, from: Option<&str>) -> Result<ListAnswer, Problem> {
    let call = Call::get(format!("{}/{record}/fields/{}", base(form), segment(field)));
    let call = call.query("count", "exact");
    let call = match from {
        Some(cursor) => call.query("cursor", cursor),
        None => call,
    };
    call.send().await
}

/// The values of a record, typed.
pub fn values(form: &OpenForm, record: &Record) -> Values {
    engine::record::read_values(&form.form, &record.fields)
}
