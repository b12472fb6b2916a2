//! `GET /notices/settings`

use axum::extract::State;

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::Installation;
use crate::service::flows::notices::settings;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("Of what the caller is told, in the product and by mail, and when the daily letter comes")
        .answers::<wire::NoticeSettings>(200)
}

pub async fn handler(State(installation): State<Installation>, Signed(caller): Signed) -> Reply {
    found(&settings::read(&installation, &caller).await?)
}
