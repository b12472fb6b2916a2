//! `GET /apps`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::apps;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The apps in which the caller may use something").lists::<wire::App>()
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    found(&wire::List::all(apps::list(&designs, &caller)))
}
