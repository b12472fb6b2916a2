//! `GET /forms/{form}/flow/figures/requests`

use axum::extract::State;
use engine::condition::Relative;
use engine::value::Id;
use serde::Deserialize;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Query, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::figures;

/// Parameters are flat, and unknown ones are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    which: figures::Which,
    from: Option<String>,
    to: Option<String>,
    relative: Option<Relative>,
    n: Option<u32>,
    version: Option<i64>,
    step: Option<String>,
    person: Option<Id>,
    limit: Option<u32>,
    cursor: Option<String>,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What a figure of a flow counts, newest requests first")
        .query("which", "running, overdue, begun, done, late, returned or rejected")
        .query("from", "As for the figures")
        .query("to", "As for the figures")
        .query("relative", "As for the figures")
        .query("n", "As for the figures")
        .query("version", "As for the figures")
        .query("step", "As for the figures")
        .query("person", "As for the figures")
        .query("limit", "Entries, 500 at most")
        .query("cursor", "Where the next page starts")
        .lists::<wire::flow_figures::FlowCase>()
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["unknown_member", "validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Query(asked): Query<Asked>,
) -> Reply {
    let Asked { which, from, to, relative, n, version, step, person, limit, cursor } = asked;
    let asked = figures::Asked { from, to, relative, n, version, step, person };
    let page = (limit, cursor.as_deref());
    found(&figures::cases(&installation, &caller, &form, &asked, which, page).await?)
}
