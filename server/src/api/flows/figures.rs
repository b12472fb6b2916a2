//! `GET /forms/{form}/flow/figures`

use axum::extract::State;
use engine::condition::{Relative, Unit};
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
    from: Option<String>,
    to: Option<String>,
    relative: Option<Relative>,
    n: Option<u32>,
    version: Option<i64>,
    compare: Option<i64>,
    step: Option<String>,
    person: Option<Id>,
    unit: Option<Unit>,
}

pub fn doc(doc: Doc) -> Doc {
    doc.summary("How long a flow's requests take, where they wait and with whom")
        .query("from", "A day, month, quarter or year, from whose beginning on; open without it")
        .query("to", "A day, month, quarter or year, to whose end")
        .query(
            "relative",
            "A period that moves with today, in place of from and to: this_month, last_n_days …",
        )
        .query("n", "How many, for last_n_days")
        .query("version", "One version of the flow")
        .query("compare", "Another version, whose figures are set beside these")
        .query("step", "The key of a step: stays at it are counted in place of requests")
        .query("person", "The id of a member: their tasks are counted in place of requests")
        .query("unit", "What the period is parted into: day, week, month, quarter or year")
        .answers::<wire::flow_figures::FlowFigures>(200)
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
    let Asked { from, to, relative, n, version, compare, step, person, unit } = asked;
    let asked = figures::Asked { from, to, relative, n, version, step, person };
    let unit = unit.unwrap_or(Unit::Month);
    found(&figures::read(&installation, &caller, &form, &asked, unit, compare).await?)
}
