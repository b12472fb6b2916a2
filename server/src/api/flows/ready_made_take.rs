//! `POST /forms/{form}/flow/ready-made`

use axum::extract::State;
use wire::ready_made::ReadyMadeInput;

use crate::api::doc::Doc;
use crate::api::extract::{Body, IfMatchIfAny, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::flows::ready_made;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Makes a ready-made flow the draft, with the form's fields and the workspace's roles")
        .takes::<ReadyMadeInput>()
        .answers::<serde_json::Value>(200)
        .refuses(403, &["forbidden"])
        .refuses(404, &["not_found"])
        .refuses(409, &["form_not_published"])
        .refuses(412, &["stale"])
        .refuses(428, &["if_match_required"])
        .refuses(422, &["validation", "unknown_field", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(form): Path<String>,
    Once(key): Once,
    IfMatchIfAny(version): IfMatchIfAny,
    Body(input): Body<ReadyMadeInput>,
) -> Reply {
    answered(ready_made::take(&installation, &caller, key, form, version, input).await)
}
