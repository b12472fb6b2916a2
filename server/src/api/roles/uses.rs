//! `GET /roles/{id}/uses`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::role_uses;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Where a role is named: permission groups, steps of flows, administration, fields and readers",
    )
    .lists::<wire::RoleUse>()
    .refuses(404, &["not_found"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    found(&wire::List::all(role_uses::list(&installation, &caller, id).await?))
}
