//! `GET /auth/sessions`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::sessions;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The browsers that the caller is signed in with")
        .lists::<wire::Session>()
        .refuses(403, &["session_required"])
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&wire::List::all(sessions::list(&installation, &caller).await?))
}
