//! `DELETE /see-as`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{SeeAs, Signed, see_as_cookie_name, set_cookie};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::people::see_as;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Stops looking as another member").empty(204, "The caller is themselves again")
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    SeeAs(sealed): SeeAs,
) -> Reply {
    see_as::end(&installation, &caller, sealed.as_deref()).await?;
    let mut response = done()?;
    set_cookie(&installation, &mut response, see_as_cookie_name(&installation), None);
    Ok(response)
}
