//! `POST /dashboards/{id}/tiles/{key}/records`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, dashboards};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The records behind a tile over a form, or behind one of its rows; none where the dashboard says `run_as: all`")
        .takes::<wire::TileBehindInput>()
        .answers::<wire::Behind>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_field"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((id, key)): Path<(String, String)>,
    Body(input): Body<wire::TileBehindInput>,
) -> Reply {
    found(&dashboards::records(&installation, &caller, (&id, &key), &input).await?)
}
