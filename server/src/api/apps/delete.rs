//! `DELETE /apps/{app}`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::apps;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Puts an app with all its forms into the recycle bin")
        .empty(204, "Deleted")
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["app_in_use"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(app): Path<String>,
) -> Reply {
    apps::delete(&installation, &caller, app).await?;
    done()
}
