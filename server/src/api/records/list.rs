//! `GET /forms/{form}/records`

use axum::extract::State;
use engine::condition::Condition;
use engine::value::Id;
use serde::Deserialize;
use wire::records::{CountMode, SortBy};

use crate::api::doc::Doc;
use crate::api::extract::{Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::records::query;
use crate::service::{Installation, Refusal, strict};

/// The parameters of a list; what they mean is what the members of the query's body mean.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    filter: Option<String>,
    q: Option<String>,
    q_fields: Option<String>,
    sort: Option<String>,
    fields: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
    offset: Option<u64>,
    #[serde(default)]
    count: CountMode,
    #[serde(default)]
    titles: bool,
    permission_group: Option<String>,
    view: Option<Id>,
    #[serde(default)]
    deleted: bool,
    #[serde(default)]
    drafts: bool,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Records by filter, in order, a page at a time")
        .query("filter", "A condition, as JSON")
        .query("q", "Words that stand in the title, in serial numbers or in fields that hold text; a title is found by pinyin too")
        .query("q_fields", "The fields in which q is looked for besides title and serial numbers, with commas between; all when absent")
        .query("sort", "Fields with commas between, descending with a minus before")
        .query("fields", "The fields to give, with commas between")
        .query("limit", "Records of one page, 500 at most")
        .query("cursor", "Where the page starts: the `next` of the page before")
        .query("offset", "In place of a cursor: how many records to skip")
        .query("count", "none, estimate or exact")
        .query("titles", "true to give titles of linked records")
        .query("permission_group", "Only what this group shows")
        .query("view", "A saved view: its filter besides, its order and columns where nothing is said")
        .query("deleted", "true for the recycle bin")
        .query("drafts", "true for one's own drafts")
        .answers::<wire::records::QueryAnswer>(200)
        .refuses(400, &["malformed_json"])
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_field", "not_sortable"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Query(parameters): Query<Parameters>,
) -> Reply {
    found(&query::query(&installation, &caller, &form, &asked(parameters)?).await?)
}

fn asked(parameters: Parameters) -> Result<wire::records::Query, Refusal> {
    let filter: Option<Condition> = match parameters.filter {
        None => None,
        Some(text) => {
            let read: Result<Condition, Refusal> = strict::from_slice(text.as_bytes());
            let in_filter = |refusal: Refusal| Refusal {
                faults: refusal.faults.into_iter().map(|fault| fault.under("filter")).collect(),
                ..refusal
            };
            Some(read.map_err(in_filter)?)
        }
    };
    let names = |text: &str| -> Vec<String> {
        text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_string).collect()
    };
    let sort = names(parameters.sort.as_deref().unwrap_or_default())
        .into_iter()
        .map(|name| match name.strip_prefix('-') {
            Some(field) => SortBy { field: field.to_string(), desc: true },
            None => SortBy { field: name, desc: false },
        })
        .collect();
    Ok(wire::records::Query {
        filter,
        q: parameters.q,
        q_fields: parameters.q_fields.as_deref().map(names),
        sort,
        fields: parameters.fields.as_deref().map(names),
        limit: parameters.limit,
        cursor: parameters.cursor,
        offset: parameters.offset,
        count: parameters.count,
        titles: parameters.titles,
        permission_group: parameters.permission_group,
        view: parameters.view,
        deleted: parameters.deleted,
        drafts: parameters.drafts,
    })
}
