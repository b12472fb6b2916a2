//! `POST /favourites`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Once, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, favourites};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Keeps an app, a form, a dashboard or a report at hand; one that is there already is answered as it is")
        .takes::<wire::FavouriteInput>()
        .answers::<wire::Favourite>(201)
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Once(key): Once,
    Body(input): Body<wire::FavouriteInput>,
) -> Reply {
    answered(favourites::create(&installation, &caller, key, input).await)
}
