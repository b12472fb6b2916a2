//! `GET /favourites`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::{Installation, favourites};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What the caller wants at hand and may use now, oldest first").lists::<wire::Favourite>()
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&wire::List::all(favourites::list(&installation, &caller).await?))
}
