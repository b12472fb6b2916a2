//! `DELETE /forms/{form}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Puts a form with its records into the recycle bin")
        .empty(204, "Deleted")
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["form_in_use", "aggregate_in_use"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
) -> Reply {
    bin::delete_form(&installation, &caller, form).await?;
    done()
}
