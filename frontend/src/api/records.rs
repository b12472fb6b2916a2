//! Records: read, written, found, added up.

use engine::value::{Id, Values};
use serde_json::{Map, Value as Json, json};
use wire::records::{
    AggregateAnswer, AggregateInput, HistoryEntry, ListAnswer, OptionItem, Query, QueryAnswer, Record,
    RecordInput, RecordPatch, SubmitInput,
};

use super::forms::OpenForm;
use super::{Call, Page, Problem, segment};

fn base(form: Id) -> String {
    format!("/forms/{form}/records")
}

pub async fn get(form: Id, record: &str) -> Result<Record, Problem> {
    Call::get(format!("{}/{}", base(form), segment(record))).send().await
}

/// Stores a new record; `key` stays the same over the tries of one submit.
pub async fn create(form: Id, input: &RecordInput, key: &str) -> Result<Record, Problem> {
    Call::post(base(form)).idempotency_key(key).json(input).send().await
}

pub async fn change(
    form: Id,
    record: Id,
    version: i64,
    fields: Map<String, Json>,
) -> Result<Record, Problem> {
    let patch = RecordPatch { fields: Some(fields), system: None };
    let version = u64::try_from(version).unwrap_or_default();
    Call::patch(format!("{}/{record}", base(form))).if_match(version).json(&patch).send().await
}

/// Checks a stored draft with its last changes, and starts the form's flow.
pub async fn submit(form: Id, record: Id, fields: Map<String, Json>) -> Result<Record, Problem> {
    Call::post(format!("{}/{record}/submit", base(form))).json(&SubmitInput { fields }).send().await
}

pub async fn delete(form: Id, record: Id, version: i64) -> Result<(), Problem> {
    let version = u64::try_from(version).unwrap_or_default();
    Call::delete(format!("{}/{record}", base(form))).if_match(version).send_unit().await
}

pub async fn restore(form: Id, record: Id) -> Result<Record, Problem> {
    Call::post(format!("{}/{record}/restore", base(form))).json(&json!({})).send().await
}

pub async fn history(form: Id, record: Id) -> Result<Vec<HistoryEntry>, Problem> {
    let page: Page<HistoryEntry> = Call::get(format!("{}/{record}/history", base(form))).send().await?;
    Ok(page.items)
}

pub async fn query(form: Id, query: &Query) -> Result<QueryAnswer, Problem> {
    Call::post(format!("{}/query", base(form))).json(query).send().await
}

pub async fn aggregate(form: Id, input: &AggregateInput) -> Result<AggregateAnswer, Problem> {
    Call::post(format!("/forms/{form}/aggregate")).json(input).send().await
}

/// The choices of a link or member field.
pub async fn options(form: Id, field: &str, text: &str) -> Result<Vec<OptionItem>, Problem> {
    let page: Page<OptionItem> =
        Call::get(format!("/forms/{form}/fields/{}/options", segment(field))).query("q", text).send().await?;
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
