//! `GET /setup`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::people::set_up;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Whether the product waits for its first administrator").answers::<wire::SetupState>(200)
}

pub async fn handler(State(installation): State<Installation>) -> Reply {
    let needed = set_up::is_needed(&installation).await?;
    found(&wire::SetupState { needed, password: set_up::password() })
}
