//! `POST /members/{id}/password-link`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::reset;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Makes a link by which a member who has forgotten the password chooses a new one, to be handed to them; it is shown \
         once, and makes an earlier one worthless",
    )
    .answers::<wire::PasswordLink>(201)
    .refuses(403, &["session_required", "reauth_required"])
    .refuses(404, &["not_found"])
    .refuses(409, &["has_not_joined", "member_disabled"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
) -> Reply {
    answered(reset::hand_out(&installation, &caller, id).await)
}
