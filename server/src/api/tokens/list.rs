//! `GET /tokens`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::tokens;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The caller's own tokens").lists::<wire::Token>().refuses(403, &["session_required"])
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&wire::List::all(tokens::list(&installation, &caller).await?))
}
