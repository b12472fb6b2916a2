//! `POST /roles/{id}/dry-run`

use axum::extract::State;
use engine::value::Id;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Path, Signed};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::permissions::people_change;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Who would gain and lose what by a change of a role; nothing is stored")
        .takes::<wire::RoleChangeInput>()
        .lists::<wire::PeopleChange>()
        .refuses(404, &["not_found"])
        .refuses(422, &["validation"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Path(id): Path<Id>,
    Body(input): Body<wire::RoleChangeInput>,
) -> Reply {
    found(&wire::List::all(people_change::of_role(&installation, &caller, id, input).await?))
}
