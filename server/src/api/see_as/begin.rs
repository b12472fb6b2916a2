//! `POST /see-as`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::{Body, Signed, see_as_cookie_name, set_cookie};
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::{members, see_as};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Looks as another member, for an hour at most; until it ends nothing can be changed")
        .takes::<wire::SeeAsInput>()
        .answers::<wire::Me>(200)
        .refuses(403, &["forbidden", "session_required", "see_as_reads_only"])
        .refuses(422, &["validation", "unknown_member"])
}

pub async fn handler(
    State(installation): State<Installation>,
    Signed(caller): Signed,
    Body(input): Body<wire::SeeAsInput>,
) -> Reply {
    let (sealed, seen) = see_as::begin(&installation, &caller, input.member).await?;
    let mut response = found(&members::me(&installation, &seen))?;
    set_cookie(&installation, &mut response, see_as_cookie_name(&installation), Some(&sealed));
    Ok(response)
}
