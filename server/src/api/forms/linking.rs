//! `GET /forms/{form}/linking`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::forms::linking;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The fields that link to records of a form, as far as the caller sees records by them")
        .lists::<wire::LinkingForm>()
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    found(&wire::List::all(linking::list(&installation, &caller, &form).await?))
}
