//! `POST /forms/{form}/aggregate`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::records::aggregate;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Groups and measures over records")
        .takes::<wire::records::AggregateInput>()
        .answers::<wire::records::AggregateAnswer>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_field", "not_sortable"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Body(asked): Body<wire::records::AggregateInput>,
) -> Reply {
    found(&aggregate::aggregate(&installation, &caller, &form, &asked).await?)
}
