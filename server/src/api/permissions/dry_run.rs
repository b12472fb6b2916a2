//! `POST /forms/{form}/permissions/dry-run`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::permissions::dry_run;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Who would gain and lose what by a change of a permission group; nothing is stored")
        .takes::<wire::GroupChangeInput>()
        .answers::<wire::GroupChange>(200)
        .refuses(403, &["forbidden", "reads_hidden_field", "reads_hidden_records"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Body(input): Body<wire::GroupChangeInput>,
) -> Reply {
    found(&dry_run::dry_run(&installation, &caller, &form, input).await?)
}
