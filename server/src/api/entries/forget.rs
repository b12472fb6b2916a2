//! `DELETE /forms/{form}/entries/{id}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::records::entries;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Forgets what the caller has entered and not saved")
        .empty(204, "Forgotten")
        .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path((form, record)): Path<(String, String)>,
) -> Reply {
    entries::forget(&installation, &caller, (&form, &record)).await?;
    done()
}
