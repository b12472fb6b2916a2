//! `POST /apps/{app}/purge`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Removes an app of the recycle bin for good, with all its forms and records; a job whose result is a Purged")
        .answers::<wire::JobStarted>(202)
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<Id>,
    Once(key): Once,
) -> Reply {
    answered(bin::purge_app(&installation, &caller, key, app).await)
}
