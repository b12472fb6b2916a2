//! `GET /audit`

use axum::extract::State;
use engine::value::Id;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, Refusal, audit};

/// The filter, and which part of the list. Parameters are flat, and unknown ones are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    from: Option<String>,
    to: Option<String>,
    who: Option<Id>,
    kind: Option<String>,
    action: Option<String>,
    object: Option<Id>,
    path: Option<String>,
    ip: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The audit trail, newest first")
        .query("from", "An instant, or a day of the workspace, from whose beginning on")
        .query("to", "An instant, or a day of the workspace, to whose end")
        .query("who", "The id of a member")
        .query("kind", "The noun of the action: record, member, session, access …")
        .query("action", "A verb on a noun: record.create")
        .query("object", "The id of what something was done to")
        .query("path", "How it came: web, api, operator")
        .query("ip", "From which address")
        .query("limit", "Entries, 500 at most")
        .query("cursor", "Where the next page starts")
        .lists::<wire::Audit>()
        .refuses(403, &["forbidden"])
        .refuses(422, &["unknown_member", "validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Query(asked): Query<Asked>,
) -> Reply {
    let Asked { from, to, who, kind, action, object, path, ip, limit, cursor } = asked;
    let before = cursor.as_deref().map(str::parse::<Id>).transpose();
    let before = before.map_err(|_| Refusal::fault("cursor", "bad_cursor"))?;
    let filter = wire::AuditFilter { from, to, who, kind, action, object, path, ip };
    found(&audit::list(&installation, &caller, &filter, before, limit).await?)
}
