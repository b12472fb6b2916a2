//! `POST /forms/{form}/restore`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Takes a form out of the recycle bin, with its records, its flow and its groups")
        .answers::<wire::Form>(200)
        .refuses(403, &["reads_hidden_field", "reads_hidden_records"])
        .refuses(404, &["not_found"])
        .refuses(409, &["key_taken", "form_broken"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<Id>,
    Once(key): Once,
) -> Reply {
    answered(bin::restore_form(&installation, &caller, key, form).await)
}
