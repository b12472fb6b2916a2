//! `POST /forms/{form}/records/{id}/restore`

use axum::extract::State;
use engine::value::Id;
use wire::records::RestoreInput;

use crate::api::doc::Doc;
use crate::api::extract::{Body, IfMatchIfAny, Once, Path, Signed};
use crate::api::reply::{Reply, answered};
use crate::service::Installation;
use crate::service::records::restore;

pub fn doc(doc: Doc) -> Doc {
    doc.summary(
        "Takes a record out of the recycle bin, with the records and links that its deletion took along; with a \
         version, gives it the values that it had in that version, as a new one: then with If-Match, as a change",
    )
    .takes::<RestoreInput>()
    .answers::<wire::records::Record>(200)
    .refuses(403, &["forbidden"])
    .refuses(404, &["not_found"])
    .refuses(409, &["not_unique", "constraint", "locked_after_approval"])
    .refuses(412, &["stale"])
    .refuses(428, &["if_match_required"])
    .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(place): Path<(String, Id)>,
    Once(key): Once,
    IfMatchIfAny(started): IfMatchIfAny,
    Body(input): Body<RestoreInput>,
) -> Reply {
    answered(restore::restore(&installation, &caller, key, place, input, started).await)
}
