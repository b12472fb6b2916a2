//! `POST /public/{token}/files`

use axum::extract::{Request, State};

use super::visiting::Visiting;
use crate::api::doc::Doc;
use crate::api::extract::{Once, Path};
use crate::api::files;
use crate::api::reply::Reply;
use crate::service::Installation;
use crate::service::files::Purpose;
use crate::service::links::visit;

pub fn doc(doc: Doc) -> Doc {
    super::visit_with_ticket(doc)
        .summary(
            "Stores a file of up to 20 MiB for an answer: the part `file` of a form, or the body itself with its name in \
             Content-Disposition. One that no answer takes is removed after 60 minutes; a form takes 1 GiB of them a day",
        )
        .takes_other("multipart/form-data")
        .answers::<wire::StoredFile>(201)
        .refuses(400, &["malformed_request"])
        .refuses(409, &["idempotency_in_progress"])
        .refuses(413, &["too_large"])
        .refuses(422, &["validation", "idempotency_key_reused"])
        .refuses(429, &["too_many_uploads"])
        .refuses(507, &["disk_full", "workspace_full"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Path(token): Path<String>,
    Visiting(visitor): Visiting,
    Once(key): Once,
    request: Request,
) -> Reply {
    let (visit, _) = visit::with_ticket(&installation, &token, &visitor).await?;
    files::create::take(&installation, &visit.caller, key, Purpose::Answer, request).await
}
