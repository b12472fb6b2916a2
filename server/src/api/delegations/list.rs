//! `GET /delegations`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::delegations;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Who decides in whose place: what the caller has given and received; all for an administrator",
    )
    .lists::<wire::Delegation>()
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&wire::List::all(delegations::list(&installation, &caller).await?))
}
