//! `GET /bin`

use axum::extract::State;
use engine::value::Id;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, bin};

/// The filter, and which part of the list. Parameters are flat, and unknown ones are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    kind: Option<String>,
    app: Option<String>,
    who: Option<Id>,
    q: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What lies in the recycle bin that the caller can take back, the last deleted first")
        .query("kind", "app, form, dashboard, report, aggregate, flow_version or flow_draft")
        .query("app", "The id or key of an app; of one in the bin its id")
        .query("who", "The id of who deleted it")
        .query("q", "A part of what it is called")
        .query("limit", "Things, 500 at most")
        .query("cursor", "Where the next page starts")
        .answers::<wire::Bin>(200)
        .refuses(422, &["unknown_member", "validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Query(asked): Query<Asked>,
) -> Reply {
    let Asked { kind, app, who, q, limit, cursor } = asked;
    let asked = bin::Asked { kind, app, who, text: q, limit, cursor };
    found(&bin::list(&installation, &caller, asked).await?)
}
