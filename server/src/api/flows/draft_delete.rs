//! `DELETE /forms/{form}/flow/draft`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{IfMatch, Path, Signed};
use crate::api::reply::{Reply, done};
use crate::service::Installation;
use crate::service::flows::deletion;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Puts the draft of the flow into the recycle bin; the draft is again what new requests go by")
        .empty(204, "Deleted")
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["draft_unchanged"])
        .refuses(412, &["stale"])
        .refuses(422, &["validation"])
        .refuses(428, &["if_match_required"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    IfMatch(version): IfMatch,
) -> Reply {
    deletion::delete_draft(&installation, &caller, form, version).await?;
    done()
}
