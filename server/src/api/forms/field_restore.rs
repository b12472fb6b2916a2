//! `POST /forms/{form}/fields/{field}/restore`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::forms::removed;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Puts a field into the draft as it was before it was taken out or changed; once that is published, its values \
         are back",
    )
    .answers::<wire::Draft>(200)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, field)): Path<(String, String)>,
    Once(key): Once,
) -> Reply {
    answered(removed::restore(&installation, &caller, key, form, field).await)
}
