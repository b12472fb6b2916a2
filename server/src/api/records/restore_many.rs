//! `POST /forms/{form}/records/restore`

use axum::extract::State;
use wire::records::{BulkAnswer, RestoreManyInput};

use super::bulk::results;
use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::records::restore;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Takes up to 5,000 records out of the recycle bin, one after another, each with what its deletion took along; an \
         answer for each, in order",
    )
    .takes::<RestoreManyInput>()
    .answers::<BulkAnswer>(200)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    Body(input): Body<RestoreManyInput>,
) -> Reply {
    let (rows, batch) = restore::many(&installation, &caller, key, form, input.ids).await?;
    found(&BulkAnswer { results: results(rows, caller.language()), batch })
}
