//! `POST /members/{id}/invitation/letter`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::invitations;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Sends a link by which a member joins to their address, where letters are sent; it makes an earlier one worthless",
    )
    .empty(204, "The letter is on its way")
    .refuses(404, &["not_found"])
    .refuses(409, &["has_joined", "member_disabled"])
    .refuses(429, &["too_many_requests"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    invitations::send(&installation, &caller, id).await?;
    done()
}
