//! `POST /templates/{key}/demo/clear`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, templates};

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Clears the demo of an installed template and of what came along with it, as a job whose result is a DemoCleared: \
         records that nobody has changed go to the recycle bin; what people changed stays, and what that links to",
    )
    .answers::<wire::JobStarted>(202)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(key): Path<String>,
    Once(once): Once,
) -> Reply {
    answered(templates::clear_demo(&installation, &caller, once, key).await)
}
