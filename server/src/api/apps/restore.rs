//! `POST /apps/{app}/restore`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Takes an app with its forms out of the recycle bin; those that name something that is gone rest until that is back")
        .answers::<wire::App>(200)
        .refuses(403, &["reads_hidden_field", "reads_hidden_records"])
        .refuses(404, &["not_found"])
        .refuses(409, &["key_taken"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<Id>,
    Once(key): Once,
) -> Reply {
    answered(bin::restore_app(&installation, &caller, key, app).await)
}
