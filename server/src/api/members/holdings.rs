//! `GET /members/{id}/holdings`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::hand_over;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What a member would hand over: records, tasks, and the places where they are named")
        .answers::<wire::Holdings>(200)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    found(&hand_over::holdings(&installation, &caller, id).await?)
}
