//! `POST /dashboards/{id}/tiles/{key}/data`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, dashboards};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What a tile shows, over what the caller may see; over all records where the dashboard says `run_as: all`")
        .takes::<wire::TileInput>()
        .answers::<wire::TileData>(200)
        .refuses(404, &["not_found"])
        .refuses(409, &["dashboard_broken"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((id, key)): Path<(String, String)>,
    Body(input): Body<wire::TileInput>,
) -> Reply {
    found(&dashboards::data(&installation, &caller, (&id, &key), &input).await?)
}
