//! `PUT /forms/{form}/admins`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::forms::administrators;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Has others administer a form, for who administers its app")
        .takes::<wire::FormAdmins>()
        .answers::<wire::FormAdmins>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Body(input): Body<wire::FormAdmins>,
) -> Reply {
    answered(administrators::replace(&installation, &caller, form, input).await)
}
