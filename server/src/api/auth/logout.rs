//! `POST /auth/logout`

use axum::extract::State;

use super::cookie;
use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::Reply;
use crate::service::Installation;
use crate::service::people::sign_in;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Ends the session").empty(204, "Signed out")
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    sign_in::sign_out(&installation, &caller).await?;
    Ok(cookie::signed_out(&installation))
}
