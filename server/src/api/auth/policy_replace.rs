//! `PUT /auth/policy`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::people::policy;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Changes what the workspace asks of those who sign in")
        .takes::<wire::SignInPolicy>()
        .answers::<wire::SignInPolicy>(200)
        .refuses(403, &["session_required", "reauth_required"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Body(input): Body<wire::SignInPolicy>,
) -> Reply {
    answered(policy::replace(&installation, &caller, input).await)
}
