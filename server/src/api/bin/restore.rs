//! `POST /bin/restore`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, found};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Takes up to 500 things out of the recycle bin, each by itself, what others stand on first; an answer for each, in the \
         order of the request. Where a key is taken by now, the answer offers one that is free; of an app it tells the forms that \
         rest, because something that they name is still gone",
    )
    .takes::<wire::BinRestoreInput>()
    .answers::<wire::BinResults>(200)
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::BinRestoreInput>,
) -> Reply {
    let language = caller.language();
    found(&bin::restore(&installation, &caller, key, input.items, language).await?)
}
