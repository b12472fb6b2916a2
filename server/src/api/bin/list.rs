//! `GET /bin`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::{Installation, bin};

pub fn doc(doc: Doc) -> Doc {
    doc.summary("The apps and forms in the recycle bin that the caller can take back")
        .answers::<wire::Bin>(200)
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&bin::list(&installation, &caller).await?)
}
