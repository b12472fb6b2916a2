//! `GET /tasks/startable`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::startable;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The forms with a flow in force whose records the caller may make: what they can ask for")
        .lists::<wire::flows::Startable>()
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&wire::List::all(startable::list(&installation, &caller).await?))
}
