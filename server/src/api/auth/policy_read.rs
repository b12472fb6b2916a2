//! `GET /auth/policy`

use crate::api::doc::Doc;
use crate::api::extract::Signed;
use crate::api::reply::{Reply, found};
use crate::service::people::policy;

pub fn doc(doc: Doc) -> Doc {
    doc.summary("What the workspace asks of those who sign in").answers::<wire::SignInPolicyRead>(200)
}

pub async fn handler(Signed(caller): Signed) -> Reply {
    found(&policy::read(&caller))
}
